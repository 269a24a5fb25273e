"""Signing in and out, the own password, and the switches of the top bar."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user, login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from jixiao.kit.web.acts import SignedIn
from jixiao.kit.web.pages import MONEY_UNITS, back, render
from jixiao.registers.organizations.accounts import grants_of

from .forms import LoginForm, PasswordForm


@never_cache
@sensitive_post_parameters()
def sign_in(request: HttpRequest) -> HttpResponse:
    """The login page; after it, where one wanted to go."""
    form = LoginForm(request, request.POST or None)
    target = request.POST.get("next") or request.GET.get("next", "")
    if request.method == "POST" and form.is_valid():
        login(request, form.user)
        ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
        return HttpResponseRedirect(target if ours else reverse("home"))
    status = 422 if form.is_bound else 200
    return render(request, "login.html", {"form": form, "next": target}, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return HttpResponseRedirect(reverse("login"))


@sensitive_post_parameters()
def change_password(request: SignedIn) -> HttpResponse:
    """Change one's own password; other sessions of the account end with it."""
    user: Any = get_user(request)
    form = PasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        user.set_password(form.cleaned_data["new"])
        user.must_change_password = False
        user.save()
        update_session_auth_hash(request, user)
        messages.success(request, "密码已修改，其他地方的登录已失效")
        return HttpResponseRedirect(reverse("home"))
    return render(request, "overview/password.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
def switch_year(request: SignedIn) -> HttpResponse:
    """Work in another year."""
    asked = request.POST.get("year", "")
    if asked.isdigit() and int(asked) in request.shell.years:
        request.session["year"] = int(asked)
    return back(request)


@require_POST
def switch_region(request: SignedIn) -> HttpResponse:
    """Work under another of one's grants, that is in another region or role."""
    mine = {str(grant.pk): grant.pk for grant in grants_of(get_user(request), timezone.localdate())}  # type: ignore[arg-type]
    asked = request.POST.get("region", "")
    if asked in mine:
        request.session["grant"] = mine[asked]
        request.session.pop("year", None)
    return HttpResponseRedirect(reverse("home"))


@require_POST
def switch_unit(request: SignedIn) -> HttpResponse:
    """Show amounts in 元 or 万元."""
    if request.POST.get("unit") in MONEY_UNITS:
        request.session["money_unit"] = request.POST["unit"]
    return back(request)
