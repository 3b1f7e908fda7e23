# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of a part of a page at full size, with numbers on the places that a chapter names.

A chapter of the manual writes the same numbers into the paragraph above its picture
(`ui/shell/help.py`). The gallery takes the pictures while it is at their page. This module finds
the controls and draws; it opens no page and writes no file.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QPoint, QPointF, QRect
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QScrollArea, QWidget

from kfdesk.ui.forms.form import Form
from kfdesk.ui.pages.exchange.conflicts import ConflictCard
from kfdesk.ui.pages.exchange.partners import PartnerList
from kfdesk.ui.pages.plan.consents import ConsentSection
from kfdesk.ui.pages.plan.decision import NextStepCard
from kfdesk.ui.pages.plan.header import PlanHeader
from kfdesk.ui.pages.plan.travel import TravelSection
from kfdesk.ui.pages.unlock import UnlockPage
from kfdesk.ui.shell.top_bar import TopBar
from kfdesk.ui.theme import Theme
from kfdesk.ui.widgets.painting import NUMBER_SIZE, draw_number

P = TypeVar("P", bound=QWidget)
_MARGIN = 14
"""Pixels around what is shown; a number hangs over the corner of its place by half of itself."""
_WINDOW_WIDTH, _USUAL_WIDTH = 960, 1280
"""In the narrow one a card is as wide as the manual can show it; in the other the bar is whole."""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of a widget, in its own coordinates."""

    widget: QWidget
    rect: QRect


@dataclass(frozen=True, slots=True)
class Found:
    """What a picture shows, and the places in it that get the numbers from 1 on."""

    shown: Sequence[Area]
    numbered: Sequence[Area]


@dataclass(frozen=True, slots=True)
class NumberedPicture:
    """The picture of a chapter: which one, on which page of the gallery, with how many places.

    `find` raises LookupError where the page does not have these controls now.
    """

    chapter: str
    number: int
    page: str
    places: int
    find: Callable[[QWidget], Found]
    window_width: int = _WINDOW_WIDTH

    @property
    def name(self) -> str:
        """Name of the file, without language and colours."""
        return f"{self.chapter}-{self.number}"


def take_numbered_picture(window: QWidget, theme: Theme, picture: NumberedPicture) -> QImage:
    """Return the picture as the window is now. Raise LookupError as `find` does."""
    found = picture.find(window)
    host = _host(found.shown[0].widget)
    around = QRect()
    for area in found.shown:
        around = around.united(_in_host(area, host))
    around = around.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN) & host.rect()
    image = QImage(around.size(), QImage.Format.Format_RGB32)
    image.fill(theme.colours.window)
    with QPainter(image) as painter:
        painter.drawPixmap(0, 0, host.grab(around))
        half, inside = NUMBER_SIZE / 2, image.rect().adjusted(1, 1, -1, -1)
        for number, area in zip(range(1, picture.places + 1), found.numbered, strict=True):
            corner = _in_host(area, host).topLeft() - around.topLeft()
            at = QPointF(
                min(max(corner.x(), inside.left() + half), inside.right() - half),
                min(max(corner.y(), inside.top() + half), inside.bottom() - half),
            )
            draw_number(painter, theme, at, number)
    return image


def _host(widget: QWidget) -> QWidget:
    """Return what is drawn whole around a widget: the content that scrolls, or the window."""
    part: QWidget | None = widget
    while part is not None:
        inside = part.widget() if isinstance(part, QScrollArea) else None
        if inside is not None and inside.isAncestorOf(widget):
            return inside
        part = part.parentWidget()
    return widget.window()


def _in_host(area: Area, host: QWidget) -> QRect:
    return QRect(area.widget.mapTo(host, QPoint()) + area.rect.topLeft(), area.rect.size())


# --- where the places are


def _part(window: QWidget, kind: type[P]) -> P:
    """Return the visible widget of a class. Raise LookupError without one."""
    for part in window.findChildren(kind):
        if part.isVisible():
            return part
    raise LookupError(kind.__name__)


def _whole(*widgets: QWidget) -> list[Area]:
    """Return the areas of widgets. Raise LookupError where one of them is not visible."""
    if not all(widget.isVisible() for widget in widgets):
        raise LookupError
    return [Area(widget, widget.rect()) for widget in widgets]


def _unlock(window: QWidget) -> Found:
    page = _part(window, UnlockPage)
    card = page.button.parentWidget()
    assert card is not None
    return Found(_whole(card), _whole(page.initials, page.passphrase, page.button))


def _answers(window: QWidget) -> Found:
    keys = ("code", "alias", "given_name", "family_name", "other_names", "ticket_name")
    for form in window.findChildren(Form):
        if form.isVisible() and form.editors.keys() >= set(keys):
            editor = form.editors["given_name"]
            shown = _whole(*(form.form_rows[key] for key in keys))
            return Found(shown, _whole(editor, editor.answers))
    raise LookupError


def _consents(window: QWidget) -> Found:
    section = _part(window, ConsentSection)
    return Found(_whole(section.new, section.matrix), _whole(section.new, section.matrix))


def _hiding(window: QWidget) -> Found:
    bar = _part(window, TopBar)
    both = _whole(bar.hiding, bar.locking)
    return Found(both, both)


def _conditions(window: QWidget) -> Found:
    card = _part(window, NextStepCard)
    for condition in card.conditions.rows.values():
        if condition.mend.isVisible():
            return Found(_whole(card), _whole(card.road, condition, condition.mend))
    raise LookupError


def _journey(window: QWidget) -> Found:
    section = _part(window, TravelSection)
    parts = _whole(section.add, section.day, section.journey)
    return Found(parts, parts)


def _header(window: QWidget) -> Found:
    header = _part(window, PlanHeader)
    return Found(_whole(header), _whole(header.printing, header.check))


def _import(window: QWidget) -> Found:
    listing = _part(window, PartnerList)
    (button,) = _whole(listing.take)
    below = listing.take.mapTo(listing, listing.take.rect().bottomRight()).y()
    return Found([Area(listing, QRect(0, 0, listing.width(), below)), button], [button])


def _conflict(window: QWidget) -> Found:
    card = _part(window, ConflictCard)
    return Found(_whole(card), _whole(*card.boxes))


def _sending(window: QWidget) -> Found:
    listing = _part(window, PartnerList)
    card = listing.card
    if card is None or card.next is None:
        raise LookupError
    table = listing.table
    line = table.visualRect(table.currentIndex())
    row = Area(table.viewport(), QRect(0, line.y(), table.viewport().width(), line.height()))
    return Found([row, *_whole(card)], [row, *_whole(card.next)])


NUMBERED_PICTURES = (
    NumberedPicture("first_steps", 1, "unlock", 3, _unlock),
    NumberedPicture("first_steps", 2, "plan-person", 2, _answers),
    NumberedPicture("first_steps", 3, "plan-consent", 2, _consents),
    NumberedPicture("first_steps", 4, "today", 2, _hiding, _USUAL_WIDTH),
    NumberedPicture("coordinator", 1, "plan-decision", 3, _conditions),
    NumberedPicture("coordinator", 2, "plan-travel", 3, _journey),
    NumberedPicture("coordinator", 3, "plan-travel", 2, _header),
    NumberedPicture("partner", 1, "exchange", 1, _import),
    NumberedPicture("partner", 2, "plan-travel", 3, _conflict),
    NumberedPicture("partner", 3, "exchange", 2, _sending),
)
"""Each chapter's pictures, in the order of its paragraphs."""
