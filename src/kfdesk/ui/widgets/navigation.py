# SPDX-License-Identifier: GPL-3.0-or-later
"""Navigation: the sidebar of places, the sections of a plan, the steps of a wizard, and `Page`.

Disc, label and fact of a section are also the accessible text. A fact that does not fit
beside its label stands below it. The lists know neither places nor plans; their callers
decide what is done.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from kfdesk.domain.message_marks import N_
from kfdesk.domain.pronouns import Pronoun
from kfdesk.i18n.language import Language
from kfdesk.ui import icons, tokens
from kfdesk.ui.context import Command, UiContext
from kfdesk.ui.tokens import TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import STRETCH, column, grown, panel, row
from kfdesk.ui.widgets.buttons import PushButton
from kfdesk.ui.widgets.layout import FlowBox, make_scroll_area
from kfdesk.ui.widgets.painting import (
    Completion,
    draw_box,
    draw_disc,
    draw_focus_ring,
    draw_text,
    draw_tick,
    draw_wrapped_text,
    key_label,
    text_height,
    text_width,
    wrapped_height,
)
from kfdesk.ui.widgets.text import Label, PlainLabel, bind_tooltip

Pane = tuple[QWidget, QWidget | None]
"""A part of the window, and the widget in it that takes the focus."""

PAGE_FIND_KEY = "Ctrl+F"


class FindShortcut(QShortcut):
    """The key that leads to the search of a page while that is on view.

    Else the key goes on to the window, which searches everywhere.
    """

    def __init__(self, page: QWidget, field: QWidget, act: Callable[[], object]) -> None:
        super().__init__(QKeySequence(PAGE_FIND_KEY), page, act)
        self.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.setEnabled(field.isVisible())
        field.installEventFilter(self)

    def eventFilter(self, field: QObject, event: QEvent) -> bool:
        """Hear the key from the showing of the field to its hiding."""
        if event.type() in {QEvent.Type.Show, QEvent.Type.Hide}:
            self.setEnabled(event.type() is QEvent.Type.Show)
        return super().eventFilter(field, event)


# --- The steps of a wizard

_DISC_SIZE = 26
_STEP_GAP = 10
_LINE = 28


class Stepper(QWidget):
    """The steps side by side."""

    def __init__(self, kit: UiContext, names: Sequence[Message]) -> None:
        super().__init__()
        self._kit = kit
        self._names = tuple(names)
        self._stops = [_StepLabel(kit, number, name) for number, name in enumerate(names, 1)]
        row = QVBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        ways = [_StepConnector(kit, stop) for stop in self._stops[1:]]
        row.addWidget(
            FlowBox(self._stops[0], *chain(*zip(ways, self._stops[1:], strict=True)), gap=12)
        )
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_current(self, place: int) -> None:
        """Mark step `place`, counted from 0, as current and all before it as done."""
        for number, stop in enumerate(self._stops):
            stop.is_done, stop.is_current = number < place, number == place
        self.update()
        name = self._names[place]
        self._kit.translator.bind(
            self.setAccessibleName,
            N_("Step {number} of {count}: {name}"),
            number=lambda _: place + 1,
            count=lambda _: len(self._stops),
            name=lambda _: self._kit.translator.translate(name),
        )
        for child in self.findChildren(QWidget):
            child.update()


class _StepLabel(PlainLabel):
    """One step: its disc and its word."""

    def __init__(self, kit: UiContext, number: int, name: Message) -> None:
        super().__init__()
        self._kit = kit
        self._number = str(number)
        self.is_done = False
        self.is_current = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        kit.translator.bind(self.setText, name)

    def sizeHint(self) -> QSize:
        """Return the size for the word in its strong style."""
        width = text_width(self.text(), self._kit.theme.font(TextStyle.STRONG))
        high = max(_DISC_SIZE, round(text_height(self._kit.theme.font(TextStyle.STRONG)))) + 4
        return QSize(_DISC_SIZE + _STEP_GAP + round(width) + 1, high)

    def minimumSizeHint(self) -> QSize:
        """Return the preferred size: a word is never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint a filled disc if done, a strong ring and word if current, else a thin ring."""
        theme = self._kit.theme
        painter = QPainter(self)
        disc = QRectF(0, (self.height() - _DISC_SIZE) / 2, _DISC_SIZE, _DISC_SIZE)
        if self.is_done:
            draw_box(painter, disc, _DISC_SIZE / 2, theme.colours.accent)
            square = disc.adjusted(5, 5, -5, -5)
            theme.icons.paint(painter, "check", theme.colours.accent_text, square)
        else:
            self._paint_number(painter, disc)
        font = theme.font(TextStyle.STRONG if self.is_current else TextStyle.BODY)
        ink = theme.colours.text if self.is_current else theme.colours.text_muted
        word = QRectF(disc.right() + _STEP_GAP, 0, self.width(), self.height())
        draw_text(painter, word, self.text(), font, ink)

    def _paint_number(self, painter: QPainter, disc: QRectF) -> None:
        colours = self._kit.theme.colours
        ink = colours.accent if self.is_current else colours.text_muted
        line = colours.accent if self.is_current else colours.control
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(colours.surface))
        painter.setPen(QPen(QColor(line), 2))
        painter.drawEllipse(disc.adjusted(1, 1, -1, -1))
        painter.setPen(QColor(ink))
        painter.setFont(self._kit.theme.font(TextStyle.SMALL_STRONG))
        painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, self._number)


class _StepConnector(QWidget):
    """The line between two steps."""

    def __init__(self, kit: UiContext, stop: _StepLabel) -> None:
        super().__init__()
        self._kit = kit
        self._stop = stop
        self.setFixedSize(_LINE, 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = self._kit.theme.colours
        is_walked = self._stop.is_done or self._stop.is_current
        ink = QColor(colours.accent if is_walked else colours.line)
        QPainter(self).fillRect(self.rect(), ink)


# --- Pages and the sidebar

_SIDEBAR_MARGIN = 10
_SIDEBAR_ICON_LEFT = 16
_SIDEBAR_LABEL_LEFT, _SIDEBAR_LABEL_RIGHT = 46, 8
_SIDEBAR_GROWTH = 1.2  # at most, for a long label
_PILL_HEIGHT = 20


class Page:
    """Answers that the session view asks of the widget of a place; each may stay empty.

    It is no widget itself: a page inherits from it first, then from its Qt class.
    """

    def commands(self) -> Sequence[Command]:
        """Return the commands that appear in the menus while the page is on view."""
        return ()

    def place(self) -> str:
        """Return where in the page the user is, as a text for `return_to`."""
        return ""

    def return_to(self, place: str) -> None:
        """Go to a place inside the page, as far as it still exists."""

    @property
    def pronoun(self) -> Pronoun:
        """The pronoun of the client whom the page is about; none for another page."""
        return Pronoun.CLIENT

    def arrive_from(self, place: str) -> None:
        """Take note of the place from which the user comes to this page."""

    def panes(self) -> Sequence[Pane]:
        """Return the panes between which a key moves the focus; none if there is only one."""
        return ()


@dataclass(frozen=True, slots=True)
class NavigationPlace:
    """A place: its label, icon and key, and the function that builds its page on a first visit.

    `also` are other words by which quick find finds it.
    """

    key: str
    label: str
    icon: str
    keys: str
    make: Callable[[UiContext], QWidget]
    is_at_foot: bool = False
    also: str = ""


class NavigationButton(PushButton):
    """A row for navigation: the current one has an accent bar, a background and coloured text."""

    def __init__(self, kit: UiContext, message: Message) -> None:
        super().__init__()
        self.kit = kit
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFont(kit.theme.font(TextStyle.BUTTON))
        kit.translator.bind(self.setText, message)

    def paint_ground(self, painter: QPainter, ground: str, line: str = "") -> QRectF:
        """Paint the hovered, current or focused state. Return the area to fill."""
        colours = self.kit.theme.colours
        area = QRectF(self.rect())
        if self.isChecked():
            draw_box(painter, area, tokens.RADIUS_ROW, ground, line)
            draw_tick(painter, area, colours.accent)
        elif self.underMouse() and self.isEnabled():
            draw_box(painter, area, tokens.RADIUS_ROW, colours.hover)
        if self.hasFocus():
            draw_focus_ring(painter, area, tokens.RADIUS_ROW, colours.focus)
        return area

    @property
    def ink(self) -> str:
        """The colour of the text."""
        colours = self.kit.theme.colours
        if not self.isEnabled():
            return colours.text_muted
        return colours.accent if self.isChecked() else colours.text


def _item_height(kit: UiContext, line: int, *, is_low: bool = False) -> int:
    """Return the height of a row with one line of text."""
    saved = tokens.GRID if is_low or kit.view.chosen.is_compact else 0
    return max(tokens.SIDEBAR_ITEM - saved, line + 16 - saved)


class SidebarItem(NavigationButton):
    """A place in the sidebar, optionally with the number of open items."""

    def __init__(self, kit: UiContext, place: NavigationPlace) -> None:
        super().__init__(kit, place.label)
        self.place = place
        self._is_narrow = False
        self._count = 0
        keys = f" ({key_label(place.keys)})" if place.keys else ""
        bind_tooltip(kit, self, lambda language: f"{language.gettext(place.label)}{keys}")

    def show_count(self, count: int) -> None:
        """Show the number of open items; 0 shows nothing."""
        self._count = count
        self.setAccessibleDescription(str(count) if count else "")
        self.update()

    def set_narrow(self, *, is_narrow: bool) -> None:
        """Show the icon alone, or icon and label."""
        self._is_narrow = is_narrow
        self.update()

    @property
    def whole_width(self) -> int:
        """The width at which the label of the current place is not cut."""
        font = self.kit.theme.font(TextStyle.STRONG)
        return round(_SIDEBAR_LABEL_LEFT + text_width(self.text(), font)) + _SIDEBAR_LABEL_RIGHT

    def sizeHint(self) -> QSize:
        return QSize(tokens.SIDEBAR_ITEM, _item_height(self.kit, self.fontMetrics().height()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self.kit.theme
        painter = QPainter(self)
        area = self.paint_ground(painter, theme.colours.surface, theme.colours.line)
        top = round((area.height() - icons.LARGE) / 2)
        left = (area.width() - icons.LARGE) / 2 if self._is_narrow else _SIDEBAR_ICON_LEFT
        square = QRectF(left, top, icons.LARGE, icons.LARGE)
        theme.icons.paint(painter, self.place.icon, self.ink, square)
        if self._is_narrow:
            return
        right = self._paint_count(painter, area) if self._count else area.right() - 8
        word = QRectF(_SIDEBAR_LABEL_LEFT, 0, right - _SIDEBAR_LABEL_LEFT, area.height())
        draw_text(painter, word, self.text(), self._font(), self.ink)

    def _font(self) -> QFont:
        return self.kit.theme.font(TextStyle.STRONG if self.isChecked() else TextStyle.BUTTON)

    def _paint_count(self, painter: QPainter, area: QRectF) -> float:
        theme = self.kit.theme
        font = theme.font(TextStyle.SMALL_STRONG)
        width = max(22.0, text_width(str(self._count), font) + 14)
        top = (area.height() - _PILL_HEIGHT) / 2
        pill = QRectF(area.right() - 10 - width, top, width, _PILL_HEIGHT)
        is_current = self.isChecked()
        colours = theme.colours
        ground = colours.accent_soft if is_current else colours.line
        draw_box(painter, pill, _PILL_HEIGHT / 2, ground)
        painter.setFont(font)
        painter.setPen(QColor(colours.accent if is_current else colours.text))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, str(self._count))
        return pill.left() - 8


class Sidebar(QWidget):
    """All places; `chosen` carries the key of the place to go to."""

    chosen = Signal(str)

    def __init__(self, kit: UiContext, places: Sequence[NavigationPlace]) -> None:
        super().__init__()
        self._kit = kit
        self.setProperty("ground", "rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._group = QButtonGroup(self)
        self.items = {place.key: self._make_item(kit, place) for place in places}
        items = self.items.values()
        above = (item for item in items if not item.place.is_at_foot)
        below = (item for item in items if item.place.is_at_foot)
        self._column = column(*above, STRETCH, *below, gap=4, on=self)
        self._is_narrow = False
        self.set_narrow(is_narrow=False)
        kit.translator.on_language_change(self, lambda: self.set_narrow(is_narrow=self._is_narrow))

    @property
    def current(self) -> SidebarItem | None:
        """The current place, or None."""
        return next((item for item in self.items.values() if item.isChecked()), None)

    def show_current(self, key: str) -> None:
        """Mark the current place."""
        self.items[key].setChecked(True)

    def set_narrow(self, *, is_narrow: bool) -> None:
        """Show icons alone, or icons and labels; a long label makes the sidebar a little wider."""
        self._is_narrow = is_narrow
        margin = 6 if is_narrow else _SIDEBAR_MARGIN
        usual = self._kit.theme.scaled(tokens.SIDEBAR)
        whole = max(item.whole_width for item in self.items.values()) + 2 * margin + 1
        wide = min(max(usual, whole), round(usual * _SIDEBAR_GROWTH))
        self.setFixedWidth(tokens.SIDEBAR_NARROW if is_narrow else wide)
        self._column.setContentsMargins(margin, 14, margin + 1, 14)
        for item in self.items.values():
            item.set_narrow(is_narrow=is_narrow)

    def _make_item(self, kit: UiContext, place: NavigationPlace) -> SidebarItem:
        item = SidebarItem(kit, place)
        self._group.addButton(item)
        item.clicked.connect(lambda: self.chosen.emit(place.key))
        QShortcut(QKeySequence(place.keys), item, item.click)
        return item


# --- The sections of a plan

_SECTION_DISC = 16
_DISC_LEFT = 14
_SECTION_LABEL_LEFT = 40
_SECTION_RIGHT = 12
_SECTION_GAP = 8
_STACKED_HEIGHT = 56
_SECTIONS_MARGIN = 10
_SCROLL_BAR = 12  # pixels; its width in the style sheet
_COMPLETION_WORDS = {
    Completion.DONE: N_("complete"),
    Completion.PART: N_("incomplete"),
    Completion.EMPTY: N_("not started"),
}


@dataclass(frozen=True, slots=True)
class SectionEntry:
    """A section: how far it is done, or an icon if that does not apply, and a short fact."""

    key: str
    label: str
    fill: Completion = Completion.EMPTY
    icon: str = ""
    fact: Message = ""
    tone: Tone = Tone.MUTED


class SectionItem(NavigationButton):
    """The row of a section."""

    def __init__(self, kit: UiContext, section: SectionEntry) -> None:
        self._fact = ""
        self._is_low = False
        self.section = section
        super().__init__(kit, section.label)
        self.show_section(section)

    def show_section(self, section: SectionEntry) -> None:
        """Show the new state of the section."""
        self.section = section
        self.kit.translator.bind(self._set_fact, section.fact)
        self.kit.translator.bind(self.setAccessibleName, self._spoken)
        bind_tooltip(self.kit, self, self._spoken)

    def set_low(self, *, is_low: bool) -> None:
        """Take less height, because the window is low, or as much as usual."""
        if is_low != self._is_low:
            self._is_low = is_low
            self.updateGeometry()

    def height_as(self, *, is_low: bool) -> int:
        """Return the height that the row wants, in a low window or in another."""
        line = self.fontMetrics().height()
        if not self._is_stacked:
            return _item_height(self.kit, line, is_low=is_low)
        saved = tokens.GRID if is_low or self.kit.view.chosen.is_compact else 0
        high = round(line + self._fact_height(self._least_width)) + 16
        if high > _STACKED_HEIGHT:  # three lines need some room between them
            return high - saved // 2
        return _STACKED_HEIGHT - saved

    def sizeHint(self) -> QSize:
        return QSize(self._least_width, self.height_as(is_low=self._is_low))

    def minimumSizeHint(self) -> QSize:
        """Leave room for a scroll bar beside the sections."""
        return QSize(_STACKED_HEIGHT, self.sizeHint().height())

    def _fact_height(self, width: float) -> float:
        """Return the height of a fact below the label; a long one takes several lines."""
        room = width - _SECTION_LABEL_LEFT - _SECTION_RIGHT
        return wrapped_height(self._fact, self.kit.theme.font(TextStyle.SMALL), room)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self.kit.theme
        painter = QPainter(self)
        area = self.paint_ground(painter, theme.colours.accent_soft)
        room = area.adjusted(_SECTION_LABEL_LEFT, 0, -_SECTION_RIGHT, 0)
        half = area.height() / 2
        small = theme.font(TextStyle.SMALL)
        strong = theme.font(TextStyle.STRONG if self.isChecked() else TextStyle.BUTTON)
        tone = Tone.ACCENT if self.isChecked() and self._is_plain else self.section.tone
        fact_ink = tone.ink(theme.colours)
        if self._is_stacked:
            high = self._fact_height(area.width())
            middle = min(half - 2, area.height() - 6 - high)
            word = QRectF(room.left(), 6, room.width(), middle - 2)
            draw_text(painter, word, self.text(), strong, self.ink)
            below = room.adjusted(0, middle, 0, -6)
            below.setTop(below.top() + max(0.0, (below.height() - high) / 2))
            draw_wrapped_text(painter, below, self._fact, small, fact_ink)
        else:
            left = room.right() - text_width(self._fact, small)
            draw_text(painter, room, self.text(), strong, self.ink)
            draw_text(painter, QRectF(left, 0, 999, area.height()), self._fact, small, fact_ink)
        self._paint_sign(painter, area)

    @property
    def _is_plain(self) -> bool:
        return self.section.tone in (Tone.MUTED, Tone.PLAIN)

    def _paint_sign(self, painter: QPainter, area: QRectF) -> None:
        theme = self.kit.theme
        top = round((area.height() - _SECTION_DISC) / 2)
        square = QRectF(_DISC_LEFT, top, _SECTION_DISC, _SECTION_DISC)
        if self.section.icon:
            theme.icons.paint(painter, self.section.icon, theme.colours.text_muted, square)
        else:
            draw_disc(painter, theme, square, self.section.fill)

    @property
    def _least_width(self) -> int:
        """The width beside a scroll bar, for which the lines are set: the bar comes and goes."""
        column_width = self.kit.theme.scaled(tokens.SECTIONS) - 2 * _SECTIONS_MARGIN
        return column_width - _SCROLL_BAR

    @property
    def _is_stacked(self) -> bool:
        if not self._fact:
            return False
        theme = self.kit.theme
        word = text_width(self.text(), theme.font(TextStyle.STRONG))
        fact = text_width(self._fact, theme.font(TextStyle.SMALL))
        room = self._least_width - _SECTION_LABEL_LEFT - _SECTION_RIGHT
        return word + _SECTION_GAP + fact > room

    def _set_fact(self, fact: str) -> None:
        self._fact = fact
        self.updateGeometry()
        self.update()

    def _spoken(self, language: Language) -> str:
        state = "" if self.section.icon else language.gettext(_COMPLETION_WORDS[self.section.fill])
        parts = (language.gettext(self.section.label), state, self._fact)
        return ", ".join(part for part in parts if part)


class SectionList(QWidget):
    """All sections with a legend below; `chosen` carries the key of the section."""

    chosen = Signal(str)

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self.setProperty("ground", "column")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(self._kit.theme.scaled(tokens.SECTIONS))
        self.items: dict[str, SectionItem] = {}
        self._group = QButtonGroup(self)
        self._rows = column(gap=4)
        self.foot = column()
        # in a low window the list scrolls, and not the whole page beside its own bar
        inside = panel(column(self._rows, STRETCH))
        inside.installEventFilter(self)
        scroll = make_scroll_area(inside)
        self._legend = panel(_legend(kit))
        margins = (_SECTIONS_MARGIN, 14, _SECTIONS_MARGIN + 1, 12)
        column(grown(scroll), self._legend, self.foot, margins=margins, on=self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, inside: QObject, event: QEvent) -> bool:
        """Look at the room again when a row changes its height, as in another language."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(inside, event)

    def _fit(self) -> None:
        """Hide the legend where the sections need its room, and lower them where that helps."""
        layout = self.layout()
        if layout is None:
            return
        edges = layout.contentsMargins()
        least = edges.top() + edges.bottom() + 2 * layout.spacing()
        items = self.items.values()
        gaps = self._rows.spacing() * max(0, len(items) - 1) + self.foot.sizeHint().height()
        usual = least + gaps + sum(item.height_as(is_low=False) for item in items)
        for item in items:
            item.set_low(is_low=usual > self.height())
        parts = (self._rows, self.foot, self._legend)
        needed = least + sum(part.sizeHint().height() for part in parts)
        self._legend.setVisible(needed <= self.height())

    def show_sections(self, sections: Sequence[SectionEntry]) -> None:
        """Show these sections; update those that are already there."""
        for section in sections:
            if section.key in self.items:
                self.items[section.key].show_section(section)
            else:
                self._add(section)
        self._fit()

    def show_current(self, key: str) -> None:
        """Mark the current section."""
        self.items[key].setChecked(True)

    def step(self, by: int) -> None:
        """Go some sections down, or up if `by` is negative; stop at the ends."""
        keys = list(self.items)
        current = next((n for n, key in enumerate(keys) if self.items[key].isChecked()), 0)
        self.items[keys[max(0, min(len(keys) - 1, current + by))]].click()

    def _add(self, section: SectionEntry) -> None:
        item = SectionItem(self._kit, section)
        item.clicked.connect(lambda: self.chosen.emit(section.key))
        self.items[section.key] = item
        self._group.addButton(item)
        self._rows.addWidget(item)


class _LegendDisc(QWidget):
    """A disc in the legend."""

    def __init__(self, kit: UiContext, fill: Completion) -> None:
        super().__init__()
        self._kit = kit
        self._fill = fill
        self.setFixedSize(icons.SMALL, icons.SMALL)

    def paintEvent(self, _event: QPaintEvent) -> None:
        draw_disc(QPainter(self), self._kit.theme, QRectF(self.rect()), self._fill)


def _legend(kit: UiContext) -> QVBoxLayout:
    lines = (
        row(_LegendDisc(kit, fill), grown(Label(kit, words, TextStyle.SMALL, Tone.MUTED)), gap=8)
        for fill, words in _COMPLETION_WORDS.items()
    )
    return column(*lines, gap=5, margins=(_DISC_LEFT, 0, 0, 12))
