# SPDX-License-Identifier: GPL-3.0-or-later
"""Withdrawal notices: who must be told that a consent was withdrawn, and who has told us.

Nothing is queued. Consents and the ledger show whom a withdrawal concerns. A notice goes
with each file until an acknowledgement names a file that held it. A client may withdraw at
any organisation. It is valid where it is heard and where it arrives, and goes to the
consent's custodian as well as to everybody who received something under it. The preview of a
withdrawal is here, too. This module writes no file.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice

from kfdesk.domain.accounts import Right
from kfdesk.domain.audit import (
    CHANNEL_ANSWERED,
    CHANNEL_CALLED,
    CHANNEL_CARD_TRUSTED,
    CHANNEL_NOTICE_RECEIVED,
    CHANNEL_NOTICE_SENT,
    RESTORED,
    Action,
    DisclosureEntry,
)
from kfdesk.domain.consent import (
    NOTICE_FIELDS,
    WithdrawalNotice,
    is_withdrawn,
    withdrawal_notice,
    withdrawal_writes,
)
from kfdesk.domain.disclosure import Channel, disclose
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import MAX_FILE_NOTICES, MAX_UNKNOWN_CONSENTS, MAX_UNSEEN_WITHDRAWALS
from kfdesk.domain.papers import CONTENTS
from kfdesk.domain.pronouns import Pronoun
from kfdesk.domain.records.client import Consent
from kfdesk.domain.rows import Row, view
from kfdesk.domain.schema import DataGroup
from kfdesk.domain.values import ZonedTime
from kfdesk.services.core.authorization import EDIT_RIGHTS, READ_RIGHTS, may_read, require_reading
from kfdesk.services.core.records import client_code, client_pronoun, is_in_bin
from kfdesk.services.core.session import Session
from kfdesk.services.exchange.epochs import REPLY_CHANNELS
from kfdesk.services.exchange.received_notices import ReportedWithdrawal
from kfdesk.services.plans.plans import CARRIED_PAPERS, PlanPage, RecipientShare, name_of, open_plan

_SEEN_SETTING, _NUMBER_BYTES = "notices_seen", 8
_NO_NUMBER = 2**63 - 1  # above every entry
_WITHDRAWN_KEY = NOTICE_FIELDS[0]


@dataclass(frozen=True, slots=True)
class NoticeDue:
    """Somebody who must be told that a consent is withdrawn, and has not confirmed it.

    `is_sent`: a file with the notice has left. `is_kept`: the client was erased here, and only
    the notice is left.
    """

    row: Row
    recipient: bytes
    effects: tuple[str, ...]
    is_sent: bool
    is_kept: bool = False

    @property
    def consent(self) -> bytes:
        """The consent's id."""
        return self.row.rid


@dataclass(frozen=True, slots=True)
class ReceivedWithdrawal:
    """A withdrawal that a partner has told us of, for people to read.

    `is_ours`: we are the consent's custodian, and the client withdrew it at the partner. `plan`
    is one of the client's, if there is any here.
    """

    consent: bytes
    partner: str
    code: str
    withdrawn: ZonedTime | None
    milliseconds: int
    effects: tuple[str, ...]
    is_ours: bool
    plan: bytes | None = None
    pronoun: Pronoun = Pronoun.CLIENT


@dataclass(frozen=True, slots=True)
class WithdrawalCall:
    """Somebody to be told of a withdrawal by telephone, because no file has told them yet.

    `has_desk`: files can go there. `is_sent`: one with the notice has left, without
    confirmation.
    """

    consent: bytes
    recipient: bytes
    name: str
    code: str
    withdrawn: ZonedTime | None
    has_desk: bool
    is_sent: bool


def notices_due(desk: Session) -> tuple[NoticeDue, ...]:
    """Return everybody who must be told of a withdrawal that the current user may read.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*READ_RIGHTS)
    return tuple(due for due in _all_due(desk) if due.is_kept or may_read(desk, due.row))


def withdrawal_call_list(desk: Session) -> tuple[WithdrawalCall, ...]:
    """Return whom to call about unconfirmed withdrawals, those whom no file reaches first.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*READ_RIGHTS)
    known = {one.organisation: one for one in desk.store.ledger.partners()}
    calls = [
        WithdrawalCall(
            due.consent,
            due.recipient,
            known[due.recipient].name if due.recipient in known
            else name_of(desk, due.recipient.hex()),
            client_code(desk, due.row),
            withdrawn if isinstance(
                withdrawn := view(due.row, Consent).record.withdrawn, ZonedTime) else None,
            due.recipient in known and known[due.recipient].recipient.is_verified,
            due.is_sent,
        )
        for due in notices_due(desk)
    ]  # fmt: skip
    return tuple(sorted(calls, key=lambda call: (call.has_desk, call.name, call.code)))


def notices_to_send(desk: Session, organisation: bytes) -> tuple[WithdrawalNotice, ...]:
    """Return the notices that go with each file for a partner, until it confirms them.

    A file holds 4,096 at most; the others wait for the next one. Raise KfdeskError
    `user.not_allowed`.
    """
    desk.require(Right.EXPORT_BUNDLE)
    rows = (due.row for due in _all_due(desk) if due.recipient == organisation)
    return tuple(map(withdrawal_notice, islice(rows, MAX_FILE_NOTICES)))


def count_notices_due(desk: Session) -> Mapping[bytes, int]:
    """Return how many notices each recipient has not confirmed.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(Right.EXPORT_BUNDLE, Right.IMPORT_BUNDLE, Right.MANAGE_KEYS)
    counts: dict[bytes, int] = {}
    for due in _all_due(desk):
        counts[due.recipient] = counts.get(due.recipient, 0) + 1
    return counts


def owes_answer(desk: Session, organisation: bytes) -> bool:
    """Return whether a partner told us something since our last file, and waits for an answer.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(Right.EXPORT_BUNDLE, Right.IMPORT_BUNDLE, Right.MANAGE_KEYS)
    return bool(_unanswered(desk, organisation))


def record_withdrawal_call(desk: Session, consent: bytes, recipient: bytes) -> None:
    """Record that somebody was told by telephone, by the current user, now.

    This applies also to those who had only paper and can confirm nothing. Raise KfdeskError
    `user.not_allowed`, or `notice.not_due` if they need not be told.
    """
    desk.require(*EDIT_RIGHTS)
    due = (one for one in _all_due(desk) if (one.consent, one.recipient) == (consent, recipient))
    owed = next(due, None)
    if owed is None:
        raise KfdeskError("notice.not_due")
    with desk.store.transaction():
        entry = _notice_entry(desk, owed.row, recipient, CHANNEL_CALLED, b"")
        desk.store.ledger.enter([entry])
        desk.store.orders.drop_notice(consent, recipient)
        desk.log(Action.NOTICE_CALLED, consent, NOTICE_FIELDS)


def keep_notices_of_erased(desk: Session, rids: frozenset[bytes]) -> None:
    """Keep the unconfirmed notices of records that will be erased; inside a transaction."""
    for due in _all_due(desk):
        if due.consent in rids:
            desk.store.orders.keep_notice(withdrawal_notice(due.row).row, due.recipient)


def list_received_withdrawals(desk: Session) -> tuple[ReceivedWithdrawal, ...]:
    """Return the withdrawals that partners told us of and the current user has not seen.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*READ_RIGHTS)
    seen, ledger = _seen_until(desk, _own_setting(desk)), desk.store.ledger
    first: dict[tuple[bytes, tuple[bytes, ...]], DisclosureEntry] = {}
    for partner in ledger.partners():
        for entry in ledger.first_entries(partner.organisation, CHANNEL_NOTICE_RECEIVED, *seen):
            first.setdefault((entry.rid, entry.writes.get(_WITHDRAWN_KEY, ())), entry)
    heard = (_received_withdrawal(desk, entry) for entry in first.values())
    known = (one for one in heard if one is not None)
    return tuple(sorted(known, key=lambda one: -one.milliseconds))


def mark_withdrawals_seen(desk: Session) -> None:
    """Record that the current user has seen what partners told us so far.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*READ_RIGHTS)
    newest = desk.store.ledger.last_entry().to_bytes(_NUMBER_BYTES, "big")
    with desk.store.transaction():
        for setting in (_own_setting(desk), _SEEN_SETTING):
            since = max(desk.milliseconds, _seen_until(desk, setting)[0])
            desk.store.set_setting(setting, since.to_bytes(_NUMBER_BYTES, "big") + newest)


def check_waiting_notices(
    desk: Session, organisation: bytes, withdrawals: Sequence[ReportedWithdrawal]
) -> None:
    """Check that what a partner's file withdraws still fits into what may wait here.

    Raise KfdeskError `bundle.unseen_withdrawals` if nobody has seen very many of the earlier
    ones, or `bundle.unknown_consents` if very many are of clients that are not here.
    """
    if not any(one.is_new for one in withdrawals):
        return
    settings = (_SEEN_SETTING, _own_setting(desk))
    seen = max(_seen_until(desk, one) for one in settings)
    unseen = desk.store.ledger.first_entries(organisation, CHANNEL_NOTICE_RECEIVED, *seen)
    if len(unseen) >= MAX_UNSEEN_WITHDRAWALS:
        raise KfdeskError("bundle.unseen_withdrawals", count=len(unseen))
    clients = {row.rid for row in desk.store.rows("client")}
    here = [row for row in desk.store.rows("consent") if row.custodian == organisation]
    new = [one.after for one in withdrawals if one.before is None]
    waiting = {row.rid for row in (*here, *new) if row.parent not in clients}
    if new and len(waiting) > MAX_UNKNOWN_CONSENTS:
        raise KfdeskError("bundle.unknown_consents")


def _seen_until(desk: Session, setting: str) -> tuple[int, int]:
    """Return up to when, and up to which entry, what partners told us has been seen.

    The time is in ms since 1970, UTC. Of what came under a clock that had gone back, or was far
    ahead, only the entry tells; what an older program noted has none.
    """
    kept = desk.store.setting(setting) or b""
    number = (
        int.from_bytes(kept[_NUMBER_BYTES:], "big") if len(kept) > _NUMBER_BYTES else _NO_NUMBER
    )
    return int.from_bytes(kept[:_NUMBER_BYTES], "big"), number


def _own_setting(desk: Session) -> str:
    """Return the setting of the current user; `_SEEN_SETTING` itself is of all users."""
    return f"{_SEEN_SETTING}.{desk.user}"


def notice_ledger_entries(
    desk: Session, notices: Sequence[WithdrawalNotice], organisation: bytes, target: bytes
) -> list[DisclosureEntry]:
    """Return the ledger's entries for the notices of one file, and for what it answers."""
    sent = [
        _notice_entry(desk, notice.row, organisation, CHANNEL_NOTICE_SENT, target)
        for notice in notices
    ]
    answered = [
        DisclosureEntry(
            rid, "consent", organisation, CHANNEL_ANSWERED, (), {}, target, desk.milliseconds
        )
        for rid in _unanswered(desk, organisation)
    ]
    return [*sent, *answered]


def log_notices_sent(desk: Session, notices: Sequence[WithdrawalNotice]) -> None:
    """Enter the notices of a file in the audit log; inside a transaction."""
    for notice in notices:
        desk.log(Action.NOTICE_SENT, notice.row.rid, NOTICE_FIELDS)


def record_notice_received(desk: Session, row: Row, organisation: bytes, target: bytes) -> None:
    """Record that a partner knows of a withdrawal, as it told us; inside a transaction."""
    desk.store.ledger.enter(
        [_notice_entry(desk, row, organisation, CHANNEL_NOTICE_RECEIVED, target)]
    )


def _all_due(desk: Session) -> Iterator[NoticeDue]:
    withdrawn = _withdrawn(desk)
    kept = desk.store.orders.kept_notices()
    if not withdrawn and not kept:
        return
    given = desk.store.ledger.recipients()
    concerned = [
        (row, recipient, False)
        for row in withdrawn
        for recipient in sorted(given.get(row.rid, frozenset()) | {row.custodian})
    ]
    told: dict[bytes, _ToldEntries] = {}
    for row, recipient, is_kept in (*concerned, *((row, who, True) for row, who in kept)):
        if recipient == desk.identity.organisation:
            continue
        if recipient not in told:
            told[recipient] = _ToldEntries(desk, recipient)
        due = told[recipient].due_for(row)
        if due is not None:
            yield replace(due, is_kept=is_kept)


def _withdrawn(desk: Session) -> list[Row]:
    """Return the withdrawn consents, sorted by id; the states of hardly any others are read.

    One that is withdrawn, though the newest value of the field is none, has values that differ: it
    is in conflict.
    """
    maybe = [
        one.rid
        for one in desk.store.tree.cells("consent", (_WITHDRAWN_KEY,))
        if one.wires != (None,) or one.flags != "[]"
    ]
    rows = (row for _, (row, _) in sorted(desk.store.kept(maybe).items()))
    return [row for row in rows if is_withdrawn(row)]


class _ToldEntries:
    """Entries of the ledger about one recipient and a consent."""

    def __init__(self, desk: Session, recipient: bytes) -> None:
        self._ledger = desk.store.ledger
        self._recipient = recipient
        self._newest_epoch = self._ledger.newest_epoch(recipient)

    def due_for(self, row: Row) -> NoticeDue | None:
        """Return the notice of a withdrawn consent, or None if the recipient knows."""
        writes = withdrawal_writes(row)
        sent = [
            one
            for one in self._ledger.about((row.rid,))
            if one.recipient == self._recipient
            and _WITHDRAWN_KEY in one.writes
            and writes <= set(one.writes[_WITHDRAWN_KEY])
        ]
        if any(one.channel == CHANNEL_CALLED or self._is_known(one.target) for one in sent):
            return None
        effects = view(row, Consent).record.withdrawal_effect
        asked = effects if isinstance(effects, tuple) else ()
        return NoticeDue(row, self._recipient, asked, is_sent=bool(sent))

    def _is_known(self, target: bytes) -> bool:
        """Return whether a file of ours has arrived, or came from the recipient.

        Of its files those of the newest epoch count: a restore may have lost what it told before.
        """
        ledger, epoch = self._ledger, self._newest_epoch or b""
        taken = (self._recipient, epoch, (target,))
        return ledger.has_arrived(target) or target in ledger.taken_among(*taken)


def _unanswered(desk: Session, organisation: bytes) -> tuple[bytes, ...]:
    """Return what a partner told us since our last file: consents, and its new card."""
    unanswered = desk.store.ledger.unanswered
    reported = (
        unanswered(organisation, channel, REPLY_CHANNELS)
        for channel in (CHANNEL_NOTICE_RECEIVED, CHANNEL_CARD_TRUSTED, RESTORED)
    )
    return tuple(chain.from_iterable(reported))


def _notice_entry(
    desk: Session, row: Row, recipient: bytes, channel: str, target: bytes
) -> DisclosureEntry:
    writes = {_WITHDRAWN_KEY: tuple(sorted(withdrawal_writes(row)))}
    return DisclosureEntry(
        row.rid, "consent", recipient, channel, (), writes, target, desk.milliseconds
    )


def _received_withdrawal(desk: Session, entry: DisclosureEntry) -> ReceivedWithdrawal | None:
    row = desk.store.row(entry.rid)
    if row is None or not is_withdrawn(row) or not may_read(desk, row):
        return None
    consent = view(row, Consent).record
    effects = consent.withdrawal_effect
    plans = (one for one in desk.store.children(row.parent or b"") if one.type == "plan")
    plan = next(
        (one.rid for one in plans if may_read(desk, one) and not is_in_bin(desk, one)), None
    )
    return ReceivedWithdrawal(
        row.rid,
        name_of(desk, entry.recipient.hex()),
        client_code(desk, row),
        consent.withdrawn if isinstance(consent.withdrawn, ZonedTime) else None,
        entry.milliseconds,
        effects if isinstance(effects, tuple) else (),
        row.custodian == desk.identity.organisation,
        plan,
        client_pronoun(desk, row.rid),
    )


# --- what a withdrawal would do


@dataclass(frozen=True, slots=True)
class StoppedSharing:
    """The groups of data that one recipient would no longer get through one channel."""

    name: str = field(repr=False)
    channel: Channel
    groups: tuple[DataGroup, ...]


@dataclass(frozen=True, slots=True)
class ConsentHolder:
    """A recipient who has received data under the consent.

    `is_partner`: a file can inform it. `knows`: it knows of the withdrawal, by a file or a
    call.
    """

    name: str = field(repr=False)
    records: int
    is_partner: bool
    knows: bool


@dataclass(frozen=True, slots=True)
class WithdrawalPreview:
    """The effects of withdrawing one consent."""

    consent: bytes
    stops: tuple[StoppedSharing, ...]
    holder: ConsentHolder | None


def preview_withdrawal(desk: Session, plan: bytes, consent: bytes) -> WithdrawalPreview:
    """Return what a withdrawal would do. Raise KfdeskError `record.missing` or `record.deleted`."""
    page = open_plan(desk, plan)
    stops = tuple(_stopped_sharing(desk, page, consent))
    return WithdrawalPreview(consent, stops, holder_under_consent(desk, page, consent))


def holder_under_consent(desk: Session, page: PlanPage, consent: bytes) -> ConsentHolder | None:
    """Return who has received data under a consent of the plan's client; None if nobody has."""
    require_reading(desk, page.plan.row)
    row = next((row for row in page.case.consents if row.rid == consent), None)
    recipient = view(row, Consent).record.recipient if row is not None else None
    if row is None or not isinstance(recipient, str):
        return None
    rid = bytes.fromhex(recipient)
    given = desk.store.ledger.given_under(rid, consent)
    given -= {consent}  # the consent itself is no data about the client
    if not given:
        return None
    partners = {one.organisation for one in desk.store.ledger.partners()}
    knows = is_withdrawn(row) and not any(
        (one.consent, one.recipient) == (consent, rid) for one in notices_due(desk)
    )
    return ConsentHolder(name_of(desk, recipient), len(given), rid in partners, knows)


def _stopped_sharing(desk: Session, page: PlanPage, consent: bytes) -> Iterator[StoppedSharing]:
    left = [row for row in page.case.consents if row.rid != consent]
    for share in page.shares:
        after = _disclosed_groups(desk, page, share, left)
        before = _disclosed_groups(desk, page, share, page.case.consents)
        gone = tuple(group for group in before if group not in after)
        if gone:
            yield StoppedSharing(share.name, share.channel, gone)


def _disclosed_groups(
    desk: Session, page: PlanPage, share: RecipientShare, consents: Sequence[Row]
) -> tuple[DataGroup, ...]:
    """Return the groups that go to a recipient under these consents."""
    basis = desk.disclosure_basis(consents)
    given = disclose(page.case.rows, share.recipient, share.channel, basis)
    if share.channel is Channel.CARRIED:
        given = given.only_keys(CONTENTS[CARRIED_PAPERS[share.recipient.who]])
    return tuple(group for group in given.groups if group is not DataGroup.PARTIES)
