# SPDX-License-Identifier: GPL-3.0-or-later
"""The way back from a backup, where no store is open: before the first run, or at the door.

A folder, initials and the passphrase of the backup's day. Nothing is written over: what was there
is kept beside, and this page says where. What restores is handed in; no file is known here.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from kfdesk.domain.desk import recovery, shares
from kfdesk.domain.desk.backup import Restored
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.marks import N_
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.backup_views.course import CourseLine
from kfdesk.ui.pages.backup_views.making import CANCELLED
from kfdesk.ui.pages.backup_views.place import PlaceChoice
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.entry import SecretEntry, TextEntry
from kfdesk.ui.widgets.field import Field
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Badge, Banner, Card
from kfdesk.ui.words import Message
from kfdesk.ui.work import Course

WRONG = "store.wrong_passphrase"
_NO_PAIR = N_("The second sheet does not fit. Compare it with its paper, or take the third.")
_BY_KEY = N_(
    "Is it lost? The recovery key opens it too, or two of its sheets, one after the other. "
    "Afterwards set a new passphrase at the door, with the same key."
)
_TITLE = N_("Restoring the backup…")
_WIDTH = 620
_PADDING = 36


class Source(NamedTuple):
    """What was chosen and typed."""

    folder: Path
    initials: str
    passphrase: str


class Restoring(NamedTuple):
    """The means: which sticks there are, and what restores; both run on the worker's thread."""

    sticks: Callable[[], tuple[Path, ...]]
    restore: Callable[[Source, Course], Restored]


class RestorePage(QScrollArea):
    """The page. `closed` follows Back, Esc and Go on: what was restored is opened at the door."""

    closed = Signal()

    def __init__(self, kit: Kit, means: Restoring) -> None:
        super().__init__()
        self._kit = kit
        self._means = means
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
        kit.work.run(means.sticks, self.place.offer)

    def start(self) -> None:
        """Put the keyboard where one begins."""
        self.place.browse.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc goes back."""
        if event.key() == Qt.Key.Key_Escape and self.back.isVisible():
            self.back.click()
        else:
            super().keyPressEvent(event)

    def _make_parts(self) -> None:
        kit = self._kit
        self.place = PlaceChoice(kit, N_("Where the backup is"), N_("Choose a backup"))
        self.initials = TextEntry(tokens.CONTROL_LARGE)
        self.initials.setMaxLength(40)
        self.passphrase = SecretEntry(kit)
        self.field = Field(kit, N_("Passphrase on the day of the backup"), self.passphrase)
        self.field.say_note(Tone.MUTED, _BY_KEY)
        self.outcome = Banner(kit, Tone.DANGER, "circle-alert")
        self.outcome.hide()
        self.aside = Label(kit).wrapped()
        self.warning = Label(kit).wrapped()
        self.back = Button(kit, N_("Back"), "chevron-left")
        self.course = CourseLine(kit, N_("Restoring: {share} %"))
        self.next = Button(kit, N_("Restore"), "archive", Look.PRIMARY)
        self.place.changed.connect(self._show_ready)
        self.initials.textEdited.connect(self._show_ready)
        self.initials.returnPressed.connect(self.passphrase.setFocus)
        self.passphrase.line.textEdited.connect(self._on_edited)
        self.passphrase.line.returnPressed.connect(self._on_next)
        self.back.clicked.connect(self.closed)
        self.next.clicked.connect(self._on_next)

    def _make_card(self) -> Card:
        card = Card(padding=0)
        card.setFixedWidth(_WIDTH)
        card.body.setContentsMargins(_PADDING, 32, _PADDING, 28)
        card.body.setSpacing(tokens.FIELD_GAP)
        card.body.addLayout(self._make_heading())
        card.body.addWidget(self.outcome)
        self._asking = QWidget()
        column = QVBoxLayout(self._asking)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.FIELD_GAP)
        column.addWidget(self.place)
        column.addWidget(Field(self._kit, N_("Initials"), self.initials))
        column.addWidget(self.field)
        for part in (self._asking, self.aside, self.warning):
            card.body.addWidget(part)
        self.aside.hide()
        self.warning.hide()
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addSpacing(-tokens.RESERVE)
        row.addWidget(self.back)
        row.addWidget(self.course)
        row.addStretch(1)
        row.addWidget(self.next)
        row.addSpacing(-tokens.RESERVE)
        card.body.addLayout(row)
        return card

    def _make_heading(self) -> QHBoxLayout:
        lead = N_("The backup itself stays as it is. A store that is here now is kept beside.")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(self._kit, N_("Restore a backup"), Type.TITLE).wrapped())
        words.addWidget(Label(self._kit, lead, tone=Tone.MUTED).wrapped())
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(Badge(self._kit, "archive"), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        return row

    @property
    def _is_ready(self) -> bool:
        typed = (self.initials.text().strip(), self.passphrase.text())
        return self._is_done or (self.place.path is not None and all(typed))

    def _show_ready(self) -> None:
        self.next.setEnabled(self._is_ready)

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
        self._show_ready()

    def _on_next(self) -> None:
        if not self._is_ready or self.course.isVisible():
            return
        if self._is_done:
            self.closed.emit()
            return
        assert self.place.path is not None
        source = Source(self.place.path, self.initials.text().strip(), self.passphrase.text())
        self.passphrase.clear()
        self.outcome.hide()
        course = self.course.begin()
        self._rest(is_resting=False)
        restore = self._means.restore
        self._kit.work.run(
            lambda: restore(source, course),
            self._on_restored,
            self._on_refused,
            title=_TITLE,
            cancel=course,
        )

    def _rest(self, *, is_resting: bool) -> None:
        for part in (self.back, self.next):
            part.setVisible(is_resting)
        self._asking.setEnabled(is_resting)
        if is_resting:
            self.course.end()
        self._show_ready()

    def _on_restored(self, done: Restored) -> None:
        self._is_done = True
        self._rest(is_resting=True)
        self._asking.hide()
        self.back.hide()
        self.next.tell(N_("Go on"))
        self.next.show_icon("key-round")
        self._say_restored(done)
        self.next.setFocus()

    def _say_restored(self, done: Restored) -> None:
        count = sum(done.counts.values())
        self.outcome.show_look(Tone.SUCCESS, "circle-check")
        self.outcome.tell(
            lambda language: language.ngettext(
                "{count} record is back", "{count} records are back", count
            ).format(count=count),
            N_("Look through the people who may open it: who was removed since is in again."),
        )
        self.outcome.show()
        if done.aside is not None:
            path = str(done.aside)
            self.aside.tell(
                N_("The store from before is kept in {path}. Remove it when all is well."),
                path=lambda _: path,
            )
            self.aside.show()
        message = _erased_words(done)
        self.warning.tell(message)
        self.warning.setVisible(bool(message))

    def _on_refused(self, fault: KfdeskError) -> None:
        self._rest(is_resting=True)
        self.passphrase.line.setFocus()
        if fault.code == WRONG:
            faults = self._kit.faults
            self.field.say_wrong(lambda language: " ".join(faults(fault, language)))
            return
        is_calm = fault.code == CANCELLED
        self.outcome.show_look(*((Tone.INFO, "info") if is_calm else (Tone.DANGER, "circle-alert")))
        self.outcome.tell_fault(fault)


def _erased_words(done: Restored) -> Message:
    """What must be known of people who were erased since the backup."""
    if not done.knows_erasures:
        return N_(
            "The store from before could not be read. If somebody was erased since the backup, "
            "she is back: erase her again."
        )
    if not done.erased:
        return ""
    return lambda language: language.ngettext(
        "{count} record that was erased since the backup was erased again.",
        "{count} records that were erased since the backup were erased again.",
        done.erased,
    ).format(count=done.erased)
