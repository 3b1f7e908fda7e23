# SPDX-License-Identifier: GPL-3.0-or-later
"""The second step: what partners call this desk, and who is sitting at it.

Whether a name will do is decided by the rule that is handed in; it belongs to the card.
"""

import unicodedata
from collections.abc import Callable

from kfdesk.domain.schema import N_
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.first_run.step import Hint, Step
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.entry import TextEntry
from kfdesk.ui.widgets.field import Field
from kfdesk.ui.words import Message

_LONGEST_INITIALS = 40
_INITIALS_WIDTH = 220
_NAME_NOTE = N_("As partners will see it")
_INITIALS_NOTE = N_("Two or three letters. You enter them whenever you unlock.")


class DeskStep(Step):
    """The name of the organisation and the person's initials."""

    name = N_("Desk")
    hints = (
        Hint(
            "arrow-left-right",
            N_("Partners see the name"),
            N_("It stands on your card and on every file that you send."),
        ),
        Hint(
            "pencil",
            N_("Initials, not a name"),
            N_("They stand beside what you write, here and with partners."),
        ),
        Hint(
            "lock",
            N_("Only with the passphrase"),
            N_("All you enter is kept encrypted. The next step makes the passphrase."),
        ),
    )

    def __init__(self, kit: Kit, is_name: Callable[[str], bool]) -> None:
        super().__init__(
            kit, N_("Your desk"), N_("Who works here? Partners must be able to recognise you.")
        )
        self._is_name = is_name
        self.name_entry = TextEntry(tokens.CONTROL_LARGE)
        self.initials_entry = TextEntry(tokens.CONTROL_LARGE)
        self.initials_entry.setMaxLength(_LONGEST_INITIALS)
        self.initials_entry.setMaximumWidth(_INITIALS_WIDTH)
        self._name_field = Field(kit, N_("Name of the organisation"), self.name_entry)
        self._initials_field = Field(kit, N_("Your initials"), self.initials_entry)
        self._on_name_edited()
        self._on_initials_edited()
        self.name_entry.textEdited.connect(self._on_name_edited)
        self.initials_entry.textEdited.connect(self._on_initials_edited)
        self.body.addWidget(self._name_field)
        self.body.addSpacing(tokens.FIELD_GAP)
        self.body.addWidget(self._initials_field)
        self.column.addStretch(1)

    @property
    def organisation(self) -> str:
        """The name, composed (NFC) and without spaces round it."""
        return _trimmed(self.name_entry.text())

    @property
    def initials(self) -> str:
        """The initials, likewise."""
        return _trimmed(self.initials_entry.text())

    def keep_name(self, name: str) -> None:
        """Take the name of a house that has a laptop already; without one it is typed again."""
        self.name_entry.setText(name)
        self.name_entry.setEnabled(not name)

    def may_go_on(self) -> bool:
        """Whether both will do; the first that will not gets the keyboard."""
        wrong = self._wrong_name(), self._wrong_initials()
        if wrong[1]:
            self._initials_field.say_wrong(wrong[1])
            self.initials_entry.setFocus()
        if wrong[0]:
            self._name_field.say_wrong(wrong[0])
            self.name_entry.setFocus()
        return not any(wrong)

    def start(self) -> None:
        """Begin with the name, unless it is given."""
        (self.name_entry if self.name_entry.isEnabled() else self.initials_entry).setFocus()

    def _wrong_name(self) -> Message:
        if not self.organisation:
            return N_("Enter the name by which partners know you.")
        if not self._is_name(self.organisation):
            return N_("A card cannot carry this name. Shorten it, or type it anew.")
        return ""

    def _wrong_initials(self) -> Message:
        if not self.initials:
            return N_("Enter your initials. Two or three letters are enough.")
        return "" if self._is_name(self.initials) else N_("Use letters only.")

    def _on_enter(self) -> None:
        if self.name_entry.hasFocus() and not self.initials:
            self.initials_entry.setFocus()
        else:
            self.finished.emit()

    def _on_name_edited(self) -> None:
        self._name_field.say_note(Tone.MUTED, _NAME_NOTE)

    def _on_initials_edited(self) -> None:
        self._initials_field.say_note(Tone.MUTED, _INITIALS_NOTE)


def _trimmed(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()
