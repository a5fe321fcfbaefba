"""What makes a roll-up count wrongly, put into a folder of real files: each is found, a consistent folder is quiet."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import Workbook

from gxeditor import documents
from gxeditor.cli import ERRORS, main
from gxeditor.core.report import Report
from gxeditor.core.rollup.project import Returned
from gxeditor.resources import load_form
from gxeditor.store.report_file import save_report
from gxeditor.store.rollup_file import read_rollup, save_rollup
from tests.area import area

FORM = load_form()
FILED = list(area(6, seed=5))
COUNTY = FILED[0].county
GOVERNMENT = f"{COUNTY}人民政府"
OFFICE = f"{GOVERNMENT}办公室"
NEW = "requests.received.natural_person"
FORM_OF_2019 = (
    ("信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量"),
    ("规章", "0", "0", "0"),
    ("规范性文件", "4", "5", "6"),
    ("信息内容", "上一年项目数量", "本年增/减", "处理决定数量"),
    ("行政许可", "6", "-4", "21"),
    ("其他对外管理服务事项", "7", "+8", "9"),
    ("行政处罚", "12", "-11", "22"),
    ("行政强制", "13", "14", "23"),
)
ACROSS = ("H-15", "H-20", "H-21", "H-22", "H-23")
"""The checks that are seeded here; others depend on the figures, which are random."""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with the reports of six units of a county, each of which agrees in itself."""
    (tmp_path / "年报").mkdir()
    for one in FILED:
        put(tmp_path, one.report)
    return tmp_path


def put(place: Path, report: Report, suffix: str = ".gxr", name: str = "") -> Path:
    path = place / "年报" / f"{name or report.agency}{suffix}"
    if suffix == ".gxr":
        save_report(report, path, None)
    else:
        documents.export(report, path)
    return path


def more(report: Report) -> Report:
    """The report with a figure that is another."""
    value = report.value(NEW)
    assert isinstance(value, int)
    return report.with_entries({NEW: value + 7})


def list_of(place: Path, rows: Sequence[tuple[str, str, str]]) -> Path:
    """A workbook with the units, their parents and what their reports do in the sum."""
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(["单位名称", "上级", "汇总方式"])
    for row in rows:
        sheet.append(list(row))
    path = place / "名单.xlsx"
    workbook.save(path)
    return path


def plain(place: Path) -> Path:
    return list_of(place, [(one.name, "", "计入") for one in FILED])


def roll_up(
    place: Path, units: Path, capsys: pytest.CaptureFixture[str], *options: str
) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    code = main(["rollup", str(place / "年报"), "--units", str(units), "--year", "2025", "--json", *options])
    return code, json.loads(capsys.readouterr().out)


def found(data: dict[str, Any], rule: str) -> list[dict[str, Any]]:
    return [one for one in data["findings"] if one["rule"] == rule]


def state(data: dict[str, Any], name: str) -> str:
    return next(str(one["state"]) for one in data["units"] if one["name"] == name)


def id_of(data: dict[str, Any], name: str) -> str:
    return next(str(one["id"]) for one in data["units"] if one["name"] == name)


def test_a_consistent_folder_has_no_alarm(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(place, FILED[0].report, ".html")  # published as it was received
    put(place, FILED[1].report, ".pdf")
    units = list_of(
        place,
        [(GOVERNMENT, "", "只比对"), (OFFICE, GOVERNMENT, "计入")]
        + [(one.name, GOVERNMENT, "计入") for one in FILED],
    )
    put(place, FILED[2].report.with_fields(agency=OFFICE))
    code, data = roll_up(place, units, capsys)
    assert [one for one in data["findings"] if one["rule"] in ACROSS] == []
    assert state(data, GOVERNMENT) == "免报"  # it is compared, and nobody waits for it
    assert data["sums"][NEW]["of"] == data["sums"][NEW]["units"] == len(FILED) + 1
    assert code in (0, ERRORS)


@pytest.mark.parametrize("suffix", [".html", ".pdf"])
def test_published_figures_that_differ_from_the_received_are_found(
    place: Path, capsys: pytest.CaptureFixture[str], suffix: str
) -> None:
    one = FILED[0]
    put(place, more(one.report), suffix, f"{one.name}（网站）")
    code, data = roll_up(place, plain(place), capsys)
    told = found(data, "H-20")
    assert [line["unit"] for line in told] == [id_of(data, one.name)]
    assert NEW in told[0]["cells"]
    assert code == ERRORS  # which of the two counts is asked, neither is taken
    assert state(data, one.name) == "已交未认领"


def test_a_parent_and_its_children_both_counted_are_found(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = {}
    for cell in FORM.cells:
        values = [one.report.value(cell) for one in FILED]
        own[cell] = sum((Decimal(str(value)) for value in values), Decimal(0))
    entries = {cell: value if FORM.cells[cell].decimals else int(value) for cell, value in own.items()}
    put(place, FILED[0].report.with_entries(entries).with_fields(agency=GOVERNMENT))
    units = list_of(place, [(GOVERNMENT, "", "计入"), *((one.name, GOVERNMENT, "计入") for one in FILED)])
    _, data = roll_up(place, units, capsys)
    assert id_of(data, GOVERNMENT) in [line["unit"] for line in found(data, "H-23")]


def test_a_government_and_its_office_that_count_the_same_are_found(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(place, more(FILED[0].report).with_fields(agency=GOVERNMENT))
    put(place, more(FILED[0].report).with_fields(agency=OFFICE))
    rows = [(GOVERNMENT, "", "计入"), (OFFICE, "", "计入"), *((one.name, "", "计入") for one in FILED)]
    _, data = roll_up(place, list_of(place, rows), capsys)
    told = found(data, "H-15")
    assert len(told) == 1
    assert told[0]["unit"] in (id_of(data, GOVERNMENT), id_of(data, OFFICE))


def test_a_report_sent_again_unchanged_is_found(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    units, project = plain(place), place / "汇总.gxh"
    roll_up(place, units, capsys, "--project", str(project))
    opened = read_rollup(project, load_form)
    one = opened.rollup.used[next(u.id for u in opened.rollup.units.listed if u.name == FILED[0].name)]
    sent = Returned(one.unit, one.path, one.sha256, "2020-01-20T09:00:00", values=one.values)
    before = tuple(replace(row, received="2020-01-10T09:00:00") for row in opened.rollup.received)
    save_rollup(replace(opened.rollup, received=before, returned=(sent,)), project, opened.sha256)
    _, waiting = roll_up(place, units, capsys, "--project", str(project))
    assert state(waiting, FILED[0].name) == "已退回"
    assert found(waiting, "H-21") == []  # nothing has come yet
    (place / "年报" / f"{FILED[0].name}.gxr").unlink()
    put(place, FILED[0].report.with_section("problems", "今年没有别的情况要说明。"), name="重报")
    _, again = roll_up(place, units, capsys, "--project", str(project))
    assert [line["unit"] for line in found(again, "H-21")] == [id_of(again, FILED[0].name)]
    put(place, more(FILED[0].report), name="再报")
    (place / "年报" / "重报.gxr").unlink()
    _, better = roll_up(place, units, capsys, "--project", str(project))
    assert found(better, "H-21") == []


@pytest.mark.parametrize("suffix", [".html", ".docx"])
def test_a_report_on_the_form_of_an_earlier_year_is_found_and_not_added(
    place: Path, capsys: pytest.CaptureFixture[str], suffix: str
) -> None:
    one = FILED[0]
    (place / "年报" / f"{one.name}.gxr").unlink()
    path = place / "年报" / f"{one.name}2025年年报{suffix}"
    title = f"{one.name}2025年政府信息公开工作年度报告"
    if suffix == ".html":
        rows = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in FORM_OF_2019)
        path.write_text(f"<h1>{title}</h1><p>一、总体情况</p><table>{rows}</table>", encoding="utf-8")
    else:
        document = Document()
        document.add_paragraph(title)
        table = document.add_table(len(FORM_OF_2019), 4)
        for at, row in enumerate(FORM_OF_2019):
            for column, text in enumerate(row):
                table.cell(at, column).text = text
        document.save(str(path))
    code, data = roll_up(place, plain(place), capsys)
    assert code == ERRORS
    told = found(data, "H-22")
    assert [line["severity"] for line in told] == ["error"]
    assert "2019" in told[0]["message"]
    assert state(data, one.name) == "未交"
    assert all(part["units"] == len(FILED) - 1 for part in data["sums"].values())
