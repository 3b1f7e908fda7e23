# SPDX-License-Identifier: GPL-3.0-or-later
"""The third step: six words, written on paper and typed back before they count.

The words are drawn when the step is first seen, and leave this page only as the passphrase of the
new store. How they are shown, covered and compared is the business of `keys/proof.py`.
"""

from kfdesk.domain.marks import N_
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.first_run.founding import Founding
from kfdesk.ui.pages.first_run.step import Hint, Step
from kfdesk.ui.pages.keys.proof import WordsProof
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
            N_("Nobody else has it"),
            N_("Nobody can look the words up, and nobody can send you others."),
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
        self.proof = WordsProof(kit, founding.words, founding.random)
        self.tiles, self.entry, self.tick = self.proof.tiles, self.proof.entry, self.proof.tick
        self.cover, self.others = self.proof.cover, self.proof.others
        self.proof.changed.connect(self.changed)
        self.column.addWidget(self.proof)
        self.column.addStretch(1)

    @property
    def passphrase(self) -> str:
        """The words as they count: in lower case, with single spaces."""
        return self.proof.text

    @property
    def is_covered(self) -> bool:
        """Whether words that were not typed back are hidden."""
        return self.proof.is_covered

    @property
    def reason(self) -> Message:
        """What is still to be done."""
        return self.proof.reason

    def may_go_on(self) -> bool:
        """Whether all is done; what is not gets the keyboard."""
        if self.reason:
            self.proof.ask()
        return not self.reason

    def start(self) -> None:
        """Draw words if there are none, and let typing begin."""
        self.proof.start()

    def forget(self) -> None:
        """Drop the words, because the store has them now."""
        self.proof.forget()
