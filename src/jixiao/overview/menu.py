"""The left menu: 我的、环节、基础、报告, cut down to what a role may open."""

from __future__ import annotations

from django.urls import reverse

from jixiao.domain.actors import Role
from jixiao.kit.web.pages import Item, Section

from .access import ACCESS

MENU: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("我的", (("home", "待办"),)),
    (
        "环节",
        (
            ("subjects", "项目库"),
            ("ex-ante", "事前评估"),
            ("targets", "绩效目标"),
            ("overall-targets", "部门整体目标"),
            ("monitoring", "运行监控"),
            ("monitoring-live", "实时监控"),
            ("money", "支付与对账"),
            ("recoveries", "资金收回"),
            ("self-evaluations", "单位自评"),
            ("findings", "自评审核"),
            ("what-if", "换规则重算"),
            ("evaluations", "部门与财政评价"),
            ("problems", "共性问题"),
            ("choosing", "选评"),
            ("draws", "随机抽样"),
            ("coverage", "评价覆盖"),
            ("transfers", "转移支付评价"),
            ("reconciliation", "得分对照"),
            ("rectifications", "整改"),
            ("notices", "整改通知书"),
            ("clearing", "存量资金清理"),
            ("disclosures", "信息公开"),
            ("submissions", "报送人大和政府"),
        ),
    ),
    (
        "基础",
        (
            ("units", "预算单位"),
            ("indicators", "指标库"),
            ("agencies", "第三方机构"),
            ("experts", "专家"),
            ("evaluation-frameworks", "评价指标体系"),
            ("documents", "制度库"),
            ("policy", "规则参数"),
        ),
    ),
    ("报告", (("figures", "数字"), ("report", "工作报告"), ("uploads", "数据导入"), ("trail", "审计记录"))),
)


def menu_for(role: Role) -> tuple[Section, ...]:
    """The sections and items that this role may open; empty sections are left out."""
    sections = []
    for title, items in MENU:
        mine = tuple(Item(label, reverse(name)) for name, label in items if role in ACCESS[name])
        if mine:
            sections.append(Section(title, mine))
    return tuple(sections)
