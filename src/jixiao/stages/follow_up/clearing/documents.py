"""存量资金清理情况报告: one run as a 公文. Every number is counted from the rows that the run's page shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jixiao.domain.actors import Actor
from jixiao.domain.quantities import format_amount
from jixiao.kit.paper import Block, Column, Heading, Paper, Paragraph, Table
from jixiao.kit.web.filters import day
from jixiao.registers.organizations.models import Region

from .models import Candidate, ClearingRun
from .reports.finding import citing
from .reports.totals import Total, by_stock, whole
from .rules import Measure, Stock, criteria, rules_in
from .workflow import State

MONEY = "（万元）"


@dataclass(frozen=True)
class Material:
    """What the report is written from: the reader's candidates of the run."""

    run: ClearingRun
    candidates: list[Candidate]
    totals: dict[Stock, Total]

    @property
    def total(self) -> Total:
        return whole(self.totals.values())

    def decided(self, measure: Measure) -> list[Candidate]:
        return [one for one in self.candidates if one.state == State.DECIDED and one.measure is measure]


def material_of(run: ClearingRun, actor: Actor) -> Material:
    """Everything the report on a run needs, as the actor may see it."""
    mine = Candidate.objects.visible_to(actor).filter(run=run)
    rows = mine.select_related("subject_year").order_by("-idle", "subject_year__code")
    return Material(run, list(rows), by_stock(mine))


def report(run: ClearingRun, actor: Actor, today: dt.date) -> Paper:
    """What a run found and what became of it. Depends on its rows and the day alone. Raises Region.DoesNotExist."""
    region, material = Region.objects.get(pk=run.region), material_of(run, actor)
    return Paper(
        title=f"{region.name}{run.title}情况报告",
        issuer=region.issuer,
        date=today,
        blocks=(*_overview(material), *_criteria(run), *_handling(material), *_lists(material)),
        banner=region.banner,
    )


def _overview(material: Material) -> Iterable[Block]:
    run, total = material.run, material.total
    yield Heading(1, "总体情况")
    found = f"截至{day(run.cutoff)}，共检查项目{run.examined}个，列入清理{total.count}个"
    if not total.count:
        yield Paragraph.of(f"{found}。")
        return
    classes = "，".join(
        f"{stock.label}{one.count}个、{format_amount(one.idle)}万元" for stock, one in material.totals.items()
    )
    yield Paragraph.of(f"{found}，闲置资金{format_amount(total.idle)}万元。其中：{classes}。")
    yield _by_stock(material)


def _by_stock(material: Material) -> Table:
    def row(label: str, one: Total) -> tuple[str, ...]:
        sums = (one.idle, one.recovered, one.reduced, one.kept, one.waiting)
        return (label, str(one.count), *map(format_amount, sums))

    return Table(
        (
            Column("类别"),
            Column("项目", "right"),
            *(Column(f"{name}{MONEY}", "right") for name in ("闲置", "收回", "调减", "保留", "未处理")),
        ),
        tuple(row(stock.label, one) for stock, one in material.totals.items()),
        "分类别清理情况",
        row("合计", material.total),
    )


def _criteria(run: ClearingRun) -> Iterable[Block]:
    policy = run.snapshot.policy()
    rules = rules_in(policy)
    if rules is None:
        return
    yield Heading(1, "清理标准")
    asked = list(criteria(rules, citing(policy)))
    for stock in Stock:
        if words := [sentence for of, sentence in asked if of is stock]:
            yield Paragraph.of(f"{stock.label}：{'；'.join(words)}。")
    yield Paragraph.of("同时符合几类的，计入前一类，理由全部列出。")


def _handling(material: Material) -> Iterable[Block]:
    yield Heading(1, "处理情况")
    total = material.total
    if not total.count:
        yield Paragraph.of("本次没有要处理的项目。")
        return
    taken = "，".join(
        f"{measure.label}{len(mine)}个、{format_amount(sum(one.fen or 0 for one in mine))}万元"
        for measure in (Measure.RECOVER, Measure.REDUCE)
        if (mine := material.decided(measure))
    )
    kept = (
        f"保留{len(material.decided(Measure.KEEP))}个，连同未全部收回、调减的，留给项目{format_amount(total.kept)}万元"
    )
    yield Paragraph.of(f"已处理{total.decided}个：{f'{taken}；' if taken else ''}{kept}。")
    if total.count > total.decided:
        yield Paragraph.of(f"尚未处理{total.count - total.decided}个、{format_amount(total.waiting)}万元。")
    replied = sum(bool(one.view) for one in material.candidates)
    yield Paragraph.of(f"单位已说明情况的{replied}个，没有说明的{total.count - replied}个。")


def _lists(material: Material) -> Iterable[Block]:
    for stock, total in material.totals.items():
        yield Heading(1, f"{stock.label}资金清单")
        mine = [one for one in material.candidates if one.stock is stock]
        yield _list(stock, total, mine)


def _list(stock: Stock, total: Total, mine: Sequence[Candidate]) -> Table:
    sums = (sum(one.budget for one in mine), sum(one.spent for one in mine), total.idle)
    taken = total.recovered + total.reduced
    return Table(
        (
            Column("项目", share=0.2),
            Column("单位", share=0.15),
            *(Column(f"{name}{MONEY}", "right") for name in ("预算", "支出", "闲置")),
            Column("处理"),
            Column(f"金额{MONEY}", "right"),
            Column("文号", share=0.14),
        ),
        tuple(
            (
                one.subject_year.name,
                one.subject_year.unit_name,
                *map(format_amount, (one.budget, one.spent, one.idle)),
                one.measure.label if one.measure else one.state.label,
                format_amount(one.fen) if one.fen else "—",
                one.doc_no or "—",
            )
            for one in mine
        ),
        f"{stock.label}资金项目",
        ("合计", "", *map(format_amount, sums), "", format_amount(taken), ""),
    )
