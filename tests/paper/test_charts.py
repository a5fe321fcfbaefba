"""The appendix with charts: the form's names, the report's numbers, bars as long as their numbers are large."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from gxeditor.core.form import Form
from gxeditor.core.report import Entry, Report, blank_report
from gxeditor.paper.charts import Amount, Charts, charts
from gxeditor.paper.faces import BUNDLED
from gxeditor.paper.layouts import default_layout
from gxeditor.paper.raster import PageImages
from gxeditor.paper.sheet import PageFlow, Press

MM = 72 / 25.4
WIDTH, HEIGHT = 156 * MM, 215 * MM
DPI = 144


@pytest.fixture
def report(form: Form) -> Report:
    """30 requests of natural persons: 1 granted, 2 denied for different reasons, 27 that could not be provided."""
    zeros: dict[str, Entry | None] = {
        cell.id: 0 for cell in form.cells.values() if cell.section == "requests" and not cell.is_total
    }
    return (
        blank_report(form, 2022)
        .with_entries(zeros)
        .with_entries(
            {
                "requests.received.natural_person": 30,
                "requests.handled.granted.natural_person": 1,
                "requests.handled.denied.state_secret.natural_person": 1,
                "requests.handled.denied.enforcement_files.company": 1,
                "requests.handled.unable_to_provide.not_held.natural_person": 27,
            }
        )
    )


def drawn(report: Report, prior: Report | None = None, height: float = HEIGHT) -> bytes:
    """A page that holds the charts and nothing else, their upper left corner in the page's."""
    flowable = Charts(report, prior, WIDTH, height)
    canvas = Press(PageFlow(default_layout(), BUNDLED))
    canvas.setPageSize((WIDTH, flowable.wrap(WIDTH, height)[1]))
    flowable.drawOn(canvas, 0, 0)
    return canvas.data()


def text_of(data: bytes) -> str:
    (page,) = PdfReader(BytesIO(data)).pages
    return "".join(page.extract_text().split())


def filled_bars(data: bytes) -> list[tuple[float, float]]:
    """(upper edge, length) of every filled rectangle in points from the top of the page, in the order drawn."""
    (page,) = PdfReader(BytesIO(data)).pages
    contents = page.get_contents()
    assert contents is not None
    found = re.findall(rb"n \S+ (\S+) (\S+) (\S+) re f", contents.get_data())
    return [(-float(y) - float(height), float(length)) for y, length, height in found]


def test_the_charts_have_the_names_of_the_form_and_the_numbers_of_the_report(report: Report) -> None:
    asked, ended = charts(report)
    assert asked.title == "本年新收政府信息公开申请数量（按申请人情况）"
    assert [(bars.name, bars.amounts[0].text) for bars in asked.bars] == [
        ("自然人", "30"),
        ("商业企业", "0"),
        ("科研机构", "0"),
        ("社会公益组织", "0"),
        ("法律服务机构", "0"),
        ("其他组织", "0"),
    ]
    assert ended.title == "本年度办理结果"
    assert [(bars.name, bars.amounts[0].text) for bars in ended.bars] == [
        ("（一）予以公开", "1"),
        ("（二）部分公开", "0"),
        ("（三）不予公开", "2"),
        ("（四）无法提供", "27"),
        ("（五）不予处理", "0"),
        ("（六）其他处理", "0"),
    ]
    totals = [(chart.total, chart.unit) for chart in (asked, ended) if chart.total is not None]
    assert [(total.name, total.amounts[0].text, unit) for total, unit in totals] == [
        ("总计", "30", "件"),
        ("总计", "30", "件"),
    ]


def test_last_year_stands_beside_this_year(report: Report) -> None:
    prior = report.with_entry("requests.received.natural_person", 25).with_fields(year=2021)
    asked, _ = charts(report, prior)
    assert asked.bars[0].amounts == (Amount(30, True), Amount(25, True))
    assert "总计2022年30件2021年25件" in text_of(drawn(report, prior))


def test_without_last_year_there_is_nothing_to_tell_apart(report: Report) -> None:
    text = text_of(drawn(report))
    assert "总计2022年30件" in text
    assert "2021年" not in text


def test_two_reports_that_do_not_say_different_years_are_this_year_and_last(report: Report) -> None:
    text = text_of(drawn(report, report))
    assert "本年30件" in text
    assert "上年30件" in text
    assert "2022年" not in text


def test_blank_is_not_filled_and_zero_is_zero(form: Form, report: Report) -> None:
    blank = charts(blank_report(form))[0].bars[0].amounts[0]
    assert (blank, blank.text) == (Amount(None, False), "未填")
    assert charts(report)[0].bars[1].amounts[0].text == "0"
    assert "“未填”：表中相应的格没有填数。" in text_of(drawn(blank_report(form)))
    assert "未填" not in text_of(drawn(report))


def test_a_text_kept_in_a_cell_is_no_number(report: Report) -> None:
    kept = report.with_entry("requests.received.company", "/")
    assert charts(kept)[0].bars[1].amounts[0].text == "未填"


def test_a_result_filled_in_part_shows_what_is_filled_and_says_so(report: Report) -> None:
    partial = report.with_entry("requests.handled.denied.third_party_rights.company", None)
    denied = charts(partial)[1].bars[2].amounts[0]
    assert (denied, denied.text) == (Amount(2, False), "2（未填全）")
    assert "按已填的数绘制" in text_of(drawn(partial))


def test_bars_are_as_long_as_their_numbers_are_large(report: Report) -> None:
    received = {"company": 15, "research": 3}
    report = report.with_entries({f"requests.received.{key}": value for key, value in received.items()})
    bars = filled_bars(drawn(report))
    natural, company, research = (length for _, length in bars[:3])
    assert natural / company == pytest.approx(2, rel=0.001)
    assert company / research == pytest.approx(5, rel=0.001)
    granted, denied, unable = (length for _, length in bars[3:])
    assert unable / denied == pytest.approx(13.5, rel=0.001)
    assert denied / granted == pytest.approx(2, rel=0.001)


def test_neither_blank_nor_zero_has_a_bar(form: Form, report: Report) -> None:
    assert filled_bars(drawn(blank_report(form))) == []
    assert len(filled_bars(drawn(report))) == 4


def test_one_beside_a_billion_is_still_seen(report: Report) -> None:
    huge = report.with_entry("requests.handled.granted.natural_person", 999_999_999_999)
    data = drawn(huge)
    assert "999999999999" in text_of(data)
    assert len(filled_bars(data)) == 4


def test_this_year_and_last_are_told_apart_by_pattern_not_by_colour(report: Report) -> None:
    """Where last year's bar is, strokes and white alternate; this year's is one grey."""
    prior = report.with_fields(year=2021)
    with PageImages(drawn(report, prior)) as images:
        picture = images.render(0, DPI, grey=True)
        coloured = images.render(0, DPI)
    assert all(
        coloured.data[i] == coloured.data[i + 1] == coloured.data[i + 2]
        for i in range(0, len(coloured.data), 4 * 97)
    )
    top, length = filled_bars(drawn(report, prior))[1]  # the first is the legend's
    assert length > 300
    middle = round((top + 6) * DPI / 72)
    this, last = (
        {picture.data[row * picture.stride + 400 + x] for x in range(60)} for row in (middle, middle + 24)
    )
    assert max(this) - min(this) < 10
    assert max(last) > 250
    assert min(last) < 180


def test_the_charts_keep_to_the_room_they_are_given(report: Report) -> None:
    full = Charts(report, report, WIDTH, HEIGHT)
    assert full.wrap(WIDTH, HEIGHT)[1] <= HEIGHT
    low = Charts(report, report, WIDTH, 200)
    assert low.wrap(WIDTH, 200)[1] == pytest.approx(200)
    assert "（六）其他处理" in text_of(drawn(report, report, 200))


@pytest.mark.parametrize("huge", [0, 999_999_999_999])
def test_nothing_leaves_the_type_area(report: Report, huge: int) -> None:
    report = report.with_entry("requests.received.natural_person", huge)
    flowable = Charts(report, report, WIDTH, HEIGHT)
    height = flowable.wrap(WIDTH, HEIGHT)[1]
    canvas = Press(PageFlow(default_layout(), BUNDLED))
    canvas.setPageSize((WIDTH + 100, height + 100))
    flowable.drawOn(canvas, 50, 50)
    with PageImages(canvas.data()) as images:
        picture = images.render(0, 72, grey=True)
    ink = [(i % picture.stride, i // picture.stride) for i, value in enumerate(picture.data) if value < 200]
    assert min(x for x, _ in ink) >= 49
    assert max(x for x, _ in ink) <= 50 + WIDTH + 1
    assert min(y for _, y in ink) >= 49
    assert max(y for _, y in ink) <= 50 + height + 1


def test_whoever_cannot_see_the_charts_hears_every_line_with_its_numbers(report: Report) -> None:
    prior = report.with_entry("requests.received.natural_person", 25).with_fields(year=2021)
    said = Charts(report, prior, WIDTH, HEIGHT).said
    assert "自然人2022年30件，2021年25件；" in said
    assert "总计2022年30件，2021年25件。" in said
    assert "未填件" not in Charts(blank_report(report.form, 2022), None, WIDTH, HEIGHT).said
