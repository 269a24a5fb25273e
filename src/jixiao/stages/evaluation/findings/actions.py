"""Acts of 自评审核: a year is examined, a unit answers, and the day of a judgement is kept."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.db.models import F
from django.utils import timezone

from jixiao.domain.actors import Actor
from jixiao.domain.checks import Finding
from jixiao.domain.checks.audits import TITLES
from jixiao.domain.decisions import require
from jixiao.kit import bulk
from jixiao.kit.acting import Act, Stale, acting
from jixiao.kit.models import Transition
from jixiao.kit.moving import decide, locked, step
from jixiao.policies import for_region

from ..self_evaluation.models import SelfEvaluation
from .models import AuditFinding, Examination
from .reports.examining import Examined, look
from .reports.records import filed
from .rules import (
    FindingFacts,
    FindingRules,
    Verdict,
    answer_written,
    may_answer,
    may_examine,
    rejection_reasoned,
)
from .workflow import JUDGED, WAITING, State


def examine(actor: Actor, year: int, *, only: Iterable[int] | None = None, token: str = "") -> int:
    """Every rule on the filed self-evaluations of a work year; how many were examined. Raises Refused.

    A finding that holds no longer is closed, one that comes back is opened again; what was judged stays judged.
    """
    chosen = None if only is None else set(only)
    with acting(actor, "audit_finding.examine", token=token, content=[year, sorted(chosen or ())]) as act:
        may_examine(actor).demand()
        bulk.take_turn(actor.region)
        policy = for_region(actor.region, year)
        examined = look(actor.region, year, policy, chosen)
        today = timezone.localdate(act.at)
        due = today + dt.timedelta(days=policy.section(FindingRules).answer_days)
        before = _before(examined)
        for one in examined:
            _keep(one, before.get(one.sheet.pk, {}), today, due, act)
        _examined(examined, act)
        found = sum(len(one.findings) for one in examined)
        act.trace(f"audit_findings:{actor.region}:{year}", None, {"sheets": len(examined), "findings": found})
        act.answer = {"count": len(examined), "findings": found}
    return len(examined)


def examine_filed(actor: Actor, year: int) -> int:
    """Examine the filed sheets that were never examined or have changed since; how many."""
    sheets = filed(actor.region, [year])
    known = sheets.filter(examination__sheet_version=F("version")).values_list("pk", flat=True)
    waiting = set(sheets.values_list("pk", flat=True)) - set(known)
    return examine(actor, year, only=waiting) if waiting else 0


def examine_changed(actor: Actor, year: int) -> int:
    """Examine the filed sheets of which anything has changed that the rules read; how many.

    Payments, monitoring, evidence, stops, other units' sheets, last year's and the policy all count; a sheet whose
    facts stand as they stood is left alone, so that quiet nights write nothing.
    """
    known = dict(Examination.objects.filter(region=actor.region, year=year).values_list("self_evaluation", "inputs"))
    found = look(actor.region, year, for_region(actor.region, year))
    changed = {one.sheet.pk for one in found if known.get(one.sheet.pk) != one.inputs}
    return examine(actor, year, only=changed) if changed else 0


def _before(examined: list[Examined]) -> dict[int, dict[tuple[str, str], AuditFinding]]:
    """What is stored of these sheets, by sheet and by rule and line, locked in the order of their keys."""
    rows = AuditFinding.objects.select_for_update().filter(self_evaluation__in=[one.sheet.pk for one in examined])
    found: dict[int, dict[tuple[str, str], AuditFinding]] = {}
    for row in rows.order_by("pk"):
        found.setdefault(row.self_evaluation_id, {})[(row.code, row.line)] = row
    return found


def _keep(one: Examined, before: dict[tuple[str, str], AuditFinding], today: dt.date, due: dt.date, act: Act) -> None:
    """Store what is new, renew what still holds, close what does not."""
    now = {(finding.code, finding.line or ""): finding for finding in one.findings}
    fresh = [_finding(one, finding, today, due) for key, finding in now.items() if key not in before]
    bulk.insert_with_keys(AuditFinding, fresh)
    for key, row in before.items():
        finding = now.get(key)
        if finding is None:
            _gone(row, act)
        elif not row.holds or row.message != finding.message or row.state == State.CLOSED:
            row.holds, row.message = True, finding.message
            row.save(update_fields=["holds", "message"])
            if row.state == State.CLOSED:
                row.due_on = due
                row.save(update_fields=["due_on"])
                step(row, "reopen", act)


def _gone(row: AuditFinding, act: Act) -> None:
    if row.holds:
        row.holds = False
        row.save(update_fields=["holds"])
    if row.state in WAITING:
        step(row, "close", act)


def _finding(one: Examined, finding: Finding, today: dt.date, due: dt.date) -> AuditFinding:
    return AuditFinding(
        region=one.sheet.region,
        year=one.sheet.year,
        self_evaluation=one.sheet,
        subject_year=one.sheet.subject_year,
        code=finding.code,
        line=finding.line or "",
        level=finding.level,
        message=finding.message,
        citation=finding.citation,
        found_on=today,
        due_on=due,
    )


def _examined(examined: list[Examined], act: Act) -> None:
    """That the sheets were examined, and what could not be checked."""
    Examination.objects.filter(self_evaluation__in=[one.sheet.pk for one in examined]).delete()
    rows = [
        Examination(
            region=one.sheet.region,
            year=one.sheet.year,
            self_evaluation=one.sheet,
            subject_year=one.sheet.subject_year,
            at=act.at,
            sheet_version=one.sheet.version,
            inputs=one.inputs,
            unchecked="\n".join(_unchecked(one.unchecked)),
        )
        for one in examined
    ]
    bulk.insert_with_keys(Examination, rows)


def _unchecked(findings: Sequence[Finding]) -> Iterator[str]:
    """One sentence for a rule and what it lacks, with how many indicators that is so of."""
    counted = Counter((finding.code, finding.message) for finding in findings)
    lines = Counter((finding.code, finding.message) for finding in findings if finding.line)
    for code, message in counted:
        said = f"（{lines[code, message]} 个指标）" if lines[code, message] else ""
        yield f"{TITLES.get(code, code)}：{message}{said}"


def answer(finding: AuditFinding, actor: Actor, *, version: int, words: str, token: str = "") -> AuditFinding:
    """What the unit says of a finding; it may be put better until the judgement. Raises Stale, Refused."""
    with acting(actor, "audit_finding.reply", token=token, content=[finding.reference, version, words]) as act:
        current: AuditFinding = locked(finding, version, act)
        (may_answer(actor, current.waiting) & answer_written(FindingFacts(words))).demand()
        before, current.answer = current.answer, words.strip()
        current.save(update_fields=["answer"])
        act.trace(current.reference, {"answer": before}, {"answer": current.answer})
        if current.state == State.OPEN:
            step(current, "answer", act)
        else:
            current.version += 1
            current.save(update_fields=["version"])
        act.answer = {"version": current.version}
    return current


def after_step(finding: AuditFinding, code: str, act: Act) -> None:
    """The day of the judgement is kept, and forgotten when it is taken back."""
    if code in ("confirm", "reject", "reconsider"):
        finding.judged_on, finding.judged_in = (timezone.localdate(act.at) if finding.state in JUDGED else None), ""
        finding.save(update_fields=["judged_on", "judged_in"])


def seen_of(findings: Iterable[AuditFinding]) -> int:
    """The versions of several findings as one number: it rises whenever one of them changes or another comes up."""
    return sum(finding.version for finding in findings)


def judge_all(sheet: SelfEvaluation, verdicts: Mapping[int, Verdict], act: Act, *, seen: int, number: str) -> None:
    """Judge findings of a sheet (by key) inside the act of the recheck `number`, all of them or none.

    `seen` is `seen_of` all findings of the sheet when they were read. Raises Stale, Refused with every reason.
    """
    rows = {row.pk: row for row in sheet.audit_findings.select_for_update().order_by("pk")}
    if seen_of(rows.values()) != seen:
        raise _changed(sheet, act)
    require(verdicts, "请至少判断一条疑点").demand()
    require(set(verdicts) <= set(rows), "疑点已有变化，请刷新后重新判断").demand()
    rejection_reasoned({str(rows[key]): said for key, said in verdicts.items()}).demand()
    for key, said in sorted(verdicts.items()):
        row, code = rows[key], "confirm" if said.confirmed else "reject"
        note = "：".join(filter(None, (f"抽查复核 {number}", said.reason.strip())))
        decide(row, code, act.actor, note).demand()
        step(row, code, act, note)
        after_step(row, code, act)
        row.judged_in = number
        row.save(update_fields=["judged_in"])


def _changed(sheet: SelfEvaluation, act: Act) -> Stale:
    """Who answered, judged or examined last."""
    keys = [row.pk for row in sheet.audit_findings.all()]
    rows = Transition.objects.filter(region=sheet.region, sheet_type=AuditFinding._meta.label_lower, sheet_id__in=keys)
    last = rows.order_by("id").last()
    who, at = (last.actor, last.at) if last else ("自评检查", act.at)
    return Stale(who, at, "疑点已有变化")
