"""得分对照 pages: self-evaluation beside every other evaluation, by subject, unit and year, and one subject by line."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from jixiao.domain.vocabulary import EvaluationMethod
from jixiao.kit import xlsx
from jixiao.kit.web.acts import SignedIn, find
from jixiao.kit.web.asking import text
from jixiao.kit.web.pages import render
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.evaluation.models import Evaluation
from jixiao.stages.evaluation.workflow import State

from ..reports import reconciling as reports
from ..reports.lists import sliced

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GROUPS = [("projects", "项目和政策"), ("overall", "部门整体")]


def _group(request: SignedIn) -> str:
    return "overall" if text(request.GET, "group") == "overall" else "projects"


def reconciliation(request: SignedIn) -> HttpResponse:
    """Scores side by side; means per unit and, over all years, per year."""
    group, year, words = _group(request), request.shell.year, text(request.GET, "q")
    ever = reports.compared(request.actor, overall=group == "overall")
    here = [one for one in ever if one.work_year == year]
    shown = [one for one in here if any(words in part for part in (one.subject.name, one.subject.unit_name))]
    part = sliced(reports.subject_rows(shown), request.GET)
    context = {
        "year": year,
        "group": group,
        "groups": GROUPS,
        "asked": words,
        "count": len(here),
        "means": reports.means(here),
        "listed": part,
        "columns": reports.COLUMNS,
        "units": reports.mean_rows(reports.grouped(here, lambda one: one.subject.unit_name)),
        "unit_columns": reports.UNIT_COLUMNS,
        "years": reports.mean_rows(_newest_first(reports.grouped(ever, lambda one: f"{one.work_year} 年"))),
        "year_columns": reports.YEAR_COLUMNS,
    }
    return render(request, "choosing/reconciliation.html", context)


def _newest_first(found: list[tuple[str, reports.Mean]]) -> list[tuple[str, reports.Mean]]:
    return sorted(found, key=lambda pair: pair[0], reverse=True)


@require_safe
def table(request: SignedIn) -> HttpResponse:
    """The scores side by side as Excel."""
    group, year = _group(request), request.shell.year
    rows = reports.compared(request.actor, overall=group == "overall", work_year=year)
    response = HttpResponse(xlsx.write(reports.TABLE, reports.table_rows(rows)), content_type=XLSX)
    name = f"{year}年{dict(GROUPS)[group]}评价得分对照.xlsx"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def subject(request: SignedIn, pk: int) -> HttpResponse:
    """One subject: its totals of every work year, and each recheck line by line."""
    found: SubjectYear = find(SubjectYear.objects, request, pk)
    mine = reports.of_subject(request.actor, found)
    if not mine:
        raise Http404
    rechecks = Evaluation.objects.visible_to(request.actor).by(EvaluationMethod.RECHECK)
    rows = rechecks.filter(subject_year=found, state=State.CONCLUDED).order_by("-year", "-pk")
    context = {
        "subject": found,
        "rows": reports.subject_rows(mine),
        "columns": reports.OWN_COLUMNS,
        "rechecks": [(one, reports.line_rows(one)) for one in rows],
        "line_columns": reports.LINE_COLUMNS,
    }
    return render(request, "choosing/reconciled.html", context)
