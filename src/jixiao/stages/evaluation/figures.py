"""绩效评价: 财政重点评价 by kind, amounts, scores and grades, recurring problems, and the quotas of the rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from jixiao.domain.grades import Grade
from jixiao.domain.quantities import plain
from jixiao.domain.vocabulary import EvaluationMethod, SubjectKind
from jixiao.kit.figures import Figure, RowColumn, Scope, Value, by_label, count, distinct, total
from jixiao.policies import for_region

from .models import Evaluation, Problem
from .rules import EvaluationRules
from .workflow import State

COLUMNS = (
    RowColumn("评价编号", lambda evaluation: evaluation.number),
    RowColumn("编码", lambda evaluation: evaluation.subject_year.code),
    RowColumn("名称", lambda evaluation: evaluation.subject_year.name),
    RowColumn("单位", lambda evaluation: evaluation.subject_year.unit_name),
    RowColumn("安排资金", lambda evaluation: evaluation.arranged, "amount"),
    RowColumn("使用资金", lambda evaluation: evaluation.used, "amount"),
    RowColumn("得分", lambda evaluation: evaluation.total, "points"),
    RowColumn("等级", lambda evaluation: evaluation.grade.label if evaluation.grade else ""),
)
PROBLEM_COLUMNS = (
    RowColumn("问题类别", lambda problem: problem.category),
    RowColumn("评价编号", lambda problem: problem.evaluation.number),
    RowColumn("名称", lambda problem: problem.evaluation.subject_year.name),
    RowColumn("问题描述", lambda problem: problem.text),
)
Rows = Callable[[Scope], Sequence[Any]]


def _key(kind: SubjectKind, back: int = 0, **which: object) -> Rows:
    """财政重点评价 of one kind of subject, concluded in the work year or `back` years before."""

    def rows(scope: Scope) -> list[Evaluation]:
        found = Evaluation.objects.visible_to(scope.actor).by(EvaluationMethod.KEY)
        found = found.filter(
            region=scope.region, year=scope.year - back, state=State.CONCLUDED, subject_year__kind=kind, **which
        )
        return list(found.select_related("subject_year").order_by("number"))

    return rows


_projects = _key(SubjectKind.PROJECT)
_departments = _key(SubjectKind.DEPARTMENT_OVERALL)
_arranged = total(lambda evaluation: evaluation.arranged or 0)
_used = total(lambda evaluation: evaluation.used or 0)


def _problems(scope: Scope) -> list[Problem]:
    evaluations = [evaluation.pk for evaluation in _projects(scope)]
    rows = Problem.objects.filter(evaluation__in=evaluations).select_related("evaluation__subject_year")
    return list(rows.order_by("evaluation__number", "pk"))


def _by_category(rows: Sequence[Any], _scope: Scope) -> Value:
    """Projects per category, the most common first."""
    projects: dict[str, set[int]] = {}
    for problem in rows:
        projects.setdefault(problem.category, set()).add(problem.evaluation.subject_year.subject_id)
    common_first = sorted(projects, key=lambda category: -len(projects[category]))
    return by_label((category, len(projects[category])) for category in common_first)


def _scores(rows: Sequence[Any], _scope: Scope) -> Value:
    return by_label((evaluation.subject_year.name, evaluation.total) for evaluation in rows)


def _no_rows(_scope: Scope) -> tuple[()]:
    """A value of the region's rules counts nothing."""
    return ()


def _set_by(read: Callable[[EvaluationRules], Decimal | int | None]) -> Callable[[object, Scope], Value]:
    """A number of the region's rules; None where it sets none."""

    def measure(_rows: object, scope: Scope) -> Value:
        number = read(for_region(scope.region, scope.year).section(EvaluationRules))
        return None if number is None else plain(number)

    return measure


def _graded(grade: Grade) -> tuple[Figure, Figure]:
    return (
        Figure(
            f"key.projects.{grade.value}",
            f"财政重点评价等级为{grade.label}的项目",
            "个",
            f"本年度财政重点评价、对象类型为项目、按规则复算等级为{grade.label}的评价数。",
            _key(SubjectKind.PROJECT, grade=grade),
            count,
            COLUMNS,
        ),
        Figure(
            f"key.{grade.value}.previous_year",
            f"上一年度财政重点评价等级为{grade.label}的项目",
            "个",
            f"上一评价年度财政重点评价、对象类型为项目、按规则复算等级为{grade.label}的评价数。",
            _key(SubjectKind.PROJECT, 1, grade=grade),
            count,
            COLUMNS,
        ),
    )


FIGURES: tuple[Figure, ...] = (
    Figure(
        "key.projects",
        "财政重点评价的项目",
        "个",
        "本年度财政重点评价中对象类型为项目的评价数。",
        _projects,
        count,
        COLUMNS,
    ),
    Figure(
        "key.departments",
        "财政重点评价的部门整体",
        "个",
        "本年度财政重点评价中对象类型为部门整体的评价数。",
        _departments,
        count,
        COLUMNS,
    ),
    Figure(
        "key.projects.departments",
        "财政重点评价项目所属的单位",
        "个",
        "本年度财政重点评价项目所属的单位数，同一单位只计一次。",
        _projects,
        distinct(lambda evaluation: evaluation.subject_year.unit_id),
        COLUMNS,
    ),
    Figure(
        "key.amount",
        "财政重点评价涉及的资金",
        "万元",
        "本年度财政重点评价项目的安排资金合计，部门整体不并入。",
        _projects,
        _arranged,
        COLUMNS,
    ),
    Figure(
        "key.projects.amount",
        "财政重点评价项目的安排资金",
        "万元",
        "本年度财政重点评价项目的安排资金合计。",
        _projects,
        _arranged,
        COLUMNS,
    ),
    Figure(
        "key.departments.arranged",
        "财政重点评价部门整体的安排资金",
        "万元",
        "本年度财政重点评价部门整体的安排资金合计。",
        _departments,
        _arranged,
        COLUMNS,
    ),
    Figure(
        "key.departments.used",
        "财政重点评价部门整体的使用资金",
        "万元",
        "本年度财政重点评价部门整体的使用资金合计。",
        _departments,
        _used,
        COLUMNS,
    ),
    Figure(
        "key.score",
        "部门整体财政重点评价得分",
        "分",
        "本年度财政重点评价中各部门整体的得分，为其各指标得分之和。",
        _departments,
        _scores,
        COLUMNS,
    ),
    Figure(
        "key.projects.previous_year",
        "上一年度财政重点评价的项目",
        "个",
        "上一评价年度财政重点评价中对象类型为项目的评价数。",
        _key(SubjectKind.PROJECT, 1),
        count,
        COLUMNS,
    ),
    *(figure for grade in Grade for figure in _graded(grade)),
    Figure(
        "problems.common",
        "财政重点评价的共性问题",
        "个",
        "本年度财政重点评价的项目中，涉及各问题类别的项目数；同一项目同类问题只计一次。",
        _problems,
        _by_category,
        PROBLEM_COLUMNS,
    ),
    Figure(
        "evaluation.department.units.min",
        "部门评价单位占比要求",
        "%",
        "本地区本年度规则中，开展部门评价的单位占比下限；没有规定的不列。",
        _no_rows,
        _set_by(lambda rules: rules.department_units_minimum),
    ),
    Figure(
        "evaluation.department.funds.min",
        "部门评价项目资金占比要求",
        "%",
        "本地区本年度规则中，部门评价项目资金占比下限；没有规定的不列。",
        _no_rows,
        _set_by(lambda rules: rules.department_funds_minimum),
    ),
    Figure(
        "spotcheck.min",
        "抽查复核数量要求",
        "个",
        "本地区本年度规则中，财政抽查复核自评的下限；没有规定的不列。",
        _no_rows,
        _set_by(lambda rules: rules.spot_check_minimum),
    ),
)
