# SPDX-License-Identifier: GPL-3.0-or-later
"""Icons take the colour asked for, and are as fine as the screen."""

from pathlib import Path

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from kfdesk.ui.icons import Icons

RED = "#FF0000"


@pytest.fixture
def drawings(qapp: QApplication, resources: Path) -> Icons:
    return Icons(resources / "icons")


def inks(image: QImage) -> set[str]:
    """Return the colours of the opaque pixels."""
    found = set()
    for x in range(image.width()):
        for y in range(image.height()):
            colour = image.pixelColor(x, y)
            if colour.alpha() == 255:
                found.add(colour.name())
    return found


def test_a_drawing_is_painted_in_the_colour_asked_for(drawings: Icons) -> None:
    assert inks(drawings.pixmap("lock", RED, 20).toImage()) == {RED.lower()}


def test_a_fine_screen_gets_twice_the_pixels(drawings: Icons) -> None:
    pixmap = drawings.pixmap("lock", RED, 20, 2.0)
    assert pixmap.width() == 40
    assert pixmap.deviceIndependentSize().width() == 20


def test_a_drawing_is_rendered_once_until_the_theme_changes(drawings: Icons) -> None:
    first = drawings.pixmap("lock", RED, 20).cacheKey()
    assert drawings.pixmap("lock", RED, 20).cacheKey() == first
    drawings.clear_cache()
    assert drawings.pixmap("lock", RED, 20).cacheKey() != first


def test_an_unknown_name_is_a_bug_that_shows(drawings: Icons) -> None:
    with pytest.raises(FileNotFoundError):
        drawings.pixmap("no-such-drawing", RED, 20)


def test_painting_fills_the_box_given(drawings: Icons) -> None:
    canvas = QPixmap(40, 40)
    canvas.fill(QColor("#FFFFFF"))
    painter = QPainter(canvas)
    drawings.paint(painter, "lock", RED, QRectF(20, 20, 20, 20))
    painter.end()
    image = canvas.toImage()
    upper_left = {image.pixelColor(x, y).name() for x in range(20) for y in range(20)}
    assert upper_left == {"#ffffff"}
    assert RED.lower() in inks(image)


def test_an_icon_for_menus_has_a_picture_for_each_kind_of_screen(drawings: Icons) -> None:
    assert {size.width() for size in drawings.icon("lock", RED, 16).availableSizes()} == {16, 32}
