# SPDX-License-Identifier: GPL-3.0-or-later
"""What is played of a journey: it is booked and made ready, she leaves, misses a leg, and arrives.

Each step is one thing that a person does, by keys alone; what time it is then, is the play's.
"""

from PySide6.QtCore import Qt
from tests.e2e.played_voices import RUSSIAN, Voice
from tests.e2e.player import Player

from kfdesk.ui.widgets.collapsible import CollapseButton

Key = Qt.Key


def book(player: Player, voice: Voice) -> None:
    """Two legs, by places, times and clocks."""
    player.goes_to_section("travel")
    player.presses(Key.Key_Insert)
    player.names_place("leg", "from_place", voice.stockholm)
    player.names_place("leg", "to_place", voice.riga)
    player.sets_time("leg", "departs", "12.12.2026", "17:00")
    player.sets_time("leg", "arrives", "13.12.2026", "10:30")
    fill_leg(player, voice, "ferry", voice.ferry)
    player.sets_time("leg", "check_in", "13.12.2026", "10:45", voice.riga)
    player.saves()
    player.presses(Key.Key_Escape)
    player.presses(Key.Key_Insert)
    player.names_place("leg", "to_place", voice.pskov)
    player.sets_time("leg", "departs", "13.12.2026", "12:40")
    player.sets_time("leg", "arrives", "13.12.2026", "20:15")
    fill_leg(player, voice, "coach", voice.coach)
    player.sets_time("leg", "check_in", "13.12.2026", "20:30", voice.their_clock)
    player.fills("leg", "fallback", voice.fallback)
    player.saves()
    player.presses(Key.Key_Escape)


def fill_leg(player: Player, voice: Voice, mode: str, carrier: str) -> None:
    """Enter how a leg is travelled, and who meets her."""
    player.chooses("leg", "mode", mode)
    player.fills("leg", "carrier", carrier)
    player.chooses("leg", "status", "booked")
    player.tells("leg", "met_by", *voice.met_by)
    player.tells("leg", "sign", *voice.sign)


def make_ready(player: Player, voice: Voice) -> None:
    """Do the work of the day before, and confirm the reception by telephone."""
    prepare(player, voice)
    player.does_for("Confirmed now", voice.receiver)
    player.mends("reception_confirmed")
    player.fills("reception", "received_by", voice.received_by)
    player.saves()


def prepare(player: Player, voice: Voice) -> None:
    """Do the work of the day before: numbers, passport, escort, the last talk."""
    for number, text in enumerate(("+46 70-174 06 15", "+7 000 555-01-17"), start=1):
        player.does("Add a help number")
        player.types(text)
        player.fills("help_number", "sequence", str(number))
        player.tells("help_number", "hours", voice.hours, RUSSIAN.hours)
        player.saves()
        player.does("Called now: {number}", number=text)
    player.does("Add a document")
    player.chooses("travel_document", "kind", "passport")
    player.picks("travel_document", "country", voice.russia)
    player.fills("travel_document", "valid_until", "1.6.2029")
    player.chooses("travel_document", "status", "held_by_client")
    player.saves()
    unfold_company(player)
    player.chooses("plan", "escort_kind", "social")
    player.picks("plan", "escort", voice.escort[0])
    player.tells("plan", "luggage", voice.luggage, RUSSIAN.luggage)
    player.answers("plan", "fit_to_travel_needed", yes=False)
    player.saves()
    player.mends("wish_fresh")
    player.writes_now("plan", "wish_reconfirmed")
    player.mends("risk_fresh")
    player.writes_now("plan", "risk_read")
    player.saves()


def unfold_company(player: Player) -> None:
    """Open the card with company and needs, if it is folded."""
    fold = player.goes_to("Company and needs on the way")
    assert isinstance(fold, CollapseButton)
    if not fold.isChecked():
        player.presses(Key.Key_Space)


def leave(player: Player) -> None:
    """Record that the first leg has left; the plan follows to Travelling."""
    player.goes_to_section("travel")
    player.goes_to("Legs of the journey")
    player.presses(Key.Key_Up)
    player.does("Has left")
    assert player.state == "travelling"


def miss_a_leg(player: Player) -> None:
    """She comes in by the first leg; the second goes without her."""
    player.goes_to_section("travel")
    player.does("Has arrived")
    player.does("Check-in made")
    player.goes_to("Legs of the journey")
    player.presses(Key.Key_Down)
    player.does("Missed")
    assert any(
        player.says("She missed a connection, and no replacement leg has been added.") in text
        for text in player.texts(player.page.parts["travel"])
    )


def take_another(player: Player) -> None:
    """Enter a new leg that replaces the missed one and ends the alarm."""
    player.does("New leg")
    player.sets_time("leg", "departs", "13.12.2026", "18:00")
    player.sets_time("leg", "arrives", "14.12.2026", "01:30")
    player.chooses("leg", "status", "booked")
    player.saves()
    player.presses(Key.Key_Escape)
    missed = player.says("She missed a connection, and no replacement leg has been added.")
    assert not any(missed in text for text in player.texts(player.page.parts["travel"]))
    assert player.state == "travelling"


def arrive(player: Player, voice: Voice) -> None:
    """Record the arrival of the last leg, and the handover at the door."""
    player.does("Has arrived")
    player.does("Check-in made")
    player.does("Record the handover")
    player.sets_time("handover", "happened", "14.12.2026", "01:40", voice.their_clock)
    player.chooses("handover", "place", "door")
    player.fills("handover", "given_by", voice.escort[0])
    player.fills("handover", "received_by", voice.received_by)
    player.chooses("handover", "result", "received")
    player.answers("handover", "confirmed_by_client", yes=True)
    player.saves()
    be_there(player)


def be_there(player: Player) -> None:
    """Move the plan to Arrived."""
    player.checks()
    player.presses(Key.Key_Return)
    player.does("Move to: {state}", state=player.says("Arrived"))
