"""The kinds of long work, by the name under which a Job row asks for them."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils import timezone

from jixiao.domain.actors import system
from jixiao.kit.figures import Scope
from jixiao.kit.jobs import Claim, Kinds, enqueue_nightly
from jixiao.registers.organizations.models import Region
from jixiao.stages.evaluation.findings.actions import examine_changed, examine_filed
from jixiao.stages.evaluation.findings.reports.records import filed_years
from jixiao.stages.evaluation.self_evaluation.actions import EXAMINING

from .annual_report import compose
from .report_files import RENDERERS, STEM, folder_of, write

ANNUAL_REPORT = "annual_report"
EXAMINING_NIGHTLY = "self_evaluation.examine_nightly"
NIGHTLY_YEARS = 2
"""Older work years are closed: nothing moves there any more, and the button examines them all the same."""


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


def examine_nightly(claim: Claim) -> dict[str, int]:
    """Examine again the self-evaluations of `arguments["year"]` of which anything has changed that the rules read."""
    claim.beat(0, 1, "正在核对自评依据的数据")
    return {"examined": examine_changed(system(claim.job.region), int(claim.job.arguments["year"]))}


def plan_night(now: dt.datetime) -> int:
    """Ask for what every region does at night, once a night; how many jobs that made."""
    asked = 0
    for region in Region.objects.order_by("code").values_list("code", flat=True):
        years = ({"year": year} for year in filed_years(region, NIGHTLY_YEARS))
        asked += len(enqueue_nightly(region, EXAMINING_NIGHTLY, years, now))
    return asked


JOBS: Kinds = {
    ANNUAL_REPORT: annual_report,
    EXAMINING: examine_self_evaluations,
    EXAMINING_NIGHTLY: examine_nightly,
}
