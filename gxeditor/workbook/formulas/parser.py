"""Reads a formula: tokens, their precedence, and what is to be calculated as a function of where the formula stands.

Formulas that were filled down a column are one and the same. Nothing that a formula was read as is ever changed, so
threads share it. Knows the grammar and the names of functions; holds no cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from math import isfinite
from typing import NamedTuple

from gxeditor.files.limits import FORMULA, FORMULA_DEPTH
from gxeditor.workbook.cells import MAX_COLUMNS, MAX_ROWS, ErrorValue, column_number
from gxeditor.workbook.formulas.functions import FUNCTIONS
from gxeditor.workbook.formulas.values import (
    OPERATORS,
    REF,
    Area,
    Array,
    Compiled,
    Context,
    Failed,
    Node,
    Operand,
    Reference,
    Scalar,
    Uncalculable,
    constant,
    folded,
    lifted,
    number_of,
)

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>"(?:[^"]|"")*")
    | (?P<error>\#(?:REF!|DIV/0!|N/A|VALUE!|NAME\?|NUM!|NULL!))
    | (?P<sheet>(?:'(?:[^']|'')+'|[^\W\d][\w.]*(?::[^\W\d][\w.]*)?|\[[^\]]*\][\w.]*)!)?
      (?: (?P<c1>\$?[A-Za-z]{1,3})(?P<r1>\$?[0-9]{1,7})(?::(?P<c2>\$?[A-Za-z]{1,3})(?P<r2>\$?[0-9]{1,7}))?(?![\w.(!])
        | (?P<f1>\$?[A-Za-z]{1,3}):(?P<f2>\$?[A-Za-z]{1,3})(?![\w.(!])
        | (?P<l1>\$?[0-9]{1,7}):(?P<l2>\$?[0-9]{1,7})(?![\w.(!])
        | (?P<function>[^\W\d][\w.]*)\(
        | (?P<name>[^\W\d][\w.\\?]*)(?![(!])
        | (?P<lost>\#REF!)
      )
    | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?)
    | (?P<sign><>|<=|>=|[-+*/^&=<>%(),{};])
    )""",
    re.VERBOSE,
)


def parsed(text: str, row: int, column: int) -> Compiled:
    """What a formula (without “=”) says that is written for this cell; references in it move with the cell it is
    calculated for. Raises `Uncalculable` for what is not known for sure."""
    return _compiled(_tokens(text, row, column))


class _Token(NamedTuple):
    """A piece of a formula. References are relative to the formula's cell unless they are fixed: so all formulas of a
    column that were filled down are the same formula."""

    kind: str
    text: str
    sheet: str | None = None
    corners: tuple[tuple[int, bool], ...] = ()


@cache
def _sheet_name(text: str) -> str:
    """The sheet before “!”, without its quotation marks."""
    name = text[:-1]
    if name.startswith("'"):
        name = name[1:-1].replace("''", "'")
    if "[" in name:
        raise Uncalculable("公式引用了其他文件")
    if ":" in name:
        raise Uncalculable("公式一次引用了几张工作表")
    return name


def _tokens(text: str, row: int, column: int) -> tuple[_Token, ...]:
    if len(text) > FORMULA:
        raise Uncalculable(f"公式有 {len(text)} 个字符，太长")
    tokens = []
    at = 0
    text = text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise Uncalculable(f"公式中的“{text[at : at + 12]}”不在本程序能算的公式之内")
        at = found.end()
        kind = found.lastgroup or ""
        sheet = found["sheet"]
        name = _sheet_name(sheet) if sheet else None
        if kind in ("r1", "r2", "f2", "l2"):
            tokens.append(_Token("area", "", name, _corners(found, row, column)))
        elif kind in ("error", "lost"):
            tokens.append(_Token("error", found[kind]))
        elif sheet and kind == "function":
            raise Uncalculable("公式引用了其他文件里的函数")
        else:
            tokens.append(_Token(kind, found[kind], name))
    return tuple(tokens)


def _corners(found: re.Match[str], row: int, column: int) -> tuple[tuple[int, bool], ...]:
    """First row, first column, last row, last column: the number, less that of the formula unless it is fixed."""

    def line(text: str) -> tuple[int, bool]:
        return (int(text[1:]) - 1, True) if text.startswith("$") else (int(text) - 1 - row, False)

    def file(text: str) -> tuple[int, bool]:
        return (
            (column_number(text[1:]), True) if text.startswith("$") else (column_number(text) - column, False)
        )

    if found["c1"]:
        first = (line(found["r1"]), file(found["c1"]))
        return (*first, *((line(found["r2"]), file(found["c2"])) if found["c2"] else first))
    if found["f1"]:
        return ((0, True), file(found["f1"]), (MAX_ROWS - 1, True), file(found["f2"]))
    return (line(found["l1"]), (0, True), line(found["l2"]), (MAX_COLUMNS - 1, True))


_KEPT_FORMULAS = 5_000  # of a template, or of several; more than any list has kinds of


# What it keeps is never changed (nodes hold no state), so threads may share it; the cache itself is guarded by Python.
@lru_cache(maxsize=_KEPT_FORMULAS)
def _compiled(tokens: tuple[_Token, ...]) -> Compiled:
    return _Parser(tokens).parse()


_PRECEDENCE = (("^",), ("*", "/"), ("+", "-"), ("&",), ("=", "<>", "<", ">", "<=", ">="))


class _Parser:
    """Recursive descent over the precedence of Excel: comparison, &, + -, * /, ^, sign, %.

    Goes down for brackets and functions only, and no deeper than FORMULA_DEPTH; so does what it gives.
    """

    def __init__(self, tokens: Sequence[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._references: list[Reference] = []
        self._depth = 0

    def parse(self) -> Compiled:
        node = self._expression()
        if self._at < len(self._tokens):
            raise Uncalculable(_ODD)
        return Compiled(node, tuple(self._references), len(self._tokens))

    def _sign(self, *wanted: str) -> str:
        """Takes the next sign if it is one of these."""
        if self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token.kind == "sign" and token.text in wanted:
                self._at += 1
                return token.text
        return ""

    def _expression(self) -> Node:
        """All that stands between brackets, or between commas."""
        self._depth += 1
        if self._depth > FORMULA_DEPTH:
            raise Uncalculable("公式的括号套得太深")
        node = self._binary(len(_PRECEDENCE) - 1)
        self._depth -= 1
        return node

    def _binary(self, level: int) -> Node:
        if level < 0:
            return self._signed()
        first = self._binary(level - 1)
        rest: list[tuple[Callable[..., Scalar], Node]] = []
        while sign := self._sign(*_PRECEDENCE[level]):
            rest.append((OPERATORS[sign], self._binary(level - 1)))
        return folded(first, rest)

    def _signed(self) -> Node:
        minuses = 0
        while sign := self._sign("-", "+"):
            minuses += sign == "-"
        node = self._primary()
        percents = 0
        while self._sign("%"):
            percents += 1
        if percents:
            node = lifted(lambda x: _hundredths(number_of(x), percents), (node,))
        if minuses:
            node = lifted(lambda x: -number_of(x) if minuses % 2 else number_of(x), (node,))
        return node

    def _primary(self) -> Node:
        if self._at >= len(self._tokens):
            raise Uncalculable(_ODD)
        token = self._tokens[self._at]
        self._at += 1
        if token.kind == "number":
            return constant(_number(token.text))
        if token.kind == "text":
            return constant(token.text[1:-1].replace('""', '"'))
        if token.kind == "error":
            return constant(ErrorValue(token.text))
        if token.kind == "area":
            reference = _reference(token)
            self._references.append(reference)
            return reference
        if token.kind == "name":
            return self._name(token)
        if token.kind == "function":
            return self._function(token.text)
        if token.text == "(":
            node = self._expression()
            self._close()
            return node
        if token.text == "{":
            return self._constants()
        raise Uncalculable(_ODD)

    def _close(self) -> None:
        if not self._sign(")"):
            raise Uncalculable(_ODD)

    def _name(self, token: _Token) -> Node:
        if token.sheet is None and token.text.upper() in ("TRUE", "FALSE"):
            return constant(token.text.upper() == "TRUE")
        sheet, text = token.sheet, token.text

        def refers_to(context: Context) -> Compiled:
            number = context.sheet if sheet is None else _sheet_number(context, sheet)
            meaning = context.calculation.name(text, number, sheet is not None)
            tokens = _tokens(meaning.removeprefix("="), 0, 0)
            if any(not fixed for one in tokens for _, fixed in one.corners):
                raise Uncalculable(f"名称“{text[:20]}”用的是相对引用")
            return _compiled(tokens)

        def area(context: Context) -> Area:
            with context.calculation.within(text):
                compiled = refers_to(context)
                if len(compiled.references) != 1:
                    raise Uncalculable(f"名称“{text[:20]}”不是一个区域")
                return compiled.references[0](context)

        def node(context: Context) -> Operand:
            with context.calculation.within(text):
                compiled = refers_to(context)
                context.calculation.spend(compiled.size)
                return compiled.node(context)

        self._references.append(area)
        return node

    def _function(self, called: str) -> Node:
        name = called.upper().removeprefix("_XLFN.").removeprefix("_XLWS.")
        arguments: list[Node | None] = []
        if not self._sign(")"):
            while True:
                if self._at < len(self._tokens) and self._tokens[self._at].text in (",", ")"):
                    arguments.append(None)
                else:
                    arguments.append(self._expression())
                if self._sign(")"):
                    break
                if not self._sign(","):
                    raise Uncalculable(_ODD)
        if name not in FUNCTIONS:
            raise Uncalculable(f"函数 {name} 不在本程序能算的公式之内")
        least, most, build = FUNCTIONS[name]
        if not least <= len(arguments) <= most:
            raise Uncalculable(f"函数 {name} 的参数不对")
        return build([constant(None) if one is None else one for one in arguments])

    def _constants(self) -> Node:
        """An array such as {1,2;3,4}."""
        rows: list[list[Scalar]] = [[]]
        while True:
            negative = self._sign("-") == "-"
            if self._at >= len(self._tokens):
                raise Uncalculable(_ODD)
            token = self._tokens[self._at]
            self._at += 1
            if token.kind == "number":
                rows[-1].append(_number(token.text) * (-1 if negative else 1))
            elif token.kind == "text" and not negative:
                rows[-1].append(token.text[1:-1].replace('""', '"'))
            else:
                raise Uncalculable(_ODD)
            sign = self._sign(",", ";", "}")
            if sign == "}":
                break
            if sign == ";":
                rows.append([])
            elif not sign:
                raise Uncalculable(_ODD)
        return constant(Array(rows))


def _number(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise Uncalculable(_ODD)
    return number


def _hundredths(number: float, times: int) -> float:
    for _ in range(times):
        number /= 100
    return number


_ODD = "公式的写法不在本程序能算的公式之内"


def _sheet_number(context: Context, name: str) -> int:
    number = context.calculation.sheets.get(name.casefold())
    if number is None:
        raise Failed(REF)
    return number


def _reference(token: _Token) -> Reference:
    (r1, fixed_r1), (c1, fixed_c1), (r2, fixed_r2), (c2, fixed_c2) = token.corners
    name = token.sheet

    def area(context: Context) -> Area:
        top = r1 if fixed_r1 else r1 + context.row
        left = c1 if fixed_c1 else c1 + context.column
        bottom = r2 if fixed_r2 else r2 + context.row
        right = c2 if fixed_c2 else c2 + context.column
        if (
            min(top, left, bottom, right) < 0
            or max(top, bottom) >= MAX_ROWS
            or max(left, right) >= MAX_COLUMNS
        ):
            raise Failed(REF)
        sheet = context.sheet if name is None else _sheet_number(context, name)
        return Area(sheet, min(top, bottom), min(left, right), max(top, bottom), max(left, right))

    return area
