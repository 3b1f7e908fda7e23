# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the machine's clock can be believed.

Consents end and phones are tested by the clock, so a wrong one could open what is shut. In doubt
sending and printing wait until a person has looked; reading and writing never do.
"""

from datetime import UTC, datetime

from kfdesk.domain.desk.log import Action
from kfdesk.domain.desk.release import RELEASED
from kfdesk.domain.errors import KfdeskError
from kfdesk.services.desk import Desk

_CONFIRMED = "clock_confirmed"
_SLACK = 10 * 60 * 1000  # clocks are set by a few minutes now and then
_LEAP = 48 * 3600 * 1000


def clock_doubt(desk: Desk) -> str | None:
    """Why the clock is doubted: `before_release`, `before_audit`, `leapt`; None if it is not.

    `leapt`: wall clock and running time have parted by more than 48 hours since the store was
    opened. A doubt that was confirmed is not raised again until the clock goes back once more.
    """
    now = desk.milliseconds
    confirmed = int.from_bytes(desk.store.setting(_CONFIRMED) or b"", "big")
    if confirmed and 0 <= now - confirmed < _LEAP:
        return None
    released = datetime(RELEASED.year, RELEASED.month, RELEASED.day, tzinfo=UTC)
    if now < int(released.timestamp() * 1000) - _LEAP:
        return "before_release"
    newest = desk.store.ledger.newest_entry()
    if newest is not None and now < newest - _SLACK:
        return "before_audit"
    if abs(desk.rooms.clock.drift().total_seconds() * 1000) > _LEAP:
        return "leapt"
    return None


def require_clock(desk: Desk) -> None:
    """Raises KfdeskError `clock.before_release`, `clock.before_audit` or `clock.leapt` in doubt."""
    doubt = clock_doubt(desk)
    if doubt is not None:
        raise KfdeskError(f"clock.{doubt}")


def confirm_clock(desk: Desk) -> None:
    """A person has looked: date and time are right. Holds for 48 hours."""
    with desk.store.transaction():
        desk.store.set_setting(_CONFIRMED, desk.milliseconds.to_bytes(8, "big"))
        desk.log(Action.CLOCK)
