"""Where the program stands: its home folder, its checkout, and Django when a command needs it."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path

SETTINGS = "jixiao.config.settings"


class Refused(Exception):
    """A command cannot do its work; the Chinese message names place and remedy, and the program ends with `code`."""

    def __init__(self, message: str, code: int = 2) -> None:
        super().__init__(message)
        self.code = code


def checkout() -> Path | None:
    """The working copy this program runs from, or None where it was installed as a package."""
    root = Path(__file__).resolve().parents[3]
    return root if (root / "jixiao").is_file() and (root / "pyproject.toml").is_file() else None


def home() -> Path:
    """The folder that holds everything the program writes: JIXIAO_HOME, else var/ of the checkout or working folder."""
    chosen = os.environ.get("JIXIAO_HOME")
    return Path(chosen).resolve() if chosen else (checkout() or Path.cwd()) / "var"


def django_setup() -> None:
    """Readies models and settings. Raises Refused where the server's parts are not installed."""
    home().mkdir(parents=True, exist_ok=True)
    os.environ["JIXIAO_HOME"] = str(home())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    try:
        # By name, because scoring and auditing a file must start where Django is not installed.
        import_module("django").setup()
    except ModuleNotFoundError as error:
        if error.name != "django":
            raise
        raise Refused("此命令需要服务器组件，请运行：pip install 'jixiao[server]'") from None
