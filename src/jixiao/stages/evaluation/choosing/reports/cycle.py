"""重点项目 over the cycle: what was evaluated, by number and by money, and what is missing to what the rules expect.

A subject that was recoded or merged goes on in another; both are one family, which counts once.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from jixiao.domain.actors import Actor, Role
from jixiao.domain.quantities import share
from jixiao.domain.vocabulary import EvaluationMethod, SubjectKind
from jixiao.kit.tables import Column, Table
from jixiao.kit.web.listing import Mark, Shown
from jixiao.registers.subjects.linking import in_force
from jixiao.registers.subjects.models import SubjectLink, SubjectYear
from jixiao.stages.evaluation.models import Evaluation
from jixiao.stages.evaluation.workflow import State

from ..models import Choice
from ..workflow import State as ChoiceState
from .coverage import first_level

CYCLE = (EvaluationMethod.DEPARTMENT, EvaluationMethod.KEY)
MATRIX = Table(
    "five_years",
    "五年覆盖",
    (
        Column("code", "编码"),
        Column("name", "重点项目"),
        Column("unit", "单位"),
        Column("why", "为什么列为重点"),
        Column("years", "评价年份"),
        Column("covered", "已覆盖", "flag"),
        Column("budget", "全年预算", "amount"),
        Column("remedy", "怎么补", required=False),
    ),
)


def important(actor: Actor, object_year: int) -> Any:
    """重点项目 of a year: 重大政策 and 民生或重点; no 部门整体, and nothing that went on in another subject."""
    gone = SubjectLink.objects.filter(in_force("", dt.date(object_year, 12, 31)), source=OuterRef("pk"))
    rows = SubjectYear.objects.visible_to(actor).filter(~Exists(gone), year=object_year)
    return rows.filter(Q(major_policy=True) | Q(livelihood=True)).exclude(kind=SubjectKind.DEPARTMENT_OVERALL)


def families(region: str, object_year: int) -> dict[int, int]:
    """Of each subject that was ever recoded or merged the family it belongs to: the subject in which it ended."""
    links = SubjectLink.objects.filter(in_force("", dt.date(object_year, 12, 31)), region=region)
    into = dict(links.order_by("source__year", "pk").values_list("source__subject", "target__subject"))
    found = {}
    for subject in into:
        seen, last = {subject}, into[subject]
        while last in into and last not in seen:
            seen.add(last)
            last = into[last]
        found[subject] = last
    return found


@dataclass(frozen=True)
class Five:
    """重点项目 against the work years of the cycle: `years` oldest first, `done` by subject; `chosen` in this one."""

    years: tuple[int, ...]
    subjects: tuple[SubjectYear, ...]
    done: dict[int, set[int]]
    chosen: dict[int, ChoiceState]

    def covered(self, subject: SubjectYear) -> bool:
        return bool(self.done.get(subject.subject_id))

    @property
    def count(self) -> int:
        return sum(self.covered(one) for one in self.subjects)

    @property
    def count_share(self) -> Decimal | None:
        return share(self.count, len(self.subjects))

    @property
    def funds(self) -> int:
        return sum(one.budget for one in self.subjects)

    @property
    def funds_covered(self) -> int:
        return sum(one.budget for one in self.subjects if self.covered(one))

    @property
    def funds_share(self) -> Decimal | None:
        return share(self.funds_covered, self.funds)

    def short_of(self, least: Decimal | None) -> int:
        """How many more have to be evaluated to reach this share of their number (percent points)."""
        if least is None:
            return 0
        needed = -(-len(self.subjects) * least // 100)
        return max(int(needed) - self.count, 0)


def five_years(actor: Actor, work_year: int, object_year: int, cycle: int) -> Five:
    """Which 重点项目 of a year were evaluated by their department or by finance in the cycle that ends now."""
    years = tuple(range(work_year - cycle + 1, work_year + 1))
    family = families(actor.region, object_year)
    # Older codes of a family may have stood in a unit that the reader does not see: that they were evaluated counts.
    rows = Evaluation.objects.filter(region=actor.region, method__in=CYCLE, state=State.CONCLUDED, year__in=years)
    found: dict[int, set[int]] = defaultdict(set)
    for subject, year in rows.values_list("subject_year__subject", "year"):
        found[family.get(subject, subject)].add(year)
    subjects = tuple(important(actor, object_year).order_by("unit_path", "code"))
    done = {one.subject_id: found.get(family.get(one.subject_id, one.subject_id), set()) for one in subjects}
    choices = Choice.objects.visible_to(actor).filter(year=work_year, method__in=CYCLE)
    standing = choices.filter(state__in=(ChoiceState.CHOSEN, ChoiceState.OPENED)).order_by("pk")
    chosen = {key: ChoiceState(state) for key, state in standing.values_list("subject_year__subject", "state")}
    return Five(years, subjects, {key: known for key, known in done.items() if known}, chosen)


def why_important(subject: SubjectYear) -> str:
    """By which flag it is 重点."""
    both = (("重大政策", subject.major_policy), ("民生或重点", subject.livelihood))
    return "、".join(label for label, said in both if said)


def remedy(found: Five, subject: SubjectYear) -> str:
    """What is to be done so that a subject is covered; "" where it is."""
    if found.covered(subject):
        return ""
    state = found.chosen.get(subject.subject_id)
    if state is ChoiceState.OPENED:
        return "评价已开展，审定后算覆盖"
    return "已选定，请开展评价" if state is ChoiceState.CHOSEN else "请列入部门评价或财政评价"


def matrix_columns(found: Five) -> tuple[Shown, ...]:
    """Subject × year."""
    years = tuple(Shown(f"y{year}", f"{year} 年") for year in found.years)
    return (
        Shown("name", "重点项目", link="url", note_key="unit"),
        Shown("budget", "全年预算", "amount"),
        *years,
        Shown("mark", "覆盖", "tag"),
        Shown("remedy", "怎么补", link="choose"),
    )


def matrix_rows(found: Five, actor: Actor) -> list[dict[str, Any]]:
    """What is not covered yet first, the most money before the others; a unit has no page on which to choose."""
    rows, chooses = [], actor.role is not Role.UNIT
    for one in sorted(found.subjects, key=lambda one: (found.covered(one), -one.budget)):
        done = found.done.get(one.subject_id, set())
        row: dict[str, Any] = {f"y{year}": "已评" if year in done else "—" for year in found.years}
        mark = Mark("已覆盖", "ok") if done else Mark("未覆盖", "warn")
        said = remedy(found, one)
        links = {
            "url": reverse("subject", args=[one.pk]),
            "choose": reverse("choosing-candidate", args=[one.pk]) if chooses else None,
        }
        told = {"name": one.name, "unit": one.unit_name, "budget": one.budget, "mark": mark, "remedy": said or "—"}
        rows.append({**row, **told, **links})
    return rows


DEPARTMENT_COLUMNS = (
    Shown("unit", "单位"),
    Shown("count", "重点项目", "integer"),
    Shown("covered", "已覆盖", "integer"),
    Shown("missing", "未覆盖", "integer"),
    Shown("share", "按个数", "percent"),
    Shown("funds", "重点项目资金", "amount"),
    Shown("funds_covered", "已覆盖资金", "amount"),
    Shown("funds_share", "按资金", "percent"),
)


def department_shares(found: Five, names: dict[str, str]) -> list[dict[str, Any]]:
    """Per department: covered and not yet, those with most left first; `names` by first-level path."""
    groups: dict[str, list[SubjectYear]] = defaultdict(list)
    for one in found.subjects:
        groups[first_level(one.unit_path)].append(one)
    rows = []
    for path, group in groups.items():
        part = Five(found.years, tuple(group), found.done, found.chosen)
        rows.append(
            {
                "unit": names.get(path, group[0].unit_name),
                "count": len(group),
                "covered": part.count,
                "missing": len(group) - part.count,
                "share": part.count_share,
                "funds": part.funds,
                "funds_covered": part.funds_covered,
                "funds_share": part.funds_share,
            }
        )
    return sorted(rows, key=lambda row: (-row["missing"], row["unit"]))


def table_rows(found: Five) -> Iterable[dict[str, Any]]:
    """The matrix by the columns of MATRIX."""
    return [
        {
            "code": one.code,
            "name": one.name,
            "unit": one.unit_name,
            "why": why_important(one),
            "years": "、".join(str(year) for year in sorted(found.done.get(one.subject_id, ()))),
            "covered": found.covered(one),
            "budget": one.budget,
            "remedy": remedy(found, one),
        }
        for one in found.subjects
    ]
