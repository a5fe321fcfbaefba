"""What a booklet consists of."""

from __future__ import annotations

from gxeditor.paper.blocks import Block, Piece, plain


def test_the_text_of_a_block_is_that_of_its_pieces() -> None:
    words = (Piece("按 "), Piece("Ctrl+E", strong=True), Piece("导出", link="do:export"))
    assert Block("text", words).text == plain(words) == "按 Ctrl+E导出"
    assert Block("table").text == ""
