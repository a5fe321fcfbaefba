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


@pytest.mark.parametrize(
    ("head", "fields"),
    [
        (
            b'MIME-Version: 1.0\r\nContent-Type: multipart/related; start="<page>"; boundary="b"\r\n\r\n',
            b"Content-ID: <page>",
        ),
        (
            b"MIME-Version: 1.0\r\nSnapshot-Content-Location: http://a/1.htm\r\n"
            b'Content-Type: multipart/related; boundary="b"\r\n\r\n',
            b"Content-Location: http://a/1.htm",
        ),
    ],
)
def test_the_page_that_the_file_names_is_given_though_another_is_longer(head: bytes, fields: bytes) -> None:
    longer = "<p>友情链接</p>".encode() * 50
    data = head + part("base64", "", longer) + part("base64", "", "<p>年报</p>".encode()) + b"--b--"
    parts = data.split(b"--b\r\n")
    named = b"--b\r\n".join((*parts[:-1], fields + b"\r\n" + parts[-1]))
    assert html_part(named, "a.mht").decode("utf-8-sig").strip() == "<p>年报</p>"
    assert "友情链接" in html_part(data, "a.mht").decode("utf-8-sig")
