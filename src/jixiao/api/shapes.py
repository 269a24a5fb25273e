"""What goes over the wire, declared once: the JSON, the check of what was sent and the OpenAPI document follow."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest

from jixiao.domain.quantities import plain
from jixiao.domain.terms import Term
from jixiao.kit.tables import Problem

from .answers import JSON, SAID, Unfit

SCHEMAS: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "fen": {"type": "integer", "description": "单位：分"},
    "number": {"type": "string", "description": "十进制数，写成文字，不丢精度"},
    "day": {"type": "string", "format": "date"},
    "moment": {"type": "string", "format": "date-time"},
    "flag": {"type": "boolean"},
    "term": {"type": "object", "properties": {"code": {"type": "string"}, "label": {"type": "string"}}},
    "texts": {"type": "array", "items": {"type": "string"}},
    "integers": {"type": "array", "items": {"type": "integer"}},
    "json": {},
}


@dataclass(frozen=True, slots=True)
class Field:
    """One entry of a shape. `path` leads to its value where it is not the key; `inner` is the shape of parts."""

    key: str
    label: str
    kind: str = "text"
    path: str = ""
    inner: Shape | None = None
    required: bool = False

    def schema(self) -> dict[str, Any]:
        """As OpenAPI says it."""
        if self.inner is None:
            return {**SCHEMAS[self.kind], "title": self.label}
        part = {"$ref": f"#/components/schemas/{self.inner.name}"}
        return {"type": "array", "items": part, "title": self.label} if self.kind == "many" else part


@dataclass(frozen=True, slots=True)
class Shape:
    """The entries of an object, in order."""

    name: str
    fields: tuple[Field, ...]

    def of(self, row: Any) -> dict[str, Any]:
        """A row as it is sent."""
        return {field.key: _sent(_value(row, field.path or field.key), field) for field in self.fields}

    def schema(self) -> dict[str, Any]:
        needed = [field.key for field in self.fields if field.required]
        described: dict[str, Any] = {"type": "object", "properties": {f.key: f.schema() for f in self.fields}}
        return described | ({"required": needed} if needed else {})

    def read(self, said: Any, row: int = 0) -> dict[str, Any]:
        """What was sent, entry by entry; entries that were not sent are left out. Raises Unfit with every problem."""
        if not isinstance(said, dict):
            raise Unfit("应为 JSON 对象", [Problem("", row, "", "应为 JSON 对象，如 {…}")])
        known = {field.key: field for field in self.fields}
        problems = [Problem("", row, key, "没有这一项，请看接口说明") for key in said if key not in known]
        problems += [
            Problem("", row, field.key, f"缺少“{field.label}”，请补上")
            for field in self.fields
            if field.required and said.get(field.key) is None
        ]
        values = {}
        for key, value in said.items():
            try:
                if key in known:
                    values[key] = _taken(value, known[key], row)
            except Unfit as unfit:
                problems += unfit.problems
        if problems:
            raise Unfit(f"有 {len(problems)} 处需改", problems)
        return values


def body_of(request: HttpRequest) -> Any:
    """The JSON that was sent; numbers with a fraction keep their digits. Raises Unfit."""
    if request.content_type != JSON:
        raise Unfit(SAID[415], status=415)
    try:
        return json.loads(request.body, parse_float=Decimal, parse_constant=_no_number)
    except RequestDataTooBig:
        raise Unfit(SAID[413], status=413) from None
    except (ValueError, RecursionError):
        raise Unfit("不是可以读取的 JSON，请用 UTF-8 编码重新发送") from None


def written(value: Any) -> str | None:
    """A JSON value as somebody would write it into a cell; None for what no cell can hold."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, "f") if value.adjusted() < 40 else None
    return str(value) if isinstance(value, str | int) else None


def _no_number(name: str) -> Any:
    raise ValueError(name)


def _value(row: Any, path: str) -> Any:
    for step in path.split("."):
        row = row.get(step) if isinstance(row, Mapping) else getattr(row, step)
        if row is None:
            return None
    return row


def _sent(value: Any, field: Field) -> Any:
    if field.inner is not None:
        if field.kind == "many":
            return [field.inner.of(part) for part in value]
        return None if value is None else field.inner.of(value)
    if field.kind == "term":
        return {"code": value.value, "label": value.label} if isinstance(value, Term) else None
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def _taken(value: Any, field: Field, row: int) -> Any:
    if field.kind == "many" and field.inner is not None:
        if not isinstance(value, list):
            raise Unfit("", [Problem("", row, field.key, "应为数组，如 […]")])
        return [field.inner.read(part, number) for number, part in enumerate(value, 1)]
    if field.kind == "json":
        return value
    if field.kind == "integer":
        if isinstance(value, bool) or not isinstance(value, int):
            raise Unfit("", [Problem("", row, field.key, "应为整数")])
        return value
    if field.kind == "flag":
        if not isinstance(value, bool):
            raise Unfit("", [Problem("", row, field.key, "应为 true 或 false")])
        return value
    if field.kind == "texts":
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            raise Unfit("", [Problem("", row, field.key, '应为文字的数组，如 ["money"]')])
        return value
    text = None if isinstance(value, bool) else written(value)
    if text is None:
        raise Unfit("", [Problem("", row, field.key, "应为文字或数字")])
    return text
