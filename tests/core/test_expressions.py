"""An expression is compiled when it is first used, and finds what the same one compiled at once finds."""

from __future__ import annotations

import re
from typing import cast

import pytest

from gxeditor.core.checks import content, deadlines, disclosure, passages
from gxeditor.core.checks.claims import comparing, figures, reading
from gxeditor.core.checks.rules import CLAIM
from gxeditor.core.expressions import expression, led, met, needed
from gxeditor.resources import load_form, load_rules
from tests.agreeing import agreeing


def test_an_expression_is_compiled_at_its_first_use_and_not_before() -> None:
    faulty = expression("(", re.DOTALL)
    with pytest.raises(re.error):
        faulty.search("（")


def test_an_expression_is_not_compiled_for_a_text_without_the_words_it_needs() -> None:
    faulty = expression("(?:复议|诉讼)(?:案件)?(?<!a*)")
    assert faulty.search("本机关收到申请3件") is None
    assert list(faulty.finditer("")) == faulty.findall("共3件") == []
    assert faulty.match("无") is faulty.fullmatch("无") is None
    with pytest.raises(re.error):
        faulty.search("行政复议3件")


@pytest.mark.parametrize(
    ("source", "need"),
    [
        ("收到|新收件", (("收到",), ("新收件",))),
        ("新收?到", (("新", "到"),)),
        ("共+计", (("计", (("共",),)),)),
        ("(?:和|与)?申请(?!人|书)", (("申请",),)),
        ("[件条]的", (("的", (("件",), ("条",))),)),
        ("[^件]的|第[一-九]章", (("的",), ("第", "章"))),
        (r"(?<=第)\d{1,3}(?:条|款)", (((("第",),), (("条",), ("款",))),)),
        ("申请{0,3}|a", (("申",), ("a",))),
        (r"申请\.{2}", (("申请", ((".",),)),)),
        (r"(?P<word>复议)(?P=word)", (("复议",),)),
        ("(?:复议|)件?", None),
        ("收到|[0-9]", None),
        (r"\u4e00申请", None),
        ("(?i:x)申请", None),
        ("[]a]", (("]",), ("a",))),
        ("", None),
    ],
)
def test_what_an_expression_needs_is_read_from_it(source: str, need: object) -> None:
    assert needed(source) == need


def _all() -> list[re.Pattern[str]]:
    """The expressions of the rules and of the modules that read prose."""
    later: object = expression("")
    found: list[object] = []
    for module in (comparing, content, deadlines, disclosure, figures, passages, reading):
        found += vars(module).values()
    for rule in load_rules(load_form()):
        found += rule.made.values()
    patterns: list[re.Pattern[str]] = []
    while found:
        one = found.pop()
        if isinstance(one, tuple | list):
            found += one
        elif isinstance(one, dict):
            found += one.values()
        elif type(one) is type(later):
            patterns.append(cast("re.Pattern[str]", one))
    return patterns


def test_every_text_that_an_expression_of_ours_matches_has_what_it_needs() -> None:
    texts = [
        part
        for rule in load_rules(load_form())
        for example in (rule.good, rule.bad)
        for text in (*example.texts.values(), *example.prior_texts.values())
        for part in (text, *re.split("[，。；]", text))
    ]
    assert len(texts) > 500
    patterns = _all()
    assert len(patterns) > 100
    matched = vain = 0
    for one in patterns:
        compiled, need = re.compile(one.pattern), needed(one.pattern)
        if need is None:
            continue
        for text in texts:
            if compiled.search(text):
                matched += 1
                assert met(need, text), (one.pattern, text)
            else:
                vain += not met(need, text)
    assert matched > 1000
    assert vain > matched  # it is worth asking


def test_an_expression_finds_what_a_compiled_one_finds_with_its_flags() -> None:
    text = "新收12件\n其中3件\n"
    for source, flags in (("[0-9]+", re.NOFLAG), ("^其中", re.MULTILINE), ("收.*中", re.DOTALL)):
        later, compiled = expression(source, flags), re.compile(source, flags)
        assert [m.span() for m in later.finditer(text)] == [m.span() for m in compiled.finditer(text)]
        assert later.sub("×", text) == compiled.sub("×", text)
        assert later.groups == compiled.groups


@pytest.mark.parametrize(
    ("source", "behind"),
    [
        ("(?P<a>甲|乙)丙", "(?=[乙甲])(?:"),
        ("(?:甲)?乙", "(?=[乙甲])(?:"),
        ("[0-9]{2}件", "(?=[0-9])(?:"),
        (r"\d+件|\(一\)", r"(?=[\(\d])(?:"),
        ("(?<!不)予以", "(?=[予])(?:"),
        ("(?=[甲乙])丙", "(?=[丙])(?:"),
        ("[-甲]乙", r"(?=[\-甲])(?:"),
        ("[甲-]乙", r"(?=[\-甲])(?:"),
        ("甲{0,2}乙", "(?=[乙甲])(?:"),
        ("甲*", ""),
        ("甲|", ""),
        (".甲", ""),
        ("[^甲]乙", ""),
        (r"\w甲", r"(?=[\w])(?:"),
        (r"\W甲", ""),
        (r"\b甲|\A乙", "(?=[乙甲])(?:"),
        ("甲[^乙]", "(?=[甲])(?:"),
        ("(?i:a)", ""),
    ],
)
def test_an_expression_is_led_by_what_it_can_begin_with(source: str, behind: str) -> None:
    assert led(source) == (f"{behind}{source})" if behind else source)
    re.compile(led(source))


def test_an_expression_of_ours_that_is_led_finds_the_same() -> None:
    form = load_form()
    texts = [text for number in range(60) for _, text in agreeing(form, number).report.texts]
    rule = next(one for one in load_rules(form) if one.kind == CLAIM)
    finders = reading.vocabulary(rule.data["words"], tuple(form.cells)).finders
    assert all(pattern.pattern.startswith("(?=[") for _, pattern, _ in finders)
    for _, pattern, _ in finders:
        plain = re.compile(pattern.pattern.partition("])")[2])
        for text in texts:
            found = [(one.span(), one.lastgroup) for one in pattern.finditer(text)]
            assert found == [(one.span(), one.lastgroup) for one in plain.finditer(text)]
