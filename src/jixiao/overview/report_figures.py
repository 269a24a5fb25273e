"""Figures that the annual report needs beside those of the stages: breakdowns, shares, lists and yearly quotas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from jixiao.domain.quantities import amount_plain, plain
from jixiao.domain.vocabulary import EvaluationMethod, Verdict
from jixiao.kit.figures import Figure, RowColumn, Scope, Value, count, distinct, percent, total
from jixiao.policies import for_region
from jixiao.registers.institutions.models import Agency
from jixiao.stages.evaluation.self_evaluation.models import Exemption
from jixiao.stages.evaluation.self_evaluation.rules import SelfEvaluationRules
from jixiao.stages.ex_ante.rules import ExAnteRules
from jixiao.stages.follow_up.disclosure.models import Material
from jixiao.stages.monitoring.models import Handling
from jixiao.stages.monitoring.rules import MonitoringRules

from . import report_rows as rows
from .report_rows import GRADED, WHO, by_term, grade_shares, grades, labelled_counts, named, units

SPENDING = (
    *WHO,
    RowColumn("全年预算", lambda row: row.budget, "amount"),
    RowColumn("累计支出", lambda row: row.spent, "amount"),
    RowColumn("支出进度", rows.rate, "percent"),
)
MONEY = (
    *GRADED,
    RowColumn("安排资金", lambda row: row.arranged, "amount"),
    RowColumn("使用资金", lambda row: row.used, "amount"),
)
DEPARTMENT = rows.evaluations(EvaluationMethod.DEPARTMENT)
RECHECK = rows.evaluations(EvaluationMethod.RECHECK)
KEY = rows.evaluations(EvaluationMethod.KEY)
KEY_PROJECTS = rows.evaluations(EvaluationMethod.KEY, overall=False)
KEY_OVERALL = rows.evaluations(EvaluationMethod.KEY, overall=True)
KEY_BEFORE = rows.evaluations(EvaluationMethod.KEY, overall=False, before=1)
OVERALL_SELF = rows.evaluations(EvaluationMethod.SELF, overall=True)


def wan(read: Callable[[Any], int | None]) -> Callable[[Any], str | None]:
    """An amount of a row as 万元, or None where there is none."""
    return lambda row: None if (fen := read(row)) is None else amount_plain(fen, "万元")


def _graded(key: str, name: str, which: rows.Rows, unit: str = "个") -> tuple[Figure, Figure]:
    return (
        Figure(
            f"{key}.grades", f"{name}的等级", unit, f"{name}按优、良、中、差计数，没有的等级为0", which, grades, GRADED
        ),
        Figure(
            f"{key}.shares",
            f"{name}的等级占比",
            "%",
            f"{name}各等级个数÷总数，精确到0.01%",
            which,
            grade_shares,
            GRADED,
        ),
    )


def _listed(key: str, name: str, which: rows.Rows) -> tuple[Figure, ...]:
    """安排、使用、得分 of each evaluation by the name of what was evaluated."""
    return (
        Figure(
            f"{key}.list.arranged",
            f"{name}的安排资金",
            "万元",
            "逐个列示",
            which,
            named(wan(lambda r: r.arranged)),
            MONEY,
        ),
        Figure(f"{key}.list.used", f"{name}的使用资金", "万元", "逐个列示", which, named(wan(lambda r: r.used)), MONEY),
        Figure(f"{key}.list.points", f"{name}的得分", "分", "逐个列示", which, named(lambda r: r.total), MONEY),
    )


def _rule(key: str, name: str, unit: str, section: type[Any], field: str) -> Figure:
    def measure(_rows: Sequence[Any], scope: Scope) -> Value:
        found = getattr(for_region(scope.region, scope.year).section(section), field)
        return None if found is None else plain(found)

    return Figure(key, name, unit, f"{name}，取自本地区规则参数", rows.nothing, measure)


def _threshold(_rows: Sequence[Any], scope: Scope) -> Value:
    fen = for_region(scope.region, scope.year).section(ExAnteRules).growth_amount
    return None if fen is None else amount_plain(fen, "万元")


EX_ANTE = (
    Figure(
        "exante.growth.amount", "延续项目事前评估的增加额门槛", "万元", "取自本地区规则参数", rows.nothing, _threshold
    ),
    Figure("exante.assessments", "事前绩效评估", "个", "本年度开展的全部事前绩效评估", rows.assessments, count, WHO),
    Figure(
        "exante.verdicts",
        "事前绩效评估结论",
        "个",
        "按评估结论计数",
        rows.assessments,
        by_term(Verdict, lambda row: row.conclusion),
        WHO,
    ),
    Figure("exante.exempt", "事前绩效评估例外", "个", "本年度登记的例外事项", rows.exempt_assessments, count, WHO),
    Figure(
        "exante.missing",
        "应评未评",
        "个",
        "本年度预算达到规定条件、没有评估记录也没有登记例外的政策和项目，即没有放行记录的对象",
        rows.never_assessed,
        count,
        WHO,
    ),
)
TARGETS = (
    Figure(
        "targets.missing",
        "没有绩效指标的项目",
        "个",
        "本年度有年初预算、没有绩效指标的项目",
        rows.without_indicators,
        count,
        WHO,
    ),
)
MONITORING = (
    Figure(
        "monitoring.subjects",
        "本年度监控过的项目",
        "个",
        "各轮监控的项目，去重",
        rows.monitored,
        distinct(lambda row: row.subject_year_id),
        WHO,
    ),
    Figure(
        "monitoring.purposes",
        "各轮监控的用意",
        "次",
        "本年度各轮监控按用意计数；只有单轮的不列",
        rows.rounds,
        lambda found, scope: (
            labelled_counts(lambda row: row.purpose or "未注明用意")(found, scope) if len(found) > 1 else None
        ),
        (
            RowColumn("轮次", lambda row: row.no),
            RowColumn("截止日期", lambda row: row.cutoff),
            RowColumn("用意", lambda row: row.purpose),
        ),
    ),
    Figure(
        "monitoring.handlings",
        "监控处置意见",
        "个",
        "最近一轮监控按处置意见计数",
        rows.last_round,
        by_term(Handling, lambda row: row.handling),
        SPENDING,
    ),
    _rule("monitoring.slow.margin", "支出进度慢的界限", "个百分点", MonitoringRules, "slow_behind"),
    Figure(
        "monitoring.slow.share",
        "支出进度慢的项目占比",
        "%",
        "支出进度慢的项目÷最近一轮监控的项目",
        rows.slow,
        lambda found, scope: percent(len(found), len(list(rows.last_round(scope)))),
        SPENDING,
    ),
    Figure(
        "monitoring.slow.budget",
        "支出进度慢的项目全年预算",
        "万元",
        "逐个列示",
        rows.slow,
        named(wan(lambda r: r.budget)),
        SPENDING,
    ),
    Figure(
        "monitoring.slow.spent",
        "支出进度慢的项目累计支出",
        "万元",
        "逐个列示",
        rows.slow,
        named(wan(lambda r: r.spent)),
        SPENDING,
    ),
    Figure(
        "monitoring.slow.rate",
        "支出进度慢的项目支出进度",
        "%",
        "累计支出÷全年预算",
        rows.slow,
        named(rows.rate),
        SPENDING,
    ),
    Figure(
        "monitoring.key.units",
        "重点监控涉及的单位",
        "个",
        "各轮重点监控项目的单位，去重",
        rows.key_monitored,
        units,
        SPENDING,
    ),
    Figure(
        "monitoring.key.budget",
        "重点监控项目全年预算",
        "万元",
        "逐个列示",
        rows.key_monitored,
        named(wan(lambda r: r.budget)),
        SPENDING,
    ),
    Figure(
        "monitoring.key.spent",
        "重点监控项目累计支出",
        "万元",
        "截至各项目最近一次监控时点，逐个列示",
        rows.key_monitored,
        named(wan(lambda r: r.spent)),
        SPENDING,
    ),
)
SELF = (
    Figure(
        "self.shares.sum",
        "自评四个等级占比之和",
        "%",
        "四舍五入后相加；恰为100%的不列",
        rows.self_evaluations,
        rows.shares_sum,
        GRADED,
    ),
    Figure(
        "self.exempt",
        "免予自评的项目",
        "个",
        "本年度登记的免评项目",
        lambda scope: Exemption.objects.visible_to(scope.actor).filter(year=scope.year).select_related("subject_year"),
        count,
        (*WHO, RowColumn("原因", lambda row: row.reason)),
    ),
    _rule("self.low_execution.border", "预算执行率偏低的界限", "%", SelfEvaluationRules, "low_execution"),
    Figure(
        "self.low_execution",
        "预算执行率偏低的自评项目",
        "个",
        "全年执行÷全年预算低于界限的自评项目",
        rows.low_execution,
        count,
        GRADED,
    ),
    Figure(
        "self.low_execution.share",
        "预算执行率偏低的自评项目占比",
        "%",
        "执行率偏低的自评项目÷全部自评项目",
        rows.low_execution,
        lambda found, scope: percent(len(found), rows.self_evaluations(scope).count()),
        GRADED,
    ),
    Figure(
        "self.excellent.gap",
        "自评与财政重点评价的优等占比之差",
        "个百分点",
        "自评优等占比减去财政重点评价项目优等占比，不高出的不列",
        lambda scope: [*rows.self_evaluations(scope), *KEY_PROJECTS(scope)],
        rows.excellent_gap,
        GRADED,
    ),
    Figure("overall.self", "部门整体支出自评", "个", "本年度开展的部门整体支出自评", OVERALL_SELF, count, GRADED),
    *_graded("overall.self", "部门整体支出自评", OVERALL_SELF),
)
EVALUATION = (
    Figure("evaluation.department", "部门评价的项目", "个", "本年度部门评价的项目", DEPARTMENT, count, MONEY),
    Figure(
        "evaluation.department.units", "部门评价涉及的单位", "个", "部门评价项目的单位，去重", DEPARTMENT, units, MONEY
    ),
    Figure(
        "evaluation.department.amount",
        "部门评价项目的预算资金",
        "万元",
        "所评项目全年预算合计",
        DEPARTMENT,
        total(lambda row: row.subject_year.budget),
        MONEY,
    ),
    Figure(
        "evaluation.department.units.share",
        "部门评价单位占比",
        "%",
        "所评项目的单位÷全部主管预算单位",
        DEPARTMENT,
        rows.department_units_share,
        MONEY,
    ),
    Figure(
        "evaluation.department.funds.share",
        "部门评价资金占比",
        "%",
        "所评项目预算÷同年全部项目预算",
        DEPARTMENT,
        rows.department_funds_share,
        MONEY,
    ),
    *_graded("evaluation.department", "部门评价项目", DEPARTMENT),
    Figure("spotcheck.count", "抽查复核", "个", "本年度抽查复核的自评", RECHECK, count, GRADED),
    *_graded("spotcheck", "抽查复核", RECHECK),
    Figure("key.evaluations", "财政重点评价", "个", "本年度财政重点评价的部门整体支出、政策和项目", KEY, count, MONEY),
    Figure(
        "key.projects.used",
        "财政重点评价项目的使用资金",
        "万元",
        "逐个相加",
        KEY_PROJECTS,
        total(lambda row: row.used or 0),
        MONEY,
    ),
    *_graded("key.projects", "财政重点评价项目", KEY_PROJECTS),
    *_graded("key.departments", "财政重点评价部门整体支出", KEY_OVERALL),
    *_graded("key.previous", "上年度财政重点评价项目", KEY_BEFORE),
    *_listed("key.projects", "财政重点评价项目", KEY_PROJECTS),
    *_listed("key.departments", "财政重点评价部门整体支出", KEY_OVERALL),
    *_listed("key.previous", "上年度财政重点评价项目", KEY_BEFORE),
    Figure(
        "agencies.count",
        "受委托机构",
        "家",
        "本年度登记的第三方机构",
        lambda scope: Agency.objects.visible_to(scope.actor).filter(year=scope.year).order_by("pk"),
        count,
        (RowColumn("名称", lambda row: row.name),),
    ),
)
FOLLOW_UP = (
    Figure(
        "rectification.units",
        "整改涉及的单位",
        "个",
        "财政重点评价整改事项的单位，去重",
        rows.rectifications(),
        units,
        WHO,
    ),
    Figure(
        "rectification.done", "已完成整改", "项", "有完成日期的整改事项", rows.rectifications(done=True), count, WHO
    ),
    Figure(
        "rectification.open", "尚在整改", "项", "没有完成日期的整改事项", rows.rectifications(done=False), count, WHO
    ),
    Figure(
        "submission.government",
        "报送政府的材料",
        "个",
        "按材料类别计数",
        rows.sent_to_government,
        by_term(Material, lambda row: row.material),
        (RowColumn("材料", lambda row: row.material.label),),
    ),
)
FIGURES: tuple[Figure, ...] = (
    *EX_ANTE,
    *TARGETS,
    *MONITORING,
    *SELF,
    *EVALUATION,
    *FOLLOW_UP,
    Figure(
        "report.rounding",
        "百分比的精确度",
        "%",
        "文中百分比四舍五入到的最末位",
        rows.nothing,
        lambda _rows, _scope: "0.01",
    ),
)
