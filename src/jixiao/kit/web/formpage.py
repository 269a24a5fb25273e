"""A page that is one form (rows.html): drawn, saved, drawn again with what was wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse

from .acts import SignedIn, token
from .pages import render
from .saving import saved, version_of


@dataclass(frozen=True, slots=True)
class FormPage:
    """What stands around the form; `keep` names what is typed on this machine, `why` are sentences above it."""

    heading: str
    action: str
    back: str
    button: str = "保存"
    sub: str = ""
    crumbs: Sequence[tuple[str, str | None]] = ()
    caption: str = "逐项填写"
    keep: str = ""
    why: Sequence[str] = ()


def answer(
    request: SignedIn,
    page: FormPage,
    make: Callable[[Any], forms.Form],
    save: Callable[..., Any],
    done: str,
    version: int = 0,
) -> HttpResponse:
    """The form (`make(data)`) on GET; on POST saved with `save(form, version=…, token=…)`, then back with `done`."""
    if request.method != "POST":
        return drawn(request, page, make(None), version)
    form = make(request.POST)

    def keep(**proof: Any) -> Any:
        return save(form, **proof)

    def again(status: int) -> HttpResponse:
        return drawn(request, page, form, version_of(request), status)

    return saved(request, form, keep, again, page.back, done, make(None))


def drawn(request: SignedIn, page: FormPage, form: forms.Form, version: int, status: int = 200) -> HttpResponse:
    """The page with this form, which began with `version`."""
    names = ("heading", "action", "back", "button", "sub", "crumbs", "caption", "keep", "why")
    around = {name: getattr(page, name) for name in names}
    context = {**around, "form_of": form, "typed_version": version, "token": token()}
    return render(request, "rows.html", context, status=status)
