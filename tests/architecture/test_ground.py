"""The ground under the tests: a database of their own, empty at the start, and the districts' beside it."""

from __future__ import annotations

import pytest
from django.db import connection
from tests.factories import undone

from jixiao.registers.organizations.models import Region


def test_without_a_mark_the_database_is_one_of_the_tests(django_db_setup):
    name = str(connection.settings_dict["NAME"])
    assert name.startswith("test_") or "mode=memory" in name


def test_undoing_is_refused_on_any_other_database(monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "NAME", "jixiao.sqlite3")
    with pytest.raises(RuntimeError, match="not a database of the tests"), undone():
        pass


@pytest.mark.django_db
def test_the_districts_are_in_another_database():
    assert Region.objects.count() == 0
