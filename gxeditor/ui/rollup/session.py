"""The open roll-up as Qt sees it, and what a page of its window may ask of that window.

Knows what is particular to a roll-up: its folder, and the findings of the present value; steps and file are known to
`ui.own_file`. A page takes a `RollupDesk`, changes nothing but through `RollupSession.edit`, and
renews itself at `changed`. Knows no widget and reads no report.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from gxeditor.core.errors import ChangedElsewhere
from gxeditor.core.rollup.checks import check
from gxeditor.core.rollup.findings import RollupFindings
from gxeditor.core.rollup.project import Rollup
from gxeditor.files.limits import ROLLUP_FILE
from gxeditor.files.reading import sha256_of
from gxeditor.resources import load_rollup_checks, load_unit_words
from gxeditor.settings import Settings
from gxeditor.store.rollup_file import dump, moved, save_rollup
from gxeditor.store.rollup_rescue import drop, keep
from gxeditor.ui.look.tasks import LastWish, Task
from gxeditor.ui.own_file import OwnFile, Rescue

Save = Callable[[Rollup, Path, str | None], str]
"""Writes a roll-up to a file whose present content has this sha256 (None: whatever stands there); returns the new."""

BESIDE = 1500
"""Units from which sums are reckoned beside the window: of 10,000 they take a third of a second, of both years two."""
_SOON = 250  # milliseconds without a step after which findings are looked for
_MANY = 2_000  # received reports from which writing them takes longer than a second
_PATIENCE = 1_000  # milliseconds of reckoning findings that nobody is told of


class RollupSession(OwnFile[Rollup]):
    """The open roll-up, always a frozen value: `rollup`; its steps and its file are as in `OwnFile`.

    `found` carries the `RollupFindings` of the present value, once they were wanted (`want_findings`).
    """

    found = Signal(object)

    def __init__(
        self,
        rollup: Rollup,
        path: Path,
        parent: QObject | None = None,
        *,
        sha256: str | None = None,
        save: Save | None = None,
        is_kept: bool = True,
        rescues: Path | None = None,
    ) -> None:
        """`sha256` is that of the file as it stands; unless `is_kept`, the roll-up is not in it yet.

        `rescues` is the folder for what cannot be written to the file (`store.rollup_rescue`).
        """
        rescue = None if rescues is None else Rescue(partial(keep, rescues), partial(drop, rescues))
        super().__init__(
            rollup,
            path,
            parent,
            save or save_rollup,
            what="汇总",
            sha256=sha256,
            is_kept=is_kept,
            rescue=rescue,
        )
        self._findings: tuple[Rollup, RollupFindings] | None = None
        self._looking = LastWish(_PATIENCE, self)
        self._looking.done.connect(self._have_found)
        self._look_soon = QTimer(self, singleShot=True, interval=_SOON)
        self._look_soon.timeout.connect(self._look)

    # --- what it is

    @property
    def rollup(self) -> Rollup:
        return self.value

    @property
    def folder(self) -> Path:
        """The folder that the paths of received files are seen from."""
        return self.path.parent

    @property
    def findings(self) -> RollupFindings:
        """The `RollupFindings` of the present value (core.rollup.checks), found when first asked for."""
        rollup = self.rollup
        if self._findings is None or self._findings[0] is not rollup:
            self._findings = rollup, check(rollup, load_rollup_checks(rollup.form), words=load_unit_words())
        return self._findings[1]

    def known_findings(self, rollup: Rollup) -> RollupFindings | None:
        """What was found of this value, None if nobody has looked."""
        return self._findings[1] if self._findings is not None and self._findings[0] is rollup else None

    def want_findings(self) -> None:
        """Has `found` say what is found of the present value, reckoned beside the window: ten thousand reports last."""
        if self._findings is not None and self._findings[0] is self.rollup:
            self.found.emit(self._findings[1])
        elif not self._look_soon.isActive():
            self._look_soon.start()

    def _look(self) -> None:
        rollup = self.rollup
        checks, words = load_rollup_checks(rollup.form), load_unit_words()
        self._looking.want(lambda given_up: (rollup, check(rollup, checks, words=words, given_up=given_up)))

    def _have_found(self, found: tuple[Rollup, RollupFindings]) -> None:
        if found[0] is self.rollup:
            self._findings = found
            self.found.emit(found[1])

    def stop_looking(self) -> None:
        """Findings are not wanted any more: the window closes."""
        self._look_soon.stop()
        self._looking.give_up()

    # --- its file

    def save_as(self, path: Path) -> None:
        """Writes the roll-up to another file, whatever stands there, which is its own from now on.

        The paths of the received files are seen from its folder; in another one they are named anew. Raises what
        `save_rollup` raises, and then nothing has changed.
        """
        self.keep_at(path, moved(self.rollup, self.path.parent, path.absolute().parent))

    def move_to(self, folder: Path, *, anyway: bool = False) -> None:
        """The folder lies elsewhere now: its files are called there as they were here, and the roll-up is kept there.

        Raises `ChangedElsewhere` if another roll-up of that name lies there, unless it is to be replaced `anyway`, and
        what `save_rollup` raises; then nothing has changed.
        """
        path = folder / self.path.name
        if not anyway and path.exists() and sha256_of(path, ROLLUP_FILE) != self._sha256:
            raise ChangedElsewhere(
                f"那里有另一份“{path.name}”，和这里的不一样。",
                "这里的改动和那里的那一份都还在。",
                "要用那一份，请从“打开”里打开它；要用这里的，就替换它，它留成上一版（.gxh~）。",
            )
        self.keep_at(path)

    def make_ready(self) -> None:
        """Has the lines of the file made ahead, so that the first step of a large roll-up is written as soon as any."""
        rollup = self.rollup
        if len(rollup.received) > _MANY:
            Task(lambda _: dump(rollup)).start()


class RollupDesk(Protocol):
    """The window of a roll-up, as its pages see it."""

    session: RollupSession

    @property
    def frame(self) -> QWidget:
        """The window itself: dialogs stand above it."""

    def tell(self, text: str) -> None:
        """Says what was done, for some seconds."""

    def tell_written(self, text: str, paths: Sequence[Path]) -> None:
        """Says which files were written, and offers to open them and their folder."""

    def open_report(self, unit_id: str, page: str = "", cell: str = "", address: str = "") -> None:
        """Opens the report that stands for a unit in a window of its own, only to be read.

        There is in view the finding of this address (`Told.address`), else the cell of this id, else the page of this
        key, else the unit's first finding.
        """

    def open_beside(self, units: Sequence[str], cell: str = "") -> None:
        """Opens the reports of two units beside each other, only to be read, both at the cell of this id."""

    def open_file(self, path: str, row: str = "", page: str = "", cell: str = "", address: str = "") -> None:
        """The same for a received file, named as in `Received.path`, that nobody may have claimed."""

    @property
    def settings(self) -> Settings:
        """The settings as they are; changed by `keep_settings` only."""

    def keep_settings(self, **changes: Any) -> None:
        """Writes changed settings, named as the fields of `Settings`."""

    def came_from(self, back: Callable[[], None], name: str) -> None:
        """Alt+← leads back by `back` to what is called `name`."""

    def go_back(self) -> None:
        """Back to where the last jump began."""

    def turn_to(self, tab: str) -> None:
        """Brings a tab into view: "units", "sums", "checks", "years", "adjustments" or "query"."""

    def write_letters_to(self, unit_id: str, finding: str = "") -> None:
        """Shows the 退回意见 of each unit, that of this one first; "" for none in particular.

        `finding` is the key of one (`core.rollup.returning.told_key`) that is to be on it, "" for what usually is.
        """

    def show_over(self, page: QWidget) -> None:
        """Shows a page in place of the tabs (claiming files, 退回意见, the list of units), until it is left."""

    def leave_over(self) -> None:
        """Back from such a page."""
