"""What evaluation tables hold, and what their numbers must keep to."""

from __future__ import annotations

from jixiao.domain.grades import Grade
from jixiao.domain.vocabulary import EvaluationMethod, Origin, SubjectKind
from jixiao.kit.tables import PARAGRAPH, Column, Table

NUMBER = Column("number", "评价编号", "code", longest=60)
EVALUATIONS = Table(
    "evaluations",
    "绩效评价情况表",
    (
        NUMBER,
        Column("work_year", "评价年度", "year", aliases=("工作年度",)),
        Column("year", "对象年度", "year"),
        Column("method", "评价方式", "term", choices=EvaluationMethod),
        Column("kind", "对象类型", "term", choices=SubjectKind),
        Column("code", "对象编码", "code", note="部门整体填单位编码"),
        Column("name", "对象名称", required=False),
        Column("unit", "单位编码", "code", required=False),
        Column("arranged", "安排资金", "amount", required=False, least=0),
        Column("used", "使用资金", "amount", required=False),
        Column("printed_total", "得分", "points", required=False),
        Column("printed_grade", "等级", "term", required=False, choices=Grade, default=""),
        Column("conducted_by", "实施机构", required=False, longest=120),
        Column("origin", "数据性质", "term", required=False, choices=Origin, default=Origin.OWN),
    ),
    note="有指标打分的，得分和等级由系统按打分合计，表中填写的只作对照。",
)
MARKS = Table(
    "evaluation_scores",
    "评价指标得分表",
    (
        NUMBER,
        Column("level1", "一级指标", longest=60),
        Column("level2", "二级指标", required=False, longest=60),
        Column("name", "三级指标"),
        Column("weight", "权重", "points", aliases=("分值",)),
        Column("points", "得分", "points", required=False),
    ),
)
PROBLEMS = Table(
    "problems",
    "评价问题清单",
    (
        NUMBER,
        Column("category", "问题类别", longest=120),
        Column("text", "问题描述", required=False, longest=PARAGRAPH),
        Column(
            "kinds", "归类", required=False, longest=200, default="", note="类别的名称，几类用顿号分开；不填的由人归类"
        ),
    ),
)
SUGGESTIONS = Table(
    "suggestions",
    "评价意见建议表",
    (NUMBER, Column("no", "序号", "integer"), Column("text", "意见建议", longest=PARAGRAPH)),
)
