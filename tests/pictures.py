"""Pictures compared as an eye does.

Processors round the colour of a pixel differently by 1, so no test asks for equal pixels.
"""

from __future__ import annotations

from PySide6.QtGui import QColor, QImage

# The most that a channel of 0 to 255 may be off; what rounding takes from a pixel that is partly covered.
ROUNDING = 2


def alike(color: QColor, wanted: QColor | str) -> bool:
    """Equal, but for rounding."""
    other = QColor(wanted)
    channels = QColor.red, QColor.green, QColor.blue
    return all(abs(channel(color) - channel(other)) <= ROUNDING for channel in channels)


def same_picture(one: QImage, other: QImage) -> bool:
    """Of equal size, with every pixel alike."""
    return one.size() == other.size() and all(
        alike(one.pixelColor(x, y), other.pixelColor(x, y))
        for x in range(one.width())
        for y in range(one.height())
    )
