# SPDX-License-Identifier: GPL-3.0-or-later
"""A secret that is shown to be written on paper, and typed back before it counts.

It is drawn on first use and stays the same until the user asks for another, because it may
already be on paper. It is covered as soon as typing begins. The subclasses say what kind of
secret it is: words, or the groups of a recovery key. The page around it saves the secret.
"""

from abc import abstractmethod
from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from kfdesk.domain import recovery_key
from kfdesk.domain.message_marks import N_
from kfdesk.services.core import passphrases
from kfdesk.ui.context import UiContext
from kfdesk.ui.icons import MEDIUM
from kfdesk.ui.tokens import RESERVE, TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import column, filled, plural, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import CheckBox, LabelledField, NoCopyEntry, TileStyle, WordTiles
from kfdesk.ui.widgets.layout import FlowBox
from kfdesk.ui.widgets.text import Icon

WordLists = Callable[[str], tuple[str, ...]]
RandomSource = Callable[[int], bytes]
Parts = Sequence[str]


class SecretConfirmation(QWidget):
    """Tiles, a line to type them back, and a box to tick. `changed` follows what alters `reason`.

    All boxes are RESERVE inside the widget: the focus ring of the check box needs that space.
    """

    changed = Signal()

    COUNT = 0
    TILES = TileStyle()
    FIELD = N_("Type it from the paper")
    COVER = SHOW = OTHERS = TICK = WHOLE = AFTER = TYPE_ALL = TICK_IT = ""
    STRENGTH = MISMATCH = ""
    """Its strength, and the part that differs."""

    # what was typed, and the parts: all of it, how many parts from the first, a typing error
    is_match: Callable[[str, Parts], bool]
    matching_count: Callable[[str, Parts], int]
    is_mistyped: Callable[[str, Parts], bool]

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self.groups: tuple[str, ...] = ()
        self.is_covered = False
        self._make_parts()
        inner = column(
            self.tiles, 12, self._make_row(), 22, self.field, 14, margins=(RESERVE, 0, RESERVE, 0)
        )
        column(inner, self.tick, on=self)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on; a focus proxy would break Tab order before the proxy."""
        self.entry.setFocus(event.reason())

    @property
    def text(self) -> str:
        """The secret as it counts; empty before it is drawn and after it was dropped."""
        return " ".join(self.groups)

    @property
    def is_complete(self) -> bool:
        """True if all was typed back."""
        return bool(self.groups) and self.is_match(self.entry.text(), self.groups)

    @property
    def reason(self) -> Message:
        """The next thing to do; empty if nothing is missing."""
        if not self.is_complete:
            return self.TYPE_ALL
        return "" if self.tick.isChecked() else self.TICK_IT

    def focus_next(self) -> None:
        """Focus the control that is still to be used."""
        (self.tick if self.is_complete else self.entry).setFocus()

    def start(self) -> None:
        """Draw the secret if there is none, and focus the line."""
        if not self.groups:
            self.draw_secret()
        self.entry.setFocus()

    def draw_secret(self) -> None:
        """Draw another secret, and begin anew."""
        self.groups = self._drawn()
        self._note.set_message(self.STRENGTH)
        self.entry.clear()
        self.tick.setChecked(False)
        self._cover(is_covered=False)

    def clear_secrets(self) -> None:
        """Drop the secret, because it is kept elsewhere now, or was not wanted."""
        self.groups = ()
        self.entry.clear()
        self.tick.setChecked(False)
        self.tiles.clear()

    @abstractmethod
    def _drawn(self) -> tuple[str, ...]:
        """Draw a new secret."""

    @abstractmethod
    def _progress(self, right: int) -> Message:
        """Return how much of it is typed."""

    def _make_parts(self) -> None:
        kit = self._kit
        self.tiles = WordTiles(kit, self.COUNT, self.TILES)
        self._note = text(kit, "", TextStyle.SMALL_STRONG, Tone.SUCCESS)
        self.cover = Button(kit, self.COVER, "eye-off", ButtonLook.QUIET, on=self._on_cover_clicked)
        self.others = Button(kit, self.OTHERS, "refresh-cw", ButtonLook.QUIET)
        self.entry = NoCopyEntry()
        self.field = LabelledField(kit, self.FIELD, self.entry)
        self.tick = CheckBox(kit, self.TICK)
        self.others.clicked.connect(self._on_others_clicked)
        self.entry.textEdited.connect(self._on_edited)
        self.tick.toggled.connect(self.changed)

    def _make_row(self) -> FlowBox:
        sign = Icon(self._kit, "shield-check", Tone.SUCCESS, MEDIUM)
        return FlowBox(sign, self._note, self.cover, self.others, gap=6, fills=self._note)

    def _on_cover_clicked(self) -> None:
        self._cover(is_covered=not self.is_covered)
        self.entry.setFocus()

    def _on_others_clicked(self) -> None:
        self.draw_secret()
        self.entry.setFocus()

    def _on_edited(self) -> None:
        self._cover(is_covered=True)

    def _cover(self, *, is_covered: bool) -> None:
        self.is_covered = is_covered
        self.cover.set_message(self.SHOW if is_covered else self.COVER)
        self.cover.show_icon("eye" if is_covered else "eye-off")
        self._compare()

    def _compare(self) -> None:
        if not self.groups:
            return
        typed = self.entry.text()
        right = self.matching_count(typed, self.groups)
        self.tiles.show_state(self.groups, right, is_covered=self.is_covered)
        if self.is_complete:
            self.field.show_note(Tone.SUCCESS, self.WHOLE)
        elif not self.is_mistyped(typed, self.groups):
            self.field.show_note(Tone.MUTED, self._progress(right))
        elif right == self.COUNT:
            self.field.show_error(self.AFTER)
        else:
            self.field.show_error(filled(self.MISMATCH, number=right + 1))
        self.changed.emit()


class PassphraseConfirmation(SecretConfirmation):
    """The six words of a passphrase, in the window's language when they are drawn."""

    COUNT = passphrases.WORD_COUNT
    COVER = N_("Hide words")
    SHOW = N_("Show words")
    OTHERS = N_("Other words")
    TICK = N_("I have written the words on paper")
    WHOLE = N_("All six words are right.")
    AFTER = N_("There is something after the sixth word. Delete it.")
    TYPE_ALL = N_("Type all six words to continue")
    TICK_IT = N_("Tick that the words are on paper to continue")
    STRENGTH = N_("Strong: six words drawn at random")
    MISMATCH = N_("Word {number} is different. Look at your paper.")
    is_match = staticmethod(passphrases.is_complete)
    matching_count = staticmethod(passphrases.count_matching_words)
    is_mistyped = staticmethod(passphrases.is_off_track)

    def __init__(self, kit: UiContext, words: WordLists, random: RandomSource) -> None:
        self._words = words
        self._random = random
        super().__init__(kit)

    def _drawn(self) -> tuple[str, ...]:
        listed = self._words(self._kit.translator.language.code)
        return passphrases.generate_passphrase(listed, self.COUNT, self._random)

    def _progress(self, right: int) -> Message:
        return plural(
            "{count} of 6 words right. Capital letters do not matter.",
            "{count} of 6 words right. Capital letters do not matter.",
            right,
        )


class RecoveryKeyConfirmation(SecretConfirmation):
    """The groups of a recovery key, with its check sign at the end."""

    COUNT = recovery_key.KEY_GROUPS
    TILES = TileStyle(
        columns=5,
        is_narrow=True,
        dots="• • • •",
        name=N_("Group {number}: {word}"),
        covered=N_("Group {number}, hidden"),
    )
    FIELD = N_("Type the key from your paper")
    COVER = N_("Hide the key")
    SHOW = N_("Show the key")
    OTHERS = N_("Another key")
    TICK = N_("The key is on paper")
    WHOLE = N_("The whole key is right.")
    AFTER = N_("There is something after the last character. Delete it.")
    TYPE_ALL = N_("Type the whole key to continue")
    TICK_IT = N_("Tick that the key is on paper to continue")
    STRENGTH = N_(
        "As strong as the database's own lock. The last character shows whether the others are "
        "right."
    )
    MISMATCH = N_("Group {number} is different. Look at your paper.")
    is_match = staticmethod(recovery_key.is_complete_key)
    matching_count = staticmethod(recovery_key.count_matching_groups)
    is_mistyped = staticmethod(recovery_key.has_typing_error)

    def __init__(self, kit: UiContext, random: RandomSource) -> None:
        self._random = random
        super().__init__(kit)

    def _drawn(self) -> tuple[str, ...]:
        return recovery_key.spell_key(recovery_key.generate_key(self._random))

    def _progress(self, right: int) -> Message:
        return plural(
            "{count} of {all} groups right. Capital letters and spaces do not matter.",
            "{count} of {all} groups right. Capital letters and spaces do not matter.",
            right,
            all=self.COUNT,
        )
