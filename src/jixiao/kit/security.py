"""Denied and failed attempts, added up per minute in a short transaction of their own."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from .models import SecurityEvent


def deny(kind: str, subject: str = "", address: str = "") -> None:
    """Count one refused attempt of this kind, account and address in the current minute."""
    minute = timezone.now().replace(second=0, microsecond=0)
    with transaction.atomic():
        event, fresh = SecurityEvent.objects.get_or_create(
            minute=minute, kind=kind, subject=subject[:80], address=address[:45]
        )
        if not fresh:
            SecurityEvent.objects.filter(pk=event.pk).update(count=F("count") + 1)
