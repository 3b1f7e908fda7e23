# SPDX-License-Identifier: GPL-3.0-or-later
"""Outbox: what the next file for a partner would hold.

`select_for_bundle` finds the records of a scope that may go and are not known to have
arrived; watermarks save checking those that the recipient has. A `Parcel` is the whole
content before there is a file, with the other clients that its texts mention. Only
`disclose()` decides what may go. This module writes no file.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, partial
from hashlib import blake2b

from kfdesk.domain.accounts import Right
from kfdesk.domain.attachments import AttachmentChunk
from kfdesk.domain.audit import Action, CountedEntries
from kfdesk.domain.authority import is_common_type
from kfdesk.domain.consent import (
    Recipient,
    RecipientKind,
    WithdrawalNotice,
    WithheldReason,
    is_withdrawn,
)
from kfdesk.domain.disclosure import (
    Channel,
    Disclosed,
    DisclosedRow,
    DisclosureBasis,
    disclose,
    join_disclosed,
)
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import (
    ControlMessages,
    Direction,
    Partner,
    ReceivedBundle,
    ResendRequest,
    Watermark,
)
from kfdesk.domain.grants import grants_for, grants_last_until
from kfdesk.domain.network import Circle, left_networks, shared_networks
from kfdesk.domain.records.case import Attachment
from kfdesk.domain.records.client import Consent
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import DELETION, encode_state
from kfdesk.domain.rows import ID_BYTES, RecordView, Row, view
from kfdesk.domain.values import shift_day
from kfdesk.domain.version import VERSION
from kfdesk.services.core.session import Changes, Session
from kfdesk.services.exchange.epochs import our_epoch
from kfdesk.services.exchange.erasure import (
    erasure_orders_for,
    erasure_receipts_for,
    record_orders_sent,
)
from kfdesk.services.exchange.import_policy import OUTSIDE_NETWORK, Refusal
from kfdesk.services.exchange.outgoing_texts import Mention, UnreadableText
from kfdesk.services.exchange.partners import (
    cards_to_send,
    countersignatures_to_send,
    find_partner,
    revocations_to_send,
)
from kfdesk.services.exchange.scopes import (
    COMMON_RECORDS,
    RecordScope,
    consents_in,
    entries_that_count,
    id_portions,
    partner_schema,
    with_ancestors,
)
from kfdesk.services.plans.leg_clocks import PlanClock

# --- attachments in a file

MAX_CONTENT_BYTES = 384 * 1024**2
"""The most bytes of attachments in one file; a whole file holds at most 512 MiB."""


def limit_contents(desk: Session, goes: Disclosed) -> tuple[Disclosed, int]:
    """Return what of `goes` fits into one file, and how many attachments wait for the next one."""
    if goes.recipient.who is not RecipientKind.OWN:
        return goes, 0
    sizes, space = desk.store.contents.sizes(), MAX_CONTENT_BYTES
    waiting: set[bytes] = set()
    for given in goes.rows:
        size = sizes.get(given.rid, 0)
        if size > space:
            waiting.add(given.rid)
        else:
            space -= size
    if not waiting:
        return goes, 0
    stays = frozenset(given.rid for given in goes.rows) - waiting
    return goes.only_rows(stays), len(waiting)


class IncomingContents:
    """The contents in a file that is read inside a transaction; call `settle` last."""

    def __init__(self, desk: Session, taken: ReceivedBundle) -> None:
        self._desk = desk
        self._is_own = taken.is_own
        self._rids: dict[bytes, bool] = {}

    def keep(self, chunk: AttachmentChunk) -> None:
        """Store a chunk, unless its content is here already or comes from another organisation.

        Raise KfdeskError `attachment.no_room`.
        """
        contents = self._desk.store.contents
        if chunk.rid not in self._rids:
            is_here = contents.digest(chunk.rid) is not None
            self._rids[chunk.rid] = self._is_own and not is_here
        if self._rids[chunk.rid]:
            contents.add(chunk)

    def settle(self) -> None:
        """Drop contents that do not match their records, now that the records are written."""
        for rid in (rid for rid, is_new in self._rids.items() if is_new):
            row = self._desk.store.row(rid)
            is_document = row is not None and row.type == "attachment"
            named = view(row, Attachment).record.digest if row is not None and is_document else None
            if named is None or self._desk.store.contents.digest(rid) != named:
                self._desk.store.contents.drop(rid)


# --- the selection of records


def select_for_bundle(
    desk: Session,
    among: RecordScope,
    recipient: Recipient,
    rids: Collection[bytes] | None = None,
    basis: DisclosureBasis | None = None,
) -> tuple[Disclosed, Set[bytes]]:
    """Return what of the records `rids`, all `among` a scope, may go to a recipient by bundle.

    Also return which of them the recipient is not known to have. Consents in the scope permit
    the disclosure; an ancestor counts only if it is in the scope, too. Without `rids`, look at
    all. `basis` has these consents, if they have been read.
    """
    unknown = set[bytes]()
    basis = basis or desk.disclosure_basis(consents_in(desk, among))

    def part(portion: Sequence[bytes]) -> Disclosed:
        rows = with_ancestors(desk, portion, among)
        may = disclose(tuple(rows.values()), recipient, Channel.BUNDLE, basis)
        may = may if len(rows) == len(portion) else may.only_rows(frozenset(portion))
        lacking = _not_acknowledged(desk, may)
        unknown.update(rid for rid in portion if rid in lacking)  # the same id objects, not copies
        return may

    return join_disclosed(
        part(()), map(part, id_portions(among.rids() if rids is None else rids))
    ), unknown


def lacking_content(desk: Session, what: Disclosed) -> frozenset[bytes]:
    """Return the records with a disclosable write that the partner neither has nor sent.

    What it sent it has, unless it was put back to an earlier day: then it began a new epoch of
    its files, and what it sent before may be lost there.
    """
    recipient = what.recipient.rid or b""
    if len(desk.store.ledger.epochs(recipient, Direction.IN)) != 1:
        return frozenset(given.rid for given in what.rows)
    news = {given.rid: _writes_not_from(desk, recipient, given) for given in what.rows}
    with_news = frozenset(rid for rid, writes in news.items() if any(writes.values()))
    return _not_acknowledged(desk, what.only_rows(with_news), news)


def _writes_not_from(
    desk: Session, partner: bytes, given: DisclosedRow
) -> Mapping[str, tuple[bytes, ...]]:
    """Return the disclosed writes that no file of the partner brought."""
    senders, ids = desk.store.received.senders(given.rid), RECORD_TYPES[given.type].ids
    return {
        key: tuple(
            wid
            for wid in wids
            if senders.get((ids[key] if key else DELETION, wid)) != partner
        )
        for key, wids in given.writes.items()
    }  # fmt: skip


def _not_acknowledged(
    desk: Session,
    what: Disclosed,
    writes: Mapping[bytes, Mapping[str, tuple[bytes, ...]]] | None = None,
) -> frozenset[bytes]:
    """Return the records with a disclosable write that the partner has not acknowledged.

    A deleted record goes only to partners who have it, from us or we from them, so that it is
    deleted there, too. With `writes`, only these writes of each record count.
    """
    ledger, recipient = desk.store.ledger, what.recipient.rid or b""
    gone = [given.rid for given in what.rows if given.is_deleted]
    never = {
        rid for rid in frozenset(gone) - ledger.given(recipient, Channel.BUNDLE, gone)
        if recipient not in desk.store.received.senders(rid).values()
    }  # fmt: skip
    goes: dict[int, dict[bytes, DisclosedRow]] = {}
    withdrawn = cache(partial(is_consent_withdrawn, desk))
    for given in what.rows:
        after = entries_that_count(desk, recipient, given.type)
        goes.setdefault(after, {})[given.rid] = given
    lacking = [
        ledger.records_with_unsent_writes(
            recipient,
            Channel.BUNDLE,
            some,
            writes.__getitem__ if writes is not None else partial(_writes_of, some),
            CountedEntries(after, withdrawn),
        )
        for after, some in goes.items()
    ]
    return frozenset[bytes]().union(*lacking) - never


def is_consent_withdrawn(desk: Session, consent: bytes) -> bool:
    """Return whether a consent that is here, by its id, is withdrawn."""
    row = desk.store.row(consent)
    return row is not None and is_withdrawn(row)


def _writes_of(goes: Mapping[bytes, DisclosedRow], rid: bytes) -> Mapping[str, tuple[bytes, ...]]:
    return goes[rid].writes


# --- watermarks: skip records that a recipient already has
#
# A file holds everything that may go and is not known to have arrived. After it, a record can be
# missing at the recipient for three reasons only. It, or an ancestor, was changed. Its file has not
# arrived, or was lost after all. Or the rules of who may have what are different: a watermark
# stores a digest of them, and with another digest all records are checked. The digest of a plan
# has what decides for all plans first, then what the client's consents open. `settled` saves even
# reading these: it ends with the day before the calendar can open or close anything.

ALL_RECORDS = b""
"""The scope of a watermark about all records, not about one plan's."""
LOOK_AGAIN_DAYS = 64
"""A plan that is settled is looked at again after as many days and up to as many more: should a
rule decide by what is in no digest, nothing is hidden for ever."""
_DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class ClientConsents:
    """A client and its consents, read beforehand."""

    client: Row | None
    consents: Sequence[RecordView[Consent]] = ()


def read_client_consents(desk: Session, clients: Iterable[bytes]) -> Mapping[bytes, ClientConsents]:
    """Return the clients of these ids that are here, with their consents, read at once."""
    rows = {rid: row for rid, (row, _) in desk.store.kept(clients).items()}
    given: dict[bytes, list[RecordView[Consent]]] = {rid: [] for rid in rows}
    for row in desk.store.rows_beneath("consent", rows):
        given[row.parent or b""].append(view(row, Consent))
    return {rid: ClientConsents(row, given[rid]) for rid, row in rows.items()}


def current_watermark(
    desk: Session, plan: Row | None, recipient: Recipient, her: ClientConsents | None = None
) -> Watermark:
    """Return the watermark that a file for `recipient` sets now, for a plan or for all records.

    `her` are the plan's client and consents, if they have been read.
    """
    if plan is not None:
        return PlanWatermarks(desk, recipient).current(plan, her)
    epoch = our_epoch(desk, recipient.rid or b"")
    parts = [repr(recipient), desk.adapters.clock.now().date().isoformat(), epoch.hex()]
    shown = _digest_of(*parts, _disclosure_rules())
    return Watermark(recipient.rid or b"", ALL_RECORDS, shown, desk.store.levels.number())


class PlanWatermarks:
    """The watermarks of plans for one recipient, as a file would set them now.

    What decides for all plans is read once: make new ones after a change.
    """

    def __init__(
        self, desk: Session, recipient: Recipient, basis: DisclosureBasis | None = None
    ) -> None:
        """Initialize; `basis` is what disclosures are decided on now, if it has been read."""
        basis = basis or desk.disclosure_basis()
        self._desk, self._at = desk, basis.at
        self._recipient = basis.with_tool(recipient)
        self._rules = _digest_of(
            repr(self._recipient), _disclosure_rules(), VERSION,
            our_epoch(desk, recipient.rid or b"").hex(), _circles_text(basis.circles),
        )  # fmt: skip
        self._number = desk.store.levels.number()

    def current(self, plan: Row, her: ClientConsents | None = None) -> Watermark:
        """Return the watermark of a plan; `her` are its client and consents, if they were read."""
        above = plan.parent or b""
        her = her or read_client_consents(self._desk, (above,)).get(above, ClientConsents(None))
        opened = grants_for(her.client, self._recipient, her.consents, self._at)
        decided = (opened.groups, opened.shut)
        parts = [repr(sorted(one.items())) for one in decided] + [repr(sorted(opened.standing))]
        shown = self._rules + _digest_of(*parts)
        return Watermark(self._recipient.rid or b"", plan.rid, shown, self._number)

    def of_all(self, plans: Collection[Row]) -> tuple[Watermark, ...]:
        """Return the watermarks of these plans; their clients and consents are read at once."""
        hers = read_client_consents(self._desk, {plan.parent or b"" for plan in plans})
        return tuple(self.current(plan, hers.get(plan.parent or b"")) for plan in plans)

    def settled(self, level: Watermark, her: ClientConsents) -> Watermark:
        """Return the watermark of a plan that the recipient is known to have all of."""
        today = self._at.date()
        last = grants_last_until(her.client, her.consents, self._at)
        again = shift_day(today, LOOK_AGAIN_DAYS + level.rid[-1] % LOOK_AGAIN_DAYS)
        return replace(level, settled=(today, min(last, again)))

    def standing(self, kept: Mapping[bytes, Watermark]) -> Mapping[bytes, Watermark]:
        """Return those of the kept watermarks that are settled today, under the present rules."""
        today = self._at.date()
        return {
            rid: level
            for rid, level in kept.items()
            if level.is_settled(today) and level.shown[:_DIGEST_BYTES] == self._rules
        }


def _digest_of(*parts: str) -> bytes:
    return blake2b("\n".join(parts).encode(), digest_size=_DIGEST_BYTES).digest()


def _circles_text(circles: Mapping[bytes, Circle]) -> str:
    return repr(
        sorted(
            (rid, sorted(one.members), sorted(one.shares), sorted(one.since.items()))
            for rid, one in circles.items()
        )
    )


def common_watermark(desk: Session, recipient: Recipient) -> Watermark:
    """Return the watermark that a file sets about what the networks share with a recipient."""
    organisation = recipient.rid or b""
    circles, former = desk.members()
    left = left_networks(former, organisation)
    shown = _digest_of(
        repr(recipient), desk.adapters.clock.now().date().isoformat(), _disclosure_rules(),
        our_epoch(desk, organisation).hex(), _circles_text(circles),
        str(partner_schema(desk, organisation)), repr(sorted(left)),
    )  # fmt: skip
    return Watermark(organisation, COMMON_RECORDS, shown, desk.store.levels.number())


def records_to_check(desk: Session, whose: Mapping[Watermark, RecordScope]) -> frozenset[bytes]:
    """Return the records in these scopes that a recipient may lack, by current watermarks."""
    changed = cache(desk.store.levels.changed)  # cases that went in one file have one number
    under_way = cache(partial(records_under_way, desk))

    def above(level: Watermark, scope: RecordScope) -> frozenset[bytes]:
        kept = desk.store.levels.of(level.recipient, level.rid)
        if kept is None or kept.shown != level.shown:
            return scope.rids()
        fresh = desk.store.tree.family(scope.of(changed(kept.number)))
        return scope.of(under_way(level.recipient) | fresh)

    each = [above(level, scope) for level, scope in whose.items()]
    return each[0] if len(each) == 1 else frozenset[bytes]().union(*each)


def records_under_way(desk: Session, recipient: bytes) -> frozenset[bytes]:
    """Return the records in files of our present epoch that were not acknowledged."""
    ledger, epoch = desk.store.ledger, our_epoch(desk, recipient)
    return ledger.unacknowledged_records(recipient, Channel.BUNDLE, epoch)


def select_changes(
    desk: Session,
    whose: Mapping[Watermark, RecordScope],
    among: RecordScope,
    recipient: Recipient,
    always: frozenset[bytes] = frozenset(),
) -> tuple[Disclosed, Set[bytes]]:
    """Return what may go of the records that must be checked, and which the recipient lacks.

    `among` is the union of the scopes and of `always`, the records without a watermark. If none is
    lacking, check all records before saying so.
    """
    checked = records_to_check(desk, whose) | always
    may, unknown = select_for_bundle(desk, among, recipient, checked)
    return (may, unknown) if unknown else select_for_bundle(desk, among, recipient)


@cache
def _disclosure_rules() -> str:
    """Return a text of all fields, with the rules of who may have each."""
    return repr(
        sorted(
            (name, field.key, described.ids[field.key], field.level, field.to)
            for name, described in RECORD_TYPES.items()
            for field in described.fields.values()
        )
    )


# --- control messages

_RESEND_SETTING = "ask_again"
_KEPT_OUT_SETTING = "kept_out_withdrawn"
_OUTSIDE_SETTING = "kept_out_network"
_SET = b"\1"


def request_resend(desk: Session, organisation: bytes) -> Changes:
    """Ask a partner, by our next file, to send again everything from its files.

    This recovers what was lost here, or what a second store under its key kept us from
    importing. Raise KfdeskError `user.not_allowed` or `partner.unknown`.
    """
    desk.require(Right.IMPORT_BUNDLE)
    find_partner(desk, organisation)
    with desk.store.transaction():
        desk.store.set_setting(f"{_RESEND_SETTING}.{organisation.hex()}", _SET)
        desk.log(Action.IMPORT, organisation)
    return Changes(frozenset({"partner"}), frozenset({organisation}))


def ask_for_kept_out(
    desk: Session, organisation: bytes, refused: Set[Refusal], *, agrees: bool
) -> None:
    """Ask a partner again for what stayed out, once nothing keeps it out.

    The partner takes it for received, and does not send it again by itself. `refused` has why
    records of a file of the partner stayed out; `agrees`: it brought a new consent, so what stayed
    out after a withdrawal may come. What is for members of a network may come once we share one
    that we do not share now. Call inside a transaction.
    """
    kept = f"{_KEPT_OUT_SETTING}.{organisation.hex()}"
    if agrees and desk.store.setting(kept):
        desk.store.set_setting(kept, b"")
        desk.store.set_setting(f"{_RESEND_SETTING}.{organisation.hex()}", _SET)
    if Refusal.WITHDRAWN in refused:
        desk.store.set_setting(kept, _SET)
    if not OUTSIDE_NETWORK.isdisjoint(refused):
        key, shared = _outside_key(organisation), shared_networks(desk.circles(), organisation)
        before = desk.store.setting(key)
        shared &= _networks_of_setting(before) if before else shared
        desk.store.set_setting(key, _SET + b"".join(sorted(shared)))


def _has_joined_since(desk: Session, organisation: bytes) -> bool:
    """Return whether we share a network with a partner that we did not when records stayed out."""
    before = desk.store.setting(_outside_key(organisation))
    if not before:
        return False
    return not shared_networks(desk.circles(), organisation) <= _networks_of_setting(before)


def _outside_key(organisation: bytes) -> str:
    return f"{_OUTSIDE_SETTING}.{organisation.hex()}"


def _networks_of_setting(value: bytes) -> frozenset[bytes]:
    return frozenset(value[at : at + ID_BYTES] for at in range(len(_SET), len(value), ID_BYTES))


def control_messages_for(desk: Session, organisation: bytes) -> ControlMessages:
    """Return what goes in each file for a partner besides records and notices."""
    return ControlMessages(
        erasure_orders_for(desk, organisation),
        erasure_receipts_for(desk, organisation),
        cards_to_send(desk, organisation),
        revocations_to_send(desk, organisation),
        _resends(desk, organisation),
        countersigned=countersignatures_to_send(desk, organisation),
    )


def record_control_messages(
    desk: Session, organisation: bytes, dealings: ControlMessages, target: bytes
) -> None:
    """Record that a file holds these control messages; inside a transaction."""
    record_orders_sent(desk, organisation, dealings.orders, dealings.receipts, target)
    desk.log_all(Action.ORDER_SENT, ((one.rid, ()) for one in dealings.orders))
    if dealings.resends:
        desk.store.set_setting(f"{_RESEND_SETTING}.{organisation.hex()}", b"")
        if _has_joined_since(desk, organisation):
            desk.store.set_setting(_outside_key(organisation), b"")


def _resends(desk: Session, organisation: bytes) -> tuple[ResendRequest, ...]:
    is_asked = desk.store.setting(f"{_RESEND_SETTING}.{organisation.hex()}")
    if not is_asked and not _has_joined_since(desk, organisation):
        return ()
    epochs = sorted(desk.store.ledger.epochs(organisation, Direction.IN))
    return tuple(ResendRequest(epoch, 1, 2**63 - 1) for epoch in epochs)[:64]


# --- what a file would hold


@dataclass(frozen=True, slots=True)
class Parcel:
    """Content of a bundle, before there is a file.

    `may` is everything that may go to the partner now, and what is withheld with its reason.
    `goes` is the part that the partner does not have yet. `notices` report withdrawals.
    `is_answer`: the partner waits for our confirmation of what it told us. `mentions` are other
    clients named in the texts, `unread` texts in no language that the partner reads, `clocks` times
    of legs by the clocks of another place. `waiting` counts attachments that do not fit into the
    file and go in the next one. The file sets the watermarks `levels`. `is_anew`: the partner has
    not acknowledged our new epoch. `knows_anew`: it has begun a new epoch itself, and the file
    replies to that. `named` are directory entries that go because the cases name them. `too_new`
    counts, by type, the records that wait until the partner has a newer program. `is_tool_over`:
    the agreement that is the legal basis for sending to the partner's country is not in force, so
    nothing of a client goes that needs it. `ahead` are records with a stamp that the partner would
    refuse before the day `ahead_until`: no file is made with them. `quiet` records about clients
    wait until the partner has answered our first file after a restore.
    """

    partner: Partner
    may: Disclosed
    goes: Disclosed
    notices: tuple[WithdrawalNotice, ...] = ()
    is_answer: bool = False
    dealings: ControlMessages = field(default_factory=ControlMessages)
    mentions: tuple[Mention, ...] = ()
    unread: tuple[UnreadableText, ...] = ()
    clocks: tuple[PlanClock, ...] = ()
    whose: Mapping[bytes, frozenset[bytes]] = field(default_factory=dict)
    waiting: int = 0
    levels: tuple[Watermark, ...] = ()
    is_anew: bool = False
    knows_anew: bool = False
    named: frozenset[bytes] = frozenset()
    too_new: Mapping[str, int] = field(default_factory=dict)
    is_tool_over: bool = False
    ahead: int = 0
    ahead_until: date | None = None
    quiet: int = 0

    @property
    def fault(self) -> KfdeskError | None:
        """The reason why no file can be made of it, else None.

        Withdrawals and erasure orders go in any case: they hold nothing about a client.
        """
        if self.ahead and self.ahead_until is not None:
            until = self.ahead_until.isoformat()
            return KfdeskError("exchange.stamped_ahead", count=self.ahead, until=until)
        is_duty = bool(self.notices) or not self.dealings.is_empty or self.is_answer
        if self.is_tool_over and not is_duty and self._needs_tool:
            return KfdeskError("exchange.agreement_ended", partner=self.partner.name)
        if self.goes.rows or self.notices or not self.dealings.is_empty:
            return None
        if self.is_answer or self.is_anew:
            return None
        is_shut = self.may.withheld and not self.may.rows
        code = "exchange.nothing_allowed" if is_shut else "exchange.nothing_new"
        return KfdeskError(code, partner=self.partner.name)

    @property
    def _needs_tool(self) -> bool:
        """True if something of a plan stays because the transfer tool is missing."""
        return any(
            one.reason is WithheldReason.TRANSFER and not is_common_type(one.type)
            for one in self.may.withheld
        )


PART_BYTES = 7 * 1024**2
"""The most bytes of records and attachments in one of several files; padded it has 8 MiB."""


def split_parcel(desk: Session, parcel: Parcel) -> tuple[Parcel, ...]:
    """Return a parcel as parts that each fill a small file, records before attachments.

    Each can be taken alone and in any order. An attachment above the limit has a part of its own.
    The last part sets the watermarks, so that all is checked again if it was not written. No part
    counts as a replacement of another.
    """
    sizes, whose, space = desk.store.contents.sizes(), [set[bytes]()], PART_BYTES
    for given in sorted(parcel.goes.rows, key=lambda one: one.rid in sizes):
        size = len(encode_state(given.row.state)) + sizes.get(given.rid, 0)
        if size > space and whose[-1]:
            whose.append(set())
            space = PART_BYTES
        whose[-1].add(given.rid)
        space -= size
    if len(whose) == 1:
        return (parcel,)
    parts = [parcel.goes.only_rows(rids) for rids in whose]
    each = [replace(parcel, goes=goes, may=goes, levels=()) for goes in parts]
    return (*each[:-1], replace(each[-1], levels=parcel.levels))


@dataclass(frozen=True, slots=True)
class CommonState:
    """Number of common records that a partner lacks, and if it shares a network with us.

    `too_new` of them wait until the partner has a newer program; the other `ready` ones can go.
    `has_left`: it shares none, and was in one of ours.
    """

    ready: int
    too_new: int
    is_member: bool
    has_left: bool = False
