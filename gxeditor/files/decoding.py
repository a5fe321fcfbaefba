"""Bytes → text: which encoding a text is in, and whether it is a text at all.

Knows the encodings that Chinese systems write (UTF-8, GB 18030 with GBK and GB 2312, UTF-16, Big5), byte order marks,
UTF-16 without one, that what a file says of its own encoding may be wrong, and text that was once read in the wrong
encoding and saved so. Does not know what a text is about, nor markup.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What files call the encodings that are tried; a page that names a Western one has no encoding that it knows.
_NAMES = {
    **dict.fromkeys(("utf8", "utf-8", "unicode-1-1-utf-8", "utf-8-sig"), "utf-8"),
    **dict.fromkeys(
        ("gb2312", "gbk", "gb18030", "gb_2312-80", "gb2312-80", "x-gbk", "cp936", "936", "ms936", "windows-936",
         "csgb2312", "euc-cn", "chinese", "gb_2312"),
        "gb18030",
    ),
    **dict.fromkeys(("big5", "big5-hkscs", "big5hkscs", "x-x-big5", "cn-big5", "cp950", "950"), "big5hkscs"),
    **dict.fromkeys(("utf-16", "utf-16le", "utf-16-le", "unicode"), "utf-16-le"),
    **dict.fromkeys(("utf-16be", "utf-16-be"), "utf-16-be"),
}  # fmt: skip
_FEW_BYTES = (
    24  # outside of ASCII: so few may fit UTF-8 and GBK alike (“联通”), and what the file says decides
)
_SAMPLE = 20_000  # characters that are looked at to tell encodings apart

# Half of what stands in any report; text that was read in the wrong encoding has hardly any of them.
_COMMON = frozenset(
    "的一是在不了有和人中大为上国我以要时用到作地于出分对成会可主发年动同工也下过行政府信息公开申请报告机关依法"
    "为國時來對會發動過開資訊申請報機關無題類數總情況况局县縣镇鎮乡鄉市区區省月日本情及其第条條例项項处處理办辦结結"
    "，。、：；（）《》“”"
)
_WORSE = 3  # times as many of them in the other reading, before a text counts as read in the wrong encoding
_FEWEST = 5
_READABLE = re.compile(
    "[\\t\\n\\r -~\\u00a0-\\u00bf\\u2000-\\u206f\\u2460-\\u24ff\\u3000-\\u303f\\u4e00-\\u9fff\\uff00-\\uffef\\ufeff]"
)
_LOST = 0.3  # of the letters of a text that were turned into question marks


def named(encoding: str) -> str:
    """The codec for what a file calls its encoding; empty if that says nothing about a Chinese text."""
    return _NAMES.get(encoding.strip().strip("\"'").lower(), "")


def decode(data: bytes, said: str = "") -> str | None:
    """The text of bytes, or None if no encoding fits from the first to the last byte. NULs are left in it.

    `said` is what the file calls its encoding. The byte order mark counts first, then UTF-16 by its zeros, then UTF-8,
    which fits by chance only a handful of bytes, then what the file says, if its words read as Chinese that way.
    """
    return next(iter(_fitting(data, said)), None)


def decode_damaged(data: bytes, said: str = "") -> str:
    """The text of bytes of which a few may be broken, U+FFFD in their places, in the encoding that fits best."""
    text = decode(data, said)
    if text is not None:
        return text
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, "replace")
    tried = dict.fromkeys(filter(None, (named(said), "utf-8", "gb18030")))
    readings = [data.decode(encoding, "replace") for encoding in tried]
    return min(readings, key=lambda reading: (reading.count("\ufffd"), -_commonness(reading)))


def is_garbled(text: str) -> bool:
    """Whether a text was once read in the wrong encoding, or lost its letters, and was saved so."""
    sample = text[:_SAMPLE]
    letters = sum(char >= "\u0080" for char in sample)
    questions = len(re.findall(r"\?{2,}", sample))
    if (
        questions >= _FEWEST
        and sample.count("?") > _LOST * len(re.sub(r"\s", "", sample))
        and letters < _FEWEST
    ):
        return True
    if sample.count("\ufffd") + sample.count("锟斤拷") > max(_FEWEST, letters * _LOST / 3):
        return True
    here = _commonness(sample)
    return any(
        (there := _commonness(other)) >= _FEWEST and there > _WORSE * here for other in _misread(sample)
    )


def _misread(text: str) -> Iterator[str]:
    """What a text was, if it is UTF-8 read as GBK or as Western, or GBK read as Western."""
    yield text.encode("gb18030", "ignore").decode("utf-8", "ignore")
    western = text.encode("cp1252", "ignore")
    if len(western) * 2 > len(text):
        yield western.decode("utf-8", "ignore")
        yield western.decode("gb18030", "ignore")
        plain = text.encode("latin-1", "ignore")
        yield plain.decode("utf-8", "ignore")
        yield plain.decode("gb18030", "ignore")


def _fitting(data: bytes, said: str) -> Iterator[str]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            text = _strict(data[len(bom) :], encoding)
            if text is not None:
                yield text
            return
    if (wide := _zeros(data)) and (text := _strict(data, wide)) is not None and _is_readable(text):
        yield text
        return
    declared = named(said)
    first = _strict(data, "utf-8")
    few = first is not None and sum(byte > 0x7F for byte in data[: 64 * _FEW_BYTES]) < _FEW_BYTES
    if first is not None and not (few and declared in ("gb18030", "big5hkscs")):
        yield first
        return
    others = dict.fromkeys(filter(None, (declared, "gb18030", "big5hkscs")))
    readings = [
        text for one in others if not one.startswith("utf") and (text := _strict(data, one)) is not None
    ]
    if first is None and len(data) % 2 == 0:  # Chinese without a digit or a line end has no zeros
        wides = (_strict(data, encoding) for encoding in ("utf-16-le", "utf-16-be"))
        readings += [text for text in wides if text is not None and _is_chinese(text)]
    # each of them fits most texts of the others: the words tell, and in doubt what the file says
    yield from sorted(readings, key=_commonness, reverse=True)
    if first is not None:
        yield first


def _commonness(text: str) -> int:
    return sum(char in _COMMON for char in text[:_SAMPLE])


def _is_readable(text: str) -> bool:
    """Whether nearly all of it is letters and signs of Chinese and English."""
    sample = text[:_SAMPLE]
    return len(_READABLE.findall(sample)) >= 0.9 * len(sample)


def _is_chinese(text: str) -> bool:
    return _is_readable(text) and _commonness(text) * 10 >= len(text[:_SAMPLE])


def _zeros(data: bytes) -> str:
    """UTF-16 as told by where its zeros stand: every ASCII character and line end has one, on the same side."""
    sample = data[:4_000]
    if len(data) % 2 or len(sample) < 4:
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    units = len(sample) // 2
    if odd > 10 * even and odd * 50 >= units:
        return "utf-16-le"
    if even > 10 * odd and even * 50 >= units:
        return "utf-16-be"
    return ""


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None
