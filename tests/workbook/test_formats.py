"""What number formats make of numbers."""

from __future__ import annotations

import pytest

from gxeditor.workbook.formats import bare_format, is_date_format, shown_value


def test_only_formats_of_dates_make_dates() -> None:
    assert is_date_format('[$-804]yyyy"年"m"月"')
    assert is_date_format("h:mm")
    assert not is_date_format('0"d"')
    assert not is_date_format("General")
    assert not is_date_format("[Red]#,##0")


@pytest.mark.parametrize(
    ("code", "bare"),
    [
        ('[Red]#,##0.00"元";[Blue]-0', "#,##0.00"),
        (r"0\%", "0"),
        ("_-* 0_-", "0"),
        ("General", "General"),
    ],
)
def test_a_format_is_read_without_what_stands_beside_the_figures(code: str, bare: str) -> None:
    assert bare_format(code) == bare


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ('yyyy"年"m"月"', "2022年12月"),
        (r"yyyy\-mm\-dd", "2022年12月31日"),
        ('[$-804]yyyy"年"m"月"d"日";@', "2022年12月31日"),
        ("_dyyyy", "2022年"),  # room as wide as a “d”, no day
        ("0", "44926"),
    ],
)
def test_a_date_is_shown_as_far_as_its_format_shows_it(code: str, shown: str) -> None:
    assert shown_value(44926, code, False) == shown


def test_days_are_counted_from_1904_where_the_file_says_so() -> None:
    assert shown_value(43464, "yyyy/m/d", True) == "2022年12月31日"
