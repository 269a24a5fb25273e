"""Precision and recall per code of the audit, over a county with planted faults that knows nothing of the rules."""

from __future__ import annotations

import json
import time
from collections import Counter
from random import Random

from benchmarks.crowds import crowd
from benchmarks.faults import PLANTS
from benchmarks.nearly import TWINS
from benchmarks.planting import SEED, County, grow
from benchmarks.showing import Figures, show, tiny

from jixiao.cli.sheets import audited_together, judge
from jixiao.domain.checks.audits.reading import record_of


def populate(count: int) -> County:
    """`count` sheets with faults, or with what comes near to one, and the units that are faulty as a whole."""
    county = grow(count, twins=TWINS)
    crowd(county, count, Random(SEED + 1))
    return county


def measure(county: County) -> dict[str, tuple[int, int, int]]:
    """By code: how many were planted, found, and found wrongly."""
    contents = [json.dumps(doc, ensure_ascii=False).encode() for doc in county.documents.values()]
    judged = [judge(content) for content in contents]
    records = [record_of(content, view) for content, (view, _) in zip(contents, judged, strict=True)]
    beside = audited_together(records, [view.table.policy for view, _ in judged])
    planted, right, wrong = Counter[str](), Counter[str](), Counter[str]()
    for (view, report), context in zip(judged, beside, strict=True):
        there = county.planted[view.table.id]
        found = {(finding.code, finding.line) for finding in (*report.findings, *context.findings)}
        planted.update(code for code, _ in there)
        right.update(code for code, _ in found & there)
        wrong.update(code for code, _ in found - there)
    return {code: (planted[code], right[code], wrong[code]) for code in sorted(planted | wrong)}


def main() -> None:
    count = 90 if tiny(__doc__) else 2_000
    county, began = populate(count), time.perf_counter()
    measured = measure(county)
    seconds = time.perf_counter() - began
    rows: list[Figures] = [
        {
            "code": code,
            "planted": planted,
            "found": right,
            "wrong": wrong,
            "precision": right / (right + wrong) if right + wrong else 1.0,
            "recall": right / planted if planted else 1.0,
        }
        for code, (planted, right, wrong) in measured.items()
    ]
    show("audit", rows, sheets=len(county.documents), kinds=len(PLANTS), seconds=round(seconds, 1))
