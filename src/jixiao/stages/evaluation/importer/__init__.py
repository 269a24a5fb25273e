"""绩效评价: evaluations with their marks, problems and suggestions. Totals follow from the marks if there are any."""

from __future__ import annotations

from jixiao.kit.importing import Importer

from .evaluations import plan_evaluations
from .tables import EVALUATIONS, MARKS, PROBLEMS, SUGGESTIONS

__all__ = ["EVALUATIONS", "IMPORTERS", "MARKS", "PROBLEMS", "SUGGESTIONS"]
IMPORTERS = (Importer("evaluations", (EVALUATIONS, MARKS, PROBLEMS, SUGGESTIONS), plan_evaluations),)
