"""What must not become public: numbers of persons and accounts, names of applicants, what a web page left behind.

Each check takes a report, a rule that names it in `test`, and what else a report is checked with. Knows how such
numbers are built; whether one may be published is for a person to say, so each is asked about and none is taken out. A
number is shown with its middle left out: a message ends up in lists and print.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from gxeditor.core.checks.anchors import Span, named
from gxeditor.core.checks.findings import Finding, NotChecked
from gxeditor.core.checks.passages import Hit, found_in, spotted, words_of
from gxeditor.core.checks.profiles import Given
from gxeditor.core.checks.rules import Rule
from gxeditor.core.difference import PREAMBLE
from gxeditor.core.expressions import expression
from gxeditor.core.report import Report

Results = Iterator[Finding | NotChecked]

_PLAIN = str.maketrans("０１２３４５６７８９Ｘｘ－", "0123456789Xx-")  # places stay


def _finding(report: Report, rule: Rule, where: Span, shown: str) -> Finding:
    message = rule.message.format(place=named(where, report.form), text=shown)
    return Finding(rule, where, message)


def _masked(text: str) -> str:
    """A number without its middle: 410***********1234."""
    kept = 3 if len(text) > 8 else 2
    return f"{text[:kept]}{'*' * (len(text) - 2 * kept)}{text[-kept:]}"


_LONG_ID = expression(
    r"(?<![0-9A-Za-z])[1-8][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx](?![0-9A-Za-z])"
)
_SHORT_ID = expression(
    r"(?<![0-9A-Za-z])[1-8][0-9]{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}(?![0-9A-Za-z])"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_SIGNS = "10X98765432"
"""GB 11643-1999: the weights of the first 17 digits, and the last sign by the sum of their products modulo 11."""


def _has_check_sign(number: str) -> bool:
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False))
    return number[17].upper() == _CHECK_SIGNS[total % 11]


def _id_numbers(report: Report, rule: Rule, given: Given) -> Results:
    for where, _, said in found_in(report, _ids):
        yield _finding(report, rule, where, _masked(said))


@lru_cache(maxsize=2048)
def _ids(paragraph: str) -> tuple[Hit, ...]:
    """Numbers of 18 signs whose last one is right, or that are called so; of 15 only those that are called so."""
    plain = paragraph.translate(_PLAIN)
    called = "身份证" in plain or "证件号" in plain
    found = [
        Hit(one.start(), one.end()) for one in _LONG_ID.finditer(plain) if called or _has_check_sign(one[0])
    ]
    if called:
        found += [Hit(one.start(), one.end()) for one in _SHORT_ID.finditer(plain)]
    return tuple(sorted(found))


_MOBILE = expression(
    r"(?<![0-9A-Za-z./-])(?:(?:\+|00)?86[- ]?)?1[3-9][0-9](?:[0-9]{8}|([- ])[0-9]{4}\1[0-9]{4})"
    r"(?![0-9A-Za-z./-]|\.[0-9]|\s?(?:人次|[个次条件人元篇]))"
)
_LANDLINE = expression(
    r"(?<![0-9A-Za-z./-])(?:0[0-9]{2,3}[-—－– ]{0,2})?[2-8][0-9]{6,7}(?![0-9A-Za-z./%-]|[元条件份次人])"
)


def _phones(report: Report, rule: Rule, given: Given) -> Results:
    """Mobile numbers anywhere; others only beside a person, and never in the preamble, where the office's stands."""
    persons, offices = words_of(rule, "persons"), words_of(rule, "offices")
    sections = (*(section.key for section in report.form.sections), *(name for name, _ in report.notes))
    for keys, beside in (((PREAMBLE,), None), (sections, persons)):
        for where, _, said in found_in(report, _numbers, beside, offices, keys=keys):
            yield _finding(report, rule, where, _masked(said))


@lru_cache(maxsize=2048)
def _numbers(paragraph: str, persons: re.Pattern[str] | None, offices: re.Pattern[str]) -> tuple[Hit, ...]:
    plain = paragraph.translate(_PLAIN)
    found = [Hit(one.start(), one.end()) for one in _MOBILE.finditer(plain)]
    for one in _LANDLINE.finditer(plain) if persons is not None else ():
        near = plain[max(0, one.start() - 24) : one.start()]
        if offices.search(near):  # 群众可拨打电话……反映: the number that they call is an office's
            continue
        if persons is not None and persons.search(near) and ("电话" in near or one[0].startswith("0")):
            found.append(Hit(one.start(), one.end()))
    return tuple(sorted(found))


_ACCOUNT = expression(r"(?<![0-9A-Za-z])[0-9]{4}(?:[ -]?[0-9]{4}){2,3}[ -]?[0-9]{0,7}(?![0-9A-Za-z])")


def _accounts(report: Report, rule: Rule, given: Given) -> Results:
    """A number of 12 to 19 digits that is called an account, or one of a bank card by its check digit."""
    for where, _, said in found_in(report, _accounts_of, words_of(rule, "called")):
        yield _finding(report, rule, where, _masked(said))


@lru_cache(maxsize=2048)
def _accounts_of(paragraph: str, called: re.Pattern[str]) -> tuple[Hit, ...]:
    plain = paragraph.translate(_PLAIN)
    found = []
    for one in _ACCOUNT.finditer(plain):
        digits = re.sub("[ -]", "", one[0])
        near = plain[max(0, one.start() - 12) : one.start()]
        is_card = digits.startswith("62") and 16 <= len(digits) <= 19 and _has_check_digit(digits)
        if 12 <= len(digits) <= 19 and (called.search(near) or is_card):
            found.append(Hit(one.start(), one.end()))
    return tuple(found)


def _has_check_digit(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B (Luhn)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _spotted(report: Report, rule: Rule, given: Given) -> Results:
    """What a rule lists in its `patterns`, shown as it stands."""
    for where, _, said in spotted(report, rule):
        yield _finding(report, rule, where, said)


TESTS = {
    "id_number": _id_numbers,
    "phone": _phones,
    "account": _accounts,
    "disclosed": _spotted,
}
"""The checks that a rule can name in `test`."""
