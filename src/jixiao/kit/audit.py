"""The audit chain: append-only, one chain per region, each link an HMAC-SM3 over the row and its predecessor.

The key lies outside the database, so that whoever can write tables cannot forge the chain.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from .models import AuditEntry, AuditHead

SM3_OF_ABC = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
APPEND_ONLY = ("kit_auditentry", "kit_transition")


def self_test() -> None:
    """SM3 must give the published value for "abc" (GB/T 32905-2016); raises RuntimeError otherwise."""
    if hashlib.new("sm3", b"abc").hexdigest() != SM3_OF_ABC:
        raise RuntimeError("SM3 自检未通过，审计链不能启用")


def sealed(entry: AuditEntry, previous: str) -> str:
    """The link's HMAC-SM3 in hex, over the predecessor's and every column of the row."""
    content = json.dumps(
        [
            previous,
            entry.region,
            entry.seq,
            entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            entry.user_id,
            entry.actor,
            entry.role,
            entry.act,
            entry.object,
            entry.before,
            entry.after,
        ],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hmac.new(bytes.fromhex(settings.AUDIT_KEY), content.encode(), "sm3").hexdigest()


@dataclass(frozen=True, slots=True)
class Trace:
    """What one act did to one object, for the trail."""

    object: str
    before: Any
    after: Any


def append(region: str, at: datetime, user_id: int | None, actor: str, role: str, act: str, traces: list[Trace]) -> str:
    """Add the traces of one act to the region's chain and return the new head. Call last in the act's transaction."""
    AuditHead.objects.get_or_create(region=region)
    head = AuditHead.objects.select_for_update().get(region=region)
    entries = []
    for trace in traces:
        head.seq += 1
        entry = AuditEntry(
            region=region,
            seq=head.seq,
            at=at,
            user_id=user_id,
            actor=actor,
            role=role,
            act=act,
            object=trace.object,
            before=trace.before,
            after=trace.after,
        )
        entry.mac = head.mac = sealed(entry, head.mac)
        entries.append(entry)
    AuditEntry.objects.bulk_create(entries)
    head.save(update_fields=["seq", "mac"])
    return head.mac


def verify(region: str) -> Iterator[tuple[int, str]]:
    """Every break of the region's chain as (seq, reason). Nothing means that the trail is whole."""
    previous, expected = "", 1
    for entry in AuditEntry.objects.filter(region=region).order_by("seq").iterator(chunk_size=2000):
        if entry.seq != expected:
            yield expected, f"缺少第 {expected} 条"
            return
        if not hmac.compare_digest(entry.mac, sealed(entry, previous)):
            yield entry.seq, "内容与印记不符"
            return
        previous, expected = entry.mac, expected + 1
    head = AuditHead.objects.filter(region=region).first()
    if (head.seq, head.mac) != (expected - 1, previous) if head else expected > 1:
        yield expected, "链尾被截断"


def install_triggers(database: BaseDatabaseWrapper = connection) -> None:  # type: ignore[assignment]
    """Refuse UPDATE and DELETE on the append-only tables in the database itself. Safe to call again and again."""
    with database.cursor() as cursor:
        for table in APPEND_ONLY:
            for statement in _triggers(database.vendor, table):
                cursor.execute(statement)


def missing_triggers() -> list[str]:
    """Append-only tables whose triggers are gone; Django's ALTER on SQLite drops them in silence."""
    query = {
        "sqlite": "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_append_only_%'",
        "postgresql": "SELECT event_object_table FROM information_schema.triggers "
        "WHERE trigger_name LIKE '%_append_only'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = [row[0] for row in cursor.fetchall()]
    return [table for table in APPEND_ONLY if present.count(table) < 2]


def _triggers(vendor: str, table: str) -> list[str]:
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER IF NOT EXISTS {table}_append_only_{event.lower()} BEFORE {event} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'append-only'); END"
            for event in ("UPDATE", "DELETE")
        ]
    return [
        "CREATE OR REPLACE FUNCTION jixiao_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'append-only'; END $$",
        f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}",
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION jixiao_append_only()",
        f"DROP TRIGGER IF EXISTS {table}_no_truncate ON {table}",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION jixiao_append_only()",
    ]
