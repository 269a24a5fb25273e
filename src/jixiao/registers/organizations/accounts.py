"""Accounts: passwords, lockout, and the actor that a signed-in person's grant makes."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.http import HttpRequest
from django.utils import timezone

from jixiao.domain.actors import Actor
from jixiao.kit.security import deny

from .models import Grant, UnitYear, User

FAILURES_ALLOWED = 5
LOCKED_FOR = timedelta(minutes=15)


class Argon2id(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes, one lane: 30 ms a login on deadline day."""

    algorithm = "argon2id"
    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1


class ThreeClasses:
    """At least three of: upper case, lower case, digits, other characters (等保)."""

    def validate(self, password: str, user: Any = None) -> None:
        kinds = (r"[A-Z]", r"[a-z]", r"\d", r"[^A-Za-z0-9]")
        if sum(bool(re.search(kind, password)) for kind in kinds) < 3:
            raise ValidationError(self.get_help_text())

    def get_help_text(self) -> str:
        return "密码须包含大写字母、小写字母、数字、符号中的至少三类"


class AccountBackend(BaseBackend):
    """Signs in by login and password; five failures lock the account for a quarter of an hour."""

    def authenticate(
        self, request: HttpRequest | None, username: str = "", password: str = "", **_: Any
    ) -> User | None:
        address = request.META.get("REMOTE_ADDR", "") if request else ""
        user = User.objects.filter(login=username, is_active=True).first()
        now = timezone.now()
        if user is None or (user.locked_until and user.locked_until > now):
            # The same work for unknown and locked accounts, so that time tells nothing.
            Argon2id().encode(password, "notasecretsalt")
            deny("login", username, address)
            return None
        if not user.check_password(password):
            self._count_failure(user)
            deny("login", username, address)
            return None
        if user.failures or user.locked_until:
            User.objects.filter(pk=user.pk).update(failures=0, locked_until=None)
        return user

    def get_user(self, user_id: int) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).first()

    @staticmethod
    def _count_failure(user: User) -> None:
        User.objects.filter(pk=user.pk).update(failures=F("failures") + 1)
        user.refresh_from_db()
        if user.failures >= FAILURES_ALLOWED:
            User.objects.filter(pk=user.pk).update(failures=0, locked_until=timezone.now() + LOCKED_FOR)


def grants_of(user: User, today: date) -> list[Grant]:
    """The user's grants in force today, in a stable order."""
    begun = Q(since=None) | Q(since__lte=today)
    going = Q(until=None) | Q(until__gte=today)
    return list(user.grants.filter(begun, going).select_related("region", "division").order_by("id"))


def actor_of(user: User, grant: Grant) -> Actor:
    """Who acts: the user under one of his grants. The unit's path is that of its newest year."""
    newest = UnitYear.objects.filter(unit=grant.unit_id).order_by("-year").first() if grant.unit_id else None
    return Actor(
        user_id=user.pk,
        name=user.name,
        role=grant.role,
        region=grant.region_id,
        unit_path=newest.path if newest else "",
        division=grant.division.name if grant.division else "",
    )
