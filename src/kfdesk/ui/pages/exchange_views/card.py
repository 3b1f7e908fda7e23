# SPDX-License-Identifier: GPL-3.0-or-later
"""Adding a partner's card: whose it says it is, and the little that we must know besides.

The card was proved whole before this page is shown. It is kept only by the button; the partner
then stays without rights until the digits are compared.
"""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kfdesk.domain.desk.exchange import Partner
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services import partners
from kfdesk.services.casework.joining import typed_as
from kfdesk.services.desk import Desk
from kfdesk.services.directory import DirectoryEntry
from kfdesk.services.partners import Offered, Terms
from kfdesk.services.policy.access import DIRECTORY_READING
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.exchange_views.step import Step
from kfdesk.ui.pages.first_run.typed import Tick
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.choose import Segmented
from kfdesk.ui.widgets.entry import TextEntry
from kfdesk.ui.widgets.field import Field
from kfdesk.ui.widgets.flow import Flow
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Banner, Card
from kfdesk.ui.words import Telling

_READ = ("ru", "en", "sv", "et", "lv", "lt", "fi", "pl", "uk", "de")
_IN_ROW = 5
_WIDTH = 640


class NewPartner(Step):
    """A card before it is kept. `kept` carries the partner."""

    kept = Signal(object)

    def __init__(self, kit: Kit, desk: Desk, offered: Offered) -> None:
        super().__init__(kit, N_("Add a partner"))
        self._desk = desk
        self._offered = offered
        self.where = Segmented(
            kit,
            [("inside", N_("In the EU or EEA")), ("outside", N_("Outside the EU and EEA"))],
        )
        self.where.chosen.connect(self._on_where_chosen)
        kit.words.bind(self.where.setAccessibleName, N_("Where is the partner?"))
        self.tool = Tick(kit, N_("A ground for transfers to that country is on record"))
        self.reads = {code: Tick(kit, _language_name(code)) for code in _READ}
        self.add = Button(kit, N_("Add the partner"), "check", Look.PRIMARY)
        self.add.clicked.connect(self._on_add_clicked)
        self.act(self.add)
        self.under.tell(N_("The card says: {name}"), name=lambda _: offered.name)
        self.called = TextEntry()
        self.called.textChanged.connect(self._on_called)
        if offered.is_own:
            self._lay_out_own()
            self._on_called("")
            self.first = self.called
        else:
            self._lay_out()
            self._on_where_chosen("")
            self.first = self.where.parts["inside"]

    def _lay_out_own(self) -> None:
        """Of a laptop of our own nothing is asked but what we call it."""
        card = Card(padding=20)
        card.setMaximumWidth(_WIDTH)
        card.body.setSpacing(tokens.FIELD_GAP)
        warning = Banner(self.kit, Tone.WARNING, "triangle-alert")
        warning.tell(
            N_("This card says that it is another laptop of our own house."),
            N_("It will get everything that is here. Add it only if you have set it up yourself."),
        )
        card.body.addWidget(warning)
        card.body.addWidget(Field(self.kit, N_("What do you call this laptop?"), self.called))
        self.body.addWidget(card)
        self.body.addStretch(1)

    def _lay_out(self) -> None:
        card = Card(padding=20)
        card.setMaximumWidth(_WIDTH)
        card.body.setSpacing(tokens.FIELD_GAP)
        card.body.addLayout(_part(self.kit, N_("Where is the partner?"), self.where))
        card.body.addWidget(self._make_tool())
        card.body.addLayout(_part(self.kit, N_("Languages they read"), self._make_reads()))
        self.body.addWidget(card)
        self.body.addStretch(1)

    def _make_tool(self) -> QWidget:
        self._third = part = QWidget()
        note = N_(
            "An adequacy decision or standard contractual clauses. Without one, only a client's "
            "explicit consent after the warning lets anything go there."
        )
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.tool)
        column.addWidget(Label(self.kit, note, Type.SMALL, Tone.MUTED).wrapped())
        return part

    def _make_reads(self) -> QWidget:
        return Flow(*self.reads.values(), gap=6, columns=_IN_ROW)

    def _on_where_chosen(self, where: str) -> None:
        self._third.setVisible(where == "outside")
        self.add.setEnabled(bool(where))
        self.hint.tell(
            N_("Nothing goes to a new partner before the digits are compared.")
            if where
            else N_("Choose first where the partner is.")
        )

    def _on_called(self, name: str) -> None:
        self.add.setEnabled(bool(name.strip()))
        self.hint.tell(N_("Nothing goes to a new partner before the digits are compared."))

    def _on_add_clicked(self) -> None:
        is_outside = self.where.key == "outside"
        reads = tuple(code for code, tick in self.reads.items() if tick.isChecked())
        has_tool = is_outside and self.tool.isChecked()
        terms = Terms(is_outside, has_tool, reads, self.called.text())
        desk, data = self._desk, self._offered.data
        self.add.setEnabled(False)
        self.kit.work.run(
            lambda: partners.add_partner(desk, data, terms), self._on_kept, self._on_refused
        )

    def _on_kept(self, partner: Partner) -> None:
        kit, desk = self.kit, self._desk
        if not partner.is_own and any(map(desk.may, DIRECTORY_READING)):
            kit.work.run(lambda: typed_as(desk, partner.organisation), partial(_offer_joining, kit))
        self.kept.emit(partner)

    def _on_refused(self, fault: KfdeskError) -> None:
        self.add.setEnabled(True)
        self.refuse(fault)


def _offer_joining(kit: Kit, typed: DirectoryEntry | None) -> None:
    """Tell that the partner stands in the directory already, typed by hand."""
    if typed is not None:
        kit.tell(N_("This partner stands in Contacts already, typed by hand. Join the two there."))


def _part(kit: Kit, label: str, widget: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(tokens.LABEL_GAP)
    column.addWidget(Label(kit, label, Type.LABEL, Tone.MUTED))
    column.addWidget(widget)
    return column


def _language_name(code: str) -> Telling:
    def name(language: Language) -> str:
        word = language.language(code)
        return word[:1].upper() + word[1:]

    return name
