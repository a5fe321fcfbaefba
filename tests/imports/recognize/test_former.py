"""Reports on the form of 2019: what both forms have is read, the rest is listed with its figures."""

from __future__ import annotations

from collections.abc import Sequence

from gxeditor.imports.recognize.report import Imported, recognize
from gxeditor.imports.source import LooseCell, Origin, RawTable, Source, lay_out
from gxeditor.resources import load_form

FORM = load_form()

FORM_2019 = """第二十条第（一）项
信息内容|本年新 制作数量|本年新⏎公开数量|对外公开总数量
规章|1|2|3
规范性文件|4|5|6
第二十条第（五）项
信息内容|上一年项目数量 (指2018年事项数)|本年增/减 (指2019年增加或减少的事项数)|处理决定数量
行政许可|6|减4|21
其他对外管理服务事项|7|+8|9
第二十条第（六）项
信息内容|上一年项目数量|本年增/减|处理决定数量
行政处罚|12|-11|22
行政强制|13|14|23
第二十条第（八）项
信息内容|上一年项目数量|本年增/减
行政事业性收费|15|16
第二十条第（九）项
信息内容|采购项目数量|采购总金额
政府集中采购|17|52.15"""


def table(text: str) -> RawTable:
    """Rows of texts in their columns, ⏎ a break inside a cell; short rows get blank cells behind."""
    rows = [line.replace("⏎", "\n").split("|") for line in text.split("\n")]
    wide = max(map(len, rows))
    return lay_out(
        [
            [LooseCell(one, origin=Origin(number)) for one in (*row, *[""] * (wide - len(row)))]
            for number, row in enumerate(rows, 1)
        ]
    )


def read(*tables: RawTable) -> Imported:
    return recognize(Source(tables), FORM)


def figures(imported: Imported) -> dict[str, str]:
    return {cell_id: str(entry) for cell_id, entry in imported.report.entries.items()}


def told(imported: Imported, words: str) -> Sequence[str]:
    return [note.what for note in imported.notes if words in note.what]


def test_of_table_two_only_the_decisions_are_those_of_the_present_form() -> None:
    assert figures(read(table(FORM_2019))) == {
        "proactive.licensing.decisions": "21",
        "proactive.penalties.decisions": "22",
        "proactive.compulsion.decisions": "23",
    }


def test_every_figure_that_is_left_out_is_listed_once_with_its_row_and_column() -> None:
    imported = read(table(FORM_2019))
    (what,) = told(imported, "2019 年")
    assert what.startswith("这是 2019 年的格式，有 19 个数现在的表里没有位置：")
    for listed in (
        "规章：本年新制作数量 1，本年新公开数量 2，对外公开总数量 3",
        "规范性文件：本年新制作数量 4",
        "行政许可：上一年项目数量 6，本年增/减 减4；",
        "其他对外管理服务事项：",
        "处理决定数量 9",
        "行政处罚：上一年项目数量 12，本年增/减 -11；",
        "行政事业性收费：上一年项目数量 15，本年增/减 16",
        "政府集中采购：采购项目数量 17，采购总金额 52.15",
    ):
        assert listed in what
    assert not told(imported, "没有读入")


def test_the_decisions_are_read_too_where_the_columns_stand_in_another_order() -> None:
    rows = ("行政许可|21|6|减4", "其他对外管理服务事项|9|7|1", "行政处罚|22|5|6")
    text = "\n".join(("信息内容|处理决定数量|上一年项目数量|本年增/减", *rows))
    assert figures(read(table(text))) == {
        "proactive.licensing.decisions": "21",
        "proactive.penalties.decisions": "22",
    }


def test_a_row_that_lost_a_figure_gives_none() -> None:
    for row in ("行政许可|6|21", "行政许可|21", "行政许可|6"):
        rows = [
            ["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"],
            row.split("|"),
            ["行政处罚", "1", "2", "3"],
        ]
        imported = read(lay_out([[LooseCell(one) for one in line] for line in rows]))
        assert "proactive.licensing.decisions" not in figures(imported)
    head = table("信息内容|上一年项目数量|本年增/减")
    lost = lay_out([[LooseCell("行政事业性收费"), LooseCell("5")]])
    assert figures(read(head, lost)) == {}
    cells = (
        "信息内容",
        "上一年项目数量",
        "本年增/减",
        "行政事业性收费",
        "5",
        "信息内容",
        "采购总金额",
        "政府集中采购",
        "6",
    )
    assert figures(read(lay_out([[LooseCell(one)] for one in cells]))) == {}


def test_one_row_for_the_three_of_other_handling_is_offered_for_the_last() -> None:
    heading = "|自然人|商业企业|科研机构|社会公益组织|法律服务机构|其他|总计"
    rows = f"{heading}\n（五）不予处理|\n（六）其他处理|1|0|0|0|0|0|1\n（七）总计|4|0|0|0|0|0|4"
    imported = read(table(rows))
    assert {cell_id.rpartition(".")[0] for cell_id in figures(imported)} == {"requests.handled.total"}
    (note,) = [note for note in imported.notes if "（六）其他处理" in note.what]
    assert note.what == "原文“（六）其他处理”只有一行。"
    assert note.done == "没有读入；如果都是“3.其他”，可以采用，“1.”“2.”两行仍留空。"
    assert len(note.cells) == 21
    assert dict(note.offers)["requests.handled.other.other_reasons.total"] == "1"
    assert not any("（六）1" in line for line in told(imported, "原文没有这几行"))


def test_a_column_of_last_year_alone_makes_no_form_of_2019() -> None:
    text = "信息内容|上一年项目数量|本年处理决定数量\n行政许可|6|21\n行政处罚|2|22"
    imported = read(table(text))
    assert figures(imported)["proactive.licensing.decisions"] == "21"
    assert not told(imported, "2019 年")


def test_a_form_of_its_own_year_with_old_columns_is_not_called_an_old_form() -> None:
    text = (
        "信息内容|本年制发件数|本年废止件数|现行有效件数\n规章|1|2|3\n"
        "信息内容|上一年项目数量|本年增/减|处理决定数量\n行政许可|6|1|21\n其他对外管理服务事项|7|8|9"
    )
    imported = read(table(text))
    assert figures(imported)["proactive.government_rules.in_force"] == "3"
    assert told(imported, "2019 年")[0].startswith("表里有 2019 年格式的栏目，有 5 个数")
