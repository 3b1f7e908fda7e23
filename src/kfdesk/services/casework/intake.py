# SPDX-License-Identifier: GPL-3.0-or-later
"""The first talk: a new client under a code of her own, and the draft of her plan.

Nothing has to be known to begin. The code says nothing of her: a word and two digits, drawn at
random, easy to say over a telephone in any language. Knows no page and no gate.
"""

from collections.abc import Iterator, Mapping, Sequence

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.client import Client
from kfdesk.domain.rows import Row, view, wire_changes
from kfdesk.domain.values import Value
from kfdesk.domain.writes import EMPTY
from kfdesk.services.desk import Changes, Desk, Random
from kfdesk.services.records import put_new

_LIST = "codes"
_LEAST, _NUMBERS = 10, 90  # from 10 to 99: both digits are always said
_TRIES = 1_000
_DRAWN = 8


def begin_plan(
    desk: Desk, client: Mapping[str, Value], plan: Mapping[str, Value] | None = None
) -> tuple[bytes, Changes]:
    """Keep a new client and the draft of her plan, in one transaction.

    `client` and `plan` are what is known already, by key; her code is drawn. Returns the plan's
    id, and what changed. Raises KfdeskError `field.…`, or `client.no_code_left`.
    """
    hers = wire_changes("client", {**client, "code": fresh_code(desk)})
    today = desk.rooms.clock.now().date()
    begun: dict[str, Value] = {"state": "draft", "owner": desk.user, "opened": today}
    draft = wire_changes("plan", {**(plan or {}), **begun})
    person = Row(desk.new_id(), "client", None, desk.identity.organisation, EMPTY)
    row = Row(desk.new_id(), "plan", person.rid, desk.identity.organisation, EMPTY)
    with desk.store.transaction():
        changes: Changes = put_new(desk, person, hers)
        changes |= put_new(desk, row, draft)
    return row.rid, changes


def fresh_code(desk: Desk) -> str:
    """A code that no client of this desk has. Raises KfdeskError `client.no_code_left`."""
    taken = {view(row, Client).record.code for row in desk.store.rows("client")}
    for code in _codes(desk.rooms.words(_LIST), desk.rooms.random):
        if code not in taken:
            return code
    raise KfdeskError("client.no_code_left")


def _codes(words: Sequence[str], random: Random) -> Iterator[str]:
    for _ in range(_TRIES if words else 0):
        drawn = int.from_bytes(random(_DRAWN), "big")
        number, word = divmod(drawn, len(words))
        yield f"{words[word]}-{_LEAST + number % _NUMBERS}"
