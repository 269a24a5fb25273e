"""The shipped rules: one TOML file per region and year, layered by `extends`, each section under its 文号.

A shipped file is a default. What a region changed itself is a revision laid on top (`domain.policy.resolve`).
"""

from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from jixiao.domain.policy import Layer, Policy, PolicyError, lineage, resolve


@cache
def names() -> tuple[str, ...]:
    """Every shipped policy, e.g. "national/2020", in order of name."""
    folders = [folder for folder in files(__name__).iterdir() if folder.is_dir()]
    return tuple(sorted(f"{f.name}/{file.name[:-5]}" for f in folders for file in f.iterdir() if _is_policy(file)))


@cache
def layer(name: str) -> Layer:
    """What one file sets itself. Raises PolicyError if it does not exist or is no TOML."""
    if name not in names():
        raise PolicyError(f"没有政策文件 {name}，可用的有：{'、'.join(names())}")
    text = files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    try:
        return Layer.parse(name, tomllib.loads(text, parse_float=Decimal))
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"政策文件 {name}：不是有效的 TOML（{error}）") from None


@cache
def load(name: str) -> Policy:
    """The policy of this name with everything it inherits. Raises PolicyError."""
    return resolve(lineage(name, layer))


def for_region(region_code: str, year: int) -> Policy:
    """The newest rules not after the year: the district's own, else its city's or province's, else the national ones.

    Years before the oldest national file (补录 of older evaluations) are read under the oldest.
    """
    for region in (region_code, f"{region_code[:4]}00", f"{region_code[:2]}0000"):
        if own := _newest(region, year):
            return load(own)
    return load(_newest("", year) or min((name for name in names() if not layer(name).region), key=_year))


def _newest(region: str, year: int) -> str | None:
    """The policy of exactly this region ("" = national) with the latest year that is not after `year`."""
    candidates = [name for name in names() if layer(name).region == region and _year(name) <= year]
    return max(candidates, key=_year, default=None)


def _year(name: str) -> int:
    return layer(name).year


def _is_policy(file: Traversable) -> bool:
    return file.name.endswith(".toml")
