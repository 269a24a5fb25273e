"""`score`, `audit`, `conform`: self-evaluation tables as JSON files, judged without a database."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from jixiao.domain.checks import Finding, Report
from jixiao.domain.checks.audits import AuditCheckRules, SheetRecord, examine
from jixiao.domain.checks.audits.gathering import Surroundings
from jixiao.domain.checks.audits.reading import record_of
from jixiao.domain.checks.sheet import Rules, SheetCheckRules, SheetView, audit, score_table
from jixiao.domain.grades import GradeRules
from jixiao.domain.policy import PolicyError
from jixiao.domain.published import MalformedTable, parse
from jixiao.domain.scoring import LineScore, ScoringRules, UnknownMethod
from jixiao.policies import load

from .conformance import run_conform

MALFORMED = 2
OTHERS = frozenset({".xlsx", ".xls", ".docx", ".doc", ".et", ".wps", ".csv", ".pdf"})
NAMED = 5
_LARGEST_FILE = 8 * 1024 * 1024


def register(subparsers: Any) -> None:
    """Declare the three commands; each parser's `run` takes the parsed arguments and gives the exit code."""
    score = subparsers.add_parser("score", help="给一份自评表文件打分")
    score.add_argument("file", type=Path, help="自评表 JSON 文件")
    score.add_argument("--json", action="store_true", help="输出 JSON")
    score.set_defaults(run=run_score)
    check = subparsers.add_parser("audit", help="检查一份自评表文件，或一个文件夹里的全部自评表")
    check.add_argument("file", type=Path, help="自评表 JSON 文件或文件夹")
    check.add_argument("--json", action="store_true", help="输出 JSON")
    check.set_defaults(run=run_audit)
    conform = subparsers.add_parser("conform", help="用评分样例集核对本程序或其他程序")
    conform.add_argument("--program", help="另一个程序的命令行：逐行读入 JSON 样例，逐行写出 JSON 答案")
    conform.add_argument("--suite", type=Path, help="样例集文件夹，默认为随本程序的 conformance/")
    conform.add_argument("--answer", action="store_true", help="作答方：从标准输入逐行读样例，向标准输出逐行写答案")
    conform.set_defaults(run=run_conform)


def run_score(arguments: argparse.Namespace) -> int:
    """One file, one answer."""
    try:
        if arguments.file.is_dir():
            raise MalformedTable("这是文件夹，score 一次只读一个文件；检查整个文件夹请用 audit")
        view, report = judged(arguments.file)
    except MalformedTable as error:
        return _refuse(arguments.file, error)
    print(_json(answer(view, report)) if arguments.json else readable(view, report))
    return 0


def run_audit(arguments: argparse.Namespace) -> int:
    """One file, one answer; a folder, a list of answers over every file in it, each beside the others.

    A file that cannot be read is named on standard error and makes the code 2; the others are judged all the same.
    """
    path: Path = arguments.file
    if path.is_dir():
        return _audit_folder(path, arguments.json)
    try:
        view, report = judged(path)
    except MalformedTable as error:
        return _refuse(path, error)
    print(_json(answer(view, report)) if arguments.json else readable(view, report))
    return 0


def _audit_folder(folder: Path, as_json: bool) -> int:
    """Every table below the folder, in the order of the paths, whatever its sub-folder."""
    everything = sorted((file for file in folder.rglob("*") if not file.is_dir()), key=lambda file: file.parts)
    files = [file for file in everything if file.suffix.lower() == ".json"]
    _note_others(folder, everything)
    if not files:
        return _refuse(folder, "文件夹里没有 .json 文件")
    results, records, refused = [], [], 0
    for file in files:
        try:
            content = _content(file)
            view, report = judge(content)
        except MalformedTable as error:
            refused = _refuse(file, error)
            continue
        results.append((view, report))
        records.append(record_of(content, view))
    _note_twice([view.table.id for view, _ in results])
    beside = audited_together(records, [view.table.policy for view, _ in results])
    if as_json and results:
        print(_json([answer(*one) | context(two) for one, two in zip(results, beside, strict=True)]))
    elif results:
        print("\n\n".join(readable(*one) + _said(two) for one, two in zip(results, beside, strict=True)))
    return refused


def _note_others(folder: Path, everything: Sequence[Path]) -> None:
    """Tables in another format are not passed over in silence."""
    others = [file for file in everything if file.suffix.lower() in OTHERS and not file.name.startswith(("~$", "."))]
    if others:
        named = "、".join(str(file.relative_to(folder)) for file in others[:NAMED])
        more = f"等 {len(others)} 个" if len(others) > NAMED else ""
        remedy = "请在页面上导入后检查，或另存为 JSON"
        print(f"{folder}：不是 JSON 的表没有检查：{named}{more}，{remedy}", file=sys.stderr)


def _note_twice(ids: Sequence[str]) -> None:
    """Two files of one id are both judged; each counts beside the other."""
    if twice := [key for key, count in Counter(ids).items() if count > 1]:
        named = "、".join(twice[:NAMED]) + (f"等 {len(twice)} 个" if len(twice) > NAMED else "")
        print(f"有几份表的 id 相同，都已检查，请核对是否重复：{named}", file=sys.stderr)


def audited_together(records: Sequence[SheetRecord], policies: Sequence[str]) -> list[Report]:
    """Each sheet examined beside the others, by the thresholds of its own policy."""
    known = {name: load(name) for name in set(policies)}
    rules = {name: policy.section(AuditCheckRules) for name, policy in known.items()}
    around = {name: Surroundings(records, found) for name, found in rules.items()}
    pairs = zip(records, policies, strict=True)
    return [examine(around[name].around(record), rules[name]) for record, name in pairs]


def context(report: Report) -> dict[str, Any]:
    """What a folder tells beyond the single sheet: findings beside other years and units, under their own key."""
    return {
        "context": {
            "findings": [_finding(finding) for finding in report.findings],
            "unchecked": [_finding(finding) for finding in report.unchecked],
        }
    }


def _said(report: Report) -> str:
    lines = [f"对照往年和其他单位，发现疑点 {len(report.findings)} 条，未检查 {len(report.unchecked)} 项"]
    lines += [f"  · {f.code}{f'：{f.line}' if f.line else ''}　{f.message}" for f in report.findings]
    return "\n" + "\n".join(lines)


def judged(file: Path) -> tuple[SheetView, Report]:
    """Read, score and audit one file. Raises MalformedTable."""
    return judge(_content(file))


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            content = opened.read(_LARGEST_FILE + 1)
    except FileNotFoundError:
        raise MalformedTable("没有这个文件，请核对路径") from None
    except OSError as error:
        raise MalformedTable(f"文件打不开（{error.strerror}）") from None
    if len(content) > _LARGEST_FILE:
        raise MalformedTable("文件超过 8 MB，一张自评表不会这样大")
    return content


def judge(content: bytes) -> tuple[SheetView, Report]:
    """Score and audit what a file holds. Raises MalformedTable."""
    table = parse(content)
    try:
        view = score_table(table, rules_of(table.policy))
    except (PolicyError, UnknownMethod) as error:
        raise MalformedTable(str(error)) from None
    return view, audit(view)


@cache
def rules_of(policy: str) -> Rules:
    """The three sections of a shipped policy. Raises PolicyError."""
    found = load(policy)
    return Rules(found.section(ScoringRules), found.section(GradeRules), found.section(SheetCheckRules))


def answer(view: SheetView, report: Report) -> dict[str, Any]:
    """The JSON answer: numbers as decimal text, `index` counted from 1 as the rows of the table."""
    score = view.score
    computed = {
        "execution_rate": _text(score.execution_rate),
        "execution_points": _text(score.execution.points if score.execution else None),
        "lines": [_line(number, line.facts.name, line.score) for number, line in enumerate(view.lines, 1)],
        "total": _text(score.total),
        "grade": score.grade.label if score.grade else None,
    }
    return {
        "id": view.table.id,
        "computed": computed,
        "findings": [_finding(finding) for finding in report.findings],
        "unchecked": [_finding(finding) for finding in report.unchecked],
    }


def readable(view: SheetView, report: Report) -> str:
    """The same for a reader."""
    score = view.score
    rate = "无法计算" if score.execution_rate is None else f"{score.execution_rate}%"
    lines = [f"{view.table.id}（{view.table.policy}）", f"预算执行率　{rate}　{_points(score.execution)}"]
    for number, line in enumerate(view.lines, 1):
        lines.append(f"{number:>3}. {line.facts.name}　{_points(line.score)}　{line.score.because}")
    total = "无法计算" if score.total is None else str(score.total)
    lines.append(f"总分　{total}　等级　{score.grade.label if score.grade else '—'}")
    lines.append(f"发现问题 {len(report.findings)} 条，未检查 {len(report.unchecked)} 项")
    for mark, findings in (("·", report.findings), ("?", report.unchecked)):
        lines += [f"  {mark} {f.code}{f'：{f.line}' if f.line else ''}　{f.message}" for f in findings]
    return "\n".join(lines)


def _line(number: int, name: str, score: LineScore) -> dict[str, Any]:
    row = {"index": number, "name": name, "points": _text(score.points), "because": score.because}
    if score.points is None:
        row["range"] = [str(score.low), str(score.high)]
    return row


def _finding(finding: Finding) -> dict[str, Any]:
    return {"code": finding.code, "line": finding.line, "message": finding.message}


def _points(score: LineScore | None) -> str:
    if score is None:
        return "不计分"
    return f"{score.points}分" if score.points is not None else f"{score.low}—{score.high}分"


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def _refuse(file: Path, reason: object) -> int:
    print(f"{file}：{reason}", file=sys.stderr)
    return MALFORMED
