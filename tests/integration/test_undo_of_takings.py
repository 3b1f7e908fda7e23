# SPDX-License-Identifier: GPL-3.0-or-later
"""A file is taken back: rows, history and order are as before it, or it is too late."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.integration.hostile_samples import hostile_trio
from tests.integration.pair_samples import Pair, met_pair, refusal
from tests.integration.test_word_of_a_file import erased_client_of, org
from tests.support.lasting import Tables, differing, lasting_rows
from tests.support.make import sheet

from kfdesk.domain.accounts import Right
from kfdesk.domain.audit import NO_AUDIT_HEAD, Action, AuditReport
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.consent import is_withdrawn
from kfdesk.domain.exchange import (
    ControlMessages,
    Direction,
    ErasureOrder,
    ErasureOrderState,
    ErasureOutcome,
    ErasureReceipt,
    FileIssue,
    ResendRequest,
    TrackedErasureOrder,
)
from kfdesk.domain.records.case import Note
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import Row, view
from kfdesk.services.core.records import change_record, create_record, delete_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import partners, transfer
from kfdesk.services.exchange.import_review import list_undoable_imports, undo_import
from kfdesk.services.papers.production import make_paper
from kfdesk.services.plans.consents import withdraw_consent


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with met_pair(tmp_path) as met:
        yield met


def everything(desk: Session, other: Session) -> tuple[object, ...]:
    """Return what must be as before: records, history, sequence, ledger, who has what."""
    store, them = desk.store, other.identity.organisation
    rids = sorted(
        row.rid for kind in ("leg", "plan", "consent", "client") for row in store.rows(kind)
    )
    return (
        store.digest(),
        [store.history(rid) for rid in rids],
        [store.received_digests(rids).get(rid) for rid in rids],
        store.ledger.marks(them, Direction.IN),
        store.ledger.entries(them),
        store.ledger.acknowledged(),
    )


def row_of(desk: Session, rid: bytes) -> Row:
    row = desk.store.row(rid)
    assert row is not None
    return row


def take(desk: Session, path: Path) -> bytes:
    reviewed = transfer.review_bundle(desk, path)
    transfer.import_bundle(desk, path, reviewed)
    return reviewed.taken.digest


def sent(here: Session, there: Session, pair: Pair) -> Path:
    return transfer.send_bundle(here, pair.plan, there.identity.organisation, pair.post).path


def test_new_records_go_and_the_file_can_be_taken_again(pair: Pair) -> None:
    file = sent(pair.ours, pair.theirs, pair)
    before = everything(pair.theirs, pair.ours)
    digest = take(pair.theirs, file)
    (undoable,) = list_undoable_imports(pair.theirs)
    assert (undoable.digest, undoable.partner) == (digest, pair.ours.identity.name)

    changes = undo_import(pair.theirs, digest)

    assert len(changes.rids) == undoable.records > 0
    assert "leg" in changes.types
    assert everything(pair.theirs, pair.ours) == before
    assert pair.theirs.store.verify() == ()
    assert list_undoable_imports(pair.theirs) == ()
    assert take(pair.theirs, file) == digest
    assert pair.theirs.store.row(pair.legs[0]) is not None


def answered(pair: Pair) -> Path:
    """Return a file of theirs that changes a leg of ours and acknowledges ours."""
    pair.send()
    change_record(pair.ours, pair.legs[1], {"carrier": "18, Exempelbuss"})
    change_record(
        pair.theirs, pair.legs[1], {"carrier": "19, Exempelbuss", "booking_reference": "XYZ 99"}
    )
    change_record(pair.theirs, pair.legs[0], {"carrier": "B"})
    return sent(pair.theirs, pair.ours, pair)


def test_changed_records_are_as_they_were_with_their_history_and_the_order(pair: Pair) -> None:
    file = answered(pair)
    before = everything(pair.ours, pair.theirs)
    digest = take(pair.ours, file)
    row = pair.ours.store.row(pair.legs[1])
    assert row is not None
    assert view(row, Leg).conflicts == {"carrier"}
    assert pair.ours.store.ledger.acknowledged()

    undo_import(pair.ours, digest)

    assert everything(pair.ours, pair.theirs) == before
    assert pair.ours.store.verify() == ()
    assert take(pair.ours, file) == digest
    actions = [event.action for _, event in pair.ours.store.ledger.events(None, 60)]
    assert Action.IMPORT_UNDONE in actions  # the trail keeps both


def test_files_are_taken_back_one_after_the_other(pair: Pair) -> None:
    first = sent(pair.ours, pair.theirs, pair)
    change_record(pair.ours, pair.legs[0], {"carrier": "C"})
    second = sent(pair.ours, pair.theirs, pair)
    start = everything(pair.theirs, pair.ours)
    digests = [take(pair.theirs, file) for file in (first, second)]
    assert [one.digest for one in list_undoable_imports(pair.theirs)] == digests[1:]
    undo_import(pair.theirs, digests[1])
    assert refusal(lambda: undo_import(pair.theirs, digests[0])).code == "exchange.not_undoable"
    assert everything(pair.theirs, pair.ours) != start


def write_in_it(pair: Pair) -> None:
    change_record(pair.theirs, pair.legs[0], {"carrier": "D"})


def delete_one(pair: Pair) -> None:
    delete_record(pair.theirs, pair.legs[0])


def write_under_it(pair: Pair) -> None:
    create_record(pair.theirs, Note, {"content": "Påhittad"}, pair.plan)


def send_something(pair: Pair) -> None:
    sent(pair.theirs, pair.ours, pair)


def print_something(pair: Pair) -> None:
    make_paper(pair.ours, sheet(pair.plan))


@pytest.mark.parametrize("then", [write_in_it, delete_one, write_under_it, send_something])
def test_it_is_too_late_once_something_came_of_it(pair: Pair, then: Callable[[Pair], None]) -> None:
    digest = take(pair.theirs, sent(pair.ours, pair.theirs, pair))
    then(pair)
    before = pair.theirs.store.digest()
    assert list_undoable_imports(pair.theirs) == ()
    assert refusal(lambda: undo_import(pair.theirs, digest)).code == "exchange.not_undoable"
    assert pair.theirs.store.digest() == before


def test_it_is_too_late_once_a_paper_was_printed(pair: Pair) -> None:
    pair.send()
    change_record(pair.theirs, pair.legs[1], {"carrier": "B"})
    digest = take(pair.ours, sent(pair.theirs, pair.ours, pair))
    assert [one.digest for one in list_undoable_imports(pair.ours)] == [digest]
    print_something(pair)
    assert list_undoable_imports(pair.ours) == ()


def test_file_that_withdraws_a_consent_stays(pair: Pair) -> None:
    """Else the consent would be valid again, against the client's word."""
    pair.send()
    shared = {row.rid for row in pair.theirs.store.rows("consent")}
    consent = next(row.rid for row in pair.ours.store.rows("consent") if row.rid in shared)
    withdraw_consent(pair.ours, consent)
    digest = take(pair.theirs, sent(pair.ours, pair.theirs, pair))
    assert is_withdrawn(row_of(pair.theirs, consent))
    assert list_undoable_imports(pair.theirs) == ()
    assert refusal(lambda: undo_import(pair.theirs, digest)).code == "exchange.not_undoable"
    assert is_withdrawn(row_of(pair.theirs, consent))


def test_unrelated_work_does_not_stand_in_the_way(pair: Pair) -> None:
    digest = take(pair.theirs, sent(pair.ours, pair.theirs, pair))
    create_record(pair.theirs, Note, {"content": "Påhittad"})
    assert undo_import(pair.theirs, digest).rids


def test_partner_line_offers_its_newest_file(pair: Pair) -> None:
    (line,) = partners.list_partners(pair.theirs)
    assert line.undoable == b""
    digest = take(pair.theirs, sent(pair.ours, pair.theirs, pair))
    (line,) = partners.list_partners(pair.theirs)
    assert line.undoable == digest


def test_unknown_file_is_not_taken_back_and_the_right_is_asked_for(pair: Pair) -> None:
    assert refusal(lambda: undo_import(pair.ours, b"no such")).code == "exchange.not_undoable"
    assert pair.ours.may(Right.IMPORT_BUNDLE)


def test_only_the_newest_twenty_are_kept(pair: Pair) -> None:
    files = [sent(pair.ours, pair.theirs, pair) for _ in range(22)]
    digests = [take(pair.theirs, file) for file in files]
    kept = [one.digest for one in list_undoable_imports(pair.theirs)]
    assert len(kept) == 20
    assert digests[0] not in kept


# every table


def rows_of_all_tables(desk: Session) -> Tables:
    """Return all rows but the trail, which keeps both, and the note of what was undone."""
    return lasting_rows(desk, without=("audit", "undone_write"))


def test_every_table_is_as_before_whatever_the_file_held(tmp_path: Path) -> None:
    with hostile_trio(tmp_path) as trio:
        bad, erased = trio.forger(trio.bad), erased_client_of(trio, trio.bad)
        transfer.send_bundle(trio.ours, trio.plan, org(trio.bad), trio.post)
        ours = ErasureOrder(os.urandom(16), os.urandom(16), None, ErasureReason.ERROR, 0, 1)
        with trio.ours.store.transaction():
            asked = TrackedErasureOrder(ours, org(trio.bad), ErasureOrderState.OPEN)
            trio.ours.store.orders.enter(Direction.OUT, [asked])
        before = rows_of_all_tables(trio.ours)
        order = ErasureOrder(os.urandom(16), os.urandom(16), None, ErasureReason.ERROR, 0, 1)
        part = ErasureOrder(
            os.urandom(16), os.urandom(16), ((7, os.urandom(8)),), ErasureReason.ERROR, 0, 1
        )
        partners.rotate_encryption_key(trio.bad)
        said = ControlMessages(
            orders=tuple(sorted((order, part), key=lambda one: one.id)),
            receipts=(ErasureReceipt(ours.id, ErasureOutcome.DONE, 1 << 16),),
            cards=(partners.our_card(trio.bad),),
            resends=(ResendRequest(trio.ours.identity.epoch, 1, 1),),
            audit=AuditReport(40, NO_AUDIT_HEAD),
        )
        rows = [
            bad.written("plan", {"wish": "stay"}, parent=erased),
            bad.written("client", {"code": "new-1"}),
            bad.changed(trio.row(trio.legs[0]), {"carrier": "theirs"}),
        ]
        review = trio.take(bad.file(rows, said))
        assert len(differing(before, rows_of_all_tables(trio.ours))) > 6
        undo_import(trio.ours, review.taken.digest)
        assert differing(before, rows_of_all_tables(trio.ours)) == []
        assert trio.ours.store.verify() == ()


def test_undo_of_the_first_file_leaves_what_the_second_said(tmp_path: Path) -> None:
    with hostile_trio(tmp_path) as trio:
        bad, erased = trio.forger(trio.bad), erased_client_of(trio, trio.bad)
        start = rows_of_all_tables(trio.ours)
        files = [bad.file([bad.written("plan", {"wish": "stay"}, parent=erased)]) for _ in range(2)]
        first, second = (trio.take(path).taken.digest for path in files)
        undo_import(trio.ours, first)
        assert len(trio.ours.store.erasures.entries()) == 2
        undo_import(trio.ours, second)
        assert differing(start, rows_of_all_tables(trio.ours)) == []


def test_what_was_undone_asks_before_it_comes_with_the_next_file(pair: Pair) -> None:
    digest = take(pair.ours, answered(pair))
    undo_import(pair.ours, digest)
    change_record(pair.theirs, pair.legs[1], {"booking_reference": "4 A"})
    file = sent(pair.theirs, pair.ours, pair)
    review = transfer.review_bundle(pair.ours, file)
    assert FileIssue.UNDONE in {one.finding for one in review.findings}
    assert review.needs_look
    (found,) = transfer.preview_files(pair.ours, [file]).files
    assert transfer.import_files(pair.ours, [found]).left == 1
    transfer.import_bundle(pair.ours, file, review)
    change_record(pair.theirs, pair.legs[1], {"booking_reference": "5 B"})
    review = transfer.review_bundle(pair.ours, sent(pair.theirs, pair.ours, pair))
    assert FileIssue.UNDONE not in {one.finding for one in review.findings}
