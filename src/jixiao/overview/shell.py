"""Who is here, in which role, region and year: set once for every request, before any view runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user
from django.core.cache import cache
from django.db.models import Min
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from jixiao.domain.actors import Actor, Role
from jixiao.kit.security import deny
from jixiao.kit.web import htmx
from jixiao.kit.web.pages import MONEY_UNITS, Section, Shell
from jixiao.registers.organizations.accounts import actor_of, grants_of
from jixiao.registers.organizations.models import Grant, UnitYear

from .access import ACCESS, ANYONE, BY_TOKEN
from .menu import menu_for

REMEMBERED_SECONDS = 30
BEFORE_NEW_PASSWORD = ("password", "logout")


@dataclass(frozen=True, slots=True)
class Known:
    """What a session's person is allowed, kept for half a minute: a withdrawn grant ends within that time."""

    actor: Actor
    regions: tuple[tuple[str, str], ...]
    region_name: str
    years: tuple[int, ...]
    menu: tuple[Section, ...]
    demo: bool
    must_change_password: bool


class ShellMiddleware:
    """Sets `request.actor` and `request.shell`, and opens an address only to those whom the access table names."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(f"/{settings.STATIC_URL.strip('/')}/") or request.path_info.startswith(BY_TOKEN):
            return self.get_response(request)
        known = known_of(request)
        if known is not None:
            request.actor = known.actor  # type: ignore[attr-defined]
            request.shell = _shell(request, known)  # type: ignore[attr-defined]
        return self._refusal(request, known) or self.get_response(request)

    def _refusal(self, request: HttpRequest, known: Known | None) -> HttpResponse | None:
        try:
            name = resolve(request.path_info).url_name or ""
        except Resolver404:
            return None
        allowed = ACCESS.get(name)
        if allowed is ANYONE:
            return None
        if known is None:
            # After a form that came too late, back to its page: what was typed is still kept there.
            target = request.get_full_path() if request.method == "GET" else request.headers.get("Referer", "")
            query = urlencode({"next": target}) if target else ""
            login = f"{reverse('login')}?{query}"
            # A redirect would put the login page into the fragment; 401 keeps what was typed on the page.
            if htmx.wants_fragment(request):
                return HttpResponse(status=401, headers={"Location": login})
            return HttpResponseRedirect(login)
        if known.must_change_password and name not in BEFORE_NEW_PASSWORD:
            return HttpResponseRedirect(reverse("password"))
        if allowed is None or known.actor.role not in allowed:
            deny(f"page:{name}", known.actor.name, request.META.get("REMOTE_ADDR", ""))
            # Foreign is missing: a refusal must not tell that the address exists.
            raise Http404
        return None


def known_of(request: HttpRequest) -> Known | None:
    """The person of this session under the grant chosen, or None. Asked of the database once in half a minute."""
    user_id, sealed = request.session.get(SESSION_KEY), request.session.get(HASH_SESSION_KEY)
    if user_id is None:
        return None
    key = f"known:{user_id}:{sealed}:{request.session.get('grant', '')}"
    known: Known | None = cache.get(key)
    if known is None:
        known = _look_up(request)
        if known is not None:
            cache.set(key, known, REMEMBERED_SECONDS)
    return known


def _look_up(request: HttpRequest) -> Known | None:
    user = get_user(request)
    if not user.is_authenticated:
        return None
    grants = grants_of(user, timezone.localdate())
    if not grants:
        return None
    chosen = next((g for g in grants if g.pk == request.session.get("grant")), grants[0])
    return Known(
        actor=actor_of(user, chosen),
        regions=tuple((str(grant.pk), _grant_label(grant)) for grant in grants),
        region_name=chosen.region.name,
        years=years_of(chosen.region_id),
        menu=menu_for(chosen.role),
        demo=settings.DEMO or chosen.region.demo,
        must_change_password=user.must_change_password,
    )


def _grant_label(grant: Grant) -> str:
    return f"{grant.region.name}（{grant.role.label}）"


def years_of(region: str) -> tuple[int, ...]:
    """The region's work years, newest first, by stepping through the index."""
    years: list[int] = []
    while True:
        rows = UnitYear.objects.filter(region=region, year__gt=years[-1] if years else 0)
        following = rows.aggregate(Min("year"))["year__min"]
        if following is None:
            return tuple(reversed(years))
        years.append(following)


def _shell(request: HttpRequest, known: Known) -> Shell:
    year = request.session.get("year")
    years = known.years or (timezone.localdate().year,)
    unit = request.session.get("money_unit")
    return Shell(
        actor_name=known.actor.name,
        role_label=known.actor.role.label,
        region_code=str(request.session.get("grant") or known.regions[0][0]),
        region_name=known.region_name,
        year=year if year in years else years[0],
        years=years,
        regions=known.regions,
        menu=known.menu,
        demo=known.demo,
        money_unit=unit if unit in MONEY_UNITS else MONEY_UNITS[0],
        account_links=_account_links(known.actor.role),
    ).at(request.path)


def _account_links(role: Role) -> tuple[tuple[str, str], ...]:
    links = (("修改密码", "password"), ("接口令牌", "tokens"))
    return tuple((label, reverse(name)) for label, name in links if role in ACCESS[name])
