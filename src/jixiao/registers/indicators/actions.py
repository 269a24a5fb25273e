"""Acts of 指标库: propose an entry, edit it as a new version, gather variants under one name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jixiao.domain.actors import Actor, Role
from jixiao.domain.decisions import require
from jixiao.kit.acting import Act, acting
from jixiao.kit.moving import locked

from . import search
from .importer import keep_versions
from .models import Entry, Standard
from .rules import Provenance, may_edit, may_propose
from .workflow import State

Said = tuple[Any, str, str, int | None]
"""A standard: kind, value, source and year."""


def propose(actor: Actor, values: Mapping[str, Any], standards: Sequence[Said], *, token: str = "") -> Entry:
    """A new entry, to be approved by the performance office. Raises Refused."""
    with acting(actor, "indicator.propose", token=token, content=[str(values), str(standards)]) as act:
        may_propose(actor).demand()
        _demand_new(actor.region, values, 0)
        made = Entry.objects.create(
            region=actor.region,
            provenance=Provenance.PROPOSED,
            proposed_by=actor.name,
            proposer_path=actor.unit_path,
            **values,
        )
        search.index([made])
        _write_standards(made, standards)
        keep_versions([made], act, "申报")
        act.trace(made.reference, None, made.content())
        act.answer = {"pk": made.pk}
    return made


def edit(
    entry: Entry,
    actor: Actor,
    values: Mapping[str, Any],
    standards: Sequence[Said],
    *,
    version: int,
    reason: str,
    token: str = "",
) -> Entry:
    """A new version of an entry. Raises Stale if somebody saved first, Refused."""
    content = [entry.reference, str(values), str(standards), version, reason]
    with acting(actor, "indicator.edit", token=token, content=content) as act:
        current: Entry = locked(entry, version, act)
        editable(current, actor).demand()
        _demand_new(actor.region, values, current.pk)
        before = current.content()
        for name, value in values.items():
            setattr(current, name, value)
        current.version += 1
        current.save(update_fields=[*values, "version"])
        search.reindex(current)
        _write_standards(current, standards)
        keep_versions([current], act, reason)
        act.trace(current.reference, before, current.content())
        act.answer = {"pk": current.pk}
    return current


def editable(entry: Entry, actor: Actor) -> Any:
    """May the actor edit this entry? A Decision."""
    own = bool(actor.unit_path) and entry.proposer_path == actor.unit_path
    own = own or (not actor.unit_path and not entry.proposer_path and entry.proposed_by == actor.name)
    return may_edit(actor, proposed=entry.state == State.PROPOSED, own=own)


def gather(leader: Entry, variants: Sequence[Entry], actor: Actor, *, token: str = "") -> int:
    """Other wordings go under one entry; their observations count with it. How many. Raises Refused."""
    keys = sorted(variant.pk for variant in variants)
    with acting(actor, "indicator.gather", token=token, content=[leader.pk, keys]) as act:
        decision = require(actor.role is Role.PERFORMANCE_OFFICE, "归并由绩效股办理")
        decision &= require(bool(keys), "请勾选要归入的指标")
        decision &= require(leader.pk not in keys, "指标不能归入它自己")
        held = list(Entry.objects.select_for_update().filter(pk__in=[*keys, leader.pk], region=actor.region))
        decision &= require(len(held) == len(keys) + 1, "要归并的指标已不在指标库中，请重新打开页面")
        decision &= require(all(one.variant_of_id is None for one in held), "其中的指标已归入别的条目，请重新打开页面")
        decision.demand()
        for variant in held:
            if variant.pk != leader.pk:
                _put_under(variant, leader, act)
        act.answer = {"count": len(keys)}
    return len(keys)


def _put_under(variant: Entry, leader: Entry, act: Act) -> None:
    variant.variant_of = leader
    variant.version += 1
    variant.save(update_fields=["variant_of", "version"])
    Entry.objects.filter(variant_of=variant).update(variant_of=leader)
    act.trace(variant.reference, None, {"variant_of": leader.reference})


def _demand_new(region: str, values: Mapping[str, Any], own: int) -> None:
    key = {name: values[name] for name in ("level2", "name", "unit")}
    twin = Entry.objects.filter(region=region, **key).exclude(pk=own).first()
    require(twin is None, "指标库已有二级指标、名称、计量单位都相同的指标，请直接使用或修改那一条").demand()


def _write_standards(entry: Entry, standards: Sequence[Said]) -> None:
    entry.standards.all().delete()
    Standard.objects.bulk_create(
        Standard(entry=entry, kind=kind, value=value, source=source, year=year)
        for kind, value, source, year in dict.fromkeys(standards)
    )
