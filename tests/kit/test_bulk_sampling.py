"""PostgreSQL looks at many new rows before it is asked about them; nobody else is kept waiting for it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jixiao.kit import bulk
from jixiao.registers.subjects.models import Subject

pytestmark = pytest.mark.django_db


def asked(count: int) -> list[str]:
    subjects = [Subject(region="000000000", kind="project") for _ in range(count)]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        bulk.insert(Subject, subjects)
    assert Subject.objects.count() == count
    return [query["sql"] for query in queries if query["sql"].startswith("ANALYZE")]


@pytest.mark.parametrize(("count", "looks"), [(bulk.SAMPLE_FROM - 1, 0), (bulk.SAMPLE_FROM, 1), (bulk.BULK_FROM, 1)])
def test_postgresql_looks_at_many_new_rows_before_it_is_asked(count, looks):
    assert len(asked(count)) == (looks if connection.vendor == "postgresql" else 0)
