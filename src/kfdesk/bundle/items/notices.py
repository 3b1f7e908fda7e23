# SPDX-License-Identifier: GPL-3.0-or-later
"""The notices segment: withdrawals of consents, as FORMAT.md writes them.

The items have the form of records and pass the same checks; what a notice may tell is asked of
the domain. Whether a sender is to be believed is the services' to say.
"""

from collections.abc import Iterator, Sequence

from kfdesk.bundle.container import Segment, SegmentKind
from kfdesk.bundle.items.lists import portions
from kfdesk.bundle.items.records import items_of, unpack_records
from kfdesk.domain.consents.withdrawal import Notice, is_notice
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.rows import Row

MAX_NOTICES = 65_536


def pack_notices(notices: Sequence[Notice]) -> Iterator[Segment]:
    """The segments that carry these notices, sorted by the ids of the consents."""
    for _, raw in portions(items_of(notice.row for notice in notices)):
        yield Segment(SegmentKind.NOTICES, raw)


def unpack_notices(raw: bytes) -> tuple[Row, ...]:
    """The notices of one segment. Raises KfdeskError `bundle.torn` or `bundle.too_large`."""
    rows = unpack_records(raw)
    if not all(map(is_notice, rows)):
        raise KfdeskError("bundle.torn", why="notice")
    return rows
