"""Acts of the register: agencies, experts, selections, engagements, deliverables and the appraisal of an agency."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import timezone

from jixiao.domain.actors import Actor, Role
from jixiao.domain.decisions import ALLOWED, Decision, Refused, require
from jixiao.domain.quantities import plain
from jixiao.kit import bulk
from jixiao.kit.acting import Act, Stale, acting
from jixiao.kit.attachments import attached
from jixiao.kit.models import AuditEntry
from jixiao.policies import for_region
from jixiao.registers.organizations.models import Grant, Unit, User
from jixiao.registers.subjects.models import SubjectYear

from .models import (
    Agency,
    AgencyMark,
    AgencyScore,
    Appraiser,
    Bid,
    Deliverable,
    Engagement,
    EngagementSubject,
    Expert,
    Recusal,
    Selection,
    SelectionRecord,
)
from .rules import (
    AgencyFacts,
    AgencyQualityRules,
    InstitutionRules,
    agency_grade,
    appraiser_qualified,
    credit_code_fits,
    drawn,
    may_choose,
    quality_within,
    suspends,
    term_stands,
)

AGENCY = (
    "name",
    "credit_code",
    "platform_number",
    "checked_on",
    "violation",
    "suspended_until",
    "suspension",
    "contact",
)
EXPERT = ("name", "organisation", "title", "field", "contact", "active")


def may_keep(actor: Actor) -> Decision:
    """The register is kept by the performance office."""
    return require(actor.role is Role.PERFORMANCE_OFFICE, "机构和专家由绩效股登记")


def facts_of(agency: Agency, units: Iterable[int] = ()) -> AgencyFacts:
    """An agency as it stands, with its declared relations to these units (by key of Unit)."""
    rules = for_region(agency.region, agency.year).section(InstitutionRules)
    qualified = [
        one
        for one in agency.appraisers.all()
        if appraiser_qualified(one.working_years, one.evaluating_years, one.qualification, rules)
    ]
    return AgencyFacts(
        name=agency.name,
        credit_code=agency.credit_code,
        platform_number=agency.platform_number,
        checked_on=agency.checked_on,
        evidence=attached(agency).exists(),  # type: ignore[arg-type]
        qualified_appraisers=len(qualified),
        suspended_until=agency.suspended_until,
        clean_record=not agency.violation.strip(),
        refused_by=tuple(one.relation for one in agency.recusals.filter(unit__in=list(units))),
        rules=rules,
    )


def _locked(row: Any, version: int, act: Act) -> Any:
    """The row as it stands, locked. Raises Stale if it has moved on."""
    current = type(row)._default_manager.select_for_update().get(pk=row.pk)
    if current.version != version:
        last = AuditEntry.objects.filter(region=row.region, object=row.reference).order_by("seq").last()
        raise Stale(last.actor if last else "他人", last.at if last else act.at, f"第 {current.version} 次保存")
    return current


def keep_agency(
    actor: Actor,
    year: int,
    said: Mapping[str, Any],
    appraisers: Sequence[Mapping[str, Any]],
    agency: Agency | None = None,
    *,
    version: int = 0,
    token: str = "",
) -> Agency:
    """Register an agency with its 主评人, or correct it. Raises Stale, Refused."""
    content = [
        agency.pk if agency else 0,
        year,
        version,
        {k: str(v) for k, v in said.items()},
        list(map(dict, appraisers)),
    ]
    with acting(actor, "institutions.agency", token=token, content=content) as act:
        may_keep(actor).demand()
        rows = Agency.objects.filter(region=actor.region, year=year, name=said["name"])
        once = require(not rows.exclude(pk=agency.pk if agency else 0).exists(), "本年度已登记同名机构")
        (once & _entered(said, timezone.localdate(act.at))).demand()
        current = _locked(agency, version, act) if agency else Agency(region=actor.region, year=year, version=0)
        before = {name: str(getattr(current, name)) for name in AGENCY} if agency else None
        for name in AGENCY:
            setattr(current, name, said[name])
        current.lead_appraiser = appraisers[0]["name"] if appraisers else ""
        current.version += 1
        current.save()
        current.appraisers.all().delete()
        bulk.insert(Appraiser, [Appraiser(agency=current, **one) for one in appraisers])
        act.trace(current.reference, before, {name: str(said[name]) for name in AGENCY})
        act.answer = {"pk": current.pk}
    return current


def _entered(said: Mapping[str, Any], today: dt.date) -> Decision:
    """What is typed of an agency can be true: the code's check digit, a check that is not in the future."""
    code, checked = said["credit_code"], said["checked_on"]
    return require(
        not code or credit_code_fits(code), "统一社会信用代码的校验位不对，请核对（18 位，第 18 位由前 17 位算出）"
    ) & require(checked is None or checked <= today, "核查日期不能晚于今天")


def keep_expert(
    actor: Actor, said: Mapping[str, Any], expert: Expert | None = None, *, version: int = 0, token: str = ""
) -> Expert:
    """Register an expert, or correct him. Raises Stale, Refused."""
    content = [expert.pk if expert else 0, version, {k: str(v) for k, v in said.items()}]
    with acting(actor, "institutions.expert", token=token, content=content) as act:
        may_keep(actor).demand()
        same = Expert.objects.filter(region=actor.region, name=said["name"], organisation=said["organisation"])
        require(not same.exclude(pk=expert.pk if expert else 0).exists(), "这位专家已经在库").demand()
        current = _locked(expert, version, act) if expert else Expert(region=actor.region, version=0)
        for name in EXPERT:
            setattr(current, name, said[name])
        current.version += 1
        current.save()
        act.trace(current.reference, None, {name: str(said[name]) for name in EXPERT})
        act.answer = {"pk": current.pk}
    return current


def declare(
    actor: Actor, party: Agency | Expert, unit: Unit, relation: str, on: dt.date, *, token: str = ""
) -> Recusal:
    """回避: note a relation with a unit. Raises Refused."""
    content = [party.reference, unit.pk, relation, str(on)]
    with acting(actor, "institutions.recusal", token=token, content=content) as act:
        may_keep(actor).demand()
        place: dict[str, Any] = {"agency": party} if isinstance(party, Agency) else {"expert": party}
        kept = Recusal.objects.create(**place, unit=unit, relation=relation, declared_on=on)
        act.trace(party.reference, None, {"unit": unit.pk, "relation": relation})
        act.answer = {"pk": kept.pk}
    return kept


def select(
    actor: Actor,
    year: int,
    said: Mapping[str, Any],
    bids: Sequence[Mapping[str, Any]],
    chosen: Agency | None,
    *,
    token: str = "",
) -> SelectionRecord:
    """Record a selection: who took part with quote and mark, who was chosen; a draw chooses by its seed.

    Raises Refused with every reason against the one chosen.
    """
    content = [year, {k: str(v) for k, v in said.items()}, [str(dict(one)) for one in bids], chosen.pk if chosen else 0]
    with acting(actor, "institutions.select", token=token, content=content) as act:
        may_keep(actor).demand()
        require(bids, "请至少填写一家参选机构").demand()
        ranks: dict[str, int] = {}
        if said["way"] == Selection.RANDOM:
            require(str(said["seed"]).strip(), "随机抽取须写明随机种子").demand()
            order = drawn((one["agency"].name for one in bids), said["seed"])
            ranks = {name: n for n, name in enumerate(order, 1)}
            chosen = next(one["agency"] for one in bids if one["agency"].name == order[0])
        if chosen is None or chosen.pk not in {one["agency"].pk for one in bids}:
            raise Refused("请在参选机构里选定一家")
        _reasoned(said, bids, chosen).demand()
        may_choose(facts_of(chosen), timezone.localdate(act.at)).demand()
        record = SelectionRecord.objects.create(
            region=actor.region, year=year, chosen=chosen, actor=actor.name, on=timezone.localdate(act.at), **said
        )
        bulk.insert(Bid, [Bid(record=record, rank=ranks.get(one["agency"].name), **one) for one in bids])
        act.trace(f"institutions.selectionrecord:{record.pk}", None, {"chosen": chosen.name, "bids": len(bids)})
        act.answer = {"pk": record.pk}
    return record


def _reasoned(said: Mapping[str, Any], bids: Sequence[Mapping[str, Any]], chosen: Agency) -> Decision:
    """询价 compares quotes, 竞争性评审 marks; who was not the cheapest or the best is chosen with a reason only."""
    reason = str(said["reason"]).strip()
    mine = next(one for one in bids if one["agency"].pk == chosen.pk)
    if said["way"] == Selection.INQUIRY:
        quoted = [one["fen"] for one in bids]
        if None in quoted:
            return Decision(("询价须填写每家机构的报价",))
        return require(mine["fen"] == min(quoted) or reason, "选定的不是最低报价，请写明理由")
    if said["way"] == Selection.COMPETITION:
        marked = [one["points"] for one in bids]
        if None in marked:
            return Decision(("竞争性评审须填写每家机构的评审得分",))
        return require(mine["points"] == max(marked) or reason, "选定的不是得分最高的，请写明理由")
    return require(reason or said["way"] == Selection.RANDOM, "请写明选定的理由")


def engage(
    act: Act,
    party: Agency | Expert,
    accounts: Sequence[User],
    subject: SubjectYear,
    sheet_type: str,
    sheet_id: int,
    said: Mapping[str, Any],
) -> Engagement:
    """Engage an agency or an expert for one sheet, inside the act of whoever entrusts it.

    `said`: year (of the work), contract, since, until, fee, selection. Raises Refused with every reason.
    """
    today = timezone.localdate(act.at)
    decision = term_stands(said["since"], said["until"]) & _account_stands(act.actor.region, party, accounts)
    if isinstance(party, Agency):
        decision &= may_choose(facts_of(party, [subject.unit_id]), today)
    else:
        decision &= may_ask(party, subject.unit_id)
    decision.demand()
    place: dict[str, Any] = {"agency": party} if isinstance(party, Agency) else {"expert": party}
    kept = Engagement.objects.create(region=act.actor.region, **place, **said)
    kept.accounts.set(accounts)
    entrust(act, kept, subject, sheet_type, sheet_id)
    return kept


def may_ask(expert: Expert, unit: int) -> Decision:
    """An expert of the register may be asked about a unit (by key of Unit): still in it, and not related."""
    relations = [one.relation for one in expert.recusals.filter(unit=unit)]
    return require(expert.active, f"{expert.name}已不在专家库") & require(
        not relations, f"{expert.name}应回避：{'；'.join(relations)}"
    )


def entrust(act: Act, engagement: Engagement, subject: SubjectYear, sheet_type: str, sheet_id: int) -> None:
    """Open one sheet and its subject to an engagement."""
    EngagementSubject.objects.create(
        engagement=engagement, subject_year=subject, sheet_type=sheet_type, sheet_id=sheet_id
    )
    act.trace(
        engagement.reference,
        None,
        {
            "name": engagement.name,
            "sheet": f"{sheet_type}:{sheet_id}",
            "since": str(engagement.since),
            "until": str(engagement.until),
        },
    )


def _account_stands(region: str, party: Agency | Expert, accounts: Sequence[User]) -> Decision:
    role = Role.AGENCY if isinstance(party, Agency) else Role.EXPERT
    held = set(Grant.objects.filter(region=region, role=role, user__in=accounts).values_list("user", flat=True))
    wrong = "、".join(one.name for one in accounts if one.pk not in held)
    return require(not wrong, f"{wrong}没有“{role.label}”的授权")


def change_term(
    engagement: Engagement, actor: Actor, since: dt.date, until: dt.date, *, version: int, token: str = ""
) -> Engagement:
    """Lengthen, shorten or end an engagement: its accounts' key follows at once. Raises Stale, Refused."""
    content = [engagement.reference, version, str(since), str(until)]
    with acting(actor, "institutions.term", token=token, content=content) as act:
        may_keep(actor).demand()
        current: Engagement = _locked(engagement, version, act)
        decision = term_stands(since, until) & require(current.ended_at is None, "委托已经终止，不能再改委托期")
        (decision & _no_other_agency(current, until)).demand()
        before = {"since": str(current.since), "until": str(current.until)}
        current.since, current.until = since, until
        current.version += 1
        current.save(update_fields=["since", "until", "version"])
        act.trace(current.reference, before, {"since": str(since), "until": str(until)})
    return current


def _no_other_agency(engagement: Engagement, until: dt.date) -> Decision:
    """One agency works on a sheet at a time: a term that is over is not lengthened into that of its successor."""
    if engagement.agency_id is None or until <= engagement.until:
        return ALLOWED
    mine = engagement.subjects.values_list("sheet_type", "sheet_id")
    later = Engagement.objects.filter(agency__isnull=False, ended_at=None)
    later = later.filter(until__gte=engagement.since, since__lte=until)
    sheets = Q()
    for sheet_type, sheet_id in mine:
        sheets |= Q(subjects__sheet_type=sheet_type, subjects__sheet_id=sheet_id)
    other = later.filter(sheets).exclude(pk=engagement.pk).order_by("since").first() if sheets else None
    return require(other is None, f"这段时间已由{other.name if other else ''}承担，不能再延长")


def end(act: Act, engagement: Engagement, because: str) -> None:
    """End an engagement before its time, inside the act of whoever entrusted it; the record of it stays."""
    require(because.strip(), "请填写终止原因").demand()
    current = Engagement.objects.select_for_update().get(pk=engagement.pk)
    require(current.ended_at is None, "委托已经终止").demand()
    current.ended_at, current.ended_because = act.at, because.strip()
    current.version += 1
    current.save(update_fields=["ended_at", "ended_because", "version"])
    act.trace(current.reference, None, {"ended": str(act.at), "because": current.ended_because})


def keep_deliverables(
    engagement: Engagement, actor: Actor, rows: Sequence[Mapping[str, Any]], *, version: int, token: str = ""
) -> Engagement:
    """What is owed under an engagement by when, and when it came. Raises Stale, Refused."""
    content = [engagement.reference, version, [str(dict(one)) for one in rows]]
    with acting(actor, "institutions.deliverables", token=token, content=content) as act:
        may_keep(actor).demand()
        require(len({one["name"] for one in rows}) == len(rows), "同名的交付成果请合并成一条").demand()
        current: Engagement = _locked(engagement, version, act)
        current.deliverables.all().delete()
        bulk.insert(Deliverable, [Deliverable(engagement=current, **one) for one in rows])
        current.version += 1
        current.save(update_fields=["version"])
        act.trace(current.reference, None, {"deliverables": [str(dict(one)) for one in rows]})
    return current


def judge(
    engagement: Engagement,
    actor: Actor,
    points: Mapping[str, Decimal],
    remark: str,
    *,
    version: int,
    token: str = "",
) -> AgencyScore:
    """机构考核 of one engagement; C as often in a row as the rules say suspends the agency for a year.

    Raises Stale, Refused.
    """
    given = {name: plain(value) for name, value in points.items()}
    content = [engagement.reference, version, given, remark]
    with acting(actor, "institutions.judge", token=token, content=content) as act:
        may_keep(actor).demand()
        current: Engagement = _locked(engagement, version, act)
        agency = current.agency
        if agency is None or AgencyScore.objects.filter(engagement=current).exists():
            raise Refused("只考核第三方机构，且每项委托考核一次")
        rules = for_region(current.region, current.year).section(AgencyQualityRules)
        quality_within(points, rules).demand()
        total, today = sum(points.values(), Decimal(0)), timezone.localdate(act.at)
        said = {"total": total, "grade": agency_grade(total, rules), "remark": remark, "on": today, "actor": actor.name}
        score = AgencyScore.objects.create(engagement=current, region=current.region, **said)
        marks = [AgencyMark(score=score, item=n, full=rules.items[n], points=value) for n, value in points.items()]
        bulk.insert(AgencyMark, marks)
        current.version += 1
        current.save(update_fields=["version"])
        act.trace(current.reference, None, {"total": plain(total), "grade": score.grade, "points": given})
        if suspends([one.grade for one in history(agency)], rules):
            _suspend(agency, f"连续 {rules.suspend_after} 次考核为 C", today, act)
    return score


def _suspend(agency: Agency, reason: str, today: dt.date, act: Act) -> None:
    """For a year nobody may choose the agency."""
    agency.suspended_until, agency.suspension = today + dt.timedelta(days=365), reason
    agency.version += 1
    agency.save(update_fields=["suspended_until", "suspension", "version"])
    act.trace(agency.reference, None, {"suspended_until": str(agency.suspended_until)})


def history(agency: Agency) -> list[AgencyScore]:
    """The appraisals of an agency through the years (by name), oldest first."""
    rows = AgencyScore.objects.filter(region=agency.region, engagement__agency__name=agency.name)
    return list(rows.select_related("engagement").order_by("on", "pk"))
