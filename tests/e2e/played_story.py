# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole story of two desks, each at its own window: from an invitation to a withdrawal.

`python -m tests.e2e.played_story FOLDER` plays it for its pictures, which `make demo` shows. What
the one knows of the other came by the stick, or was read over the telephone.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.e2e import played_across, played_before, played_journey, played_pair
from tests.e2e.played_seat import Seat, be_at, seated
from tests.e2e.played_voices import RUSSIAN, SWEDISH

Look = Callable[[Seat, str], None]


def meet(stockholm: Seat, pskov: Seat, stick: Path, look: Look) -> None:
    """They invite and join, and read the digits to one another."""
    stockholm.does(played_before.found, SWEDISH)
    stockholm.does(played_pair.invite, stick)
    pskov.does(played_pair.join, RUSSIAN, stick)
    heard = pskov.does(played_pair.read_digits)
    look(pskov, "digits")
    stockholm.does(played_pair.add_answer, stick)
    assert stockholm.does(played_pair.read_digits).split() == heard.split()
    stockholm.does(played_pair.hear_digits, heard)
    pskov.does(played_pair.hear_digits, heard)
    look(stockholm, "partner")


def ask_and_answer(stockholm: Seat, pskov: Seat, stick: Path, look: Look) -> None:
    """Ask and answer if she can be received; both sides assess the risks."""
    stockholm.does(played_before.take_in, SWEDISH)
    stockholm.does(played_before.enter_contacts, SWEDISH)
    stockholm.does(played_across.say_who_she_is, SWEDISH)
    stockholm.does(played_across.goes_on, "assessing")
    stockholm.does(played_before.assess, SWEDISH)
    stockholm.does(played_across.refer, SWEDISH)
    stockholm.does(played_pair.begin_to_send)
    look(stockholm, "send")
    asked = stockholm.does(played_pair.finish_sending, stick)
    pskov.does(played_pair.take, asked)
    look(pskov, "take")
    pskov.does(played_pair.apply)
    pskov.does(played_across.confirm_reception, RUSSIAN)
    pskov.does(played_across.accept_referral, SWEDISH.house)
    pskov.does(played_across.weigh, RUSSIAN)
    stockholm.does(played_pair.take_all_of, pskov.does(played_pair.send, stick))
    stockholm.does(played_across.goes_on, "decision_ready")
    look(stockholm, "answered")


def decide(stockholm: Seat, pskov: Seat, stick: Path, look: Look) -> None:
    """She signs. Nobody else is at the desk: a person at the partner's approves."""
    stockholm.does(played_before.decide, SWEDISH)
    pskov.does(played_pair.take_all_of, stockholm.does(played_pair.send, stick))
    pskov.does(played_across.approve)
    look(pskov, "approved")
    stockholm.does(played_pair.take_all_of, pskov.does(played_pair.send, stick))
    stockholm.does(played_across.goes_on, "approved")


def travel(stockholm: Seat, pskov: Seat, stick: Path, look: Look) -> None:
    """Play the journey: book and leave, change on both sides, resolve, arrive."""
    be_at(stockholm, pskov, "2026-12-11T12:00")
    stockholm.does(played_journey.book, SWEDISH)
    stockholm.does(played_journey.prepare, SWEDISH)
    stockholm.does(played_across.goes_on, "travel_ready")
    pskov.does(played_pair.take_all_of, stockholm.does(played_pair.send, stick))
    pskov.does(played_across.change_carrier, RUSSIAN.ferry)
    stockholm.does(played_across.change_carrier, SWEDISH.ferry)
    be_at(stockholm, pskov, "2026-12-12T17:20")
    stockholm.does(played_journey.leave)
    stockholm.does(played_pair.take, pskov.does(played_pair.send, stick))
    look(stockholm, "conflict")
    stockholm.does(played_pair.decide_for_theirs)
    pskov.does(played_pair.take_all_of, stockholm.does(played_pair.send, stick))
    look(pskov, "on-the-way")
    be_at(stockholm, pskov, "2026-12-14T00:10")
    stockholm.does(played_across.come_through)


def hand_over(stockholm: Seat, pskov: Seat, stick: Path, look: Look) -> None:
    """She has come, and the receiver says so; a week later it says how she is."""
    pskov.does(played_across.write_handover, RUSSIAN)
    look(pskov, "handover")
    stockholm.does(played_pair.take_all_of, pskov.does(played_pair.send, stick))
    stockholm.does(played_journey.be_there)
    pskov.does(played_pair.take_all_of, stockholm.does(played_pair.send, stick))
    be_at(stockholm, pskov, "2026-12-21T10:00")
    pskov.does(played_across.write_follow_up)
    look(pskov, "follow-up")
    stockholm.does(played_pair.take_all_of, pskov.does(played_pair.send, stick))


def take_back(stockholm: Seat, pskov: Seat, stick: Path, look: Look) -> None:
    """She takes her consent back; the partner learns it, and says that it knows."""
    stockholm.does(played_across.withdraw, SWEDISH)
    told = stockholm.does(played_pair.tell, stick)
    pskov.does(played_pair.take, told)
    look(pskov, "withdrawal")
    pskov.does(played_pair.apply)
    stockholm.does(played_pair.take, pskov.does(played_pair.tell, stick))
    stockholm.does(played_pair.apply)
    stockholm.does(played_across.sees_that_they_know)
    look(stockholm, "after")


PARTS = (meet, ask_and_answer, decide, travel, hand_over, take_back)


def main(folder: Path) -> None:
    """Play all of it, and keep pictures of both windows in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    numbers = iter(range(1, 99))

    def look(seat: Seat, what: str) -> None:
        seat.does(played_pair.picture, folder / f"{next(numbers):02}-{what}.png")

    with tempfile.TemporaryDirectory() as around:
        place = Path(around)
        (place / "stick").mkdir()
        with seated(place / "stockholm") as stockholm, seated(place / "pskov") as pskov:
            for part in PARTS:
                part(stockholm, pskov, place / "stick", look)


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    main(Path(sys.argv[1]))
