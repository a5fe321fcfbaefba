"""The password of a ledger is asked for, set, changed and taken away, and what a lost one means is said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QDialog, QLineEdit

from gxeditor.core.errors import DamagedFile, GxError
from gxeditor.resources import load_form, load_vocabulary
from gxeditor.store import protection
from gxeditor.store.ledger_file import OpenedLedger, has_password, read_ledger, save_ledger
from gxeditor.store.protection import new_key
from gxeditor.ui.ledger.password import LOST, open_protected, set_password, show_names
from gxeditor.ui.ledger.session import LedgerSession
from gxeditor.ui.look.dialog import Dialog
from tests.dialogs import within_each, words
from tests.named_ledger import named_ledger

VOCABULARY = load_vocabulary(load_form())
NEW = "新的密码有八个字"
R = TypeVar("R")
pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys that are made in no time: what they are worth is tested elsewhere."""
    monkeypatch.setattr(protection, "_N", 2)
    monkeypatch.setattr(protection, "_P", 1)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[LedgerSession]:
    path = tmp_path / "台账.gxl"
    sha256 = save_ledger(named_ledger(), path, None, VOCABULARY)
    session = LedgerSession(named_ledger(), path, sha256=sha256, day=lambda: date(2026, 1, 5))
    yield session
    session.mask_names()


Does = Callable[[Dialog], object]


def answering(call: Callable[[], R], *steps: Does) -> tuple[R, list[str]]:
    """What `call` gives with each step done on the dialog that is shown then, and the words of the dialogs as met."""
    texts: list[str] = []

    def act(step: Does) -> Callable[[QDialog], None]:
        def does(shown: QDialog) -> None:
            assert isinstance(shown, Dialog)
            texts.append(words(shown))
            step(shown)

        return does

    return within_each([act(step) for step in steps], call), texts


def typing(key: str, *words: str) -> Does:
    """Types into the fields and presses a button."""

    def does(shown: Dialog) -> None:
        fields: Iterable[QLineEdit] = shown.findChildren(QLineEdit)
        for field, word in zip(fields, words, strict=True):
            field.setText(word)
        shown.buttons[key].click()

    return does


def test_a_wrong_password_is_said_where_it_was_typed_and_asked_again(session: LedgerSession) -> None:
    session.protect(new_key("松塘"))
    opened, texts = answering(
        lambda: open_protected(None, "台账.gxl", lambda word: read_ledger(session.path, VOCABULARY, word)),
        typing("open", ""),
        typing("open", "河湾"),
        typing("open", "松塘"),
    )
    assert isinstance(opened, OpenedLedger)
    assert opened.ledger == session.ledger
    assert "请输入密码。" in texts[1]
    assert "密码不对。忘了密码，这份台账就打不开了。" in texts[2]


def test_whoever_gives_up_opens_nothing(session: LedgerSession) -> None:
    opened, _ = answering(lambda: open_protected(None, "台账.gxl", lambda _: 1), Dialog.reject)
    assert opened is None


def test_a_damaged_file_is_no_wrong_password() -> None:
    def read(_: str) -> int:
        raise DamagedFile("加密的内容不完整。")

    with pytest.raises(DamagedFile):
        answering(lambda: open_protected(None, "台账.gxl", read), typing("open", "松塘"))


def test_a_password_is_typed_twice_and_what_a_lost_one_means_is_said(session: LedgerSession) -> None:
    said, texts = answering(
        lambda: set_password(None, session),
        typing("set", "", ""),
        typing("set", "松塘 2026", "松塘2026"),
        typing("set", "松塘 2026", "松塘 2026"),
    )
    assert said == "已设密码，以后打开要输入。这个密码不到 8 个字，容易被猜出来。"
    assert LOST in texts[0]
    assert "请输入密码。" in texts[1]
    assert "两遍不一样" in texts[2]
    assert read_ledger(session.path, VOCABULARY, "松塘 2026").ledger == session.ledger


def test_a_password_is_changed_by_who_knows_the_present_one(session: LedgerSession) -> None:
    session.protect(new_key("松塘"))
    said, texts = answering(
        lambda: set_password(None, session),
        typing("set", "河湾", NEW, NEW),
        typing("set", "松塘", NEW, NEW),
    )
    assert said == "已改密码。"
    assert "现在的密码不对。" in texts[1]
    assert read_ledger(session.path, VOCABULARY, NEW).ledger == session.ledger


def test_a_password_is_taken_away_by_who_knows_it(session: LedgerSession) -> None:
    session.protect(new_key("松塘"))
    said, _ = answering(
        lambda: set_password(None, session),
        typing("remove", "河湾", "", ""),
        typing("remove", "松塘", "", ""),
    )
    assert said.startswith("已取消密码")
    assert not has_password(session.path)


def test_whoever_asks_for_nothing_changes_nothing(session: LedgerSession) -> None:
    said, _ = answering(lambda: set_password(None, session), Dialog.reject)
    assert said == ""
    assert not session.is_protected


def test_what_keeps_the_password_from_the_disk_is_shown(
    session: LedgerSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> str:
        raise GxError("磁盘已满，没有保存。")

    monkeypatch.setattr("gxeditor.ui.ledger.session.save_protected_anew", refuse)
    said, texts = answering(
        lambda: set_password(None, session),
        typing("set", "松塘县自然资源局", "松塘县自然资源局"),
        Dialog.reject,
    )
    assert said == ""
    assert "磁盘已满" in texts[1]


def test_names_are_shown_after_a_confirmation(session: LedgerSession) -> None:
    shown, _ = answering(lambda: show_names(None, session), Dialog.reject)
    assert not shown
    assert not session.names_shown
    shown, _ = answering(lambda: show_names(None, session), typing("show"))
    assert shown
    assert session.names_shown


def test_names_of_a_protected_ledger_are_shown_after_its_password(session: LedgerSession) -> None:
    session.protect(new_key("松塘"))
    shown, texts = answering(
        lambda: show_names(None, session), typing("show", "河湾"), typing("show", "松塘")
    )
    assert shown
    assert session.names_shown
    assert "姓名仍然遮住" in texts[1]


def test_a_password_that_could_not_be_compared_counts_as_none(
    session: LedgerSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.protect(new_key("松塘"))
    key = session.key

    def no_memory(*_: object) -> bool:
        raise GxError("内存不够，没有能核对密码。")

    monkeypatch.setattr("gxeditor.ui.ledger.password.opens", no_memory)
    texts = answering(typing("show", "随便"), lambda shown: shown.reject())
    assert not show_names(None, session)
    assert not session.names_shown
    assert "内存不够" in texts[1]
    texts = answering(typing("remove", "随便", "", ""), lambda shown: shown.reject())
    assert set_password(None, session) == ""
    assert session.key is key
    assert "内存不够" in texts[1]
