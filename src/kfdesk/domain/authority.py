# SPDX-License-Identifier: GPL-3.0-or-later
"""Authority: who may write a field, whoever signs the file that brings it.

Disclosure says who may read; this module says who is believed. A partner may add its own
records, and change what it works on together with others. What decides where the client goes,
who meets her and whom she can call is the custodian's: from anybody else it stands beside, as a
conflict, until a person decides. The tables here are the only place that knows this.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from hashlib import blake2b

from kfdesk.domain.aftercare import tells_danger
from kfdesk.domain.kinds import Wire
from kfdesk.domain.network_work import is_work
from kfdesk.domain.records.registry import RECORD_TYPES, types_that
from kfdesk.domain.registers import (
    DELETION,
    WID_BYTES,
    RecordState,
    Write,
    build_state,
    drop_fields,
    encode_state,
    keep_fields,
    live_field_ids,
    live_values,
    live_writes,
    merge_states,
    superseded_ids,
    writes_by_field,
)
from kfdesk.domain.rows import ID_BYTES, Row, column_values
from kfdesk.domain.rules import Family, Writer
from kfdesk.domain.schema import DataGroup

OWN_STATEMENT_TYPES = frozenset(types_that(lambda rules: rules.is_statement))
"""Record types that only the record's custodian writes."""

TOGETHER: Mapping[str, frozenset[str]] = {
    "procedure": frozenset(
        {"status", "version", "adopted", "effective_from", "effective_to", "network", "supersedes",
         "confidentiality"}
    ),
    "procedure_step": frozenset(),
    "article": frozenset({"slug", "status", "adopted", "network", "confidentiality"}),
    "article_text": frozenset(),
    "article_link": frozenset(),
    "edition": frozenset(RECORD_TYPES["edition"].fields),
}  # fmt: skip
"""Record types of a network that its members write together, with what their custodian decides.

They do so while a procedure is a draft, and in an article always; an edition is its custodian's. A
deletion by another than the custodian is a proposal.
"""

TOGETHER_HEADS: Mapping[str, str] = {
    "procedure": "procedures",
    "article": "book",
    "edition": "book",
}
"""Those of them that stand under no record, with the sort (SHARED_SORTS) that they belong to."""

TOGETHER_PARTS: Mapping[str, str] = {
    "procedure_step": "procedure",
    "article_text": "article",
    "article_link": "article",
}
"""Those that stand under such a head, with its type."""

BOOK_TYPES = frozenset({"article", "article_text", "article_link", "edition"})

FIGURE_TYPES = frozenset(types_that(lambda rules: rules.family is Family.FIGURES))
"""Records of figures: an organisation's own word, which it alone writes."""

SUM_TYPES = frozenset(types_that(lambda rules: rules.family is Family.SUM))
"""Records of sums of several organisations; shares and parts never change (`figures.rounds`)."""

PLAN_PARTS = frozenset({"leg", "help_number", "traveller"})
"""Records whose existence the plan's custodian decides, whoever is their own custodian."""

NAMED_TYPES = frozenset(types_that(lambda rules: rules.writer is Writer.NAMED))
"""Questions to the organisation that the record names: that one answers in them."""

SUGGESTION_ANSWER = ("suggestion", "state")
"""The field of a suggestion that the custodian of the entry above it writes: type and key."""

OWNER_ANSWER = ("decision", "done_here")
"""The field of a decision that whoever has to do it writes: type and key."""

MEETING_KEYS = frozenset(
    {"receiver", "escort", "escort_kind", "met_by", "sign", "alone", "number", "called", "hours",
     "answered_by", "safe_contact", "phone"}
)  # fmt: skip
"""Safety fields that say who meets the client, and whom she can call."""

CALLED_OFF: Mapping[str, tuple[str, frozenset[Wire]]] = {
    "leg": ("status", frozenset({"cancelled"})),
    "cooperation_step": ("state", frozenset({"cancelled", "not_applicable"})),
}
"""By record type the field and its codes by which a record counts no more, or its deadline.

Only the custodian of the plan, or of the run, calls a leg or a step off.
"""

RUN_TYPES = frozenset({"cooperation", "cooperation_step"})
"""Record types of a run of a procedure; only their custodian brings one that is not here.

What the procedure says in them is the custodian's alone, so from others they would be empty.
"""


@cache
def is_directory_type(record_type: str) -> bool:
    """Return whether records of a type are directory entries, which belong to no plan."""
    return any(f.to is DataGroup.DIRECTORY for f in RECORD_TYPES[record_type].fields.values())


@cache
def is_network_type(record_type: str) -> bool:
    """Return whether records of a type are about a network or an entry, and about no client."""
    return any(f.to is DataGroup.COMMON for f in RECORD_TYPES[record_type].fields.values())


def is_common_type(record_type: str) -> bool:
    """Return whether records of a type are entries of the directory, or of a network."""
    return is_directory_type(record_type) or is_network_type(record_type)


@cache
def field_writer(record_type: str, key: str) -> Writer:
    """Return who may write a field: the desk, or as the rules of its record type say.

    A partner's birth dates and companions pass a rule of their own, too: they never make an adult
    of a child (`consent.stops_being_child_traveller`).
    """
    described = RECORD_TYPES[record_type]
    if described.fields[key].to is DataGroup.DESK:
        return Writer.DESK
    return described.rules.writer_of(key)


def is_draft(procedure: Row) -> bool:
    """Return whether a procedure is a draft, which its members still write; not in a conflict."""
    newest, torn = column_values(procedure)
    return "status" not in torn and newest.get("status") in (None, "draft")


def is_open_to_members(head: Row) -> bool:
    """Return whether the members of its network may write in a record of `TOGETHER_HEADS`."""
    return head.type == "article" or (head.type == "procedure" and is_draft(head))


def together_sort(record_type: str) -> str:
    """Return the sort (SHARED_SORTS) that a record of `TOGETHER` belongs to."""
    return TOGETHER_HEADS[TOGETHER_PARTS.get(record_type, record_type)]


def acceptable_part(row: Row, sender: bytes) -> Row | None:
    """Return the part of a partner's row that may be written here; None if nothing may.

    Local fields are ours alone, so of a note nothing is taken. Directory entries, an organisation's
    own statements and a plan's state are written only by the organisation that is their custodian.
    The work of a network is its custodian's, too, whoever passes it on; the merge decides who may.
    """
    is_own = row.custodian == sender or is_work(row.type)
    if not is_own and _is_custodians_alone(row.type):
        return None
    fids = _refused_fields(row.type, is_own=is_own)
    if len(fids) == len(RECORD_TYPES[row.type].fields):
        return None
    state = drop_fields(row.state, fids)
    return row if state is row.state else replace(row, state=state)


@cache
def _is_custodians_alone(record_type: str) -> bool:
    """Return whether no field of a type is ever taken from anybody but its custodian."""
    if record_type in OWN_STATEMENT_TYPES or is_directory_type(record_type):
        return True
    return is_network_type(record_type) and record_type not in (SUGGESTION_ANSWER[0], *TOGETHER)


@cache
def _refused_fields(record_type: str, *, is_own: bool) -> frozenset[int]:
    """Return the fields of a type that are not taken from the custodian, or from others."""
    refused = {Writer.DESK} if is_own else {Writer.DESK, Writer.CUSTODIAN}
    described = RECORD_TYPES[record_type]
    return frozenset(
        described.ids[key] for key in described.fields if field_writer(record_type, key) in refused
    )


def fields_to_decide(record_type: str, state: RecordState, *, is_named: bool) -> frozenset[int]:
    """Return the fields that stand beside ours if this state comes from no authority.

    A deletion is one of them: it is a request. So is the status that calls a leg or a step off.
    `is_named` says that the record asks its sender (`Writer.NAMED`).
    """
    called_off = (fid for fid, value in live_values(state) if _calls_off(record_type, fid, value))
    return _decision_fields(record_type, is_named=is_named).union(called_off)


def danger_fields(ours: Row) -> frozenset[int]:
    """Return the fields of a follow-up in which she is said to be in danger.

    Nobody but its custodian, or a person's decision, takes such an answer back.
    """
    if ours.type != "follow_up":
        return frozenset()
    ids, live = RECORD_TYPES[ours.type].ids, writes_by_field(ours.state)
    result, again = ids["result"], ids["exploitation_again"]
    unsafe = any(tells_danger(one.value, None) for one in live.get(result, ()))
    exploited = any(tells_danger(None, one.value) for one in live.get(again, ()))
    return frozenset([*[result] * unsafe, *[again] * exploited])


def answered_fields(ours: Row, sent: RecordState, sender: bytes) -> frozenset[int]:
    """Return the fields in which whoever has to do a decision of a case conference answers.

    It says that it is done, or is not after all. To drop it is for whoever decided it.
    """
    if ours.type != "conference_decision" or not is_owner(ours, sender):
        return frozenset()
    fid = RECORD_TYPES[ours.type].ids["state"]
    said = {write.value for write in writes_by_field(sent).get(fid, ())}
    return frozenset({fid}) if said and said <= {"open", "done"} else frozenset()


def answer_part(row: Row) -> Row | None:
    """Return what whoever has to do a decision says in it: that it is done; None if nothing."""
    name, key = OWNER_ANSWER
    fid = RECORD_TYPES[name].ids[key]
    state = keep_fields(row.state, frozenset({fid}))
    return replace(row, state=state) if fid in live_field_ids(state) else None


def others_part(row: Row) -> RecordState:
    """Return what others than its custodian write in a record of a network's work.

    These are this desk's own fields, and that a decision is done.
    """
    described = RECORD_TYPES[row.type]
    others = {Writer.DESK, Writer.NAMED}
    fids = (described.ids[key] for key in described.fields if field_writer(row.type, key) in others)
    return keep_fields(row.state, frozenset(fids))


def is_owner(decision: Row, organisation: bytes) -> bool:
    """Return whether an organisation has to do a decision; not while two owners are named."""
    newest, torn = column_values(decision)
    return "owner" not in torn and newest.get("owner") == organisation.hex()


def names_organisation(row: Row, organisation: bytes) -> bool:
    """Return whether a record asks this organisation."""
    if row.type not in NAMED_TYPES:
        return False
    fid = RECORD_TYPES[row.type].ids["organisation"]
    asked = writes_by_field(row.state).get(fid, ())
    return bool(asked) and all(write.value == organisation.hex() for write in asked)


def merge_waiting(ours: RecordState, theirs: RecordState, waiting: frozenset[int]) -> RecordState:
    """Merge the state of a sender without authority; it replaces nothing of ours in `waiting`.

    In other fields it replaces a value only by another one. So it cannot delete a record, at once
    or in two steps: a deletion counts only if it replaces all values. Nor does it replace in
    `waiting` what has not come yet; what it has replaced itself does not come.
    """
    gone, gone_there = superseded_ids(ours), superseded_ids(theirs)
    sent = [write for write in live_writes(theirs) if write[:2] not in gone_there]
    replaced = {write.fid for write in sent} - waiting
    believed = (pair for pair in gone_there if pair[0] in replaced)
    return build_state((*live_writes(ours), *sent), gone.union(believed))


def merge_owned(
    ours: RecordState, theirs: RecordState, received: frozenset[tuple[int, bytes]]
) -> RecordState:
    """Merge the state that an entry's owner sent: its values replace what others wrote there.

    `received` are the writes that the owner's files brought before, so that a late file replaces
    nothing newer. Adding a partner's card, for one, writes its name here before the owner's file.
    """
    merged = merge_states(ours, theirs)
    owned = received | {write[:2] for write in live_writes(theirs)}
    live = live_writes(merged)
    fids = {write.fid for write in live if write[:2] in owned}
    replaced = {write[:2] for write in live if write.fid in fids} - owned
    if not replaced:
        return merged
    stays = [write for write in live if write[:2] not in replaced]
    return build_state(stays, superseded_ids(merged) | replaced)


def delete_desk_fields(record_type: str, state: RecordState) -> RecordState:
    """Return a state whose deletion counts for our values of fields that never leave, too.

    Its custodian could not see them, so they would keep for ever what the custodian deleted.
    """
    fields = RECORD_TYPES[record_type].by_id
    live = live_writes(state)
    own = {one[:2] for one in live if (f := fields.get(one.fid)) and f.to is DataGroup.DESK}
    return build_state(live, superseded_ids(state) | own) if own else state


def mark_undecided(
    before: Row, state: RecordState, waiting: frozenset[int], author: str
) -> RecordState:
    """Return the state with an empty value of ours beside each waiting value that stands alone.

    `before` is our row before the merge, `state` what it becomes. So a field in which we have said
    nothing is in conflict, too, and has no value until a person decides. The empty value has the
    same id on each of our laptops.
    """
    new = waiting - live_field_ids(before.state) - {DELETION}
    alone = {
        fid: writes
        for fid, writes in writes_by_field(state).items()
        if fid in new and any(one.value is not None for one in writes)
    }
    if not alone:
        return state
    empty = [
        Write(fid, _empty_write_id(before.rid, writes), writes[-1].hlc + 1, author, None)
        for fid, writes in alone.items()
    ]
    return build_state((*live_writes(state), *empty), superseded_ids(state))


def _empty_write_id(rid: bytes, beside: Sequence[Write]) -> bytes:
    content = rid + beside[0].fid.to_bytes(2, "big") + b"".join(sorted(w.wid for w in beside))
    return blake2b(content, digest_size=WID_BYTES, person=b"empty value").digest()


@cache
def _decision_fields(record_type: str, *, is_named: bool) -> frozenset[int]:
    described = RECORD_TYPES[record_type]
    waits = {Writer.DECISION} if is_named else {Writer.DECISION, Writer.NAMED}
    keys = (key for key in described.fields if field_writer(record_type, key) in waits)
    return frozenset({DELETION, *(described.ids[key] for key in keys)})


def _calls_off(record_type: str, fid: int, value: Wire) -> bool:
    key, codes = CALLED_OFF.get(record_type, ("", frozenset[Wire]()))
    return bool(key) and fid == RECORD_TYPES[record_type].ids[key] and value in codes


def false_write_id(rid: bytes, write: Write) -> bytes:
    """Return another id for a write that somebody brought under an id of the custodian's own.

    It follows from the content, so it is the same on each of our laptops.
    """
    content = rid + write.fid.to_bytes(2, "big") + encode_state(build_state((write,), ()))
    return blake2b(content, digest_size=WID_BYTES, person=b"false write").digest()


# --- record ids that name their custodian

_VERSION_BYTE, _VERSION = 6, 0x80  # RFC 9562: version 8, whose bits are the application's own
_VARIANT_BYTE, _VARIANT = 8, 0x80
NONCE_BYTES = 8


def make_record_id(custodian: bytes, nonce: bytes) -> bytes:
    """Return a record id, a UUIDv8, that only a record of this custodian can have.

    Its first half is the nonce (8 random bytes), its second half a hash of custodian and nonce.
    A UUID's version and variant take 6 bits, so 58 bits bind the id.
    """
    head = bytearray(nonce[:NONCE_BYTES])
    head[_VERSION_BYTE] = _VERSION | (head[_VERSION_BYTE] & 0x0F)
    tail = bytearray(blake2b(custodian + bytes(head), digest_size=ID_BYTES - NONCE_BYTES).digest())
    tail[0] = _VARIANT | (tail[0] & 0x3F)
    return bytes(head + tail)


def is_id_of(rid: bytes, custodian: bytes) -> bool:
    """Return whether a record id is bound to this custodian."""
    return rid[_VERSION_BYTE] >> 4 == _VERSION >> 4 and make_record_id(custodian, rid) == rid


def is_id_of_another(rid: bytes, custodian: bytes) -> bool:
    """Return whether a record id is bound to a custodian, and not to this one.

    Ids of older programs, UUIDv4, are bound to nobody. An organisation's own entry has its own id.
    """
    is_bound = rid[_VERSION_BYTE] >> 4 == _VERSION >> 4
    return is_bound and rid != custodian and make_record_id(custodian, rid) != rid
