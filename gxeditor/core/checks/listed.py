"""Checks that a data file lists, of whatever is checked by them: the units of a roll-up, the requests of a ledger.

Knows what such a check states, how a finding is known again and when an explanation settles it, what becomes of a check
that could not look, and how the file is read with all its defects at once. Does not know what any of them compares: who
checks brings a function for each code, and what its checks state besides. Rules of a single report are `rules`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from gxeditor.core.cards import Status
from gxeditor.core.checks.rules import Severity
from gxeditor.core.defects import Reading
from gxeditor.core.report import Explainable, Explanation


@dataclass(frozen=True)
class Check:
    """One check, as its data file states it.

    `action` is the word for what is done first, `milder` the other weight of a check that has two. `messages` are its
    sentences by key, with fields in braces; `limits` figures by name.
    """

    code: str
    severity: Severity
    title: str
    action: str
    basis: str
    status: Status
    messages: Mapping[str, str]
    milder: Severity | None = None
    limits: Mapping[str, Decimal] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def mark(self) -> str:
        """How sure its basis is, and the basis after it: 「〔各地做法〕…」."""
        return f"〔{self.status.words}〕{self.basis}"


@dataclass(frozen=True)
class CheckFinding(Explainable):
    """A check that is not met.

    `sentence` is the key of its message, `place` tells it from the others of its check. `values` are what it rests on,
    as texts; `explanation` is of just those. What it is about is each kind's own.
    """

    check: Check
    severity: Severity
    sentence: str
    place: str
    message: str
    values: tuple[str, ...] = field(default=(), kw_only=True)
    explanation: Explanation | None = field(default=None, kw_only=True)

    @property
    def rule(self) -> str:
        """The code of its check: H-08, L-04 …"""
        return self.check.code

    @property
    def title(self) -> str:
        return self.check.title

    @property
    def word(self) -> str:
        return self.severity.word

    @property
    def address(self) -> str:
        """What it is known by in a file: check and place."""
        return f"{self.check.code}@{self.place}"

    @property
    def can_be_explained(self) -> bool:
        """Whether a reason settles it: an error is mended."""
        return self.severity is not Severity.ERROR


@dataclass(frozen=True)
class NotChecked:
    """A check that could not be evaluated, or not for some of what it is about; `reason` is a clause, no full stop."""

    check: Check
    reason: str


_Finding = TypeVar("_Finding", bound=CheckFinding)
_Missed = TypeVar("_Missed", bound=NotChecked)
_Check = TypeVar("_Check", bound=Check)


@dataclass(frozen=True)
class CheckFindings(Generic[_Finding, _Missed]):
    """What checking found, worst first, in the order of the checks; explained ones among them.

    `not_checked` are the checks that could not be evaluated at all, each check once or more; `undetermined` what could
    not be of checks that were (不可判定); `met` the checks with nothing to say.
    """

    findings: tuple[_Finding, ...] = ()
    not_checked: tuple[_Missed, ...] = ()
    undetermined: tuple[_Missed, ...] = ()
    met: tuple[Check, ...] = ()

    @cached_property
    def open(self) -> tuple[_Finding, ...]:
        """The findings that no explanation settles."""
        return tuple(one for one in self.findings if not one.is_explained)

    @cached_property
    def explained(self) -> tuple[_Finding, ...]:
        return tuple(one for one in self.findings if one.is_explained)

    def count(self, severity: Severity) -> int:
        """How many that are open weigh as much, each by itself."""
        return self._counts[severity.value]

    @cached_property
    def _counts(self) -> Counter[str]:
        return Counter(one.severity.value for one in self.open)

    @cached_property
    def checked(self) -> int:
        """How many checks were evaluated."""
        return len({one.rule for one in self.findings}) + len(self.met)

    @cached_property
    def missed(self) -> int:
        """How many checks were not: the 5 of 「5 项没有检查」."""
        return len({one.check.code for one in self.not_checked})

    @property
    def missed_words(self) -> str:
        """「5 项没有检查：本地区自己的年报还没有（H-10、H-18），……」, "" if all were."""
        reasons: dict[str, list[str]] = {}
        for one in self.not_checked:
            codes = reasons.setdefault(one.reason, [])
            if one.check.code not in codes:
                codes.append(one.check.code)
        told = "；".join(f"{reason}（{'、'.join(codes)}）" for reason, codes in reasons.items())
        return f"{self.missed} 项没有检查：{told}。" if reasons else ""


# --- checking

LOOKED = None
"""What a check gives to say that it could compare something, although not all."""


class Outcome(NamedTuple, Generic[_Finding, _Missed]):
    """What `CheckFindings` is made of, in its order."""

    findings: tuple[_Finding, ...]
    not_checked: tuple[_Missed, ...]
    undetermined: tuple[_Missed, ...]
    met: tuple[Check, ...]


def evaluated(
    checks: Iterable[_Check],
    results: Callable[[_Check], Iterator[_Finding | _Missed | None]],
    explanations: Mapping[str, Explanation],
    given_up: Callable[[], bool] = lambda: False,
) -> Outcome[_Finding, _Missed]:
    """What these checks give, worst first, with what a person said of it.

    `results` evaluates one check: findings, what it could not look at, `LOOKED`. One that gives nothing is met. What it
    could not look at is undetermined if it looked at anything else, and else the check was not made. Once `given_up`
    says so, nothing more is looked for: what is given then is not to be used.
    """
    findings: list[_Finding] = []
    missed: list[_Missed] = []
    undetermined: list[_Missed] = []
    met: list[Check] = []
    for one in checks:
        if given_up():
            break
        found: list[_Finding] = []
        not_checked: list[_Missed] = []
        looked = False
        for result in results(one):
            if result is None:
                looked = True
            elif isinstance(result, NotChecked):
                not_checked.append(result)
            else:
                found.append(result)
        findings += found
        if found or looked or not not_checked:
            undetermined += not_checked
        else:
            missed += not_checked
        if not found and (looked or not not_checked):
            met.append(one)
    explained = (_with_explanation(one, explanations) for one in findings)
    return Outcome(
        tuple(sorted(explained, key=lambda one: one.severity.rank)),
        tuple(missed),
        tuple(undetermined),
        tuple(met),
    )


def _with_explanation(one: _Finding, explanations: Mapping[str, Explanation]) -> _Finding:
    if not one.can_be_explained or one.address not in explanations:
        return one
    return replace(one, explanation=explanations[one.address])


# --- the data


class Wanted(Protocol):
    """What the data of a check has to have: its sentences, each with the fields it may use, its limits, two weights."""

    @property
    def sentences(self) -> Mapping[str, str]: ...
    @property
    def limits(self) -> tuple[str, ...]: ...
    @property
    def milder(self) -> bool: ...


class Stated(NamedTuple):
    """The attributes of `Check`, in its order."""

    code: str
    severity: Severity
    title: str
    action: str
    basis: str
    status: Status
    messages: Mapping[str, str]
    milder: Severity | None
    limits: Mapping[str, Decimal]


_KEYS = ("code", "severity", "milder", "title", "action", "basis", "status", "messages", "limits")
_Wanted = TypeVar("_Wanted", bound=Wanted)


def parse_listed(
    data: Mapping[str, Any],
    wanted: Mapping[str, _Wanted],
    more: Sequence[str],
    make: Callable[[Reading, _Wanted, Stated], _Check],
    what: str,
) -> tuple[_Check, ...]:
    """The checks of a data file, in its order. `wanted` are those that there have to be, by code, each once.

    `more` are keys that `make` reads of a check besides those of `Check`. Raises `Defects`, led by `what`, with every
    defect: unknown or missing checks, sentences with unknown fields, limits that are no numbers, and what `make` notes.
    """
    reading = Reading(data)
    reading.known(("checks",))
    found: list[_Check] = []
    codes: Counter[str] = Counter()
    for one in reading.tables("checks", needed=True):
        one.known((*_KEYS, *more))
        code = one.text("code")
        test = wanted.get(code)
        if test is None:
            if code:
                one.wrong(f"不认识的检查 {code}")
            continue
        codes[code] += 1
        found.append(make(one, test, _stated(one, code, test)))
    for code, count in codes.items():
        if count > 1:
            reading.wrong(f"{code} 有 {count} 条")
    for code in wanted:
        if code not in codes:
            reading.wrong(f"缺少 {code}")
    reading.check(what)
    return tuple(found)


def _stated(one: Reading, code: str, test: Wanted) -> Stated:
    weights = [weight.value for weight in Severity]
    severity = one.one_of("severity", weights)
    status = one.one_of("status", [status.value for status in Status])
    milder = one.one_of("milder", weights) if test.milder else None
    if not test.milder and "milder" in one.data:
        one.wrong("不应有 milder")
    return Stated(
        code,
        Severity(severity) if severity else Severity.HINT,
        one.text("title"),
        one.text("action"),
        one.text("basis"),
        Status(status) if status else Status.UNVERIFIED,
        one.sentences("messages", test.sentences),
        Severity(milder) if milder else None,
        one.limits("limits", test.limits),
    )
