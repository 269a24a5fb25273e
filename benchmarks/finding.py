"""How many indicators of a sheet that nobody saw stand among the ten recommended: recall@10 by unit and by year.

Takes any folder with indicators.csv and projects.csv (`--sheets FOLDER`); else the demo districts.
"""

from __future__ import annotations

import os
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.showing import Figures, show, timed, tiny

from jixiao.kit.tables import Table, read
from jixiao.registers.indicators import ranking
from jixiao.registers.indicators.clustering import normal_class, normal_name, normal_unit
from jixiao.registers.indicators.ranking import Case, Profile
from jixiao.registers.subjects.importer import PROJECTS
from jixiao.stages.targets.importer import INDICATORS

DEMO = Path(__file__).resolve().parent.parent / "demo"
AT, NEAREST, FOLDS, FEW = 10, 20, 5, 40


@dataclass(frozen=True, slots=True)
class Sheet:
    """One project's sheet of a year."""

    year: int
    unit: str
    code: str
    case: Case


def sheets(folder: Path) -> list[Sheet]:
    """The sheets of a folder; an indicator is one whatever its wording (see clustering)."""
    keys: dict[tuple[str, str, str], int] = {}
    lines: dict[tuple[int, str], list[int]] = {}
    for values in _rows(folder / "indicators.csv", INDICATORS):
        name = (normal_class(values["level2"]), normal_name(values["name"]), normal_unit(values["unit"]))
        lines.setdefault((values["year"], values["code"]), []).append(keys.setdefault(name, len(keys)))
    made = []
    for values in _rows(folder / "projects.csv", PROJECTS):
        own = lines.get((values["year"], values["code"]))
        if own:
            profile = Profile(values["name"], values["goal"], values["field"])
            case = Case(values["name"], profile, tuple(dict.fromkeys(own)))
            made.append(Sheet(values["year"], values["unit"], values["code"], case))
    return made


def _rows(file: Path, table: Table) -> Iterable[dict[str, object]]:
    reading = read(file.read_bytes(), file.name, table)
    if reading.problems:
        raise SystemExit(f"{file}: {reading.problems[0]}")
    return (row.values for row in reading.each())


def recommended(mine: Profile, known: Sequence[Case]) -> list[int]:
    """What 案例推荐 puts first."""
    return [found.key for found in ranking.from_cases(ranking.similar(mine, known, NEAREST))][:AT]


def by_words(mine: Profile, known: Sequence[Case]) -> list[int]:
    """The same where the project's field is not known: by its name and purpose alone."""
    return recommended(Profile(mine.name, mine.purpose), known)


def popular(_mine: Profile, known: Sequence[Case]) -> list[int]:
    """The ten most used indicators, whatever the project: what a recommendation must beat."""
    return [key for key, _ in Counter(key for case in known for key in case.indicators).most_common(AT)]


def recall(held: Sequence[Sheet], known: Sequence[Case], way: Callable[[Profile, Sequence[Case]], list[int]]) -> float:
    """Mean share (%) of a sheet's indicators that stand among the ten."""
    shares = []
    for sheet in held:
        own = set(sheet.case.indicators)
        shares.append(len(own & set(way(sheet.case.profile, known))) / len(own))
    return round(100 * sum(shares) / len(shares), 1)


def splits(found: Sequence[Sheet]) -> Iterable[tuple[str, list[Sheet], list[Case]]]:
    """By unit: a fifth of the units is held out. By year: the last year, where there are several."""
    held = [sheet for sheet in found if zlib.crc32(sheet.unit.encode()) % FOLDS == 0]
    units = {sheet.unit for sheet in held}
    yield "by unit", held, [sheet.case for sheet in found if sheet.unit not in units]
    last = max(sheet.year for sheet in found)
    before = [sheet.case for sheet in found if sheet.year < last]
    if before:
        yield "by year", [sheet for sheet in found if sheet.year == last], before


def folders() -> list[Path]:
    given = os.environ.get("JIXIAO_SHEETS")
    listed = [Path(given)] if given else sorted(DEMO.iterdir())
    return [folder for folder in listed if (folder / "indicators.csv").is_file()]


def main() -> None:
    trial = tiny(__doc__)
    rows: list[Figures] = []
    for folder in folders()[:1] if trial else folders():
        found = sheets(folder)
        for split, held, known in splits(found):
            held = held[:FEW] if trial else held
            if not held or not known:
                continue
            seconds, mine = timed(lambda held=held, known=known: recall(held, known, recommended))
            rows.append(
                {
                    "folder": folder.name,
                    "split": split,
                    "sheets": len(held),
                    "known": len(known),
                    "indicators": len({key for sheet in found for key in sheet.case.indicators}),
                    "recall@10 %": mine,
                    "without field %": recall(held, known, by_words),
                    "popular %": recall(held, known, popular),
                    "ms/sheet": round(1000 * seconds / len(held), 1),
                }
            )
    show("finding", rows, nearest=NEAREST)
