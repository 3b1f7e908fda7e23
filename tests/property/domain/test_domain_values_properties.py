# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for every value: it comes back as it was, or it is refused by a code."""

import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import TypeVar

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.samples import examples

from kfdesk.domain import kinds
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import MAX_VALUE_BYTES, FieldKind, Wire, check_text, clean_text
from kfdesk.domain.values import MissingAnswer, PartialDate, Translation, Value, ZonedTime

quick = settings(max_examples=examples(150), deadline=None, database=None)
LIST = {"red": "Red"}
ZONES = ["Europe/Stockholm", "Europe/Riga", "Europe/Kaliningrad", "Europe/Moscow", "Europe/Sofia",
         "Africa/Lagos", "Asia/Ho_Chi_Minh", "America/St_Johns"]  # fmt: skip

T = TypeVar("T")


def outcome(work: Callable[[], T]) -> T | str:
    """Return what `work` gives, or the code with which it is refused."""
    try:
        return work()
    except KfdeskError as error:
        return error.code


texts = st.text(max_size=30).map(clean_text)
languages = st.from_regex(r"[a-z]{2,3}", fullmatch=True)
wordings = st.dictionaries(languages, texts, min_size=1, max_size=4).map(
    lambda found: tuple(Translation(language, text) for language, text in found.items())
)
abouts = st.one_of(
    st.integers(1, 9999).map(lambda year: PartialDate(f"{year:04}")),
    st.dates().map(lambda day: PartialDate(day.isoformat()[:7])),
)


@st.composite
def moments(draw: st.DrawFn) -> ZonedTime:
    wall = draw(st.datetimes(datetime(1950, 1, 1), datetime(2060, 1, 1)))  # noqa: DTZ001
    zone = draw(st.sampled_from(ZONES))
    moment = outcome(partial(ZonedTime.at, wall, zone))
    return moment if isinstance(moment, ZonedTime) else ZonedTime.at(wall.replace(hour=12), zone)


samples: dict[FieldKind, st.SearchStrategy[Value]] = {
    kinds.TextKind(): texts,
    kinds.LocalizedTextKind(): wordings,
    kinds.DateKind(): st.dates() | abouts,
    kinds.ZonedTimeKind(): moments(),
    kinds.NumberKind(): st.integers(-(2**53), 2**53),
    kinds.BooleanKind(): st.booleans(),
    kinds.ReferenceKind(): st.binary(min_size=16, max_size=16).map(bytes.hex),
}
coded: list[tuple[FieldKind, st.SearchStrategy[Value]]] = [
    (kinds.CodeKind(LIST), texts),
    (kinds.CodeSetKind(LIST), st.lists(texts, unique=True, max_size=5).map(tuple)),
]
every = [*samples.items(), *coded]
kinds_and_values = st.one_of(
    *(st.tuples(st.just(kind), values) for kind, values in every),
    st.tuples(
        st.sampled_from([kind for kind, _ in every]), st.sampled_from([None, *MissingAnswer])
    ),
)
several = st.lists(st.text(max_size=10), max_size=5).map(tuple)
wires = st.one_of(st.none(), st.integers(), st.text(max_size=40), several)


@quick
@given(kinds_and_values)
def test_every_value_comes_back_as_it_was(pair: tuple[FieldKind, Value]) -> None:
    kind, value = pair
    wire = kind.encode(value)
    assert kind.decode(wire) == value
    assert type(kind.decode(wire)) is type(value)
    travelled = msgspec.msgpack.decode(msgspec.msgpack.encode(wire), type=Wire)
    assert kind.decode(travelled) == value
    assert len(msgspec.msgpack.encode(wire)) <= MAX_VALUE_BYTES


@settings(max_examples=examples(400), deadline=None, database=None)
@given(st.sampled_from([kind for kind, _ in every]), wires)
def test_what_arrives_is_a_value_or_a_mismatch_and_is_never_mended(
    kind: FieldKind, wire: Wire
) -> None:
    again = outcome(lambda: kind.encode(kind.decode(wire)))
    assert again in (wire, "field.kind_mismatch")


odd_texts = st.sampled_from(("\u0301", "e", "\u1100", "\u1161", "\u202e", "\x1a", "\n", "x" * 9000))
some_wires = st.one_of(wires, odd_texts, st.lists(odd_texts, max_size=3).map(tuple))


@settings(max_examples=examples(400), deadline=None, database=None)
@given(st.lists(st.tuples(st.sampled_from([kind for kind, _ in every]), some_wires), max_size=5))
def test_values_looked_at_together_pass_just_where_each_of_them_does(
    values: list[tuple[FieldKind, Wire]],
) -> None:
    alone = [outcome(partial(kind.decode, wire)) == "field.kind_mismatch" for kind, wire in values]
    together = outcome(partial(kinds.check_values, values))
    assert together == ("field.kind_mismatch" if any(alone) else None)


@quick
@given(moments())
def test_moment_is_written_and_read_without_a_change(moment: ZonedTime) -> None:
    assert ZonedTime.parse(str(moment)) == moment
    shown = moment.utc.astimezone(moment.utc.tzinfo)
    assert (moment.wall - shown.replace(tzinfo=None)).total_seconds() == moment.offset * 60


@quick
@given(st.text(max_size=60))
def test_cleaned_text_may_be_kept_and_cleaning_it_again_changes_nothing(text: str) -> None:
    once = clean_text(text)
    assert check_text(once) == once
    assert clean_text(once) == once
    assert unicodedata.is_normalized("NFC", once)


@quick
@given(st.text(max_size=60))
def test_moment_in_any_text_is_read_or_refused(text: str) -> None:
    for written in (text, f"2026-12-12T17:00+01:00[{text}]", f"{text}[Europe/Riga]"):
        found = str(outcome(partial(ZonedTime.parse, written)))
        assert found in (written, written.replace("-00:00", "+00:00"), "field.not_a_moment")


@quick
@given(st.dates(min_value=date(2000, 1, 1)))
def test_month_of_every_day_is_about_then(day: date) -> None:
    assert kinds.DateKind().decode(day.isoformat()[:7]) == PartialDate(day.isoformat()[:7])
    assert kinds.DateKind().decode(day.isoformat()) == day
