"""The shell around a page (who, where, which year, menu) and `render`, the one way a view answers with HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django import shortcuts
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

MONEY_UNITS = ("万元", "元")


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the left menu. `count` is what waits there; `urgent` marks it red (and says so)."""

    label: str
    url: str
    count: int = 0
    urgent: bool = False
    current: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A headed group of the left menu: 我的、环节、基础、报告."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Shell:
    """What every page of somebody signed in shows around its content; a middleware sets it as `request.shell`.

    `regions` are pairs of code and name; with one year or one region the switch is plain text. `account_links` are
    pairs of label and url under the person's name, above 退出登录.
    """

    actor_name: str
    role_label: str
    region_code: str
    region_name: str
    year: int
    years: tuple[int, ...] = ()
    regions: tuple[tuple[str, str], ...] = ()
    menu: tuple[Section, ...] = ()
    demo: bool = False
    money_unit: str = MONEY_UNITS[0]
    account_links: tuple[tuple[str, str], ...] = ()

    @property
    def other_unit(self) -> str:
        return MONEY_UNITS[1] if self.money_unit == MONEY_UNITS[0] else MONEY_UNITS[0]

    def at(self, path: str) -> Shell:
        """The same shell with the menu item current whose url is the longest beginning of `path`."""
        urls = [item.url for section in self.menu for item in section.items if _within(path, item.url)]
        here = max(urls, key=len, default=None)
        menu = tuple(
            replace(section, items=tuple(replace(item, current=item.url == here) for item in section.items))
            for section in self.menu
        )
        return replace(self, menu=menu)


def surroundings(request: HttpRequest) -> dict[str, object]:
    """Context processor: `shell` (None before sign-in), `unit` (万元 or 元), `messages`. Error pages have them too."""
    shell: Shell | None = getattr(request, "shell", None)
    unit = shell.money_unit if shell else MONEY_UNITS[0]
    return {"shell": shell, "unit": unit, "messages": get_messages(request)}


def render(
    request: HttpRequest, template: str, context: Mapping[str, object] | None = None, *, status: int = 200
) -> HttpResponse:
    """The template as a page or fragment, its `surroundings` added; status 422 for a form with errors, 409 if stale."""
    return shortcuts.render(request, template, context, status=status)


def back(request: HttpRequest, fallback: str = "/") -> HttpResponseRedirect:
    """To the page that the form's `next` names, if it is one of ours: how the switches of the top bar answer."""
    target = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(target if ours else fallback)


def _within(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))
