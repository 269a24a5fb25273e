"""绩效评价报告 by the official outline (财预〔2020〕10号: 一至七), and 评价通知书, with numbers from the rows alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from jixiao.domain.actors import Actor
from jixiao.domain.quantities import format_amount, plain
from jixiao.domain.vocabulary import EvaluationMethod
from jixiao.kit.paper import Attachment, Block, Column, Heading, Paper, Paragraph, Table
from jixiao.kit.web.filters import day
from jixiao.registers.organizations.models import Region

from .models import Evaluation, Mark
from .reports.sheets import evaluator, members_of, panel_lines, parts_of, rate, sees_points, timeline
from .rules import EvaluationProcedureRules
from .workflow import State

UNTOLD = "（没有填写）"


def report(sheet: Evaluation, actor: Actor, today: dt.date) -> Paper:
    """The report of one evaluation as the actor may see it, dated by its conclusion. Raises Region.DoesNotExist."""
    region = Region.objects.get(pk=sheet.region)
    marks = list(sheet.marks.order_by("position"))
    shown = sees_points(actor, sheet)
    finance = sheet.method != EvaluationMethod.DEPARTMENT
    enclosed = [Attachment("评价指标体系和评分表", (_scores(sheet, marks, shown),))] if marks else []
    if shown and (lines := panel_lines(actor, sheet)):
        enclosed.append(Attachment("专家打分表", (_panel(sheet, lines),)))
    draft = "" if sheet.state == State.CONCLUDED else "（未审定）"
    return Paper(
        title=f"{sheet.subject_year.name}{sheet.method.label}报告{draft}",
        issuer=region.issuer if finance else sheet.subject_year.unit_name,
        date=sheet.concluded_on or today,
        blocks=(
            *_basics(sheet),
            *_work(sheet),
            *_result(sheet, marks, shown),
            *_analysis(sheet, marks, shown),
            *_problems(sheet, shown),
            *_suggestions(sheet, shown),
            Heading(1, "其他需要说明的问题"),
            *_told(sheet.remarks or "无。"),
        ),
        attachments=tuple(enclosed),
        banner=region.banner,
    )


def _told(text: str) -> Iterable[Block]:
    """The paragraphs as they were written."""
    parts = [part.strip() for part in text.splitlines() if part.strip()]
    return [Paragraph.of(part) for part in parts] or [Paragraph.of(UNTOLD)]


def _basics(sheet: Evaluation) -> Iterable[Block]:
    subject = sheet.subject_year
    yield Heading(1, "基本情况")
    yield Heading(2, f"{subject.kind.label}概况")
    yield Paragraph.of(
        f"{subject.name}（编码{subject.code}）由{subject.unit_name}实施，评价{subject.year}年度，"
        f"{sheet.year}年开展{sheet.method.label}（编号{sheet.number}）。"
    )
    yield from _told(sheet.background)
    yield Heading(2, "资金安排和使用情况")
    yield amounts(sheet)
    if (found := rate(sheet)) is not None and sheet.received is not None:
        yield Paragraph.of(
            f"实际到位资金{format_amount(sheet.received)}万元，评价口径的预算执行率为{plain(found)}%"
            "（经审查使用÷实际到位资金，与单位自评以全年预算为分母不同）。"
        )
    yield Heading(2, "绩效目标")
    yield from _told(subject.goal)


def amounts(sheet: Evaluation) -> Table:
    """年初预算, 经审查安排, 经审查使用: three amounts side by side, in 万元."""
    names = ("年初预算", "经审查安排", "经审查使用")
    fens = (sheet.initial, sheet.arranged, sheet.used)
    row = tuple("—" if fen is None else format_amount(fen) for fen in fens)
    return Table(tuple(Column(f"{name}（万元）", "right") for name in names), (row,), "资金情况")


def _work(sheet: Evaluation) -> Iterable[Block]:
    yield Heading(1, "评价工作开展情况")
    yield from _told(sheet.work)
    by = evaluator(sheet)
    yield Paragraph.of(f"指标体系：{sheet.framework_name or '见附表'}。" + (f"由{by}实施评价。" if by else ""))
    done = [(stage.kind.label, entry) for stage in timeline(sheet, ()) for entry in stage.entries]
    if done:
        rows = tuple((name, day(entry.on), entry.who, entry.note) for name, entry in done)
        yield Table((Column("步骤"), Column("日期"), Column("参加人员"), Column("说明")), rows, "评价过程")


def _result(sheet: Evaluation, marks: list[Mark], shown: bool) -> Iterable[Block]:
    yield Heading(1, "综合评价情况及评价结论")
    total = sheet.total if shown else None
    grade = f"，评价等级为“{sheet.grade.label}”" if shown and sheet.grade else ""
    yield Paragraph.of("还没有评价结论。" if total is None else f"综合得分{plain(total)}分{grade}。各指标得分见附表。")
    if marks:
        rows = tuple(
            (part.level1, plain(part.weight), _points(part.points, shown), _share(part.share, shown))
            for part in parts_of(marks)
        )
        columns = (Column("一级指标"), Column("分值", "right"), Column("得分", "right"), Column("得分率", "right"))
        whole = ("合计", plain(sum((mark.weight for mark in marks), Decimal(0))), _points(total, shown), "")
        yield Table(columns, rows, "一级指标得分", whole)
    if sheet.replied_at is not None:
        yield Paragraph.of(f"被评价单位反馈意见：{sheet.reply.strip() or '没有异议'}")
    elif sheet.reply_by is not None and sheet.state in (State.REVIEW, State.CONCLUDED):
        yield Paragraph.of(f"被评价单位在{day(sheet.reply_by)}前没有反馈意见。")


def _points(points: Decimal | None, shown: bool) -> str:
    return "—" if points is None or not shown else plain(points)


def _share(share: Decimal | None, shown: bool) -> str:
    return "—" if share is None or not shown else f"{plain(share)}%"


def _analysis(sheet: Evaluation, marks: list[Mark], shown: bool) -> Iterable[Block]:
    yield Heading(1, "绩效评价指标分析")
    yield from _told(sheet.analysis)
    for part in parts_of(marks) if shown else ():
        yield Heading(2, f"{part.level1}情况")
        for mark in part.marks:
            got = f"，得{plain(mark.points)}分" if mark.points is not None else ""
            calculation = f"计算：{mark.calculation.strip().rstrip('。')}。" if mark.calculation.strip() else ""
            objection = f"被评价单位异议：{mark.objection.strip().rstrip('。')}。" if mark.objection.strip() else ""
            settled = f"答复：{mark.settled.strip().rstrip('。')}。" if mark.settled.strip() else ""
            found = mark.found.strip().rstrip("。") or "没有说明"
            said = f"{mark.name}：分值{plain(mark.weight)}分{got}。{found}。{calculation}{objection}{settled}"
            yield Paragraph.of(said)


def _problems(sheet: Evaluation, shown: bool) -> Iterable[Block]:
    yield Heading(1, "主要经验及做法、存在的问题及原因分析")
    yield Heading(2, "主要经验及做法")
    yield from _told(sheet.experience)
    yield Heading(2, "存在的问题及原因分析")
    problems = list(sheet.problems.order_by("pk")) if shown else []
    for no, problem in enumerate(problems, 1):
        text = f"：{problem.text}" if problem.text and problem.text != problem.category else ""
        yield Paragraph.of(f"{no}.{problem.category}{text}")
    if not problems:
        yield Paragraph.of("没有登记问题。")


def _suggestions(sheet: Evaluation, shown: bool) -> Iterable[Block]:
    yield Heading(1, "有关建议")
    rows = list(sheet.suggestions.order_by("no")) if shown else []
    for row in rows:
        yield Paragraph.of(f"{row.no}.{row.text}")
    if not rows:
        yield Paragraph.of("没有登记建议。")


def _scores(sheet: Evaluation, marks: list[Mark], shown: bool) -> Table:
    """The score table: row by row what the page of the evaluation shows."""
    before = any(mark.before is not None for mark in marks)
    earlier = "专家平均" if sheet.panel_closed_at else "原得分"
    headers = ("一级指标", "二级指标", "三级指标", "分值", *((earlier,) if before else ()), "得分")
    total = None if any(m.points is None for m in marks) else sum((m.points or Decimal(0) for m in marks), Decimal(0))
    own = tuple(
        (
            mark.level1,
            mark.level2,
            mark.name,
            plain(mark.weight),
            *((_points(mark.before, shown),) if before else ()),
            _points(mark.points, shown),
        )
        for mark in marks
    )
    whole = plain(sum((mark.weight for mark in marks), Decimal(0)))
    last = ("合计", "", "", whole, *(("",) if before else ()), _points(total, shown))
    return Table(tuple(Column(h, "right" if n > 2 else "left") for n, h in enumerate(headers)), own, "", last)


def _panel(sheet: Evaluation, lines: list) -> Table:  # type: ignore[type-arg]
    names = [f"专家{n}" for n, _ in enumerate(members_of(sheet), 1)]
    headers = ("三级指标", "分值", *names, "平均分", "极差", "标准差")
    rows = tuple(
        (
            line.mark.name,
            plain(line.mark.weight),
            *(plain(points) for points in line.given),
            *(plain(x) for x in (line.spread.average, line.spread.width, line.spread.deviation)),
        )
        for line in lines
        if line.spread is not None
    )
    return Table(tuple(Column(h, "left" if n == 0 else "right") for n, h in enumerate(headers)), rows)


def notice(sheet: Evaluation, today: dt.date) -> Paper:
    """评价通知书 to the evaluated unit: what is evaluated, by whom, what to prepare. Raises Region.DoesNotExist."""
    region, subject = Region.objects.get(pk=sheet.region), sheet.subject_year
    policy = sheet.snapshot.policy()
    known = EvaluationProcedureRules.section in policy.settings
    days = policy.section(EvaluationProcedureRules).reply_days if known else 10
    told = sheet.procedure.filter(kind="notice").order_by("pk").first()
    by = evaluator(sheet)
    finance = sheet.method != EvaluationMethod.DEPARTMENT
    return Paper(
        title=f"关于开展{subject.name}{sheet.method.label}的通知",
        issuer=region.issuer if finance else subject.unit_name,
        date=told.on if told else sheet.opened_on or today,
        recipient=subject.unit_name,
        blocks=(
            Paragraph.of(
                f"根据《项目支出绩效评价管理办法》（财预〔2020〕10号），决定对你单位{subject.year}年度{subject.name}"
                f"（编码{subject.code}）开展{sheet.method.label}，编号{sheet.number}。现将有关事项通知如下。"
            ),
            Heading(1, "评价方式"),
            Paragraph.of(f"按{sheet.framework_name or '评价指标体系'}评价{f'，委托{by}实施' if by else ''}。"),
            Heading(1, "需要准备的资料"),
            Paragraph.of(
                "立项文件、绩效目标、预算批复、资金到位和支出凭证、管理制度、实施和验收资料、产出和效益的佐证材料。"
            ),
            Heading(1, "有关要求"),
            Paragraph.of(
                f"请指定专人配合，如实提供资料，并对其真实性、完整性负责。初步结论形成后，请在收到之日起{days}日内反馈意见，"
                "逾期没有反馈的视同没有异议。"
            ),
        ),
        banner=region.banner,
    )
