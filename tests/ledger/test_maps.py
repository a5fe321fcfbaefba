"""What a person said of columns and words is written, read and kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from gxeditor.core.errors import GxError
from gxeditor.ledger.maps import LedgerMap, from_json, read_map, store_map, stored_map, to_json, write_map
from gxeditor.resources import load_form, load_vocabulary

SAID = LedgerMap({"怎么办的": "outcome", "经办": ""}, {"outcome": {"不掌握": "U1"}})


def test_a_map_reads_back_as_it_was_written(tmp_path: Path) -> None:
    write_map(SAID, tmp_path / "对应.json")
    assert to_json(read_map(tmp_path / "对应.json", load_vocabulary(load_form()))) == to_json(SAID)


def test_everything_wrong_with_a_map_is_told_at_once() -> None:
    text = '{"columns": {"甲": "no_field"}, "words": {"outcome": {"乙": "X9"}, "subject": {"丙": "G1"}}}'
    with pytest.raises(GxError) as error:
        from_json(text, load_vocabulary(load_form()), "对应.json")
    assert all(word in error.value.what for word in ("3 处", "no_field", "X9", "subject"))


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"columns": []}', '{"other": 1}', '{"words": {"outcome": 1}}']
)
def test_what_is_no_map_is_refused(text: str) -> None:
    with pytest.raises(GxError):
        from_json(text, load_vocabulary(load_form()))


def test_a_kept_map_is_found_by_the_headings(tmp_path: Path) -> None:
    vocabulary = load_vocabulary(load_form())
    store_map(SAID, "序号|收到日期", tmp_path)
    assert stored_map(["别的", "序号|收到日期"], vocabulary, tmp_path).columns == SAID.columns
    assert not stored_map(["别的"], vocabulary, tmp_path).columns


def test_a_damaged_kept_map_is_moved_aside_and_told(tmp_path: Path) -> None:
    store_map(SAID, "序号", tmp_path)
    (kept,) = tmp_path.glob("*.json")
    kept.write_text("{", encoding="utf-8")
    told: list[object] = []
    assert not stored_map(["序号"], load_vocabulary(load_form()), tmp_path, told.append).words
    assert len(told) == 1
    assert not kept.exists()


def test_what_is_said_now_counts_before_what_was_said() -> None:
    now = LedgerMap(words={"outcome": {"不掌握": "U2", "办了": "G1"}})
    assert now.over(SAID).words == {"outcome": {"不掌握": "U2", "办了": "G1"}}
    assert now.over(SAID).columns == SAID.columns
    assert SAID.with_column("结果", "outcome").columns == {"经办": "", "结果": "outcome"}
    assert SAID.with_word("outcome", "办了", "G1").words["outcome"] == {"不掌握": "U1", "办了": "G1"}
