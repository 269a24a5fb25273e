"""补录: sheets of the past are stored in their final state, and corrected when their table comes again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Generic, TypeVar

from jixiao.domain.quantities import plain

from . import bulk
from .acting import Act
from .importing import Overtaken, Plan
from .moving import Sheet, recorded

S = TypeVar("S", bound=Sheet)


@dataclass(slots=True)
class Recording(Generic[S]):
    """Sheets of one table: `fresh` to be recorded, `changed` to be corrected, with what they said before."""

    model: type[S]
    fields: Sequence[str]
    fresh: list[S] = field(default_factory=list)
    changed: list[S] = field(default_factory=list)
    before: dict[int, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def compare(
        cls,
        model: type[S],
        plan: Plan,
        stored: Mapping[Any, S],
        wanted: Mapping[Any, S],
        fields: Sequence[str],
        touched: Collection[Any] = (),
    ) -> Recording[S]:
        """Hold wanted sheets against stored ones by key and count them in the plan.

        Changed stored sheets take over `fields`. `touched` names keys whose lines changed although the sheet did not.
        """
        found = cls(model, fields)
        for key, sheet in wanted.items():
            kept = stored.get(key)
            if kept is None:
                found.fresh.append(sheet)
                continue
            different = [name for name in fields if getattr(kept, name) != getattr(sheet, name)]
            if not different and key not in touched:
                continue
            found.before[kept.pk] = {name: _plainly(getattr(kept, name)) for name in different}
            for name in different:
                setattr(kept, name, getattr(sheet, name))
            found.changed.append(kept)
        plan.new += len(found.fresh)
        plan.changed += len(found.changed)
        plan.same += len(wanted) - len(found.fresh) - len(found.changed)
        return found

    def store(self, act: Act, key: Sequence[str]) -> None:
        """Insert and record the fresh sheets, which get their keys back by the natural `key`; correct the changed."""
        if self.fresh:
            bulk.insert(self.model, self.fresh)
            self._find_keys(key)
            recorded(self.fresh, act)
        self._hold_changed()
        for sheet in self.changed:
            sheet.version += 1
            before = self.before[sheet.pk]
            act.trace(sheet.reference, before, {name: _plainly(getattr(sheet, name)) for name in before})
        if self.changed:
            self.model._default_manager.bulk_update(self.changed, [*self.fields, "version"], batch_size=100)

    def _hold_changed(self) -> None:
        """Lock what is corrected; a sheet that moved since it was compared is not overwritten."""
        rows = self.model._default_manager.order_by("pk").select_for_update()
        for start in range(0, len(self.changed), 500):
            compared = {sheet.pk: sheet.version for sheet in self.changed[start : start + 500]}
            if dict(rows.filter(pk__in=compared).values_list("pk", "version")) != compared:
                raise Overtaken

    def _find_keys(self, key: Sequence[str]) -> None:
        if all(sheet.pk for sheet in self.fresh):
            return
        years = {sheet.year for sheet in self.fresh}
        rows = self.model._default_manager.filter(region=self.fresh[0].region, year__in=years)
        known = {tuple(natural): pk for pk, *natural in rows.values_list("pk", *key)}
        for sheet in self.fresh:
            sheet.pk = known[tuple(getattr(sheet, name) for name in key)]


def _plainly(value: Any) -> Any:
    """A value as the audit trail keeps it."""
    if isinstance(value, Decimal):
        return plain(value)
    return value if value is None or isinstance(value, bool | int | str) else str(value)
