"""The bytes of an own file: read whole, and written only over what was read.

Knows what is compared before a file is replaced, how that is told, and by what a file is known as one of ours. Does not
know what else is in it. A .gxr, whose sentences name the editor and its longest section, does the same by itself
(`store.report_file`).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NoReturn

from gxeditor.core.errors import ChangedElsewhere, DamagedFile, NewerFormat, NotWritten, UnreadableSource
from gxeditor.files.atomic import not_written, write_atomic
from gxeditor.files.names import kept_name
from gxeditor.files.reading import TooMuch, reachable, read_file, sha256_of
from gxeditor.store.report_file import from_json


def read_own(path: Path, most: int, what: str) -> bytes:
    """The bytes of a file of at most `most`, which is waited for a little while another program holds it.

    `what` it is, as said (一份汇总). Raises `DamagedFile`, `UnreadableSource`.
    """
    try:
        return read_file(path, most, meaning="文件没有改动。")
    except UnreadableSource as error:
        if isinstance(error.__cause__, TooMuch):
            damaged(f"它太大了，不会是{what}")
        raise


def write_own(
    path: Path,
    data: bytes,
    expected_sha256: str | None,
    *,
    most: int,
    what: str,
    remedy: str,
    keep: bool = True,
) -> str:
    """Writes a file, keeps the previous version beside it (`kept_path`), and returns the new sha256.

    `expected_sha256` is that of the file as it was opened or last saved; None overwrites whatever is there. `what` it
    is, as said, and the `remedy` if it is larger than the `most` that can be opened. Without `keep` the previous
    version is left as it is. Raises `ChangedElsewhere` if another file is there now, `NotWritten` if it cannot be
    written; the disk is then as it was. A file that has vanished is simply written.
    """
    if expected_sha256 is not None:
        try:
            if not reachable(path).is_dir() and _differs(path, expected_sha256, most):
                raise ChangedElsewhere(
                    f"“{path.name}”打开以后被别的程序或别的人改过，没有保存。",
                    "您的修改都还在，磁盘上的文件没有改动。",
                    "您可以另存为别的名字，或重新打开磁盘上的文件。",
                )
        except FileNotFoundError:
            pass
        except OSError as error:
            raise not_written(path, error, held=True) from error
    if len(data) > most:
        raise NotWritten(
            f"{what}有 {len(data) // 1_000_000} MB，存下来也打不开（最多 {most // 1_000_000} MB），没有保存。",
            "磁盘上的文件没有改动。",
            remedy,
        )
    return write_atomic(path, data, keep=kept_path(path) if keep else None)


def own_content(data: bytes, name: str, version: int, what: str) -> dict[str, Any]:
    """The keys of an own file that is JSON, whose `format` is a `name` and a number, up to `version` as written here.

    `what` it is, as said (汇总). Raises `DamagedFile` with the place, and `NewerFormat` for a larger number.
    """
    if not data.strip(b"\0 \t\r\n"):
        damaged("文件是空的")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        damaged(f"第 {data.count(bytes((10,)), 0, error.start) + 1} 行有不是 UTF-8 编码的内容")
    content = from_json(text)
    stated = content.get("format") if isinstance(content, dict) else None
    found = re.fullmatch(rf"{re.escape(name)}/([0-9]{{1,9}})", stated) if isinstance(stated, str) else None
    if found is None:
        raise DamagedFile(f"它不是本程序的{what}文件。", "文件没有改动。", "请核对选的是不是这个文件。")
    if int(found[1]) > version:
        raise NewerFormat(
            f"这个{what}文件是用较新版本的程序保存的，现在的程序读不了。",
            "文件没有改动。",
            "请升级程序后再打开。",
        )
    assert isinstance(content, dict)
    return content


def kept_path(path: Path) -> Path:
    """Where the previous version of a file is kept."""
    return path.with_name(kept_name(path))


def named(path: Path, error: DamagedFile) -> DamagedFile:
    """The same with the name of the file, and with the way to its previous version if there is one."""
    kept = kept_path(path)
    there = reachable(kept).exists()
    remedy = f"上一次保存的版本还在，可以打开“{kept.name}”。" if there else error.remedy
    return DamagedFile(f"“{path.name}”读不出来：{error.what}", error.meaning, remedy)


def damaged(what: str) -> NoReturn:
    """Raises `DamagedFile` that says what is wrong with a file."""
    raise DamagedFile(f"{what}。", "文件没有改动。", "请换一份备份打开；它可能没有写完，或被别的程序改过。")


def _differs(path: Path, expected_sha256: str, most: int) -> bool:
    try:
        return sha256_of(path, most) != expected_sha256
    except TooMuch:
        return True
