"""What the API says: JSON, and one shape for everything that goes wrong."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse, JsonResponse

from jixiao.kit.acting import Stale
from jixiao.kit.tables import Problem

JSON = "application/json"
SAID = {
    400: "请求不完整或无法读取，请核对后重发",
    401: "令牌不对、已过期、已撤销，或连续出错正在暂停。请核对令牌，或由所有人在“接口令牌”页另建",
    403: "这个令牌没有这项用途，请由所有人另建令牌时勾选",
    404: "没有找到，或不在令牌所有人的查看范围内",
    405: "这个地址不支持这种方法，请看接口说明",
    413: "内容过大，请分成几次发送",
    415: "请以 JSON 发送（Content-Type: application/json），文件以 multipart/form-data 的 file 发送",
    500: "系统出错，没有存入任何内容，错误已记入日志，请稍后再试",
}


class Unfit(Exception):
    """A request that cannot be used as it is (422): every problem with its place."""

    def __init__(self, message: str, problems: Iterable[Problem] = (), status: int = 422) -> None:
        super().__init__(message)
        self.problems = tuple(problems)
        self.status = status


def answer(content: Any, status: int = 200) -> JsonResponse:
    """Content as JSON, with Chinese as it is written."""
    return JsonResponse(content, status=status, safe=False, json_dumps_params={"ensure_ascii": False})


def refusal(
    status: int, message: str = "", *, reasons: Iterable[str] = (), problems: Iterable[Problem] = (), **more: Any
) -> JsonResponse:
    """The one shape of a no. `reasons` are those of a Decision, `problems` name a place in what was sent."""
    listed = [{"sheet": p.sheet, "row": p.row, "column": p.column, "message": p.message} for p in problems]
    said = message or SAID.get(status) or HTTPStatus(status).phrase
    return answer({"message": said, "reasons": list(reasons), "problems": listed, **more}, status)


def refused(status: int, reasons: Iterable[str]) -> JsonResponse:
    """A Decision that said no, with all of its reasons."""
    known = list(reasons)
    return refusal(status, "；".join(known), reasons=known)


def overtaken(stale: Stale) -> JsonResponse:
    """Somebody saved first (409): who, when, and what stands now."""
    words = f"{stale.who}已先一步保存，现为{stale.stands}；请重新读取，核对后再发"
    return refusal(409, words, reasons=[words], who=stale.who, at=stale.at.isoformat(), stands=stale.stands)


def in_shape(response: HttpResponse) -> HttpResponse:
    """What went wrong before or behind a view, in the same shape."""
    if response.status_code < 400 or response.headers.get("Content-Type", "").startswith(JSON):
        return response
    found = refusal(response.status_code)
    if "Allow" in response.headers:
        found.headers["Allow"] = response.headers["Allow"]
    return found
