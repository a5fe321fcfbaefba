"""The template that the child holds: the same results as in one process, cheap to ask, and no death loses it."""

from __future__ import annotations

import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from gxeditor import documents, worker
from gxeditor.core.errors import Cancelled, GxError
from gxeditor.core.report import Report
from gxeditor.mapping.corrections import without
from gxeditor.resources import resource
from gxeditor.templates.shelf import export_map, filled, open_template, plan_filling
from gxeditor.ui.template import held as held_module
from gxeditor.ui.template.held import HeldTemplate, open_held
from gxeditor.ui.template.state import Planned, Wish, plan_wish
from tests.template_pages import FULL, PERSON, UNITS

HANGS = "挂起"


@pytest.fixture(scope="module")
def report() -> Report:
    return documents.read(resource("samples/lushan-2022.txt")).report


def wanted() -> bool:
    return False


def opened(path: Path, report: Report) -> tuple[HeldTemplate, Planned]:
    return open_held(path, report, wanted)


def end_child() -> None:
    pid = worker.shared().pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)


def hang(*_: object) -> None:
    while True:
        time.sleep(0.01)


@pytest.mark.parametrize("path", [FULL, UNITS], ids=["a form", "a list"])
def test_the_child_plans_and_fills_what_one_process_does(path: Path, report: Report) -> None:
    held, planned = opened(path, report)
    here = open_template(path, report)
    there = plan_wish(here, report, Wish(here.map))
    assert (planned.looks, planned.groups, planned.lines) == (there.looks, there.groups, there.lines)
    assert planned.filling is not None
    assert there.filling is not None
    assert planned.filling.written == there.filling.written
    assert held.fill(report, planned.wish, wanted) == filled(plan_filling(here, [report]))
    assert filled(planned.filling) == filled(
        there.filling
    )  # what was not sent is what the file holds already


def test_a_correction_is_planned_without_sending_the_template_again(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, planned = opened(FULL, report)
    sizes: list[int] = []
    really_dump = worker.dumped

    def dumped(value: object) -> bytes:
        sizes.append(len(really_dump(value)))
        return really_dump(value)

    monkeypatch.setattr(worker, "dumped", dumped)
    wish = Wish(without(planned.wish.map, report.form, [PERSON]))
    again = held.plan(report, wish, wanted)
    assert again.wish is wish
    assert again.filling is not None
    assert planned.filling is not None
    assert again.filling.count == planned.filling.count - 1
    assert max(sizes) < len(held.opened.template.package.data) * 4
    assert len(sizes) == 2  # one call, and the job it is part of


def test_a_child_that_died_gets_the_template_again_whatever_became_of_the_file(
    report: Report, tmp_path: Path
) -> None:
    path = Path(shutil.copy(UNITS, tmp_path / "汇总.xlsx"))
    held, planned = opened(path, report)
    before = held.fill(report, planned.wish, wanted)
    path.write_bytes(b"another file")
    end_child()
    assert held.fill(report, planned.wish, wanted) == before
    path.unlink()
    end_child()
    assert held.plan(report, planned.wish, wanted).looks == planned.looks


def test_another_template_in_the_child_does_not_take_the_place_of_this_one(report: Report) -> None:
    one, planned = opened(FULL, report)
    before = one.fill(report, planned.wish, wanted)
    two, _ = opened(UNITS, report)
    assert one.fill(report, planned.wish, wanted) == before
    two.forget(wanted)
    assert one.fill(report, planned.wish, wanted) == before


def test_a_plan_that_hangs_ends_with_a_sentence_and_what_was_shown_stays(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, planned = opened(FULL, report)
    monkeypatch.setattr(held_module, "_plan", hang)
    monkeypatch.setattr(held_module, "SECONDS", 0.5)
    stopped = held.plan(report, planned.wish, wanted)
    assert stopped.filling is None
    assert stopped.trouble is not None
    assert stopped.trouble.what == "算出要写入的内容用了 0.5 秒还没有完成，已经停止。"
    assert stopped.groups == planned.groups
    monkeypatch.undo()
    assert held.plan(report, planned.wish, wanted).filling is not None


def test_filling_that_hangs_is_cancelled_within_a_moment(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, planned = opened(FULL, report)
    monkeypatch.setattr(held_module, "_fill", hang)
    asked: list[bool] = []

    def after_a_while() -> bool:
        asked.append(True)
        return len(asked) > 5

    with pytest.raises(Cancelled):
        held.fill(report, planned.wish, after_a_while)


def test_the_map_of_another_template_is_refused_and_its_own_is_taken(report: Report, tmp_path: Path) -> None:
    held, planned = opened(FULL, report)
    own, other = tmp_path / "甲.json", tmp_path / "乙.json"
    export_map(open_template(FULL, report), own)
    export_map(open_template(UNITS, report), other)
    taken = held.map_in(own, report, wanted).targets
    assert {key: one.ref for key, one in taken.items()} == {
        key: one.ref for key, one in planned.wish.map.targets.items()
    }
    with pytest.raises(GxError, match="模板的结构不同"):
        held.map_in(other, report, wanted)


def test_a_corrected_map_is_kept_under_the_mark_that_it_has_in_one_process(report: Report) -> None:
    held, planned = opened(FULL, report)
    corrected = without(planned.wish.map, report.form, [PERSON])
    assert held.with_map(corrected, wanted).map == open_template(FULL, report).with_map(corrected).map
