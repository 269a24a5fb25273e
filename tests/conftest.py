"""What every test stands on: folders and a database of its own, and the five districts' years beside it."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import hypothesis
import pytest
from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test.utils import setup_databases, teardown_databases
from pytest_django import DjangoDbBlocker
from tests.factories import load_demo, undone

from jixiao.cli.demo_workbooks import DISTRICTS
from jixiao.kit.importing import Outcome
from jixiao.overview.catalogue import IMPORTERS

hypothesis.settings.register_profile("jixiao", deadline=None, print_blob=True)
hypothesis.settings.load_profile("jixiao")


@pytest.fixture(scope="session", autouse=True)
def folders_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Uploads and reports of tests never land among those of this machine. Refused pages are not worth a line."""
    settings.UPLOADS = tmp_path_factory.mktemp("uploads")
    settings.REPORTS = tmp_path_factory.mktemp("reports")
    logging.getLogger("django.request").setLevel(logging.ERROR)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """The database of the tests, made for whoever asks: pytest-django makes it only for tests marked with django_db."""
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False)
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@contextmanager
def beside(plain: BaseDatabaseWrapper) -> Iterator[BaseDatabaseWrapper]:
    """A second database, empty and migrated like that of the tests, gone afterwards."""
    other = plain.copy()
    if plain.vendor == "sqlite":
        other.settings_dict["NAME"] = "file:districts?mode=memory&cache=shared"
        plain.ensure_connection()
        other.ensure_connection()
        plain.connection.backup(other.connection)
        yield other
        return
    other.settings_dict["NAME"] = plain.creation.get_test_db_clone_settings("districts")["NAME"]
    plain.close()
    plain.creation.clone_test_db("districts", verbosity=0)
    yield other
    other.close()
    plain.creation.destroy_test_db(suffix="districts", verbosity=0)


@contextmanager
def used(database: BaseDatabaseWrapper) -> Iterator[None]:
    """Everything inside reads and writes this database."""
    before = connections["default"]
    connections["default"] = database
    try:
        yield
    finally:
        connections["default"] = before


Districts = tuple[BaseDatabaseWrapper, Mapping[str, Outcome]]


@pytest.fixture(scope="session")
def districts(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Districts]:
    """The five districts' years, imported once into a database of their own, and what each import said."""
    with django_db_blocker.unblock(), beside(connections["default"]) as database:
        with used(database):
            outcomes = {key: load_demo(key, IMPORTERS) for key in DISTRICTS}
        yield database, outcomes


@pytest.fixture(scope="module")
def demo(districts: Districts, django_db_blocker: DjangoDbBlocker) -> Iterator[Mapping[str, Outcome]]:
    """A module on the districts' database; what it writes is undone when it ends. Gives the outcome of each import."""
    database, outcomes = districts
    with django_db_blocker.unblock(), used(database), undone():
        yield outcomes
