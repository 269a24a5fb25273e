"""A Paper as PDF, set by Typst in the layout of GB/T 9704-2012 (paper.typ). The same paper gives the same bytes.

The text goes in as data (JSON in sys.inputs) and is nowhere read as markup, so that no name or remark can run code,
read a file or change the layout.
"""

from __future__ import annotations

import datetime
import json
import threading
from functools import cache
from pathlib import Path
from typing import Any, cast

import typst

from jixiao.kit.fonts import INSTALL, FontCase, font_case
from jixiao.kit.paper import Block, Heading, Paper, PaperRefused, Paragraph, Table, text_of

TEMPLATE = Path(__file__).with_name("paper.typ")
CHINA = datetime.timezone(datetime.timedelta(hours=8))
SHOWN = 12
_one_at_a_time = threading.Lock()


def render(paper: Paper, fonts: FontCase | None = None) -> bytes:
    """The PDF. Raises PaperRefused if no Chinese face here holds every character: never boxes."""
    case = fonts or font_case()
    missing = case.missing(paper.characters())
    if missing:
        more = f"等 {len(missing)} 个字" if len(missing) > SHOWN else ""
        raise PaperRefused(f"不能生成 PDF：本机字体缺少“{missing[:SHOWN]}”{more}。请安装中文字体后重试：{INSTALL}")
    inputs = {"paper": json.dumps(_data(paper), ensure_ascii=False), "stacks": _stacks(case)}
    at = datetime.datetime.combine(paper.date, datetime.time(), CHINA)
    with _one_at_a_time:
        pdf = _compiler(case).compile(format="pdf", sys_inputs=inputs, timestamp=at)
    return cast(bytes, pdf)


@cache
def _compiler(case: FontCase) -> typst.Compiler:
    # Its root is the template's own folder: the template reads no file, and nothing else is to be found there.
    return typst.Compiler(TEMPLATE, root=TEMPLATE.parent, font_paths=case.fonts)


@cache
def _stacks(case: FontCase) -> str:
    common = [family for family in case.stacks["body"] if all(family in stack for stack in case.stacks.values())]
    return json.dumps({**case.stacks, "common": common}, ensure_ascii=False)


def _data(paper: Paper) -> dict[str, Any]:
    return {
        "title": text_of(paper.title),
        "issuer": text_of(paper.issuer),
        "dated": paper.dated,
        "masthead": text_of(paper.masthead or ""),
        "number": text_of(paper.number or ""),
        "recipient": paper.addressed_to,
        "banner": text_of(paper.banner),
        "approval": paper.approval_box,
        "footer_note": text_of(paper.footer_note),
        "signature_indent": paper.signature_indent,
        "blocks": [_block(block) for block in paper.body],
        "attachments": paper.attachment_notes,
        "enclosures": [
            {"name": name, "title": text_of(one.title), "blocks": [_block(block) for block in one.body]}
            for name, one in paper.enclosures
        ],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading(level, text, label):
            return {"kind": block.kind, "level": level, "label": label, "text": text_of(text)}
        case Paragraph():
            return {"kind": block.kind, "indent": block.indent, "text": block.text}
        case Table():
            columns = [
                {"header": column.header_lines, "align": column.align, "share": share}
                for column, share in zip(block.columns, block.shares, strict=True)
            ]
            rows = [[text_of(cell) for cell in row] for row in block.rows]
            total = [text_of(cell) for cell in block.total] if block.total is not None else None
            caption = text_of(block.caption)
            return {"kind": block.kind, "caption": caption, "columns": columns, "rows": rows, "total": total}
        case _:
            return {"kind": block.kind}
