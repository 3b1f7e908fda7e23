# SPDX-License-Identifier: GPL-3.0-or-later
"""Contents of attachments in the store: in parts, whole or refused, and gone when erased."""

import tracemalloc
from hashlib import sha256
from pathlib import Path

import pytest
from tests.support import make
from tests.unit.storage.store_samples import KEY, contents, refusal

from kfdesk.domain.attachments import CHUNK_BYTES, MAX_CONTENT_BYTES, MAX_TOTAL_BYTES
from kfdesk.domain.audit import Action, AuditEvent
from kfdesk.domain.backup import ErasureEntry
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.rows import Row
from kfdesk.storage import driver
from kfdesk.storage.store import Store

SCAN = make.named_id("a scan")
WHOLE = make.named_bytes("content", 3 * CHUNK_BYTES + 5)


def quiet(_done: int, _of: int) -> None:
    pass


def digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def row(data: bytes = WHOLE, rid: bytes = SCAN) -> Row:
    return make.row("attachment", {"title": "Intyg", "digest": digest(data)}, rid=rid)


def keep(store: Store, data: bytes = WHOLE, rid: bytes = SCAN) -> None:
    with store.transaction():
        store.put(row(data, rid))
        store.ledger.log(AuditEvent("PP", 1, Action.CREATE, rid))
        store.contents.keep(rid, data, quiet)


@pytest.mark.parametrize(
    "size", [1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES + 5]
)
def test_content_comes_back_as_it_was_kept(store: Store, size: int) -> None:
    data = make.named_bytes("some", size)
    keep(store, data)
    assert store.contents.read(SCAN, digest(data)) == data
    assert store.contents.total_bytes() == size
    assert store.verify() == ()


def test_content_lies_in_parts_of_one_size(store: Store, connection: driver.Connection) -> None:
    keep(store)
    sizes = connection.execute("SELECT part, length(data) FROM chunk ORDER BY part").fetchall()
    assert sizes == [(0, CHUNK_BYTES), (1, CHUNK_BYTES), (2, CHUNK_BYTES), (3, 5)]


def test_content_that_is_too_large_is_refused(store: Store) -> None:
    with store.transaction():
        store.contents.keep(SCAN, bytes(MAX_CONTENT_BYTES), quiet)
    assert store.contents.total_bytes() == MAX_CONTENT_BYTES
    with pytest.raises(KfdeskError) as refused, store.transaction():
        store.contents.keep(make.named_id("more"), bytes(MAX_CONTENT_BYTES + 1), quiet)
    assert refused.value.code == "attachment.too_large"


def test_no_more_than_the_whole_may_hold_is_kept(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kfdesk.storage.attachments.MAX_TOTAL_BYTES", len(WHOLE) + 10)
    keep(store)
    with store.transaction():
        store.contents.keep(make.named_id("ten"), bytes(10), quiet)
    with pytest.raises(KfdeskError) as refused, store.transaction():
        store.contents.keep(make.named_id("eleven"), b"x", quiet)
    assert refused.value.code == "attachment.no_room"
    assert MAX_TOTAL_BYTES == 2 * 1024**3


def test_stopping_in_the_midst_leaves_neither_record_nor_parts(store: Store) -> None:
    def stop(part: int, _of: int) -> None:
        if part == 2:
            raise KfdeskError("work.cancelled")

    def add() -> None:
        with store.transaction():
            store.put(row())
            store.contents.keep(SCAN, WHOLE, stop)

    assert refusal(add) == "work.cancelled"
    assert store.row(SCAN) is None
    assert store.contents.total_bytes() == 0


DAMAGES = {
    "a part that was changed": "UPDATE chunk SET data = zeroblob(5) WHERE rid = ? AND part = 3",
    "a part that is gone": "DELETE FROM chunk WHERE rid = ? AND part = 1",
    "the first part gone": "DELETE FROM chunk WHERE rid = ? AND part = 0",
    "the last part gone": "DELETE FROM chunk WHERE rid = ? AND part = 3",
    "a part too many": "INSERT INTO chunk (rid, part, data) VALUES (?, 4, x'00')",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_told_on_reading_and_named_by_verify(
    store: Store, connection: driver.Connection, damage: str
) -> None:
    keep(store)
    other = make.named_id("another scan")
    keep(store, b"hel", other)
    connection.execute(DAMAGES[damage], (SCAN,))
    assert refusal(lambda: store.contents.read(SCAN, digest(WHOLE))) == "attachment.damaged"
    assert store.verify() == (f"content:{SCAN.hex()}",)
    assert store.contents.read(other, digest(b"hel")) == b"hel"


def test_content_that_vanished_whole_is_named_and_one_that_never_was_here_is_not(
    store: Store, connection: driver.Connection
) -> None:
    keep(store)
    connection.execute("DELETE FROM chunk")
    with store.transaction():
        store.put(row(rid=make.named_id("from another desk")))
    assert store.verify() == (f"content:{SCAN.hex()}",)
    assert refusal(lambda: store.contents.read(SCAN, digest(WHOLE))) == "attachment.elsewhere"


def test_parts_without_a_record_are_named(store: Store) -> None:
    with store.transaction():
        store.contents.keep(make.PLAN, b"hel", quiet)
    assert store.verify() == (f"content:{make.PLAN.hex()}",)


def test_bad_page_under_a_content_is_told(file: Path) -> None:
    connection = driver.connect(file, KEY)
    keep(Store(connection, file))
    connection.close()
    data = bytearray(file.read_bytes())
    data[-2 * driver.PAGE_BYTES + 100] ^= 1
    file.write_bytes(data)
    connection = driver.connect(file, KEY)
    store = Store(connection, file)
    assert refusal(lambda: store.contents.read(SCAN, digest(WHOLE))) == "store.damaged"
    assert store.verify()[0].startswith("pages:")
    connection.close()


def test_verify_can_be_stopped_between_contents(store: Store) -> None:
    keep(store)
    received: list[tuple[int, int]] = []
    store.verify(lambda done, of: received.append((done, of)))
    assert received == sorted(received)
    last, of = received[-1]
    assert last < of
    part = of - 2  # the records come before them, the content hash after

    def stop(done: int, _of: int) -> None:
        if done == part:
            raise KfdeskError("work.cancelled")

    assert refusal(lambda: store.verify(stop)) == "work.cancelled"


def test_erasing_takes_the_content_and_the_bin_does_not(store: Store, file: Path) -> None:
    keep(store)
    with store.transaction():
        store.put(make.changed(row(), {"title": "I papperskorgen"}, make.signature(minute=1)))
    assert store.contents.read(SCAN, digest(WHOLE)) == WHOLE
    with store.transaction():
        gone = store.erasures.erase(ErasureEntry(make.HER, 1, "client_request"))
    assert SCAN in gone
    assert store.contents.total_bytes() == 0
    assert store.verify() == ()
    before = file.stat().st_size
    store.erasures.vacuum()
    assert before - file.stat().st_size >= 3 * CHUNK_BYTES


def test_content_is_in_no_clear_byte_and_in_no_other_file(store: Store, folder: Path) -> None:
    before = set(contents(folder))
    text = b"Kanariegatan 7 " * 40_000
    keep(store, text)
    assert set(contents(folder)) == before
    assert b"Kanarie" not in b"".join(contents(folder).values())


def test_reading_and_checking_never_hold_more_than_a_content_or_a_part(store: Store) -> None:
    big = bytes(8 * 1024**2)
    keep(store, big)
    tracemalloc.start()
    assert list(store.contents.find_problems(lambda: None)) == []
    checked = tracemalloc.get_traced_memory()[1]
    tracemalloc.reset_peak()
    assert len(store.contents.read(SCAN, digest(big))) == len(big)
    read = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert checked < 8 * CHUNK_BYTES
    assert read < 3 * len(big)
