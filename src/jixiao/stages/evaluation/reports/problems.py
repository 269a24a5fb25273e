"""Problems that evaluations named, with the classes that somebody confirmed or that their words propose."""

from __future__ import annotations

from collections.abc import Iterable

from jixiao.domain.problems import ProblemRules, classed
from jixiao.kit.web.listing import Mark
from jixiao.policies import for_region

from ..models import Evaluation, Problem
from ..self_evaluation.reports.problems import Named


def named(problems: Iterable[Problem], rules: ProblemRules) -> list[Named]:
    """Each problem in its words, by its key."""
    return [Named(str(one.pk), one.words, classed(one.words, one.kinds, rules)) for one in problems]


def class_marks(evaluation: Evaluation) -> dict[int, list[Mark]]:
    """The tags of each problem's classes, by its key, in the words of the region's rules."""
    rules = for_region(evaluation.region, evaluation.year).section(ProblemRules)
    return {int(one.key): one.marks(rules) for one in named(evaluation.problems.order_by("pk"), rules)}
