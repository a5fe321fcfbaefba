"""The functions that formulas of templates call, by name: how many arguments each takes, and what it makes of them.

A function that is not here is not calculated. What only Excel knows (a date in a text, a format of its own) makes the
formula `Uncalculable` instead of a guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, ROUND_UP, Decimal
from decimal import Context as DecimalContext
from itertools import chain
from typing import NamedTuple, NoReturn

from gxeditor.files.limits import NUMBER_FORMAT
from gxeditor.workbook.cells import ErrorValue, number_text
from gxeditor.workbook.formulas.values import (
    LARGE,
    NA,
    OPERATORS,
    PERHAPS_NUMBER,
    PLAIN_NUMBER,
    VALUE,
    Area,
    Array,
    Context,
    Failed,
    Node,
    Operand,
    Scalar,
    Uncalculable,
    added,
    constant,
    divided,
    is_many,
    joined,
    lifted,
    matrix_of,
    number_of,
    scalar_of,
    text_of,
    truth_of,
)

_Build = Callable[[list[Node]], Node]
_MANY = 255


def _numbers(context: Context, nodes: Iterable[Node]) -> Iterator[float]:
    """The numbers of arguments: in ranges and arrays only what is a number, elsewhere what can be read as one."""
    for node in nodes:
        operand = node(context)
        if isinstance(operand, (Area, Array)):
            for value in _values(context, operand):
                if isinstance(value, ErrorValue):
                    raise Failed(value.code)
                if isinstance(value, float):
                    yield value
        else:
            yield number_of(operand)


def _values(context: Context, operand: Area | Array) -> Iterator[Scalar]:
    if isinstance(operand, Area):
        yield from context.calculation.values(operand)
    else:
        context.calculation.spend(sum(map(len, operand.rows)))
        for row in operand.rows:
            yield from row


def _total(numbers: Iterable[float]) -> float:
    total = 0.0
    for number in numbers:
        total = added(total, number)
    return total


def _mean(numbers: list[float]) -> float:
    return divided(_total(numbers), float(len(numbers)))


def _product(numbers: list[float]) -> float:
    result = 1.0
    for number in numbers:
        result *= number
    return result if numbers else 0.0


def _aggregate(function: Callable[[list[float]], float]) -> _Build:
    def build(nodes: list[Node]) -> Node:
        return lambda context: function(list(_numbers(context, nodes)))

    return build


def _counting(counts: Callable[[Scalar, bool], bool]) -> _Build:
    """Counts values; `counts` is told whether the value stands in a range."""

    def build(nodes: list[Node]) -> Node:
        def node(context: Context) -> float:
            count = 0
            for one in nodes:
                try:
                    operand = one(context)
                except Failed as failed:
                    operand = failed.value
                if isinstance(operand, (Area, Array)):
                    count += sum(counts(value, True) for value in _values(context, operand))
                else:
                    count += counts(operand, False)
            return float(count)

        return node

    return build


def _is_number(value: Scalar, in_range: bool) -> bool:
    if isinstance(value, float) or in_range:
        return isinstance(value, float)
    if isinstance(value, str):
        try:
            number_of(value)
        except Failed:
            return False
        return True
    return not isinstance(value, ErrorValue)


def _blanks(nodes: list[Node]) -> Node:
    def node(context: Context) -> float:
        operand = nodes[0](context)
        if not isinstance(operand, Area):
            raise Failed(VALUE)
        filled = sum(value not in (None, "") for value in context.calculation.values(operand))
        return float(operand.size - filled)

    return node


def _each(function: Callable[..., Scalar], *defaults: Scalar) -> _Build:
    """A function of single values; `defaults` stand for arguments at the end that may be left out."""
    arity = function.__code__.co_argcount

    def build(nodes: list[Node]) -> Node:
        left_out = defaults[len(defaults) - (arity - len(nodes)) :] if len(nodes) < arity else ()
        return lifted(function, [*nodes, *map(constant, left_out)])

    return build


def _if(nodes: list[Node]) -> Node:
    condition, then = nodes[0], nodes[1]
    otherwise = nodes[2] if len(nodes) > 2 else constant(False)
    by_value = lifted(lambda c, x, y: x if truth_of(c) else y, (condition, then, otherwise))

    def node(context: Context) -> Operand:
        found = condition(context)
        if is_many(context, found):
            return by_value(context)
        chosen = (then if truth_of(scalar_of(context, found)) else otherwise)(context)
        return 0.0 if chosen is None else chosen

    return node


def _if_failed(*codes: str) -> _Build:
    """IFERROR, and IFNA for its one code."""

    def caught(value: Scalar) -> bool:
        return isinstance(value, ErrorValue) and (not codes or value.code in codes)

    def build(nodes: list[Node]) -> Node:
        def node(context: Context) -> Operand:
            try:
                found = nodes[0](context)
                if is_many(context, found):
                    other = scalar_of(context, nodes[1](context))
                    return Array(
                        [
                            [other if caught(value) else value for value in row]
                            for row in matrix_of(context, found)
                        ]
                    )
                value = scalar_of(context, found)
                return 0.0 if value is None else value
            except Failed as failed:
                if not caught(failed.value):
                    raise
            other_value = scalar_of(context, nodes[1](context))
            return 0.0 if other_value is None else other_value

        return node

    return build


def _logical(result: Callable[[list[bool]], bool]) -> _Build:
    """AND and OR: texts and blanks in ranges do not count."""

    def build(nodes: list[Node]) -> Node:
        def node(context: Context) -> bool:
            truths: list[bool] = []
            for one in nodes:
                operand = one(context)
                if isinstance(operand, (Area, Array)):
                    for value in _values(context, operand):
                        if isinstance(value, ErrorValue):
                            raise Failed(value.code)
                        if isinstance(value, (float, bool)):
                            truths.append(bool(value))
                else:
                    truths.append(truth_of(operand))
            if not truths:
                raise Failed(VALUE)
            return result(truths)

        return node

    return build


def _kind(test: Callable[[Scalar], bool]) -> _Build:
    """ISNUMBER and its like: of errors, too."""

    def build(nodes: list[Node]) -> Node:
        def node(context: Context) -> Operand:
            try:
                found = nodes[0](context)
                if is_many(context, found):
                    return Array([[test(value) for value in row] for row in matrix_of(context, found)])
                return test(scalar_of(context, found))
            except Failed as failed:
                return test(failed.value)

        return node

    return build


_EXACT = DecimalContext(
    prec=400
)  # digits: the largest double has 309, and 20 more behind the point are rounded


def _rounded(rounding: str) -> Callable[[Scalar, Scalar], float]:
    def function(value: Scalar, digits: Scalar) -> float:
        number, places = number_of(value), int(number_of(digits))
        if places > 20 or places < -308:
            return number if places > 0 else 0.0
        # The 15 digits that count: 2.675 rounds up, though as a double it is a little less.
        return float(Decimal(number_text(number)).quantize(Decimal(1).scaleb(-places), rounding, _EXACT))

    return function


def _whole(value: Scalar) -> float:
    return float(Decimal(number_text(number_of(value))).to_integral_value(ROUND_FLOOR))


def _modulo(value: Scalar, divisor: Scalar) -> float:
    x, y = number_of(value), number_of(divisor)
    return added(x, -y * _whole(divided(x, y)))


def _value_of(text: Scalar) -> float:
    return number_of(text)


_SHOWN_NUMBER = re.compile(r"([#,]*0+)(?:\.(0+))?(%?)")


def _shown(value: Scalar, code: Scalar) -> str:
    """TEXT with the formats 0, 0.00, #,##0.00, 0.00%, @."""
    wanted = text_of(code)
    if wanted in ("@", "General", "G/通用格式") or isinstance(value, str):
        if isinstance(value, str) and PERHAPS_NUMBER.match(value):
            raise Uncalculable(f"文字“{value[:12]}”要作为数来算")
        return text_of(value)
    found = _SHOWN_NUMBER.fullmatch(wanted) if len(wanted) <= NUMBER_FORMAT else None
    if found is None or ("," in found[1] and found[1] != "#,##0"):
        raise Uncalculable(f"TEXT 的格式“{wanted[:20]}”不在本程序能算的公式之内")
    decimals = len(found[2] or "")
    number = _rounded(ROUND_HALF_UP)(number_of(value) * (100 if found[3] else 1), float(decimals))
    grouping = "," if "," in found[1] else ""
    shown = f"{abs(number):{grouping}.{decimals}f}"
    least = found[1].replace("#", "").replace(",", "")
    whole, dot, rest = shown.partition(".")
    return ("-" if number < 0 else "") + whole.rjust(len(least), "0") + dot + rest + found[3]


def _part(text: Scalar, start: int, count: int) -> str:
    if start < 0 or count < 0:
        raise Failed(VALUE)
    return text_of(text)[start : start + count]


def _joined(nodes: list[Node]) -> Node:
    def node(context: Context) -> str:
        def pieces() -> Iterator[str]:
            for one in nodes:
                operand = one(context)
                if isinstance(operand, (Area, Array)):
                    yield from map(text_of, _values(context, operand))
                else:
                    yield text_of(operand)

        return joined(pieces())

    return node


def _sum_product(nodes: list[Node]) -> Node:
    def node(context: Context) -> float:
        inside = context._replace(array=True)
        matrices = []
        for one in nodes:
            operand = one(inside)
            if isinstance(operand, Area):
                operand = inside.calculation.clipped(operand) if operand.size > LARGE else operand
            matrices.append(matrix_of(inside, operand))
        shapes = {(len(matrix), len(matrix[0])) for matrix in matrices}
        if len(shapes) > 1:
            raise Failed(VALUE)
        products = []
        for cells in zip(*(chain.from_iterable(matrix) for matrix in matrices), strict=True):
            product = 1.0
            for value in cells:
                if isinstance(value, ErrorValue):
                    raise Failed(value.code)
                product *= value if isinstance(value, float) else 0.0
            products.append(product)
        return _total(products)

    return node


_CRITERION = re.compile(r"(<>|<=|>=|=|<|>)?(.*)", re.DOTALL)
_CRITERION_LENGTH = 255  # characters, as Excel; a longer one gives #VALUE! there, too
_COMPARED = 256  # characters that are compared in the time in which a cell is looked at


def _criterion(wanted: Scalar, spend: Callable[[int], None]) -> Callable[[Scalar], bool]:
    """What SUMIF and COUNTIF look for: a value, or a text such as “>=5”, “<>”, “教育*”. `spend` counts the work."""
    if isinstance(wanted, ErrorValue):
        raise Failed(wanted.code)
    if wanted is None:
        wanted = 0.0
    if isinstance(wanted, bool):
        return lambda value: value is wanted
    if isinstance(wanted, float):
        number = wanted
        return lambda value: _as_number(value) == number
    found = _CRITERION.fullmatch(wanted)
    assert found is not None
    sign, rest = found[1] or "", found[2]
    plain = PLAIN_NUMBER.fullmatch(rest)
    if sign in ("<", ">", "<=", ">="):
        if plain is None:
            raise Uncalculable("按文字的先后作条件")
        limit = number_of(rest)
        meets = OPERATORS[sign]
        return lambda value: isinstance(value, float) and bool(meets(value, limit))
    if plain is not None:
        number = number_of(rest)
        if sign == "<>":
            return lambda value: _as_number(value) != number
        return lambda value: _as_number(value) == number
    if PERHAPS_NUMBER.match(rest):
        raise Uncalculable(f"文字“{rest[:12]}”作条件")
    if not rest:
        if sign == "=":
            return lambda value: value is None
        if sign == "<>":
            return lambda value: value is not None
        return lambda value: value in (None, "")
    if len(rest) > _CRITERION_LENGTH:
        raise Failed(VALUE)
    pieces = _wildcards(rest)

    def is_like(value: Scalar) -> bool:
        if not isinstance(value, str):
            return False
        spend(len(value) * len(rest) // _COMPARED)
        return _is_like(value, pieces)

    return (lambda value: not is_like(value)) if sign == "<>" else is_like


class _Piece(NamedTuple):
    """What stands between two “*”: so many characters."""

    length: int
    pattern: re.Pattern[str]


def _wildcards(text: str) -> list[_Piece]:
    between: list[list[str]] = [[]]
    for one in re.findall(r"~[*?~]|[*?]|[^*?~]|~", text):
        if one == "*":
            between.append([])
        else:
            between[-1].append("." if one == "?" else re.escape(one[-1]))
    flags = re.IGNORECASE | re.DOTALL
    return [_Piece(len(one), re.compile("".join(one), flags)) for one in between]


def _is_like(text: str, pieces: Sequence[_Piece]) -> bool:
    """Whether these stand in a text in their order, the first where it begins and the last where it ends.

    Each is looked for once, behind the one before: what is taken as early as it can be leaves the most to the others.
    """
    first, last = pieces[0], pieces[-1]
    if len(pieces) == 1:
        return first.pattern.fullmatch(text) is not None
    at, end = first.length, len(text) - last.length
    if at > end or first.pattern.match(text) is None or last.pattern.match(text, end) is None:
        return False
    for piece in pieces[1:-1]:
        found = piece.pattern.search(text, at, end)
        if found is None:
            return False
        at = found.end()
    return True


def _as_number(value: Scalar) -> float | None:
    """A number, or what a text of digits says; None for everything else."""
    if isinstance(value, float):
        return value
    if isinstance(value, str) and (found := PLAIN_NUMBER.fullmatch(value)):
        return float(found[1].replace(",", "")) / (100 if found[2] else 1)
    return None


def _area(context: Context, node: Node) -> Area:
    operand = node(context)
    if not isinstance(operand, Area):
        raise Uncalculable("按条件计算时没有给出区域")
    return operand


def _matching(context: Context, pairs: Sequence[tuple[Node, Node]], summed: Node | None) -> Iterator[Scalar]:
    """The values to add or count where all criteria are met."""
    areas = [_area(context, node) for node, _ in pairs]
    spend = context.calculation.spend
    tests = [_criterion(scalar_of(context, node(context)), spend) for _, node in pairs]
    shape = (areas[0].bottom - areas[0].top, areas[0].right - areas[0].left)
    if any((area.bottom - area.top, area.right - area.left) != shape for area in areas):
        raise Failed(VALUE)
    calculation = context.calculation
    source = _area(context, summed) if summed is not None else areas[0]
    height, width = shape
    if areas[0].size > LARGE:
        if summed is None and all(test(None) for test in tests):
            raise Uncalculable("要数出整列中的空格")
        used = [calculation.clipped(area) for area in (*areas, source)]
        height = min(height, max(one.bottom - one.top for one in used))
        width = min(width, max(one.right - one.left for one in used))
    spend((height + 1) * (width + 1) * (len(areas) + 1))
    for row in range(height + 1):
        for column in range(width + 1):
            if all(
                test(calculation.value(area.sheet, area.top + row, area.left + column))
                for area, test in zip(areas, tests, strict=True)
            ):
                yield calculation.value(source.sheet, source.top + row, source.left + column)


def _found_numbers(values: Iterable[Scalar]) -> list[float]:
    numbers = []
    for value in values:
        if isinstance(value, ErrorValue):
            raise Failed(value.code)
        if isinstance(value, float):
            numbers.append(value)
    return numbers


def _pairs(nodes: Sequence[Node]) -> list[tuple[Node, Node]]:
    if len(nodes) % 2:
        raise Uncalculable("条件的个数不对")
    return list(zip(nodes[::2], nodes[1::2], strict=True))


def _sum_if(function: Callable[[list[float]], float]) -> _Build:
    def build(nodes: list[Node]) -> Node:
        summed = nodes[2] if len(nodes) > 2 else nodes[0]
        return lambda context: function(_found_numbers(_matching(context, [(nodes[0], nodes[1])], summed)))

    return build


def _sum_ifs(function: Callable[[list[float]], float]) -> _Build:
    def build(nodes: list[Node]) -> Node:
        pairs = _pairs(nodes[1:])
        return lambda context: function(_found_numbers(_matching(context, pairs, nodes[0])))

    return build


def _count_ifs(nodes: list[Node]) -> Node:
    pairs = _pairs(nodes)
    return lambda context: float(sum(1 for _ in _matching(context, pairs, None)))


def _line_number(of: Callable[[Context], int], first: Callable[[Area], int]) -> _Build:
    """ROW and COLUMN."""

    def build(nodes: list[Node]) -> Node:
        def node(context: Context) -> float:
            if not nodes:
                return float(of(context) + 1)
            return float(first(_area(context, nodes[0])) + 1)

        return node

    return build


def _not_available(_: list[Node]) -> Node:
    def node(_: Context) -> NoReturn:
        raise Failed(NA)

    return node


FUNCTIONS: dict[str, tuple[int, int, _Build]] = {
    "SUM": (1, _MANY, _aggregate(_total)),
    "PRODUCT": (1, _MANY, _aggregate(_product)),
    "AVERAGE": (1, _MANY, _aggregate(_mean)),
    "MAX": (1, _MANY, _aggregate(lambda numbers: max(numbers, default=0.0))),
    "MIN": (1, _MANY, _aggregate(lambda numbers: min(numbers, default=0.0))),
    "COUNT": (1, _MANY, _counting(_is_number)),
    "COUNTA": (1, _MANY, _counting(lambda value, in_range: value is not None or not in_range)),
    "COUNTBLANK": (1, 1, _blanks),
    "SUMIF": (2, 3, _sum_if(_total)),
    "SUMIFS": (3, _MANY, _sum_ifs(_total)),
    "AVERAGEIF": (2, 3, _sum_if(_mean)),
    "AVERAGEIFS": (3, _MANY, _sum_ifs(_mean)),
    "COUNTIF": (2, 2, _count_ifs),
    "COUNTIFS": (2, _MANY, _count_ifs),
    "SUMPRODUCT": (1, _MANY, _sum_product),
    "IF": (2, 3, _if),
    "IFERROR": (2, 2, _if_failed()),
    "IFNA": (2, 2, _if_failed(NA)),
    "AND": (1, _MANY, _logical(all)),
    "OR": (1, _MANY, _logical(any)),
    "NOT": (1, 1, _each(lambda value: not truth_of(value))),
    "TRUE": (0, 0, lambda _: constant(True)),
    "FALSE": (0, 0, lambda _: constant(False)),
    "NA": (0, 0, _not_available),
    "ISNUMBER": (1, 1, _kind(lambda value: isinstance(value, float))),
    "ISTEXT": (1, 1, _kind(lambda value: isinstance(value, str))),
    "ISBLANK": (1, 1, _kind(lambda value: value is None)),
    "ISERROR": (1, 1, _kind(lambda value: isinstance(value, ErrorValue))),
    "ABS": (1, 1, _each(lambda value: abs(number_of(value)))),
    "INT": (1, 1, _each(_whole)),
    "MOD": (2, 2, _each(_modulo)),
    "ROUND": (2, 2, _each(_rounded(ROUND_HALF_UP))),
    "ROUNDUP": (2, 2, _each(_rounded(ROUND_UP))),
    "ROUNDDOWN": (2, 2, _each(_rounded(ROUND_DOWN))),
    "TRUNC": (1, 2, _each(_rounded(ROUND_DOWN), 0.0)),
    "LEN": (1, 1, _each(lambda text: float(len(text_of(text).encode("utf-16-le")) // 2))),
    "VALUE": (1, 1, _each(_value_of)),
    "TEXT": (2, 2, _each(_shown)),
    "TRIM": (1, 1, _each(lambda text: re.sub(" +", " ", text_of(text).strip(" ")))),
    "LEFT": (1, 2, _each(lambda text, count: _part(text, 0, int(number_of(count))), 1.0)),
    "RIGHT": (
        1,
        2,
        _each(lambda text, count: text_of(text)[max(0, len(text_of(text)) - int(number_of(count))) :], 1.0),
    ),
    "MID": (
        3,
        3,
        _each(lambda text, start, count: _part(text, int(number_of(start)) - 1, int(number_of(count)))),
    ),
    "CONCATENATE": (1, _MANY, _joined),
    "CONCAT": (1, _MANY, _joined),
    "EXACT": (2, 2, _each(lambda one, other: text_of(one) == text_of(other))),
    "ROW": (0, 1, _line_number(lambda context: context.row, lambda area: area.top)),
    "COLUMN": (0, 1, _line_number(lambda context: context.column, lambda area: area.left)),
}
