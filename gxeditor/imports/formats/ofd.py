"""OFD (GB/T 33190) → Source: its text and lines, set out by `printed_pages`.

Knows how pages, templates, text and path objects are written, whatever namespace and encoding their producer took;
ofdkit finds and repairs the parts, and knows no lines. Annotations (stamps, seals) are not read, pictures not
recognized.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gxeditor.core.errors import UnreadableSource
from gxeditor.files.limits import (
    GLYPHS,
    OFD_CHARACTERS,
    OFD_NESTED,
    OFD_OBJECTS,
    OFD_PAGE_OBJECTS,
    OFD_PATH,
    PAGE_GLYPHS,
    PAGE_RULES,
    PAGES,
)
from gxeditor.files.package import Package
from gxeditor.imports.printed_pages import (
    Box,
    Glyph,
    PrintedPage,
    read_pages,
    readable,
    unreadable,
)
from gxeditor.imports.source import ImportNote, Origin, Source

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_POINTS = 72 / 25.4  # in a millimetre
_A4 = (0.0, 0.0, 210.0, 297.0)  # mm, of a file that says nothing
_RISE = 0.88  # of a character's size above its base line
_THIN = 1.0  # mm: a filled path so thin is a rule
_ASLANT = 0.12  # of its length, by which a line of text may lean and still be level

_Matrix = tuple[float, float, float, float, float, float]
"""x' = a·x + c·y + e, y' = b·x + d·y + f."""
_SAME: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def read_ofd(data: bytes, name: str) -> Source:
    """The paragraphs and tables of an OFD file; `name` is how messages call it.

    Raises `UnreadableSource` for what holds no text to read: pictures, locked and damaged files.
    """
    from ofdkit.errors import OFDError

    try:
        Package.from_bytes(
            data, f"“{name}”"
        )  # refuses what would unpack to too much, and what asks for a password
    except UnreadableSource as error:
        what = error.what if "密码" in error.what or "太大" in error.what else f"“{name}”已损坏，读不出来。"
        raise unreadable(what) from error
    try:
        return _OfdFile(data, name).source()
    except UnreadableSource:
        raise
    except (OFDError, ValueError, RecursionError, OverflowError, KeyError, IndexError) as error:
        raise _damaged(name) from error


def _damaged(name: str) -> UnreadableSource:
    return unreadable(
        f"“{name}”已损坏，或者不是 OFD 文件，读不出来。",
        "请重新下载或再要一份；也可以用 OFD 阅读器打开它，复制文字，在这里粘贴。",
    )


@dataclass(slots=True)
class _Drawn:
    """What was collected of a page."""

    page: PrintedPage
    aslant: list[str] = field(default_factory=list)
    objects: int = 0
    characters: int = 0
    """Met, whether they are on the page or not."""


class _OfdFile:
    def __init__(self, data: bytes, name: str) -> None:
        from ofdkit.package import Package as Parts

        self._name = name
        self._parts: Any = Parts(data)
        self._notes: list[ImportNote] = []

    def source(self) -> Source:
        drawn: list[_Drawn] = []
        total = 0
        entry = self._parts.find("OFD.xml")
        if entry is None:
            raise _damaged(self._name)
        root = self._parts.read_xml(entry)
        for body in _named(root, "DocBody"):
            path = self._parts.resolve(entry, _text(_first(body, "DocRoot")))
            if path is None:
                continue
            document = self._parts.read_xml(path)
            pages = list(_named(_first(document, "Pages"), "Page"))
            total += len(pages)
            shared = _Shared(self._parts, path, document)
            for page in pages[: PAGES - len(drawn)]:
                if sum(len(one.page.glyphs) for one in drawn) > GLYPHS:
                    break
                if sum(one.characters for one in drawn) > GLYPHS:
                    break
                if sum(one.objects for one in drawn) > OFD_OBJECTS:
                    break
                drawn.append(self._page(page, path, shared, len(drawn) + 1))
        if not drawn:
            raise _damaged(self._name)
        if total > len(drawn):
            what = f"这个文件有 {total} 页，只读了前 {len(drawn)} 页。"
            self._note("doubt", what, "后面的没有读入。", len(drawn))
        blocks, told = read_pages([one.page for one in drawn], self._name)
        return Source(blocks, self._name, kind=f"OFD 文件，{total} 页", notes=(*self._notes, *told))

    def _note(self, severity: Any, what: str, done: str, page: int) -> None:
        self._notes.append(ImportNote(severity, "页面", what, done, Origin(page=page)))

    def _page(self, listed: Element, path: str, shared: _Shared, number: int) -> _Drawn:
        location = self._parts.resolve(path, listed.get("BaseLoc"))
        root = self._parts.read_xml(location) if location is not None else None
        box = _box(_text(_first(_first(root, "Area"), "PhysicalBox"))) or shared.box
        drawn = _Drawn(PrintedPage(number, box[2] * _POINTS, box[3] * _POINTS))
        if root is None:
            self._note("doubt", f"第 {number} 页的内容不在文件里。", "没有读入。", number)
            return drawn
        units = dict(shared.units)
        for resource in _named(root, "PageRes"):
            units |= shared.units_in(self._parts.resolve(location, _text(resource)))
        drawing = _Drawing(drawn, units, (_POINTS, 0.0, 0.0, _POINTS, -box[0] * _POINTS, -box[1] * _POINTS))
        for template in _named(root, "Template"):
            content = shared.template(template.get("TemplateID", ""))
            if content is not None:
                drawing.draw(content)
        drawing.draw(root)
        if drawn.aslant:
            shown = "".join(drawn.aslant)[:40]
            self._note("info", f"第 {number} 页有水印“{shown}”。", "没有读入。", number)
        if drawing.is_cut:
            self._note("doubt", f"第 {number} 页的内容太多。", "多出来的没有读入。", number)
        return drawn


class _Shared:
    """What the pages of a document have in common: their size, templates and composite objects."""

    def __init__(self, parts: Any, path: str, document: Element) -> None:
        self._parts = parts
        common = _first(document, "CommonData")
        self.box = _box(_text(_first(_first(common, "PageArea"), "PhysicalBox"))) or _A4
        self._templates = {
            one.get("ID", ""): parts.resolve(path, one.get("BaseLoc"))
            for one in _named(common, "TemplatePage")
        }
        self.units: dict[str, Element] = {}
        for kind in ("PublicRes", "DocumentRes"):
            for one in _named(common, kind):
                self.units |= self.units_in(parts.resolve(path, _text(one)))

    def units_in(self, location: str | None) -> dict[str, Element]:
        if location is None:
            return {}
        units = _first(self._parts.read_xml(location), "CompositeGraphicUnits")
        return {one.get("ID", ""): one for one in _named(units, "CompositeGraphicUnit")}

    def template(self, key: str) -> Element | None:
        location = self._templates.get(key)
        found: Element | None = self._parts.read_xml(location) if location is not None else None
        return found


class _Drawing:
    """Draws the objects of one page, as far as they are text, rules and pictures."""

    def __init__(self, drawn: _Drawn, units: Mapping[str, Element], page: _Matrix) -> None:
        self._drawn = drawn
        self._units = units
        self._page = page
        self._open: list[str] = []  # composite objects that are being drawn; one in itself is not drawn again
        self.is_cut = False

    def draw(self, root: Element) -> None:
        for layer in _named(_first(root, "Content"), "Layer"):
            self._walk(layer, self._page, 0)

    def _walk(self, inside: Iterable[Element], outer: _Matrix, depth: int) -> None:
        page = self._drawn.page
        for one in inside:
            self._drawn.objects += 1
            if self._drawn.objects > OFD_PAGE_OBJECTS or len(page.glyphs) > PAGE_GLYPHS or depth > OFD_NESTED:
                self.is_cut = True
                return
            kind = _local(one.tag)
            if one.get("Visible", "true").lower() == "false":
                continue
            if kind == "PageBlock":
                self._walk(one, outer, depth + 1)
            elif kind == "CompositeObject":
                key = one.get("ResourceID", "")
                content = _first(self._units.get(key), "Content")
                if content is not None and key not in self._open:
                    self._open.append(key)
                    self._walk(content, _after(outer, _placed(one)), depth + 1)
                    self._open.pop()
            elif kind == "TextObject":
                self._write(one, _after(outer, _placed(one)))
            elif kind == "PathObject" and len(page.rules) < PAGE_RULES:
                page.rules.extend(_rules(one, _after(outer, _placed(one))))
            elif kind == "ImageObject" and (box := _box(one.get("Boundary"))) is not None:
                x0, top, x1, bottom = _bounds(outer, box[0], box[1], box[0] + box[2], box[1] + box[3])
                wide = min(x1, page.width) - max(x0, 0.0)
                high = min(bottom, page.height) - max(top, 0.0)
                page.pictures += max(0.0, wide) * max(0.0, high)

    def _write(self, one: Element, place: _Matrix) -> None:
        """The characters of a text object, each in its place."""
        size = _number(one.get("Size"), 0.0)
        scale = _number(one.get("HScale"), 1.0) or 1.0
        if not 0 < size < 1000:
            return
        x = y = 0.0
        for code in _named(one, "TextCode"):
            x, y = _number(code.get("X"), x), _number(code.get("Y"), y)
            left = OFD_CHARACTERS - self._drawn.characters
            text = (code.text or "")[:left]
            self._drawn.characters += len(text)
            self.is_cut = self.is_cut or len(code.text or "") > left
            steps_x = _steps(code.get("DeltaX"), len(text))
            steps_y = _steps(code.get("DeltaY"), len(text))
            at_x, at_y = x, y
            for i, char in enumerate(text):
                own = size * scale * (1.0 if unicodedata.east_asian_width(char) in "WF" else 0.5)
                step = steps_x[i] if i < len(steps_x) else (0.0 if steps_y else own)
                wide = min(own, step) if step > 0 else own
                self._put(char, place, at_x, at_y, wide, size)
                at_x += step
                at_y += steps_y[i] if i < len(steps_y) else 0.0

    def _put(self, char: str, place: _Matrix, x: float, y: float, wide: float, size: float) -> None:
        page = self._drawn.page
        if unicodedata.category(char) == "Cc" and char != "\t":
            return
        a, b, c, d = place[:4]
        length = math.hypot(a, b)
        if not length or min(abs(a), abs(b)) > _ASLANT * length:
            self._drawn.aslant.append(char)
            return
        turn = (1 if b > 0 else 3) if abs(b) > abs(a) else (2 if a < 0 and d < 0 else 0)
        x0, top, x1, bottom = _bounds(place, x, y - _RISE * size, x + wide, y + (1 - _RISE) * size)
        if 0 <= (x0 + x1) / 2 <= page.width and 0 <= (top + bottom) / 2 <= page.height:
            text = " " if char == "\t" else readable(char)
            high = size * math.hypot(c, d)
            page.glyphs.append(Glyph(text, x0, top, x1, bottom, max(1.0, high), turn))


_COUNTS = {"M": 2, "S": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
"""How many numbers follow the operators of abbreviated paths; the last two are where the pen is then."""
_TOKEN = re.compile(r"[MSLQBAC]|[-+]?[0-9.]{1,30}(?:[eE][-+]?[0-9]{1,3})?")


def _rules(one: Element, place: _Matrix) -> Iterator[Box]:
    """The straight lines that a path draws; a thin filled one as its whole."""
    tokens = _TOKEN.findall(_text(_first(one, "AbbreviatedData"))[:OFD_PATH])
    stroke = one.get("Stroke", "true").lower() != "false"
    pen = start = (0.0, 0.0)
    points: list[tuple[float, float]] = []
    lines: list[tuple[tuple[float, float], tuple[float, float]]] = []
    at = 0
    while at < len(tokens):
        operator = tokens[at]
        count = _COUNTS.get(operator)
        at += 1
        if count is None:
            continue
        numbers = [_number(token, 0.0) for token in tokens[at : at + count]]
        if len(numbers) < count:
            break
        at += count
        new = (numbers[-2], numbers[-1]) if count else start
        if operator in "MS":
            start = new
        elif operator in "LC":
            lines.append((pen, new))
        pen = new
        points.append(new)
    if not points:
        return
    xs, ys = [x for x, _ in points], [y for _, y in points]
    whole = _bounds(place, min(xs), min(ys), max(xs), max(ys))
    if min(whole[2] - whole[0], whole[3] - whole[1]) <= _THIN * _POINTS:
        yield whole
    elif stroke:
        for (ax, ay), (bx, by) in lines:
            box = _bounds(place, min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))
            if min(box[2] - box[0], box[3] - box[1]) <= _THIN * _POINTS:
                yield box


# -------------------- values and elements
def _placed(one: Element) -> _Matrix:
    """From an object's own space to the one around it: its matrix, then its place."""
    box = _box(one.get("Boundary")) or (0.0, 0.0, 0.0, 0.0)
    a, b, c, d, e, f = _numbers(one.get("CTM"), 6) or list(_SAME)
    return a, b, c, d, e + box[0], f + box[1]


def _after(outer: _Matrix, inner: _Matrix) -> _Matrix:
    """Both: the inner one first."""
    a, b, c, d, e, f = outer
    i, j, k, m, n, o = inner
    return (
        a * i + c * j,
        b * i + d * j,
        a * k + c * m,
        b * k + d * m,
        a * n + c * o + e,
        b * n + d * o + f,
    )


def _bounds(place: _Matrix, x0: float, y0: float, x1: float, y1: float) -> Box:
    a, b, c, d, e, f = place
    xs = [a * x + c * y + e for x in (x0, x1) for y in (y0, y1)]
    ys = [b * x + d * y + f for x in (x0, x1) for y in (y0, y1)]
    return min(xs), min(ys), max(xs), max(ys)


_LARGEST = 1e6  # mm; pages of a kilometre are none


def _number(text: str | None, otherwise: float) -> float:
    try:
        number = float(text) if text else otherwise
    except ValueError:
        return otherwise
    return number if abs(number) < _LARGEST else otherwise


def _numbers(text: str | None, count: int) -> list[float] | None:
    pieces = (text or "")[:400].replace(",", " ").split()
    return [_number(piece, 0.0) for piece in pieces[:count]] if len(pieces) >= count else None


def _box(text: str | None) -> tuple[float, float, float, float] | None:
    """Left, top, width, height in mm; None for what is no box."""
    numbers = _numbers(text, 4)
    if numbers is None or numbers[2] <= 0 or numbers[3] <= 0:
        return None
    return numbers[0], numbers[1], numbers[2], numbers[3]


def _steps(text: str | None, count: int) -> list[float]:
    """The distances from character to character, `g n d` standing for n times d."""
    steps: list[float] = []
    tokens = iter((text or "").split())
    for token in tokens:
        if len(steps) >= count:
            break
        if token == "g":
            times = int(_number(next(tokens, None), 0.0))
            steps.extend([_number(next(tokens, None), 0.0)] * max(0, min(times, count - len(steps))))
        else:
            steps.append(_number(token, 0.0))
    return steps


def _local(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _named(inside: Element | None, name: str) -> Iterator[Element]:
    return (one for one in (inside if inside is not None else ()) if _local(one.tag) == name)


def _first(inside: Element | None, name: str) -> Element | None:
    return next(_named(inside, name), None)


def _text(one: Element | None) -> str:
    return (one.text or "").strip() if one is not None else ""
