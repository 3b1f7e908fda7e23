# SPDX-License-Identifier: GPL-3.0-or-later
"""What two desks write in one plan, each its own words: asked, answered, approved, received.

Each step begins anywhere in the window. How their files travel stands in `played_pair`.
"""

from PySide6.QtCore import Qt
from tests.e2e import played_before
from tests.e2e.played_pair import to_plan
from tests.e2e.played_voices import Voice
from tests.e2e.player import Player

Key = Qt.Key
SHARED = ("identity", "contact", "travel", "risk_summary", "reintegration_plan")
SAID = ("safety", "housing", "health")


def say_who_she_is(player: Player, voice: Voice) -> None:
    """Enter who she is; she agrees to work with her case, to be received, and to be referred."""
    to_plan(player)
    played_before.say_who_she_is(player, voice)
    played_before.give_consent(player, voice, voice.ours, "case_management", SHARED)
    played_before.give_consent(
        player, voice, voice.receivers, "reception_and_reintegration", SHARED
    )
    needs = ("identity", "immediate_needs")
    played_before.give_consent(player, voice, voice.receivers, "referral_service", needs)


def goes_on(player: Player, state: str) -> None:
    """Every condition is met, and Enter takes the step."""
    to_plan(player)
    player.checks()
    player.presses(Key.Key_Return)
    assert player.state == state, sorted(player.texts())


def refer(player: Player, voice: Voice) -> None:
    """Enter a service that the receiver gives, and refer the client to it."""
    to_plan(player)
    player.goes_to_section("support")
    player.does("Add a service")
    player.chooses("service", "domain", "vocational")
    player.tells("service", "what", voice.measures)
    player.picks("service", "organisation", voice.receivers)
    player.saves()
    player.does("Refer her")
    assert player.sees("Referred, with her consent.")


def confirm_reception(player: Player, voice: Voice) -> None:
    """Confirm the reception for the receiver, with who will meet the client."""
    to_plan(player)
    player.goes_to_section("decision")
    player.does_for("Confirmed now", voice.receiver)
    player.does("Edit: {title}", title=voice.receiver)
    player.fills("reception", "received_by", voice.received_by)
    player.saves()


def accept_referral(player: Player, by: str) -> None:
    """Accept the referral for the receiver."""
    to_plan(player)
    player.goes_to_section("decision")
    player.does_for("Accepted now", by)


def weigh(player: Player, voice: Voice) -> None:
    """Enter the receiver's own risk assessment."""
    to_plan(player)
    player.goes_to_section("risk")
    player.does("Assess the risks")
    played_before.find_nothing(player)
    played_before.conclude(player, voice)


def approve(player: Player) -> None:
    """Give the approval that was asked for, as a person at the partner's desk."""
    to_plan(player)
    player.goes_to_section("decision")
    player.does("Approve…")
    player.does("Approve")
    assert player.sees("The decision to return was approved")


def change_carrier(player: Player, carrier: str) -> None:
    """Change who takes her on the second leg."""
    to_plan(player)
    player.goes_to_section("travel")
    player.goes_to("Legs of the journey")
    player.presses(Key.Key_Down)
    player.presses(Key.Key_Return)
    player.fills("leg", "carrier", carrier)
    player.saves()
    player.presses(Key.Key_Escape)


def come_through(player: Player) -> None:
    """Both legs arrive as they were booked."""
    to_plan(player)
    player.goes_to_section("travel")
    player.does("Has arrived")
    player.does("Check-in made")
    player.goes_to("Legs of the journey")
    player.presses(Key.Key_Down)
    for event in ("Has left", "Has arrived", "Check-in made"):
        player.does(event)


def write_handover(player: Player, voice: Voice) -> None:
    """Record the handover at the receiver's desk."""
    to_plan(player)
    player.goes_to_section("travel")
    player.does("Record the handover")
    player.sets_time("handover", "happened", "14.12.2026", "01:40", voice.their_clock)
    player.chooses("handover", "place", "door")
    player.fills("handover", "received_by", voice.received_by)
    player.chooses("handover", "result", "received")
    player.saves()


def write_follow_up(player: Player) -> None:
    """Record a follow-up contact at the receiver's desk, with how the client is."""
    to_plan(player)
    player.goes_to_section("follow_up")
    player.does("Add a contact")
    player.chooses("follow_up", "method", "in_person")
    player.writes_now("follow_up", "happened")
    player.chooses("follow_up", "result", "reached")
    for area in SAID:
        player.chooses("follow_up", area, "good")
    player.saves()


def withdraw(player: Player, voice: Voice) -> None:
    """She takes back that she may be spoken of there."""
    to_plan(player)
    player.goes_to_section("consent")
    player.does_for("Withdraw", voice.receiver)
    player.does("Withdraw now")
    assert player.sees("Tell them at once; the notice goes with the next file.")


def sees_that_they_know(player: Player) -> None:
    """Check that the partner has acknowledged the withdrawal."""
    to_plan(player)
    player.goes_to_section("consent")
    assert player.sees("They know that she has withdrawn it.")
