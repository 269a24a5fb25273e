"""`jixiao figures`: every figure of a region and year, computed from the stored rows."""

from __future__ import annotations

import argparse
import json
from typing import Any

from jixiao.domain.actors import system
from jixiao.kit.figures import Answer, Scope, answers
from jixiao.overview.catalogue import FIGURES

from .database import region_of


def valued(region: str, year: int) -> list[Answer]:
    """The figures that have a value, in the order of the catalogue."""
    scope = Scope(region, year, system(region))
    computed = answers(FIGURES, scope).values()
    return [found for found in computed if found.value is not None]


def as_json(found: Answer) -> dict[str, Any]:
    """One figure for programs: `value` is text, or label → text; `rows` is how many rows stand behind it."""
    figure = found.figure
    value = {"key": figure.key, "name": figure.name, "value": found.value, "unit": figure.unit}
    return {**value, "rows": len(found.rows)}


def as_text(found: Answer) -> str:
    """One figure for people."""
    figure = found.figure
    head = f"{figure.name}（{figure.key}，{len(found.rows)} 行）"
    if isinstance(found.value, dict):
        return "\n".join([head, *(f"  {label}　{value}{figure.unit}" for label, value in found.value.items())])
    return f"{head}　{found.value}{figure.unit}"


def execute(args: argparse.Namespace) -> int:
    """Always 0. Raises Refused for an unknown region or year."""
    region_of(args.region, args.year)
    found = valued(args.region, args.year)
    if args.json:
        listed = {"region": args.region, "year": args.year, "figures": [as_json(one) for one in found]}
        print(json.dumps(listed, ensure_ascii=False, indent=1))
    else:
        print("\n".join(map(as_text, found)) or "这一年还没有可以计算的数字。")
    return 0


def register(subparsers: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = subparsers.add_parser("figures", help="计算一个地区一个年度的全部指标数字")
    parser.add_argument("--region", required=True, metavar="编码", help="区划编码，如 411323")
    parser.add_argument("--year", required=True, type=int, metavar="年度", help="如 2022")
    parser.add_argument("--json", action="store_true", help="写成 JSON")
    parser.set_defaults(run=execute)
