# SPDX-License-Identifier: GPL-3.0-or-later
"""Every kind of value: what it keeps, what it refuses, and what damage is told from."""

import unicodedata
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from kfdesk.domain import kinds
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import MAX_BYTES, Kind, Wire, checked_text, cleaned_text
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.values import About, Gap, Moment, Value, Wording

RID = "00112233445566778899aabbccddeeff"
MOMENT = Moment.at(datetime(2026, 12, 12, 17, 0), "Europe/Riga")  # noqa: DTZ001 - a wall clock
COLOURS = {"red": "Red", "blue": "Blue"}

KEPT: list[tuple[Kind, Value, Wire]] = [
    (kinds.Text(), "Нина\nörn", "Нина\nörn"),
    (kinds.Text(), "", ""),
    (kinds.ToldText(), (Wording("sv", "hej"), Wording("rom", "")), ("sv", "hej", "rom", "")),
    (kinds.Day(), date(2026, 12, 12), "2026-12-12"),
    (kinds.Day(), About("2026"), "2026"),
    (kinds.Day(), About("2026-12"), "2026-12"),
    (kinds.MomentKind(), MOMENT, "2026-12-12T17:00+02:00[Europe/Riga]"),
    (kinds.Number(), -(2**53), -(2**53)),
    (kinds.Number(), 0, 0),
    (kinds.YesNo(), True, 1),
    (kinds.YesNo(), False, 0),
    (kinds.Code(COLOURS), "red", "red"),
    (kinds.Code(COLOURS), "ultraviolet", "ultraviolet"),
    (kinds.Codes(COLOURS), ("blue", "red"), ("blue", "red")),
    (kinds.Codes(COLOURS), ("ultraviolet",), ("ultraviolet",)),
    (kinds.Codes(COLOURS), (), ()),
    (kinds.Reference(), RID, RID),
]
EVERY: list[Kind] = [
    kinds.Text(),
    kinds.ToldText(),
    kinds.Day(),
    kinds.MomentKind(),
    kinds.Number(),
    kinds.YesNo(),
    kinds.Code(COLOURS),
    kinds.Codes(COLOURS),
    kinds.Reference(),
]


def name_of(value: object) -> str:
    return type(value).__name__ if isinstance(value, Kind) else ""


def refusal(work: Any, value: object) -> str:
    with pytest.raises(KfdeskError) as refused:
        work(value)
    return refused.value.code


def test_no_kind_is_left_out_here() -> None:
    used = {type(field.kind) for described in TYPES.values() for field in described.fields.values()}
    assert used <= {type(kind) for kind in EVERY} == set(Kind.__subclasses__())


@pytest.mark.parametrize(("kind", "value", "wire"), KEPT, ids=name_of)
def test_value_is_written_and_read_back(kind: Kind, value: Value, wire: Wire) -> None:
    assert kind.encode(value) == wire
    read = kind.decode(wire)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize("kind", EVERY, ids=name_of)
def test_not_asked_unknown_and_declined_are_three_things(kind: Kind) -> None:
    wires = [kind.encode(value) for value in (None, Gap.UNKNOWN, Gap.DECLINED)]
    assert len(set(wires)) == 3
    assert [kind.decode(wire) for wire in wires] == [None, Gap.UNKNOWN, Gap.DECLINED]


@pytest.mark.parametrize("kind", EVERY, ids=name_of)
def test_gap_that_nobody_knows_is_a_mismatch(kind: Kind) -> None:
    for wire in ("\x1a", "\x1amaybe", "\x1aunknown "):
        assert refusal(kind.decode, wire) == "field.kind_mismatch"


def test_no_text_can_pass_for_a_gap() -> None:
    assert refusal(kinds.Text().encode, "\x1aunknown") == "field.control_character"


REFUSED: list[tuple[Kind, object, str]] = [
    (kinds.Text(), 1, "field.kind_mismatch"),
    (kinds.Text(), b"bytes", "field.kind_mismatch"),
    (kinds.ToldText(), "hej", "field.kind_mismatch"),
    (kinds.ToldText(), (), "field.kind_mismatch"),
    (kinds.ToldText(), ("sv", "hej"), "field.kind_mismatch"),
    (kinds.ToldText(), (Wording("sv", "hej"), "ru"), "field.kind_mismatch"),
    (kinds.ToldText(), (Wording("sv", "a"), Wording("sv", "b")), "field.no_such_language"),
    (kinds.ToldText(), (Wording("SV", "a"),), "field.no_such_language"),
    (kinds.ToldText(), (Wording("", "a"),), "field.no_such_language"),
    (kinds.ToldText(), (Wording("sv-SE", "a"),), "field.no_such_language"),
    (kinds.ToldText(), (Wording("sv", "a\x00"),), "field.control_character"),
    (kinds.Day(), "2026-12-12", "field.not_a_day"),
    (kinds.Day(), datetime(2026, 12, 12, tzinfo=UTC), "field.not_a_day"),
    (kinds.MomentKind(), "2026-12-12T17:00+02:00[Europe/Riga]", "field.not_a_moment"),
    (kinds.MomentKind(), datetime(2026, 12, 12, tzinfo=UTC), "field.not_a_moment"),
    (kinds.Number(), True, "field.not_a_number"),
    (kinds.Number(), 1.0, "field.not_a_number"),
    (kinds.Number(), "1", "field.not_a_number"),
    (kinds.Number(), 2**53 + 1, "field.not_a_number"),
    (kinds.Number(), -(2**53) - 1, "field.not_a_number"),
    (kinds.YesNo(), 1, "field.not_yes_or_no"),
    (kinds.YesNo(), "yes", "field.not_yes_or_no"),
    (kinds.Code(COLOURS), 1, "field.kind_mismatch"),
    (kinds.Code(COLOURS), ("red",), "field.kind_mismatch"),
    (kinds.Codes(COLOURS), "red", "field.kind_mismatch"),
    (kinds.Codes(COLOURS), ("red", "red"), "field.kind_mismatch"),
    (kinds.Codes(COLOURS), (1,), "field.kind_mismatch"),
    (kinds.Reference(), RID[:-2], "field.kind_mismatch"),
    (kinds.Reference(), RID.upper(), "field.kind_mismatch"),
    (kinds.Reference(), RID + "00", "field.kind_mismatch"),
]


@pytest.mark.parametrize(("kind", "value", "code"), REFUSED, ids=name_of)
def test_value_of_another_kind_is_refused(kind: Kind, value: object, code: str) -> None:
    assert refusal(kind.encode, value) == code


@pytest.mark.parametrize("text", ["xyz", "", "é" * 32, " ".join((RID[:16], RID[16:]))])
def test_reference_that_is_no_id_is_refused_as_every_value_is(text: str) -> None:
    assert refusal(kinds.Reference().encode, text) == "field.kind_mismatch"


def test_wall_time_that_would_not_come_back_is_refused() -> None:
    naive = MOMENT.wall
    for wall in (naive.replace(second=1), naive.replace(microsecond=1), naive.replace(tzinfo=UTC)):
        broken = Moment(wall, "Europe/Riga", 120)
        assert refusal(kinds.MomentKind().encode, broken) == "field.not_a_moment"
    assert refusal(kinds.MomentKind().encode, Moment(naive, "no zone", 0)) == "field.not_a_moment"
    assert refusal(kinds.MomentKind().encode, Moment(naive, "A", 6000)) == "field.not_a_moment"


DAMAGED: list[tuple[Kind, Wire]] = [
    (kinds.Text(), 1),
    (kinds.Text(), ("a",)),
    (kinds.Text(), "a\u202eb"),
    (kinds.Text(), "e\u0301"),
    (kinds.ToldText(), "sv"),
    (kinds.ToldText(), ("sv",)),
    (kinds.ToldText(), ()),
    (kinds.ToldText(), ("SV", "hej")),
    (kinds.ToldText(), ("sv", "a", "sv", "b")),
    (kinds.Day(), "2026-13-01"),
    (kinds.Day(), "2026-W05-1"),
    (kinds.Day(), "20261212"),
    (kinds.Day(), "٢٠٢٦"),
    (kinds.Day(), 2026),
    (kinds.MomentKind(), "2026-12-12T17:00-00:00[Europe/London]"),
    (kinds.MomentKind(), "2026-12-12T17:00+99:00[Europe/Riga]"),
    (kinds.MomentKind(), "2026-12-12"),
    (kinds.MomentKind(), 0),
    (kinds.Number(), "1"),
    (kinds.Number(), 2**60),
    (kinds.Number(), True),
    (kinds.YesNo(), 2),
    (kinds.YesNo(), "1"),
    (kinds.Code(COLOURS), 1),
    (kinds.Codes(COLOURS), "red"),
    (kinds.Codes(COLOURS), ("red", "red")),
    (kinds.Codes(COLOURS), ("re\x07d",)),
    (kinds.Reference(), "not an id"),
    (kinds.Reference(), 1),
    (Kind(), "of no kind"),
]


@pytest.mark.parametrize(("kind", "wire"), DAMAGED, ids=name_of)
def test_damage_is_told_by_one_code_whatever_it_is(kind: Kind, wire: Wire) -> None:
    assert refusal(kind.decode, wire) == "field.kind_mismatch"
    beside = [(kinds.Text(), "Нина"), (kind, wire), (kinds.Number(), 1)]
    assert refusal(kinds.check_all, beside) == "field.kind_mismatch"


def test_kind_without_values_accepts_none() -> None:
    assert refusal(Kind().encode, "x") == "field.kind_mismatch"


BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
CONTROLS = "\x00\x07\x08\t\r\x1a\x1b\x7f\x80\x9f"
SURROGATES = (0xD800, 0xDFFF)


@pytest.mark.parametrize("point", [*map(ord, BIDI + CONTROLS), *SURROGATES], ids=hex)
def test_sign_that_could_mislead_a_reader_is_refused_and_cleaned_away(point: int) -> None:
    sign = chr(point)
    assert refusal(checked_text, f"+46{sign}70") == "field.control_character"
    assert cleaned_text(f"+46{sign}70") in {"+4670", "+46 70"}


def test_every_control_sign_but_the_line_feed_is_refused() -> None:
    """As Unicode counts them, and each half of a surrogate pair."""
    controls = {s for s in map(chr, range(0x110000)) if unicodedata.category(s) in {"Cc", "Cs"}}
    assert cleaned_text("".join(controls) + "x") == "x"
    for sign in sorted(controls - {"\n"}):
        assert refusal(checked_text, sign) == "field.control_character"


def test_line_feed_and_signs_of_other_scripts_are_kept() -> None:
    text = "Псков\nRīga\nЁ\u200dя\nשלום\n日本"
    assert checked_text(text) == text == cleaned_text(text)


def test_text_is_kept_in_one_form_only() -> None:
    composed, decomposed = "é", "e\u0301"
    assert checked_text(composed) == composed
    assert refusal(checked_text, decomposed) == "field.not_normalised"
    assert cleaned_text(decomposed) == composed


def test_cleaning_keeps_words_apart_and_trims_the_ends() -> None:
    assert cleaned_text(" \u202e+46 70\t174\r\n06\u00a0\n") == "+46 70 174\n06"
    assert cleaned_text("\x00\u202e") == ""


def test_cleaned_text_may_be_kept() -> None:
    every = "".join(map(chr, [*range(0x300), *range(0x2000, 0x2070), 0xD800, 0x1E9B, 0x0323]))
    assert checked_text(cleaned_text(every))
    assert unicodedata.is_normalized("NFC", cleaned_text(every))


def test_text_above_the_limit_is_refused() -> None:
    assert refusal(checked_text, "x" * (MAX_BYTES + 1)) == "field.too_long"
    assert refusal(checked_text, "я" * (MAX_BYTES // 2 + 1)) == "field.too_long"


LARGE: list[tuple[Kind, Value]] = [
    (kinds.Text(), "x" * MAX_BYTES),
    (kinds.Text(), "я" * (MAX_BYTES // 2)),
    (kinds.ToldText(), (Wording("sv", "x" * 40_000), Wording("ru", "y" * 40_000))),
    (kinds.Codes(COLOURS), tuple(str(number) for number in range(20_000))),
]


@pytest.mark.parametrize(("kind", "value"), LARGE, ids=name_of)
def test_value_that_no_bundle_could_carry_is_refused(kind: Kind, value: Value) -> None:
    assert refusal(kind.encode, value) == "field.too_long"


def test_largest_value_fits_a_bundle() -> None:
    for size in range(MAX_BYTES - 16, MAX_BYTES + 1):
        try:
            wire = kinds.Text().encode("x" * size)
        except KfdeskError:
            break
        assert len(msgspec.msgpack.encode(wire)) <= MAX_BYTES
    assert size > MAX_BYTES - 12
