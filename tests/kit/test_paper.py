"""公文 as data: numbering, dates, signature, attachments, widths, and numbers tied to figures."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kit.papers import report
from tests.kit.report_numbers import han_value

from jixiao.kit.numerals import han
from jixiao.kit.paper import Attachment, Column, Heading, Number, Paper, Paragraph, Table, labelled, text_of

DAY = datetime.date(2023, 1, 6)


def labels(*levels: int) -> list[str]:
    return [block.label for block in labelled(tuple(Heading(level, "甲") for level in levels))]  # type: ignore[union-attr]


def test_headings_are_numbered_by_level():
    assert labels(1, 2, 3, 4, 4) == ["一、", "（一）", "1.", "（1）", "（2）"]


def test_a_heading_restarts_the_numbers_below_it():
    assert labels(1, 2, 2, 1, 2) == ["一、", "（一）", "（二）", "二、", "（一）"]


def test_a_fifth_level_is_refused():
    with pytest.raises(ValueError, match="1 到 4 级"):
        Heading(5, "甲")


@given(st.integers(1, 99))
def test_heading_ordinals_read_back_as_the_number(number: int):
    assert han_value(han(number)) == number


@pytest.mark.parametrize("number", [0, 100])
def test_ordinals_beyond_two_digits_are_refused(number: int):
    with pytest.raises(ValueError, match="1 到 99"):
        han(number)


def test_the_date_has_no_filled_zeros():
    assert Paper("题", "局", DAY).dated == "2023年1月6日"


def test_a_short_issuer_stands_centred_over_the_date():
    # 2023年1月6日 is six characters wide and 县财政局 four: one more to the right than the date's four.
    assert Paper("题", "县财政局", DAY).signature_indent == 5


def test_a_very_long_issuer_never_leaves_the_type_area():
    assert Paper("题", "某" * 27, DAY).signature_indent == 0


def test_the_recipient_ends_with_one_full_width_colon():
    assert {Paper("题", "局", DAY, recipient=r).addressed_to for r in ("县政府", "县政府:", "县政府：")} == {"县政府："}


def test_one_attachment_has_no_number_and_several_do():
    one, two = Attachment("甲。"), Attachment("乙")
    assert Paper("题", "局", DAY, attachments=(one,)).attachment_notes == ("甲",)
    assert Paper("题", "局", DAY, attachments=(one, two)).attachment_notes == ("1.甲", "2.乙")


def test_only_attachments_with_a_text_are_printed_and_keep_their_number():
    text = (Paragraph.of("文"),)
    paper = Paper("题", "局", DAY, attachments=(Attachment("甲"), Attachment("乙", text)))
    assert [name for name, _ in paper.enclosures] == ["附件2"]


def test_a_row_with_a_missing_cell_is_refused():
    with pytest.raises(ValueError, match="第\\[2\\]行"):
        Table((Column("甲"), Column("乙")), (("1", "2"), ("1",)), caption="表")


def test_a_total_row_with_a_missing_cell_is_refused():
    with pytest.raises(ValueError, match="格数"):
        Table((Column("甲"), Column("乙")), (), total=("合计",))


@given(st.lists(st.text(max_size=60), min_size=1, max_size=12))
def test_column_widths_add_up_to_the_line(cells: list[str]):
    shares = Table(tuple(Column(str(n)) for n in range(len(cells))), (tuple(cells),)).shares
    assert sum(shares) == pytest.approx(1)
    assert min(shares) > 0


def test_a_column_is_wide_enough_for_its_longest_amount():
    table = Table((Column("名称"), Column("预算数", "right")), (("很长的名称" * 20, "1,234,567.89"),))
    assert table.shares[1] * 40 >= 12 * 0.5


def test_every_number_keeps_the_key_of_its_figure():
    keys = [number.key for number in report(rows=2).numbers()]
    assert keys == ["targets.count", "monitoring.rate", "row.0", "row.1", "monitoring.amount"]


def test_control_characters_are_replaced_visibly():
    assert text_of("甲\x00乙\ud800丙\uffff") == "甲〓乙〓丙〓"


def test_marks_that_turn_the_reading_order_vanish():
    assert text_of(Number("12\u202e34\u200b5", "k")) == "12345"


def test_line_breaks_and_odd_spaces_become_spaces():
    assert text_of("甲\n乙\t丙\u2009丁\u2028戊") == "甲 乙 丙 丁 戊"


def test_the_characters_of_a_paper_are_those_of_all_its_parts():
    paper = report(remark="喆")
    assert {"喆", "〔", "领", "合", "附", "8"} <= paper.characters()
    assert "龘" in report(rows=1, attachments=(Attachment("甲", (Paragraph.of("龘"),)),)).characters()
