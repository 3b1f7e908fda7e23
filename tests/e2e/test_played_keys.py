# SPDX-License-Identifier: GPL-3.0-or-later
"""How many keys the work of every day takes: each Tab counts, the letters of a text do not.

A test fails when a form grows a stop on the way, or a step.
"""

from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from tests.e2e import played_before, player
from tests.e2e.played_house import House
from tests.e2e.played_voices import VOICES
from tests.e2e.player import ALT, CTRL, SHIFT, Player
from tests.gui.printer_samples import answer_printer

from kfdesk.demo import people
from kfdesk.domain.records.client import Client, Consent
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import view
from kfdesk.domain.values import ZonedTime, text_in_language
from kfdesk.ui.pages.printing import print_dialog

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

Key = Qt.Key
VOICE = VOICES["sv"]


class Keys:
    """A keyboard that counts."""

    def __init__(self) -> None:
        self.pressed = 0

    def keyClick(  # noqa: N802 - Qt's name
        self, widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = player.NONE
    ) -> None:
        self.pressed += 1
        QTest.keyClick(widget, key, modifiers)


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> Keys:
    made = Keys()
    monkeypatch.setattr(player, "QTest", made)
    return made


@pytest.fixture
def desk(house: House, keys: Keys) -> Player:
    """Return a window on a plan that was just begun."""
    return played_before.stands_at(house, VOICE, "draft")


def test_new_plan_with_the_least_takes_twelve_keys(desk: Player, keys: Keys) -> None:
    """Her language, an interpreter, and how to reach her."""
    keys.pressed = 0
    desk.presses(Key.Key_N, CTRL)
    desk.picks("client", "languages", VOICE.russian)
    desk.answers("client", "needs_interpreter", yes=True)
    desk.tells("client", "safe_contact", VOICE.safe_contact)
    desk.presses(Key.Key_Return, CTRL)
    assert keys.pressed <= 12, keys.pressed
    clients = desk.behind(lambda there: [view(row, Client) for row in there.store.rows("client")])
    assert any(
        one.record.needs_interpreter is True and "Endast" in str(one.record.safe_contact)
        for one in clients
    )


@pytest.mark.slow  # its cheaper sibling is in tests/gui/test_gui_travel.py
def test_first_leg_takes_thirty_keys(desk: Player, keys: Keys) -> None:
    """From, to, both times, the vehicle, and who meets her by which sign, in two languages."""
    desk.presses(Key.Key_N, CTRL)
    desk.picks("client", "languages", VOICE.russian)
    desk.presses(Key.Key_Return, CTRL)
    desk.goes_to_section("travel")
    before = legs(desk)
    keys.pressed = 0
    desk.presses(Key.Key_Insert)
    begins_place(desk, "from_place", VOICE.stockholm)
    begins_place(desk, "to_place", VOICE.riga)
    types_time(desk, "departs", "12.12.2026", "17:00")
    types_time(desk, "arrives", "13.12.2026", "10:30")
    chooses_by_letter(desk, "mode", "Fär")
    desk.goes_to_field("leg", "carrier")
    desk.types(VOICE.ferry)
    for key, texts in (("met_by", VOICE.met_by), ("sign", VOICE.sign)):
        desk.goes_to_field("leg", key)
        desk.types(texts[0])
        desk.presses(Key.Key_Tab)
        desk.types(texts[1])
    desk.saves()
    assert keys.pressed <= 30, keys.pressed
    (leg,) = [one for one in legs(desk) if one not in before]
    assert [text_in_language(leg.from_place, code) for code in ("sv", "ru")] == [
        "Stockholm", "Стокгольм"
    ]  # fmt: skip
    assert [text_in_language(leg.met_by, code) for code in ("sv", "ru")] == list(VOICE.met_by)
    assert [text_in_language(leg.sign, code) for code in ("sv", "ru")] == list(VOICE.sign)
    assert (leg.mode, leg.carrier) == ("ferry", VOICE.ferry)
    assert leg.departs == ZonedTime.at(datetime(2026, 12, 12, 17), people.STOCKHOLM)  # noqa: DTZ001
    assert leg.arrives == ZonedTime.at(datetime(2026, 12, 13, 10, 30), people.RIGA)  # noqa: DTZ001


@pytest.mark.slow  # its cheaper sibling is in tests/gui/test_gui_consent.py
def test_consent_takes_twenty_keys(desk: Player, keys: Keys) -> None:
    """To whom, for what, two groups of data, what was explained, and how she agreed."""
    desk.presses(Key.Key_2, CTRL)
    desk.presses(Key.Key_Return)
    desk.goes_to_section("consent")
    before = consents(desk)
    keys.pressed = 0
    desk.presses(Key.Key_N, ALT)
    desk.picks("consent", "recipient", VOICE.ours)
    desk.goes_to_field("consent", "purpose")
    desk.types("Ären")
    desk.ticks("consent", "groups", ("identity", "contact"))
    desk.saves()  # leads to what is missing: the points to explain
    desk.presses(Key.Key_Space)
    desk.saves()  # then to how she agreed
    desk.types("Under")
    desk.saves()
    assert keys.pressed <= 20, keys.pressed
    (made,) = [one for one in consents(desk) if one not in before]
    assert made.purpose == "case_management"
    assert made.groups == ("identity", "contact")
    assert made.form == "written_signature"


def test_sheet_comes_to_the_printer_by_four_actions(
    house: House, keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the list of plans: the plan, its sheet, *Print…*, and the answer to the printer."""
    monkeypatch.setattr(print_dialog, "has_printer", lambda: True)
    desk = played_before.stands_at(house, VOICE, "travel_ready")
    desk.presses(Key.Key_2, CTRL)
    keys.pressed = 0
    desk.presses(Key.Key_Return)
    desk.presses(Key.Key_P, CTRL | SHIFT)
    desk.presses(Key.Key_Return)
    answer_printer(desk.page, tmp_path / "sheet.pdf")  # as Enter does
    desk.rests()
    assert keys.pressed + 1 <= 4
    assert desk.sees("The sheet has been sent to the printer.")
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")


def begins_place(desk: Player, key: str, begins: str) -> None:
    """Type how a place begins, and take the first that is offered."""
    desk.goes_to_field("leg", key)
    desk.types(begins)
    desk.presses(Key.Key_Down)
    desk.presses(Key.Key_Return)


def types_time(desk: Player, key: str, day: str, clock: str) -> None:
    """Type a day and a time of day."""
    desk.goes_to_field("leg", key)
    desk.types(day)
    desk.presses(Key.Key_Tab)
    desk.types(clock)


def chooses_by_letter(desk: Player, key: str, begins: str) -> None:
    """Choose the option that begins so."""
    desk.goes_to_field("leg", key)
    desk.types(begins)


def consents(desk: Player) -> list[Consent]:
    return desk.behind(
        lambda there: [view(row, Consent).record for row in there.store.rows("consent")]
    )


def legs(desk: Player) -> list[Leg]:
    return desk.behind(lambda there: [view(row, Leg).record for row in there.store.rows("leg")])
