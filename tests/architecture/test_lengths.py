"""What an import lets through fits into its column: SQLite would keep a text of any length, PostgreSQL would not."""

from __future__ import annotations

import pytest
from django.db import models

from jixiao.kit.columns import PARAGRAPH
from jixiao.kit.tables import Column, Table
from jixiao.overview.catalogue import IMPORTERS
from jixiao.registers.documents.models import Document
from jixiao.registers.indicators.models import Entry, Observation, Standard
from jixiao.registers.institutions.models import Agency
from jixiao.registers.organizations.models import Division, UnitYear
from jixiao.registers.subjects.models import Appropriation, Hold, Payment, SubjectYear
from jixiao.stages.evaluation.models import Evaluation, Mark, Problem, Suggestion
from jixiao.stages.evaluation.self_evaluation import models as self_evaluation
from jixiao.stages.ex_ante.models import Assessment, Exemption
from jixiao.stages.follow_up.disclosure.models import Disclosure
from jixiao.stages.follow_up.rectification.models import Rectification
from jixiao.stages.follow_up.submission.models import Submission
from jixiao.stages.monitoring.models import Reading, ReadingSheet, Recovery, Round
from jixiao.stages.targets.models import IndicatorLine, TargetVersion

TABLES = {table.key: table for importer in IMPORTERS for table in importer.tables}
FEEDS: dict[str, tuple[type[models.Model], ...]] = {
    "units": (UnitYear,),
    "policies": (Document,),
    "agencies": (Agency,),
    "indicator_library": (Entry,),
    "indicator_standards": (Entry, Standard),
    "projects": (SubjectYear,),
    "payments": (Payment,),
    "appropriations": (Appropriation,),
    "exante": (Assessment,),
    "exante_exemptions": (Exemption,),
    "indicators": (IndicatorLine, Entry),
    "overall_targets": (TargetVersion,),
    "overall_pilots": (),
    "recoveries": (Recovery, Hold),
    "monitoring": (Round, ReadingSheet),
    "monitoring_readings": (Reading,),
    "self_evaluations": (self_evaluation.SelfEvaluation,),
    "self_evaluation_scores": (IndicatorLine, Entry, self_evaluation.Score, Observation),
    "self_evaluation_exemptions": (self_evaluation.Exemption,),
    "evaluations": (Evaluation,),
    "evaluation_scores": (Mark,),
    "problems": (Problem,),
    "suggestions": (Suggestion,),
    "rectifications": (Rectification,),
    "disclosures": (Disclosure,),
    "reports_to": (Submission,),
}
OTHERWISE = {("units", "division"): (Division, "name"), ("self_evaluation_scores", "target"): (IndicatorLine, "target")}
# Read to find another row, or to be compared by eye; stored nowhere themselves.
LOOKED_UP = {
    *((table, "code") for table in ("exante", "exante_exemptions", "indicators", "recoveries", "monitoring")),
    *((table, "code") for table in ("monitoring_readings", "self_evaluations", "self_evaluation_scores")),
    *(("self_evaluation_exemptions", "code"), ("evaluations", "code"), ("units", "parent")),
    *((table, "unit") for table in ("projects", "exante", "overall_targets", "overall_pilots", "evaluations")),
    *((table, "name") for table in ("exante", "evaluations", "monitoring_readings")),
    *((table, "number") for table in ("evaluation_scores", "problems", "suggestions")),
    ("rectifications", "evaluation"),
}


def fields_fed(table: Table, column: Column) -> list[models.Field]:
    if (table.key, column.key) in OTHERWISE:
        model, name = OTHERWISE[table.key, column.key]
        return [model._meta.get_field(name)]
    fields = [field for model in FEEDS[table.key] for field in model._meta.concrete_fields if field.name == column.key]
    return [field for field in fields if not field.is_relation]


def texts() -> list[tuple[Table, Column]]:
    return [(table, column) for table in TABLES.values() for column in table.columns if column.kind in ("text", "code")]


def test_every_table_is_held_against_its_models():
    assert FEEDS.keys() == TABLES.keys()


@pytest.mark.parametrize(("table", "column"), texts(), ids=lambda part: part.key)
def test_no_text_is_longer_than_where_it_is_kept(table, column):
    fields = fields_fed(table, column)
    assert bool(fields) != ((table.key, column.key) in LOOKED_UP), "name the field that this column feeds"
    for field in fields:
        assert column.limit <= (field.max_length or PARAGRAPH), field


@pytest.mark.parametrize(("table", "column"), texts(), ids=lambda part: part.key)
def test_what_is_kept_as_a_paragraph_may_be_one(table, column):
    fields = fields_fed(table, column)
    if fields and all(field.max_length is None for field in fields):
        assert column.limit == PARAGRAPH
