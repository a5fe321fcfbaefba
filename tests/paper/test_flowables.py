"""What a story is made of draws itself where it is put, and leaves the canvas as it was."""

from __future__ import annotations

from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from gxeditor.paper.flowables import Flowable, Spacer


class Corner(Flowable):
    """Remembers where its lower left corner is."""

    def __init__(self) -> None:
        self.at: tuple[float, float] | None = None

    def draw(self) -> None:
        self.at = self.canv.absolutePosition(0, 0)
        self.canv.translate(1000, 1000)


def test_it_draws_at_its_place_and_what_it_changes_ends_with_it() -> None:
    canvas, corner = Canvas(BytesIO()), Corner()
    canvas.translate(10, 20)
    corner.drawOn(canvas, 3, 4)
    assert corner.at == (13, 24)
    assert canvas.absolutePosition(0, 0) == (10, 20)
    assert not hasattr(corner, "canv")


def test_room_is_as_large_as_it_was_made_and_cannot_be_divided() -> None:
    room = Spacer(300, 20)
    assert room.wrap(500, 10) == (300, 20)
    assert room.split(500, 10) == []
    assert not room.keepWithNext
    room.drawOn(Canvas(BytesIO()), 0, 0)
