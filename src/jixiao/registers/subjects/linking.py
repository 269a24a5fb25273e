"""合并与改码: one project goes on in another from a day on; the performance office says so and why, and may undo it."""

from __future__ import annotations

import datetime as dt
from typing import cast

from django.db.models import Q

from jixiao.domain.actors import Actor
from jixiao.kit.acting import Act, acting

from .models import LinkKind, SubjectLink, SubjectYear
from .rules import Joined, may_join, may_part


def in_force(way: str, on: object, known: object = None) -> Q:
    """Links that hold on a day, reached by `way`; with `known`, as they were known at that moment."""
    if known is None:
        return Q(**{f"{way}on__lte": on, f"{way}withdrawn_at": None})
    standing = Q(**{f"{way}withdrawn_at": None}) | Q(**{f"{way}withdrawn_at__gt": known})
    return standing & Q(**{f"{way}on__lte": on, f"{way}at__lte": known})


def join(
    source: SubjectYear,
    target: SubjectYear | None,
    actor: Actor,
    *,
    kind: LinkKind,
    on: dt.date,
    reason: str,
    doc_no: str = "",
    token: str = "",
) -> SubjectLink:
    """From `on` the source goes on in the target. Raises Refused with every reason."""
    content = [source.pk, target.pk if target else 0, kind, str(on), reason, doc_no]
    with acting(actor, "subject.join", token=token, content=content) as act:
        keys = sorted({source.pk, target.pk if target else source.pk})
        locked = {row.pk: row for row in SubjectYear.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
        target = locked[target.pk] if target else None
        may_join(actor, _facts(locked[source.pk], target), on, reason, doc_no).demand()
        link = SubjectLink.objects.create(
            region=source.region,
            kind=kind,
            source=source,
            target=cast(SubjectYear, target),
            on=on,
            reason=reason.strip(),
            doc_no=doc_no.strip(),
            actor=actor.name,
            at=act.at,
        )
        _trace(act, link, {"on": str(on), "reason": reason, "doc_no": doc_no})
        act.answer = {"pk": link.pk}
    return link


def part(link: SubjectLink, actor: Actor, reason: str, *, token: str = "") -> None:
    """The link was a mistake: from now on both stand apart again; what a round has frozen stays. Raises Refused."""
    with acting(actor, "subject.part", token=token, content=[link.pk, reason]) as act:
        current = SubjectLink.objects.select_for_update().get(pk=link.pk)
        may_part(actor, standing=current.withdrawn_at is None, reason=reason).demand()
        current.withdrawn_at, current.withdrawn_reason = act.at, reason.strip()
        current.save(update_fields=["withdrawn_at", "withdrawn_reason"])
        _trace(act, current, {"withdrawn": reason})
        act.answer = {"pk": current.pk}


def _facts(source: SubjectYear, target: SubjectYear | None) -> Joined:
    links = SubjectLink.objects.filter(withdrawn_at=None)
    return Joined(
        year=source.year,
        projects=all(row.in_total for row in (source, target) if row),
        target_found=target is not None and (target.region, target.year) == (source.region, source.year),
        same=target is not None and target.pk == source.pk,
        source_gone=links.filter(source=source).exists(),
        source_took_in=links.filter(target=source).exists(),
        target_gone=target is not None and links.filter(source=target).exists(),
    )


def _trace(act: Act, link: SubjectLink, what: dict[str, str]) -> None:
    for row in (link.source_id, link.target_id):
        said = {"kind": link.kind, "source": link.source_id, "target": link.target_id, **what}
        act.trace(f"subject_year:{row}", None, said)
