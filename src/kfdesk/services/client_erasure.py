# SPDX-License-Identifier: GPL-3.0-or-later
"""Erasure of a client by two people, or by her signed wish and a day of waiting.

This is the one door to an erasure that people decide: from the page of a plan, by the answer to a
partner, and by the command line. The user types the passphrase. Then there is a second person who
may erase, or her wish was recorded a day ago and nobody has taken it back. While she is on her way
nothing is erased, unless a law demands it and two people do it.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from kfdesk.domain.accounts import Credentials, Right
from kfdesk.domain.audit import Action
from kfdesk.domain.backup import MAX_BACKUP_AGE, backup_time
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import Direction, PartnerState
from kfdesk.domain.records.directory import Phone
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.registers import is_deleted
from kfdesk.domain.rows import Row, view
from kfdesk.domain.values import text_or_empty
from kfdesk.domain.workflow.transit import Transit
from kfdesk.services.core.authorization import client_above
from kfdesk.services.core.records import client_code, require_record
from kfdesk.services.core.second_person import (
    check_own_passphrase,
    check_second_person,
    possible_seconds,
)
from kfdesk.services.core.session import Changes, Session, require_plausible_clock
from kfdesk.services.exchange.erasure import (
    answer_erasure_requests,
    erase_client,
    require_erasable,
)
from kfdesk.services.plans.plans import name_of
from kfdesk.services.plans.retention import ErasurePreview, preview_erasure
from kfdesk.services.plans.transit import transit_of
from kfdesk.services.upkeep.backup import backup_state, list_backups

WAITING_TIME = timedelta(hours=24)
_WISHES = "erasure_wishes"
_CHANGES = Changes(frozenset({"client", "plan"}))


@dataclass(frozen=True, slots=True)
class ErasureProof:
    """The passphrases that are typed before an erasure: the user's, and that of a second person."""

    own: str = field(repr=False)
    second: Credentials | None = None


@dataclass(frozen=True, slots=True)
class ErasureWish:
    """A wish to be erased: the day on which she signed it, who recorded it and when.

    `signed` is None where the retention period is over, of which she was told. `ready` is when one
    person may erase. Both times are milliseconds since 1970 (UTC).
    """

    client: bytes
    signed: date | None
    recorded_by: str
    recorded: int
    ready: int
    is_ready: bool
    plan: bytes = b""
    code: str = ""


@dataclass(frozen=True, slots=True)
class ErasureTerms:
    """The effect of an erasure and the conditions for it, as the page says them before it.

    `asked` are the partners who are asked by a file, `to_call` others with their number if there is
    one. `backups` are those that still hold her, with the last day of each. `seconds` are the
    initials of who could be the second person.
    """

    leaving: ErasurePreview
    asked: tuple[str, ...] = field(default=(), repr=False)
    to_call: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    backups: tuple[tuple[Path, date], ...] = ()
    transit: Transit | None = None
    wish: ErasureWish | None = None
    seconds: tuple[str, ...] = ()
    is_period_over: bool = False


def read_erasure_terms(desk: Session, client: bytes) -> ErasureTerms:
    """Return what erasing a client would do and needs.

    Raise KfdeskError `user.not_allowed`, or `record.missing` for anything but a client here.
    """
    desk.require(Right.ERASE)
    _client_row(desk, client)
    asked, to_call = _holders(desk, client)
    return ErasureTerms(
        preview_erasure(desk, client), asked, to_call, _backups(desk), transit_of(desk, client),
        _wish_of(desk, client), possible_seconds(desk, Right.ERASE), _is_period_over(desk, client),
    )  # fmt: skip


def record_erasure_wish(desk: Session, client: bytes, signed: date | None) -> Changes:
    """Record that she has signed her wish to be erased; from now on 24 hours are waited.

    Without `signed`, record that the retention period of all her plans is over. A wish that stands
    keeps its time. Raise KfdeskError `user.not_allowed`, `record.missing`, `clock.…`,
    `erasure.signed_later` or `erasure.not_signed`.
    """
    desk.require(Right.ERASE)
    _client_row(desk, client)
    require_plausible_clock(desk)
    if signed is None and not _is_period_over(desk, client):
        raise KfdeskError("erasure.not_signed")
    if signed is not None and signed > desk.adapters.clock.now().date():
        raise KfdeskError("erasure.signed_later")
    wishes = _wishes(desk)
    if client.hex() not in wishes:
        told: list[int | str] = [desk.milliseconds, signed.isoformat() if signed else "", desk.user]
        with desk.store.transaction():
            _keep_wishes(desk, {**wishes, client.hex(): told})
            desk.log(Action.ERASE_WISH, client)
    return _CHANGES


def take_back_erasure_wish(desk: Session, client: bytes) -> Changes:
    """Take a wish to be erased back; nothing was erased.

    Raise KfdeskError `user.not_allowed` or `record.missing`.
    """
    desk.require(Right.ERASE)
    _client_row(desk, client)
    wishes = _wishes(desk)
    if wishes.pop(client.hex(), None) is not None:
        with desk.store.transaction():
            _keep_wishes(desk, wishes)
            desk.log(Action.ERASE_WISH_BACK, client)
    return _CHANGES


def list_erasure_waits(desk: Session) -> tuple[ErasureWish, ...]:
    """Return the wishes to be erased that stand, the oldest first.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(Right.ERASE)
    found = (_read_wish(desk, bytes.fromhex(rid), told) for rid, told in _wishes(desk).items())
    waits = (one for one in found if one is not None)
    return tuple(sorted(waits, key=lambda one: (one.ready, one.client)))


def carry_out_erasure(
    desk: Session, client: bytes, reason: ErasureReason, proof: ErasureProof
) -> Changes:
    """Erase a client for good, by two people or after the waiting time.

    Raise KfdeskError `user.not_allowed`, `record.missing`, `store.wrong_passphrase`,
    `approval.same_person`, `erasure.second_missing`, `erasure.waiting`, `erasure.…` while she is on
    her way, or as `erase_client` does; then nothing was erased.
    """
    desk.require(Right.ERASE)
    _client_row(desk, client)
    way = _check_proof(desk, (client,), proof)
    is_duty = reason is ErasureReason.LEGAL_DUTY and way == _TWO_PEOPLE
    require_erasable(desk, client, is_duty=is_duty)
    with desk.store.transaction():
        told = (*_second_initials(proof, way), way, reason.value)
        desk.log(Action.ERASE_APPROVED, client, told)
    changes = erase_client(desk, client, reason, is_duty=is_duty)
    with desk.store.transaction():
        _keep_wishes(desk, _wishes(desk))  # hers is gone with her
    return changes


def erase_as_asked(
    desk: Session, partner: bytes, orders: Iterable[bytes], proof: ErasureProof
) -> Changes:
    """Carry out requests of a partner, by two people or after the waiting time.

    A record that belongs to no client needs the user's passphrase alone. Raise as
    `carry_out_erasure` and `answer_erasure_requests` do.
    """
    desk.require(Right.ERASE)
    chosen = tuple(orders)
    clients = _clients_asked(desk, partner, chosen)
    way = _check_proof(desk, clients, proof)
    with desk.store.transaction():
        for client in sorted(clients):
            desk.log(Action.ERASE_APPROVED, client, (*_second_initials(proof, way), way))
    return answer_erasure_requests(desk, partner, chosen, erases=True)


# --- the proof

_TWO_PEOPLE, _WAITED, _ALONE = "two_people", "waited", "alone"


def _check_proof(desk: Session, clients: Iterable[bytes], proof: ErasureProof) -> str:
    """Return the way in which an erasure is proven: by two people, by waiting, or of nobody."""
    check_own_passphrase(desk, proof.own)
    if proof.second is not None:
        check_second_person(desk, proof.second, Right.ERASE)
        return _TWO_PEOPLE
    wishes = [_wish_of(desk, client) for client in clients]
    if not wishes:
        return _ALONE
    require_plausible_clock(desk)
    if any(wish is None for wish in wishes):
        raise KfdeskError("erasure.second_missing")
    if not all(wish.is_ready for wish in wishes if wish is not None):
        raise KfdeskError("erasure.waiting")
    return _WAITED


def _second_initials(proof: ErasureProof, way: str) -> tuple[str, ...]:
    return (proof.second.initials,) if proof.second is not None and way == _TWO_PEOPLE else ()


def _clients_asked(desk: Session, partner: bytes, orders: tuple[bytes, ...]) -> frozenset[bytes]:
    """Return the clients about whom records are asked to be erased."""
    standing = desk.store.orders.standing(Direction.IN)
    asked = {one.order.rid for one in standing if one.partner == partner and one.order.id in orders}
    rows = (row for rid in asked if (row := desk.store.row(rid)) is not None)
    above = (client_above(desk, row) for row in rows)
    return frozenset(one.rid for one in above if one is not None)


# --- wishes


def _wishes(desk: Session) -> dict[str, list[int | str]]:
    kept = desk.store.setting(_WISHES)
    told: Mapping[str, list[int | str]] = json.loads(kept) if kept else {}
    return {rid: one for rid, one in told.items() if desk.store.row(bytes.fromhex(rid)) is not None}


def _keep_wishes(desk: Session, wishes: Mapping[str, list[int | str]]) -> None:
    """Keep these wishes, without those about clients who are not here; inside a transaction."""
    if wishes or desk.store.setting(_WISHES):
        desk.store.set_setting(_WISHES, json.dumps(dict(wishes)).encode() if wishes else b"")


def _wish_of(desk: Session, client: bytes) -> ErasureWish | None:
    told = _wishes(desk).get(client.hex())
    return _read_wish(desk, client, told) if told is not None else None


def _read_wish(desk: Session, client: bytes, told: list[int | str]) -> ErasureWish | None:
    """Return a wish as it stands now, or None for one that a longer retention has ended.

    `told` is when it was recorded, the day of the signature or nothing, and who recorded it.
    """
    recorded, signed, who = int(told[0]), str(told[1]), str(told[2])
    if not signed and not _is_period_over(desk, client):
        return None
    leapt = max(desk.adapters.clock.drift(), timedelta())  # a clock put forward shortens no waiting
    waited = timedelta(milliseconds=desk.milliseconds - recorded) - leapt
    plans = [row for row in desk.store.children(client) if row.type == "plan"]
    newest = next((row for row in plans if not is_deleted(row.state)), None)
    return ErasureWish(
        client, date.fromisoformat(signed) if signed else None, who, recorded,
        recorded + WAITING_TIME // timedelta(milliseconds=1), is_ready=waited >= WAITING_TIME,
        plan=newest.rid if newest else b"", code=client_code(desk, require_record(desk, client)),
    )  # fmt: skip


def _is_period_over(desk: Session, client: bytes) -> bool:
    """Return whether she has plans, and the last day of each of them is past."""
    plans = [view(row, Plan) for row in desk.store.children(client) if row.type == "plan"]
    there = [one for one in plans if not one.is_deleted]
    today = desk.adapters.clock.now().date()
    days = [one.record.retention_until for one in there if "retention_until" not in one.conflicts]
    is_past = all(isinstance(day, date) and day < today for day in days)
    return bool(there) and len(days) == len(there) and is_past


# --- who and what still has her


def _client_row(desk: Session, client: bytes) -> Row:
    row = require_record(desk, client)
    if row.type != "client":
        raise KfdeskError("record.missing")
    return row


def _holders(desk: Session, client: bytes) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Return the names of the partners whom a file asks, and names and numbers of the others."""
    rids = desk.store.tree.family((client,))
    ours = desk.identity.organisation
    holders = {who for _, who in desk.store.ledger.holders(rids) if who != ours} - rids
    reached = {
        one.organisation
        for one in desk.store.ledger.partners()
        if one.state is PartnerState.VERIFIED
    }
    asked = sorted(name_of(desk, who.hex()) or "–" for who in holders & reached)
    to_call = sorted(
        (name_of(desk, who.hex()) or "–", _number(desk, who)) for who in holders - reached
    )
    return tuple(asked), tuple(to_call)


def _number(desk: Session, who: bytes) -> str:
    """Return the first number of an organisation or of a contact; empty if there is none."""
    phones = (view(row, Phone) for row in desk.store.children(who) if row.type == "phone")
    numbers = (text_or_empty(one.record.number) for one in phones if not one.is_deleted)
    return next(filter(None, numbers), "")


def _backups(desk: Session) -> tuple[tuple[Path, date], ...]:
    """Return the backups that are known to hold what is here, with the last day of each.

    One on a stick that is not plugged in is known by its name.
    """
    state = backup_state(desk)
    known = {path for path in (state.path, state.beside) if path is not None}
    if desk.may(Right.BACKUP):
        folders = {path.parent for path in known}
        known |= {one.path for folder in folders for one in list_backups(desk, folder)}
    made = ((path, backup_time(path.name, None)) for path in known)
    return tuple(
        sorted(
            ((path, (at + MAX_BACKUP_AGE).date()) for path, at in made if at),
            key=lambda one: one[1],
        )
    )
