"""A class of values behaves as the one that `dataclasses` itself would make of it."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import KW_ONLY, FrozenInstanceError, field
from typing import Any, ClassVar

import pytest

from gxeditor.core.values import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    table: str
    row: int = 0
    seen: list[str] = field(default_factory=list, compare=False, repr=False)

    def below(self) -> Place:
        return dataclasses.replace(self, row=self.row + 1)


@dataclass(frozen=True)
class Named:
    kind: ClassVar[str] = "named"
    name: str
    _: KW_ONLY
    place: Place | None = None


@dataclass(frozen=True)
class Longer(Named):
    more: int = 3


@dataclass(slots=True)
class Counter:
    count: int = 0
    twice: int = field(init=False, default=7)

    def __post_init__(self) -> None:
        self.twice = 2 * self.count


@dataclass(frozen=True, eq=False)
class Itself:
    name: str


@dataclass(frozen=True)
class Own:
    name: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Own)

    def __hash__(self) -> int:
        return 5


@dataclass
class Nothing:
    pass


def _fails(deed: Callable[[], object], error: type[Exception]) -> None:
    with pytest.raises(error):
        deed()


def test_a_value_takes_its_fields_by_place_and_by_name_and_refuses_others() -> None:
    assert Place("t", 2) == Place(row=2, table="t")
    assert Place("t").seen is not Place("t").seen
    made: Any = Place
    _fails(lambda: made(), TypeError)
    _fails(lambda: made("t", 1, [], 4), TypeError)
    named: Any = Named
    _fails(lambda: named("n", Place("t")), TypeError)
    assert Longer("n", 4, place=Place("t")).place == Place("t")
    assert Counter(4).twice == 8


def test_values_are_equal_by_what_is_compared_and_by_their_class() -> None:
    assert Place("t", seen=["a"]) == Place("t")
    assert hash(Place("t", seen=["a"])) == hash(Place("t"))
    assert Named("n") != Longer("n")
    assert Itself("a") != Itself("a")
    assert Own("a") == Own("b")
    assert hash(Own("a")) == 5
    assert Nothing() == Nothing()
    _fails(lambda: hash(Counter()), TypeError)


def test_a_frozen_value_cannot_be_changed() -> None:
    for value in (Place("t"), Named("n"), Itself("i")):
        _fails(lambda value=value: setattr(value, "name", 1), (FrozenInstanceError, TypeError))  # type: ignore[misc, arg-type]
        _fails(lambda value=value: delattr(value, dataclasses.fields(value)[0].name), FrozenInstanceError)  # type: ignore[misc]
    counter = Counter(1)
    counter.count = 5
    assert counter.count == 5


def test_a_value_prints_itself_and_can_be_matched_copied_replaced_and_kept() -> None:
    place = Place("t", 2, ["x"])
    assert repr(place) == "Place(table='t', row=2)"
    assert repr(Longer("n")) == "Longer(name='n', place=None, more=3)"
    match place:
        case Place(table, row):
            assert (table, row) == ("t", 2)
    for again in (copy.deepcopy(place), pickle.loads(pickle.dumps(place))):
        assert (again, again.seen) == (place, ["x"])
    assert pickle.loads(pickle.dumps(Longer("n", 9))).more == 9
    assert place.below().row == 3
    assert dataclasses.asdict(Named("n", place=place)) == {
        "name": "n",
        "place": {"table": "t", "row": 2, "seen": ["x"]},
    }


def test_only_the_first_value_of_a_class_compiles_anything() -> None:
    first = vars(Nothing)["__init__"]
    Nothing()
    second = vars(Nothing)["__init__"]
    Nothing()
    assert vars(Nothing)["__init__"] is second
    assert first.__code__ is not second.__code__ or first is second
