# SPDX-License-Identifier: GPL-3.0-or-later
"""The page for a store that does not open, or is not sound: it looks, says, and offers two ways.

First it only looks: what is wrong, what can still be read, and the newest backup that is whole.
Then one of the two is done: that backup takes the store's place, or what can be read becomes a new
store. The damaged one stays beside in both. What repairs is handed in; no file is known here.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from kfdesk.domain.desk.backup import Restored
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.keeping.salvage import Examined, Salvage
from kfdesk.domain.marks import N_
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.backup_views.course import CourseLine
from kfdesk.ui.pages.backup_views.making import CANCELLED
from kfdesk.ui.pages.backup_views.restore import WRONG, Source
from kfdesk.ui.pages.repair_views.report import ReportRow
from kfdesk.ui.pages.repair_views.ways import Ways
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.entry import SecretEntry, TextEntry
from kfdesk.ui.widgets.field import Field
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Badge, Banner, Card
from kfdesk.ui.words import Message
from kfdesk.ui.work import Course

_WIDTH = 620
_PADDING = 36


class Claim(NamedTuple):
    """Who looks, and by which passphrase or recovery key."""

    initials: str
    passphrase: str


class Repairing(NamedTuple):
    """The means, all of which run on the worker's thread."""

    examine: Callable[[Claim, Course], Examined]
    salvage: Callable[[Claim, Course], Salvage]
    restore: Callable[[Source, Course], Restored]


class RepairPage(QScrollArea):
    """The page. `closed` follows Back, Esc and Go on; `restore_asked` wants another backup."""

    closed = Signal()
    restore_asked = Signal()

    def __init__(self, kit: Kit, means: Repairing) -> None:
        super().__init__()
        self._kit = kit
        self._means = means
        self._claim = Claim("", "")
        self._is_done = False
        self._make_parts()
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page = QWidget()
        page.setProperty("ground", "none")
        column = QVBoxLayout(page)
        column.setContentsMargins(tokens.PAGE_MARGIN, 20, tokens.PAGE_MARGIN, 20)
        column.addStretch(2)
        column.addWidget(self._make_card(), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self.setWidget(page)
        self._show_ready()

    def start(self) -> None:
        """Put the keyboard where one begins."""
        self.initials.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc goes back."""
        if event.key() == Qt.Key.Key_Escape and self.back.isVisible():
            self.back.click()
        else:
            super().keyPressEvent(event)

    def _make_parts(self) -> None:
        kit = self._kit
        self.initials = TextEntry(tokens.CONTROL_LARGE)
        self.initials.setMaxLength(40)
        self.passphrase = SecretEntry(kit)
        self.field = Field(kit, N_("Passphrase, or the recovery key"), self.passphrase)
        self.outcome = Banner(kit, Tone.DANGER, "circle-alert")
        self.found = Label(kit).wrapped()
        self.aside = Label(kit).wrapped()
        self.ways = Ways(kit)
        self.report = ReportRow(kit, self)
        self.back = Button(kit, N_("Back"), "chevron-left")
        self.other = Button(kit, N_("Another backup…"), "files", Look.QUIET)
        self.course = CourseLine(kit, N_("Reading: {share} %"))
        self.next = Button(kit, N_("Look what can be saved"), "search", Look.PRIMARY)
        for part in (self.outcome, self.found, self.aside, self.ways, self.report):
            part.hide()
        self.initials.textEdited.connect(self._show_ready)
        self.initials.returnPressed.connect(self.passphrase.setFocus)
        self.passphrase.line.textEdited.connect(self._on_edited)
        self.passphrase.line.returnPressed.connect(self._on_next)
        self.back.clicked.connect(self.closed)
        self.next.clicked.connect(self._on_next)
        self.ways.backup.clicked.connect(self._on_backup)
        self.ways.salvage.clicked.connect(self._on_salvage)
        self.other.clicked.connect(self.restore_asked)

    def _make_card(self) -> Card:
        card = Card(padding=0)
        card.setFixedWidth(_WIDTH)
        card.body.setContentsMargins(_PADDING, 32, _PADDING, 28)
        card.body.setSpacing(tokens.FIELD_GAP)
        card.body.addLayout(self._make_heading())
        self._asking = QWidget()
        column = QVBoxLayout(self._asking)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.FIELD_GAP)
        column.addWidget(Field(self._kit, N_("Initials"), self.initials))
        column.addWidget(self.field)
        for part in (self.outcome, self.found, self._asking, self.ways, self.aside, self.report):
            card.body.addWidget(part)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addSpacing(-tokens.RESERVE)
        for part in (self.back, self.other, self.course):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self.next)
        row.addSpacing(-tokens.RESERVE)
        card.body.addLayout(row)
        return card

    def _make_heading(self) -> QHBoxLayout:
        lead = N_("The damaged store is only read. It stays as it is until you delete it yourself.")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(self._kit, N_("Repair a damaged store"), Type.TITLE).wrapped())
        words.addWidget(Label(self._kit, lead, tone=Tone.MUTED).wrapped())
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(Badge(self._kit, "life-buoy"), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        return row

    def _show_ready(self) -> None:
        typed = (self.initials.text().strip(), self.passphrase.text())
        self.next.setEnabled(self._is_done or all(typed))

    def _on_edited(self) -> None:
        self.field.say_nothing()
        self._show_ready()

    def _on_next(self) -> None:
        if self._is_done:
            self.closed.emit()
        elif self.next.isEnabled() and not self.course.isVisible():
            self._claim = Claim(self.initials.text().strip(), self.passphrase.text())
            self.passphrase.clear()
            claim, examine = self._claim, self._means.examine
            self._run(lambda course: examine(claim, course), self._on_examined)

    def _on_backup(self) -> None:
        path, claim, restore = self.ways.path, self._claim, self._means.restore
        if path is not None:
            source = Source(path, *claim)
            self._run(lambda course: restore(source, course), self._on_restored)

    def _on_salvage(self) -> None:
        claim, salvage = self._claim, self._means.salvage
        self._run(lambda course: salvage(claim, course), self._on_salvaged)

    def _run(self, work: Callable[[Course], object], then: Callable[..., None]) -> None:
        self.outcome.hide()
        course = self.course.begin()
        self._rest(is_resting=False)
        title = N_("Reading the damaged store…")
        self._kit.work.run(lambda: work(course), then, self._on_refused, title=title, cancel=course)

    def _rest(self, *, is_resting: bool) -> None:
        is_asking = not self._asking.isHidden() or self._is_done
        for part in (self.back, self.other):
            part.setVisible(is_resting and not self._is_done)
        self.next.setVisible(is_resting and is_asking)
        self._asking.setEnabled(is_resting)
        self.ways.setEnabled(is_resting)
        if is_resting:
            self.course.end()
        self._show_ready()

    def _on_examined(self, found: Examined) -> None:
        self._asking.hide()
        self._rest(is_resting=True)
        self._say(Tone.WARNING, "triangle-alert", self.report.damage(found.salvage))
        self.found.tell(self.report.losses(found.salvage))
        self.found.show()
        self.ways.offer(found)
        self.ways.show()
        self.ways.begin()

    def _on_salvaged(self, done: Salvage) -> None:
        self._finish(done.aside)
        self._say(Tone.SUCCESS, "circle-check", N_("What can be read is in a new store."))
        self.found.tell(self.report.losses(done))
        self.report.offer(done)
        self.report.show()

    def _on_restored(self, done: Restored) -> None:
        self._finish(done.aside)
        count = sum(done.counts.values())
        self._say(
            Tone.SUCCESS,
            "circle-check",
            lambda language: language.ngettext(
                "{count} record is back", "{count} records are back", count
            ).format(count=count),
        )
        self.found.hide()

    def _finish(self, aside: Path | None) -> None:
        self._is_done = True
        self._claim = Claim("", "")
        self._asking.hide()
        self.ways.hide()
        self._rest(is_resting=True)
        self.next.tell(N_("Go on"))
        self.next.show_icon("key-round")
        if aside is not None:
            kept = str(aside)
            self.aside.tell(
                N_("The damaged store is kept in {path}. Delete it when all is well."),
                path=lambda _: kept,
            )
            self.aside.show()
        self.next.setFocus()

    def _say(self, tone: Tone, icon: str, message: Message) -> None:
        self.outcome.show_look(tone, icon)
        self.outcome.tell(message)
        self.outcome.show()

    def _on_refused(self, fault: KfdeskError) -> None:
        self._rest(is_resting=True)
        if fault.code == WRONG and not self._asking.isHidden():
            self.passphrase.line.setFocus()
            faults = self._kit.faults
            self.field.say_wrong(lambda language: " ".join(faults(fault, language)))
            return
        is_calm = fault.code == CANCELLED
        self.outcome.show_look(*((Tone.INFO, "info") if is_calm else (Tone.DANGER, "circle-alert")))
        self.outcome.tell_fault(fault)
        self.outcome.show()
