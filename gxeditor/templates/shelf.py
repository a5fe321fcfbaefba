"""Foreign workbooks to be filled: opening them, what is known of where things go, filling them into a file.

The window and the command line both go through here. Knows where maps are kept (a small file per template in the user's
data folder, found again by the template's structure) and that a template is never written to. Asks nothing and shows
nothing: what goes wrong is raised, what should be known before saving is in the plan that is handed back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from gxeditor.core.errors import Cancelled, Defects, GxError, NotWritten, UnreadableSource
from gxeditor.core.form import Form
from gxeditor.core.report import Report
from gxeditor.files.aside import OddFile, Told, set_aside
from gxeditor.files.digest import sha256
from gxeditor.files.names import same_file
from gxeditor.files.reading import NotRegular, TooMuch, read_file
from gxeditor.resources import load_form, resource
from gxeditor.settings import user_folders

if TYPE_CHECKING:
    from gxeditor.files.package import Package
    from gxeditor.mapping.placement import TemplateMap
    from gxeditor.templates.plan import Filling, Template
    from gxeditor.workbook.read import Workbook

FILLABLE = (".xlsx", ".xlsm")
BLANK_FILES = {"form": "templates/form-{}.xlsx", "rollup": "templates/rollup-{}.xlsx"}
"""The templates that the program ships: the statutory form, and a list with one row per unit."""

Origin = Literal["found", "stored", "given"]
_NOTHING = "没有写出任何文件。"
_MAP = 5_000_000  # bytes; the map of the largest form has 60 kB
_STEM = 60  # characters of a template's name in the name of its map


@dataclass(frozen=True)
class OpenTemplate:
    """A template with its map.

    `origin` says where the map comes from: found by the headings, stored by this user, or given as a file.
    `before`: the map that was stored for a template of this name, but another structure, so that it is not used.
    `odd`: stored maps that could not be read and were moved aside, to be told.
    """

    path: Path
    form: Form
    template: Template
    origin: Origin
    before: TemplateMap | None = None
    odd: tuple[OddFile, ...] = ()

    @property
    def is_changed(self) -> bool:
        return self.before is not None

    @property
    def map(self) -> TemplateMap:
        return self.template.map

    def with_map(self, corrected: TemplateMap) -> OpenTemplate:
        """The template with a map that a person has corrected."""
        from gxeditor.mapping.placement import fingerprint

        mark = fingerprint(self.template.workbook, self.form, corrected.places, corrected.units)
        template = replace(self.template, map=replace(corrected, fingerprint=mark))
        return replace(self, template=template, origin="given", before=None)


def open_template(
    path: Path, report: Report | None = None, map_file: Path | None = None, maps: Path | None = None
) -> OpenTemplate:
    """The template in a file and where things go: as `map_file` says, else as stored for its structure, else as found.

    `report` decides between tables of several years or units; `maps` is where maps are kept, in place of the user's
    folder. Raises `UnreadableSource` for what is no workbook that
    can be filled, and `GxError` for a map file that is damaged or was made for another template.
    """
    from gxeditor.mapping.placement import fits, map_template
    from gxeditor.templates.plan import Template
    from gxeditor.workbook.read import open_workbook

    form = report.form if report is not None else load_form()
    package, workbook = open_workbook(path)
    if path.suffix.lower() not in FILLABLE:  # what is in it can be filled, but Excel goes by the name
        raise UnreadableSource(
            f"“{path.name}”的扩展名不是 .xlsx 或 .xlsm。", _NOTHING, "请在 Excel 或 WPS 里另存为 .xlsx 再选。"
        )
    year, agency = (report.year, report.agency) if report is not None else (None, "")
    if map_file is not None:
        return _with_map_file(path, package, workbook, map_file, form, year, agency)
    before = None
    odd: list[OddFile] = []
    for kept in _kept_maps(maps or kept_maps()):
        stored = _kept_map(kept, form, odd.append)
        if stored is None:
            continue
        try:
            fitting = fits(stored, workbook, form)
        except Exception:  # whatever a map says of its places, the template can be filled without it
            _set_aside(kept, odd.append)
            continue
        if fitting:
            return OpenTemplate(path, form, Template(package, workbook, stored), "stored", odd=tuple(odd))
        if before is None and kept.name.startswith(f"{path.stem[:_STEM]}."):
            before = stored
    found = map_template(workbook, form, year=year, agency=agency)
    return OpenTemplate(path, form, Template(package, workbook, found), "found", before, tuple(odd))


def with_map_file(path: Path, template: Template, map_file: Path, report: Report) -> OpenTemplate:
    """An open template with the map in a file. Raises as `open_template`."""
    return _with_map_file(
        path, template.package, template.workbook, map_file, report.form, report.year, report.agency
    )


def _with_map_file(
    path: Path,
    package: Package,
    workbook: Workbook,
    map_file: Path,
    form: Form,
    year: int | None,
    agency: str,
) -> OpenTemplate:
    from gxeditor.mapping.placement import fits, map_template
    from gxeditor.templates.plan import Template

    given = import_map(map_file, form)
    opened = OpenTemplate(path, form, Template(package, workbook, given), "given")
    if fits(given, workbook, form):
        return opened
    if given.fingerprint == map_template(workbook, form, year=year, agency=agency).fingerprint:
        return opened.with_map(given)  # a person has corrected what was found in this very template
    raise GxError(
        f"对应关系“{map_file.name}”不是为“{path.name}”做的，模板的结构不同。",
        _NOTHING,
        "请重新核对对应关系，或换用对应的模板。",
    )


def plan_filling(opened: OpenTemplate, reports: Sequence[Report], line: str = "") -> Filling:
    """What filling the template comes to: what goes where, what does not and why, where totals differ.

    `line` is the name or code of the line to overwrite in a list of units. Raises `GxError` as `templates.plan.plan`.
    """
    from gxeditor.templates.plan import plan

    return plan(opened.template, reports, line)


def write_filling(
    filling: Filling, opened: OpenTemplate, target: Path, cancelled: Callable[[], bool] | None = None
) -> None:
    """Writes the filled workbook, once it has been read again and compared, whole or not at all.

    Raises as `write_filled`, and `NotWritten` if the comparison fails.
    """
    write_filled(lambda: filled(filling), opened, target, cancelled)


def write_filled(
    fill: Callable[[], bytes], opened: OpenTemplate, target: Path, cancelled: Callable[[], bool] | None = None
) -> None:
    """Writes what `fill` gives, which is only asked if the target is one that may be written.

    Raises `NotWritten` if the target is the template itself, or of another kind, or cannot be written, and `Cancelled`
    if `cancelled` says so; the disk is then as it was.
    """
    from gxeditor.files.atomic import write_atomic

    if target.suffix.lower() != opened.path.suffix.lower():
        raise NotWritten(
            f"模板是 {opened.path.suffix} 文件，不能写成“{target.name}”。",
            _NOTHING,
            f"请用 {opened.path.suffix} 作扩展名。",
        )
    if same_file(opened.path, target):
        raise NotWritten(f"“{target.name}”就是模板本身，没有覆盖它。", _NOTHING, "请另存为别的名字。")
    data = fill()
    if cancelled is not None and cancelled():
        raise Cancelled
    write_atomic(target, data)


def filled(filling: Filling) -> bytes:
    """The filled workbook, read again and compared. Raises `NotWritten` if it is not just what was planned."""
    from gxeditor.workbook.write import written

    template = filling.template
    return written(template.package, template.workbook, filling.changes)


def write_blank(path: Path, kind: str = "form") -> None:
    """Writes a blank workbook to fill in, of the kinds in `BLANK_FILES`. Raises `NotWritten`."""
    from gxeditor.files.atomic import write_atomic

    if path.suffix.lower() != ".xlsx":
        raise NotWritten(f"空白模板不能写成“{path.name}”。", _NOTHING, "请用 .xlsx 作扩展名。")
    if path.exists():
        raise NotWritten(f"已有“{path.name}”，没有覆盖它。", _NOTHING, "请换一个名字。")
    write_atomic(path, resource(BLANK_FILES[kind].format(load_form().edition)).read_bytes())


# -------------------- maps
def store_map(opened: OpenTemplate) -> None:
    """Keeps the map for the next time that a template of this structure is opened. Raises `NotWritten`."""
    from gxeditor.files.atomic import write_atomic
    from gxeditor.mapping.placement import to_json

    mark = sha256(opened.map.fingerprint.encode()).hexdigest()[:12]
    folder = kept_maps()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotWritten(
            f"对应关系没有保存到 {folder}。", "年报和模板都没有受到影响。", "下次要重新核对。"
        ) from error
    target = folder / f"{opened.path.stem[:_STEM]}.{mark}.json"
    write_atomic(target, to_json(opened.map, opened.form).encode())


def export_map(opened: OpenTemplate, path: Path) -> None:
    """Writes the map as a small file to hand on. Raises `NotWritten`."""
    from gxeditor.files.atomic import write_atomic
    from gxeditor.mapping.placement import to_json

    write_atomic(path, to_json(opened.map, opened.form).encode())


def import_map(path: Path, form: Form) -> TemplateMap:
    """The map in a file. Raises `GxError` if it cannot be read, with all its defects if it is wrong."""
    from gxeditor.mapping.placement import from_json

    data = read_file(path, _MAP, meaning="没有采用任何对应关系。")
    try:
        text = data.decode("utf-8")
    except UnicodeError as error:
        raise UnreadableSource(
            f"对应关系“{path.name}”读不出来。",
            "没有采用任何对应关系。",
            "请确认选的是从本程序导出的对应关系文件。",
        ) from error
    return from_json(text, form)


def _kept_map(path: Path, form: Form, told: Told) -> TemplateMap | None:
    """A stored map; None if it cannot be used, and then it is moved aside unless another version or form wrote it."""
    try:
        return import_map(path, form)
    except UnreadableSource as error:
        if isinstance(error.__cause__, OSError) and not isinstance(error.__cause__, NotRegular | TooMuch):
            return None  # held or forbidden: perhaps not the next time
    except Defects:
        from gxeditor.mapping.placement import is_of_another_version

        if is_of_another_version(read_file(path, _MAP).decode("utf-8"), form):
            return None
    except Exception:  # whatever lies in this folder, the template can be filled without it
        pass
    _set_aside(path, told)
    return None


def _set_aside(path: Path, told: Told) -> None:
    set_aside(path, "模板的对应关系", "填这个模板时要重新核对对应关系；年报和模板都没有受到影响。", told)


def kept_maps() -> Path:
    """The folder in which this user's maps are kept."""
    return user_folders().data / "templates"


def _kept_maps(folder: Path) -> list[Path]:
    """The maps in a folder, the latest first."""
    kept = []
    try:
        for path in folder.glob("*.json"):
            kept.append((path.lstat().st_mtime_ns, path))
    except OSError:
        pass
    return [path for _, path in sorted(kept, reverse=True)]
