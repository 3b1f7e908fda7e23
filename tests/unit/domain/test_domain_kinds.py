# SPDX-License-Identifier: GPL-3.0-or-later
"""Every kind of value: what it keeps, what it refuses, and what damage is told from."""

import unicodedata
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from kfdesk.domain import kinds
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import MAX_VALUE_BYTES, FieldKind, Wire, check_text, clean_text
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.values import MissingAnswer, PartialDate, Translation, Value, ZonedTime

RID = "00112233445566778899aabbccddeeff"
MOMENT = ZonedTime.at(datetime(2026, 12, 12, 17, 0), "Europe/Riga")  # noqa: DTZ001 - a wall clock
COLOURS = {"red": "Red", "blue": "Blue"}

KEPT: list[tuple[FieldKind, Value, Wire]] = [
    (kinds.TextKind(), "Нина\nörn", "Нина\nörn"),
    (kinds.TextKind(), "", ""),
    (
        kinds.LocalizedTextKind(),
        (Translation("sv", "hej"), Translation("rom", "")),
        ("sv", "hej", "rom", ""),
    ),
    (kinds.DateKind(), date(2026, 12, 12), "2026-12-12"),
    (kinds.DateKind(), PartialDate("2026"), "2026"),
    (kinds.DateKind(), PartialDate("2026-12"), "2026-12"),
    (kinds.ZonedTimeKind(), MOMENT, "2026-12-12T17:00+02:00[Europe/Riga]"),
    (kinds.NumberKind(), -(2**53), -(2**53)),
    (kinds.NumberKind(), 0, 0),
    (kinds.BooleanKind(), True, 1),
    (kinds.BooleanKind(), False, 0),
    (kinds.CodeKind(COLOURS), "red", "red"),
    (kinds.CodeKind(COLOURS), "ultraviolet", "ultraviolet"),
    (kinds.CodeSetKind(COLOURS), ("blue", "red"), ("blue", "red")),
    (kinds.CodeSetKind(COLOURS), ("ultraviolet",), ("ultraviolet",)),
    (kinds.CodeSetKind(COLOURS), (), ()),
    (kinds.ReferenceKind(), RID, RID),
]
EVERY: list[FieldKind] = [
    kinds.TextKind(),
    kinds.LocalizedTextKind(),
    kinds.DateKind(),
    kinds.ZonedTimeKind(),
    kinds.NumberKind(),
    kinds.BooleanKind(),
    kinds.CodeKind(COLOURS),
    kinds.CodeSetKind(COLOURS),
    kinds.ReferenceKind(),
]


def name_of(value: object) -> str:
    return type(value).__name__ if isinstance(value, FieldKind) else ""


def refusal(work: Any, value: object) -> str:
    with pytest.raises(KfdeskError) as refused:
        work(value)
    return refused.value.code


def test_no_kind_is_left_out_here() -> None:
    used = {
        type(field.kind)
        for described in RECORD_TYPES.values()
        for field in described.fields.values()
    }
    assert used <= {type(kind) for kind in EVERY} == set(FieldKind.__subclasses__())


@pytest.mark.parametrize(("kind", "value", "wire"), KEPT, ids=name_of)
def test_value_is_written_and_read_back(kind: FieldKind, value: Value, wire: Wire) -> None:
    assert kind.encode(value) == wire
    read = kind.decode(wire)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize("kind", EVERY, ids=name_of)
def test_not_asked_unknown_and_declined_are_three_things(kind: FieldKind) -> None:
    wires = [kind.encode(value) for value in (None, MissingAnswer.UNKNOWN, MissingAnswer.DECLINED)]
    assert len(set(wires)) == 3
    assert [kind.decode(wire) for wire in wires] == [
        None,
        MissingAnswer.UNKNOWN,
        MissingAnswer.DECLINED,
    ]


@pytest.mark.parametrize("kind", EVERY, ids=name_of)
def test_gap_that_nobody_knows_is_a_mismatch(kind: FieldKind) -> None:
    for wire in ("\x1a", "\x1amaybe", "\x1aunknown "):
        assert refusal(kind.decode, wire) == "field.kind_mismatch"


def test_no_text_can_pass_for_a_gap() -> None:
    assert refusal(kinds.TextKind().encode, "\x1aunknown") == "field.control_character"


REFUSED: list[tuple[FieldKind, object, str]] = [
    (kinds.TextKind(), 1, "field.kind_mismatch"),
    (kinds.TextKind(), b"bytes", "field.kind_mismatch"),
    (kinds.LocalizedTextKind(), "hej", "field.kind_mismatch"),
    (kinds.LocalizedTextKind(), (), "field.kind_mismatch"),
    (kinds.LocalizedTextKind(), ("sv", "hej"), "field.kind_mismatch"),
    (kinds.LocalizedTextKind(), (Translation("sv", "hej"), "ru"), "field.kind_mismatch"),
    (
        kinds.LocalizedTextKind(),
        (Translation("sv", "a"), Translation("sv", "b")),
        "field.no_such_language",
    ),
    (kinds.LocalizedTextKind(), (Translation("SV", "a"),), "field.no_such_language"),
    (kinds.LocalizedTextKind(), (Translation("", "a"),), "field.no_such_language"),
    (kinds.LocalizedTextKind(), (Translation("sv-SE", "a"),), "field.no_such_language"),
    (kinds.LocalizedTextKind(), (Translation("sv", "a\x00"),), "field.control_character"),
    (kinds.DateKind(), "2026-12-12", "field.not_a_day"),
    (kinds.DateKind(), datetime(2026, 12, 12, tzinfo=UTC), "field.not_a_day"),
    (kinds.ZonedTimeKind(), "2026-12-12T17:00+02:00[Europe/Riga]", "field.not_a_moment"),
    (kinds.ZonedTimeKind(), datetime(2026, 12, 12, tzinfo=UTC), "field.not_a_moment"),
    (kinds.NumberKind(), True, "field.not_a_number"),
    (kinds.NumberKind(), 1.0, "field.not_a_number"),
    (kinds.NumberKind(), "1", "field.not_a_number"),
    (kinds.NumberKind(), 2**53 + 1, "field.not_a_number"),
    (kinds.NumberKind(), -(2**53) - 1, "field.not_a_number"),
    (kinds.BooleanKind(), 1, "field.not_yes_or_no"),
    (kinds.BooleanKind(), "yes", "field.not_yes_or_no"),
    (kinds.CodeKind(COLOURS), 1, "field.kind_mismatch"),
    (kinds.CodeKind(COLOURS), ("red",), "field.kind_mismatch"),
    (kinds.CodeSetKind(COLOURS), "red", "field.kind_mismatch"),
    (kinds.CodeSetKind(COLOURS), ("red", "red"), "field.kind_mismatch"),
    (kinds.CodeSetKind(COLOURS), (1,), "field.kind_mismatch"),
    (kinds.ReferenceKind(), RID[:-2], "field.kind_mismatch"),
    (kinds.ReferenceKind(), RID.upper(), "field.kind_mismatch"),
    (kinds.ReferenceKind(), RID + "00", "field.kind_mismatch"),
]


@pytest.mark.parametrize(("kind", "value", "code"), REFUSED, ids=name_of)
def test_value_of_another_kind_is_refused(kind: FieldKind, value: object, code: str) -> None:
    assert refusal(kind.encode, value) == code


@pytest.mark.parametrize("text", ["xyz", "", "é" * 32, " ".join((RID[:16], RID[16:]))])
def test_reference_that_is_no_id_is_refused_as_every_value_is(text: str) -> None:
    assert refusal(kinds.ReferenceKind().encode, text) == "field.kind_mismatch"


def test_wall_time_that_would_not_come_back_is_refused() -> None:
    naive = MOMENT.wall
    for wall in (naive.replace(second=1), naive.replace(microsecond=1), naive.replace(tzinfo=UTC)):
        broken = ZonedTime(wall, "Europe/Riga", 120)
        assert refusal(kinds.ZonedTimeKind().encode, broken) == "field.not_a_moment"
    assert (
        refusal(kinds.ZonedTimeKind().encode, ZonedTime(naive, "no zone", 0))
        == "field.not_a_moment"
    )
    assert (
        refusal(kinds.ZonedTimeKind().encode, ZonedTime(naive, "A", 6000)) == "field.not_a_moment"
    )


DAMAGED: list[tuple[FieldKind, Wire]] = [
    (kinds.TextKind(), 1),
    (kinds.TextKind(), ("a",)),
    (kinds.TextKind(), "a\u202eb"),
    (kinds.TextKind(), "e\u0301"),
    (kinds.LocalizedTextKind(), "sv"),
    (kinds.LocalizedTextKind(), ("sv",)),
    (kinds.LocalizedTextKind(), ()),
    (kinds.LocalizedTextKind(), ("SV", "hej")),
    (kinds.LocalizedTextKind(), ("sv", "a", "sv", "b")),
    (kinds.DateKind(), "2026-13-01"),
    (kinds.DateKind(), "2026-W05-1"),
    (kinds.DateKind(), "20261212"),
    (kinds.DateKind(), "٢٠٢٦"),
    (kinds.DateKind(), 2026),
    (kinds.ZonedTimeKind(), "2026-12-12T17:00-00:00[Europe/London]"),
    (kinds.ZonedTimeKind(), "2026-12-12T17:00+99:00[Europe/Riga]"),
    (kinds.ZonedTimeKind(), "2026-12-12"),
    (kinds.ZonedTimeKind(), 0),
    (kinds.NumberKind(), "1"),
    (kinds.NumberKind(), 2**60),
    (kinds.NumberKind(), True),
    (kinds.BooleanKind(), 2),
    (kinds.BooleanKind(), "1"),
    (kinds.CodeKind(COLOURS), 1),
    (kinds.CodeSetKind(COLOURS), "red"),
    (kinds.CodeSetKind(COLOURS), ("red", "red")),
    (kinds.CodeSetKind(COLOURS), ("re\x07d",)),
    (kinds.ReferenceKind(), "not an id"),
    (kinds.ReferenceKind(), 1),
    (FieldKind(), "of no kind"),
]


@pytest.mark.parametrize(("kind", "wire"), DAMAGED, ids=name_of)
def test_damage_is_told_by_one_code_whatever_it_is(kind: FieldKind, wire: Wire) -> None:
    assert refusal(kind.decode, wire) == "field.kind_mismatch"
    beside = [(kinds.TextKind(), "Нина"), (kind, wire), (kinds.NumberKind(), 1)]
    assert refusal(kinds.check_values, beside) == "field.kind_mismatch"


def test_kind_without_values_accepts_none() -> None:
    assert refusal(FieldKind().encode, "x") == "field.kind_mismatch"


BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
CONTROLS = "\x00\x07\x08\t\r\x1a\x1b\x7f\x80\x9f"
SURROGATES = (0xD800, 0xDFFF)


@pytest.mark.parametrize("point", [*map(ord, BIDI + CONTROLS), *SURROGATES], ids=hex)
def test_sign_that_could_mislead_a_reader_is_refused_and_cleaned_away(point: int) -> None:
    sign = chr(point)
    assert refusal(check_text, f"+46{sign}70") == "field.control_character"
    assert clean_text(f"+46{sign}70") in {"+4670", "+46 70"}


def test_every_control_sign_but_the_line_feed_is_refused() -> None:
    """As Unicode counts them, and each half of a surrogate pair."""
    controls = {s for s in map(chr, range(0x110000)) if unicodedata.category(s) in {"Cc", "Cs"}}
    assert clean_text("".join(controls) + "x") == "x"
    for sign in sorted(controls - {"\n"}):
        assert refusal(check_text, sign) == "field.control_character"


def test_line_feed_and_signs_of_other_scripts_are_kept() -> None:
    text = "Псков\nRīga\nЁ\u200dя\nשלום\n日本"
    assert check_text(text) == text == clean_text(text)


def test_text_is_kept_in_one_form_only() -> None:
    composed, decomposed = "é", "e\u0301"
    assert check_text(composed) == composed
    assert refusal(check_text, decomposed) == "field.not_normalised"
    assert clean_text(decomposed) == composed


def test_cleaning_keeps_words_apart_and_trims_the_ends() -> None:
    assert clean_text(" \u202e+46 70\t174\r\n06\u00a0\n") == "+46 70 174\n06"
    assert clean_text("\x00\u202e") == ""


@pytest.mark.parametrize("text", ["", " ", "\u200b", "\u00ad\u2060", "\u3164", "\u2800 ", "\u0301"])
def test_text_that_shows_nothing_is_blank(text: str) -> None:
    assert kinds.is_blank_text(text)
    assert not kinds.is_blank_text(f"{text}a")
    assert not kinds.is_blank_text(f"я{text}")


def test_cleaned_text_may_be_kept() -> None:
    every = "".join(map(chr, [*range(0x300), *range(0x2000, 0x2070), 0xD800, 0x1E9B, 0x0323]))
    assert check_text(clean_text(every))
    assert unicodedata.is_normalized("NFC", clean_text(every))


def test_text_above_the_limit_is_refused() -> None:
    assert refusal(check_text, "x" * (MAX_VALUE_BYTES + 1)) == "field.too_long"
    assert refusal(check_text, "я" * (MAX_VALUE_BYTES // 2 + 1)) == "field.too_long"


LARGE: list[tuple[FieldKind, Value]] = [
    (kinds.TextKind(), "x" * MAX_VALUE_BYTES),
    (kinds.TextKind(), "я" * (MAX_VALUE_BYTES // 2)),
    (kinds.LocalizedTextKind(), (Translation("sv", "x" * 40_000), Translation("ru", "y" * 40_000))),
    (kinds.CodeSetKind(COLOURS), tuple(str(number) for number in range(20_000))),
]


@pytest.mark.parametrize(("kind", "value"), LARGE, ids=name_of)
def test_value_that_no_bundle_could_carry_is_refused(kind: FieldKind, value: Value) -> None:
    assert refusal(kind.encode, value) == "field.too_long"


def test_largest_value_fits_a_bundle() -> None:
    for size in range(MAX_VALUE_BYTES - 16, MAX_VALUE_BYTES + 1):
        try:
            wire = kinds.TextKind().encode("x" * size)
        except KfdeskError:
            break
        assert len(msgspec.msgpack.encode(wire)) <= MAX_VALUE_BYTES
    assert size > MAX_VALUE_BYTES - 12
