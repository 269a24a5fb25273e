"""A Paper as a Word file in the layout of GB/T 9704-2012. The same paper gives the same bytes.

The body is written as text between the tags of a skeleton (docx_skeleton.py): every word of the paper passes
`_escaped`, so that nothing in it can become markup, a field or a link.
"""

from __future__ import annotations

import datetime
import html
import io
import re
import zipfile
from collections.abc import Iterable, Iterator

from jixiao.kit.docx_skeleton import CREATED, EM, LINE, parts
from jixiao.kit.paper import Block, Column, Heading, PageBreak, Paper, Paragraph, Span, Table, text_of

WIDTH = 8844  # 156 mm in twentieths of a point
SMALL_FROM = 6  # columns
BODY = re.compile(rb"(<w:body>).*?(<w:sectPr.*</w:body>)", re.DOTALL)
EDGES = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in (
    "top", "left", "bottom", "right", "insideH", "insideV"))  # fmt: skip
RED_RULE = '<w:pBdr><w:bottom w:val="single" w:sz="12" w:space="6" w:color="D60000"/></w:pBdr>'


def render(paper: Paper) -> bytes:
    """The .docx file; readable by Word, WPS and LibreOffice. Dates inside are those of the paper."""
    files = dict(parts())
    body = "".join(_body(paper)).encode()
    files["word/document.xml"] = BODY.sub(lambda match: match[1] + body + match[2], files["word/document.xml"])
    fill = {"{title}": paper.title, "{issuer}": paper.issuer, "{banner}": paper.banner}
    moment = datetime.datetime.combine(paper.date, datetime.time()).isoformat() + "Z"
    for name in files:
        if name.startswith("word/header") or name == "docProps/core.xml":
            text = files[name].decode().replace(CREATED.strftime("%Y-%m-%dT%H:%M:%SZ"), moment)
            text = re.sub(r"\{\w+\}", lambda match: _escaped(fill.get(match[0], "")), text)
            files[name] = text.encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            # A fixed date, for zip cannot say none: the file depends on the paper alone.
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _escaped(span: Span) -> str:
    return html.escape(text_of(span), quote=False)


def _words(span: Span, bold: bool = False) -> str:
    face = '<w:rPr><w:rFonts w:eastAsia="黑体"/></w:rPr>' if bold else ""
    return f'<w:r>{face}<w:t xml:space="preserve">{_escaped(span)}</w:t></w:r>'


def _header(column: Column, style: str) -> str:
    words = "<w:r><w:br/></w:r>".join(_words(line, bold=True) for line in column.header_lines)
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/><w:jc w:val="center"/></w:pPr>{words}</w:p>'


def _line(style: str, *spans: Span, more: str = "", bold: bool = False) -> str:
    """One paragraph; `more` is further paragraph properties in the order the schema wants."""
    words = "".join(_words(span, bold) for span in spans)
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{words}</w:p>'


def _body(paper: Paper) -> Iterator[str]:
    yield from _head(paper)
    yield _line("title", paper.title)
    yield _line("flush")
    if paper.recipient:
        yield _line("flush", paper.addressed_to)
    yield from map(_block, paper.body)
    yield from _notes(paper.attachment_notes)
    yield from (_line("flush", more="<w:keepNext/>") for _ in range(2))
    yield _line("signature", paper.issuer, more=_right(paper.signature_indent))
    yield _line("signature", paper.dated, more='<w:keepNext w:val="0"/>' + _right(4))
    for name, attachment in paper.enclosures:
        yield _line("enclosure", name)
        yield _line("flush")
        yield _line("title", attachment.title)
        yield _line("flush")
        yield from map(_block, attachment.body)
    if paper.footer_note:
        yield _line("imprint", paper.footer_note)


def _right(characters: float) -> str:
    return f'<w:ind w:rightChars="{round(characters * 100)}" w:right="{round(characters * EM)}"/>'


def _head(paper: Paper) -> Iterator[str]:
    """版头: 机关标志, 字号 two lines below, the red line 4 mm under it, the box for remarks, two empty lines."""
    if paper.masthead:
        yield _line("masthead", paper.masthead, more="" if paper.number else RED_RULE)
    if paper.number:
        yield from (_line("flush") for _ in range(2) if paper.masthead)
        yield _line("number", paper.number, more=RED_RULE)
    if paper.approval_box:
        yield _line("flush")
        yield _table((WIDTH,), [_row([_cell(WIDTH, _line("flush", "领导批示："))], height=4 * LINE)])
    if paper.masthead or paper.number or paper.approval_box:
        yield from (_line("flush") for _ in range(2))


def _notes(notes: tuple[str, ...]) -> Iterator[str]:
    """附件说明: an empty line, two characters in, further lines under the first letter of the name."""
    hang = round(0.75 * EM) if len(notes) > 1 else 0
    for place, note in enumerate(notes):
        if place == 0:
            yield _line("flush")
        lead = 3 * EM if place == 0 else 0
        ind = f'<w:ind w:left="{5 * EM + hang}" w:hanging="{lead + hang}"/>'
        yield _line("note", ("附件：" if place == 0 else "") + note, more=ind)


def _block(block: Block) -> str:
    match block:
        case Heading(level, text, label):
            return _line(f"h{level}", label + text)
        case Paragraph():
            return _line("body" if block.indent else "flush", *block.spans)
        case PageBreak():
            return '<w:p><w:pPr><w:pStyle w:val="flush"/></w:pPr><w:r><w:br w:type="page"/></w:r></w:p>'
        case Table():
            return "".join(_figures(block))


def _figures(table: Table) -> Iterator[str]:
    style = "cell_small" if len(table.columns) >= SMALL_FROM else "cell"
    widths = [round(share * WIDTH) for share in table.shares]
    aligns = [f'<w:jc w:val="{column.align}"/>' for column in table.columns]

    def row(cells: Iterable[Span], bold: bool = False) -> str:
        boxes = zip(widths, cells, aligns, strict=True)
        return _row(_cell(width, _line(style, cell, more=align, bold=bold)) for width, cell, align in boxes)

    if table.caption:
        yield _line("caption", table.caption)
    columns = zip(widths, table.columns, strict=True)
    head = _row((_cell(width, _header(column, style)) for width, column in columns), header=True)
    total = [row(table.total, bold=True)] if table.total is not None else []
    yield _table(widths, [head, *map(row, table.rows), *total])
    # Word joins two tables that touch, so that a narrow line follows each.
    yield _line("cell_small", more='<w:spacing w:before="0" w:after="0" w:line="120" w:lineRule="exact"/>')


def _table(widths: Iterable[int], rows: Iterable[str]) -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{WIDTH}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{EDGES}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _row(cells: Iterable[str], *, header: bool = False, height: int = 0) -> str:
    tall = f'<w:trHeight w:val="{height}" w:hRule="atLeast"/>' if height else ""
    again = "<w:tblHeader/>" if header else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{tall}{again}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(width: int, paragraph: str) -> str:
    middle = '<w:vAlign w:val="center"/>' if "cell" in paragraph[:60] else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{middle}</w:tcPr>{paragraph}</w:tc>'
