# SPDX-License-Identifier: GPL-3.0-or-later
"""Inviting a desk: in which language its page is, where the program is, and the folder is made.

After that the page says what happens next, on both sides. Nobody is asked about keys.
"""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.schema import N_
from kfdesk.services.desk import Desk
from kfdesk.services.sharing import inviting
from kfdesk.ui import tokens
from kfdesk.ui.files import ask_folder
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.exchange_views.step import Step
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.choose import Segmented
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Card
from kfdesk.ui.words import Message

_WIDTH = 720
_STICK, _ELSEWHERE = "stick", "elsewhere"
_PARTNER, _LAPTOP = "partner", "laptop"
_NEXT = (
    N_("Give or send the stick to them. The page on it says in their language what to do."),
    N_("When the stick comes back, choose “Take a file”: their card is found on it."),
    N_("Call them on a number that you know, and compare the sixty digits. Both of you tick."),
)
_NEXT_OWN = (
    N_("Put the stick into the other laptop. The page on it says what to do there."),
    N_("Then put the stick in here again, choose “Take a file”, and add the card that is found."),
    N_("Compare the sixty digits on both screens, and tick on both."),
)


class Invite(Step):
    """One folder for one new partner. `invited` follows when it is made."""

    invited = Signal()

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__(kit, N_("Invite a partner"))
        self.who = Segmented(
            kit,
            [(_PARTNER, N_("Another organisation")), (_LAPTOP, N_("Another laptop of ours"))],
        )
        kit.words.bind(self.who.setAccessibleName, N_("Who is it for?"))
        self._desk = desk
        self.made: Path | None = None
        self._speaks = {one.code: one for one in kit.words.offered}
        self.language = Segmented(kit, [(code, _named(kit, code)) for code in self._speaks])
        kit.words.bind(self.language.setAccessibleName, N_("Language of the page"))
        self.program = Segmented(
            kit,
            [(_STICK, N_("On this stick")), (_ELSEWHERE, N_("They get it another way"))],
        )
        kit.words.bind(self.program.setAccessibleName, N_("Where is the program?"))
        self.make = Button(kit, N_("Make the folder…"), "usb", Look.PRIMARY)
        self.make.clicked.connect(self._on_make_clicked)
        self.done = Button(kit, N_("Done"), "check", Look.PRIMARY)
        self.done.clicked.connect(self.closed)
        self.done.hide()
        self.act(self.make)
        self.act(self.done)
        self.under.tell(N_("A folder on a stick: our card, and a page that says what to do."))
        self._lay_out()
        self.who.choose(_PARTNER)
        self.language.choose(kit.words.language.code)
        self.program.choose(_STICK)
        self._say_folder()
        self.first = self.who.parts[_PARTNER]

    def invite_into(self, place: Path) -> None:
        """Make the folder below `place`."""
        desk, words = self._desk, self._speaks[self.language.key]
        has_program, is_own = self.program.key == _STICK, self.who.key == _LAPTOP
        self.make.setEnabled(False)
        self.kit.work.run(
            lambda: inviting.invite(desk, place, words, has_program=has_program, is_own=is_own),
            self._on_made,
            self._on_refused,
        )

    def _lay_out(self) -> None:
        card = Card(padding=20)
        card.setMaximumWidth(_WIDTH)
        card.body.setSpacing(tokens.FIELD_GAP)
        for label, choice in (
            (N_("Who is it for?"), self.who),
            (N_("Which language do they read best?"), self.language),
            (N_("Where is the program?"), self.program),
        ):
            column = QVBoxLayout()
            column.setSpacing(tokens.LABEL_GAP)
            column.addWidget(Label(self.kit, label, Type.LABEL, Tone.MUTED))
            column.addWidget(choice)
            card.body.addLayout(column)
        self._where = Label(self.kit, style=Type.SMALL, tone=Tone.MUTED).wrapped()
        card.body.addWidget(self._where)
        self.program.chosen.connect(self._say_folder)
        self.choices = card
        self.next = QVBoxLayout()
        self.body.addWidget(card)
        self.body.addLayout(self.next)
        self.body.addStretch(1)

    def _make_next(self) -> QWidget:
        card = Card(padding=20)
        card.setMaximumWidth(_WIDTH)
        card.head(self.kit, N_("What happens next"), "list-checks")
        steps = _NEXT_OWN if self.who.key == _LAPTOP else _NEXT
        for number, message in enumerate(steps, start=1):
            mark = Label(self.kit, style=Type.STRONG, tone=Tone.ACCENT)
            mark.show_text(f"{number}")
            row = QHBoxLayout()
            row.setSpacing(12)
            row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(Label(self.kit, message).wrapped(), 1)
            card.body.addLayout(row)
        return card

    def _say_folder(self, *_chosen: str) -> None:
        on_stick = N_(
            "Copy the program into the folder “program”, which is made beside the page. The page "
            "tells them to look there."
        )
        elsewhere = N_("The page tells them that they get the program from you.")
        self._where.tell(on_stick if self.program.key == _STICK else elsewhere)
        self.hint.tell(N_("There is nothing secret in the folder."))

    def _on_make_clicked(self) -> None:
        ask_folder(self.kit, self, N_("Make the folder here"), self.invite_into)

    def _on_made(self, folder: Path) -> None:
        self.made = folder
        self.outcome.show_look(Tone.SUCCESS, "circle-check")
        self.outcome.tell(
            N_("The folder “{name}” is written and read back. You can take the stick out now."),
            name=lambda _: folder.name,
        )
        self.outcome.show()
        self.choices.hide()
        self.next.addWidget(self._make_next())
        self.make.hide()
        self.cancel.hide()
        self.done.show()
        self.done.setFocus()
        self.invited.emit()

    def _on_refused(self, fault: KfdeskError) -> None:
        self.make.setEnabled(True)
        self.refuse(fault)


def _named(kit: Kit, code: str) -> Message:
    name = next(one.name for one in kit.words.offered if one.code == code)
    return lambda _: name
