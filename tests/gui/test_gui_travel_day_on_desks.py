# SPDX-License-Identifier: GPL-3.0-or-later
"""The day she travels, played at the windows of three desks in three zones, by files between them.

Ours is in Stockholm, a house on the way in Tallinn, the receiver in Pskov. The clock is moved. Set
`PICTURES` to a folder to keep a picture of Today at each moment of each desk.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import texts
from tests.gui.travel_samples import on_worker, walking
from tests.integration.course_samples import WHO, Walk
from tests.support.endings import handover_values
from tests.support.windows import picture, settle, show

from kfdesk import store_lifecycle
from kfdesk.demo import people
from kfdesk.domain.records.client import Consent
from kfdesk.domain.records.journey import Handover
from kfdesk.environment import Environment
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.core.session import Session, desk_zone, open_session
from kfdesk.services.exchange import partners, transfer
from kfdesk.services.exchange.partners import PartnerTerms
from kfdesk.services.workflow import move_plan
from kfdesk.storage import key_slots
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.today import TodayPage
from kfdesk.ui.pages.traveller_card import TravellerCard
from kfdesk.ui.widgets.table import GroupedTable

T = TypeVar("T")
TOWNS: Mapping[str, Mapping[str, str]] = {
    "ours": {"country": "SE", "city": "Stockholm"},
    "way": {"country": "EE", "city": "Tallinn"},
    "home": {"country": "RU", "city": "Псков"},
}


@dataclass
class Desks:
    """Three desks that have the same plan, and one window after the other."""

    kit: UiContext
    qtbot: QtBot
    walk: Walk
    sessions: Mapping[str, Session]

    def run(self, work: Callable[[], T]) -> T:
        """Return what `work` returns on the worker."""
        return on_worker(self.kit, self.qtbot, work)

    def at(self, moment: str) -> None:
        """Put the clock of all desks: `2026-12-19T17:13+01:00`."""
        self.walk.clock.time = datetime.fromisoformat(moment)

    @contextmanager
    def today(self, name: str, moment: str = "") -> Iterator[TodayPage]:
        """Show Today of a desk."""
        self.kit.translator.set_zone(desk_zone(self.sessions[name]))  # as the program does
        page = TodayPage(self.kit, self.sessions[name])
        page.resize(1150, 700)
        show(self.qtbot, page)
        self.rest()
        folder = os.environ.get("PICTURES")
        if folder and moment:
            picture(page).save(str(Path(folder) / f"{moment}-{name}.png"))
        yield page
        page.hide()

    def said(self, name: str, moment: str) -> str:
        """Return all that Today of a desk says now, a line each."""
        with self.today(name, moment) as page:
            cells = [
                str(cell)
                for table in page.findChildren(GroupedTable)
                for cell in table_texts(table)
            ]
            return "\n".join([*texts(page), *cells])

    def press(self, name: str, button: str) -> None:
        """Press a button of the traveller's card on Today of a desk: `left` or `arrived`."""
        with self.today(name) as page:
            (card,) = page.findChildren(TravellerCard)
            getattr(card, button).click()
            self.rest()

    def tell(self, name: str) -> None:
        """Let all know what a desk wrote: it tells ours, and ours the others, as consents allow."""
        ways = [("ours", other) for other in self.sessions if other not in ("ours", name)]
        for here, there in [(name, "ours"), *ways] if name != "ours" else ways:
            one, other = self.sessions[here], self.sessions[there]
            self.run(partial(give, one, other, self.walk))

    def rest(self) -> None:
        for _ in range(4):
            settle(self.qtbot, self.kit)
            QApplication.processEvents()


def table_texts(table: GroupedTable) -> Iterator[object]:
    """Yield the words of the cells of a table."""
    model = table.model()
    for row in range(model.rowCount()):
        for column in range(model.columnCount()):
            yield model.index(row, column).data() or ""


def give(one: Session, other: Session, walk: Walk) -> None:
    """Send what is new of the plan, and take it there."""
    made = transfer.send_bundle(one, walk.plan, other.identity.organisation, walk.post)
    review = transfer.review_bundle(other, made.path)
    transfer.import_bundle(other, made.path, review)


def meet(folder: Path, walk: Walk) -> Mapping[str, Session]:
    """Let a house on the way join: cards, digits, a consent; each desk learns where it is."""
    machine = Environment(clock=walk.clock, cost=key_slots.MIN_COST)
    way = store_lifecycle.create_store(folder / "way", "Teel Koda", WHO, machine)
    desks = {"ours": walk.ours, "way": way, "home": walk.theirs}
    known = {frozenset(("ours", "home"))}
    pairs = [(a, b) for a in desks for b in desks if a != b and frozenset((a, b)) not in known]
    for a, b in pairs:
        terms = PartnerTerms(is_third_country="home" in (a, b))
        partners.add_partner(desks[a], partners.our_card(desks[b]), terms)
    for a, b in pairs:
        whose = desks[b].identity.organisation
        digits = partners.verification_digits(desks[a], whose)
        partners.verify_partner(desks[a], whose, digits)
    consent = people.reception_consent(walk.clock.time, way.identity.organisation.hex())
    create_record(walk.ours, Consent, consent, parent=walk.client)
    for name, desk in desks.items():
        change_record(desk, desk.identity.organisation, dict(TOWNS[name]))
        desks[name] = open_session(desk.store, desk.user, desk.adapters)
    return desks


@pytest.fixture
def desks(kit: UiContext, qtbot: QtBot, tmp_path: Path) -> Iterator[Desks]:
    with walking(kit, qtbot, tmp_path, "travel_ready") as walk:
        sessions = on_worker(kit, qtbot, lambda: meet(tmp_path, walk))
        yield Desks(kit, qtbot, walk, sessions)
        on_worker(kit, qtbot, sessions["way"].store.close)


def test_day_is_the_same_on_three_desks_in_three_zones(desks: Desks) -> None:
    desks.at("2026-12-19T16:30+01:00")
    desks.tell("ours")
    for name in desks.sessions:
        said = desks.said(name, "1-before")
        assert "She has not left yet." in said
        assert "Departs Stockholm 19 Dec 17:00 CET" in said

    desks.at("2026-12-19T17:13+01:00")
    desks.press("ours", "left")
    desks.tell("ours")
    for name in desks.sessions:
        said = desks.said(name, "2-left")
        assert "On the way to Riga, left 19 Dec 17:13 CET" in said
        assert "Arrives in Riga 20 Dec 10:30 EET" in said
        assert "No departure" not in said

    desks.at("2026-12-20T11:40+02:00")
    for name in desks.sessions:
        said = desks.said(name, "3-late")
        assert "No arrival is recorded, and its time has passed." in said
        assert "She has not checked in." in said
        assert "Was to arrive in Riga 20 Dec 10:30 EET" in said

    desks.at("2026-12-20T11:55+02:00")
    desks.press("way", "arrived")
    desks.tell("way")
    for name in desks.sessions:
        said = desks.said(name, "4-arrived")
        assert "In Riga, arrived 20 Dec 11:55 EET" in said
        assert "No arrival is recorded" not in said

    desks.at("2026-12-20T20:40+03:00")
    desks.press("home", "left")
    desks.press("home", "arrived")
    desks.tell("home")
    for name in desks.sessions:
        said = desks.said(name, "5-at-the-end")
        assert "At the end of the journey: Pskov, arrived 20 Dec 20:40 MSK" in said

    home, walk = desks.sessions["home"], desks.walk
    desks.at("2026-12-20T21:10+03:00")
    values = handover_values(walk.clock.time)
    desks.run(lambda: create_record(home, Handover, values, parent=walk.plan))
    desks.tell("home")
    said = desks.said("ours", "6-received")
    assert "By what is recorded it is: Arrived" in said
    assert "Sent: 20 Dec 2026 11:55 EET." in desks.said("way", "6-received")
    desks.run(lambda: move_plan(walk.ours, walk.plan, "arrived"))
    desks.tell("ours")  # the house on the way may not know of the handover, but of the state
    for name in desks.sessions:
        said = desks.said(name, "7-arrived")
        for word in ("late", "No arrival", "She has not checked in", "has not left"):
            assert word not in said, name
