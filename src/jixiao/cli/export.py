"""`jixiao export`: a work year's tables as files that `jixiao import` reads back without a change."""

from __future__ import annotations

import argparse
from pathlib import Path

from jixiao.kit.files import write_durably
from jixiao.overview.exporting import FORMATS, files, span_of

from .database import region_of
from .environment import Refused


def execute(args: argparse.Namespace) -> int:
    """Always 0. Raises Refused for a wrong call, or if the folder cannot be written (code 1)."""
    region_of(args.region, args.year)
    folder: Path = args.out.absolute()
    try:
        for name, rows, content in files(span_of(args.region, args.year), args.format):
            write_durably(folder / name, content)
            print(f"{rows:>8} 行　{folder / name}")
    except OSError as error:
        raise Refused(f"不能写到 {folder}：{error.strerror}，请换一个文件夹", code=1) from None
    return 0


def register(subparsers: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = subparsers.add_parser("export", help="导出一个工作年度的数据表，可原样导回")
    parser.add_argument("--region", required=True, metavar="编码", help="区划编码，如 411323")
    parser.add_argument("--year", required=True, type=int, metavar="年度", help="工作年度，如 2022")
    parser.add_argument("--out", required=True, type=Path, metavar="文件夹", help="写到哪个文件夹")
    parser.add_argument("--format", choices=sorted(FORMATS), default="xlsx", help="缺省 xlsx")
    parser.set_defaults(run=execute)
