"""The manual as it is shipped: whole, its pictures and links lead somewhere, everything in hand has a chapter."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

import gxeditor
from gxeditor.core.checks.rules import Rule
from gxeditor.core.form import Form
from gxeditor.paper.blocks import Block
from gxeditor.resources import resource
from gxeditor.ui.help.manual import blocks_of, load_manual, picture_image, pictures

MODULES = sorted((Path(gxeditor.__file__).parent / "ui").rglob("*.py"))


@pytest.fixture(autouse=True)
def _application(qtbot: QtBot) -> None:
    """Pictures and texts are read by Qt."""


def titles() -> set[str]:
    return {chapter.title for chapter in load_manual().chapters}


# --- the text


def test_markdown_is_read_into_blocks() -> None:
    blocks = list(
        blocks_of(
            "# 题\n\n一句**要紧**的话，[转到表三](go:requests)。\n\n1. 先\n2. 后\n\n- 点\n\n"
            "| 键 | 作用 |\n|---|---|\n| **F1** | 说明 |\n\n![图说](a.png)\n\n#### 小题\n"
        )
    )
    assert [block.kind for block in blocks] == [
        "heading", "text", "item", "item", "item", "table", "picture", "heading",
    ]  # fmt: skip
    said = blocks[1]
    assert said.text == "一句要紧的话，转到表三。"
    assert [piece.text for piece in said.words if piece.strong] == ["要紧"]
    assert [piece.link for piece in said.words if piece.link] == ["go:requests"]
    assert [block.mark for block in blocks if block.kind == "item"] == ["1.", "2.", "·"]
    assert [["".join(p.text for p in cell) for cell in row] for row in blocks[5].rows] == [
        ["键", "作用"],
        ["F1", "说明"],
    ]
    assert blocks[6] == Block("picture", blocks[6].words, picture="a.png")
    assert blocks[6].text == "图说"
    assert (blocks[7].level, blocks[7].text) == (4, "小题")


def test_a_line_end_between_chinese_characters_is_no_space() -> None:
    assert next(blocks_of("前一行，\n后一行 Word\n文件")).text == "前一行，后一行 Word 文件"


def test_the_manual_is_divided_at_its_headings() -> None:
    manual = load_manual()
    assert manual.title.startswith("政府信息公开年报编辑器")
    assert manual.chapters[0].title == "十分钟填一份"
    assert manual.chapter("合计").within == "填表"
    assert manual.chapter("填表").within == ""
    assert len(titles()) == len(manual.chapters), "no two chapters may have one name"
    assert all(chapter.blocks for chapter in manual.chapters)


def test_nothing_of_the_markup_is_left_in_the_text() -> None:
    for chapter in load_manual().chapters:
        assert not re.search(r"\*\*|\]\(|^#|<[a-z]", chapter.text), chapter.title


def test_the_manual_says_nothing_that_the_program_has_no_word_for() -> None:
    """未填 is a blank cell; 空格 only in the name of 「空格填 0」, and of the key."""
    for chapter in load_manual().chapters:
        rest = re.sub("其余空格填 0|空格填 0|空格键|年报里空着的格填 0|竖线或空格", "", chapter.text)
        assert "空格" not in rest, chapter.title
        assert not re.search("确定按钮|√|！", rest), chapter.title


def _links() -> Iterator[str]:
    for block in load_manual().blocks:
        for words in (block.words, *(cell for row in block.rows for cell in row)):
            yield from (piece.link for piece in words if piece.link)


def test_every_link_leads_somewhere(form: Form) -> None:
    from gxeditor.ui.shell.helping import COMMANDS

    keys = {section.key for section in form.sections}
    links = set(_links())
    assert links
    for link in links:
        kind, _, name = link.partition(":")
        if kind == "go":
            assert name in keys, link
        elif kind == "do":
            assert name in COMMANDS, link
        else:
            assert link.startswith("#"), link
            assert link[1:].replace("%20", " ") in titles(), link


def test_the_table_of_keys_has_every_command_of_the_window_and_no_other(qtbot: QtBot) -> None:
    from gxeditor.ui.shell.actions import Actions

    window = QMainWindow()
    qtbot.addWidget(window)
    actions = [one for one in vars(Actions(window)).values() if isinstance(one, QAction)]
    set_keys = {
        key.toString(QKeySequence.SequenceFormat.PortableText) for a in actions for key in a.shortcuts()
    }
    table = next(block for block in load_manual().chapter("快捷键").blocks if block.kind == "table")
    said = " ".join("".join(piece.text for piece in words) for row in table.rows for words in row)
    said = said.replace("←", "Left").replace("PgDn", "PgDown").replace("Alt+1…4", "Alt+1 Alt+2 Alt+3 Alt+4")
    named = set(
        re.findall(r"(?:(?:Ctrl|Shift|Alt)\+)*(?:F\d+|(?<=\+)(?:[A-Z][A-Za-z]*|[-+=\d]))(?![A-Za-z\d])", said)
    )
    others = {"Ctrl+=", "Ctrl+Shift+Tab"}  # a second way to the same, which goes without saying
    assert set_keys - others <= named, set_keys - others - named
    of_the_page = {"F2", "Ctrl+A", "Alt+Enter"}  # of lists, tables and texts
    assert named - of_the_page <= set_keys, named - of_the_page - set_keys


def test_no_chapter_is_longer_than_two_screens() -> None:
    """Some 1,000 characters fill the panel twice at 1366×768."""
    longest = max(load_manual().chapters, key=lambda chapter: len(chapter.text))
    assert len(longest.text) <= 1_000, longest.title


# --- its pictures


def test_every_picture_that_is_named_is_there_and_small_enough() -> None:
    named = {block.picture for block in load_manual().blocks if block.picture}
    files = {path.name for path in resource("manual").glob("*.png")}
    assert named == files
    assert sum(resource(f"manual/{name}").stat().st_size for name in named) <= 400_000
    assert all(picture_image(name).width() / 2 <= 1000 for name in named)


def test_pictures_are_handed_on_with_their_palette() -> None:
    blocks = load_manual().blocks
    found = pictures(blocks)
    assert set(found) == {block.picture for block in blocks if block.picture}
    for name, picture in found.items():
        assert len(picture.pixels) == picture.width * picture.height, name
        assert max(picture.pixels) < len(picture.palette) // 3 <= 256, name


def test_a_picture_that_is_missing_is_left_out() -> None:
    block = Block("picture", picture="nowhere.png")
    assert picture_image("nowhere.png").isNull()
    assert pictures([block]) == {}


# --- what is in hand


def test_every_topic_is_a_chapter() -> None:
    manual = load_manual()
    for group, known in manual.topics.items():
        assert known, group
        assert set(known.values()) <= titles(), set(known.values()) - titles()


def test_every_finding_has_a_chapter(rules: tuple[Rule, ...]) -> None:
    manual = load_manual()
    for rule in rules:
        assert manual.about("rules", rule.code, rule.kind, rule.group.value), rule.code


def _classes(base: str) -> set[str]:
    """Every class of the program that has `base` among its bases, however far up."""
    bases: dict[str, set[str]] = {}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                bases[node.name] = {ast.unparse(one).rpartition(".")[2] for one in node.bases}
    found: set[str] = set()
    while True:
        more = {name for name, of in bases.items() if of & {base, *found}} - found
        if not more:
            return found
        found |= more


def test_every_page_of_the_editor_has_a_chapter() -> None:
    pages = _classes("Page")
    assert len(pages) >= 3
    assert pages <= set(load_manual().topics["places"])


def test_every_page_that_stands_over_the_editor_has_a_chapter() -> None:
    over = {"StartPage", "ImportReview", "TemplatePage", "ChecksPage", "FinalPage", "MergePage", "Preview"}
    over |= {"MatchPage", "UnitListPage", "ReturnPage", "Board", "RollupWindow", "ImportPage", "LedgerWindow"}
    assert over <= set(load_manual().topics["places"])
    calls = [
        path.relative_to(Path(gxeditor.__file__).parent).as_posix()
        for path in MODULES
        if ".show_over(" in path.read_text(encoding="utf-8")
    ]
    assert sorted(calls) == [
        "ui/checks/checks.py", "ui/finalizing/finalizing.py", "ui/ledger/beginning.py", "ui/ledger/window.py",
        "ui/merge/merging.py",
        "ui/rollup/check_list.py", "ui/rollup/window.py",
        "ui/shell/files.py",
        "ui/template/filling.py",
    ], "another page stands over the editor: it belongs into topics.toml and into this test"  # fmt: skip


def test_every_dialog_has_a_chapter() -> None:
    known = set(load_manual().topics["dialogs"])
    dialogs = _classes("Dialog")
    assert len(dialogs) >= 8
    assert dialogs <= known, dialogs - known


def test_every_question_with_a_title_of_its_own_has_a_chapter() -> None:
    """Also of one that is asked by a function that takes the title, and of a title that has a name in its module."""
    known = set(load_manual().topics["dialogs"])
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in MODULES]
    asking = {"Dialog"}
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                asking |= {node.name for arg in node.args.args[1:2] if arg.arg == "title"}
    assert {"ask", "ask_less", "show_told", "run_task"} <= asking
    asked: set[str] = set()
    for tree in trees:
        named = {
            ast.unparse(node.targets[0]): node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in asking:
                said = (named.get(ast.unparse(arg), getattr(arg, "value", None)) for arg in node.args[1:2])
                asked |= {title for title in said if isinstance(title, str) and not title.isascii()}
    assert {"导入会变少", "按明细重算", "粘贴"} <= asked
    assert asked <= known, asked - known


def test_every_part_of_the_window_that_takes_the_keys_has_a_chapter() -> None:
    """What is put beside the page, above the findings or at the side."""
    own = _classes("QFrame") | _classes("QWidget")
    parts = {name for name in own if name.endswith(("Panel", "Bar", "Card", "Note")) and name[0] != "_"}
    assert {"UndoPanel", "SearchBar", "UndoBar", "FinalBar", "YearBar", "TableNote", "SideCard"} <= parts
    assert parts <= set(load_manual().topics["places"]), parts - set(load_manual().topics["places"])


def test_what_nobody_knows_has_no_chapter() -> None:
    assert load_manual().about("places", "Nothing") == ""
    assert load_manual().about("places", "Nothing", "TablePage") == "填一格"


# --- what is near


@pytest.mark.parametrize(
    ("words", "chapter"), [("打印不出", "打印"), ("WORD文档填", "填去年的 Word 文件"), ("撤消", "撤销和重做")]
)
def test_what_is_not_found_is_answered_with_the_nearest_chapters(words: str, chapter: str) -> None:
    nearest = load_manual().nearest(words)
    assert len(nearest) == 3
    assert chapter in [one.title for one in nearest]
