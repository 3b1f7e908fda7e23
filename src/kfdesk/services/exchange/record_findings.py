# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings: what the records and notices of a file show that a person must know before the import.

They are claims that are not believed, with their number, and values that wait for a decision.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from kfdesk.domain.authority import MEETING_KEYS
from kfdesk.domain.exchange import HLC_BITS, FileFinding, FileIssue, ReceivedBundle
from kfdesk.domain.labels import names_house
from kfdesk.domain.network_work import is_work
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import DELETION, is_deletion_requested, live_writes
from kfdesk.domain.rows import conflicting_keys
from kfdesk.services.core.history import organisation_names
from kfdesk.services.core.session import Session
from kfdesk.services.exchange.epochs import epoch_begun_at, is_epoch_unacknowledged
from kfdesk.services.exchange.import_policy import ImportPolicy, Refusal
from kfdesk.services.exchange.merge import RowMerge
from kfdesk.services.exchange.provenance import fresh_writes


def waiting_keys(one: RowMerge) -> frozenset[str]:
    """Return the fields in which the file's values wait; an empty key is a deletion."""
    if not one.waiting or one.becomes is None or one.becomes == one.ours:
        return frozenset()
    by_id = RECORD_TYPES[one.becomes.type].by_id
    torn = {by_id[fid].key for fid in one.waiting if fid in by_id} & conflicting_keys(one.becomes)
    known = conflicting_keys(one.ours) if one.ours is not None else frozenset[str]()
    asked = {""} if DELETION in one.waiting and is_deletion_requested(one.becomes.state) else set()
    return frozenset(torn - known | asked)


def count_in_our_name(
    desk: Session, taken: ReceivedBundle, one: RowMerge, others: tuple[str, ...], lost: int = 0
) -> int:
    """Return how many values of a row are new here although they name us as their author.

    `others` are the names of our partners, in which our own name may be contained. What was
    written until `lost` (ms, UTC) may be ours: a restore lost it.
    """
    if taken.is_own:
        return 0
    fresh = fresh_writes(one)
    writes = (write for write in live_writes(one.sent.row.state) if write[:2] in fresh)
    writes = (write for write in writes if write.hlc >> HLC_BITS > lost)
    authors = Counter(write.author for write in writes)
    ours = desk.identity.name
    return sum(count for author, count in authors.items() if names_house(author, ours, others))


class InOurName:
    """The values of one file that are new here and name us as their author.

    While its sender has not acknowledged that we were restored, what was written before that may
    be ours, and lost. It is no alarm, but a person looks at it.
    """

    def __init__(self, desk: Session, taken: ReceivedBundle) -> None:
        self._desk, self._taken = desk, taken
        self._others = tuple(one.name for one in desk.store.ledger.partners() if not one.is_own)
        is_restored = is_epoch_unacknowledged(desk, taken.organisation)
        self._lost = epoch_begun_at(desk) if is_restored else 0
        self._claimed, self._back = 0, 0

    def count(self, one: RowMerge) -> None:
        """Count the values of a merged row."""
        every = count_in_our_name(self._desk, self._taken, one, self._others)
        if every and self._lost:
            claimed = count_in_our_name(self._desk, self._taken, one, self._others, self._lost)
            self._back += every - claimed
            every = claimed
        self._claimed += every

    def told(self, findings: tuple[FileFinding, ...]) -> tuple[FileFinding, ...]:
        """Return the findings with what was counted.

        Nothing more is said if they tell that the sender has what this store has lost.
        """
        if any(one.finding is FileIssue.AHEAD_OF_US for one in findings):
            return findings
        if self._back:
            before = FileIssue.HISTORY_BEFORE
            findings = tuple(one for one in findings if one.finding is not before)
            findings += (FileFinding(before, records=self._back),)
        if self._claimed:
            findings += (FileFinding(FileIssue.IN_OUR_NAME, records=self._claimed),)
        return findings


class PassedOn:
    """The work in one file that its sender, who leads the network, passes on for other members.

    Nobody can check whether these members wrote it, so a person is told in whose name it comes.
    """

    def __init__(self, desk: Session, taken: ReceivedBundle) -> None:
        self._desk, self._taken = desk, taken
        self._asked: ImportPolicy | None = None
        self._records = Counter[bytes]()

    @property
    def _policy(self) -> ImportPolicy:
        """The policy of this file, made where it is needed: it reads the list of the erased."""
        self._asked = self._asked or ImportPolicy(self._desk, self._taken)
        return self._asked

    def count(self, one: RowMerge) -> None:
        """Count a merged row that is new or changes, under the member that is named in it."""
        sent, sender = one.sent, self._taken.organisation
        if self._taken.is_own or not is_work(sent.type) or sent.custodian == sender:
            return
        is_brought = one.ours is None or one.is_changed
        if is_brought and self._policy.is_passed_on(one.ours, sent.row):
            self._records[sent.custodian] += 1

    def findings(self) -> Iterator[FileFinding]:
        """Yield what was counted, with the names of the members."""
        if self._records:
            names = organisation_names(self._desk, self._records).values()
            count = self._records.total()
            yield FileFinding(FileIssue.PASSED_ON, records=count, names=tuple(sorted(names)))


NOTICE_ALARMS = frozenset({Refusal.FORGED_ID, Refusal.CLAIMED})
"""Refusals of a notice that raise an alarm; others are counted."""
_ALARMS: Mapping[Refusal, FileIssue] = {
    Refusal.CLAIMED: FileIssue.CLAIMED,
    Refusal.FORGED_ID: FileIssue.FORGED_ID,
    Refusal.CHANGED_WRITE: FileIssue.CHANGED_WRITE,
    Refusal.OF_ANOTHER: FileIssue.OF_ANOTHER,
    Refusal.NOT_OF_NETWORK: FileIssue.NOT_OF_NETWORK,
    Refusal.LEFT_NETWORK: FileIssue.LEFT_NETWORK,
    Refusal.WITHDRAWN: FileIssue.WITHDRAWN,
}


def record_findings(
    refusals: Mapping[Refusal, int],
    waiting: Mapping[bytes, frozenset[str]],
    corrected: int,
) -> Iterator[FileFinding]:
    """Yield what the records of a file show: claims that are not believed, and what waits."""
    for refusal, issue in _ALARMS.items():
        if refusals.get(refusal):
            yield FileFinding(issue, records=refusals[refusal])
    if corrected:
        yield FileFinding(FileIssue.FALSE_WRITE, records=corrected)
    keys = [key for some in waiting.values() for key in some]
    meeting = sum(key in MEETING_KEYS for key in keys)
    asked = keys.count("")
    for issue, count in (
        (FileIssue.MEETING, meeting), (FileIssue.SAFETY, len(keys) - meeting - asked),
        (FileIssue.DELETION_ASKED, asked),
    ):  # fmt: skip
        if count:
            yield FileFinding(issue, records=count)
