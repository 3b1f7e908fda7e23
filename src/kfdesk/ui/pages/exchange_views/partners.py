# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of partners, and beside it the chosen one with its next step.

There is one primary button at a time: what is to be done next with the chosen partner, or, where
there is none yet, to add the first card. The page asks by signals; what follows is not known here.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from kfdesk.domain.desk.exchange import PartnerState
from kfdesk.domain.desk.users import Right
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.desk import Desk
from kfdesk.services.partners import PartnerLine
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.exchange_views.partner import PartnerCard
from kfdesk.ui.pages.exchange_views.wording import STATES, when_lines, where_text
from kfdesk.ui.pages.notice_views.calls import CallList
from kfdesk.ui.pages.partner_views.open_ends import cell_words
from kfdesk.ui.pages.partner_views.requests import RequestList
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.flow import Beside, Flow
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Banner, Card, Empty, below, clear, line, scrolled
from kfdesk.ui.widgets.rows import Cell, Column, Table

_COLUMNS = (
    Column(N_("Partner"), stretches=True),
    Column(N_("State")),
    Column(N_("Last sent")),
    Column(N_("Last received")),
)
_WHEN = (2, 3)
"""The columns that the card beside the list says, too."""
_ROOM_FOR_WHEN = 480
_CARD_WIDTH = 372
_BESIDE = 640  # narrower, the partner stands below the list
_LIST_HEIGHT = 300  # where more stands above it than there is room for, the page scrolls


class PartnerList(QWidget):
    """All partners. The signals carry the organisation of the chosen one."""

    invite_asked = Signal()
    save_asked = Signal()
    add_asked = Signal()
    take_asked = Signal()
    compare_asked = Signal(bytes)
    send_asked = Signal(bytes)
    tell_asked = Signal(bytes)
    trust_asked = Signal(bytes, object)
    undo_asked = Signal(bytes)
    again_asked = Signal(bytes)
    warn_asked = Signal(bytes)

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self.calls = CallList(kit, desk)
        self.requests = RequestList(kit, desk)
        self._lines: tuple[PartnerLine, ...] | None = None
        self._current: bytes | None = None
        self._may: Callable[[Right], bool] = lambda _right: True
        self.card: PartnerCard | None = None
        self.outcome = Banner(kit, Tone.SUCCESS, "circle-check")
        self.outcome.hide()
        self.take = Button(kit, N_("Take a file…"), "download").show_key("Ctrl+I")
        self.invite = Button(kit, N_("Invite…"), "usb")
        self.save = Button(kit, N_("Save our card…"), "file-down")
        self.add = Button(kit, N_("Add a card…"), "plus")
        self.first_invite = Button(kit, N_("Invite a partner…"), "usb", Look.PRIMARY)
        self.first_save = Button(kit, N_("Save our card…"), "file-down")
        self.first_add = Button(kit, N_("Add a partner's card…"), "plus")
        self.table = Table(kit, _COLUMNS)
        kit.words.bind(self.table.setAccessibleName, N_("Partners"))
        self._connect()
        self._lay_out()
        kit.words.changed.connect(self._show_rows)

    def keep_to(self, may: Callable[[Right], bool]) -> None:
        """Offer what the roles of who sits here allow, and nothing else."""
        self._may = may
        self.take.setVisible(may(Right.IMPORT_BUNDLE))
        for button in (self.add, self.first_add, self.invite, self.first_invite):
            button.setVisible(may(Right.MANAGE_KEYS))

    @property
    def chosen(self) -> PartnerLine | None:
        """The partner whose row is current."""
        lines = self._lines or ()
        return next((one for one in lines if one.partner.organisation == self._current), None)

    def show_partners(self, lines: tuple[PartnerLine, ...]) -> None:
        """Show these partners; the current one stays current."""
        self._lines = lines
        wanted, has_focus = self._current, self._has_focus()
        self._show_rows()
        self._partners.setVisible(bool(lines))
        self._nobody.setVisible(not lines)
        if lines:
            places = [one.partner.organisation for one in lines]
            place = places.index(wanted) if wanted in places else 0
            self._current = None
            self.table.selectRow(place)
            self._on_row_changed()
        if has_focus:
            (self.table if lines else self.first_invite).setFocus()

    def _has_focus(self) -> bool:
        """Whether the keyboard is on what is shown anew, or will be when a dialog has closed."""
        focus, card = self.window().focusWidget(), self.card
        is_on_card = card is not None and card.isAncestorOf(focus)
        return is_on_card or focus is self.first_invite

    def choose(self, organisation: bytes) -> None:
        """Make a partner the current one, now or when it is shown."""
        self._current = organisation
        if self._lines is not None:
            self.show_partners(self._lines)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Hand the keyboard on. A focus proxy would keep Tab from what stands before it."""
        first = self.table if self._lines else self.first_invite
        first.setFocus(event.reason())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Where there is little room the list has two columns."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.width() - 2 * tokens.PAGE_MARGIN
        if not self._halves.is_narrow:
            room -= self._kit.theme.sized(_CARD_WIDTH) + tokens.CARD_GAP
        for column in _WHEN:
            self.table.setColumnHidden(column, room < self._kit.theme.sized(_ROOM_FOR_WHEN))

    def _connect(self) -> None:
        self.take.clicked.connect(self.take_asked)
        for button in (self.invite, self.first_invite):
            button.clicked.connect(self.invite_asked)
        for button in (self.save, self.first_save):
            button.clicked.connect(self.save_asked)
        for button in (self.add, self.first_add):
            button.clicked.connect(self.add_asked)
        self.table.selectionModel().currentRowChanged.connect(self._on_row_changed)
        self.table.chosen.connect(self._on_row_chosen)

    def _lay_out(self) -> None:
        self._count = Label(self._kit, tone=Tone.MUTED)
        words = below(Label(self._kit, N_("Exchange"), Type.DISPLAY), self._count)
        top = Flow(words, self.take, fills=words)
        self._partners = self._make_partners()
        self._nobody = self._make_nobody()
        self._partners.hide()
        self._nobody.hide()
        page = QWidget()
        page.setProperty("ground", "none")
        column = QVBoxLayout(page)
        margin = tokens.PAGE_MARGIN
        column.setContentsMargins(margin, margin - 4, margin, margin)
        column.setSpacing(tokens.CARD_GAP)
        column.addWidget(top)
        column.addWidget(self.outcome)
        column.addWidget(self.calls)
        column.addWidget(self.requests)
        column.addWidget(self._partners, 1)
        column.addWidget(self._nobody)
        column.addStretch(0)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(scrolled(page))

    def _make_partners(self) -> QWidget:
        listing = Card(padding=0)
        listing.body.setContentsMargins(1, 1, 1, 1)
        listing.body.setSpacing(0)
        listing.body.addWidget(self.table, 1)
        listing.body.addWidget(line())
        foot = QVBoxLayout()
        foot.setContentsMargins(12, 8, 12, 8)
        foot.addWidget(Flow(self.invite, self.add, self.save))
        listing.body.addLayout(foot)
        self._beside = QVBoxLayout()
        beside = QWidget()
        beside.setMinimumSize(_CARD_WIDTH, _LIST_HEIGHT)
        beside.setMaximumWidth(self._kit.theme.sized(_CARD_WIDTH))
        beside.setLayout(self._beside)
        self._beside.setContentsMargins(0, 0, 0, 0)
        self._halves = Beside(
            self._kit.theme, (listing, 1), (beside, 0), least=_BESIDE, gap=tokens.CARD_GAP
        )
        return self._halves

    def _make_nobody(self) -> QWidget:
        card = Card(padding=20)
        card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        under = N_(
            "Invite a partner by a folder on a stick, and compare the digits by telephone when "
            "their card has come. Who has the program already can give you a card at once."
        )
        card.body.addWidget(Empty(self._kit, "arrow-left-right", N_("No partner yet"), under))
        row = QHBoxLayout()
        row.setContentsMargins(54, 8, 0, 0)
        for button in (self.first_invite, self.first_add, self.first_save):
            row.addWidget(button)
        row.addStretch(1)
        card.body.addLayout(row)
        return card

    def _show_rows(self) -> None:
        if self._lines is None:
            return
        lines, language = self._lines, self._kit.words.language
        self._count.tell(lambda spoken: _count(len(lines), spoken))
        self.table.show_rows(_rows(lines, language))

    def _on_row_changed(self, *_rows: object) -> None:
        place = self.table.currentIndex().row()
        lines = self._lines or ()
        if not 0 <= place < len(lines):
            return
        organisation = lines[place].partner.organisation
        if self.card is not None and self._current == organisation:
            return
        self._current = organisation
        clear(self._beside)
        self.card = PartnerCard(self._kit, lines[place])
        self.card.compare_asked.connect(lambda: self.compare_asked.emit(organisation))
        self.card.send_asked.connect(self._on_next_asked)
        self.card.tell_asked.connect(lambda: self.tell_asked.emit(organisation))
        self.card.undo_asked.connect(self.undo_asked)
        self.card.again_asked.connect(lambda: self.again_asked.emit(organisation))
        self.card.warn_asked.connect(lambda: self.warn_asked.emit(organisation))
        self.card.trust_asked.connect(lambda state: self.trust_asked.emit(organisation, state))
        self.card.keep_to(self._may)
        if not self._may(_right_for(lines[place])):
            self.card.shut()
        self._beside.addWidget(scrolled(self.card))

    def _on_row_chosen(self, _row: int) -> None:
        self._on_next_asked()

    def _on_next_asked(self) -> None:
        if self.chosen is None or not self._may(_right_for(self.chosen)):
            return
        partner = self.chosen.partner
        if self.chosen.offers or partner.state is PartnerState.PENDING:
            self.compare_asked.emit(partner.organisation)
        elif partner.state is PartnerState.VERIFIED:
            self.send_asked.emit(partner.organisation)


def _right_for(shown: PartnerLine) -> Right:
    """What the next step with a partner needs."""
    may_get = shown.partner.state is PartnerState.VERIFIED and not shown.offers
    return Right.EXPORT_BUNDLE if may_get else Right.MANAGE_KEYS


def _count(count: int, language: Language) -> str:
    return language.ngettext("{count} partner", "{count} partners", count).format(count=count)


def _rows(lines: Sequence[PartnerLine], language: Language) -> list[tuple[Cell, ...]]:
    return [_cells(one, language) for one in lines]


def _cells(shown: PartnerLine, language: Language) -> tuple[Cell, ...]:
    tone, icon, word = STATES[shown.partner.state]
    return (
        Cell(shown.partner.name, where_text(shown.partner, language), is_strong=True),
        Cell(language.gettext(word), cell_words(shown, language), icon=icon, tone=tone),
        _when(shown.sent, language),
        _when(shown.received, language),
    )


def _when(milliseconds: int | None, language: Language) -> Cell:
    if milliseconds is None:
        return Cell(language.gettext(N_("never")), tone=Tone.MUTED)
    return Cell(*when_lines(milliseconds, language))
