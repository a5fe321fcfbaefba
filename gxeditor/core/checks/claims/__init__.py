"""What the prose says in numbers, and whether the tables say the same (正文与表).

`figures` finds the numbers, `reading` what they speak of, `comparing` what the tables say of that. May be called from
outside: `compared`, `bindable`, `followable`, `words_of`, `CLAIM`.
"""

from __future__ import annotations

from collections.abc import Iterable

from gxeditor.core.checks.claims.comparing import CLAIM as CLAIM
from gxeditor.core.checks.claims.comparing import Compared as Compared
from gxeditor.core.checks.claims.comparing import compared as compared
from gxeditor.core.checks.claims.reading import words_of as words_of
from gxeditor.core.checks.findings import Claimed
from gxeditor.core.checks.rules import Rule
from gxeditor.core.report import Bound, Report, show_entry


def bindable(report: Report, rules: Iterable[Rule], section: str) -> tuple[tuple[Bound, str], ...]:
    """The numbers of a section's prose, or of the preamble's, that can follow the tables, in order.

    Each with what it would follow, as a clerk calls it. Those are the claims that agree with what they speak of,
    have one reading only, and state in plain digits what the cells say.
    """
    return followable(one for one in compared(report, rules, None).claims if one.where.section == section)


def followable(claims: Iterable[Claimed]) -> tuple[tuple[Bound, str], ...]:
    """The same of numbers that were compared already."""
    return tuple(
        (Bound(claim.where.start, claim.text, claim.reading.cells), claim.reading.name)
        for claim in claims
        if claim.reading is not None and _follows(claim)
    )


def _follows(claim: Claimed) -> bool:
    """Whether a claim has one reading, and its figure written as the cells would write it."""
    agreeing = [one for one in claim.readings if one.value == claim.value]
    return (
        claim.state == "same"
        and len(agreeing) == 1
        and not agreeing[0].prior
        and not claim.how
        and claim.text == show_entry(agreeing[0].value)
    )
