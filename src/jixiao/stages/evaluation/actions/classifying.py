"""To which classes of the taxonomy the problems of an evaluation belong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jixiao.domain.actors import Actor
from jixiao.domain.decisions import require
from jixiao.domain.problems import ProblemRules, written
from jixiao.kit.acting import acting
from jixiao.kit.moving import changed, locked
from jixiao.policies import for_region

from ..models import Evaluation, Problem
from ..rules import may_classify


def classify(
    sheet: Evaluation, actor: Actor, kinds: Mapping[int, Sequence[str]], *, version: int, token: str = ""
) -> Evaluation:
    """Confirm the classes of problems (by key), also after the conclusion. Raises Stale, Refused."""
    said = {str(key): list(codes) for key, codes in sorted(kinds.items())}
    with acting(actor, "evaluation.classify", token=token, content=[sheet.reference, version, said]) as act:
        current: Evaluation = locked(sheet, version, act)
        may_classify(actor, current.method).demand()
        rules = for_region(current.region, current.year).section(ProblemRules)
        rows = {row.pk: row for row in current.problems.order_by("pk")}
        require(set(kinds) <= set(rows), "发现的问题已有变化，请刷新后重新归类").demand()
        before = {row.category: row.kinds for row in rows.values()}
        for key, codes in kinds.items():
            rows[key].kinds = written(codes, rules)
            require(rows[key].kinds, f"请为“{rows[key].category}”至少选一类，没有合适的选“其他”").demand()
        Problem.objects.bulk_update(rows.values(), ["kinds"])
        changed(current, (), act, before, {row.category: row.kinds for row in rows.values()})
    return current
