"""The empty Word file of a 公文: page, styles, headers and footers of GB/T 9704-2012, made once with python-docx.

The names in braces are filled by docx.py. The faces are 仿宋_GB2312, 楷体_GB2312, 黑体 and 方正小标宋_GBK; the font
table names a substitute for each, so that Word and WPS use 仿宋, 楷体 and 宋体 where those are not installed.
"""

from __future__ import annotations

import datetime
import io
import zipfile
from dataclasses import dataclass
from functools import cache

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import _Footer, _Header
from docx.shared import Mm

FANGSONG, KAITI, HEITI, SONGTI, XIAOBIAOSONG = "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体", "方正小标宋_GBK"
SUBSTITUTES = {FANGSONG: "仿宋", KAITI: "楷体", HEITI: "SimHei", SONGTI: "SimSun", XIAOBIAOSONG: "方正小标宋简体"}
WESTERN = "Times New Roman"
LINE = 579  # 28.95 pt, in twentieths of a point: 22 lines to 225 mm
EM = 315  # one character of 28 to 156 mm, in twentieths of a point
TIGHTEN = -5  # three-hao is 16 pt, a 28th of the line 15.79 pt
INDENT = '<w:ind w:firstLineChars="200" w:firstLine="630"/>'
EXACT = f'<w:spacing w:before="0" w:after="0" w:line="{LINE}" w:lineRule="exact"/>'
CREATED = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style: its face, size in half points, and its paragraph properties as WordprocessingML."""

    name: str
    face: str = FANGSONG
    size: int = 32
    paragraph: str = ""
    run: str = ""


def _outline(level: int) -> str:
    return f'<w:keepNext/>{EXACT}{INDENT}<w:outlineLvl w:val="{level}"/>'


SMALL = '<w:spacing w:before="20" w:after="20" w:line="240" w:lineRule="auto"/>'
WIDE_LINE = '<w:spacing w:before="0" w:after="0" w:line="640" w:lineRule="exact"/>'
RULES = "".join(f'<w:{side} w:val="single" w:sz="8" w:space="3" w:color="000000"/>' for side in ("top", "bottom"))
STYLES = {
    "body": Style("公文正文", paragraph=EXACT + INDENT),
    "flush": Style("公文顶格", paragraph=EXACT),
    "title": Style("公文标题", XIAOBIAOSONG, 44, f'<w:keepNext/>{WIDE_LINE}<w:jc w:val="center"/>'),
    "masthead": Style(
        "发文机关标志",
        XIAOBIAOSONG,
        72,
        '<w:spacing w:before="1984" w:after="0"/><w:jc w:val="center"/>',
        '<w:color w:val="D60000"/><w:spacing w:val="80"/>',
    ),
    "number": Style("发文字号", paragraph=f'{EXACT}<w:jc w:val="center"/>'),
    "h1": Style("公文一级标题", HEITI, paragraph=_outline(0)),
    "h2": Style("公文二级标题", KAITI, paragraph=_outline(1)),
    "h3": Style("公文三级标题", paragraph=_outline(2)),
    "h4": Style("公文四级标题", paragraph=_outline(3)),
    "note": Style("附件说明", paragraph=EXACT),
    "signature": Style("署名与日期", paragraph=f'<w:keepNext/>{EXACT}<w:jc w:val="right"/>'),
    "enclosure": Style("附件标识", HEITI, paragraph=f"<w:pageBreakBefore/>{EXACT}"),
    "caption": Style("表题", HEITI, 24, '<w:keepNext/><w:spacing w:before="120" w:after="80"/><w:jc w:val="center"/>'),
    "cell": Style("表格文字", size=24, paragraph=SMALL, run='<w:spacing w:val="0"/>'),
    "cell_small": Style("表格小字", size=21, paragraph=SMALL, run='<w:spacing w:val="0"/>'),
    "imprint": Style(
        "版记", SONGTI, 18, f'<w:pBdr>{RULES}</w:pBdr><w:spacing w:before="360" w:after="0"/>', '<w:spacing w:val="0"/>'
    ),
    "banner": Style("页眉提示", size=21, paragraph='<w:jc w:val="center"/>', run='<w:color w:val="555555"/>'),
    "page_odd": Style("单页页码", SONGTI, 28, '<w:ind w:rightChars="100" w:right="280"/><w:jc w:val="right"/>'),
    "page_even": Style("双页页码", SONGTI, 28, '<w:ind w:leftChars="100" w:left="280"/><w:jc w:val="left"/>'),
}
WESTERN_TOO = (SONGTI,)


@cache
def parts() -> dict[str, bytes]:
    """The files inside the empty Word file, by name."""
    document = Document()
    _strip(document)
    _normal(document)
    for key, style in STYLES.items():
        _add(document, key, style)
    _page(document)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = "{title}", "{issuer}", ""
    properties.last_modified_by, properties.keywords, properties.revision = "{issuer}", "", 1
    properties.created = properties.modified = CREATED
    buffer = io.BytesIO()
    document.save(buffer)
    with zipfile.ZipFile(buffer) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _strip(document: DocumentType) -> None:
    """Drop what the stock template brings along: its picture, its data stores and the styles nobody asked for."""
    for holder in (document.part.package, document.part):
        for key, relation in list(holder.rels.items()):
            if relation.reltype.endswith(("/thumbnail", "/customXml", "/numbering", "/stylesWithEffects")):
                del holder.rels[key]
    kept = {"Normal", "Default Paragraph Font", "Normal Table", "No List"}
    for style in list(document.styles):
        if style.name not in kept:
            style.delete()
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in SUBSTITUTES.items()
    )
    table = next(part for part in document.part.package.parts if part.partname.endswith("/fontTable.xml"))
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    table._blob = f"{head}<w:fonts {nsdecls('w')}>{fonts}</w:fonts>".encode()


def _faces(face: str) -> str:
    western = face if face in WESTERN_TOO else WESTERN
    return f'<w:rFonts w:ascii="{western}" w:hAnsi="{western}" w:eastAsia="{face}" w:cs="{WESTERN}"/>'


def _normal(document: DocumentType) -> None:
    """The base of all styles: no theme faces, no snapping to a grid, no gaps between hanzi and digits."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    defaults.getparent().replace(
        defaults,
        parse_xml(
            f"<w:docDefaults {nsdecls('w')}><w:rPrDefault><w:rPr>{_faces(FANGSONG)}<w:spacing w:val='{TIGHTEN}'/>"
            '<w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
            "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        ),
    )
    element = document.styles["Normal"].element
    for old in element.findall(qn("w:rPr")) + element.findall(qn("w:pPr")):
        element.remove(old)
    element.append(
        parse_xml(
            f'<w:pPr {nsdecls("w")}><w:widowControl w:val="0"/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>'
            '<w:snapToGrid w:val="0"/><w:jc w:val="both"/></w:pPr>'
        )
    )


def _add(document: DocumentType, key: str, style: Style) -> None:
    added = document.styles.add_style(style.name, WD_STYLE_TYPE.PARAGRAPH)
    added.base_style = document.styles["Normal"]
    element = added.element
    element.set(qn("w:styleId"), key)
    sizes = f'<w:sz w:val="{style.size}"/><w:szCs w:val="{style.size}"/>'
    element.append(parse_xml(f"<w:pPr {nsdecls('w')}>{style.paragraph}</w:pPr>"))
    element.append(parse_xml(f"<w:rPr {nsdecls('w')}>{_faces(style.face)}{style.run}{sizes}</w:rPr>"))


def _page(document: DocumentType) -> None:
    """A4, 天头 37 mm, 订口 28 mm, 版心 156 × 225 mm; page number 7 mm under it, outside, with different even pages."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(24), Mm(22)
    document.settings.odd_and_even_pages_header_footer = True
    for header in (section.header, section.even_page_header):
        _write(header, "banner", "<w:r><w:t>{banner}</w:t></w:r>")
    field = (
        '<w:r><w:t xml:space="preserve">— </w:t></w:r>'
        '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        '<w:r><w:t xml:space="preserve"> —</w:t></w:r>'
    )
    _write(section.footer, "page_odd", field)
    _write(section.even_page_footer, "page_even", field)


def _write(place: _Header | _Footer, style: str, runs: str) -> None:
    place.is_linked_to_previous = False
    old = place.paragraphs[0]._element
    new = parse_xml(f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{runs}</w:p>')
    old.getparent().replace(old, new)
