# SPDX-License-Identifier: GPL-3.0-or-later
"""The page Settings: the look of the window, locking, users, retention and updates.

Changes of the look apply at once. Language, colours and font size are saved for this user
alone. `accounts` has the pages that open from here; this page leads there and back, and reads
again when something was changed.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QWidget

from kfdesk.domain.accounts import Right, User
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.updates import UPDATE_SUFFIX, ProgramUpdate
from kfdesk.domain.version import RELEASE_DAY, VERSION
from kfdesk.i18n.client_texts import TEXT_STATES, TextState
from kfdesk.i18n.language import Language
from kfdesk.services import accounts
from kfdesk.services.core import history
from kfdesk.services.core.session import Session
from kfdesk.services.upkeep.update import update_program
from kfdesk.ui.context import LOCK_MINUTES, LockSettings, UiContext
from kfdesk.ui.dialogs import ask_open
from kfdesk.ui.lock.lock import capture_support
from kfdesk.ui.pages.accounts import (
    AccountTaskPage,
    AddUserPage,
    ChangeRolesPage,
    NewPassphrasePage,
    NewRecoveryKeyPage,
    OwnKeysCard,
    RecoveryCard,
    RenewKeysPage,
    UsersCard,
)
from kfdesk.ui.theme import FONT_SCALES, Scheme
from kfdesk.ui.tokens import CARD_GAP, FIELD_GAP, LABEL_GAP, PAGE_MARGIN, RESERVE, TextStyle, Tone
from kfdesk.ui.translator import Message, MessageFunction
from kfdesk.ui.widgets.build import STRETCH, column, extend, muted, plural, row, text
from kfdesk.ui.widgets.buttons import Button, SegmentedControl
from kfdesk.ui.widgets.layout import Banner, CardFrame, JobProgressLine, show_fault_in
from kfdesk.ui.widgets.navigation import Page
from kfdesk.ui.widgets.text import Label

# --- retention

RETENTION_CHOICES = (30, 90, 180, 365)

_SHORTER = N_(
    "Shorter: what was overwritten by mistake, or by a partner’s file, cannot be restored after "
    "that. Older values are erased permanently the next time this database is opened."
)
_LONGER = N_(
    "Longer: what was later corrected, or removed at someone's request, stays readable "
    "here. Backups keep what they have, up to 35 days more."
)


class ValueRetentionCard(CardFrame):
    """Time for which replaced values are kept: the period, the choice, and its consequences.

    `days_chosen` carries the chosen days.
    """

    days_chosen = Signal(int)

    def __init__(self, kit: UiContext, *, may_choose: bool) -> None:
        super().__init__()
        self.add_heading(kit, N_("Replaced values"), "history")
        self._state = text(kit, "", TextStyle.STRONG)
        self.days = SegmentedControl(
            kit, [(str(count), days_text(count)) for count in RETENTION_CHOICES]
        )
        self.days.setEnabled(may_choose)
        kit.translator.bind(self.days.setAccessibleName, N_("How long replaced values are kept"))
        self.days.chosen.connect(lambda key: self.days_chosen.emit(int(key)))
        extend(self.body, self._state, row(self.days, STRETCH))
        for said in (_SHORTER, _LONGER):
            extend(self.body, muted(kit, said, TextStyle.SMALL))
        if not may_choose:
            said = N_("The data protection lead decides this.")
            extend(self.body, muted(kit, said, TextStyle.SMALL))

    def show_days(self, days: int) -> None:
        """Show the period; days that are not among the choices are only shown as text."""
        self._state.set_message(retention_text(days))
        if days in RETENTION_CHOICES:
            self.days.select(str(days))


def days_text(count: int) -> MessageFunction:
    """Return a function for the text `180 days`."""
    return plural("{count} day", "{count} days", count)


def retention_text(count: int) -> MessageFunction:
    """Return a function for the sentence about the period."""
    return plural(
        "A value that was replaced is kept for {count} day.",
        "A value that was replaced is kept for {count} days.",
        count,
    )


# --- updates

_UPDATING = N_("Updating the program…")
_ABOUT_UPDATES = N_(
    "An update is a file with a signature beside it. The signature is checked and the database "
    "is backed up first; this version is kept. If anything fails, this version stays as it is. "
    "Leave the USB stick in until the program says so."
)


class ProgramUpdateCard(CardFrame):
    """The card that updates the program from a file."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(gap=FIELD_GAP)
        self._kit = kit
        self._desk = desk
        self.add_heading(kit, N_("Newer version of the program"), "download")
        self.outcome = Banner(kit, Tone.SUCCESS, "circle-check").hidden()
        state = text(kit, "", TextStyle.STRONG)
        state.set_message(N_("This is version {version}."), version=lambda _: VERSION)
        self.button = Button(kit, N_("Update from a USB stick…"), "usb", on=self._on_clicked)
        self.progress = JobProgressLine(kit, N_("Checking and installing: {share} %"))
        foot = row(-RESERVE, self.button, self.progress, STRETCH, gap=FIELD_GAP)
        extend(self.body, self.outcome, state, muted(kit, _ABOUT_UPDATES), foot)

    def install(self, file: Path) -> None:
        """Check and install the update in `file`."""
        desk = self._desk
        self.outcome.hide()
        progress = self.progress.begin()
        self.button.hide()
        self._kit.worker.run(
            lambda: update_program(desk, file, progress),
            self._on_installed,
            self._on_refused,
            title=_UPDATING,
            cancel=progress,
        )

    def _on_clicked(self) -> None:
        ask_open(self._kit, self, N_("Update the program"), UPDATE_SUFFIX, self.install)

    def _set_idle(self) -> None:
        self.progress.end()
        self.button.show()
        self.button.setFocus()

    def _on_installed(self, done: ProgramUpdate) -> None:
        self._set_idle()
        self.outcome.show_look(Tone.SUCCESS, "circle-check")
        self.outcome.set_message(
            N_("Version {version} is installed. You can now remove the USB stick."),
            N_("Close the program and open it again to use the new version."),
            version=lambda _: done.version,
        )
        self.outcome.show()

    def _on_refused(self, fault: KfdeskError) -> None:
        self._set_idle()
        show_fault_in(self._kit, self.outcome, fault)


# --- locking

_SWITCH_ON, _SWITCH_OFF = "yes", "no"
_SWITCHES = (
    ("locks_with_session", N_("Lock when the computer's screen is locked")),
    ("locks_for_sleep", N_("Lock when the computer goes to sleep")),
    ("covers_when_left", N_("Hide the window when another program is in front")),
)


class LockSettingsCard(CardFrame):
    """Times when the window locks and covers itself; `minutes` and `switches` are the controls."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__(gap=FIELD_GAP)
        self._kit = kit
        self.minutes = SegmentedControl(
            kit, [(str(count), _minutes_text(count)) for count in LOCK_MINUTES]
        )
        self.minutes.chosen.connect(self._on_minutes_chosen)
        self._add(N_("Lock when no one has typed or moved the mouse for"), self.minutes)
        self.switches: dict[str, SegmentedControl] = {}
        for key, label in _SWITCHES:
            switch = SegmentedControl(kit, ((_SWITCH_ON, N_("Yes")), (_SWITCH_OFF, N_("No"))))
            switch.chosen.connect(self._switch(key))
            self.switches[key] = switch
            self._add(label, switch)
        extend(self.body, muted(kit, capture_support().value, TextStyle.SMALL))
        self._show()
        kit.lock_preferences.changed.connect(self._show)

    def _add(self, label: Message, choice: SegmentedControl) -> None:
        self._kit.translator.bind(choice.setAccessibleName, label)
        line = row(choice, STRETCH, gap=LABEL_GAP)
        extend(self.body, column(muted(self._kit, label, TextStyle.LABEL), line, gap=LABEL_GAP))

    def _show(self) -> None:
        chosen = self._kit.lock_preferences.chosen
        nearest = min(LOCK_MINUTES, key=lambda count: abs(count - chosen.lock_minutes))
        self.minutes.select(str(nearest))
        for key, switch in self.switches.items():
            switch.select(_SWITCH_ON if getattr(chosen, key) else _SWITCH_OFF)

    def _on_minutes_chosen(self, key: str) -> None:
        self._choose(replace(self._kit.lock_preferences.chosen, lock_minutes=int(key)))

    def _switch(self, key: str) -> Callable[[str], None]:
        def switch(answer: str) -> None:
            chosen: dict[str, bool] = {key: answer == _SWITCH_ON}
            self._choose(replace(self._kit.lock_preferences.chosen, **chosen))

        return switch

    def _choose(self, chosen: LockSettings) -> None:
        self._kit.lock_preferences.apply(chosen)


def _minutes_text(count: int) -> MessageFunction:
    return lambda language: language.duration(timedelta(minutes=count))


# --- page

_USER_TYPES = frozenset({"user"})
_NEWER_SETTINGS = N_(
    "These settings were made by a newer version of the program. What this version does not "
    "know is kept for it."
)
_COLOUR_SCHEMES = (
    (Scheme.SYSTEM.value, N_("Same as the system")),
    (Scheme.LIGHT.value, N_("Light")),
    (Scheme.DARK.value, N_("Dark")),
)


class SettingsPage(Page, QWidget):
    """The page Settings, or one page opened from it."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.step: AccountTaskPage | None = None
        self.language = SegmentedControl(kit, kit.translator.shares_of_languages)
        self.readers = self._make_readers()
        self.scheme = SegmentedControl(kit, _COLOUR_SCHEMES)
        self.letters = SegmentedControl(
            kit, [(str(one), partial(_percent_text, one)) for one in FONT_SCALES]
        )
        self.safety = LockSettingsCard(kit)
        may_manage = desk.may(Right.MANAGE_USERS)
        self.people = UsersCard(kit, desk.user, may_manage=may_manage)
        self.recovery = RecoveryCard(kit, may_manage=may_manage)
        self.kept = ValueRetentionCard(kit, may_choose=desk.may(Right.ERASE))
        self.update_card = ProgramUpdateCard(kit, desk)
        self.keys = OwnKeysCard(kit)
        if not desk.may(Right.MANAGE_KEYS):  # without a parent it would open a window
            self.keys.hide()
        if not desk.may(Right.BACKUP):
            self.update_card.hide()
        kit.translator.bind(self.language.setAccessibleName, N_("Language"))
        kit.translator.bind(self.scheme.setAccessibleName, N_("Colours"))
        kit.translator.bind(self.letters.setAccessibleName, N_("Text size"))
        self._back_to: QWidget = self.language
        self._stack = QStackedWidget()
        column(self._stack, on=self)
        self._listing = self._make_listing()
        self._connect()
        self._show()
        self.read()

    def read(self) -> None:
        """Read the users and the recovery key again."""
        desk, work = self._desk, self._kit.worker
        work.run(lambda: accounts.list_users(desk), self._on_users_read)
        work.run(lambda: accounts.recovery_key_status(desk), self.recovery.show_recovery)
        work.run(lambda: history.history_days(desk), self.kept.show_days)

    def show_list(self) -> None:
        """Go back to the settings."""
        self._stack.setCurrentWidget(self._listing)
        if self.step is not None:
            self._stack.removeWidget(self.step)
            self.step.deleteLater()
            self.step = None
        self._back_to.setFocus()

    def show_people(self) -> None:
        """Show the users, with the focus where one is added."""
        button = self.people.passphrase if self.people.add.isHidden() else self.people.add
        button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._listing.ensureWidgetVisible(self.people, 0, PAGE_MARGIN)
        self._listing.ensureWidgetVisible(button, 0, PAGE_MARGIN)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on; a focus proxy would break Tab order before the proxy."""
        (self.step or self.language).setFocus(event.reason())

    def _connect(self) -> None:
        kit = self._kit
        self.language.chosen.connect(kit.set_language)
        self.scheme.chosen.connect(lambda key: kit.set_theme(Scheme(key)))
        self.letters.chosen.connect(lambda key: kit.set_font_scale(int(key)))
        self.people.add_asked.connect(self._on_add_asked)
        self.people.passphrase_asked.connect(self._on_passphrase_asked)
        self.people.roles_asked.connect(self._on_roles_asked)
        self.recovery.make_asked.connect(self._on_recovery_asked)
        self.keys.renew_asked.connect(self._on_renewal_asked)
        self.kept.days_chosen.connect(self._on_days_chosen)
        kit.translator.changed.connect(self._show)
        kit.theme.changed.connect(self._show)

    def _make_listing(self) -> QScrollArea:
        kit = self._kit
        about = muted(kit, "", TextStyle.SMALL)
        about.set_message(
            N_("Version {version}, {date}. Free software: GPL-3.0 or later."),
            version=lambda _: VERSION,
            date=lambda language: language.day(RELEASE_DAY, year=True),
        )
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        self._stack.addWidget(scroll)
        page = QWidget()
        page.setProperty("ground", "none")
        scroll.setWidget(page)
        margin = PAGE_MARGIN
        box = column(gap=CARD_GAP, margins=(margin, margin - 4, margin, margin), on=page)
        extend(box, Label(kit, N_("Settings"), TextStyle.DISPLAY))
        cards = (self.safety, self.people, self.recovery, self.keys, self.kept, self.update_card)
        extend(box, self._make_look(), *cards, about, STRETCH)
        return scroll

    def _make_look(self) -> CardFrame:
        card = CardFrame(gap=FIELD_GAP)
        choices = (
            (N_("Language"), self.language),
            (N_("Colours"), self.scheme),
            (N_("Text size"), self.letters),
        )
        for label, choice in choices:
            line = row(choice, STRETCH, gap=LABEL_GAP)
            part = column(Label(self._kit, label, TextStyle.LABEL, Tone.MUTED), line, gap=LABEL_GAP)
            extend(card.body, part)
            if choice is self.language:
                extend(part, *self.readers)
        if self._kit.view.chosen.is_of_newer_program:
            extend(card.body, muted(self._kit, _NEWER_SETTINGS, TextStyle.SMALL))
        return card

    def _make_readers(self) -> list[Label]:
        """Return a line for each language that is "beta": who has read it."""
        kit, states = self._kit, self._desk.adapters.client_texts.window
        return [
            muted(
                kit,
                partial(_readers_text, name, states.get(code, TextState.NOT_READ)),
                TextStyle.SMALL,
            )
            for code, name in kit.translator.offered_languages
            if code in kit.translator.begun_languages
        ]

    def _open(self, step: AccountTaskPage, back_to: QWidget) -> None:
        """Show a task; the focus comes back to a button that stays meanwhile."""
        self.step, self._back_to = step, back_to
        step.closed.connect(self.show_list)
        step.done.connect(self._on_done)
        self._stack.setCurrentIndex(self._stack.addWidget(step))
        step.setFocus()

    def _on_add_asked(self) -> None:
        self._open(AddUserPage(self._kit, self._desk), self.people.add)

    def _on_renewal_asked(self) -> None:
        self._open(RenewKeysPage(self._kit, self._desk), self.keys.renew)

    def _on_passphrase_asked(self) -> None:
        self._open(NewPassphrasePage(self._kit, self._desk), self.people.passphrase)

    def _on_roles_asked(self, user: User) -> None:
        self._open(ChangeRolesPage(self._kit, self._desk, user), self.people.passphrase)

    def _on_recovery_asked(self) -> None:
        self._open(NewRecoveryKeyPage(self._kit, self._desk), self.recovery.make)

    def _on_days_chosen(self, days: int) -> None:
        desk = self._desk
        self._kit.worker.run(
            lambda: history.set_history_days(desk, days), lambda _: self._on_days_kept(days)
        )

    def _on_days_kept(self, days: int) -> None:
        self.kept.show_days(days)
        self._kit.notify(retention_text(days))

    def _on_users_read(self, users: Sequence[User]) -> None:
        self.people.show_users(users)
        if self.people.add.hasFocus() or self.people.passphrase.hasFocus():
            QTimer.singleShot(0, self, self.show_people)  # the rows have moved them out of view

    def _on_done(self, said: Message) -> None:
        self.show_list()
        self.read()
        self._kit.notify(said)
        self._kit.events.changed.emit(_USER_TYPES)

    def _show(self) -> None:
        self.language.select(self._kit.translator.language.code)
        self.scheme.select(self._kit.theme.scheme.value)
        self.letters.select(str(self._kit.theme.letters))


def _percent_text(letters: int, language: Language) -> str:
    return language.gettext(N_("{percent}%")).format(percent=letters)


def _readers_text(name: Message, state: TextState, language: Language) -> str:
    """Return a language of the window, and who has read what it says there."""
    said = name(language) if callable(name) else language.gettext(name)
    return f"{said} · {language.gettext(TEXT_STATES[state])}"
