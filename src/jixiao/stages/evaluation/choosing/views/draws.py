"""随机抽样 pages: the draws of a year, a new one, and one draw with everything that is needed to draw it again."""

from __future__ import annotations

from django.db.models import Count, Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from jixiao.domain.actors import Actor, Role
from jixiao.domain.policy import Policy
from jixiao.domain.vocabulary import EvaluationMethod
from jixiao.kit import xlsx
from jixiao.kit.web.acts import SignedIn, begun, find, token
from jixiao.kit.web.pages import render
from jixiao.kit.web.returning import taken_along
from jixiao.policies import for_region

from .. import actions
from ..forms import DrawForm
from ..models import Draw
from ..reports import lists
from ..reports.coverage import quota_rows
from ..reports.finding import candidates, object_year_of
from ..reports.hits import unexamined
from ..reports.population import STRATUM_COLUMNS, drawable, drawn_again, identity_of, needed, stratum_rows
from ..rules import SamplingRules


def draws(request: SignedIn) -> HttpResponse:
    """The draws of the work year; the office makes a new one here."""
    return _page(request)


def _where(request: SignedIn) -> actions.Where:
    year = request.shell.year
    return actions.Where(year, object_year_of(request.actor.region, year), EvaluationMethod.RECHECK)


def _page(request: SignedIn, form: DrawForm | None = None, status: int = 200) -> HttpResponse:
    where, region = _where(request), request.actor.region
    policy = for_region(region, where.year)
    certain = Count("picks", filter=Q(picks__certain=True))
    held = Draw.objects.visible_to(request.actor).filter(year=where.year).annotate(certain=certain).order_by("-no")
    office = request.actor.role is Role.PERFORMANCE_OFFICE
    rules = policy.section(SamplingRules)
    left = _left(request.actor, where, policy, rules) if office else []
    quotas = [quota for quota in quota_rows(request.actor, where.year, policy) if quota["key"] == "spot_checks"]
    border = policy.provenance(SamplingRules.section, "method")
    context = {
        "where": where,
        "rows": lists.draw_rows(held),
        "columns": lists.DRAW_COLUMNS,
        "form": form or (DrawForm() if office else None),
        "left": left,
        "quotas": quotas,
        "rules": rules,
        "unexamined": unexamined(request.actor, where.year),
        "examines": office,
        "source": f"{border.source}{'，数值为推断' if border.guess else ''}",
        "token": token(),
    }
    return render(request, "choosing/draws.html", context, status=status)


def _left(actor: Actor, where: actions.Where, policy: Policy, rules: SamplingRules) -> list[tuple[str, int, int]]:
    """Each group with how many can be drawn, and how many have to be so that every stratum gets its own."""
    found = candidates(actor, where.year, where.object_year, where.method, policy)
    groups = [(label, drawable(found, overall=overall)) for label, overall in (("项目", False), ("部门整体", True))]
    return [(label, len(rows), needed(rows, rules)) for label, rows in groups]


@require_POST
def make(request: SignedIn) -> HttpResponse:
    """Draw; what cannot be drawn comes back with its text."""
    form = DrawForm(request.POST)
    answer = begun(
        request,
        form,
        lambda spent: actions.draw(request.actor, _where(request), form.asked(), token=spent),
        lambda key: reverse("draw", args=[key]),
        lambda made: f"已抽取 {made.size} 个，种子、总体和结果已固定",
    )
    return answer or _page(request, form, 422)


def draw(request: SignedIn, pk: int) -> HttpResponse:
    """One draw: seed, digest, method, result, and whether drawing again gives the same."""
    held: Draw = find(Draw.objects, request, pk)
    picks = list(held.picks.select_related("subject_year").order_by("position"))
    context = {
        "draw": held,
        "rows": lists.pick_rows(picks),
        "columns": lists.PICK_COLUMNS,
        "strata": stratum_rows(held),
        "stratum_columns": STRATUM_COLUMNS,
        "certain": sum(one.certain for one in picks),
        "same": drawn_again(held) == [identity_of(one.subject_year) for one in picks],
    }
    return render(request, "choosing/draw.html", context)


@require_safe
def table(request: SignedIn, pk: int) -> HttpResponse:
    """What was drawn, in its order, as Excel."""
    held: Draw = find(Draw.objects, request, pk)
    picks = held.picks.select_related("subject_year").order_by("position")
    return taken_along(xlsx.write(lists.PICKED, lists.picked_rows(picks)), f"{held.title}结果.xlsx")


@require_safe
def population(request: SignedIn, pk: int) -> HttpResponse:
    """The frozen population, byte for byte what the digest was taken of."""
    held: Draw = find(Draw.objects, request, pk)
    response = HttpResponse(held.population.encode(), content_type="text/csv; charset=utf-8")
    name = f"{held.title}总体.csv"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
