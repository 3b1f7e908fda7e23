# SPDX-License-Identifier: GPL-3.0-or-later
"""The consents of a client at a glance: recipients by groups of data, with the last day.

A mark says what is granted, not granted, ended or withdrawn: four signs that differ without
colour. The arrow keys move between the cells; Enter or a click opens the consent behind one. The
line below says the current cell in words. Reads nothing; the section passes the rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil

from PySide6.QtCore import QModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from kfdesk.domain.codes.core import CONSENT_FORM, CONSENT_SCOPE
from kfdesk.domain.consent import ConsentMark, WithheldReason, consent_last_day
from kfdesk.domain.message_marks import N_
from kfdesk.domain.values import ZonedTime
from kfdesk.i18n.language import Language
from kfdesk.services.plans.consents import ConsentRow
from kfdesk.services.plans.plans import ConsentLine
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.plan.consent_editors import purpose_label
from kfdesk.ui.tokens import CARD_PADDING, TextStyle, Tone
from kfdesk.ui.widgets import painting
from kfdesk.ui.widgets.build import column, extend, filled, heading, muted
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import CardFrame, FlowBox, group_widgets, make_hairline
from kfdesk.ui.widgets.table import ColumnSpec, TableCell, TableView
from kfdesk.ui.widgets.text import Icon, Label

MARK_LOOKS: Mapping[ConsentMark, tuple[Tone, str, str]] = {
    ConsentMark.GRANTED: (Tone.SUCCESS, "circle-check", N_("granted")),
    ConsentMark.NOT_GRANTED: (Tone.MUTED, "minus", N_("not granted")),
    ConsentMark.ENDED: (Tone.WARNING, "clock", N_("ended")),
    ConsentMark.WITHDRAWN: (Tone.DANGER, "ban", N_("withdrawn")),
}
"""Tone, icon and word of each mark; the icons differ in shape."""

_SPOKEN_FORMS = frozenset({"oral_witnessed", "oral_interpreter"})
_FIRST_GROUP = 1
_GROUPS = tuple(CONSENT_SCOPE)
_UNTIL = _FIRST_GROUP + len(_GROUPS)
_MARK_WIDTH = 36  # pixels at 100 %: a heading in two lines, or a large icon
_HEAD_LINES = 2
_HEAD_PADDING = 8


@dataclass(frozen=True, slots=True)
class MarkCell(TableCell):
    """A cell with a mark alone; `spoken` says it in words."""

    spoken: str = ""

    @property
    def accessible_text(self) -> str:
        return self.spoken


class TurnedHeader(QHeaderView):
    """A header with narrow columns whose headings are written upwards, in two lines."""

    def __init__(self, kit: UiContext, turned: range) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._kit = kit
        self._turned = turned
        self.setFont(kit.theme.font(TextStyle.SMALL_STRONG))

    def fit(self) -> None:
        """Set the height to that of the longest heading written upwards."""
        sizes = [self.sectionSizeFromContents(at) for at in self._turned]
        self.setFixedHeight(max((size.height() for size in sizes), default=0))

    def sectionSizeFromContents(self, at: int) -> QSize:
        """Return the room that a heading needs; upwards it needs its lines side by side."""
        if at not in self._turned:
            return super().sectionSizeFromContents(at)
        text = self._text(at)
        room = self._room_for(text)
        across = painting.wrapped_height(text, self.font(), room)
        return QSize(ceil(across), ceil(room) + 2 * _HEAD_PADDING)

    def paintSection(self, painter: QPainter, area: QRect, at: int) -> None:
        """Paint a heading upwards, or at the bottom of its cell."""
        colours = self._kit.theme.colours
        painter.fillRect(area, QColor(colours.sunken))
        pad, text = _HEAD_PADDING, self._text(at)
        painter.save()
        if at in self._turned:
            painter.translate(area.left(), area.bottom() - pad)
            painter.rotate(-90)
            room = QRectF(0, 0, area.height() - 2 * pad, area.width())
            high = painting.wrapped_height(text, self.font(), room.width())
            room.setTop((area.width() - high) / 2)
            room.setHeight(high)
        else:
            left = 2 * pad if at == 0 else pad
            high = painting.wrapped_height(text, self.font(), area.width() - left)
            room = QRectF(area).adjusted(left, area.height() - high - pad, 0, -pad)
        painting.draw_wrapped_text(painter, room, text, self.font(), colours.text_muted)
        painter.restore()

    def _text(self, at: int) -> str:
        data = self.model().headerData(at, Qt.Orientation.Horizontal)
        return data if isinstance(data, str) else ""

    def _room_for(self, text: str) -> float:
        """Return the least length in which a heading has at most two lines."""
        room = painting.longest_word_width(text, self.font()) + 1
        most = _HEAD_LINES * painting.text_height(self.font()) + 1
        while painting.wrapped_height(text, self.font(), room) > most:
            room += _HEAD_PADDING
        return room


class ConsentTable(TableView):
    """The matrix; `opened` carries row and group of a cell, empty beside the groups."""

    opened = Signal(int, str)

    def __init__(self, kit: UiContext) -> None:
        columns = (
            ColumnSpec(N_("Recipient"), stretches=True),
            *(ColumnSpec(label) for label in CONSENT_SCOPE.values()),
            ColumnSpec(N_("Until")),
            ColumnSpec(N_("How agreed")),
        )
        super().__init__(kit, columns)
        self._columns = columns
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        kit.translator.bind(self.setAccessibleName, N_("Consents by recipient and group of data"))
        self._header = TurnedHeader(kit, range(_FIRST_GROUP, _UNTIL))
        self.setHorizontalHeader(self._header)
        self._set_headers(columns)
        for at in range(_FIRST_GROUP, _UNTIL):
            self._header.setSectionResizeMode(at, QHeaderView.ResizeMode.Fixed)
            self._header.resizeSection(at, kit.theme.scaled(_MARK_WIDTH))
        self.clicked.connect(self._open)
        kit.translator.on_language_change(self, self._header.fit)
        self._header.fit()

    @property
    def group(self) -> str:
        """The group of data of the current cell; empty beside the groups."""
        return group_at(self.currentIndex().column())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave keys with Alt to the page."""
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cells, and the focus ring around the current one."""
        QTableView.paintEvent(self, event)
        index = self.currentIndex()
        if self.hasFocus() and index.isValid():
            area = QRectF(self.visualRect(index)).adjusted(1, 1, -1, -2)
            ink = self._kit.theme.colours.focus
            painting.draw_focus_ring(QPainter(self.viewport()), area, 4, ink)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.height())

    def _on_activated(self, index: QModelIndex) -> None:
        super()._on_activated(index)
        self._open(index)

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(index.row(), group_at(index.column()))


def group_at(at: int) -> str:
    """Return the group of data in a column; empty for the other columns."""
    return _GROUPS[at - _FIRST_GROUP] if _FIRST_GROUP <= at < _UNTIL else ""


class ConsentMatrix(CardFrame):
    """The card with the matrix.

    `opened` carries the line of a consent. `begin_asked` carries the recipient of a new one.
    """

    opened = Signal(object)
    begin_asked = Signal(str)

    def __init__(self, kit: UiContext) -> None:
        super().__init__(padding=0)
        self._kit = kit
        self._rows: tuple[ConsentRow, ...] = ()
        self.table = ConsentTable(kit)
        self.said = muted(kit)
        self.new = Button(kit, N_("New consent"), "plus", ButtonLook.QUIET, on=self._on_new)
        extend(
            self.body,
            column(
                heading(kit, N_("Who may have what, by her consent"), "file-check"),
                margins=(CARD_PADDING, CARD_PADDING, CARD_PADDING, 0),
            ),
            self.table,
            make_hairline(),
            column(
                FlowBox(self.said, self.new, gap=8, fills=self.said),
                _make_legend(kit),
                gap=6,
                margins=(CARD_PADDING, 0, CARD_PADDING, 12),
            ),
        )
        self.table.opened.connect(self._on_opened)
        self.table.selectionModel().currentChanged.connect(self._show_current)
        kit.translator.changed.connect(self._show)

    @property
    def current(self) -> ConsentRow | None:
        """The row of the current cell; None before the user has chosen one."""
        at = self.table.currentIndex().row()
        return self._rows[at] if 0 <= at < len(self._rows) else None

    def show_rows(self, rows: Sequence[ConsentRow]) -> None:
        """Show these rows; the current cell stays that of the same recipient."""
        if tuple(rows) != self._rows:
            held, at = self.current, self.table.currentIndex().column()
            self._rows = tuple(rows)
            self._show()
            self.table.setCurrentIndex(QModelIndex())
            if held is not None:
                self.go_to(held.recipient, at)

    def go_to(self, recipient: str, at: int = 0) -> None:
        """Make the row of a recipient the current one, at this column."""
        for place, one in enumerate(self._rows):
            if one.recipient == recipient:
                self.table.setCurrentIndex(self.table.rows.index(place, at))

    def _show(self) -> None:
        language = self._kit.translator.language
        self.table.show_rows([_cells(one, language) for one in self._rows])
        self.table.fit_height()
        self._show_current()

    def _show_current(self) -> None:
        one = self.current
        self.new.setVisible(one is not None)
        if one is None:
            self.said.set_message(N_("Choose a cell to see what it says. Enter opens the consent."))
            return
        self.said.set_message(partial(_cell_sentence, one, self.table.group))
        self.new.set_message(filled(N_("New consent for {name}"), name=one.name or "–"))

    def _on_opened(self, at: int, group: str) -> None:
        one = self._rows[at]
        line = one.cell(group)[1] or next(iter(one.lines), None)
        if line is not None:
            self.opened.emit(line)
        else:
            self.begin_asked.emit(one.recipient)

    def _on_new(self) -> None:
        if self.current is not None:
            self.begin_asked.emit(self.current.recipient)


def _make_legend(kit: UiContext) -> FlowBox:
    flow = FlowBox(gap=20)
    for tone, icon, word in MARK_LOOKS.values():
        flow.add(group_widgets(Icon(kit, icon, tone), Label(kit, word, TextStyle.SMALL), gap=6))
    return flow


def _cells(one: ConsentRow, language: Language) -> tuple[TableCell, ...]:
    first = next(iter(one.lines), None)
    return (
        TableCell(one.name or "–", _purposes_text(one, language), is_strong=True),
        *(_mark_cell(one, group, language) for group in _GROUPS),
        TableCell(*_until_texts(one, language, is_short=True)),
        TableCell(*_way_texts(first, language)),
    )


def _purposes_text(one: ConsentRow, language: Language) -> str:
    """Return the purpose of the one consent, or how many there are."""
    if not one.lines:
        return language.gettext(N_("no consent yet"))
    if len(one.lines) == 1:
        return language.gettext(purpose_label(one.lines[0].view.record.purpose))
    return language.plural("{count} consent", "{count} consents", len(one.lines))


def _until_texts(one: ConsentRow, language: Language, *, is_short: bool = False) -> tuple[str, str]:
    """Return the last day; for a consent that is over, the day and what happened."""
    say = language.short_day if is_short else language.day
    if one.last_day is not None:
        return say(one.last_day, year=True), ""
    for line in one.lines:
        record = line.view.record
        if isinstance(record.withdrawn, ZonedTime):
            day, mark = record.withdrawn.wall.date(), ConsentMark.WITHDRAWN
        elif line.shut is WithheldReason.EXPIRED and (last := consent_last_day(record)):
            day, mark = last, ConsentMark.ENDED
        else:
            continue
        return say(day, year=True), language.gettext(MARK_LOOKS[mark][2])
    return "–", ""


def _mark_cell(one: ConsentRow, group: str, language: Language) -> MarkCell:
    tone, icon, _ = MARK_LOOKS[one.cell(group)[0]]
    return MarkCell(icon=icon, tone=tone, spoken=_mark_text(one, group, language))


def _mark_text(one: ConsentRow, group: str, language: Language) -> str:
    word = language.gettext(MARK_LOOKS[one.cell(group)[0]][2])
    return f"{language.gettext(CONSENT_SCOPE[group])}: {word}"


def _way_texts(line: ConsentLine | None, language: Language) -> tuple[str, str]:
    """Return whether a consent was read aloud or signed, and in which language."""
    if line is None:
        return "–", ""
    record = line.view.record
    spoken = language.language(record.language) if isinstance(record.language, str) else ""
    if record.form in _SPOKEN_FORMS:
        return language.gettext(N_("Read aloud")), spoken
    known = isinstance(record.form, str) and record.form in CONSENT_FORM
    return (language.gettext(N_("Signed")) if known else "–"), spoken


def _cell_sentence(one: ConsentRow, group: str, language: Language) -> str:
    """Return the current cell in words: recipient, group, mark, purpose, last day."""
    parts = [one.name or "–"]
    mark, line = one.cell(group) if group else (None, next(iter(one.lines), None))
    if mark is not None:
        parts.append(_mark_text(one, group, language))
    if line is not None:
        record = line.view.record
        parts.append(language.gettext(purpose_label(record.purpose)))
        form = CONSENT_FORM.get(str(record.form))
        spoken = language.language(record.language) if isinstance(record.language, str) else ""
        way = ", ".join(filter(None, (language.gettext(form) if form else "", spoken)))
        parts += [way] if way else []
    day, over = _until_texts(one, language)
    if one.last_day is not None and not over:
        parts.append(language.gettext(N_("until {day}")).format(day=day))
    return " · ".join(parts)
