# SPDX-License-Identifier: GPL-3.0-or-later
"""Two real desks and a bad post, beside a plain model that says at each step what must be so.

Files are sent, lost, doubled, overtaken and played again; a desk restores a backup, or goes on from
an older copy of its store. The model knows sets and numbers alone: what each desk has, which files
it took, what it was told. At the end both send until neither has anything new, and hold the same.
"""

import itertools
import os
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from tests.integration.pair_samples import met_pair, refusal
from tests.integration.test_order_of_files import Town
from tests.support.samples import examples

from kfdesk.domain.exchange import FileIssue
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import view
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer
from kfdesk.services.upkeep.backup import make_backup

OURS, THEIRS = "ours", "theirs"
OTHER = {OURS: THEIRS, THEIRS: OURS}
MEMORY = Path("/dev/shm")
LEGS = (0, 1)
MOST_KEPT = 4  # backups and copies
desks = st.sampled_from((OURS, THEIRS))
LONG = bool(os.environ.get("LONG"))


@dataclass
class Words:
    """The words of one field: those that were ever there, and those that were replaced."""

    ever: set[str] = field(default_factory=set)
    dead: set[str] = field(default_factory=set)

    @property
    def live(self) -> frozenset[str]:
        return frozenset(self.ever - self.dead)

    def write(self, text: str) -> None:
        self.dead |= self.live
        self.ever.add(text)

    def join(self, live: Iterable[str], dead: Iterable[str]) -> None:
        self.ever |= set(live)
        self.dead |= set(dead)


@dataclass(frozen=True)
class File:
    """A file as the model sees it: its place, what its sender had taken, what it holds."""

    sender: str
    time: int
    epoch: int
    number: int
    follows: int
    acknowledged: tuple[int, int, frozenset[int]]
    made_good: frozenset[int]
    holds: dict[int, tuple[frozenset[str], frozenset[str]]]


@dataclass
class Model:
    """State that one desk must have; `sent` and `taken` are files by the time of their sending.

    `anew` is the epoch that it was put back into; `owed` those that the other has told since it was
    last sent a file, and `told` by the time of a file those that the file answers.
    """

    epoch: int
    anew: int = 0
    owed: set[int] = field(default_factory=set)
    told: dict[int, set[int]] = field(default_factory=dict)
    words: dict[int, Words] = field(default_factory=lambda: {leg: Words() for leg in LEGS})
    sent: dict[int, File] = field(default_factory=dict)
    taken: dict[int, File] = field(default_factory=dict)
    arrived: set[int] = field(default_factory=set)
    is_common: bool = True

    @property
    def is_quiet(self) -> bool:
        """Return whether nothing of clients goes: it was restored, and has no answer yet."""
        return self.is_common and self.is_untold()

    @property
    def has_plan(self) -> bool:
        return all(words.ever for words in self.words.values())

    def going(self) -> set[int]:
        """Return the legs with a write that the other is not known to have."""
        had = [self.sent[time].holds for time in self.arrived]
        known = {leg: set().union(*(one[leg][0] for one in had if leg in one)) for leg in LEGS}
        never = {leg for leg in LEGS if not any(leg in one for one in had)}
        return never | {leg for leg in LEGS if self.words[leg].live - known[leg]}

    def begin(self, epoch: int, *, is_common: bool = True) -> None:
        """Begin a row of files; it is of this partner alone if it is not common to all."""
        self.epoch, self.anew, self.is_common = epoch, epoch, is_common
        self.arrived.clear()

    def is_untold(self) -> bool:
        """Return whether the other is not known to know that this desk was put back."""
        is_anew = self.anew == self.epoch or any(
            one.epoch != self.epoch for one in self.sent.values()
        )
        return is_anew and not any(self.sent[at].epoch == self.epoch for at in self.arrived)

    def leave(self, file: File) -> None:
        self.sent[file.time] = file
        self.told[file.time], self.owed = self.owed, set()

    def row(self, epoch: int) -> dict[int, File]:
        return {one.number: one for one in self.taken.values() if one.epoch == epoch}

    def acknowledgement(self) -> tuple[int, int, frozenset[int]]:
        if not self.taken:
            return (-1, 0, frozenset())
        epoch = self.taken[max(self.taken)].epoch
        row = self.row(epoch)
        good = set().union(*({n for n in one.made_good if n < one.number} for one in row.values()))
        missing = set(range(1, max(row) + 1)) - set(row) - good
        return (epoch, max(row), frozenset(missing))

    def next_file(self, sender: str, time: int) -> File:
        mine = {one.number: at for at, one in self.sent.items() if one.epoch == self.epoch}
        open_numbers = {number for number, at in mine.items() if at not in self.arrived}
        last = max(mine, default=0)
        goes = set() if self.is_quiet else self.going()
        holds = {leg: (self.words[leg].live, frozenset(self.words[leg].dead)) for leg in goes}
        if goes != self.going():  # it leaves something out, so it makes nothing good
            open_numbers = set()
        return File(
            sender, time, self.epoch, last + 1, mine.get(last, 0),
            self.acknowledgement(), frozenset(open_numbers), holds,
        )  # fmt: skip

    def refusal(self, file: File) -> str:
        row = self.row(file.epoch)
        if file.time in self.taken:
            return "bundle.taken_before"
        before, after = row.get(file.number - 1), row.get(file.number + 1)
        is_torn = before is not None and before.time != file.follows
        is_torn |= after is not None and after.follows != file.time
        return "bundle.forked" if file.number in row or is_torn else ""

    def is_ahead(self, file: File) -> bool:
        epoch, top, _ = file.acknowledged
        mine = [one.number for one in self.sent.values() if one.epoch == self.epoch]
        if epoch == self.epoch:
            return top > max(mine, default=0)
        is_strange = top > 0 and all(one.epoch != epoch for one in self.sent.values())
        is_newest = all(time < file.time for time in self.taken)
        return is_strange and is_newest and not self.is_untold()

    def is_other(self, file: File, *, is_strange: bool) -> bool:
        """Tell whether the newest file knows unannounced entries of a history that is not here."""
        is_newest = all(time < file.time for time in self.taken)
        return is_strange and is_newest and not self.is_untold()

    def findings(self, file: File) -> set[FileIssue]:
        row = self.row(file.epoch)
        is_newest = all(time < file.time for time in self.taken)
        found = {FileIssue.AHEAD_OF_US} if self.is_ahead(file) else set()
        if self.taken and not row and is_newest:
            found.add(FileIssue.RESTORED)
        elif self._is_twin(file):
            found.add(FileIssue.TWO_STORES)
        elif not is_newest:
            found.add(FileIssue.LATE)
        good = {number for number in file.made_good if number <= file.number}
        if set(range(max(row, default=0) + 1, file.number)) - good:
            found.add(FileIssue.MISSING)
        return found

    def _is_twin(self, file: File) -> bool:
        begun: dict[int, int] = {}
        for time, one in sorted(self.taken.items()):
            begun.setdefault(one.epoch, time)
        begins = begun.pop(file.epoch, None)
        return begins is not None and any(begins < at < file.time for at in begun.values())

    def take(self, file: File, new_epoch: int, *, is_strange: bool) -> None:
        is_newest = all(time < file.time for time in self.taken)
        is_other = bool(self.taken) and self.taken[max(self.taken)].epoch != file.epoch
        if self.is_ahead(file) or self.is_other(file, is_strange=is_strange):
            self.begin(new_epoch, is_common=False)
        if is_newest:
            epoch, top, missing = file.acknowledged
            of_epoch = {at for at, one in self.sent.items() if one.epoch == epoch}
            self.arrived -= set(self.sent) if is_other else of_epoch
            has = {at for at in of_epoch if self.sent[at].number <= top}
            if epoch == self.epoch:
                self.arrived |= {at for at in has if self.sent[at].number not in missing}
            has_answer = any(file.epoch in self.told[at] for at in self.arrived)
            if not has_answer and any(one.epoch != file.epoch for one in self.taken.values()):
                self.owed.add(file.epoch)
        for leg, (live, dead) in file.holds.items():
            self.words[leg].join(live, dead)
        self.taken[file.time] = file


_OF_HISTORY = {
    FileIssue.IN_OUR_NAME, FileIssue.OUR_HISTORY, FileIssue.HISTORY_BEFORE, FileIssue.THEIR_HISTORY,
}  # fmt: skip


class Post(RuleBasedStateMachine):
    """The two desks, what is on its way, and what was set aside."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None)
        self._met = met_pair(Path(self._folder.name))
        pair = self._met.__enter__()
        self.town = Town(pair, Path(self._folder.name))
        self.numbers = itertools.count(1)
        self.models = {name: Model(next(self.numbers)) for name in (OURS, THEIRS)}
        for leg in LEGS:
            self.models[OURS].words[leg].ever = set(self._values(OURS, leg))
        self.files: list[tuple[Path, File]] = []
        self.kept: list[tuple[str, Path, Model, bool]] = []
        for which in (OURS, THEIRS):
            self.pass_on(which)

    # what people and the post do

    @rule(which=desks, leg=st.sampled_from(LEGS))
    def write(self, which: str, leg: int) -> None:
        if self.models[which].has_plan:
            text = f"word {next(self.numbers)}"
            self.town.write(self._desk(which), text, leg)
            self.models[which].words[leg].write(text)

    @rule(which=desks, is_lost=st.sampled_from((False, False, False, True)))
    def send(self, which: str, is_lost: bool) -> None:
        here, there = self._desk(which), self._desk(OTHER[which])
        if not self.models[which].has_plan:
            return
        parcel = transfer.prepare_bundle(here, self.town.pair.plan, there.identity.organisation)
        goes = {given.row.rid for given in parcel.goes.rows}
        model = self.models[which]
        expected = {self.town.pair.legs[leg] for leg in model.going() if not model.is_quiet}
        assert goes & set(self.town.pair.legs) == expected
        assert parcel.is_anew == model.is_untold()
        assert parcel.is_answer == parcel.knows_anew == bool(model.owed)
        assert parcel.fault is None or not (expected or parcel.is_anew or parcel.is_answer)
        if parcel.fault is None:
            file = model.next_file(which, next(self.numbers))
            model.leave(file)
            path = self.town.made(here, there)
            if not is_lost:
                self.files.append((path, file))

    @precondition(lambda self: self.files)
    @rule(data=st.data(), is_kept=st.booleans())
    def deliver(self, data: st.DataObject, is_kept: bool) -> None:
        place = data.draw(st.integers(0, len(self.files) - 1))
        path, file = self.files[place] if is_kept else self.files.pop(place)
        self._deliver(path, file)

    @rule(which=desks)
    def pass_on(self, which: str) -> None:
        """As on most days: what was sent comes at once."""
        before = len(self.files)
        self.send(which, is_lost=False)
        for path, file in self.files[before:]:
            self._deliver(path, file)

    @precondition(lambda self: len(self.kept) < MOST_KEPT)
    @rule(which=desks, is_backup=st.booleans())
    def set_aside(self, which: str, *, is_backup: bool) -> None:
        path = self._backup(which) if is_backup else self.town.copy(which)
        self.kept.append((which, path, deepcopy(self.models[which]), is_backup))

    @precondition(lambda self: self.kept)
    @rule(data=st.data())
    def fall_back(self, data: st.DataObject) -> None:
        """Restore a backup, which begins a new epoch, or continue with an unmarked copy."""
        which, path, model, is_backup = data.draw(st.sampled_from(self.kept))
        (self.town.restore if is_backup else self.town.put_back)(which, path)
        self.models[which] = deepcopy(model)
        if is_backup:
            self.models[which].begin(next(self.numbers))

    # what must be so

    @invariant()
    def both_have_what_the_model_says(self) -> None:
        for which, model in self.models.items():
            for leg in LEGS:
                assert self._values(which, leg) == model.words[leg].live

    def teardown(self) -> None:
        try:
            self._settle()
        finally:
            self.town.ours.store.close()
            self.town.theirs.store.close()
            self._folder.cleanup()

    def _settle(self) -> None:
        """Both get an epoch of their own by a restore, and then send until nothing is left."""
        ever = {
            leg: {one for model in self.models.values() for one in model.words[leg].live}
            for leg in LEGS
        }
        for which in (OURS, THEIRS):
            self.town.restore(which, self._backup(which))
            self.models[which].begin(next(self.numbers))
        for _ in range(4):
            for which in (OURS, THEIRS):
                before = len(self.files)
                self.send(which, is_lost=False)
                for path, file in self.files[before:]:
                    assert self._deliver(path, file) == ""
        assert not any(model.is_untold() or model.owed for model in self.models.values())
        for leg in LEGS:
            assert self._values(OURS, leg) == self._values(THEIRS, leg)
            dead = self.models[OURS].words[leg].dead
            assert ever[leg] <= self._values(OURS, leg) | dead
        assert self.town.ours.store.verify() == self.town.theirs.store.verify() == ()

    # how it is done

    def _deliver(self, path: Path, file: File) -> str:
        which = OTHER[file.sender]
        desk, model = self._desk(which), self.models[which]
        expected = model.refusal(file)
        before = desk.store.digest()
        if expected:
            assert refusal(lambda: transfer.review_bundle(desk, path)).code == expected
            assert desk.store.digest() == before
            return expected
        reviewed = transfer.review_bundle(desk, path)
        said = reviewed.taken.dealings.audit
        assert said is not None
        is_strange = bool(said.seen.number) and not desk.store.ledger.has_audit_entry(said.seen)
        transfer.import_bundle(desk, path, reviewed)
        found = {one.finding for one in reviewed.findings} - _OF_HISTORY
        assert found == model.findings(file)
        alarms = {one.finding for one in reviewed.findings} & {FileIssue.OUR_HISTORY}
        is_other = model.is_other(file, is_strange=is_strange) and not model.is_ahead(file)
        assert bool(alarms) == is_other
        model.take(file, next(self.numbers), is_strange=is_strange)
        return ""

    def _backup(self, which: str) -> Path:
        stick = self.town.folder / f"stick {next(self.numbers)}"
        stick.mkdir()
        return make_backup(self._desk(which), stick).path

    def _desk(self, which: str) -> Session:
        return self.town.ours if which == OURS else self.town.theirs

    def _values(self, which: str, leg: int) -> frozenset[str]:
        row = self._desk(which).store.row(self.town.pair.legs[leg])
        if row is None:
            return frozenset()
        seen = view(row, Leg)
        if "carrier" in seen.conflicts:
            return frozenset(str(one.value) for one in seen.versions["carrier"])
        return frozenset({str(seen.record.carrier)})


TestPost = Post.TestCase
TestPost.settings = settings(
    max_examples=400 if LONG else examples(12, 4),
    stateful_step_count=60 if LONG else 25,
    deadline=None,
)
