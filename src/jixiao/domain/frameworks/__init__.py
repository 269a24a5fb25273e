"""对象类型的指标框架: which classes of indicators each type of object must have, and which are its core indicators.

One TOML file per type; a further type is a further file, and so is a further edition of one that was used
("project-2.toml"): a sheet keeps the edition under which it was opened. Points per class and their sum stay with the
region's rules.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ..money_words import MoneyWords
from ..terms import Term
from ..vocabulary import Extension, FundBook, IndicatorLevel1, SubjectKind


class TaskUse(Term):
    """Whether a type of object says its 年度主要任务 with their amounts (财预〔2015〕88号：部门整体申报表)."""

    NONE = "none", "不填"
    OFFERED = "offered", "可填"
    REQUIRED = "required", "必填"


@dataclass(frozen=True, slots=True)
class CoreIndicator:
    """A core indicator: its class, words that its 二级指标 or name holds (any of them; none: any), what it is about.

    `quantified`: its target must be a number or a day.
    """

    title: str
    level1: IndicatorLevel1
    words: tuple[str, ...]
    quantified: bool


@dataclass(frozen=True, slots=True)
class Framework:
    """What a type of object asks of its target sheet; `key` names file and edition ("project/1")."""

    key: str
    title: str
    source: str
    kinds: tuple[SubjectKind, ...]
    books: tuple[FundBook, ...]
    extensions: tuple[Extension, ...]
    required_classes: tuple[IndicatorLevel1, ...]
    core: tuple[CoreIndicator, ...]
    money: MoneyWords
    tasks: TaskUse = TaskUse.NONE


@cache
def shipped() -> dict[str, Framework]:
    """Every framework by its key. Raises ValueError or KeyError for a file that is not one."""
    found = [file for file in files(__name__).iterdir() if file.name.endswith(".toml")]
    read = [_read(file.name[:-5].partition("-")[0], file.read_text(encoding="utf-8")) for file in found]
    return {framework.key: framework for framework in sorted(read, key=lambda one: one.key)}


def framework_of(kind: SubjectKind, book: FundBook | str, extension: Extension | str) -> Framework:
    """The newest framework of an object: by its extension (收入、政府采购 …), else its budget, else its kind."""
    known = shipped().values()
    for mine in (
        [one for one in known if extension in one.extensions],
        [one for one in known if kind is SubjectKind.PROJECT and book in one.books],
        [one for one in known if kind in one.kinds],
    ):
        if mine:
            return mine[-1]
    return shipped()["project/1"]


def _read(name: str, text: str) -> Framework:
    written = tomllib.loads(text)
    core = tuple(
        CoreIndicator(
            one["title"], IndicatorLevel1.read(one["level1"]), tuple(one.get("words", ())), bool(one["quantified"])
        )
        for one in written["core"]
    )
    return Framework(
        f"{name}/{written['edition']}",
        written["title"],
        written["source"],
        tuple(map(SubjectKind.read, written.get("kinds", ()))),
        tuple(map(FundBook.read, written.get("books", ()))),
        tuple(map(Extension.read, written.get("extensions", ()))),
        tuple(map(IndicatorLevel1.read, written["required_classes"])),
        core,
        MoneyWords.read(written["money"]),
        TaskUse.read(written.get("tasks", TaskUse.NONE.label)),
    )
