# SPDX-License-Identifier: GPL-3.0-or-later
"""A secret that is shown to be written on paper, and typed back before it counts.

It is drawn when it is first asked for and stays the same until somebody asks for another: it may
already stand on a paper. It is covered as soon as typing begins. What kind of secret it is, words
or the groups of a recovery key, is said by the class; what becomes of it is not known here.
"""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kfdesk.domain.desk import recovery
from kfdesk.domain.marks import N_
from kfdesk.i18n.language import Language
from kfdesk.services.access import passphrases
from kfdesk.ui import icons, tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.first_run.tiles import Look as TileLook
from kfdesk.ui.pages.first_run.tiles import Tiles
from kfdesk.ui.pages.first_run.typed import Tick, TypedBack
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.field import Field
from kfdesk.ui.widgets.flow import Flow
from kfdesk.ui.widgets.label import Icon, Label
from kfdesk.ui.words import Message

Words = Callable[[str], tuple[str, ...]]
Random = Callable[[int], bytes]


class Proof(QWidget):
    """Tiles, a line to type them back, and a box to tick. `changed` follows what alters `reason`.

    All boxes stand RESERVE inside the widget, as the ring of the box to tick needs that room.
    """

    changed = Signal()

    COUNT = 0
    TILES = TileLook()
    FIELD = N_("Type it back")
    COVER = SHOW = OTHERS = TICK = WHOLE = AFTER = TYPE_ALL = TICK_IT = ""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._parts: tuple[str, ...] = ()
        self._is_covered = False
        self._make_parts()
        inner = QVBoxLayout()
        inner.setContentsMargins(tokens.RESERVE, 0, tokens.RESERVE, 0)
        inner.setSpacing(0)
        inner.addWidget(self.tiles)
        inner.addSpacing(12)
        inner.addWidget(self._make_row())
        inner.addSpacing(22)
        inner.addWidget(self.field)
        inner.addSpacing(14)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(inner)
        column.addWidget(self.tick)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Hand the keyboard on. A focus proxy would keep Tab from what stands before it."""
        self.entry.setFocus(event.reason())

    @property
    def text(self) -> str:
        """The secret as it counts; empty before it is drawn and after it was forgotten."""
        return " ".join(self._parts)

    @property
    def groups(self) -> tuple[str, ...]:
        """Its words or groups."""
        return self._parts

    @property
    def is_covered(self) -> bool:
        """Whether what was not typed back is hidden."""
        return self._is_covered

    @property
    def is_whole(self) -> bool:
        """Whether all was typed back."""
        return bool(self._parts) and self._fits(self.entry.text())

    @property
    def reason(self) -> Message:
        """What is still to be done; empty if nothing is."""
        if not self.is_whole:
            return self.TYPE_ALL
        return "" if self.tick.isChecked() else self.TICK_IT

    def ask(self) -> None:
        """Give the keyboard to what is still to be done."""
        (self.tick if self.is_whole else self.entry).setFocus()

    def start(self) -> None:
        """Draw it if that was not done yet, and let typing begin."""
        if not self._parts:
            self.draw()
        self.entry.setFocus()

    def draw(self) -> None:
        """Take another, and begin anew."""
        self._parts = self._drawn()
        self._note.tell(self._strength())
        self.entry.clear()
        self.tick.setChecked(False)
        self._cover(is_covered=False)

    def forget(self) -> None:
        """Drop it, because it is kept elsewhere now, or was not wanted."""
        self._parts = ()
        self.entry.clear()
        self.tick.setChecked(False)
        self.tiles.clear()

    def _drawn(self) -> tuple[str, ...]:
        raise NotImplementedError

    def _strength(self) -> Message:
        raise NotImplementedError

    def _fits(self, typed: str) -> bool:
        raise NotImplementedError

    def _right(self, typed: str) -> int:
        raise NotImplementedError

    def _is_astray(self, typed: str) -> bool:
        raise NotImplementedError

    def _progress(self, right: int, language: Language) -> str:
        raise NotImplementedError

    def _differs(self, number: int) -> Message:
        raise NotImplementedError

    def _make_parts(self) -> None:
        kit = self._kit
        self.tiles = Tiles(kit, self.COUNT, self.TILES)
        self._note = Label(kit, style=Type.SMALL_STRONG, tone=Tone.SUCCESS).wrapped()
        self.cover = Button(kit, self.COVER, "eye-off", Look.QUIET)
        self.others = Button(kit, self.OTHERS, "refresh-cw", Look.QUIET)
        self.entry = TypedBack()
        self.field = Field(kit, self.FIELD, self.entry)
        self.tick = Tick(kit, self.TICK)
        self.cover.clicked.connect(self._on_cover_clicked)
        self.others.clicked.connect(self._on_others_clicked)
        self.entry.textEdited.connect(self._on_edited)
        self.tick.toggled.connect(self.changed)

    def _make_row(self) -> Flow:
        sign = Icon(self._kit, "shield-check", Tone.SUCCESS, icons.MEDIUM)
        return Flow(sign, self._note, self.cover, self.others, gap=6, fills=self._note)

    def _on_cover_clicked(self) -> None:
        self._cover(is_covered=not self._is_covered)
        self.entry.setFocus()

    def _on_others_clicked(self) -> None:
        self.draw()
        self.entry.setFocus()

    def _on_edited(self) -> None:
        self._cover(is_covered=True)

    def _cover(self, *, is_covered: bool) -> None:
        self._is_covered = is_covered
        self.cover.tell(self.SHOW if is_covered else self.COVER)
        self.cover.show_icon("eye" if is_covered else "eye-off")
        self._compare()

    def _compare(self) -> None:
        if not self._parts:
            return
        typed = self.entry.text()
        right = self._right(typed)
        self.tiles.show_state(self._parts, right, is_covered=self._is_covered)
        if self.is_whole:
            self.field.say_note(Tone.SUCCESS, self.WHOLE)
        elif not self._is_astray(typed):
            self.field.say_note(Tone.MUTED, lambda language: self._progress(right, language))
        elif right == self.COUNT:
            self.field.say_wrong(self.AFTER)
        else:
            self.field.say_wrong(self._differs(right + 1))
        self.changed.emit()


class WordsProof(Proof):
    """The six words of a passphrase, in the language that the window speaks when they are drawn."""

    COUNT = passphrases.COUNT
    COVER = N_("Cover words")
    SHOW = N_("Show words")
    OTHERS = N_("Other words")
    TICK = N_("I have written the words on paper")
    WHOLE = N_("All six words are right.")
    AFTER = N_("There is something after the sixth word. Delete it.")
    TYPE_ALL = N_("Type all six words to go on")
    TICK_IT = N_("Tick that the words are on paper to go on")

    def __init__(self, kit: Kit, words: Words, random: Random) -> None:
        self._words = words
        self._random = random
        self._listed = 0
        super().__init__(kit)

    def _drawn(self) -> tuple[str, ...]:
        listed = self._words(self._kit.words.language.code)
        self._listed = len(listed)
        return passphrases.generate(listed, self.COUNT, self._random)

    def _strength(self) -> Message:
        bits = int(passphrases.bits(self._listed, self.COUNT))
        said = N_("Strong: about {bits} bits, six random words")
        return lambda language: language.gettext(said).format(bits=bits)

    def _fits(self, typed: str) -> bool:
        return passphrases.is_whole(typed, self._parts)

    def _right(self, typed: str) -> int:
        return passphrases.matches(typed, self._parts)

    def _is_astray(self, typed: str) -> bool:
        return passphrases.is_astray(typed, self._parts)

    def _progress(self, right: int, language: Language) -> str:
        return language.ngettext(
            "{count} of 6 words right. Capital letters do not matter.",
            "{count} of 6 words right. Capital letters do not matter.",
            right,
        ).format(count=right)

    def _differs(self, number: int) -> Message:
        said = N_("Word {number} is different. Look at your paper.")
        return lambda language: language.gettext(said).format(number=number)


class KeyProof(Proof):
    """The groups of a recovery key, the last of which is its check sign."""

    COUNT = recovery.GROUPS
    TILES = TileLook(
        columns=5,
        is_narrow=True,
        dots="• • • •",
        name=N_("Group {number}: {word}"),
        covered=N_("Group {number}, covered"),
    )
    FIELD = N_("Type the key back")
    COVER = N_("Cover the key")
    SHOW = N_("Show the key")
    OTHERS = N_("Another key")
    TICK = N_("The key is on paper")
    WHOLE = N_("The whole key is right.")
    AFTER = N_("There is something after the last sign. Delete it.")
    TYPE_ALL = N_("Type the whole key to go on")
    TICK_IT = N_("Tick that the key is on paper to go on")

    def __init__(self, kit: Kit, random: Random) -> None:
        self._random = random
        super().__init__(kit)

    def _drawn(self) -> tuple[str, ...]:
        return recovery.spell(recovery.draw(self._random))

    def _strength(self) -> Message:
        return N_("As strong as the store's own lock: 160 random bits")

    def _fits(self, typed: str) -> bool:
        return recovery.is_whole(typed, self._parts)

    def _right(self, typed: str) -> int:
        return recovery.matches(typed, self._parts)

    def _is_astray(self, typed: str) -> bool:
        return recovery.is_astray(typed, self._parts)

    def _progress(self, right: int, language: Language) -> str:
        return language.ngettext(
            "{count} of {all} groups right. Capital letters and spaces do not matter.",
            "{count} of {all} groups right. Capital letters and spaces do not matter.",
            right,
        ).format(count=right, all=self.COUNT)

    def _differs(self, number: int) -> Message:
        said = N_("Group {number} is different. Look at your paper.")
        return lambda language: language.gettext(said).format(number=number)
