# SPDX-License-Identifier: GPL-3.0-or-later
"""Layouts and frames: rows that wrap, cards, banners, empty states, and pages with one task.

Rows put widgets side by side, or below one another if the width is too small. They prevent
cut texts in longer languages and with large text. They know nothing of their widgets.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractSlider,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.i18n.language import Language
from kfdesk.ui import icons, tokens
from kfdesk.ui.context import DescribeFault, UiContext
from kfdesk.ui.theme import Theme
from kfdesk.ui.tokens import TextStyle, Tone
from kfdesk.ui.translator import Message, PlaceholderFunction
from kfdesk.ui.widgets import painting
from kfdesk.ui.widgets.build import (
    TOP,
    Margins,
    Part,
    aligned,
    column,
    extend,
    grown,
    heading,
    muted,
    panel,
    row,
    text,
)
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.text import FootHint, Icon, Label
from kfdesk.ui.worker import JobProgress

# --- Rows that wrap

_LAYOUT_REQUEST = QEvent.Type.LayoutRequest
_LEAST_LETTERS = 20
"""A text may wrap down to lines of this many letters; below, it gets its own row."""


class FlowBox(QWidget):
    """Widgets in rows that wrap; hidden widgets take no space. `columns` aligns them in a grid.

    The grid has at most that many columns, and no more than fit. `fills` is the widget that
    takes the rest of its row and wraps its text: a label, or a container of labels. It pushes
    the widgets after it to the right.
    """

    def __init__(
        self, *parts: QWidget, gap: int = 4, columns: int = 0, fills: QWidget | None = None
    ) -> None:
        super().__init__()
        self._gap = gap
        self._columns = columns
        self._fills = fills
        self._parts: list[QWidget] = []
        self._hinted = 0
        for part in parts:
            self.add(part)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def add(self, part: QWidget) -> None:
        """Append a widget."""
        part.setParent(self)
        self._parts.append(part)

    def clear(self) -> None:
        """Delete all widgets."""
        for part in self._parts:
            part.hide()
            part.deleteLater()
        self._parts.clear()
        self.arrange()

    def sizeHint(self) -> QSize:
        hints = [_bounded_hint(part) for part in self._shown]
        return QSize(sum(hint.width() + self._gap for hint in hints), self.minimumHeight())

    def minimumSizeHint(self) -> QSize:
        return QSize(_widest_minimum(self._shown), self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.arrange()

    def showEvent(self, event: QShowEvent) -> None:
        """Rearrange: Qt tells a hidden widget nothing of texts that change meanwhile."""
        super().showEvent(event)
        self.arrange()

    def event(self, event: QEvent) -> bool:
        """Rearrange when a widget changes its size or visibility."""
        if event.type() is _LAYOUT_REQUEST:
            self.arrange()
        return super().event(event)

    def arrange(self) -> None:
        """Place the widgets, and set the height to that of the rows."""
        top, wide = 0, {part: _bounded_hint(part).width() for part in self._shown}
        for parts in self._rows(wide):
            top += self._place_row(parts, top, wide) + self._gap
        height, width = max(0, top - self._gap), sum(wide.values())
        if self.minimumHeight() != height:
            self.setFixedHeight(height)
        elif self._hinted == width:
            return
        self._hinted = width
        self.updateGeometry()

    def fits_one_row(self, width: int) -> bool:
        """Return whether all widgets stand in one row of this width."""
        needed = [self._least(part, _bounded_hint(part).width()) for part in self._shown]
        return sum(needed) + self._gap * (len(needed) - 1) <= width

    @property
    def _shown(self) -> list[QWidget]:
        return [part for part in self._parts if not part.isHidden()]

    def _column_width(self, hints: Mapping[QWidget, int]) -> int:
        """Return the width of a column; 0 if there are none."""
        return max(hints.values(), default=0) if self._columns else 0

    def _least(self, part: QWidget, hint: int) -> int:
        if part is not self._fills:
            return hint
        letters = _LEAST_LETTERS * part.fontMetrics().averageCharWidth()
        return min(hint, max(letters, part.minimumSizeHint().width()))

    def _rows(self, hints: Mapping[QWidget, int]) -> list[list[QWidget]]:
        """Return the widgets row by row; if they wrap, nothing stands to the right of `fills`."""
        parts = list(hints)
        rows = self._wrap_rows(parts, hints)
        if self._fills in parts and len(rows) > 1:
            after = parts.index(self._fills) + 1
            rows = [*self._wrap_rows(parts[:after], hints), *self._wrap_rows(parts[after:], hints)]
        return rows

    def _wrap_rows(self, parts: list[QWidget], hints: Mapping[QWidget, int]) -> list[list[QWidget]]:
        cell = self._column_width(hints)
        most = min(self.width(), self._columns * (cell + self._gap) if cell else self.width())
        rows: list[list[QWidget]] = []
        left = 0
        for part in parts:
            wide = cell or self._least(part, hints[part])
            if not rows or left + wide > most:
                rows.append([])
                left = 0
            rows[-1].append(part)
            left += wide + self._gap
        return rows

    def _place_row(self, parts: list[QWidget], top: int, hints: Mapping[QWidget, int]) -> int:
        """Place a row. Return its height."""
        cell = self._column_width(hints)
        widths = {part: min(hints[part], max(1, self.width())) for part in parts}
        if self._fills in parts:
            rest = sum(wide + self._gap for part, wide in widths.items() if part is not self._fills)
            widths[self._fills] = max(1, self.width() - rest)
        for part, wide in widths.items():
            part.resize(wide, part.height())  # wrapped labels compute their height from it
        heights = {part: _bounded_height(part) for part in parts}
        height, left = max(heights.values()), 0
        for part, wide in widths.items():
            down = top + (height - heights[part]) // 2
            part.setGeometry(left, down, wide, heights[part])
            left += (cell or wide) + self._gap
        return height


def group_widgets(*parts: QWidget, gap: int) -> QWidget:
    """Return widgets as one part of a FlowBox, such as an icon and its word."""
    one = QWidget()
    row(*parts, gap=gap, on=one)
    return one


class SideBySide(QWidget):
    """Large widgets side by side, each with its share; stacked if the width is too small.

    The limit is `least` pixels at 100 %; it grows with the text size.
    """

    def __init__(self, theme: Theme, *parts: tuple[QWidget, int], least: int, gap: int) -> None:
        super().__init__()
        self._theme = theme
        self._least = least
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(gap)
        self._parts = []
        for part, share in parts:
            self._parts.append(part)
            self._row.addWidget(part, share)

    @property
    def is_narrow(self) -> bool:
        """True if the widgets are stacked."""
        return self.width() < self._theme.scaled(self._least)

    def minimumSizeHint(self) -> QSize:
        shown = [part for part in self._parts if not part.isHidden()]
        return QSize(_widest_minimum(shown), self._row.minimumSize().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        way = QBoxLayout.Direction
        self._row.setDirection(way.TopToBottom if self.is_narrow else way.LeftToRight)
        super().resizeEvent(event)


class ResizablePanes(QSplitter):
    """Panes side by side with an edge to drag; their widths are kept under `name`.

    Each has its share of the room at first. With less room than `least` pixels at 100 %, the
    panes are stacked or, without `stacks`, the last one is hidden.
    """

    def __init__(
        self,
        kit: UiContext,
        name: str,
        *panes: tuple[QWidget, int],
        least: int = 0,
        stacks: bool = False,
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._kit, self._name, self._least, self._stacks = kit, name, least, stacks
        self._panes = [pane for pane, _ in panes]
        self._shares = [400 * share for _, share in panes]
        self.setChildrenCollapsible(False)
        self.setHandleWidth(tokens.CARD_GAP)
        for place, (pane, share) in enumerate(panes):
            self.addWidget(pane)
            self.setStretchFactor(place, share)
        self._share_room()
        self.splitterMoved.connect(self._on_moved)

    @property
    def is_narrow(self) -> bool:
        """True if there is too little room for the panes beside each other."""
        return self.width() < self._kit.theme.scaled(self._least)

    def minimumSizeHint(self) -> QSize:
        parts = self._panes if self._stacks else self._panes[:1]
        return QSize(_widest_minimum(parts), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        way = Qt.Orientation.Vertical if self.is_narrow else Qt.Orientation.Horizontal
        if not self._stacks:
            self._panes[-1].setVisible(not self.is_narrow)
        elif self.orientation() is not way:
            self.setOrientation(way)
            self._share_room()
        super().resizeEvent(event)

    def _share_room(self) -> None:
        kept = self._kit.view.chosen.lists.get(self._name, ())
        is_kept = len(kept) == len(self._shares) and self.orientation() is Qt.Orientation.Horizontal
        self.setSizes(list(kept) if is_kept else self._shares)

    def _on_moved(self, _place: int, _index: int) -> None:
        if self.orientation() is Qt.Orientation.Horizontal:
            self._kit.view.keep_list(self._name, tuple(self.sizes()))


def _widest_minimum(parts: list[QWidget]) -> int:
    """Return the largest minimum width of the widgets."""
    least = (max(part.minimumSizeHint().width(), part.minimumWidth()) for part in parts)
    return max(least, default=0)


def _bounded_hint(part: QWidget) -> QSize:
    """Return the size hint of a widget, bounded by its minimum and maximum size."""
    hint = part.sizeHint().expandedTo(part.minimumSizeHint())
    return hint.expandedTo(part.minimumSize()).boundedTo(part.maximumSize())


def _bounded_height(part: QWidget) -> int:
    if (layout := part.layout()) is not None:
        layout.activate()
    return _bounded_hint(part).height()


# --- The progress of a job

_TICK = 200  # milliseconds
_WHOLE = 100


class JobProgressLine(QWidget):
    """The line, hidden while nothing runs; its message has a placeholder `{share}`."""

    def __init__(self, kit: UiContext, message: Message) -> None:
        super().__init__()
        self._message = message
        self._course: JobProgress | None = None
        self._words = Label(kit, tone=Tone.MUTED).wrapped()
        self.cancel = Button(kit, N_("Cancel"), "x", on=self._on_cancel_clicked)
        row(FlowBox(self._words, self.cancel, gap=8, fills=self._words), on=self)
        self._tick = QTimer(self, interval=_TICK)
        self._tick.timeout.connect(self._show)
        self.hide()

    def begin(self) -> JobProgress:
        """Show the line for a new job, and return the job's progress object."""
        self._course = JobProgress()
        self.cancel.setEnabled(True)
        self._tick.start()
        self._show()
        self.show()
        self.cancel.setFocus()
        return self._course

    def end(self) -> None:
        """Stop the timer and hide the line."""
        self._tick.stop()
        self._course = None
        self.hide()

    def _show(self) -> None:
        if self._course is not None and not self._course.is_cancelled:
            share = round(_WHOLE * self._course.share)
            self._words.set_message(self._message, share=lambda _: share)

    def _on_cancel_clicked(self) -> None:
        if self._course is not None:
            self._course.cancel()
            self.cancel.setEnabled(False)
            self._words.set_message(N_("Stopping…"))


T = TypeVar("T")
# --- Cards, banners and badges

_ROUND_BADGE = 44
_SQUARE_BADGE = 52


def make_hairline() -> QFrame:
    """Return a thin line between rows."""
    rule = QFrame()
    rule.setProperty("ground", "line")
    rule.setFixedHeight(1)
    return rule


class CardFrame(QFrame):
    """A surface for related content; `body` is the layout to fill."""

    def __init__(
        self,
        padding: int = tokens.CARD_PADDING,
        *,
        parts: Sequence[Part] = (),
        gap: int = 8,
        margins: Margins | None = None,
    ) -> None:
        super().__init__()
        self.setProperty("ground", "card")
        self.body = column(*parts, gap=gap, margins=margins or (padding,) * 4, on=self)

    def add_heading(
        self, kit: UiContext, message: Message, icon: str, tone: Tone = Tone.MUTED
    ) -> QHBoxLayout:
        """Add an icon and a heading at the top. Return their row, for buttons at the right."""
        head = heading(kit, message, icon, tone=tone)
        extend(self.body, head)
        return head


class ShortList(CardFrame):
    """A card with the first few open items, one per line; hidden while there are none.

    The next item moves up when one is answered. A line below says how many more there are.
    """

    def __init__(self, kit: UiContext, message: Message, icon: str, most: int) -> None:
        super().__init__()
        self._kit = kit
        self._most = most
        self.add_heading(kit, message, icon, Tone.WARNING)
        self._lines = column(gap=tokens.GRID)
        extend(self.body, self._lines)
        self.hide()

    def fill(self, found: Sequence[T], make: Callable[[T], QWidget]) -> None:
        """Show the first items of `found`; `make` builds the line of each."""
        clear_layout(self._lines)
        extend(self._lines, *map(make, found[: self._most]))
        if len(found) > self._most:
            words = partial(more_words, len(found) - self._most)
            extend(self._lines, Label(self._kit, words, tone=Tone.MUTED))
        self.setVisible(bool(found))

    def make_line(self, what: Message, about: Message) -> FlowBox:
        """Return a line of two texts, to which the caller adds buttons."""
        under = muted(self._kit, about, TextStyle.SMALL)
        said = stack_widgets(text(self._kit, what, TextStyle.STRONG), under)
        return FlowBox(said, fills=said)


def more_words(count: int, language: Language) -> str:
    """Return how many more there are than are shown."""
    return language.plural("{count} more", "{count} more", count)


class _SoftFrame(QFrame):
    """A frame with the soft background of a tone."""

    def __init__(self, kit: UiContext, tone: Tone) -> None:
        super().__init__()
        self._kit = kit
        self._tone = tone

    def paintEvent(self, _event: QPaintEvent) -> None:
        ground = self._tone.ground(self._kit.theme.colours)
        painting.draw_box(QPainter(self), QRectF(self.rect()), tokens.RADIUS_ROW, ground)


class Banner(_SoftFrame):
    """An important message: icon, sentence, optionally a remedy and an action.

    The action moves below the text if there is too little space beside it.
    """

    def __init__(self, kit: UiContext, tone: Tone, icon: str) -> None:
        super().__init__(kit, tone)
        self._icon = Icon(kit, icon, tone, icons.LARGE)
        self._title = text(kit, "", TextStyle.BUTTON)
        self._under = muted(kit, "", TextStyle.SMALL)
        said = stack_widgets(self._title, self._under)
        self._flow = FlowBox(self._icon, said, gap=12, fills=said)
        column(self._flow, margins=(14, 8, 12, 8), on=self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def set_message(
        self, title: Message, under: Message = "", **places: PlaceholderFunction
    ) -> None:
        """Show the sentence and, in small text, a remedy or more information."""
        self._title.set_message(title, **places)
        self._under.set_message(under, **places)
        self._under.setVisible(bool(under))

    @property
    def text(self) -> str:
        """The sentence and what stands below it."""
        return " ".join(filter(None, (self._title.text(), self._under.text())))

    def show_fault(self, fault: KfdeskError, said: DescribeFault | None = None) -> None:
        """Show the banner with the fault's sentence and its remedy, or with what is `said`."""
        faults = said or self._kit.faults
        self.set_message(
            lambda language: faults(fault, language)[0], lambda language: faults(fault, language)[1]
        )
        self.show()

    def hidden(self) -> "Banner":
        """Hide the banner until there is something to say, and return it."""
        self.hide()
        return self

    def show_look(self, tone: Tone, icon: str) -> None:
        """Change tone and icon together."""
        self._tone = tone
        self._icon.show_icon(icon, tone)
        self.update()

    def set_action(self, button: Button) -> None:
        """Add the action at the right, or below if there is too little space."""
        self._flow.add(button)


class Badge(QWidget):
    """An icon on a soft background that marks the subject of a page or an empty list."""

    def __init__(self, kit: UiContext, icon: str, *, is_round: bool = False) -> None:
        super().__init__()
        self._kit = kit
        self._icon = icon
        side = _ROUND_BADGE if is_round else _SQUARE_BADGE
        self._radius = side / 2 if is_round else tokens.RADIUS_CHIP
        self.setFixedSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._kit.theme
        painter = QPainter(self)
        painting.draw_box(painter, QRectF(self.rect()), self._radius, theme.colours.accent_soft)
        size = icons.LARGE + 8 if self.width() == _SQUARE_BADGE else icons.LARGE
        edge = (self.width() - size) / 2
        theme.icons.paint(painter, self._icon, theme.colours.accent, QRectF(edge, edge, size, size))


class EmptyState(QWidget):
    """The state of an empty list: why it is empty, what to do next, and a button for it."""

    def __init__(self, kit: UiContext, icon: str, title: Message, under: Message) -> None:
        super().__init__()
        said = stack_widgets(Label(kit, title, TextStyle.HEADING), muted(kit, under))
        self._flow = FlowBox(Badge(kit, icon, is_round=True), said, gap=14, fills=said)
        column(self._flow, on=self)

    def set_action(self, button: Button) -> None:
        """Add the button beside the text, or below if there is too little space."""
        self._flow.add(button)


class StillScrollArea(QScrollArea):
    """A scroll area that fits its page once for each change of size.

    Qt fits it again inside the fitting. A page that is higher when it is narrower can make the
    scroll bar come and go that way until the stack is full.
    """

    def __init__(self) -> None:
        super().__init__()
        self._is_fitting = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._is_fitting:
            return False
        self._is_fitting = True
        is_handled = super().eventFilter(watched, event)
        self._is_fitting = False
        return is_handled


def make_scroll_area(page: QWidget | None = None, least: int = 0) -> QScrollArea:
    """Return a vertical scroll area for a page; the page may be set later.

    `least` is the minimum visible height; with less space the surrounding area scrolls.
    """
    scroll = StillScrollArea()
    scroll.setMinimumHeight(least)
    scroll.setWidgetResizable(True)
    if page is not None:
        scroll.setWidget(page)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return scroll


def stack_widgets(*texts: QWidget) -> QWidget:
    """Return one widget with these texts stacked."""
    one = QWidget()
    column(*texts, gap=2, on=one)
    return one


def clear_layout(layout: QLayout) -> None:
    """Remove and delete every widget of a layout, so that it can be filled again."""
    while (item := layout.takeAt(0)) is not None:
        if (part := item.widget()) is not None:
            part.hide()
            part.deleteLater()
        elif (inner := item.layout()) is not None:
            clear_layout(inner)


# --- Pages with one task

_HARMLESS_CODES = frozenset({"bundle.taken_before", "exchange.nothing_new", "work.cancelled"})
_SCROLL_KEYS = {
    Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
    Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
}


def show_fault_in(kit: UiContext, banner: Banner, fault: KfdeskError) -> None:
    """Show in a banner what was refused and what to do; harmless faults in a calm tone."""
    is_calm = fault.code in _HARMLESS_CODES
    banner.show_look(*((Tone.INFO, "info") if is_calm else (Tone.DANGER, "circle-alert")))
    banner.show_fault(fault)


class TaskPage(QWidget):
    """A page with one task; `first` gets the focus.

    `closed` follows Cancel, Back and Esc.
    """

    closed = Signal()

    def __init__(self, kit: UiContext, title: Message) -> None:
        super().__init__()
        self.kit = kit
        self.first: QWidget = self
        self.title = Label(kit, title, TextStyle.DISPLAY)
        self.under = muted(kit)
        self.back = Button(kit, N_("Back to the list"), "chevron-left", ButtonLook.QUIET).bared()
        self.back.clicked.connect(self.closed)
        self.cancel = Button(kit, N_("Cancel"), on=self.closed.emit).show_key("Esc")
        self.outcome = Banner(kit, Tone.DANGER, "circle-alert").hidden()
        self.hint = FootHint(kit)
        self.hint.wrapped()
        words = column(self.title, self.under)
        self.head = row(aligned(self.back, TOP), grown(words), gap=8)
        self.body = column(gap=tokens.CARD_GAP)
        self._scroll = self._make_scroll()
        said = row(self.outcome, margins=(tokens.PAGE_MARGIN, 0, tokens.PAGE_MARGIN, 10))
        # Above the foot: over the contents it would move what one is about to press.
        column(self._make_top(), grown(self._scroll), said, self._make_foot(), on=self)

    def set_action(self, button: Button) -> None:
        """Add a button at the end of the foot."""
        self._foot.add(button)

    def show_fault(self, fault: KfdeskError) -> None:
        """Show what was refused and what to do."""
        show_fault_in(self.kit, self.outcome, fault)

    def scroll_to(self, part: QWidget) -> None:
        """Scroll until a widget of the contents is in view, its end before its beginning."""
        self._scroll.ensureWidgetVisible(part)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on; a focus proxy would break Tab order before the proxy."""
        if self.first is not self:
            self.first.setFocus(event.reason())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back on Esc; scroll on Page Up and Page Down."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() in _SCROLL_KEYS:
            self._scroll.verticalScrollBar().triggerAction(_SCROLL_KEYS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _make_top(self) -> QVBoxLayout:
        return column(self.head, margins=(14, tokens.PAGE_MARGIN - 4, tokens.PAGE_MARGIN, 4))

    def _make_scroll(self) -> QScrollArea:
        margins = (tokens.PAGE_MARGIN, 12, tokens.PAGE_MARGIN, tokens.PAGE_MARGIN)
        return make_scroll_area(panel(column(grown(self.body), margins=margins)))

    def _make_foot(self) -> QWidget:
        foot = QWidget()
        foot.setProperty("ground", "foot")
        foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        sign = Icon(self.kit, "shield-check", Tone.SUCCESS)
        sign.hide()  # until there is a hint
        self.hint.filled.connect(sign.setVisible)
        self._foot = FlowBox(sign, self.hint, self.cancel, gap=10, fills=self.hint)
        right = tokens.PAGE_MARGIN - tokens.RESERVE
        row(self._foot, margins=(tokens.PAGE_MARGIN, 9, right, 8), on=foot)
        return foot
