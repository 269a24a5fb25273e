"""What target tables hold, and what their numbers must keep to."""

from __future__ import annotations

from jixiao.domain.indicators import Comparison
from jixiao.domain.terms import Term
from jixiao.domain.vocabulary import IndicatorLevel1, SubjectKind
from jixiao.kit.tables import PARAGRAPH, Column, Table


class Measure(Term):
    """定量或定性."""

    QUANTITATIVE = "quantitative", "定量", "定量指标"
    QUALITATIVE = "qualitative", "定性", "定性指标"


KIND_NOTE = "只有部门整体要填，此时编码填单位编码"
INDICATORS = Table(
    "indicators",
    "绩效目标指标表",
    (
        Column("year", "年度", "year"),
        Column("code", "项目编码", "code", aliases=("对象编码",)),
        Column("kind", "对象类型", "term", required=False, choices=SubjectKind, default="", note=KIND_NOTE),
        Column("level1", "一级指标", "term", choices=IndicatorLevel1),
        Column("level2", "二级指标", longest=60),
        Column("name", "三级指标"),
        Column("measure", "指标性质", "term", required=False, choices=Measure),
        Column("comparison", "符号", "term", required=False, choices=Comparison, default=Comparison.QUALITATIVE),
        Column("target", "指标值", required=False),
        Column("unit", "计量单位", required=False, longest=20),
        Column("weight", "权重", "points", aliases=("分值",)),
    ),
    aliases=("绩效指标表", "项目绩效指标"),
    note="每行一个三级指标；定量指标须填符号和指标值。",
)
OVERALL = Table(
    "overall_targets",
    "部门整体绩效目标表",
    (
        Column("work_year", "工作年度", "year"),
        Column("year", "对象年度", "year"),
        Column("unit", "单位编码", "code"),
        Column("goal", "总体目标", longest=PARAGRAPH),
        Column("stated_lines", "指标数", "integer", required=False),
    ),
)
PILOTS = Table(
    "overall_pilots",
    "部门整体绩效试点表",
    (
        Column("unit", "单位编码", "code"),
        Column("year", "试点年度", "year"),
        Column("framework_on", "指标体系构建日期", "date", required=False),
        Column("targets_on", "目标设置日期", "date", required=False),
        Column("self_evaluated_on", "自评日期", "date", required=False),
    ),
)
