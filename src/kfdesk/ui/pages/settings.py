# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings: how the window looks, which holds at once, who opens this notebook, what it keeps.

Language, colours and size of letters are kept for this user alone. What opens from here stands in
`settings_views`; this page leads there and back, and reads again when something was changed.
"""

from functools import partial

from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from kfdesk.domain.desk.release import RELEASED, VERSION
from kfdesk.domain.desk.users import Right, User
from kfdesk.domain.marks import N_
from kfdesk.i18n.language import Language
from kfdesk.services import history
from kfdesk.services.access import users
from kfdesk.services.desk import Desk
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.settings_views.kept import KeptCard, kept_text
from kfdesk.ui.pages.settings_views.people import PeopleCard, RecoveryCard
from kfdesk.ui.pages.settings_views.renewing import OwnKeysCard, RenewKeys
from kfdesk.ui.pages.settings_views.safety import Safety
from kfdesk.ui.pages.settings_views.steps import (
    AddPerson,
    ChangeRoles,
    KeyStep,
    NewPassphrase,
    NewRecovery,
)
from kfdesk.ui.theme import LETTERS, Scheme
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.choose import Segmented
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Card
from kfdesk.ui.words import Message, Telling

_TYPES = frozenset({"user"})
_SCHEMES = (
    (Scheme.SYSTEM.value, N_("As the computer")),
    (Scheme.LIGHT.value, N_("Light")),
    (Scheme.DARK.value, N_("Dark")),
)


class SettingsPage(QWidget):
    """The settings, or one page opened from them."""

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.step: KeyStep | None = None
        self.language = Segmented(kit, [(one.code, _named(one.name)) for one in kit.words.offered])
        self.scheme = Segmented(kit, _SCHEMES)
        self.letters = Segmented(kit, [(str(one), partial(_percent, one)) for one in LETTERS])
        self.safety = Safety(kit)
        may_manage = desk.may(Right.MANAGE_USERS)
        self.people = PeopleCard(kit, desk.user, may_manage=may_manage)
        self.recovery = RecoveryCard(kit, may_manage=may_manage)
        self.kept = KeptCard(kit, may_choose=desk.may(Right.ERASE))
        self.keys = OwnKeysCard(kit)
        if not desk.may(Right.MANAGE_KEYS):  # shown before it has its place it would be a window
            self.keys.hide()
        kit.words.bind(self.language.setAccessibleName, N_("Language"))
        kit.words.bind(self.scheme.setAccessibleName, N_("Colours"))
        kit.words.bind(self.letters.setAccessibleName, N_("Size of letters"))
        self._stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self._listing = self._make_listing()
        self._connect()
        self._show()
        self.read()

    def read(self) -> None:
        """Read people and recovery key again."""
        desk, work = self._desk, self._kit.work
        work.run(lambda: users.list_users(desk), self.people.show_users)
        work.run(lambda: users.look_at_recovery(desk), self.recovery.show_recovery)
        work.run(lambda: history.history_days(desk), self.kept.show_days)

    def show_list(self) -> None:
        """Go back to the settings."""
        self._stack.setCurrentWidget(self._listing)
        if self.step is not None:
            self._stack.removeWidget(self.step)
            self.step.deleteLater()
            self.step = None
        self.language.setFocus()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Hand the keyboard on. A focus proxy would keep Tab from what stands before it."""
        (self.step or self.language).setFocus(event.reason())

    def _connect(self) -> None:
        kit = self._kit
        self.language.chosen.connect(kit.speak)
        self.scheme.chosen.connect(lambda key: kit.wear(Scheme(key)))
        self.letters.chosen.connect(lambda key: kit.enlarge(int(key)))
        self.people.add_asked.connect(self._on_add_asked)
        self.people.passphrase_asked.connect(self._on_passphrase_asked)
        self.people.roles_asked.connect(self._on_roles_asked)
        self.recovery.make_asked.connect(self._on_recovery_asked)
        self.keys.renew_asked.connect(self._on_renew_asked)
        self.kept.days_chosen.connect(self._on_days_chosen)
        kit.words.changed.connect(self._show)
        kit.theme.changed.connect(self._show)

    def _make_listing(self) -> QScrollArea:
        kit = self._kit
        about = Label(kit, style=Type.SMALL, tone=Tone.MUTED).wrapped()
        about.tell(
            N_("Version {version}, {date}. Free software: GPL-3.0 or later."),
            version=lambda _: VERSION,
            date=lambda language: language.day(RELEASED, year=True),
        )
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        self._stack.addWidget(scroll)
        page = QWidget()
        page.setProperty("ground", "none")
        scroll.setWidget(page)
        column = QVBoxLayout(page)
        margin = tokens.PAGE_MARGIN
        column.setContentsMargins(margin, margin - 4, margin, margin)
        column.setSpacing(tokens.CARD_GAP)
        column.addWidget(Label(kit, N_("Settings"), Type.DISPLAY))
        cards = (self.safety, self.people, self.recovery, self.keys, self.kept)
        for part in (self._make_look(), *cards, about):
            column.addWidget(part)
        column.addStretch(1)
        return scroll

    def _make_look(self) -> Card:
        card = Card()
        card.body.setSpacing(tokens.FIELD_GAP)
        choices = (
            (N_("Language"), self.language),
            (N_("Colours"), self.scheme),
            (N_("Size of letters"), self.letters),
        )
        for label, choice in choices:
            part = QVBoxLayout()
            part.setSpacing(tokens.LABEL_GAP)
            part.addWidget(Label(self._kit, label, Type.LABEL, Tone.MUTED))
            row = QHBoxLayout()
            row.addWidget(choice)
            row.addStretch(1)
            part.addLayout(row)
            card.body.addLayout(part)
        return card

    def _open(self, step: KeyStep) -> None:
        self.step = step
        step.closed.connect(self.show_list)
        step.done.connect(self._on_done)
        self._stack.setCurrentIndex(self._stack.addWidget(step))
        step.setFocus()

    def _on_add_asked(self) -> None:
        self._open(AddPerson(self._kit, self._desk))

    def _on_passphrase_asked(self) -> None:
        self._open(NewPassphrase(self._kit, self._desk))

    def _on_roles_asked(self, user: User) -> None:
        self._open(ChangeRoles(self._kit, self._desk, user))

    def _on_recovery_asked(self) -> None:
        self._open(NewRecovery(self._kit, self._desk))

    def _on_renew_asked(self) -> None:
        self._open(RenewKeys(self._kit, self._desk))

    def _on_days_chosen(self, days: int) -> None:
        desk = self._desk
        self._kit.work.run(
            lambda: history.set_history_days(desk, days), lambda _: self._on_days_kept(days)
        )

    def _on_days_kept(self, days: int) -> None:
        self.kept.show_days(days)
        self._kit.tell(kept_text(days))

    def _on_done(self, said: Message) -> None:
        self.show_list()
        self.read()
        self._kit.tell(said)
        self._kit.hub.changed.emit(_TYPES)

    def _show(self) -> None:
        self.language.choose(self._kit.words.language.code)
        self.scheme.choose(self._kit.theme.scheme.value)
        self.letters.choose(str(self._kit.theme.letters))


def _percent(letters: int, language: Language) -> str:
    return language.gettext(N_("{percent}%")).format(percent=letters)


def _named(name: str) -> Telling:
    return lambda _: name
