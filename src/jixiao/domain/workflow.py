"""A Machine is a table of moves: who may take a sheet from which state to which, as data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .actors import Actor, Role
from .decisions import Decision, require
from .terms import Term

Guard = Callable[[Any], Decision]


@dataclass(frozen=True, slots=True)
class Move:
    """One legal step. `by` names the only roles that may take it; `guards` judge the sheet's facts.

    `own_work` keeps the four eyes apart: where it is False, whoever submitted may not take this move.
    `applies` leaves a move out where the rules of the sheet's region have no such step; None: everywhere.
    """

    code: str
    label: str
    sources: tuple[Term, ...]
    target: Term
    by: Role | tuple[Role, ...]
    guards: tuple[Guard, ...] = ()
    note_required: bool = False
    own_work: bool = True
    moves_money: bool = False
    applies: Guard | None = None

    @property
    def roles(self) -> tuple[Role, ...]:
        return self.by if isinstance(self.by, tuple) else (self.by,)


@dataclass(frozen=True)
class Machine:
    """The life of one kind of sheet. Refused at import if a state cannot be reached or a move is doubled."""

    name: str
    states: type[Term]
    initial: Term
    moves: tuple[Move, ...]

    def __post_init__(self) -> None:
        seen: set[tuple[str, Term]] = set()
        for move in self.moves:
            for source in move.sources:
                if (move.code, source) in seen:
                    raise ValueError(f"{self.name}: move {move.code} from {source.value} is written twice")
                seen.add((move.code, source))
        reached = {self.initial}
        for _ in self.states:
            reached |= {m.target for m in self.moves if reached & set(m.sources)}
        unreachable = [state.value for state in self.states if state not in reached]
        if unreachable:
            raise ValueError(f"{self.name}: unreachable states {unreachable}")

    def move(self, code: str, state: Term) -> Move | None:
        """The move of this code out of this state, or None."""
        return next((m for m in self.moves if m.code == code and state in m.sources), None)

    def offered(self, state: Term, actor: Actor, facts: object = None) -> tuple[Move, ...]:
        """What the actor's role could do in this state: the buttons, before the guards are asked.

        Without `facts` also what only other regions do.
        """
        mine = (m for m in self.moves if state in m.sources and actor.role in m.roles)
        return tuple(m for m in mine if m.applies is None or facts is None or m.applies(facts))

    def awaiting(self, role: Role) -> frozenset[Term]:
        """States in which this role has a move: its to-dos are the rows it sees in them."""
        return frozenset(state for m in self.moves if role in m.roles for state in m.sources)

    def check(
        self, code: str, state: Term, actor: Actor, facts: object, *, note: str = "", submitted_by: int | None = None
    ) -> Decision:
        """May the actor take this move now? A no carries all reasons at once."""
        move = self.move(code, state)
        if move is None:
            return Decision((f"当前状态“{state.label}”不能办理这一步",))
        if move.applies is not None and not (applies := move.applies(facts)):
            return applies
        decision = require(actor.role in move.roles, f"“{move.label}”由{'、'.join(r.label for r in move.roles)}办理")
        decision &= require(note.strip() or not move.note_required, f"请填写{move.label}意见")
        if not move.own_work and submitted_by is not None:
            decision &= require(submitted_by != actor.user_id, "不能审核自己报送的材料")
        for guard in move.guards:
            decision &= guard(facts)
        return decision

    def to_mermaid(self) -> str:
        """The diagram of docs/workflows, in the order the moves are written."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial.value}"]
        lines += [f"    {state.value}: {state.label}" for state in self.states]
        for move in self.moves:
            who = "、".join(role.label for role in move.roles)
            lines += [f"    {s.value} --> {move.target.value}: {move.label}（{who}）" for s in move.sources]
        return "\n".join(lines) + "\n"
