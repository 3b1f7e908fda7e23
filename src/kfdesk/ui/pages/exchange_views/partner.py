# SPDX-License-Identifier: GPL-3.0-or-later
"""One partner: what holds for it, and its next step as the one primary button.

`compare_asked`, `send_asked` and `tell_asked` say that a button was pressed, `trust_asked` carries
the state that is wanted, `undo_asked` the file to take back; nothing is done here.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from kfdesk.domain.desk.exchange import Partner, PartnerState
from kfdesk.domain.desk.users import Right
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.partners import PartnerLine
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.exchange_views.pairs import Pair, Pairs
from kfdesk.ui.pages.exchange_views.wording import STATES, next_words, where_text
from kfdesk.ui.pages.partner_views.open_ends import open_ends
from kfdesk.ui.pages.partner_views.trust import Trust
from kfdesk.ui.pages.shown import written_at
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Chip, Label
from kfdesk.ui.widgets.panel import Badge, Card, line
from kfdesk.ui.words import Telling

_LABEL_WIDTH = 120
NOT_ALLOWED = N_("Your roles do not include this step. Settings shows who can change roles.")


class PartnerCard(Card):
    """The chosen partner."""

    compare_asked = Signal()
    send_asked = Signal()
    tell_asked = Signal()
    trust_asked = Signal(object)
    undo_asked = Signal(bytes)
    again_asked = Signal()
    warn_asked = Signal()

    def __init__(self, kit: Kit, shown: PartnerLine) -> None:
        super().__init__(padding=0)
        self._kit = kit
        self.body.setSpacing(0)
        self.next = self._make_next(shown)
        self.tell = Button(kit, N_("Tell them by a file…"), "send")
        self.tell.clicked.connect(self.tell_asked)
        is_verified = shown.partner.state is PartnerState.VERIFIED
        if not is_verified or not (shown.notices or shown.waits or shown.is_anew):
            self.tell.hide()
        self.undo = Button(kit, N_("Take back the last file"), "undo-2", Look.QUIET)
        self.undo.clicked.connect(lambda: self.undo_asked.emit(shown.undoable))
        if not shown.undoable:
            self.undo.hide()
        self.again = Button(kit, N_("Ask for what is missing"), "refresh-cw", Look.QUIET)
        self.again.clicked.connect(self.again_asked)
        if not is_verified or not shown.missing:
            self.again.hide()
        self.read_out = Button(kit, N_("Read our new digits to them"), "phone", Look.QUIET)
        self.read_out.clicked.connect(self.compare_asked)
        if shown.knows_us or not is_verified:
            self.read_out.hide()
        self.warn = Button(kit, N_("Warn the other partners"), "octagon-alert", Look.QUIET)
        self.warn.clicked.connect(self.warn_asked)
        if shown.partner.state is not PartnerState.REVOKED:
            self.warn.hide()
        self.trust = Trust(kit, shown.partner.state)
        self.trust.asked.connect(self.trust_asked)
        self.body.addLayout(self._make_head(shown.partner))
        self.body.addWidget(line())
        self.body.addLayout(self._make_facts(shown))
        self.body.addStretch(1)

    def shut(self) -> None:
        """The next step is not within the roles of who sits here; the card says so."""
        if self.next is not None:
            self.next.setEnabled(False)
            self._shut.show()

    def keep_to(self, may: Callable[[Right], bool]) -> None:
        """Offer what the roles of who sits here allow, and nothing else."""
        if not may(Right.EXPORT_BUNDLE):
            self.tell.hide()
        if not may(Right.IMPORT_BUNDLE):
            self.undo.hide()
            self.again.hide()
        if not may(Right.MANAGE_KEYS):
            for part in (self.trust, self.warn, self.read_out):
                part.hide()

    def _make_head(self, partner: Partner) -> QHBoxLayout:
        tone, icon, word = STATES[partner.state]
        name = Label(self._kit, style=Type.TITLE).wrapped()
        name.show_text(partner.name)
        chip = Chip(self._kit, tone, icon)
        chip.tell(word)
        words = QVBoxLayout()
        words.setSpacing(6)
        words.addWidget(name)
        words.addWidget(chip, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout()
        row.setContentsMargins(20, 20, 20, 16)
        row.setSpacing(16)
        row.addWidget(Badge(self._kit, "building-2"))
        row.addLayout(words, 1)
        return row

    def _make_facts(self, shown: PartnerLine) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setContentsMargins(20, 12, 20, 20)
        column.setSpacing(12)
        column.addWidget(Pairs(self._kit, _pairs(shown), width=_LABEL_WIDTH))
        column.addWidget(Label(self._kit, next_words(shown.partner), tone=Tone.MUTED).wrapped())
        for button in (self.next, self.tell, self.again, self.undo, self.read_out, self.warn):
            if button is not None:
                row = QHBoxLayout()
                row.setContentsMargins(0, 0, 0, 0)
                row.addSpacing(-tokens.RESERVE)
                row.addWidget(button)
                row.addStretch(1)
                column.addLayout(row)
        self._shut = Label(self._kit, NOT_ALLOWED, Type.SMALL, Tone.MUTED).wrapped()
        self._shut.hide()
        column.addWidget(self._shut)
        column.addWidget(line())
        column.addWidget(self.trust)
        return column

    def _make_next(self, shown: PartnerLine) -> Button | None:
        partner = shown.partner
        if shown.offers:
            button = Button(self._kit, N_("Compare the new digits"), "phone", Look.PRIMARY)
            button.clicked.connect(self.compare_asked)
            return button
        if partner.state is PartnerState.VERIFIED:
            button = Button(self._kit, N_("Send…"), "send", Look.PRIMARY).show_key("Ctrl+E")
            button.clicked.connect(self.send_asked)
            return button
        if partner.state is PartnerState.PENDING:
            button = Button(self._kit, N_("Compare the digits"), "phone", Look.PRIMARY)
            button.clicked.connect(self.compare_asked)
            return button
        return None


def _pairs(shown: PartnerLine) -> list[Pair]:
    partner = shown.partner
    found = [Pair(N_("Where"), (lambda language: where_text(partner, language),))]
    if partner.is_third_country:
        has_tool = partner.has_transfer_tool
        tool = N_("on record") if has_tool else N_("none on record")
        tone = Tone.PLAIN if has_tool else Tone.WARNING
        found.append(Pair(N_("Ground for a third country"), (tool,), tone))
    if not partner.is_own:
        found.append(Pair(N_("Reads"), (_reads(partner),)))
    found.append(Pair(N_("Last sent"), (_at(shown.sent),)))
    found.append(Pair(N_("Last received"), (_at(shown.received),)))
    return [*found, *open_ends(shown)]


def _reads(partner: Partner) -> Telling:
    def words(language: Language) -> str:
        names = [language.language(code) for code in partner.reads]
        return language.listing(names) if names else language.gettext(N_("not set"))

    return words


def _at(milliseconds: int | None) -> Telling:
    def words(language: Language) -> str:
        if milliseconds is None:
            return language.gettext(N_("never"))
        return written_at(milliseconds, language)

    return words
