# SPDX-License-Identifier: GPL-3.0-or-later
"""Two laptops of one shelter, in the hall and in the office, each at its own window.

They are one desk in practice: everything but drafts goes from one to the other, without a consent.
The one in the office is suspended, trusted again, and lost.
"""

from pathlib import Path

from PySide6.QtCore import Qt
from tests.e2e import played_before, played_pair
from tests.e2e.played_voices import RUSSIAN, SWEDISH
from tests.e2e.player import CTRL, Player

from kfdesk.services.exchange import invitations

Key = Qt.Key


def invite(player: Player, stick: Path) -> None:
    """Create the invitation folder for another laptop of ours."""
    player.presses(Key.Key_5, CTRL)
    player.does("Invite a partner…")
    player.goes_to("Another organisation")
    player.presses(Key.Key_Right)
    player.does("Make the folder…")
    player.names_file(stick)
    player.does("Done")


def join(player: Player, stick: Path) -> None:
    """Go through the first run at the office; the organisation has its name already."""
    played_before.speak(player, RUSSIAN)
    player.does("I was invited…")
    player.names_file(stick)
    assert player.sees("Another laptop belonging to {name}.", name=SWEDISH.house)
    played_before.set_up(player)
    name_it(player, SWEDISH.alias)


def add_answer(player: Player, stick: Path) -> None:
    """Add the card that came back from the office."""
    played_pair.take(player, stick / invitations.INVITATION_FOLDER / invitations.ANSWER_FILE)
    name_it(player, RUSSIAN.alias)


def name_it(player: Player, name: str) -> None:
    """Of a laptop of our own nothing is asked but what it is called."""
    player.types(name)
    player.does("Add the partner")


def tick_digits(player: Player) -> str:
    """Confirm that both laptops show the same digits. Return them."""
    digits = played_pair.read_digits(player)
    player.does("Both laptops show the same digits")
    player.does("The digits are the same")
    assert player.sees("The partner is verified. You can now send and import files.")
    return digits


def begin_a_note(player: Player, text: str) -> None:
    """Somebody has begun to type her other name, and is called away."""
    played_pair.to_plan(player)
    player.goes_to_section("person")
    player.fills("client", "family_name", text)
    player.waits_for(lambda: player.behind(lambda desk: bool(desk.store.drafts.of_user(desk.user))))


def rename(player: Player, name: str) -> None:
    """She says what she wants to be called."""
    played_pair.to_plan(player)
    player.goes_to_section("person")
    player.fills("client", "alias", name)
    player.saves()


def suspend(player: Player) -> None:
    """Suspend the other laptop, which is missing."""
    player.presses(Key.Key_5, CTRL)
    player.does("Suspend")
    assert player.sees("suspended")


def go_on(player: Player) -> None:
    """Resume the other laptop, which was found."""
    player.presses(Key.Key_5, CTRL)
    player.does("Resume")
    assert player.sees("verified")


def revoke(player: Player) -> None:
    """Revoke the other laptop, which is lost for good; confirm the question."""
    player.presses(Key.Key_5, CTRL)
    player.does("Revoke the card…")
    player.does("Revoke it now")
    assert player.sees("revoked")


def is_refused(player: Player, path: Path, words: str) -> None:
    """Preview a file of theirs, and check the reason for which it is refused."""
    played_pair.take(player, path)
    assert player.sees(words), sorted(player.texts())


def has_nobody_to_send_to(player: Player) -> None:
    """Check that no one is offered where a file begins."""
    player.presses(Key.Key_E, CTRL)
    assert player.sees("No partner is verified yet"), sorted(player.texts())
    player.presses(Key.Key_Escape)
