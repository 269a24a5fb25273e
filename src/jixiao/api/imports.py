"""Inbound data: 项目库, 预算指标 and 国库支付 as a file or as rows of JSON, by the importer of the upload page."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

from django.http import Http404, JsonResponse

from jixiao.kit.acting import Repeated
from jixiao.kit.files import sha256
from jixiao.kit.importing import BUSY, Importer, ImportScope, Outcome, Source, read_sources, run
from jixiao.kit.models import Upload, UploadState
from jixiao.kit.tables import Problem
from jixiao.kit.web.asking import text
from jixiao.overview.forms import UploadForm
from jixiao.overview.mapping import fitting, saved, values
from jixiao.policies import for_region
from jixiao.registers.subjects.importer import IMPORTERS

from .answers import SAID, Unfit, answer, refusal, refused
from .lists import YEAR, Asked, token_of, year_of
from .shapes import JSON, Field, Shape, body_of, written

BY_TABLE: dict[str, Importer] = {importer.key: importer for importer in IMPORTERS}
COUNTS = Shape(
    "Counts", (Field("new", "新增", "integer"), Field("changed", "修改", "integer"), Field("same", "不变", "integer"))
)
GAP = Shape("Gap", (Field("message", "缺口"), Field("rows", "涉及的行", "integers")))
PROBLEM = Shape(
    "Problem",
    (
        Field("sheet", "工作表"),
        Field("row", "行，表头为第 1 行；0 为整体", "integer"),
        Field("column", "列"),
        Field("message", "问题和改法"),
    ),
)
DONE = Shape(
    "Import",
    (
        Field("id", "导入记录编号，用于查询；没有入库的为 null", "integer"),
        Field("stored", "本次存入了数据", "flag"),
        Field("counts", "行数", "one", inner=COUNTS),
        Field("gaps", "缺口，可以入库", "many", inner=GAP),
        Field("mapping", "用的列对应"),
    ),
)
RECORD = Shape(
    "ImportRecord",
    (
        Field("id", "编号", "integer"),
        Field("year", "工作年度", "integer"),
        Field("table", "表"),
        Field("filename", "文件名"),
        Field("sha256", "内容摘要"),
        Field("state", "状态", "term"),
        Field("at", "时间", "moment"),
        Field("by", "导入人", path="user.name"),
        Field("counts", "各表行数", "json"),
        Field("problems", "问题", "many", inner=PROBLEM, path="listed"),
        Field("gaps", "缺口", "many", inner=GAP),
    ),
)
ROWS = Shape(
    "Rows", (Field("rows", "行：对象的数组，键为列名，与模板的表头或列对应里的列名相同", "json", required=True),)
)
ASKS = (YEAR, Field("mapping", "保存的列对应的名称"), Field("check", "填 1 只检查，不写入", "integer"))


def bring(request: Asked, key: str) -> JsonResponse:
    """Import one table whole, or tell every problem and store nothing."""
    importer = BY_TABLE.get(key)
    if importer is None:
        raise Http404
    rows = None if request.content_type == "multipart/form-data" else _rows(request)
    source = _file(request) if rows is None else Source(f"{key}.csv", _as_csv(rows))
    name = _map(request, source, importer)
    scope = ImportScope(request.actor.region, year_of(request), request.actor, for_region)
    if rows is not None and (unread := _unread(source, importer, len(rows))):
        return refusal(422, "有行没有读，没有存入任何数据", problems=unread)
    check = text(request.GET, "check") == "1"
    try:
        outcome = run([source], [importer], scope, commit=not check, token="" if check else token_of(request))
    except Repeated as repeated:
        return answer(_done(request, source, Outcome(counts=repeated.answer), key, name))
    if outcome.problems:
        found = [problem for _, problem in outcome.problems]
        if BUSY in found:
            return refused(409, [BUSY.message])
        return refusal(422, f"有 {len(found)} 处问题，没有存入任何数据，请改正后重新发送", problems=found)
    return answer(_done(request, source, outcome, key, name))


def result(request: Asked, pk: int) -> JsonResponse:
    """What became of an import."""
    kept = Upload.objects.filter(region=request.actor.region, pk=pk).select_related("user").first()
    if kept is None:
        raise Http404
    kept.listed = [Problem(*problem) for problem in kept.problems]  # type: ignore[attr-defined]
    return answer(RECORD.of(kept))


def _file(request: Asked) -> Source:
    form = UploadForm({}, request.FILES)
    if not form.is_valid():
        problems = [Problem("", 0, name, str(error)) for name, errors in form.errors.items() for error in errors]
        raise Unfit("请以 multipart/form-data 的 file 发送一个文件", problems)
    file = form.cleaned_data["file"]
    return Source(file.name, file.read())


def _rows(request: Asked) -> list[dict[str, str]]:
    """The rows that were sent, each value as it would be typed into a cell. Raises Unfit."""
    if request.content_type != JSON:
        raise Unfit(SAID[415], status=415)
    said = ROWS.read(_wrapped(body_of(request)))["rows"]
    if not isinstance(said, list) or not said:
        raise Unfit("rows 应为至少一行的数组", [Problem("", 0, "rows", "应为数组，每行一个对象")])
    rows, problems = [], []
    for number, row in enumerate(said, 2):
        if not isinstance(row, dict) or not all(key.isprintable() and key.strip() for key in row):
            problems.append(Problem("", number, "", "应为 JSON 对象，键为列名"))
            continue
        texts = {key: written(value) for key, value in row.items()}
        problems += [Problem("", number, k, "应为文字、数字、是否或 null") for k, v in texts.items() if v is None]
        rows.append({key: value or "" for key, value in texts.items()})
    if problems:
        raise Unfit(f"有 {len(problems)} 处问题，没有存入任何数据", problems)
    return rows


def _wrapped(said: Any) -> Any:
    return {"rows": said} if isinstance(said, list) else said


def _as_csv(rows: list[dict[str, str]]) -> bytes:
    """The rows as the file that an upload would bring: from here on there is one path."""
    headers = list(dict.fromkeys(key for row in rows for key in row))
    out = StringIO(newline="")
    writer = csv.DictWriter(out, headers, restval="", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _map(request: Asked, source: Source, importer: Importer) -> str:
    """Give the source the mapping that was named, or a saved one that has its headers; its name. Raises Unfit."""
    name, tables = text(request.GET, "mapping"), {table.key for table in importer.tables}
    known = [row for row in saved(request.actor.region, name) if row.table in tables]
    if name and not known:
        message = f"没有名为“{name}”的列对应，请先在“数据导入”页保存，或核对名称"
        raise Unfit(message, [Problem("", 0, "mapping", message)])
    found = known[0] if name else fitting(known, source.content, source.filename)
    source.mapping = values(found) if found else None
    return found.name if found else ""


def _unread(source: Source, importer: Importer, count: int) -> list[Problem]:
    """Rows that a reader of files passes over (blank ones, 合计): a program that sent them must hear of it."""
    trial = Source(source.filename, source.content, source.mapping)
    read_sources([trial], [importer])
    readings = list(trial.readings.values())
    if len(readings) != 1 or readings[0].problems:
        return []
    read = {row.number for row in readings[0].each()}
    unread = [number for number in range(2, count + 2) if number not in read]
    message = "这一行是空的，或是合计、签字一类不读的行，请去掉后重新发送"
    return [Problem(readings[0].sheet, number, "", message) for number in unread]


def _done(request: Asked, source: Source, outcome: Outcome, key: str, mapping: str) -> dict[str, Any]:
    """The result; a file that had been stored before answers with its first record."""
    place = {"region": request.actor.region, "sha256": sha256(source.content), "state": UploadState.CONFIRMED}
    kept = Upload.objects.filter(**place).order_by("-id").values_list("id", flat=True).first()
    facts = {"id": kept, "stored": outcome.stored, "gaps": outcome.gaps, "mapping": mapping}
    return DONE.of({**facts, "counts": outcome.counts[key]})
