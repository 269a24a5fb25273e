"""How a form of a sheet is saved: back to the sheet, 422 with errors at their fields, or 409 beside what stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse

from jixiao.domain.decisions import Refused
from jixiao.kit.acting import Repeated, Stale, TokenReused

from . import htmx
from .acts import SignedIn
from .asking import number
from .forms import differences
from .pages import render

Again = Callable[[int], HttpResponse]
"""The page once more with the form as it was typed, under this status."""


def version_of(request: SignedIn) -> int:
    """The version that the form began with."""
    return number(request.POST, "version", 0)


def saved(
    request: SignedIn,
    form: forms.Form,
    save: Callable[..., Any],
    again: Again,
    back: str,
    done: str | Callable[[Any], str],
    stored: forms.Form,
) -> HttpResponse:
    """Call `save` with the form's version and token and go `back`, saying what was `done`; nothing typed is lost.

    `stored` is the same form with what stands now, for who comes too late.
    """
    if not form.is_valid():
        return again(422)
    try:
        result = save(version=version_of(request), token=request.POST.get("token", ""))
        messages.success(request, done if isinstance(done, str) else done(result))
    except Repeated:
        messages.info(request, "这份内容已经保存过，没有重复保存")
    except Stale as stale:
        context = {"who": stale.who, "at": stale.at, "differences": differences(form, stored), "reload": back}
        return render(request, "409.html", context, status=409)
    except (Refused, TokenReused) as refused:
        form.add_error(None, str(refused))
        return again(422)
    return htmx.redirect(request, back)
