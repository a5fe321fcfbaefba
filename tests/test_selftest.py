"""The self test passes on a sound program and fails on a damaged one, saying what is damaged."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from gxeditor import documents, resources, selftest, worker
from gxeditor.core.form import Form
from gxeditor.core.report import Report, blank_report
from gxeditor.paper.raster import PageImages, Picture


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of resources/ to damage, which the program takes for its own."""
    copy = tmp_path / "resources"
    original = resources.resource("fonts").parent
    shutil.copytree(original, copy)
    monkeypatch.setattr(resources, "_root", lambda: copy)
    return copy


def damage(file: Path, content: bytes) -> None:
    file.write_bytes(content)


def lines_of(folder: Path) -> list[str]:
    return (folder / "selftest.txt").read_text(encoding="utf-8").splitlines()


def test_a_sound_program_passes_and_leaves_what_it_made(
    qapp: QApplication, tmp_path: Path, capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    folder = tmp_path / "自检"
    assert selftest.run(folder) == 0
    lines = lines_of(folder)
    assert capsys.readouterr().out.splitlines() == lines
    assert [line.partition("：")[0] for line in lines] == [
        "自带文件",
        "样例",
        "读取进程",
        "PDF",
        "Word",
        "Excel",
        "网页",
        "窗口",
        "打印",
        "台账",
        "自检通过。",
    ]
    assert lines[1].startswith("样例：通过。读入 182 格，")
    assert "9 条未检查：有格未填" in lines[1]
    assert {path.name for path in folder.iterdir()} >= {
        "样例.pdf",
        "样例.docx",
        "样例.xlsx",
        "样例.html",
        "打印.pdf",
        "样例.gxr",
        "样例.png",
        "selftest.txt",
    }
    assert len(documents.read(folder / "样例.gxr").report.entries) == 182
    picture = QImage(str(folder / "样例.png"))
    assert picture.width() >= 1366
    assert not home.exists(), "the user's own settings and journals are left alone"


def test_a_second_test_in_the_same_folder_passes_too(qapp: QApplication, tmp_path: Path) -> None:
    assert selftest.run(tmp_path) == selftest.run(tmp_path) == 0


def test_a_damaged_icon_is_named(qapp: QApplication, tmp_path: Path, shipped: Path) -> None:
    damage(shipped / "icons" / "undo.svg", b"<svg")
    assert selftest.run(tmp_path / "自检") == 1
    lines = lines_of(tmp_path / "自检")
    assert lines[0] == "自带文件：没有通过。图标文件 undo.svg 已损坏。"
    assert lines[-1] == "自检没有通过，请重新安装程序。"


def test_a_face_with_one_wrong_byte_is_named(
    tmp_path: Path, shipped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    only(monkeypatch, "resources")
    face = shipped / "fonts" / "GXKai-Regular.ttf"
    content = bytearray(face.read_bytes())
    content[len(content) // 2] ^= 1
    damage(face, bytes(content))
    assert selftest.run(tmp_path / "自检") == 1
    assert lines_of(tmp_path / "自检")[0] == "自带文件：没有通过。字体文件 GXKai-Regular.ttf 已损坏。"


def test_a_missing_sample_fails_its_step_and_those_that_need_it(
    tmp_path: Path, shipped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shipped / "samples" / "lushan-2022.txt").unlink()
    assert selftest.run(tmp_path / "自检") == 1
    lines = lines_of(tmp_path / "自检")
    assert lines[0].startswith("自带文件：通过。200 格，42 条勾稽关系，7 个字体，")
    assert lines[1].startswith("样例：没有通过。程序自带的文件 samples/lushan-2022.txt 不见了。")
    assert lines[2].startswith("读取进程：没有通过。程序自带的文件 samples/lushan-2022.txt 不见了。")
    assert lines[3:8] == [
        f"{step}：没有通过。样例没有读出来，这一步没有做。"
        for step in ("PDF", "Word", "Excel", "网页", "窗口")
    ]
    assert lines[8] == "打印：没有通过。PDF 没有写出，或者窗口没有打开，这一步没有做。"


def test_a_sample_that_reads_otherwise_than_it_should_fails(
    tmp_path: Path, shipped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = shipped / "samples" / "lushan-2022.txt"
    damage(sample, sample.read_text(encoding="utf-8").replace("行政许可\t0", "行政许可\t").encode())
    only(monkeypatch, "resources", "sample")
    assert selftest.run(tmp_path / "自检") == 1
    assert lines_of(tmp_path / "自检")[1] == "样例：没有通过。读入的格数应为 182，现在是 181。"


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["/there/is/no/such/program"], "起不来，外来文件会在窗口的进程里读。"),
        (None, "程序出错，详情记在 读取进程.log。"),
    ],
    ids=["no child", "a reader is missing"],
)
def test_a_child_that_cannot_read_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str] | None, told: str
) -> None:
    if command is None:
        monkeypatch.setattr(selftest, "_READERS", ("lxml.etree", "no_such_reader"))
    else:
        monkeypatch.setattr(worker, "command", lambda _: command)
    only(monkeypatch, "sample", "child")
    assert selftest.run(tmp_path) == 1
    assert lines_of(tmp_path)[2] == f"读取进程：没有通过。{told}"


def test_an_export_that_lost_its_end_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = documents.export

    def cut(report: Report, path: Path) -> None:
        whole(report, path)
        path.write_bytes(path.read_bytes()[:-10])

    monkeypatch.setattr(documents, "export", cut)
    only(monkeypatch, "sample", "pdf", "document", "workbook", "web")
    assert selftest.run(tmp_path) == 1
    lines = lines_of(tmp_path)
    assert lines[3] == "PDF：没有通过。“样例.pdf”不完整。"
    for step, line in (("Word", lines[4]), ("Excel", lines[5])):
        assert line.startswith(f"{step}：没有通过。程序出错，详情记在 {step}.log。")
        assert "BadZipFile" in (tmp_path / f"{step}.log").read_text(encoding="utf-8")
    assert lines[6] == "网页：没有通过。“样例.html”不完整。"


def test_a_pdf_that_is_not_for_archives_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = documents.export

    def plain(report: Report, path: Path) -> None:
        whole(report, path)
        path.write_bytes(path.read_bytes().replace(b"pdfaid:part", b"pdfxid:part"))

    monkeypatch.setattr(documents, "export", plain)
    only(monkeypatch, "sample", "pdf")
    assert selftest.run(tmp_path) == 1
    assert "PDF：没有通过。“样例.pdf”没有写明是存档格式（PDF/A）。" in lines_of(tmp_path)


def test_a_blank_page_fails(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without PDFium's drawing, neither the PDF nor what is printed of it has anything on it."""
    whole = PageImages.render

    def white(images: PageImages, page: int, dpi: float, **how: Any) -> Picture:
        picture = whole(images, page, dpi, **how)
        return replace(picture, data=b"\xff" * len(picture.data))

    monkeypatch.setattr(PageImages, "render", white)
    only(monkeypatch, "sample", "pdf", "printing")
    assert selftest.run(tmp_path) == 1
    lines = lines_of(tmp_path)
    assert "PDF：没有通过。“样例.pdf”的第 1 页是空白的。" in lines
    assert "打印：没有通过。“打印.pdf”的第 1 页是空白的。" in lines


def test_an_export_of_another_report_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: Form
) -> None:
    whole = documents.export

    def blank(_report: Report, path: Path) -> None:
        whole(blank_report(form), path)

    monkeypatch.setattr(documents, "export", blank)
    only(monkeypatch, "sample", "workbook")
    assert selftest.run(tmp_path) == 1
    assert "Excel：没有通过。数字的个数应为 182，现在是 0。" in lines_of(tmp_path)


def only(monkeypatch: pytest.MonkeyPatch, *steps: str) -> None:
    """Leaves the other steps out, so that a test waits for no window that it does not look at."""
    whole = {"resources", "sample", "child", "pdf", "document", "workbook", "web", "window", "printing"}
    for step in whole - set(steps):
        monkeypatch.setattr(selftest._SelfTest, step, lambda _self: "")
