# SPDX-License-Identifier: GPL-3.0-or-later
"""No desk ever holds a common record that its owner did not let it have at some moment before.

Random classes, memberships and decisions, between three desks whose files come in any order, twice
or never: once with the rules alone, and once with real desks and real files.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import Phase, given, settings
from tests.integration.hostile_samples import hostile_trio
from tests.property.services.common_samples import BEGINNING, DESKS, Model, Step, Thing, play, walks
from tests.support import make
from tests.support.samples import examples

from kfdesk.domain.authority import acceptable_part, is_common_type
from kfdesk.domain.consent import Recipient, RecipientKind
from kfdesk.domain.disclosure import Channel, Disclosed, DisclosureBasis, disclose
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.network import circles_of
from kfdesk.domain.records.directory import Membership, Network
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import (
    EMPTY_STATE,
    WID_BYTES,
    WriteContext,
    apply_changes,
    merge_states,
)
from kfdesk.domain.rows import Row, encode_changes, seen_writes, view, view_any
from kfdesk.domain.values import Value
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer

MEMORY = Path("/dev/shm") if Path("/dev/shm").is_dir() else None
TYPES = sorted(filter(is_common_type, RECORD_TYPES))
ORGANISATIONS = (make.OURS, make.PARTNER, make.THIRD)
_PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.target, Phase.shrink)
_WORD = re.compile(r"w\d+w")
_NAMES = {"check": "entry_check"}
_KEYS = {"organisation": "name", "contact": "given_name", "phone": "number", "network": "title",
         "membership": "mandate", "suggestion": "value"}  # fmt: skip
"""The field of each type in which its word stands; a check has none, and never changes."""


def values_of(thing: Thing, organisations: tuple[bytes, ...], today: date) -> dict[str, Value]:
    """Return the fields of a thing as a record has them."""
    values: dict[str, Value] = {}
    key = _KEYS.get(thing.type)
    if key is not None:
        is_told = key in ("title", "mandate")
        values[key] = make.told(thing.word, thing.word) if is_told else thing.word
    if thing.type in ("organisation", "contact", "phone", "network"):
        values["confidentiality"] = thing.seen_by
    if thing.type == "contact":
        values["may_be_shared"] = thing.agrees
    if thing.type == "network":
        values["shares"] = thing.offers
    if thing.type == "membership":
        begins, ends = (None if day is None else today + timedelta(day) for day in thing.span)
        member = organisations[thing.member].hex()
        values |= {"organisation": member, "begins": begins, "ends": ends}
    if thing.type == "check":
        values["outcome"] = "right"
    return values


def words_in(rows: Iterator[Row], checks: Mapping[bytes, str]) -> set[str]:
    """Return the words in all common records; that of a check is known by its id."""
    found: set[str] = set()
    for row in rows:
        found |= {checks[row.rid]} if row.rid in checks else set()
        record = view_any(row).record
        found |= set(_WORD.findall(" ".join(repr(getattr(record, key)) for key in _KEYS.values()
                                            if hasattr(record, key))))  # fmt: skip
    return found


# --- the rules alone


class PlainDesks:
    """Three desks that keep rows in memory: what goes and what is taken is decided by `domain`."""

    def __init__(self) -> None:
        self._rows: list[dict[bytes, Row]] = [{} for _ in DESKS]
        self._checks: dict[bytes, str] = {}
        self._files: list[tuple[int, int, Disclosed]] = []
        self._hlc = count(1)

    def put(self, thing: Thing) -> None:
        rid, above = make.named_id(str(thing.number)), None
        if thing.above is not None:
            above = make.named_id(str(thing.above))
        name, whose = _NAMES.get(thing.type, thing.type), ORGANISATIONS[thing.owner]
        if thing.type == "check":
            self._checks[rid] = thing.word
        row = self._rows[thing.owner].get(rid) or Row(rid, name, above, whose, EMPTY_STATE)
        self._write(thing.owner, row, values_of(thing, ORGANISATIONS, make.NOW.date()))

    def share(self, desk: int, network: int, sorts: tuple[str, ...]) -> None:
        self._write(desk, self._rows[desk][make.named_id(str(network))], {"we_share": sorts})

    def _write(self, desk: int, row: Row, values: Mapping[str, Value]) -> None:
        hlc = next(self._hlc)
        by = WriteContext(f"Desk {desk}", hlc, lambda: hlc.to_bytes(WID_BYTES, "big"))
        state = apply_changes(row.state, encode_changes(row.type, values), seen_writes(row), by)
        self._rows[desk][row.rid] = Row(row.rid, row.type, row.parent, row.custodian, state)

    def send(self, owner: int, other: int) -> None:
        rows, own = tuple(self._rows[owner].values()), ORGANISATIONS[owner]
        heads = [view(row, Network) for row in rows if row.type == "network"]
        below = [view(row, Membership) for row in rows if row.type == "membership"]
        circles = circles_of(heads, below, make.NOW.date(), own)
        to = Recipient(RecipientKind.PARTNER, ORGANISATIONS[other], is_verified=True)
        whole = disclose(rows, to, Channel.BUNDLE, DisclosureBasis((), make.NOW, own, circles))
        mine = {row.rid for row in rows if row.custodian == own}
        self._files.append((owner, other, whole.only_rows(mine)))

    def take(self, place: int) -> None:
        sender, other, what = self._files[place]
        for given_row in what.rows:
            row = acceptable_part(given_row.row, ORGANISATIONS[sender])
            ours = self._rows[other].get(given_row.rid)
            if row is not None and ours is not None:
                state = merge_states(ours.state, row.state)
                row = Row(row.rid, row.type, row.parent, row.custodian, state)
            if row is not None:
                self._rows[other][row.rid] = row

    def words(self, desk: int) -> set[str]:
        return words_in(iter(self._rows[desk].values()), self._checks)


@settings(max_examples=examples(200), deadline=None, phases=_PHASES)
@given(walk=walks)
def test_by_the_rules_nobody_holds_what_its_owner_never_let_go(walk: list[Step]) -> None:
    model, desks = Model(is_strict=False), PlainDesks()
    play(walk, model, desks)
    held = [desks.words(desk) for desk in DESKS]
    assert all(words <= model.allowed[desk] for desk, words in enumerate(held))


# --- real desks


class RealDesks:
    """Three real desks that know each other, and the files that they made for one another."""

    def __init__(self, desks: tuple[Session, ...], post: Path) -> None:
        self._desks = desks
        self._post = post
        self._organisations = tuple(desk.identity.organisation for desk in desks)
        self._rids: dict[int, bytes] = {}
        self._checks: dict[bytes, str] = {}
        self._files: list[tuple[int, Path | None]] = []

    def put(self, thing: Thing) -> None:
        desk = self._desks[thing.owner]
        values = values_of(thing, self._organisations, desk.adapters.clock.now().date())
        if thing.number in self._rids:
            change_record(desk, self._rids[thing.number], values)
            return
        above = self._rids[thing.above] if thing.above is not None else None
        cls = RECORD_TYPES[_NAMES.get(thing.type, thing.type)].cls
        if thing.type == "suggestion":
            values["key"] = "email"
        self._rids[thing.number] = rid = create_record(desk, cls, values, above)
        if thing.type == "check":
            self._checks[rid] = thing.word

    def share(self, desk: int, network: int, sorts: tuple[str, ...]) -> None:
        change_record(self._desks[desk], self._rids[network], {"we_share": sorts})

    def send(self, owner: int, other: int) -> None:
        path, desk = None, self._desks[owner]
        with suppress(KfdeskError):
            path = transfer.send_common(desk, self._organisations[other], self._post).path
        self._files.append((other, path))

    def take(self, place: int) -> None:
        other, path = self._files[place]
        if path is None:
            return
        desk = self._desks[other]
        with suppress(KfdeskError):
            transfer.import_bundle(desk, path, transfer.review_bundle(desk, path))

    def words(self, desk: int) -> set[str]:
        rows = (row for name in TYPES for row in self._desks[desk].store.rows(name))
        return words_in(rows, self._checks)


@settings(max_examples=examples(12), deadline=None, phases=_PHASES)
@given(walk=walks)
def test_real_desks_hold_nothing_that_its_owner_never_let_go(walk: list[Step]) -> None:
    with TemporaryDirectory(dir=MEMORY) as folder, hostile_trio(Path(folder)) as trio:
        model = Model(is_strict=True)
        desks = RealDesks((trio.ours, trio.bad, trio.third), trio.post)
        play(walk, model, desks)
        held = [desks.words(desk) for desk in DESKS]
    assert all(words <= model.allowed[desk] for desk, words in enumerate(held))


def test_story_of_the_model_is_not_empty() -> None:
    """A network that shares contacts brings an entry over, and nothing to who was sent nothing."""
    more = (Step("entry", 0, (0, 2, 0)), Step("send", 0, (0, 0, 0)), Step("take", 1, (1, 0, 0)))
    model, desks = Model(is_strict=False), PlainDesks()
    play([*BEGINNING, *more], model, desks)
    assert desks.words(1) == {"w1w", "w2w", "w3w", "w6w"}
    assert desks.words(2) == set()
    assert model.allowed[2] == desks.words(1)
