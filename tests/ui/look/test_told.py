"""Sentences of a status bar."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from gxeditor.ui.look.told import Sentence, Told


def test_a_sentence_gives_way_and_is_still_whole_for_who_cannot_see_it(qtbot: QtBot) -> None:
    sentence = Sentence("一二三四五六七八九十" * 20)
    qtbot.addWidget(sentence)
    sentence.resize(120, 20)
    assert sentence.minimumSizeHint().width() == 0
    assert not sentence.grab().isNull()
    assert len(sentence.text()) == 200


def test_what_was_done_stands_for_a_while_and_shorter_once_it_is_past(qtbot: QtBot) -> None:
    told = Told()
    qtbot.addWidget(told)
    told.say("已复制 3 行。")
    stands = told.stays
    told.grow_old()
    assert told.text() == "已复制 3 行。"
    assert told.stays < stands
    told.say("已保存。")
    assert told.text() == told.toolTip() == "已保存。"
    assert told.stays == stands
