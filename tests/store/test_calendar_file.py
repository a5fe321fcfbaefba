"""The days off of a year that an office brings itself."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from gxeditor.core.errors import GxError
from gxeditor.core.ledger.workdays import parse_year
from gxeditor.files.aside import OddFile
from gxeditor.resources import load_calendar
from gxeditor.store.calendar_file import keep_year, read_year, to_toml

NOTICE = """国务院办公厅关于2027年部分节假日安排的通知
国办发明电〔2026〕9号
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
一、元旦：2026年12月31日（周四）至2027年1月2日（周六）放假调休，共3天。12月27日（周日）上班。
二、春节：2月5日（周五）至13日（周六）放假调休，共9天。2月20日（周六）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。
五、端午节：6月9日（周三）放假1天。
六、中秋节：9月15日（周三）放假1天。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）上班。
""".replace("12月27日（周日）上班", "2026年12月27日（周日）上班")


def test_the_text_of_the_next_notice_is_read_kept_and_counted_with(tmp_path: Path) -> None:
    file = tmp_path / "通知.txt"
    file.write_bytes(NOTICE.encode("gb18030"))
    folder = tmp_path / "data" / "calendar"
    kept = keep_year(file, folder)
    assert (kept.year.year, kept.replaced, kept.path.name) == (2027, False, "2027.toml")
    assert kept.year.source == "国务院办公厅关于2027年部分节假日安排的通知（国办发明电〔2026〕9号）"
    calendar = load_calendar(folder)
    assert calendar.last == 2027
    assert not calendar.works(date(2026, 12, 31))  # a day of December that the next notice rules
    assert calendar.works(date(2026, 12, 27))
    assert calendar.works(date(2027, 2, 20))
    assert calendar.after(date(2026, 12, 21), 20).day == date(2027, 1, 19)
    assert load_calendar().last == 2026  # the shipped ones are as they were
    assert keep_year(file, folder).replaced


def test_a_shipped_year_is_a_file_that_may_be_imported(tmp_path: Path) -> None:
    for year in load_calendar().years.values():
        file = tmp_path / "年.toml"
        file.write_text(to_toml(year), encoding="utf-8")
        assert read_year(file) == year
        assert parse_year(tomllib.loads(to_toml(year)), "x") == year


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("今年放假照旧。", ("既不是放假安排文件",)),
        (NOTICE.replace("2027年部分", "部分"), ("不知道是哪一年",)),
        (NOTICE.replace("（周五）至13日", "（周三）至13日"), ("春节的 2月5日不是周三",)),
        (
            NOTICE.replace("共7天", "共8天").replace("共9天", "共3天"),
            ("国庆节写的是共 8 天", "春节写的是共 3 天"),
        ),
        (NOTICE.replace("端午节", "某节"), ("没有读到端午",)),
        (NOTICE.replace("9月26日（周日）", "9月28日"), ("2027-09-28 不是周六、周日",)),
        (NOTICE.replace("4月3日（周六）至5日（周一）", "4月31日"), ("没有这一天", "没有读到清明")),
        (
            NOTICE.replace("5月1日（周六）至5日（周三）", "6月1日至5日"),
            ("5月1日是法定节日", "5月2日是法定节日"),
        ),
        (NOTICE.replace("2月20日（周六）", "3月20日（周六）"), ("3月20日前后 21 天没有春节的放假",)),
        (
            to_toml(load_calendar().years[2026])
            .replace("清明节", "节日")
            .replace("2026-10-03", "2026-10-02"),
            ("没有读到清明",),
        ),
        (
            to_toml(load_calendar().years[2026]).replace("first = 2026-01-01", "first = 2026-01-02"),
            ("1月1日是法定节日，却没有放假",),
        ),
        ("year = 2027\nsource = '通知'\noff = []\n", ("像是没有写完",)),
        (
            "year = 2027\n[[off]]\nname = '元旦'\nfirst = 2027-01-03\nlast = 2027-01-01\n",
            ("缺少 source", "last 早于 first"),
        ),
    ],
)
def test_a_file_with_mistakes_is_told_with_all_of_them_and_nothing_is_kept(
    text: str, parts: tuple[str, ...], tmp_path: Path
) -> None:
    file = tmp_path / "安排.txt"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(GxError) as raised:
        keep_year(file, tmp_path / "calendar")
    for part in parts:
        assert part in str(raised.value)
    assert "没有导入" in str(raised.value)
    assert not (tmp_path / "calendar").exists()


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "安排.toml"
    file.write_bytes(bytes(range(256)) * 8)
    with pytest.raises(GxError, match="没有导入"):
        keep_year(file, tmp_path / "calendar")


def test_a_kept_file_that_was_damaged_is_moved_aside_and_told(tmp_path: Path) -> None:
    (tmp_path / "2027.toml").write_text("year = 2027\nsource = ''\n", encoding="utf-8")
    told: list[OddFile] = []
    assert load_calendar(tmp_path, told.append).last == 2026
    assert len(told) == 1
    assert "放假安排文件" in str(told[0])
