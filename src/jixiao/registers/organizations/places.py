"""Finding a unit by its code in a year, also in years whose unit table was never handed over."""

from __future__ import annotations

from .models import UnitYear


class Places:
    """The units of a region by code and year. A year without its own table uses the nearest one before, else after."""

    def __init__(self, region: str) -> None:
        self._by_code: dict[str, dict[int, UnitYear]] = {}
        for unit in UnitYear.objects.filter(region=region).select_related("division"):
            self._by_code.setdefault(unit.code, {})[unit.year] = unit

    def find(self, code: str, year: int) -> UnitYear | None:
        """The unit of this code as it was in the year, or None."""
        years = self._by_code.get(code)
        if not years:
            return None
        before = [known for known in years if known <= year]
        return years[max(before) if before else min(years)]
