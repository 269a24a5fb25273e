"""年度预算绩效管理工作情况说明.

做什么：把一个地区一个工作年度的数字、文号、日期和名称写成一份公文。
进：数字目录（overview.catalogue）算出的每个数及其明细。
出：kit.paper.Paper，由 kit.docx、kit.pdf 和页面各自排版。
依据：五个县（区）公开的年度工作情况说明；GB/T 9704-2012。
谁：财政局绩效股起草，局领导签发。
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from jixiao.kit import figures
from jixiao.kit.figures import Answer, Scope
from jixiao.kit.models import AuditHead
from jixiao.kit.paper import Block, Heading, Paper, Paragraph
from jixiao.overview import catalogue
from jixiao.registers.organizations.models import Region

from .sections import OPENING, SECTIONS, Section
from .tables import attachments
from .wording import Material, Sentence
from .words import words

MAC_SHOWN = 16


def compose(scope: Scope, today: date, *, answers: Mapping[str, Answer] | None = None) -> Paper:
    """The report on the scope's work year, dated `today`; `answers` are computed here unless given.

    Depends on nothing else: the same rows and the same day give the same paper. Raises Region.DoesNotExist.
    """
    region = Region.objects.get(pk=scope.region)
    if answers is None:
        answers = figures.answers(catalogue.FIGURES, scope)
    material = Material(answers, words(region, scope, answers))
    return Paper(
        title=f"{region.name}{scope.year}年度预算绩效管理工作情况说明",
        issuer=region.issuer,
        date=today,
        blocks=(*_paragraph(OPENING, material), *(block for one in SECTIONS for block in _section(one, material))),
        attachments=attachments(answers, scope.year),
        banner=region.banner,
        footer_note=_imprint(scope.region, today),
    )


def _section(section: Section, material: Material, level: int = 1) -> Iterator[Block]:
    """The section with its heading, or nothing where it has no content."""
    own = [block for sentences in section.paragraphs for block in _paragraph(sentences, material)]
    parts = [part for part in (list(_section(part, material, level + 1)) for part in section.parts) if part]
    if own or parts:
        yield Heading(level, section.title)
        yield from own
        # A lone part needs no heading of its own.
        yield from (block for part in parts for block in (part[1:] if len(parts) == 1 else part))


def _paragraph(sentences: tuple[Sentence, ...], material: Material) -> tuple[Paragraph, ...]:
    spans = tuple(span for sentence in sentences for span in sentence.spans(material))
    return (Paragraph(spans),) if spans else ()


def _imprint(region: str, today: date) -> str:
    """Where the audit chain stood: a chain cut short afterwards no longer reaches this link."""
    head = AuditHead.objects.filter(pk=region).first()
    chain = f"；审计链 {head.seq}/{head.mac[:MAC_SHOWN]}" if head and head.seq else ""
    return f"数据截至 {today.year}年{today.month}月{today.day}日{chain}"
