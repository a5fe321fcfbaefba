"""What a roll-up comes to, as data for scripts and as sentences: complete or said to be not."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gxeditor import documents
from gxeditor.cli import ERRORS, OK, UNREADABLE, main
from gxeditor.core.report import Entry
from gxeditor.core.rollup.findings import RollupFindings
from gxeditor.core.rollup.project import Received, Rollup
from gxeditor.core.rollup.units import Unit, Units
from gxeditor.resources import load_form
from gxeditor.rollup.account import lines
from gxeditor.store.report_file import save_report
from gxeditor.store.rollup_file import read_rollup
from tests.area import Filed, area

FORM = load_form()
FILED = list(area(8, seed=3))
NEW = "requests.received.total"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with the reports of eight units, and a list of these beside it."""
    (tmp_path / "年报").mkdir()
    for one in FILED:
        save_report(one.report, tmp_path / "年报" / f"{one.name}.gxr", None)
    lines = [FILED[0].county, *(f"　　{one.name}" for one in FILED)]
    (tmp_path / "名单.txt").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def run(place: Path, *more: str) -> int:
    return main(["rollup", str(place / "年报"), "--units", str(place / "名单.txt"), *more])


def data(place: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    code = run(place, "--json", *more)
    return code, json.loads(capsys.readouterr().out)


def file_of(place: Path, one: Filed) -> Path:
    return place / "年报" / f"{one.name}.gxr"


def summed(cell: str) -> Entry:
    return sum((Decimal(str(one.report.value(cell))) for one in FILED), Decimal(0))


def test_all_units_in_give_their_sums(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = data(place, capsys)
    assert code == OK
    assert set(found) == {"units", "unmatched", "sums", "findings"}
    units = {one["name"]: one for one in found["units"]}
    for one in FILED:
        assert units[one.name]["file"] == f"{one.name}.gxr"
        assert set(units[one.name]) == {"id", "name", "state", "file", "errors", "queries", "doubts"}
        assert units[one.name]["state"] in ("可用", "有疑问")
    assert found["unmatched"] == []
    assert set(found["sums"]) == set(FORM.cells)
    for cell, one in found["sums"].items():
        assert Decimal(str(one["value"])) == summed(cell)
        assert isinstance(one["value"], str) == bool(FORM.cells[cell].decimals)
        assert (one["units"], one["of"]) == (8, 8)


def test_a_missing_unit_is_said_in_every_sum(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file_of(place, FILED[2]).unlink()
    code, found = data(place, capsys)
    assert code == ERRORS
    assert {(one["units"], one["of"]) for one in found["sums"].values()} == {(7, 8)}
    assert [one["state"] for one in found["units"] if one["name"] == FILED[2].name] == ["未交"]
    run(place)
    out = capsys.readouterr().out
    assert "合计（8 家中 7 家）：" in out
    assert f"{FILED[2].name}：未交。" in out


def test_a_blank_makes_one_sum_incomplete_and_no_other(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cell = "proactive.licensing.decisions"
    save_report(FILED[1].report.with_entry(cell, None), file_of(place, FILED[1]), None)
    code, found = data(place, capsys)
    assert code == ERRORS
    assert (found["sums"][cell]["units"], found["sums"][cell]["of"]) == (7, 8)
    assert {one["units"] for key, one in found["sums"].items() if key != cell} == {8}
    run(place)
    assert "行政许可　" in (out := capsys.readouterr().out)
    assert "（8 家中 7 家）" in next(line for line in out.splitlines() if line.startswith("  行政许可"))


def test_an_error_of_one_report_is_among_the_findings(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_report(FILED[1].report.with_entry(NEW, 10**7), file_of(place, FILED[1]), None)
    code, found = data(place, capsys)
    (unit,) = (one for one in found["units"] if one["name"] == FILED[1].name)
    assert code == ERRORS
    assert unit["state"] == "有错误"
    assert unit["errors"] > 0
    mine = [one for one in found["findings"] if one["unit"] == unit["id"] and one["severity"] == "error"]
    assert len(mine) == unit["errors"]
    assert any(NEW in one["cells"] for one in mine)


def test_a_file_of_nobody_is_told_with_its_reason(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stranger = FILED[0].report.with_fields(agency="别县水务局")
    save_report(stranger, place / "年报" / "别县水务局.gxr", None)
    _, found = data(place, capsys)
    (one,) = found["unmatched"]
    assert one["file"] == "别县水务局.gxr"
    assert one["reason"]
    assert found["sums"][NEW]["value"] == summed(NEW)


def test_another_years_report_is_not_added(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save_report(FILED[1].report.with_fields(year=2024), file_of(place, FILED[1]), None)
    code, found = data(place, capsys)
    assert code == ERRORS
    assert found["sums"][NEW]["units"] == 7
    run(place)
    assert "是 2024 年的，没有计入" in capsys.readouterr().out


def test_the_year_is_that_of_most_reports_or_the_one_asked_for(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(place)
    assert "按多数年报的 2025 年汇总" in capsys.readouterr().err
    code = run(place, "--year", "2024")
    told = capsys.readouterr()
    assert code == ERRORS
    assert "合计（8 家中 0 家）" in told.out
    assert "多数" not in told.err


def test_the_project_is_written_and_read_again(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = place / "汇总" / "松塘县.gxh"
    project.parent.mkdir()
    _, first = data(place, capsys, "--project", str(project))
    before = project.read_bytes()
    kept = read_rollup(project, load_form).rollup
    assert kept.received[0].path.startswith("../年报/")
    assert [path.name for path in project.parent.iterdir()] == [project.name]  # no lock is left behind
    code = main(["rollup", str(place / "年报"), "--project", str(project), "--json"])
    assert json.loads(capsys.readouterr().out) == first
    assert code == OK
    assert project.read_bytes() == before


def test_a_new_list_of_units_keeps_the_ids_of_the_project(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = str(place / "a.gxh")
    _, first = data(place, capsys, "--project", project)
    with (place / "名单.txt").open("a", encoding="utf-8") as file:
        file.write("\n　　新设局")
    _, second = data(place, capsys, "--project", project)
    ids = {one["name"]: one["id"] for one in second["units"]}
    assert all(ids[one["name"]] == one["id"] for one in first["units"])
    assert second["sums"][NEW]["of"] == 9


def test_last_years_roll_up_is_compared(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    prior = place / "上年.gxh"
    for one in FILED:
        old = one.report.with_fields(year=2024).with_entries(
            {"requests.carried_forward.natural_person": 4321}
        )
        save_report(old, file_of(place, one), None)
    run(place, "--project", str(prior))
    for one in FILED:
        save_report(one.report, file_of(place, one), None)
    _, found = data(place, capsys, "--prior", str(prior), "--project", str(place / "今年.gxh"))
    assert any("4321" in one["message"] for one in found["findings"])
    kept = read_rollup(place / "今年.gxh", load_form).rollup.prior
    assert kept is not None
    assert (kept.year, kept.path) == (2024, "上年.gxh")


def test_the_workbook_has_the_same_sums(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from gxeditor.rollup.own_workbook import read_rollup_workbook

    out = place / "年报" / "汇总.xlsx"
    run(place, "--out", str(out))
    _, found = data(place, capsys)  # the workbook lies among the reports and is none of them
    assert found["unmatched"] == []
    back = read_rollup_workbook(out, FORM)
    assert len(back.rollup.used) == 8
    long = place / "长表.csv"
    assert run(place, "--out", str(long)) == OK
    assert long.read_text(encoding="utf-8-sig").count("\n") == 1 + 8 * len(FORM.cells)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["年报"], "--units"),
        (["没有", "--units", "名单.txt"], "不见了"),
        (["年报", "--units", "没有.txt"], "不见了"),
        (["年报", "--project", "没有.gxh"], "还没有"),
        (["年报", "--units", "名单.txt", "--project", "a.txt"], "不是汇总文件"),
        (["年报", "--units", "名单.txt", "--out", "a.docx"], "不能写成"),
        (["年报", "--units", "名单.txt", "--prior", "名单.txt"], "名单.txt"),
        (["年报", "--units", "名单.txt", "--profile", "nowhere"], "nowhere"),
    ],
)
def test_what_cannot_be_read_is_said_and_writes_nothing(
    place: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    there = sorted(place.iterdir())
    names = [one if one.startswith("--") or one == "nowhere" else str(place / one) for one in arguments]
    assert main(["rollup", *names]) == UNREADABLE
    assert said in capsys.readouterr().err
    assert sorted(place.iterdir()) == there


def test_a_project_that_is_open_elsewhere_is_left_alone(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from gxeditor.store.rollup_lock import hold

    project = place / "a.gxh"
    run(place, "--project", str(project))
    lock = hold(project)
    try:
        assert run(place, "--project", str(project)) == UNREADABLE
    finally:
        lock.release()
    assert "打开" in capsys.readouterr().err


def test_units_that_report_in_any_format_are_added(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for one, suffix in zip(FILED, (".docx", ".xlsx", ".html", ".txt"), strict=False):
        file_of(place, one).unlink()
        documents.export(one.report, file_of(place, one).with_suffix(suffix))
    code, found = data(place, capsys)
    assert code == OK
    assert all(Decimal(str(one["value"])) == summed(cell) for cell, one in found["sums"].items())


def test_a_finding_across_units_that_was_explained_is_not_told_again(place: Path) -> None:
    project = place / "a.gxh"
    file_of(place, FILED[1]).write_bytes(file_of(place, FILED[0]).read_bytes())
    from gxeditor.core.report import Explanation
    from gxeditor.core.rollup.checks import check
    from gxeditor.resources import load_rollup_checks
    from gxeditor.rollup.account import account

    run(place, "--project", str(project))
    rollup = read_rollup(project, load_form).rollup
    findings = check(rollup, load_rollup_checks(FORM))
    assert findings.findings
    said = {one.address: Explanation("已经核实过", one.values) for one in findings.findings}
    settled = replace(rollup, explanations=said)
    after = check(settled, load_rollup_checks(FORM))
    shown = [
        one for one in account(settled, after, place / "年报", place)["findings"] if one["rule"][:2] == "H-"
    ]
    assert after.explained
    assert [one["message"] for one in shown] == [one.message for one in after.open]


def test_files_are_named_one_way_wherever_a_sentence_names_them(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    below = place / "年报" / "乡镇"
    below.mkdir()
    (below / "无名.gxr").write_text("{", encoding="utf-8")
    save_report(replace(FILED[0].report, year=2023), below / "去年.gxr", None)
    run(place, "--project", str(place / "汇总.gxh"))
    out = capsys.readouterr().out
    assert "年报\\乡镇\\无名.gxr：" in out
    assert "年报\\乡镇\\去年.gxr" in out
    assert "乡镇/" not in out


def test_many_findings_that_say_the_same_are_one_line(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = FILED[0].report.with_entries({cell: 7 for cell in FORM.cells if not FORM.cells[cell].parts})
    own = own.with_fields(agency=f"{FILED[0].county}人民政府")
    save_report(own, place / "年报" / "本级.gxr", None)
    (place / "名单.txt").write_text(
        "\n".join([f"{FILED[0].county}人民政府", *(f"　　{one.name}" for one in FILED)]), encoding="utf-8"
    )
    _, found = data(place, capsys)
    several = [one for one in found["findings"] if one["rule"] == "H-10"]
    assert len(several) > 20
    run(place)
    out = [line for line in capsys.readouterr().out.splitlines() if "（H-10）" in line]
    assert len(out) <= 2
    assert f"{len(several)} 处（" in out[0]
    assert "等），如：" in out[0]


def test_a_table_is_never_written_over_a_report_or_the_list(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A clerk who gives the name of a unit's file for that of the table would lose the unit's report."""
    theirs = place / "年报" / "教育局.xlsx"
    theirs.write_bytes(b"the report of a unit")
    assert run(place, "--out", str(theirs)) == UNREADABLE
    assert "不是本程序写出的汇总表" in capsys.readouterr().err
    assert theirs.read_bytes() == b"the report of a unit"
    theirs.unlink()
    listed = place / "名单.csv"
    (place / "名单.txt").rename(listed)
    before = listed.read_bytes()
    code = main(["rollup", str(place / "年报"), "--units", str(listed), "--out", str(listed)])
    assert (code, listed.read_bytes()) == (UNREADABLE, before)


@pytest.mark.parametrize("name", ["汇总.xlsx", "长表.csv"])
def test_an_earlier_table_in_the_folder_is_replaced(place: Path, name: str) -> None:
    table = place / "年报" / name
    assert run(place, "--out", str(table)) == OK
    assert run(place, "--out", str(table)) == OK


def test_a_file_that_was_put_aside_is_said_to_be() -> None:
    unit = Unit("a", "教育局")
    held = Received("教育局.gxr", unit="a", year=2025, edition=FORM.edition, values=(0,) * len(FORM.cells))
    held = replace(held, decided="hold", decided_why="等他们核对")
    rollup = Rollup(FORM, year=2025, units=Units((unit,)), received=(held,))
    told = "\n".join(lines(rollup, RollupFindings()))
    assert "“教育局.gxr”已搁置，没有计入：等他们核对。" in told
