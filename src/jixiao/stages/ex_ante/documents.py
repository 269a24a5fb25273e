"""事前绩效评估报告 as a 公文, by the outline 对象—工作—结论—建议—其他. Every number is taken from the rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from jixiao.domain.actors import Actor
from jixiao.domain.quantities import format_amount, plain
from jixiao.domain.vocabulary import Verdict
from jixiao.kit.paper import Attachment, Block, Column, Heading, Paper, Paragraph, Table
from jixiao.kit.web.filters import day
from jixiao.registers.organizations.models import Region, UnitYear

from .marks import cut
from .models import Assessment, Assessor, PointLine
from .reports.sheets import dimension_rows, material_rows, named, proposal, review_of, shows_names
from .rules import ExAnteRules, conclusion

UNTOLD = "（没有填写）"


def report(sheet: Assessment, actor: Actor, today: dt.date) -> Paper:
    """The report of one assessment as the actor may see it, dated by its conclusion. Raises Region.DoesNotExist."""
    region = Region.objects.get(pk=sheet.region)
    subject, lines = sheet.subject_year, sheet.point_lines() if sheet.framework else []
    draft = "" if sheet.concluded_on or sheet.because else "（未审定）"
    attachments = [Attachment("评分明细表", (_marks(sheet, lines),))] if lines else []
    if sheet.framework:
        attachments.append(Attachment("评估材料清单", (_materials(sheet),)))
    return Paper(
        title=f"{subject.name}事前绩效评估报告{draft}",
        issuer=region.issuer if sheet.assessor is Assessor.FINANCE else subject.unit_name,
        date=sheet.concluded_on or today,
        blocks=(
            *_object(sheet),
            *_work(sheet, actor),
            *_results(sheet),
            Heading(1, "相关建议"),
            *_told(sheet.suggestions),
            Heading(1, "其他需要说明的事项"),
            *_told(sheet.remarks or "无。"),
        ),
        attachments=tuple(attachments),
        banner=region.banner,
    )


def _told(text: str) -> Iterable[Block]:
    """The paragraphs as they were written."""
    parts = [part.strip() for part in text.splitlines() if part.strip()]
    return [Paragraph.of(part) for part in parts] or [Paragraph.of(UNTOLD)]


def _object(sheet: Assessment) -> Iterable[Block]:
    subject = sheet.subject_year
    yield Heading(1, "评估对象")
    yield Heading(2, "基本情况")
    say = subject.money.say
    last = say(f"上年预算{format_amount(subject.last_year)}万元，") if subject.last_year else ""
    asked = f"，申报{format_amount(sheet.asked)}万元" if sheet.asked is not None else ""
    due = f"触发评估的原因：{sheet.trigger.rstrip('。')}。" if sheet.trigger else ""
    yield Paragraph.of(
        f"{subject.name}（编码{subject.code}）属于{subject.kind.label}，由{subject.unit_name}申报{_above(sheet)}。"
        f"{last}{say(f'{subject.year}年预算')}{format_amount(subject.budget)}万元{asked}。{due}"
    )
    for title, text in (
        ("背景和内容", sheet.background),
        ("绩效目标", sheet.goal or subject.goal),
        ("资金构成", sheet.funding),
    ):
        yield Heading(2, title)
        yield from _told(text)


def _above(sheet: Assessment) -> str:
    """The 主管部门 of a unit that is not its own, and who organised the assessment."""
    subject = sheet.subject_year
    first, _, below = subject.unit_path.partition("/")
    found = UnitYear.objects.filter(region=subject.region, year=subject.year, path=f"{first}/") if below else None
    department = found.values_list("name", flat=True).first() if found is not None else ""
    named = f"，主管部门为{department}" if department else ""
    return f"{named}，由{sheet.assessor.aliases[0]}组织评估"


def _work(sheet: Assessment, actor: Actor) -> Iterable[Block]:
    yield Heading(1, "评估工作")
    yield from _told(sheet.method)
    experts = list(sheet.experts.order_by("id"))
    if not experts:
        return
    yield Paragraph.of(f"共{len(experts)}位专家按评分指标体系独立打分，每个要点取平均分。")
    if shows_names(actor, sheet):
        columns = (Column("姓名"), Column("工作单位"), Column("职称或职务"))
        yield Table(columns, tuple((e.name, e.organisation, e.title) for e in experts), "评估专家")


def _results(sheet: Assessment) -> Iterable[Block]:
    rules = sheet.snapshot.policy().section(ExAnteRules)
    yield Heading(1, "综合评估情况与结论")
    rows = [(row["name"], row["full"], row["points"]) for row in dimension_rows(sheet, rules)]
    full = sum(rules.dimensions.values())
    yield Table(
        (Column("评估维度"), Column("满分", "right"), Column("得分", "right")),
        tuple((str(name), _points(most), _points(points)) for name, most, points in rows),
        "五个维度的得分",
        ("合计", plain(full), _points(sheet.total)),
    )
    yield _concluded(sheet, rules)
    yield from _amounts(sheet)


def _concluded(sheet: Assessment, rules: ExAnteRules) -> Paragraph:
    if not sheet.conclusion:
        return Paragraph.of("还没有结论。")
    label = Verdict(sheet.conclusion).label
    if sheet.because:
        return Paragraph.of(f"总体结论：{label}。{sheet.because.rstrip('。')}。")
    if sheet.total is None:
        return Paragraph.of(f"总体结论：{label}。")
    return Paragraph.of(f"总体结论：{label}。{proposal(sheet.total, conclusion(sheet.total, rules), rules)}")


def _amounts(sheet: Assessment) -> Iterable[Block]:
    """申报、建议、核减 and what 财政评审 said, side by side."""
    if sheet.asked is None:
        return
    review = review_of(sheet)
    columns = tuple(Column(f"{name}（万元）", "right") for name in ("申报金额", "建议金额", "核减额", "评审金额"))
    reviewed = review.fen if review else None
    fens = (sheet.asked, sheet.advised, cut(sheet.asked, sheet.advised), reviewed)
    yield Table(columns, (tuple("—" if fen is None else format_amount(fen) for fen in fens),), "申报、评估和评审金额")
    if review:
        sent = f"{day(review.sent_on)}以{review.sent_no}送财政评审"
        back = f"，{day(review.returned_on)}以{review.returned_no}返回" if review.returned_on else "，尚未返回"
        remark = f"评审说明：{review.remark.rstrip('。')}。" if review.remark else ""
        yield Paragraph.of(f"{sent}{back}。{remark}")


def _points(points: object) -> str:
    return "—" if points is None else plain(points)  # type: ignore[arg-type]


def _marks(sheet: Assessment, lines: list[PointLine]) -> Table:
    headers = ("评估维度", "二级指标", "评估要点", "满分", "平均分", "极差", "标准差")
    return Table(
        tuple(Column(name, "right" if n > 2 else "left") for n, name in enumerate(headers)),
        tuple(
            (
                named(line.item.dimension, sheet),
                line.item.level2,
                line.item.name,
                plain(line.item.full),
                *(_points(x) for x in _figures(line)),
            )
            for line in lines
        ),
        "",
        ("合计", "", "", plain(sum(line.item.full for line in lines)), _points(sheet.total), "", ""),
    )


def _figures(line: PointLine) -> tuple[object, object, object]:
    found = line.spread
    return (found.average, found.width, found.deviation) if found else (None, None, None)


def _materials(sheet: Assessment) -> Table:
    rows = material_rows(sheet)
    return Table(
        (Column("序号", "center"), Column("材料"), Column("必需", "center"), Column("份数", "right")),
        tuple(
            (str(n), row["name"], "是" if row["needed"] else "否", str(row["files"])) for n, row in enumerate(rows, 1)
        ),
    )
