"""Texts on their way into the files of other programs."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxeditor.core.report import KEPT_TEXTS
from gxeditor.writers.texts import inert, printable


@given(st.text(st.characters(codec=None)))
def test_any_text_becomes_one_that_xml_can_hold(text: str) -> None:
    shown = printable(text)
    assert len(shown) == len(text)
    element = ElementTree.Element("p")
    element.text = shown
    read = ElementTree.fromstring(ElementTree.tostring(element, "utf-8")).text or ""
    assert read.replace("\r", "\n") == shown.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\n\u3000=1", "＝1", "\u200b=1"]
)
def test_what_a_sheet_would_calculate_is_led_by_something_unseen(text: str) -> None:
    assert inert(text) == f"\u200b{text}"


@pytest.mark.parametrize("text", ["", "无", "0", "一=二", "（-）", *sorted(KEPT_TEXTS)])
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert inert(text) == text
