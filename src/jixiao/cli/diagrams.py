"""`jixiao diagrams`: docs/workflows written anew from the machines."""

from __future__ import annotations

import argparse
from pathlib import Path

from jixiao.overview.diagrams import pages

from .environment import Refused, checkout


def draw(folder: Path) -> list[str]:
    """Make the folder hold exactly the diagrams of today; returns the names of the files that changed or went."""
    wanted, changed = pages(), []
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in wanted.items():
        file = folder / name
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
            changed.append(name)
    for file in folder.glob("*.md"):
        if file.name not in wanted:
            file.unlink()
            changed.append(file.name)
    return changed


def execute(_args: argparse.Namespace) -> int:
    """Always 0. Raises Refused outside a checkout."""
    root = checkout()
    if root is None:
        raise Refused("流程图写在源代码目录的 docs/workflows 中，请取得源代码后运行 ./jixiao diagrams")
    changed = draw(root / "docs" / "workflows")
    print("\n".join(f"已重画 {name}" for name in changed) or "没有变化")
    return 0


def register(subparsers: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = subparsers.add_parser("diagrams", help="重画各环节的流程图")
    parser.set_defaults(run=execute)
