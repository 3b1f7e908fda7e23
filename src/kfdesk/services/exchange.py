# SPDX-License-Identifier: GPL-3.0-or-later
"""Sending and taking bundles.

What goes is what `disclose()` grants and the partner does not have yet, record by record, whole;
notices of withdrawals go along, and by themselves where no data may go. Taking first proves the
file and shows what it would do; only then, in one transaction, are its writes joined with ours,
the place in the order noted, and what it acknowledges. Nobody's words are lost: what both wrote
stays as a conflict. Whom a file is believed is asked of `sharing/`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import chain, islice
from pathlib import Path

from kfdesk.domain.consents.withdrawal import TOLD
from kfdesk.domain.desk.exchange import (
    Direction,
    Load,
    Made,
    Mark,
    Partner,
    PartnerState,
    Route,
    Taken,
)
from kfdesk.domain.desk.log import Action
from kfdesk.domain.desk.users import Right
from kfdesk.domain.disclosure import Channel, Disclosed, disclose
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row, columns
from kfdesk.domain.writes import fids_of
from kfdesk.services.clock import require_clock
from kfdesk.services.desk import Changes, Desk, Progress
from kfdesk.services.keeping.erasure import erased_among, keep_out, squeeze
from kfdesk.services.parcels.contents import Coming, fitting
from kfdesk.services.parcels.epochs import is_untold, owes_word
from kfdesk.services.parcels.gathering import gathered
from kfdesk.services.parcels.levels import gathered_news, level_now
from kfdesk.services.parcels.own_keys import signing_for
from kfdesk.services.parcels.review import Review as Review
from kfdesk.services.parcels.scopes import Cases, Everything
from kfdesk.services.partners import find_partner
from kfdesk.services.policy.access import require_working
from kfdesk.services.sharing import believing
from kfdesk.services.sharing.asking import take_orders, weighed
from kfdesk.services.sharing.believing import (
    PORTION,
    Beside,
    NewRows,
    Step,
    taken_before,
    took_digest,
    walked,
)
from kfdesk.services.sharing.dealing import dealings_for, note_dealings
from kfdesk.services.sharing.deciding import NOTHING_DECIDED, Decisions, write_decisions
from kfdesk.services.sharing.given import made_good, note_given, note_put, runs_of
from kfdesk.services.sharing.keys import entries_shown, findings_of, take_keys
from kfdesk.services.sharing.leaving import Mention, Parcel, mentions_in, unread_in
from kfdesk.services.sharing.notices import (
    entries_told,
    log_told,
    note_told_us,
    notices_for,
    owes_answer,
)
from kfdesk.services.sharing.order import check_order, next_envelope, note_taken
from kfdesk.services.sharing.undoing import begin_taking, end_taking, keep_before
from kfdesk.services.writing.records import found, readable

_FEW = 5_000  # new records that are shown as they are

Plans = bytes | tuple[bytes, ...]
"""The plan that goes in a file, or several of them."""


def prepare(desk: Desk, plan: Plans, organisation: bytes) -> Parcel:
    """What `send` would put into a file now, of one plan or of several. Writes nothing.

    Raises KfdeskError `user.not_allowed`, `record.missing`, `partner.unknown`, or `clock.…` while
    the clock is in doubt.
    """
    desk.require(Right.EXPORT_BUNDLE)
    return _prepared(desk, plan, organisation, is_whole=True)


def _prepared(desk: Desk, plan: Plans, organisation: bytes, *, is_whole: bool) -> Parcel:
    """The parcel; only what is shown before it is sent looks at what the partner has, too."""
    require_clock(desk)
    plans = plan if isinstance(plan, tuple) else (plan,)
    for one in plans:
        require_working(desk, found(desk, one), Right.EXPORT_BUNDLE)
    bare = prepare_notices(desk, organisation)
    recipient = bare.partner.recipient
    rows = {one: readable(desk, one) for one in plans}
    whose = {one: Cases(desk, (row,)) for one, row in rows.items()}
    among = Cases(desk, rows.values())
    levels = {level_now(desk, row, recipient): whose[one] for one, row in rows.items()}
    clients = {one: found(desk, row.parent or b"") for one, row in rows.items()}
    if is_whole:
        may, unknown = gathered(desk, among, recipient)
    else:
        may, unknown = gathered_news(desk, levels, among, recipient)
    goes = may if len(unknown) == len(may.rows) else may.only_rows(unknown)
    parts = {one: _part(goes, whose[one]) if len(rows) > 1 else goes for one in rows}
    mentions = tuple(
        mention for one in rows for mention in mentions_in(desk, parts[one], clients[one])
    )
    unread = unread_in(goes, bare.partner.reads)
    shown = {one: scope.rids() for one, scope in whose.items()} if is_whole else {}
    bare = replace(bare, levels=tuple(levels), whose=shown)
    return replace(bare, may=may, goes=goes, mentions=mentions, unread=unread)


def _part(goes: Disclosed, whose: Cases) -> Disclosed:
    return goes.only_rows(whose.of([given.rid for given in goes.rows]))


def prepare_everything(desk: Desk, laptop: bytes) -> Parcel:
    """What another laptop of our own does not have yet: everything but drafts. Writes nothing.

    Raises KfdeskError as `prepare` does, and `partner.not_own` for another's desk.
    """
    desk.require(Right.EXPORT_BUNDLE)
    bare = prepare_notices(desk, laptop)
    if not bare.partner.is_own:
        raise KfdeskError("partner.not_own")
    level = level_now(desk, None, bare.partner.recipient)
    among = Everything(desk)
    may, unknown = gathered_news(desk, {level: among}, among, bare.partner.recipient)
    goes = may if len(unknown) == len(may.rows) else may.only_rows(unknown)
    goes, waiting = fitting(desk, goes)
    levels = () if waiting else (level,)
    return replace(bare, may=may, goes=goes, waiting=waiting, levels=levels)


def prepare_notices(desk: Desk, organisation: bytes) -> Parcel:
    """What `send_notices` would put into a file now: no data of anybody. Writes nothing.

    Raises KfdeskError as `prepare` does.
    """
    desk.require(Right.EXPORT_BUNDLE)
    require_clock(desk)
    partner = find_partner(desk, organisation)
    nothing = disclose((), partner.recipient, Channel.BUNDLE, (), desk.rooms.clock.now())
    if partner.state is not PartnerState.VERIFIED:
        return Parcel(partner, nothing, nothing)
    return Parcel(
        partner,
        nothing,
        nothing,
        notices_for(desk, organisation),
        owes_answer(desk, organisation),
        dealings_for(desk, organisation),
        is_anew=is_untold(desk, organisation),
        knows_anew=owes_word(desk, organisation),
    )


def send(
    desk: Desk,
    plan: Plans,
    organisation: bytes,
    folder: Path,
    somebody_else: frozenset[Mention] = frozenset(),
) -> Made:
    """Make a bundle of a plan, or of several, for a partner in `folder`.

    What it must be told goes along. The file is written, flushed and read back before it counts.
    `somebody_else` are names of which who sends has said that they are not the other client's.
    Raises KfdeskError `exchange.nothing_allowed` where no consent opens anything and there is
    nothing to tell, `exchange.nothing_new`, `exchange.names_another` where a text names another
    client, `clock.…` while the clock is in doubt, or `bundle.…` from the file.
    """
    desk.require(Right.EXPORT_BUNDLE)
    parcel = _prepared(desk, plan, organisation, is_whole=False)
    for one in parcel.mentions:
        if one.is_code or one not in somebody_else:
            raise KfdeskError("exchange.names_another", field=f"{one.type}.{one.key}")
    return _make(desk, parcel, folder)


def send_notices(desk: Desk, organisation: bytes, folder: Path) -> Made:
    """Make a bundle that only tells a partner what it must know, without any data.

    Raises KfdeskError as `send` does.
    """
    desk.require(Right.EXPORT_BUNDLE)
    return _make(desk, prepare_notices(desk, organisation), folder)


def send_everything(desk: Desk, laptop: bytes, folder: Path) -> Made:
    """Make a bundle for a laptop of our own in `folder`. Raises KfdeskError as `send` does."""
    desk.require(Right.EXPORT_BUNDLE)
    return _make(desk, prepare_everything(desk, laptop), folder)


def _make(desk: Desk, parcel: Parcel, folder: Path) -> Made:
    if parcel.fault is not None:
        raise parcel.fault
    organisation, goes, notices = parcel.partner.organisation, parcel.goes, parcel.notices
    envelope = next_envelope(desk, parcel.partner)
    good = made_good(desk, parcel.may, organisation, envelope.epoch)
    dealings = replace(parcel.dealings, made_good=runs_of(good))

    def note(digest: bytes) -> None:
        mark = Mark(
            organisation, Direction.OUT, envelope.epoch, envelope.sequence, digest,
            desk.milliseconds, envelope.previous, envelope.hlc,
        )  # fmt: skip
        told = entries_told(desk, notices, organisation, digest)
        shown = entries_shown(desk, organisation, digest)
        with desk.store.transaction():
            note_given(desk, goes, organisation, digest)
            desk.store.ledger.enter(chain(told, shown))
            desk.store.ledger.mark(mark)
            log_told(desk, notices)
            note_dealings(desk, organisation, dealings, digest)
            note_put(desk, organisation, folder)
            for level in parcel.levels:
                desk.store.levels.keep(level)
            for one in parcel.mentions:
                desk.log(Action.EXCUSE_NAME, one.rid, (f"{one.type}.{one.key}",))

    route = Route(signing_for(desk, organisation), parcel.partner, folder)
    content = desk.store.contents.parts
    return desk.rooms.bundles.make(route, envelope, Load(goes, notices, dealings, content), note)


def review(desk: Desk, path: Path, progress: Progress | None = None) -> Review:
    """Prove a file and say what it would do. Writes nothing.

    Raises KfdeskError `user.not_allowed`; `bundle.…`; `bundle.taken_before` for one that was taken
    already; `bundle.forked` for another file under a number that was used; `work.cancelled`.
    """
    desk.require(Right.IMPORT_BUNDLE)
    return _review(desk, path, progress.step if progress else _nobody)


def _read_again(desk: Desk, path: Path, taken: Taken, coming: Coming) -> None:
    """What is signed in a file that was reviewed is the same: what was read of it holds."""
    senders = _senders(desk)
    digest = desk.rooms.bundles.read_again(path, desk.identity, senders, coming.keep)
    if digest != taken.digest:
        raise KfdeskError("bundle.changed_since")


def _senders(desk: Desk) -> Mapping[bytes, Partner]:
    return {
        partner.sign_key: partner
        for partner in desk.store.ledger.partners()
        if partner.state is not PartnerState.PENDING
    }


def _review(desk: Desk, path: Path, step: Step) -> Review:
    known = partial(taken_before, desk)
    taken = desk.rooms.bundles.read(path, desk.identity, _senders(desk), known)
    findings = (*check_order(desk, taken), *findings_of(desk, taken))
    new, changed = NewRows(taken), list[Row]()
    before: dict[bytes, Row] = {}
    fresh: dict[bytes, Row] = {}
    erased = erased_among(desk, taken)
    conflicts = refused = kept = kept_out = 0
    for one in walked(desk, taken, erased, step):
        ours, becomes = one.ours, one.becomes
        if becomes is None:
            refused += 1
            kept_out += one.sent.rid in erased
        elif ours is None:
            new.add(one.sent.rid)
        elif one.is_changed:
            changed.append(becomes)
            before[becomes.rid] = ours
            conflicts += len(columns(becomes)[1] - columns(ours)[1])
            kept += one.is_kept
    name = find_partner(desk, taken.organisation).name
    rows: Sequence[Row] = tuple(new) if len(new) <= _FEW else new
    found_rows = Review(taken, name, rows, tuple(changed), conflicts, refused, before, erased)
    orders = weighed(desk, taken)
    found_rows = replace(found_rows, findings=findings, orders=orders, kept=kept, kept_out=kept_out)
    return _with_notices(desk, found_rows, fresh)


def _with_notices(desk: Desk, reviewed: Review, fresh: Mapping[bytes, Row]) -> Review:
    living = [row for row in reviewed.taken.notices if row.rid not in reviewed.erased]
    told = [believing.told(desk, reviewed.taken, row, fresh) for row in living]
    believed = tuple(one for one in told if one is not None)
    return replace(reviewed, told=believed, untold=len(told) - len(believed))


def apply(
    desk: Desk,
    path: Path,
    reviewed: Review,
    progress: Progress | None = None,
    decisions: Decisions = NOTHING_DECIDED,
) -> Changes:
    """Take what was reviewed: the file is read again and must be the same.

    One transaction: all of it or nothing, with what was decided of it. Raises KfdeskError as
    `review` does, and `bundle.changed_since` for a file that is not the one reviewed.
    """
    desk.require(Right.IMPORT_BUNDLE)
    step = progress.step if progress else _nobody
    taken, types, rids = reviewed.taken, set[str](), set[bytes]()
    coming = Coming(desk, taken)
    with desk.store.transaction():
        _read_again(desk, path, taken, coming)
        check_order(desk, taken)
        erased = erased_among(desk, taken)
        begin_taking(desk, taken)
        walk = walked(desk, taken, erased, step, is_checked=True)
        while portion := list(islice(walk, PORTION)):
            rows = _put(desk, taken, portion)
            types |= {row.type for row in rows}
            rids |= {row.rid for row in rows}
        coming.settle()
        write_decisions(desk, decisions)
        news = _take_notices(desk, Review(taken, "", (), (), 0, 0, {}, erased))
        types |= {"consent", "disclosure"} if news else set()
        rids |= news
        keep_out(desk, erased)
        take_keys(desk, taken)
        note_taken(desk, taken)
        desk.log(Action.IMPORT, taken.organisation)
        end_taking(desk, taken, len(rids))
        gone = take_orders(desk, taken)
        if gone.rids:
            desk.store.takings.forget()
    if gone.rids:
        squeeze(desk)
    return Changes(frozenset(types), frozenset(rids)) | gone


def _put(desk: Desk, taken: Taken, portion: Sequence[Beside]) -> list[Row]:
    """Write what becomes of some rows; returns those that are new or changed.

    What must be kept as it is has not taken all that was sent, and may be sent it again.
    """
    kept = [
        (one.becomes, None if one.is_kept else took_digest(taken.organisation, one.sent))
        for one in portion
        if one.becomes is not None and (one.ours is None or one.is_changed)
    ]
    rows = [row for row, _ in kept]
    keep_before(desk, taken, (one.sent.rid for one in portion if one.is_changed))
    desk.store.put_all(kept)
    desk.log_all(Action.IMPORT, ((row.rid, _keys(row.type, fids_of(row.state))) for row in rows))
    return rows


def _take_notices(desk: Desk, bare: Review) -> set[bytes]:
    """Take the notices of a file whose rows are written; returns the consents that they shut."""
    again = _with_notices(desk, bare, {})
    keep_before(desk, again.taken, (one.after.rid for one in again.news))
    for one in again.news:
        desk.store.put(one.after)
        desk.log(Action.NOTICE_TAKEN, one.after.rid, TOLD)
    erased = (row for row in again.taken.notices if row.rid in again.erased)
    for row in (*(one.after for one in again.told), *erased):
        note_told_us(desk, row, again.taken.organisation, again.taken.digest)
    return {one.after.rid for one in again.news}


def _nobody(_done: int, _of: int) -> None:
    """Nobody asks how far it is."""


@lru_cache(maxsize=_FEW)
def _keys(record_type: str, fids: frozenset[int]) -> tuple[str, ...]:
    """The names of fields; most records of a type have the same."""
    by_id = TYPES[record_type].by_id
    return tuple(sorted(by_id[fid].key for fid in fids if fid in by_id))
