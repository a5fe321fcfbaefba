"""Regular expressions that are compiled when a text may hold what they look for.

Hundreds of them would delay the start by a fifth, and the first check of texts by as much again. Knows which words an
expression cannot do without, and nothing of what it is for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeAlias, cast

Need: TypeAlias = "tuple[tuple[str | Need, ...], ...]"
"""Alternatives; of one of them a text has all parts, each a word or a need of its own."""
_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub")
_WIDE = 30  # characters of a class that are still looked for one by one


class _Later:
    """A regular expression that is compiled with the first text that has one of the words it needs."""

    def __init__(self, source: str, flags: re.RegexFlag) -> None:
        self.pattern = source
        self.how = flags

    def __getattr__(self, name: str) -> Any:
        if name == "need":
            self.need = None if self.how else needed(self.pattern)
            return self.need
        if name.startswith("_"):
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self.how)
        # From now on these are attributes, found without coming here.
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)

    def __getstate__(self) -> dict[str, Any]:
        """With what it needs, so that what is kept ready-made need not look for it."""
        return {"pattern": self.pattern, "how": self.how, "need": self.need}

    def _in_vain(self, text: str) -> bool:
        return self.need is not None and not met(self.need, text)

    def search(self, text: str, *where: int) -> Any:
        return None if self._in_vain(text) else self.__getattr__("search")(text, *where)

    def match(self, text: str, *where: int) -> Any:
        return None if self._in_vain(text) else self.__getattr__("match")(text, *where)

    def fullmatch(self, text: str, *where: int) -> Any:
        return None if self._in_vain(text) else self.__getattr__("fullmatch")(text, *where)

    def finditer(self, text: str, *where: int) -> Any:
        return iter(()) if self._in_vain(text) else self.__getattr__("finditer")(text, *where)

    def findall(self, text: str, *where: int) -> Any:
        return [] if self._in_vain(text) else self.__getattr__("findall")(text, *where)


def expression(source: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """A regular expression, compiled when first used on a text that it may match.

    It is equal only to itself, so that it is a quick key of what was found by it; a compiled one is hashed anew, all of
    it, each time it is one.
    """
    return cast("re.Pattern[str]", _Later(source, flags))


# --- the words that an expression needs


def met(need: Need, text: str) -> bool:
    """Whether a text has what is needed."""
    for parts in need:
        for part in parts:
            if not (part in text if isinstance(part, str) else met(part, text)):
                break
        else:
            return True
    return False


def needed(source: str) -> Need | None:
    """What each text has that the expression (without flags) matches; None if that is nothing.

    Careful rather than clever: what it does not know, such as a range of characters or a flag, needs nothing.
    """
    try:
        need, end = _branches(source, 0)
    except (IndexError, _Unknown):
        return None
    return need if end == len(source) else None


class _Unknown(Exception):
    """A form of expression that is not read here."""


def _branches(source: str, at: int) -> tuple[Need | None, int]:
    """What the alternatives from `at` on need, up to the bracket that closes them."""
    need: list[tuple[str | Need, ...]] | None = []
    while True:
        parts, at = _sequence(source, at)
        if not parts:
            need = None
        elif need is not None:
            if len(parts) == 1 and not isinstance(parts[0], str):
                need += parts[0]
            else:
                need.append(parts)
        if at == len(source) or source[at] == ")":
            return (None if need is None else tuple(need)), at
        at += 1  # the bar


def _sequence(source: str, at: int) -> tuple[tuple[str | Need, ...], int]:
    parts: list[str | Need] = []
    run = ""
    for part, end in _atoms(source, at):
        at = end
        if isinstance(part, str):
            run += part
            continue
        if run:
            parts.append(run)
            run = ""
        if part is not None:
            parts.append(part)
    # Words before what is made of several: they are looked for more quickly.
    return tuple(sorted(parts, key=lambda part: not isinstance(part, str))), at


def _atoms(source: str, at: int) -> Iterator[tuple[str | Need | None, int]]:
    """The parts of one alternative: a letter that follows the one before, or what anything else needs; and its end."""
    while at < len(source) and source[at] not in "|)":
        begun, letter = at, source[at]
        part: str | Need | None = None
        if letter == "(":
            part, at = _group(source, at + 1)
        elif letter == "[":
            part, at = _class(source, at + 1)
        elif letter == "\\":
            after = source[at + 1]
            at += 2
            if not after.isalnum():
                part = after
            elif after in "xuUN" or after.isdigit():
                raise _Unknown
        else:
            at += 1
            if letter not in ".^$":
                part = letter
        if at < len(source) and source[at] in "?*+{":
            if source[at] == "{":
                end = source.index("}", at) + 1 if "}" in source[at:] else at
                if end == at or not source[at + 1 : end - 1].replace(",", "").isdigit():
                    raise _Unknown
                optional = source[at + 1] in "0,"
                at = end
            else:
                optional = source[at] in "?*"
                at += 1
            if at < len(source) and source[at] in "?+":  # lazy, possessive
                at += 1
            part = None if optional else ((part,),) if isinstance(part, str) else part
        assert at > begun
        yield part, at
    yield None, at


def _group(source: str, at: int) -> tuple[Need | None, int]:
    """A group whose bracket has been read, up to behind its end."""
    counts = True
    if source[at] == "?":
        if source.startswith(("?:", "?=", "?!"), at):
            counts = source[at + 1] != "!"
            at += 2
        elif source.startswith(("?<=", "?<!"), at):
            counts = source[at + 2] != "!"
            at += 3
        elif source.startswith("?P<", at):
            at = source.index(">", at) + 1
        elif source.startswith("?P=", at):
            return None, source.index(")", at) + 1
        else:
            raise _Unknown
    need, at = _branches(source, at)
    if source[at] != ")":
        raise _Unknown
    return (need if counts else None), at + 1


def _class(source: str, at: int) -> tuple[Need | None, int]:
    """A class of characters whose bracket has been read, up to behind its end."""
    known = source[at] != "^"
    at += not known
    letters = ""
    first = True
    while first or source[at] != "]":
        first = False
        if source[at] == "\\":
            if source[at + 1].isalnum():
                known = False
            letters += source[at + 1]
            at += 2
        else:
            if source[at] == "-":
                known = False
            letters += source[at]
            at += 1
    return (tuple((letter,) for letter in letters) if known and len(letters) <= _WIDE else None), at + 1


# --- the characters that a match begins with


def led(source: str) -> str:
    """The same expression behind a look at the character that a match begins with, where that is one of a few.

    An alternation of named groups is else tried whole at every character of a text, which takes six times as long.
    """
    try:
        begun, may_be_empty, end = _beginnings(source, 0)
    except (IndexError, _Unknown):
        return source
    if may_be_empty or end != len(source) or not begun or _ANY in begun:
        return source
    return f"(?=[{''.join(sorted(begun))}])(?:{source})"


_ANY = ""  # that a match may begin with more than can be said here
_Begun = tuple[set[str], bool, int]
"""With what a match may begin, as parts of a class of characters; whether it may be empty; and where the part ends."""


def _beginnings(source: str, at: int) -> _Begun:
    begun: set[str] = set()
    may_be_empty = False
    while True:
        nothing_yet = True
        while at < len(source) and source[at] not in "|)":
            atom, is_optional, at = _beginnings_of_atom(source, at)
            if nothing_yet:
                begun |= atom
                nothing_yet = is_optional
        may_be_empty = may_be_empty or nothing_yet
        if at == len(source) or source[at] == ")":
            return begun, may_be_empty, at
        at += 1  # the bar


def _beginnings_of_atom(source: str, at: int) -> _Begun:
    letter = source[at]
    begun: set[str] = set()
    is_optional = False
    if letter == "(":
        begun, is_optional, at = _beginnings_of_group(source, at + 1)
    elif letter == "[":
        begun, at = _members(source, at + 1)
    elif letter == "\\":
        is_optional = source[at + 1] in "AZbB"
        begun, at = set() if is_optional else {_member(source, at)}, at + 2
    elif letter in "^$":
        is_optional, at = True, at + 1
    elif letter == ".":
        begun, at = {_ANY}, at + 1
    else:
        begun, at = {re.escape(letter)}, at + 1
    if at < len(source) and source[at] in "?*+{":
        if source[at] == "{":
            end = source.index("}", at)
            if not source[at + 1 : end].replace(",", "").isdigit():
                raise _Unknown
            is_optional = is_optional or source[at + 1] in "0,"
            at = end + 1
        else:
            is_optional = is_optional or source[at] in "?*"
            at += 1
        if at < len(source) and source[at] in "?+":  # lazy, possessive
            at += 1
    return begun, is_optional, at


def _beginnings_of_group(source: str, at: int) -> _Begun:
    """Of a group whose bracket has been read; what only looks around is empty."""
    looks = False
    if source[at] == "?":
        if source.startswith("?:", at):
            at += 2
        elif source.startswith("?P<", at):
            at = source.index(">", at) + 1
        elif source.startswith(("?=", "?!"), at):
            looks, at = True, at + 2
        elif source.startswith(("?<=", "?<!"), at):
            looks, at = True, at + 3
        else:
            raise _Unknown
    begun, may_be_empty, at = _beginnings(source, at)
    if source[at] != ")":
        raise _Unknown
    return (set(), True, at + 1) if looks else (begun, may_be_empty, at + 1)


def _members(source: str, at: int) -> tuple[set[str], int]:
    """The characters and ranges of a class whose bracket has been read."""
    is_negated = source[at] == "^"
    at += is_negated
    found: set[str] = set()
    first = True
    while first or source[at] != "]":
        first = False
        one, end = (_member(source, at), at + 2) if source[at] == "\\" else (re.escape(source[at]), at + 1)
        if source[end] == "-" and source[end + 1] != "]":
            last = source[end + 1 : end + 3] if source[end + 1] == "\\" else re.escape(source[end + 1])
            one, end = f"{one}-{last}", end + 2 + (source[end + 1] == "\\")
        found.add(one)
        at = end
    return {_ANY} if is_negated else found, at + 1


def _member(source: str, at: int) -> str:
    """What is behind a backslash, as a member of a class."""
    after = source[at + 1]
    if after.isdigit() or after in "xuUN":
        raise _Unknown
    return _ANY if after.isalnum() and after not in "dsw" else source[at : at + 2]
