"""全年预算 of what is evaluated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from jixiao.domain.vocabulary import SubjectKind
from jixiao.registers.subjects.linking import in_force
from jixiao.registers.subjects.models import SubjectLink, SubjectYear


def full_budgets(subjects: Iterable[SubjectYear]) -> dict[int, int]:
    """全年预算 of each subject-year in fen, without 上年结转: its own and that of what was merged into it.

    A 部门整体 without a budget of its own has that of the projects at or below its unit. Subjects are of one year.
    """
    listed = list(subjects)
    if not listed:
        return {}
    found = {subject.pk: subject.budget for subject in listed}
    last = dt.date(listed[0].year, 12, 31)
    links = SubjectLink.objects.filter(in_force("", last), target__in=found).select_related("source")
    for link in links:
        found[link.target_id] += link.source.budget
    bare = [one for one in listed if one.kind is SubjectKind.DEPARTMENT_OVERALL and not one.budget]
    if bare:
        place = {"region": listed[0].region, "year": listed[0].year}
        rows = SubjectYear.objects.filter(**place).in_total().values_list("unit_path", "initial", "added")
        projects = list(rows)
        for one in bare:
            found[one.pk] = sum(first + more for path, first, more in projects if path.startswith(one.unit_path))
    return found
