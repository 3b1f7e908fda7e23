# SPDX-License-Identifier: GPL-3.0-or-later
"""Who must be told that a consent was withdrawn, who has told us, and whom we owe an answer.

Nothing is queued. Whom a withdrawal concerns follows from the consents and from the ledger of what
went to whom; a notice goes with each file until an acknowledgement names a file that held it. A
client may say no at any desk: her no counts where it is heard and where it arrives, and goes to the
organisation that answers for the consent as well as to those who had something under it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from kfdesk.domain.consents.withdrawal import TOLD, Notice, is_withdrawn, notice_of, withdrawing
from kfdesk.domain.desk.exchange import Direction
from kfdesk.domain.desk.log import ANSWERED, CALLED, RESTORED, TOLD_US, TRUSTED, Action, Entry
from kfdesk.domain.desk.log import TOLD as NOTICE
from kfdesk.domain.desk.users import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.rows import Row, view
from kfdesk.domain.values import Moment
from kfdesk.services.desk import Desk
from kfdesk.services.parcels.epochs import OUT
from kfdesk.services.plans import name_of
from kfdesk.services.policy.access import EDITING, READING, may_read
from kfdesk.services.writing.records import is_in_bin

_SEEN = "notices_seen"
_WITHDRAWN = TOLD[0]


@dataclass(frozen=True, slots=True)
class NoticeDue:
    """Somebody who must be told that a consent is withdrawn, and has not confirmed to know it.

    `records` are those they were given under it; `is_sent`, whether a file with it has left;
    `is_kept`, that she was erased here, and nothing is left of it but what they must be told.
    """

    row: Row
    recipient: bytes
    effects: tuple[str, ...]
    records: frozenset[bytes]
    is_sent: bool
    is_kept: bool = False

    @property
    def consent(self) -> bytes:
        """The consent."""
        return self.row.rid


@dataclass(frozen=True, slots=True)
class Heard:
    """A withdrawal that a partner has told us of, as people read it.

    `is_ours`: we answer for the consent, and she said no to the partner. `plan` is one of hers, if
    there is any here.
    """

    consent: bytes
    partner: str
    code: str
    withdrawn: Moment | None
    milliseconds: int
    effects: tuple[str, ...]
    is_ours: bool
    plan: bytes | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody to be told of a withdrawal by telephone, because no file has told them yet.

    `has_desk`: files can go there; `is_sent`: one with it has left and was not confirmed.
    """

    consent: bytes
    recipient: bytes
    name: str
    code: str
    withdrawn: Moment | None
    has_desk: bool
    is_sent: bool


def notices_due(desk: Desk) -> tuple[NoticeDue, ...]:
    """Everybody who must be told of a withdrawal, of what who sits here may read.

    Raises KfdeskError `user.not_allowed`.
    """
    desk.require(*READING)
    return tuple(due for due in _due(desk) if due.is_kept or may_read(desk, due.row))


def read_calls(desk: Desk) -> tuple[Call, ...]:
    """Whom to call about withdrawals that nobody has confirmed, those without a desk first.

    Raises KfdeskError `user.not_allowed`.
    """
    desk.require(*READING)
    known = {one.organisation: one for one in desk.store.ledger.partners()}
    calls = [
        Call(
            due.consent,
            due.recipient,
            known[due.recipient].name if due.recipient in known
            else name_of(desk, due.recipient.hex()),
            code_of(desk, due.row),
            withdrawn if isinstance(
                withdrawn := view(due.row, Consent).record.withdrawn, Moment) else None,
            due.recipient in known and known[due.recipient].recipient.is_verified,
            due.is_sent,
        )
        for due in notices_due(desk)
    ]  # fmt: skip
    return tuple(sorted(calls, key=lambda call: (call.has_desk, call.name, call.code)))


def notices_for(desk: Desk, organisation: bytes) -> tuple[Notice, ...]:
    """The notices that go with each file for a partner, until it confirms them.

    Raises KfdeskError `user.not_allowed`.
    """
    desk.require(Right.EXPORT_BUNDLE)
    return tuple(notice_of(due.row) for due in _due(desk) if due.recipient == organisation)


def count_due(desk: Desk) -> Mapping[bytes, int]:
    """How many notices each recipient has not confirmed. Raises KfdeskError `user.not_allowed`."""
    desk.require(Right.EXPORT_BUNDLE, Right.IMPORT_BUNDLE, Right.MANAGE_KEYS)
    counts: dict[bytes, int] = {}
    for due in _due(desk):
        counts[due.recipient] = counts.get(due.recipient, 0) + 1
    return counts


def owes_answer(desk: Desk, organisation: bytes) -> bool:
    """Whether a partner has told us something since our last file, and waits to hear that we know.

    Raises KfdeskError `user.not_allowed`.
    """
    desk.require(Right.EXPORT_BUNDLE, Right.IMPORT_BUNDLE, Right.MANAGE_KEYS)
    return bool(_unanswered(desk, organisation))


def note_called(desk: Desk, consent: bytes, recipient: bytes) -> None:
    """Cross somebody off the list: they were told by telephone, by who sits here, now.

    So it is with those who had only paper, and can confirm nothing. Raises KfdeskError
    `user.not_allowed`, or `notice.not_due` where they need not be told.
    """
    desk.require(*EDITING)
    due = (one for one in _due(desk) if (one.consent, one.recipient) == (consent, recipient))
    found_due = next(due, None)
    if found_due is None:
        raise KfdeskError("notice.not_due")
    with desk.store.transaction():
        entry = _entry(desk, found_due.row, recipient, CALLED, b"")
        desk.store.ledger.enter([entry])
        desk.store.orders.drop_notice(consent, recipient)
        desk.log(Action.NOTICE_CALLED, consent, TOLD)


def keep_notices(desk: Desk, rids: frozenset[bytes]) -> None:
    """Keep what of these records' withdrawals must still be told; inside a transaction."""
    for due in _due(desk):
        if due.consent in rids:
            desk.store.orders.keep_notice(notice_of(due.row).row, due.recipient)


def read_heard(desk: Desk) -> tuple[Heard, ...]:
    """The withdrawals that partners have told us of, until who sits here has seen them.

    Raises KfdeskError `user.not_allowed`.
    """
    desk.require(*READING)
    since = int.from_bytes(desk.store.setting(f"{_SEEN}.{desk.user}") or b"", "big")
    first: dict[tuple[bytes, tuple[bytes, ...]], Entry] = {}
    for partner in desk.store.ledger.partners():
        for entry in desk.store.ledger.entries(partner.organisation, TOLD_US):
            first.setdefault((entry.rid, entry.writes.get(_WITHDRAWN, ())), entry)
    fresh = [entry for entry in first.values() if entry.milliseconds > since]
    heard = (_heard(desk, entry) for entry in fresh)
    return tuple(sorted((one for one in heard if one is not None), key=_newest_first))


def note_heard_seen(desk: Desk) -> None:
    """What partners have told us so far has been seen by who sits here.

    Raises KfdeskError `user.not_allowed`.
    """
    desk.require(*READING)
    with desk.store.transaction():
        desk.store.set_setting(f"{_SEEN}.{desk.user}", desk.milliseconds.to_bytes(8, "big"))


def entries_told(
    desk: Desk, notices: Sequence[Notice], organisation: bytes, target: bytes
) -> list[Entry]:
    """The ledger's entries for the notices of one file, and for what the file answers."""
    told = [_entry(desk, notice.row, organisation, NOTICE, target) for notice in notices]
    answered = [
        Entry(rid, "consent", organisation, ANSWERED, (), {}, target, desk.milliseconds)
        for rid in _unanswered(desk, organisation)
    ]
    return [*told, *answered]


def log_told(desk: Desk, notices: Sequence[Notice]) -> None:
    """Enter the notices of a file in the trail; belongs inside a transaction."""
    for notice in notices:
        desk.log(Action.NOTICE_SENT, notice.row.rid, TOLD)


def note_told_us(desk: Desk, row: Row, organisation: bytes, target: bytes) -> None:
    """Note that a partner knows of a withdrawal, having told us; belongs inside a transaction."""
    desk.store.ledger.enter([_entry(desk, row, organisation, TOLD_US, target)])


def _due(desk: Desk) -> Iterator[NoticeDue]:
    ledger = desk.store.ledger
    arrived = ledger.acknowledged()
    entries: dict[bytes, tuple[Entry, ...]] = {}
    known: dict[bytes, frozenset[bytes]] = {}
    kept = desk.store.orders.kept_notices()
    concerned = [
        (row, recipient, False)
        for row in desk.store.rows("consent")
        if is_withdrawn(row)
        for recipient in sorted(ledger.recipients(row.rid) | {row.custodian})
    ]
    for row, recipient, is_kept in (*concerned, *((row, who, True) for row, who in kept)):
        if recipient == desk.identity.organisation:
            continue
        if recipient not in entries:
            entries[recipient] = ledger.entries(recipient)
            known[recipient] = arrived | _heard_since(desk, recipient)
        due = _due_to(row, recipient, entries[recipient], known[recipient])
        if due is not None:
            yield replace(due, is_kept=is_kept)


def _heard_since(desk: Desk, organisation: bytes) -> frozenset[bytes]:
    """A partner's files of its newest epoch: what it told before, a restore may have lost."""
    marks = desk.store.ledger.marks(organisation, Direction.IN)
    newest = max(marks, key=lambda mark: mark.hlc, default=None)
    return frozenset(one.digest for one in marks if newest and one.epoch == newest.epoch)


def _due_to(
    row: Row, recipient: bytes, entries: Sequence[Entry], known: frozenset[bytes]
) -> NoticeDue | None:
    words = withdrawing(row)
    telling = [
        entry
        for entry in entries
        if entry.rid == row.rid and words <= set(entry.writes.get(_WITHDRAWN, ()))
    ]
    if any(entry.channel == CALLED or entry.target in known for entry in telling):
        return None
    effects = view(row, Consent).record.withdrawal_effect
    given = frozenset(entry.rid for entry in entries if row.rid in entry.consents)
    asked = effects if isinstance(effects, tuple) else ()
    return NoticeDue(row, recipient, asked, given, is_sent=bool(telling))


def _unanswered(desk: Desk, organisation: bytes) -> tuple[bytes, ...]:
    """What a partner has told us since our last file to it: consents, its new card or epoch."""
    unanswered = desk.store.ledger.unanswered
    told = (unanswered(organisation, channel, OUT) for channel in (TOLD_US, TRUSTED, RESTORED))
    return tuple(chain.from_iterable(told))


def _entry(desk: Desk, row: Row, recipient: bytes, channel: str, target: bytes) -> Entry:
    writes = {_WITHDRAWN: tuple(sorted(withdrawing(row)))}
    return Entry(row.rid, "consent", recipient, channel, (), writes, target, desk.milliseconds)


def _heard(desk: Desk, entry: Entry) -> Heard | None:
    row = desk.store.row(entry.rid)
    if row is None or not is_withdrawn(row) or not may_read(desk, row):
        return None
    consent = view(row, Consent).record
    effects = consent.withdrawal_effect
    plans = (one for one in desk.store.children(row.parent or b"") if one.type == "plan")
    plan = next(
        (one.rid for one in plans if may_read(desk, one) and not is_in_bin(desk, one)), None
    )
    return Heard(
        row.rid,
        name_of(desk, entry.recipient.hex()),
        code_of(desk, row),
        consent.withdrawn if isinstance(consent.withdrawn, Moment) else None,
        entry.milliseconds,
        effects if isinstance(effects, tuple) else (),
        row.custodian == desk.identity.organisation,
        plan,
    )


def code_of(desk: Desk, consent: Row) -> str:
    """The code of the client whose consent it is; empty where she is not here."""
    client = desk.store.row(consent.parent or b"")
    code = view(client, Client).record.code if client is not None else None
    return code if isinstance(code, str) else ""


def _newest_first(heard: Heard) -> int:
    return -heard.milliseconds
