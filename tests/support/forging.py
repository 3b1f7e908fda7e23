# SPDX-License-Identifier: GPL-3.0-or-later
"""What a trusted partner can sign: rows, labels and orders that its own program never writes.

The files are real, and so is the signature; nothing that an honest desk would check is checked.
"""

import os
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.make import FILLED

from kfdesk.domain.authority import PLAN_PARTS, field_writer, make_record_id
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.consent import Recipient, RecipientKind, WithdrawalNotice
from kfdesk.domain.disclosure import Channel, disclose
from kfdesk.domain.exchange import (
    ControlMessages,
    Destination,
    Direction,
    Envelope,
    ErasureOrder,
    Payload,
    SequenceMark,
)
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import (
    DELETION,
    EMPTY_STATE,
    WriteContext,
    apply_changes,
    build_state,
    live_writes,
    next_hlc,
    superseded_ids,
)
from kfdesk.domain.rows import Row, encode_changes, seen_writes, view_any
from kfdesk.domain.rules import Writer
from kfdesk.domain.values import Value
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import partners
from kfdesk.services.exchange.sequence import next_envelope

NOTHING_SAID = ControlMessages()
_CONFLICT = "in conflict"
_COUNTS_BY = {"leg": "sequence", "help_number": "number", "traveller": "person"}


@dataclass(frozen=True)
class Forger:
    """A partner whose desk signs what it likes, against one other desk."""

    desk: Session
    against: Session
    post: Path

    def written(
        self,
        record_type: str,
        values: Mapping[str, Value],
        *,
        parent: bytes | None = None,
        custodian: bytes | None = None,
        rid: bytes | None = None,
    ) -> Row:
        """Return a new row; it is the forger's own unless other names are given."""
        whose = custodian or self.desk.identity.organisation
        changes = encode_changes(record_type, values)
        state = apply_changes(EMPTY_STATE, changes, (), self.desk.signature)
        return Row(rid or make_record_id(whose, os.urandom(8)), record_type, parent, whose, state)

    def changed(self, row: Row, values: Mapping[str, Value], author: str = "") -> Row:
        """Return a row with new values, by somebody who has seen all that stood there."""
        changes = encode_changes(row.type, values)
        state = apply_changes(row.state, changes, seen_writes(row), self._later(row, author))
        return Row(row.rid, row.type, row.parent, row.custodian, state)

    def deleted(self, row: Row) -> Row:
        """Return a row in the bin, by somebody who has seen all that stood there."""
        state = apply_changes(row.state, {DELETION: 1}, seen_writes(row), self._later(row, ""))
        return Row(row.rid, row.type, row.parent, row.custodian, state)

    def notices(self, notices: Iterable[WithdrawalNotice]) -> Path:
        """Return a file with these notices alone, signed by the forger."""
        return self.file(notices=notices)

    def file(
        self,
        rows: Iterable[Row] = (),
        dealings: ControlMessages = NOTHING_SAID,
        notices: Iterable[WithdrawalNotice] = (),
    ) -> Path:
        """Return a file with these rows and messages, signed by the forger."""
        desk, other = self.desk, self.against.identity
        is_own = other.organisation == desk.identity.organisation
        there = other.device if is_own else other.organisation
        partner = partners.find_partner(desk, there)
        everything = Recipient(RecipientKind.OWN, there, is_verified=True)
        what = disclose(tuple(rows), everything, Channel.BUNDLE, desk.disclosure_basis())
        envelope = next_envelope(desk, partner)

        def record(digest: bytes) -> None:
            with desk.store.transaction():
                desk.store.ledger.mark(_mark(there, envelope, digest, desk.milliseconds))

        told = tuple(sorted(notices, key=lambda one: one.row.rid))
        load = Payload(what, told, dealings)
        route = Destination(desk.identity, partner, self.post)
        return desk.adapters.bundles.make(route, envelope, load, record).path

    def attack(self, rows: Mapping[bytes, Row], rng: random.Random) -> Path:
        """Return a file that changes some of these rows, deletes, adds to them, or orders."""
        sent = [self._attacked(rows[rid], rng) for rid in rng.sample(sorted(rows), 3)]
        plan = next(row for row in rows.values() if row.type == "plan")
        name = rng.choice(sorted(PLAN_PARTS))
        custodian = rng.choice([None, self.against.identity.organisation])
        sent.append(self.written(name, FILLED[name], parent=plan.rid, custodian=custodian))
        order = ErasureOrder(
            rng.randbytes(16), rng.choice(sorted(rows)), None, ErasureReason.ERROR, 0, 1 << 16
        )
        orders = (order,) if rng.random() < 0.5 else ()
        return self.file({row.rid: row for row in sent}.values(), ControlMessages(orders=orders))

    def _attacked(self, row: Row, rng: random.Random) -> Row:
        way = rng.randrange(4)
        keys = [key for key in FILLED[row.type] if key in RECORD_TYPES[row.type].fields]
        values = {key: FILLED[row.type][key] for key in rng.sample(keys, min(4, len(keys)))}
        if way == 0:
            return self.deleted(row)
        if way == 1:  # what it replaces is said to be replaced by nothing
            state = build_state(live_writes(row.state), superseded_ids(self.deleted(row).state))
            return Row(row.rid, row.type, row.parent, row.custodian, state)
        author = f"EV, {self.against.identity.name}" if way == 2 else ""
        return self.changed(row, values, author)

    def _later(self, row: Row, author: str) -> WriteContext:
        sign = self.desk.signature
        newest = max((save.hlc for save in row.state.saves), default=0)
        return WriteContext(
            author or sign.author, next_hlc(self.desk.milliseconds, newest), sign.new_wid
        )


def case_rows(desk: Session, plan: bytes) -> dict[bytes, Row]:
    """Return the client, the plan and the rows below it, without statements and consents."""
    head = desk.store.row(plan)
    assert head is not None
    above = desk.store.row(head.parent or b"")
    assert above is not None
    rows = (above, head, *desk.store.children(plan))
    return {row.rid: row for row in rows if row.type in FILLED}


def safety_values(desk: Session, plan: bytes) -> dict[tuple[bytes, str], object]:
    """Return the values, in the rows of a case, that wait for a person if a partner writes them."""
    found: dict[tuple[bytes, str], object] = {}
    for rid, row in case_rows(desk, plan).items():
        seen = view_any(row)
        for key in RECORD_TYPES[row.type].fields:
            if field_writer(row.type, key) in (Writer.DECISION, Writer.CUSTODIAN, Writer.DESK):
                found[rid, key] = _CONFLICT if key in seen.conflicts else getattr(seen.record, key)
        found[rid, ""] = seen.is_deleted
    return found


def broken_authority(
    before: Mapping[tuple[bytes, str], object], desk: Session, plan: bytes
) -> list[str]:
    """Return which safety values are others than before, and not in conflict either."""
    after, rows = safety_values(desk, plan), case_rows(desk, plan)
    gone = [f"gone: {key}" for rid, key in before if (rid, key) not in after]
    changed = [
        f"{rows[rid].type}.{key}"
        for (rid, key), value in after.items()
        if (rid, key) in before and value not in (before[rid, key], _CONFLICT)
    ]
    counted = [
        f"counts: {row.type}"
        for rid, row in rows.items()
        if (rid, "") not in before and row.type in PLAN_PARTS
        and after[rid, _COUNTS_BY[row.type]] not in (None, _CONFLICT)
    ]  # fmt: skip
    return [*gone, *changed, *counted]


def written_ids(row: Row) -> frozenset[tuple[int, bytes]]:
    """Return the ids of a row's live writes."""
    return frozenset((write.fid, write.wid) for write in live_writes(row.state))


def _mark(organisation: bytes, envelope: Envelope, digest: bytes, at: int) -> SequenceMark:
    return SequenceMark(
        organisation, Direction.OUT, envelope.epoch, envelope.sequence, digest, at,
        envelope.previous, envelope.hlc,
    )  # fmt: skip
