"""Classes of values, as `dataclasses` makes them, without the compiling that a start would spend on each.

`dataclasses` writes up to six functions for every class and compiles them when the module is loaded: for the classes
of a start that takes longer than reading the report. Here the fields are its own (`fields`, `replace`, `asdict` and
`match` work as ever), what compares and prints is shared, and only `__init__` is compiled, when a first value is made.

Knows `frozen`, `slots`, `eq`, `repr`, `kw_only` and `field`; no order, no `InitVar`.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:
    import dataclasses

    def dataclass(cls=None, /, **how):
        """A class of values; the arguments are those of `dataclasses.dataclass`."""
        return (lambda cls: _made(cls, **how)) if cls is None else _made(cls, **how)

    def _made(cls, *, frozen=False, slots=False, eq=True, repr=True, kw_only=False):
        own = set(vars(cls))
        made = dataclasses.dataclass(cls, init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)
        fields = dataclasses.fields(made)
        made.__init__ = _first_init(made, fields, frozen)
        given = {}
        if repr:
            given["__repr__"] = _repr([one.name for one in fields if one.repr])
        if eq:
            given["__eq__"] = _eq(_getter([one.name for one in fields if one.compare]))
            hashed = [one.name for one in fields if (one.compare if one.hash is None else one.hash)]
            given["__hash__"] = _hash(_getter(hashed)) if frozen else None
            if "__eq__" in own and "__hash__" in own and vars(made)["__hash__"] is None:
                own.discard("__hash__")  # Python itself says None of a class that has only `__eq__`
        names = frozenset(one.name for one in fields)
        if frozen:
            given["__setattr__"], given["__delattr__"] = _refusing(made, names)
        if slots and frozen:
            given["__getstate__"], given["__setstate__"] = _state([one.name for one in fields])
        for name, function in given.items():
            if name not in own:
                setattr(made, name, function)
        return made


def _first_init(cls: Any, fields: Any, frozen: bool) -> Callable[..., None]:
    """Makes `__init__` when it is first called and puts that in its own place."""

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        init = _init(cls, fields, frozen)
        if cls.__init__ is __init__:
            cls.__init__ = init
        init(self, *args, **kwargs)

    return __init__


def _init(cls: Any, fields: Any, frozen: bool) -> Callable[..., None]:
    from dataclasses import MISSING

    known: dict[str, Any] = {"MISSING": MISSING, "put": object.__setattr__}
    positional: list[str] = []
    keywords: list[str] = []
    body: list[str] = []
    for one in fields:
        name, value = one.name, one.name
        if one.default_factory is not MISSING:
            known[f"make_{name}"] = one.default_factory
            value = f"make_{name}()"
            if one.init:
                value += f" if {name} is MISSING else {name}"
            default = "=MISSING"
        elif one.default is not MISSING:
            known[f"default_{name}"] = one.default
            default = f"=default_{name}"
            if not one.init:
                value = f"default_{name}"
        else:
            default = ""
            if not one.init:
                continue
        if one.init:
            (keywords if one.kw_only else positional).append(name + default)
        body.append(f" put(self, {name!r}, {value})" if frozen else f" self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        body.append(" self.__post_init__()")
    if keywords:
        keywords.insert(0, "*")
    head = f"def __init__({', '.join(['self', *positional, *keywords])}):\n"
    exec(head + ("\n".join(body) or " pass"), known)
    init: Callable[..., None] = known["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    return init


def _getter(names: list[str]) -> Callable[[Any], Any]:
    """What gives the values of these fields as a tuple."""
    if len(names) > 1:
        return attrgetter(*names)
    if not names:
        return lambda _value: ()
    (name,) = names
    get = attrgetter(name)
    return lambda value: (get(value),)


def _repr(names: list[str]) -> Callable[[Any], str]:
    from reprlib import recursive_repr

    @recursive_repr("...")
    def __repr__(self: Any) -> str:
        shown = ", ".join([f"{name}={getattr(self, name)!r}" for name in names])
        return f"{type(self).__qualname__}({shown})"

    return __repr__


def _eq(values: Callable[[Any], Any]) -> Callable[[Any, Any], bool]:
    def __eq__(self: Any, other: Any) -> bool:
        if other.__class__ is self.__class__:
            return bool(values(self) == values(other))
        return NotImplemented

    return __eq__


def _hash(values: Callable[[Any], Any]) -> Callable[[Any], int]:
    def __hash__(self: Any) -> int:
        return hash(values(self))

    return __hash__


def _refusing(cls: Any, names: frozenset[str]) -> tuple[Callable[..., None], Callable[..., None]]:
    from dataclasses import FrozenInstanceError

    def __setattr__(self: Any, name: str, value: Any) -> None:
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)

    def __delattr__(self: Any, name: str) -> None:
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)

    return __setattr__, __delattr__


def _state(names: list[str]) -> tuple[Callable[..., Any], Callable[..., None]]:
    values = _getter(names)
    put = object.__setattr__

    def __getstate__(self: Any) -> Any:
        return values(self)

    def __setstate__(self: Any, state: Any) -> None:
        for name, value in zip(names, state, strict=True):
            put(self, name, value)

    return __getstate__, __setstate__
