"""The Word file: layout by GB/T 9704-2012, same paper same bytes, and no text ever becomes markup."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from docx import Document
from docx.document import Document as DocumentType
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.kit.papers import report

from jixiao.kit.docx import render
from jixiao.kit.paper import PageBreak, Paragraph

HOSTILE = "</w:t></w:r><w:fldSimple w:instr='DDEAUTO'/>&amp;{title}{{ 7*7 }}\\1"


def opened(**changes: object) -> DocumentType:
    return Document(io.BytesIO(render(report(**changes))))  # type: ignore[arg-type]


def paragraph(document: DocumentType, style: str) -> list[str]:
    return [p.text for p in document.paragraphs if p.style.name == style]


def test_the_type_area_is_156_by_225_millimetres():
    section = opened().sections[0]
    assert [round(getattr(section, f"{side}_margin").mm) for side in ("top", "left")] == [37, 28]
    width = section.page_width.mm - section.left_margin.mm - section.right_margin.mm
    height = section.page_height.mm - section.top_margin.mm - section.bottom_margin.mm
    assert (round(width), round(height)) == (156, 225)


def test_the_body_is_three_hao_fangsong_with_exact_lines_and_an_indent_of_two_characters():
    style = next(s for s in opened().styles if s.name == "公文正文").element
    assert style.find(".//" + qn("w:rFonts")).get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert style.find(".//" + qn("w:sz")).get(qn("w:val")) == "32"
    spacing = style.find(qn("w:pPr")).find(qn("w:spacing"))
    assert (spacing.get(qn("w:line")), spacing.get(qn("w:lineRule"))) == ("579", "exact")
    assert style.find(".//" + qn("w:ind")).get(qn("w:firstLineChars")) == "200"


def test_levels_are_set_in_their_faces_and_numbered():
    document = opened()
    faces = {
        s.name: s.element.find(".//" + qn("w:rFonts")).get(qn("w:eastAsia"))
        for s in document.styles
        if s.name.endswith("级标题")
    }
    assert faces["公文一级标题"] == "黑体"
    assert faces["公文二级标题"] == "楷体_GB2312"
    assert paragraph(document, "公文一级标题") == ["一、绩效目标管理", "二、绩效运行监控"]
    assert paragraph(document, "公文二级标题") == ["（一）目标编审", "（二）目标批复"]


def test_a_red_line_stands_under_the_number():
    number = next(p for p in opened().paragraphs if p.style.name == "发文字号")
    assert number.text == "西财绩〔2022〕132号"
    assert number._element.find(".//" + qn("w:bottom")).get(qn("w:color")) == "D60000"


def test_a_paper_without_number_has_no_red_line():
    assert b"D60000" not in zipfile.ZipFile(io.BytesIO(render(report(number=None)))).read("word/document.xml")


def test_odd_page_numbers_stand_right_and_even_ones_left():
    document = opened()
    section = document.sections[0]
    assert document.settings.odd_and_even_pages_header_footer
    assert section.footer.paragraphs[0].style.name == "单页页码"
    assert section.even_page_footer.paragraphs[0].style.name == "双页页码"
    assert " PAGE " in etree.tostring(section.footer._element).decode()


def test_the_demo_notice_stands_on_odd_and_even_pages():
    section = opened().sections[0]
    assert [h.paragraphs[0].text for h in (section.header, section.even_page_header)] == ["演示数据", "演示数据"]


def test_the_table_header_repeats_and_rows_do_not_break():
    document = opened(rows=300)
    table = document.tables[0]._tbl
    assert len(table.tr_lst) == 302
    assert [row.find(".//" + qn("w:tblHeader")) is not None for row in table.tr_lst[:3]] == [True, False, False]
    assert all(row.find(".//" + qn("w:cantSplit")) is not None for row in table.tr_lst)


def test_a_unit_in_the_header_stands_on_its_own_line():
    assert opened().tables[0].rows[0].cells[3].text == "预算数\n（万元）"


def test_attachments_are_listed_and_printed_on_their_own_page():
    document = opened()
    assert paragraph(document, "附件说明") == ["附件：1.重点评价情况表", "2.问题清单"]
    assert paragraph(document, "附件标识") == ["附件1"]


def test_signature_and_date_come_last_in_the_text():
    assert paragraph(opened(), "署名与日期") == ["西峡县财政局", "2022年12月31日"]


def test_masthead_and_approval_box_stand_above_the_title():
    document = opened(masthead="工作动态", approval_box=True)
    assert paragraph(document, "发文机关标志") == ["工作动态"]
    assert document.tables[0].cell(0, 0).text == "领导批示："


def test_a_page_break_is_a_break_and_a_flush_paragraph_has_no_indent():
    document = opened(blocks=(PageBreak(), Paragraph(("顶格",), indent=False)))
    assert "顶格" in paragraph(document, "公文顶格")
    assert 'w:br w:type="page"' in etree.tostring(document.element).decode()


def test_the_same_paper_gives_the_same_bytes():
    assert render(report()) == render(report())


def test_dates_inside_the_file_are_those_of_the_paper():
    properties = opened().core_properties
    assert (properties.created.year, properties.modified.day, properties.author) == (2022, 31, "西峡县财政局")


def test_hostile_text_stays_text_everywhere():
    document = opened(rows=2, remark=HOSTILE)
    assert document.core_properties.title.endswith(HOSTILE)
    assert HOSTILE in document.sections[0].header.paragraphs[0].text
    assert paragraph(document, "公文标题")[0].endswith(HOSTILE)
    assert document.tables[0].cell(1, 1).text == f"农村道路{HOSTILE}"
    assert b"DDEAUTO'/>" not in zipfile.ZipFile(io.BytesIO(render(report(remark=HOSTILE)))).read("word/document.xml")


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=40))
def test_whatever_is_typed_the_file_opens(remark: str):
    assert opened(rows=1, remark=remark).tables


def test_nothing_points_outside_the_file():
    with zipfile.ZipFile(io.BytesIO(render(report()))) as archive:
        names = set(archive.namelist())
        links = b"".join(archive.read(name) for name in names if name.endswith(".rels"))
    assert b"External" not in links
    assert not [name for name in names if re.search(r"thumbnail|customXml|macro|vba", name)]


@pytest.mark.parametrize("name", ["word/document.xml", "word/styles.xml", "word/fontTable.xml", "docProps/core.xml"])
def test_every_part_is_well_formed(name: str):
    with zipfile.ZipFile(io.BytesIO(render(report(remark="<&>")))) as archive:
        assert etree.fromstring(archive.read(name)) is not None
