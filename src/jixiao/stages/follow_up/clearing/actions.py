"""Acts of 存量资金清理: a run is prepared and opened, a unit states its view, the office decides one or many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Max
from django.utils import timezone

from jixiao.domain.actors import Actor
from jixiao.domain.decisions import Refused, require
from jixiao.domain.quantities import format_amount
from jixiao.kit import bulk
from jixiao.kit.acting import Act, acting
from jixiao.kit.moving import decide as judge
from jixiao.kit.moving import locked, step
from jixiao.policies import for_region
from jixiao.registers.parameters.models import snapshot_of
from jixiao.registers.subjects import measures
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.monitoring.handling import take_back

from .models import Candidate, ClearingRun
from .reports.finding import Listed, look
from .rules import Measure, may_prepare, may_reply
from .workflow import RunState, State

STAGE = "clearing"


def prepare(actor: Actor, year: int, cutoff: dt.date, *, token: str = "") -> ClearingRun:
    """A run in preparation, under the region's rules as they are now. Raises Refused with every reason."""
    with acting(actor, "clearing_run.prepare", token=token, content=[year, cutoff]) as act:
        bulk.take_turn(actor.region)
        before = ClearingRun.objects.filter(region=actor.region, year=year)
        held = before.filter(cutoff=cutoff).exists()
        may_prepare(actor, cutoff, year, timezone.localdate(act.at), held).demand()
        run = ClearingRun.objects.create(
            region=actor.region,
            year=year,
            no=(before.aggregate(last=Max("no"))["last"] or 0) + 1,
            cutoff=cutoff,
            snapshot=snapshot_of(for_region(actor.region, year)),
        )
        act.trace(run.reference, None, {"no": run.no, "cutoff": str(cutoff)})
        act.answer = {"pk": run.pk}
    return run


def after_run_step(run: ClearingRun, code: str, act: Act) -> None:
    """Opening lists the candidates with their money as it is known now; later payments change no row."""
    if code != "open":
        return
    # Two runs that are opened at once must not list the same subject.
    bulk.take_turn(run.region)
    examined, found = look(run)
    bulk.insert_with_keys(Candidate, [_candidate(run, one) for one in found])
    run.examined, run.known_until = examined, act.at
    run.save(update_fields=["examined", "known_until"])
    act.trace(run.reference, None, {"examined": examined, "codes": [one.subject.code for one in found]})


def _candidate(run: ClearingRun, one: Listed) -> Candidate:
    return Candidate(
        region=run.region,
        year=run.year,
        run=run,
        subject_year=one.subject,
        stock=one.found.stock,
        reasons="\n".join(one.found.reasons),
        budget=one.facts.budget,
        spent=one.facts.spent,
        idle=one.facts.idle,
    )


def reply(candidate: Candidate, actor: Actor, *, version: int, view: str, token: str = "") -> Candidate:
    """What the unit says of its candidate. Raises Stale, Refused."""
    with acting(actor, "clearing.reply", token=token, content=[candidate.reference, version, view]) as act:
        current: Candidate = locked(candidate, version, act)
        may_reply(actor, current.run.state == RunState.OPEN, current.state == State.DECIDED, view).demand()
        before, current.view = current.view, view.strip()
        current.save(update_fields=["view"])
        act.trace(current.reference, {"view": before}, {"view": current.view})
        if current.state == State.LISTED:
            step(current, "reply", act)
        else:
            current.version += 1
            current.save(update_fields=["version"])
        act.answer = {"version": current.version}
    return current


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the office decides; `fen` None in a batch: all that may be taken from each."""

    measure: Measure
    opinion: str
    fen: int | None = None
    doc_no: str = ""


def decide(candidate: Candidate, actor: Actor, ruling: Ruling, *, version: int, token: str = "") -> Candidate:
    """Decide one candidate; what follows happens at once. Raises Stale, Refused."""
    content = [candidate.reference, version, str(ruling)]
    with acting(actor, "clearing.decide", token=token, content=content) as act:
        _lock_subjects([candidate.pk])
        current = _decide(candidate, version, ruling, act)
        act.answer = {"version": current.version}
    return current


def decide_many(run: ClearingRun, actor: Actor, versions: Mapping[int, int], ruling: Ruling, *, token: str = "") -> int:
    """Decide these candidates of a run alike under one 文号, the whole amount of each; all or none; how many.

    `versions` by key of the candidate, as the office saw them. Raises Stale, Refused.
    """
    content = [run.reference, sorted(versions.items()), str(ruling)]
    with acting(actor, "clearing.decide", token=token, content=content) as act:
        chosen = list(Candidate.objects.visible_to(actor).filter(run=run, pk__in=versions).order_by("pk"))
        require(chosen and len(chosen) == len(versions), "请勾选本次清理中要处理的项目").demand()
        _lock_subjects([candidate.pk for candidate in chosen])
        for candidate in chosen:
            _decide(candidate, versions[candidate.pk], ruling, act, whole=ruling.measure is not Measure.KEEP)
        act.answer = {"count": len(chosen)}
    return len(chosen)


def _lock_subjects(candidates: list[int]) -> None:
    """In the order of their keys, and before the candidates: the order in which every act locks."""
    subjects = Candidate.objects.filter(pk__in=candidates).values("subject_year")
    list(SubjectYear.objects.filter(pk__in=subjects).select_for_update().order_by("pk"))


def _decide(candidate: Candidate, version: int, ruling: Ruling, act: Act, *, whole: bool = False) -> Candidate:
    """One candidate: judged as it stands under lock, written down, and carried out. Raises Stale, Refused."""
    current: Candidate = locked(candidate, version, act)
    subject = current.subject_year
    current.measure, current.opinion, current.doc_no = ruling.measure, ruling.opinion.strip(), ruling.doc_no.strip()
    current.fen = current.limit if whole else ruling.fen
    current.decided_on = timezone.localdate(act.at)
    try:
        judge(current, "decide", act.actor).demand()
    except Refused as refused:
        raise Refused(*(f"{subject.name}：{reason}" if whole else reason for reason in refused.reasons)) from None
    current.save(update_fields=["measure", "opinion", "doc_no", "fen", "decided_on"])
    step(current, "decide", act, current.opinion)
    _carry_out(current, subject, act)
    return current


def _carry_out(current: Candidate, subject: SubjectYear, act: Act) -> None:
    """Money is taken back or reduced, and the subject's file says what was decided."""
    today = timezone.localdate(act.at)
    words = f"{current.run.title}：{current.measure.label}{_amount(current)}。{current.opinion}"
    fen = current.fen or 0
    if current.measure is Measure.RECOVER:
        take_back(subject, fen, reason=current.opinion, words=words, doc_no=current.doc_no, today=today)
    elif current.measure is Measure.REDUCE:
        measures.change(subject, -fen, current.doc_no, act)
        words += "绩效目标须同步调整。"
    measures.note(subject, STAGE, current.run.title, words, today)
    after: dict[str, Any] = {"measure": current.measure, "fen": current.fen, "doc_no": current.doc_no, "words": words}
    act.trace(f"subject_year:{subject.pk}", None, after)


def _amount(current: Candidate) -> str:
    return f" {format_amount(current.fen)} 万元（{current.doc_no}）" if current.fen else ""
