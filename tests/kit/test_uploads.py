"""Hostile and damaged uploads: a Chinese message with a remedy, never an exception, never a hang."""

import os
import random
import struct
import zipfile
from io import BytesIO

import pytest
import xlsxwriter

from jixiao.kit import sheets, uploads
from jixiao.kit.sheets import in_child, open_sheets
from jixiao.kit.tables import Column, Table, read
from jixiao.kit.uploads import UploadRefused, guard
from jixiao.kit.xlsx import write

TABLE = Table("t", "项目表", (Column("code", "项目编码", "code"), Column("budget", "年初预算", "amount")))
GOOD = write(TABLE, [{"code": f"00{n}", "budget": n * 1_000_000} for n in range(40)])


def repacked(changes=None, source=GOOD):
    """The workbook with parts replaced (bytes), added, or dropped (None)."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(source)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        parts = {name: old.read(name) for name in old.namelist()} | (changes or {})
        for name, content in parts.items():
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


def sheet_xml():
    with zipfile.ZipFile(BytesIO(GOOD)) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


def refusal(source, filename="a.xlsx"):
    with pytest.raises(UploadRefused) as refused:
        open_sheets(source, filename)
    message = str(refused.value)
    assert "请" in message
    return message


def test_an_ordinary_workbook_passes():
    assert guard(GOOD, "表.XLSX") == "xlsx"
    assert len(read(repacked(), "a.xlsx", TABLE).rows) == 40


@pytest.mark.parametrize(
    ("source", "filename", "said"),
    [
        (b"", "a.xlsx", "空"),
        (GOOD, "a.xls", "旧版"),
        (GOOD, "a.xlsm", "宏"),
        (GOOD, "a.ods", "ODS"),
        (GOOD, "a", "只接受"),
        (GOOD, "a.csv", "扩展名"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.xlsx", "旧版"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "密码"),
        (b"\xef\xbb\xbf\n<HTML><table>", "a.xlsx", "网页"),
        (b"<table><tr><td>1", "a.csv", "网页"),
        ("项目编码,年初预算\n1,2".encode(), "a.xlsx", "不是 Excel"),
        (b"a,b\n\x00\x00,1\n", "a.csv", "空字符"),
        (b'a,b\n"' + b"x" * 200_000, "a.csv", "引号"),
        (b"\x81" * 11, "a.csv", "编码"),
        (GOOD[: len(GOOD) // 2], "a.xlsx", "损坏"),
        (GOOD + b"more", "a.xlsx", "损坏"),
    ],
)
def test_what_is_no_table_is_refused_with_a_remedy(source, filename, said):
    assert said in refusal(source, filename)


def test_macros_are_refused():
    assert "宏" in refusal(repacked({"xl/vbaProject.bin": b"\x00"}))


def test_an_archive_that_is_no_workbook_is_refused():
    assert "不是 Excel" in refusal(repacked({"xl/workbook.xml": None}))


def worked() -> float:
    """Seconds that this program and the readers it started have computed: a busy machine takes none."""
    return sum(os.times()[:4])


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    began = worked()
    assert "过大" in refusal(repacked({"xl/media/image1.png": bytes(uploads.MOST_IN_ONE + 1)}))
    assert "过大" in refusal(repacked({f"xl/media/{n}.png": bytes(50 * 2**20) for n in range(3)}))
    assert worked() - began < 10


def test_a_directory_that_lies_about_sizes_is_refused():
    source = bytearray(repacked({"xl/worksheets/sheet1.xml": sheet_xml() + b" " * 5_000_000}))
    entry = source.rindex(b"PK\x01\x02", 0, source.rindex(b"xl/worksheets/sheet1.xml"))
    source[entry + 24 : entry + 28] = struct.pack("<I", 1000)
    assert "损坏" in refusal(bytes(source))


def test_too_many_parts_are_refused():
    assert "部件" in refusal(repacked({f"xl/media/{n}": b"" for n in range(uploads.MOST_ENTRIES)}))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_external_entities_and_dtds_are_refused(encoding):
    prolog = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    xml = prolog + sheet_xml().decode().split("?>", 1)[1]
    refusal(repacked({"xl/worksheets/sheet1.xml": xml.encode(encoding)}))


def test_a_dtd_across_two_chunks_is_seen():
    filling = b"<?xml version='1.0'?>" + b" " * (2**20 - 21 - 4) + b"<!DOCTYPE x>"
    assert "DTD" in refusal(repacked({"xl/worksheets/sheet1.xml": filling + sheet_xml()}))


def test_a_password_on_a_part_is_refused():
    source = bytearray(GOOD)
    source[source.index(b"PK\x01\x02") + 8] |= 1
    assert "密码" in refusal(bytes(source))


def test_a_template_formatted_down_to_row_300000_is_read_in_seconds():
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    sheet, look = book.add_worksheet("项目表"), book.add_format({"bg_color": "yellow"})
    sheet.write_row(0, 0, ["项目编码", "年初预算"])
    sheet.write_row(1, 0, ["01", 2])
    for row in range(2, 300_000):
        sheet.write_blank(row, 0, None, look)
    book.close()
    began = worked()
    reading = read(out.getvalue(), "a.xlsx", TABLE)
    assert (len(reading.rows), reading.problems) == (1, [])
    assert worked() - began < 10


def test_two_cells_in_opposite_corners_do_not_exhaust_memory():
    rows = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    start, end = sheet_xml().split(b"<sheetData>")[0], sheet_xml().split(b"</sheetData>")[1]
    source = repacked({"xl/worksheets/sheet1.xml": start + b"<sheetData>" + rows + b"</sheetData>" + end})
    refusal(source)


def test_one_long_text_in_many_cells_is_refused(monkeypatch):
    monkeypatch.setattr(sheets, "READING_SECONDS", 600)
    out = BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("项目表")
    for row in range(8_000):
        sheet.write_string(row, 0, "长" * 32_000)
    book.close()
    assert "过多" in refusal(out.getvalue())


def test_a_reader_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(sheets, "READING_SECONDS", 0.001)
    assert "时间" in refusal(GOOD)


def test_a_reader_that_dies_is_a_refusal():
    with pytest.raises(UploadRefused):
        list(in_child("no_such_reader.py", GOOD, 10))


def mutant(seed):
    chance = random.Random(seed)
    source = bytearray(GOOD)
    for _ in range(chance.choice((1, 1, 3, 20))):
        source[chance.randrange(len(source))] ^= 1 << chance.randrange(8)
    return bytes(source[: chance.randrange(len(source))] if seed % 10 == 0 else source)


def test_two_hundred_mutants_never_raise_and_never_change_a_value():
    sound = {row.number: row.values for row in read(GOOD, "a.xlsx", TABLE).rows}
    for seed in range(200):
        reading = read(mutant(seed), "a.xlsx", TABLE)
        assert reading.problems or {row.number: row.values for row in reading.rows} == sound, seed


def test_mutated_xml_with_sound_checksums_never_raises():
    for seed in range(40):
        chance = random.Random(seed)
        name = chance.choice(["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"])
        with zipfile.ZipFile(BytesIO(GOOD)) as archive:
            part = bytearray(archive.read(name))
        for _ in range(3):
            part[chance.randrange(len(part))] ^= 1 << chance.randrange(8)
        reading = read(repacked({name: bytes(part)}), "a.xlsx", TABLE)
        assert reading.rows or reading.problems, seed


def test_mutated_csv_never_raises():
    sound = "项目编码,年初预算\n0101,2\n".encode("gb18030") * 3
    for seed in range(200):
        chance = random.Random(seed)
        source = bytearray(sound)
        for _ in range(4):
            source[chance.randrange(len(source))] = chance.randrange(256)
        reading = read(bytes(source), "a.csv", TABLE)
        assert reading.rows or reading.problems, seed
