"""MHTML, as Edge, Chrome and Word save a page in one file (.mht, .mhtml) → its HTML, as one page of bytes.

Knows the parts of such a file, how they are encoded, and which of them is the page. Pictures and styles are left out,
and so are the pages of frames beside the main one. Does not know what HTML means.
"""

from __future__ import annotations

import re
from email import policy
from email.message import Message
from email.parser import BytesParser

from gxeditor.core.errors import UnreadableSource
from gxeditor.files.decoding import decode_damaged
from gxeditor.files.limits import MHTML_FILE, MHTML_HEAD, MHTML_NESTED, MHTML_PARTS

_PAGES = ("text/html", "application/xhtml+xml")
_BOUNDARY = re.compile(rb"""boundary\s{0,9}=""", re.IGNORECASE)


def html_part(data: bytes, name: str) -> bytes:
    """The page in the file, in UTF-8 with a byte order mark, so that nothing it says of its encoding counts any more.

    Of several pages it is the one that the file names as its start, else the longest. Raises `UnreadableSource` for a
    file without a page, or one too large.
    """
    if (
        len(data) > MHTML_FILE
        or len(_BOUNDARY.findall(data)) > MHTML_NESTED
        or data.count(b"\n--") > 4 * MHTML_PARTS
    ):
        raise _too_large(name)
    # compat32: takes fields as they are; the newer policy raises at damaged ones
    try:
        message = BytesParser(policy=policy.compat32).parsebytes(data.lstrip(b"\r\n\t "))
    except RecursionError as error:  # messages within messages
        raise _too_large(name) from error
    pages = [part for part in message.walk() if part.get_content_type() in _PAGES]
    texts = [(part, _text(part)) for part in pages]
    texts = [(part, text) for part, text in texts if text.strip()]
    if not texts:
        raise UnreadableSource(
            f"“{name}”里没有网页。",
            "没有读入任何内容。",
            "请在浏览器里重新打开原来的网页，另存为“网页，仅 HTML”再导入。",
        )
    start = str(message.get_param("start") or "")
    named = [text for part, text in texts if start and str(part.get("Content-ID", "")) == start]
    location = str(message.get("Snapshot-Content-Location", ""))
    named += [text for part, text in texts if location and str(part.get("Content-Location", "")) == location]
    page = named[0] if named else max((text for _, text in texts), key=len)
    return b"\xef\xbb\xbf" + page.encode("utf-8", "replace")


def _too_large(name: str) -> UnreadableSource:
    return UnreadableSource(
        f"“{name}”太大，不像一份年报的网页。",
        "没有读入任何内容。",
        "请在浏览器里打开它，只把年报的文字和表格复制过来。",
    )


def _text(part: Message) -> str:
    """The text of a part, by the encoding in its fields, in the page itself, or that fits."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    said = part.get_param("charset")
    return decode_damaged(payload, said if isinstance(said, str) else _said_inside(payload))


def _said_inside(page: bytes) -> str:
    found = re.search(rb"""\bcharset\s{0,9}=\s{0,9}["']?([\w.:-]{2,40})""", page[:MHTML_HEAD], re.IGNORECASE)
    return found[1].decode("ascii", "replace") if found is not None else ""
