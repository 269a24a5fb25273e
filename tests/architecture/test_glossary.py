"""docs/glossary.toml is the only dictionary: it and the code name the same things the same way."""

from __future__ import annotations

import dataclasses
import pkgutil
import tomllib
from collections import Counter
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model
from tests.architecture.sources import ROOT

import jixiao
from jixiao.domain.scoring.methods import METHODS
from jixiao.domain.terms import Term
from jixiao.overview.diagrams import MACHINES
from jixiao.registers.parameters import names

KINDS = {"word", "term", "model", "section", "parameter", "part", "method", "move"}
INHERITED = {"id", "password", "last_login"}
NOT_READ = {"migrations", "cli", "wsgi", "__main__"}
Entry = dict[str, Any]


@cache
def glossary() -> tuple[Entry, ...]:
    return tuple(tomllib.loads((ROOT / "docs" / "glossary.toml").read_text(encoding="utf-8"))["term"])


def entries(kind: str) -> dict[str, Entry]:
    """The entries of one kind by identifier."""
    return {entry["identifier"]: entry for entry in glossary() if entry["kind"] == kind}


@cache
def modules() -> tuple[ModuleType, ...]:
    found = pkgutil.walk_packages(jixiao.__path__, "jixiao.")
    return tuple(import_module(m.name) for m in found if not NOT_READ & set(m.name.split(".")))


def classes() -> list[type]:
    """Every class of the product, where it is written."""
    return [
        value
        for module in modules()
        for value in vars(module).values()
        if isinstance(value, type) and value.__module__ == module.__name__
    ]


def identifier(cls: type) -> str:
    return f"{cls.__module__.removeprefix('jixiao.')}.{cls.__name__}"


def terms() -> dict[str, type[Term]]:
    return {identifier(c): c for c in classes() if issubclass(c, Term) and c is not Term}


def models() -> dict[str, type[Model]]:
    return {identifier(m): m for m in apps.get_models() if m.__module__.startswith("jixiao.")}


def rules() -> dict[str, list[str]]:
    """The keys of every policy section, from the dataclass that declares it."""
    declared = [c for c in classes() if dataclasses.is_dataclass(c) and isinstance(vars(c).get("section"), str)]
    return {c.section: [field.name for field in dataclasses.fields(c)] for c in declared}


def own_fields(model: type[Model]) -> dict[str, str]:
    return {f.name: str(f.verbose_name) for f in model._meta.concrete_fields if f.name not in INHERITED}


def test_every_entry_is_complete():
    for entry in glossary():
        assert entry["kind"] in KINDS
        assert all(entry[key].strip() for key in ("zh", "identifier", "meaning", "source")), entry["identifier"]


def test_an_identifier_has_one_entry_and_a_chinese_name_one_identifier():
    twice = [key for key, n in Counter((e["kind"], e["identifier"]) for e in glossary()).items() if n > 1]
    sections = {"parameter": lambda e: e["identifier"].split(".")[0]}
    contexts = Counter((e["kind"], sections.get(e["kind"], lambda _: "")(e), e["zh"]) for e in glossary())
    assert twice == []
    assert [key for key, n in contexts.items() if n > 1] == []


def test_within_a_table_or_a_vocabulary_each_chinese_name_stands_once():
    for entry in glossary():
        for inner in (entry.get("members", {}), entry.get("fields", {})):
            twice = [zh for zh, n in Counter(inner.values()).items() if n > 1]
            assert twice == [], f"{entry['identifier']}: {twice}"


def test_vocabularies_and_their_members_are_those_of_the_code():
    written = {name: entry["members"] for name, entry in entries("term").items()}
    assert written == {name: {m.value: m.label for m in term} for name, term in terms().items()}


def test_models_and_their_fields_are_those_of_the_code():
    written = {name: (entry["zh"], entry["fields"]) for name, entry in entries("model").items()}
    assert written == {name: (str(m._meta.verbose_name), own_fields(m)) for name, m in models().items()}


def test_policy_sections_and_keys_are_those_of_the_rules():
    assert set(entries("section")) == set(rules())
    assert set(entries("parameter")) == {f"{section}.{key}" for section, keys in rules().items() for key in keys}


def test_the_parameters_page_uses_the_names_of_the_glossary():
    assert {name: entry["zh"] for name, entry in entries("section").items()} == names.SECTIONS
    assert {name: entry["zh"] for name, entry in entries("parameter").items()} == names.KEYS
    assert {name: entry["zh"] for name, entry in entries("method").items()} == names.METHODS
    parts = {key: zh for entry in entries("part").values() for key, zh in entry["fields"].items()}
    assert parts == names.PARTS


def test_parts_of_values_are_dataclasses_with_these_fields():
    known = {identifier(c): c for c in classes() if dataclasses.is_dataclass(c)}
    for name, entry in entries("part").items():
        assert [field.name for field in dataclasses.fields(known[name])] == list(entry["fields"])


def test_scoring_methods_are_those_that_can_be_named_in_a_policy():
    assert set(entries("method")) == {name.split("/")[0] for name in METHODS}


def test_moves_are_those_of_the_machines():
    assert set(entries("move")) == {move.code for _title, machine in MACHINES for move in machine.moves}


@pytest.mark.parametrize("name", sorted(entries("word")))
def test_a_core_word_is_a_name_in_the_code(name):
    fields = {field for model in models().values() for field in own_fields(model)}
    facts = {field.name for c in classes() if dataclasses.is_dataclass(c) for field in dataclasses.fields(c)}
    assert name in fields | facts
