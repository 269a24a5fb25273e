"""What monitoring tables hold, and what their numbers must keep to."""

from __future__ import annotations

from jixiao.domain.vocabulary import Likelihood, Origin, SubjectKind
from jixiao.kit.tables import PARAGRAPH, Column, Table

from ..models import Attention

KIND_NOTE = "只有部门整体要填，此时编码填单位编码"
MONITORING = Table(
    "monitoring",
    "绩效运行监控表",
    (
        Column("year", "年度", "year"),
        Column("no", "监控轮次", "integer", aliases=("轮次",)),
        Column("cutoff", "截止日期", "date"),
        Column("attention", "监控性质", "term", choices=Attention),
        Column("code", "项目编码", "code", aliases=("对象编码",)),
        Column("kind", "对象类型", "term", required=False, choices=SubjectKind, default="", note=KIND_NOTE),
        Column("budget", "全年预算", "amount", least=0),
        Column("printed_spent", "累计执行", "amount", required=False),
        Column("expected_spent", "全年预计执行", "amount", required=False, least=0),
        Column("progress", "绩效目标完成情况", required=False),
        Column("likelihood", "完成目标可能性", "term", required=False, choices=Likelihood, default=""),
        Column("causes", "偏差原因", required=False, longest=PARAGRAPH),
        Column("advice", "处置意见", required=False, longest=PARAGRAPH),
        Column("origin", "数据性质", "term", required=False, choices=Origin, default=Origin.OWN),
    ),
    aliases=("绩效监控表",),
    note="累计执行以国库支付为准计算，原表数另存。",
)
READINGS = Table(
    "monitoring_readings",
    "监控指标完成情况表",
    (
        Column("year", "年度", "year"),
        Column("no", "监控轮次", "integer", aliases=("轮次",)),
        Column("code", "项目编码", "code", aliases=("对象编码",)),
        Column("kind", "对象类型", "term", required=False, choices=SubjectKind, default="", note=KIND_NOTE),
        Column("name", "三级指标"),
        Column("actual", "截至完成值", required=False),
        Column("expected", "全年预计完成值", required=False),
        Column("likelihood", "完成目标可能性", "term", required=False, choices=Likelihood, default=""),
        Column("causes", "偏差原因", required=False, longest=PARAGRAPH, note="归类和说明，如“经费保障：资金到位晚”"),
        Column("remark", "备注", required=False),
    ),
)
RECOVERIES = Table(
    "recoveries",
    "收回资金台账",
    (
        Column("year", "年度", "year"),
        Column("code", "项目编码", "code", aliases=("对象编码",)),
        Column("fen", "收回金额", "amount", least=0),
        Column("reason", "原因", longest=PARAGRAPH),
        Column("doc_no", "文号", required=False, longest=80),
        Column("on", "日期", "date"),
        Column("origin", "数据性质", "term", required=False, choices=Origin, default=Origin.OWN),
    ),
)
