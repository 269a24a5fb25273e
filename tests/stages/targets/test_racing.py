"""Forty people save one sheet at once: each saving has one winner, and every loser keeps what he typed."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.conftest import used
from tests.factories import REGISTERS, UNITS, actor, stored
from tests.stages.targets.filing import LAST_YEAR, TWO_YEARS, approved, grid, opened, school

from jixiao.registers.organizations.models import UnitYear
from jixiao.stages.targets import actions
from jixiao.stages.targets.importer import IMPORTERS
from jixiao.stages.targets.models import TargetVersion
from jixiao.stages.targets.workflow import State

pytestmark = pytest.mark.slow

PEOPLE, SAVINGS = 40, 3


@contextmanager
def apart(plain, folder):
    """A database of its own on which several threads may write, gone afterwards."""
    other = plain.copy()
    if plain.vendor == "sqlite":
        other.settings_dict["NAME"] = str(folder / "racing.sqlite3")
        plain.ensure_connection()
        other.ensure_connection()
        plain.connection.backup(other.connection)
        yield other
        other.close()
        return
    other.settings_dict["NAME"] = plain.creation.get_test_db_clone_settings("racing")["NAME"]
    plain.close()
    plain.creation.clone_test_db("racing", verbosity=0)
    yield other
    other.close()
    plain.creation.destroy_test_db(suffix="racing", verbosity=0)


@pytest.fixture
def racing(django_db_setup, django_db_blocker, tmp_path):
    cache.clear()
    with django_db_blocker.unblock(), apart(connections["default"], tmp_path) as database, used(database):
        stored({"units": UNITS, "projects": TWO_YEARS, "indicators": LAST_YEAR}, (*REGISTERS, *IMPORTERS))
        yield database


def test_twelve_numbered_at_once_get_numbers_without_a_double_or_a_gap(racing):
    place, version = UnitYear.objects.get(code="101", year=2022), approved(opened())
    copies = [replaced(version, no) for no in range(2, 14)]
    start = Barrier(len(copies))

    def number(copy):
        own = racing.copy()
        with used(own):
            start.wait()
            made = actions.number_department(place, actor(), [copy], today=timezone.localdate())
            own.close()
        return made.no

    with ThreadPoolExecutor(len(copies)) as people:
        assert sorted(people.map(number, copies)) == list(range(1, 13))


def replaced(version, no):
    """A further approved version; numbering asks for no more of it than its state."""
    copy = TargetVersion.objects.get(pk=version.pk)
    copy.pk, copy.no, copy.state = None, no, State.APPROVED
    copy.save()
    return copy


def test_one_of_forty_wins_each_saving_and_the_others_lose_no_word(racing):
    version, cookies = opened(), school().cookies
    address = reverse("target-fill", args=[version.pk])
    form, start = grid(version), Barrier(PEOPLE)

    def save(person):
        own = racing.copy()
        with used(own):
            client, said = Client(), f"第{person}个人写的总体目标"
            client.cookies = cookies
            start.wait()
            answer = client.post(address, form | {"goal": said, "token": f"{person:032d}"})
            own.close()
        return said, answer.status_code, answer.content.decode()

    winners = []
    for round_no in range(SAVINGS):
        form["version"] = str(round_no + 1)
        with ThreadPoolExecutor(PEOPLE) as people:
            answers = list(people.map(save, range(round_no * PEOPLE, (round_no + 1) * PEOPLE)))
        assert Counter(status for _, status, _ in answers) == {303: 1, 409: PEOPLE - 1}
        assert all(said in page for said, status, page in answers if status == 409)
        winners += [said for said, status, _ in answers if status == 303]
        stands = TargetVersion.objects.get(pk=version.pk)
        assert (stands.version, stands.goal) == (round_no + 2, winners[-1])
    assert stands.lines.count() == 4
