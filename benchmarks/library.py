"""快捷搜索 over a library of 1,000,000 entries, and the same questions as a plain LIKE, in turn."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from itertools import product

from benchmarks.showing import Figures, percentile, show, timed, tiny
from django.db import connection, transaction
from django.db.models import Max

from jixiao.cli.database import upgrade
from jixiao.domain.vocabulary import IndicatorLevel1
from jixiao.kit import bulk
from jixiao.registers.indicators import search, starter
from jixiao.registers.indicators.indexing import GIN, search_text
from jixiao.registers.indicators.models import Entry, SearchText

REGION = "990301"
QUESTIONS = {
    "two characters": ("合格", "面积", "人数", "满意", "维修", "补贴", "污水", "培训", "造林", "低保"),
    "initials": ("hgl", "myd", "rs", "xswx", "pxrc", "wscl", "gsny", "dkrs", "jsl", "bt"),
    "two words": ("合格 工程", "人数 培训", "面积 造林", "率 建档", "补助 及时", "xs wx", "gl 里程", "水质 达标"),
    "whole name": ("工程竣工一次验收合格率", "校舍维修改造面积", "城乡低保保障人数", "公路技术状况指数"),
    "commonest": ("yq", "qs", "xj", "zx", "应急", "示范", "yq qs", "xj zx", "人数 面积", "hg bt"),
    "meant otherwise": ("合各率", "满意渡", "工程验收的合格率", "维修改造面及", "培训人次数", "hgzl"),
    "nothing there": ("月球 车辙", "qzx vwk", "龙虾合格", "面积低保满意"),
}
ROUNDS = 20
PLACES = ("东", "西", "南", "北", "中", "上", "下", "前", "后", "新", "老", "大")
KINDS = ("镇", "乡", "片区", "小区", "园区", "街道", "社区", "流域", "校区", "院区", "工区", "站点", "中心", "基地")
STAGES = ("一期", "二期", "三期", "续建", "扩面", "提标", "试点", "示范", "应急", "专项")


def names(count: int) -> Iterator[str]:
    """Distinct names in the field's words."""
    rows = csv.reader(io.StringIO(starter.content().decode("utf-8-sig")))
    own = [row[4] for row in rows][1:]
    made = (f"{place}{kind}{stage}{name}" for place, kind, stage, name in product(PLACES, KINDS, STAGES, own))
    for number in range(count):
        yield next(made) if number >= len(own) else own[number]


@transaction.atomic
def fill(count: int) -> None:
    """The entries and their grams; on PostgreSQL the index is made afterwards, on SQLite it follows row by row."""
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for statement in ("DROP INDEX indicators_grams", "SET LOCAL statement_timeout = 0") if postgresql else ():
            cursor.execute(statement)
        _insert(count)
        for statement in ("SET CONSTRAINTS ALL IMMEDIATE", GIN) if postgresql else ():
            cursor.execute(statement)


def _insert(count: int) -> None:
    level1 = IndicatorLevel1.OUTPUT.value
    columns = ("id", "region", "level1", "level2", "name", "unit", "state", "provenance", "scope")
    facts = (REGION, level1, "数量指标")
    first = (Entry.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
    rows = ((key, *facts, name, "个", "approved", "imported", "own") for key, name in enumerate(names(count), first))
    bulk.insert_values(Entry, columns, rows)
    texts = ((key, REGION, *search_text(name)) for key, name in enumerate(names(count), first))
    bulk.insert_values(SearchText, ("entry_id", "region", "length", "grams"), texts)


def plain(words: str) -> list[int]:
    """The same question without the index."""
    found = Entry.objects.filter(region=REGION)
    for word in words.split():
        found = found.filter(name__contains=word)
    return list(found.values_list("pk", flat=True)[: search.MOST_FOUND])


def measured(ask: Callable[[str], list[int]], words: tuple[str, ...], rounds: int) -> tuple[list[float], int]:
    """Sorted seconds of every question, and how many entries were found in the first round."""
    answers = [timed(lambda word=word: ask(word)) for _ in range(rounds) for word in words]
    return sorted(seconds for seconds, _ in answers), sum(len(found) for _, found in answers[: len(words)])


def main() -> None:
    trial = tiny(__doc__)
    upgrade()
    count, rounds = (2_000, 2) if trial else (1_000_000, ROUNDS)
    making, _ = timed(lambda: fill(count))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    rows: list[Figures] = []
    for kind, words in QUESTIONS.items():
        took, found = measured(lambda asked: search.matching(REGION, asked), words, rounds)
        slow, _ = measured(plain, words, 1)
        rows.append(
            {
                "question": kind,
                "p50 ms": round(percentile(took, 50) * 1000, 2),
                "p95 ms": round(percentile(took, 95) * 1000, 2),
                "found": found,
                "LIKE p95 ms": round(percentile(slow, 95) * 1000, 1),
                "ratio": round(percentile(slow, 95) / percentile(took, 95), 1),
            }
        )
    show("library", rows, entries=count, insert_seconds=round(making, 1), database=connection.vendor)
