"""Coverage pages: 部门评价 by department, the projects behind it, 重点项目 over the cycle."""

from __future__ import annotations

from django.db.models import Max
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from jixiao.domain.actors import Actor
from jixiao.domain.vocabulary import EvaluationMethod
from jixiao.kit import xlsx
from jixiao.kit.fields import subtree
from jixiao.kit.web.acts import SignedIn
from jixiao.kit.web.asking import text
from jixiao.kit.web.pages import render
from jixiao.kit.web.paging import Order, page_of
from jixiao.kit.web.returning import taken_along
from jixiao.policies import for_region
from jixiao.registers.organizations.models import UnitYear
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.evaluation.models import Evaluation
from jixiao.stages.evaluation.rules import EvaluationRules
from jixiao.stages.evaluation.workflow import State

from ..reports import coverage as reports
from ..reports import cycle as cycles
from ..reports.finding import object_year_of
from ..reports.lists import sliced
from ..rules import ChoosingRules

ORDERS = (Order("budget", "全年预算", "initial"), Order("code", "编码", "code"))
STANDS = [("done", "已评"), ("missing", "未评")]


def coverage(request: SignedIn) -> HttpResponse:
    """部门评价 against its two denominators, each department with its share, and the year's quotas."""
    actor, year = request.actor, request.shell.year
    policy = for_region(actor.region, year)
    years = reports.object_years(actor, year)
    found = reports.coverage(actor, year, years)
    context = {
        "year": year,
        "object_years": "、".join(str(one) for one in sorted(years)),
        "found": found,
        "rules": policy.section(EvaluationRules),
        "rows": reports.department_rows(found),
        "columns": reports.COLUMNS,
        "quotas": reports.quota_rows(actor, year, policy),
        "quota_columns": reports.QUOTA_COLUMNS,
    }
    return render(request, "choosing/coverage.html", context)


def projects(request: SignedIn) -> HttpResponse:
    """The projects behind a share: of one department or of all, evaluated or missing."""
    actor, year, unit, stands = request.actor, request.shell.year, text(request.GET, "unit"), text(request.GET, "state")
    years = reports.object_years(actor, year)
    rows = SubjectYear.objects.visible_to(actor).in_total().filter(year__in=years)
    if unit:
        first, behind = subtree(unit)
        rows = rows.filter(unit_path__gte=first, unit_path__lt=behind)
    evaluations = reports.concluded(actor, year).by(EvaluationMethod.DEPARTMENT)
    done = set(evaluations.values_list("subject_year", flat=True))
    if stands:
        rows = rows.filter(pk__in=done) if stands == "done" else rows.exclude(pk__in=done)
    listed = page_of(rows, request.GET, ORDERS)
    standing = UnitYear.objects.visible_to(actor).filter(year=year, path=unit).first() if unit else None
    context = {
        "year": year,
        "unit_name": standing.name if standing else "",
        "listed": listed,
        "rows": reports.project_rows(listed.rows, done, _last(actor)),
        "columns": reports.PROJECT_COLUMNS,
        "asked": {"unit": unit, "state": stands},
        "stands": STANDS,
    }
    return render(request, "choosing/projects.html", context)


def _last(actor: Actor) -> dict[int, int]:
    """The newest work year in which each subject was evaluated."""
    rows = Evaluation.objects.visible_to(actor).filter(method__in=cycles.CYCLE, state=State.CONCLUDED)
    return dict(rows.order_by().values_list("subject_year__subject").annotate(last=Max("year")))


@require_safe
def coverage_table(request: SignedIn) -> HttpResponse:
    """The departments as Excel, those without 部门评价 first."""
    actor, year = request.actor, request.shell.year
    rows = reports.department_rows(reports.coverage(actor, year, reports.object_years(actor, year)))
    return taken_along(xlsx.write(reports.TABLE, rows), f"{year}年部门评价覆盖.xlsx")


def _five(request: SignedIn) -> tuple[cycles.Five, EvaluationRules, str]:
    year, region = request.shell.year, request.actor.region
    policy = for_region(region, year)
    rules = policy.section(EvaluationRules)
    found = cycles.five_years(request.actor, year, object_year_of(region, year), rules.cycle_years)
    return found, rules, policy.provenance(EvaluationRules.section, "cycle_years").source


def cycle(request: SignedIn) -> HttpResponse:
    """重点项目 over the cycle: matrix, shares per department, the not yet covered first."""
    found, rules, source = _five(request)
    units = UnitYear.objects.visible_to(request.actor).first_level().filter(year=request.shell.year)
    part = sliced(cycles.matrix_rows(found, request.actor), request.GET)
    least = for_region(request.actor.region, request.shell.year).section(ChoosingRules).cycle_minimum
    context = {
        "found": found,
        "cycle": rules.cycle_years,
        "source": source,
        "listed": part,
        "columns": cycles.matrix_columns(found),
        "least": least,
        "short": found.short_of(least),
        "shares": cycles.department_shares(found, {one.path: one.name for one in units}),
        "share_columns": cycles.DEPARTMENT_COLUMNS,
    }
    return render(request, "choosing/cycle.html", context)


@require_safe
def cycle_table(request: SignedIn) -> HttpResponse:
    """The matrix as Excel."""
    found, _, _ = _five(request)
    content = xlsx.write(cycles.MATRIX, cycles.table_rows(found))
    return taken_along(content, f"{found.years[0]}至{found.years[-1]}年重点项目评价覆盖.xlsx")
