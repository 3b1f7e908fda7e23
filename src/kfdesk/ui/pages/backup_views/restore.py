# SPDX-License-Identifier: GPL-3.0-or-later
"""The way back from a backup, where no store is open: before the first run, or at the door.

A folder, initials and the passphrase of the backup's day. Nothing is written over: what was there
is kept beside, and this page says where. What restores is handed in; no file is known here.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from kfdesk.domain.desk import recovery, shares
from kfdesk.domain.desk.backup import Restored
from kfdesk.domain.marks import N_
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.backup_views.asking import AskingPage, Heading, Saying
from kfdesk.ui.pages.backup_views.place import PlaceChoice
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.work import Course

_NO_PAIR = N_("The second sheet does not fit. Compare it with its paper, or take the third.")
_BY_KEY = N_(
    "Is it lost? The recovery key opens it too, or two of its sheets, one after the other. "
    "Afterwards set a new passphrase at the door, with the same key."
)
_HEADING = Heading(
    "archive",
    N_("Restore a backup"),
    N_("The backup itself stays as it is. A store that is here now is kept beside."),
)
_SAYING = Saying(
    N_("Passphrase on the day of the backup"), N_("Restoring: {share} %"),
    N_("Restoring the backup…"),
)  # fmt: skip
_KEPT = N_("The store from before is kept in {path}. Remove it when all is well.")


class Source(NamedTuple):
    """What was chosen and typed."""

    folder: Path
    initials: str
    passphrase: str


class Restoring(NamedTuple):
    """The means: which sticks there are, and what restores; both run on the worker's thread."""

    sticks: Callable[[], tuple[Path, ...]]
    restore: Callable[[Source, Course], Restored]


class RestorePage(AskingPage):
    """The page; what was restored is opened at the door."""

    def __init__(self, kit: Kit, means: Restoring) -> None:
        act = Button(kit, N_("Restore"), "archive", Look.PRIMARY)
        super().__init__(kit, _HEADING, _SAYING, act)
        self._means = means
        self.place = PlaceChoice(kit, N_("Where the backup is"), N_("Choose a backup"))
        self.place.changed.connect(self._on_edited)
        self.questions.insertWidget(0, self.place)
        self.field.say_note(Tone.MUTED, _BY_KEY)
        self.begun.connect(self._on_begun)
        kit.work.run(means.sticks, self.place.offer)

    def start(self) -> None:
        """Put the keyboard where one begins."""
        self.place.browse.setFocus()

    @property
    def _is_typed(self) -> bool:
        return super()._is_typed and self.place.path is not None

    def _on_edited(self) -> None:
        typed = self.passphrase.text()
        first = shares.read_sheet(recovery.plain(typed)[: shares.WRITTEN])
        if shares.read(typed) is not None:
            self.field.say_note(Tone.SUCCESS, N_("The whole key is right."))
        elif first is None:
            self.field.say_note(Tone.MUTED, _BY_KEY)
        elif shares.is_shared(typed):
            self.field.say_wrong(_NO_PAIR)
        else:
            number = first.number
            said = N_("Sheet {number} is right. Type a second one after it.")
            self.field.say_note(Tone.MUTED, said, number=lambda _: number)
        super()._on_edited()

    def _on_begun(self) -> None:
        assert self.place.path is not None
        source = Source(self.place.path, self.initials.text().strip(), self.passphrase.text())
        restore = self._means.restore
        self._run(lambda course: restore(source, course), self._on_restored)

    def _on_restored(self, done: Restored) -> None:
        self._say_restored(_KEPT, done)
