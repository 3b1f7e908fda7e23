# SPDX-License-Identifier: GPL-3.0-or-later
"""Transfer: send bundles, and import them singly or all that are found.

A bundle holds the records that `disclose()` grants and that the partner does not have yet,
each record whole. Withdrawal notices go along, or alone if no data may be sent. An import
first verifies the file and shows what it would do. Then one transaction merges its writes
with ours and records its sequence number and what it acknowledges. Nothing is lost: a field
that both sides wrote becomes a conflict. The merge rules decide what is accepted from whom.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import chain, islice
from pathlib import Path
from zoneinfo import ZoneInfo

from kfdesk.domain.accounts import Right
from kfdesk.domain.audit import Action
from kfdesk.domain.authority import is_common_type
from kfdesk.domain.consent import NOTICE_FIELDS, WithdrawalNotice, is_withdrawn
from kfdesk.domain.disclosure import Channel, Disclosed, disclose
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import (
    Destination,
    Direction,
    FileFinding,
    FileIssue,
    Partner,
    PartnerState,
    Payload,
    ReadHooks,
    ReceivedBundle,
    SequenceMark,
    Watermark,
    WrittenBundle,
    effect_keys,
)
from kfdesk.domain.network import left_networks, shared_networks
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import is_deleted, live_field_ids
from kfdesk.domain.rows import Row, conflicting_keys
from kfdesk.domain.stamps import bound_stamps, day_to_send, is_ahead, newest_stamp_until
from kfdesk.services.core.authorization import require_right_on
from kfdesk.services.core.records import require_readable, require_record
from kfdesk.services.core.session import (
    Changes,
    Progress,
    ProgressCallback,
    Session,
    desk_zone,
    progress_callback,
    require_plausible_clock,
)
from kfdesk.services.exchange.audit_heads import report_audit
from kfdesk.services.exchange.copied_store import preview_invited
from kfdesk.services.exchange.disclosure_log import (
    number_ranges,
    record_destination,
    record_disclosure,
    replaced_file_numbers,
)
from kfdesk.services.exchange.epochs import (
    is_epoch_unacknowledged,
    is_quiet,
    owes_epoch_reply,
    renew_epoch_out_of_reach,
)
from kfdesk.services.exchange.erased_records import record_kept_out
from kfdesk.services.exchange.erasure import (
    compact_store,
    count_answers,
    evaluate_orders,
    import_orders,
)
from kfdesk.services.exchange.import_policy import Refusal
from kfdesk.services.exchange.import_review import (
    NO_DECISIONS,
    Decisions,
    ImportReview,
    apply_decisions,
    begin_undo_record,
    bin_phones_of_others,
    end_undo_record,
    save_rows_for_undo,
)
from kfdesk.services.exchange.invitations import is_invitation
from kfdesk.services.exchange.merge import (
    ROWS_PER_PORTION,
    NewRows,
    RowMerge,
    merge_rows,
    received_before,
    received_digest,
    rows_kept_out,
    temporary_refusals,
)
from kfdesk.services.exchange.notices import (
    check_waiting_notices,
    log_notices_sent,
    notice_ledger_entries,
    notices_to_send,
    owes_answer,
    record_notice_received,
)
from kfdesk.services.exchange.outbox import (
    CommonState,
    IncomingContents,
    Parcel,
    PlanWatermarks,
    ask_for_kept_out,
    common_watermark,
    control_messages_for,
    current_watermark,
    limit_contents,
    record_control_messages,
    select_changes,
    select_for_bundle,
    split_parcel,
)
from kfdesk.services.exchange.outgoing_texts import (
    Mention,
    common_part,
    find_common_mentions,
    find_mentions,
    find_unreadable_texts,
    without_named,
)
from kfdesk.services.exchange.partners import (
    OfferedCard,
    find_partner,
    identity_for,
    import_keys,
    key_findings,
    key_ledger_entries,
)
from kfdesk.services.exchange.provenance import (
    fresh_writes,
    provenance_for,
    record_provenance,
)
from kfdesk.services.exchange.received_notices import NoticeReport, evaluate_notices
from kfdesk.services.exchange.record_findings import (
    NOTICE_ALARMS,
    InOurName,
    PassedOn,
    record_findings,
    waiting_keys,
)
from kfdesk.services.exchange.scopes import (
    CaseScope,
    FullScope,
    RecordScope,
    UnionScope,
    common_scope,
    consents_in,
    is_known_there,
    named_entries,
    partner_schema,
)
from kfdesk.services.exchange.sequence import (
    check_envelope,
    check_sequence,
    count_confirmed,
    next_envelope,
    record_received,
)
from kfdesk.services.plans.leg_clocks import sent_clocks

_MAX_LISTED_ROWS = 5_000  # new records that are held as a list

PlanIds = bytes | tuple[bytes, ...]
"""The plan that goes in a file, or several of them."""


# --- sending


def prepare_bundle(desk: Session, plan: PlanIds, organisation: bytes) -> Parcel:
    """Return what `send_bundle` would put into a file now, for one plan or several. Write nothing.

    Raise KfdeskError `user.not_allowed`, `record.missing`, `partner.unknown`, or `clock.…`
    while the clock is in doubt.
    """
    desk.require(Right.EXPORT_BUNDLE)
    return _prepare(desk, plan, organisation, is_whole=True)


def _prepare(desk: Session, plan: PlanIds, organisation: bytes, *, is_whole: bool) -> Parcel:
    """Return the parcel; if `is_whole`, also with the records that the partner already has."""
    require_plausible_clock(desk)
    plans = plan if isinstance(plan, tuple) else (plan,)
    for one in plans:
        require_right_on(desk, require_record(desk, one), Right.EXPORT_BUNDLE)
    parcel = prepare_notices(desk, organisation)
    recipient = parcel.partner.recipient
    rows = {one: require_readable(desk, one) for one in plans}
    whose = {one: CaseScope(desk, (row,)) for one, row in rows.items()}
    cases = CaseScope(desk, rows.values())
    named = named_entries(desk, cases, recipient, consents_in(desk, cases))
    common = common_scope(desk, organisation)
    among = UnionScope(cases, named, common)
    each = PlanWatermarks(desk, recipient).of_all(rows.values())
    levels: dict[Watermark, RecordScope] = {level: whose[level.rid] for level in each}
    if common.rids():
        levels[common_watermark(desk, recipient)] = common
    clients = {one: require_record(desk, row.parent or b"") for one, row in rows.items()}
    if is_whole:
        may, unknown = select_for_bundle(desk, among, recipient)
    else:
        may, unknown = select_changes(desk, levels, among, recipient, named.rids())
    parcel = _with_selection(desk, parcel, may, unknown)
    goes = parcel.goes
    parts = {one: _rows_of_case(goes, whose[one]) if len(rows) > 1 else goes for one in rows}
    mentions = find_mentions(
        desk, (common_part(goes), None), *((parts[one], clients[one]) for one in rows)
    )
    unread = find_unreadable_texts(goes, parcel.partner.reads)
    shown = {one: scope.rids() for one, scope in whose.items()} if is_whole else {}
    kept = () if parcel.quiet else tuple(levels)  # what waits must be looked at again
    parcel = replace(parcel, levels=kept, whose=shown, named=named.rids())
    return replace(parcel, mentions=mentions, unread=unread, clocks=sent_clocks(desk, goes))


def _with_selection(
    desk: Session, parcel: Parcel, may: Disclosed, unknown: Collection[bytes]
) -> Parcel:
    """Return the parcel with what may go and what of it goes now.

    Records of a type that the partner's program does not know wait (`Parcel.too_new`).
    """
    schema = partner_schema(desk, parcel.partner.organisation)
    waits = Counter(
        given.type
        for given in may.rows
        if given.rid in unknown and not is_known_there(given.type, schema)
    )
    if waits:
        known = {given.rid for given in may.rows if is_known_there(given.type, schema)}
        unknown = known.intersection(unknown)
    goes = may if len(unknown) == len(may.rows) else may.only_rows(frozenset(unknown))
    goes, quiet = without_named(desk, goes), 0
    if not parcel.partner.is_own and is_quiet(desk, parcel.partner.organisation):
        stays = frozenset(one.rid for one in goes.rows if is_common_type(one.type))
        quiet = len(goes.rows) - len(stays)
        goes = goes.only_rows(stays) if quiet else goes
    ahead = [one.row.state for one in goes.rows if is_ahead(one.row.state, desk.milliseconds)]
    zone = ZoneInfo(desk_zone(desk))
    until = max((day_to_send(state, zone) for state in ahead), default=None)
    return replace(
        parcel, may=may, goes=goes, too_new=dict(waits), ahead=len(ahead), ahead_until=until,
        quiet=quiet,
    )  # fmt: skip


def count_common(desk: Session, organisation: bytes) -> CommonState:
    """Return what of common networks waits for a partner. Raise as `prepare_common` does."""
    desk.require(Right.EXPORT_BUNDLE)
    circles, former = desk.members()
    is_member = bool(shared_networks(circles, organisation))
    ours = desk.store.tree.of_custodian(("network",), desk.identity.organisation)
    has_left = not is_member and not ours.isdisjoint(left_networks(former, organisation))
    parcel = prepare_common(desk, organisation)
    too_new = sum(parcel.too_new.values())
    return CommonState(len(parcel.goes.rows), too_new, is_member, has_left)


def prepare_common(desk: Session, organisation: bytes) -> Parcel:
    """Return what a file without any plan would hold: the records of common networks.

    Write nothing. Raise KfdeskError as `prepare_bundle` does.
    """
    desk.require(Right.EXPORT_BUNDLE)
    require_plausible_clock(desk)
    parcel = prepare_notices(desk, organisation)
    recipient, scope = parcel.partner.recipient, common_scope(desk, organisation)
    level = common_watermark(desk, recipient)
    may, unknown = select_changes(desk, {level: scope}, scope, recipient)
    parcel = _with_selection(desk, parcel, may, unknown)
    mentions = find_common_mentions(desk, parcel.goes)
    levels = () if parcel.too_new else (level,)
    return replace(parcel, mentions=mentions, levels=levels)


def _rows_of_case(goes: Disclosed, whose: CaseScope) -> Disclosed:
    return goes.only_rows(whose.of([given.rid for given in goes.rows]))


def prepare_full_sync(desk: Session, laptop: bytes) -> Parcel:
    """Return what another laptop of our organisation lacks: everything but drafts. Write nothing.

    Raise KfdeskError as `prepare_bundle` does, and `partner.not_own` for another organisation.
    """
    desk.require(Right.EXPORT_BUNDLE)
    require_plausible_clock(desk)
    bare = prepare_notices(desk, laptop)
    if not bare.partner.is_own:
        raise KfdeskError("partner.not_own")
    level = current_watermark(desk, None, bare.partner.recipient)
    among = FullScope(desk)
    may, unknown = select_changes(desk, {level: among}, among, bare.partner.recipient)
    parcel = _with_selection(desk, bare, may, unknown)
    goes, waiting = limit_contents(desk, parcel.goes)
    levels = () if waiting or parcel.too_new else (level,)
    return replace(parcel, goes=goes, waiting=waiting, levels=levels)


def prepare_notices(desk: Session, organisation: bytes) -> Parcel:
    """Return what `send_notices` would put into a file now: no personal data. Write nothing.

    No doubt about the clock stops it. Raise KfdeskError `user.not_allowed` or `partner.unknown`.
    """
    desk.require(Right.EXPORT_BUNDLE)
    partner = find_partner(desk, organisation)
    nothing = disclose((), partner.recipient, Channel.BUNDLE, desk.disclosure_basis())
    if partner.state is not PartnerState.VERIFIED:
        return Parcel(partner, nothing, nothing)
    return Parcel(
        partner,
        nothing,
        nothing,
        notices_to_send(desk, organisation),
        owes_answer(desk, organisation),
        control_messages_for(desk, organisation),
        is_tool_over=partner.is_third_country and desk.transfer_tools().get(organisation) is False,
        is_anew=is_epoch_unacknowledged(desk, organisation),
        knows_anew=owes_epoch_reply(desk, organisation),
    )


def send_bundle(
    desk: Session,
    plan: PlanIds,
    organisation: bytes,
    folder: Path,
    somebody_else: frozenset[Mention] = frozenset(),
) -> WrittenBundle:
    """Write a bundle of one plan, or of several, for a partner into `folder`.

    Notices to the partner go along. The file is written, flushed and read back before it
    counts. `somebody_else` are mentions that the user has confirmed as names of other people,
    not of another client. Raise KfdeskError `exchange.nothing_allowed` if no consent permits
    anything and there is no notice, `exchange.nothing_new`, `exchange.names_another` if a text
    names another client, `clock.…` while the clock is in doubt, or `bundle.…` from the file.
    """
    desk.require(Right.EXPORT_BUNDLE)
    parcel = _prepare(desk, plan, organisation, is_whole=False)
    _check_mentions(parcel, somebody_else)
    return _write_bundle(desk, parcel, folder)


def _check_mentions(parcel: Parcel, somebody_else: frozenset[Mention]) -> None:
    """Raise KfdeskError `exchange.names_another` for a client who is named in another's texts."""
    for one in parcel.mentions:
        if one.is_code or one not in somebody_else:
            raise KfdeskError("exchange.names_another", field=f"{one.type}.{one.key}")


def send_common(
    desk: Session,
    organisation: bytes,
    folder: Path,
    somebody_else: frozenset[Mention] = frozenset(),
) -> WrittenBundle:
    """Write a bundle with the records of common networks for a partner into `folder`.

    Raise KfdeskError as `send_bundle` does.
    """
    desk.require(Right.EXPORT_BUNDLE)
    parcel = prepare_common(desk, organisation)
    _check_mentions(parcel, somebody_else)
    return _write_bundle(desk, parcel, folder)


def send_notices(desk: Session, organisation: bytes, folder: Path) -> WrittenBundle:
    """Write a bundle that only informs a partner of what it must know, without any data.

    It goes while the clock is in doubt, too. Raise KfdeskError as `send_bundle` does otherwise.
    """
    desk.require(Right.EXPORT_BUNDLE)
    return _write_bundle(desk, prepare_notices(desk, organisation), folder)


def send_full_sync(
    desk: Session, laptop: bytes, folder: Path, progress: Progress | None = None,
    made: list[WrittenBundle] | None = None,
) -> tuple[WrittenBundle, ...]:  # fmt: skip
    """Write what another laptop of ours lacks into `folder`, in files of at most 8 MiB.

    `made` gets each file; it goes on after those in it. Raise as `send_bundle`; `work.cancelled`.
    """
    desk.require(Right.EXPORT_BUNDLE)
    step, made = progress_callback(progress), [] if made is None else made
    parts = split_parcel(desk, prepare_full_sync(desk, laptop))
    for part in parts[len(made) :]:
        step(len(made), len(parts))
        made.append(_write_bundle(desk, part, folder))
    return tuple(made)


def _write_bundle(desk: Session, parcel: Parcel, folder: Path) -> WrittenBundle:
    if parcel.fault is not None:
        raise parcel.fault
    organisation, goes, notices = parcel.partner.organisation, parcel.goes, parcel.notices
    envelope = next_envelope(desk, parcel.partner)
    whole = parcel.goes if parcel.quiet else parcel.may  # what waits makes no earlier file good
    good = replaced_file_numbers(desk, whole, organisation, envelope.epoch)
    report = report_audit(desk, organisation)
    dealings = replace(
        parcel.dealings, made_good=number_ranges(good), audit=report,
        provenance=provenance_for(desk, parcel.partner, goes),
    )  # fmt: skip

    def record(digest: bytes) -> None:
        mark = SequenceMark(
            organisation, Direction.OUT, envelope.epoch, envelope.sequence, digest,
            desk.milliseconds, envelope.previous, envelope.hlc,
        )  # fmt: skip
        notice_entries = notice_ledger_entries(desk, notices, organisation, digest)
        key_entries = key_ledger_entries(desk, organisation, digest)
        with desk.store.transaction():
            record_disclosure(desk, goes, organisation, digest)
            desk.store.ledger.enter(chain(notice_entries, key_entries))
            desk.store.ledger.mark(mark)
            log_notices_sent(desk, notices)
            record_control_messages(desk, organisation, dealings, digest)
            record_destination(desk, organisation, folder)
            for level in parcel.levels:
                desk.store.levels.keep(level)
            renew_epoch_out_of_reach(desk, organisation)
            for one in parcel.mentions:
                desk.log(Action.EXCUSE_NAME, one.rid, (f"{one.type}.{one.key}",))

    destination = Destination(identity_for(desk, organisation), parcel.partner, folder)
    content, told = desk.store.contents.parts, tuple(_bounded(desk, one) for one in notices)
    return desk.adapters.bundles.make(
        destination, envelope, Payload(goes, told, dealings, content), record
    )


def _bounded(desk: Session, notice: WithdrawalNotice) -> WithdrawalNotice:
    """Return a notice that no partner refuses for its time, whatever the clock showed then."""
    row, now = notice.row, desk.stamp_milliseconds
    here = desk.store.row(row.rid)
    after = newest_stamp_until(here.state, now) if here is not None else 0
    return WithdrawalNotice(replace(row, state=bound_stamps(row.rid, row.state, now, after)))


# --- importing one file


def review_bundle(desk: Session, path: Path, progress: Progress | None = None) -> ImportReview:
    """Verify a file and return what importing it would do. Write nothing.

    Raise KfdeskError `user.not_allowed`; `bundle.…`; `bundle.taken_before` for a file that was
    imported already; `bundle.forked` for another file under a used number; `work.cancelled`.
    """
    desk.require(Right.IMPORT_BUNDLE)
    return _review(desk, path, progress_callback(progress))


def _verify_unchanged(
    desk: Session, path: Path, taken: ReceivedBundle, coming: IncomingContents
) -> None:
    """Verify that the signed content is that of the reviewed file, so what was read of it holds."""
    senders = _known_senders(desk)
    digest = desk.adapters.bundles.reread_chunks(path, desk.identity, senders, coming.keep)
    if digest != taken.digest:
        raise KfdeskError("bundle.changed_since")


def _known_senders(desk: Session) -> Mapping[bytes, Partner]:
    return {
        partner.sign_key: partner
        for partner in desk.store.ledger.partners()
        if partner.state is not PartnerState.PENDING
    }


def _review(desk: Session, path: Path, step: ProgressCallback) -> ImportReview:
    known, hooks = partial(received_before, desk), ReadHooks(partial(check_envelope, desk), step)
    taken = desk.adapters.bundles.read(path, desk.identity, _known_senders(desk), known, hooks)
    findings = (*check_sequence(desk, taken), *key_findings(desk, taken))
    new, changed = NewRows(taken), list[Row]()
    before, erased = dict[bytes, Row](), set[bytes]()
    waiting: dict[bytes, frozenset[str]] = {}
    refusals, conflicts, kept, deletions = Counter[Refusal](), 0, 0, 0
    in_our_name, passed_on = InOurName(desk, taken), PassedOn(desk, taken)
    corrected, undone_again, undone = 0, 0, desk.store.takings.undone(taken.organisation)
    for one in merge_rows(desk, taken, step):
        ours, becomes = one.ours, one.becomes
        if becomes is None:
            refusals[one.refusal or Refusal.NOT_WRITABLE] += 1
            if one.refusal is Refusal.ERASED:
                erased.add(one.sent.rid)
            continue
        in_our_name.count(one)
        passed_on.count(one)
        if one.sent.rid in undone:
            undone_again += not fresh_writes(one).isdisjoint(undone[one.sent.rid])
        corrected += bool(one.renamed)
        keys = waiting_keys(one)
        if keys:
            waiting[becomes.rid] = keys
        if ours is None and not keys:
            new.add(one.sent.rid)
        elif ours is None or one.is_changed:
            changed.append(becomes)
            torn = conflicting_keys(ours) if ours is not None else frozenset[str]()
            conflicts += len(conflicting_keys(becomes) - torn)
            kept += one.is_kept
            deletions += is_deleted(becomes.state) and not (ours and is_deleted(ours.state))
        if ours is not None and one.is_changed:
            before[becomes.rid] = ours
    rows: Sequence[Row] = tuple(new) if len(new) <= _MAX_LISTED_ROWS else new
    report = evaluate_notices(desk, taken, {})
    alarms = refusals + Counter(why for why in report.refused if why in NOTICE_ALARMS)
    findings += tuple(record_findings(alarms, waiting, corrected))
    findings = (*in_our_name.told(findings), *passed_on.findings())
    if undone_again:
        findings += (FileFinding(FileIssue.UNDONE, records=undone_again),)
    review = ImportReview(
        taken, find_partner(desk, taken.organisation).name, rows, tuple(changed), conflicts,
        refusals.total(), before, frozenset(erased), findings=findings,
        orders=evaluate_orders(desk, taken), kept=kept, kept_out=refusals[Refusal.ERASED],
        waiting=waiting, deletions=deletions, unwritable=refusals[Refusal.NOT_WRITABLE],
        confirmed=count_confirmed(desk, taken), answers=count_answers(desk, taken),
    )  # fmt: skip
    return _with_notices(desk, review, report)


def _with_notices(desk: Session, reviewed: ImportReview, report: NoticeReport) -> ImportReview:
    check_waiting_notices(desk, reviewed.taken.organisation, report.told)
    gone = reviewed.erased.union(row.rid for row in report.told_of_erased)
    return replace(reviewed, told=report.told, untold=report.untold, erased=gone)


def import_bundle(
    desk: Session,
    path: Path,
    reviewed: ImportReview,
    progress: Progress | None = None,
    decisions: Decisions = NO_DECISIONS,
) -> Changes:
    """Import a reviewed file, with the user's decisions: read it again; it must be the same.

    One transaction: all of it or nothing. Raise KfdeskError as `review_bundle` does, and
    `bundle.changed_since` for a file that is not the one reviewed.
    """
    desk.require(Right.IMPORT_BUNDLE)
    step = progress_callback(progress)
    taken, types, rids = reviewed.taken, set[str](), set[bytes]()
    coming = IncomingContents(desk, taken)
    with desk.store.transaction():
        _verify_unchanged(desk, path, taken, coming)
        check_sequence(desk, taken)
        begin_undo_record(desk, taken)
        kept_out = list[tuple[bytes, bytes]]()
        walk, withdraws = merge_rows(desk, taken, step, is_checked=True), False
        refused, agrees = set[Refusal](), False
        while portion := list(islice(walk, ROWS_PER_PORTION)):
            rows = _write_portion(desk, taken, portion)
            withdraws |= any(one.withdraws for one in portion)
            refused |= temporary_refusals(taken, portion)
            agrees |= any(row.type == "consent" and not is_withdrawn(row) for row in rows)
            kept_out += rows_kept_out(taken, portion)
            types |= {row.type for row in rows}
            rids |= {row.rid for row in rows}
        coming.settle()
        apply_decisions(desk, decisions)
        news = _import_notices(desk, taken, kept_out)
        types |= {"consent", "disclosure"} if news else set()
        rids |= news
        record_kept_out(desk, taken, kept_out)
        ask_for_kept_out(desk, taken.organisation, refused, agrees=agrees)
        import_keys(desk, taken)
        record_received(desk, taken)
        done = effect_keys(reviewed.findings, reviewed.effects)
        desk.log(Action.IMPORT, taken.organisation, done)
        gone = import_orders(desk, taken, erases=reviewed.erases)
        end_undo_record(desk, taken, len(rids), is_final=withdraws or bool(news))
        if gone.rids:
            desk.store.takings.forget()
    if gone.rids:
        compact_store(desk)
    return Changes(frozenset(types), frozenset(rids)) | gone


def _write_portion(desk: Session, taken: ReceivedBundle, portion: Sequence[RowMerge]) -> list[Row]:
    """Write the merged rows of a portion; return those that are new or changed.

    A row under a legal hold is not marked as received: it has not accepted everything, and may
    be sent again.
    """
    kept = [
        (one.becomes, None if one.is_kept else received_digest(taken.organisation, one.sent))
        for one in portion
        if one.becomes is not None and (one.ours is None or one.is_changed)
    ]
    rows = [row for row, _ in kept]
    save_rows_for_undo(desk, taken, (one.sent.rid for one in portion if one.is_changed))
    desk.store.put_all(kept)
    desk.store.takings.accept(taken.organisation, (row.rid for row in rows))
    rows += bin_phones_of_others(desk, taken, portion)
    record_provenance(desk, taken, portion)
    desk.log_all(
        Action.IMPORT, ((row.rid, _field_keys(row.type, live_field_ids(row.state))) for row in rows)
    )
    return rows


def _import_notices(
    desk: Session, taken: ReceivedBundle, kept_out: list[tuple[bytes, bytes]]
) -> set[bytes]:
    """Import the notices of a file whose rows are written; return the consents they withdraw.

    Those that stay out for good are added to `kept_out`, by id and custodian.
    """
    report = evaluate_notices(desk, taken, {})
    check_waiting_notices(desk, taken.organisation, report.told)
    new = [one for one in report.told if one.is_new]
    save_rows_for_undo(desk, taken, (one.after.rid for one in new))
    for one in new:
        desk.store.put(one.after)
        desk.log(Action.NOTICE_TAKEN, one.after.rid, NOTICE_FIELDS)
    for row in (*(one.after for one in report.told), *report.told_of_erased):
        record_notice_received(desk, row, taken.organisation, taken.digest)
    kept_out += [(row.rid, row.custodian) for row in report.kept_out]
    return {one.after.rid for one in new}


@lru_cache(maxsize=_MAX_LISTED_ROWS)
def _field_keys(record_type: str, fids: frozenset[int]) -> tuple[str, ...]:
    """Return the keys of fields, cached: most records of a type have the same fields."""
    by_id = RECORD_TYPES[record_type].by_id
    return tuple(sorted(by_id[fid].key for fid in fids if fid in by_id))


# --- importing several files

CARD_SUFFIX = ".card"
_NOT_FOR_US = frozenset({"bundle.not_for_us", "bundle.not_a_bundle", "card.own", "card.damaged"})
_MAX_MISSING_SHOWN = 64  # numbers of missing files


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """One file: what it would do, whose card it is, or why it cannot be imported."""

    path: Path
    review: ImportReview | None = None
    card: OfferedCard | None = None
    fault: KfdeskError | None = None


@dataclass(frozen=True, slots=True)
class IncomingFiles:
    """Files that were found, in the best order for importing; the counts are of others."""

    files: tuple[IncomingFile, ...]
    taken_before: int = 0
    for_others: int = 0


@dataclass(frozen=True, slots=True)
class BatchImportResult:
    """The result of importing many files: the number imported, and of fields in conflict.

    `left` counts the files that somebody must look at first.
    """

    changes: Changes
    taken: int
    to_decide: int
    faults: tuple[KfdeskError, ...]
    left: int = 0


def scan_for_files(desk: Session, progress: Progress | None = None) -> IncomingFiles:
    """Return the files on sticks and in the downloads folder. Write nothing.

    Raise KfdeskError `user.not_allowed` or `work.cancelled`.
    """
    desk.require(Right.IMPORT_BUNDLE)
    return preview_files(desk, desk.adapters.arrived(), progress)


def preview_files(
    desk: Session, paths: Sequence[Path], progress: Progress | None = None
) -> IncomingFiles:
    """Return what each of these files is: cards first, then by sender and sequence number.

    Raise KfdeskError `user.not_allowed` or `work.cancelled`.
    """
    desk.require(Right.IMPORT_BUNDLE)
    files = []
    for number, path in enumerate(paths):
        step = partial(_step_of_file, progress_callback(progress), number, len(paths))
        step(0, 0)
        files.append(_preview_file(desk, path, step))
    codes = [one.fault.code if one.fault else "" for one in files]
    before, others = codes.count("bundle.taken_before"), sum(code in _NOT_FOR_US for code in codes)
    shown = [
        one for one, code in zip(files, codes, strict=True)
        if code not in _NOT_FOR_US and code != "bundle.taken_before"
        and not (one.card and one.card.is_known and not is_invitation(one.path))
    ]  # fmt: skip
    return IncomingFiles(tuple(sorted(_without_copies(shown), key=_import_order)), before, others)


def import_files(
    desk: Session, files: Iterable[IncomingFile], progress: Progress | None = None
) -> BatchImportResult:
    """Import every file that can be imported, each by itself; conflicts stay open.

    A file that is refused does not stop the others. A file that must be looked at, now that those
    before it are imported, is left. Raise KfdeskError `user.not_allowed` or `work.cancelled`.
    """
    desk.require(Right.IMPORT_BUNDLE)
    changes, taken, to_decide, left, faults = Changes(), 0, 0, 0, []
    for one in files:
        if one.review is None:
            continue
        try:
            review = review_bundle(desk, one.path, progress)
            if review.taken.digest != one.review.taken.digest:
                raise KfdeskError("bundle.changed_since")
            if review.needs_look:
                left += 1
                continue
            changes |= import_bundle(desk, one.path, review, progress)
        except KfdeskError as fault:
            if fault.code == "work.cancelled":
                raise
            faults.append(fault)
            continue
        taken += 1
        to_decide += review.conflicts
    return BatchImportResult(changes, taken, to_decide, tuple(faults), left)


def missing_before(desk: Session, taken: ReceivedBundle) -> tuple[int, ...]:
    """Return the numbers of the sender's files before this one that have not arrived.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(Right.IMPORT_BUNDLE)
    epoch, sequence = taken.envelope.epoch, taken.envelope.sequence
    marks = desk.store.ledger.marks(taken.organisation, Direction.IN)
    known = {mark.sequence for mark in marks if mark.epoch == epoch}
    return tuple(sorted(set(range(max(1, sequence - _MAX_MISSING_SHOWN), sequence)) - known))


def _step_of_file(step: ProgressCallback, number: int, of: int, _done: int, _parts: int) -> None:
    """Report which file is looked at; its parts only give an occasion to stop."""
    step(number, of)


def _preview_file(desk: Session, path: Path, step: ProgressCallback) -> IncomingFile:
    try:
        if path.suffix == CARD_SUFFIX:
            return IncomingFile(path, card=preview_invited(desk, path))
        return IncomingFile(path, review=_review(desk, path, step))
    except KfdeskError as fault:
        if fault.code == "work.cancelled":
            raise
        return IncomingFile(path, fault=fault)


def _without_copies(files: Iterable[IncomingFile]) -> Iterable[IncomingFile]:
    """Yield each file once: the same may be on the stick and in the downloads folder."""
    seen: set[bytes] = set()
    for one in files:
        digest = one.card.data if one.card else one.review.taken.digest if one.review else None
        if digest is None or digest not in seen:
            yield one
        if digest is not None:
            seen.add(digest)


def _import_order(one: IncomingFile) -> tuple[int, str, int, str]:
    if one.card is not None:
        return (0, one.card.name, 0, one.path.name)
    if one.review is None:
        return (2, "", 0, one.path.name)
    return (1, one.review.partner, one.review.taken.envelope.sequence, one.path.name)
