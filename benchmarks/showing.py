"""How every benchmark speaks: a small table for people and one JSON line for programs."""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")
Figures = dict[str, str | int | float]


def tiny(description: str | None) -> bool:
    """Was only a trial asked for on the command line?"""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--tiny", action="store_true")
    return bool(parser.parse_args().tiny)


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Seconds of wall time and the result."""
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def yardstick() -> float:
    """Processor seconds for a million empty turns: how fast this machine is just now, for comparing two runs."""
    began = time.process_time()
    for _ in range(1_000_000):
        pass
    return time.process_time() - began


def percentile(sorted_values: Sequence[float], percent: int) -> float:
    """The value that `percent` of the values do not exceed."""
    return sorted_values[min(len(sorted_values) * percent // 100, len(sorted_values) - 1)]


def show(name: str, rows: Iterable[Figures], **facts: object) -> None:
    """Print the rows as a table under their keys, then everything as one JSON line."""
    listed = list(rows)
    heads = list(listed[0])
    facts |= {"load": round(os.getloadavg()[0], 1), "yardstick_ms": round(yardstick() * 1000)}
    lines = [heads, *([_text(row[head]) for head in heads] for row in listed)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(heads))]
    print(f"\n{name}", *(f"{key}={value}" for key, value in facts.items()))
    for line in lines:
        print("  " + "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)))
    print(json.dumps({"benchmark": name, **facts, "rows": listed}, ensure_ascii=False), flush=True)


def _text(value: float | str) -> str:
    return f"{value:,.2f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else value
