# SPDX-License-Identifier: GPL-3.0-or-later
"""Replay, loss, rollback, fork, clone and restore, each by real stores and real files.

Each is recognised and told, and afterwards both desks hold the same again.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from tests.integration.pair_samples import MACHINE, WHO, Pair, met_pair, refusal
from tests.support.stores import remembering, unlock

from kfdesk import app, store_lifecycle
from kfdesk.demo import people, story
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.exchange import Direction, FileFinding, FileIssue
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import view
from kfdesk.i18n.exchange_messages import FILE_FINDING_MESSAGES, file_finding_texts
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import partners, transfer
from kfdesk.services.exchange.erasure import erase_client
from kfdesk.services.exchange.import_review import list_undoable_imports, undo_import
from kfdesk.services.exchange.outbox import request_resend
from kfdesk.services.exchange.sequence import count_unacknowledged, missing_numbers
from kfdesk.services.upkeep.backup import make_backup

SHORT = ("carrier", "18, Exempelbuss")


@dataclass
class Town:
    """Two desks whose stores can be closed, copied and put back; `ours` has the plan."""

    pair: Pair
    folder: Path

    @property
    def ours(self) -> Session:
        return self.pair.ours

    @property
    def theirs(self) -> Session:
        return self.pair.theirs

    def made(self, here: Session, there: Session) -> Path:
        return transfer.send_bundle(
            here, self.pair.plan, there.identity.organisation, self.pair.post
        ).path

    def told(self, here: Session, there: Session) -> Path:
        return transfer.send_notices(here, there.identity.organisation, self.pair.post).path

    def out(self) -> Path:
        return self.made(self.ours, self.theirs)

    def back(self) -> Path:
        return self.made(self.theirs, self.ours)

    def write(self, desk: Session, text: str, leg: int = 0) -> None:
        change_record(desk, self.pair.legs[leg], {"carrier": text})

    def carrier(self, desk: Session, leg: int = 0) -> object:
        row = desk.store.row(self.pair.legs[leg])
        return None if row is None else view(row, Leg).record.carrier

    def copy(self, which: str) -> Path:
        """Their or our store as it lies there now; closed for that, and opened again."""
        desk = getattr(self.pair, which)
        desk.store.close()
        kept = self.folder / f"{which}-copy-{len(list(self.folder.iterdir()))}"
        shutil.copytree(self.folder / which, kept)
        self.open(which)
        return kept

    def put_back(self, which: str, kept: Path) -> None:
        """Copy the store as it was, file by file, without any mark of a restore."""
        getattr(self.pair, which).store.close()
        shutil.rmtree(self.folder / which)
        shutil.copytree(kept, self.folder / which)
        self.open(which)

    def restore(self, which: str, backup: Path) -> None:
        """As people restore: a backup in the store's place."""
        getattr(self.pair, which).store.close()
        with remembering():
            store_lifecycle.restore_store(backup, self.folder / which, WHO, MACHINE)
        self.open(which)

    def open(self, which: str) -> None:
        desk = unlock(self.folder / which, WHO, MACHINE)
        is_ours = which == "ours"
        self.pair = replace(self.pair, ours=desk) if is_ours else replace(self.pair, theirs=desk)


@contextmanager
def met_town(folder: Path) -> Iterator[Town]:
    """Open two desks that have met, with a folder for sticks; close them as they are then."""
    with met_pair(folder) as pair:
        (folder / "stick").mkdir()
        made = Town(pair, folder)
        try:
            yield made
        finally:
            made.ours.store.close()
            made.theirs.store.close()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with met_town(tmp_path) as made:
        yield made


def take(desk: Session, path: Path) -> list[FileIssue]:
    """Take a file; what was told before."""
    reviewed = transfer.review_bundle(desk, path)
    transfer.import_bundle(desk, path, reviewed)
    return [one.finding for one in reviewed.findings]


def settle(town: Town, rounds: int = 3) -> None:
    """Both send what they have to send until neither has anything."""
    for _ in range(rounds):
        for here, there in ((town.ours, town.theirs), (town.theirs, town.ours)):
            parcel = transfer.prepare_bundle(here, town.pair.plan, there.identity.organisation)
            if parcel.fault is None:
                take(there, town.made(here, there))


def test_replayed_file_changes_nothing(town: Town) -> None:
    file = town.out()
    assert take(town.theirs, file) == []
    before = town.theirs.store.digest()
    assert refusal(lambda: take(town.theirs, file)).code == "bundle.taken_before"
    assert town.theirs.store.digest() == before


def test_lost_file_is_missed_and_what_was_in_it_comes_again(town: Town) -> None:
    take(town.theirs, town.out())
    town.write(town.ours, "lost")
    town.out().unlink()
    renewed = partners.rotate_encryption_key(town.ours)  # so that there is something to tell
    assert take(town.theirs, town.told(renewed, town.theirs))[0] is FileIssue.MISSING
    us, them = town.ours.identity.organisation, town.theirs.identity.organisation
    assert missing_numbers(town.theirs, us) == (2,)
    assert town.carrier(town.theirs) != "lost"
    town.write(town.ours, "other", leg=1)
    assert take(town.theirs, town.out()) == []  # it was not confirmed, so it goes again at once
    assert town.carrier(town.theirs) == "lost"
    assert missing_numbers(town.theirs, us) == ()
    take(town.ours, town.back())
    assert count_unacknowledged(town.ours, them) == 0
    assert transfer.prepare_bundle(town.ours, town.pair.plan, them).fault is not None


def test_number_is_missed_again_when_the_file_that_made_it_good_is_taken_back(
    town: Town,
) -> None:
    take(town.theirs, town.out())
    town.write(town.ours, "lost")
    lost = town.out()
    town.write(town.ours, "other", leg=1)
    us = town.ours.identity.organisation
    assert take(town.theirs, town.out()) == []
    assert missing_numbers(town.theirs, us) == ()
    undo_import(town.theirs, list_undoable_imports(town.theirs)[0].digest)
    renewed = partners.rotate_encryption_key(town.ours)  # so that there is something to tell
    assert take(town.theirs, town.told(renewed, town.theirs))[0] is FileIssue.MISSING
    assert missing_numbers(town.theirs, us) == (2, 3)
    assert take(town.theirs, lost) == [
        FileIssue.LATE,
        FileIssue.UNDONE,
    ]  # what was lost and found is taken as any file


def test_file_of_another_plan_makes_nothing_good(town: Town) -> None:
    them, us = town.theirs.identity.organisation, town.ours.identity.organisation
    take(town.theirs, town.out())
    town.write(town.ours, "lost")
    town.out().unlink()
    other, _ = story.enter_plan(town.ours, them)
    file = transfer.send_bundle(town.ours, other, them, town.pair.post).path
    assert take(town.theirs, file) == [FileIssue.MISSING]
    assert missing_numbers(town.theirs, us) == (2,)


def test_nobody_waits_for_what_was_erased_meanwhile(town: Town) -> None:
    them, us = town.theirs.identity.organisation, town.ours.identity.organisation
    take(town.theirs, town.out())
    other, _ = story.enter_plan(town.ours, them)
    transfer.send_bundle(town.ours, other, them, town.pair.post).path.unlink()
    client = town.ours.store.row(other)
    assert client is not None
    assert client.parent is not None
    erase_client(town.ours, client.parent, ErasureReason.ERROR)
    town.write(town.ours, "later")
    assert take(town.theirs, town.out()) == []
    assert missing_numbers(town.theirs, us) == ()


def test_older_file_that_was_overtaken_is_taken_and_confirms_nothing(town: Town) -> None:
    take(town.theirs, town.out())
    early = town.back()
    town.write(town.ours, "later")
    take(town.theirs, town.out())
    take(town.ours, town.back())
    them = town.theirs.identity.organisation
    assert transfer.prepare_bundle(town.ours, town.pair.plan, them).fault is not None
    assert take(town.ours, early) == [FileIssue.LATE]
    assert transfer.prepare_bundle(town.ours, town.pair.plan, them).fault is not None


def test_partner_that_restores_an_old_backup_gets_back_what_it_lost(town: Town) -> None:
    """The whole of it: theirs takes, answers, loses both by a restore, and has all of it again."""
    take(town.theirs, town.out())
    backup = make_backup(town.theirs, town.folder / "stick").path
    town.write(town.ours, "after the backup")
    take(town.theirs, town.out())
    town.write(town.theirs, "theirs, after the backup", leg=1)
    take(town.ours, town.back())
    them = town.theirs.identity.organisation
    assert count_unacknowledged(town.ours, them) == 0  # as far as we know they have all of it

    town.restore("theirs", backup)
    assert town.carrier(town.theirs) != "after the backup"
    town.write(town.theirs, "new after the restore", leg=1)
    assert take(town.ours, town.back()) == [FileIssue.RESTORED]
    settle(town)

    for desk in (town.ours, town.theirs):
        assert town.carrier(desk) == "after the backup"
        row = desk.store.row(town.pair.legs[1])
        assert row is not None
        seen = view(row, Leg)  # both sentences of theirs are there, for people to choose
        assert seen.conflicts == {"carrier"}
        values = {one.value for one in seen.versions["carrier"]}
        assert values == {"theirs, after the backup", "new after the restore"}
        assert desk.store.verify() == ()


def test_we_restore_an_old_backup_and_get_back_our_own_words(town: Town) -> None:
    take(town.theirs, town.out())
    backup = make_backup(town.ours, town.folder / "stick").path
    town.write(town.ours, "ours, after the backup")
    take(town.theirs, town.out())
    town.restore("ours", backup)
    assert town.carrier(town.ours) != "ours, after the backup"
    town.write(town.ours, "again", leg=1)
    assert take(town.theirs, town.out()) == [FileIssue.RESTORED]
    settle(town)
    assert town.carrier(town.ours) == town.carrier(town.theirs) == "ours, after the backup"


def test_older_store_put_in_the_place_of_the_newer_is_told_and_heals(town: Town) -> None:
    take(town.theirs, town.out())
    old = town.copy("ours")
    town.write(town.ours, "not in the copy")
    take(town.theirs, town.out())
    town.write(town.theirs, "theirs", leg=1)
    town.put_back("ours", old)
    assert take(town.ours, town.back()) == [FileIssue.AHEAD_OF_US]
    town.write(town.ours, "go on", leg=1)
    assert take(town.theirs, town.out()) == [FileIssue.RESTORED]  # our files have a new epoch
    settle(town)
    assert town.carrier(town.ours) == town.carrier(town.theirs) == "not in the copy"


def test_two_files_under_one_number_are_an_alarm_and_change_nothing(town: Town) -> None:
    take(town.theirs, town.out())
    old = town.copy("ours")
    town.write(town.ours, "first")
    take(town.theirs, town.out())
    town.put_back("ours", old)
    town.write(town.ours, "second")
    other = town.out()
    before = town.theirs.store.digest()
    assert refusal(lambda: take(town.theirs, other)).code == "bundle.forked"
    assert town.theirs.store.digest() == before


def test_file_that_follows_another_than_the_one_we_have_is_an_alarm(town: Town) -> None:
    take(town.theirs, town.out())
    old = town.copy("ours")
    town.write(town.ours, "first")
    take(town.theirs, town.out())
    town.put_back("ours", old)
    for text in ("second", "third"):
        town.write(town.ours, text)
        file = town.out()
    assert refusal(lambda: take(town.theirs, file)).code == "bundle.forked"


def test_number_that_was_overtaken_by_a_twin_is_an_alarm_too(town: Town) -> None:
    old = town.copy("ours")
    town.out()
    town.write(town.ours, "first")
    take(town.theirs, town.out())
    town.put_back("ours", old)
    assert refusal(lambda: take(town.theirs, town.out())).code == "bundle.forked"


def test_copied_store_goes_on_after_a_restore_and_a_request_brings_all_of_it(town: Town) -> None:
    """The copy's own words were refused; once it has an epoch of its own they arrive."""
    take(town.theirs, town.out())
    old = town.copy("ours")
    town.write(town.ours, "first")
    take(town.theirs, town.out())
    town.put_back("ours", old)
    town.write(town.ours, "second", leg=1)
    refusal(lambda: take(town.theirs, town.out()))
    backup = make_backup(town.ours, town.folder / "stick").path
    town.restore("ours", backup)
    town.write(town.ours, "third")
    assert take(town.theirs, town.out()) == [FileIssue.RESTORED]
    take(town.ours, town.back())  # before their answer nothing of a client goes
    take(town.theirs, town.out())
    assert town.carrier(town.theirs, leg=1) == "second"


def test_two_stores_of_a_partner_that_are_both_in_use_are_told(town: Town) -> None:
    take(town.theirs, town.out())
    backup = make_backup(town.ours, town.folder / "stick").path
    first = town.copy("ours")
    town.restore("ours", backup)
    town.write(town.ours, "restored")
    assert take(town.theirs, town.out()) == [FileIssue.RESTORED]
    town.put_back("ours", first)
    town.write(town.ours, "and the other", leg=1)
    assert take(town.theirs, town.out()) == [FileIssue.TWO_STORES]
    assert town.carrier(town.theirs, leg=1) == "and the other"


def test_who_asks_again_gets_everything_again(town: Town) -> None:
    take(town.theirs, town.out())
    take(town.ours, town.back())
    us, them = (desk.identity.organisation for desk in (town.ours, town.theirs))
    assert transfer.prepare_bundle(town.ours, town.pair.plan, them).fault is not None
    request_resend(town.theirs, us)
    assert take(town.ours, town.told(town.theirs, town.ours)) == [FileIssue.SENT_AGAIN]
    parcel = transfer.prepare_bundle(town.ours, town.pair.plan, them)
    assert {given.row.rid for given in parcel.goes.rows} >= set(town.pair.legs)
    assert transfer.prepare_notices(town.theirs, us).dealings.resends == ()  # asked once


def test_time_of_a_file_is_after_that_of_the_one_before_even_if_the_clock_goes_back(
    town: Town,
) -> None:
    town.out()
    town.write(town.ours, "next")
    town.out()
    them = town.theirs.identity.organisation
    first, second = town.ours.store.ledger.marks(them, Direction.OUT)
    assert first.hlc < second.hlc
    assert second.previous == first.digest


def test_cancelled_or_refused_file_leaves_no_mark(town: Town) -> None:
    file = town.out()
    us = town.ours.identity.organisation
    partners.suspend_partner(town.theirs, us)
    assert refusal(lambda: take(town.theirs, file)).code == "bundle.sender_suspended"
    assert town.theirs.store.ledger.marks(us, Direction.IN) == ()


@pytest.mark.parametrize("language", ["sv", "en", "ru"])
def test_every_finding_has_its_sentence_in_each_language(language: str) -> None:
    words = app.language(language)
    said = {file_finding_texts(FileFinding(one, tuple(range(1, 12))), words) for one in FileIssue}
    assert len(said) == len(FileIssue) == len(FILE_FINDING_MESSAGES)
    assert any("1, 2, 3, 4, 5, 6, 7, 8…" in sentence for sentence, _ in said)
    assert people.HOUSE not in str(said)
