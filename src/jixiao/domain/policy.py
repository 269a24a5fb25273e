"""A region's rules of one year: layers of values, each with the document it comes from, read into typed Rules.

A stage declares the frozen dataclass it needs and names its section::

    @dataclass(frozen=True)
    class MonitoringRules:
        section: ClassVar[str] = "monitoring"
        slow_behind: Percent          # "20%" in the file
        rounds: tuple[PlannedRound, ...]

Values stand as officials write them ("500万元", "30%"); "无" is None where the annotation allows it.
"""

from __future__ import annotations

import copy
import hashlib
import json
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Protocol, Self, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from .quantities import Unreadable, normalize, plain, read_amount, read_number, read_percent
from .terms import Term, UnknownTerm

Fen = Annotated[int, "money"]
"""Money in fen; in a policy file a text with its unit: "500万元"."""

Percent = Annotated[Decimal, "percent"]
"""Percent points; in a policy file a text with its sign: "30%"."""

NONE = "无"
_HEAD = {"title", "extends", "region", "year"}
_MARKS = {"source", "guess"}


class PolicyError(ValueError):
    """A policy that cannot be trusted. str() is Chinese and names file, section and key."""


class Rules(Protocol):
    """What `Policy.section` fills: a frozen dataclass that names its section."""

    section: ClassVar[str]


R = TypeVar("R", bound=Rules)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a value was set: the layer, the 文号 or published statement, and whether it is only our default (推断)."""

    layer: str
    source: str
    guess: bool


@dataclass(frozen=True, slots=True)
class Setting:
    """One value as written, with its provenance."""

    value: Any
    provenance: Provenance


Sections = dict[str, dict[str, Setting]]


@dataclass(frozen=True)
class Layer:
    """One file or one region's revision: only what it sets itself."""

    name: str
    title: str
    extends: str
    region: str
    year: int
    sections: Sections

    @classmethod
    def parse(cls, name: str, document: Mapping[str, Any]) -> Self:
        """Read a TOML document (decimals as Decimal). Raises PolicyError for a section without its source."""
        where = f"政策文件 {name}"
        head = {key: value for key, value in document.items() if not isinstance(value, Mapping)}
        if unknown := sorted(head.keys() - _HEAD):
            raise PolicyError(f"{where}：不认识的项 {'、'.join(unknown)}，顶层只写 title、extends、region、year 和各节")
        for key, kind in (("title", str), ("year", int)):
            if not isinstance(head.get(key), kind) or isinstance(head[key], bool):
                raise PolicyError(f"{where}：缺少 {key}，或写法不对")
        sections = {
            key: _parse_section(name, key, value) for key, value in document.items() if isinstance(value, Mapping)
        }
        return cls(
            name, head["title"], str(head.get("extends", "")), str(head.get("region", "")), head["year"], sections
        )


@dataclass(frozen=True)
class Policy:
    """The rules in force for one region and year, resolved from its layers."""

    name: str
    title: str
    region: str
    year: int
    layers: tuple[str, ...]
    settings: Sections

    def section(self, rules: type[R]) -> R:
        """The typed rules of one section. Raises PolicyError if a key is missing, unknown or wrongly written."""
        written = self._section(rules.section)
        known = get_type_hints(rules, include_extras=True)
        hints = {field.name: known[field.name] for field in fields(cast("type[Any]", rules))}
        if unknown := sorted(written.keys() - hints.keys()):
            layer = written[unknown[0]].provenance.layer
            raise PolicyError(f"政策文件 {layer} [{rules.section}]：不认识的键 {'、'.join(unknown)}，请核对拼写")
        if missing := [key for key in hints if key not in written]:
            raise PolicyError(f"政策文件 {self.name} [{rules.section}]：缺少 {'、'.join(missing)}")
        values = {}
        for key, hint in hints.items():
            try:
                values[key] = _typed(written[key].value, hint)
            except (Unreadable, UnknownTerm, PolicyError) as error:
                layer = written[key].provenance.layer
                raise PolicyError(f"政策文件 {layer} [{rules.section}] {key}：{error}") from None
        return rules(**values)

    def provenance(self, section: str, key: str) -> Provenance:
        """Layer, source and guess mark of the place where this value was set."""
        try:
            return self._section(section)[key].provenance
        except KeyError:
            raise PolicyError(f"政策文件 {self.name} [{section}]：缺少 {key}") from None

    def document(self) -> dict[str, Any]:
        """Everything resolved, JSON-able and independent of later releases: what a snapshot stores."""
        sections = {
            name: {
                key: {
                    "value": copy.deepcopy(setting.value),
                    "layer": setting.provenance.layer,
                    "source": setting.provenance.source,
                    "guess": setting.provenance.guess,
                }
                for key, setting in keys.items()
            }
            for name, keys in self.settings.items()
        }
        head = {"name": self.name, "title": self.title, "region": self.region, "year": self.year}
        return {**head, "layers": list(self.layers), "sections": sections}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Rebuild a policy from `document()`. Raises PolicyError if the document is not one."""
        try:
            settings = {
                name: {
                    key: Setting(copy.deepcopy(s["value"]), Provenance(s["layer"], s["source"], s["guess"]))
                    for key, s in keys.items()
                }
                for name, keys in document["sections"].items()
            }
            head = (document["name"], document["title"], document["region"], document["year"])
            return cls(*head, tuple(document["layers"]), settings)
        except (KeyError, TypeError, AttributeError) as error:
            raise PolicyError(f"政策快照不完整：{error}") from None

    @property
    def digest(self) -> str:
        """sha256 of the canonical JSON of `document()`: the name under which a snapshot is kept."""
        canonical = json.dumps(self.document(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def _section(self, name: str) -> dict[str, Setting]:
        if name not in self.settings:
            raise PolicyError(f"政策文件 {self.name}：缺少 [{name}] 一节")
        return self.settings[name]


def lineage(name: str, find: Callable[[str], Layer]) -> tuple[Layer, ...]:
    """The layers from the farthest ancestor down to `name`. Raises PolicyError for a circle of `extends`."""
    chain: list[Layer] = []
    while name:
        if any(layer.name == name for layer in chain):
            path = " → ".join([layer.name for layer in chain] + [name])
            raise PolicyError(f"政策文件 {chain[0].name}：extends 成环（{path}），请改其中一个")
        chain.append(find(name))
        name = chain[-1].extends
    return tuple(reversed(chain))


def resolve(layers: Sequence[Layer]) -> Policy:
    """Lay the layers over one another, the first lowest; each overrides single keys. The last names the policy."""
    if not layers:
        raise PolicyError("没有可用的政策文件")
    settings: Sections = {}
    for layer in layers:
        for section, keys in layer.sections.items():
            settings[section] = {**settings.get(section, {}), **keys}
    top = layers[-1]
    return Policy(top.name, top.title, top.region, top.year, tuple(layer.name for layer in layers), settings)


def check(policy: Policy, declared: Iterable[type[Rules]]) -> None:
    """Refuse (PolicyError) sections that no Rules class declares, and read every declared one."""
    classes = list(declared)
    if unknown := sorted(policy.settings.keys() - {rules.section for rules in classes}):
        layer = next(iter(policy.settings[unknown[0]].values())).provenance.layer
        raise PolicyError(f"政策文件 {layer}：不认识的节 {'、'.join(f'[{name}]' for name in unknown)}，没有环节使用它")
    for rules in classes:
        policy.section(rules)


def _parse_section(layer: str, section: str, keys: Mapping[str, Any]) -> dict[str, Setting]:
    where = f"政策文件 {layer} [{section}]"
    source = keys.get("source")
    if not isinstance(source, str) or not source.strip():
        raise PolicyError(f"{where}：缺少 source，请写明本节数值所依据的文号")
    guesses = keys.get("guess", [])
    values = {key: _jsonable(value) for key, value in keys.items() if key not in _MARKS}
    if not isinstance(guesses, list) or not all(key in values for key in guesses):
        raise PolicyError(f"{where} guess：只能列出本节在本文件中写明的键")
    return {key: Setting(value, Provenance(layer, source, key in guesses)) for key, value in values.items()}


def _jsonable(value: Any) -> Any:
    """TOML decimals become text, so that a snapshot keeps every digit."""
    if isinstance(value, Mapping):
        return {key: _jsonable(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_jsonable(inner) for inner in value]
    return plain(value) if isinstance(value, Decimal) else value


def _typed(value: Any, hint: Any) -> Any:
    """One written value as its annotation wants it."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType) and types.NoneType in inner:
        return None if value == NONE else _typed(value, next(arg for arg in inner if arg is not types.NoneType))
    if origin is tuple:
        return tuple(_typed(item, inner[0]) for item in _demand(value, list, "一个列表 [...]"))
    if origin is dict:
        table = _demand(value, dict, "一个表 {键 = 值}")
        return {_typed(key, inner[0]): _typed(item, inner[1]) for key, item in table.items()}
    if hint == Fen:
        return read_amount(_ending(value, "元", '金额要写明单位，如 "500万元"'))
    if hint == Percent:
        return read_percent(_ending(value, "%", '比例要带百分号，如 "30%"'))
    if hint is Decimal:
        return read_number(value)
    if isinstance(hint, type) and issubclass(hint, Term):
        return hint.read(value)
    if is_dataclass(hint):
        return _record(_demand(value, dict, "一个表 {键 = 值}"), hint)
    return _demand(value, hint, {int: "整数", bool: "true 或 false", str: "文字"}.get(hint, str(hint)))


def _record(table: dict[str, Any], shape: Any) -> Any:
    """A nested dataclass: the keys must be exactly its fields."""
    hints = get_type_hints(shape, include_extras=True)
    names = [field.name for field in fields(shape)]
    if set(table) != set(names):
        raise PolicyError(f"要写的键是 {'、'.join(names)}，读到 {'、'.join(table) or '空表'}")
    return shape(**{name: _typed(table[name], hints[name]) for name in names})


def _demand(value: Any, kind: type, wanted: str) -> Any:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise PolicyError(f"应为{wanted}，读到 {value!r}")
    return value


def _ending(value: Any, ending: str, remedy: str) -> str:
    text = normalize(value)
    if not isinstance(value, str) or not text.endswith(ending):
        raise PolicyError(f"读到 {value!r}，{remedy}")
    return text
