"""Acts of 选评: describe a candidate, choose or not, draw, open what was chosen, hand in and sign for reports."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from django.db.models import Max
from django.utils import timezone

from jixiao.domain.actors import Actor
from jixiao.domain.decisions import Refused, require
from jixiao.domain.sampling import METHODS, Pick
from jixiao.domain.vocabulary import EvaluationMethod
from jixiao.kit import bulk
from jixiao.kit.acting import Act, Stale, acting
from jixiao.kit.moving import decide as judge
from jixiao.kit.moving import step
from jixiao.policies import for_region
from jixiao.registers.organizations.models import Region
from jixiao.registers.parameters.models import snapshot_of
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.evaluation.actions import lay_open
from jixiao.stages.evaluation.models import Evaluation
from jixiao.stages.evaluation.self_evaluation.models import SelfEvaluation
from jixiao.stages.evaluation.self_evaluation.workflow import State as SelfState
from jixiao.stages.evaluation.workflow import State as EvaluationState

from .models import Choice, Draw, Picked, Profile, TransferReminder, TransferReport
from .reports.finding import Candidate, candidates
from .reports.population import Population, drawable, needed, population_of
from .reports.transfers import is_transfer, transfers
from .rules import (
    Concern,
    DrawFacts,
    SamplingRules,
    may_choose,
    may_describe,
    may_draw,
    may_hand_in,
    may_remind,
    most_certain,
    reasoned,
)
from .workflow import State


@dataclass(frozen=True, slots=True)
class Described:
    """What somebody says of a candidate; None: not known."""

    concern: Concern | None = None
    concern_basis: str = ""
    reach: int | None = None
    first_year: int | None = None
    last_year: int | None = None


def describe(subject: SubjectYear, actor: Actor, said: Described, *, version: int, token: str = "") -> Profile:
    """Keep 选评信息; `version` 0: there was none. Raises Stale, Refused."""
    content = [subject.pk, version, repr(said)]
    with acting(actor, "choosing.describe", token=token, content=content) as act:
        may_describe(actor).demand()
        _lock([subject.pk])
        known = Profile.objects.select_for_update().filter(subject_year=subject).first()
        before = _content(known)
        _same(known.version if known else 0, version, act, "选评信息")
        fresh = known or Profile(region=subject.region, subject_year=subject, version=0)
        for name in said.__slots__:
            setattr(fresh, name, getattr(said, name) or ("" if name in ("concern", "concern_basis") else None))
        fresh.reach = said.reach
        fresh.version += 1
        fresh.save()
        act.trace(f"subject_year:{subject.pk}", before, _content(fresh))
        act.answer = {"version": fresh.version}
    return fresh


def _content(profile: Profile | None) -> list[Any] | None:
    names = ("concern", "concern_basis", "reach", "first_year", "last_year")
    return None if profile is None else [getattr(profile, name) for name in names]


def _same(stands: int, seen: int, act: Act, what: str) -> None:
    """Raises Stale where somebody else saved in between."""
    if stands != seen:
        raise Stale("他人", act.at, f"{what}（第 {stands} 次保存）")


def _lock(subjects: Sequence[int]) -> dict[int, SubjectYear]:
    """In the order of their keys, before their choices: the order in which every act locks."""
    rows = SubjectYear.objects.filter(pk__in=subjects).select_for_update().order_by("pk")
    return {row.pk: row for row in rows}


@dataclass(frozen=True, slots=True)
class Where:
    """Which choosing: work year, evaluated year, 评价方式."""

    year: int
    object_year: int
    method: EvaluationMethod


def choose(
    actor: Actor, where: Where, versions: Mapping[int, int], *, chosen: bool, reason: str, token: str = ""
) -> int:
    """Choose these candidates, or do not, all with one reason; how many. All or none.

    `versions` by key of the subject-year as they were seen, 0 where nothing was decided yet. Raises Stale, Refused.
    """
    content = [astuple(where), sorted(versions.items()), chosen, reason]
    with acting(actor, "choosing.choose", token=token, content=content) as act:
        (may_choose(actor, where.method) & reasoned(reason) & require(versions, "请先勾选候选对象")).demand()
        _lock(list(versions))
        known = {one.subject.pk: one for one in _candidates(actor, where)}
        require(versions.keys() <= known.keys(), "有的对象不在候选之列，请刷新后重选").demand()
        code = "choose" if chosen else "reject"
        asked = [_decide(known[key], where, version, code, reason, act) for key, version in sorted(versions.items())]
        refused = [reason for reasons in asked for reason in reasons]
        if refused:
            raise Refused(*refused)
        act.answer = {"count": len(versions)}
    return len(versions)


def _candidates(actor: Actor, where: Where, *, unexamined: bool = False) -> list[Candidate]:
    policy = for_region(actor.region, where.year)
    return candidates(actor, where.year, where.object_year, where.method, policy, unexamined=unexamined)


def _decide(one: Candidate, where: Where, version: int, code: str, reason: str, act: Act) -> tuple[str, ...]:
    """One candidate, its choice begun if there is none; the reasons against it."""
    if one.opened and not one.choice:
        return (f"{one.subject.name}：本年已经开展{where.method.label}，不用再选",)
    choice = one.choice or _begun(one, where)
    _same(choice.version if one.choice else 0, version, act, f"{one.subject.name}：{choice.state.label}")
    decision = judge(choice, code, act.actor, reason)
    if not decision:
        return tuple(f"{one.subject.name}：{against}" for against in decision.reasons)
    choice.mark, choice.because, choice.reason = one.marked.mark, one.marked.because, reason.strip()
    choice.save()
    step(choice, code, act, choice.reason)
    return ()


def _begun(one: Candidate, where: Where) -> Choice:
    subject, method = one.subject, where.method
    state = State.CONSIDERED
    return Choice(region=subject.region, year=where.year, subject_year=subject, method=method, state=state)


def start(actor: Actor, where: Where, versions: Mapping[int, int], today: dt.date, *, token: str = "") -> int:
    """Open the evaluations of chosen candidates, all or none; how many. `versions` by key of the subject-year."""
    content = [astuple(where), sorted(versions.items())]
    with acting(actor, "choosing.start", token=token, content=content) as act:
        (may_choose(actor, where.method) & require(versions, "请先勾选已选定的对象")).demand()
        Region.objects.select_for_update().get(pk=actor.region)
        _lock(list(versions))
        place: dict[str, Any] = {"year": where.year, "method": where.method, "subject_year__in": list(versions)}
        rows = Choice.objects.visible_to(actor).filter(**place).select_related("subject_year")
        chosen = list(rows.order_by("subject_year", "pk"))
        require(len(chosen) == len(versions), "有的对象没有选定，请先选定再开展").demand()
        for choice in chosen:
            _same(choice.version, versions[choice.subject_year_id], act, choice.state.label)
            _start(choice, where, today, act)
        act.answer = {"count": len(chosen)}
    return len(chosen)


def _start(choice: Choice, where: Where, today: dt.date, act: Act) -> None:
    """One evaluation; what stands against it is told with the subject's name."""
    subject = choice.subject_year
    try:
        judge(choice, "start", act.actor).demand()
        previous = _previous(subject, where)
        opened = lay_open(act, subject, where.method, year=where.year, today=today, previous=previous)
    except Refused as refused:
        raise Refused(*(f"{subject.name}：{reason}" for reason in refused.reasons)) from None
    choice.evaluation = opened
    choice.save(update_fields=["evaluation"])
    step(choice, "start", act)


def _previous(subject: SubjectYear, where: Where) -> Evaluation | None:
    """What 抽查复核 checks where the subject has no self-evaluation of its own: its newest evaluation."""
    own = SelfEvaluation.objects.filter(subject_year=subject, state=SelfState.CONCLUDED)
    if where.method is not EvaluationMethod.RECHECK or own.exists():
        return None
    judged = (EvaluationMethod.SELF, EvaluationMethod.DEPARTMENT)
    rows = Evaluation.objects.filter(subject_year=subject, method__in=judged, state=EvaluationState.CONCLUDED)
    return rows.order_by("-year", "-pk").first()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a draw is asked for: how many of which group, the numbers of those present, why once more."""

    overall: bool
    size: int
    parties: str
    reason: str = ""


def draw(actor: Actor, where: Where, asked: Asked, *, nonce: str = "", token: str = "") -> Draw:
    """Draw once and for all: population, seed and result are frozen in this act. Raises Refused.

    The system adds `nonce` here, after the parties gave their numbers, so that nobody can try numbers beforehand.
    """
    content = [astuple(where), astuple(asked)]
    with acting(actor, "choosing.draw", token=token, content=content) as act:
        bulk.take_turn(actor.region)
        policy = for_region(actor.region, where.year)
        rules = policy.section(SamplingRules)
        found = drawable(_candidates(actor, where, unexamined=True), overall=asked.overall)
        held = Draw.objects.filter(region=actor.region, year=where.year)
        before = held.filter(overall=asked.overall).count()
        least = needed(found, rules)
        facts = DrawFacts(asked.size, len(found), asked.parties, before, asked.reason, least)
        may_draw(actor, facts, rules).demand()
        population = population_of(found, rules)
        made = Draw.objects.create(
            region=actor.region,
            year=where.year,
            no=(held.aggregate(last=Max("no"))["last"] or 0) + 1,
            object_year=where.object_year,
            overall=asked.overall,
            parties=asked.parties.strip(),
            nonce=nonce or secrets.token_hex(16),
            population=population.text,
            digest=population.digest,
            counted=len(population.members),
            method=rules.method,
            size=asked.size,
            most_certain=most_certain(asked.size, rules),
            least_each=rules.least_each if rules.stratified else 0,
            reason=asked.reason.strip(),
            snapshot=snapshot_of(policy),
            actor=actor.name,
            at=act.at,
        )
        _keep(made, population, found, where, act)
        act.answer = {"pk": made.pk}
    return made


def _keep(made: Draw, population: Population, found: Sequence[Candidate], where: Where, act: Act) -> None:
    """The result: each pick in its place, and chosen for 抽查复核 with the draw as its reason."""
    picks = METHODS[made.method](population.members, made.seed, made.size, made.most_certain, made.least_each)
    bulk.insert(Picked, [_picked(made, population, place, pick) for place, pick in enumerate(picks, 1)])
    known = {one.subject.pk: one for one in found}
    _lock(sorted(population.subjects[pick.member.identity].pk for pick in picks))
    after = {"seed": made.seed, "digest": made.digest, "method": made.method, "most_certain": made.most_certain}
    picked = [pick.member.identity for pick in picks]
    act.trace(f"draw:{made.pk}", None, {"no": made.no, "size": made.size, **after, "picked": picked})
    for pick in picks:
        one = known[population.subjects[pick.member.identity].pk]
        choice = one.choice or _begun(one, where)
        choice.mark, choice.because, choice.draw = one.marked.mark, one.marked.because, made
        choice.reason = f"{made.title}{'按规则命中必抽' if pick.certain else '随机抽中'}"
        choice.save()
        step(choice, "choose", act, choice.reason)


def _picked(made: Draw, population: Population, place: int, pick: Pick) -> Picked:
    return Picked(
        draw=made,
        region=made.region,
        position=place,
        subject_year=population.subjects[pick.member.identity],
        certain=pick.certain,
        weight=pick.member.weight,
        hits=pick.member.hits,
    )


def hand_in(actor: Actor, subject: SubjectYear, year: int, title: str, *, token: str = "") -> TransferReport:
    """A report on a transfer, to be attached and then sent to the office. Raises Refused."""
    with acting(actor, "transfer_report.open", token=token, content=[subject.pk, year, title]) as act:
        _lock([subject.pk])
        place: dict[str, Any] = {"subject_year": subject, "year": year}
        begun = TransferReport.objects.filter(**place).exists()
        may_hand_in(actor, is_transfer(subject), title, begun).demand()
        made = TransferReport.objects.create(region=subject.region, title=title.strip(), **place)
        act.trace(made.reference, None, {"title": made.title, "code": subject.code})
        act.answer = {"pk": made.pk}
    return made


@dataclass(frozen=True, slots=True)
class Reminding:
    """Which reports are asked for again and until when; `unit_path` "": those of every unit."""

    due_on: dt.date
    unit_path: str = ""
    words: str = ""


def remind(actor: Actor, year: int, object_year: int, asked: Reminding, *, token: str = "") -> int:
    """催报: the reports on transfers that the actor sees and that were not handed in; how many. Raises Refused."""
    content = [year, object_year, str(asked.due_on), asked.unit_path, asked.words]
    with acting(actor, "transfer_report.remind", token=token, content=content) as act:
        missing = [
            line.subject
            for line in transfers(actor, year, object_year).missing
            if not asked.unit_path or line.subject.unit_path == asked.unit_path
        ]
        may_remind(actor, len(missing), asked.due_on, timezone.localdate(act.at)).demand()
        said = {"due_on": asked.due_on, "words": asked.words.strip(), "actor": actor.name, "at": act.at}
        bulk.insert(
            TransferReminder,
            [TransferReminder(region=one.region, year=year, subject_year=one, **said) for one in missing],
        )
        traced = {"due_on": str(asked.due_on), "codes": [one.code for one in missing]}
        act.trace(f"transfer_reminders:{year}:{object_year}", None, traced)
        act.answer = {"count": len(missing)}
    return len(missing)


def after_report_step(report: TransferReport, code: str, act: Act) -> None:
    """The day of handing in and of signing, and who signed; a report that is returned has neither."""
    today = timezone.localdate(act.at)
    if code == "submit":
        report.submitted_on = today
    elif code == "sign":
        report.signed_on, report.signed_by = today, act.actor.name
    else:
        report.submitted_on = None
    report.save(update_fields=["submitted_on", "signed_on", "signed_by"])
