"""The conversation about the list of all rules: opening it, jumping from it and back, and what is decided there.

Knows which step each button is, and keeps filter and chosen line while the page is away. What a line shows is the
page's; explanations and closed rules are the session's, rules that are off in all reports are settings.
"""

from __future__ import annotations

from dataclasses import replace

from gxeditor.core.checks.findings import Finding
from gxeditor.core.checks.rules import Rule
from gxeditor.core.checks.standing import Standing, State
from gxeditor.ui.checks.listing import Filter, target_of
from gxeditor.ui.checks.page import ChecksPage, Key
from gxeditor.ui.checks.reason import ask_explanation, ask_to_close
from gxeditor.ui.desk import Desk


class Checks:
    """「检查项目」 for a desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._wanted = Filter()
        self._key: Key | None = None
        self._made = 0  # steps of this visit, so that Ctrl+Z takes back nothing else

    def open(self, *, state: State | None = None, cell: str = "") -> ChecksPage:
        """Shows the list, of one state or of one cell if asked for, else all of it."""
        self._wanted, self._key = Filter(state=state, cell=cell), None
        return self._show()

    def open_at(self, finding: Finding) -> ChecksPage:
        """Shows the list at a finding, the caret where its explanation is written."""
        self._wanted, self._key = Filter(), None
        page = self._show()
        page.show_finding(finding, write=True)
        return page

    def back(self) -> None:
        """Shows the list again as it was left by a jump."""
        self._show()

    def explain(self, finding: Finding) -> bool:
        """「核实无误…」: asks why a finding stands, above whatever is shown; whether it was said."""
        return ask_explanation(self._desk.frame, self._desk.session, finding)

    def _show(self) -> ChecksPage:
        desk = self._desk
        desk.finish_editing()
        target, _ = desk.target()
        cell = target if target in desk.session.form.cells else ""
        page = ChecksPage(desk.session, self._wanted, self._key, cell)
        self._made = 0
        page.jumped.connect(lambda line: self._jump(page, line))
        page.asked.connect(self._do)
        page.explained.connect(self._explain)
        page.undo_asked.connect(lambda: self._undo(page))
        page.left.connect(lambda: self._leave(page))
        desk.show_over(page)
        page.setFocus()
        return page

    # --- ways out

    def _keep(self, page: ChecksPage) -> None:
        self._wanted, self._key = page.wanted, page.key

    def _leave(self, page: ChecksPage) -> None:
        self._keep(page)
        self._desk.leave_over()

    def _jump(self, page: ChecksPage, line: Standing) -> None:
        """「转到」: the place of a line in the report, from which Alt+← comes back."""
        where = target_of(line)
        if where is None:
            page.tell("这一条没有可以转到的地方。")
            return
        self._keep(page)
        self._desk.leave_over()
        in_view = self._desk.session.in_view
        if line.finding is not None:
            in_view.lead_to(line.finding)
        else:
            in_view.pin(None)
            self._desk.go_to(where)
        self._desk.came_from(self.back, "检查项目")

    # --- steps

    def _explain(self, finding: Finding, reason: str) -> None:
        self._made += self._desk.session.explain(finding, reason)

    def _undo(self, page: ChecksPage) -> None:
        if not self._made:
            page.tell("在这一页没有可以撤销的。")
            return
        self._made -= 1
        self._desk.session.undo()
        page.tell("已撤销。")

    def _do(self, what: str, line: Standing) -> None:
        session, finding, rule = self._desk.session, line.finding, line.rule
        if finding is not None and what == "seen":
            before = session.report
            session.tick_off(finding)
            self._made += session.report is not before
        elif finding is not None and what == "still":
            self._made += session.still_applies(finding)
        elif finding is not None and what == "withdraw":
            self._made += session.explain(finding, None)
        elif what == "reopen":
            self._made += session.reopen_rule(rule.code)
        elif what == "close":
            reason = ask_to_close(self._desk.frame, rule, self._lines(rule), everywhere=False)
            self._made += reason is not None and session.close_rule(rule.code, reason)
        elif what == "off":
            reason = ask_to_close(self._desk.frame, rule, self._lines(rule), everywhere=True)
            if reason is not None:
                self._set_off({**self._desk.settings.rules_off, rule.code: reason})
                session.told.emit(f"所有年报都不再检查 {rule.code}。")
        elif what == "on":
            off = self._desk.settings.rules_off
            self._set_off({code: why for code, why in off.items() if code != rule.code})
            session.told.emit(f"所有年报都恢复检查 {rule.code}。")

    def _lines(self, rule: Rule) -> int:
        return sum(one.code == rule.code for one in self._desk.session.rules)

    def _set_off(self, off: dict[str, str]) -> None:
        session = self._desk.session
        self._desk.keep_settings(rules_off=off)
        session.recheck(replace(session.given, off=off))
