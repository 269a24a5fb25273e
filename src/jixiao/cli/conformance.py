"""The scoring suite over a line protocol: one JSON case in, one JSON answer out, whoever answers.

The protocol and the files are described in conformance/README.md.
"""

from __future__ import annotations

import argparse
import json
import shlex
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any

from jixiao.domain.checks.sheet import Rules, SheetCheckRules, audit, score_table
from jixiao.domain.grades import GradeRules, grade_of
from jixiao.domain.policy import Layer, PolicyError, resolve
from jixiao.domain.published import MalformedTable, read, read_line
from jixiao.domain.quantities import Unreadable, read_amount, read_number
from jixiao.domain.scoring import LineScore, ScoringRules, UnknownMethod, score_execution, score_line

from .environment import checkout

FAILED = 1
USED_WRONGLY = 2
_PATIENCE = 600


@dataclass(frozen=True, slots=True)
class Case:
    """One case of the suite: what is asked, and what must be answered."""

    request: dict[str, Any]
    expect: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.request["id"])


def run_conform(arguments: argparse.Namespace) -> int:
    """`jixiao conform`: run the suite, print the counts, 1 if a case failed. `--answer` is the answering side."""
    if arguments.answer:
        for line in sys.stdin:
            if line.strip():
                print(respond(line), flush=True)
        return 0
    try:
        cases = load_suite(arguments.suite or _own_suite())
        replies = ask(arguments.program, cases)
    except (SuiteError, OSError, ValueError, subprocess.TimeoutExpired) as error:
        print(f"样例集没有跑成：{error}", file=sys.stderr)
        return USED_WRONGLY
    failures = [f"{case.id}：{difference}" for case in cases for difference in compare(case, replies.get(case.id))]
    failed = len({failure.partition("：")[0] for failure in failures})
    print("\n".join([*failures, f"通过 {len(cases) - failed}，未通过 {failed}"]))
    return FAILED if failures else 0


class SuiteError(ValueError):
    """A suite that cannot be run; the message is Chinese."""


def load_suite(folder: Path) -> list[Case]:
    """Every case of every *.json in the folder, the policy values laid into each. Raises SuiteError."""
    files = sorted(folder.glob("*.json")) if folder.is_dir() else []
    if not files:
        raise SuiteError(f"{folder} 里没有样例文件（*.json），请用 --suite 指明文件夹")
    cases = []
    for file in files:
        try:
            suite = json.loads(file.read_text(encoding="utf-8"))
            cases += [_case(suite, case, file.stem) for case in suite["cases"]]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise SuiteError(f"{file.name} 不是样例文件（{error}）") from None
    ids = [case.id for case in cases]
    if doubled := sorted({name for name in ids if ids.count(name) > 1}):
        raise SuiteError(f"样例编号重复：{'、'.join(doubled)}")
    return cases


def ask(program: str | None, cases: Iterable[Case]) -> dict[str, dict[str, Any]]:
    """The answers by case id, from another program's standard output or from this one through the same text."""
    lines = [json.dumps(case.request, ensure_ascii=False) for case in cases]
    if program is None:
        replies = [respond(line) for line in lines]
    else:
        done = subprocess.run(
            shlex.split(program),
            input="\n".join(lines) + "\n",
            stdout=subprocess.PIPE,
            encoding="utf-8",
            timeout=_PATIENCE,
            check=False,
        )
        replies = [line for line in done.stdout.splitlines() if line.strip()]
    answers = {}
    for reply in replies:
        try:
            answer = json.loads(reply)
            answers[str(answer["id"])] = answer
        except (ValueError, KeyError, TypeError):
            raise SuiteError(f"答案不是一行一个带 id 的 JSON 对象：{reply[:80]}") from None
    return answers


def respond(line: str) -> str:
    """The answering side of the protocol: one line in, one line out; what cannot be scored is an `error`."""
    name = ""
    try:
        request = json.loads(line, parse_float=Decimal, parse_int=Decimal)
        name = str(request["id"])
        reply = answer_case(request)
    except (MalformedTable, PolicyError, UnknownMethod, Unreadable) as error:
        reply = {"error": str(error)}
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
        reply = {"error": f"样例读不懂：{error!r}"}
    return json.dumps({"id": name, **reply}, ensure_ascii=False)


def answer_case(request: Mapping[str, Any]) -> dict[str, Any]:
    """Score what the case asks for: `line`, `execution`, `total` (a grade) or `table`. Raises as the parts do."""
    policy = json.dumps(request["policy"], ensure_ascii=False, sort_keys=True, default=str)
    rules = _rules(policy)
    if "line" in request:
        return _points(score_line(read_line(request["line"], "line ", printed=False).facts, rules.scoring))
    if "execution" in request:
        asked = request["execution"]
        budget, spent = (None if asked[key] is None else read_amount(asked[key]) for key in ("budget", "executed"))
        score = score_execution(budget, spent, read_number(asked["weight"]), rules.scoring)
        return {**_points(score), "rate": None if score.attainment is None else str(score.attainment)}
    if "total" in request:
        return {"grade": grade_of(read_number(request["total"]), rules.grades).value}
    view = score_table(read({"policy": "inline", **request["table"]}), rules)
    total = None if view.score.total is None else str(view.score.total)
    grade = None if view.score.grade is None else view.score.grade.value
    codes = [finding.code + (f":{finding.line}" if finding.line else "") for finding in audit(view).findings]
    lines = [_points(score)["points"] for score in view.score.lines]
    return {"lines": lines, "total": total, "grade": grade, "findings": codes}


def compare(case: Case, reply: Mapping[str, Any] | None) -> list[str]:
    """The differences between what was expected and what was answered; numbers are compared as numbers."""
    if reply is None:
        return ["没有答案"]
    if "error" in reply and "error" not in case.expect:
        return [str(reply["error"])]
    return [
        f"{key} 应为 {wanted}，答案是 {reply.get(key)}"
        for key, wanted in case.expect.items()
        if _comparable(key, wanted) != _comparable(key, reply.get(key))
    ]


def _comparable(key: str, value: Any) -> Any:
    if key == "error":
        return value is not None
    if key == "findings":
        return sorted(value or ())
    if isinstance(value, list):
        return [_comparable("", item) for item in value]
    try:
        return value if value is None or isinstance(value, dict) else Decimal(str(value))
    except InvalidOperation:
        return value


def _case(suite: Mapping[str, Any], case: Mapping[str, Any], stem: str) -> Case:
    policy = {name: dict(values) for name, values in suite["policy"].items()}
    for section, values in case.get("policy", {}).items():
        policy[section].update(values)
    asked = {key: value for key, value in case.items() if key in ("line", "execution", "total", "table")}
    if len(asked) != 1:
        raise SuiteError(f"{stem} {case['id']}：每个样例只问 line、execution、total、table 之一")
    return Case({"id": f"{stem}/{case['id']}", "policy": policy, **asked}, dict(case["expect"]))


@lru_cache(maxsize=256)
def _rules(policy: str) -> Rules:
    sections = json.loads(policy)
    source = {"source": "样例内写明"}
    head = {"title": "样例", "year": 2020}
    layer = Layer.parse("样例", {**head, **{name: {**source, **values} for name, values in sections.items()}})
    found = resolve([layer])
    return Rules(found.section(ScoringRules), found.section(GradeRules), found.section(SheetCheckRules))


def _points(score: LineScore) -> dict[str, Any]:
    if score.points is None:
        return {"points": None, "range": [str(score.low), str(score.high)]}
    return {"points": str(score.points), "range": None}


def _own_suite() -> Path:
    root = checkout()
    if root is None:
        raise SuiteError("程序不在源码目录中运行，请用 --suite 指明 conformance 文件夹")
    return root / "conformance"
