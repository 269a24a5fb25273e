"""Finding a subject-year by the code that a table gives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q

from jixiao.domain.vocabulary import SubjectKind
from jixiao.registers.organizations.places import Places

from .models import Payment, Subject, SubjectYear


def codes_of(region: str, years: Iterable[int]) -> dict[tuple[int, str], int]:
    """Keys of the subject-years by year and code, as `Subjects.find` finds them, without a row for each."""
    rows = SubjectYear.objects.filter(region=region, year__in=set(years)).exclude(kind=SubjectKind.DEPARTMENT_OVERALL)
    return {(year, code): key for year, code, key in rows.order_by("pk").values_list("year", "code", "pk")}


def suggested(payments: Sequence[Payment]) -> dict[int, SubjectYear]:
    """By payment, the project of its year that it may belong to: the same one under another year's code, or its name.

    Two queries, however many payments; a name that two projects bear suggests neither.
    """
    if not payments:
        return {}
    region, years = payments[0].region, {row.year for row in payments}
    bearing = SubjectYear.objects.filter(region=region, code__in={row.code for row in payments})
    identities = dict(bearing.values_list("code", "subject_id"))
    named = {row.name for row in payments if row.name}
    near = SubjectYear.objects.filter(Q(subject_id__in=identities.values()) | Q(name__in=named))
    by_identity: dict[tuple[int, int], SubjectYear] = {}
    by_name: dict[tuple[int, str], list[SubjectYear]] = {}
    for subject in near.filter(region=region, year__in=years).exclude(kind=SubjectKind.DEPARTMENT_OVERALL):
        by_identity[subject.year, subject.subject_id] = subject
        by_name.setdefault((subject.year, subject.name), []).append(subject)
    found: dict[int, SubjectYear] = {}
    for row in payments:
        same = by_identity.get((row.year, identities.get(row.code, 0)))
        namesakes = by_name.get((row.year, row.name), []) if row.name else []
        if same or len(namesakes) == 1:
            found[row.pk] = same or namesakes[0]
    return found


class Subjects:
    """The subject-years of a region by code and year. 部门整体 goes by its unit's code and is found apart."""

    def __init__(self, region: str) -> None:
        self.region = region
        self._by_code: dict[str, dict[int, SubjectYear]] = {}
        self._overall: dict[tuple[str, int], SubjectYear] = {}
        for row in SubjectYear.objects.filter(region=region):
            if row.kind == SubjectKind.DEPARTMENT_OVERALL:
                self._overall[(row.code, row.year)] = row
            else:
                self._by_code.setdefault(row.code, {})[row.year] = row

    def find(self, code: str, year: int, kind: SubjectKind | str = "") -> SubjectYear | None:
        """The subject of this code in this very year, or None; a 部门整体 goes by its unit's code if `kind` says so."""
        if kind is SubjectKind.DEPARTMENT_OVERALL:
            return self._overall.get((code, year))
        return self._by_code.get(code, {}).get(year)

    def near(self, code: str, year: int) -> SubjectYear | None:
        """The subject that work of `year` is about: next year's if it is there, else this year's, else its newest.

        An assessment made in 2020 for a project of 2021 names only the project.
        """
        years = self._by_code.get(code, {})
        return years.get(year + 1) or years.get(year) or (years[max(years)] if years else None)

    def overall(self, unit_code: str, year: int, places: Places) -> SubjectYear | None:
        """The 部门整体 subject of a unit, registered when it is first spoken of; None if the unit is unknown."""
        found = self._overall.get((unit_code, year))
        place = places.find(unit_code, year)
        if found is not None or place is None:
            return found
        before = next((row for (code, _), row in self._overall.items() if code == unit_code), None)
        subject_id = before.subject_id if before else self._new_identity()
        found = SubjectYear.objects.create(
            subject_id=subject_id,
            region=self.region,
            year=year,
            code=unit_code,
            name=place.name,
            kind=SubjectKind.DEPARTMENT_OVERALL,
            unit_id=place.unit_id,
            unit_name=place.name,
            unit_path=place.path,
            division_id=place.division_id,
            in_total=False,
            origin=place.origin,
        )
        self._overall[(unit_code, year)] = found
        return found

    def _new_identity(self) -> int:
        return Subject.objects.create(region=self.region, kind=SubjectKind.DEPARTMENT_OVERALL).pk
