"""An expression is compiled when it is first used, and finds what the same one compiled at once finds."""

from __future__ import annotations

import re

import pytest

from gxeditor.core.expressions import expression


def test_an_expression_is_compiled_at_its_first_use_and_not_before() -> None:
    faulty = expression("(")
    with pytest.raises(re.error):
        faulty.search("（")


def test_an_expression_finds_what_a_compiled_one_finds_with_its_flags() -> None:
    text = "新收12件\n其中3件\n"
    for source, flags in (("[0-9]+", re.NOFLAG), ("^其中", re.MULTILINE), ("收.*中", re.DOTALL)):
        later, compiled = expression(source, flags), re.compile(source, flags)
        assert [m.span() for m in later.finditer(text)] == [m.span() for m in compiled.finditer(text)]
        assert later.sub("×", text) == compiled.sub("×", text)
        assert later.groups == compiled.groups
