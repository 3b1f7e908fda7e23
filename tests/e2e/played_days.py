# SPDX-License-Identifier: GPL-3.0-or-later
"""The days when something happens, at the window: guides begun, gone through, and gone on with.

Each step is what a person does by keys, on the laptop that she has or on a bare one.
"""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from tests.e2e.player import CTRL, Player
from tests.support.windows import is_locked

from kfdesk.services import accounts

Key = Qt.Key
LOST, LEAVER, NEW_KEY, MOVE, TRAVEL = (
    "A laptop is lost or stolen", "A colleague leaves", "A passphrase may have been seen",
    "Move to a new laptop", "Cross a border without the database",
)  # fmt: skip
COLLEAGUE = "sex andra ord för en annan"


def begin(player: Player, guide: str) -> None:
    """Go to a guide, or go on with it."""
    player.presses(Key.Key_8, CTRL)
    player.does(guide)


def is_at(player: Player, step: str) -> bool:
    """Return whether a step is the next; its sentences are on view."""
    return player.sees(step)


def back_up(player: Player, stick: Path) -> None:
    """Onto the stick, from the guide."""
    player.does("Another folder…")
    player.names_file(stick)
    player.does("Make a backup")
    player.rests()


def try_out(player: Player, words: str) -> None:
    """Try whether it opens."""
    player.goes_to("Your passphrase")
    player.types(words)
    player.presses(Key.Key_Return)
    player.rests()


def wipe(player: Player, words: str) -> None:
    """Nothing stays on this computer; a first run is on view."""
    player.goes_to("Your passphrase")
    player.types(words)
    before = len(player.lost)
    player.does("Destroy the database on this computer")
    player.waits_for(lambda: is_locked(player.program))
    del player.lost[before:]  # outside a play another process takes the window's place here


def restore(player: Player, stick: Path, words: str) -> None:
    """On a bare laptop, from the first run to the open desk."""
    player.does("I have a backup…")
    player.does("Another folder…")
    player.names_file(stick)
    player.goes_to("Initials")
    player.types("EV")
    player.presses(Key.Key_Return)
    player.types(words)
    player.presses(Key.Key_Return)
    player.waits_for(lambda: player.sees("Continue") or player.program.restore._is_done)
    player.does("Continue")
    enter(player, words)


def enter(player: Player, words: str) -> None:
    """Through the door."""
    player.goes_to("Initials")
    player.presses(Key.Key_A, CTRL)
    player.types("EV")
    player.presses(Key.Key_Return)
    player.types(words)
    player.presses(Key.Key_Return)
    player.waits_for(lambda: player.program.shell is not None)


def let_in_a_colleague(player: Player, words: str) -> None:
    """Somebody who is not here today."""
    player.behind(lambda desk: accounts.add_user(desk, words, "qq", COLLEAGUE, desk.roles))


def new_data_key(player: Player, words: str, *, others: str = "") -> None:
    """Everything is written anew; the notebook locks itself and is opened again."""
    player.does("A new data key…")
    player.goes_to("Your own passphrase")
    player.types(words)
    if others:
        player.goes_to("Passphrase of {initials}", initials="QQ")
        player.types(others)
    player.does("Rewrite everything and lock")
    player.waits_for(lambda: is_locked(player.program))
    assert player.sees("Everything was rewritten with a new data key, so the program locked itself")
    enter(player, words)
    player.rests()


def new_data_key_meanwhile(player: Player, words: str, key: Qt.Key) -> None:
    """While everything is written anew somebody comes in: lock, or hide and come back."""
    player.does("A new data key…")
    player.goes_to("Your own passphrase")
    player.types(words)
    button = player.goes_to("Rewrite everything and lock")
    QTest.keyClick(button, Key.Key_Space)
    assert player.program.kit.worker.is_busy
    window = player.program.window
    if key is Key.Key_L:
        QTest.keyClick(window, key, CTRL)
    else:
        QTest.keyClick(window, key)
        assert not window.isVisible() or window.isMinimized()
        window.showNormal()
        window.activateWindow()
        QTest.keyClick(window.cover.button, Key.Key_Space)
    player.waits_for(lambda: is_locked(player.program))
    enter(player, words)
    player.rests()


def says(player: Player, tick: str) -> None:
    """Tick the step."""
    player.does(tick)
    player.rests()


def shut_out(player: Player) -> list[str]:
    """Return who needs new words."""
    return [user.initials for user in player.behind(accounts.users_without_slot)]


def hand_over(player: Player) -> None:
    """Reassign the colleague's tasks to us."""
    for name, letter in (("Who leaves?", "Q"), ("Who takes over?", "E")):
        player.goes_to(name)
        player.types(letter)
    player.does("Hand over to the colleague")
    player.rests()


def remove(player: Player) -> None:
    """Remove the colleague's access."""
    for _ in range(2):  # to the page of the person, and there
        player.does("Remove {initials}…", initials="QQ")
    player.does("Remove")
    player.rests()


def plans(player: Player) -> int:
    """Return how many plans there are."""
    return len(player.behind(lambda desk: desk.store.rows("plan")))


def is_sound(player: Player) -> bool:
    """Return whether the store behind the window is whole."""
    return player.behind(lambda desk: desk.store.verify()) == ()


def new_signing_keys(player: Player, words: str) -> None:
    """Both are made anew, because the old ones may be in other hands; it locks itself."""
    player.does("Make new keys…")
    player.goes_to("The key that files to us are encrypted with")
    for _ in range(2):  # to the third answer
        player.presses(Key.Key_Down)
    player.presses(Key.Key_Space)
    player.does("Make new keys and lock")
    player.waits_for(lambda: is_locked(player.program))
    enter(player, words)
    player.rests()
