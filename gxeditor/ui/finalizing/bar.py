"""The bar over the pages of a final report: who checked it and when, and the way to open it again."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from gxeditor.core.checks.summary import said_date
from gxeditor.core.report import Final
from gxeditor.store.report_file import check_code
from gxeditor.ui.look import theme


class FinalBar(QFrame):
    """`reopen_asked` and `report_asked` are pressed."""

    reopen_asked = Signal()
    report_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("已定稿")
        self.setProperty("ground", "accenttint")
        self.setProperty("edge", "bottom")
        self.words = theme.label(points=9, weight=600)
        self.code = theme.label(tone="text2")
        self.report = QPushButton("校验报告…")
        self.report.setToolTip("把检查结果写成 PDF 或 Excel，可以随年报报送。")
        self.report.setProperty("link", True)
        self.report.clicked.connect(self.report_asked)
        self.reopen = QPushButton("重新打开…")
        self.reopen.setToolTip("发现要改的地方时，解开锁住的各格；改完再定稿一次。")
        self.reopen.clicked.connect(self.reopen_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 4, 12, 4)
        row.setSpacing(16)
        row.addWidget(self.words)
        row.addWidget(self.code)
        row.addStretch(1)
        row.addWidget(self.report)
        row.addWidget(self.reopen)

    def show_final(self, final: Final) -> None:
        """「已定稿　核对人 张敏　2026年1月12日」, and that it was forced."""
        forced = "强制定稿" if final.forced else "已定稿"
        self.words.setText(f"{forced}　核对人 {final.checker}　{said_date(final.date)}")
        self.code.setText(f"校验码 {check_code(final.sha256)}")
        self.setAccessibleDescription(self.words.text())
