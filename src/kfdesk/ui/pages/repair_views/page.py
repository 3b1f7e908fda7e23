# SPDX-License-Identifier: GPL-3.0-or-later
"""The page for a store that does not open, or is not sound: it looks, says, and offers two ways.

First it only looks: what is wrong, what can still be read, and the newest backup that is whole.
Then one of the two is done: that backup takes the store's place, or what can be read becomes a new
store. The damaged one stays beside in both. What repairs is handed in; no file is known here.
"""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal

from kfdesk.domain.desk.backup import Restored
from kfdesk.domain.keeping.salvage import Examined, Salvage
from kfdesk.domain.marks import N_
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.backup_views.asking import AskingPage, Heading, Saying
from kfdesk.ui.pages.backup_views.restore import Source
from kfdesk.ui.pages.repair_views.report import ReportRow
from kfdesk.ui.pages.repair_views.ways import Ways
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.work import Course

_HEADING = Heading(
    "life-buoy",
    N_("Repair a damaged store"),
    N_("The damaged store is only read. It stays as it is until you delete it yourself."),
)
_SAYING = Saying(
    N_("Passphrase, or the recovery key"), N_("Reading: {share} %"),
    N_("Reading the damaged store…"),
)  # fmt: skip
_KEPT = N_("The damaged store is kept in {path}. Delete it when all is well.")


class Claim(NamedTuple):
    """Who looks, and by which passphrase or recovery key."""

    initials: str
    passphrase: str


class Repairing(NamedTuple):
    """The means, all of which run on the worker's thread."""

    examine: Callable[[Claim, Course], Examined]
    salvage: Callable[[Claim, Course], Salvage]
    restore: Callable[[Source, Course], Restored]


class RepairPage(AskingPage):
    """The page. `restore_asked` wants another backup than the one that was found."""

    restore_asked = Signal()

    def __init__(self, kit: Kit, means: Repairing) -> None:
        act = Button(kit, N_("Look what can be saved"), "search", Look.PRIMARY)
        super().__init__(kit, _HEADING, _SAYING, act)
        self._means = means
        self._claim = Claim("", "")
        self.found = Label(kit).wrapped()
        self.ways = Ways(kit)
        self.report = ReportRow(kit, self)
        self.other = Button(kit, N_("Another backup…"), "files", Look.QUIET)
        for part in (self.found, self.ways, self.report):
            part.hide()
        self.body.insertWidget(self.body.indexOf(self.asked), self.found)
        self.body.insertWidget(self.body.indexOf(self.aside), self.ways)
        self.body.insertWidget(self.body.indexOf(self.aside) + 1, self.report)
        foot = self.body.indexOf(self.foot)  # in which two buttons are as many as fit
        self.body.insertWidget(foot, self.other, 0, Qt.AlignmentFlag.AlignLeft)
        self.begun.connect(self._on_begun)
        self.ways.backup.clicked.connect(self._on_backup)
        self.ways.salvage.clicked.connect(self._on_salvage)
        self.other.clicked.connect(self.restore_asked)

    def start(self) -> None:
        """Put the keyboard where one begins."""
        self.initials.setFocus()

    def _on_edited(self) -> None:
        self.field.say_nothing()
        super()._on_edited()

    def _on_begun(self) -> None:
        claim = self._claim = Claim(self.initials.text().strip(), self.passphrase.text())
        examine = self._means.examine
        self._run(lambda course: examine(claim, course), self._on_examined)

    def _on_backup(self) -> None:
        path, claim, restore = self.ways.path, self._claim, self._means.restore
        if path is not None:
            source = Source(path, *claim)
            self._run(lambda course: restore(source, course), self._on_restored)

    def _on_salvage(self) -> None:
        claim, salvage = self._claim, self._means.salvage
        self._run(lambda course: salvage(claim, course), self._on_salvaged)

    def _rest(self, *, is_resting: bool) -> None:
        super()._rest(is_resting=is_resting)
        self.next.setVisible(is_resting and (self._is_done or not self.asked.isHidden()))
        self.other.setVisible(is_resting and not self._is_done)
        self.ways.setEnabled(is_resting)

    def _on_examined(self, found: Examined) -> None:
        self.asked.hide()
        self._rest(is_resting=True)
        self._say(Tone.WARNING, "triangle-alert", self.report.damage(found.salvage))
        self.found.tell(self.report.losses(found.salvage))
        self.found.show()
        self.ways.offer(found)
        self.ways.show()
        self.ways.begin()

    def _on_salvaged(self, done: Salvage) -> None:
        self._leave_ways()
        self._finish(_KEPT, done.aside)
        self._say(Tone.SUCCESS, "circle-check", N_("What can be read is in a new store."))
        self.found.tell(self.report.losses(done))
        self.report.offer(done)
        self.report.show()

    def _on_restored(self, done: Restored) -> None:
        self._leave_ways()
        self._say_restored(_KEPT, done)
        self.found.hide()

    def _leave_ways(self) -> None:
        self._claim = Claim("", "")
        self.ways.hide()
