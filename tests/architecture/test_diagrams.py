"""docs/workflows shows the machines as they are."""

from pathlib import Path

import pytest

from jixiao.overview.diagrams import MACHINES, pages

FOLDER = Path(__file__).parents[2] / "docs" / "workflows"


@pytest.mark.parametrize("name", sorted(pages()))
def test_each_diagram_on_disk_is_what_the_machine_says(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == pages()[name], "run `jixiao diagrams` to write it anew"


def test_no_diagram_is_left_of_a_machine_that_is_gone() -> None:
    assert {file.name for file in FOLDER.glob("*.md")} == set(pages())


def test_every_workflow_module_is_drawn() -> None:
    product = Path(__file__).parents[2] / "src" / "jixiao"
    written = sum(text.count("= Machine(") for text in (f.read_text("utf-8") for f in product.rglob("workflow.py")))
    assert written == len(MACHINES) == len(pages())
