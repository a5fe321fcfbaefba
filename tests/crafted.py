# ruff: noqa: E501 - markup reads better in one piece
"""Files made to hurt a reader: bombs, entities, links, spans and depths without measure, texts that take long.

Each is made when asked for, by its name, which ends as the format's files do. `tests/fuzz.py` reads all of them through
the child process and measures; `test_safety.py` reads those that are quick to make.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

from gxeditor.resources import resource

MEGA = 1_000_000
CRAFTED: dict[str, Callable[[], bytes]] = {}
LOCAL = "file:///etc/hostname"
REMOTE = "http://127.0.0.1:9/probe"


def crafted(name: str) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    def enter(make: Callable[[], bytes]) -> Callable[[], bytes]:
        CRAFTED[name] = make
        return make

    return enter


def sample() -> str:
    """A report as text, so that what is crafted stands amid what is read."""
    return resource("samples/lushan-2022.txt").read_text(encoding="utf-8")


# -------------------- packages
def packed(parts: Mapping[str, bytes | str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name, part in parts.items():
            target.writestr(name, part, zipfile.ZIP_STORED if name == "mimetype" else None)
    return made.getvalue()


def lying(data: bytes, said: int = 1000) -> bytes:
    """The same zip whose directory says that no part has more than `said` bytes unpacked."""
    hurt = bytearray(data)
    for mark, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = -1
        while (place := data.find(mark, place + 1)) >= 0:
            (size,) = struct.unpack_from("<I", data, place + at)
            struct.pack_into("<I", hurt, place + at, min(size, said))
    return bytes(hurt)


_OOXML = "http://schemas.openxmlformats.org"
_OFFICE_DOCUMENT = f"{_OOXML}/officeDocument/2006/relationships"
_W = f'xmlns:w="{_OOXML}/wordprocessingml/2006/main" xmlns:r="{_OFFICE_DOCUMENT}"'


def _types(main: str, kind: str) -> str:
    return (
        f'<Types xmlns="{_OOXML}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{main}" ContentType="application/vnd.openxmlformats-officedocument.{kind}.main+xml"/></Types>'
    )


def relationships(*items: tuple[str, str, str]) -> str:
    listed = "".join(
        f'<Relationship Id="r{number}" Type="{_OFFICE_DOCUMENT}/{kind}" Target="{target}"'
        + (f' TargetMode="{mode}"/>' if mode else "/>")
        for number, (kind, target, mode) in enumerate(items, 1)
    )
    return f'<Relationships xmlns="{_OOXML}/package/2006/relationships">{listed}</Relationships>'


def docx(body: str, *, head: str = "", more: Mapping[str, bytes | str] | None = None) -> bytes:
    return packed(
        {
            "[Content_Types].xml": _types("word/document.xml", "wordprocessingml.document"),
            "_rels/.rels": relationships(("officeDocument", "word/document.xml", "")),
            "word/document.xml": f"{head}<w:document {_W}><w:body>{body}</w:body></w:document>",
            **(more or {}),
        }
    )


def w_p(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def w_tc(content: str, more: str = "") -> str:
    return f"<w:tc><w:tcPr>{more}</w:tcPr>{content}</w:tc>"


def xlsx(
    rows: str, *, head: str = "", more: Mapping[str, bytes | str] | None = None, tail: str = ""
) -> bytes:
    main = f"{_OOXML}/spreadsheetml/2006/main"
    return packed(
        {
            "[Content_Types].xml": _types("xl/workbook.xml", "spreadsheetml.sheet"),
            "_rels/.rels": relationships(("officeDocument", "xl/workbook.xml", "")),
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{_OFFICE_DOCUMENT}"><sheets>'
            '<sheet name="表" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": relationships(("worksheet", "worksheets/sheet1.xml", "")),
            "xl/worksheets/sheet1.xml": f'{head}<worksheet xmlns="{main}"><sheetData>{rows}</sheetData>{tail}</worksheet>',
            **(more or {}),
        }
    )


_SPACE = "urn:oasis:names:tc:opendocument:xmlns"
_ODF = (
    " ".join(
        f'xmlns:{short}="{_SPACE}:{name}:1.0"'
        for short, name in (("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"))
    )
    + ' xmlns:xlink="http://www.w3.org/1999/xlink"'
)


def opendocument(kind: str, body: str, *, head: str = "") -> bytes:
    """`kind` is text or spreadsheet."""
    return packed(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": f"{head}<office:document-content {_ODF}><office:body><office:{kind}>{body}"
            f"</office:{kind}></office:body></office:document-content>",
        }
    )


def ofd(
    content: str, *, pages: int = 1, head: str = "", more: Mapping[str, bytes | str] | None = None
) -> bytes:
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/0.xml"/>' for n in range(pages))
    return packed(
        {
            "OFD.xml": f"<ofd:OFD {space}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
            "Doc_0/Document.xml": f"<ofd:Document {space}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297"
            f"</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
            "Doc_0/Pages/0.xml": f'{head}<ofd:Page {space}><ofd:Content><ofd:Layer ID="1">{content}</ofd:Layer>'
            "</ofd:Content></ofd:Page>",
            **(more or {}),
        }
    )


def ofd_text(shown: str, more: str = "") -> str:
    return (
        '<ofd:TextObject ID="2" Boundary="20 20 100 10" Size="5">'
        f'<ofd:TextCode X="0" Y="0"{more}>{shown}</ofd:TextCode></ofd:TextObject>'
    )


def spreadsheetml(rows: str, *, head: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?>{head}<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="表"><Table>'
        f"{rows}</Table></Worksheet></Workbook>"
    ).encode()


ENTITY = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{LOCAL}"><!ENTITY f SYSTEM "{REMOTE}">]>'
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a0 "哈哈哈哈哈哈哈哈哈哈">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + "]>"
)
EXTERNAL = f'<!DOCTYPE x SYSTEM "{REMOTE}">'
HEADS = {"xxe": (ENTITY, "&e;&f;"), "laughs": (LAUGHS, "&a9;"), "dtd": (EXTERNAL, "")}


def _heads() -> None:
    for kind, (head, said) in HEADS.items():
        CRAFTED[f"{kind}.docx"] = lambda head=head, said=said: docx(w_p(said), head=head)  # type: ignore[misc]
        CRAFTED[f"{kind}.xlsx"] = lambda head=head, said=said: xlsx(  # type: ignore[misc]
            f'<row r="1"><c r="A1" t="inlineStr"><is><t>{said}</t></is></c></row>', head=head
        )
        CRAFTED[f"{kind}.odt"] = lambda head=head, said=said: opendocument(  # type: ignore[misc]
            "text", f"<text:p>{said}</text:p>", head=head
        )
        CRAFTED[f"{kind}.ods"] = lambda head=head, said=said: opendocument(  # type: ignore[misc]
            "spreadsheet",
            f"<table:table><table:table-row><table:table-cell><text:p>{said}</text:p></table:table-cell></table:table-row></table:table>",
            head=head,
        )
        CRAFTED[f"{kind}.ofd"] = lambda head=head, said=said: ofd(ofd_text(said), head=head)  # type: ignore[misc]
        CRAFTED[f"{kind}.xml"] = lambda head=head, said=said: spreadsheetml(  # type: ignore[misc]
            f"<Row><Cell><Data>{said}</Data></Cell></Row>", head=head
        )
        CRAFTED[f"{kind}.html"] = lambda head=head, said=said: f"{head}<html><body><p>{said}甲".encode()  # type: ignore[misc]


_heads()


def _bomb(make: Callable[[str], bytes], filler: str, said: int | None) -> Callable[[], bytes]:
    """A file whose main part is 300 MB of nothing; with a directory that says otherwise if `said`."""

    def made() -> bytes:
        data = make(filler * (300 * MEGA // len(filler)))
        return data if said is None else lying(data, said)

    return made


for _kind, _make in {
    "docx": lambda filler: docx(filler + w_p("甲")),
    "xlsx": lambda filler: xlsx(filler),
    "odt": lambda filler: opendocument("text", filler),
    "ods": lambda filler: opendocument("spreadsheet", filler),
    "ofd": lambda filler: ofd(filler),
}.items():
    CRAFTED[f"bomb-blanks.{_kind}"] = _bomb(_make, " ", None)
    CRAFTED[f"bomb-lies.{_kind}"] = _bomb(_make, " ", 1000)
    CRAFTED[f"bomb-elements.{_kind}"] = lambda make=_make: make("<a/>" * (35 * MEGA // 4))  # type: ignore[misc]
    CRAFTED[f"deep.{_kind}"] = lambda make=_make: make("<a>" * 100_000 + "</a>" * 100_000)  # type: ignore[misc]
    CRAFTED[f"attributes.{_kind}"] = lambda make=_make: make(  # type: ignore[misc]
        "<a " + " ".join(f'a{n}="1"' for n in range(300_000)) + "/>"
    )
    CRAFTED[f"names.{_kind}"] = lambda make=_make: make("".join(f"<a{n}/>" for n in range(390_000)))  # type: ignore[misc]
    CRAFTED[f"spaces.{_kind}"] = lambda make=_make: make(  # type: ignore[misc]
        "".join(f'<n{n}:a xmlns:n{n}="urn:{n}"/>' for n in range(200_000))
    )


@crafted("shared-bomb.xlsx")
def _() -> bytes:
    long = "<si><t>" + "长" * 10 * MEGA + "</t></si>"
    rows = "".join(
        f'<row r="{n}">' + "".join(f'<c r="{c}{n}" t="s"><v>0</v></c>' for c in "ABCDEFGH") + "</row>"
        for n in range(1, 2000)
    )
    strings = f'<sst xmlns="{_OOXML}/spreadsheetml/2006/main">{long}</sst>'
    more = {
        "xl/sharedStrings.xml": strings,
        "xl/_rels/workbook.xml.rels": relationships(
            ("worksheet", "worksheets/sheet1.xml", ""), ("sharedStrings", "sharedStrings.xml", "")
        ),
    }
    return xlsx(rows, more=more)


@crafted("nested.zip")
def _() -> bytes:
    data = packed({"a.txt": "0" * MEGA})
    for _ in range(20):
        data = packed({"a.zip": data, "b.zip": data})
    return data


@crafted("nested.docx")
def _() -> bytes:
    inner = packed({f"{n}.zip": packed({"a": "0" * 10 * MEGA}) for n in range(20)})
    return docx(w_p("甲"), more={"word/embeddings/a.zip": inner})


@crafted("overlapping.docx")
def _() -> bytes:
    """Every entry of the directory points to one and the same content (as in D. Fifield's zip bombs)."""
    data = packed({"word/document.xml": "0" * (150 * MEGA)})
    at = data.index(b"PK\x01\x02")
    entry = data[at : data.index(b"PK\x05\x06")]
    directory = entry
    for number in range(2_000):
        directory += entry.replace(b"word/document.xml", f"word/documen{number:05}".encode())
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 2_001, 2_001, len(directory), at, 0)
    return data[:at] + directory + end


@crafted("many-parts.docx")
def _() -> bytes:
    return docx(w_p("甲"), more={f"a/{n}": "" for n in range(60_000)})


@crafted("twice.docx")
def _() -> bytes:
    data = docx(w_p("甲"), more={"word/documenu.xml": "x"})
    return data.replace(b"word/documenu.xml", b"word/document.xml")


# -------------------- links, formulas, macros
@crafted("links.docx")
def _() -> bytes:
    field = f'<w:p><w:fldSimple w:instr="INCLUDETEXT {LOCAL}"><w:r><w:t>甲</w:t></w:r></w:fldSimple></w:p>'
    dde = (
        '<w:p><w:fldSimple w:instr="DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe &quot;/k calc&quot;"/></w:p>'
    )
    chunk = '<w:altChunk r:id="r2"/>'
    links = (
        ("image", REMOTE, "External"),
        ("aFChunk", LOCAL, "External"),
        ("attachedTemplate", REMOTE, "External"),
        ("header", "../../../../etc/hostname", ""),
        ("numbering", "/etc/hostname", ""),
        ("styles", LOCAL, ""),
    )
    more: dict[str, bytes | str] = {
        "word/_rels/document.xml.rels": relationships(*links),
        "word/vbaProject.bin": b"\xd0\xcf\x11\xe0" * 50,
    }
    return docx(field + dde + chunk + w_p("一、总体情况"), more=more)


@crafted("links.xlsx")
def _() -> bytes:
    formulas = (f'WEBSERVICE("{REMOTE}")', "cmd|'/c calc'!A0", f"'{LOCAL}[a.xlsx]x'!A1", "1+1", "9^9^9^9")
    cells = "".join(
        f'<c r="A{n}"><f>{formula.replace("&", "&amp;")}</f><v>5</v></c>'
        for n, formula in enumerate(formulas, 1)
    )
    rows = "".join(f'<row r="{n}">{c}</c></row>' for n, c in enumerate(cells.split("</c>")[:-1], 1))
    more: dict[str, bytes | str] = {
        "xl/_rels/workbook.xml.rels": relationships(
            ("worksheet", "worksheets/sheet1.xml", ""),
            ("externalLink", REMOTE, "External"),
            ("styles", LOCAL, ""),
        ),
        "xl/worksheets/_rels/sheet1.xml.rels": relationships(
            ("drawing", REMOTE, "External"), ("comments", LOCAL, "")
        ),
        "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" * 50,
    }
    return xlsx(rows, more=more)


@crafted("links.odt")
def _() -> bytes:
    return opendocument(
        "text",
        f'<text:section text:name="a"><text:section-source xlink:href="{LOCAL}"/></text:section>'
        f'<text:p>甲<draw:frame><draw:image xlink:href="{REMOTE}"/></draw:frame></text:p>',
    )


@crafted("links.ods")
def _() -> bytes:
    return opendocument(
        "spreadsheet",
        f'<table:table table:name="表"><table:table-source xlink:href="{LOCAL}"/><table:table-row><table:table-cell '
        f'table:formula="of:=WEBSERVICE(&quot;{REMOTE}&quot;)" office:value-type="float" office:value="5">'
        "<text:p>5</text:p></table:table-cell></table:table-row></table:table>",
    )


@crafted("links.xml")
def _() -> bytes:
    return spreadsheetml(
        f'<Row><Cell ss:Formula="=WEBSERVICE(&quot;{REMOTE}&quot;)" ss:HRef="{LOCAL}"><Data ss:Type="Number">5</Data>'
        "</Cell></Row>"
    )


@crafted("links.html")
def _() -> bytes:
    return (
        f'<html><head><base href="{REMOTE}"><link rel=stylesheet href="{REMOTE}"><meta http-equiv=refresh '
        f'content="0;url={REMOTE}"><script src="{REMOTE}"></script></head><body><img src="{LOCAL}"><img src="{REMOTE}">'
        f'<iframe src="{LOCAL}"></iframe><object data="{LOCAL}"></object><embed src="{REMOTE}">'
        f"<p onclick=x>一、总体情况</p><script>document.write(1)</script></body></html>"
    ).encode()


@crafted("links.mht")
def _() -> bytes:
    return mhtml(
        f'Content-Type: text/html\nContent-Location: {REMOTE}\n\n<p>甲<img src="{LOCAL}">',
        'Content-Type: message/external-body; access-type=local-file; name="/etc/hostname"\n\n',
    )


@crafted("links.ofd")
def _() -> bytes:
    return ofd(
        ofd_text("甲") + '<ofd:ImageObject ID="5" ResourceID="9" Boundary="0 0 9 9"/>',
        more={"Doc_0/../../../../etc/hostname": "x", "Doc_0/PublicRes.xml": LOCAL},
    )


def mhtml(*parts: str) -> bytes:
    head = 'MIME-Version: 1.0\nContent-Type: multipart/related; type="text/html"; boundary="b"\n\n'
    return (head + "".join(f"--b\n{part}\n" for part in parts) + "--b--").encode()


# -------------------- spans and repeats
@crafted("spans.docx")
def _() -> bytes:
    cell = w_tc(w_p("1"), '<w:gridSpan w:val="1000000"/><w:vMerge w:val="restart"/>')
    follow = w_tc(w_p(""), '<w:gridSpan w:val="999999999999"/><w:vMerge/>')
    return docx("<w:tbl>" + f"<w:tr>{cell * 60}</w:tr>" + f"<w:tr>{follow * 60}</w:tr>" * 900 + "</w:tbl>")


@crafted("skips.docx")
def _() -> bytes:
    row = f'<w:tr><w:trPr><w:gridBefore w:val="99999999"/></w:trPr>{w_tc(w_p("1"))}</w:tr>'
    return docx(f"<w:tbl>{row * 20_000}</w:tbl>")


@crafted("nested-tables.docx")
def _() -> bytes:
    body = w_p("甲")
    for _ in range(5_000):
        body = f"<w:tbl><w:tr><w:tc>{body}</w:tc></w:tr></w:tbl>" if len(body) < 40 * MEGA else body
    return docx(body)


@crafted("nested-24.docx")
def _() -> bytes:
    """As deep as is read, and wide at each depth."""
    body = w_p("甲")
    for _ in range(24):
        body = (
            f"<w:tbl><w:tr>{w_tc(w_p('第三十一条') + body + w_p('1'))}{w_tc(w_p('1')) * 400}</w:tr></w:tbl>"
        )
    return docx(body)


@crafted("cells.docx")
def _() -> bytes:
    return docx("<w:tbl>" + f"<w:tr>{w_tc(w_p('1')) * 60}</w:tr>" * 900 + "</w:tbl>")


@crafted("paragraphs.docx")
def _() -> bytes:
    return docx(w_p("一、总体情况") * 99_000)


@crafted("one-paragraph.docx")
def _() -> bytes:
    return docx(w_p("一、总体情况" * 330_000))


@crafted("xfd.xlsx")
def _() -> bytes:
    return xlsx(
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        tail='<mergeCells><mergeCell ref="A1:XFD1048576"/><mergeCell ref="A1:XFD1"/><mergeCell ref="A1:A1048576"/></mergeCells>',
    )


@crafted("far.xlsx")
def _() -> bytes:
    """Cells far apart: one on each of 20,000 rows, each in another column."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

    def cell(n: int) -> str:
        column = (letters[n % 20] + letters[n // 20 % 26] + letters[n // 7 % 26])[: 1 + n % 3]
        return f'<row r="{n * 50}"><c r="{column}{n * 50}"><v>{n}</v></c></row>'

    return xlsx("".join(map(cell, range(1, 20_000))))


@crafted("merges.xlsx")
def _() -> bytes:
    merges = "".join(f'<mergeCell ref="A{n}:XFD{n + 1}"/>' for n in range(1, 99_999, 2))
    return xlsx('<row r="1"><c r="A1"><v>1</v></c></row>', tail=f"<mergeCells>{merges}</mergeCells>")


@crafted("cells.xlsx")
def _() -> bytes:
    row = "".join('<c t="inlineStr"><is><t>第三十一条</t></is></c>' for _ in range(200))
    return xlsx(f"<row>{row}</row>" * 5_000)


@crafted("figures.xlsx")
def _() -> bytes:
    return xlsx(("<row>" + "<c><v>1</v></c>" * 200 + "</row>") * 20_000)


@crafted("long-cells.xlsx")
def _() -> bytes:
    cell = f'<c t="inlineStr"><is><t>{"受理总计" * 8_000}</t></is></c>'
    return xlsx(f"<row>{cell * 10}</row>" * 100)


@crafted("formula.xlsx")
def _() -> bytes:
    deep = "(" * 4_000 + "1" + ")" * 4_000
    wide = "+".join(["SUM(A1:XFD1048576)"] * 400)
    cells = (
        f'<c r="A1"><f>{deep}</f><v>1</v></c><c r="B1"><f>{wide}</f></c><c r="C1"><f>{"-" * 9_000}1</f></c>'
    )
    return xlsx(f'<row r="1">{cells}</row>')


@crafted("formulas.xlsx")
def _() -> bytes:
    cells = "".join(f'<row r="{n}"><c r="A{n}"><f>SUM(A1:A{n - 1})</f></c></row>' for n in range(2, 9_000))
    return xlsx('<row r="1"><c r="A1"><v>1</v></c></row>' + cells)


def _ods(body: str) -> bytes:
    return opendocument("spreadsheet", f'<table:table table:name="表">{body}</table:table>')


_ONE = "<table:table-cell{}><text:p>1</text:p></table:table-cell>"


@crafted("repeats.ods")
def _() -> bytes:
    cell = _ONE.format(' table:number-columns-repeated="16384"')
    return _ods(f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>')


@crafted("rows-1e6.ods")
def _() -> bytes:
    return _ods(f'<table:table-row table:number-rows-repeated="1000000">{_ONE.format("")}</table:table-row>')


@crafted("blank-rows.ods")
def _() -> bytes:
    row = '<table:table-row table:number-rows-repeated="1048576" table:visibility="collapse"><table:table-cell/></table:table-row>'
    return _ods(row * 90_000)


def _spanned(rows: int) -> bytes:
    cell = _ONE.format(' table:number-columns-spanned="16384" table:number-rows-spanned="1048576"')
    return _ods(f"<table:table-row>{cell * 100}</table:table-row>" * rows)


@crafted("spans.ods")
def _() -> bytes:
    return _spanned(100)


@crafted("spans-many.ods")
def _() -> bytes:
    return _spanned(900)


@crafted("repeated-merges.ods")
def _() -> bytes:
    cell = _ONE.format(' table:number-columns-spanned="16384" table:number-rows-spanned="2"')
    return _ods(f'<table:table-row table:number-rows-repeated="190000">{cell}</table:table-row>')


@crafted("blanks.ods")
def _() -> bytes:
    cell = (
        "<table:table-cell><text:p>" + '<text:s text:c="9999999"/>' * 50_000 + "1</text:p></table:table-cell>"
    )
    return _ods(f"<table:table-row>{cell}</table:table-row>")


@crafted("hidden-columns.ods")
def _() -> bytes:
    column = '<table:table-column table:visibility="collapse" table:number-columns-repeated="16384"/>'
    return _ods(column * 100_000 + f"<table:table-row>{_ONE.format('')}</table:table-row>")


@crafted("groups.ods")
def _() -> bytes:
    inner = f"<table:table-row>{_ONE.format('')}</table:table-row>"
    return _ods("<table:table-row-group>" * 90 + inner * 100_000 + "</table:table-row-group>" * 90)


@crafted("spans.odt")
def _() -> bytes:
    cell = _ONE.format(' table:number-columns-spanned="16384" table:number-rows-spanned="1048576"')
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell * 40}</table:table-row>'
    return opendocument("text", f"<table:table>{row * 900}</table:table>")


@crafted("blanks.odt")
def _() -> bytes:
    return opendocument("text", "<text:p>" + '<text:s text:c="9999999"/>' * 300_000 + "1</text:p>")


@crafted("lists.odt")
def _() -> bytes:
    return opendocument(
        "text",
        "<text:list><text:list-item>" * 40 + "<text:p>1</text:p>" + "</text:list-item></text:list>" * 40,
    )


@crafted("paragraphs.odt")
def _() -> bytes:
    return opendocument("text", "<text:p>一、总体情况</text:p>" * 190_000)


@crafted("indices.xml")
def _() -> bytes:
    row = '<Row ss:Index="1048576" ss:Span="9999999"><Cell ss:Index="16384" ss:MergeAcross="16383" ss:MergeDown="1048575">'
    return spreadsheetml((row + '<Data ss:Type="Number">1</Data></Cell></Row>') * 90_000)


def _merged(rows: int) -> bytes:
    row = '<Row><Cell ss:MergeAcross="16383" ss:MergeDown="1048575"><Data ss:Type="Number">1</Data></Cell></Row>'
    return spreadsheetml(row * rows)


@crafted("merges.xml")
def _() -> bytes:
    return _merged(10_000)


@crafted("merges-many.xml")
def _() -> bytes:
    return _merged(90_000)


@crafted("cells.xml")
def _() -> bytes:
    row = '<Cell><Data ss:Type="String">受理总计</Data></Cell>' * 180
    return spreadsheetml(f"<Row>{row}</Row>" * 1_000)


@crafted("deep.xml")
def _() -> bytes:
    return spreadsheetml("<a>" * 100_000 + "</a>" * 100_000)


@crafted("bomb.xml")
def _() -> bytes:
    return spreadsheetml("<Row><Cell/></Row>" * 5 * MEGA)


# -------------------- OFD
@crafted("deltas.ofd")
def _() -> bytes:
    return ofd(ofd_text("甲" * 20_000, ' DeltaX="g 999999999 5"'))


@crafted("delta-list.ofd")
def _() -> bytes:
    return ofd(ofd_text("甲乙", ' DeltaX="' + "g 999999999 5 " * 100_000 + '"'))


@crafted("pages.ofd")
def _() -> bytes:
    return ofd(ofd_text("甲"), pages=100_000)


@crafted("text.ofd")
def _() -> bytes:
    return ofd(ofd_text("一、总体情况" * 500) * 2_000, pages=60)


@crafted("paths.ofd")
def _() -> bytes:
    path = '<ofd:PathObject ID="3" Boundary="0 0 200 200" LineWidth="0.2"><ofd:AbbreviatedData>{}</ofd:AbbreviatedData></ofd:PathObject>'
    return ofd(path.format("M 0 0 L 100 0 " * 300_000) + path.format("C 1 1 2 2 3 3 " * 300_000), pages=60)


@crafted("rules.ofd")
def _() -> bytes:
    path = '<ofd:PathObject ID="3" Boundary="{} {} 100 100" LineWidth="0.2"><ofd:AbbreviatedData>M 0 0 L 100 0</ofd:AbbreviatedData></ofd:PathObject>'
    return ofd("".join(path.format(n % 90, n / 200) for n in range(20_000)), pages=60)


# -------------------- pages of the web
def page(body: str, charset: str = "utf-8") -> bytes:
    return f'<html><head><meta charset="{charset}"></head><body>{body}'.encode(charset)


@crafted("divs.html")
def _() -> bytes:
    return page("<div>" * 200_000 + "甲")


@crafted("divs-closed.html")
def _() -> bytes:
    return page("<div>" * 100_000 + "甲" + "</div>" * 100_000)


@crafted("nested-tables.html")
def _() -> bytes:
    return page("<table><tr><td>" * 5_000 + "甲" + "</td></tr></table>" * 5_000)


@crafted("nested-tables-wide.html")
def _() -> bytes:
    return page("<table><tr><td>甲<td>1<tr><td>" * 190 + "甲" + "</td></tr></table>" * 190)


@crafted("spans.html")
def _() -> bytes:
    return page("<table>" + "<tr>" + "<td rowspan=65534 colspan=1000>1" * 100 + "<tr><td>2" * 5_000)


@crafted("rowspans.html")
def _() -> bytes:
    return page("<table>" + "<tr><td rowspan=60000>1" * 8_000)


@crafted("rowspans-many.html")
def _() -> bytes:
    return page("<table>" + "<tr><td rowspan=60000>1" * 60_000)


@crafted("columns.html")
def _() -> bytes:
    return page("<table><tr>" + "<td>1" * 59_000)


@crafted("cells.html")
def _() -> bytes:
    return page("<table>" + ("<tr>" + "<td>受理总计" * 200) * 299)


@crafted("tables.html")
def _() -> bytes:
    return page("<table><tr><td>甲<td>1</table>" * 50_000)


@crafted("comments.html")
def _() -> bytes:
    return page("<!--" * 250_000)


@crafted("comments-closed.html")
def _() -> bytes:
    return page("甲" + "<!---->" * 400_000)


@crafted("tags.html")
def _() -> bytes:
    return page("<" * 5 * MEGA)


@crafted("open-tag.html")
def _() -> bytes:
    return page("<a " + 'href="' * 900_000)


@crafted("attributes.html")
def _() -> bytes:
    return page("<p " + " ".join(f"a{n}=1" for n in range(600_000)) + ">甲")


@crafted("attribute-twice.html")
def _() -> bytes:
    return page(("<p " + " ".join(f"a{n}=1" for n in range(2_000)) + ">甲") * 300)


@crafted("entities.html")
def _() -> bytes:
    return page("&amp;" * MEGA + "&" * MEGA + "&#x110000;" * 100_000)


@crafted("formatting.html")
def _() -> bytes:
    return page("<b><i><u>" * 60_000 + "甲" + "<p>乙" * 1_000)


@crafted("misnested.html")
def _() -> bytes:
    return page("<a><b><i><font><p>" * 30_000 + "甲</a></b></i></font>" * 30_000)


@crafted("selects.html")
def _() -> bytes:
    return page("<select><option>" * 100_000 + "<form><p>" * 50_000)


@crafted("lists.html")
def _() -> bytes:
    return page("<ol><li>" * 50_000 + "甲")


@crafted("breaks.html")
def _() -> bytes:
    return page("甲<br>" * 99_000)


@crafted("one-line.html")
def _() -> bytes:
    return page("一、总体情况" * 900_000)


@crafted("style.html")
def _() -> bytes:
    return page(('<p style="' + "display:" * 240 + '">甲') * 2_000 + '<p style="' + ";" * MEGA + '">')


@crafted("charset.html")
def _() -> bytes:
    return b"<meta " * 900_000 + b"charset" + b" " * 200_000


@crafted("parts-1e6.mht")
def _() -> bytes:
    return mhtml("Content-Type: text/html\n\n<p>甲", *["Content-Type: image/gif\n\n"] * MEGA)


@crafted("fields.mht")
def _() -> bytes:
    return b"A: b\n" * MEGA + mhtml("Content-Type: text/html\n\n<p>甲")


@crafted("long-field.mht")
def _() -> bytes:
    return (
        b"MIME-Version: 1.0\nContent-Type: multipart/related; "
        + b"a=b; " * 500_000
        + b'boundary="b"\n\n--b\n\n'
    )


@crafted("folded-field.mht")
def _() -> bytes:
    return (
        b"MIME-Version: 1.0\nContent-Type: multipart/related;"
        + b'\n a="b\\"' * 300_000
        + b'\n boundary="b"\n\n--b\n\n'
    )


@crafted("parameters.mht")
def _() -> bytes:
    return mhtml("Content-Type: text/html; " + 'a="' * 300_000 + "\n\n<p>甲")


@crafted("rfc2231.mht")
def _() -> bytes:
    listed = "; ".join(f"charset*{n}=a" for n in range(100_000))
    return mhtml(f"Content-Type: text/html; {listed}\n\n<p>甲")


@crafted("nested.mht")
def _() -> bytes:
    deep = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(5_000))
    return b"MIME-Version: 1.0\n" + deep.encode()


@crafted("messages.mht")
def _() -> bytes:
    deep = "Content-Type: message/rfc822\n\n" * 100_000
    return mhtml(deep + "Content-Type: text/html\n\n<p>甲")


@crafted("quoted.mht")
def _() -> bytes:
    return mhtml(
        "Content-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n<p>" + "=E7=94=B2" * 3 * MEGA
    )


@crafted("uuencoded.mht")
def _() -> bytes:
    return mhtml(
        "Content-Type: text/html\nContent-Transfer-Encoding: x-uuencode\n\n" + "begin 666 a\n" * 500_000
    )


@crafted("base64.mht")
def _() -> bytes:
    return mhtml("Content-Type: text/html\nContent-Transfer-Encoding: base64\n\n" + "A\n" * 8 * MEGA)


# -------------------- PDF
def pdf(*objects: bytes, root: int = 1, head: bytes = b"%PDF-1.7\n") -> bytes:
    """A file of these objects, numbered from 1, with their true places."""
    made, places = bytearray(head), []
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, root, start)
    return bytes(made)


def stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>\nstream\n" % (more, len(content)) + content + b"\nendstream"


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>>>"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
FORM_X = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>"


def one_page(
    content: bytes,
    *,
    font: bytes = FONT,
    form: bytes | None = None,
    more: tuple[bytes, ...] = (),
    packs: bytes = b"",
) -> bytes:
    held = zlib.compress(content, 9) if packs else content
    return pdf(CATALOG, PAGES, PAGE, stream(held, packs), font, form or stream(b"", FORM_X), *more)


FLATE = b"/Filter/FlateDecode"


def deflated(piece: bytes, times: int) -> bytes:
    packing = zlib.compressobj(9)
    return b"".join([*(packing.compress(piece) for _ in range(times)), packing.flush()])


@crafted("flate.pdf")
def _() -> bytes:
    return pdf(CATALOG, PAGES, PAGE, stream(deflated(b" " * MEGA, 1_000), FLATE), FONT, stream(b"", FORM_X))


@crafted("flate-twice.pdf")
def _() -> bytes:
    once = deflated(b" " * MEGA, 1_000)
    return pdf(
        CATALOG,
        PAGES,
        PAGE,
        stream(zlib.compress(once), b"/Filter[/FlateDecode/FlateDecode]"),
        FONT,
        stream(b"", FORM_X),
    )


@crafted("flate-many.pdf")
def _() -> bytes:
    held = stream(deflated(b" " * MEGA, 40), FLATE)
    page_of = PAGE.replace(b"4 0 R", b"[" + b" ".join([b"4 0 R"] * 60) + b"]")
    return pdf(CATALOG, PAGES, page_of, held, FONT, stream(b"", FORM_X))


@crafted("run-length.pdf")
def _() -> bytes:
    return pdf(
        CATALOG,
        PAGES,
        PAGE,
        stream(b"\x81 " * 3 * MEGA, b"/Filter/RunLengthDecode"),
        FONT,
        stream(b"", FORM_X),
    )


@crafted("lzw.pdf")
def _() -> bytes:
    return pdf(
        CATALOG,
        PAGES,
        PAGE,
        stream(bytes(range(256)) * 8_000, b"/Filter/LZWDecode"),
        FONT,
        stream(b"", FORM_X),
    )


@crafted("ascii85.pdf")
def _() -> bytes:
    return pdf(
        CATALOG,
        PAGES,
        PAGE,
        stream(b"z" * 20 * MEGA + b"~>", b"/Filter/ASCII85Decode"),
        FONT,
        stream(b"", FORM_X),
    )


@crafted("predictor.pdf")
def _() -> bytes:
    more = b"/Filter/FlateDecode/DecodeParms<</Predictor 15/Columns 1/Colors 1/BitsPerComponent 8>>"
    return pdf(CATALOG, PAGES, PAGE, stream(deflated(b"\x04 " * MEGA, 10), more), FONT, stream(b"", FORM_X))


@crafted("pages.pdf")
def _() -> bytes:
    kids = b"<</Type/Pages/Count 100000/Kids[" + b" ".join([b"3 0 R"] * 100_000) + b"]>>"
    return pdf(CATALOG, kids, PAGE, stream(b"BT /F 12 Tf (a) Tj ET"), FONT, stream(b"", FORM_X))


@crafted("distinct-pages.pdf")
def _() -> bytes:
    count = 100_000
    kids = (
        b"<</Type/Pages/Count %d/Kids[" % count
        + b"".join(b"%d 0 R " % (3 + n) for n in range(count))
        + b"]>>"
    )
    return pdf(CATALOG, kids, *[b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"] * count)


@crafted("page-cycle.pdf")
def _() -> bytes:
    return pdf(
        CATALOG,
        b"<</Type/Pages/Count 9/Kids[2 0 R 3 0 R 2 0 R]/Parent 3 0 R>>",
        b"<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2/Parent 2 0 R>>",
    )


@crafted("page-doubling.pdf")
def _() -> bytes:
    """Each node of the tree has the next one twice: 2^40 pages, and no cycle."""
    nodes = [b"<</Type/Pages/Count 2/Kids[%d 0 R %d 0 R]>>" % (n + 1, n + 1) for n in range(2, 42)]
    return pdf(CATALOG, *nodes, b"<</Type/Page/MediaBox[0 0 9 9]>>")


@crafted("page-tree-deep.pdf")
def _() -> bytes:
    nodes = [b"<</Type/Pages/Count 1/Kids[%d 0 R]/Parent %d 0 R>>" % (n + 1, n - 1) for n in range(2, 50_000)]
    return pdf(CATALOG, *nodes, b"<</Type/Page/MediaBox[0 0 9 9]>>")


@crafted("xref-huge.pdf")
def _() -> bytes:
    data = pdf(CATALOG, PAGES, PAGE, stream(b""), FONT, stream(b"", FORM_X))
    return data.replace(b"xref\n0 7\n", b"xref\n0 999999999\n").replace(b"/Size 7", b"/Size 999999999")


@crafted("xref-entries.pdf")
def _() -> bytes:
    data = pdf(CATALOG, PAGES, PAGE, stream(b""), FONT, stream(b"", FORM_X))
    return data.replace(b"xref\n0 7\n", b"xref\n9 1000000\n" + b"0000000009 00000 n \n" * MEGA + b"0 7\n")


@crafted("xref-stream.pdf")
def _() -> bytes:
    held = stream(
        deflated(b"\1" * MEGA, 60), FLATE + b"/Type/XRef/W[1 2 1]/Index[0 15000000]/Size 15000000/Root 1 0 R"
    )
    data = b"%PDF-1.7\n1 0 obj" + CATALOG + b"endobj\n"
    return data + b"9 0 obj\n" + held + b"\nendobj\nstartxref\n%d\n%%%%EOF" % len(data)


@crafted("xref-wide.pdf")
def _() -> bytes:
    held = stream(b"\1" * 99, b"/Type/XRef/W[0 0 0]/Index[0 999999999]/Size 999999999/Root 1 0 R")
    data = b"%PDF-1.7\n1 0 obj" + CATALOG + b"endobj\n"
    return data + b"9 0 obj\n" + held + b"\nendobj\nstartxref\n%d\n%%%%EOF" % len(data)


@crafted("xref-cycle.pdf")
def _() -> bytes:
    data = pdf(CATALOG, PAGES, PAGE, stream(b""), FONT, stream(b"", FORM_X))
    return data.replace(b"/Root", b"/Prev %d/Root" % data.index(b"xref"))


@crafted("xref-chain.pdf")
def _() -> bytes:
    made, before = bytearray(b"%PDF-1.7\n"), 0
    for _ in range(20_000):
        at = len(made)
        made += b"xref\n0 0\ntrailer\n<</Size 1/Root 1 0 R/Prev %d>>\n" % before
        before = at
    return bytes(made) + b"startxref\n%d\n%%%%EOF" % before


@crafted("no-xref.pdf")
def _() -> bytes:
    return (
        b"%PDF-1.7\n"
        + b"".join(b"%d 0 obj\n<<>>\nendobj\n" % n for n in range(200_000))
        + b"trailer\n<</Root 1 0 R>>"
    )


@crafted("no-xref-streams.pdf")
def _() -> bytes:
    held = b" 0 obj\n<</Type/ObjStm/N 100000/First 10>>\nstream\n" + b"1 0 " * 50 + b"\nendstream\nendobj\n"
    return b"%PDF-1.7\n" + b"".join(b"%d" % n + held for n in range(1, 5_000)) + b"trailer\n<</Root 1 0 R>>"


@crafted("object-stream-cycle.pdf")
def _() -> bytes:
    held = b"<</Type/ObjStm/N 1/First 4/Extends 3 0 R/Length 4 0 R>>\nstream\n4 0 9 0 R\nendstream"
    return pdf(CATALOG, b"4 0 R", held, b"5 0 R", b"4 0 R")


@crafted("dictionaries.pdf")
def _() -> bytes:
    return pdf(b"<</a" * 100_000 + b">>" * 100_000)


@crafted("arrays.pdf")
def _() -> bytes:
    return one_page(b"[" * 500_000 + b"] TJ")


@crafted("operators.pdf")
def _() -> bytes:
    return one_page(b"q 1 0 0 1 0 0 cm Q " * 3 * MEGA, packs=FLATE)


@crafted("operands.pdf")
def _() -> bytes:
    return one_page(b"1 " * 20 * MEGA, packs=FLATE)


@crafted("states.pdf")
def _() -> bytes:
    return one_page(b"q " * 10 * MEGA, packs=FLATE)


@crafted("texts.pdf")
def _() -> bytes:
    return one_page(b"BT /F 9 Tf " + b"(aaaaaaaaaaaaaaaaaaaaaaaa) Tj " * 200_000, packs=FLATE)


@crafted("one-string.pdf")
def _() -> bytes:
    return one_page(b"BT /F 9 Tf (" + b"a" * 10 * MEGA + b") Tj ET", packs=FLATE)


@crafted("lines.pdf")
def _() -> bytes:
    return one_page(b"0 0 m 100 100 l S " * 500_000, packs=FLATE)


@crafted("rectangles.pdf")
def _() -> bytes:
    return one_page(b"".join(b"%d %d 9 9 re S " % (n % 590, n // 590) for n in range(300_000)), packs=FLATE)


@crafted("one-path.pdf")
def _() -> bytes:
    return one_page(b"0 0 m " + b"9 9 l " * 2 * MEGA + b"S", packs=FLATE)


@crafted("images.pdf")
def _() -> bytes:
    return one_page(b"BI /W 1 /H 1 /BPC 8 /CS /G ID a EI " * 300_000, packs=FLATE)


@crafted("open-image.pdf")
def _() -> bytes:
    return one_page(b"BI /W 1 /H 1 ID E" * 300_000, packs=FLATE)


@crafted("form-cycle.pdf")
def _() -> bytes:
    return one_page(b"/X Do " * 10, form=stream(b"/X Do /X Do", FORM_X))


@crafted("form-doubling.pdf")
def _() -> bytes:
    """Each form shows the next one ten times."""
    forms = [
        stream(
            b"/X Do " * 10,
            b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>" % (n + 1),
        )
        for n in range(6, 20)
    ]
    return one_page(
        b"/X Do",
        form=forms[0],
        more=(*forms[1:], stream(b"0 0 m 9 9 l S", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]")),
    )


@crafted("form-heavy.pdf")
def _() -> bytes:
    """One form of a megabyte, shown a thousand times."""
    return one_page(b"/X Do " * 1_000, form=stream(zlib.compress(b"0 0 m 9 9 l S " * 70_000), FORM_X + FLATE))


@crafted("cmap.pdf")
def _() -> bytes:
    cmap = b"1 begincodespacerange <0000> <ffff> endcodespacerange 1 beginbfrange <0000> <ffffffff> <0041> endbfrange"
    font = (
        b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/ToUnicode 7 0 R/DescendantFonts[8 0 R]>>"
    )
    descendant = b"<</Type/Font/Subtype/CIDFontType2/BaseFont/A/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>"
    return one_page(b"BT /F 9 Tf <00410042> Tj ET", font=font, more=(stream(cmap), descendant))


@crafted("cid-ranges.pdf")
def _() -> bytes:
    cmap = b"1 begincidrange " + b"<0000> <ffff> 0 " * 400 + b"endcidrange"
    font = b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding 7 0 R/DescendantFonts[8 0 R]>>"
    descendant = b"<</Type/Font/Subtype/CIDFontType2/BaseFont/A/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>"
    return one_page(
        b"BT /F 9 Tf <00410042> Tj ET", font=font, more=(stream(cmap, b"/CMapName/A"), descendant)
    )


@crafted("widths.pdf")
def _() -> bytes:
    font = b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[7 0 R]>>"
    descendant = b"<</Type/Font/Subtype/CIDFontType2/BaseFont/A/W[0 999999999 500]/W2[0 999999999 1 1 1]/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>"
    return one_page(b"BT /F 9 Tf <00410042> Tj ET", font=font, more=(descendant,))


@crafted("font-path.pdf")
def _() -> bytes:
    """Names of character maps that would be files elsewhere (pdfminer loads some as pickles)."""
    font = b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/..#2F..#2F..#2F..#2Ftmp#2Fprobe/DescendantFonts[7 0 R]>>"
    descendant = b"<</Type/Font/Subtype/CIDFontType2/BaseFont/A/CIDSystemInfo<</Registry(#2Ftmp)/Ordering(..#2Fprobe)/Supplement 0>>>>"
    return one_page(b"BT /F 9 Tf <00410042> Tj ET", font=font, more=(descendant,))


@crafted("truetype.pdf")
def _() -> bytes:
    table = (
        b"\0\1\0\0\0\1\0\0\0\0\0\0cmap"
        + struct.pack(">LLL", 0, 28, MEGA)
        + struct.pack(">HH", 0, 1)
        + struct.pack(">HHL", 3, 1, 12)
    )
    table += (
        struct.pack(">HHH", 4, 60_000, 0)
        + struct.pack(">HHHH", 4, 0, 0, 0)
        + struct.pack(">HH", 0xFFFE, 0)
        + struct.pack(">HH", 0, 1) * 9
    )
    font = b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[7 0 R]>>"
    descendant = b"<</Type/Font/Subtype/CIDFontType2/BaseFont/A/FontDescriptor 8 0 R/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>"
    descriptor = b"<</Type/FontDescriptor/FontName/A/FontFile2 9 0 R>>"
    return one_page(b"BT /F 9 Tf <00410042> Tj ET", font=font, more=(descendant, descriptor, stream(table)))


@crafted("numbers.pdf")
def _() -> bytes:
    return one_page(
        b"BT /F 9 Tf 1 0 0 1 1"
        + b"0" * 5_000
        + b" 1 Tm (a) Tj 9e99999 0 Td (b) Tj "
        + b"9" * 100_000
        + b" 0 Td (c) Tj ET"
    )


@crafted("box.pdf")
def _() -> bytes:
    huge = PAGE.replace(b"[0 0 595 842]", b"[0 0 " + b"9" * 400 + b" -1]")
    return pdf(CATALOG, PAGES, huge, stream(b"BT /F 9 Tf 0 0 Td (a) Tj ET"), FONT, stream(b"", FORM_X))


@crafted("links.pdf")
def _() -> bytes:
    action = (
        b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/URI/URI(%s)>>/AA<</O<</S/Launch/F(calc.exe)>>>>"
        % REMOTE.encode()
    )
    action += b"/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(app.alert\\(1\\))>>]>>>>>>"
    outside = b"<</F(/etc/hostname)/FFilter/FlateDecode/Length 0>>\nstream\n\nendstream"
    return pdf(action, PAGES, PAGE, outside, FONT, stream(b"", FORM_X))


@crafted("jbig2.pdf")
def _() -> bytes:
    image = stream(
        b"\0" * 100,
        b"/Type/XObject/Subtype/Image/Width 99999999/Height 99999999/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/JBIG2Decode",
    )
    return one_page(b"/X Do", form=image)


@crafted("structure.pdf")
def _() -> bytes:
    catalog = b"<</Type/Catalog/Pages 2 0 R/StructTreeRoot 7 0 R/MarkInfo<</Marked true>>>>"
    tree = b"<</Type/StructTreeRoot/K 7 0 R/ParentTree<</Nums[0 7 0 R]/Kids[7 0 R]>>>>"
    return pdf(
        catalog,
        PAGES,
        PAGE,
        stream(b"/P <</MCID 0>> BDC BT /F 9 Tf (a) Tj ET EMC"),
        FONT,
        stream(b"", FORM_X),
        tree,
    )


# -------------------- compound files
def compound(
    name: str, content: bytes, fat: Callable[[list[int]], None] = lambda chain: None, directory_start: int = 1
) -> bytes:
    """A compound file with one stream ([MS-CFB]); `fat` may turn its chain of sectors round."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE

    def entry(called: str, kind: int, left: int, right: int, child: int, start: int, size: int) -> bytes:
        written = (called + "\0").encode("utf-16-le")
        head = written.ljust(64, b"\0") + struct.pack("<HBBLLL", len(written), kind, 1, left, right, child)
        return head + bytes(36) + struct.pack("<LQ", start, size)

    held = content.ljust(-(-max(len(content), 4_096) // 512) * 512, b"\0")[: 100 * 512]
    chain = [0xFFFFFFFD, end, *range(3, 2 + len(held) // 512), end]
    fat(chain)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack(
        "<HHHHH6xLLLLLLLLL", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, directory_start, 0, 4096, end, 0, end, 0
    )
    header += struct.pack("<109L", 0, *[free] * 108)
    directory = entry("Root Entry", 5, free, free, 1, end, 0) + entry(
        name, 2, free, free, free, 2, len(content)
    )
    return (
        header
        + struct.pack("<128L", *chain, *[free] * (128 - len(chain)))
        + directory.ljust(512, b"\0")
        + held
    )


def _cycle(chain: list[int]) -> None:
    chain[-1] = 2


def _self(chain: list[int]) -> None:
    chain[2] = 2


def _directory_cycle(chain: list[int]) -> None:
    chain[1] = 1


_BOF = struct.pack("<HH", 0x809, 16) + struct.pack("<HHHHLL", 0x600, 5, 0, 0, 0, 0)

for _name, _stream in (("doc", "WordDocument"), ("xls", "Workbook")):
    _head = struct.pack("<HH6xH", 0xA5EC, 0xC1, 0) if _name == "doc" else _BOF
    CRAFTED[f"fat-cycle.{_name}"] = lambda s=_stream, h=_head: compound(s, h + bytes(9_000), _cycle)  # type: ignore[misc]
    CRAFTED[f"fat-self.{_name}"] = lambda s=_stream, h=_head: compound(s, h + bytes(9_000), _self)  # type: ignore[misc]
    CRAFTED[f"directory-cycle.{_name}"] = lambda s=_stream, h=_head: compound(s, h, _directory_cycle)  # type: ignore[misc]
    CRAFTED[f"size-lies.{_name}"] = lambda s=_stream, h=_head: compound(s, h + bytes(9_000)).replace(  # type: ignore[misc]
        struct.pack("<LQ", 2, len(h) + 9_000), struct.pack("<LQ", 2, 1 << 40)
    )
    CRAFTED[f"zeros.{_name}"] = lambda s=_stream, h=_head: compound(s, h + bytes(50_000))  # type: ignore[misc]


@crafted("difat-cycle.xls")
def _() -> bytes:
    data = bytearray(compound("Workbook", _BOF))
    struct.pack_into("<LL", data, 68, 1, 0x7FFFFFFF)
    return bytes(data)


@crafted("fat-count.xls")
def _() -> bytes:
    data = bytearray(compound("Workbook", _BOF))
    struct.pack_into("<L", data, 44, 0x7FFFFFFF)
    return bytes(data)


@crafted("sector-size.doc")
def _() -> bytes:
    data = bytearray(compound("WordDocument", struct.pack("<HH6xH", 0xA5EC, 0xC1, 0)))
    struct.pack_into("<HH", data, 30, 40, 60)
    return bytes(data)


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def old_workbook(records: bytes) -> bytes:
    """The stream of a workbook of BIFF5 with one sheet, without a compound file around it."""
    start = struct.pack("<HHHHLL", 0x500, 5, 0, 0, 0, 0)[:8]
    inner = struct.pack("<HHHHLL", 0x500, 0x10, 0, 0, 0, 0)[:8]
    sheet = record(0x809, inner) + records + record(0x0A, b"")
    name = b"\x01a"
    bound = len(record(0x809, start)) + 4 + 6 + len(name) + 4
    return (
        record(0x809, start)
        + record(0x85, struct.pack("<LBB", bound, 0, 0) + name)
        + record(0x0A, b"")
        + sheet
    )


@crafted("far-cell.xls")
def _() -> bytes:
    return old_workbook(record(0x203, struct.pack("<HHHd", 65535, 255, 0, 1.0)))


@crafted("far-cells.xls")
def _() -> bytes:
    return old_workbook(b"".join(record(0x203, struct.pack("<HHHd", n, 255, 0, 1.0)) for n in range(65_000)))


@crafted("blanks.xls")
def _() -> bytes:
    return old_workbook(
        b"".join(record(0xBE, struct.pack("<HH", n, 0) + struct.pack("<H", 255)) for n in range(65_000))
    )


@crafted("lengths.xls")
def _() -> bytes:
    return old_workbook(struct.pack("<HH", 0x204, 0xFFFF) + b"\xff" * 100)


@crafted("merges.xls")
def _() -> bytes:
    ranges = struct.pack("<H", 8_000) + struct.pack("<HHHH", 0, 65535, 0, 255) * 8_000
    return old_workbook(record(0xE5, ranges) * 20 + record(0x203, struct.pack("<HHHd", 1, 1, 0, 1.0)))


# -------------------- texts
TEXTS: dict[str, Callable[[], str]] = {
    "one-line": lambda: "政府信息公开" * 440_000,
    "tabs": lambda: "\t" * 8_000_000,
    "quotes": lambda: '"' * 8_000_000,
    "quoted-tabs": lambda: '"\t' * 4_000_000,
    "open-quote": lambda: '"' + "甲\n" * 1_990_000,
    "open-quotes": lambda: '"甲\n' * 1_590_000,
    "open-quotes-long": lambda: ('"' + "a" * 3_000 + "\n") * 2_600,
    "digits": lambda: "1" * 8_000_000,
    "digit-lines": lambda: "1234567890123456789012345678901234567890\n" * 190_000,
    "figures": lambda: "1\n" * 3_999_000,
    "figures-tabbed": lambda: ("1\t" * 50 + "\n") * 79_000,
    "blanks": lambda: " " * 8_000_000 + "甲",
    "wide-blanks": lambda: "\u3000" * 2_600_000 + "甲",
    "blank-runs": lambda: ("甲" + " " * 3_000) * 2_600,
    "lines": lambda: "甲\n" * 1_990_000,
    "blank-lines": lambda: "\n" * 8_000_000,
    "headings": lambda: "一、" * 1_000_000,
    "heading-lines": lambda: "一、总体情况\n" * 380_000,
    "six-headings": lambda: (
        "一、总体情况\n二、主动公开政府信息情况\n三、收到和处理政府信息公开申请情况\n四、政府信息公开行政复议、行政诉讼情况\n"
        "五、存在的主要问题及改进情况\n六、其他需要报告的事项\n"
    )
    * 21_000,
    "brackets": lambda: "（一）" * 880_000,
    "bracket-lines": lambda: "（一）甲\n" * 600_000,
    "labels": lambda: "受理总计行政许可规章" * 260_000,
    "label-lines": lambda: "行政许可\n" * 600_000,
    "labels-figures": lambda: "行政许可 12\n" * 490_000,
    "labels-tabbed": lambda: "行政许可\t12\t\n" * 440_000,
    "label-digits": lambda: "第二十条第（一）项信息内容本年制发件数本年废止件数现行有效件数规章1234567行政规范性文件12345678\n" * 55_000,
    "table-three": lambda: "1.属于国家秘密\t" * 350_000,
    "pipes": lambda: "|" * 8_000_000,
    "pipe-lines": lambda: ("|甲|1" * 20 + "\n") * 60_000,
    "dashes": lambda: "-" * 8_000_000,
    "dots": lambda: "目录" + "." * 7_900_000,
    "dot-lines": lambda: ("一、总体情况" + "." * 80 + "1\n") * 79_000,
    "years": lambda: "2023年" * 1_100_000,
    "titles": lambda: "鲁山县人民政府2022年政府信息公开工作年度报告\n" * 115_000,
    "title": lambda: "鲁山县人民政府2022年政府信息公开工作年度报告" * 115_000,
    "agencies": lambda: "鲁山县人民政府办公室\n2023年1月9日\n" * 170_000,
    "sentences": lambda: "全年公开信息12条，受理申请3件。" * 180_000,
    "sample-many": lambda: sample() * 300,
    "sample-glued": lambda: "".join(sample().split()) * 300,
    "sample-cells": lambda: "\n".join(sample().split()) * 300,
    "sample-40": lambda: sample() * 40,
    "sample-glued-40": lambda: "".join(sample().split()) * 40,
    "sample-cells-40": lambda: "\n".join(sample().split()) * 40,
    "addresses": lambda: "http://a/" * 880_000,
    "hyphenated": lambda: ("a" * 40 + "-\n") * 190_000,
    "wrapped": lambda: ("政府信息公开工作" * 5 + "\n") * 64_000,
    "unseen": lambda: "\u200b\u2060\ufeff" * 880_000 + "甲",
    "combining": lambda: "e" + "\u0301" * 3_900_000,
    "compat": lambda: "\ufdfa" * 2_600_000,
    "radicals": lambda: "⼀⼆⼈" * 880_000,
    "colons": lambda: "：" * 2_600_000,
    "percent": lambda: "％%" * 2_000_000,
    "slashes": lambda: "/" * 8_000_000,
}  # fmt: skip
for _name, _text in TEXTS.items():
    CRAFTED[f"{_name}.txt"] = lambda text=_text: text().encode()  # type: ignore[misc]


@crafted("encodings.txt")
def _() -> bytes:
    return b"\x81\x30" * 3 * MEGA + b"\xff"


@crafted("random.txt")
def _() -> bytes:
    import random

    return random.Random(1).randbytes(8 * MEGA - 1)


@crafted("wide.txt")
def _() -> bytes:
    return b"\xff\xfe" + "一、".encode("utf-16-le") * MEGA


# -------------------- our own
def _gxr(inner: str) -> bytes:
    return ('{"format": "gxeditor-report/1", "x": ' + inner).encode()


@crafted("deep.gxr")
def _() -> bytes:
    return _gxr("[" * 100_000 + "]" * 100_000 + "}")


@crafted("deep-objects.gxr")
def _() -> bytes:
    return _gxr('{"a":' * 100_000 + "1" + "}" * 100_001)


@crafted("number.gxr")
def _() -> bytes:
    return _gxr("9" * MEGA + "}")


@crafted("keys.gxr")
def _() -> bytes:
    return _gxr("{" + ",".join(f'"{n}":{n}' for n in range(900_000)) + "}}")


@crafted("amount.gxr")
def _() -> bytes:
    return (
        b'{"format": "gxeditor-report/1", "form": "2021", "year": 2022, "cells": {"fees.total": "1e999999999", "fees.a": "'
        + b"9" * MEGA
        + b'"}}'
    )


@crafted("strings.gxr")
def _() -> bytes:
    return _gxr('"' + "\\u0061" * 3 * MEGA + '"}')
