# SPDX-License-Identifier: GPL-3.0-or-later
"""A record as a person reads it: values, conflicts, and what nobody here knows yet."""

from dataclasses import replace

import msgspec
import pytest
from tests.support import make

from kfdesk.domain import registers
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import TextKind, Wire
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import DELETION, EMPTY_STATE, apply_changes, merge_states
from kfdesk.domain.rows import (
    Row,
    check_row,
    column_values,
    conflicting_keys,
    encode_changes,
    read_fields,
    seen_writes,
    sibling_numbers,
    view,
    view_any,
)
from kfdesk.domain.schema import DataGroup, Field, SensitivityLevel, field_id
from kfdesk.domain.values import MissingAnswer

UNKNOWN = field_id("leg", "platform")  # of a newer program


def joined(*rows: Row) -> Row:
    """One row of several desks' rows."""
    state = rows[0].state
    for row in rows[1:]:
        state = merge_states(state, row.state)
    return replace(rows[0], state=state)


def in_conflict() -> Row:
    """Return a leg whose carrier two desks wrote apart, theirs later."""
    start = make.row("leg")
    ours = make.changed(start, {"carrier": "19, Exempelbuss"}, make.signature("EV", 5))
    theirs = make.changed(start, {"carrier": "18, Exempelbuss"}, make.signature("ОМ", 9))
    return joined(ours, theirs)


def with_write(row: Row, fid: int, value: Wire) -> Row:
    """Return the row with a write that no editor of ours would make."""
    by = make.signature("ОМ", 7)
    return replace(row, state=apply_changes(row.state, {fid: value}, seen_writes(row), by))


def test_every_type_reads_back_what_was_written() -> None:
    for name, values in make.FILLED.items():
        found = view_any(make.row(name))
        assert {key: getattr(found.record, key) for key in values} == dict(values)
        assert not found.conflicts
        assert not found.versions
        assert not found.is_deleted
        assert found.rid == found.row.rid


def test_field_that_was_never_written_was_not_asked() -> None:
    leg = view(make.row("leg", {"sequence": 1}), Leg).record
    assert leg.carrier is None
    assert leg.departs is None


def test_gap_is_an_answer_and_reads_as_one() -> None:
    row = make.row(
        "client", {"birth_date": MissingAnswer.DECLINED, "languages": MissingAnswer.UNKNOWN}
    )
    client = view(row, Client).record
    assert (client.birth_date, client.languages) == (MissingAnswer.DECLINED, MissingAnswer.UNKNOWN)


def test_cleared_field_reads_as_not_asked_and_its_column_is_empty() -> None:
    row = make.changed(make.row("leg"), {"carrier": None}, make.signature(minute=1))
    assert view(row, Leg).record.carrier is None
    assert column_values(row)[0]["carrier"] is None


def test_field_in_conflict_reads_none_and_shows_all_versions() -> None:
    found = view(in_conflict(), Leg)
    assert found.record.carrier is None
    assert found.conflicts == {"carrier"}
    ours, theirs = found.versions["carrier"]
    assert (ours.value, ours.author) == ("19, Exempelbuss", "EV")
    assert (theirs.value, theirs.author) == ("18, Exempelbuss", "ОМ")
    assert ours.milliseconds < theirs.milliseconds
    assert ours.wid != theirs.wid
    assert found.record.mode == "ferry"


def test_column_of_a_field_in_conflict_has_the_newest_value_and_a_flag() -> None:
    newest, torn = column_values(in_conflict())
    assert newest["carrier"] == "18, Exempelbuss"
    assert torn == {"carrier"}
    assert newest.keys() == RECORD_TYPES["leg"].fields.keys()


def test_columns_of_a_whole_record_are_its_values_as_they_are_stored() -> None:
    newest, torn = column_values(make.row("leg"))
    assert torn == frozenset()
    assert newest["alone"] == 0
    assert newest["departs"] == "2026-12-12T17:00+01:00[Europe/Stockholm]"
    assert newest["sign"] == ("sv", "gul halsduk", "ru", "жёлтый шарф")


def test_equal_values_written_apart_are_no_conflict() -> None:
    start = make.row("leg")
    ours = make.changed(start, {"carrier": "18"}, make.signature("EV", 5))
    theirs = make.changed(start, {"carrier": "18"}, make.signature("ОМ", 9))
    row = joined(ours, theirs)
    assert view(row, Leg).record.carrier == "18"
    assert view(row, Leg).conflicts == frozenset()
    assert column_values(row)[1] == frozenset()


def test_equal_values_among_others_are_shown_once_and_by_the_later_author() -> None:
    start = make.row("leg")
    first = make.changed(start, {"carrier": "18"}, make.signature("EV", 5))
    second = make.changed(start, {"carrier": "19"}, make.signature("ÖZ", 7))
    third = make.changed(start, {"carrier": "18"}, make.signature("ОМ", 9))
    versions = view(joined(first, second, third), Leg).versions["carrier"]
    assert [(version.value, version.author) for version in versions] == [("19", "ÖZ"), ("18", "ОМ")]


def test_cleared_on_one_side_and_changed_on_the_other_is_a_conflict() -> None:
    start = make.row("leg")
    ours = make.changed(start, {"carrier": None}, make.signature("EV", 5))
    theirs = make.changed(start, {"carrier": MissingAnswer.UNKNOWN}, make.signature("ОМ", 9))
    versions = view(joined(ours, theirs), Leg).versions["carrier"]
    assert [version.value for version in versions] == [None, MissingAnswer.UNKNOWN]


def test_glance_at_some_fields_reads_what_the_view_of_all_reads() -> None:
    for name in make.FILLED:
        row = make.row(name)
        keys = (*list(RECORD_TYPES[name].fields)[::2], next(iter(RECORD_TYPES[name].fields)))
        record = view_any(row).record
        assert read_fields(row, keys) == {key: getattr(record, key) for key in keys}
        assert conflicting_keys(row) == frozenset()


def test_glance_at_a_field_in_conflict_or_never_written_has_no_value() -> None:
    row = with_write(in_conflict(), UNKNOWN, "4")
    assert read_fields(row, ("carrier", "mode")) == {"carrier": None, "mode": "ferry"}
    assert conflicting_keys(row) == {"carrier"}
    assert read_fields(make.row("leg", {"sequence": 1}), ("carrier",)) == {"carrier": None}


def test_glance_refuses_a_value_of_another_kind_only_where_it_looks() -> None:
    row = with_write(make.row("leg"), RECORD_TYPES["leg"].ids["departs"], "soon")
    assert read_fields(row, ("mode",)) == {"mode": "ferry"}
    with pytest.raises(KfdeskError):
        read_fields(row, ("departs",))


def test_decision_ends_the_conflict() -> None:
    row = make.changed(in_conflict(), {"carrier": "18, Exempelbuss"}, make.signature(minute=20))
    assert view(row, Leg).record.carrier == "18, Exempelbuss"
    assert view(row, Leg).conflicts == frozenset()


def test_deleted_record_is_marked_and_can_be_read() -> None:
    row = with_write(make.row("leg"), DELETION, 1)
    assert view(row, Leg).is_deleted
    assert view(row, Leg).record.carrier == "M/S Havsörn"
    assert not view(with_write(row, DELETION, None), Leg).is_deleted


def test_edit_that_the_deletion_had_not_seen_keeps_the_record() -> None:
    start = make.row("leg")
    gone = with_write(start, DELETION, 1)
    edited = make.changed(start, {"carrier": "18"}, make.signature("EV", 1))
    found = view(joined(gone, edited), Leg)
    assert not found.is_deleted
    assert found.record.carrier == "18"


def test_field_of_a_newer_program_is_kept_unread() -> None:
    row = with_write(make.row("leg"), UNKNOWN, "4")
    assert view(row, Leg).record == view(make.row("leg"), Leg).record
    assert "platform" not in column_values(row)[0]
    later = make.changed(row, {"carrier": "18"}, make.signature(minute=30))
    assert [write.value for write in registers.writes_by_field(later.state)[UNKNOWN]] == ["4"]
    check_row(row)


def test_field_is_read_once_the_program_knows_it() -> None:
    row = with_write(make.row("leg"), UNKNOWN, "4")
    field = Field(
        "platform",
        TextKind(),
        "Platform",
        make.SECTION,
        SensitivityLevel.S2,
        DataGroup.TRAVEL,
        since=2,
    )
    with make.registered(make.described(Leg, field)):
        assert column_values(row)[0]["platform"] == "4"


def test_value_of_another_kind_is_refused_and_never_shown() -> None:
    row = with_write(make.row("leg"), RECORD_TYPES["leg"].ids["departs"], "soon")
    for read in (view_any, check_row):
        with pytest.raises(KfdeskError) as refused:
            read(row)
        assert refused.value.code == "field.kind_mismatch"
        assert "soon" not in repr(refused.value)


def test_value_of_another_kind_is_refused_in_a_conflict_too() -> None:
    start = make.row("leg")
    ours = make.changed(start, {"departs": make.at(12, 18)}, make.signature("EV", 5))
    theirs = with_write(start, RECORD_TYPES["leg"].ids["departs"], 7)
    with pytest.raises(KfdeskError):
        view_any(joined(ours, theirs))
    with pytest.raises(KfdeskError):
        check_row(joined(ours, theirs))


def test_row_with_fewer_values_than_fields_is_refused() -> None:
    row = make.row("leg")
    (save,) = row.state.saves
    for uneven in ({"values": save.values[1:]}, {"wids": save.wids[1:]}):
        torn = msgspec.structs.replace(save, **uneven)
        with pytest.raises(KfdeskError) as refused:
            check_row(replace(row, state=registers.RecordState((torn,), None)))
        assert refused.value.code == "bundle.torn"


@pytest.mark.parametrize("author", ["EV\u202e", "\x1b[2J", "e\u0301"])
def test_row_with_an_author_that_could_mislead_is_refused(author: str) -> None:
    row = make.row("leg")
    forged = [write._replace(author=author) for write in registers.live_writes(row.state)]
    with pytest.raises(KfdeskError):
        check_row(replace(row, state=registers.build_state(forged, ())))


def test_sound_rows_pass() -> None:
    for name in make.FILLED:
        check_row(make.row(name))
    check_row(in_conflict())


def test_row_of_a_type_that_nobody_knows_is_refused() -> None:
    row = replace(make.row("leg"), type="balloon")
    for read in (view_any, check_row):
        with pytest.raises(KfdeskError) as refused:
            read(row)
        assert refused.value.code == "record.unknown_type"


def test_reading_a_row_as_another_type_is_a_bug() -> None:
    with pytest.raises(TypeError):
        view(make.row("leg"), Plan)


def test_what_is_seen_are_all_live_writes() -> None:
    row = with_write(in_conflict(), UNKNOWN, "4")
    seen = seen_writes(row)
    assert {fid for fid, _ in seen} == {*RECORD_TYPES["leg"].ids.values(), UNKNOWN}
    assert len([fid for fid, _ in seen if fid == RECORD_TYPES["leg"].ids["carrier"]]) == 2
    assert seen_writes(replace(row, state=EMPTY_STATE)) == frozenset()


def test_changes_are_checked_and_name_the_field_that_is_wrong() -> None:
    assert encode_changes("leg", {"alone": True, "carrier": None}) == {
        RECORD_TYPES["leg"].ids["alone"]: 1,
        RECORD_TYPES["leg"].ids["carrier"]: None,
    }
    with pytest.raises(KfdeskError) as refused:
        encode_changes("leg", {"sequence": 1, "departs": "17:00"})
    assert refused.value.code == "field.not_a_moment"
    assert refused.value.data == {"field": "leg.departs"}


def test_siblings_are_numbered_by_their_order_whatever_gaps_their_numbers_have() -> None:
    legs = [
        make.row("leg", {"sequence": number}, rid=make.named_id(str(number)))
        for number in (5, 2, 9)
    ]
    numbers = sibling_numbers(view(row, Leg) for row in legs)
    assert [numbers[row.rid] for row in legs] == [2, 1, 3]
