"""What a unit says of one indicator at a cut-off: as it is typed, as it is kept, and how the parts read together."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from jixiao.domain.quantities import Unreadable, normalize
from jixiao.domain.scoring.values import read_value
from jixiao.domain.terms import Term
from jixiao.domain.vocabulary import Likelihood


class Cause(Term):
    """偏差原因 of the monitoring table (财预〔2019〕136号)."""

    MONEY = "money", "经费保障"
    RULES = "rules", "制度保障"
    PEOPLE = "people", "人员保障"
    EQUIPMENT = "equipment", "硬件条件保障"
    OTHER = "other", "其他"


@dataclass(frozen=True, slots=True)
class Read:
    """One indicator: 完成值 so far, 全年预计, how likely, 偏差原因 (as `write_causes` keeps them) and 备注."""

    actual: str = ""
    expected: str = ""
    likelihood: Likelihood | str = ""
    causes: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """A whole sheet: indicators by the key of their reading, 目标完成情况, 支出偏差原因, and 全年预计执行 in fen."""

    readings: Mapping[int, Read]
    progress: str = ""
    causes: str = ""
    expected_spent: int | None = None


def write_causes(classes: Collection[Cause], words: str) -> str:
    """偏差原因 as the sheet keeps it: the classes, then what was said, e.g. "经费保障、其他：招标推迟"."""
    named = "、".join(cause.label for cause in Cause if cause in classes)
    return "：".join(part for part in (named, words.strip()) if part)


def read_causes(text: str) -> tuple[tuple[Cause, ...], str]:
    """The classes and the words of `write_causes`; a text without classes is all words."""
    named, _, words = text.partition("：")
    labels = named.split("、")
    found = tuple(cause for cause in Cause if cause.label in labels)
    return (found, words) if len(found) == len(labels) else ((), text)


def read_actual(written: str, target: str, unit: str) -> str:
    """A 完成值 as it is kept: a plain number where the target is one ("１，２００" is 1200), else text; "—" is blank.

    Raises Unreadable for words where a number is due.
    """
    text = normalize(written)
    aim, value = read_value(target, unit), read_value(text, unit)
    if value is None:
        return ""
    if aim is None or not aim.is_number:
        return text
    if not value.is_number or value.transcribed or value.sign is not None:
        raise Unreadable(
            f"“{text[:30]}”不是数字，指标值是 {normalize(target)}，请只填数字，如 7 或 1200.5；情况写在偏差原因里"
        )
    percent = "%" if value.percent and "%" not in unit else ""
    return value.shown.replace(",", "") + percent


def least_likely(outlooks: Collection[Likelihood | str]) -> Likelihood | None:
    """The outlook of a whole sheet: that of its worst indicator; None while one is open."""
    order = list(Likelihood)
    known = [outlook for outlook in outlooks if isinstance(outlook, Likelihood)]
    return max(known, key=order.index) if known and len(known) == len(outlooks) else None
