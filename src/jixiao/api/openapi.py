"""The OpenAPI document, made of the declared addresses and shapes."""

from __future__ import annotations

from typing import Any

from jixiao.registers.organizations.models import TokenScope

from .endpoints import ENDPOINTS
from .imports import PROBLEM
from .operations import PLACE, Operation
from .shapes import Field, Shape

VERSION = "1"
ERROR = Shape(
    "Error",
    (
        Field("message", "一句话说明"),
        Field("reasons", "不能办理的全部理由", "texts"),
        Field("problems", "内容中的问题，各有位置", "many", inner=PROBLEM),
    ),
)
REFUSALS = {
    "401": "令牌不对、过期、撤销或暂停",
    "403": "令牌没有这项用途",
    "404": "没有，或看不到",
    "409": "他人先一步保存（另有 who、at、stands），或当前状态不能办理",
    "422": "内容有问题，没有存入任何数据",
}


def document() -> dict[str, Any]:
    """OpenAPI 3.1 of the whole API."""
    paths: dict[str, Any] = {}
    for endpoint in ENDPOINTS:
        places = [_parameter(name, "path", kind) for kind, name in PLACE.findall(endpoint.route)]
        paths[endpoint.address] = {
            one.method.lower(): _operation(endpoint.name, one, places) for one in endpoint.operations
        }
    schemas = {shape.name: shape.schema() for shape in _shapes()}
    schemes = {"token": {"type": "http", "scheme": "bearer", "description": "在“接口令牌”页建立的令牌"}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "预算绩效管理接口", "version": VERSION},
        "security": [{"token": []}],
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": schemes},
    }


def _operation(name: str, one: Operation, places: list[dict[str, Any]]) -> dict[str, Any]:
    asked = [_parameter(f.key, "query", "int" if f.kind == "integer" else "str", f.label) for f in one.asks]
    key = [_parameter("Idempotency-Key", "header", "str", "同一个键、同样的内容只办一次")] if one.keyed else []
    described: dict[str, Any] = {
        "operationId": f"{name}-{one.method.lower()}",
        "summary": one.summary,
        "description": f"令牌用途：{TokenScope(one.scope).label}",
        "parameters": [*places, *asked, *key],
        "responses": {"200": {"description": "成功", "content": _json(_page(one) if one.paged else _ref(one.gives))}}
        | {status: {"description": why, "content": _json(_ref(ERROR))} for status, why in REFUSALS.items()},
    }
    if one.takes is not None:
        described["requestBody"] = {"required": True, "content": _json(_ref(one.takes)) | (_FILE if one.file else {})}
    return described


_FILE = {
    "multipart/form-data": {
        "schema": {
            "type": "object",
            "properties": {"file": {"type": "string", "format": "binary"}},
            "required": ["file"],
        }
    }
}


def _page(one: Operation) -> dict[str, Any]:
    count = {"type": ["integer", "null"], "description": "总行数，超过一万为 null"}
    following = {"type": ["string", "null"], "description": "下一页的地址，最后一页为 null"}
    rows = {"type": "array", "items": _ref(one.gives)}
    return {"type": "object", "properties": {"count": count, "next": following, "rows": rows}}


def _parameter(name: str, where: str, kind: str, label: str = "") -> dict[str, Any]:
    schema = {"type": "integer" if kind == "int" else "string"}
    return {"name": name, "in": where, "required": where == "path", "schema": schema, "description": label}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _ref(shape: Shape) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{shape.name}"}


def _shapes() -> list[Shape]:
    """Every shape that is used, with those inside it."""
    found: dict[str, Shape] = {}
    waiting = [ERROR]
    for endpoint in ENDPOINTS:
        for one in endpoint.operations:
            waiting += [one.gives, *([one.takes] if one.takes else [])]
    while waiting:
        shape = waiting.pop()
        if shape.name not in found:
            found[shape.name] = shape
            waiting += [field.inner for field in shape.fields if field.inner]
    return [found[name] for name in sorted(found)]
