"""How many rules a self-evaluation hit, by subject-year: the number that makes a sheet a certain pick."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch

from jixiao.domain.actors import Actor
from jixiao.domain.checks import Level
from jixiao.domain.checks.sheet import Rules, SheetCheckRules, audit, score_table
from jixiao.domain.grades import GradeRules
from jixiao.domain.policy import Policy
from jixiao.domain.scoring import ScoringRules
from jixiao.stages.evaluation.findings.models import AuditFinding, Examination
from jixiao.stages.evaluation.self_evaluation.models import Score, SelfEvaluation
from jixiao.stages.evaluation.self_evaluation.reports.sheets import as_published
from jixiao.stages.evaluation.self_evaluation.workflow import State

WITH_LINES = Prefetch("scores", Score.objects.select_related("line"))


def hits(region: str, object_year: int, work_year: int, *, unexamined: bool) -> dict[int, int]:
    """Findings of the level 错误 per sheet of the work year that stand after its audit.

    `unexamined`: sheets that nobody audited are judged by the rules now, which takes its time; else they have none.
    """
    here: dict[str, Any] = {"region": region, "year": work_year, "subject_year__year": object_year}
    examined = dict.fromkeys(Examination.objects.filter(**here).values_list("subject_year", flat=True), 0)
    standing = AuditFinding.objects.filter(**here, level=Level.ERROR).standing().order_by()
    found = examined | dict(standing.values_list("subject_year").annotate(n=Count("pk")))
    if not unexamined:
        return found
    rows = SelfEvaluation.objects.filter(**here).filter(~Exists(_examinations()))
    return found | _by_rule(rows.select_related("subject_year", "snapshot").prefetch_related(WITH_LINES))


def _examinations() -> Any:
    return Examination.objects.filter(self_evaluation=OuterRef("pk"))


def unexamined(actor: Actor, work_year: int) -> int:
    """How many filed self-evaluations that the actor sees were not audited as they stand now."""
    rows = SelfEvaluation.objects.visible_to(actor).filter(year=work_year).exclude(state=State.DRAFT)
    known = _examinations().filter(sheet_version=OuterRef("version"))
    return rows.filter(~Exists(known)).count()


def _by_rule(sheets: Iterable[SelfEvaluation]) -> dict[int, int]:
    """What the rules find on sheets that were not audited; each is judged by its own snapshot."""
    known: dict[str, Rules] = {}
    found = {}
    for sheet in sheets:
        if sheet.snapshot_id not in known:
            known[sheet.snapshot_id] = _rules(sheet.snapshot.policy())
        scores = sorted(sheet.scores.all(), key=lambda score: score.position)
        findings = audit(score_table(as_published(sheet, scores), known[sheet.snapshot_id])).findings
        found[sheet.subject_year_id] = sum(one.level is Level.ERROR for one in findings)
    return found


def _rules(policy: Policy) -> Rules:
    return Rules(policy.section(ScoringRules), policy.section(GradeRules), policy.section(SheetCheckRules))
