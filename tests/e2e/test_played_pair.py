# SPDX-License-Identifier: GPL-3.0-or-later
"""Stockholm and Pskov, each from a bare store, run one return by their windows and a stick alone.

One window is open at a time, as the two sit at different computers; the one speaks Swedish, the
other Russian.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.e2e import played_before as before
from tests.e2e import played_pair as pair
from tests.e2e.played_house import House
from tests.e2e.played_voices import RUSSIAN, SWEDISH
from tests.e2e.player import CTRL, Player
from tests.gui.gui_samples import swept_after

from kfdesk.domain.desk.exchange import PartnerState
from kfdesk.domain.records.case.reception import Reception
from kfdesk.domain.records.client import Client
from kfdesk.domain.rows import view, view_any
from kfdesk.services import partners
from kfdesk.services.desk import Desk
from kfdesk.system import settings

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
Key = Qt.Key
SHARED = ("identity", "contact", "travel", "risk_summary", "reintegration_plan")


@dataclass
class Two:
    """The two computers, and the stick that goes between them."""

    stockholm: House
    pskov: House
    stick: Path
    at: House

    def opens(self, house: House, words: str = "") -> Player:
        """The window of one, and with words the door; the other's is closed."""
        self.at.closes()
        self.at = house
        player = house.opens()
        if words:
            before.opens(player, "EV", words)
        return player


@pytest.fixture
def two(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Two]:
    (tmp_path / "stick").mkdir()
    houses = [House(qtbot, qapp, tmp_path / name) for name in ("stockholm", "pskov")]
    for house in houses:
        house.folder.mkdir()
    made = Two(houses[0], houses[1], tmp_path / "stick", houses[0])
    monkeypatch.setattr(settings, "folder", lambda: made.at.folder / "settings")
    with swept_after():
        yield made
        made.at.closes()
    assert [bug for house in houses for bug in house.bugs] == []
    players = [player for house in houses for player in house.players]
    assert [lost for player in players for lost in player.lost] == []


def test_two_desks_meet_and_run_one_return_by_a_stick(two: Two) -> None:
    player = two.opens(two.stockholm)
    our_words = before.found(player, SWEDISH)
    pair.invite(player, two.stick)
    player = two.opens(two.pskov)
    their_words = pair.join(player, RUSSIAN, two.stick)
    heard = pair.read_digits(player)
    player = two.opens(two.stockholm, our_words)
    pair.add_answer(player, two.stick)
    assert pair.read_digits(player).split() == heard.split()
    player.presses(Key.Key_Escape)
    pair.hear_digits(player, heard)
    before.take_in(player, SWEDISH)
    before.say_who_she_is(player, SWEDISH)
    before.give_consent(player, SWEDISH, SWEDISH.receivers, "reception_and_reintegration", SHARED)
    pair.ask_reception(player, SWEDISH)
    asked = pair.send(player, two.stick)

    player = two.opens(two.pskov, their_words)
    pair.hear_digits(player, heard)
    pair.take_all_of(player, asked)
    pair.confirm_reception(player, RUSSIAN)
    answered = pair.send(player, two.stick)

    player = two.opens(two.stockholm, our_words)
    pair.take_all_of(player, answered)
    assert player.behind(statuses) == ["confirmed"]

    player = two.opens(two.pskov, their_words)
    player.presses(Key.Key_2, CTRL)
    player.presses(Key.Key_Return)
    pair.write_handover(player, RUSSIAN)
    received = pair.send(player, two.stick)

    player = two.opens(two.stockholm, our_words)
    pair.take_all_of(player, received)
    (handover,) = player.behind(lambda desk: list(desk.store.rows("handover")))
    seen = view_any(handover)
    assert (seen.record.result, seen.record.received_by) == ("received", RUSSIAN.received_by)
    assert handover.custodian != player.desk.identity.organisation
    assert player.behind(knows) == (PartnerState.VERIFIED, "Нина", 0)


def statuses(desk: Desk) -> list[object]:
    """What was answered to each enquiry."""
    return [view(row, Reception).record.status for row in desk.store.rows("reception")]


def knows(desk: Desk) -> tuple[PartnerState, object, int]:
    """How far the partner is trusted, whose plan it is, and how many fields are in conflict."""
    (line,) = partners.list_partners(desk)
    (client,) = desk.store.rows("client")
    torn = sum(len(view_any(row).conflicts) for row in desk.store.torn())
    return line.partner.state, view(client, Client).record.given_name, torn
