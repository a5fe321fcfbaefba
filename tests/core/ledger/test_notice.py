"""The text of the yearly notice on days off."""

from __future__ import annotations

import pytest

from gxeditor.core.errors import Defects
from gxeditor.core.ledger.notice import read_notice
from gxeditor.core.ledger.workdays import parse_year
from gxeditor.resources import load_calendar

# As the notices have them, without their first and last lines.
TEXTS = {
    2026: """国务院办公厅关于2026年部分节假日安排的通知　国办发明电〔2025〕7号
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。""",
    2025: """国务院办公厅关于2025年部分节假日安排的通知
一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。""",
    2023: """国务院办公厅关于2023年部分节假日安排的通知
一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。
二、春节：1月21日至27日放假调休，共7天。1月28日（星期六）、1月29日（星期日）上班。
三、清明节：4月5日放假，共1天。
四、劳动节：4月29日至5月3日放假调休，共5天。4月23日（星期日）、5月6日（星期六）上班。
五、端午节：6月22日至24日放假调休，共3天。6月25日（星期日）上班。
六、中秋节、国庆节：9月29日至10月6日放假调休，共8天。10月7日（星期六）、10月8日（星期日）上班。""",
}


@pytest.mark.parametrize("year", TEXTS)
def test_a_real_notice_gives_the_days_that_are_shipped(year: int) -> None:
    read = parse_year(read_notice(TEXTS[year]), "通知")
    shipped = load_calendar().years[year]
    assert set(read.off) == set(shipped.off)
    assert set(read.worked) == set(shipped.worked)
    assert read.year == year


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("：", "：\n\n　　"),
        ("月", " 月 "),
        ("、清明节", "、 清明节"),
        ("三、清明节", "（三）清明节"),
        ("\n", "\r\n\r\n"),
        (
            "10月10日（周六）上班。",
            "10月10日（周六）上班。节假日期间，请安排好值班。国务院办公厅2025年11月4日",
        ),
        ("10月10日（周六）上班。", "10月10日（周六）上班。\n国务院办公厅\n2025年11月4日\n"),
    ],
)
def test_a_notice_is_read_however_it_was_copied(old: str, new: str) -> None:
    read = parse_year(read_notice(TEXTS[2026].replace(old, new)), "通知")
    shipped = load_calendar().years[2026]
    assert (set(read.off), set(read.worked)) == (set(shipped.off), set(shipped.worked))


def test_a_day_of_which_nothing_is_said_is_told() -> None:
    with pytest.raises(Defects, match="国庆节的 10月10日没有写是放假还是上班"):
        read_notice(TEXTS[2026].replace("10月10日（周六）上班", "10月10日（周六）"))


def test_what_is_no_notice_is_told() -> None:
    with pytest.raises(Defects, match="不知道是哪一年"):
        read_notice("本周六上班。")
