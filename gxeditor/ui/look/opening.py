"""A file that was written, opened in its own program or shown in its folder, as far as the system does that.

Knows how it is asked to, and the sentence where it does not. Opens no connection: what is opened is a file here.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QFileInfo, QProcess, QUrl
from PySide6.QtGui import QDesktopServices


def open_file(path: Path) -> str:
    """Opens a file in the program that the system has for it; "" or a sentence on why that cannot be."""
    if not QFileInfo.exists(str(path)):
        return _gone(path)
    if QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
        return ""
    return f"“{path.name}”没有打开：这台电脑上没有打开它的程序。文件在 {path.parent}。"


def show_in_folder(path: Path) -> str:
    """Shows the folder of a file, on Windows with the file selected; "" or a sentence on why that cannot be."""
    if not QFileInfo.exists(str(path.parent)):
        return _gone(path)
    if sys.platform == "win32" and QFileInfo.exists(str(path)):
        explorer = QProcess()
        explorer.setProgram("explorer.exe")
        # One argument in Explorer's own quoting: it takes the quotes only around the path.
        explorer.setNativeArguments(f'/select,"{path.absolute()}"')
        if explorer.startDetached()[0]:
            return ""
    if QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent))):
        return ""
    return f"文件夹没有打开，请自己打开 {path.parent}。"


def _gone(path: Path) -> str:
    return f"“{path.name}”没有打开：它已经不在 {path.parent}，或那个盘没有接上。"
