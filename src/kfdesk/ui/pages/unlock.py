# SPDX-License-Identifier: GPL-3.0-or-later
"""The unlock page: initials, passphrase, and why the store is locked.

It shows no code and no name of a partner, because anybody may stand before it. The key is derived
on the worker's thread; a wrong pair of initials and passphrase and a wrong file are answered
alike. After the third wrong try each further one has to wait longer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.marks import N_
from kfdesk.i18n.language import Language
from kfdesk.ui import icons, tokens
from kfdesk.ui.guard.reasons import Locked
from kfdesk.ui.kit import TITLE, Kit
from kfdesk.ui.pages.keys.pause import Pause
from kfdesk.ui.pages.unlock_views.carried import carried_warning
from kfdesk.ui.pages.unlock_views.older import OlderStore
from kfdesk.ui.pages.unlock_views.top import Top
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.entry import Choice, SecretEntry, TextEntry
from kfdesk.ui.widgets.field import Field
from kfdesk.ui.widgets.label import Icon, Label
from kfdesk.ui.widgets.panel import Badge, Banner, Card

if TYPE_CHECKING:  # the card for a lost passphrase is loaded when somebody has lost one
    from kfdesk.ui.pages.keys.recover import Recover

WRONG = "store.wrong_passphrase"
OLDER = "store.rolled_back"
_LOST = frozenset(
    ("store.damaged", "store.missing", "store.wrong_key", "store.not_a_store", "store.newer")
)
_HURT = frozenset(("store.damaged", "store.unreadable", "store.wrong_key", "store.not_a_store"))
_CARD_WIDTH = 480
_CARD_PADDING = 36


@dataclass(frozen=True, slots=True)
class Store:
    """A store that can be opened, by the neutral name that its desk gave it."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was typed; given to the opening function on the worker's thread."""

    store: str
    initials: str
    passphrase: str


@dataclass(frozen=True, slots=True)
class Door:
    """The stores there are, what opens one, and why they are locked.

    `open` runs on the worker's thread; what it returns goes out with `Unlock.opened`. It raises
    KfdeskError, `store.wrong_passphrase` for initials, passphrase and file that do not belong
    together. `rescue` makes the card for a lost passphrase, if there is such a way in;
    `may_restore` says whether a store that cannot be opened leads to its backups. `go_on` opens
    as `open` does a store that is older than it was, for somebody who was asked. `tries` is how
    often it was tried in vain before this window.
    """

    stores: tuple[Store, ...]
    open: Callable[[Attempt], object]
    locked: Locked | None = None
    rescue: "Callable[[Kit], Recover] | None" = None
    may_restore: bool = False
    go_on: Callable[[Attempt], object] | None = None
    tries: int = 0


class Unlock(QWidget):
    """The page before the store is open. `opened` carries what `Door.open` returned."""

    opened = Signal(object)
    restore_asked = Signal()
    repair_asked = Signal()

    def __init__(self, kit: Kit, door: Door) -> None:
        super().__init__()
        self._kit = kit
        self._door = door
        self.pause = Pause(self, door.tries)
        self.pause.ticked.connect(self._on_pause_ticked)
        self.recover: Recover | None = None
        self.older: OlderStore | None = None
        self._make_fields()
        self.top = Top(kit, self)
        page = QWidget()
        page.setProperty("ground", "none")
        column = QVBoxLayout(page)
        column.setContentsMargins(24, 20, 24, 20)
        column.addWidget(self.top)
        column.addStretch(2)
        self._card = self._make_card()
        self._middle = QVBoxLayout()
        self._middle.addWidget(self._card, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(self._middle)
        column.addStretch(3)
        self.carried = carried_warning(kit)
        column.addWidget(self.carried, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(_foot(kit))
        self._fill(page)
        self.pause.resume()

    def start(self) -> None:
        """Put the cursor where typing begins."""
        self.initials.setFocus()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Hand the keyboard on. A focus proxy would keep Tab from what stands before it."""
        if self.older is not None:
            self.older.start()
            return
        first = self.recover.initials if self.recover is not None else self.initials
        first.setFocus(event.reason())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc empties the passphrase."""
        if event.key() == Qt.Key.Key_Escape:
            self.passphrase.clear()
        super().keyPressEvent(event)

    def _fill(self, page: QWidget) -> None:
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(page)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scroll)

    def _make_fields(self) -> None:
        kit = self._kit
        self.store = Choice(kit)
        self.store.offer([(store.key, _plain(store.name)) for store in self._door.stores])
        self.initials = TextEntry(tokens.CONTROL_LARGE)
        self.initials.setMaxLength(40)
        self.passphrase = SecretEntry(kit)
        self._passphrase_field = Field(kit, N_("Passphrase"), self.passphrase)
        self.button = Button(kit, N_("Open"), "key-round", Look.PRIMARY)
        self.button.sized(tokens.CONTROL_LARGE).show_key("Return")
        self.lost = Button(kit, N_("Lost passphrase?"), "life-buoy", Look.QUIET)
        self.lost.clicked.connect(self._on_lost_clicked)
        self._fault = Banner(kit, Tone.DANGER, "circle-alert")
        self._fault.hide()
        self.restore = Button(kit, N_("Restore…"), "archive")
        self.restore.clicked.connect(self.restore_asked)
        self._fault.act(self.restore)
        self.repair = Button(kit, N_("Repair…"), "life-buoy")
        self.repair.clicked.connect(self.repair_asked)
        self._fault.act(self.repair)
        self.initials.returnPressed.connect(self.passphrase.setFocus)
        self.initials.textEdited.connect(self._on_edited)
        self.passphrase.line.returnPressed.connect(self._on_open_asked)
        self.passphrase.line.textEdited.connect(self._on_edited)
        self.passphrase.caps_lock_changed.connect(self._on_caps_lock_changed)
        self.button.clicked.connect(self._on_open_asked)

    def _make_card(self) -> Card:
        card = Card(padding=0)
        card.setFixedWidth(_CARD_WIDTH)
        card.body.setContentsMargins(_CARD_PADDING, 32, _CARD_PADDING, 32)
        card.body.setSpacing(tokens.FIELD_GAP)
        card.body.addLayout(self._make_heading())
        if self._door.locked:
            card.body.addWidget(self._make_reason(self._door.locked))
        card.body.addWidget(self._fault)
        if len(self._door.stores) > 1:
            card.body.addWidget(Field(self._kit, N_("Store"), self.store))
        card.body.addWidget(Field(self._kit, N_("Initials"), self.initials))
        card.body.addWidget(self._passphrase_field)
        row = QHBoxLayout()
        row.addSpacing(-tokens.RESERVE)
        row.addWidget(self.button, 1)
        row.addSpacing(-tokens.RESERVE)
        card.body.addLayout(row)
        self.lost.setVisible(self._door.rescue is not None)
        if self._door.rescue is not None:
            card.body.addSpacing(-tokens.FIELD_GAP)
            card.body.addWidget(self.lost, 0, Qt.AlignmentFlag.AlignHCenter)
        return card

    def _make_heading(self) -> QHBoxLayout:
        title = Label(self._kit, style=Type.TITLE)
        title.show_text(TITLE)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(title)
        if self._door.locked or len(self._door.stores) == 1:
            words.addWidget(self._make_subtitle())
        words.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(Badge(self._kit, "notebook-text"))
        row.addLayout(words, 1)
        return row

    def _make_subtitle(self) -> Label:
        label = Label(self._kit, tone=Tone.MUTED)
        locked = self._door.locked
        if locked is None:
            label.show_text(self._door.stores[0].name)
        else:
            label.tell(N_("Locked at {time}"), time=lambda language: language.clock(locked.at))
        return label

    def _make_reason(self, locked: Locked) -> Banner:
        banner = Banner(self._kit, Tone.INFO, locked.icon)
        banner.tell(locked.reason, locked.waiting)
        return banner

    def _on_open_asked(self) -> None:
        if not self.button.isEnabled():
            return
        initials = self.initials.text().strip()
        if not initials or not self.passphrase.text():
            (self.passphrase if initials else self.initials).setFocus()
            return
        self._show_opening(is_opening=True)
        attempt = Attempt(self.store.key, initials, self.passphrase.text())
        self.passphrase.clear()
        self._kit.work.run(lambda: self._door.open(attempt), self._on_opened, self._on_refused)

    def _on_opened(self, desk: object) -> None:
        self._show_opening(is_opening=False)
        self.pause.forgive()
        self.opened.emit(desk)

    def _on_refused(self, fault: KfdeskError) -> None:
        self._show_opening(is_opening=False)
        if fault.code == WRONG:
            self._passphrase_field.say_wrong(
                lambda language: " ".join(self._kit.faults(fault, language))
            )
            self.pause.begin()
        elif fault.code == OLDER and self._door.go_on is not None:
            self._ask_about(fault, self._door.go_on)
            return
        else:
            is_hurt = self._door.may_restore and fault.code in _HURT
            self.repair.setVisible(is_hurt)
            self.restore.setVisible(self._door.may_restore and fault.code in _LOST - _HURT)
            self._fault.tell_fault(fault)
        self.passphrase.setFocus()

    def _on_pause_ticked(self) -> None:
        self.button.setEnabled(self.pause.is_over)
        self.button.tell(N_("Open") if self.pause.is_over else self.pause.said)

    def _on_lost_clicked(self) -> None:
        assert self._door.rescue is not None
        self.passphrase.clear()
        self.recover = self._door.rescue(self._kit)
        self.recover.initials.setText(self.initials.text())
        self.recover.opened.connect(self.opened)
        self.recover.closed.connect(self._on_recover_closed)
        self._card.hide()
        self._middle.addWidget(self.recover, 0, Qt.AlignmentFlag.AlignHCenter)
        self.recover.start()

    def _on_recover_closed(self) -> None:
        if self.recover is not None:
            self.recover.hide()
            self.recover.deleteLater()
            self.recover = None
        self._card.show()
        self.start()

    def _ask_about(self, fault: KfdeskError, go_on: Callable[[Attempt], object]) -> None:
        """Ask whether to go on with a store that is older than it was."""
        store, initials = self.store.key, self.initials.text().strip()
        self.older = OlderStore(
            self._kit, fault, lambda words: go_on(Attempt(store, initials, words))
        )
        self.older.restore.setVisible(self._door.may_restore)
        self.older.opened.connect(self.opened)
        self.older.restore_asked.connect(self.restore_asked)
        self.older.closed.connect(self._on_older_closed)
        self._card.hide()
        self._middle.addWidget(self.older, 0, Qt.AlignmentFlag.AlignHCenter)
        self.older.start()

    def _on_older_closed(self) -> None:
        if self.older is not None:
            self.older.hide()
            self.older.deleteLater()
            self.older = None
        self._card.show()
        self.start()

    def _on_edited(self) -> None:
        self._fault.hide()
        if self._passphrase_field.is_wrong and self.pause.is_over:
            self._passphrase_field.say_nothing()

    def _on_caps_lock_changed(self, is_on: bool) -> None:
        if is_on:
            self._passphrase_field.say_note(Tone.WARNING, N_("Caps Lock is on"))
        elif not self._passphrase_field.is_wrong:
            self._passphrase_field.say_nothing()

    def _show_opening(self, *, is_opening: bool) -> None:
        self.button.setEnabled(not is_opening)
        self.button.tell(N_("Opening…") if is_opening else N_("Open"))
        for entry in (self.initials, self.passphrase.line):
            entry.setReadOnly(is_opening)


def _foot(kit: Kit) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(Icon(kit, "shield-check", size=icons.MEDIUM))
    row.addWidget(Label(kit, N_("This program never goes online"), Type.SMALL, Tone.MUTED))
    row.addStretch(1)
    return row


def _plain(text: str) -> Callable[[Language], str]:
    return lambda _: text
