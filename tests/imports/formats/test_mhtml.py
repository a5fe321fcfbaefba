"""A page that a browser or Word saved in one file."""

from __future__ import annotations

import base64
import quopri

import pytest

from gxeditor.core.errors import UnreadableSource
from gxeditor.imports.formats.mhtml import html_part

HEAD = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="b"\r\n\r\n'


def part(encoding: str, charset: str, body: bytes) -> bytes:
    written = base64.encodebytes(body) if encoding == "base64" else quopri.encodestring(body)
    fields = f"--b\r\nContent-Type: text/html{charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return fields.encode() + written + b"\r\n"


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
@pytest.mark.parametrize("charset", ["gb18030", "utf-8"])
@pytest.mark.parametrize("said", [True, False])
def test_the_longest_page_is_given_whatever_its_encoding(encoding: str, charset: str, said: bool) -> None:
    page = "<p>鲁山县人民政府办公室2022年年报</p>"
    field = f'; charset="{charset}"' if said else ""
    data = HEAD + part(encoding, field, page.encode(charset)) + part(encoding, "", b"<p>ad</p>") + b"--b--"
    assert html_part(data, "a.mht").decode("utf-8-sig").strip() == page


def test_a_file_without_a_page_is_refused() -> None:
    for data in (b"", b"\0" * 100, HEAD + b"--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b--"):
        with pytest.raises(UnreadableSource, match="没有网页"):
            html_part(data, "a.mht")
