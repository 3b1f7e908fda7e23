# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody must be told by telephone, as lines: withdrawals and requests to erase.

One request to erase a client is many orders, one for each record; here they are one line for each
partner. Asks services and returns values; what a line crosses off is in it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.desk import Desk
from kfdesk.services.policy.access import READING
from kfdesk.services.sharing import asking, notices
from kfdesk.services.sharing.asking import SEEING, OrderLine
from kfdesk.services.sharing.notices import Call
from kfdesk.ui.pages.notice_views.telling import withdrawn_since
from kfdesk.ui.words import Message


@dataclass(frozen=True, slots=True)
class ToTell:
    """Who is to be told what, how far that is by files, and what notes that it was told."""

    name: str
    words: Message
    state: Message
    note: Callable[[Desk], object]


def read_to_tell(desk: Desk) -> tuple[ToTell, ...]:
    """Everybody who has not confirmed, whom no file reaches first, as far as one may know."""
    calls = notices.read_calls(desk) if any(map(desk.may, READING)) else ()
    orders = asking.call_list(desk) if any(map(desk.may, SEEING)) else ()
    withdrawals = [(call.has_desk, _of_call(call)) for call in calls]
    erasures = [(group[0].is_by_file, _of_orders(group)) for group in _groups(orders)]
    both = sorted([*withdrawals, *erasures], key=lambda pair: pair[0])
    return tuple(line for _, line in both)


def _of_call(call: Call) -> ToTell:
    return ToTell(
        call.name,
        partial(_withdrawal, call),
        _state(is_by_file=call.has_desk, is_sent=call.is_sent),
        lambda desk: notices.note_called(desk, call.consent, call.recipient),
    )


def _of_orders(group: tuple[OrderLine, ...]) -> ToTell:
    def note(desk: Desk) -> None:
        for one in group:
            asking.note_order_told(desk, one.partner, one.id)

    first = group[0]
    state: Message = _state(is_by_file=first.is_by_file, is_sent=first.is_sent)
    if first.is_by_file and first.is_overdue and first.deadline is not None:
        state = partial(_overdue, first.deadline)
    return ToTell(first.name, partial(_erasure, first, len(group)), state, note)


def _groups(orders: Iterable[OrderLine]) -> tuple[tuple[OrderLine, ...], ...]:
    """Those that were asked of one partner at once, in the order in which they came."""
    found: dict[tuple[bytes, int, str], list[OrderLine]] = {}
    for one in orders:
        found.setdefault((one.partner, one.milliseconds, one.reason), []).append(one)
    return tuple(map(tuple, found.values()))


def _withdrawal(call: Call, language: Language) -> str:
    """`Safe house: tulpan-47, consent withdrawn, 3 December 2026, 14:05`."""
    since = withdrawn_since(call.withdrawn, language)
    sentence = (
        N_("{name}: {code}, consent withdrawn, {time}")
        if since
        else N_("{name}: {code}, consent withdrawn")
    )
    return language.gettext(sentence).format(
        name=call.name or "–", code=call.code or "–", time=since
    )


def _erasure(one: OrderLine, count: int, language: Language) -> str:
    """`Safe house: 9 records to be erased, asked on 3 December 2026`."""
    asked = datetime.fromtimestamp(one.milliseconds / 1000, tz=UTC).astimezone().date()
    return language.ngettext(
        "{name}: {count} record to be erased, asked on {day}",
        "{name}: {count} records to be erased, asked on {day}",
        count,
    ).format(name=one.name or "–", count=count, day=language.day(asked, year=True))


def _overdue(deadline: date, language: Language) -> str:
    sentence = N_("They have not answered by {day}: call them.")
    return language.gettext(sentence).format(day=language.day(deadline, year=True))


def _state(*, is_by_file: bool, is_sent: bool) -> str:
    if not is_by_file:
        return N_("No file goes to them: tell them by telephone.")
    if is_sent:
        return N_("A file with it has left, and they have not confirmed it.")
    return N_("No file with it has left yet.")
