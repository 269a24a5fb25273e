"""A region's own frameworks: drafted from a shipped one, edited while in drafting, a new edition of an approved one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Max

from jixiao.domain.actors import Actor, Role
from jixiao.domain.decisions import Decision, require
from jixiao.kit import bulk
from jixiao.kit.acting import acting
from jixiao.kit.moving import changed, locked
from jixiao.registers.organizations.models import Region

from ..frameworks import Framed, shipped
from ..models import Framework, FrameworkItem
from ..workflow import FrameworkState

NAMES = ("level1", "level2", "name", "weight", "explanation", "criteria")


def may_draft(actor: Actor) -> Decision:
    """Frameworks are drafted by the performance office."""
    return require(actor.role is Role.PERFORMANCE_OFFICE, "评价指标体系由绩效股起草")


def draft(
    actor: Actor, year: int, kind: Framed, title: str, *, before: Framework | None = None, token: str = ""
) -> Framework:
    """A draft with the items of the shipped framework, or the next edition of `before`. Raises Refused."""
    content = [year, kind, title, before.pk if before else 0]
    with acting(actor, "evaluation_framework.draft", token=token, content=content) as act:
        may_draft(actor).demand()
        Region.objects.select_for_update().get(pk=actor.region)
        same = Framework.objects.filter(region=actor.region, title=title)
        require(before is not None or not same.exists(), "已有同名的指标体系，请从它修订新版").demand()
        running = same.filter(state__in=(FrameworkState.DRAFT, FrameworkState.REVIEW)).exists()
        require(not running, "已有一版在起草或待批准").demand()
        made = Framework.objects.create(
            region=actor.region,
            year=year,
            title=title,
            kind=kind,
            source=before.source if before else shipped(kind).source,
            edition=(same.aggregate(last=Max("edition"))["last"] or 0) + 1,
        )
        items: Any = before.items.order_by("position") if before else shipped(kind).items
        rows = [{name: getattr(item, name) for name in NAMES} for item in items]
        bulk.insert(FrameworkItem, [FrameworkItem(framework=made, position=n, **row) for n, row in enumerate(rows, 1)])
        act.trace(made.reference, None, {"title": title, "kind": kind, "edition": made.edition})
        act.answer = {"pk": made.pk}
    return made


def edit(
    framework: Framework,
    actor: Actor,
    title: str,
    source: str,
    items: Sequence[Mapping[str, Any]],
    *,
    version: int,
    token: str = "",
) -> Framework:
    """Name, source and items of a draft. Raises Stale, Refused."""
    content = [framework.reference, version, title, source, [str(dict(item)) for item in items]]
    with acting(actor, "evaluation_framework.edit", token=token, content=content) as act:
        current: Framework = locked(framework, version, act)
        decision = may_draft(actor) & require(current.state == FrameworkState.DRAFT, "已提请批准，要改请先退回")
        same = Framework.objects.filter(region=current.region, title=title, edition=current.edition)
        (decision & require(not same.exclude(pk=current.pk).exists(), "已有同名的指标体系")).demand()
        current.title, current.source = title, source
        current.items.all().delete()
        bulk.insert(
            FrameworkItem, [FrameworkItem(framework=current, position=n, **item) for n, item in enumerate(items, 1)]
        )
        changed(current, ("title", "source"), act, None, {"title": title, "items": len(items)})
    return current
