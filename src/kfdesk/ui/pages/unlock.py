# SPDX-License-Identifier: GPL-3.0-or-later
"""The unlock page: initials, passphrase, and why the store is locked.

It shows no code and no name of a partner, because anybody may stand before it. The key is
derived on the worker's thread. A wrong pair of initials and passphrase and a wrong file get
the same answer. After the third wrong attempt each further one has to wait longer. The module
is loaded at the start of the program: it imports little.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.i18n.language import Language
from kfdesk.ui.context import NEUTRAL_TITLE, UiContext
from kfdesk.ui.icons import MEDIUM
from kfdesk.ui.lock.lock import LockInfo
from kfdesk.ui.theme import FONT_SCALES
from kfdesk.ui.tokens import CONTROL_LARGE, FIELD_GAP, GRID, RESERVE, TextStyle, Tone
from kfdesk.ui.translator import Message, fixed_text
from kfdesk.ui.widgets.build import (
    HCENTRE,
    STRETCH,
    TOP,
    Space,
    aligned,
    column,
    extend,
    grown,
    muted,
    on_escape,
    panel,
    row,
    text,
)
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import (
    WRONG_PASSPHRASE,
    ChoiceBox,
    LabelledField,
    PassphraseEntry,
    RetryDelay,
    TextEntry,
)
from kfdesk.ui.widgets.layout import Badge, Banner, CardFrame, FlowBox, group_widgets
from kfdesk.ui.widgets.text import Icon, Label

if TYPE_CHECKING:
    from kfdesk.ui.pages.recover import LostPassphraseCard


_WARNING_WIDTH = 640


def portable_warning(kit: UiContext) -> Banner:
    """Return the warning; hidden where the program is installed on the computer."""
    banner = Banner(kit, Tone.WARNING, "triangle-alert")
    banner.setMaximumWidth(_WARNING_WIDTH)
    banner.set_message(
        N_("The program and the database are together on this USB stick."),
        N_(
            "Open the database only on a computer that you trust: another one can copy the USB "
            "stick and read what you type. Close the window before you pull the USB stick out, "
            "and keep a backup in another place. The program does not notice an older copy of "
            "the whole USB stick."
        ),
    )
    if not kit.program.is_portable:
        banner.hide()
    return banner


# --- older store

_OLDER_WIDTH = 620
_PADDING = 36
_CASE_SUSPICIOUS = (
    N_("If no one has put an older database here"),
    N_(
        "Do not open it. Someone else may have had this computer. Look for the newest "
        "backup, and ask your colleagues."
    ),
)
_CASE_DELIBERATE = (
    N_("If this was intended, for example after a disk fault"),
    N_(
        "You can continue. What was written since then is missing, data erased since "
        "then must be erased again, and partners may have what is no longer known "
        "here. The history will say that you continued."
    ),
)


class OlderStoreCard(CardFrame):
    """The card for a store that is older than it was: leave it closed, restore, or open it anyway.

    `opened` carries the session; `closed` follows Back and Esc.
    """

    opened = Signal(object)
    closed = Signal()
    restore_asked = Signal()

    def __init__(self, kit: UiContext, fault: KfdeskError, go_on: Callable[[str], object]) -> None:
        super().__init__(gap=FIELD_GAP, margins=(_PADDING, 32, _PADDING, 28))
        self._kit = kit
        self._fault = fault
        self._go_on = go_on
        self._is_busy = False
        self._pause = RetryDelay(self)
        self._pause.ticked.connect(self._show)
        self._make_parts()
        on_escape(self, self._on_back)
        self.setFixedWidth(_OLDER_WIDTH)
        extend(self.body, self._make_heading())
        for title, words in (_CASE_SUSPICIOUS, _CASE_DELIBERATE):
            extend(self.body, self._make_case(title, words))
        extend(self.body, self._field, self._make_foot())
        self._show()

    def start(self) -> None:
        """Focus the button that changes nothing."""
        self.back.setFocus()

    def _make_parts(self) -> None:
        kit = self._kit
        self.refusal = Banner(kit, Tone.DANGER, "circle-alert").hidden()
        self.passphrase = PassphraseEntry(kit)
        self._field = LabelledField(
            kit, N_("Your passphrase once more, to continue"), self.passphrase
        )
        self.back = Button(kit, N_("Do not open"), "lock", ButtonLook.PRIMARY, on=self._on_back)
        self.restore = Button(kit, N_("Restore…"), "archive", on=self.restore_asked.emit)
        self.go_on = Button(kit, N_("Continue with this database"), look=ButtonLook.DANGER)
        self.go_on.clicked.connect(self._on_go_on)
        self.passphrase.line.textEdited.connect(self._on_edited)
        self.passphrase.line.returnPressed.connect(self._on_go_on)

    def _make_heading(self) -> QHBoxLayout:
        faults, fault = self._kit.faults, self._fault
        lead = muted(self._kit)
        lead.set_message(lambda language: faults(fault, language)[0])
        title = Label(self._kit, N_("Something is missing in this database"), TextStyle.TITLE)
        words = column(title.wrapped(), lead, gap=2)
        return row(aligned(Badge(self._kit, "octagon-alert"), TOP), grown(words), gap=16)

    def _make_case(self, title: Message, words: Message) -> QVBoxLayout:
        return column(text(self._kit, title, TextStyle.BUTTON), muted(self._kit, words), gap=2)

    def _make_foot(self) -> QHBoxLayout:
        return row(-RESERVE, self.go_on, STRETCH, self.restore, self.back, -RESERVE, gap=4)

    def _show(self) -> None:
        may_try = self._pause.is_over and not self._is_busy
        self.go_on.setEnabled(may_try and bool(self.passphrase.text()))
        said: Message = N_("Continue with this database")
        self.go_on.set_message(said if self._pause.is_over else self._pause.delay_text)
        self.back.setEnabled(not self._is_busy)
        self.restore.setEnabled(not self._is_busy)
        self.passphrase.line.setReadOnly(self._is_busy)

    def _on_edited(self) -> None:
        self.refusal.hide()
        self._show()

    def _on_go_on(self) -> None:
        if not self.go_on.isEnabled():
            return
        typed = self.passphrase.text()
        self.passphrase.clear()
        self._set_busy(is_busy=True)
        self._kit.worker.run(lambda: self._go_on(typed), self._on_opened, self._on_refused)

    def _on_opened(self, desk: object) -> None:
        self._set_busy(is_busy=False)
        self.opened.emit(desk)

    def _on_refused(self, fault: KfdeskError) -> None:
        self._set_busy(is_busy=False)
        if fault.code == WRONG_PASSPHRASE:
            self._pause.record_failure()
        self.refusal.show_fault(fault)
        self.passphrase.setFocus()

    def _on_back(self) -> None:
        if not self._is_busy:
            self.passphrase.clear()
            self.closed.emit()

    def _set_busy(self, *, is_busy: bool) -> None:
        self._is_busy = is_busy
        self._show()


# --- language, letters, help

_HELP_KEY = "F1"
_LANGUAGE_WIDTH = 130


class WelcomeBar(QWidget):
    """The row with language, font size and help, before a store is open.

    `help_asked` follows its button and F1 anywhere on `page`, which holds the row.
    """

    help_asked = Signal()

    def __init__(self, kit: UiContext, page: QWidget) -> None:
        super().__init__()
        self._kit = kit
        self.setProperty("ground", "none")
        names = kit.translator.offered_languages
        self._codes = [code for code, _ in names]
        self.languages = ChoiceBox(kit)
        self.languages.setMinimumWidth(_LANGUAGE_WIDTH)
        self.languages.set_options(names, kit.translator.language.code)
        kit.translator.bind(self.languages.setAccessibleName, N_("Language"))
        self.languages.chosen.connect(kit.set_language)
        kit.translator.changed.connect(self._on_language_changed)
        self.letters = ChoiceBox(kit)
        sizes = [(str(one), partial(_font_scale_text, one)) for one in FONT_SCALES]
        self.letters.set_options(sizes, str(kit.theme.letters))
        kit.translator.bind(self.letters.setAccessibleName, N_("Text size"))
        self.letters.chosen.connect(lambda key: kit.set_font_scale(int(key)))
        for box in (self.languages, self.letters):  # also when the language changes
            box.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToContents)
        self.help = Button(kit, N_("Help"), "life-buoy", ButtonLook.QUIET).show_key(_HELP_KEY)
        self.help.clicked.connect(self.help_asked)
        QShortcut(QKeySequence(_HELP_KEY), page, self.help_asked.emit)
        spoken = group_widgets(Icon(kit, "languages"), self.languages, gap=GRID)
        row(STRETCH, FlowBox(spoken, self.letters, self.help, gap=GRID), gap=GRID, on=self)

    def _on_language_changed(self) -> None:
        self.languages.setCurrentIndex(self._codes.index(self._kit.translator.language.code))


def _font_scale_text(letters: int, language: Language) -> str:
    return language.gettext(N_("Text size {percent}%")).format(percent=letters)


# --- page

ROLLED_BACK = "store.rolled_back"
_RESTORABLE_CODES = frozenset(
    (
        "store.damaged",
        "store.missing",
        "store.mixed",
        "store.newer",
        "store.not_a_store",
        "store.wrong_key",
    )
)
_REPAIRABLE_CODES = frozenset(
    ("store.damaged", "store.mixed", "store.not_a_store", "store.unreadable", "store.wrong_key")
)
_UNLOCK_WIDTH = 480
_REFUSAL_ROOM = 120
_MISMATCH_LINES = 3  # in Russian; errors are not loaded here yet


@dataclass(frozen=True, slots=True)
class StoreChoice:
    """A store that can be opened, with the neutral name that its users gave it."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class UnlockAttempt:
    """Typed words of an unlock; passed to the opening function on the worker's thread."""

    store: str
    initials: str
    passphrase: str


@dataclass(frozen=True, slots=True)
class UnlockServices:
    """The stores that can be opened, the services that open one, and why they are locked.

    `open` runs on the worker's thread; its result goes out with `UnlockPage.opened`. It raises
    KfdeskError, `store.wrong_passphrase` if initials, passphrase and file do not belong together.
    `rescue` makes the card for a lost passphrase, if there is one. `may_restore` says whether a
    store that cannot be opened leads to its backups. `go_on` opens, like `open`, a store that is
    older than it was, after the user has confirmed. `tries` is the number of wrong attempts before
    this window. `check` raises KfdeskError, on the worker, if the store cannot be opened now: so
    it is said before the passphrase is typed. `files` is the number of files that wait for the
    store. `switch`, on the worker, starts the program on another one of `stores`, by its key; the
    first is the one that this window opens.
    """

    stores: tuple[StoreChoice, ...]
    open: Callable[[UnlockAttempt], object]
    locked: LockInfo | None = None
    rescue: "Callable[[UiContext], LostPassphraseCard] | None" = None
    may_restore: bool = False
    go_on: Callable[[UnlockAttempt], object] | None = None
    tries: int = 0
    check: Callable[[], None] = lambda: None
    files: int = 0
    switch: Callable[[str], None] | None = None


class UnlockPage(QWidget):
    """The page before the store is open. `opened` carries the result of `UnlockServices.open`."""

    opened = Signal(object)
    restore_asked = Signal()
    repair_asked = Signal()

    def __init__(self, kit: UiContext, services: UnlockServices) -> None:
        super().__init__()
        self._kit = kit
        self._services = services
        self.pause = RetryDelay(self, services.tries)
        self.pause.ticked.connect(self._on_pause_ticked)
        self.recover: LostPassphraseCard | None = None
        self.older: OlderStoreCard | None = None
        self._make_fields()
        self.top = WelcomeBar(kit, self)
        self._card = self._make_card()
        self._middle = column(aligned(self._card, HCENTRE))
        self._below = self._make_room_below()
        self.carried = portable_warning(kit)
        foot = (aligned(self.carried, HCENTRE), _offline_note(kit))
        page = column(
            self.top,
            Space(2),
            self._middle,
            grown(self._below, 3),
            *foot,
            gap=6,
            margins=(24, 20, 24, 20),
        )
        scroll_both_ways(panel(page), on=self)
        self.pause.start_delay()

    def start(self) -> None:
        """Focus the first field, and say at once if the store cannot be opened now."""
        self.initials.setFocus()
        self._kit.worker.run(self._services.check, lambda _: None, self._show_fault)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on; a focus proxy would break Tab order before the proxy."""
        if self.older is not None:
            self.older.start()
            return
        first = self.recover.initials if self.recover is not None else self.initials
        first.setFocus(event.reason())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Clear the passphrase on Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.passphrase.clear()
        super().keyPressEvent(event)

    def _make_fields(self) -> None:
        kit = self._kit
        self.store = ChoiceBox(kit)
        self.store.set_options(
            [(store.key, fixed_text(store.name)) for store in self._services.stores]
        )
        self.store.chosen.connect(self._on_store_chosen)
        self.initials = TextEntry(CONTROL_LARGE)
        self.initials.setMaxLength(40)
        self.passphrase = PassphraseEntry(kit)
        self._passphrase_field = LabelledField(kit, N_("Passphrase"), self.passphrase)
        self._passphrase_field.reserve_note(lines=_MISMATCH_LINES)
        self.button = Button(kit, N_("Open"), "key-round", ButtonLook.PRIMARY, self._on_open_asked)
        self.button.with_height(CONTROL_LARGE).show_key("Return")
        self.lost = Button(kit, N_("Lost passphrase?"), "life-buoy", ButtonLook.QUIET)
        self.lost.clicked.connect(self._on_lost_clicked)
        self.fault = Banner(kit, Tone.DANGER, "circle-alert").hidden()
        self.restore = Button(kit, N_("Restore…"), "archive", on=self.restore_asked.emit)
        self.fault.set_action(self.restore)
        self.repair = Button(kit, N_("Repair…"), "life-buoy", on=self.repair_asked.emit)
        self.fault.set_action(self.repair)
        self.initials.returnPressed.connect(self.passphrase.setFocus)
        self.initials.textEdited.connect(self._on_edited)
        self.passphrase.line.returnPressed.connect(self._on_open_asked)
        self.passphrase.line.textEdited.connect(self._on_edited)
        self.passphrase.caps_lock_changed.connect(self._on_caps_lock_changed)

    def _make_card(self) -> CardFrame:
        card = CardFrame(gap=FIELD_GAP, margins=(_PADDING, 32, _PADDING, 32))
        card.setFixedWidth(_UNLOCK_WIDTH)
        extend(card.body, self._make_heading())
        if self._services.locked:
            extend(card.body, self._make_reason(self._services.locked))
        if self._services.files:
            extend(card.body, self._make_notice())
        if len(self._services.stores) > 1:
            extend(card.body, LabelledField(self._kit, N_("Database"), self.store))
        extend(
            card.body,
            LabelledField(self._kit, N_("Initials"), self.initials),
            self._passphrase_field,
        )
        extend(card.body, row(-RESERVE, grown(self.button), -RESERVE, gap=FIELD_GAP))
        self.lost.setVisible(self._services.rescue is not None)
        if self._services.rescue is not None:
            extend(card.body, -FIELD_GAP, aligned(self.lost, HCENTRE))
        return card

    def _make_room_below(self) -> QWidget:
        """Return the room below the card: what is refused is said there, and moves nothing."""
        self._refusals = column(gap=FIELD_GAP)
        self._add_refusal(self.fault, _UNLOCK_WIDTH)
        room = panel(column(FIELD_GAP, self._refusals, STRETCH))
        room.setMinimumHeight(self._kit.theme.scaled(_REFUSAL_ROOM))
        return room

    def _add_refusal(self, banner: Banner, width: int) -> None:
        banner.setFixedWidth(width)
        extend(self._refusals, aligned(banner, HCENTRE))

    def _make_heading(self) -> QHBoxLayout:
        title = Label(self._kit, style=TextStyle.TITLE)
        title.show_text(NEUTRAL_TITLE)
        words = column(STRETCH, title)
        if self._services.locked or len(self._services.stores) == 1:
            extend(words, self._make_subtitle())
        extend(words, STRETCH)
        return row(Badge(self._kit, "notebook-text"), grown(words), gap=16)

    def _make_subtitle(self) -> Label:
        label = Label(self._kit, tone=Tone.MUTED)
        locked = self._services.locked
        if locked is None:
            label.show_text(self._services.stores[0].name)
        else:
            label.set_message(
                N_("Locked at {time}"), time=lambda language: language.clock(locked.at)
            )
        return label

    def _make_reason(self, locked: LockInfo) -> Banner:
        banner = Banner(self._kit, Tone.INFO, locked.icon)
        banner.set_message(locked.reason, locked.work_message)
        return banner

    def _make_notice(self) -> Banner:
        """Return what the page says of files that wait: no name, as anybody may stand here."""
        banner = Banner(self._kit, Tone.INFO, "download")
        banner.set_message(self._files_text, N_("Nothing is imported before you have seen it."))
        return banner

    def _files_text(self, language: Language) -> str:
        return language.plural(
            "{count} file waits and is shown once the database is open",
            "{count} files wait and are shown once the database is open",
            self._services.files,
        )

    def _on_store_chosen(self, key: str) -> None:
        """Start the program on another store; this window closes when that has begun."""
        switch = self._services.switch
        if switch is not None and key != self._services.stores[0].key:
            self.passphrase.clear()
            self._kit.worker.run(lambda: switch(key), self._on_switched, self._show_fault)

    def _on_switched(self, _nothing: None) -> None:
        self.window().close()

    def _on_open_asked(self) -> None:
        if not self.button.isEnabled():
            return
        initials = self.initials.text().strip()
        if not initials or not self.passphrase.text():
            (self.passphrase if initials else self.initials).setFocus()
            return
        self._show_opening(is_opening=True)
        attempt = UnlockAttempt(self.store.key, initials, self.passphrase.text())
        self.passphrase.clear()
        self._kit.worker.run(
            lambda: self._services.open(attempt), self._on_opened, self._on_refused
        )

    def _on_opened(self, desk: object) -> None:
        self._show_opening(is_opening=False)
        self.pause.reset()
        self.opened.emit(desk)

    def _on_refused(self, fault: KfdeskError) -> None:
        self._show_opening(is_opening=False)
        if fault.code == WRONG_PASSPHRASE:
            self._passphrase_field.show_error(
                lambda language: " ".join(self._kit.faults(fault, language))
            )
            self.pause.record_failure()
        elif fault.code == ROLLED_BACK and self._services.go_on is not None:
            self._ask_about_rollback(fault, self._services.go_on)
            return
        else:
            self._show_fault(fault)
        self.passphrase.setFocus()

    def _show_fault(self, fault: KfdeskError) -> None:
        may_restore = self._services.may_restore
        self.repair.setVisible(may_restore and fault.code in _REPAIRABLE_CODES)
        self.restore.setVisible(may_restore and fault.code in _RESTORABLE_CODES - _REPAIRABLE_CODES)
        self.fault.show_fault(fault)

    def _on_pause_ticked(self) -> None:
        self.button.setEnabled(self.pause.is_over)
        self.button.set_message(N_("Open") if self.pause.is_over else self.pause.delay_text)

    def _on_lost_clicked(self) -> None:
        assert self._services.rescue is not None
        self.passphrase.clear()
        self.recover = self._services.rescue(self._kit)
        self.recover.initials.setText(self.initials.text())
        self._show_instead(self.recover)

    def _show_instead(self, card: "LostPassphraseCard | OlderStoreCard") -> None:
        """Show another card in place of this one, until it opens the store or is closed."""
        card.opened.connect(self.opened)
        card.closed.connect(self._on_card_closed)
        self.fault.hide()
        self._add_refusal(card.refusal, card.maximumWidth())
        self._card.hide()
        extend(self._middle, aligned(card, HCENTRE))
        card.start()

    def _on_card_closed(self) -> None:
        for card in (self.recover, self.older):
            if card is not None:
                for one in (card, card.refusal):
                    one.hide()
                    one.deleteLater()
        self.recover = self.older = None
        self._card.show()
        self.start()

    def _ask_about_rollback(
        self, fault: KfdeskError, go_on: Callable[[UnlockAttempt], object]
    ) -> None:
        """Ask whether to open a store that is older than it was."""
        store, initials = self.store.key, self.initials.text().strip()
        self.older = OlderStoreCard(
            self._kit, fault, lambda words: go_on(UnlockAttempt(store, initials, words))
        )
        self.older.restore.setVisible(self._services.may_restore)
        self.older.restore_asked.connect(self.restore_asked)
        self._show_instead(self.older)

    def _on_edited(self) -> None:
        self.fault.hide()
        if self._passphrase_field.has_error and self.pause.is_over:
            self._passphrase_field.clear_note()

    def _on_caps_lock_changed(self, is_on: bool) -> None:
        if is_on:
            self._passphrase_field.show_note(Tone.WARNING, N_("Caps Lock is on"))
        elif not self._passphrase_field.has_error:
            self._passphrase_field.clear_note()

    def _show_opening(self, *, is_opening: bool) -> None:
        self.button.setEnabled(not is_opening)
        self.button.set_message(N_("Opening…") if is_opening else N_("Open"))
        for entry in (self.initials, self.passphrase.line):
            entry.setReadOnly(is_opening)


def scroll_both_ways(page: QWidget, on: QWidget) -> QScrollArea:
    """Fill `on` with a page whose card may be wider than the window, and return what scrolls."""
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setWidget(page)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    column(scroll, on=on)
    return scroll


def _offline_note(kit: UiContext) -> QHBoxLayout:
    words = Label(kit, N_("This program never goes online"), TextStyle.SMALL, Tone.MUTED)
    return row(STRETCH, Icon(kit, "shield-check", size=MEDIUM), words, STRETCH, gap=6)
