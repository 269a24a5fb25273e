"""整改通知书 as a 公文, with the 回执 that the unit sends back."""

from __future__ import annotations

from jixiao.domain.quantities import format_amount
from jixiao.kit.paper import Attachment, Block, Column, Heading, Paper, Paragraph, Table
from jixiao.kit.web.filters import day
from jixiao.registers.organizations.models import Region

from .models import Notice, Rectification


def paper(notice: Notice) -> Paper:
    """The notice with its items numbered one by one. Depends on its rows alone. Raises Region.DoesNotExist."""
    region = Region.objects.get(pk=notice.region)
    items = list(notice.items.select_related("subject_year", "reading_sheet").order_by("pk"))
    return Paper(
        title="预算绩效管理整改通知书",
        issuer=region.issuer,
        date=notice.issued_on,
        number=notice.number,
        recipient=notice.unit_name,
        blocks=(*_opening(notice), *(block for item in items for block in _item(item)), *_demands(notice)),
        attachments=(Attachment("整改情况回执", (_receipt(items),)),),
        banner=region.banner,
    )


def _opening(notice: Notice) -> tuple[Block, ...]:
    held = notice.round
    found = f"{held.year}年第{held.no}轮绩效运行监控（截至{day(held.cutoff)}）" if held else "绩效评价"
    basis = f"依据{notice.basis.rstrip('。')}，" if notice.basis else ""
    return (Paragraph.of(f"{basis}现将{found}发现你单位的问题通知如下，请认真整改。"),)


def _item(item: Rectification) -> tuple[Block, ...]:
    sheet = item.reading_sheet
    money = f"全年预算{format_amount(sheet.budget)}万元。" if sheet else ""
    return (
        Heading(1, item.subject_year.name),
        Paragraph.of(f"发现的问题：{money}{item.finding.rstrip('。')}。"),
        Paragraph.of(f"整改要求：{item.requirement.rstrip('。')}。"),
    )


def _demands(notice: Notice) -> tuple[Block, ...]:
    materials = f"报送材料：{notice.materials.rstrip('。')}。" if notice.materials else ""
    contact = f"联系人：{notice.contact.rstrip('。')}。" if notice.contact else ""
    return (
        Heading(1, "时限和报送"),
        Paragraph.of(f"请于{day(notice.due_on)}前完成整改，填写所附回执并附佐证材料报送我局。{materials}{contact}"),
    )


def _receipt(items: list[Rectification]) -> Table:
    """回执: an answer for each item, empty where nothing was said yet."""
    headers = ("序号", "项目", "整改要求", "整改措施", "完成时间", "责任人")
    return Table(
        tuple(Column(header, "center" if header in ("序号", "完成时间") else "left") for header in headers),
        tuple(
            (
                str(place),
                item.subject_year.name,
                item.requirement,
                item.measures,
                day(item.done_on) if item.done_on else "",
                item.responsible,
            )
            for place, item in enumerate(items, 1)
        ),
    )
