# SPDX-License-Identifier: GPL-3.0-or-later
"""Random histories of a consent: withdrawn, narrowed, given again, with lost and late files.

While every consent that a desk knows of is withdrawn, nothing of hers changes there. Once she has
agreed again and both have sent what they have, both hold the same: no history loses a change.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.integration.test_order_of_files import Town, met_town
from tests.integration.test_restored_desks import org
from tests.integration.test_withdrawn_and_given_again import agree_again
from tests.support.samples import examples

from kfdesk.domain.consent import is_withdrawn
from kfdesk.domain.records.client import Consent
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import view
from kfdesk.domain.schema import DataGroup
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import outbox, transfer
from kfdesk.services.plans.consents import withdraw_consent
from kfdesk.services.upkeep.backup import make_backup

LONG = bool(os.environ.get("LONG"))
WIDE = (DataGroup.IDENTITY, DataGroup.CONTACT, DataGroup.TRAVEL)
NARROW = (DataGroup.IDENTITY,)
Values = list[frozenset[object]]


@dataclass
class Story:
    """Two desks, the files on their way, and a backup of ours."""

    town: Town
    count: int = 0
    late: list[tuple[str, Path]] = field(default_factory=list)
    backups: list[Path] = field(default_factory=list)

    def write(self, which: str, leg: int) -> None:
        self.count += 1
        if self.desk(which).store.row(self.town.pair.legs[leg]) is not None:
            self.town.write(self.desk(which), f"word {self.count}", leg)

    def send(self, which: str, fate: str) -> None:
        here, there = self.desk(which), self.desk("theirs" if which == "ours" else "ours")
        if not has_plan(here, self.town):
            return
        parcel = transfer.prepare_bundle(here, self.town.pair.plan, org(there))
        if parcel.fault is None:
            path = self.town.made(here, there)
        elif transfer.prepare_notices(here, org(there)).fault is None:
            path = self.town.told(here, there)
        else:
            return
        if fate == "comes":
            self.take(which, path)
        elif fate == "late":
            self.late.append((which, path))

    def arrive(self) -> None:
        """Deliver the oldest file that is still on its way."""
        if self.late:
            self.take(*self.late.pop(0))

    def take(self, sender: str, path: Path) -> None:
        """Take a file; a desk that knows of the withdrawal of all consents takes nothing new."""
        which = "theirs" if sender == "ours" else "ours"
        desk = self.desk(which)
        before, is_shut = self.values(which), which == "theirs" and self.is_shut()
        review = transfer.review_bundle(desk, path)
        transfer.import_bundle(desk, path, review)
        if is_shut and self.is_shut():
            assert self.values(which) == before

    def is_shut(self) -> bool:
        known = self.town.theirs.store.rows("consent")
        return bool(known) and all(map(is_withdrawn, known))

    def withdraw(self, which: str) -> None:
        desk = self.desk(which)
        for row in desk.store.rows("consent"):
            if not is_withdrawn(row):
                withdraw_consent(desk, row.rid)

    def limit(self, groups: tuple[DataGroup, ...]) -> None:
        for row in self.town.ours.store.rows("consent"):
            if not is_withdrawn(row) and view(row, Consent).record.groups != groups:
                change_record(self.town.ours, row.rid, {"groups": groups})

    def back_up(self) -> None:
        folder = self.town.folder / f"stick {len(self.backups)}"
        folder.mkdir()
        self.backups.append(make_backup(self.town.ours, folder).path)

    def restore(self) -> None:
        if self.backups:
            self.town.restore("ours", self.backups[-1])

    def end(self) -> tuple[Values, Values]:
        """Let her agree to all again, and both send all; return what both have."""
        self.limit(WIDE)
        agree_again(self.town)
        for _ in range(6):
            self.send("ours", "comes")
            self.send("theirs", "comes")
        return self.values("ours"), self.values("theirs")

    def desk(self, which: str) -> Session:
        return self.town.ours if which == "ours" else self.town.theirs

    def values(self, which: str) -> Values:
        """Return the live values of the carrier of each leg; none for a leg that is not here."""
        found = []
        for rid in self.town.pair.legs:
            row = self.desk(which).store.row(rid)
            seen = view(row, Leg) if row is not None else None
            torn = seen.versions["carrier"] if seen and "carrier" in seen.conflicts else ()
            one = frozenset({seen.record.carrier}) if seen else frozenset[object]()
            found.append(frozenset(version.value for version in torn) or one)
        return found


def has_plan(desk: Session, town: Town) -> bool:
    return desk.store.row(town.pair.plan) is not None


STEPS: dict[str, Callable[[Story], object]] = {
    "we write": lambda story: story.write("ours", 0),
    "we write another": lambda story: story.write("ours", 1),
    "they write": lambda story: story.write("theirs", 0),
    "ours comes": lambda story: story.send("ours", "comes"),
    "ours is lost": lambda story: story.send("ours", "lost"),
    "ours is late": lambda story: story.send("ours", "late"),
    "theirs comes": lambda story: story.send("theirs", "comes"),
    "theirs is lost": lambda story: story.send("theirs", "lost"),
    "a late one arrives": Story.arrive,
    "she tells us no": lambda story: story.withdraw("ours"),
    "she tells them no": lambda story: story.withdraw("theirs"),
    "she agrees again": lambda story: agree_again(story.town),
    "she allows less": lambda story: story.limit(NARROW),
    "she allows all": lambda story: story.limit(WIDE),
    "they ask again": lambda story: outbox.request_resend(
        story.town.theirs, org(story.town.ours)
    ),
    "we back up": Story.back_up,
    "we restore": Story.restore,
}  # fmt: skip


def play(steps: list[str]) -> tuple[Values, Values]:
    """Return what both desks have of the legs in the end."""
    with TemporaryDirectory() as folder, met_town(Path(folder)) as town:
        story = Story(town)
        for which in ("ours", "theirs", "ours"):
            story.send(which, "comes")
        for step in steps:
            STEPS[step](story)
        return story.end()


@settings(max_examples=2000 if LONG else examples(60, 4))
@example(["we write", "ours is lost", "she tells us no", "ours comes", "theirs comes"])
@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=30 if LONG else 14))
def test_no_history_of_a_consent_loses_a_change(steps: list[str]) -> None:
    ours, theirs = play(steps)
    assert ours == theirs


def test_rule_that_is_taken_away_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "is_consent_withdrawn", lambda *_: False)
    ours, theirs = play(
        ["we write", "ours is lost", "she tells us no", "ours comes", "theirs comes"]
    )
    assert ours != theirs
