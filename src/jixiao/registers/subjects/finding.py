"""Finding a subject-year by the code that a table gives."""

from __future__ import annotations

from jixiao.domain.vocabulary import SubjectKind
from jixiao.registers.organizations.places import Places

from .models import Subject, SubjectYear


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

    def find(self, code: str, year: int) -> SubjectYear | None:
        """The subject of this code in this very year, or None."""
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
