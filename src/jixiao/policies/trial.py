"""Rules that are only tried: what somebody pastes or changes, laid over shipped rules; nothing is kept.

Everything is checked as a shipped file is: sections, keys and values, each refusal with its place in Chinese.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from jixiao.domain.grades import GradeRules
from jixiao.domain.policy import Layer, Policy, PolicyError, lineage, resolve
from jixiao.domain.scoring import ScoringRules

from . import layer, load

NAME = "试算规则"
LONGEST = 200_000
_PLACE = re.compile(r"line (\d+), column (\d+)")
_END = "at end of document"


def read(text: str) -> dict[str, Any]:
    """The TOML of a trial. Raises PolicyError with line and column."""
    if len(text) > LONGEST:
        raise PolicyError(f"{NAME}有 {len(text)} 个字，最多 {LONGEST} 个字，请只写要改的节")
    try:
        return tomllib.loads(text.removeprefix("\ufeff").replace("\r\n", "\n"), parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        where = f"第 {place[1]} 行第 {place[2]} 列" if place else "末尾" if _END in str(error) else ""
        raise PolicyError(
            f"{NAME}{where}写法不对：应是“[节]”或“键 = 值”，文字、金额、比例加英文引号，"
            '如 good = 85、over_threshold = "30%"'
        ) from None


def trial(base: str, *documents: Mapping[str, Any]) -> Policy:
    """The rules `base` with what these documents set, the last uppermost. Title, year and source may be left out.

    A document that `extends` shipped rules is laid over those. Raises PolicyError.
    """
    layers = lineage(base, layer)
    for document in documents:
        said = _completed(document, layers[-1].year)
        if said["extends"]:
            layers = lineage(said["extends"], layer)
        layers = (*layers, Layer.parse(NAME, said))
        _known(layers)
    policy = resolve(layers)
    grades = policy.section(GradeRules)
    policy.section(ScoringRules)
    if not 100 >= grades.excellent > grades.good > grades.fair >= 0:
        raise PolicyError(f"{NAME} [grades]：优、良、中的下限应从高到低，且在 0 至 100 分之间")
    return policy


def _completed(document: Mapping[str, Any], year: int) -> dict[str, Any]:
    """The head and the sources that nobody has to write for a trial."""
    sections = {
        key: {"source": "试算", **value} if isinstance(value, Mapping) else value for key, value in document.items()
    }
    return {"title": NAME, "year": year, "region": "", "extends": "", **sections}


def _known(layers: tuple[Layer, ...]) -> None:
    """Refuse sections and keys that the rules below do not have: they would change nothing and say nothing."""
    below, top = resolve(layers[:-1]).settings, layers[-1].sections
    if unknown := sorted(top.keys() - below.keys()):
        raise PolicyError(f"{NAME}：不认识的节 {'、'.join(f'[{name}]' for name in unknown)}，请核对拼写")
    for section, keys in top.items():
        if strange := sorted(keys.keys() - below[section].keys()):
            raise PolicyError(f"{NAME} [{section}]：不认识的键 {'、'.join(strange)}，请核对拼写")


def untouched(policy: Policy) -> tuple[str, ...]:
    """The sections that a trial sets and that no score depends on."""
    scored = {GradeRules.section, ScoringRules.section}
    return tuple(
        sorted(
            name
            for name, keys in policy.settings.items()
            if name not in scored and any(setting.provenance.layer == NAME for setting in keys.values())
        )
    )


def named(name: str) -> Policy:
    """Shipped rules, read to the end: what cannot be scored by is refused. Raises PolicyError."""
    policy = load(name)
    policy.section(GradeRules)
    policy.section(ScoringRules)
    return policy
