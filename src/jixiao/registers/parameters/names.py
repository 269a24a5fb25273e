"""Chinese names of the policy's sections, keys and parts of values."""

from __future__ import annotations

SECTIONS = {
    "ex_ante": "事前绩效评估",
    "targets": "绩效目标",
    "monitoring": "绩效运行监控",
    "scoring": "自评打分",
    "grades": "评价等级",
    "sheet_checks": "自评表抽查",
    "self_evaluation": "单位自评",
    "evaluation": "部门评价与财政评价",
    "rectification": "问题整改",
    "result_use": "结果应用",
}

KEYS = {
    "ex_ante.major_due": "新出台重大政策、项目须评估",
    "ex_ante.every_new_due": "新增一律评估",
    "ex_ante.new_threshold": "新增达到此金额须评估",
    "ex_ante.growth_threshold": "比上年增长达到此比例须评估",
    "ex_ante.growth_amount": "比上年增加达到此金额须评估",
    "ex_ante.exempt_categories": "例外类别",
    "ex_ante.dimensions": "评估维度与分值",
    "ex_ante.support_from": "“予以支持”最低分",
    "ex_ante.adjust_from": "“调整完善后支持”最低分",
    "targets.indicator_weight_total": "指标分值合计",
    "targets.class_weights": "各类指标分值",
    "targets.class_weights_with_cost": "设成本指标时各类指标分值",
    "targets.required_classes": "必设的一级指标",
    "targets.offered_classes": "可设的一级指标",
    "targets.minimum_indicators": "最少指标个数",
    "targets.maximum_indicators": "最多指标个数",
    "monitoring.slow_behind": "支出慢于时序的界限",
    "monitoring.rounds": "监控安排",
    "monitoring.key_minimum": "财政重点监控最少个数",
    "scoring.execution_weight": "预算执行率分值",
    "scoring.methods": "各类指标的计分方法",
    "scoring.cost_equal": "成本指标为等于时的计分方法",
    "scoring.satisfaction": "满意度指标的计分方法",
    "scoring.satisfaction_full": "满意度得满分的界限",
    "scoring.satisfaction_floor": "满意度不得分的界限",
    "scoring.tier_reached": "定性“达成”档下限",
    "scoring.tier_partly": "定性“部分达成”档下限",
    "scoring.equal_beyond": "等于型指标超出时",
    "scoring.equal_below": "等于型指标不足时",
    "scoring.zero_target_missed": "指标值为零而未做到时的得分比例",
    "scoring.late_per_day": "每逾期一天扣减",
    "scoring.deduction_steps": "扣分制不足一档时",
    "scoring.segments": "分段赋分",
    "scoring.over_threshold": "超额完成须说明的界限",
    "scoring.over_deduction": "超额完成扣分",
    "scoring.execution_caps": "按执行率封顶总分",
    "grades.excellent": "“优”最低分",
    "grades.good": "“良”最低分",
    "grades.fair": "“中”最低分",
    "sheet_checks.points_tolerance": "得分误差容许值",
    "sheet_checks.execution_tolerance": "执行率误差容许值",
    "sheet_checks.little_paid": "支出偏少的界限",
    "sheet_checks.fully_done": "基本完成的界限",
    "sheet_checks.fully_paid": "基本支付的界限",
    "sheet_checks.little_done": "完成偏少的界限",
    "self_evaluation.low_execution": "执行率偏低须说明的界限",
    "evaluation.department_units_minimum": "部门评价最少覆盖单位",
    "evaluation.department_funds_minimum": "部门评价最少覆盖项目资金",
    "evaluation.spot_check_minimum": "抽查复核最少个数",
    "evaluation.key_departments": "财政评价部门整体个数",
    "evaluation.key_projects": "财政评价政策和项目个数",
    "evaluation.cycle_years": "部门评价全覆盖周期（年）",
    "evaluation.midterm_from_years": "开展中期评价的实施期（年起）",
    "evaluation.framework_total": "指标体系总分",
    "evaluation.output_benefit_minimum": "产出和效益权重下限",
    "rectification.feedback_days": "反馈评价结果期限（日）",
    "rectification.reply_days": "报送整改措施期限（日）",
    "result_use.uses": "各等级的应用",
}

PARTS = {
    "no": "第几次",
    "month": "截至月份",
    "purpose": "用意",
    "at": "完成率达到",
    "share": "得分比例",
    "below": "执行率低于",
    "total": "总分不超过",
    "action": "措施",
    "reduce_from": "压减比例自",
    "reduce_to": "至",
}

METHODS = {
    "proportional": "按完成比例，不超过满分",
    "reverse": "反向比例",
    "exact": "等于指标值得满分",
    "date": "按日期，逾期扣减",
    "tiers": "定性三档",
    "satisfaction": "满意度赋分",
    "yes_no": "是否型",
    "deduction": "扣分制",
    "segments": "分段赋分",
}


def section_name(section: str) -> str:
    """The section's Chinese name; one without a name shows as written."""
    return SECTIONS.get(section, section)


def key_name(section: str, key: str) -> str:
    """The key's Chinese name; one without a name shows as written."""
    return KEYS.get(f"{section}.{key}", key)
