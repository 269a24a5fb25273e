"""acting(): the only write transaction. What it writes, it writes whole, with its audit links last."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from jixiao.domain.actors import Actor

from . import audit
from .audit import Trace
from .models import Receipt

# SQLite takes one writer; queueing for it here cuts the worst wait from seconds to about one.
_sqlite_writer = threading.RLock()


class Repeated(Exception):
    """The same form came again: `answer` is what the first one was told."""

    def __init__(self, answer: Any) -> None:
        super().__init__("这一步已经办理过")
        self.answer = answer


class TokenReused(Exception):
    """A token came back with other content (422): the form must be opened afresh."""


class Stale(Exception):
    """Somebody else saved first (409): who, when, and what stands now; the caller keeps the loser's text."""

    def __init__(self, who: str, at: datetime, stands: str) -> None:
        super().__init__(f"{who}已先一步保存")
        self.who = who
        self.at = at
        self.stands = stands


@dataclass
class Act:
    """One act in progress: collects its traces, and the answer that a repeated form will get."""

    actor: Actor
    name: str
    at: datetime
    answer: Any = None
    traces: list[Trace] = field(default_factory=list)

    def trace(self, subject: str, before: Any = None, after: Any = None) -> None:
        """Note for the trail what happened to one object; before and after are JSON values."""
        self.traces.append(Trace(subject, before, after))


@contextmanager
def acting(actor: Actor, name: str, *, token: str = "", content: object = None) -> Iterator[Act]:
    """Open the one write transaction of an act.

    `token` is the form's idempotency token and `content` what it sent: the same token with the same content raises
    Repeated with the first answer, with other content TokenReused. An act that leaves no trace is refused.
    """
    queue = _sqlite_writer if connection.vendor == "sqlite" else nullcontext()
    with queue, transaction.atomic():
        act = Act(actor, name, timezone.now())
        digest = hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
        if token and actor.user_id is not None:
            _spend(actor.user_id, token, digest, act.at)
        yield act
        if not act.traces:
            raise RuntimeError(f"the act {name} left no trace")
        if token and actor.user_id is not None:
            Receipt.objects.filter(user_id=actor.user_id, token=token).update(answer=act.answer)
        audit.append(actor.region, act.at, actor.user_id, actor.name, actor.role.value, name, act.traces)


def _spend(user_id: int, token: str, digest: str, at: datetime) -> None:
    receipt, fresh = Receipt.objects.get_or_create(
        user_id=user_id, token=token, defaults={"content": digest, "answer": None, "at": at}
    )
    if fresh:
        return
    if receipt.content != digest:
        raise TokenReused("表单已被使用过，请重新打开后再提交")
    raise Repeated(receipt.answer)
