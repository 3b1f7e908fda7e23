# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks and suggestions: the part of the directory that organisations share.

A network is written by the organisation that began it. We take part as far as we agreed to. An
entry is its owner's: others suggest a change, and the owner takes or declines it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from kfdesk.domain.accounts import Right
from kfdesk.domain.audit import Action
from kfdesk.domain.authority import is_directory_type
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import Direction
from kfdesk.domain.kinds import CodeKind, LocalizedTextKind, TextKind
from kfdesk.domain.network import is_open, last_possible_day
from kfdesk.domain.network_work import WORK_HEADS
from kfdesk.domain.records.directory import Membership, Network, Organisation, Suggestion
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import DELETION, is_deleted
from kfdesk.domain.rows import RecordView, Row, encode_changes, seen_writes, view, view_any
from kfdesk.domain.schema import DataGroup
from kfdesk.domain.values import Value, text_or_empty
from kfdesk.services.core.authorization import DIRECTORY_READ_RIGHTS
from kfdesk.services.core.records import (
    Saved,
    change_record,
    change_records,
    create_record,
    put_changed,
    put_new,
    require_record,
)
from kfdesk.services.core.session import Session
from kfdesk.services.directory.duplicates import are_distinct, newest_values
from kfdesk.services.directory.entries import is_same_name


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member of a network: the membership, and the names that it refers to.

    `stands`: it is a member today, by this membership. `services` are codes of what it does, as
    its entry says. `sent` is when our last file to it was made: milliseconds since 1970, UTC.
    """

    view: RecordView[Membership]
    name: str
    contact: str = ""
    deputy: str = ""
    stands: bool = False
    services: tuple[str, ...] = ()
    sent: int | None = None


@dataclass(frozen=True, slots=True)
class NetworkLine:
    """A network with its members. `is_ours`: we write it. `takes_part`: we are a member today.

    `is_open`: it exists today. `own` is our newest membership in a network of others, even in the
    bin; None if we never had one.
    """

    view: RecordView[Network]
    members: tuple[MemberLine, ...]
    is_ours: bool
    takes_part: bool
    shares: frozenset[str]
    coordinator: str = ""
    is_open: bool = True
    own: RecordView[Membership] | None = None


@dataclass(frozen=True, slots=True)
class SuggestionLine:
    """A suggestion: whose entry it is about, what stands there now, and who suggests what.

    `is_ours_to_decide`: we answer for the entry, and have not decided.
    """

    view: RecordView[Suggestion]
    entry: Row
    name: str
    by: str
    now: str
    is_ours_to_decide: bool


_ENTRY_TYPES = ("organisation", "contact", "phone")


def _require_type(desk: Session, rid: bytes, *types: str) -> Row:
    """Return a record of one of these types. Raise KfdeskError `record.missing`."""
    row = require_record(desk, rid)
    if row.type not in types:
        raise KfdeskError("record.missing")
    return row


# --- networks


def list_networks(desk: Session) -> tuple[NetworkLine, ...]:
    """Return the networks that are here, by id. Raise KfdeskError `user.not_allowed`."""
    desk.require(*DIRECTORY_READ_RIGHTS)
    circles, own = desk.circles(), desk.identity.organisation
    today = desk.adapters.clock.now().date()
    members: dict[bytes, list[RecordView[Membership]]] = {}
    for row in desk.store.rows("membership"):
        members.setdefault(row.parent or b"", []).append(view(row, Membership))
    found = []
    for row in desk.store.rows("network"):
        seen = view(row, Network)
        if seen.is_deleted:
            continue
        circle = circles.get(row.rid)
        standing = circle.members if circle is not None else frozenset[bytes]()
        lines = tuple(
            _member_line(desk, one, standing if is_open(one, today) else frozenset())
            for one in members.get(row.rid, ())
            if not one.is_deleted
        )
        shares = circle.shares if circle is not None else frozenset[str]()
        whose = _name_of(desk, _reference(seen.record.coordinator))
        whose = whose or _name_of(desk, row.custodian)
        is_ours, is_in = row.custodian == own, circle is not None
        mine = _newest_of(own, members.get(row.rid, ()))
        is_there = is_open(seen, today)
        found.append(NetworkLine(seen, lines, is_ours, is_in, shares, whose, is_there, mine))
    return tuple(found)


def _newest_of(
    organisation: bytes, memberships: Iterable[RecordView[Membership]]
) -> RecordView[Membership] | None:
    """Return the membership of an organisation that began last."""
    its = (one for one in memberships if one.record.organisation == organisation.hex())
    return max(its, key=lambda one: last_possible_day(one.record.begins, date.min), default=None)


def share_in_network(desk: Session, network: bytes, sorts: Iterable[str]) -> Saved:
    """Record what we let the members of a network have: our own decision, which never leaves.

    Raise KfdeskError `user.not_allowed` or `record.missing`.
    """
    desk.require(Right.EDIT_DIRECTORY)
    shares = view(_require_type(desk, network, "network"), Network).record.shares
    offered = frozenset(shares if isinstance(shares, tuple) else ())
    return change_record(desk, network, {"we_share": tuple(sorted(offered.intersection(sorts)))})


def add_member(desk: Session, network: bytes, organisation: bytes, role: str) -> bytes:
    """Add a member to our network from today on; return the membership's id.

    A membership that stands is returned as it is. Raise KfdeskError `user.not_allowed`,
    `record.missing`, or `record.not_ours` for a network that another organisation began.
    """
    desk.require(Right.EDIT_DIRECTORY)
    _require_type(desk, network, "network")
    _require_type(desk, organisation, "organisation")
    standing = _current_memberships(desk, network, organisation)
    if standing:
        return standing[0]
    values: dict[str, Value] = {
        "organisation": organisation.hex(), "role": role,
        "begins": desk.adapters.clock.now().date(),
    }  # fmt: skip
    return create_record(desk, Membership, values, network)


def end_membership(desk: Session, network: bytes, organisation: bytes) -> tuple[bytes, ...]:
    """End an organisation's membership in our network: yesterday was its last day.

    Return the memberships that ended. Raise KfdeskError `user.not_allowed`, `record.missing` if
    none stands, or `record.not_ours`.
    """
    desk.require(Right.EDIT_DIRECTORY)
    _require_type(desk, network, "network")
    standing = _current_memberships(desk, network, organisation)
    if not standing:
        raise KfdeskError("record.missing")
    last = desk.adapters.clock.now().date() - timedelta(days=1)
    change_records(desk, tuple((rid, {"ends": last}, None) for rid in standing))
    return standing


def _current_memberships(desk: Session, network: bytes, organisation: bytes) -> tuple[bytes, ...]:
    today, name = desk.adapters.clock.now().date(), organisation.hex()
    seen = (view(row, Membership) for row in desk.store.rows_below("membership", network))
    return tuple(one.rid for one in seen if one.record.organisation == name and is_open(one, today))


def find_same_network(desk: Session, network: bytes) -> tuple[bytes, ...]:
    """Return the other networks here that have the same name in any language, by id.

    Two organisations can begin a network of one name: they stay two until a person joins them.
    Those that a person has called two (`mark_distinct`) are left out. Raise KfdeskError
    `user.not_allowed` or `record.missing`.
    """
    desk.require(*DIRECTORY_READ_RIGHTS)
    own = _titles(view(_require_type(desk, network, "network"), Network))
    return tuple(
        row.rid
        for row in desk.store.rows("network")
        if row.rid != network
        and not are_distinct(desk, network, row.rid)
        and not (seen := view(row, Network)).is_deleted
        and any(is_same_name(one, other) for one in own for other in _titles(seen))
    )


def join_networks(desk: Session, goes: bytes, stays: bytes) -> tuple[Saved, ...]:
    """Put a network of ours into the bin because another one is the same; return all changes.

    Into another network of ours its members are copied. Of a partner's network the partner alone
    says who its members are. What we share there is not widened: people decide it anew. Meetings
    and projects cannot move, so a network that has some stays. Raise KfdeskError
    `user.not_allowed`, `record.missing`, `network.has_work`, or `record.not_ours` if the one that
    goes is another organisation's.
    """
    desk.require(Right.EDIT_DIRECTORY)
    if any(desk.store.rows_below(name, goes) for name in WORK_HEADS):
        raise KfdeskError("network.has_work")
    old, new = (_require_type(desk, rid, "network") for rid in (goes, stays))
    own = desk.identity.organisation
    if goes == stays or is_deleted(old.state) or is_deleted(new.state):
        raise KfdeskError("record.missing")
    if old.custodian != own:
        raise KfdeskError("record.not_ours")
    done: list[Saved] = []
    with desk.store.transaction():
        if new.custodian == own:
            done += _copy_members(desk, goes, stays)
        done.append(put_changed(desk, old, {DELETION: 1}, seen_writes(old), Action.DELETE))
    return tuple(done)


def _copy_members(desk: Session, goes: bytes, stays: bytes) -> Iterator[Saved]:
    """Copy the memberships whose organisation has none in the network that stays."""
    below = [view(row, Membership) for row in desk.store.rows_below("membership", stays)]
    known = {seen.record.organisation for seen in below if not seen.is_deleted}
    for row in desk.store.rows_below("membership", goes):
        seen = view(row, Membership)
        if not seen.is_deleted and seen.record.organisation not in known:
            yield put_new(desk, desk.new_row("membership", stays), newest_values(row))


def _titles(seen: RecordView[Network]) -> tuple[str, ...]:
    title = seen.record.title
    return tuple(one.text for one in title) if isinstance(title, tuple) else ()


def _member_line(
    desk: Session, seen: RecordView[Membership], standing: frozenset[bytes]
) -> MemberLine:
    organisation = _reference(seen.record.organisation)
    return MemberLine(
        seen,
        _name_of(desk, organisation),
        _name_of(desk, _reference(seen.record.contact)),
        _name_of(desk, _reference(seen.record.deputy)),
        organisation in standing,
        _services_of(desk, organisation),
        _last_file_to(desk, organisation),
    )


def _last_file_to(desk: Session, organisation: bytes | None) -> int | None:
    epochs = desk.store.ledger.epochs(organisation or b"", Direction.OUT).values()
    return max((one.milliseconds for one in epochs), default=None)


def _services_of(desk: Session, organisation: bytes | None) -> tuple[str, ...]:
    row = desk.store.row(organisation) if organisation is not None else None
    if row is None or row.type != "organisation" or is_deleted(row.state):
        return ()
    services = view(row, Organisation).record.services
    return services if isinstance(services, tuple) else ()


def _name_of(desk: Session, rid: bytes | None) -> str:
    """Return the name of an organisation or person; empty if it is not here."""
    row = desk.store.row(rid) if rid is not None else None
    if row is None or not is_directory_type(row.type):
        return ""
    record = view_any(row).record
    return text_or_empty(getattr(record, "name", getattr(record, "given_name", None)))


def _reference(value: Value) -> bytes | None:
    return bytes.fromhex(value) if isinstance(value, str) and value else None


# --- suggestions


def suggest_change(desk: Session, entry: bytes, key: str, value: str, why: str = "") -> bytes:
    """Suggest a value for a field of an entry that another organisation answers for.

    Return the suggestion's id. It goes to that organisation with our next file. Raise KfdeskError
    `user.not_allowed`, `record.missing`, `suggestion.own_entry`, `field.unknown` for a field that
    no suggestion can be about, or `field.…` for a value that the field does not take.
    """
    desk.require(Right.EDIT_DIRECTORY)
    row = _require_type(desk, entry, *_ENTRY_TYPES)
    if row.custodian == desk.identity.organisation:
        raise KfdeskError("suggestion.own_entry")
    _check_suggested(row.type, key, value)
    values: dict[str, Value] = {
        "key": key, "value": value, "by": desk.identity.organisation.hex(),
    }  # fmt: skip
    if why:
        values["why"] = why
    return create_record(desk, Suggestion, values, entry)


def suggestible_keys(record_type: str) -> tuple[str, ...]:
    """Return the fields of an entry that a suggestion can be about: texts and single codes."""
    kinds = (TextKind, LocalizedTextKind, CodeKind)
    return tuple(
        key
        for key, field in RECORD_TYPES[record_type].fields.items()
        if field.to is DataGroup.DIRECTORY and isinstance(field.kind, kinds)
        and not isinstance(field.kind, LocalizedTextKind) and key != "confidentiality"
    )  # fmt: skip


def _check_suggested(record_type: str, key: str, value: str) -> None:
    """Refuse a field that no suggestion can be about, and a value or code that it does not know."""
    path = f"{record_type}.{key}"
    if key not in suggestible_keys(record_type):
        raise KfdeskError("field.unknown", field=path)
    encode_changes(record_type, {key: value or None})
    kind = RECORD_TYPES[record_type].fields[key].kind
    if isinstance(kind, CodeKind) and value and value not in kind.codes:
        raise KfdeskError("field.kind_mismatch", field=path)


def list_suggestions(desk: Session) -> tuple[SuggestionLine, ...]:
    """Return the suggestions that nobody has decided, ours to decide first.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*DIRECTORY_READ_RIGHTS)
    own, found = desk.identity.organisation, []
    for row in desk.store.rows("suggestion"):
        seen, entry = view(row, Suggestion), desk.store.row(row.parent or b"")
        if entry is None or seen.is_deleted or seen.record.state in ("taken", "declined"):
            continue
        record = view_any(entry).record
        now = text_or_empty(getattr(record, text_or_empty(seen.record.key), None))
        by = _name_of(desk, row.custodian)
        name = _name_of(desk, entry.parent if entry.type == "phone" else entry.rid)
        is_ours = entry.custodian == own and row.custodian != own
        found.append(SuggestionLine(seen, entry, name, by, now, is_ours))
    return tuple(sorted(found, key=lambda one: not one.is_ours_to_decide))


def take_suggestion(desk: Session, suggestion: bytes) -> tuple[Saved, ...]:
    """Write a suggested value into our entry; return both changes, for one undo.

    Raise KfdeskError `user.not_allowed`, `record.missing`, `suggestion.not_ours`,
    `suggestion.decided`, `field.unknown`, or `field.…` for a value that the field does not take.
    """
    desk.require(Right.EDIT_DIRECTORY)
    row, entry = _open_suggestion(desk, suggestion)
    record = view(row, Suggestion).record
    key, value = text_or_empty(record.key), text_or_empty(record.value)
    _check_suggested(entry.type, key, value)
    both: tuple[tuple[bytes, Mapping[str, Value], None], ...] = (
        (entry.rid, {key: value or None}, None), (suggestion, {"state": "taken"}, None),
    )  # fmt: skip
    return change_records(desk, both)


def decline_suggestion(desk: Session, suggestion: bytes) -> Saved:
    """Leave our entry as it is. Raise KfdeskError as `take_suggestion` does."""
    desk.require(Right.EDIT_DIRECTORY)
    _open_suggestion(desk, suggestion)
    return change_record(desk, suggestion, {"state": "declined"})


def _open_suggestion(desk: Session, suggestion: bytes) -> tuple[Row, Row]:
    row = _require_type(desk, suggestion, "suggestion")
    entry = _require_type(desk, row.parent or b"", *_ENTRY_TYPES)
    if entry.custodian != desk.identity.organisation:
        raise KfdeskError("suggestion.not_ours")
    if view(row, Suggestion).record.state in ("taken", "declined"):
        raise KfdeskError("suggestion.decided")
    return row, entry
