"""Habits the house forbids itself, because each hides where something happens."""

from __future__ import annotations

import ast
import re
from itertools import chain

from tests.architecture.sources import PACKAGE, code_files, files_of_tests, functions, imported, place, tree

SAY_NOTHING = {"utils", "helpers", "common", "misc", "manager", "service", "base", "core", "handler"}
SAY_NOTHING |= {"util", "helper", "managers", "services", "handlers"}
SIGNALS = ("django.dispatch", "django.db.models.signals", "django.core.signals")
SKIPS = {"skip", "skipif", "xfail", "importorskip"}
POSTPONED = re.compile(r"\b(TODO|FIXME|HACK)\b")
# The commands are looked up by name so that scoring a file starts without Django: see cli/__init__.py.
MAY_IMPORT_BY_NAME = {"src/jixiao/cli/__init__.py", "src/jixiao/cli/environment.py"}


def nodes():
    return ((path, node) for path in code_files() for node in ast.walk(tree(path)))


def test_every_module_says_what_it_holds():
    named = (part for path in code_files() for part in (path, path.parent) if part.stem in SAY_NOTHING)
    assert sorted({place(part) for part in named}) == []


def test_imports_stand_at_the_top():
    hidden = [
        place(path, node)
        for path in chain(code_files(), files_of_tests())
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_nothing_is_imported_by_name_but_commands():
    by_name = {
        place(path)
        for path, node in nodes()
        if (isinstance(node, ast.Name) and node.id in ("import_module", "__import__"))
        or (isinstance(node, ast.Attribute) and node.attr == "import_module")
    }
    assert by_name <= MAY_IMPORT_BY_NAME


def test_no_import_is_for_the_type_checker_alone():
    assert [place(path, node) for path, node in nodes() if "TYPE_CHECKING" in _words(node)] == []


def test_no_signals():
    assert [place(path, node) for path, node in nodes() if any(n.startswith(SIGNALS) for n in imported(node))] == []


def test_no_error_is_swallowed_unnamed():
    bare = [place(path, node) for path, node in nodes() if isinstance(node, ast.ExceptHandler) and node.type is None]
    assert bare == []


def test_nothing_is_left_for_later():
    unfinished = [place(path, node) for path, node in nodes() if "NotImplementedError" in _words(node)]
    postponed = [place(path) for path in code_files() if POSTPONED.search(path.read_text(encoding="utf-8"))]
    assert unfinished + postponed == []


def test_no_test_is_passed_over():
    skipped = [
        place(path, node)
        for path in files_of_tests()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in SKIPS
    ]
    assert skipped == []


def test_no_region_is_named_in_a_condition():
    asked = [
        place(path, node)
        for path, node in nodes()
        if isinstance(node, ast.Compare)
        and {"region", "region_code"} & _words(node.left)
        and any(
            isinstance(side, ast.Constant) and isinstance(side.value, str) and side.value for side in node.comparators
        )
    ]
    assert asked == []


def test_every_migration_has_a_name():
    unnamed = [place(path) for path in PACKAGE.rglob("migrations/*.py") if re.match(r"\d{4}_auto", path.name)]
    assert unnamed == []


def _words(node: ast.AST) -> set[str]:
    """The names this very node consists of."""
    if isinstance(node, ast.ImportFrom):
        return {alias.name for alias in node.names}
    return {getattr(node, "id", ""), getattr(node, "attr", "")}
