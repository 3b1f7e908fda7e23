# SPDX-License-Identifier: GPL-3.0-or-later
"""The third step: six words, written on paper and typed back before they count.

The words are drawn when the step is first seen, in the language the window then speaks, and stay
the same until somebody asks for others: they may already stand on a paper. They are covered as
soon as typing begins, and leave this page only as the passphrase of the new store.
"""

from PySide6.QtWidgets import QHBoxLayout

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services import passphrases
from kfdesk.ui import icons
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.first_run.founding import Founding
from kfdesk.ui.pages.first_run.step import Hint, Step
from kfdesk.ui.pages.first_run.tiles import Tiles
from kfdesk.ui.pages.first_run.typed import Tick, TypedBack
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.field import Field
from kfdesk.ui.widgets.label import Icon, Label
from kfdesk.ui.words import Message


class PassphraseStep(Step):
    """Words in tiles, a line to type them back, and a box to tick."""

    name = N_("Passphrase")
    hints = (
        Hint(
            "list-checks",
            N_("Six words, not one"),
            N_("Long and easy to type beats short and hard to remember."),
        ),
        Hint(
            "key-round",
            N_("There is no second key"),
            N_("Nobody can look the words up. Without them the store cannot be opened."),
        ),
        Hint(
            "archive",
            N_("Keep the paper safe"),
            N_("Not beside this computer, and where only you find it."),
        ),
        Hint(
            "ban",
            N_("No photo, no copy"),
            N_("The words cannot be copied. Do not take a photo of them."),
        ),
    )

    def __init__(self, kit: Kit, founding: Founding) -> None:
        super().__init__(
            kit,
            N_("Your passphrase"),
            N_(
                "These six words open the store. Write them on paper, then type them from the "
                "paper: they are covered while you type."
            ),
        )
        self._founding = founding
        self._words: tuple[str, ...] = ()
        self._bits = 0
        self._is_covered = False
        self._make_parts()
        self.body.addWidget(self.tiles)
        self.body.addSpacing(12)
        self.body.addLayout(self._make_row())
        self.body.addSpacing(22)
        self.body.addWidget(self._field)
        self.body.addSpacing(14)
        self.column.addWidget(self.tick)
        self.column.addStretch(1)

    @property
    def passphrase(self) -> str:
        """The words as they count: in lower case, with single spaces."""
        return " ".join(self._words)

    @property
    def is_covered(self) -> bool:
        """Whether words that were not typed back are hidden."""
        return self._is_covered

    @property
    def reason(self) -> Message:
        """What is still to be done."""
        if not self._is_whole:
            return N_("Type all six words to go on")
        return "" if self.tick.isChecked() else N_("Tick that the words are on paper to go on")

    def may_go_on(self) -> bool:
        """Whether all is done; what is not gets the keyboard."""
        if self.reason:
            (self.tick if self._is_whole else self.entry).setFocus()
        return not self.reason

    def start(self) -> None:
        """Draw words if there are none, and let typing begin."""
        if not self._words:
            self.draw()
        self.entry.setFocus()

    def draw(self) -> None:
        """Take other words, in the language the window speaks now, and begin anew."""
        listed = self._founding.words(self._kit.words.language.code)
        self._words = passphrases.generate(listed, passphrases.COUNT, self._founding.random)
        self._bits = int(passphrases.bits(len(listed), passphrases.COUNT))
        self._strength.tell(
            N_("Strong: about {bits} bits, six random words"), bits=lambda _: self._bits
        )
        self.entry.clear()
        self.tick.setChecked(False)
        self._cover(is_covered=False)

    def forget(self) -> None:
        """Drop the words, because the store has them now."""
        self._words = ()
        self.entry.clear()
        self.tiles.clear()

    @property
    def _is_whole(self) -> bool:
        return bool(self._words) and passphrases.is_whole(self.entry.text(), self._words)

    def _make_parts(self) -> None:
        kit = self._kit
        self.tiles = Tiles(kit, passphrases.COUNT)
        self._strength = Label(kit, style=Type.SMALL_STRONG, tone=Tone.SUCCESS).wrapped()
        self.cover = Button(kit, N_("Cover words"), "eye-off", Look.QUIET)
        self.others = Button(kit, N_("Other words"), "refresh-cw", Look.QUIET)
        self.entry = TypedBack()
        self._field = Field(kit, N_("Type it back"), self.entry)
        self.tick = Tick(kit, N_("I have written the words on paper"))
        self.cover.clicked.connect(self._on_cover_clicked)
        self.others.clicked.connect(self._on_others_clicked)
        self.entry.textEdited.connect(self._on_edited)
        self.tick.toggled.connect(self.changed)

    def _make_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(Icon(self._kit, "shield-check", Tone.SUCCESS, icons.MEDIUM))
        row.addWidget(self._strength, 1)
        row.addWidget(self.cover)
        row.addWidget(self.others)
        return row

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
        self.cover.tell(N_("Show words") if is_covered else N_("Cover words"))
        self.cover.show_icon("eye" if is_covered else "eye-off")
        self._compare()

    def _compare(self) -> None:
        typed = self.entry.text()
        right = passphrases.matches(typed, self._words)
        self.tiles.show_state(self._words, right, is_covered=self._is_covered)
        if self._is_whole:
            self._field.say_note(Tone.SUCCESS, N_("All six words are right."))
        elif passphrases.is_astray(typed, self._words):
            self._say_astray(right)
        else:
            self._field.say_note(Tone.MUTED, lambda language: _progress(right, language))
        self.changed.emit()

    def _say_astray(self, right: int) -> None:
        if right == passphrases.COUNT:
            self._field.say_wrong(N_("There is something after the sixth word. Delete it."))
        else:
            self._field.say_wrong(
                N_("Word {number} is different. Look at your paper."), number=lambda _: right + 1
            )


def _progress(right: int, language: Language) -> str:
    return language.ngettext(
        "{count} of 6 words right. Capital letters do not matter.",
        "{count} of 6 words right. Capital letters do not matter.",
        right,
    ).format(count=right)
