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

_HEAD = 90  # pixels of a card with the name of a partner
P = TypeVar("P", bound=QWidget)
_MARGIN_X, _MARGIN_Y, _OUTSIDE = 18, 13, 5
"""Pixels around what is shown, and those by which a number is left of an edge."""
_WINDOW_WIDTH, _TABLE_WIDTH, _USUAL_WIDTH = 740, 790, 1280
"""In the narrow windows a card is as wide as the manual can show it; in the last a bar is whole."""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of a widget, in its own coordinates.

    Its number is at the corner, or at the left edge where the corner is below a label.
    """

    widget: QWidget
    rect: QRect
    has_label: bool = False


@dataclass(frozen=True, slots=True)
class PictureAreas:
    """The areas that a picture shows, and those that get the numbers from 1 on."""

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
    find: Callable[[QWidget], PictureAreas]
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
    around = around.adjusted(-_MARGIN_X, -_MARGIN_Y, _MARGIN_X, _MARGIN_Y) & host.rect()
    image = QImage(around.size(), QImage.Format.Format_RGB32)
    image.fill(theme.colours.window)
    with QPainter(image) as painter:
        painter.drawPixmap(0, 0, host.grab(around))
        half, inside = NUMBER_SIZE / 2, image.rect().adjusted(1, 1, -1, -1)
        for number, area in zip(range(1, picture.places + 1), found.numbered, strict=True):
            place = _in_host(area, host).translated(-around.topLeft())
            at = QPoint(place.left() - _OUTSIDE, place.center().y())
            if not area.has_label:
                at = place.topLeft()
            x = min(max(at.x(), inside.left() + half), inside.right() - half)
            y = min(max(at.y(), inside.top() + half), inside.bottom() - half)
            draw_number(painter, theme, QPointF(x, y), number)
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


def _unlock(window: QWidget) -> PictureAreas:
    page = _part(window, UnlockPage)
    card = page.button.parentWidget()
    assert card is not None
    lines = [Area(line, line.rect(), has_label=True) for line in (page.initials, page.passphrase)]
    return PictureAreas(_whole(card), [*lines, *_whole(page.button)])


def _answers(window: QWidget) -> PictureAreas:
    keys = ("code", "alias", "given_name", "family_name", "other_names", "name_on_ticket")
    for form in window.findChildren(Form):
        if form.isVisible() and form.editors.keys() >= set(keys):
            editor = form.editors["given_name"]
            shown = _whole(*(form.form_rows[key] for key in keys))
            return PictureAreas(
                shown, [Area(editor, editor.rect(), has_label=True), *_whole(editor.answers)]
            )
    raise LookupError


def _consents(window: QWidget) -> PictureAreas:
    section = _part(window, ConsentSection)
    return PictureAreas(_whole(section.new, section.matrix), _whole(section.new, section.matrix))


def _hiding(window: QWidget) -> PictureAreas:
    bar = _part(window, TopBar)
    both = _whole(bar.hiding, bar.locking)
    return PictureAreas(both, both)


def _conditions(window: QWidget) -> PictureAreas:
    card = _part(window, NextStepCard)
    for condition in card.conditions.rows.values():
        if condition.mend.isVisible():
            return PictureAreas(_whole(card), _whole(card.road, condition, condition.mend))
    raise LookupError


def _journey(window: QWidget) -> PictureAreas:
    section = _part(window, TravelSection)
    parts = _whole(section.add, section.day, section.journey)
    return PictureAreas(parts, parts)


def _header(window: QWidget) -> PictureAreas:
    header = _part(window, PlanHeader)
    both = _whole(header.check, header.printing)
    return PictureAreas([*_whole(header.help), *both], both)


def _import(window: QWidget) -> PictureAreas:
    button = _whole(_part(window, PartnerList).take)
    return PictureAreas(button, button)


def _conflict(window: QWidget) -> PictureAreas:
    card = _part(window, ConflictCard)
    return PictureAreas(_whole(card), _whole(*card.boxes))


def _sending(window: QWidget) -> PictureAreas:
    card = _part(window, PartnerList).card
    if card is None or card.next is None:
        raise LookupError
    (button,) = _whole(card.next)
    below = card.next.geometry().bottom()
    return PictureAreas(
        [Area(card, QRect(0, 0, card.width(), below))],
        [Area(card, QRect(0, 0, card.width(), _HEAD)), button],
    )


NUMBERED_PICTURES = (
    NumberedPicture("first_steps", 1, "unlock", 3, _unlock),
    NumberedPicture("first_steps", 2, "plan-person", 2, _answers),
    NumberedPicture("first_steps", 3, "plan-consent", 2, _consents, _TABLE_WIDTH),
    NumberedPicture("first_steps", 4, "today", 2, _hiding, _USUAL_WIDTH),
    NumberedPicture("coordinator", 1, "plan-decision", 3, _conditions),
    NumberedPicture("coordinator", 2, "plan-travel", 3, _journey),
    NumberedPicture("coordinator", 3, "plan-travel", 2, _header, _USUAL_WIDTH),
    NumberedPicture("partner", 1, "exchange", 1, _import),
    NumberedPicture("partner", 2, "plan-travel", 3, _conflict),
    NumberedPicture("partner", 3, "exchange", 2, _sending, _USUAL_WIDTH),
)
"""Each chapter's pictures, in the order of its paragraphs."""
