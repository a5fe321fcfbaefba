"""No character of a source's prose is lost: it stands in the report, or a note carries it."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from gxeditor.imports.recognize.report import Imported, recognize
from gxeditor.imports.source import Origin, Source, SourceText
from gxeditor.resources import load_form

FORM = load_form()

HEADINGS = (
    ("一、总体情况", "一、总体概述", "一、 总体情况", "一、總體情況", "第一部分 总体情况", "**一、总体情况**"),
    ("二、主动公开政府信息情况", "二、行政机关主动公开政府信息情况", "二、主动公开政府政府情况"),
    ("三、收到和处理政府信息公开申请情况", "三、收到的处理政府信息公开申请情况"),
    ("四、政府信息公开行政复议、行政诉讼情况", "四、政府信息公开行政法复议、行政诉讼情况"),
    ("五、存在的主要问题及改进情况", "五、存在问题及改进情况", "五、存在的主要问题及整改措施"),
    ("六、其他需要报告的事项", "六、其它需要报告的事项", "六、其他报告的事项"),
)  # fmt: skip
PROSE = (
    "2023年，我局坚持以公开为常态，全面落实条例。",
    "（一）主动公开情况。2024年，通过网站公开信息124条，其中政府文件21条。",
    "依申请公开情况:全年收到2件申请,",
    "1.主动公开。全年发布30条",
    "一是加强领导。二是完善机制；三是强化监督",
    "无。",
    "（三）政府信息管理情况",
    "三、本年度办理结果",
    "四、结转下年度继续办理",
    "包括总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、存在的主要问题及改进情况等六个部分。",
    "图1 政府信息主动公开情况表",
    "联系电话：0517-1234567",
    "— 4 —",
    "打造“微阵地”，成效显著",
)
TITLES = (
    ("某县发展和改革局2023年政府信息公开工作年度报告",),
    ("海棠区人民政府办公室", "2023年政府信息公开工作年度报告"),
    ("2022年度政府信息公开工作报告", "某县水利局2022年度政府信息公开工作年度报告"),
    ("漳审综〔2026〕2号", "漳平市审计局2025年政府信息公开工作的年度报告"),
    ("首页 > 政务公开 > 年报", "索引号：123 发布机构：某局", "某县某局", "2023年政府信息公开年度报告"),
    (),
)
FRONT = (
    "来源：某局 发布时间：2024-01-17 字体：大 中 小",
    "依据《中华人民共和国政府信息公开条例》第五十条规定,编制本报告。",
    "现将某县某局2023年政府信息公开工作年度报告公布如下：",
    "本报告中所列数据的统计期限自2023年1月1日起至2023年12月31日止。",
)
ENDS = (
    ("沭阳县发展和改革局", "2024年1月17日"),
    ("某县某局 2024年1月17日", "打印 关闭", "责任编辑：某某"),
    ("二〇二四年一月十七日",),
    ("某县人民政府",),
    (),
)


def document(rng: random.Random) -> tuple[list[str], list[str]]:
    """The paragraphs of a report put together at random, and its headings as they are worded there."""
    lines = [*rng.choice(TITLES), *rng.sample(FRONT, rng.randrange(4))]
    headings = [rng.choice(variants) for variants in HEADINGS]
    for heading in headings:
        prose = [rng.choice(PROSE) for _ in range(rng.randrange(4))]
        way = rng.random()
        if way < 0.1 and lines and "、" in heading[:2]:
            lines[-1] += heading  # the break before it was lost
        elif way < 0.2 and prose:
            lines.append(heading + prose.pop(0))
        else:
            lines.append(heading)
        lines.extend(prose)
    return [*lines, *rng.choice(ENDS)], headings


def read(lines: Sequence[str]) -> Imported:
    return recognize(Source(tuple(SourceText(line, Origin(i)) for i, line in enumerate(lines, 1))), FORM)


def letters(text: str) -> str:
    """Letters and digits alone, in ordinary width: blanks, breaks and marks of editors may change."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text))).replace("其它", "其他")


@settings(max_examples=40)
@given(st.integers(0, 10**9))
def test_every_word_of_a_report_stands_in_it_or_in_a_note(seed: int) -> None:
    lines, headings = document(random.Random(seed))
    imported = read(lines)
    report = imported.report
    sections = (section.heading + report.sections.get(section.key, "") for section in FORM.sections)
    parts = (report.title, report.agency, report.preamble, *sections, report.signature, report.date)
    told = (text for note in imported.notes for text in (note.what, *(raw.text for raw in note.raw)))
    kept = letters("\n".join((*parts, *told)))
    for line in lines:
        pieces = [line]
        for heading in headings:
            pieces = [part for piece in pieces for part in piece.split(heading)]
        for piece in pieces:
            assert letters(piece) in kept


@settings(max_examples=40)
@given(st.integers(0, 10**9))
def test_prose_stays_below_the_heading_under_which_it_stands(seed: int) -> None:
    rng = random.Random(seed)
    headings = [rng.choice(variants) for variants in HEADINGS]
    prose = [f"第{i}段的文字，{rng.choice(PROSE[:3])}" for i in range(6)]
    report = read([line for pair in zip(headings, prose, strict=True) for line in pair]).report
    assert [report.sections[section.key] for section in FORM.sections] == prose
