# SPDX-License-Identifier: GPL-3.0-or-later
"""Columns and rows hold their parts in order; sentences take their numbers and names."""

from pathlib import Path

from PySide6.QtCore import QMargins, Qt
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from kfdesk.i18n.language import Language
from kfdesk.ui.widgets.build import (
    RIGHT,
    STRETCH,
    Space,
    aligned,
    column,
    filled,
    grown,
    plural,
    row,
)


def test_a_column_holds_its_parts_in_order(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    above, left, right, below = QLineEdit(), QLineEdit(), QLineEdit(), QLineEdit()
    column(
        above,
        12,
        row(left, STRETCH, grown(right, 2)),
        aligned(below, RIGHT),
        gap=8,
        margins=(1, 2, 3, 4),
        on=page,
    )
    layout = page.layout()
    assert layout is not None
    assert layout.count() == 4
    assert layout.spacing() == 8
    assert layout.contentsMargins() == QMargins(1, 2, 3, 4)
    page.resize(300, 200)
    page.show()
    assert above.y() < left.y() == right.y() < below.y()
    assert left.x() < right.x()
    assert below.geometry().right() == 300 - 3 - 1
    last = layout.itemAt(3)
    assert last is not None
    assert last.alignment() == Qt.AlignmentFlag.AlignRight


def test_empty_room_is_shared_by_its_shares(qtbot: QtBot) -> None:
    page, part = QWidget(), QWidget()
    qtbot.addWidget(page)
    part.setFixedHeight(50)
    column(Space(2), part, Space(3), on=page)
    page.resize(100, 550)
    page.show()
    assert part.y() == 200


def test_sentences_follow_the_language(resources: Path) -> None:
    swedish = Language("sv", resources.parent / "translations")
    assert plural("{count} more", "{count} more", 3)(swedish) == "3 till"
    sentence = filled(
        "Your card is now beside theirs. Give or send the USB stick back to {name}.", name="Anna"
    )
    assert sentence(swedish).endswith("Anna.")
    called = filled("Leaves {name}", name=lambda language: language.code)
    assert called(swedish).endswith("sv")
