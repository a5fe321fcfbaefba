"""What the window may ask of any page, also of one that has nothing to answer."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from gxeditor.core.checks.rules import Rule
from gxeditor.core.difference import difference
from gxeditor.core.form import Form
from gxeditor.core.report import blank_report
from gxeditor.ui.editor.page import Page
from gxeditor.ui.editor.pages import SectionTabs, make_page
from gxeditor.ui.session import Session


def test_a_page_without_places_of_its_own_answers_with_nothing(form: Form, qtbot: QtBot) -> None:
    page = Page()
    qtbot.addWidget(page)
    page.show()
    page.show_target("", None)
    page.show_difference(difference(blank_report(form, 2022), blank_report(form, 2023)))
    page.finish()
    page.set_scale("auto", 1.25)
    assert (page.kind, page.place(), page.target()) == ("", "", ("", None))
    assert page.card is None
    assert page.aside is None
    assert not page.drop_entry()


def test_every_page_of_the_editor_says_what_is_being_filled(
    form: Form, rules: tuple[Rule, ...], qtbot: QtBot
) -> None:
    session = Session(form, rules)
    session.begin(blank_report(form, 2022))
    tabs = SectionTabs(form)
    qtbot.addWidget(tabs)
    for key in tabs.keys:
        page = make_page(session, key, tabs)
        target, _ = page.target()
        cell = form.cells.get(target)
        assert (cell.section if cell is not None else target) == key or not key
        assert page.kind
        assert page.place()
        assert not page.drop_entry()
