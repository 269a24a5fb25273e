"""The project's own files, as the architecture tests read them."""

from __future__ import annotations

import ast
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "jixiao"
Function = ast.FunctionDef | ast.AsyncFunctionDef


def code_files() -> list[Path]:
    """Every Python file of the product and of what is shipped beside it; migrations are generated and stand apart."""
    folders = [PACKAGE, *(ROOT / name for name in ("benchmarks", "demo", "scripts"))]
    return sorted(path for folder in folders for path in folder.rglob("*.py") if "migrations" not in path.parts)


def files_of_tests() -> list[Path]:
    return sorted((ROOT / "tests").rglob("*.py"))


def pure_files() -> list[Path]:
    """domain, policies, and each stage's and register's rules.py and workflow.py."""
    rooms = [PACKAGE / "stages", PACKAGE / "registers"]
    sheets = [path for room in rooms for name in ("rules.py", "workflow.py") for path in room.rglob(name)]
    return sorted([*(PACKAGE / "domain").rglob("*.py"), *(PACKAGE / "policies").rglob("*.py"), *sheets])


def templates() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.html") if "templates" in path.parts)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def place(path: Path, node: ast.AST | None = None) -> str:
    """Where something stands, as an editor understands it."""
    line = f":{node.lineno}" if isinstance(node, ast.stmt | ast.expr | ast.excepthandler) else ""
    return f"{path.relative_to(ROOT)}{line}"


def imported(node: ast.AST) -> list[str]:
    """The absolute module names that an import statement reads; none for anything else."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []


def repository_files() -> list[Path]:
    """Every file that belongs to the repository: git's list, or in an unpacked archive all but generated folders."""
    git = shutil.which("git")
    if git and (ROOT / ".git").exists():
        command = [git, "-c", f"safe.directory={ROOT}", "ls-files", "-z", "-co", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
        return sorted(ROOT / name for name in listed if name and (ROOT / name).is_file())
    generated = {"var", ".venv", "__pycache__", "node_modules", ".git"}
    return sorted(p for p in ROOT.rglob("*") if p.is_file() and not generated & set(p.relative_to(ROOT).parts))
