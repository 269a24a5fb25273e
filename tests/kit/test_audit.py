"""The audit chain: append-only in the database itself, and any forgery is named by its number."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import override_settings

from jixiao.kit import audit
from jixiao.kit.audit import Trace
from jixiao.kit.models import AuditEntry, AuditHead, Transition

pytestmark = pytest.mark.django_db
REGION, AT = "999999", datetime(2023, 1, 5, 8, 30, tzinfo=UTC)


def write(times: int = 5, region: str = REGION) -> None:
    for number in range(times):
        audit.append(region, AT, 1, "张三", "unit", "save", [Trace(f"sheet:{number}", None, {"金额": number})])


def unguarded(statement: str, *values: object) -> None:
    """What somebody with the database's own password would do: take the triggers away first."""
    with connection.cursor() as cursor:
        for table in audit.APPEND_ONLY:
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER {table}_append_only_update")
                cursor.execute(f"DROP TRIGGER {table}_append_only_delete")
            else:
                cursor.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        cursor.execute(statement, values)


def breaks(region: str = REGION) -> list[int]:
    return [seq for seq, _ in audit.verify(region)]


def test_sm3_gives_the_published_value():
    audit.self_test()


def test_an_untouched_chain_is_whole():
    write()
    assert breaks() == []
    assert AuditHead.objects.get().mac == AuditEntry.objects.get(seq=5).mac


def test_each_region_has_a_chain_of_its_own():
    write(2)
    write(3, "888888")
    assert sorted(AuditHead.objects.values_list("region", "seq")) == [("888888", 3), (REGION, 2)]
    assert breaks() == breaks("888888") == []


@pytest.mark.parametrize("change", [lambda rows: rows.update(actor="李四"), lambda rows: rows.delete()])
@pytest.mark.parametrize("model", [AuditEntry, Transition])
def test_the_database_refuses_to_change_or_delete_what_was_written(model, change):
    write(1)
    Transition.objects.create(region=REGION, sheet_type="x", sheet_id=1, move="m", source="a", target="b", at=AT)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change(model.objects.all())
    assert model.objects.get().actor != "李四"


@pytest.mark.parametrize(
    ("column", "value"),
    [("actor", "李四"), ("act", "other"), ("object", "sheet:9"), ("mac", "0" * 64), ("role", "leader")],
)
def test_an_altered_link_is_named(column, value):
    write()
    unguarded(f"UPDATE kit_auditentry SET {column} = %s WHERE seq = 3", value)
    assert breaks()[0] == 3


def test_altered_content_is_named():
    write()
    unguarded("UPDATE kit_auditentry SET after = %s WHERE seq = 2", '{"金额": 99}')
    assert breaks()[0] == 2


def test_a_missing_link_is_named():
    write()
    unguarded("DELETE FROM kit_auditentry WHERE seq = 3")
    assert breaks() == [3]


def test_a_chain_cut_short_shows():
    write()
    unguarded("DELETE FROM kit_auditentry WHERE seq > 3")
    assert breaks() == [4]


def test_a_chain_whose_head_is_gone_shows():
    write()
    AuditHead.objects.all().delete()
    assert breaks() == [6]


def test_another_key_verifies_nothing():
    write()
    with override_settings(AUDIT_KEY="ab" * 32):
        assert breaks()[0] == 1


def test_lost_triggers_are_noticed_and_put_back():
    assert audit.missing_triggers() == []
    unguarded("SELECT 1")
    assert sorted(audit.missing_triggers()) == sorted(audit.APPEND_ONLY)
    audit.install_triggers()
    audit.install_triggers()
    assert audit.missing_triggers() == []
