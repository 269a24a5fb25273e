"""对账: 项目库, 预算指标, 支付 and 监控 of one year side by side, by unit and by subject, and where they disagree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jixiao.domain.actors import Actor
from jixiao.domain.quantities import format_amount
from jixiao.kit.fields import subtree
from jixiao.kit.models import Upload, UploadState
from jixiao.registers.organizations.models import UnitYear
from jixiao.registers.subjects.money import Balance, balance_of, money_of
from jixiao.registers.subjects.payments import DIFFERS
from jixiao.registers.subjects.rules import Conflict, Found, Money, conflicts
from jixiao.stages.monitoring.models import ReadingSheet, Round
from jixiao.stages.monitoring.workflow import RoundState

FILES_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class UnitMoney:
    """The sums of the subjects of one unit of the first level, in fen; budgets only of what may be added up."""

    path: str
    name: str
    subjects: int
    budget: int
    appropriated: int
    spent: int
    monitored: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A payment that a later file gave with another content: which file, where, what it said."""

    upload: int
    filename: str
    row: int
    message: str


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """A year's money as one actor sees it. The payments of `rows` and the unmatched ones are all that came in."""

    rows: list[Money]
    balance: Balance
    found: list[Found]
    refused: list[Refused]

    def counted(self) -> dict[Conflict, tuple[int, int]]:
        """Count and sum of every kind, in the order of the kinds; kinds without a case have (0, 0).

        Too much here and too little there do not make up for each other: disagreements add up without their signs.
        """
        sums = dict.fromkeys(Conflict, (0, 0))
        for one in self.found:
            count, fen = sums[one.kind]
            sums[one.kind] = (count + 1, fen + abs(one.fen))
        balance = self.balance
        sums[Conflict.UNMATCHED] = (balance.unmatched_count, balance.unmatched)
        sums[Conflict.NOT_REGISTERED] = (balance.not_registered_count, balance.not_registered)
        sums[Conflict.LATER_DIFFERS] = (len(self.refused), 0)
        return sums


def reconcile(actor: Actor, year: int, *, files: bool = False) -> Reconciliation:
    """The year's money as this actor may see it; with `files` also what refused payment files said."""
    rows = money_of(actor, year, monitored(actor, year))
    found = list(conflicts(rows, yuan))
    return Reconciliation(rows, balance_of(actor, year), found, _refused(actor, year) if files else [])


def monitored(actor: Actor, year: int, only: Iterable[int] | None = None) -> dict[int, int]:
    """Budgets of the newest round that was opened, by subject-year, in fen."""
    rounds = Round.objects.filter(region=actor.region, year=year).exclude(state=RoundState.DRAFT)
    sheets = ReadingSheet.objects.visible_to(actor).filter(round__in=rounds.order_by("-no").values("pk")[:1])
    if only is not None:
        sheets = sheets.filter(subject_year__in=list(only))
    return dict(sheets.values_list("subject_year", "budget"))


def by_unit(rows: Sequence[Money], names: dict[str, str]) -> list[UnitMoney]:
    """The rows summed by unit of the first level; `names` by path."""
    groups: dict[str, list[Money]] = {}
    for row in rows:
        groups.setdefault(row.unit_path.partition("/")[0] + "/", []).append(row)
    return [
        UnitMoney(
            path=path,
            name=names.get(path, path.rstrip("/")),
            subjects=len(mine),
            budget=sum(row.budget for row in mine if row.counted),
            appropriated=sum(row.appropriated or 0 for row in mine if row.counted),
            spent=sum(row.spent for row in mine),
            monitored=sum(row.monitored or 0 for row in mine if row.counted),
        )
        for path, mine in sorted(groups.items())
    ]


def unit_names(region: str, year: int) -> dict[str, str]:
    """Names of the units of the first level by path."""
    return dict(UnitYear.objects.filter(region=region, year=year, level=1).values_list("path", "name"))


def within(rows: Iterable[Money], path: str) -> list[Money]:
    """The rows of a unit and what is below it; all without a path."""
    if not path:
        return list(rows)
    first, behind = subtree(path)
    return [row for row in rows if first <= row.unit_path < behind]


def yuan(fen: int) -> str:
    """An amount in the sentences of a disagreement."""
    return f"{format_amount(fen, '元')} 元"


def _refused(actor: Actor, year: int) -> list[Refused]:
    """What the newest refused files said of payments that are stored with another content, each place once."""
    files = Upload.objects.filter(region=actor.region, year=year, state=UploadState.REFUSED).order_by("-id")
    told: dict[str, Refused] = {}
    for file in files[:FILES_LOOKED_AT]:
        for _sheet, row, _column, message in file.problems:
            if message.startswith(DIFFERS):
                told.setdefault(f"{file.filename} {row}", Refused(file.pk, file.filename, row, message))
    return list(told.values())
