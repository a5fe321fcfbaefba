"""What an agency's kind and its province ask beyond the form (a profile), as data, and with what a report is checked.

Knows limits, phrases that are required, days and unit words, each with whether it is a rule or a practice and where it
is stated. Opens no file: `resources` reads resources/profiles and what an office was handed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from gxeditor.core.checks.rules import Example
from gxeditor.core.report import Report


class Stated(NamedTuple):
    """A value of a profile: what it is, whether it was read as a rule or seen as a practice, and where."""

    value: Any
    status: Literal["rule", "practice", "old"]
    source: str


@dataclass(frozen=True)
class Profile:
    """What is asked in one province; `values` by the keys of resources/profiles. The national one asks nothing more."""

    id: str = ""
    name: str = "全国"
    values: Mapping[str, Stated] = field(default_factory=lambda: MappingProxyType({}))

    def get(self, key: str, default: Any = None) -> Any:
        stated = self.values.get(key)
        return default if stated is None else stated.value


@dataclass(frozen=True)
class Given:
    """With what a report is checked, besides itself and last year's that it keeps.

    `today` is None where no day matters; `off` says of rules, by code, why the user has none of them checked. `prior`
    is last year's report, set by `check`.
    """

    today: date | None = None
    profile: Profile = Profile()
    off: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    prior: Report | None = None


def given_of(example: Example) -> Given:
    """With what an example of a rule is to be checked: its day, and what its profile asks."""
    stated = {key: Stated(value, "rule", "") for key, value in example.profile.items()}
    profile = Profile("example", "地方要求", MappingProxyType(stated)) if stated else Profile()
    return Given(date.fromisoformat(example.today) if example.today else None, profile)
