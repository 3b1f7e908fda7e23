# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings: what the records and notices of a file show that a person must know before the import.

They are claims that are not believed, with their number, and values that wait for a decision.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from kfdesk.domain.authority import MEETING_KEYS
from kfdesk.domain.exchange import HLC_BITS, FileFinding, FileIssue, ReceivedBundle
from kfdesk.domain.labels import names_house
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import DELETION, is_deletion_requested, live_writes
from kfdesk.domain.rows import conflicting_keys
from kfdesk.services.core.session import Session
from kfdesk.services.exchange.import_policy import Refusal
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


NOTICE_ALARMS = frozenset({Refusal.FORGED_ID, Refusal.CLAIMED})
"""Refusals of a notice that raise an alarm; others are counted."""
_ALARMS: Mapping[Refusal, FileIssue] = {
    Refusal.CLAIMED: FileIssue.CLAIMED,
    Refusal.FORGED_ID: FileIssue.FORGED_ID,
    Refusal.CHANGED_WRITE: FileIssue.CHANGED_WRITE,
    Refusal.OF_ANOTHER: FileIssue.OF_ANOTHER,
    Refusal.NOT_OF_NETWORK: FileIssue.NOT_OF_NETWORK,
}


def record_findings(
    refusals: Mapping[Refusal, int],
    waiting: Mapping[bytes, frozenset[str]],
    in_our_name: int,
    corrected: int,
) -> Iterator[FileFinding]:
    """Yield what the records of a file show: claims that are not believed, and what waits."""
    for refusal, issue in _ALARMS.items():
        if refusals.get(refusal):
            yield FileFinding(issue, records=refusals[refusal])
    if corrected:
        yield FileFinding(FileIssue.FALSE_WRITE, records=corrected)
    if in_our_name:
        yield FileFinding(FileIssue.IN_OUR_NAME, records=in_our_name)
    keys = [key for some in waiting.values() for key in some]
    meeting = sum(key in MEETING_KEYS for key in keys)
    asked = keys.count("")
    for issue, count in (
        (FileIssue.MEETING, meeting), (FileIssue.SAFETY, len(keys) - meeting - asked),
        (FileIssue.DELETION_ASKED, asked),
    ):  # fmt: skip
        if count:
            yield FileFinding(issue, records=count)
