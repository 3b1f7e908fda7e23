# SPDX-License-Identifier: GPL-3.0-or-later
"""Notices of withdrawals in an exchange file: a consent of which only the withdrawal is left."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from tests.support import make
from tests.unit.bundle.bundle_samples import ALDER, BIRCH, bytes_for, known, outgoing, refusal

from kfdesk.bundle import budget
from kfdesk.bundle.container import Segment, SegmentKind, SenderVersions
from kfdesk.bundle.files import BundleFiles
from kfdesk.bundle.payload import pack_notices, pack_portions, record_items, unpack_notices
from kfdesk.bundle.writer import write_bundle
from kfdesk.domain.consent import (
    WithdrawalNotice,
    is_withdrawal_notice,
    is_withdrawn,
    withdrawal_notice,
    withdrawal_writes,
)
from kfdesk.domain.exchange import Identity, ReceivedBundle
from kfdesk.domain.records.registry import RECORD_TYPES, SCHEMA_VERSION
from kfdesk.domain.registers import writes_by_field
from kfdesk.domain.rows import Row

WITHDRAWN = make.at(1, 9)


def notice(name: str = "consent") -> WithdrawalNotice:
    return withdrawal_notice(make.consent(name, withdrawn=WITHDRAWN))


def keys_in(row: Row) -> set[str]:
    return {RECORD_TYPES["consent"].by_id[fid].key for fid in writes_by_field(row.state)}


def raw_of(*rows: Row) -> bytes:
    return b"".join(raw for _, raw in pack_portions(record_items(rows)))


def test_notice_holds_when_and_what_she_asked_and_nothing_else_of_the_consent() -> None:
    assert keys_in(notice().row) == {"withdrawn", "withdrawal_effect"}


def test_withdrawal_is_the_write_of_its_day_alone() -> None:
    row = notice().row
    fid = RECORD_TYPES["consent"].ids["withdrawn"]
    assert withdrawal_writes(row) == {one.wid for one in writes_by_field(row.state)[fid]}


def test_consent_that_stands_has_no_notice() -> None:
    stands = make.consent()
    assert not is_withdrawn(stands)
    assert withdrawal_writes(stands) == frozenset()
    with pytest.raises(TypeError):
        withdrawal_notice(stands)


def test_whole_consent_is_no_notice() -> None:
    whole = make.consent(withdrawn=WITHDRAWN)
    assert is_withdrawn(whole)
    assert not is_withdrawal_notice(whole)
    with pytest.raises(TypeError):
        WithdrawalNotice(whole)


def test_notice_of_no_client_or_of_no_consent_is_none() -> None:
    assert not is_withdrawal_notice(replace(notice().row, parent=None))
    assert not is_withdrawal_notice(make.row("leg"))


def test_notices_come_back_as_they_went_sorted_by_id() -> None:
    notices = [notice(name) for name in ("one", "two", "three")]
    (segment,) = pack_notices(notices)
    assert segment.kind is SegmentKind.NOTICES
    rows = sorted((one.row for one in notices), key=lambda row: row.rid)
    assert unpack_notices(segment.raw) == tuple(rows)


def test_no_notices_make_no_segment() -> None:
    assert list(pack_notices(())) == []


def test_segment_that_tells_more_than_withdrawals_is_torn() -> None:
    for row in (make.consent(withdrawn=WITHDRAWN), make.consent(), make.row("leg")):
        raw = raw_of(row)
        assert refusal(partial(unpack_notices, raw)) == ("bundle.torn", "notice")


def read_file(folder: Path, *parts: tuple[Row, ...]) -> ReceivedBundle:
    """Return what comes of a file with a segment of notices for each part."""
    segments = [Segment(SegmentKind.NOTICES, raw_of(*rows)) for rows in parts]
    sent = outgoing(segments, terms=SenderVersions(1, SCHEMA_VERSION, 1))
    path = write_bundle(folder, sent, ALDER).path
    identity = Identity(
        bytes_for("org", 16), "Birch", bytes_for("device", 16), BIRCH.seed, BIRCH.age_secret,
        bytes_for("epoch", 16),
    )  # fmt: skip
    return BundleFiles(bytes).read(path, identity, known(ALDER, make.PARTNER))


def test_file_of_notices_alone_is_read(tmp_path: Path) -> None:
    taken = read_file(tmp_path, (notice().row,))
    assert (taken.rows, taken.notices) == ((), (notice().row,))


def test_notices_out_of_order_over_two_segments_are_torn(tmp_path: Path) -> None:
    first, second = sorted((notice("one").row, notice("two").row), key=lambda row: row.rid)
    assert read_file(tmp_path, (first,), (second,)).notices == (first, second)
    answer = refusal(lambda: read_file(tmp_path, (second,), (first,)))
    assert answer == ("bundle.torn", "records_order")


def test_more_notices_than_a_file_may_hold_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "MAX_FILE_NOTICES", 1)
    both = (notice("one").row, notice("two").row)
    assert refusal(lambda: read_file(tmp_path, both)) == ("bundle.too_large", "notices")
