"""A message is what happened, what it means for the data, and what to do."""

from __future__ import annotations

import pickle

from gxeditor.core.errors import DamagedFile, Defects, EntryError, GxError


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


def test_an_error_keeps_its_parts_on_the_way_from_another_process() -> None:
    error = pickle.loads(pickle.dumps(EntryError("“-1”是负数，没有填入。", "", "这一格只填整数。")))
    assert (error.what, error.meaning, error.remedy) == ("“-1”是负数，没有填入。", "", "这一格只填整数。")
