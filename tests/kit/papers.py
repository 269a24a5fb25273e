"""A paper as the annual report makes one, for the tests of the kit."""

from __future__ import annotations

import datetime

from jixiao.kit.paper import Attachment, Column, Heading, Number, Paper, Paragraph, Table


def report(rows: int = 30, remark: str = "", **changes: object) -> Paper:
    """Three chapters, a table of `rows` rows, two attachments; `remark` goes wherever a user may write."""
    projects = Table(
        (Column("序号", "center"), Column("项目名称"), Column("项目代码"), Column("预算数（万元）", "right")),
        tuple((f"{n}", f"农村道路{remark}", f"51092324T{n:012d}", Number(f"{n}.5", f"row.{n}")) for n in range(rows)),
        caption=f"表1 监控情况{remark}",
        total=("", "合计", "", Number("98,765.4", "monitoring.amount")),
    )
    blocks = (
        Paragraph.of("依据中发〔2018〕34号文件，现将有关情况说明如下。", remark),
        Heading(1, f"绩效目标管理{remark}"),
        Heading(2, "目标编审"),
        Paragraph.of("编报目标的项目", Number("510", "targets.count"), "个。"),
        Heading(2, "目标批复"),
        Heading(1, "绩效运行监控"),
        Paragraph.of("截至8月20日，支出进度", Number("53.51%", "monitoring.rate"), "。"),
        projects,
    )
    fields: dict[str, object] = {
        "title": f"西峡县2022年度预算绩效管理工作情况说明{remark}",
        "issuer": f"西峡县财政局{remark}",
        "date": datetime.date(2022, 12, 31),
        "number": "西财绩〔2022〕132号",
        "recipient": f"县人民政府{remark}",
        "banner": f"演示数据{remark}",
        "footer_note": f"审计链首：{'0123456789abcdef' * 4}{remark}",
        "blocks": blocks,
        "attachments": (Attachment(f"重点评价情况表{remark}", (Paragraph.of("附件正文。"),)), Attachment("问题清单。")),
    }
    return Paper(**(fields | changes))  # type: ignore[arg-type]
