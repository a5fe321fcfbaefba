"""What stands before the first section: the title, whose report it is, and the furniture of the page.

Knows how titles of reports are written, in one line or several, and what a web page puts around them (breadcrumbs,
tables of metadata, buttons, page numbers). A name is an agency's only if it reads like one and nothing speaks against
it; else the agency stays blank. Does not know the sections, nor the figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gxeditor.imports.source import RawTable, SourceText
from gxeditor.wording.labels import Lexicon, plain, simplified

__all__ = ["CHINESE_YEAR", "Front", "Page", "Title", "page_number"]

_CHINESE_DIGITS = "〇一二三四五六七八九"
CHINESE_YEAR = rf"二[○零O0{_CHINESE_DIGITS}]{{3}}"
_YEAR = rf"(?:(?<![0-9])(?:19|20)[0-9]{{2}}(?![0-9])|{CHINESE_YEAR})"
_YEARS = re.compile(rf"[(\[]?({_YEAR})年?度?[)\]]?")
_DISCLOSURE = r"(?:(?:政府|政务)?信息公开|政务公开|政府信息(?:与|和|及)政务公开)"
_NAME = re.compile(
    rf"{_DISCLOSURE}(?:(?:年度?|工作|情况|的|执行|开展|总结){{0,8}}(?:报告|年报)|工作(?:情况)?总结|年度(?:工作)?总结)"
)
_YEAR_INSIDE = re.compile(rf"({_DISCLOSURE}(?:工作)?)[(\[]?{_YEAR}年?度?[)\]]?(?=[年工报情])")
_ANNUAL = re.compile("年报|年度|工作报告|总结")
_TITLE_WORDS = re.compile("(?:政府|政务|信息|公开|工作|年度|报告|年报)+")
_LAST_WORDS = re.compile("(?:报告|年报|总结)$")
_TAIL = re.compile(
    rf"(?:[(\[]?{_YEAR}年?度?[)\]]?|[(\[](?:全文|公开稿|公示稿|定稿|正文|文字版|图文版|本级|盖章版|上报稿)[)\]]|全文|正文|公开稿|文字版|的?(?:公告|公示|通知)|的(?:报告|函))?"
)
_ABOUT = re.compile(r"关于(?:公布|发布|报送|印发|上报|公开)?")
_FILE_SUFFIX = re.compile(r"\.(?:docx?|wps|pdf|txt|html?)$", re.IGNORECASE)
_NAMED = re.compile(r"[\W_]*(?:标题|名称|题目|信息名称|文件名称|信息标题)(?:\s*[:：]|\s)")
_TITLE_MARK = re.compile(r"^(?:第[0-9]{1,3}页|(?:Page|P\.?)[0-9]{1,3})[-–—:]?")
_SITE = re.compile(r"[-_|—–]+[^-_|—–]{2,20}$")  # what browsers put behind the title of a page
_TITLE_LENGTH = 80
_TITLE_LINES = 5
_DEPTH = 200  # paragraphs among which the title is looked for; page furniture before it has some 50
_HEAD = 20  # paragraphs behind the title, among which the page still has its say
_METADATA_CELLS = 60  # of such a table; most have some 20
_METADATA = 2  # labels of a page in a table that make it one about the page
_SHORT, _LONG = 40, 100  # what is shorter before a title belongs to the page; what is longer never does

_SHORTEST_LABEL = 2  # characters of a label with which an agency's name may begin

_SEPARATORS = "[>»›→＞≫]"
_CRUMBS = re.compile(rf"{_SEPARATORS}|^(?:网站|返回)?(?:首页|主页)[^。]*$|^(?:您|你)?.{{0,6}}位置[:：]")
_SLASHES = re.compile(r"(?:[^/|·\\]{1,20}[/|·\\]){2,}[^/|·\\]{0,30}")
_PAGE_NUMBER = re.compile(
    r"[-—–－_·~]+[0-9]{1,3}[-—–－_·~]+|第[0-9]{1,3}页(?:[,，/]?\(?共[0-9]{1,3}页\)?)?|\(?共[0-9]{1,3}页\)?[,，/]?第[0-9]{1,3}页"
    r"|(?:Page|P\.?)[0-9]{1,3}(?:(?:of|/)[0-9]{1,3})?|第[0-9]{1,3}/[0-9]{1,3}页",
    re.IGNORECASE,
)
_BROWSER = re.compile(
    r"[0-9]{1,4}[/年][0-9]{1,2}[/月][0-9]{1,4}日?[,，]?\s{0,9}(?:[上下]午)?[0-9]{1,2}:[0-9]{2}(?:\s?[AP]M)?"
    r"|(?:https?|file)://\S{1,400}\s{1,200}[0-9]{1,3}/[0-9]{1,3}|file:///\S{1,400}"
)
_LONGEST_ADDRESS = 400  # characters; chosen
_NOTHING = re.compile(r"[\W_]*")
_FIGURES = re.compile(r"[\W_0-9]*")
_TIME = re.compile(
    r"[(\[]?(?:19|20)[0-9]{2}[-年/.][0-9]{1,2}[-月/.][0-9]{1,2}日?(?:[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?[)\]]?"
)
_MONTH_BEHIND = re.compile(r"\((?:19|20)[0-9]{2}年[0-9]{1,2}月\)$")
_TIME_BEHIND = re.compile(_TIME.pattern + "$")
_DAY = re.compile(
    rf"\(?(?:{CHINESE_YEAR}年[{_CHINESE_DIGITS}十]{{1,2}}月(?:[{_CHINESE_DIGITS}十]{{1,3}}日)?|(?:19|20)[0-9]{{2}}年[0-9]{{1,2}}月)\)?"
)
_NUMBER = re.compile(r"[^。,:]{1,20}[(\[〔【](?:19|20)[0-9]{2}[)\]〕】]第?[0-9]{1,5}号")
_RULE = re.compile(r"[=\-_—*]{3,}(?:.{1,10}[=\-_—*]{3,})?")
_BLANK_FORM = re.compile(
    r".{0,60}信息公开.{0,12}(?:报告|年报)[(]?的?(?:(?:格式|参考|空白|标准)*(?:模板|样表|表样|样式|式样|样本|范本|范文|空表)|格式)[)]?"
)
"""What heads a form to fill in; in a report it is left over, and names nobody."""
_CLICK = re.compile(r"点击.{0,20}|.{0,8}(?:扫一扫|二维码).{0,20}")

_JOINT = "、"
_NAME_SHAPE = re.compile(r"(?=.{2,40}$)[\w()·、“”-]+", re.DOTALL)
_GENERIC = re.compile(
    "(?:本|我|该|各|全)(?:机关|单位|部门|地区|级|局|县|市|区|镇|乡|街道|街|办|委|院|厅|处|中心|省|旗|州)(?:人民政府|政府|局|办公室)?"
)
_REGION = re.compile(".*[省市县区州盟旗]")
_STRONG = re.compile(".*(?:政府|局|厅|委员会|办公室|办公厅|办事处|管委会)")


@dataclass(frozen=True, slots=True)
class Title:
    """A title: the words in it that may name the agency, the year, and the title as written, without blanks.

    `year` is None if it names none or two.
    """

    name: str
    year: int | None
    text: str


def _as_written(title: Title, alike: str, written: str) -> Title:
    """The title with its words as they stand in a text that was read as if it were in Simplified characters."""
    if len(alike) != len(written):
        return title
    name, text = (
        written[at : at + len(words)] if (at := alike.find(words)) >= 0 else words
        for words in (title.name, title.text)
    )
    return Title(name, title.year, text)


class Page:
    """What the wording around a report says, in an edition's aliases."""

    def __init__(self, wording: Mapping[str, Iterable[str]]) -> None:
        self._words = frozenset(wording.get("word", ()))
        self._never = tuple(wording.get("never", ()))
        places = _alternatives(wording.get("place", ()))
        organs = _alternatives(wording.get("organ", ()))
        self._place = re.compile(rf"[\w“”·]{{1,20}}?(?:{places})")
        self._ends = re.compile(rf".*(?:{places}|{organs})")
        self._bare = re.compile(rf"(?:{places}|{organs}){{1,2}}")
        self._organ_inside = re.compile(
            r".*人民政府(?!$|办公[室厅]|.{0,8}办(?:事处|公室)?$|.{2,12}(?:委员会|管委会|中心)$|[(]).*"
        )
        labels = _alternatives(wording.get("label", ()))
        self._label = re.compile(rf"[\W_]*(?:{labels})\s*(?:[:：]|[\s|]|$)")
        self._behind = re.compile(rf"[\s【]+(?:{labels})\s*[:：]")
        self._labels = tuple(label for label in wording.get("label", ()) if len(label) > _SHORTEST_LABEL)
        self._label_alone = re.compile(rf"[\W_]*(?:{labels})[\W_]*")
        self._pieces = re.compile(rf"(?:{labels}|{_alternatives(self._words)})")

    # -------------------- agencies
    def certainty(self, name: str) -> int:
        """How surely a plain text is the name of an agency: 2 with its place, 1 without, 0 empty, -1 it is none."""
        if not name:
            return 0
        name = simplified(name)
        bare = re.sub(r"\([^()]*\)$", "", name)
        if not _NAME_SHAPE.fullmatch(name) or re.search(r"[0-9_A-Za-z]{3,}|^[、()“”·-]|[、(·-]$", name):
            return -1
        if bare in self._words or any(word in bare for word in self._never) or _GENERIC.fullmatch(bare):
            return -1
        if bare.startswith(self._labels) or bare.count("政府") > 1:
            return -1
        parts = bare.split(_JOINT)
        if any(
            not self._ends.fullmatch(part) or self._bare.fullmatch(part) or self._organ_inside.fullmatch(part)
            for part in parts
        ):
            return -1
        return 2 if self._place.match(bare) else 1

    def speaks(self, name: str) -> bool:
        """Whether words in the place of a name say something instead."""
        name = simplified(name)
        if _GENERIC.fullmatch(name):
            return False
        return any(word in name for word in self._never) or name.startswith(self._labels)

    # -------------------- titles
    def title(self, text: str) -> Title | None:
        """The title in a text that holds nothing else, as it is written."""
        text = text[: 3 * _TITLE_LENGTH]
        alike = simplified(text)
        found = self._title(alike)
        return found if found is None or alike == text else _as_written(found, plain(alike), plain(text))

    def _title(self, text: str) -> Title | None:
        labelled = self._label.match(text)
        if labelled is not None and not _NAMED.match(text):
            return None
        text = self._behind.split(text, maxsplit=1)[0]
        shown = _TITLE_MARK.sub("", plain(_NAMED.sub("", text)))
        shown = _MONTH_BEHIND.sub("", _TIME_BEHIND.sub("", shown))
        shown = _FILE_SUFFIX.sub("", shown)
        if len(shown) > _TITLE_LENGTH or re.search("[。;；,，]", shown):
            return None
        found = self._parse(shown)
        if found is None and (site := _SITE.search(shown)) is not None:
            found = self._parse(shown[: site.start()])
        return found

    def _parse(self, shown: str) -> Title | None:
        whole = re.fullmatch(r"《([^《》]*)》", shown)
        if whole is not None:
            shown = whole[1]
        bare = re.sub("[《》]", "", shown)
        bare = _YEAR_INSIDE.sub(r"\1年度", bare)
        name = None
        for match in _NAME.finditer(bare):
            name = match
        if name is None:
            return None
        behind = re.fullmatch(r"\((\w+)\)", bare[name.end() :])
        if behind is None or self.certainty(behind[1]) < 2:
            behind = None
            if not _TAIL.fullmatch(bare[name.end() :]):
                return None
        front = bare[: name.start()]
        if _NAME.search(front):
            return None
        years = {_year(match[1]) for match in _YEARS.finditer(shown)}
        pieces = [
            piece for piece in re.split(r"\s+", _ABOUT.sub(" ", _YEARS.sub(" ", front)).strip()) if piece
        ]
        pieces = [re.sub(r"^[-—·:]+|[-—·:]+$|^(?:年度|度)|的$", "", piece) for piece in pieces]
        pieces = [piece for piece in pieces if piece]
        if any(re.search("[0-9>]", piece) for piece in pieces):
            return None
        if behind is not None:  # 2024年…年度报告（某县某局）
            pieces.append(behind[1])
        agency = pieces[0] if pieces else ""
        if len(pieces) > 1:  # words on both sides of the year: one name written twice, or no telling
            longest = max(pieces, key=len)
            agency = longest if all(piece in longest for piece in pieces) else " ".join(pieces)
        if agency.endswith("人民"):  # “某县人民政府信息公开…”: the 政府 belongs to both
            agency += "政府"
        return Title(agency, years.pop() if len(years) == 1 else None, shown)

    # -------------------- furniture
    def is_furniture(self, text: str) -> bool:
        """Whether a text is of the page and not of the report: breadcrumbs, metadata, buttons, dates, page numbers."""
        text = simplified(text)
        shown = plain(text)
        if len(shown) > _LONG or not shown:
            return not shown
        if shown in self._words or page_number(text) or _RULE.fullmatch(shown) or _NUMBER.fullmatch(shown):
            return True
        if _NOTHING.fullmatch(shown) or _DAY.fullmatch(shown) or _BLANK_FORM.fullmatch(shown):
            return True
        ends = shown.endswith(("。", ";", ","))  # a sentence, or a part of one
        if not ends and (self._label.match(text) or self._label.match(shown) or _CLICK.fullmatch(shown)):
            return True
        if not ends and (_CRUMBS.search(shown) or _SLASHES.fullmatch(shown)):
            return True
        # 【字体：大 中 小】 打印 关闭: nothing is left when the known words are taken out
        left = self._pieces.sub("", _TIME.sub("", shown)) if len(shown) <= 60 else shown
        return not ends and left != shown and bool(_FIGURES.fullmatch(left))

    def is_metadata(self, table: RawTable, lexicon: Lexicon) -> bool:
        """Whether a table holds what a site says of the page: 索引号, 分类, 发布机构, each with its value.

        A table with a heading of the form, which `lexicon` knows, does not, unless that is such a value (分类：其他).
        """
        if len(table.cells) > _METADATA_CELLS:
            return False
        rows: dict[int, list[str]] = {}
        for cell in table.cells:
            if not cell.is_blank:
                rows.setdefault(cell.row, []).append(simplified(cell.text))
        fits = []
        heads = False  # the row above holds labels only, and the values stand below
        labelled = []
        for row in rows.values():
            labels = [self._is_page_label(text) for text in row]
            of_form = [i for i, text in enumerate(row) if lexicon.read(text)[0].kind == "known"]
            values = all(i and labels[i - 1] and all(labels[i + 1 : i + 2]) for i in of_form)
            fits.append(values and (heads or self._names_value(row)))
            heads = len(row) > 1 and all(labels)
            labelled.append(sum(labels))
        return sum(labelled) >= _METADATA and all(fits) and 2 * sum(map(bool, labelled)) >= len(rows)

    def _names_value(self, row: Sequence[str]) -> bool:
        """Whether a row of a table begins with what names a value; one text alone may go on from the row above."""
        return len(row) == 1 or self._is_page_label(row[0]) or bool(_NAMED.match(f"{plain(row[0])}:"))

    def _is_page_label(self, text: str) -> bool:
        shown = plain(text)
        return bool(self._label_alone.fullmatch(shown) or (len(shown) <= _LONG and self._label.match(shown)))

    def is_label_alone(self, text: str) -> bool:
        """Whether a text heads a value that stands in the next line."""
        return bool(self._label_alone.fullmatch(simplified(text).strip()))


@dataclass(frozen=True, slots=True)
class _Candidate:
    start: int
    end: int
    title: Title
    certainty: int

    @property
    def worth(self) -> int:
        return self.certainty + (self.title.year is not None)


class Front:
    """The paragraphs before the first section, divided: title, agency, year, preamble and what was left out.

    `agency` is as certain as it gets here; `doubtful` are words in its place that are none. `before` and `after` are
    the furniture in front of the title and behind it, `anchor` the paragraph that notes point to. `cells` are texts of
    tables that stand before the first section, where a title is looked for last.
    """

    def __init__(
        self,
        paragraphs: Sequence[SourceText],
        page: Page,
        agency_labels: frozenset[str],
        cells: Sequence[SourceText] = (),
    ) -> None:
        self.agency = ""
        self.doubtful = ""
        self.year: int | None = None
        self.title = ""
        self.anchor: SourceText | None = None
        self.before: list[SourceText] = []
        self.after: list[SourceText] = []
        self.preamble: list[SourceText] = []
        self._page = page
        self._lines = list(paragraphs)
        self._furniture = self._find_furniture()
        candidates = self._candidates()
        if candidates:
            self._take(candidates, agency_labels)
        else:
            self._take_elsewhere(cells)
            for i, paragraph in enumerate(self._lines):
                (self.after if self._furniture[i] and i < _HEAD else self.preamble).append(paragraph)

    def _find_furniture(self) -> list[bool]:
        page, lines = self._page, self._lines
        found = [i < _DEPTH and page.is_furniture(one.text) for i, one in enumerate(lines)]
        for i in range(min(len(lines), _DEPTH) - 1):
            text, below = lines[i].text.strip(), lines[i + 1].text.strip()
            shown = plain(below)
            if len(shown) > _SHORT or self._is_full_title(below):
                continue
            # a value below its label, or a link of a breadcrumb that is broken over lines
            crumb = re.search(rf"{_SEPARATORS}$", text) and len(shown) <= 20
            if page.is_label_alone(text) or crumb:
                found[i + 1] = True
            if re.match(_SEPARATORS, below) and not self._is_full_title(text) and len(plain(text)) <= 20:
                found[i] = True
        return found

    def _is_full_title(self, text: str) -> bool:
        title = self._page.title(text)
        return title is not None and (title.year is not None or self._page.certainty(title.name) > 0)

    def _candidates(self) -> list[_Candidate]:
        """The titles, each with as many lines as make it most complete, in their order."""
        found: list[_Candidate] = []
        last = -1
        for end in range(min(len(self._lines), _DEPTH)):
            if end <= last:
                continue
            text = self._lines[end].text
            link = self._furniture[end] and not self._is_full_title(text)
            if link and (
                self._page.title(text) is not None or not _LAST_WORDS.search(simplified(plain(text)))
            ):
                continue  # 政府信息公开年报 alone is a column of the site, 年度报告 may be the end of a title
            best: _Candidate | None = None
            for start in range(end, max(last, end - _TITLE_LINES), -1):
                text = self._lines[start].text
                foreign = (
                    self._furniture[start]
                    and not _TITLE_WORDS.fullmatch(simplified(plain(text)))
                    and self._page.title(text) is None
                )
                if (start < end and foreign) or len(text) > _TITLE_LENGTH:
                    break
                title = self._page.title("".join(one.text for one in self._lines[start : end + 1]))
                if title is None:
                    continue
                one = _Candidate(start, end, title, self._page.certainty(title.name))
                # a line of its own before a whole title is a name only if it says so itself
                sure = one.certainty == 2 or _STRONG.fullmatch(title.name) is not None
                if best is not None and not best.title.name and _REGION.fullmatch(title.name):
                    sure = False  # a link to a region looks the same
                if best is None or (one.worth > best.worth and sure):
                    best = one
            if best is None or (link and best.title.year is None):
                continue
            best = self._with_year_below(best)
            end = best.end
            if (
                best.worth > 0
                or (best.certainty == 0 and _ANNUAL.search(best.title.text))
                or (best.certainty < 0 and not self._page.speaks(best.title.name))
            ):
                self._furniture[best.start : end + 1] = [False] * (end + 1 - best.start)
                found.append(best)
                last = end
        return found

    def _with_year_below(self, one: _Candidate) -> _Candidate:
        """The title with the line below it, if that adds the year: （2024年度）."""
        if one.title.year is None and one.end + 1 < len(self._lines):
            text = "".join(line.text for line in self._lines[one.start : one.end + 2])
            more = self._page.title(text)
            if more is not None and more.year is not None and more.name == one.title.name:
                return _Candidate(one.start, one.end + 1, more, one.certainty)
        return one

    def _take(self, candidates: list[_Candidate], agency_labels: frozenset[str]) -> None:
        best = max(candidates, key=lambda one: one.worth)
        first, last = candidates[0], candidates[-1]
        self.title, self.anchor = best.title.text, self._lines[best.start]
        years = {one.title.year for one in candidates if one.title.year is not None}
        self.year = years.pop() if len(years) == 1 else None
        named = [one for one in candidates if one.certainty > 0]
        # a column of the site may be called after the government, but not after a year
        dated = [one for one in named if one.title.year is not None]
        names = {one.title.name for one in dated or named}
        longest = max(names, key=len, default="")
        taken = {i for one in candidates for i in range(one.start, one.end + 1)}
        other = {one.start for one in candidates if one.title.text not in self.title}
        if all(longest.endswith(name) for name in names):
            self.agency = longest
        else:
            self.doubtful = "”“".join(sorted(names))
        if not names:
            self.doubtful = next((one.title.name for one in candidates if one.certainty < 0), "")
            if not self.doubtful:
                lines = self._agency_beside(candidates)
                self.agency = "".join(self._name(i) for i in lines)
                self.title = self.agency + self.title
                taken.update(lines)
            if not self.agency and not self.doubtful:
                self.agency = self._labelled_agency(agency_labels)
        for i, paragraph in enumerate(self._lines):
            shown = self._name(i)
            if i in taken:
                if i in other:  # the name of the page, worded otherwise
                    self.before.append(paragraph)
                continue
            if i < first.start:
                (self.before if len(paragraph.text) <= _LONG else self.preamble).append(paragraph)
            elif i < last.start and len(shown) <= _SHORT and not re.search("[。；，,;]", shown):
                self.before.append(paragraph)
            elif self._belongs_to_page(i, last.end):
                self.after.append(paragraph)
            elif shown != self.agency or i > last.end + 2:
                self.preamble.append(paragraph)
        self.agency = self.agency.replace("(", "（").replace(")", "）")

    def _belongs_to_page(self, i: int, title_end: int) -> bool:
        """Whether a line behind the title is furniture, or the name of an office right below it."""
        if i == title_end + 1 and self._page.certainty(self._name(i)) == 2 and self._name(i) != self.agency:
            return True
        return self._furniture[i] and i <= title_end + _HEAD

    def _take_elsewhere(self, cells: Sequence[SourceText]) -> None:
        """Takes the one whole title that stands in a table of the page or at the end of a breadcrumb."""
        crumbs = [
            SourceText(parts[-1], one.origin)
            for one in self._lines[:_DEPTH]
            if len(parts := re.split(_SEPARATORS, one.text)) > 1
        ]
        found: dict[str, tuple[Title, SourceText]] = {}
        for one in (*cells, *crumbs):
            title = self._page.title(one.text)
            if title is not None and title.year is not None and self._page.certainty(title.name) > 0:
                found[title.text] = title, one
        if len(found) == 1:
            title, self.anchor = found.popitem()[1]
            self.agency, self.year, self.title = title.name, title.year, title.text

    def _agency_beside(self, candidates: Sequence[_Candidate]) -> list[int]:
        """The lines directly above or below a title that are an agency's name, if they say one name only."""
        found: list[list[int]] = []
        for one in candidates:
            for lines in (
                [one.end + 1, one.end + 2],
                [one.end + 1],
                [one.start - 2, one.start - 1],
                [one.start - 1],
            ):
                if not all(0 <= i < len(self._lines) and not self._furniture[i] for i in lines):
                    continue
                name = "".join(self._name(i) for i in lines)
                alone = [self._page.certainty(self._name(i)) for i in lines]
                sure = self._page.certainty(name) == 2 and not _REGION.fullmatch(name)
                if sure and (len(lines) == 1 or max(alone) < 2):
                    found.append(lines)
                    break
        names = {"".join(self._name(i) for i in lines) for lines in found}
        return found[0] if len(names) == 1 else []

    def _name(self, line: int) -> str:
        """A line as a name, without brackets around the whole of it."""
        shown = plain(self._lines[line].text)
        return re.sub(r"^\(([^()]*)\)$", r"\1", shown)

    def _labelled_agency(self, labels: frozenset[str]) -> str:
        """The agency that a line names as the one that reports (编制单位：…)."""
        named = set()
        for paragraph in self._lines[:_DEPTH]:
            label, colon, name = plain(paragraph.text).partition(":")
            if colon and label in labels and self._page.certainty(name) > 0:
                named.add(name)
        return named.pop() if len(named) == 1 else ""


def page_number(text: str) -> bool:
    """Whether a text is the number of a page: — 1 —, 第1页 共5页; or what a browser prints beside it."""
    if len(text) <= 40 and _PAGE_NUMBER.fullmatch(plain(text)):
        return True
    return len(text) <= _LONGEST_ADDRESS and _BROWSER.fullmatch(text.strip()) is not None


def _year(text: str) -> int:
    return int(text.translate(str.maketrans("○零O" + _CHINESE_DIGITS, "0000123456789")))


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True))) or "(?!)"
