"""What the two monitoring tables will write, and what nobody may write from outside."""

from __future__ import annotations

from dataclasses import dataclass, field

from jixiao.kit.tables import Row
from jixiao.registers.subjects.finding import Subjects
from jixiao.registers.subjects.models import SubjectYear

from ..models import Reading, ReadingSheet, Round

RoundKey = tuple[int, int]
SheetKey = tuple[RoundKey, int]
HELD_HERE = "{} 年第 {} 轮监控已在系统内办理，请在系统中填报，不能再补录"


@dataclass(slots=True)
class Batch:
    """What the two tables will write. Sheets are keyed by round (year, number) and subject-year."""

    subjects: Subjects
    rounds: dict[RoundKey, Round] = field(default_factory=dict)
    new_rounds: list[Round] = field(default_factory=list)
    moved_rounds: list[tuple[Round, str]] = field(default_factory=list)
    rows: dict[SheetKey, Row] = field(default_factory=dict)
    objects: dict[int, SubjectYear] = field(default_factory=dict)
    wanted: dict[SheetKey, ReadingSheet] = field(default_factory=dict)
    stored: dict[SheetKey, ReadingSheet] = field(default_factory=dict)
    fresh: list[tuple[SheetKey, Reading]] = field(default_factory=list)
    changed: list[Reading] = field(default_factory=list)
    touched: set[SheetKey] = field(default_factory=set)
