# SPDX-License-Identifier: GPL-3.0-or-later
"""How she is reached safely, and only then her number: nobody dials before having read it.

The number is covered until asked for, each time the plan is come to. Shows what is written down
and decides nothing.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.plans import PlanPage
from kfdesk.ui.guard import clipboard
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.shown import told_text
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Card

_COVERED = frozenset({"client.safe_contact", "client.phone"})


class ReachCard(Card):
    """The card. `asked` leads to where it is written down how she is reached: the field's key."""

    asked = Signal(str)

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._number = ""
        self.head(kit, N_("How to reach her safely"), "shield-check")
        self.way = Label(kit, style=Type.STRONG).wrapped()
        self.under = Label(kit, style=Type.SMALL, tone=Tone.MUTED).wrapped()
        self.write = Button(kit, N_("Write it down"), "pencil")
        self.write.clicked.connect(lambda: self.asked.emit("safe_contact"))
        self.uncover = Button(kit, N_("I have read it. Show the number"), "phone")
        self.uncover.clicked.connect(self._on_uncover)
        self.number = Label(kit, style=Type.HEADING)
        self.copy = Button(kit, N_("Copy the number"), "copy", Look.QUIET)
        self.copy.clicked.connect(lambda: clipboard.copy(self._number))
        row = QHBoxLayout()
        row.setSpacing(8)
        for part in (self.write, self.uncover, self.number, self.copy):
            row.addWidget(part)
        row.addStretch(1)
        self.body.addWidget(self.way)
        self.body.addWidget(self.under)
        self.body.addLayout(row)

    def show_plan(self, page: PlanPage) -> None:
        """Show how she is reached; the number is covered again."""
        client = page.client.record
        way = client.safe_contact if isinstance(client.safe_contact, tuple) else ()
        is_covered = bool(page.covered & _COVERED)
        self._number = client.phone if isinstance(client.phone, str) and way else ""
        if is_covered:
            self.way.tell(N_("Some answers are not shown to your role."))
        elif way:
            self.way.tell(lambda language: told_text(way, language))
        else:
            self.way.tell(
                N_("Nobody has written down how she can be reached safely. Ask before you call.")
            )
        self.under.tell(lambda language: _spoken(page, language))
        self.write.setVisible(not way and not is_covered and page.may_edit)
        self._cover(is_covered=True)

    def _on_uncover(self) -> None:
        self._cover(is_covered=False)
        self.copy.setFocus()

    def _cover(self, *, is_covered: bool) -> None:
        self.number.show_text("" if is_covered else self._number)
        self.number.setVisible(not is_covered)
        self.copy.setVisible(not is_covered)
        self.uncover.setVisible(is_covered and bool(self._number))


def _spoken(page: PlanPage, language: Language) -> str:
    """Her languages, and that an interpreter is needed."""
    client = page.client.record
    spoken = client.languages if isinstance(client.languages, tuple) else ()
    names = language.listing([language.language(code) for code in spoken]) if spoken else ""
    parts = (
        [language.gettext(N_("She speaks {languages}.")).format(languages=names)] if names else []
    )
    if client.needs_interpreter is True:
        parts.append(language.gettext(N_("An interpreter is needed.")))
    return " ".join(parts)
