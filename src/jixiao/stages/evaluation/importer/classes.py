"""归类 of problems: names of the taxonomy in the table, codes in the store."""

from __future__ import annotations

import re

from jixiao.domain.problems import ProblemRules, written
from jixiao.kit.importing import ImportScope, Plan
from jixiao.kit.tables import Reading

from .lines import Lines

_BETWEEN = re.compile(r"[、，,；;\s]+")


def read_classes(reading: Reading | None, problems: Lines, scope: ImportScope, plan: Plan) -> None:
    """Names (or codes) to codes; a name that the region's rules do not know is a problem of its row."""
    if reading is None:
        return
    rules = scope.policies(scope.region, scope.year).section(ProblemRules)
    codes = {name: code for code, name in rules.choices()} | {code: code for code, _ in rules.choices()}
    for row in reading.rows:
        wanted = [name for name in _BETWEEN.split(str(row.values["kinds"] or "")) if name]
        if unknown := [name for name in wanted if name not in codes]:
            known = "、".join(name for _, name in rules.choices())
            message = f"没有“{'、'.join(unknown)}”这一类，可填：{known}"
            plan.problems.append(reading.problem(row, "kinds", message))
        problem = problems.wanted.get((row.values["number"], row.values["category"]))
        if problem is not None:
            problem.kinds = written((codes.get(name, "") for name in wanted), rules)


def keep_classes(problems: Lines) -> None:
    """What was confirmed stays where the table says nothing of it."""
    for key, problem in problems.wanted.items():
        before = problems.stored.get(key)
        if before is not None and not problem.kinds:
            problem.kinds = before.kinds
