"""A message is what happened, what it means for the data, and what to do."""

from __future__ import annotations

import pickle

import pytest

from gxeditor.core import errors
from gxeditor.core.errors import DamagedFile, Defects, EntryError, GxError

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, GxError)]


def test_a_message_reads_as_its_three_sentences() -> None:
    error = GxError("文件打不开。", "年报没有受到影响。", "请关闭占用它的程序后再试。")
    assert str(error) == "文件打不开。年报没有受到影响。请关闭占用它的程序后再试。"


def test_a_message_without_a_remedy_ends_after_its_meaning() -> None:
    assert str(DamagedFile("第 3 行读不懂。", "文件没有改动。")) == "第 3 行读不懂。文件没有改动。"
    assert str(EntryError("“十二”不是数字，没有填入。")) == "“十二”不是数字，没有填入。"


def test_defects_are_told_together_and_kept_apart() -> None:
    error = Defects("规则文件有误", ("规则 T3-01 重复", "规则 T3-02 缺少 basis"))
    assert error.what == "规则文件有误：规则 T3-01 重复；规则 T3-02 缺少 basis。"
    assert error.defects == ("规则 T3-01 重复", "规则 T3-02 缺少 basis")


def test_a_defect_is_told_without_signs_that_turn_the_line_round_and_no_longer_than_a_line() -> None:
    error = Defects("文件有误", ("格\u202e甲\n乙\0", "丙" * 2_000))
    assert error.what.startswith("文件有误：格甲乙；丙丙")
    assert error.what.endswith("…。")
    assert len(error.what) < 400
    assert error.defects[0] == "格\u202e甲\n乙\0"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_trouble_survives_the_way_to_another_process(kind: type[GxError]) -> None:
    """Whatever a kind asks for to be made, and whatever was hung on it since."""
    if kind is Defects:
        error: GxError = Defects("文件有误", ("一处", "另一处"))
    else:
        error = kind("打不开。", "没有读入任何内容。", "请换一个文件。")
    error.page = 3  # type: ignore[attr-defined]
    back = pickle.loads(pickle.dumps(error))
    assert type(back) is kind
    assert (vars(back), back.args, str(back)) == (vars(error), error.args, str(error))
