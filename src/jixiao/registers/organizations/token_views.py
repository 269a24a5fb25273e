"""接口令牌: one's own tokens, a new one whose text is shown once, and the end of one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from jixiao.domain.actors import Role
from jixiao.domain.decisions import Refused
from jixiao.kit.acting import Repeated, TokenReused
from jixiao.kit.web import htmx
from jixiao.kit.web.acts import SignedIn, pressed, token
from jixiao.kit.web.fields import DayField
from jixiao.kit.web.listing import Mark
from jixiao.kit.web.pages import render

from .accounts import grants_of
from .models import AccessToken, Grant, TokenScope
from .tokens import LONGEST_DAYS, issue, revoke, scopes_for

USUAL_DAYS = 180


class TokenForm(forms.Form):
    """A new token: for which program, for what, until when."""

    name = forms.CharField(label="用在哪里", max_length=40, help_text="例如：国库支付系统、项目库同步")
    scopes = forms.MultipleChoiceField(label="用途", widget=forms.CheckboxSelectMultiple)
    expires_on = DayField(label="有效至", help_text=f"最长 {LONGEST_DAYS} 天，最后一天仍可用")

    def __init__(self, role: Role, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(scope.value, scope.label) for scope in scopes_for(role)]
        self.fields["scopes"].choices = offered  # type: ignore[attr-defined]

    def clean_scopes(self) -> list[TokenScope]:
        return [TokenScope(code) for code in self.cleaned_data["scopes"]]


@never_cache
def tokens(request: SignedIn) -> HttpResponse:
    """One's own tokens; a new one is shown in the answer to its form and nowhere else."""
    if request.method != "POST":
        return _page(request, _form(request))
    form = _form(request, request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        _, text = issue(request.actor, _grant(request), **form.cleaned_data, token=request.POST.get("token", ""))
    except Repeated:
        messages.info(request, "这个令牌已经建立，全文只显示一次；没有抄下的，请撤销后另建一个")
        return htmx.redirect(request, reverse("tokens"))
    except (Refused, TokenReused) as refused:
        form.add_error(None, str(refused))
        return _page(request, form, status=422)
    return _page(request, _form(request), fresh=text)


@require_POST
def end(request: SignedIn, pk: int) -> HttpResponse:
    """Revoke one of one's own tokens."""
    kept = AccessToken.objects.filter(pk=pk, user=request.actor.user_id).first()
    if kept is None:
        raise Http404

    def act(spent: str) -> str:
        revoke(request.actor, kept, token=spent)
        return f"“{kept.name}”的令牌已撤销，立即失效"

    return pressed(request, act, reverse("tokens"))


def _form(request: SignedIn, data: Any = None) -> TokenForm:
    until = timezone.localdate() + timedelta(days=USUAL_DAYS)
    return TokenForm(request.actor.role, data, initial={"expires_on": until, "scopes": [TokenScope.READ.value]})


def _page(request: SignedIn, form: TokenForm, fresh: str = "", status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    rows = AccessToken.objects.filter(user=request.actor.user_id).select_related("grant__region")
    context = {
        "form": form,
        "fresh": fresh,
        "rows": [(row, _scopes(row), _mark(row, today)) for row in rows.order_by("-id")],
        "token": token(),
    }
    return render(request, "organizations/tokens.html", context, status=status)


def _scopes(row: AccessToken) -> str:
    return "、".join(scope.label for scope in TokenScope if row.allows(scope))


def _mark(row: AccessToken, today: Any) -> Mark:
    if row.revoked_at:
        return Mark("已撤销")
    if row.expires_on < today:
        return Mark("已过期")
    if row.locked_until and row.locked_until > timezone.now():
        return Mark("暂停使用", "bad")
    return Mark("有效", "ok")


def _grant(request: SignedIn) -> Grant:
    """The grant under which this person works just now."""
    mine = grants_of(get_user(request), timezone.localdate())  # type: ignore[arg-type]
    if not mine:
        raise Http404
    return next((grant for grant in mine if str(grant.pk) == request.shell.region_code), mine[0])
