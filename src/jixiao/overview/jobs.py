"""The kinds of long work, by the name under which a Job row asks for them."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from jixiao.domain.actors import system
from jixiao.kit.figures import Scope
from jixiao.kit.jobs import Claim, Kinds
from jixiao.stages.evaluation.findings.actions import examine_filed
from jixiao.stages.evaluation.self_evaluation.actions import EXAMINING

from .annual_report import compose
from .report_files import RENDERERS, STEM, folder_of, write

ANNUAL_REPORT = "annual_report"


def annual_report(claim: Claim) -> list[str]:
    """Write the annual report of `arguments["year"]` in every format; the result are paths below the reports folder."""
    job = claim.job
    year = int(job.arguments["year"])
    paper, written = compose(Scope(job.region, year, system(job.region)), timezone.localdate()), []
    for number, ending in enumerate(RENDERERS):
        claim.beat(number, len(RENDERERS), f"正在写出 {ending} 文件")
        path = write(paper, folder_of(job.region, year) / f"{year}年度{STEM}{ending}").path
        written.append(str(path.relative_to(settings.REPORTS)))
    claim.beat(len(RENDERERS), len(RENDERERS))
    return written


def examine_self_evaluations(claim: Claim) -> dict[str, int]:
    """Examine the self-evaluations of `arguments["year"]` that were filed or changed since they were last examined."""
    claim.beat(0, 1, "正在检查自评")
    return {"examined": examine_filed(system(claim.job.region), int(claim.job.arguments["year"]))}


JOBS: Kinds = {ANNUAL_REPORT: annual_report, EXAMINING: examine_self_evaluations}
