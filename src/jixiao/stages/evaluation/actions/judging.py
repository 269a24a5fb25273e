"""抽查复核 judges what the audit found on the self-evaluation that it rechecks."""

from __future__ import annotations

from collections.abc import Mapping

from jixiao.domain.actors import Actor
from jixiao.domain.decisions import require
from jixiao.kit.acting import acting

from ..findings.actions import judge_all
from ..findings.rules import Verdict
from ..models import Evaluation
from ..rules import may_work
from ..workflow import State


def judge_findings(
    sheet: Evaluation, actor: Actor, verdicts: Mapping[int, Verdict], *, version: int, token: str = ""
) -> int:
    """Findings by key, each confirmed or rejected; how many. `version` is `seen_of` all findings of the sheet.

    The recheck's own version stays: points may be written at the same time. Raises Stale, Refused.
    """
    said = {str(key): [one.confirmed, one.reason] for key, one in sorted(verdicts.items())}
    with acting(actor, "evaluation.judge", token=token, content=[sheet.reference, version, said]) as act:
        current = Evaluation.objects.select_for_update().get(pk=sheet.pk)
        may_work(actor, current.facts(), open_now=current.state == State.WORKING).demand()
        rechecked = current.rechecked
        require(rechecked is not None, "这项复核没有对应的单位自评，没有疑点可判断").demand()
        if rechecked is not None:
            judge_all(rechecked, verdicts, act, seen=version, number=current.number)
        act.trace(current.reference, None, {"judged": len(verdicts)})
        act.answer = {"count": len(verdicts)}
    return len(verdicts)
