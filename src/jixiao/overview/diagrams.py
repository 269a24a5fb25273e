"""docs/workflows: one page for each machine of the cycle, written from the machine itself."""

from __future__ import annotations

from jixiao.domain.workflow import Machine
from jixiao.registers.indicators import workflow as indicators
from jixiao.stages.evaluation import workflow as evaluation
from jixiao.stages.evaluation.choosing import workflow as choosing
from jixiao.stages.evaluation.findings import workflow as findings
from jixiao.stages.evaluation.self_evaluation import workflow as self_evaluation
from jixiao.stages.ex_ante import workflow as ex_ante
from jixiao.stages.follow_up.clearing import workflow as clearing
from jixiao.stages.follow_up.disclosure import workflow as disclosure
from jixiao.stages.follow_up.rectification import workflow as rectification
from jixiao.stages.follow_up.submission import workflow as submission
from jixiao.stages.monitoring import workflow as monitoring
from jixiao.stages.targets import workflow as targets

MACHINES: tuple[tuple[str, Machine], ...] = (
    ("事前绩效评估", ex_ante.MACHINE),
    ("绩效目标", targets.MACHINE),
    ("监控轮次", monitoring.ROUND),
    ("绩效运行监控", monitoring.MACHINE),
    ("单位自评", self_evaluation.MACHINE),
    ("自评免评申请", self_evaluation.EXEMPTING),
    ("自评疑点", findings.MACHINE),
    ("绩效评价", evaluation.MACHINE),
    ("评价专家打分", evaluation.PANEL),
    ("评价指标体系", evaluation.DRAFTING),
    ("选评", choosing.CHOICE),
    ("转移支付评价报告", choosing.REPORT),
    ("整改", rectification.MACHINE),
    ("存量资金清理", clearing.RUN),
    ("清理项目", clearing.MACHINE),
    ("公开", disclosure.MACHINE),
    ("指标库条目", indicators.MACHINE),
    ("报送", submission.MACHINE),
)


def page(title: str, machine: Machine) -> str:
    """The Markdown page of one machine."""
    return f"# {title}\n\n由程序生成，不手改。\n\n```mermaid\n{machine.to_mermaid()}```\n"


def pages() -> dict[str, str]:
    """File name under docs/workflows → its text."""
    return {f"{machine.name}.md": page(title, machine) for title, machine in MACHINES}
