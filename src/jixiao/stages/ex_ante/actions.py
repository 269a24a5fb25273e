"""Acts of 事前绩效评估: opening, filling, experts' points, the conclusion and what it clears, exemptions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum
from django.utils import timezone

from jixiao.domain.actors import Actor
from jixiao.domain.decisions import Refused, require
from jixiao.domain.quantities import plain
from jixiao.domain.vocabulary import Verdict
from jixiao.kit import bulk
from jixiao.kit.acting import Act, Stale, acting
from jixiao.kit.moving import changed, locked, step
from jixiao.policies import for_region
from jixiao.registers.institutions import actions as institutions
from jixiao.registers.institutions.models import Engagement, Expert
from jixiao.registers.organizations.models import Region, User
from jixiao.registers.parameters.models import snapshot_of
from jixiao.registers.subjects.models import Clearance, SubjectYear

from .frameworks import Framed, FrameworkError, framework, full_points
from .marks import because
from .models import (
    Assessment,
    AssessmentExpert,
    AssessmentPoint,
    Assessor,
    Dimension,
    DimensionScore,
    Exemption,
    ExpertMark,
)
from .reports.gaps import budget_facts
from .rules import (
    SUPPORTING,
    ExAnteRules,
    assessment_due,
    may_describe,
    may_exempt,
    may_give,
    may_judge,
    may_mark,
    may_open,
)
from .workflow import State

NUMBERED = "SQ"
DESCRIBED = ("asked", "background", "goal", "funding")
JUDGED = ("advised", "conclusion", "reason", "method", "suggestions", "remarks")


def open_assessment(
    subject: SubjectYear, actor: Actor, year: int, *, assessor: Assessor, kind: Framed, asked: int, token: str = ""
) -> Assessment:
    """A sheet in the work year, under the region's rules as they are now, with its framework's points.

    Raises Refused with every reason.
    """
    content = [subject.pk, year, assessor, kind, asked]
    with acting(actor, "ex_ante.open", token=token, content=content) as act:
        current = _turn(subject)
        mine = Assessment.objects.filter(subject_year=current, assessor=assessor)
        running = mine.exclude(state=State.CONCLUDED).exists()
        finance_line = assessor is Assessor.FINANCE
        allowed = may_open(actor, current.kind, finance_line=finance_line, running=running)
        (allowed & require(asked > 0, "请填写申报金额")).demand()
        policy = for_region(current.region, current.year)
        rules = policy.section(ExAnteRules)
        due = assessment_due(budget_facts(current, asked), rules)
        sheet = Assessment.objects.create(
            region=current.region,
            year=year,
            number=_number(current.region, year),
            subject_year=current,
            trigger=("；".join(due.reasons) or "没有达到须评估的条件，主动开展")[:200],
            assessor=assessor,
            framework=kind,
            state=State.DRAFT,
            asked=asked,
            goal=current.goal,
            snapshot=snapshot_of(policy),
        )
        _lay_out(sheet, kind, rules)
        act.trace(sheet.reference, None, {"number": sheet.number, "asked": asked, "framework": kind})
        if finance_line:
            step(sheet, "assess_by_finance", act)
        act.answer = {"pk": sheet.pk}
    return sheet


def _turn(subject: SubjectYear) -> SubjectYear:
    """The subject, locked. Numbers run within a region: whoever opens another sheet there waits here."""
    Region.objects.select_for_update().get(pk=subject.region)
    return SubjectYear.objects.select_for_update().get(pk=subject.pk)


def _number(region: str, year: int) -> str:
    """The next free running number of the region's year."""
    taken = set(
        Assessment.objects.filter(region=region, number__startswith=f"{NUMBERED}{year}").values_list(
            "number", flat=True
        )
    )
    no = len(taken) + 1
    while f"{NUMBERED}{year}{no:03}" in taken:
        no += 1
    return f"{NUMBERED}{year}{no:03}"


def _lay_out(sheet: Assessment, kind: Framed, rules: ExAnteRules) -> None:
    chosen = framework(kind)
    try:
        full = full_points(chosen, rules.dimensions)
    except FrameworkError as error:
        raise Refused(str(error)) from None
    points = [
        AssessmentPoint(
            assessment=sheet,
            position=n,
            dimension=Dimension.read(point.dimension),
            level2=point.level2,
            name=point.name,
            look_at=point.look_at,
            full=mine,
        )
        for n, (point, mine) in enumerate(zip(chosen.points, full, strict=True), 1)
    ]
    bulk.insert(AssessmentPoint, points)


def describe(sheet: Assessment, actor: Actor, *, version: int, said: Mapping[str, Any], token: str = "") -> Assessment:
    """What is asked for and why: `said` by the fields of DESCRIBED. Raises Stale, Refused."""
    with acting(actor, "ex_ante.describe", token=token, content=[sheet.reference, version, dict(said)]) as act:
        current: Assessment = locked(sheet, version, act)
        may_describe(actor, current.facts()).demand()
        return _write(current, {name: said[name] for name in DESCRIBED}, act)


def judge(sheet: Assessment, actor: Actor, *, version: int, said: Mapping[str, Any], token: str = "") -> Assessment:
    """建议金额, 结论 and the words of the report: `said` by the fields of JUDGED. Raises Stale, Refused."""
    with acting(actor, "ex_ante.judge", token=token, content=[sheet.reference, version, dict(said)]) as act:
        current: Assessment = locked(sheet, version, act)
        may_judge(actor, current.facts(), current.submitted_by()).demand()
        return _write(current, {name: said[name] for name in JUDGED}, act)


def _write(current: Assessment, said: Mapping[str, Any], act: Act) -> Assessment:
    before = {name: getattr(current, name) for name in said}
    for name, value in said.items():
        setattr(current, name, value)
    return changed(current, tuple(said), act, before, dict(said))


def invite(
    sheet: Assessment,
    actor: Actor,
    expert: Expert,
    account: User,
    term: Mapping[str, Any],
    *,
    version: int,
    token: str = "",
) -> AssessmentExpert:
    """Ask an expert of the register to mark through his account, `since` a day `until` a day of `term`.

    The account opens this assessment alone. Raises Stale, Refused.
    """
    content = [sheet.reference, version, expert.pk, account.pk, {name: str(value) for name, value in term.items()}]
    with acting(actor, "ex_ante.invite", token=token, content=content) as act:
        current: Assessment = locked(sheet, version, act)
        allowed = may_mark(actor, current.facts()) & require(current.framework, "补录的评估没有评分要点，不能邀请专家")
        who = {"name": expert.name, "organisation": expert.organisation}
        allowed &= require(not current.experts.filter(**who).exists(), f"{expert.name}已经参加打分")
        taken = current.experts.filter(account=account).exists()
        (allowed & require(not taken, f"{account.name}的账号已经参加打分")).demand()
        contract = f"{current.number} {current.subject_year.name}"[:200]
        said = {"year": current.year, "contract": contract, **term}
        institutions.engage(act, expert, [account], current.subject_year, current.sheet_type, current.pk, said)
        made = AssessmentExpert.objects.create(
            assessment=current, **who, title=expert.title, expert=expert, account=account
        )
        changed(current, (), act, None, {"invited": str(expert)})
    return made


def give(
    expert: AssessmentExpert, actor: Actor, points: Mapping[int, Decimal], *, version: int, token: str = ""
) -> Assessment:
    """What an expert gives himself, by key of the point; the trail says that, not what. Raises Stale, Refused."""
    written = {str(key): plain(value) for key, value in sorted(points.items())}
    with acting(actor, "ex_ante.give", token=token, content=[expert.pk, version, written]) as act:
        # Experts mark side by side: each is held to his own version, not to the sheet's.
        current = Assessment.objects.select_for_update().get(pk=expert.assessment_id)
        mine = AssessmentExpert.objects.select_for_update().get(pk=expert.pk)
        if mine.version != version:
            raise Stale(mine.name, act.at, f"第 {mine.version} 次保存")
        may_give(current.facts(), mine.account_id is not None and mine.account_id == actor.user_id).demand()
        _within(current, points).demand()
        _given(mine, points)
        _add_up(current)
        return changed(current, ("total",), act, None, {"marked": mine.name})


def mark(
    sheet: Assessment,
    actor: Actor,
    *,
    version: int,
    who: Mapping[str, str],
    points: Mapping[int, Decimal],
    expert: AssessmentExpert | None = None,
    token: str = "",
) -> Assessment:
    """Enter what one expert gave on paper (by key of the point); `who` is name, organisation and title.

    Whoever is called as somebody of the register is that expert. Raises Stale, Refused.
    """
    written = {str(key): plain(value) for key, value in sorted(points.items())}
    content = [sheet.reference, version, expert.pk if expert else 0, dict(who), written]
    with acting(actor, "ex_ante.mark", token=token, content=content) as act:
        current: Assessment = locked(sheet, version, act)
        may_mark(actor, current.facts()).demand()
        _within(current, points).demand()
        others = current.experts.exclude(pk=expert.pk if expert else 0)
        twice = others.filter(name=who["name"], organisation=who["organisation"]).exists()
        allowed = require(not twice, f"{who['organisation']}的{who['name']}已经有一份打分，请在那一份里修改")
        allowed &= require(expert is None or expert.account_id is None, "这位专家由本人的账号打分")
        place = {"region": current.region, "name": who["name"], "organisation": who["organisation"]}
        known = Expert.objects.filter(**place).first()
        if known is not None:
            allowed &= institutions.may_ask(known, current.subject_year.unit_id)
        allowed.demand()
        if expert is None:
            mine, before = AssessmentExpert.objects.create(assessment=current, **who, expert=known), None
        else:
            mine, before = expert, {str(one.item_id): plain(one.points) for one in expert.marks.all()}
            AssessmentExpert.objects.filter(pk=mine.pk).update(**who, expert=known)
        _given(mine, points)
        _add_up(current)
        return changed(current, ("total",), act, before, {**who, "points": written})


def _given(expert: AssessmentExpert, points: Mapping[int, Decimal]) -> None:
    """These are the points of the expert now."""
    expert.marks.all().delete()
    bulk.insert(ExpertMark, [ExpertMark(expert=expert, item_id=key, points=value) for key, value in points.items()])
    AssessmentExpert.objects.filter(pk=expert.pk).update(version=F("version") + 1)


def _within(sheet: Assessment, points: Mapping[int, Decimal]) -> Any:
    """Every point of the sheet is scored between 0 and its full points, and no other is."""
    items = list(sheet.items.order_by("position"))
    decision = require({item.pk for item in items} == set(points), "评估要点已有变化，请刷新后重新填写")
    for item in items:
        given = points.get(item.pk)
        fits = given is None or 0 <= given <= item.full
        decision &= require(fits, f"“{item.name}”应在 0 至 {plain(item.full)} 分之间")
    return decision


def drop(sheet: Assessment, actor: Actor, expert: AssessmentExpert, *, version: int, token: str = "") -> Assessment:
    """An expert entered by mistake leaves with his points and his key; the trail keeps both. Raises Stale, Refused."""
    with acting(actor, "ex_ante.drop", token=token, content=[sheet.reference, version, expert.pk]) as act:
        current: Assessment = locked(sheet, version, act)
        may_mark(actor, current.facts()).demand()
        before = {"expert": expert.name, "points": {str(m.item_id): plain(m.points) for m in expert.marks.all()}}
        place = {"subjects__sheet_type": current.sheet_type, "subjects__sheet_id": current.pk}
        given = Engagement.objects.filter(**place, accounts=expert.account_id, ended_at=None)
        for engagement in given if expert.account_id else ():
            institutions.end(act, engagement, "移出专家打分")
        expert.delete()
        _add_up(current)
        return changed(current, ("total",), act, before, None)


def _add_up(sheet: Assessment) -> None:
    """A point is the average of its experts to 0.01; dimensions and total are sums of points."""
    sheet.scores.all().delete()
    sums: dict[Dimension, Decimal] = {}
    for line in sheet.point_lines():
        if line.spread is not None:
            sums[line.item.dimension] = sums.get(line.item.dimension, Decimal(0)) + line.spread.average
    bulk.insert(DimensionScore, [DimensionScore(assessment=sheet, dimension=d, points=p) for d, p in sums.items()])
    sheet.total = sum(sums.values(), Decimal(0)) if sums else None


def after_step(sheet: Assessment, code: str, act: Act) -> None:
    """Concluding writes why, and the clearance: the advised amount where it is supported, nothing where it is not."""
    if code != "conclude":
        return
    SubjectYear.objects.select_for_update().get(pk=sheet.subject_year_id)
    policy, today = sheet.snapshot.policy(), timezone.localdate(act.at)
    points = {score.dimension.label: score.points for score in sheet.scores.order_by("id")}
    source = policy.provenance(ExAnteRules.section, "support_from").source
    verdict = Verdict(sheet.conclusion)
    sheet.because = because(points, verdict, sheet.reason, policy.section(ExAnteRules), source)
    sheet.concluded_on = today
    sheet.save(update_fields=["because", "concluded_on"])
    covered = (sheet.advised or 0) if verdict in SUPPORTING else 0
    facts = {"verdict": verdict, "covered": covered, "reason": sheet.because, "on": today, "region": sheet.region}
    place: dict[str, Any] = {"subject_year": sheet.subject_year, "source": sheet.number}
    Clearance.objects.create(**place, **facts)
    act.trace(f"subject_year:{sheet.subject_year_id}", None, {"clearance": verdict, "covered": covered})


def exempt(
    subject: SubjectYear,
    actor: Actor,
    year: int,
    *,
    category: str,
    reason: str,
    approver: str,
    on: dt.date,
    fen: int,
    token: str = "",
) -> Exemption:
    """Register why an assessment that is due is not made; it clears up to `fen`. Raises Refused with every reason."""
    with acting(
        actor, "ex_ante.exempt", token=token, content=[subject.pk, category, reason, approver, str(on), fen]
    ) as act:
        current = SubjectYear.objects.select_for_update().get(pk=subject.pk)
        rules = for_region(current.region, current.year).section(ExAnteRules)
        allowed = may_exempt(actor, category, reason, approver, on, timezone.localdate(act.at), rules)
        due = assessment_due(budget_facts(current, max(fen, current.budget)), rules).required
        taken = Exemption.objects.filter(subject_year=current, category=category).exists()
        allowed &= require(due, "这个对象没有达到须评估的条件，不需要登记例外")
        allowed &= require(not taken, "这一类例外已经登记；金额增加的，请就增加部分开展评估")
        (allowed & require(fen > 0, "请填写例外所涉金额")).demand()
        said = {"category": category, "reason": reason, "approver": approver, "on": on}
        kept = Exemption.objects.create(subject_year=current, region=current.region, year=year, **said)
        Clearance.objects.create(
            subject_year=current,
            region=current.region,
            verdict=Verdict.EXEMPT,
            covered=fen,
            reason=f"{category}：{reason}（{approver}批准）",
            source=f"例外：{category}",
            on=on,
        )
        act.trace(f"subject_year:{current.pk}", None, {**said, "on": str(on), "covered": fen})
        act.answer = {"pk": kept.pk}
    return kept


def asked_before(subject: SubjectYear) -> int:
    """What an assessment would ask for, as far as the register knows: the year's budget, or what 预算指标 state."""
    stated = subject.appropriations.aggregate(sum=Sum("fen"))["sum"] or 0
    return max(subject.budget, stated)
