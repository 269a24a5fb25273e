"""`jixiao what-if`: a region's concluded self-evaluations of a year under another policy; nothing is stored."""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import Any

from jixiao.domain.grades import Grade
from jixiao.domain.policy import PolicyError
from jixiao.policies import load
from jixiao.registers.organizations.models import Region
from jixiao.stages.evaluation.findings.reports.recomputing import Outcome, Recomputed, outcome, recompute
from jixiao.stages.evaluation.self_evaluation.models import SelfEvaluation

from .database import demand_upgraded

REFUSED = 2


def register(subparsers: Any) -> None:
    parser = subparsers.add_parser("what-if", help="按另一套规则重算已审定的自评，只看不存")
    parser.add_argument("--region", required=True, help="区划代码")
    parser.add_argument("--year", required=True, type=int, help="工作年度")
    parser.add_argument("--policy", required=True, help="规则，如 national/2020")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.set_defaults(run=execute)


def execute(args: argparse.Namespace) -> int:
    """0, or 2 where the region or the policy is unknown."""
    demand_upgraded()
    try:
        if not Region.objects.filter(code=args.region).exists():
            raise PolicyError(f"没有区划 {args.region}，请核对代码")
        policy = load(args.policy)
        began = time.perf_counter()
        sheets = SelfEvaluation.objects.filter(region=args.region, year=args.year)
        found = outcome(recompute(sheets, policy))
    except PolicyError as error:
        print(error, file=sys.stderr)
        return REFUSED
    seconds = time.perf_counter() - began
    print(_json(found) if args.json else _readable(found, seconds))
    return 0


def _json(found: Outcome) -> str:
    answer = {
        "sheets": found.sheets,
        "before": _counts(found.before),
        "after": _counts(found.after),
        "repointed": found.repointed,
        "regraded": [_one(one) for one in found.regraded],
    }
    return json.dumps(answer, ensure_ascii=False, indent=1)


def _one(one: Recomputed) -> dict[str, Any]:
    subject = one.sheet.subject_year
    return {
        "code": subject.code,
        "name": subject.name,
        "unit": subject.unit_name,
        "before": {"total": _text(one.before[0]), "grade": _label(one.before[1]), "because": one.sheet.because},
        "after": {"total": _text(one.after[0]), "grade": _label(one.after[1]), "because": one.because},
    }


def _readable(found: Outcome, seconds: float) -> str:
    changed = f"{found.repointed} 份得分改变，{len(found.regraded)} 份等级改变"
    lines = [f"{found.sheets} 份已审定的自评，{changed}（{seconds:.1f} 秒）"]
    lines += [f"  {_label(g)}　原来 {found.before.get(g, 0)}　换规则后 {found.after.get(g, 0)}" for g in (*Grade, None)]
    for one in found.regraded:
        subject, before, after = one.sheet.subject_year, one.before, one.after
        change = f"{_text(before[0])} {_label(before[1])} → {_text(after[0])} {_label(after[1])}"
        lines += [f"{subject.code} {subject.name}（{subject.unit_name}）　{change}", f"    {one.because}"]
    return "\n".join(lines)


def _counts(counts: dict[Grade | None, int]) -> dict[str, int]:
    return {_label(grade): counts.get(grade, 0) for grade in (*Grade, None)}


def _label(grade: Grade | None) -> str:
    return grade.label if grade else "未定"


def _text(total: object) -> str:
    return "—" if total is None else str(total)
