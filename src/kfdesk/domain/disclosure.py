# SPDX-License-Identifier: GPL-3.0-or-later
"""Disclosure: who may receive what. Every paper and every bundle goes through `disclose()`.

No other place knows any of this: there are no partner roles and no lists of allowed
fields. `level` and `to` of a field are read only here. The default is deny: what no
valid consent opens for this recipient and purpose stays.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import InitVar, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from kfdesk.domain.authority import (
    OWNER_ANSWER,
    TOGETHER_HEADS,
    TOGETHER_PARTS,
    together_sort,
)
from kfdesk.domain.compact import CompactSequence, PackableValue
from kfdesk.domain.consent import (
    SHAREABLE_GROUPS,
    Recipient,
    RecipientKind,
    WithheldReason,
    is_child,
)
from kfdesk.domain.figures.rounds import sum_readers
from kfdesk.domain.grants import ConsentGrants, FieldVerdicts, grants_for
from kfdesk.domain.network import Circle, may_receive, may_receive_of
from kfdesk.domain.network_work import (
    WORK_HEADS,
    has_begun_before,
    work_line,
)
from kfdesk.domain.records.client import Consent, Relationship
from kfdesk.domain.records.registry import RECORD_TYPES, rules_for
from kfdesk.domain.records.risk import RiskLine
from kfdesk.domain.registers import (
    DELETION,
    build_state,
    decode_trusted,
    encode_state,
    is_deleted,
    keep_fields,
    live_field_ids,
    live_write_ids,
    live_writes,
    superseded_ids,
)
from kfdesk.domain.risk import is_answer_too_low
from kfdesk.domain.rows import Row, column_values, view
from kfdesk.domain.rules import Family
from kfdesk.domain.schema import DataGroup, Field, SensitivityLevel


class Ancestry:
    """The ancestors of rows among `rows`, looked up once for all rows with the same parent."""

    def __init__(self, rows: Mapping[bytes, Row]) -> None:
        self._rows = rows
        self._found: dict[bytes | None, tuple[bool, Row | None]] = {None: (False, None)}

    def client(self, row: Row) -> Row | None:
        """Return the client that a row belongs to; None if she is not among the rows."""
        return row if row.type == "client" else self._look(row.parent)[1]

    def is_deleted(self, row: Row) -> bool:
        """Return whether an ancestor of the row is in the bin."""
        return self._look(row.parent)[0]

    def _look(self, parent: bytes | None) -> tuple[bool, Row | None]:
        if parent not in self._found:
            line = tuple(self._line(parent))
            client = next((one for one in line if one.type == "client"), None)
            self._found[parent] = any(is_deleted(one.state) for one in line), client
        return self._found[parent]

    def _line(self, rid: bytes | None) -> Iterator[Row]:
        for _ in self._rows:
            above = self._rows.get(rid) if rid is not None else None
            if above is None:
                break
            yield above
            rid = above.parent


_CLASSED_TYPES = frozenset(
    name for name, described in RECORD_TYPES.items() if "confidentiality" in described.fields
)
"""Types with a class of their own: entries of the directory, and networks."""
_CHILD_TYPES = frozenset({"phone", "membership", "entry_check", *TOGETHER_PARTS})
"""Types that are seen no wider than the record above them."""


def confidentiality_classes(row: Row, rows: Mapping[bytes, Row]) -> tuple[object, ...]:
    """Return the classes that apply to a row: its own, and that of the record above it.

    None stands for an unknown class: not set, in conflict, or of a parent that is not among
    `rows`. A record that is neither an entry of the directory nor of a network has no class.
    """
    own = (_class_of(row),) if row.type in _CLASSED_TYPES else ()
    if row.type not in _CHILD_TYPES:
        return own
    above = rows.get(row.parent or b"")
    return *own, _class_of(above) if above is not None else None


def may_see_entry(
    classes: tuple[object, ...], *, is_partner: bool, is_member: bool = False
) -> bool:
    """Return whether every class allows the recipient to see it; an unknown class never does.

    `is_member`: the recipient shares a network with us that covers this sort of record.
    """
    open_to = {"public"}
    if is_partner:
        open_to |= {"partners_only", "circle"} if is_member else {"partners_only"}
    return bool(classes) and all(one in open_to for one in classes)


def _class_of(row: Row) -> object:
    newest, torn = column_values(row)
    return None if "confidentiality" in torn else newest.get("confidentiality")


class _Sight(NamedTuple):
    """Facts that decide who sees an entry of the directory, or a record of a network.

    `is_member` is as in `may_see_entry`; for a suggestion it says that the recipient made it, or
    answers for the entry. `is_unasked`: one of our contact persons, who has not agreed to be named.
    `is_closed`: the record is not for this recipient, whatever opens its groups (`_is_closed`).
    `is_abroad`: a person whom a member in a third country may have only as every partner may.
    `is_of_family`: it is about somebody who travels with the client, and needs that group, too.
    `is_left`: of a network that the recipient left; it learns of its membership's end, no more.
    """

    classes: tuple[object, ...] = ()
    is_member: bool = False
    is_unasked: bool = False
    is_closed: bool = False
    is_abroad: bool = False
    is_of_family: bool = False
    is_left: bool = False


_NO_SIGHT = _Sight()


def _sight_of(
    row: Row, rows: Mapping[bytes, Row], recipient: Recipient, basis: "DisclosureBasis"
) -> _Sight:
    """Return what decides about a record beside consents: each family has its own."""
    return _SIGHTS[rules_for(row.type).family](row, rows, recipient, basis)


def _sight_of_suggestion(
    row: Row, rows: Mapping[bytes, Row], recipient: Recipient, _: "DisclosureBasis"
) -> _Sight:
    above = rows.get(row.parent or b"")
    parties = {row.custodian, above.custodian if above is not None else None}
    return _Sight(("partners_only",), recipient.rid is not None and recipient.rid in parties)


def _sight_of_sum(
    row: Row, rows: Mapping[bytes, Row], recipient: Recipient, basis: "DisclosureBasis"
) -> _Sight:
    readers = sum_readers(row, rows, basis.circles, basis.at.date())
    return _Sight(("partners_only",), recipient.rid in readers)


def _sight_of_together(
    row: Row, rows: Mapping[bytes, Row], recipient: Recipient, basis: "DisclosureBasis"
) -> _Sight:
    head = row if row.type in TOGETHER_HEADS else rows.get(row.parent or b"")
    is_in = head is not None and may_receive_of(
        head, basis.circles, recipient.rid, together_sort(row.type)
    )
    return _Sight(confidentiality_classes(row, rows), is_in)


def _sight_of_figures(
    row: Row, rows: Mapping[bytes, Row], recipient: Recipient, basis: "DisclosureBasis"
) -> _Sight:
    is_in = may_receive_of(row, basis.circles, recipient.rid, "figures")
    return _Sight(confidentiality_classes(row, rows), is_in)


def _sight_of_network(
    row: Row, rows: Mapping[bytes, Row], recipient: Recipient, basis: "DisclosureBasis"
) -> _Sight:
    network = row.rid if row.type == "network" else row.parent or b""
    circle = basis.circles.get(network)
    to = recipient.rid or b""
    if row.custodian == basis.own and to in basis.former.get(network, ()):
        newest = column_values(row)[0]
        is_its = row.type == "network" or newest.get("organisation") == to.hex()
        return _Sight(("partners_only",), is_its, is_left=True)
    is_in = circle is not None and recipient.rid in circle.members
    return _Sight(confidentiality_classes(row, rows), is_in)


_ENDING_KEYS = {
    "network": ("begins", "ends", "confidentiality"),
    "membership": ("organisation", "begins", "ends"),
}
"""What a former member learns: days, and a field that always has a value, with which a deletion
travels."""


def _sight_of_entry(
    row: Row, rows: Mapping[bytes, Row], recipient: Recipient, basis: "DisclosureBasis"
) -> _Sight:
    classes = confidentiality_classes(row, rows)
    is_member = may_receive(basis.circles, recipient.rid, "directory")
    if row.type != "contact":
        return _Sight(classes, is_member)
    is_abroad = is_member and recipient.is_third_country and not recipient.has_transfer_tool
    is_unasked = row.custodian == basis.own and not _agrees_to_be_named(row)
    return _Sight(classes, is_member and not is_abroad, is_unasked, is_abroad=is_abroad)


def _sight_of_work(
    row: Row, rows: Mapping[bytes, Row], recipient: Recipient, basis: "DisclosureBasis"
) -> _Sight:
    """Decide about a record of a network's work: it is seen no wider than all above it.

    What stands below no network is for nobody else. Who joined later sees nothing older. Another
    member's work is passed on in a network of ours alone, and only what is for all its members.
    That a decision of another's is done goes back to whoever made it, and by the coordinator.
    """
    line = work_line(row, rows)
    circle = basis.circles.get(line[-1].rid) if line else None
    is_answer = row.type == OWNER_ANSWER[0] and row.custodian != basis.own
    if is_answer and row.custodian == recipient.rid:
        return _Sight(("partners_only",), bool(line))
    if circle is None or recipient.rid not in circle.members:
        return _Sight(("circle",))
    classes = tuple(_class_of(one) for one in line if one.type in _CLASSED_TYPES)
    if row.custodian != basis.own:
        is_passed_on = line[-1].custodian == basis.own and row.custodian in circle.members
        is_answer = is_answer and line[-1].custodian == recipient.rid
        if "partners_only" in classes or not (is_passed_on or is_answer):
            return _Sight(("circle",))
    since = circle.since.get(recipient.rid or b"")
    is_older = since is not None and any(
        has_begun_before(one, since) for one in line if one.type in WORK_HEADS
    )
    is_shared = "network_work" in circle.shares and not is_older
    return _Sight(classes, is_answer or is_shared)


_SIGHTS: Mapping[
    Family, Callable[[Row, Mapping[bytes, Row], Recipient, "DisclosureBasis"], _Sight]
] = {
    Family.CASE: lambda *_: _NO_SIGHT,
    Family.DIRECTORY: _sight_of_entry,
    Family.SUGGESTION: _sight_of_suggestion,
    Family.NETWORK: _sight_of_network,
    Family.WORK: _sight_of_work,
    Family.TOGETHER: _sight_of_together,
    Family.FIGURES: _sight_of_figures,
    Family.SUM: _sight_of_sum,
}


def _agrees_to_be_named(row: Row) -> bool:
    newest, torn = column_values(row)
    return newest.get("may_be_shared") == 1 and "may_be_shared" not in torn


class Channel(StrEnum):
    """The channel by which data leaves."""

    BUNDLE = "bundle"
    DESK_PAPER = "desk_paper"
    CARRIED = "carried"


# The highest level that a channel may carry. S5 never leaves.
CHANNEL_CEILING: Mapping[Channel, SensitivityLevel] = {
    Channel.BUNDLE: SensitivityLevel.S4,
    Channel.DESK_PAPER: SensitivityLevel.S4,
    Channel.CARRIED: SensitivityLevel.S2,
}


@dataclass(frozen=True, slots=True)
class DisclosureBasis:
    """Facts that a disclosure is decided on: all consents, the time, our own organisation.

    `at` is aware; its date is the local date. `circles` are the networks that we take part in.
    `tools` says of each partner with an agreement named as its transfer tool if one is in force.
    `former` are those whom a network names as members, and who are in no circle of it today.
    """

    consents: Sequence[Row]
    at: datetime
    own: bytes
    circles: Mapping[bytes, Circle] = field(default_factory=dict)
    tools: Mapping[bytes, bool] = field(default_factory=dict)
    former: Mapping[bytes, frozenset[bytes]] = field(default_factory=dict)

    def with_tool(self, recipient: Recipient) -> Recipient:
        """Return the recipient with the transfer tool that it has today."""
        has_tool = self.tools.get(recipient.rid or b"", recipient.has_transfer_tool)
        return replace(recipient, has_transfer_tool=has_tool)


class Withheld(PackableValue, frozen=True):
    """A field that has a value and is not disclosed, with the reason."""

    rid: bytes
    type: str
    key: str
    reason: WithheldReason


class DisclosedRow(PackableValue, frozen=True):
    """A row reduced to what may go; `grants` maps each key to the consent that opened it.

    `packed` is its encoded state, as it leaves; a bundle is made of it without decoding.
    `is_deleted` says that the record is in the bin.
    """

    rid: bytes
    type: str
    parent: bytes | None
    custodian: bytes
    packed: bytes
    is_deleted: bool
    grants: Mapping[str, bytes | None]

    @classmethod
    def of(cls, row: Row, grants: Mapping[str, bytes | None]) -> "DisclosedRow":
        """Return a row that is already reduced, as a DisclosedRow."""
        state, head = row.state, (row.rid, row.type, row.parent, row.custodian)
        return cls(*head, encode_state(state), is_deleted(state), grants)

    def __repr__(self) -> str:
        """Return the names of its disclosed fields without their values."""
        return f"DisclosedRow({self.rid.hex()}, {self.type}, {', '.join(self.grants)})"

    @property
    def row(self) -> Row:
        """The decoded row; built anew each time."""
        return Row(self.rid, self.type, self.parent, self.custodian, decode_trusted(self.packed))

    @property
    def writes(self) -> Mapping[str, tuple[bytes, ...]]:
        """The ids of the disclosed writes by key; those of a deletion under the empty key."""
        live, ids = live_write_ids(self.packed), RECORD_TYPES[self.type].ids
        gone = {"": live[DELETION]} if DELETION in live else {}
        return gone | {key: live.get(ids[key], ()) for key in self.grants}


_SEAL = object()


@dataclass(frozen=True, slots=True)
class Disclosed:
    """Data for one recipient by one channel, by record id. Only `disclose()` makes one."""

    recipient: Recipient
    channel: Channel
    rows: Sequence[DisclosedRow]
    withheld: Sequence[Withheld]
    seal: InitVar[object]  # not a field, so that `replace` cannot copy it to other rows

    def __post_init__(self, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError

    @property
    def groups(self) -> tuple[DataGroup, ...]:
        """The groups with a disclosed field, in the order of the groups."""
        present = {
            RECORD_TYPES[given.type].fields[key].to for given in self.rows for key in given.grants
        }
        return tuple(group for group in DataGroup if group in present)

    @property
    def openings(self) -> Mapping[DataGroup, frozenset[bytes] | WithheldReason]:
        """For each shareable group the consents by which it goes, or why none of it does."""
        found: dict[DataGroup, frozenset[bytes] | WithheldReason] = {}
        for one in self.withheld:
            found.setdefault(RECORD_TYPES[one.type].fields[one.key].to, one.reason)
        for given in self.rows:
            for key, consent in given.grants.items():
                group = RECORD_TYPES[given.type].fields[key].to
                before = found.get(group)
                others = before if isinstance(before, frozenset) else frozenset()
                found[group] = others | ({consent} if consent else frozenset())
        return {
            group: found[group]
            for group in DataGroup
            if group in SHAREABLE_GROUPS and group in found
        }

    def only_keys(self, keys: Mapping[str, frozenset[str]]) -> "Disclosed":
        """Return the part that a paper with these keys, by record type, contains."""
        kept = (_select_keys(row, keys.get(row.type, frozenset())) for row in self.rows)
        withheld = (w for w in self.withheld if w.key in keys.get(w.type, ()))
        return _rebuild(self, (row for row in kept if row.grants), withheld)

    def only_rows(self, rids: Container[bytes]) -> "Disclosed":
        """Return the part about these records."""
        rows = (given for given in self.rows if given.rid in rids)
        return _rebuild(self, rows, (w for w in self.withheld if w.rid in rids))


def disclose(
    rows: Sequence[Row], recipient: Recipient, channel: Channel, basis: DisclosureBasis
) -> Disclosed:
    """Return what of `rows` may go to `recipient` by `channel`.

    `rows` include the client and plan above each child row, so that its owner is known. A
    row whose client is not among them stays, and so does a telephone without its
    organisation.
    """
    recipient = basis.with_tool(recipient)
    parents = {row.rid: row for row in rows}
    hers: dict[bytes | None, list[Row]] = {}
    for row in sorted(basis.consents, key=lambda row: row.rid):
        hers.setdefault(row.parent, []).append(row)
    opened: dict[bytes | None, ConsentGrants] = {}
    given: list[DisclosedRow] = []
    withheld: list[Withheld] = []
    above = Ancestry(parents)
    for row in sorted(rows, key=lambda row: row.rid):
        if above.is_deleted(row):
            continue
        client = above.client(row)
        rid = client.rid if client else None
        if rid not in opened:
            views = (view(one, Consent) for one in hers.get(rid, ()))
            opened[rid] = grants_for(client, recipient, views, basis.at)
        sight = _sight_of(row, parents, recipient, basis)
        if row.type in _CLOSABLE_TYPES:
            sight = _Sight(is_closed=_is_closed(row, recipient, opened[rid], basis))
        elif row.type in _TRAVELLER_REFERENCES:
            sight = _Sight(is_of_family=_is_of_family(row, rid))
        grants, kept = _decide(row, (recipient, channel, basis.own), opened[rid], sight)
        withheld.extend(kept)
        if grants:
            kept_row = _narrow_row(row, grants)
            if sight.is_left and is_deleted(row.state):
                kept_row = _with_superseded(kept_row, row)
            given.append(DisclosedRow.of(kept_row, grants))
    return Disclosed(recipient, channel, tuple(given), tuple(withheld), _SEAL)


_CLOSABLE_TYPES = frozenset({"referral", "relationship"})


def _is_closed(
    row: Row, recipient: Recipient, opened: ConsentGrants, basis: DisclosureBasis
) -> bool:
    """Return whether a record is not for this recipient, whatever opens its groups.

    A referral with a letter goes to its addressee alone: that she turned to the police or to the
    social services concerns nobody else. Under a duty about the child of a client only her
    children are told of, not the adults around her.
    """
    if row.type == "referral":
        newest, torn = column_values(row)
        is_letter = newest.get("purpose") is not None or "purpose" in torn
        is_to = recipient.rid is not None and newest.get("organisation") == recipient.rid.hex()
        return is_letter and ("organisation" in torn or not is_to)
    if opened.duty is None or opened.is_child:
        return False
    person = view(row, Relationship)
    return person.record.kind != "child" or not is_child(person, basis.at.date())


_TRAVELLER_REFERENCES = {"traveller": "person", "travel_document": "whose"}
"""The field that says whose a record is, by type."""


def _is_of_family(row: Row, client: bytes | None) -> bool:
    """Return whether a record is about somebody who travels with the client, or may be.

    Such a record needs the data group for children and family beside that of its fields. A
    document that names nobody is the client's. Where two values differ, or nobody is named as the
    traveller, it may be a child.
    """
    newest, torn = column_values(row)
    key = _TRAVELLER_REFERENCES[row.type]
    whose = newest.get(key)
    if row.type == "travel_document":
        return whose is not None or key in torn
    return key in torn or client is None or whose != client.hex()


def join_disclosed(first: Disclosed, others: Iterable[Disclosed]) -> Disclosed:
    """Join parts that go to one recipient by one channel, in the order of their records."""
    rows = CompactSequence(DisclosedRow, first.rows, _packed_size)
    kept = CompactSequence(Withheld, first.withheld, _packed_size)
    for part in others:
        rows.extend(part.rows)
        kept.extend(part.withheld)
    return replace(first, rows=rows.kept, withheld=kept.kept, seal=_SEAL)


def _packed_size(one: DisclosedRow | Withheld) -> int:
    return len(one.packed) if isinstance(one, DisclosedRow) else 0


def groups_of_fields(record_type: str, keys: Iterable[str]) -> frozenset[DataGroup]:
    """Return the data groups of fields of a record type."""
    return frozenset(
        f.to for key, f in RECORD_TYPES[record_type].fields.items() if key in set(keys)
    )


def masked_keys(record_type: str) -> frozenset[str]:
    """Return the fields that are masked for users who may not see sensitive data."""
    return frozenset(
        key for key, f in RECORD_TYPES[record_type].fields.items() if f.level >= SensitivityLevel.S3
    )


def secret_keys(record_type: str) -> frozenset[str]:
    """Return the fields whose values may stand only on carried papers that show these fields."""
    return frozenset(
        key for key, f in RECORD_TYPES[record_type].fields.items() if f.level >= SensitivityLevel.S2
    )


def _rebuild(like: Disclosed, rows: Iterable[DisclosedRow], kept: Iterable[Withheld]) -> Disclosed:
    given = CompactSequence(DisclosedRow, rows, _packed_size)
    withheld = CompactSequence(Withheld, kept, _packed_size)
    return replace(like, rows=given.kept, withheld=withheld.kept, seal=_SEAL)


def _select_keys(given: DisclosedRow, keys: frozenset[str]) -> DisclosedRow:
    grants = {key: consent for key, consent in given.grants.items() if key in keys}
    return DisclosedRow.of(_narrow_row(given.row, grants), grants)


def _narrow_row(row: Row, keys: Iterable[str]) -> Row:
    state = keep_fields(row.state, _field_ids(row.type, tuple(keys)))
    return row if state is row.state else replace(row, state=state)


def _with_superseded(kept: Row, whole: Row) -> Row:
    """Return the kept part of a row with the ids of all writes that its deletion replaced.

    A recipient that has more of its fields would not count it as deleted without them.
    """
    state = build_state(live_writes(kept.state), superseded_ids(whole.state))
    return replace(kept, state=state)


@lru_cache(maxsize=1024)
def _field_ids(record_type: str, keys: tuple[str, ...]) -> frozenset[int]:
    """Return the ids of fields with these keys, and of the deletion, which always goes along."""
    ids = RECORD_TYPES[record_type].ids
    return frozenset({DELETION, *(ids[key] for key in keys)})


_FAMILY = DataGroup.CHILDREN_FAMILY

_Way = tuple[Recipient, Channel, bytes]
"""To whom, by which channel, and our own organisation."""


def _decide(
    row: Row,
    way: _Way,
    opened: ConsentGrants,
    sight: _Sight,
) -> tuple[Mapping[str, bytes | None], list[Withheld]]:
    channel = way[1]
    if channel is not Channel.BUNDLE and is_deleted(row.state):
        return {}, []
    torn = column_values(row)[1] if channel is Channel.CARRIED else frozenset()
    if row.type == "risk_line" and way[0].who is not RecipientKind.OWN:
        torn |= _undecided_answer(row)
    shape = (row.type, tuple([save.fids for save in row.state.saves]), sight, torn, row.custodian)
    found = opened.decided.get(shape)
    if found is None:
        live = live_field_ids(row.state)
        fields = [f for fid, f in RECORD_TYPES[row.type].by_id.items() if fid in live]
        found = _split_verdicts({f.key: _verdict(f, row, way, opened, sight) for f in fields}, torn)
        if all(f.to is not DataGroup.PARTIES for f in fields):  # they depend on the record
            opened.decided[shape] = found
    grants, shut = found
    return grants, [Withheld(row.rid, row.type, key, why) for key, why in shut.items()]


def _undecided_answer(row: Row) -> frozenset[str]:
    """Return the key of the overall answer if it says less than its theme, which stays here.

    It would tell another organisation that nothing was found where something is not known.
    """
    return frozenset({"answer"}) if is_answer_too_low(view(row, RiskLine).record) else frozenset()


def _split_verdicts(
    verdicts: Mapping[str, WithheldReason | bytes | None], torn: frozenset[str]
) -> FieldVerdicts:
    grants, shut = dict[str, bytes | None](), dict[str, WithheldReason]()
    for key, verdict in verdicts.items():
        if isinstance(verdict, WithheldReason):
            shut[key] = verdict
        elif key in torn:
            shut[key] = WithheldReason.CONFLICT
        else:
            grants[key] = verdict
    return grants, shut


def _verdict(
    described: Field,
    row: Row,
    way: _Way,
    opened: ConsentGrants,
    sight: _Sight,
) -> WithheldReason | bytes | None:
    """Return the consent that opens a field, None if it needs none, or why it is withheld."""
    recipient, channel, own = way
    if described.level is SensitivityLevel.S5 or described.level > CHANNEL_CEILING[channel]:
        return WithheldReason.LEVEL
    if recipient.who is RecipientKind.OWN and channel is not Channel.CARRIED:
        return None
    if described.to is DataGroup.DESK:
        return WithheldReason.DESK
    if recipient.who is RecipientKind.PARTNER and not recipient.is_verified:
        return WithheldReason.UNVERIFIED
    if sight.is_closed:
        return WithheldReason.SCOPE
    if sight.is_left and described.key not in _ENDING_KEYS[row.type]:
        return WithheldReason.NETWORK
    if described.to in (DataGroup.DIRECTORY, DataGroup.COMMON):
        return _sight_refusal(described.to, row, recipient, sight)
    if recipient.who is RecipientKind.CLIENT:
        is_hers = recipient.rid is not None and opened.client == recipient.rid
        return None if is_hers and recipient.wants_paper else WithheldReason.NO_CONSENT
    if opened.duty is not None:
        return None if described.to in opened.duty else WithheldReason.SCOPE
    if described.to is DataGroup.PARTIES:
        return _party_verdict(row, recipient, opened)
    if sight.is_of_family and not opened.opening_consent(_FAMILY, row.custodian, own):
        return opened.shut.get(_FAMILY, WithheldReason.NO_CONSENT)
    consent = opened.opening_consent(described.to, row.custodian, own)
    if consent is not None:
        return consent
    return opened.shut.get(described.to, WithheldReason.NO_CONSENT)


def _sight_refusal(
    group: DataGroup, row: Row, recipient: Recipient, sight: _Sight
) -> WithheldReason | None:
    """Return why an entry, or a record of a network, stays; None if it may go.

    A network and its memberships go to the members alone, a suggestion to the two who are
    concerned; a check goes where its entry goes. No paper for others shows any of them.
    """
    is_partner = recipient.who is RecipientKind.PARTNER
    if not may_see_entry(sight.classes, is_partner=is_partner, is_member=sight.is_member):
        if not is_partner or not set(sight.classes) <= {"public", "partners_only", "circle"}:
            return WithheldReason.SECRET
        return WithheldReason.TRANSFER if sight.is_abroad else WithheldReason.NETWORK
    if sight.is_unasked:
        return WithheldReason.NOT_ASKED
    if group is DataGroup.COMMON and row.type != "entry_check" and not sight.is_member:
        return WithheldReason.NETWORK
    return None if is_partner or group is DataGroup.DIRECTORY else WithheldReason.NETWORK


def _party_verdict(
    row: Row, recipient: Recipient, opened: ConsentGrants
) -> WithheldReason | bytes | None:
    is_open = row.rid in opened.standing and row.custodian != recipient.rid
    return row.rid if is_open else WithheldReason.NO_CONSENT
