"""A region's rules as people read them: every value with the document it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from jixiao.domain.policy import Policy, PolicyError
from jixiao.kit.web.listing import Mark, Shown
from jixiao.policies import layer

from .names import METHODS, PARTS, SECTIONS, key_name, section_name

COLUMNS = (
    Shown("name", "规则"),
    Shown("value", "取值"),
    Shown("source", "依据", note_key="layer"),
    Shown("mark", "性质", "tag"),
)
GUESS = Mark("推断", "warn")


@dataclass(frozen=True, slots=True)
class Line:
    """One value: `value` as written, lists one to a line; `layer` is the title of the rules that set it."""

    section: str
    key: str
    name: str
    value: Markup
    source: str
    layer: str
    mark: Mark | None


@dataclass(frozen=True, slots=True)
class Chapter:
    """A section of the rules under its Chinese name."""

    key: str
    title: str
    lines: tuple[Line, ...]


def chapters(policy: Policy) -> list[Chapter]:
    """All sections, those known by name first and in the order of the cycle."""
    order = list(SECTIONS)
    keys = sorted(policy.settings, key=lambda key: (order.index(key) if key in order else len(order), key))
    return [chapter(policy, key) for key in keys]


def chapter(policy: Policy, section: str) -> Chapter:
    """One section with its values in the order written."""
    lines = tuple(_line(policy, section, key) for key in policy.settings.get(section, {}))
    return Chapter(section, section_name(section), lines)


def _line(policy: Policy, section: str, key: str) -> Line:
    setting = policy.settings[section][key]
    origin = setting.provenance
    return Line(
        section,
        key,
        key_name(section, key),
        Markup("<br>").join(escape(text) for text in written(setting.value)),
        origin.source,
        f"见《{layer_title(origin.layer)}》" if origin.layer != policy.name else "本地区规则",
        GUESS if origin.guess else None,
    )


def layer_title(name: str) -> str:
    """The title of a layer of rules, or its name where it is not a shipped one."""
    try:
        return layer(name).title
    except PolicyError:
        return name


def written(value: Any) -> list[str]:
    """A value as lines of text."""
    if isinstance(value, bool):
        return ["是" if value else "否"]
    if isinstance(value, Mapping):
        return [f"{name}：{'，'.join(_part(inner))}" for name, inner in value.items()] or ["无"]
    if isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        return ["，".join(_part(item)) for item in value]
    if isinstance(value, list):
        return ["、".join(map(_text, value)) or "无"]
    return [_text(value)]


def _part(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [f"{PARTS.get(name, name)} {'、'.join(written(inner))}" for name, inner in value.items()]
    return [_text(value)]


def _text(value: Any) -> str:
    """A method is shown by name, with the version under which its scores can be computed again."""
    method, _, version = str(value).partition("/")
    return f"{METHODS[method]}（{value}）" if version and method in METHODS else str(value)
