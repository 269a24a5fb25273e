"""公开: prepared, checked for secrets by another person, published, withdrawn if wrong."""

from __future__ import annotations

from jixiao.domain.actors import Role
from jixiao.domain.terms import Term
from jixiao.domain.workflow import Machine, Move

from .rules import channel_named, not_secret, redaction_was_confirmed, source_is_final

REVIEWERS = (Role.DEPARTMENT, Role.PERFORMANCE_OFFICE)


class State(Term):
    """States of a Disclosure."""

    DRAFT = "draft", "拟公开"
    REVIEW = "review", "待脱密审核"
    PUBLISHED = "published", "已公开"
    WITHDRAWN = "withdrawn", "已撤回"


MACHINE = Machine(
    "disclosure",
    State,
    initial=State.DRAFT,
    moves=(
        Move(
            "submit",
            "报送审核",
            (State.DRAFT,),
            State.REVIEW,
            by=(Role.UNIT, Role.DEPARTMENT, Role.PERFORMANCE_OFFICE),
            guards=(not_secret, source_is_final, channel_named),
        ),
        Move("return", "退回", (State.REVIEW,), State.DRAFT, by=REVIEWERS, note_required=True, own_work=False),
        Move(
            "disclose",
            "公开",
            (State.REVIEW,),
            State.PUBLISHED,
            by=REVIEWERS,
            guards=(not_secret, source_is_final, channel_named, redaction_was_confirmed),
            own_work=False,
        ),
        Move(
            "withdraw",
            "撤回",
            (State.PUBLISHED,),
            State.WITHDRAWN,
            by=REVIEWERS,
            note_required=True,
        ),
        Move("record", "补录", (State.DRAFT,), State.PUBLISHED, by=Role.SYSTEM),
    ),
)
