"""What every sheet's addresses share: saving what was filled in, and taking a step."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.http import Http404, JsonResponse

from jixiao.domain.actors import Actor
from jixiao.domain.decisions import Decision, Refused
from jixiao.kit import moving
from jixiao.kit.acting import Repeated
from jixiao.kit.web.asking import paragraph

from .answers import refused
from .lists import Asked, token_of
from .shapes import Field, Shape, body_of

MOVE = Shape(
    "Move",
    (
        Field("code", "步骤"),
        Field("label", "名称"),
        Field("note_required", "须填意见", "flag"),
        Field("allowed", "现在可以办理", "flag"),
        Field("reasons", "不能办理的全部理由", "texts"),
    ),
)
FILLABLE = (
    Field("fillable", "现在可以填报", "flag"),
    Field("fill_reasons", "不能填报的全部理由", "texts"),
    Field("moves", "令牌所有人的角色可办的步骤", "many", inner=MOVE),
)
MOVING = Shape(
    "Moving",
    (Field("version", "读到的版本", "integer", required=True), Field("note", "意见")),
)


def saved(found: Any, save: Callable[[], object]) -> JsonResponse | None:
    """Save a draft; the refusal, or None: 422 for what is said, 409 where the sheet is no draft any more."""
    try:
        once(save)
    except Refused as no:
        if found.state == found.machine.initial:
            raise
        return refused(409, no.reasons)
    return None


def once(act: Callable[[], object]) -> None:
    """Do it. The same request again is the same act: its answer is what stands. Raises Refused, the door's 422."""
    with suppress(Repeated):
        act()


def begun(act: Callable[[], Any]) -> int:
    """Make a row: its key, of the same request again the key of then. Raises Refused, the door's 422."""
    try:
        made: int = act().pk
    except Repeated as repeated:
        made = repeated.answer["pk"]
    return made


def stepped(request: Asked, found: Any, key: str, effect: moving.Effect | None = None) -> JsonResponse | None:
    """Take a step; the refusal, or None: 409 if it is no step of its state, 422 with every reason against it."""
    if key not in {known.code for known in found.machine.moves}:
        raise Http404
    said = MOVING.read(body_of(request))
    note = paragraph(said, "note")  # type: ignore[arg-type]
    legal = {"version": said["version"], "token": token_of(request), "effect": effect}
    try:
        once(lambda: moving.move(found, key, request.actor, note=note, **legal))
    except Refused as no:
        if found.machine.move(key, found.state):
            raise
        return refused(409, no.reasons)
    return None


def standing(may: Decision, found: Any, actor: Actor) -> dict[str, Any]:
    """What FILLABLE says of a sheet: may the actor fill it in now, and which steps can he take?"""
    return {"fillable": bool(may), "fill_reasons": list(may.reasons), "moves": moves_told(found, actor)}


def moves_told(found: Any, actor: Actor) -> list[dict[str, Any]]:
    """Steps of the actor's role, with what stands against each."""
    return [
        {
            "code": one.code,
            "label": one.label,
            "note_required": one.note_required,
            "allowed": bool(decision),
            "reasons": list(decision.reasons),
        }
        for one, decision in moving.offers(found, actor)
    ]
