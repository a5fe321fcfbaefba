"""The one door to the disk: regular files only, no more than asked for, and a sentence in every other case."""

from __future__ import annotations

import errno
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gxeditor.core.errors import GxError, UnreadableSource
from gxeditor.files import reading
from gxeditor.files.reading import (
    NotRegular,
    TooMuch,
    is_possible,
    open_regular,
    patiently,
    read_bytes,
    read_file,
    sha256_of,
)

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="no pipes and devices in folders there")
HANGS = 60  # seconds; nothing but a program that waits for ever takes as long


def test_a_file_is_read_whole_up_to_the_limit(tmp_path: Path) -> None:
    file = tmp_path / "a"
    data = bytes(range(256)) * 10_000
    file.write_bytes(data)
    assert read_bytes(file, len(data)) == data
    assert sha256_of(file) == hashlib.sha256(data).hexdigest()
    with pytest.raises(TooMuch) as trouble:
        read_bytes(file, len(data) - 1)
    assert trouble.value.size == len(data)


@POSIX
def test_what_is_read_is_limited_and_not_what_a_file_says_of_its_size() -> None:
    endless = Path("/proc/self/maps")  # a regular file that says it is empty
    if not endless.exists():
        pytest.skip("no such file system here")
    assert endless.stat().st_size == 0
    with pytest.raises(TooMuch):
        read_bytes(endless, 100)


@POSIX
@pytest.mark.parametrize("kind", ["pipe", "folder", "/dev/zero", "/dev/tty", "/dev/null", "link"])
def test_nothing_but_regular_files_is_opened(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "x.gxr"
    match kind:
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case "link":
            os.mkfifo(tmp_path / "pipe")
            path.symlink_to(tmp_path / "pipe")
        case _:
            path = Path(kind)
    with pytest.raises(NotRegular):
        open_regular(path)
    with pytest.raises(UnreadableSource, match="是一个文件夹" if kind == "folder" else "不是普通的文件"):
        read_file(path, 100)


@POSIX
def test_a_link_is_followed_unless_it_is_not_to_be(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    link = tmp_path / "b"
    link.symlink_to(tmp_path / "a")
    assert read_bytes(link, 1) == b"1"
    with pytest.raises(OSError, match="no regular file"):
        read_bytes(link, 1, follow=False)


@POSIX
def test_what_takes_the_place_of_a_file_between_looking_and_opening_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, pipe = tmp_path / "a", tmp_path / "pipe"
    file.write_bytes(b"1")
    os.mkfifo(pipe)
    status = os.stat(file)
    monkeypatch.setattr(os, "stat", lambda *_, **__: status)
    with pytest.raises(NotRegular):
        open_regular(pipe)


@pytest.mark.parametrize("path", ["/a\0b", "\0", "/\ud800"])
def test_a_path_that_no_file_can_have_is_that_of_no_file(path: str) -> None:
    if sys.platform == "win32" and "\0" not in path:
        pytest.skip("there it can")
    assert not is_possible(path)
    with pytest.raises(FileNotFoundError):
        open_regular(Path(path))


def test_what_a_path_can_be_is_told_without_the_disk() -> None:
    assert is_possible("/a/年报.gxr")
    if sys.platform != "win32":  # names are no bytes there
        assert is_possible(os.fsdecode("年报.gxr".encode("gbk")))
    assert not is_possible("")
    assert not is_possible("/a" * 20_000)


def test_a_person_is_told_what_is_the_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "年报.txt"
    with pytest.raises(UnreadableSource, match=r"“年报\.txt”不见了.*从新的位置打开"):
        read_file(file, 10)
    file.write_bytes(b"1" * 3_000_000)
    with pytest.raises(UnreadableSource, match=r"“年报\.txt”有 3 MB，不像一份年报。没有读入任何内容。"):
        read_file(file, 10)
    monkeypatch.setattr(reading, "PAUSES", ())
    for error, said in (
        (PermissionError(errno.EACCES, "held"), "“年报.txt”打不开，可能正被别的程序使用"),
        (OSError(errno.EIO, "gone"), "“年报.txt”打不开.*U 盘或网络盘"),
    ):

        def fails(*_: object, error: OSError = error) -> int:
            raise error

        with monkeypatch.context() as patch:
            patch.setattr(os, "open", fails)
            with pytest.raises(UnreadableSource, match=said):
                read_file(file, 10_000_000)


def test_a_file_that_somebody_holds_is_tried_again() -> None:
    refusals = [PermissionError(), PermissionError()]

    def action() -> str:
        if refusals:
            raise refusals.pop()
        return "read"

    assert patiently(action, (0, 0)) == "read"
    refusals[:] = [PermissionError()] * 2
    with pytest.raises(PermissionError):
        patiently(action, (0,))


# --- every reader goes through this door


@POSIX
@pytest.mark.slow
@pytest.mark.parametrize("kind", ["pipe", "/dev/zero", "/dev/tty"])
@pytest.mark.parametrize("name", ["x.gxr", "x.txt", "x.xlsx", "x.xlsm", "x.gxr~"])
def test_every_reader_says_a_sentence_of_what_never_answers(kind: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(kind)
    code = "import sys; from gxeditor.cli import main; sys.exit(main(sys.argv[1:]))"
    for arguments in (["check", str(path)], ["convert", str(path), str(tmp_path / "out.json")]):
        ran = subprocess.run(
            [sys.executable, "-c", code, *arguments], capture_output=True, encoding="utf-8", timeout=HANGS,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONIOENCODING": "utf-8"},
            check=False,
        )  # fmt: skip
        assert ran.returncode == 2, ran.stderr
        assert f"“{name}”不是普通的文件" in ran.stderr + ran.stdout
    assert not (tmp_path / "out.json").exists()


@POSIX
def test_templates_and_their_maps_are_no_exception(tmp_path: Path) -> None:
    from gxeditor.resources import load_form
    from gxeditor.templates.shelf import import_map, open_template

    for name in ("模板.xlsx", "对应关系.json"):
        os.mkfifo(tmp_path / name)
    with pytest.raises(GxError, match="不是普通的文件"):
        open_template(tmp_path / "模板.xlsx")
    with pytest.raises(GxError, match="不是普通的文件"):
        import_map(tmp_path / "对应关系.json", load_form())
