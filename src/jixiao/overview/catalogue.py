"""What the floors below declare, in one place and in the order of the cycle: importers, figures, invariants."""

from __future__ import annotations

from jixiao.kit.figures import Figure
from jixiao.kit.importing import Importer
from jixiao.kit.invariants import Invariant
from jixiao.registers.documents import figures as documents_figures
from jixiao.registers.documents import importer as documents_importer
from jixiao.registers.indicators import importer as indicators_importer
from jixiao.registers.institutions import importer as institutions_importer
from jixiao.registers.institutions import invariants as institutions_invariants
from jixiao.registers.organizations import figures as organizations_figures
from jixiao.registers.organizations import importer as organizations_importer
from jixiao.registers.organizations import invariants as organizations_invariants
from jixiao.registers.subjects import importer as subjects_importer
from jixiao.registers.subjects import invariants as subjects_invariants
from jixiao.stages.evaluation import figures as evaluation_figures
from jixiao.stages.evaluation import importer as evaluation_importer
from jixiao.stages.evaluation import invariants as evaluation_invariants
from jixiao.stages.evaluation.choosing import figures as choosing_figures
from jixiao.stages.evaluation.choosing import invariants as choosing_invariants
from jixiao.stages.evaluation.findings import invariants as findings_invariants
from jixiao.stages.evaluation.self_evaluation import figures as self_evaluation_figures
from jixiao.stages.evaluation.self_evaluation import importer as self_evaluation_importer
from jixiao.stages.evaluation.self_evaluation import invariants as self_evaluation_invariants
from jixiao.stages.ex_ante import figures as ex_ante_figures
from jixiao.stages.ex_ante import importer as ex_ante_importer
from jixiao.stages.ex_ante import invariants as ex_ante_invariants
from jixiao.stages.follow_up.clearing import figures as clearing_figures
from jixiao.stages.follow_up.clearing import invariants as clearing_invariants
from jixiao.stages.follow_up.disclosure import figures as disclosure_figures
from jixiao.stages.follow_up.disclosure import importer as disclosure_importer
from jixiao.stages.follow_up.rectification import figures as rectification_figures
from jixiao.stages.follow_up.rectification import importer as rectification_importer
from jixiao.stages.follow_up.submission import figures as submission_figures
from jixiao.stages.follow_up.submission import importer as submission_importer
from jixiao.stages.monitoring import figures as monitoring_figures
from jixiao.stages.monitoring import importer as monitoring_importer
from jixiao.stages.monitoring import invariants as monitoring_invariants
from jixiao.stages.targets import figures as targets_figures
from jixiao.stages.targets import importer as targets_importer
from jixiao.stages.targets import invariants as targets_invariants

from . import report_figures

IMPORTERS: tuple[Importer, ...] = (
    *organizations_importer.IMPORTERS,
    *documents_importer.IMPORTERS,
    *institutions_importer.IMPORTERS,
    *indicators_importer.IMPORTERS,
    *subjects_importer.IMPORTERS,
    *ex_ante_importer.IMPORTERS,
    *targets_importer.IMPORTERS,
    *monitoring_importer.IMPORTERS,
    *self_evaluation_importer.IMPORTERS,
    *evaluation_importer.IMPORTERS,
    *rectification_importer.IMPORTERS,
    *disclosure_importer.IMPORTERS,
    *submission_importer.IMPORTERS,
)

FIGURES: tuple[Figure, ...] = (
    *organizations_figures.FIGURES,
    *documents_figures.FIGURES,
    *ex_ante_figures.FIGURES,
    *targets_figures.FIGURES,
    *monitoring_figures.FIGURES,
    *self_evaluation_figures.FIGURES,
    *evaluation_figures.FIGURES,
    *choosing_figures.FIGURES,
    *rectification_figures.FIGURES,
    *clearing_figures.FIGURES,
    *disclosure_figures.FIGURES,
    *submission_figures.FIGURES,
    *report_figures.FIGURES,
)

INVARIANTS: tuple[Invariant, ...] = (
    *organizations_invariants.INVARIANTS,
    *subjects_invariants.INVARIANTS,
    *institutions_invariants.INVARIANTS,
    *ex_ante_invariants.INVARIANTS,
    *targets_invariants.INVARIANTS,
    *monitoring_invariants.INVARIANTS,
    *self_evaluation_invariants.INVARIANTS,
    *evaluation_invariants.INVARIANTS,
    *findings_invariants.INVARIANTS,
    *choosing_invariants.INVARIANTS,
    *clearing_invariants.INVARIANTS,
)
