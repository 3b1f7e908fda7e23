# SPDX-License-Identifier: GPL-3.0-or-later
"""What a step of a guide is done with: a part of another page, or the way to one.

Each maker gives a widget for one step, or None where there is only something to read. `Acts` is
how a part leads on: it opens a page over the guide, or says that something was done.
"""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.desk.exchange import PartnerState
from kfdesk.domain.desk.users import User, fold, shown
from kfdesk.domain.keeping.errands import Step
from kfdesk.domain.marks import N_
from kfdesk.services import partners
from kfdesk.services.access import users
from kfdesk.services.desk import Desk
from kfdesk.services.keeping.backup import backup_state, sticks
from kfdesk.services.keeping.handing import Concerned, whom_it_concerns
from kfdesk.services.sharing.keys import warn_of
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.backup_views.drilling import DrillCard
from kfdesk.ui.pages.backup_views.making import MakeCard
from kfdesk.ui.pages.backup_views.wiping import WipeCard
from kfdesk.ui.pages.guide_views.handing import HandOver
from kfdesk.ui.pages.guide_views.keys import NewDataKey
from kfdesk.ui.pages.guide_views.report import ReportNote
from kfdesk.ui.pages.partner_views.trust import SURE
from kfdesk.ui.pages.settings_views.renewing import RenewKeys
from kfdesk.ui.pages.settings_views.steps import AddPerson, ChangeRoles, KeyStep, NewRecovery
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import clear
from kfdesk.ui.words import Message


class Acts(NamedTuple):
    """The ways on of a part: a page over the guide, a step that is done, and where one is."""

    open: Callable[[KeyStep], None]
    did: Callable[[], None]
    tick: Callable[[], None]
    place: str


Make = Callable[[Kit, Desk, Acts], QWidget]


class Choices(QWidget):
    """A few lines that are read from the store, each a text or a button."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self.buttons: list[Button] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(tokens.GRID)

    def clear(self) -> None:
        """Offer nothing."""
        clear(self._column)
        self.buttons = []

    def say(self, message: Message) -> None:
        """Say a sentence."""
        self._column.addWidget(Label(self._kit, message).wrapped())

    def offer(self, message: Message, icon: str, act: Callable[[], object]) -> None:
        """Offer one thing to do."""
        look = Look.SECONDARY if self.buttons else Look.PRIMARY
        button = Button(self._kit, message, icon, look)
        button.clicked.connect(lambda _checked: act())
        self.buttons.append(button)
        row = QHBoxLayout()
        row.setContentsMargins(-tokens.RESERVE, 0, 0, 0)
        row.addWidget(button)
        row.addStretch(1)
        self._column.addLayout(row)


def _data_key(kit: Kit, desk: Desk, acts: Acts) -> QWidget:
    def open_page() -> None:
        kit.work.run(
            lambda: users.list_users(desk),
            lambda people: acts.open(NewDataKey(kit, desk, people, acts.place)),
        )

    return _one(kit, N_("A new data key…"), "key-round", open_page)


def _sheets(kit: Kit, desk: Desk, acts: Acts) -> QWidget:
    return _one(
        kit, N_("Make a new recovery key…"), "life-buoy", lambda: acts.open(NewRecovery(kit, desk))
    )


def _signing(kit: Kit, desk: Desk, acts: Acts) -> QWidget:
    return _one(kit, N_("Make new keys…"), "key-round", lambda: acts.open(RenewKeys(kit, desk)))


def _let_in(kit: Kit, desk: Desk, acts: Acts) -> QWidget:
    part = Choices(kit)

    def show(people: tuple[User, ...]) -> None:
        part.clear()
        if not people:
            part.say(N_("Everybody's passphrase opens this notebook."))
        for user in people:
            part.offer(
                _filled(N_("New words for {initials}…"), initials=shown(user.initials)), "user",
                partial(_open, acts, AddPerson, kit, desk, user),
            )  # fmt: skip

    kit.work.run(lambda: users.shut_out(desk), show)
    return part


def _remove(kit: Kit, desk: Desk, acts: Acts) -> QWidget:
    part = Choices(kit)

    def show(people: tuple[User, ...]) -> None:
        part.clear()
        for user in people:
            if user.initials != fold(desk.user):
                part.offer(
                    _filled(N_("Remove {initials}…"), initials=shown(user.initials)), "user-x",
                    partial(_open, acts, ChangeRoles, kit, desk, user),
                )  # fmt: skip

    kit.work.run(lambda: users.list_users(desk), show)
    return part


def _revoke(kit: Kit, desk: Desk, acts: Acts) -> QWidget:
    part = Choices(kit)

    def revoke(organisation: bytes) -> None:
        def run() -> None:
            partners.revoke_partner(desk, organisation)
            warn_of(desk, organisation)

        def tell(_: object) -> None:
            kit.hub.changed.emit(frozenset({"partner"}))
            acts.tick()

        kit.work.run(run, tell)

    def ask(organisation: bytes) -> None:
        part.clear()
        part.say(SURE)
        part.offer(N_("Leave it as it is"), "arrow-left", read)
        part.offer(N_("Revoke it now"), "octagon-alert", lambda: revoke(organisation))
        part.buttons[0].setFocus()

    def read() -> None:
        kit.work.run(lambda: partners.list_partners(desk), show)

    def show(lines: tuple[partners.PartnerLine, ...]) -> None:
        part.clear()
        for line in lines:
            partner = line.partner
            if partner.is_own and partner.state is not PartnerState.REVOKED:
                said = _filled(N_("Trust {name} no more, for good…"), name=partner.name)
                part.offer(said, "ban", partial(ask, partner.organisation))

    read()
    return part


def _warn(kit: Kit, desk: Desk, _acts: Acts) -> QWidget:
    part = Choices(kit)

    def show(concerned: Concerned) -> None:
        part.clear()
        for label, names in (
            (N_("Clients, by their plans: {names}"), concerned.clients),
            (N_("Partners whose entries and files were on it: {names}"), concerned.partners),
        ):
            if names:
                part.say(_filled(label, names=", ".join(names)))

    kit.work.run(lambda: whom_it_concerns(desk), show)
    return part


def _backup(kit: Kit, desk: Desk, acts: Acts) -> QWidget:
    card = MakeCard(kit, desk)
    card.made.connect(acts.did)

    def show(read: tuple[Path | None, tuple[Path, ...]]) -> None:
        last, plugged_in = read
        known = (last.parent,) if last is not None and last.parent.is_dir() else ()
        card.offer((*known, *plugged_in))

    kit.work.run(lambda: (backup_state(desk).path, sticks(desk)), show)
    return card


def _try(kit: Kit, desk: Desk, acts: Acts) -> QWidget:
    card = DrillCard(kit, desk)
    card.opened.connect(acts.did)
    kit.work.run(lambda: backup_state(desk).path, card.show_newest)
    return card


def _wipe(kit: Kit, desk: Desk, _acts: Acts) -> QWidget:
    card = WipeCard(kit, desk)
    card.wiped.connect(kit.hub.wiped)
    return card


def _hand_over(kit: Kit, desk: Desk, acts: Acts) -> QWidget:
    part = HandOver(kit, desk)
    part.handed.connect(acts.tick)
    return part


def _report(kit: Kit, desk: Desk, _acts: Acts) -> QWidget:
    return ReportNote(kit, desk)


MAKERS: Mapping[Step, Make] = {
    Step.DATA_KEY: _data_key,
    Step.LET_IN: _let_in,
    Step.SHEETS: _sheets,
    Step.SIGNING: _signing,
    Step.REMOVE: _remove,
    Step.REVOKE: _revoke,
    Step.WARN: _warn,
    Step.AUTHORITY: _report,
    Step.BACKUP: _backup,
    Step.TRY: _try,
    Step.OLD_LAPTOP: _wipe,
    Step.CARRY_NOTHING: _wipe,
    Step.HAND_OVER: _hand_over,
}


def _one(kit: Kit, message: Message, icon: str, act: Callable[[], object]) -> QWidget:
    part = Choices(kit)
    part.offer(message, icon, act)
    return part


def _filled(message: str, **places: str) -> Message:
    return lambda language: language.gettext(message).format(**places)


def _open(acts: Acts, page: Callable[..., KeyStep], *given: object) -> None:
    acts.open(page(*given))
