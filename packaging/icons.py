"""Makes the Windows icons and the installer's picture from the drawings; run by hand when a drawing changes.

Knows the .ico format: sizes below 256 as bitmaps, which the smallest places of Windows want, and 256 as PNG. The
results are committed in packaging/launcher, so that a build needs no Qt.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QBuffer, QIODevice, QRectF
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

HERE = Path(__file__).parent
SIZES = (16, 20, 24, 32, 40, 48, 64, 256)
DRAWINGS = {
    "gxeditor.ico": HERE.parent / "resources" / "icons" / "app.svg",
    "gxr.ico": HERE / "launcher" / "gxr.svg",
}


def icon(drawing: Path) -> bytes:
    """An .ico with the drawing in every size of SIZES."""
    renderer = QSvgRenderer(str(drawing))
    images = []
    for size in SIZES:
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(0)
        painter = QPainter(image)
        renderer.render(painter, QRectF(0, 0, size, size))
        painter.end()
        images.append(_png(image) if size == 256 else _bitmap(image))
    head = struct.pack("<3H", 0, 1, len(images))
    at = len(head) + 16 * len(images)
    for size, data in zip(SIZES, images, strict=True):
        head += struct.pack("<4B2H2I", size % 256, size % 256, 0, 0, 1, 32, len(data), at)
        at += len(data)
    return head + b"".join(images)


def picture() -> QImage:
    """The left side of the installer's first and last page: 164×314 as NSIS wants it, the program's colour and mark."""
    image = QImage(164, 314, QImage.Format.Format_RGB32)
    image.fill(QColor("#2A5B8C"))
    painter = QPainter(image)
    QSvgRenderer(str(DRAWINGS["gxeditor.ico"])).render(painter, QRectF(34, 88, 96, 96))
    painter.end()
    return image


def _png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def _bitmap(image: QImage) -> bytes:
    """BITMAPINFOHEADER, rows from the bottom, and the mask of one bit per pixel that nobody looks at any more."""
    size = image.width()
    pixels = bytes(image.constBits())
    rows = [pixels[4 * size * y : 4 * size * (y + 1)] for y in reversed(range(size))]
    mask = bytes((size + 31) // 32 * 4 * size)
    return struct.pack("<3I2H6I", 40, size, 2 * size, 1, 32, 0, 0, 0, 0, 0, 0) + b"".join(rows) + mask


def main() -> None:
    app = QGuiApplication([])
    for name, drawing in DRAWINGS.items():
        path = HERE / "launcher" / name
        path.write_bytes(icon(drawing))
        print(f"{path.name}: {path.stat().st_size} bytes")
    picture().convertToFormat(QImage.Format.Format_RGB888).save(str(HERE / "launcher" / "wizard.bmp"))
    del app


if __name__ == "__main__":
    main()
