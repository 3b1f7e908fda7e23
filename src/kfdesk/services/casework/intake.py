# SPDX-License-Identifier: GPL-3.0-or-later
"""The first talk: a new client under a code of her own, and the draft of her plan.

Nothing has to be known to begin. The code says nothing of her: a word and two digits, drawn at
random, easy to say over a telephone in any language. What is typed before she begins is one draft,
of her; what belongs to the plan stands in it as typed, under keys that no client has. Knows no page
and no gate.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from kfdesk.domain.desk.draft import Draft
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import Wire
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row, view, wire_changes
from kfdesk.domain.values import Value
from kfdesk.domain.writes import EMPTY
from kfdesk.services.desk import Changes, Desk, Random
from kfdesk.services.policy.access import EDITING
from kfdesk.services.writing.drafts import MOST_TYPED, Form
from kfdesk.services.writing.records import put_new

_LIST = "codes"
_LEAST, _NUMBERS = 10, 90  # from 10 to 99: both digits are always said
_TRIES = 1_000
_DRAWN = 8
_OF_PLAN = "plan."
_READ, _TYPED = "=", "~"  # a value of the plan, or what was typed and is none yet


@dataclass(frozen=True, slots=True)
class Talk:
    """A first talk that is not finished: what is known of her, and of her plan."""

    rid: bytes
    client: Form
    plan: Form


def begin_plan(
    desk: Desk,
    client: Mapping[str, Value],
    plan: Mapping[str, Value] | None = None,
    rid: bytes | None = None,
) -> tuple[bytes, Changes]:
    """Keep a new client and the draft of her plan, in one transaction.

    `client` and `plan` are what is known already, by key; her code is drawn, if it is not among
    that or was given away meanwhile. `rid` is the draft of the talk, which is gone with that, and
    her id. Returns the plan's id, and what changed. Raises KfdeskError `field.…`, or
    `client.no_code_left`.
    """
    desk.require(*EDITING)
    hers = wire_changes("client", {**client, "code": _code_for(desk, client.get("code"))})
    today = desk.rooms.clock.now().date()
    begun: dict[str, Value] = {"state": "draft", "owner": desk.user, "opened": today}
    draft = wire_changes("plan", {**(plan or {}), **begun})
    person = Row(rid or desk.new_id(), "client", None, desk.identity.organisation, EMPTY)
    row = Row(desk.new_id(), "plan", person.rid, desk.identity.organisation, EMPTY)
    with desk.store.transaction():
        changes: Changes = put_new(desk, person, hers)
        changes |= put_new(desk, row, draft)
        desk.store.drafts.drop(person.rid, desk.user)
    return row.rid, changes


def keep_talk(desk: Desk, talk: Talk) -> None:
    """Keep what is known so far as a draft; with nothing but a code, none is kept.

    Raises KfdeskError `field.…` for a value not of its kind (it belongs into `typed`).
    """
    values = _wires(talk.client)
    of_plan = {key: f"{_READ}{json.dumps(wire)}" for key, wire in _wires(talk.plan).items()}
    of_plan |= {key: f"{_TYPED}{text}" for key, text in talk.plan.typed.items()}
    typed = {**talk.client.typed, **{f"{_OF_PLAN}{key}": text for key, text in of_plan.items()}}
    if any(len(text) > MOST_TYPED for text in typed.values()):
        raise KfdeskError("field.too_long")
    typed = {key: text.encode("utf-8", "replace").decode() for key, text in typed.items()}
    with desk.store.transaction():
        if typed or values.keys() - {"code"}:
            draft = Draft(
                talk.rid, desk.user, "client", None, desk.milliseconds, frozenset(), values, typed
            )
            desk.store.drafts.keep(draft)
        else:
            desk.store.drafts.drop(talk.rid, desk.user)


def talk_of(desk: Desk, rid: bytes) -> Talk | None:
    """A first talk to go on with; None if it was finished or discarded."""
    draft = desk.store.drafts.one(rid, desk.user)
    if draft is None or draft.type != "client" or desk.store.row(rid) is not None:
        return None
    of_plan = {
        key.removeprefix(_OF_PLAN): text
        for key, text in draft.typed.items()
        if key.startswith(_OF_PLAN)
    }
    read = {key: _wire(text[1:]) for key, text in of_plan.items() if text.startswith(_READ)}
    unread = {key: text[1:] for key, text in of_plan.items() if text.startswith(_TYPED)}
    hers = {key: text for key, text in draft.typed.items() if not key.startswith(_OF_PLAN)}
    client = Form("client", _values("client", draft.values), hers)
    return Talk(rid, client, Form("plan", _values("plan", read), unread))


def _wire(text: str) -> Wire:
    wire = json.loads(text)
    return tuple(wire) if isinstance(wire, list) else wire


def _wires(form: Form) -> dict[str, Wire]:
    by_id = TYPES[form.type].by_id
    return {by_id[fid].key: wire for fid, wire in wire_changes(form.type, form.values).items()}


def _values(record_type: str, kept: Mapping[str, Wire]) -> dict[str, Value]:
    fields, found = TYPES[record_type].fields, dict[str, Value]()
    for key, wire in kept.items():
        with suppress(KfdeskError, KeyError):  # what an older program took and this one does not
            found[key] = fields[key].kind.decode(wire)
    return found


def fresh_code(desk: Desk) -> str:
    """A code that no client of this desk has.

    Raises KfdeskError `client.no_code_left` or `user.not_allowed`.
    """
    desk.require(*EDITING)
    taken = _taken(desk)
    for code in _codes(desk.rooms.words(_LIST), desk.rooms.random):
        if code not in taken:
            return code
    raise KfdeskError("client.no_code_left")


def _code_for(desk: Desk, wanted: Value) -> str:
    is_free = isinstance(wanted, str) and bool(wanted) and wanted not in _taken(desk)
    return str(wanted) if is_free else fresh_code(desk)


def _taken(desk: Desk) -> set[object]:
    return {view(row, Client).record.code for row in desk.store.rows("client")}


def _codes(words: Sequence[str], random: Random) -> Iterator[str]:
    for _ in range(_TRIES if words else 0):
        drawn = int.from_bytes(random(_DRAWN), "big")
        number, word = divmod(drawn, len(words))
        yield f"{words[word]}-{_LEAST + number % _NUMBERS}"
