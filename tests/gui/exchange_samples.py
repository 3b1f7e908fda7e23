# SPDX-License-Identifier: GPL-3.0-or-later
"""The place Exchange on a real store, with a partner's desk on this side of the worker."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from tests.support.stores import new_desk
from tests.support.windows import settle, show

from kfdesk.demo import people, story
from kfdesk.domain.accounts import Credentials
from kfdesk.environment import Environment
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import partners, transfer
from kfdesk.services.exchange.partners import PartnerTerms
from kfdesk.storage import key_slots
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.exchange.page import ExchangePage

MACHINE = Environment(cost=key_slots.MIN_COST)
WHO = Credentials("EV", "sex helt vanliga ord till prov")
T = TypeVar("T")
S = TypeVar("S", bound=QWidget)


@dataclass(frozen=True)
class Scene:
    """Our page on our store, and the partner's desk; `on` does something on our worker."""

    page: ExchangePage
    ours: Session
    theirs: Session
    post: Path
    kit: UiContext
    qtbot: QtBot

    def on(self, function: Callable[[], T]) -> T:
        got: list[T] = []
        self.kit.worker.run(function, got.append)
        self.rest()
        return got[0]

    def rest(self) -> None:
        """Wait until the worker has nothing to do."""
        settle(self.qtbot, self.kit)

    def step(self, kind: type[S]) -> S:
        self.rest()
        assert isinstance(self.page.step, kind)
        return self.page.step

    @property
    def their_card(self) -> Path:
        path = self.post / "theirs.card"
        partners.save_own_card(self.theirs, path)
        return path

    def meet(self) -> bytes:
        """Both desks know and trust each other; returns the partner."""
        card, us = self.their_card.read_bytes(), self.ours.identity.organisation
        ours = self.on(lambda: partners.our_card(self.ours))
        partners.add_partner(self.theirs, ours, PartnerTerms(is_third_country=False))
        heard = partners.verification_digits(self.theirs, us)
        partners.verify_partner(self.theirs, us, heard)
        terms = PartnerTerms(is_third_country=True, reads=("ru",))
        them = self.on(lambda: partners.add_partner(self.ours, card, terms)).organisation
        self.on(lambda: partners.verify_partner(self.ours, them, heard))
        self.page.read()
        self.rest()
        return them

    def enter_plan(self, partner: bytes) -> tuple[bytes, tuple[bytes, bytes]]:
        return self.on(lambda: story.enter_plan(self.ours, partner))

    def answer(self) -> tuple[Path, bytes]:
        """Return a file of theirs that conflicts with us in one field, and the leg's id."""
        plan, (_, leg) = self.enter_plan(self.meet())
        them, us = self.theirs.identity.organisation, self.ours.identity.organisation
        sent = self.on(lambda: transfer.send_bundle(self.ours, plan, them, self.post)).path
        transfer.import_bundle(self.theirs, sent, transfer.review_bundle(self.theirs, sent))
        self.on(lambda: change_record(self.ours, leg, {"carrier": "18, Exempelbuss"}))
        values: people.Values = {
            "carrier": "19, Exempelbuss",
            "booking_reference": "XYZ 99",
        }
        change_record(self.theirs, leg, values)
        return transfer.send_bundle(self.theirs, plan, us, self.post).path, leg


@contextmanager
def opened_scene(kit: UiContext, qtbot: QtBot, tmp_path: Path) -> Iterator[Scene]:
    """Yield the exchange page on our new store, and a partner's desk not yet added."""
    got: list[Session] = []
    kit.worker.run(lambda: new_desk(tmp_path / "ours", people.HOUSE, WHO, MACHINE), got.append)
    qtbot.waitUntil(lambda: bool(got))
    theirs = new_desk(tmp_path / "theirs", people.SAFE_HOUSE, WHO, MACHINE)
    (tmp_path / "post").mkdir()
    page = ExchangePage(kit, got[0])
    page.resize(1080, 740)
    show(qtbot, page)
    made = Scene(page, got[0], theirs, tmp_path / "post", kit, qtbot)
    made.rest()
    yield made
    kit.worker.run(got[0].store.close)
    theirs.store.close()


def texts(widget: QWidget) -> set[str]:
    """Return the texts of the visible labels and buttons."""
    labels = {part.text() for part in widget.findChildren(QLabel) if part.isVisible()}
    return labels | {part.text() for part in widget.findChildren(QPushButton) if part.isVisible()}


def said(widget: QWidget) -> str:
    return "\n".join(texts(widget))


def press(button: QPushButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
