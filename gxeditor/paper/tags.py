"""What the pages of a PDF are for whoever has them read aloud: headings, paragraphs, tables, pictures (ISO 14289-1).

Knows the tree of a document's parts (ISO 32000-1, 14.7 and 14.8), which is built while pages are drawn, and how it is
written into a file. What is drawn inside no part is page furniture (an artifact). Knows no report and draws nothing:
`sheet.Press` notes what is drawn, whoever draws names the part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Scope = Literal["Row", "Column"]

_HEADINGS = ("H1", "H2", "H3")
_PRINTED = 4  # the flag that PDF/A asks of an annotation
_BOX_PLACES = 2  # digits behind the point of a picture's edges


@dataclass(eq=False, slots=True)
class Part:
    """A part of a document and what it holds, in the order in which it is read: further parts, and drawn content.

    `role` is a standard structure type (ISO 32000-1, 14.8.4). Content is told by its page from 0 and its number there.
    `scope` and the spans are of the cells of a table, `said` and `box` (left, low, right, high; points) of a picture.
    """

    role: str
    kids: list[Part | tuple[int, int]] = field(default_factory=list)
    scope: Scope | None = None
    rows: int = 1
    columns: int = 1
    said: str = ""
    box: tuple[float, float, float, float] | None = None

    @property
    def is_drawn(self) -> bool:
        """Whether anything of it stands on a page."""
        return any(not isinstance(kid, Part) or kid.is_drawn for kid in self.kids)

    @property
    def parts(self) -> list[Part]:
        """The parts in it, without what is drawn in none of them."""
        return [kid for kid in self.kids if isinstance(kid, Part)]


class Link(NamedTuple):
    """A rectangle of a page (left, low, right, high, in points) that leads to a web address, and its part."""

    part: Part
    page: int
    address: str
    box: tuple[float, float, float, float]


class Structure:
    """The parts of a document as they are drawn, and the links between them."""

    def __init__(self) -> None:
        self.root = Part("Document")
        self._placed: set[int] = set()
        self._level = 0
        self._counts: dict[int, int] = {}
        self.links: list[Link] = []

    def place(self, part: Part) -> None:
        """A part that has not been placed follows what stands in the document.

        A heading takes at most the level below the last one's: none may be left out.
        """
        if id(part) in self._placed:
            return
        self._placed.add(id(part))
        if part.role in _HEADINGS:
            self._level = min(_HEADINGS.index(part.role), self._level) + 1
            part.role = _HEADINGS[self._level - 1]
        self.root.kids.append(part)

    def content(self, part: Part, page: int) -> int:
        """A new piece of content of a part on a page, from 0; its number there."""
        number = self._counts.get(page, 0)
        self._counts[page] = number + 1
        part.kids.append((page, number))
        return number

    def pages(self) -> Mapping[int, int]:
        """How many pieces of content each page has that has any."""
        return self._counts


def table_rows(rows: int) -> tuple[Part, list[Part]]:
    """A table with so many rows, each still without cells."""
    lines = [Part("TR") for _ in range(rows)]
    return Part("Table", list(lines)), lines


def written(pdf: Any, structure: Structure) -> None:
    """Write the parts into a pikepdf document whose pages hold the content that they name."""
    from pikepdf import Array, Dictionary, Name, String

    pages = [page.obj for page in pdf.pages]
    names = {role: Name(f"/{role}") for role in {part.role for part in _all(structure.root)}}
    parents: dict[int, list[Any]] = {page: [None] * count for page, count in structure.pages().items()}

    links: dict[int, list[Link]] = {}
    for link in structure.links:
        links.setdefault(id(link.part), []).append(link)
    annotations: list[Any] = []

    def element(part: Part, above: Any) -> Any:
        made = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=names[part.role], P=above))
        own = min((kid[0] for kid in part.kids if not isinstance(kid, Part)), default=None)
        kids: list[Any] = []
        for kid in part.kids:
            if isinstance(kid, Part):
                kids.append(element(kid, made))
                continue
            page, number = kid
            parents[page][number] = made
            if page == own:
                kids.append(number)
            else:
                kids.append(Dictionary(Type=Name.MCR, Pg=pages[page], MCID=number))
        for link in links.get(id(part), ()):
            action = Dictionary(S=Name.URI, URI=String(link.address))
            there = pdf.make_indirect(
                Dictionary(
                    Type=Name.Annot,
                    Subtype=Name.Link,
                    Rect=Array([round(edge, _BOX_PLACES) for edge in link.box]),
                    Border=Array([0, 0, 0]),
                    F=_PRINTED,
                    A=action,
                    Contents=String(link.address),
                    StructParent=len(pages) + len(annotations),
                )
            )
            annotations.append(made)
            kids.append(Dictionary(Type=Name.OBJR, Pg=pages[link.page], Obj=there))
            page_dict = pages[link.page]
            if "/Annots" not in page_dict:
                page_dict.Annots = Array([])
            page_dict.Annots.append(there)
        if own is not None:
            made.Pg = pages[own]
        if kids:
            made.K = kids[0] if len(kids) == 1 else Array(kids)
        if part.said:
            made.Alt = String(part.said)
        if part.box is not None:
            box = [round(edge, _BOX_PLACES) for edge in part.box]
            made.A = Dictionary(O=Name.Layout, Placement=Name.Block, BBox=Array(box))
        elif part.role in ("TH", "TD"):
            about = Dictionary(O=Name.Table)
            if part.scope is not None:
                about.Scope = Name(f"/{part.scope}")
            if part.rows > 1:
                about.RowSpan = part.rows
            if part.columns > 1:
                about.ColSpan = part.columns
            if len(about) > 1:
                made.A = about
        return made

    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    root.K = element(structure.root, root)
    numbers: list[Any] = []
    for page in sorted(parents):
        numbers += [page, pdf.make_indirect(Array(parents[page]))]
        pages[page].StructParents = page
        pages[page].Tabs = Name.S
    for number, made in enumerate(annotations, len(pages)):
        numbers += [number, made]
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=Array(numbers)))
    root.ParentTreeNextKey = len(pages) + len(annotations)
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = Dictionary(Marked=True)


def _all(part: Part) -> Iterator[Part]:
    yield part
    for kid in part.parts:
        yield from _all(kid)
