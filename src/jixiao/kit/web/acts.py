"""The one view behind every button that moves a sheet, and what a page needs to draw the buttons."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from jixiao.domain.actors import Actor
from jixiao.domain.decisions import Refused
from jixiao.kit import moving
from jixiao.kit.acting import Repeated, Stale, TokenReused

from . import htmx
from .asking import number, paragraph, text
from .pages import render

REPEATED = "这一步已经办理过，没有重复办理"


class SignedIn(HttpRequest):
    """A request whose person is known: the shell middleware set `actor` and `shell` before any view ran."""

    actor: Actor
    shell: Any


def token() -> str:
    """A fresh idempotency token for a form: ten clicks on its button are one act."""
    return secrets.token_hex(16)


def buttons(request: SignedIn, sheet: Any) -> dict[str, Any]:
    """Context of components/moves.html: the sheet's moves for this actor with what stands against each."""
    return {"sheet": sheet, "offers": moving.offers(sheet, request.actor), "token": token()}


def find(rows: Any, request: SignedIn, pk: int) -> Any:
    """The row with this id among those the actor may see; foreign and missing are the same 404."""
    found = rows.visible_to(request.actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def pressed(request: SignedIn, act: Callable[[str], str], back: str) -> HttpResponse:
    """The answer to a button: `act(token)` does it and says what was done; then `back`, also where it was refused."""
    try:
        messages.success(request, act(request.POST.get("token", "")))
    except Repeated:
        messages.info(request, REPEATED)
    except Stale as stale:
        messages.error(request, f"{stale}，请看过最新的一份再办")
    except (Refused, TokenReused) as refused:
        messages.error(request, str(refused))
    return htmx.redirect(request, back)


def begun(
    request: SignedIn,
    form: forms.Form,
    act: Callable[[str], Any],
    page: Callable[[int], str] | str,
    done: Callable[[Any], str],
) -> HttpResponse | None:
    """What a form does once: `act(token)`, then `page` (of what was made); None: to be drawn, with what was wrong."""
    if not form.is_valid():
        return None
    try:
        made = act(request.POST.get("token", ""))
        messages.success(request, done(made))
        return htmx.redirect(request, page if isinstance(page, str) else page(made.pk))
    except Repeated as repeated:
        messages.info(request, REPEATED)
        return htmx.redirect(request, page if isinstance(page, str) else page(repeated.answer["pk"]))
    except (Refused, TokenReused) as refused:
        form.add_error(None, str(refused))
    return None


@require_POST
def take_move(request: SignedIn, rows: Any, pk: int, back: str, effect: moving.Effect | None = None) -> HttpResponse:
    """Take the posted move (code, version, token, note) and return to `back`; a stale form keeps its text (409)."""
    sheet = find(rows, request, pk)
    code, note = text(request.POST, "move"), paragraph(request.POST, "note")
    try:
        moved = moving.move(
            sheet,
            code,
            request.actor,
            version=number(request.POST, "version", 0),
            token=request.POST.get("token", ""),
            note=note,
            effect=effect,
        )
        messages.success(request, f"现为“{moved.state.label}”")
    except Repeated:
        messages.info(request, REPEATED)
    except Stale as stale:
        differences = [("办理", stale.stands, note)]
        context = {"who": stale.who, "at": stale.at, "differences": differences, "reload": back}
        return render(request, "409.html", context, status=409)
    except TokenReused as reused:
        messages.error(request, str(reused))
    except Refused as refused:
        messages.error(request, str(refused))
    return htmx.redirect(request, back)
