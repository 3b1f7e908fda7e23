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

from tests.e2e import played_across as across
from tests.e2e import played_before as before
from tests.e2e import played_journey as journey
from tests.e2e import played_pair as pair
from tests.e2e.played_seat import Seat, be_at, seated
from tests.e2e.played_voices import RUSSIAN, SWEDISH

Look = Callable[[Seat, str], None]


def meet(stockholm: Seat, pskov: Seat, stick: Path, look: Look) -> None:
    """They invite and join, and read the digits to one another."""
    stockholm.does(before.found, SWEDISH)
    stockholm.does(pair.invite, stick)
    pskov.does(pair.join, RUSSIAN, stick)
    heard = pskov.does(pair.read_digits)
    look(pskov, "digits")
    stockholm.does(pair.add_answer, stick)
    assert stockholm.does(pair.read_digits).split() == heard.split()
    stockholm.does(pair.hear_digits, heard)
    pskov.does(pair.hear_digits, heard)
    look(stockholm, "partner")


def ask_and_answer(stockholm: Seat, pskov: Seat, stick: Path, look: Look) -> None:
    """Whether she can be received is asked, and answered; both sides weigh the risks."""
    stockholm.does(before.take_in, SWEDISH)
    stockholm.does(before.enter_contacts, SWEDISH)
    stockholm.does(across.say_who_she_is, SWEDISH)
    stockholm.does(across.goes_on, "assessing")
    stockholm.does(before.assess, SWEDISH)
    stockholm.does(across.refer, SWEDISH)
    stockholm.does(pair.begin_to_send)
    look(stockholm, "send")
    asked = stockholm.does(pair.finish_sending, stick)
    pskov.does(pair.take, asked)
    look(pskov, "take")
    pskov.does(pair.apply)
    pskov.does(across.confirm_reception, RUSSIAN)
    pskov.does(across.accept_referral, SWEDISH.house)
    pskov.does(across.weigh, RUSSIAN)
    stockholm.does(pair.take_all_of, pskov.does(pair.send, stick))
    stockholm.does(across.goes_on, "decision_ready")
    look(stockholm, "answered")


def decide(stockholm: Seat, pskov: Seat, stick: Path, look: Look) -> None:
    """She signs. Nobody else is at the desk: a person at the partner's approves."""
    stockholm.does(before.decide, SWEDISH)
    pskov.does(pair.take_all_of, stockholm.does(pair.send, stick))
    pskov.does(across.approve)
    look(pskov, "approved")
    stockholm.does(pair.take_all_of, pskov.does(pair.send, stick))
    stockholm.does(across.goes_on, "approved")


def travel(stockholm: Seat, pskov: Seat, stick: Path, look: Look) -> None:
    """The journey is booked and leaves; both change it apart, one of them decides, she comes."""
    be_at(stockholm, pskov, "2026-12-11T12:00")
    stockholm.does(journey.book, SWEDISH)
    stockholm.does(journey.prepare, SWEDISH)
    stockholm.does(across.goes_on, "travel_ready")
    pskov.does(pair.take_all_of, stockholm.does(pair.send, stick))
    pskov.does(across.change_carrier, RUSSIAN.ferry)
    stockholm.does(across.change_carrier, SWEDISH.ferry)
    be_at(stockholm, pskov, "2026-12-12T17:20")
    stockholm.does(journey.leave)
    stockholm.does(pair.take, pskov.does(pair.send, stick))
    look(stockholm, "conflict")
    stockholm.does(pair.decide_for_theirs)
    pskov.does(pair.take_all_of, stockholm.does(pair.send, stick))
    look(pskov, "on-the-way")
    be_at(stockholm, pskov, "2026-12-14T00:10")
    stockholm.does(across.come_through)


def hand_over(stockholm: Seat, pskov: Seat, stick: Path, look: Look) -> None:
    """She has come, and the receiver says so; a week later it says how she is."""
    pskov.does(across.write_handover, RUSSIAN)
    look(pskov, "handover")
    stockholm.does(pair.take_all_of, pskov.does(pair.send, stick))
    stockholm.does(journey.be_there)
    pskov.does(pair.take_all_of, stockholm.does(pair.send, stick))
    be_at(stockholm, pskov, "2026-12-21T10:00")
    pskov.does(across.write_follow_up)
    look(pskov, "follow-up")
    stockholm.does(pair.take_all_of, pskov.does(pair.send, stick))


def take_back(stockholm: Seat, pskov: Seat, stick: Path, look: Look) -> None:
    """She takes her consent back; the partner learns it, and says that it knows."""
    stockholm.does(across.withdraw, SWEDISH)
    told = stockholm.does(pair.tell, stick)
    pskov.does(pair.take, told)
    look(pskov, "withdrawal")
    pskov.does(pair.apply)
    stockholm.does(pair.take, pskov.does(pair.tell, stick))
    stockholm.does(pair.apply)
    stockholm.does(across.sees_that_they_know)
    look(stockholm, "after")


PARTS = (meet, ask_and_answer, decide, travel, hand_over, take_back)


def main(folder: Path) -> None:
    """Play all of it, and keep pictures of both windows in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    numbers = iter(range(1, 99))

    def look(seat: Seat, what: str) -> None:
        seat.does(pair.picture, folder / f"{next(numbers):02}-{what}.png")

    with tempfile.TemporaryDirectory() as around:
        place = Path(around)
        (place / "stick").mkdir()
        with seated(place / "stockholm") as stockholm, seated(place / "pskov") as pskov:
            for part in PARTS:
                part(stockholm, pskov, place / "stick", look)


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    main(Path(sys.argv[1]))
