# SPDX-License-Identifier: GPL-3.0-or-later
"""A history that was put back or rewritten: whoever has seen more of it says so by the next file.

The store passes each of its own checks: all of it is old, or whoever changed it had the key.
"""

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.integration.hostile_samples import Trio, hostile_trio
from tests.integration.pair_samples import refusal
from tests.integration.test_order_of_files import Town, met_town, settle, take
from tests.support.chains import audit_head, rewrite_chain

from kfdesk.cli.commands import BUNDLE_COMMANDS
from kfdesk.domain.audit import Action, AuditHead, AuditReport
from kfdesk.domain.exchange import ControlMessages, FileIssue
from kfdesk.services.accounts import accept_older_store
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer
from kfdesk.services.exchange.epochs import our_epoch
from kfdesk.services.exchange.import_review import undo_import
from kfdesk.services.upkeep.backup import make_backup

LOST = "sent, and lost with the newer store"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with met_town(tmp_path) as made:
        yield made


def level(town: Town) -> None:
    """Each has all of the other, and each has seen the other's history."""
    take(town.theirs, town.out())
    take(town.ours, town.back())


def epoch(desk: Session) -> frozenset[bytes]:
    """Return the epochs of our files to everybody, and to the one partner."""
    partners = (one.organisation for one in desk.store.ledger.partners())
    return frozenset(our_epoch(desk, one) for one in (b"", *partners))


def told(desk: Session, file: Path) -> set[FileIssue]:
    """Take a file; what was told before, but for values in our name that we have lost."""
    return set(take(desk, file)) - {FileIssue.IN_OUR_NAME}


def logged(desk: Session, action: Action) -> int:
    return sum(event.action is action for _, event in desk.store.ledger.events(None, 10_000))


# --- an old store, put back with everything that would show it


def test_old_store_that_gave_the_lost_number_again_learns_it(town: Town) -> None:
    """Both of its files have one number, so the acknowledgement names nothing unknown."""
    level(town)
    old = town.copy("ours")
    town.write(town.ours, LOST)
    take(town.theirs, town.out())
    town.put_back("ours", old)
    town.write(town.ours, "never arrived", leg=1)
    town.out().unlink()
    before = epoch(town.ours)
    town.write(town.theirs, "theirs", leg=1)
    assert told(town.ours, town.back()) == {FileIssue.OUR_HISTORY}
    assert epoch(town.ours) > before  # only that partner's files have another one
    assert logged(town.ours, Action.OLDER_STORE) == 1
    settle(town)
    assert town.carrier(town.ours) == town.carrier(town.theirs) == LOST
    assert town.ours.store.verify() == town.theirs.store.verify() == ()


def test_old_store_whose_history_grew_past_the_lost_one_learns_it(town: Town) -> None:
    level(town)
    old = town.copy("ours")
    town.write(town.ours, LOST)
    take(town.theirs, town.out())
    lost = audit_head(town.ours)
    town.put_back("ours", old)
    for number in range(12):
        town.write(town.ours, f"never arrived {number}", leg=1)
    town.out().unlink()
    assert audit_head(town.ours).number > lost.number
    town.write(town.theirs, "theirs", leg=1)
    assert FileIssue.OUR_HISTORY in take(town.ours, town.back())


def test_alarm_ends_once_the_partner_has_a_file_of_the_new_epoch(town: Town) -> None:
    level(town)
    old = town.copy("ours")
    town.write(town.ours, LOST)
    take(town.theirs, town.out())
    town.put_back("ours", old)
    town.write(town.ours, "never arrived", leg=1)
    town.out().unlink()
    town.write(town.theirs, "first", leg=1)
    first = town.back()
    town.write(town.theirs, "second", leg=1)
    second = town.back()
    assert told(town.ours, first) == {FileIssue.OUR_HISTORY}
    again = epoch(town.ours)
    assert told(town.ours, second) == {FileIssue.HISTORY_BEFORE}
    assert epoch(town.ours) == again
    assert FileIssue.RESTORED in take(town.theirs, town.out())
    town.write(town.theirs, "third", leg=1)
    assert take(town.ours, town.back()) == []


# --- a restore that was announced


def test_restored_backup_is_told_and_no_alarm(town: Town) -> None:
    level(town)
    stick = town.folder / "stick" / "one"
    stick.mkdir()
    backup = make_backup(town.ours, stick).path
    town.write(town.ours, LOST)
    take(town.theirs, town.out())
    town.write(town.theirs, "theirs", leg=1)
    file = town.back()
    town.restore("ours", backup)
    begun = epoch(town.ours)
    assert told(town.ours, file) == {FileIssue.HISTORY_BEFORE}
    assert epoch(town.ours) == begun
    assert take(town.theirs, town.out()) == [FileIssue.RESTORED]
    town.write(town.theirs, "later", leg=1)
    assert take(town.ours, town.back()) == []


def test_older_store_that_somebody_goes_on_with_is_no_alarm(town: Town) -> None:
    level(town)
    old = town.copy("ours")
    town.write(town.ours, LOST)
    take(town.theirs, town.out())
    town.put_back("ours", old)
    town.pair = replace(town.pair, ours=accept_older_store(town.ours, 0))
    town.write(town.theirs, "theirs", leg=1)
    assert told(town.ours, town.back()) == {FileIssue.HISTORY_BEFORE}


# --- a history that somebody with the key has rewritten


@pytest.mark.parametrize("how", [{"without": 1}, {"without": 3}, {"changed": 2}, {"changed": 3}])
def test_our_rewritten_history_is_told_by_who_has_seen_it(town: Town, how: dict[str, int]) -> None:
    level(town)
    town.write(town.ours, "more")
    file = town.out()
    town.write(town.theirs, "theirs", leg=1)
    take(town.theirs, file)
    seen = audit_head(town.ours).number  # the file was made just before this entry
    rewrite_chain(town.ours.store, **{**how, "without": how.get("without", 0) + 1})
    assert town.ours.store.verify() == ()
    assert audit_head(town.ours).number < seen
    assert FileIssue.OUR_HISTORY in take(town.ours, town.back())


@pytest.mark.parametrize("more", [0, 1])
def test_partner_whose_history_became_shorter_is_told(town: Town, more: int) -> None:
    level(town)
    for number in range(5):
        town.write(town.theirs, f"written {number}")
    take(town.ours, town.back())
    town.write(town.theirs, "one more")
    rewrite_chain(town.theirs.store, without=10)
    for number in range(more):
        town.write(town.theirs, f"again {number}", leg=1)
    found = transfer.review_bundle(town.ours, file := town.back())
    assert [one.finding for one in found.findings] == [FileIssue.THEIR_HISTORY]
    assert found.needs_look
    transfer.import_bundle(town.ours, file, found)
    town.write(town.theirs, "and on")
    assert take(town.ours, town.back()) == []  # it grows from here


def test_partner_with_another_entry_under_the_same_number_is_told(town: Town) -> None:
    level(town)
    town.write(town.theirs, "written")
    first = transfer.review_bundle(town.ours, path := town.back())
    transfer.import_bundle(town.ours, path, first)
    said = first.taken.dealings.audit
    assert said is not None
    town.write(town.theirs, "one more")
    rewrite_chain(
        town.theirs.store, without=audit_head(town.theirs).number - said.number, changed=1
    )
    assert take(town.ours, town.back()) == [FileIssue.THEIR_HISTORY]


def test_late_file_with_a_longer_history_is_told_too(town: Town) -> None:
    level(town)
    for number in range(5):
        town.write(town.theirs, f"written {number}")
    late = town.back()
    rewrite_chain(town.theirs.store, without=4)
    town.write(town.theirs, "again", leg=1)
    assert FileIssue.THEIR_HISTORY not in take(town.ours, town.back())
    found = take(town.ours, late)
    assert {FileIssue.LATE, FileIssue.THEIR_HISTORY} <= set(found)


# --- honest desks


def test_honest_files_in_any_order_raise_no_alarm(town: Town) -> None:
    level(town)
    files = []
    for number in range(4):
        town.write(town.theirs, f"written {number}")
        files.append(town.back())
    alarms = {FileIssue.OUR_HISTORY, FileIssue.THEIR_HISTORY, FileIssue.HISTORY_BEFORE}
    for file in (files[2], files[0], files[3], files[1]):
        assert not alarms & set(take(town.ours, file))
    town.write(town.ours, "ours")
    assert take(town.theirs, town.out()) == []


def test_file_that_is_taken_back_can_be_taken_again(town: Town) -> None:
    level(town)
    town.write(town.theirs, "written")
    file = town.back()
    review = transfer.review_bundle(town.ours, file)
    transfer.import_bundle(town.ours, file, review)
    undo_import(town.ours, review.taken.digest)
    assert take(town.ours, file) == [FileIssue.UNDONE]
    assert take(town.ours, town.back()) == []  # once is enough


def test_file_returns_the_head_that_came(town: Town) -> None:
    review = transfer.review_bundle(town.theirs, town.out())
    first = review.taken.dealings.audit
    assert first is not None
    assert first.seen == AuditHead(0, bytes(32))
    town.write(town.ours, "more")
    take(town.theirs, town.out())
    answer = transfer.review_bundle(town.ours, town.back())
    said = answer.taken.dealings.audit
    assert said is not None
    assert said.seen.number > first.number
    assert town.ours.store.ledger.has_audit_entry(said.seen)


# --- what a hostile partner says


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    with hostile_trio(tmp_path) as met:
        yield met


@pytest.mark.parametrize("number", [1, 2**31, 2**63 - 1])
def test_invented_head_is_an_alarm_and_never_taken_unseen(trio: Trio, number: int) -> None:
    said = AuditReport(7, AuditHead(number, b"x" * 32))
    path = trio.forger(trio.bad).file(dealings=ControlMessages(audit=said))
    (file,) = transfer.preview_files(trio.ours, [path]).files
    assert file.review is not None
    assert [one.finding for one in file.review.findings] == [FileIssue.OUR_HISTORY]
    assert transfer.import_files(trio.ours, [file]).left == 1
    asked = Namespace(file=path, accept_older_store=False, erase=False)
    fault = refusal(lambda: BUNDLE_COMMANDS["bundle take"](trio.ours, asked))
    assert fault.code == "bundle.other_history"
    asked.accept_older_store = True
    BUNDLE_COMMANDS["bundle take"](trio.ours, asked)


def test_older_program_that_says_nothing_raises_no_alarm(trio: Trio) -> None:
    forger = trio.forger(trio.bad)
    said = AuditReport(7, AuditHead(1, _hash_of(trio.ours, 1)))
    assert trio.take(forger.file(dealings=ControlMessages(audit=said))).findings == ()
    assert trio.take(forger.file()).findings == ()
    later = AuditReport(8, AuditHead(1, _hash_of(trio.ours, 1)))
    assert trio.take(forger.file(dealings=ControlMessages(audit=later))).findings == ()
    none = AuditReport(0, AuditHead(0, bytes(32)))
    assert trio.take(forger.file(dealings=ControlMessages(audit=none))).findings == ()


def _hash_of(desk: Session, number: int) -> bytes:
    found = desk.store._connection.execute("SELECT hash FROM audit WHERE id = ?", (number,))
    return bytes(found.fetchone()[0])
