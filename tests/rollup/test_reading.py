"""A folder of reports is read: every file once, by its unit, and nothing that is no report."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from gxeditor import documents, worker
from gxeditor.core.checks.profiles import Given
from gxeditor.core.errors import UnreadableSource
from gxeditor.core.report import Report
from gxeditor.core.rollup.checks import check
from gxeditor.core.rollup.project import Fee, Received, Rollup, State
from gxeditor.core.rollup.returning import counted
from gxeditor.core.rollup.units import Unit, UnitKind, Units
from gxeditor.exports.blanks import rollup_bytes
from gxeditor.exports.long_table import long_table
from gxeditor.exports.rollup_workbook import rollup_workbook_bytes
from gxeditor.files.package import Package
from gxeditor.imports import sheets
from gxeditor.imports.doors import Which
from gxeditor.imports.source import ManyUnits
from gxeditor.mapping.placement import map_template
from gxeditor.resources import load_form, load_rollup_checks, load_rules
from gxeditor.rollup import reading
from gxeditor.rollup.reading import Outcome, Scan, is_left_out, is_paper, look, read, read_folder, scan
from gxeditor.store.report_file import save_report
from gxeditor.templates.plan import Template, plan
from gxeditor.templates.shelf import filled
from gxeditor.workbook.read import read_workbook
from tests.area import area

FORM = load_form()
FILED = list(area(6))
"""Six bureaus of one county, each with its report."""
COUNTY = FILED[0].county
MOMENT = "2026-01-20T10:00"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "收到的年报"
    folder.mkdir()
    return folder


def report(number: int) -> Report:
    return FILED[number].report


def put(folder: Path, number: int, name: str = "", suffix: str = ".gxr") -> Path:
    path = folder / (name or f"{FILED[number].name}2025年年报{suffix}")
    path.parent.mkdir(parents=True, exist_ok=True)
    documents.export(report(number), path)
    return path


def rollup(count: int = 6) -> Rollup:
    units = (
        Unit("c", f"{COUNTY}人民政府", UnitKind.COUNTY),
        *(Unit(f"u{number}", FILED[number].name, parent="c") for number in range(count)),
    )
    return Rollup(FORM, year=2025, owner=COUNTY, units=Units(units))


def filled_list(*reports: Report) -> bytes:
    """A workbook with a row for each of these reports."""
    package = Package.from_bytes(rollup_bytes(FORM, units=len(reports) + 1))
    workbook = read_workbook(package)
    return filled(plan(Template(package, workbook, map_template(workbook, FORM)), reports))


def by_unit(rollup: Rollup) -> dict[str, Received]:
    return {one.unit: one for one in rollup.received}


# --- which files


@pytest.mark.parametrize(
    "name",
    [
        "~$年报.docx",
        ".~锁.gxh.lock",
        "年报.gxr~",
        ".隐藏.gxr",
        "松塘县.gxh",
        "Thumbs.db",
        "desktop.ini",
        "a.tmp",
        "年报.lnk",
    ],
)
def test_what_programs_leave_in_a_folder_is_no_report(folder: Path, name: str) -> None:
    (folder / name).write_text("x", encoding="utf-8")
    assert scan(folder, folder) == Scan(())
    assert is_left_out(name)


def test_files_of_subfolders_are_named_with_slashes_from_the_project(folder: Path) -> None:
    (folder / "乡镇" / "东").mkdir(parents=True)
    (folder / "乡镇" / "东" / "甲.gxr").write_text("x", encoding="utf-8")
    (folder / "乙.docx").write_text("xy", encoding="utf-8")
    assert [(one.path, one.size) for one in scan(folder, folder.parent).files] == [
        ("收到的年报/乙.docx", 2),
        ("收到的年报/乡镇/东/甲.gxr", 1),
    ]


def test_a_folder_that_links_to_itself_is_gone_through_once(folder: Path) -> None:
    (folder / "甲.gxr").write_text("x", encoding="utf-8")
    (folder / "里").mkdir()
    (folder / "里" / "外").symlink_to(folder, target_is_directory=True)
    (folder / "断").symlink_to(folder / "没有")
    assert [one.path for one in scan(folder, folder).files] == ["甲.gxr"]


def test_a_pipe_is_not_waited_for(folder: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("no pipes here")
    os.mkfifo(folder / "管道.docx")
    assert scan(folder, folder).files == ()


def test_a_folder_that_is_not_there_is_said_and_changes_nothing(folder: Path) -> None:
    with pytest.raises(UnreadableSource, match="不见了"):
        read_folder(rollup(), folder / "没有", moment=MOMENT)
    file = folder / "a.txt"
    file.write_text("x", encoding="utf-8")
    with pytest.raises(UnreadableSource, match="不是文件夹"):
        scan(file, folder)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="nothing is closed to this user")
def test_rows_below_a_folder_into_which_nobody_can_look_stay(folder: Path) -> None:
    put(folder, 0, "里/甲.gxr")
    before = read_folder(rollup(), folder, moment=MOMENT)
    (folder / "里").chmod(0)
    try:
        after = read(before, folder, moment=MOMENT)
    finally:
        (folder / "里").chmod(0o755)
    assert after.refused == ("里",)
    assert after.into(before) is before


def test_a_closed_folder_keeps_what_was_read_below_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder, 0, "里/甲.gxr")
    before = read_folder(rollup(), folder, moment=MOMENT)
    monkeypatch.setattr(reading, "scan", lambda *_: Scan((), ("里",)))
    after = read(before, folder, moment=MOMENT)
    assert after.into(before) is before


def test_the_list_of_units_itself_is_left_out(folder: Path) -> None:
    units = folder / "单位名单.txt"
    units.write_text("\n".join(one.name for one in FILED), encoding="utf-8")
    assert scan(folder, folder, [units]).files == ()


# --- reading


def test_own_and_foreign_files_give_the_same_figures(folder: Path) -> None:
    suffixes = (".gxr", ".docx", ".xlsx", ".html", ".txt", ".pdf")
    for number, suffix in enumerate(suffixes):
        put(folder, number, suffix=suffix)
    done = by_unit(read_folder(rollup(), folder, moment=MOMENT))
    for number, suffix in enumerate(suffixes):
        one = done[f"u{number}"]
        assert one.values == tuple(report(number).value(cell) for cell in FORM.cells), suffix
        assert (one.agency, one.year, one.edition) == (FILED[number].name, 2025, "2021")
        assert (one.reader, one.received, one.problem) == (suffix[1:], MOMENT, "")
        assert one.matched


def test_every_check_of_a_single_report_is_made(folder: Path) -> None:
    wrong = report(0).with_entry("requests.received.total", 10**6)
    save_report(wrong, folder / "a.gxr", None)
    from gxeditor.core.checks.check import check

    day = datetime.fromisoformat(MOMENT).date()
    found = check(wrong, load_rules(FORM), given=Given(today=day, complete=True))
    (one,) = read_folder(rollup(), folder, moment=MOMENT).received
    assert [(told.rule, told.message, told.address) for told in one.found] == [
        (each.rule.code, each.message, each.address) for each in found.open
    ]
    assert one.count("error") > 0
    assert (one.checked, one.not_checked) == counted(found)


def test_last_years_figures_of_the_unit_are_checked_against(folder: Path) -> None:
    last = rollup()
    before = report(0).with_fields(year=2024).with_entry("requests.carried_forward.natural_person", 777)
    save_report(before, folder / "a.gxr", None)
    last = read_folder(replace(last, year=2024), folder, moment=MOMENT)
    save_report(report(0).with_fields(year=2025), folder / "a.gxr", None)
    first = read_folder(rollup(), folder, moment=MOMENT)
    with_prior = replace(first, prior=last.as_prior())
    second = read_folder(with_prior, folder, moment=MOMENT)  # the same file, but it has to be checked anew
    assert not any("777" in told.message for told in first.received[0].found)
    assert any("777" in told.message for told in second.received[0].found)
    assert read_folder(second, folder, moment=MOMENT) is second


def test_a_fee_for_processing_is_read_of_the_sixth_section(folder: Path) -> None:
    text = "本年度发出收费通知3件，收取信息处理费1,200元。"
    save_report(report(0).with_section("other_matters", text), folder / "a.gxr", None)
    (one,) = read_folder(rollup(), folder, moment=MOMENT).received
    assert one.fee == Fee(3, "1200")


def test_what_is_no_report_says_so_in_a_row(folder: Path) -> None:
    (folder / f"{FILED[0].name}.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 50)
    (folder / "通知.txt").write_text("请各单位于1月20日前报送年报。", encoding="utf-8")
    (folder / "坏.gxr").write_bytes(b'{"format": "gxeditor-report/1"')
    (folder / "空.docx").write_bytes(b"")
    done = read_folder(rollup(), folder, moment=MOMENT)
    assert all(one.problem and not one.is_report for one in done.received)
    assert {one.path for one in done.received} == {path.name for path in folder.iterdir()}
    picture = by_unit(done)["u0"]  # its name says whose it is
    assert "图片" in picture.problem
    assert done.states["u0"] is State.INCOMPLETE


def test_a_file_that_takes_too_long_costs_one_row(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder, 0)
    put(folder, 1, suffix=".docx")
    monkeypatch.setattr(worker, "SECONDS", 0.0)
    done = by_unit(read_folder(rollup(), folder, moment=MOMENT))
    assert "还没有完成" in done["u1"].problem
    assert done["u0"].is_report


def _dies(token: str, jobs: tuple[reading._Job, ...]) -> object:
    if any(job.path.endswith("死.gxr") for job in jobs):
        os._exit(3)
    return reading._read_files(token, jobs)


def test_a_reader_that_dies_costs_one_row(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        put(folder, number)
    put(folder, 4, "死.gxr")
    original = worker.Worker.run

    def run(
        self: worker.Worker, function: Callable[..., object], *arguments: object, **how: object
    ) -> object:
        called = _dies if function is reading._read_files else function
        return original(self, called, *arguments, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(worker.Worker, "run", run)
    monkeypatch.setattr(reading, "_BATCH", 10)
    done = read_folder(rollup(), folder, moment=MOMENT)
    dead = [one for one in done.received if not one.is_report]
    assert [one.path for one in dead] == ["死.gxr"]
    assert "意外停止" in dead[0].problem
    assert len(done.used) == 4


def test_a_list_of_units_is_a_row_for_each(folder: Path) -> None:
    path = folder / "各单位汇总.xlsx"
    path.write_bytes(filled_list(report(0), report(1), report(2)))
    done = read_folder(rollup(), folder, moment=MOMENT)
    assert [(one.row, one.reader, one.unit) for one in done.received] == [
        (FILED[number].name, "row", f"u{number}") for number in range(3)
    ]
    assert all(one.year == 2025 and "没有写年份" in one.notes[-1] for one in done.received)
    for number, one in enumerate(done.received):
        mine = [
            value for cell, value in zip(FORM.cells, one.values, strict=True) if not FORM.cells[cell].is_total
        ]
        assert mine == [report(number).value(cell) for cell in FORM.cells if not FORM.cells[cell].is_total]


def test_a_list_of_more_units_than_a_moment_allows_is_read_as_well(folder: Path) -> None:
    many = list(area(reading._FEW_ROWS + 2))
    (folder / "各单位汇总2025.xlsx").write_bytes(filled_list(*(one.report for one in many)))
    units = Units(tuple(Unit(f"u{number}", one.name) for number, one in enumerate(many)))
    done = read_folder(replace(rollup(), units=units), folder, moment=MOMENT)
    assert len(done.used) == len(many)
    for number, one in enumerate(many):
        values = done.used[f"u{number}"].values
        assert values == tuple(one.report.value(cell) for cell in FORM.cells)


def test_papers_of_a_roll_up_are_not_read(folder: Path) -> None:
    put(folder, 0)
    done = read_folder(rollup(), folder, moment=MOMENT)
    book = folder / "改了名字的.xlsx"
    book.write_bytes(rollup_workbook_bytes(done, None, datetime(2026, 1, 20)))
    assert is_paper(book)
    assert read_folder(done, folder, moment=MOMENT) is done


# --- the second time


def test_what_is_unchanged_is_not_read_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        put(folder, number, suffix=(".gxr", ".docx", ".xlsx")[number])
    first = read_folder(rollup(), folder, moment=MOMENT)
    monkeypatch.setattr(reading._Reading, "_serve", None)  # no child is asked for anything
    again = read_folder(first, folder, moment="2026-02-01T00:00")
    assert again is first
    os.utime(folder / f"{FILED[1].name}2025年年报.docx")
    touched = read_folder(first, folder, moment="2026-02-01T00:00")
    assert [one.read for one in touched.received] == [MOMENT] * 3


def test_a_changed_file_is_read_again_alone(folder: Path) -> None:
    for number in range(3):
        put(folder, number)
    first = read_folder(rollup(), folder, moment=MOMENT)
    path = folder / first.used["u1"].path
    save_report(report(1).with_entry("requests.received.company", 5), path, None)
    assert look(first, folder) == {path.name}
    heard: list[str] = []
    second = read_folder(
        first, folder, moment="2026-02-01T00:00", heard=lambda rows: heard.extend(one.path for one in rows)
    )
    assert heard == [path.name]
    assert second.used["u1"].received == "2026-02-01T00:00"
    assert second.used["u0"] is first.used["u0"]
    assert look(second, folder) == frozenset()


def test_a_file_that_has_gone_is_a_unit_that_has_not_reported(folder: Path) -> None:
    path = put(folder, 0)
    first = read_folder(rollup(), folder, moment=MOMENT)
    path.unlink()
    assert look(first, folder) == {path.name}
    assert read_folder(first, folder, moment=MOMENT).states["u0"] is State.MISSING


def test_a_file_that_was_moved_keeps_what_was_decided(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(folder, 0)
    first = read_folder(rollup(), folder, moment=MOMENT)
    first = first.with_received([replace(first.received[0], decided="use", decided_why="核对过")])
    (folder / "县直").mkdir()
    path.rename(folder / "县直" / "新名.gxr")
    monkeypatch.setattr(reading._Reading, "_serve", None)
    (one,) = read_folder(first, folder, moment="2026-02-01T00:00").received
    assert (one.path, one.decided, one.decided_why, one.unit) == ("县直/新名.gxr", "use", "核对过", "u0")


def test_what_a_person_decided_stays_with_the_file(folder: Path) -> None:
    path = put(folder, 0, "不知是谁.gxr")
    first = read_folder(rollup(), folder, moment=MOMENT)
    chosen = replace(first.received[0], unit="u3", matched="您选定的", decided="use")
    save_report(report(0).with_entry("requests.received.company", 5), path, None)
    (one,) = read_folder(first.with_received([chosen]), folder, moment=MOMENT).received
    assert (one.unit, one.decided) == ("u3", "use")
    assert one.values != chosen.values


def test_a_file_of_another_agency_is_matched_anew(folder: Path) -> None:
    path = put(folder, 0, "年报.gxr")
    first = read_folder(rollup(), folder, moment=MOMENT)
    save_report(report(1), path, None)
    assert [one.unit for one in first.received] == ["u0"]
    assert [one.unit for one in read_folder(first, folder, moment=MOMENT).received] == ["u1"]


def test_a_unit_that_came_onto_the_list_gets_its_file(folder: Path) -> None:
    put(folder, 5)
    few = rollup(3)
    first = read_folder(few, folder, moment=MOMENT)
    assert first.received[0].unit == ""
    assert first.received[0].why_not
    later = read_folder(replace(first, units=rollup().units), folder, moment=MOMENT)
    assert later.received[0].unit == "u5"


def test_a_reading_that_is_cancelled_keeps_what_was_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        put(folder, number)
    monkeypatch.setattr(reading, "_BATCH", 1)
    monkeypatch.setattr(reading, "CHILDREN", 1)
    heard: list[Received] = []
    stopped = read(rollup(), folder, moment=MOMENT, heard=heard.extend, cancelled=lambda: len(heard) >= 2)
    assert not stopped.is_whole
    assert 2 <= len(stopped.received) < 6
    rest = read_folder(stopped.into(rollup()), folder, moment=MOMENT)
    assert len(rest.used) == 6


def test_a_changed_file_that_was_not_reached_is_told(folder: Path) -> None:
    path = put(folder, 0)
    first = read_folder(rollup(), folder, moment=MOMENT)
    save_report(report(0).with_entry("requests.received.company", 5), path, None)
    stopped = read_folder(first, folder, moment=MOMENT, cancelled=lambda: True)
    assert stopped.states["u0"] is State.CHANGED
    assert read_folder(stopped, folder, moment=MOMENT).states["u0"] is not State.CHANGED


def test_progress_goes_from_nothing_to_all(folder: Path) -> None:
    for number in range(3):
        put(folder, number, suffix=".txt")
    told: list[tuple[int, int, str]] = []
    read_folder(rollup(), folder, moment=MOMENT, progress=lambda *at: told.append(at))
    assert next(one[:2] for one in told) == (0, 3)
    assert told[-1][:2] == (3, 3)
    assert all(done <= of for done, of, _ in told)


def test_what_was_read_is_taken_into_a_roll_up_that_changed_meanwhile(folder: Path) -> None:
    path = put(folder, 0)
    first = read_folder(rollup(), folder, moment=MOMENT)
    save_report(report(0).with_entry("requests.received.company", 5), path, None)
    outcome = read(first, folder, moment=MOMENT)
    decided = first.with_received([replace(first.received[0], decided="hold", decided_why="等重报")])
    (one,) = outcome.into(decided).received
    assert (one.decided, one.decided_why) == ("hold", "等重报")


def test_a_folder_on_a_stick_reads_alike_wherever_it_lies(folder: Path, tmp_path: Path) -> None:
    put(folder, 0)
    first = read_folder(rollup(), folder, base=tmp_path, moment=MOMENT)
    elsewhere = tmp_path / "别处"
    elsewhere.mkdir()
    shutil.move(folder, elsewhere / folder.name)
    assert look(first, elsewhere / folder.name, base=elsewhere) == frozenset()


def test_a_list_of_more_lines_than_a_report_has_cells_is_read_a_line_at_a_time(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "SHOWN_CELLS", 1000)
    monkeypatch.setattr(sheets, "_LIST_ROWS", 3)
    path = folder / "各单位.xlsx"
    path.write_bytes(filled_list(report(0), report(1), report(2)))
    alone = documents.read(path, Which(2025, FILED[1].name)).report
    assert [alone.value(cell) for cell in FORM.cells] == [report(1).value(cell) for cell in FORM.cells]
    with pytest.raises(ManyUnits) as told:
        documents.read(path, Which(2025))
    assert told.value.each is not None
    assert [name for name, _ in told.value.each()] == [FILED[number].name for number in range(3)]
    with pytest.raises(ManyUnits, match="找不到唯一的“青州市档案局”"):
        documents.read(path, Which(2025, "青州市档案局"))
    monkeypatch.setattr(sheets, "_LIST_ROWS", 100)
    with pytest.raises(UnreadableSource, match="超过 1000 格"):
        documents.read(path, Which(2025))


def test_a_claim_that_is_made_while_its_file_is_read_holds(folder: Path) -> None:
    path = put(folder, 0, "不知是谁.gxr")
    first = read_folder(rollup(), folder, moment=MOMENT)
    outcome = read(replace(first, received=(replace(first.received[0], basis=""),)), folder, moment=MOMENT)
    assert [one.path for one in outcome.received] == [path.name]  # it was checked anew
    claimed = first.with_received([replace(first.received[0], unit="u3", matched="您选定。")])
    (one,) = outcome.into(claimed).received
    assert (one.unit, one.matched) == ("u3", "您选定。")


def test_a_claim_that_is_undone_is_not_made_again_by_what_was_read_behind_it(folder: Path) -> None:
    put(folder, 0, "不知是谁.gxr")
    before = read_folder(rollup(), folder, moment=MOMENT)
    (one,) = before.received
    before = before.with_received(
        [replace(one, unit="", matched="", candidates=("u1", "u2"), why_not="像两家")]
    )
    claimed = before.with_received([replace(one, unit="u3", matched="您选定。", basis="")])
    outcome = read(claimed, folder, moment=MOMENT)
    (after,) = outcome.into(claimed).received
    assert (after.unit, after.matched) == ("u3", "您选定。")
    (undone,) = outcome.into(before).received
    assert (undone.unit, undone.candidates, undone.why_not) == ("", ("u1", "u2"), "像两家")


def test_a_file_whose_reader_was_stopped_is_tried_once_more_when_that_is_asked_for(folder: Path) -> None:
    path = put(folder, 0)
    first = read_folder(rollup(), folder, moment=MOMENT)
    (one,) = first.received
    stopped = replace(one, sha256="", values=(), problem="读这份文件超过 60 秒，已停止。")
    first = first.with_received([stopped])
    assert read(first, folder, moment=MOMENT).received == ()
    (again,) = read(first, folder, moment=MOMENT, anew=True).received
    assert (again.path, again.problem, again.values) == (path.name, "", one.values)
    damaged = first.with_received([replace(stopped, sha256=one.sha256)])
    assert read(damaged, folder, moment=MOMENT, anew=True).received == ()  # its bytes say the same again


def test_a_file_that_was_moved_is_there_once_though_it_was_heard_of_before_the_end(folder: Path) -> None:
    put(folder, 1)
    path = put(folder, 0)
    first = read_folder(rollup(), folder, moment=MOMENT)
    old = next(one for one in first.received if one.path == path.name)
    first = first.with_received([replace(old, decided="use", decided_why="核对过")])
    path.rename(folder / "新名.gxr")
    heard: list[tuple[Received, ...]] = []
    outcome = read(first, folder, moment="2026-02-01T00:00", heard=heard.append)
    value = first
    for rows in heard:
        value = Outcome(received=rows).into(value)
    assert len(value.received) == 3  # for a moment it is known at both places
    value = outcome.into(value)
    assert sorted(one.path for one in value.received) == sorted(
        ["新名.gxr", *(one.path for one in first.received if one.path != path.name)]
    )
    assert next(one for one in value.received if one.path == "新名.gxr").decided_why == "核对过"


def test_a_report_on_another_edition_is_told_for_one_and_not_for_a_broken_file(folder: Path) -> None:
    path = put(folder, 0)
    said = json.loads(path.read_bytes())
    path.write_text(json.dumps({**said, "edition": "2019"}, ensure_ascii=False), encoding="utf-8")
    done = read_folder(rollup(), folder, moment=MOMENT)
    assert not done.used
    assert [(one.edition, one.unit) for one in done.received] == [("2019", "u0")]
    (found,) = [one for one in check(done, load_rollup_checks(FORM)).open if one.rule == "H-22"]
    assert "2019 版格式" in found.message


def test_the_long_table_of_a_roll_up_is_no_report(folder: Path) -> None:
    (folder / "长表.csv").write_bytes(b"".join(long_table(rollup())))
    assert not read_folder(rollup(), folder, moment=MOMENT).received


def test_a_report_that_names_its_unit_in_the_prose_alone_is_known_by_it(folder: Path) -> None:
    silent = report(0).with_fields(agency="").with_text("overview", f"2025年，{FILED[0].name}认真公开。")
    save_report(silent, folder / "年报.gxr", None)
    done = read_folder(rollup(), folder, moment=MOMENT)
    assert [one.unit for one in done.received] == ["u0"]
