"""公文 as data (GB/T 9704-2012): what is said, apart from how Word, PDF and the page set it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from jixiao.domain.decisions import Refused
from jixiao.kit.numerals import han

UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")
SPACES = re.compile("[\t-\r\x85\u00a0\u2000-\u200a\u2028\u2029\u202f\u205f]")
ILLEGAL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# A run that a line may not break; longer ones, such as 21-digit codes, are broken by the renderers.
UNBROKEN = re.compile(r"(?<![!-~])[!-~]{1,15}(?![!-~])")
LEVELS = 4
# Column widths in characters of a table: the least, the most that is wished, a digit, the whole line.
NARROW, WIDE, DIGIT, MEASURE = 3.0, 16.0, 0.56, 40.0


class PaperRefused(Refused):
    """The paper cannot be printed truly; the Chinese message says what to install or correct."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number in the text and the key of the figure it shows, so that a caller can test that every number resolves."""

    text: str
    key: str


Span = str | Number


def text_of(span: Span) -> str:
    """The span as it is printed: control characters that no file may hold become 〓, unseen ones vanish.

    Unseen ones are soft hyphens, zero-width marks and the marks that reverse the reading order, which could make a
    number read otherwise than it is stored. Line breaks, tabs and odd widths of space become plain spaces.
    """
    text = UNSEEN.sub("", span.text if isinstance(span, Number) else span)
    return ILLEGAL.sub("〓", SPACES.sub(" ", text))


@dataclass(frozen=True, slots=True)
class Heading:
    """结构层次, level 1–4: 一、 （一） 1. （1）. `label` is filled by `labelled`, never by the author."""

    kind: ClassVar[str] = "heading"
    level: int
    text: str
    label: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.level <= LEVELS:
            raise ValueError(f"标题层次只有 1 到 {LEVELS} 级：{self.level}")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """正文 of spans; `indent` is the two characters at its beginning."""

    kind: ClassVar[str] = "paragraph"
    spans: tuple[Span, ...]
    indent: bool = True

    @classmethod
    def of(cls, *spans: Span) -> Paragraph:
        """`Paragraph.of("监控项目", Number("234", "monitoring.projects"), "个。")`"""
        return cls(spans)

    @property
    def text(self) -> str:
        """The whole paragraph as it is printed."""
        return "".join(map(text_of, self.spans))


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header, how its cells are aligned, and its part of the width, 0–1 (None: by its contents)."""

    header: str
    align: Literal["left", "center", "right"] = "left"
    share: float | None = None

    @property
    def header_lines(self) -> tuple[str, ...]:
        """The header, with a unit in brackets on a line of its own: 预算数（万元）."""
        name, bracket, unit = text_of(self.header).partition("（")
        return (name, bracket + unit) if name and bracket else (name + bracket + unit,)


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose header repeats on every page. Every row, and the total row, has one cell per column."""

    kind: ClassVar[str] = "table"
    columns: tuple[Column, ...]
    rows: tuple[tuple[Span, ...], ...]
    caption: str = ""
    total: tuple[Span, ...] | None = None

    def __post_init__(self) -> None:
        wrong = [number for number, row in enumerate(self.lines, 1) if len(row) != len(self.columns)]
        if wrong or not self.columns:
            raise ValueError(f"表格“{self.caption}”第{wrong[:5]}行的格数与{len(self.columns)}列不符")

    @property
    def lines(self) -> tuple[tuple[Span, ...], ...]:
        """The rows and, last, the total row."""
        return (*self.rows, self.total) if self.total is not None else self.rows

    @property
    def shares(self) -> tuple[float, ...]:
        """The columns' parts of the width, adding up to 1.

        An undeclared column gets what its longest unbroken run of digits or letters needs; what is left over goes to
        the columns that would like more, within limits.
        """
        needs, wishes = [], []
        for place, column in enumerate(self.columns):
            texts = [text_of(row[place]) for row in self.lines]
            run = max((len(run) for text in texts for run in UNBROKEN.findall(text)), default=0)
            need = max(NARROW, run * DIGIT + 1)
            needs.append(need if column.share is None else column.share * MEASURE)
            wish = max(need, min(max(map(ems, (*column.header_lines, *texts))) + 1, WIDE))
            wishes.append(wish - need if column.share is None else 0.0)
        spare, wished = max(0.0, MEASURE - sum(needs)), sum(wishes) or 1.0
        widths = [need + spare * wish / wished for need, wish in zip(needs, wishes, strict=True)]
        return tuple(width / sum(widths) for width in widths)


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""

    kind: ClassVar[str] = "page_break"


Block = Heading | Paragraph | Table | PageBreak


@dataclass(frozen=True, slots=True)
class Attachment:
    """附件: listed under the text; with blocks, also printed, each on its own page."""

    title: str
    blocks: tuple[Block, ...] = ()

    @property
    def body(self) -> tuple[Block, ...]:
        """The blocks with numbered headings."""
        return labelled(self.blocks)


@dataclass(frozen=True, slots=True)
class Paper:
    """One 公文. Iterate `body` (headings numbered) and `attachments`; see docs/how-to/paper.md.

    title 标题 · issuer 署名 · date 成文日期 · masthead 发文机关标志 · number 发文字号 · recipient 主送机关 · banner a
    notice on every page (演示数据) · approval_box “领导批示：” · footer_note the closing line (审计链首摘要).
    """

    title: str
    issuer: str
    date: datetime.date
    blocks: tuple[Block, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    masthead: str | None = None
    number: str | None = None
    recipient: str | None = None
    banner: str = ""
    approval_box: bool = False
    footer_note: str = ""

    @property
    def body(self) -> tuple[Block, ...]:
        """The blocks with numbered headings."""
        return labelled(self.blocks)

    @property
    def addressed_to(self) -> str:
        """主送机关 with its full-width colon, or nothing."""
        return f"{text_of(self.recipient).rstrip('：: ')}：" if self.recipient else ""

    @property
    def dated(self) -> str:
        """成文日期 in Arabic digits without filled zeros: 2022年12月31日."""
        return f"{self.date.year}年{self.date.month}月{self.date.day}日"

    @property
    def attachment_notes(self) -> tuple[str, ...]:
        """附件说明, one text per attachment; numbered only where there are several, and without a mark at the end."""
        titles = [text_of(attachment.title).rstrip("。；;，, ") for attachment in self.attachments]
        return tuple(f"{place}.{title}" for place, title in enumerate(titles, 1)) if len(titles) > 1 else tuple(titles)

    @property
    def enclosures(self) -> tuple[tuple[str, Attachment], ...]:
        """Attachments that are printed, each with its heading: 附件, or 附件1, 附件2 where there are several."""
        several = len(self.attachments) > 1
        pairs = ((f"附件{place}" if several else "附件", one) for place, one in enumerate(self.attachments, 1))
        return tuple((name, one) for name, one in pairs if one.blocks)

    @property
    def signature_indent(self) -> float:
        """Characters free to the right of 署名, which stands centred over the date four characters from the edge."""
        return max(0.0, 4 - (ems(text_of(self.issuer)) - ems(self.dated)) / 2)

    def spans(self) -> Iterator[Span]:
        """Every span of text, tables and enclosures, in reading order."""
        for blocks in (self.body, *(attachment.body for attachment in self.attachments)):
            for block in blocks:
                yield from _spans(block)

    def numbers(self) -> Iterator[Number]:
        """Every number that is tied to a figure."""
        return (span for span in self.spans() if isinstance(span, Number))

    def characters(self) -> frozenset[str]:
        """Every character that is printed; a face must hold them all."""
        around = (self.title, self.issuer, self.dated, self.masthead, self.number, self.addressed_to, self.banner)
        fixed = ("附件：.领导批示—0123456789", self.footer_note, *self.attachment_notes)
        return frozenset().union(*(text_of(span or "") for span in (*around, *fixed, *self.spans())))


def _spans(block: Block) -> Iterator[Span]:
    match block:
        case Heading():
            yield block.label + block.text
        case Paragraph():
            yield from block.spans
        case Table():
            yield block.caption
            yield from (column.header for column in block.columns)
            for row in block.lines:
                yield from row


def labelled(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks with headings numbered by level; a heading restarts the numbers of the levels below it."""
    counts = [0] * LEVELS
    done: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading):
            place = block.level - 1
            counts[place:] = [counts[place] + 1] + [0] * (LEVELS - block.level)
            block = replace(block, label=_label(block.level, counts[place]))
        done.append(block)
    return tuple(done)


def _label(level: int, number: int) -> str:
    return {1: "{}、", 2: "（{}）", 3: "{}.", 4: "（{}）"}[level].format(han(number) if level < 3 else number)


def ems(text: str) -> float:
    """Width in characters: ASCII counts half."""
    return sum(0.5 if char.isascii() else 1.0 for char in text)
