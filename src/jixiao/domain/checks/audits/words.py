"""What a sheet says: copied passages, 自查问题 empty or mere phrases, evidence, the class of an indicator."""

from __future__ import annotations

import re

from ...quantities import plain, round2
from ...vocabulary import IndicatorLevel1
from .. import Check, Level, Need
from ..lights import Tone
from ..lines import names_execution
from .facts import LineCase, SheetCase, Text, is_stock

OWN_WORDS = "财预〔2020〕10号第十八条：自评结果真实、准确，偏差原因逐项分析"
PROBLEMS = "财预〔2020〕10号第二十条：自评报告反映存在的问题和改进措施"
EVIDENCE = "财预〔2020〕10号第十七条：绩效评价所依据的数据资料真实、完整、可核实"
CLASSES = "财预〔2021〕101号：产出、效益、满意度指标的含义"
_SATISFACTION = re.compile(r"满意(?:度|率|程度)")
_OUTPUT_RATE = re.compile(
    r"(?:验收|质量)?(?:合格率|验收率)$|(?:完成|发放|支付|拨付|到位)及时率$|(?:任务|工程|计划)完成率$"
)
_BENEFIT = re.compile(r"带动(?:就业|增收)|(?:人均|户均|农民|群众).{0,4}增收|税收(?:增长|增加)|知晓率$")


def _where(found: tuple[Text, ...]) -> str:
    first = found[0]
    more = f"等 {len(found)} 处" if len(found) > 1 else ""
    return f"{first.where}{more}（相似 {plain(round2(first.alike))}%）"


def _copied_cause(case: LineCase) -> str | None:
    return f"偏差原因与{_where(case.line.copied)}几乎相同，请按本项目的实际重写" if case.line.copied else None


def _copied_problems(view: SheetCase) -> str | None:
    found = view.sheet.problems_copied
    return f"自查问题与{_where(found)}几乎相同，请按本项目的实际重写" if found else None


def _copied_actuals(view: SheetCase) -> str | None:
    twin = view.sheet.twin
    if twin is None:
        return None
    where, same, compared = twin
    return f"与{where}可比的 {compared} 个完成值中 {same} 个完全相同，请按本年、本单位的实际填写"


def _silent(view: SheetCase) -> str | None:
    reasons = _reasons(view)
    if not reasons or (view.sheet.problems or "").strip(" 。，.,无没有"):
        return None
    return f"{'，'.join(reasons)}，自查问题却没有写，请如实填写问题和改进措施"


def _reasons(view: SheetCase) -> list[str]:
    """Why a problem should have been reported."""
    sheet, found = view.sheet, []
    if view.lost >= view.rules.lost_points:
        found.append(f"共失 {plain(view.lost)} 分")
    if sheet.tone in (Tone.YELLOW, Tone.RED):
        found.append(f"监控亮{sheet.tone.label}")
    if sheet.rectifications:
        found.append(f"有 {sheet.rectifications} 件整改或暂停")
    return found


def _stock(view: SheetCase) -> str | None:
    text = (view.sheet.problems or "").strip()
    reasons = _reasons(view)
    if not reasons or not text.strip(" 。，.,无没有") or not is_stock(text, view.rules):
        return None
    return f"{'，'.join(reasons)}，自查问题只有套话“{text[:40]}”，请写明具体问题和改进措施"


def _without_evidence(case: LineCase) -> str | None:
    return None if case.line.evidence else f"{plain(case.line.weight)} 分的指标得了分却没有佐证材料，请附上"


def _weighty(case: LineCase) -> bool:
    return case.line.weight >= case.rules.evidence_weight and (case.line.points is None or case.line.points > 0)


def _misplaced(case: LineCase) -> str | None:
    name, kind = case.line.name, case.kind
    if _SATISFACTION.search(name) and kind is not IndicatorLevel1.SATISFACTION:
        right = "满意度指标"
    elif _OUTPUT_RATE.search(name) and kind in (IndicatorLevel1.BENEFIT, IndicatorLevel1.SATISFACTION):
        right = "产出指标"
    elif _BENEFIT.search(name) and kind in (IndicatorLevel1.OUTPUT, IndicatorLevel1.SATISFACTION):
        right = "效益指标"
    elif names_execution(name) and kind in (IndicatorLevel1.BENEFIT, IndicatorLevel1.SATISFACTION):
        return f"“{name}”是预算执行，不是{kind.label}，请移出"
    else:
        return None
    return f"“{name}”放在{kind.label if kind else '其他'}下，应放在{right}下"


PROBLEM_TEXT = Need[SheetCase]("自查问题一栏", lambda view: view.sheet.problems is not None)
POINTS = Need[SheetCase](
    "各行得分", lambda view: all(case.line.points is not None for case in view.lines) or bool(view.sheet.tone)
)
COMPARED = Need[SheetCase]("可比较的往年或其他单位的自评表", lambda view: view.sheet.compared)
COMPARED_TEXT = Need[SheetCase]("可比较的其他自查问题", lambda view: view.sheet.problems_copied is not None)
COMPARED_CAUSE = Need[LineCase]("可比较的其他偏差原因", lambda case: case.line.copied is not None)
FILES = Need[LineCase]("佐证材料清单", lambda case: case.line.evidence is not None)
KIND = Need[LineCase]("一级或二级指标", lambda case: case.kind is not None)

SHEET_CHECKS: tuple[Check[SheetCase], ...] = (
    Check(
        "COPIED_ACTUALS",
        Level.WARNING,
        OWN_WORDS,
        (COMPARED,),
        _copied_actuals,
        answer="附本年的原始记录；照抄的改为实际完成值。",
    ),
    Check(
        "COPIED_PROBLEMS",
        Level.WARNING,
        OWN_WORDS,
        (COMPARED_TEXT,),
        _copied_problems,
        lambda view: bool((view.sheet.problems or "").strip()) or view.sheet.problems is None,
        answer="写出本项目自己的问题和改进措施。",
    ),
    Check(
        "NO_PROBLEM_REPORTED",
        Level.WARNING,
        PROBLEMS,
        (PROBLEM_TEXT, POINTS),
        _silent,
        answer="补写问题、原因和改进措施，与失分和整改对得上。",
    ),
    Check(
        "STOCK_PHRASE",
        Level.WARNING,
        PROBLEMS,
        (PROBLEM_TEXT, POINTS),
        _stock,
        answer="把套话改成具体的问题、原因和改进措施。",
    ),
)
LINE_CHECKS: tuple[Check[LineCase], ...] = (
    Check(
        "COPIED_CAUSE",
        Level.WARNING,
        OWN_WORDS,
        (COMPARED_CAUSE,),
        _copied_cause,
        lambda case: bool((case.line.cause or "").strip()),
        answer="写出本项目自己的偏差原因和改进措施。",
    ),
    Check(
        "EVIDENCE_MISSING",
        Level.WARNING,
        EVIDENCE,
        (FILES,),
        _without_evidence,
        _weighty,
        answer="附上能证明完成值的验收单、台账、照片或统计表。",
    ),
    Check(
        "WRONG_CLASS",
        Level.WARNING,
        CLASSES,
        (KIND,),
        _misplaced,
        answer="下年编报绩效目标时移到应属的类别；本年的说明理由。",
    ),
)
