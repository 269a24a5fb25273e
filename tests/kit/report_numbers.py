"""Read back every number a printed report holds, so that a test can hold each of them against its source.

Numbers in digits and in 汉字 are found; where they belong to a 文号, a date, a numbered heading or a name such as
第三方 or 一般公共预算, they are reported as that. `unresolved` gives those that nothing accounts for.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from docx import Document
from docx.table import Table
from docx.text.paragraph import Paragraph

Kind = Literal["number", "document", "date", "ordinal", "name"]
HAN = "〇零一二两三四五六七八九十百千万亿"
VALUES = {char: value for value, chars in enumerate(("〇零", "一", "二两", *"三四五六七八九")) for char in chars}
PLACES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}

# Words of the field in which a 汉字 number counts nothing.
NAMES = (
    "一般公共预算", "一般性项目", "一般项目支出", "一般", "一体化", "一级", "二级", "三级", "四级", "一致", "一律",
    "一定", "一系列", "一些", "一是", "二是", "三是", "四是", "五是", "六是", "七是", "八是", "统一", "进一步",
    "下一步", "第一", "第二", "第三方", "唯一", "逐一", "二上二下", "一上", "二上", "一下", "二下", "三公经费",
    "三本预算", "四本预算", "四同步", "五维", "万元", "亿元", "百分点", "百分比", "十三五", "十四五", "十九大",
    "二十大", "一季度", "二季度", "三季度", "四季度", "一票否决", "一岗双责", "同一", "任一", "之一", "一并", "一同",
    "一把手", "一揽子", "一方面", "另一方面", "三农", "一老一小", "百姓", "千方百计", "六稳", "六保",
)  # fmt: skip

DAY = r"(?:\d{1,2}日|底|末|初|份)?"
DATE = (
    rf"(?:\d{{1,2}}[—–至~-]\d{{1,2}}月|\d{{4}}年(?:\d{{1,2}}月{DAY}|度|底|末|初)?|\d{{1,2}}月{DAY}"
    r"|\d{4}-\d\d-\d\d|\d{1,2}日)"
)
ORDER = rf"第(?:\d+|[{HAN}]+)"
DOCUMENT = rf"[〔\[(（【]\d{{4}}[〕\])）】](?:第)?\d+号|第\d+号|{ORDER}[条款项章](?:{ORDER}[款项])?"
NUMBER = r"[-－−]?\d[\d,]*(?:\.\d+)?"
HAN_NUMBER = f"[{HAN}]+(?:点[{HAN}]+)?(?:分之[{HAN}]+(?:点[{HAN}]+)?)?"
UNIT = r"(?P<unit>[万亿]元?|个?百分点|[%‰])?"
ORDINAL = re.compile(rf"^(?:[{HAN}]+、|（[{HAN}]+）|\d+\.(?!\d)|（\d+）)")


@dataclass(frozen=True, slots=True)
class Found:
    """A number in the report. `value` for kind number: 37,580.6 → 37580.6, 一百二十 → 120, "万" and "%" not applied."""

    text: str
    kind: Kind
    value: Decimal | None
    unit: str
    context: str


def numbers_of(docx: bytes, names: Collection[str] = ()) -> list[Found]:
    """Every number of headers, text, tables and signature, in reading order; `names` are names that hold some."""
    return [found for style, text in lines_of(docx) for found in numbers_in(text, names, heading=is_heading(style))]


def is_heading(style: str) -> bool:
    """Whether a paragraph of this style begins with its ordinal."""
    return style.endswith("级标题") or style in ("附件说明", "附件标识", "表题")


def lines_of(docx: bytes) -> Iterator[tuple[str, str]]:
    """Style name and text of each paragraph and each table cell, headers first; page numbers are left out."""
    document = Document(io.BytesIO(docx))
    for header in (document.sections[0].header, document.sections[0].even_page_header):
        yield from ((p.style.name or "", p.text) for p in header.paragraphs)
    for item in document.iter_inner_content():
        if isinstance(item, Paragraph):
            yield (item.style.name or "", item.text)
        elif isinstance(item, Table):
            for row in item._tbl.tr_lst:
                for cell in row.tc_lst:
                    yield "表格", "".join(node.text or "" for node in cell.iter() if node.tag.endswith("}t"))


def numbers_in(text: str, names: Collection[str] = (), *, heading: bool = False) -> Iterator[Found]:
    """The numbers of one line; with `heading` a leading 一、 （一） 1. （1） 附件1 表1 is an ordinal."""
    plain = "".join(
        unicodedata.normalize("NFKC", char) if char in "０１２３４５６７８９．，％" else char for char in text
    )
    start = 0
    if heading and (found := re.match(r"附件：?(?:\d+\.?)?|表\d+|" + ORDINAL.pattern[1:], plain)):
        start = found.end()
        if re.search(rf"[\d{HAN}]", found[0]):
            yield Found(found[0], "ordinal", None, "", plain[:30])
    known = "|".join(re.escape(name) for name in sorted({*names, *NAMES}, key=len, reverse=True))
    pattern = re.compile(
        rf"(?P<document>{DOCUMENT})|(?P<date>{DATE})|(?P<name>{known})|(?P<number>{NUMBER}|{HAN_NUMBER}){UNIT}"
    )
    for match in pattern.finditer(plain, start):
        kind = next(key for key in ("document", "date", "name", "number") if match[key])
        found_text = match[kind]
        if kind == "name" and not re.search(rf"[\d{HAN}]", found_text):
            continue
        context = plain[max(0, match.start() - 12) : match.end() + 12]
        value = _value(found_text) if kind == "number" else None
        yield Found(found_text, kind, value, match["unit"] or "", context)  # type: ignore[arg-type]


def _value(text: str) -> Decimal | None:
    if text[-1].isdigit() and text.lstrip("-－−")[0].isascii():
        return Decimal(text.replace(",", "").replace("－", "-").replace("−", "-"))
    whole, _, part = text.partition("分之")
    if part:
        return han_value(part) if whole == "百" else None
    return han_value(whole)


def han_value(text: str) -> Decimal | None:
    """一百二十 → 120, 三万五千 → 35000, 二〇二二 → 2022, 三点五 → 3.5; None where it is no number, such as 百十."""
    whole, _, fraction = text.partition("点")
    if fraction:
        head = han_value(whole)
        digits = "".join(str(VALUES.get(char, "")) for char in fraction)
        return head + Decimal(f"0.{digits}") if head is not None and len(digits) == len(fraction) else None
    if len(whole) > 1 and all(char in VALUES for char in whole):
        return Decimal("".join(str(VALUES[char]) for char in whole))
    total, section, digit = 0, 0, 0
    for char in whole:
        if char in VALUES:
            digit = VALUES[char]
        elif PLACES[char] < 10_000:
            section, digit = section + (digit or 1) * PLACES[char], 0
        elif char == "万":
            total, section, digit = total + (section + digit) * PLACES[char], 0, 0
        else:
            total, section, digit = (total + section + digit) * PLACES[char], 0, 0
    return Decimal(total + section + digit) if whole.strip("百千万亿") else None


def unresolved(
    found: Collection[Found],
    figures: Collection[str],
    *,
    documents: Collection[str] = (),
    dates: Collection[str] = (),
) -> list[Found]:
    """Those numbers that no figure (its text, "," and unit aside), 文号 or date accounts for.

    A 文号 counts if one of `documents` holds its 〔year〕number; a date if it is part of one of `dates`.
    """
    values = {Decimal(re.sub(r"[^\d.\-]", "", text)) for text in figures if re.search(r"\d", text)}
    return [one for one in found if not _accounted(one, values, documents, dates)]


def _accounted(one: Found, values: Collection[Decimal], documents: Collection[str], dates: Collection[str]) -> bool:
    match one.kind:
        case "number":
            return one.value is not None and one.value in values
        case "document":
            return any(one.text in known for known in documents)
        case "date":
            return any(re.search(rf"(?<!\d){re.escape(one.text.removesuffix('度'))}", known) for known in dates)
        case _:
            return True
