"""佐证材料: files that prove an indicator's value, kept with the sheet and marked with the indicator."""

from __future__ import annotations

from jixiao.domain.actors import Actor
from jixiao.domain.decisions import Decision
from jixiao.kit.web.attaching import Doors

from ..models import SelfEvaluation
from ..rules import may_fill
from ..workflow import State


def _may(actor: Actor, found: SelfEvaluation) -> Decision:
    return may_fill(actor, found.state == State.DRAFT, found.subject_year.department_above)


FILES = Doors(
    "self-evaluation",
    lambda: SelfEvaluation.objects.select_related("subject_year"),
    _may,
    "self-evaluation",
    "#attachments",
)
