"""Names, dates and 文号 that the sentences take from the rows behind the figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from jixiao.domain.grades import Grade
from jixiao.kit.figures import Answer, Scope
from jixiao.registers.organizations.models import Region

from .tables import rows_of

LEVELS = {"县": "县", "区": "区", "市": "市"}
WHOLE_CYCLE = "综合"


def words(region: Region, scope: Scope, answers: Mapping[str, Answer]) -> dict[str, str]:
    """Every word by its name; an empty one makes its clause fall away."""
    sheets = rows_of(answers, "monitoring.handlings")
    previous = rows_of(answers, "key.previous.list.points")
    poor = [row for row in previous if row.grade == Grade.POOR]
    return {
        "region": region.name,
        "level": LEVELS.get(region.name[-1:], "地区"),
        "year": f"{scope.year}年度",
        "before": f"{scope.year - 1}年度",
        "self_years": _years(rows_of(answers, "self.projects")),
        "department_years": _years(rows_of(answers, "evaluation.department")),
        "overall_years": "、".join(sorted({f"{row.year}年度" for row in rows_of(answers, "overall.targets")})),
        "cutoff": _day(max((row.round.cutoff for row in sheets), default=None)),
        "documents": _documents(rows_of(answers, "policies.count")),
        "exemptions": _listed(
            f"{row.subject_year.name}（{row.reason}，{row.approver}批准）" for row in rows_of(answers, "exante.exempt")
        ),
        "exempt_reasons": _listed(dict.fromkeys(row.reason for row in rows_of(answers, "self.exempt"))),
        "pilots": _listed(row.unit_name for row in rows_of(answers, "overall.pilots")),
        "agencies": _listed(row.name for row in rows_of(answers, "agencies.count")),
        "recoveries": _listed(
            f"{row.subject_year.name}（{row.reason}）" for row in rows_of(answers, "recovery.amount")
        ),
        "key_listed": "见附件" if rows_of(answers, "key.evaluations") or previous else "",
        "poor": _listed(row.subject_year.name for row in poor),
        "channels": _listed(sorted({row.channel for row in rows_of(answers, "disclosure.reports")})),
    }


def _listed(names: Iterable[str]) -> str:
    return "、".join(names)


def _years(rows: Iterable[Any]) -> str:
    return _listed(f"{year}年度" for year in sorted({row.subject_year.year for row in rows}))


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def _documents(rows: Iterable[Any]) -> str:
    """《…》（文号）, those for the whole cycle first; titles that touch take no 、 (GB/T 15834)."""
    ordered = sorted(rows, key=lambda row: (row.stage != WHOLE_CYCLE, row.pk))
    titles = [f"《{row.title}》" + (f"（{row.doc_no}）" if row.doc_no else "") for row in ordered]
    return ("、" if any(row.doc_no for row in ordered) else "").join(titles)
