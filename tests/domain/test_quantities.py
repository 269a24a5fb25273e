"""Values as people write them are read exactly, or refused with a remedy."""

import datetime as dt
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.domain.quantities import (
    Unreadable,
    amount_plain,
    format_amount,
    normalize,
    plain,
    read_amount,
    read_code,
    read_date,
    read_flag,
    read_integer,
    read_number,
    read_percent,
    round2,
    share,
)

FEN = st.integers(min_value=-(10**17), max_value=10**17)
UNITS = st.sampled_from(["元", "万元", "亿元"])


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1,200.5", "1200.5"),
        ("１，２００．５", "1200.5"),
        ("１２", "12"),
        (12.0, "12"),
        (0.1 + 0.2, "0.3"),
        (280.20000000000005, "280.2"),
        (" -3 ", "-3"),
        ("−3", "-3"),
        ("+3", "3"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1.2E+05", "120000"),
        (Decimal("7.50"), "7.5"),
        ("12345678901234567890.12", "12345678901234567890.12"),
    ],
)
def test_a_number_is_read_exactly(written: object, number: str) -> None:
    assert read_number(written) == Decimal(number)


@pytest.mark.parametrize(
    "written",
    [
        *(
            "",
            None,
            "  ",
            "≥90％",
            "200余人",
            "1,20",
            "1,2000",
            "1.2.3",
            ".",
            "-",
            "e5",
            "1 200",
            "一百",
            "(5)",
            "1e999",
        ),
        *("#REF!", "#N/A", "#div/0!", "nan", "inf", "-Infinity", float("nan"), float("inf"), Decimal("NaN"), True),
        *("٣", "1" * 41),
    ],
)
def test_what_is_no_number_is_refused(written: object) -> None:
    with pytest.raises(Unreadable):
        read_number(written)


def test_a_formula_error_names_itself_and_the_remedy() -> None:
    with pytest.raises(Unreadable, match=r"公式错误 #REF!，请改正公式"):
        read_amount("#REF!")


def test_an_empty_cell_is_told_what_to_fill_in() -> None:
    with pytest.raises(Unreadable, match="没有填写，请填百分数"):
        read_percent(None)


def test_a_very_long_text_is_not_repeated_in_full() -> None:
    with pytest.raises(Unreadable) as refused:
        read_number("长" * 5000)
    assert len(str(refused.value)) < 80


@pytest.mark.parametrize(("written", "whole"), [("12", 12), (12.0, 12), ("1,200", 1200), ("-0", 0)])
def test_an_integer_is_whole(written: object, whole: int) -> None:
    assert read_integer(written) == whole


def test_a_fraction_is_no_integer() -> None:
    with pytest.raises(Unreadable, match="不是整数"):
        read_integer("12.5")


@pytest.mark.parametrize(
    ("written", "unit", "fen"),
    [
        ("0.33652亿元", "万元", 3_365_200_000),
        ("3365.2", "万元", 3_365_200_000),
        (260.013, "万元", 260_013_000),
        ("260.013万元", "元", 260_013_000),
        ("385.384615", "万元", 385_384_615),
        ("1666.666666万元", "万元", 1_666_666_666),
        ("778505.00", "元", 77_850_500),
        ("¥1,200元", "万元", 120_000),
        ("１，２００．５　万元", "万元", 1_200_500_000),
        ("2.8亿", "万元", 28_000_000_000),
        ("5万", "元", 5_000_000),
        ("-12.5", "万元", -12_500_000),
        (0, "万元", 0),
        ("0.000001", "万元", 1),
    ],
)
def test_an_amount_is_exact_to_the_fen(written: object, unit: str, fen: int) -> None:
    assert read_amount(written, unit) == fen


@pytest.mark.parametrize("written", ["0.0000001", "1666.6666666万元", "0.001元", 0.0000005])
def test_a_fraction_of_a_fen_is_refused(written: object) -> None:
    with pytest.raises(Unreadable, match="不是整分，请填到分为止"):
        read_amount(written)


@pytest.mark.parametrize("written", ["元", "万元", "12千元", "12美元", "约12万元", "", "nan元", True, "12-13万元"])
def test_what_is_no_amount_is_refused(written: object) -> None:
    with pytest.raises(Unreadable):
        read_amount(written)


def test_an_amount_beyond_belief_asks_about_the_unit() -> None:
    assert read_amount("1000000000000000", "元") == 10**17
    with pytest.raises(Unreadable, match="金额过大，请核对单位"):
        read_amount("1000000000000000.01", "元")
    with pytest.raises(Unreadable, match="金额过大"):
        read_amount("1e99")


@pytest.mark.parametrize("written", ["53.5%", "53.5", "５３．５％", "53.5 %", 53.5, Decimal("53.5")])
def test_a_percentage_is_read_in_percent_points(written: object) -> None:
    assert read_percent(written) == Decimal("53.5")


@pytest.mark.parametrize("written", ["≥90%", "%", "5%%", "五成", "5‰", None, "#N/A", True])
def test_what_is_no_percentage_is_refused(written: object) -> None:
    with pytest.raises(Unreadable):
        read_percent(written)


@pytest.mark.parametrize(
    "written",
    [
        dt.date(2022, 7, 31),
        dt.datetime(2022, 7, 31, 23, 59, tzinfo=dt.UTC),
        "2022-07-31",
        "2022-7-31",
        "2022/7/31",
        "2022.07.31",
        "2022年7月31日",
        "２０２２年７月３１日",
        "20220731",
        20220731,
        44773,
        44773.75,
        "44773",
        "2022-07-31 00:00:00",
        "2022-07-31T08:30",
    ],
)
def test_a_date_is_read_however_it_is_written(written: object) -> None:
    assert read_date(written) == dt.date(2022, 7, 31)


@pytest.mark.parametrize(
    "written", ["2022-07", "2022", 2022, 12, "", None, "7月底前", "2022-07/31", True, "#N/A", 999999]
)
def test_what_is_no_date_is_refused(written: object) -> None:
    with pytest.raises(Unreadable):
        read_date(written)


@pytest.mark.parametrize("written", ["2022-02-30", "20221301", "2022年0月1日"])
def test_a_day_that_does_not_exist_is_refused(written: str) -> None:
    with pytest.raises(Unreadable, match="不是存在的日期"):
        read_date(written)


@pytest.mark.parametrize(("serial", "day"), [(32874, dt.date(1990, 1, 1)), (73050, dt.date(2099, 12, 31))])
def test_the_window_of_excel_serials_has_its_borders(serial: int, day: dt.date) -> None:
    assert read_date(serial) == day
    with pytest.raises(Unreadable):
        read_date(serial - 1 if serial < 40000 else serial + 1)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("001", "001"),
        ("５１０００１", "510001"),
        ("360111220000001000001", "360111220000001000001"),
        ("51092324T000010263357", "51092324T000010263357"),
        (101.0, "101"),
        ("101.0", "101"),
        (101, "101"),
        (360111220000001, "360111220000001"),
        ("'0101", "0101"),
        ("ZD2022001", "ZD2022001"),
        (999999999999999.0, "999999999999999"),
    ],
)
def test_a_code_is_text(written: object, code: str) -> None:
    assert read_code(written) == code


@pytest.mark.parametrize("written", [10**15, 3.60111220000001e20, "3.60111E+20", "3E20", "3.6e+020"])
def test_a_code_whose_digits_are_lost_is_refused_with_the_remedy(written: object) -> None:
    with pytest.raises(Unreadable, match="设为“文本”格式"):
        read_code(written)


@pytest.mark.parametrize("written", ["", None, "101 003", 1.5, -1, -1.0, True, "#REF!", float("nan"), "9" * 65, "'"])
def test_what_is_no_code_is_refused(written: object) -> None:
    with pytest.raises(Unreadable):
        read_code(written)


@pytest.mark.parametrize(
    ("written", "flag"),
    [("是", True), ("否", False), (" √ ", True), (True, True), (0, False), (1.0, True), ("NO", False)],
)
def test_a_flag_is_yes_or_no(written: object, flag: bool) -> None:
    assert read_flag(written) is flag


@pytest.mark.parametrize("written", ["", None, "可能", 2, "是否"])
def test_a_flag_is_never_guessed(written: object) -> None:
    with pytest.raises(Unreadable):
        read_flag(written)


def test_normalizing_folds_width_and_blanks() -> None:
    assert normalize("　Ａ１（％） \n b ") == "A1(%) b"
    assert normalize(None) == ""


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Decimal("54.60"), "54.6"),
        (Decimal("1E+2"), "100"),
        (0, "0"),
        (Decimal("-0.0"), "0"),
        (Decimal("1E-7"), "0.0000001"),
    ],
)
def test_plain_numbers_have_no_exponent_and_no_trailing_zeros(number: Decimal | int, text: str) -> None:
    assert plain(number) == text


@pytest.mark.parametrize(
    ("fen", "unit", "text"),
    [
        (37_580_600_000, "万元", "37,580.6"),
        (-37_580_600_001, "万元", "-37,580.600001"),
        (1, "元", "0.01"),
        (-1, "亿元", "-0.0000000001"),
        (0, "万元", "0"),
        (100_000_000_000_000, "元", "1,000,000,000,000"),
    ],
)
def test_amounts_are_written_without_losing_a_digit(fen: int, unit: str, text: str) -> None:
    assert format_amount(fen, unit) == text
    assert amount_plain(fen, unit) == text.replace(",", "")


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [
        (Fraction(89995, 1000), "90.00"),
        (Decimal("89.9949999"), "89.99"),
        (Decimal("0.005"), "0.01"),
        (Decimal("-0.005"), "-0.01"),
        (Fraction(1, 3), "0.33"),
        (Decimal("2.675"), "2.68"),
        (7, "7.00"),
    ],
)
def test_halves_are_rounded_away_from_zero(exact: Fraction | Decimal | int, rounded: str) -> None:
    assert str(round2(exact)) == rounded


def test_a_share_is_rounded_to_a_hundredth_of_a_point() -> None:
    assert share(3_758_060, 7_023_300) == Decimal("53.51")
    assert share(14, 252) == Decimal("5.56")
    assert share(1, 0) is None
    assert share(0, 5) == 0


@given(FEN, UNITS)
def test_an_amount_written_out_reads_back_the_same(fen: int, unit: str) -> None:
    assert read_amount(amount_plain(fen, unit), unit) == fen
    assert read_amount(format_amount(fen, unit) + unit, "元") == fen


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12))
def test_a_plain_number_reads_back_the_same(number: Decimal) -> None:
    assert read_number(plain(number)) == number
    assert read_percent(plain(number) + "％") == number


@given(st.dates(dt.date(1990, 1, 1), dt.date(2099, 12, 31)))
def test_every_way_to_write_a_day_reads_back_the_same(day: dt.date) -> None:
    serial = (day - dt.date(1899, 12, 30)).days
    for written in (day.isoformat(), f"{day:%Y%m%d}", f"{day.year}年{day.month}月{day.day}日", serial, float(serial)):
        assert read_date(written) == day


@given(st.text(alphabet="0123456789TRY", min_size=1, max_size=21))
def test_a_code_as_text_stays_itself(code: str) -> None:
    assert read_code(code) == code


@given(st.fractions(min_value=-1000, max_value=1000))
def test_rounding_moves_by_half_a_hundredth_at_most(exact: Fraction) -> None:
    assert abs(Fraction(round2(exact)) - exact) <= Fraction(1, 200)


@given(st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.none(), st.booleans()))
def test_every_reader_answers_or_refuses_whatever_comes(value: object) -> None:
    for reader in (read_number, read_integer, read_amount, read_percent, read_date, read_code, read_flag):
        with suppress(Unreadable):
            assert reader(value) is not None
