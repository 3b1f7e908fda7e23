# SPDX-License-Identifier: GPL-3.0-or-later
"""How two desks meet, send and take in a play, by keys and by what lies on a stick alone.

Nobody here looks into the other's store: what one knows of the other came in a file, or was read
over the telephone. What each writes in the plan stands in `played_across`.
"""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from tests.e2e import played_before
from tests.e2e.played_voices import Voice
from tests.e2e.player import CTRL, Player
from tests.support.windows import shell_of

from kfdesk.services.exchange import invitations

Key = Qt.Key
_LAID_OUT = 100  # milliseconds until everything on a page has its height


def invite(player: Player, stick: Path) -> None:
    """Create an invitation folder on the stick, with a page in Russian."""
    player.presses(Key.Key_5, CTRL)
    player.does("Invite a partner…")
    player.goes_to("Svenska")
    for _ in range(2):
        player.presses(Key.Key_Right)
    player.does("Make the folder…")
    player.names_file(stick)
    player.does("Done")


def join(player: Player, voice: Voice, stick: Path) -> str:
    """Go through the first run on the other computer from the stick. Return the passphrase."""
    played_before.speak(player, voice)
    player.does("I was invited…")
    player.names_file(stick)
    assert player.sees("You are joining: {name}.", name="Nordhuset")
    words = played_before.set_up(player, voice.receiver)
    player.does("In the EU or EEA")
    player.does("Add the partner")
    return words


def add_answer(player: Player, stick: Path) -> None:
    """Add the card that came back with the stick."""
    take(player, stick / invitations.INVITATION_FOLDER / invitations.ANSWER_FILE)
    player.does("In the EU or EEA")
    player.presses(Key.Key_Right)
    player.does("Ryska")
    player.does("Add the partner")


def read_digits(player: Player) -> str:
    """Return the sixty verification digits on view."""
    player.presses(Key.Key_5, CTRL)
    player.does("Compare the digits")
    return " ".join(label.text() for label in shell_of(player.program).page.step.rows)


def hear_digits(player: Player, heard: str) -> None:
    """They are typed as they are heard over a known number."""
    if shell_of(player.program).page.step is None:
        read_digits(player)
    player.goes_to("Or type all sixty digits as you hear them")
    player.types("".join(heard.split()))
    player.presses(Key.Key_Return)
    assert player.sees("The partner is verified. You can now send and import files.")


def send(player: Player, post: Path) -> Path:
    """Send a file with what the partner may have. Return its path."""
    begin_to_send(player)
    return finish_sending(player, post)


def begin_to_send(player: Player) -> None:
    """Show what would be sent; the one partner is already chosen."""
    player.presses(Key.Key_E, CTRL)
    assert player.sees("Review what will be sent before the file is made.")


def finish_sending(player: Player, post: Path) -> Path:
    """Write the file of what is on view. Return its path."""
    already = set(post.iterdir())
    player.does("Make the file…")
    player.names_file(post)
    player.does("Done")
    (made,) = set(post.iterdir()) - already
    return made


def take(player: Player, path: Path) -> None:
    """Choose a file or card among the incoming ones, and preview it."""
    player.presses(Key.Key_I, CTRL)
    player.does("Choose files…")
    player.names_file(path)
    player.does("Show it")


def take_all_of(player: Player, path: Path) -> None:
    """Preview and import a file in which nothing is in conflict."""
    take(player, path)
    assert shell_of(player.program).page.step.incoming.review.conflicts == 0
    apply(player)


def apply(player: Player) -> None:
    """Import what is previewed, and show the plan again."""
    player.goes_to_button(shell_of(player.program).page.step.apply)
    player.presses(Key.Key_Space)
    to_plan(player)


def to_plan(player: Player) -> None:
    """Show the one plan, which may be open already."""
    player.presses(Key.Key_2, CTRL)
    if shell_of(player.program).page.plan is None:
        player.presses(Key.Key_Return)


def decide_for_theirs(player: Player) -> None:
    """Both values are on view with who wrote them, and the partner's is to hold."""
    step = shell_of(player.program).page.step
    assert step.incoming.review.conflicts == 1
    assert player.sees("Ours")
    assert player.sees("Theirs")
    player.presses(Key.Key_3)
    assert step.open_fields == 0
    apply(player)


def withdraw(player: Player, voice: Voice) -> None:
    """She takes back that she may be spoken of there."""
    to_plan(player)
    player.goes_to_section("consent")
    player.does_for("Withdraw", voice.receiver)
    player.does("Withdraw now")


def tell(player: Player, post: Path) -> Path:
    """Send a file that holds only notices and no case data. Return its path."""
    already = set(post.iterdir())
    player.presses(Key.Key_5, CTRL)
    player.does("Send the notice as a file…")
    player.names_file(post)
    assert player.sees("It contains no data about anyone, only what the partner must be told.")
    (made,) = set(post.iterdir()) - already
    return made


def picture(player: Player, path: Path) -> None:
    """Save a screenshot of the window."""
    window = player.program.window
    window.setUpdatesEnabled(True)
    QTest.qWait(_LAID_OUT)
    window.grab().save(str(path))
    window.setUpdatesEnabled(False)
