"""The door of the API: who comes with which token, whether he may, and one shape for every no.

No cookie is read here: that is why its views are exempt from the check against forged forms.
"""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.cache import patch_vary_headers

from jixiao.domain.decisions import Refused
from jixiao.kit.acting import Stale, TokenReused
from jixiao.kit.security import deny
from jixiao.overview.access import ACCESS, ANYONE, BY_TOKEN
from jixiao.registers.organizations.tokens import bearer

from .answers import Unfit, in_shape, overtaken, refusal, refused
from .endpoints import BY_NAME


class TokenDoor:
    """Guards the addresses of the API as the shell guards pages: what the access table lacks opens for nobody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(BY_TOKEN):
            return self.get_response(request)
        response = in_shape(self._refusal(request) or self.get_response(request))
        response.headers["Cache-Control"] = "no-store"
        patch_vary_headers(response, ("Authorization",))
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A no from inside a view; what is none of these is an error of ours and is logged as such."""
        if not request.path_info.startswith(BY_TOKEN):
            return None
        if isinstance(error, Unfit):
            return refusal(error.status, str(error), problems=error.problems)
        if isinstance(error, Stale):
            return overtaken(error)
        if isinstance(error, Refused):
            return refused(422, error.reasons)
        if isinstance(error, TokenReused):
            return refusal(422, "这个 Idempotency-Key 已用于别的内容，请换一个")
        if isinstance(error, RequestDataTooBig):
            return refusal(413)
        return refusal(404) if isinstance(error, Http404) else None

    def _refusal(self, request: HttpRequest) -> HttpResponse | None:
        try:
            name = resolve(request.path_info).url_name or ""
        except Resolver404:
            name = ""
        allowed = ACCESS.get(name)
        if allowed is ANYONE:
            return None
        kind, _, text = request.headers.get("Authorization", "").partition(" ")
        address = request.META.get("REMOTE_ADDR", "")
        known = bearer(text.strip(), address) if kind.lower() == "bearer" else None
        if known is None:
            response = refusal(401)
            response.headers["WWW-Authenticate"] = "Bearer"
            return response
        token, actor = known
        if allowed is None or actor.role not in allowed:
            deny(f"page:{name}", actor.name, address)
            # Foreign is missing: a refusal must not tell that the address exists.
            return refusal(404)
        operation = BY_NAME[name].operation(request.method or "")
        if operation is not None and not token.allows(operation.scope):
            deny(f"scope:{name}", actor.name, address)
            return refusal(403, f"这个令牌不能用于“{operation.scope.label}”，请由所有人另建令牌时勾选")
        request.actor, request.access_token = actor, token  # type: ignore[attr-defined]
        return None
