"""Charts of bars, and the optional appendix: who asked for how much and how it ended, this year beside last year.

Knows which figures of the form are compared there and how bars are drawn so that a grey printer and a copier keep them
apart: this year filled, last year hatched, every bar with its number. Names are those of the form. A bar's length is
true to its number from zero; what is blank has no bar and says so. Knows no page: who asks gives it room.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from gxeditor.core.form import Cell
from gxeditor.core.report import Report, show_entry
from gxeditor.paper.faces import BUNDLED, Face, FaceSet
from gxeditor.paper.flowables import Flowable
from gxeditor.paper.tags import Part
from gxeditor.paper.typeset import UNBROKEN, Run, Style, draw_lines, set_lines

TITLE = "申请办理情况图"
_SECTION, _RECEIVED, _HANDLED = "requests", "received", "handled"


@dataclass(frozen=True, slots=True)
class Amount:
    """The sum of some cells: None if no number stands in them; `whole` if one stands in each."""

    value: int | Decimal | None
    whole: bool

    @property
    def text(self) -> str:
        if self.value is None:
            return "未填"
        return show_entry(self.value) + ("" if self.whole else "（未填全）")


@dataclass(frozen=True, slots=True)
class Bars:
    """One line of a chart: its name and an amount for each year, this year's first."""

    name: str
    amounts: tuple[Amount, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """What is counted, its unit, the bars, and the total as the table has it, None where nothing is added up."""

    title: str
    unit: str
    bars: tuple[Bars, ...]
    total: Bars | None


def charts(report: Report, prior: Report | None = None) -> tuple[Chart, Chart]:
    """Requests received by who asked, and requests handled by how they ended. `prior` is last year's report."""
    table = report.form.section(_SECTION).table
    assert table is not None
    (block,) = table.blocks
    years = (report, prior) if prior is not None else (report,)

    def bars(name: str, cells: Sequence[Cell]) -> Bars:
        return Bars(name, tuple(_amount(year, cells) for year in years))

    received = [cell for cell in block.cells if cell.row.key == _RECEIVED]
    asked = Chart(
        f"{_unnumbered(received[0].row.labels[0])}（按{block.column_tree[0].label}）",
        received[0].unit,
        tuple(bars(cell.column.name, [cell]) for cell in received if not cell.column.is_sum),
        *(bars(cell.column.name, [cell]) for cell in received if cell.column.is_sum),
    )
    (handled,) = (heading for heading in block.row_tree if heading.key == _HANDLED)
    totals = [cell for cell in block.cells if cell.column.is_sum]
    ended, total = [], asked.total
    assert total is not None
    every = total.name
    for heading in handled.children:
        inside = f"{_HANDLED}.{heading.key}"
        rows = [c for c in totals if c.row.key == inside or c.row.key.startswith(f"{inside}.")]
        if heading.is_sum:
            total = bars(every, rows)
        else:
            ended.append(bars(_short(heading.label), rows))
    return asked, Chart(_unnumbered(handled.label), asked.unit, tuple(ended), total)


def _amount(report: Report, cells: Sequence[Cell]) -> Amount:
    values = [report.value(cell.id) for cell in cells]
    numbers = [value for value in values if isinstance(value, (int, Decimal))]
    total: int | Decimal = sum(numbers)
    return Amount(total if numbers else None, len(numbers) == len(values))


def _unnumbered(label: str) -> str:
    """本年度办理结果 of 三、本年度办理结果."""
    return re.sub(r"^[一二三四五六七八九十]+、", "", label)


def _short(label: str) -> str:
    """A printed heading without the explanation in brackets behind it."""
    return re.sub(r"(?<=.)（[^（）]*）$", "", label)


_TITLE, _TEXT, _NOTE = 12.0, 10.5, 9.0  # points: 小四, 五号, 小五
_LEADING = 1.4
_BAR, _PAIR = 14.0, 12.0  # height of a single bar, of one in a pair
_APART = 12.0  # between two lines of a chart, and above all
_GAP = 4.0  # between a bar and what is written beside it
_BETWEEN = 30.0  # between two charts
_LEAST = 1.5  # points: so long is the bar of the smallest number that is not zero
_FILL = 0.35  # grey of this year's bars
_HATCH = 3.0  # points between the strokes in last year's


class BarCharts(Flowable):
    """Charts one below the other, as wide as `width`; drawn smaller only if they were higher than `height`.

    `years` name the amounts of each bar, `notes` stand below, a line each.
    """

    def __init__(
        self,
        charts: Sequence[Chart],
        years: Sequence[str],
        notes: Sequence[str],
        width: float,
        height: float,
        faces: FaceSet = BUNDLED,
    ) -> None:
        super().__init__()
        self._charts, self._years, self._notes, self._faces = charts, years, notes, faces
        everything = [bars for chart in self._charts for bars in chart.bars]
        texts = [amount.text for bars in everything for amount in bars.amounts]
        self._names = min(max(self._measure(bars.name) for bars in everything), 0.4 * width)
        self._numbers = max(map(self._measure, texts))
        self._height = (
            _APART
            + sum(map(self._chart_height, self._charts))
            + _BETWEEN * (len(charts) - 1)
            + self._note_height(width)
        )
        self._scale = min(1.0, height / self._height)
        self.width, self.height = width, self._height * self._scale

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        return self.width, self.height

    @property
    def _line(self) -> float:
        """The height of one line of a chart with its bars."""
        return (_BAR if len(self._years) == 1 else 2 * _PAIR) + _APART

    def _chart_height(self, chart: Chart) -> float:
        return (_TITLE + _TEXT) * _LEADING + _APART + len(chart.bars) * self._line

    def _note_height(self, width: float) -> float:
        return _APART + sum(len(self._set(note, _NOTE, width)) for note in self._notes) * _NOTE * _LEADING

    def _style(self, size: float) -> Style:
        return Style(size, size * _LEADING, align="left", faces=self._faces)

    def _set(self, text: str, size: float, width: float = UNBROKEN, face: Face = Face.SONG) -> Any:
        return set_lines([Run(text, face)], self._style(size), width)

    def _measure(self, text: str, size: float = _TEXT) -> float:
        return max((line.right for line in self._set(text, size)), default=0.0)

    def _write(
        self, text: str, size: float, x: float, top: float, width: float = UNBROKEN, face: Face = Face.SONG
    ) -> float:
        """Writes below `top`; the height taken."""
        lines = self._set(text, size, width, face)
        draw_lines(self.canv, lines, self._style(size), face, x, top)
        return float(len(lines) * size * _LEADING)

    def draw(self) -> None:
        left, low = self.canv.absolutePosition(0, 0)
        right, high = self.canv.absolutePosition(self.width, self.height)
        picture = Part("Figure", said=self.said, box=(left, low, right, high))
        with self.canv.part(picture):
            self._draw_all()

    @property
    def said(self) -> str:
        """The charts in words, for whoever cannot see them: each line with its numbers."""
        return "".join(
            f"{one.title}的条形图：{'；'.join(self._words(bars, one.unit) for bars in _all(one))}。"
            for one in self._charts
        )

    def _words(self, bars: Bars, unit: str) -> str:
        amounts = zip(self._years, bars.amounts, strict=True)
        told = (f"{year}{amount.text}{unit if amount.value is not None else ''}" for year, amount in amounts)
        return f"{bars.name}{'，'.join(told)}"

    def _draw_all(self) -> None:
        self.canv.saveState()
        self.canv.translate(0, self.height)
        self.canv.scale(self._scale, self._scale)
        width = self.width / self._scale
        top = -_APART
        for chart in self._charts:
            self._draw_chart(chart, top, width)
            top -= self._chart_height(chart) + _BETWEEN
        top += _BETWEEN - _APART
        for note in self._notes:
            top -= self._write(note, _NOTE, 0, top, width)
        self.canv.restoreState()

    def _draw_chart(self, chart: Chart, top: float, width: float) -> None:
        top -= self._write(chart.title, _TITLE, 0, top, face=Face.HEI)
        self._draw_legend(chart, top)
        top -= _TEXT * _LEADING + _APART
        axis = self._names + _GAP
        room = width - axis - _GAP - self._numbers
        largest = max((a.value for bars in chart.bars for a in bars.amounts if a.value), default=1)
        for place, bars in enumerate(chart.bars):
            self._draw_bars(bars, top - place * self._line, axis, room / float(largest))
        self.canv.setLineWidth(0.75)
        self.canv.line(axis, top, axis, top - len(chart.bars) * self._line)

    def _draw_legend(self, chart: Chart, top: float) -> None:
        """总计 and each year's, with the look of its bars if there are two: ■ 2022年 30 件  □ 2021年 25 件."""
        x, amounts = 0.0, (None,) * len(self._years) if chart.total is None else chart.total.amounts
        if chart.total is not None:
            label = f"{chart.total.name} "
            self._write(label, _TEXT, x, top)
            x += self._measure(label) + _GAP
        for place, (year, amount) in enumerate(zip(self._years, amounts, strict=True)):
            if len(self._years) > 1:
                middle = top - _TEXT * _LEADING / 2
                self._draw_bar(x, middle + _PAIR / 2, 2 * _PAIR, _PAIR, place)
                x += 2 * _PAIR + _GAP
            text = year
            if amount is not None:
                text += f" {amount.text}{f' {chart.unit}' if amount.value is not None else ''}"
            self._write(text, _TEXT, x, top)
            x += self._measure(text) + 4 * _GAP

    def _draw_bars(self, bars: Bars, top: float, axis: float, unit: float) -> None:
        thick = _BAR if len(bars.amounts) == 1 else _PAIR
        middle = top - self._line / 2
        style = replace(self._style(_TEXT), align="right")
        name = set_lines([Run(bars.name, Face.SONG)], style, self._names)
        draw_lines(self.canv, name, style, Face.SONG, 0, middle + len(name) * style.leading / 2)
        upper = middle + len(bars.amounts) * thick / 2
        for place, amount in enumerate(bars.amounts):
            length = 0.0
            if amount.value:
                length = max(float(amount.value) * unit, _LEAST)
                self._draw_bar(axis, upper, length, thick, place)
            self._write(amount.text, _TEXT, axis + length + _GAP, upper - thick / 2 + _TEXT * _LEADING / 2)
            upper -= thick

    def _draw_bar(self, x: float, upper: float, length: float, thick: float, year: int) -> None:
        """This year's (0) filled, last year's (1) hatched; a point lower than its place, so that two do not touch."""
        canvas = self.canv
        thick -= 1
        lower = upper - thick - 0.5
        canvas.saveState()
        canvas.setLineWidth(0.5)
        if year == 0:
            canvas.setFillGray(_FILL)
            canvas.rect(x, lower, length, thick, stroke=0, fill=1)
        else:
            edge = canvas.beginPath()
            edge.rect(x, lower, length, thick)
            canvas.saveState()
            canvas.clipPath(edge, stroke=0, fill=0)
            strokes = range(int((length + thick) / _HATCH) + 1)
            starts = [x - thick + stroke * _HATCH for stroke in strokes]
            canvas.setLineWidth(0.35)
            canvas.lines([(start, lower, start + thick, lower + thick) for start in starts])
            canvas.restoreState()
            canvas.rect(x, lower, length, thick, stroke=1, fill=0)
        canvas.restoreState()


def _all(chart: Chart) -> tuple[Bars, ...]:
    return chart.bars if chart.total is None else (*chart.bars, chart.total)


class Charts(BarCharts):
    """The appendix of a report: both charts of `charts`, with what is to be known of blank cells."""

    def __init__(
        self,
        report: Report,
        prior: Report | None,
        width: float,
        height: float,
        faces: FaceSet = BUNDLED,
    ) -> None:
        both = charts(report, prior)
        years = tuple(
            f"{one.year}年" if one.year else name
            for one, name in ((report, "本年"), (prior, "上年"))
            if one is not None
        )
        if len(set(years)) < len(years):
            years = ("本年", "上年")
        texts = [amount.text for chart in both for bars in chart.bars for amount in bars.amounts]
        notes = [f"根据“{report.form.section(_SECTION).heading}”的表格绘制，条的长短与件数成正比。"]
        if any(text == "未填" for text in texts):
            notes.append("“未填”：表中相应的格没有填数。")
        if any("未填全" in text for text in texts):
            notes.append("“未填全”：相应的格只填了一部分，按已填的数绘制。")
        super().__init__(both, years, notes, width, height, faces)
