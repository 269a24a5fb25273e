"""What ex-ante tables hold, and what their numbers must keep to."""

from __future__ import annotations

from jixiao.domain.vocabulary import Origin, SubjectKind, Verdict
from jixiao.kit.tables import PARAGRAPH, Column, Table

from ..models import Assessor, Dimension

EXANTE = Table(
    "exante",
    "事前绩效评估表",
    (
        Column("year", "工作年度", "year"),
        Column("number", "编号", "code"),
        Column("code", "对象编码", "code"),
        Column("name", "评估对象", required=False),
        Column("kind", "对象类型", "term", choices=SubjectKind),
        Column("unit", "单位编码", "code"),
        Column("trigger", "触发原因", required=False),
        *(Column(d.value, d.label, "points", aliases=d.aliases) for d in Dimension),
        Column("conclusion", "结论", "term", required=False, choices=Verdict, default=""),
        Column("assessor", "评估主体", "term", choices=Assessor),
        Column("origin", "数据性质", "term", required=False, choices=Origin, default=Origin.OWN),
    ),
    aliases=("事前绩效评估",),
    note="对象编码与项目库一致；结论按得分重新判定，原表结论另存。",
)
EXEMPTIONS = Table(
    "exante_exemptions",
    "事前评估例外登记表",
    (
        Column("year", "工作年度", "year"),
        Column("code", "对象编码", "code"),
        Column("category", "例外类别", longest=40),
        Column("reason", "理由", longest=PARAGRAPH),
        Column("approver", "批准人岗位", longest=80),
        Column("on", "日期", "date"),
    ),
)
