# SPDX-License-Identifier: GPL-3.0-or-later
"""What must be looked at before a file is made: another client's name, and texts nobody can read.

A name stops the file until it is taken out, or until who sends has said beside each place that it
is somebody else's. A text in the wrong language is said, and may go. Finds nothing itself.
"""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.sharing.leaving import Mention, Unread
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.exchange_views.reading import Shown
from kfdesk.ui.pages.exchange_views.wording import RECORDS
from kfdesk.ui.pages.first_run.typed import Tick
from kfdesk.ui.pages.shown import field_of
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Banner, Card


class Warnings(QWidget):
    """Both warnings. `changed` follows each tick; `plan_asked` asks for the plan."""

    changed = Signal()
    plan_asked = Signal()

    def __init__(self, kit: Kit, shown: Shown) -> None:
        super().__init__()
        self._kit = kit
        self.ticks: dict[Mention, Tick] = {}
        self._has_code = any(one.is_code for one in shown.parcel.mentions)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.CARD_GAP)
        if shown.parcel.mentions:
            column.addWidget(self._make_mentions(shown))
        if shown.parcel.unread:
            column.addWidget(self._make_unread(shown))
        self.setVisible(bool(shown.parcel.mentions or shown.parcel.unread))

    @property
    def somebody_else(self) -> frozenset[Mention]:
        """The names of which it was said that they are somebody else's."""
        return frozenset(one for one, tick in self.ticks.items() if tick.isChecked())

    @property
    def may_pass(self) -> bool:
        """Whether no name stops the file any more; a code always does."""
        return not self._has_code and all(tick.isChecked() for tick in self.ticks.values())

    def _make_mentions(self, shown: Shown) -> Card:
        card = Card()
        card.head(self._kit, N_("Another client is named here"), "octagon-alert", Tone.DANGER)
        sentence = N_(
            "Nobody has agreed that this partner learns of her. Take the name out of the text, or "
            "say that it is somebody else's. Until then no file is made."
        )
        card.body.addWidget(Label(self._kit, sentence).wrapped())
        for one in shown.parcel.mentions:
            card.body.addWidget(self._make_place(one, shown.names))
        return card

    def _make_place(self, one: Mention, names: Mapping[str, str]) -> QWidget:
        code = names.get(one.other.hex(), "")

        def words(language: Language) -> str:
            record = language.gettext(RECORDS[one.type])
            label = language.gettext(field_of(one.type, one.key).label)
            return language.gettext(N_("{record}, {field}: “{words}” may be {code}.")).format(
                record=record, field=label, words=one.words, code=code
            )

        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(0)
        column.addWidget(Label(self._kit, words, tone=Tone.DANGER).wrapped())
        if not one.is_code:
            tick = Tick(self._kit, N_("It is somebody else of the same name"))
            tick.toggled.connect(self.changed)
            self.ticks[one] = tick
            column.addWidget(tick)
        return part

    def _make_unread(self, shown: Shown) -> Banner:
        partner, unread = shown.parcel.partner, shown.parcel.unread
        banner = Banner(self._kit, Tone.WARNING, "languages")
        banner.tell(
            lambda language: _unread(unread, partner.name, partner.reads, language),
            lambda language: _where(unread, language),
        )
        add = Button(self._kit, N_("Add the words"), "pencil")
        add.clicked.connect(self.plan_asked)
        banner.act(add)
        return banner


def _unread(
    unread: tuple[Unread, ...], name: str, reads: tuple[str, ...], language: Language
) -> str:
    """`3 texts in Swedish; Pskov reads Russian.`"""
    codes = dict.fromkeys(code for one in unread for code in one.languages)
    written = language.listing([language.language(code) for code in codes])
    read = language.listing([language.language(code) for code in reads])
    sentence = language.ngettext(
        "{count} text is only in: {written}. {name} reads: {read}.",
        "{count} texts are only in: {written}. {name} reads: {read}.",
        len(unread),
    )
    return sentence.format(count=len(unread), written=written, name=name, read=read)


def _where(unread: tuple[Unread, ...], language: Language) -> str:
    labels = dict.fromkeys(field_of(one.type, one.key).label for one in unread)
    fields = ", ".join(map(language.gettext, labels))
    sentence = N_("It can be sent as it is. The texts: {fields}.")
    return language.gettext(sentence).format(fields=fields)
