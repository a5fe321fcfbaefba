"""The analysis on paper: all that it says stands there, charts with captions, and pictures for other documents."""

from __future__ import annotations

import re
import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from gxeditor.core.errors import Cancelled
from gxeditor.core.rollup.analysis import analysis
from gxeditor.paper.analysis import chart_picture, make_analysis
from gxeditor.workbook.own import no_report
from tests.rollup_sample import songtang

SAID = analysis(songtang())
PDF = make_analysis(SAID)


def plain(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_every_paragraph_and_every_caption_stands_on_the_pages() -> None:
    text = re.sub(
        "—[0-9]+—", "", "".join(plain(page.extract_text()) for page in PdfReader(BytesIO(PDF.data)).pages)
    )
    for paragraph in SAID.paragraphs:
        assert plain(paragraph.text) in text
    for chart in SAID.charts:
        assert plain(chart.caption) in text
        assert plain(chart.title) in text


def test_the_parts_are_named_and_a_chart_is_told_in_words() -> None:
    root: Any = PdfReader(BytesIO(PDF.data)).trailer["/Root"]
    parts = [kid.get_object() for kid in root["/StructTreeRoot"]["/K"]["/K"]]
    assert [part["/S"] for part in parts].count("/Figure") == len(SAID.charts)
    figures = [part["/Alt"] for part in parts if part["/S"] == "/Figure"]
    assert f"自然人2025年{SAID.charts[0].bars[0].values[0]}件" in figures[0]
    assert f"2024年{SAID.charts[-1].bars[0].values[1]}件" in figures[-1]


def test_it_says_that_it_is_no_report_and_equal_ones_are_equal_bytes() -> None:
    meta: Any = PdfReader(BytesIO(PDF.data)).metadata
    assert meta["/Keywords"] == no_report("政府信息公开工作年度报告汇总分析")
    assert make_analysis(SAID).data == PDF.data


def test_it_can_be_cancelled() -> None:
    with pytest.raises(Cancelled):
        make_analysis(SAID, cancelled=lambda: True)


def test_a_chart_as_a_picture_has_ink_and_the_proportions_of_its_room() -> None:
    data, high, said = chart_picture(SAID.charts[0], 400)
    width, height = struct.unpack(">II", data[16:24])
    assert abs(width / height - 400 / high) < 0.02
    assert "自然人" in said
    pixels = zlib.decompress(data[data.index(b"IDAT") + 4 : data.index(b"IEND") - 8])
    rows = [pixels[at + 1 : at + 1 + width] for at in range(0, len(pixels), width + 1)]
    assert len(rows) == height
    assert min(min(row) for row in rows) < 50
    assert all(row[-1] == 255 for row in rows[:10])
