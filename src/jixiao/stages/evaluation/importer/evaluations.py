"""绩效评价情况表 with 评价指标得分表, 评价问题清单 and 评价意见建议表."""

from __future__ import annotations

from jixiao.kit.importing import ImportScope, Plan, Readings

from ..models import Evaluation, Mark, Problem, Suggestion
from .classes import keep_classes, read_classes
from .finding import read_evaluations
from .lines import Lines, load_stored, read_lines, read_marks
from .storing import again, prepare
from .tables import EVALUATIONS, MARKS, PROBLEMS, SUGGESTIONS
from .totals import compare_with_print, set_totals


def plan_evaluations(readings: Readings, scope: ImportScope) -> Plan:
    """Evaluations by number; what hangs at a number that nobody knows is listed and not stored."""
    plan = Plan()
    stored = {e.number: e for e in Evaluation.objects.filter(region=scope.region).select_related("snapshot")}
    main = readings.get(EVALUATIONS.key)
    wanted = read_evaluations(main, scope, stored, plan) if main else {}
    marks = Lines(Mark, ("level1", "level2", "name", "weight", "points"))
    problems, suggestions = Lines(Problem, ("text", "kinds")), Lines(Suggestion, ("text",))
    known = {**wanted, **stored}
    read_marks(readings.get(MARKS.key), marks, known, plan)
    read_lines(readings.get(PROBLEMS.key), problems, "category", "问题类别", known, plan)
    read_classes(readings.get(PROBLEMS.key), problems, scope, plan)
    read_lines(readings.get(SUGGESTIONS.key), suggestions, "no", "序号", known, plan)
    if plan.problems:
        return plan
    load_stored(marks, scope.region, lambda row: row.position)
    load_stored(problems, scope.region, lambda row: row.category)
    keep_classes(problems)
    load_stored(suggestions, scope.region, lambda row: row.no)
    for number in {number for number, _ in marks.wanted} - wanted.keys():
        wanted[number] = again(stored[number])
    set_totals(wanted, stored, marks, scope)
    compare_with_print(main, wanted, plan)
    prepare(plan, stored, wanted, (marks, problems, suggestions))
    return plan
