# SPDX-License-Identifier: GPL-3.0-or-later
"""The quick ways give the same answer as the long ones: checks of values, the form of a state."""

from collections.abc import Callable

import msgspec
import pytest
from tests.support import make

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import (
    CodeKind,
    FieldKind,
    LocalizedTextKind,
    TextKind,
    Wire,
    ZonedTimeKind,
    check_values,
    is_missing_answer,
)
from kfdesk.domain.registers import (
    EMPTY_STATE,
    RecordState,
    Save,
    Write,
    build_state,
    drop_writes,
    is_canonical,
    live_writes,
    newest_values,
    superseded_ids,
    writes_by_field,
)

WIRES: tuple[Wire, ...] = (
    None, 7, "", "text", "\x1aunknown", "\x1anothing", "a\x07", "e\u0301", ("sv", "hej"), ("sv",),
    (), ("sv", "hej", "sv", "igen"), ("sv", "hej", "ru", "привет"), ("SV", "hej"), ("sv", "a\x07"),
    ("sv", "e\u0301"), "2026-12-24T17:00+01:00[Europe/Stockholm]", "2026-12-24T17:00-00:00[UTC]",
    "2026-02-30T17:00+01:00[Europe/Stockholm]", "2026-12-24T17:00+01:00",
    "0001-01-01T00:00+01:00[Europe/Stockholm]", "9999-01-01T00:00+01:00[Europe/Stockholm]",
    "2026-12-24T17:00+01:00[Europe/Stockholm]\n",
)  # fmt: skip


def refusal(way: Callable[[], object]) -> str | None:
    try:
        way()
    except KfdeskError as error:
        return error.code
    return None


@pytest.mark.parametrize("wire", WIRES, ids=repr)
@pytest.mark.parametrize(
    "kind",
    [TextKind(), LocalizedTextKind(), ZonedTimeKind(), CodeKind({"text": "a"})],
    ids=lambda k: type(k).__name__,
)
def test_check_refuses_what_decode_refuses(kind: FieldKind, wire: Wire) -> None:
    found = refusal(lambda: kind.decode(wire))
    assert refusal(lambda: check_values([(kind, wire)])) == found
    assert (
        refusal(lambda: check_values([(TextKind(), "a"), (kind, wire), (TextKind(), "b")])) == found
    )


def test_long_texts_and_lines_pass_together_as_each_of_them_does() -> None:
    long = "я" * 9000
    check_values(
        [
            (TextKind(), long),
            (LocalizedTextKind(), ("sv", long)),
            (TextKind(), "a\nb"),
            (TextKind(), "\x1aunknown"),
        ]
    )


def test_gap_is_told_from_text() -> None:
    assert [is_missing_answer(wire) for wire in ("\x1aunknown", "unknown", None, 3)] == [
        True,
        *[False] * 3,
    ]


def write(fid: int, wid: bytes, hlc: int = 1, value: Wire = "x", author: str = "EV") -> Write:
    return Write(fid, wid * 8, hlc, author, value)


ONE, OTHER, LATER = write(3, b"a"), write(5, b"b"), write(3, b"c", 2, "y")
STATES = (
    EMPTY_STATE,
    build_state([ONE, OTHER], ()),
    build_state([ONE, OTHER, LATER], ()),
    build_state([LATER, OTHER], [(3, ONE.wid)]),
    build_state([LATER], [(3, LATER.wid)]),
)
TWISTED = (
    RecordState((Save(1, "EV", b"\0\5\0\3", b"b" * 8 + b"a" * 8, ("x", "x")),), None),
    RecordState(
        (Save(2, "EV", b"\0\3", b"c" * 8, ("y",)), Save(1, "EV", b"\0\3", b"a" * 8, ("x",))), None
    ),
    RecordState((Save(1, "EV", b"", b"", ()),), None),
    RecordState((Save(1, "EV", b"\0\3\0\3", b"a" * 16, ("x", "x")),), None),
    RecordState((Save(1, "EV", b"\0\3", b"a" * 8, ("x",)),), ((3, b"c" * 8 + b"a" * 8),)),
    RecordState((Save(1, "EV", b"\0\3", b"a" * 8, ("x",)),), ()),
    RecordState((Save(1, "EV", b"\0\3", b"a" * 8, ("x",)),), ((5, b"b" * 8), (3, b"c" * 8))),
    RecordState((Save(1, "EV", b"\0\3", b"a" * 8, ("x",)),), ((3, b"c" * 16),)),
    RecordState(
        (Save(1, "EV", b"\0\3", b"a" * 8, ("x",)), Save(2, "EV", b"\0\3", b"c" * 8, ("y",))),
        ((3, b"a" * 8),),
    ),
)


@pytest.mark.parametrize("state", STATES)
def test_canonical_state_is_known_as_one(state: RecordState) -> None:
    assert is_canonical(state)
    assert make.canonicalize(state) == state


@pytest.mark.parametrize("state", TWISTED)
def test_twisted_state_is_not(state: RecordState) -> None:
    assert not is_canonical(state)


def test_state_whose_lists_do_not_fit_is_torn() -> None:
    uneven = RecordState((Save(1, "EV", b"\0\3", b"a" * 7, ("x",)),), None)
    with pytest.raises(KfdeskError, match=r"bundle\.torn"):
        is_canonical(uneven)


def test_state_whose_lists_do_not_fit_is_torn_beside_superseded_ids_as_well() -> None:
    uneven = RecordState((Save(1, "EV", b"\0\3", b"a" * 7, ("x",)),), ((3, b"c" * 8),))
    with pytest.raises(KfdeskError, match=r"bundle\.torn") as torn:
        is_canonical(uneven)
    assert torn.value.data["why"] == "save_shape"


@pytest.mark.parametrize("ids", [b"", b"c" * 7, b"c" * 9])
def test_ids_of_another_length_are_torn(ids: bytes) -> None:
    odd = RecordState((), ((3, ids),))
    for look in (is_canonical, superseded_ids):
        with pytest.raises(KfdeskError, match=r"bundle\.torn") as torn:
            look(odd)
        assert torn.value.data["why"] == "dead_shape"


@pytest.mark.parametrize("state", STATES)
def test_newest_of_each_field_is_the_last_of_its_living(state: RecordState) -> None:
    newest, several = newest_values(state)
    live = writes_by_field(state)
    assert newest == {fid: writes[-1].value for fid, writes in live.items()}
    assert several == {fid for fid, writes in live.items() if len(writes) > 1}


def test_forgotten_write_is_gone_and_remembered_as_dead() -> None:
    state = build_state([ONE, OTHER, LATER], ())
    bare = drop_writes(state, frozenset({(3, ONE.wid), (3, LATER.wid), (9, bytes(8))}))
    assert live_writes(bare) == (OTHER,)
    assert superseded_ids(bare) == {(3, ONE.wid), (3, LATER.wid)}
    assert is_canonical(bare)
    assert drop_writes(bare, frozenset({(3, ONE.wid)})) is bare


def test_forgetting_leaves_what_others_wrote() -> None:
    twin = ONE._replace(wid=b"t" * 8, value="z")
    bare = drop_writes(build_state([ONE, twin], ()), frozenset({(3, ONE.wid)}))
    assert [one.value for one in live_writes(bare)] == ["z"]
    assert msgspec.msgpack.encode(bare)
