"""A file is the old one or the new one, whatever the disk and other programs do."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path

import pytest

from gxeditor.core.errors import NotWritten
from gxeditor.files.atomic import not_written, write_atomic
from gxeditor.files.reading import extended, sha256_of
from tests.permissions import somebody_else

OLD, NEW = b"old" * 1000, b"new" * 1000
QUICK = (0.01, 0.01)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with OLD in a folder of its own, whose previous version would be kept beside it."""
    folder = tmp_path / "年报"
    folder.mkdir()
    path = folder / "2022.gxr"
    path.write_bytes(OLD)
    return path


def kept(path: Path) -> Path:
    return path.with_name(f"{path.name}~")


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """The system refuses files above `size` bytes, as a full disk does."""
    resource = pytest.importorskip("resource", reason="Windows limits no process")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Another program has the file open, as Excel has, so that Windows lets nobody replace it."""
    if sys.platform != "win32":
        pytest.skip("an open file is in nobody's way here")
    with open(path, "rb"):
        yield


def test_the_file_holds_what_was_written_and_its_hash_is_returned(file: Path) -> None:
    assert write_atomic(file, NEW) == hashlib.sha256(NEW).hexdigest() == sha256_of(file)
    assert file.read_bytes() == NEW
    assert names(file.parent) == ["2022.gxr"]


def test_pieces_make_one_file_and_the_same_hash(file: Path) -> None:
    written = write_atomic(file, (piece for piece in (b"one ", b"", b"two")))
    assert file.read_bytes() == b"one two"
    assert written == hashlib.sha256(b"one two").hexdigest()


def test_pieces_that_cannot_be_made_leave_the_file_as_it_was_and_nothing_beside_it(file: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise ZeroDivisionError

    before = file.read_bytes()
    with pytest.raises(ZeroDivisionError):
        write_atomic(file, broken())
    assert file.read_bytes() == before
    assert [one.name for one in file.parent.iterdir()] == [file.name]


def test_the_previous_version_is_kept_and_the_one_before_goes(file: Path) -> None:
    write_atomic(file, NEW, keep=kept(file))
    assert kept(file).read_bytes() == OLD
    write_atomic(file, b"newer", keep=kept(file))
    assert kept(file).read_bytes() == NEW
    assert names(file.parent) == ["2022.gxr", "2022.gxr~"]


def test_a_first_save_has_no_previous_version(tmp_path: Path) -> None:
    write_atomic(tmp_path / "a.gxr", NEW, keep=tmp_path / "a.gxr~")
    assert [name for name in names(tmp_path) if name.startswith("a")] == ["a.gxr"]


def test_a_file_shared_with_colleagues_stays_shared(file: Path) -> None:
    file.chmod(0o664)
    before = file.stat().st_mode
    write_atomic(file, NEW)
    assert file.stat().st_mode == before


def test_a_link_stays_a_link(file: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.gxr"
    with suppress(OSError):
        link.symlink_to(file)
    if not link.is_symlink():
        pytest.skip("Windows lets only administrators make links")
    write_atomic(link, NEW)
    assert link.is_symlink()
    assert file.read_bytes() == NEW


def test_names_and_paths_may_be_as_long_as_the_system_allows(tmp_path: Path) -> None:
    folder = tmp_path.joinpath(*["很长的文件夹名" * 5] * 8)
    folder.mkdir(parents=True)
    path = folder / ("年" * 83 + ".gxr")
    write_atomic(path, NEW, keep=kept(path))
    write_atomic(path, OLD, keep=kept(path))
    assert path.read_bytes() == OLD
    assert kept(path).read_bytes() == NEW


def test_a_full_disk_leaves_everything_as_it_was(file: Path) -> None:
    with largest_file(1000), pytest.raises(NotWritten, match=r"磁盘已满，“2022.gxr”没有保存。") as refusal:
        write_atomic(file, NEW, keep=kept(file))
    assert "没有改动" in refusal.value.meaning
    assert file.read_bytes() == OLD
    assert names(file.parent) == ["2022.gxr"]


def test_a_disk_too_full_for_the_previous_version_leaves_everything_as_it_was(file: Path) -> None:
    kept(file).write_bytes(b"older")
    with largest_file(1000), pytest.raises(NotWritten, match="磁盘已满"):
        write_atomic(file, b"short", keep=kept(file))
    assert file.read_bytes() == OLD
    assert kept(file).read_bytes() == b"older"
    assert names(file.parent) == ["2022.gxr", "2022.gxr~"]


def test_a_read_only_folder_is_said_to_be_one(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.chmod(0o666)
    file.parent.chmod(0o555)
    monkeypatch.chdir(file.parent)
    try:
        with somebody_else(), pytest.raises(NotWritten, match=r"没有写入权限，“2022.gxr”没有保存。.*请另存"):
            write_atomic(Path(file.name), NEW)
    finally:
        file.parent.chmod(0o755)
    assert file.read_bytes() == OLD


def test_a_read_only_file_is_not_replaced(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.chmod(0o444)
    file.parent.chmod(0o777)
    monkeypatch.chdir(file.parent)
    with (
        nullcontext() if sys.platform == "win32" else somebody_else(),
        pytest.raises(NotWritten, match="没有写入权限"),
    ):
        write_atomic(Path(file.name), NEW)
    assert file.read_bytes() == OLD


@pytest.mark.skipif(
    sys.platform == "win32" or os.getuid() != 0,
    reason="only root can make a file that belongs to somebody else",
)
def test_a_file_that_may_not_be_replaced_is_left_alone(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder for everybody (drop box) others may write into a file but not put one in its place."""
    file.chmod(0o666)
    file.parent.chmod(0o1777)
    monkeypatch.chdir(file.parent)
    with (
        somebody_else(),
        pytest.raises(NotWritten, match=r"“2022.gxr”正被其他程序占用或受到保护，没有保存。"),
    ):
        write_atomic(Path(file.name), NEW, pauses=QUICK)
    assert file.read_bytes() == OLD
    assert names(file.parent) == ["2022.gxr"]


def hold(monkeypatch: pytest.MonkeyPatch, refusals: int) -> None:
    """Windows' refusal to replace a file that another program has open; Linux knows none."""
    replace = os.replace
    left = [refusals]

    def refusing(source: Path, target: Path) -> None:
        if left[0]:
            left[0] -= 1
            raise PermissionError(errno.EACCES, "sharing violation")
        replace(source, target)

    monkeypatch.setattr(os, "replace", refusing)


def test_a_file_that_is_let_go_in_time_is_saved(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hold(monkeypatch, 2)
    write_atomic(file, NEW, pauses=QUICK)
    assert file.read_bytes() == NEW


def test_a_file_that_excel_keeps_open_is_not_saved_and_says_so(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(monkeypatch, 3)
    with pytest.raises(NotWritten, match=r"占用.*请关闭正在使用它的程序"):
        write_atomic(file, NEW, pauses=QUICK)
    assert file.read_bytes() == OLD
    assert names(file.parent) == ["2022.gxr"]


def test_a_folder_that_has_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotWritten, match=r"文件夹“.*U盘”不见了"):
        write_atomic(tmp_path / "U盘" / "2022.gxr", NEW)


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "2022.gxr").mkdir()
    with pytest.raises(NotWritten, match="已有一个同名的文件夹"):
        write_atomic(tmp_path / "2022.gxr", NEW)
    assert names(tmp_path) == ["2022.gxr"]


def test_a_name_that_is_too_long_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(NotWritten, match="文件名太长"):
        write_atomic(tmp_path / ("n" * 300), NEW)


def test_a_file_that_another_program_lets_go_in_time_is_saved(file: Path) -> None:
    with ExitStack() as other_program:
        other_program.enter_context(held(file))
        later = threading.Timer(0.2, other_program.close)
        later.start()
        write_atomic(file, NEW, keep=kept(file))
        later.join()
    assert (file.read_bytes(), kept(file).read_bytes()) == (NEW, OLD)


def test_a_file_that_another_program_keeps_open_stays_and_who_holds_it_is_said(file: Path) -> None:
    with held(file), pytest.raises(NotWritten, match=r"占用.*关闭正在使用它的程序.*云盘.*另存为"):
        write_atomic(file, NEW, keep=kept(file), pauses=QUICK)
    assert file.read_bytes() == OLD
    assert names(file.parent) == ["2022.gxr", "2022.gxr~"]
    write_atomic(file, NEW)
    assert file.read_bytes() == NEW


def windows_says(number: int) -> OSError:
    """What Python makes of most numbers of Windows: an invalid argument."""
    error = OSError(errno.EINVAL, "…")
    error.winerror = number  # type: ignore[attr-defined,unused-ignore]
    return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (windows_says(362), "云盘（如 OneDrive）没有让程序写入，.*等它同步完再保存"),
        (windows_says(395), "云盘（如 OneDrive）没有让程序写入，.*另存到不同步的文件夹"),
        (windows_says(64), "不见了，.*U 盘或网络盘上，请重新连接"),
        (windows_says(1167), "不见了，.*U 盘或网络盘上，请重新连接"),
        (windows_says(1450), r"磁盘读写出错（WinError 1450），“2022.gxr”没有保存。.*另存"),
        (FileNotFoundError(errno.ENOENT, "…"), "安全软件不让程序写入文件夹.*另存到别的文件夹，或请管理员"),
    ],
)
def test_what_stands_in_the_way_on_windows_is_named_with_what_to_do(
    tmp_path: Path, error: OSError, words: str
) -> None:
    refusal = not_written(tmp_path / "2022.gxr", error)
    assert re.search(words, str(refusal), re.DOTALL)
    assert "没有改动" in refusal.meaning


def test_a_refusal_from_a_drive_that_is_gone_is_no_question_of_rights(tmp_path: Path) -> None:
    refusal = not_written(tmp_path / "U盘" / "2022.gxr", PermissionError(errno.EACCES, "device not ready"))
    assert "不见了" in refusal.what


def test_a_sign_that_windows_has_no_place_for_in_a_name_is_said_to_be_one(tmp_path: Path) -> None:
    refusal = not_written(tmp_path / "2022?.gxr", OSError(errno.EINVAL, "Invalid argument"))
    assert refusal.what == "文件名里有系统不允许的字符，“2022?.gxr”没有保存。"


def test_any_other_trouble_is_told_with_its_code() -> None:
    refusal = not_written(Path("2022.gxr"), OSError(errno.EIO, "Input/output error"))
    assert refusal.what == "磁盘读写出错（EIO），“2022.gxr”没有保存。"


def test_the_content_is_on_the_disk_before_it_takes_the_old_one_s_place(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    flush, replace = os.fsync, os.replace

    def fsync(descriptor: int) -> None:
        order.append("flush folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "flush")
        flush(descriptor)

    def put(source: Path, target: Path) -> None:
        order.append(f"put {Path(target).name}")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", put)
    write_atomic(file, NEW, keep=kept(file))
    folder = [] if sys.platform == "win32" else ["flush folder"]  # Windows has no such call
    assert order == ["flush", "flush", "put 2022.gxr~", "put 2022.gxr", *folder]


def test_what_an_old_crash_left_beside_the_file_is_cleared_and_what_is_being_written_is_not(
    file: Path,
) -> None:
    old, young = (file.with_name(f".~2022.gxr.{token}.tmp") for token in ("0000", "1111"))
    for leftover in (old, young):
        leftover.write_bytes(b"half")
    an_hour_ago = time.time() - 3600
    os.utime(old, (an_hour_ago, an_hour_ago))
    write_atomic(file, NEW)
    assert names(file.parent) == [young.name, "2022.gxr"]


@pytest.mark.parametrize(
    ("path", "form"),
    [
        (r"C:\年报\2022.gxr", r"C:\年报\2022.gxr"),
        ("C:\\" + "d\\" * 120 + "a.gxr", "\\\\?\\C:\\" + "d\\" * 120 + "a.gxr"),
        ("C:/" + "d/" * 120 + "a.gxr", "\\\\?\\C:\\" + "d\\" * 120 + "a.gxr"),
        (
            "\\\\server\\share\\" + "d\\" * 120 + "a.gxr",
            "\\\\?\\UNC\\server\\share\\" + "d\\" * 120 + "a.gxr",
        ),
        ("\\\\?\\C:\\" + "d\\" * 120 + "a.gxr", "\\\\?\\C:\\" + "d\\" * 120 + "a.gxr"),
    ],
)
def test_windows_gets_a_long_path_in_the_form_it_takes(path: str, form: str) -> None:
    assert extended(path) == form


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes and devices in folders there")
@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_a_pipe_or_a_device_is_not_replaced_by_a_file(kind: str, tmp_path: Path) -> None:
    target = tmp_path / "年报.pdf"
    if kind == "pipe":
        os.mkfifo(target)
    else:
        target.symlink_to("/dev/zero")
    with pytest.raises(NotWritten, match="不是普通的文件"):
        write_atomic(target, NEW, keep=tmp_path / "kept")
    assert not target.is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["年报.pdf"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets only administrators make links")
@pytest.mark.parametrize("device", ["/dev/full", "/dev/null", "/dev/zero"])
@pytest.mark.parametrize("links", [1, 2])
def test_a_link_to_a_device_is_refused_and_stays(device: str, links: int, tmp_path: Path) -> None:
    before = os.stat(device)
    target = tmp_path / "年报.pdf"
    target.symlink_to(device)
    if links == 2:
        target = tmp_path / "另一个.pdf"
        target.symlink_to(tmp_path / "年报.pdf")
    there = names(tmp_path)
    with pytest.raises(NotWritten, match="不是普通的文件"):
        write_atomic(target, NEW, keep=tmp_path / "kept")
    assert names(tmp_path) == there
    assert target.is_symlink()
    after = os.stat(device)
    assert (after.st_mode, after.st_ino, after.st_rdev) == (before.st_mode, before.st_ino, before.st_rdev)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets only administrators make links")
def test_a_link_to_a_pipe_a_folder_or_itself_is_refused_and_stays(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name, words in (("pipe", "不是普通的文件"), ("folder", "同名的文件夹"), ("loop", "转了圈的链接")):
        link = tmp_path / ("loop" if name == "loop" else f"{name}.pdf")
        link.symlink_to(name)
        there = names(tmp_path)
        with pytest.raises(NotWritten, match=words):
            write_atomic(link, NEW)
        assert names(tmp_path) == there
        assert os.readlink(link) == name
    assert list((tmp_path / "folder").iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets only administrators make links")
def test_a_link_to_a_file_that_is_not_there_yet_makes_that_file(tmp_path: Path) -> None:
    link = tmp_path / "link.gxr"
    link.symlink_to("new.gxr")
    write_atomic(link, NEW)
    assert link.is_symlink()
    assert (tmp_path / "new.gxr").read_bytes() == NEW


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes in folders there")
@pytest.mark.parametrize("kind", ["pipe", "folder"])
def test_the_previous_version_takes_the_place_of_nothing_but_a_file(kind: str, file: Path) -> None:
    if kind == "pipe":
        os.mkfifo(kept(file))
    else:
        kept(file).mkdir()
    with pytest.raises(NotWritten, match=r"“2022\.gxr~”不是文件，原来的内容无处保留"):
        write_atomic(file, NEW, keep=kept(file))
    assert file.read_bytes() == OLD
    assert names(file.parent) == ["2022.gxr", "2022.gxr~"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_a_private_file_is_nobody_elses_and_any_other_as_the_user_has_it(file: Path, tmp_path: Path) -> None:
    umask = os.umask(0o027)
    try:
        write_atomic(tmp_path / "usual", NEW)
        write_atomic(tmp_path / "private", NEW, private=True)
        file.chmod(0o644)
        write_atomic(file, NEW, private=True)
    finally:
        os.umask(umask)
    found = [path.stat().st_mode & 0o777 for path in (tmp_path / "usual", tmp_path / "private", file)]
    assert found == [0o640, 0o600, 0o600]


def test_trouble_without_a_number_is_told_as_such() -> None:
    refusal = not_written(Path("2022.gxr"), OSError("…"))
    assert refusal.what == "磁盘读写出错（I/O），“2022.gxr”没有保存。"
    refusal = not_written(Path("2022.gxr"), OSError(99_999, "…"))
    assert refusal.what == "磁盘读写出错（I/O），“2022.gxr”没有保存。"
