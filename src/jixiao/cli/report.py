"""`jixiao report`: the annual report as one file."""

from __future__ import annotations

import argparse
from pathlib import Path

from django.utils import timezone

from jixiao.domain.actors import system
from jixiao.kit.figures import Scope
from jixiao.kit.paper import PaperRefused
from jixiao.overview.annual_report import compose
from jixiao.overview.report_files import RENDERERS, write

from .database import region_of
from .environment import Refused


def execute(args: argparse.Namespace) -> int:
    """0 when the file stands. Raises Refused for a wrong call, or where a PDF cannot be set truly (code 1)."""
    target: Path = args.out.absolute()
    if target.suffix.lower() not in RENDERERS:
        raise Refused(f"--out 的扩展名应为 {' 或 '.join(RENDERERS)}，现为“{target.name}”")
    region_of(args.region, args.year)
    try:
        paper = compose(Scope(args.region, args.year, system(args.region)), timezone.localdate())
        written = write(paper, target)
    except PaperRefused as refusal:
        raise Refused(str(refusal), code=1) from None
    except OSError as error:
        raise Refused(f"不能写到 {target}：{error.strerror}，请换一个位置", code=1) from None
    print(f"已写出 {target}" if written.changed else f"没有变化 {target}")
    return 0


def register(subparsers: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = subparsers.add_parser("report", help="写出年度预算绩效管理工作情况说明")
    parser.add_argument("--region", required=True, metavar="编码", help="区划编码，如 411323")
    parser.add_argument("--year", required=True, type=int, metavar="年度", help="如 2022")
    parser.add_argument("--out", required=True, type=Path, metavar="文件", help="目标文件，.docx 或 .pdf")
    parser.set_defaults(run=execute)
