# SPDX-License-Identifier: GPL-3.0-or-later
"""The fourth step: a recovery key for the day a passphrase is lost, or plainly none.

It counts only once it was typed back from paper. Whoever goes on without one says so, and reads
what that means; one can be made later in Settings.
"""

from kfdesk.domain.marks import N_
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.first_run.founding import Founding
from kfdesk.ui.pages.first_run.step import Hint, Step
from kfdesk.ui.pages.first_run.typed import Tick
from kfdesk.ui.pages.keys.sheets import KeySheets
from kfdesk.ui.words import Message


class RecoveryStep(Step):
    """The key on one sheet or on three, typed back, and the way round it."""

    name = N_("Recovery key")
    hints = (
        Hint(
            "life-buoy",
            N_("For a lost passphrase"),
            N_("With this key and your initials you set a new passphrase."),
        ),
        Hint(
            "key-round",
            N_("It opens everything"),
            N_("Whoever has the paper and this computer can read all that stands here."),
        ),
        Hint(
            "printer",
            N_("By hand is safest"),
            N_("A printer may keep what it has printed. It can be printed all the same."),
        ),
        Hint(
            "archive",
            N_("Seal it, and keep it elsewhere"),
            N_("In an envelope, in another house: not where the passphrase is."),
        ),
        Hint(
            "pencil",
            N_("Hard to mistake"),
            N_("There is no O, I or L in it. A zero is a zero, a one is a one."),
        ),
    )

    def __init__(self, kit: Kit, founding: Founding) -> None:
        super().__init__(
            kit,
            N_("A recovery key"),
            N_("It opens the store if a passphrase is lost. Write it on paper, then type it back."),
        )
        self.key = KeySheets(kit, founding.random, founding.prints)
        self.proof = self.key.whole
        self.without = Tick(kit, N_("Go on without: if the words are lost, everything is lost"))
        self.key.changed.connect(self.changed)
        self.without.toggled.connect(self._on_without_toggled)
        self.column.addWidget(self.key)
        self.column.addWidget(self.without)
        self.column.addStretch(1)

    @property
    def recovery(self) -> str:
        """The key; empty where none is wanted."""
        return "" if self.without.isChecked() else self.key.text

    @property
    def reason(self) -> Message:
        """What is still to be done."""
        if self.without.isChecked():
            return ""
        if not self.key.is_whole and not self.key.is_shared:
            return N_("Type the whole key, or tick that you go on without")
        return self.key.reason

    def may_go_on(self) -> bool:
        """Whether all is done; what is not gets the keyboard."""
        if self.reason:
            self.key.ask()
        return not self.reason

    def start(self) -> None:
        """Draw a key if there is none, and let typing begin."""
        self.key.start()
        if self.without.isChecked():
            self.without.setFocus()

    def forget(self) -> None:
        """Drop the key, because the store has it now."""
        self.key.forget()

    def _on_without_toggled(self, is_without: bool) -> None:
        self.key.setEnabled(not is_without)
        self.changed.emit()
