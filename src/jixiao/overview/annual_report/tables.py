"""The report's lists as tables; each number in a cell belongs to the figure that lists it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jixiao.domain.quantities import amount_plain, plain
from jixiao.kit.figures import Answer, percent
from jixiao.kit.paper import Attachment, Column, Number, Span, Table

Answers = Mapping[str, Answer]
NAME, UNIT = Column("名称", share=0.36), Column("单位", share=0.22)
EVALUATED = (
    Column("安排资金（万元）", "right"),
    Column("使用资金（万元）", "right"),
    Column("得分", "right"),
    Column("等级", "center"),
)
OVERALL_SUMS = ("key.departments.arranged", "key.departments.used")
PROJECT_SUMS = ("key.projects.amount", "key.projects.used")
SPENT = (
    NAME,
    UNIT,
    Column("全年预算（万元）", "right"),
    Column("累计支出（万元）", "right"),
    Column("支出进度（%）", "right"),
)


def rows_of(answers: Answers, key: str) -> Sequence[Any]:
    """The rows behind a figure, none if it is not there."""
    return answers[key].rows if key in answers else ()


def _number(text: str | None, key: str) -> Span:
    return "" if text is None else Number(text, key)


def _money(fen: int | None, key: str) -> Span:
    return "" if fen is None else Number(amount_plain(fen, "万元"), key)


def _sum(answers: Answers, key: str) -> Span:
    value = answers[key].value if key in answers else None
    return Number(value, key) if isinstance(value, str) else ""


def evaluated(answers: Answers, prefix: str, caption: str, *, sums: tuple[str, str] = ("", "")) -> Iterator[Table]:
    """What finance evaluated: 安排资金、使用资金、得分、等级; `sums` are the figures of the two totals."""
    rows = rows_of(answers, f"{prefix}.list.points")
    own_names = all(row.subject_year.name == row.subject_year.unit_name for row in rows)
    if rows:
        cells = tuple(
            (
                row.subject_year.name,
                *(() if own_names else (row.subject_year.unit_name,)),
                _money(row.arranged, f"{prefix}.list.arranged"),
                _money(row.used, f"{prefix}.list.used"),
                _number(None if row.total is None else plain(row.total), f"{prefix}.list.points"),
                row.grade.label if row.grade else "",
            )
            for row in rows
        )
        names = (Column("部门", share=0.44),) if own_names else (NAME, UNIT)
        spare = ("",) * (len(names) - 1)
        total = ("合计", *spare, _sum(answers, sums[0]), _sum(answers, sums[1]), "", "") if all(sums) else None
        yield Table((*names, *EVALUATED), cells, caption, total)


def spending(answers: Answers, prefix: str, *, advice: bool = False) -> Iterator[Table]:
    """Budget, payments and rate of monitored projects, with what was advised."""
    rows = rows_of(answers, f"{prefix}.budget")
    if rows:
        advised = advice and any(row.advice and row.advice != row.handling.label for row in rows)
        cells = tuple(
            (
                row.subject_year.name,
                row.subject_year.unit_name,
                _money(row.budget, f"{prefix}.budget"),
                _money(row.spent, f"{prefix}.spent"),
                _number(percent(row.spent, row.budget), f"{prefix}.rate"),
                *((row.advice,) if advised else ()),
            )
            for row in rows
        )
        yield Table((*SPENT, *((Column("监控意见", share=0.2),) if advised else ())), cells)


def attachments(answers: Answers, year: int) -> tuple[Attachment, ...]:
    """附件 in the order of the cycle; those without rows are left out.

    No title begins with a digit: after its number in the list, 2.2022 would read as one.
    """
    overall = tuple(evaluated(answers, "key.departments", "部门整体支出评价情况", sums=OVERALL_SUMS))
    caption = "政策和项目支出评价情况" if overall else ""
    projects = tuple(evaluated(answers, "key.projects", caption, sums=PROJECT_SUMS))
    candidates = (
        Attachment("支出进度较慢项目清单", tuple(spending(answers, "monitoring.slow"))),
        Attachment("重点监控项目情况表", tuple(spending(answers, "monitoring.key", advice=True))),
        Attachment("财政重点评价情况表", (*overall, *projects)),
        Attachment(f"财政重点评价情况表（{year - 1}年度）", tuple(evaluated(answers, "key.previous", ""))),
    )
    return tuple(one for one in candidates if one.blocks)
