"""Access tokens: given once, kept as a digest, taken back by their owner, asked on every request of another program."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta

from django.db.models import F
from django.utils import timezone

from jixiao.domain.actors import ADMINISTRATORS, Actor, Role
from jixiao.domain.decisions import Decision, require
from jixiao.domain.filing import FINANCE
from jixiao.kit.acting import acting
from jixiao.kit.security import deny

from .accounts import FAILURES_ALLOWED, LOCKED_FOR, actor_of, grants_of
from .models import AccessToken, Grant, TokenScope, User

LONGEST_DAYS = 366
FILLING = frozenset({Role.UNIT, Role.DEPARTMENT, Role.AGENCY, Role.EXPERT, *FINANCE})
# With the name of the token, of 40 characters at most, it fits where trails keep a name.
LONGEST_OWNER = 30
_WRITTEN = re.compile(r"jx_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")


def scopes_for(role: Role) -> tuple[TokenScope, ...]:
    """What this role may give a token for: nothing that the role could not do itself."""
    if role in ADMINISTRATORS or role is Role.SYSTEM:
        return ()
    imports = (TokenScope.IMPORT,) if role is Role.PERFORMANCE_OFFICE else ()
    fills = (TokenScope.FILL,) if role in FILLING else ()
    return (TokenScope.READ, *imports, *fills)


def may_issue(role: Role, name: str, scopes: Collection[TokenScope], expires_on: date, today: date) -> Decision:
    """May a person in this role have such a token?"""
    beyond = [scope.label for scope in scopes if scope not in scopes_for(role)]
    latest = today + timedelta(days=LONGEST_DAYS)
    return (
        require(name, "请填写用在哪里，例如“国库支付系统”")
        & require(scopes, "请至少选一个用途")
        & require(not beyond, f"{role.label}的令牌不能用于{'、'.join(beyond)}")
        & require(expires_on >= today, "有效期已经过去，请改为今天或以后")
        & require(expires_on <= latest, f"有效期最长 {LONGEST_DAYS} 天，最晚到 {latest}")
    )


def issue(
    actor: Actor, grant: Grant, *, name: str, scopes: Collection[TokenScope], expires_on: date, token: str = ""
) -> tuple[AccessToken, str]:
    """A new token of the actor under one of his grants, and its text, which nobody can read again. Raises Refused."""
    content = [name, sorted(scopes), str(expires_on)]
    with acting(actor, "token.issue", token=token, content=content) as act:
        may_issue(actor.role, name, scopes, expires_on, timezone.localdate(act.at)).demand()
        key, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
        kept = AccessToken.objects.create(
            user_id=grant.user_id,
            grant=grant,
            region=actor.region,
            name=name,
            key=key,
            sha256=_digest(secret),
            scopes=[scope.value for scope in TokenScope if scope in scopes],
            created_at=act.at,
            expires_on=expires_on,
        )
        act.trace(f"token:{key}", None, {"name": name, "scopes": kept.scopes, "expires_on": str(expires_on)})
        act.answer = {"pk": kept.pk}
    return kept, f"jx_{key}_{secret}"


def revoke(actor: Actor, kept: AccessToken, *, token: str = "") -> None:
    """The token ends at once. Raises Refused if it has ended already."""
    with acting(actor, "token.revoke", token=token, content=[kept.pk]) as act:
        current = AccessToken.objects.select_for_update().get(pk=kept.pk)
        require(current.user_id == actor.user_id, "只能撤销自己的令牌").demand()
        require(current.revoked_at is None, "这个令牌已经撤销").demand()
        current.revoked_at = act.at
        current.save(update_fields=["revoked_at"])
        act.trace(f"token:{current.key}", {"revoked": False}, {"revoked": True})
        act.answer = {"pk": current.pk}


def bearer(written: str, address: str) -> tuple[AccessToken, Actor] | None:
    """The token with this text and who acts by it now, or None: unknown, wrong, locked, expired, revoked, or an owner
    who may no longer sign in under that grant. Every no is noted in the security log."""
    shape = _WRITTEN.fullmatch(written)
    key, secret = shape.groups() if shape else ("", "")
    found = AccessToken.objects.select_related("user").filter(key=key).first() if key else None
    now = timezone.now()
    # The same work for an unknown token, so that time tells nothing.
    right = hmac.compare_digest(found.sha256 if found else _digest(""), _digest(secret))
    if found is None or (found.locked_until and found.locked_until > now) or not right:
        if found is not None and not right:
            _count_failure(found)
        # A made-up token is not named: whoever makes up many must not fill the log.
        deny("token", key if found else "", address)
        return None
    today = timezone.localdate(now)
    actor = _owner(found, today)
    if found.revoked_at or found.expires_on < today or actor is None:
        deny("token", key, address)
        return None
    if found.last_used_on != today or found.failures or found.locked_until:
        AccessToken.objects.filter(pk=found.pk).update(last_used_on=today, failures=0, locked_until=None)
    return found, actor


def _owner(found: AccessToken, today: date) -> Actor | None:
    """The actor that its owner is now under the token's grant; None if he could not sign in so."""
    user: User = found.user
    if not user.is_active or user.must_change_password:
        return None
    grant = next((grant for grant in grants_of(user, today) if grant.pk == found.grant_id), None)
    if grant is None:
        return None
    actor = actor_of(user, grant)
    # Trail and timeline tell what a program did in somebody's name from what he did himself.
    return replace(actor, name=f"{actor.name[:LONGEST_OWNER]}（接口：{found.name}）")


def _count_failure(found: AccessToken) -> None:
    AccessToken.objects.filter(pk=found.pk).update(failures=F("failures") + 1)
    found.refresh_from_db()
    if found.failures >= FAILURES_ALLOWED:
        until = timezone.now() + LOCKED_FOR
        AccessToken.objects.filter(pk=found.pk).update(failures=0, locked_until=until)


def _digest(secret: str) -> str:
    # A secret of 256 random bits needs no slow hash: there is nothing to guess.
    return hashlib.sha256(secret.encode()).hexdigest()
