"""`jixiao what-if`: what a region concluded in a year under other rules, shipped or tried; nothing is stored."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from jixiao.domain.grades import Grade
from jixiao.domain.policy import Policy, PolicyError
from jixiao.policies import for_region
from jixiao.policies.trial import named, read, trial
from jixiao.registers.organizations.models import Region
from jixiao.stages.evaluation.choosing.reports.what_if import Regraded, WhatIf, what_if
from jixiao.stages.evaluation.models import Evaluation
from jixiao.stages.evaluation.self_evaluation.models import SelfEvaluation

from .database import demand_upgraded

REFUSED = 2


def register(subparsers: Any) -> None:
    parser = subparsers.add_parser("what-if", help="按另一套规则重算已审定的评价，只看不存")
    parser.add_argument("--region", required=True, help="区划代码")
    parser.add_argument("--year", required=True, type=int, help="工作年度")
    parser.add_argument("--policy", help="规则，如 national/2020；不写时用该区划现行的规则")
    parser.add_argument("--variant", type=Path, help="只写要改的节和键的规则文件（.toml），叠加在规则之上")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.set_defaults(run=execute)


def execute(args: argparse.Namespace) -> int:
    """0, or 2 where the region or the policy is unknown."""
    demand_upgraded()
    try:
        if not Region.objects.filter(code=args.region).exists():
            raise PolicyError(f"没有区划 {args.region}，请核对代码")
        policy = _policy(args)
        began = time.perf_counter()
        here = {"region": args.region, "year": args.year}
        found = what_if(SelfEvaluation.objects.filter(**here), Evaluation.objects.filter(**here), policy)
    except PolicyError as error:
        print(error, file=sys.stderr)
        return REFUSED
    seconds = time.perf_counter() - began
    print(_json(found) if args.json else _readable(found, seconds))
    return 0


def _policy(args: argparse.Namespace) -> Policy:
    """The rules to be tried. Raises PolicyError."""
    base = args.policy or for_region(args.region, args.year).name
    if args.variant is None:
        return named(base)
    try:
        return trial(base, read(args.variant.read_text(encoding="utf-8-sig")))
    except (OSError, UnicodeDecodeError):
        raise PolicyError(f"读不到 {args.variant}，请核对路径，文件应为 UTF-8 文本") from None


def _json(found: WhatIf) -> str:
    own = found.own
    answer = {
        "sheets": own.sheets,
        "before": _counts(own.before),
        "after": _counts(own.after),
        "repointed": own.repointed,
        "evaluations": found.count - own.sheets,
        "regraded": [_one(one) for one in found.regraded],
    }
    return json.dumps(answer, ensure_ascii=False, indent=1)


def _one(one: Regraded) -> dict[str, Any]:
    subject = one.sheet.subject_year
    return {
        "code": subject.code,
        "name": subject.name,
        "unit": subject.unit_name,
        "method": one.method.label,
        "before": {"total": _text(one.before[0]), "grade": _label(one.before[1]), "because": one.was},
        "after": {"total": _text(one.after[0]), "grade": _label(one.after[1]), "because": one.because},
    }


def _readable(found: WhatIf, seconds: float) -> str:
    own = found.own
    changed = f"{own.repointed} 份得分改变，{len(own.regraded)} 份等级改变"
    others = f"；另有 {found.count - own.sheets} 项评价，{len(found.regraded) - len(own.regraded)} 项等级改变"
    lines = [f"{own.sheets} 份已审定的自评，{changed}{others}（{seconds:.1f} 秒）"]
    lines += [f"  {_label(g)}　原来 {own.before.get(g, 0)}　换规则后 {own.after.get(g, 0)}" for g in (*Grade, None)]
    for one in found.regraded:
        subject, before, after = one.sheet.subject_year, one.before, one.after
        change = f"{_text(before[0])} {_label(before[1])} → {_text(after[0])} {_label(after[1])}"
        lines += [
            f"{one.method.label} {subject.code} {subject.name}（{subject.unit_name}）　{change}",
            f"    {one.because}",
        ]
    return "\n".join(lines)


def _counts(counts: dict[Grade | None, int]) -> dict[str, int]:
    return {_label(grade): counts.get(grade, 0) for grade in (*Grade, None)}


def _label(grade: Grade | None) -> str:
    return grade.label if grade else "未定"


def _text(total: object) -> str:
    return "—" if total is None else str(total)
