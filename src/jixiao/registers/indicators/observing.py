"""What was observed of an entry and its variants, as the pure functions of `distribution` need it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q

from jixiao.domain.actors import Actor
from jixiao.policies import for_region
from jixiao.registers.organizations.models import Region, UnitYear
from jixiao.registers.subjects.models import SubjectYear

from .distribution import Group, Sample, Usual, by_place, by_unit_kind, by_year, usual
from .models import Entry, Observation
from .rules import LibraryRules

MOST = 5000
"""Observations of one entry that are looked at: enough to tell what is usual."""


def library_rules(region: str, year: int) -> LibraryRules:
    """How the library of a region speaks in a year."""
    return for_region(region, year).section(LibraryRules)


def samples(entry: Entry, actor: Actor) -> list[Sample]:
    """What the actor may see of the entry and of its variants, the newest first."""
    found = Observation.objects.visible_to(actor).filter(Q(entry=entry) | Q(entry__variant_of=entry))
    rows = found.order_by("-year", "id").values_list(
        "year", "target", "actual", "subject_year__unit_id", "subject_year__unit_path"
    )[:MOST]
    kinds, heads = _units(actor.region, {row[0] for row in rows})
    return [
        Sample(year, target, actual, kinds.get((unit, year), ""), heads.get((path.split("/")[0], year), ""))
        for year, target, actual, unit, path in rows
    ]


def _units(region: str, years: set[int]) -> tuple[dict[tuple[int, int], str], dict[tuple[str, int], str]]:
    kinds, heads = {}, {}
    rows = UnitYear.objects.filter(region=region, year__in=years).values_list(
        "unit_id", "year", "kind", "level", "code", "name"
    )
    for unit, year, kind, level, code, name in rows:
        kinds[unit, year] = kind.label
        if level == 1:
            heads[code, year] = name
    return kinds, heads


def elsewhere(entry: Entry, rules: LibraryRules) -> list[Group]:
    """The same indicator in every region of this installation, without a name of a unit or a project."""
    same = {name: getattr(entry, name) for name in ("level2", "name", "unit")}
    rows = Observation.objects.filter(**{f"entry__{name}": value for name, value in same.items()})
    found = rows.order_by("-year", "id").values_list("year", "target", "actual", "region")[:MOST]
    names = dict(Region.objects.values_list("code", "name"))
    listed = [Sample(year, target, actual, place=names.get(code, code)) for year, target, actual, code in found]
    groups = by_place(listed, rules, entry.unit)
    # Fewer than what is usual would point at single projects of another region.
    return [group for group in groups if group.targets or group.actuals] if len(groups) > 1 else []


def distributions(entry: Entry, listed: Sequence[Sample], rules: LibraryRules) -> dict[str, list[Group]]:
    """The entry's distribution by year, kind of unit, department and region; what has one group only is left out."""
    found = {
        "年度": by_year(listed, rules, entry.unit),
        "单位类型": by_unit_kind(listed, rules, entry.unit),
        "主管部门": by_place(listed, rules, entry.unit),
        "区划": elsewhere(entry, rules),
    }
    return {name: groups for name, groups in found.items() if len(groups) > 1 or (groups and name == "年度")}


def usual_of(region: str, entries: Iterable[int], before: int, rules: LibraryRules) -> dict[int, Usual]:
    """What is usual for these entries in the region, from what was reached before the year `before`; one query.

    For the quality check of targets and for suggestions. An entry that too few observed is left out.
    """
    wanted = set(entries)
    rows = Observation.objects.filter(region=region, year__lt=before).filter(
        Q(entry__in=wanted) | Q(entry__variant_of__in=wanted)
    )
    texts: dict[int, list[str]] = {}
    units: dict[int, str] = {}
    found = rows.values_list("entry_id", "entry__variant_of", "actual", "target", "entry__unit")
    for entry, leader, actual, target, unit in found.order_by("-year", "id")[: MOST * 4]:
        key = entry if entry in wanted or leader is None else leader
        texts.setdefault(key, []).append(actual or target)
        units[key] = unit
    return {key: made for key, values in texts.items() if (made := usual(values, rules, units[key]))}


def last_of(subject: SubjectYear) -> dict[int, tuple[int, str, str]]:
    """Year, target and actual of the subject's own indicators in the last year that has any, by entry."""
    rows = Observation.objects.filter(subject_year__subject=subject.subject_id, year__lt=subject.year)
    found: dict[int, tuple[int, str, str]] = {}
    for entry, leader, year, target, actual in rows.order_by("-year", "position").values_list(
        "entry_id", "entry__variant_of", "year", "target", "actual"
    ):
        found.setdefault(leader or entry, (year, target, actual))
    return found


def unit_last(region: str, unit: int, entries: Iterable[int], before: int) -> dict[int, str]:
    """What the unit reached last with each of these entries, in any of its projects."""
    rows = Observation.objects.filter(
        region=region, subject_year__unit=unit, entry__in=list(entries), year=before - 1
    ).exclude(actual="")
    return dict(rows.order_by("-id").values_list("entry_id", "actual"))
