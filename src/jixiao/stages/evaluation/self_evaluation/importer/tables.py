"""What self-evaluation tables hold, and what their numbers must keep to."""

from __future__ import annotations

from jixiao.domain.grades import Grade
from jixiao.domain.indicators import Comparison
from jixiao.domain.vocabulary import IndicatorLevel1, Origin
from jixiao.kit.tables import PARAGRAPH, Column, Table

SHEETS = Table(
    "self_evaluations",
    "项目支出绩效自评表",
    (
        Column("work_year", "工作年度", "year", aliases=("评价年度",)),
        Column("year", "对象年度", "year"),
        Column("code", "项目编码", "code"),
        Column("budget", "全年预算", "amount", least=0, aliases=("全年预算数",)),
        Column("printed_spent", "全年执行", "amount", required=False, aliases=("全年执行数",)),
        Column("printed_total", "评价得分", "points", required=False),
        Column("printed_grade", "评价等级", "term", required=False, choices=Grade, default=""),
        Column("findings", "自查问题", required=False, longest=PARAGRAPH),
        Column("origin", "数据性质", "term", required=False, choices=Origin, default=Origin.OWN),
    ),
    aliases=("单位自评表",),
    note="得分和等级由系统按指标完成值和支付数计算，表中填写的只作对照。",
)
SCORES = Table(
    "self_evaluation_scores",
    "自评指标得分表",
    (
        Column("year", "对象年度", "year"),
        Column("code", "项目编码", "code"),
        Column("level1", "一级指标", "term", choices=IndicatorLevel1),
        Column("level2", "二级指标", longest=60),
        Column("name", "三级指标"),
        Column("comparison", "符号", "term", required=False, choices=Comparison, default=Comparison.QUALITATIVE),
        Column("target", "指标值", required=False),
        Column("actual", "实际完成值", required=False, aliases=("完成值",)),
        Column("tier", "定性完成度", "percent", required=False, note="定性指标核定的完成度，0 至 100"),
        Column("weight", "权重", "points", aliases=("分值",)),
        Column("printed_points", "得分", "points", required=False),
        Column("cause", "偏差原因", required=False, longest=PARAGRAPH),
    ),
)
EXEMPTIONS = Table(
    "self_evaluation_exemptions",
    "免予自评项目表",
    (
        Column("work_year", "工作年度", "year"),
        Column("year", "对象年度", "year"),
        Column("code", "项目编码", "code"),
        Column("category", "免评类别", required=False, longest=40),
        Column("reason", "原因"),
    ),
)
