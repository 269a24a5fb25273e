"""What the floors below declare, in one place: importers in their order, figures, invariants."""

from __future__ import annotations

from jixiao.kit.figures import Figure
from jixiao.kit.importing import Importer
from jixiao.registers.documents.importer import IMPORTERS as DOCUMENTS
from jixiao.registers.institutions.importer import IMPORTERS as INSTITUTIONS
from jixiao.registers.organizations.importer import IMPORTERS as ORGANIZATIONS
from jixiao.registers.subjects.importer import IMPORTERS as SUBJECTS

IMPORTERS: tuple[Importer, ...] = (*ORGANIZATIONS, *DOCUMENTS, *INSTITUTIONS, *SUBJECTS)

FIGURES: tuple[Figure, ...] = ()
