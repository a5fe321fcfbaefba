"""The words of the side card: what it says about a cell and about a section."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from gxeditor.core import edits
from gxeditor.core.cards import Statement
from gxeditor.core.checks.rules import Rule
from gxeditor.core.form import Form
from gxeditor.core.report import AgencyKind, Prior, blank_report
from gxeditor.resources import load_cards
from gxeditor.ui.editor.card_notes import MENTIONED, MISSED, CardLine, cell_lines, section_lines
from gxeditor.ui.session import Session

NATURAL = "requests.brought_forward.natural_person"


@pytest.fixture
def session(form: Form, rules: tuple[Rule, ...]) -> Session:
    """Table 三 filled: one request brought forward that nobody handled."""
    session = Session(form, rules)
    report = edits.fill_blanks(blank_report(form, 2022), form.section("requests").table.cells)  # type: ignore[union-attr]
    session.begin(report.with_entry(NATURAL, 1))
    return session


def about(session: Session, cell_id: str) -> list[CardLine]:
    return list(cell_lines(session, session.form.cells[cell_id]))


def under(lines: list[CardLine], head: str) -> list[CardLine]:
    """The lines after a heading, up to the next."""
    start = next(i for i, line in enumerate(lines) if line == CardLine("head", head)) + 1
    rest = [i for i, line in enumerate(lines) if i >= start and line.look == "head"]
    return lines[start : rest[0] if rest else None]


# --- a cell


def test_a_cell_is_called_by_its_printed_names(session: Session) -> None:
    lines = about(session, "requests.handled.denied.state_secret.company")
    assert [line.text for line in lines[:3]] == [
        "1.属于国家秘密",
        "三、本年度办理结果 · （三）不予公开",
        "申请人情况 · 法人或其他组织 · 商业企业",
    ]


def test_a_cell_without_row_heading_is_called_by_its_column(session: Session) -> None:
    lines = about(session, "disputes.reconsideration.upheld")
    assert [line.text for line in lines[:2]] == ["结果维持", "行政复议"]
    assert lines[2].look == "head"


def told(statements: Iterable[Statement]) -> list[CardLine]:
    """Statements as they must stand: never without their status and what they rest on."""
    return [
        line
        for one in statements
        for line in (CardLine("text", one.text), CardLine("basis", one.mark, "text2"))
    ]


def test_what_is_known_of_row_and_column_says_what_to_fill_in_and_how_sure_it_is(
    session: Session, form: Form
) -> None:
    cards, cell = load_cards(form), form.cells[NATURAL]
    lines = about(session, NATURAL)
    assert under(lines, "本行填什么") == told(cards.of_row(cell))
    assert under(lines, "本列填什么") == told(cards.of_column(cell))
    assert under(lines, "本表") == told(cards.of_section(form.section("requests")))


def test_every_statement_of_every_cell_stands_above_its_status(session: Session, form: Form) -> None:
    cards = load_cards(form)
    for cell in form.cells.values():
        lines = about(session, cell.id)
        for one in (*cards.of_row(cell, 2022), *cards.of_column(cell, 2022)):
            place = lines.index(CardLine("text", one.text))
            assert lines[place + 1].text.startswith(f"〔{one.status.words}〕"), one.text


def test_in_a_table_of_one_row_the_column_is_told_first(session: Session) -> None:
    heads = [line.text for line in about(session, "disputes.direct_suit.upheld") if line.look == "head"]
    assert heads[:2] == ["本列填什么", "本行填什么"]


def test_new_rules_come_after_the_figures_and_only_in_the_years_they_concern(session: Session) -> None:
    cell = "disputes.direct_suit.upheld"
    assert CardLine("head", "近年的规定") not in about(session, cell)
    session.edit(session.report.with_fields(year=2025), "修改年份")
    heads = [line.text for line in about(session, cell) if line.look == "head"]
    assert heads.index("与其他格的关系") < heads.index("近年的规定")
    assert any("法释〔2025〕8号第一条" in line.text for line in under(about(session, cell), "近年的规定"))
    assert not any("2024" in line.text for line in under(about(session, cell), "本列填什么"))


def test_a_broken_equation_stands_with_its_figures_and_its_shape(session: Session) -> None:
    broken, met, across, _ = under(about(session, NATURAL), "与其他格的关系")
    assert broken.text == "自然人：第一项加第二项为 1，第三项总计加第四项为 0，相差 1。"
    assert (broken.mark, broken.tone) == ("error", "errtext")
    assert met == CardLine("text", "二、上年结转：六类申请人之和为 1，总计为 1，两边相等。")
    assert across.text == "自然人：上年年报的结转下年度应等于本年的上年结转。未检查：没有选上年年报。"


def test_an_equation_with_blanks_says_that_it_was_not_checked(session: Session) -> None:
    line, _ = under(about(session, "disputes.reconsideration.upheld"), "与其他格的关系")
    assert line.text == "行政复议：四种结果之和应等于总计。未检查：有 5 格未填。"
    assert not line.mark


def test_the_rules_of_a_cell_are_counted_as_the_list_of_rules_counts_them(session: Session) -> None:
    def counted() -> dict[str, int]:
        line = under(about(session, NATURAL), "与其他格的关系")[-1]
        assert line.look == "checks"
        total, _, states = line.text.removeprefix("这一格的检查项目 ").partition(" 条：")
        found = {word: int(count) for count, word in (part.split(" 条") for part in states.split("，"))}
        assert sum(found.values()) == int(total)
        return found

    assert (counted()["不等"], counted()["相等"], counted()["未检查"] > 0) == (1, 1, True)
    session.edit(session.report.with_entry("requests.carried_forward.natural_person", 1), "填写")
    assert (counted().get("不等", 0), counted()["相等"]) == (0, 2)


def test_a_relation_that_is_closed_or_explained_is_not_called_equal(session: Session, form: Form) -> None:
    session.set_prior(
        Prior.of(blank_report(form, 2021).with_entries({"requests.carried_forward.natural_person": 2}))
    )
    (broken,) = [f for f in session.findings.findings if f.rule.kind == "carry_over" and f.values]
    assert session.explain(broken, "上年的数有误。")
    explained = under(about(session, NATURAL), "与其他格的关系")[-2]
    assert explained.text.endswith("已说明：上年的数有误。")
    assert not explained.mark
    assert session.close_rule(broken.rule.code, "不适用。")
    closed = under(about(session, NATURAL), "与其他格的关系")[-2]
    assert closed.text == "自然人：上年年报的结转下年度应等于本年的上年结转。已关闭：不适用。"


def test_last_years_figure_and_the_one_carried_forward_are_beside(session: Session, form: Form) -> None:
    assert CardLine("head", "上年对照") not in about(session, NATURAL)
    prior = blank_report(form, 2021).with_entries({"requests.carried_forward.natural_person": 2, NATURAL: 7})
    session.set_prior(Prior.of(prior))
    own, carried = under(about(session, NATURAL), "上年对照")
    assert (own.text, own.value, own.tone) == ("2021 年", "7", "last")
    assert (carried.text, carried.value) == ("2021 年“四、结转下年度”", "2")
    query = under(about(session, NATURAL), "与其他格的关系")[-2]
    assert query.text == "自然人：上年年报结转下年度为 2，本年上年结转为 1，相差 1，请核实。"
    assert query.mark == "query"


def test_what_last_year_left_blank_is_said_to_be_blank(session: Session, form: Form) -> None:
    session.set_prior(Prior.of(blank_report(form)))
    assert under(about(session, "proactive.fees.amount"), "上年对照") == [
        CardLine("text", "上年", "last", "未填")
    ]


def test_the_articles_of_a_cell_stand_word_for_word_and_each_once(session: Session) -> None:
    lines = under(about(session, "requests.handled.total.natural_person"), "条文")
    articles = [line.text for line in lines if line.look == "law"]
    assert "表三表头括注" in articles  # cited by the row, and by the table
    assert len(articles) == len(set(articles))
    place = lines.index(CardLine("law", "《条例》第三十条"))
    assert lines[place + 1].text.startswith("政府信息公开申请内容不明确的，行政机关应当给予指导和释明")


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({}, "没有手填时由明细自动合计。"),
        ({"requests.received.total": 0}, "现在是手填的，与明细相同。"),
        ({"requests.received.total": 3}, "现在是手填的 3，按明细为 0。"),
        ({"requests.received.total": 3, "requests.received.company": None}, "现在是手填的 3，明细没有填全。"),
        ({"requests.received.company": None}, "明细填全后自动合计，也可以直接填。"),
    ],
)
def test_a_total_says_how_it_came_to_be(session: Session, entries: dict[str, int | None], words: str) -> None:
    session.edit(session.report.with_entries(entries), "填写")
    assert under(about(session, "requests.received.total"), "本格的合计")[-1].text == words


def test_an_entry_that_is_no_number_is_told_first(session: Session) -> None:
    session.edit(session.report.with_entry(NATURAL, "/"), "填写")
    line = next(line for line in about(session, NATURAL) if line.mark)
    assert line.text == "表三有 1 格填的是“/”这类文字，没有的请填 0。"
    assert line.mark == "query"


# --- a section


def points(session: Session, key: str) -> dict[str, str]:
    return {
        line.text: line.state
        for line in section_lines(session, session.form.section(key))
        if line.look == "point"
    }


def test_a_section_not_begun_has_its_points_without_marks(session: Session) -> None:
    assert points(session, "problems") == {"问题": "", "改进": ""}


def test_points_are_found_by_their_words(session: Session) -> None:
    session.edit(session.report.with_section("problems", "存在的问题是人手不够。"), "写")
    assert points(session, "problems") == {"问题": MENTIONED, "改进": MISSED}
    lines = list(section_lines(session, session.form.section("problems")))
    assert CardLine("under", "没有见到“改进”“整改”等字样", "qrytext") in lines
    assert CardLine("small", "按字样查找，只说提没提到，不判断对不对。", "text2") in lines


def test_a_point_leads_to_the_paragraph_that_mentions_it(session: Session) -> None:
    session.edit(session.report.with_section("problems", "说明。\n\n存在的问题是人手不够。"), "写")
    lines = section_lines(session, session.form.section("problems"))
    problem, mend = (line for line in lines if line.look == "point")
    assert (problem.value, problem.paragraph) == ("第 2 段", 2)
    assert (mend.value, mend.paragraph) == ("", None)


def test_no_point_is_ticked_whatever_the_text_says(session: Session) -> None:
    """That words occur says nothing of whether what they say is right."""
    for section in session.form.sections:
        words = "".join(word for point in section.points for word in point.words)
        session.edit(session.report.with_section(section.key, f"{words}一致。"), "写")
        said = [line for line in section_lines(session, section) if line.look in ("point", "under")]
        assert not any(line.mark for line in said)
        assert not any("一致" in line.text for line in said)


def test_what_only_governments_write_is_asked_of_governments(session: Session) -> None:
    assert "社会评议" not in points(session, "overview")
    session.edit(session.report.with_fields(kind=AgencyKind.GOVERNMENT), "修改单位类别")
    assert "社会评议" in points(session, "overview")


def test_the_statute_stands_word_for_word(session: Session, form: Form) -> None:
    section = form.section("overview")
    lines = [line.text for line in section_lines(session, section)]
    laws = {law for one in load_cards(form).of_section(section) for law in one.laws}
    assert {"《条例》第五十条", "《条例》第四十九条"} <= {law.article for law in laws}
    for law in laws:
        place = lines.index(law.article)
        paragraphs = law.text.strip().split("\n")
        assert lines[place + 1 : place + 1 + len(paragraphs)] == paragraphs


def test_what_a_point_asks_stands_above_its_status(session: Session, form: Form) -> None:
    cards = load_cards(form)
    session.edit(session.report.with_fields(kind=AgencyKind.GOVERNMENT), "修改单位类别")
    for section in form.sections:
        lines = list(section_lines(session, section))
        for point in section.points:
            for one in cards.of_point(section, point.title):
                place = lines.index(CardLine("under", one.text, "text2"))
                assert lines[place + 1] == CardLine("source", one.mark, "text2")


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("（一）主动公开情况", "主动公开"),
        ("（二）依申请公开情况", "依申请公开"),
        ("(三) 政府信息管理情况", "政府信息管理"),
        ("（四）平台建设情况", "政府信息公开平台建设"),
        ("（五）监督管理情况", "监督保障"),
    ],
)
def test_the_heading_at_the_caret_is_explained_first(
    session: Session, form: Form, heading: str, title: str
) -> None:
    section = form.section("overview")
    lines = list(section_lines(session, section, heading))
    assert lines[0] == CardLine("title", heading)
    statements = load_cards(form).of_point(section, title)
    asked = under(lines, "这一段写什么")
    assert asked[: 2 * len(statements)] == told(statements)
    assert sum(line.text == statements[0].text for line in lines) == 1


def test_a_heading_of_ones_own_is_named_and_nothing_is_said_of_it(session: Session, form: Form) -> None:
    lines = list(section_lines(session, form.section("overview"), "（六）数字政府建设"))
    assert lines[0] == CardLine("title", "（六）数字政府建设")
    assert not any(line.text == "这一段写什么" for line in lines)
