# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is believed for which field, and what a sender without authority can change."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from tests.support import make

import kfdesk.bundle
from kfdesk.domain.authority import (
    NAMED_TYPES,
    acceptable_part,
    danger_fields,
    delete_desk_fields,
    false_write_id,
    field_writer,
    fields_to_decide,
    is_common_type,
    is_draft,
    is_id_of,
    is_id_of_another,
    make_record_id,
    mark_undecided,
    merge_owned,
    merge_waiting,
    names_organisation,
)
from kfdesk.domain.exchange import ErasedWrite, erased_pairs
from kfdesk.domain.grants import ConsentGrants
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import (
    DELETION,
    EMPTY_STATE,
    apply_changes,
    build_state,
    is_deleted,
    is_deletion_requested,
    live_writes,
    merge_states,
    rename_writes,
    superseded_ids,
    writes_by_field,
)
from kfdesk.domain.rows import Row, seen_writes, view_any
from kfdesk.domain.rules import Writer
from kfdesk.domain.schema import DataGroup
from kfdesk.domain.values import Value

LEG = RECORD_TYPES["leg"].ids
PARTNER = make.signature("XX, Partner", 1)


def changed(row: Row, **values: Value) -> Row:
    """Return the row as a partner changes it that has seen everything."""
    return make.changed(row, values, PARTNER)


def deleted(row: Row) -> Row:
    return replace(row, state=apply_changes(row.state, {DELETION: 1}, seen_writes(row), PARTNER))


def test_every_exception_names_a_field_that_there_is() -> None:
    for described in RECORD_TYPES.values():
        rules = described.rules
        keys = {*rules.custodians, *rules.partners, *rules.named, *rules.decided, *rules.counts}
        assert keys | {*(rules.span or ())} <= described.fields.keys()
    assert RECORD_TYPES.keys() >= NAMED_TYPES


@pytest.mark.parametrize(
    ("record_type", "key", "writer"),
    [
        ("plan", "code_word", Writer.DESK),
        ("plan", "state", Writer.CUSTODIAN),
        ("plan", "receiver", Writer.DECISION),
        ("plan", "luggage", Writer.PARTNER),
        ("approval", "given_by", Writer.CUSTODIAN),
        ("consent", "groups", Writer.CUSTODIAN),
        ("organisation", "name", Writer.CUSTODIAN),
        ("leg", "met_by", Writer.DECISION),
        ("leg", "arrived", Writer.PARTNER),
        ("help_number", "number", Writer.DECISION),
        ("reception", "organisation", Writer.DECISION),
        ("reception", "status", Writer.NAMED),
        ("goal", "aim", Writer.PARTNER),
    ],
)
def test_writer_of_a_field(record_type: str, key: str, writer: Writer) -> None:
    assert field_writer(record_type, key) is writer


def test_leg_is_called_off_by_its_custodian_alone() -> None:
    fid = LEG["status"]
    off, on = (changed(make.row("leg"), status=one) for one in ("cancelled", "departed"))
    assert fid in fields_to_decide("leg", off.state, is_named=False)
    assert fid not in fields_to_decide("leg", on.state, is_named=False)


def test_step_is_called_off_by_its_custodian_alone() -> None:
    state = RECORD_TYPES["cooperation_step"].ids["state"]
    row = make.row("cooperation_step")
    for code in ("cancelled", "not_applicable"):
        off = changed(row, state=code).state
        assert state in fields_to_decide("cooperation_step", off, is_named=False)
    going = changed(row, state="completed").state
    assert state not in fields_to_decide("cooperation_step", going, is_named=False)


def test_waiting_value_replaces_nothing_that_has_not_come_yet() -> None:
    before = make.row("leg")
    later = make.changed(before, {"sign": make.told("a", "b")}, make.signature(minute=2))
    ahead = changed(later, sign=make.told("c", "d"))
    waiting = fields_to_decide("leg", ahead.state, is_named=False)
    first = merge_waiting(before.state, ahead.state, waiting)
    signs = {
        write.value for write in writes_by_field(merge_states(first, later.state))[LEG["sign"]]
    }
    assert len(signs) == 2
    bare = build_state((), superseded_ids(later.state) | {(LEG["sign"], b"8 bytes.")})
    assert superseded_ids(merge_waiting(EMPTY_STATE, bare, waiting)) == frozenset()


def test_write_under_an_id_of_the_custodians_gets_another_one() -> None:
    row = changed(make.row("leg"), carrier="x")
    (false,) = writes_by_field(row.state)[LEG["carrier"]]
    wid = false_write_id(row.rid, false)
    assert wid == false_write_id(row.rid, false) != false_write_id(bytes(16), false)
    after = rename_writes(row.state, {false[:2]: wid})
    assert writes_by_field(after)[LEG["carrier"]] == (false._replace(wid=wid),)
    (gone,) = (pair for pair in superseded_ids(row.state) if pair[0] == LEG["carrier"])
    assert (LEG["carrier"], wid) in superseded_ids(rename_writes(row.state, {gone: wid}))


def test_draft_of_a_procedure_is_what_its_status_says() -> None:
    draft = make.row("procedure", {"status": "draft"})
    assert is_draft(draft)
    assert is_draft(make.row("procedure", {"version": "1"}))
    active = make.changed(draft, {"status": "active"}, make.signature(minute=1))
    retired = make.changed(draft, {"status": "retired"}, make.signature(minute=2))
    assert not is_draft(active)
    assert not is_draft(replace(draft, state=merge_states(active.state, retired.state)))


def test_common_records_are_entries_and_networks() -> None:
    assert is_common_type("organisation")
    assert is_common_type("membership")
    assert not is_common_type("leg")


def test_organisation_that_is_asked_may_answer() -> None:
    row = make.row("reception")
    fid = RECORD_TYPES["reception"].ids["status"]
    assert names_organisation(changed(row, organisation=make.PARTNER.hex()), make.PARTNER)
    assert not names_organisation(changed(row, organisation=make.OURS.hex()), make.PARTNER)
    assert not names_organisation(make.row("leg"), make.PARTNER)
    assert fid in fields_to_decide("reception", row.state, is_named=False)
    assert fid not in fields_to_decide("reception", row.state, is_named=True)


def test_waiting_value_stands_beside_and_a_free_one_replaces() -> None:
    ours = make.row("leg")
    theirs = changed(ours, met_by=None, carrier="theirs")
    waiting = fields_to_decide("leg", theirs.state, is_named=False)
    both = replace(ours, state=merge_waiting(ours.state, theirs.state, waiting))
    seen = view_any(both)
    assert seen.conflicts == {"met_by"}
    assert seen.record.carrier == "theirs"
    assert mark_undecided(ours, both.state, waiting, "–, Ours") == both.state


def test_value_in_an_empty_field_gets_an_empty_one_beside_it() -> None:
    ours = replace(make.row("leg"), state=EMPTY_STATE)
    theirs = changed(ours, met_by=make.FILLED["leg"]["met_by"], sign=None, carrier="theirs")
    waiting = fields_to_decide("leg", theirs.state, is_named=False)
    both = merge_waiting(ours.state, theirs.state, waiting)
    marked = mark_undecided(ours, both, waiting, "–, Ours")
    assert view_any(replace(ours, state=marked)).conflicts == {"met_by"}
    assert marked == mark_undecided(ours, both, waiting, "–, Ours")
    newest = writes_by_field(marked)[LEG["met_by"]][-1]
    assert (newest.value, newest.author) == (None, "–, Ours")


@pytest.mark.parametrize("record_type", ["leg", "goal", "client"])
def test_deletion_without_authority_is_a_request(record_type: str) -> None:
    ours = make.row(record_type)
    theirs = deleted(ours)
    waiting = fields_to_decide(record_type, theirs.state, is_named=False)
    both = merge_waiting(ours.state, theirs.state, waiting)
    assert is_deletion_requested(both)
    assert not is_deleted(both)
    assert not is_deletion_requested(ours.state)
    assert is_deleted(theirs.state)
    assert not is_deletion_requested(theirs.state)


def test_record_in_our_bin_stays_there_whatever_a_partner_says() -> None:
    ours = deleted(make.row("leg"))
    theirs = changed(make.row("leg"), sign=None)
    waiting = fields_to_decide("leg", theirs.state, is_named=False)
    both = merge_waiting(ours.state, make.row("leg").state, waiting)
    assert is_deleted(both)


@pytest.mark.parametrize(("values", "stays"), [({}, False), ({"we_share": ("directory",)}, True)])
def test_deletion_of_a_network_counts_for_what_we_alone_wrote_in_it(
    values: dict[str, Value], stays: bool
) -> None:
    gone = deleted(make.row("network", {"title": make.FILLED["network"]["title"]}))
    ours = make.row("network", values) if values else gone
    both = merge_states(gone.state, ours.state)
    assert is_deleted(both) is not stays
    assert is_deleted(delete_desk_fields("network", both))


def test_bound_id_is_of_one_custodian() -> None:
    rid = make_record_id(make.OURS, bytes(range(8)))
    assert (rid[6] >> 4, rid[8] >> 6) == (8, 2)
    assert not is_id_of_another(rid, make.OURS)
    assert is_id_of_another(rid, make.PARTNER)
    assert not is_id_of_another(make.named_id("old"), make.PARTNER)
    assert not is_id_of_another(rid, rid)


def test_example_of_the_format_is_right() -> None:
    text = Path(kfdesk.bundle.__file__).with_name("FORMAT.md").read_text(encoding="utf-8")
    found = re.search(r"custodian `(\w+)`, random bytes `(\w+)` give\n`(\w+)`", text)
    assert found is not None
    custodian, nonce, rid = map(bytes.fromhex, found.groups())
    assert make_record_id(custodian, nonce) == rid


def test_partners_consent_opens_its_own_rows_and_ours() -> None:
    third, group = make.named_bytes("third"), DataGroup.HEALTH
    grants = ConsentGrants(None, {group: {make.PARTNER: b"theirs"}}, {}, frozenset())
    opened = {
        whose: grants.opening_consent(group, whose, make.OURS)
        for whose in (make.OURS, make.PARTNER, third)
    }
    assert opened == {make.OURS: b"theirs", make.PARTNER: b"theirs", third: None}
    ours = ConsentGrants(None, {group: {make.OURS: b"ours"}}, {}, frozenset())
    assert ours.opening_consent(group, third, make.OURS) == b"ours"
    assert ours.opening_consent(DataGroup.TRAVEL, third, make.OURS) is None
    assert live_writes(EMPTY_STATE) == ()


def test_erasure_before_arrival_counts_for_its_custodian_alone() -> None:
    here, theirs = ErasedWrite(1, b"h" * 8, b""), ErasedWrite(1, b"t" * 8, make.PARTNER)
    assert erased_pairs((here, theirs), make.PARTNER) == {here[:2], theirs[:2]}
    assert erased_pairs((here, theirs), make.OURS) == {here[:2]}


def test_owners_value_replaces_what_others_wrote_in_its_entry() -> None:
    card = make.row("organisation", {"name": "Kort", "confidentiality": "secret"})
    owners = make.row("organisation", {"name": "Huset", "city": "Pskov"})
    sent = changed(owners, name="Huset vid ån")
    joined = replace(card, state=merge_owned(card.state, sent.state, frozenset()))
    seen = view_any(joined)
    assert (seen.conflicts, seen.record.name) == (frozenset(), "Huset vid ån")
    assert (seen.record.city, seen.record.confidentiality) == ("Pskov", "secret")


def test_late_file_of_an_owner_replaces_nothing_newer() -> None:
    first = make.row("organisation", {"name": "Huset"})
    newer = changed(first, name="Huset vid ån")
    received = frozenset(write[:2] for write in live_writes(newer.state))
    assert merge_owned(newer.state, first.state, received) == newer.state
    card = make.row("organisation", {"name": "Kort"}, rid=first.rid)
    here = merge_owned(card.state, newer.state, frozenset())
    assert merge_owned(here, first.state, received) == here


def test_edit_of_ours_stays_until_its_owner_says_something_new() -> None:
    first = make.row("organisation", {"name": "Huset"})
    edited = changed(first, name="Vårt ord")
    received = frozenset(write[:2] for write in live_writes(first.state))
    kept = replace(first, state=merge_owned(edited.state, first.state, received))
    assert view_any(kept).record.name == "Vårt ord"
    later = make.changed(first, {"name": "Huset vid ån"}, make.signature("KP, Дом", minute=50))
    said = replace(first, state=merge_owned(edited.state, later.state, received))
    assert view_any(said).record.name == "Huset vid ån"
    assert view_any(said).conflicts == frozenset()


def test_id_tells_to_whom_it_is_bound() -> None:
    rid = make_record_id(make.OURS, bytes(range(8)))
    assert is_id_of(rid, make.OURS)
    assert not is_id_of(rid, make.PARTNER)
    assert not is_id_of(make.PLAN, make.OURS)


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"result": "unsafe_to_contact"}, {"result"}),
        ({"exploitation_again": "suspected"}, {"exploitation_again"}),
        ({"result": "unsafe_to_contact", "exploitation_again": "yes"},
         {"result", "exploitation_again"}),
        ({"result": "reached", "exploitation_again": "no"}, set()),
    ],
)  # fmt: skip
def test_fields_in_which_she_is_in_danger_are_named(
    values: dict[str, Value], fields: set[str]
) -> None:
    ids = RECORD_TYPES["follow_up"].ids
    assert danger_fields(make.row("follow_up", values)) == {ids[key] for key in fields}


def test_no_other_record_says_that_she_is_in_danger() -> None:
    assert danger_fields(make.row("leg")) == frozenset()


@pytest.mark.parametrize("record_type", ["note", "task"])
def test_nothing_is_taken_of_a_record_whose_fields_are_all_ours_alone(record_type: str) -> None:
    row = make.row(record_type)
    assert acceptable_part(row, row.custodian) is None
    assert acceptable_part(row, make.PARTNER) is None


def test_the_rest_of_a_partners_leg_is_taken() -> None:
    assert acceptable_part(make.row("leg"), make.PARTNER) is not None
