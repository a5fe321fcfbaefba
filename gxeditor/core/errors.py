"""What can go wrong, in words for the clerk.

Knows the three parts of a message (what happened, what it means for the data, what to do) and the kinds of trouble
the program tells apart. Does not know where a message is shown.
"""

from __future__ import annotations


class GxError(Exception):
    """Trouble that a person can understand: `what` happened, its `meaning` for the data, the `remedy`.

    All three are Chinese sentences with full-width punctuation; the last two may be empty.
    """

    def __init__(self, what: str, meaning: str = "", remedy: str = "") -> None:
        super().__init__(what, meaning, remedy)
        self.what = what
        self.meaning = meaning
        self.remedy = remedy

    def __str__(self) -> str:
        return "".join(part for part in (self.what, self.meaning, self.remedy) if part)

    def __reduce__(self) -> tuple[object, ...]:
        """Goes whole to another process, whatever a kind of trouble asks for to be made and holds besides."""
        return _again, (type(self), self.args), dict(self.__dict__)


def _again(kind: type[GxError], arguments: tuple[object, ...]) -> GxError:
    return kind.__new__(kind, *arguments)


_TOLD, _LINE = 10, 120
"""Defects that are told, and characters of each."""


class Defects(GxError):
    """Wrong data that the program itself ships or was given as its definition: all defects at once.

    The sentence has the first of them, each in a line: a file may be wrong without end, and its keys may be anything.
    """

    def __init__(self, what: str, defects: tuple[str, ...]) -> None:
        shown = ["".join(char for char in one if char.isprintable()) for one in defects[:_TOLD]]
        listed = "；".join(one if len(one) <= _LINE else f"{one[:_LINE]}…" for one in shown)
        if len(defects) > _TOLD:
            listed += f"；等 {len(defects)} 处"
        super().__init__(f"{what}：{listed}。", "程序没有读取任何年报。", "请重新安装程序，或改正这个文件。")
        self.defects = defects


class EntryError(GxError):
    """A text that cannot stand in a cell; the cell keeps what it had."""


class DamagedFile(GxError):
    """One of our own files cannot be read as such."""


class NewerFormat(GxError):
    """The file was written by a later version of the program."""


class ChangedElsewhere(GxError):
    """The file on disk is no longer the one that was opened."""


class NotWritten(GxError):
    """A file could not be written; what stood there before still stands."""


class UnreadableSource(GxError):
    """A foreign file that no reader understands."""


class Unfinished(GxError):
    """Work was ended that took too long or too much memory, or it broke off; it left everything as it was."""


class Cancelled(Exception):
    """Nobody wants the result any more; nothing was written. No trouble, so no `GxError`: it is shown to nobody."""
