"""The scene of 自评审核: a concluded self-evaluation with all points, and the accountant of its unit."""

from __future__ import annotations

from django.db.models import Count
from tests.browser.accounts import PASSWORD

from jixiao.domain.actors import Role
from jixiao.registers.organizations.models import Grant, Region, User
from jixiao.stages.evaluation.self_evaluation.models import SelfEvaluation
from jixiao.stages.evaluation.self_evaluation.workflow import State

FULL, LINES = 100, 5


def audited(region: Region) -> dict[str, object]:
    """The code, name and year of what was self-evaluated with all points: a finding is certain."""
    sheets = SelfEvaluation.objects.filter(region=region.code, state=State.CONCLUDED, total=FULL)
    sheets = sheets.annotate(lines=Count("scores")).filter(lines__gte=LINES).select_related("subject_year")
    subject = sheets.order_by("pk")[0].subject_year
    user = User.objects.create_account("audited", "自评单位的会计", PASSWORD, must_change=False)
    Grant.objects.create(user=user, role=Role.UNIT, region=region, unit=subject.unit)
    return {"audited": [subject.code, subject.name, subject.year]}
