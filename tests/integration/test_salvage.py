# SPDX-License-Identifier: GPL-3.0-or-later
"""Damaged stores and what is saved of them: real damage to a store with some hundred records."""

import errno
import io
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from benchmarks import desks
from tests.integration.pair_samples import refusal as refused
from tests.support.stores import copied, remembering

from kfdesk import store_lifecycle
from kfdesk.demo import people
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.audit import Action
from kfdesk.domain.backup import CONTENT_KIND, SalvageResult
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import Watermark
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.rows import Row
from kfdesk.i18n import integrity
from kfdesk.i18n.language import Language
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange.erasure import erase_client
from kfdesk.services.plans.case import add_attachment_file
from kfdesk.services.upkeep.backup import make_backup
from kfdesk.storage import key_slots, keyring
from kfdesk.storage.driver import STORE_FILE
from kfdesk.storage.recovery.pages import PageDecipherer, PageReader, read_page
from kfdesk.storage.row_codec import derived_cells
from kfdesk.system import paths

PAGE = 4096
WHO, MACHINE = desks.WHO, desks.MACHINE
CANARY = b"Exempelbuss"


@pytest.fixture
def no_sticks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "removable_disks", lambda: ())


@pytest.fixture(autouse=True)
def remembered() -> Iterator[None]:
    with remembering():
        yield


@pytest.fixture
def folder(tmp_path: Path, no_sticks: None) -> Path:
    """Return a store with some hundred records, a document and a history; closed."""

    def make(place: Path) -> None:
        desks.fill(place / "ours", plans=30, legs=60, notes=60)
        desk = store_lifecycle.unlock_store(place / "ours", WHO, MACHINE)
        for row in desk.store.rows("leg")[:20]:
            change_record(desk, row.rid, {"carrier": "41, Exempelbuss"})
        picture = place / "picture.txt"
        picture.write_text("Ett prov. " * 60_000, encoding="utf-8")
        add_attachment_file(desk, desk.store.rows("plan")[0].rid, picture)
        desk.store.close()

    copied("salvage", tmp_path / "desk", make)
    return tmp_path / "desk" / "ours"


Truth = dict[bytes, Row]


def refusal(work: Callable[[], object]) -> str:
    return refused(work).code


def truth_of(folder: Path) -> Truth:
    desk = store_lifecycle.unlock_store(folder, WHO, MACHINE)
    rows = {row.rid: row for name in RECORD_TYPES for row in desk.store.rows(name)}
    desk.store.close()
    return rows


def key_of(folder: Path) -> bytes:
    return key_slots.open_user_slot(key_slots.read_slots(folder), WHO.initials, WHO.passphrase)


def hurt(folder: Path, change: Callable[[bytearray], object]) -> bytes:
    """Damage the file, and return it as it is now."""
    data = bytearray((folder / STORE_FILE).read_bytes())
    change(data)
    (folder / STORE_FILE).write_bytes(data)
    return bytes(data)


def zeroed(*numbers: int) -> Callable[[bytearray], object]:
    def change(data: bytearray) -> None:
        for number in numbers:
            data[(number - 1) * PAGE : number * PAGE] = bytes(PAGE)

    return change


def opened(folder: Path) -> Session:
    return store_lifecycle.unlock_store(folder, WHO, MACHINE)


def proved(folder: Path, truth: Truth, damaged: bytes) -> tuple[SalvageResult, frozenset[bytes]]:
    """Salvage the store, prove what must be so whatever was hurt; and which records are gone."""
    done = store_lifecycle.salvage_store(folder, WHO, MACHINE)
    assert done.aside is not None
    assert (done.aside / STORE_FILE).read_bytes() == damaged
    desk = opened(folder)
    try:
        assert desk.store.verify() == ()
        kept = {row.rid: row for name in RECORD_TYPES for row in desk.store.rows(name)}
        house = desk.identity.organisation
        assert all(_same(row, truth[rid], done) for rid, row in kept.items() if rid != house)
        gone = frozenset(truth) - kept.keys()
        told = {rid for kind, ids in done.lost.items() if kind != CONTENT_KIND for rid in ids}
        assert gone <= told or done.may_have_unknown_losses
        assert not done.damage.is_sealed or told - {house} <= gone
        assert desk.store.ledger.events(None, 3)[1][1].action is Action.SALVAGED
    finally:
        desk.store.close()
    return done, gone


def _same(row: Row, before: Row, done: SalvageResult) -> bool:
    """As it was; where no page was sealed, as lists and forms show it."""
    if done.damage.is_sealed:
        return row == before
    return (row.type, row.parent, derived_cells(row)) == (
        before.type,
        before.parent,
        derived_cells(before),
    )


def touching(folder: Path, tmp_path: Path, number: int) -> set[bytes]:
    """Return the records of which something lies on a page."""
    key = key_of(folder)
    carrier = tmp_path / f"carrier-{number}"
    pages = PageReader(folder / STORE_FILE, key, PageDecipherer(carrier, key))
    found: set[bytes] = set()
    for each in range(1, pages.count + 1):
        leaf = read_page(pages, each)
        if leaf is None or (each != number and number not in leaf.beside):
            continue
        ids = (row.values[1] for row in leaf.rows if len(row.values) > 7)
        found.update(rid for rid in ids if isinstance(rid, bytes))
    return found


def test_what_partners_are_level_with_is_not_brought_over(folder: Path) -> None:
    kept = Watermark(bytes(16), b"", b"", 7)
    desk = opened(folder)
    with desk.store.transaction():
        desk.store.levels.keep(kept)
    assert desk.store.levels.of(bytes(16), b"") == kept
    desk.store.close()
    store_lifecycle.salvage_store(folder, WHO, MACHINE)
    desk = opened(folder)
    assert desk.store.levels.of(bytes(16), b"") is None
    desk.store.close()


class Sick(io.FileIO):
    """A file on a disk of which a stretch cannot be read any more."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() // PAGE in range(20, 30):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return super().read(size) or b""


@pytest.mark.parametrize("has_journal", [False, True])
def test_stretch_that_the_disk_refuses_costs_no_more_than_its_pages(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, has_journal: bool
) -> None:
    truth, data = truth_of(folder), (folder / STORE_FILE).read_bytes()
    if has_journal:
        (folder / f"{STORE_FILE}-journal").write_bytes(b"of a save that was never begun")
    whole = Path.open

    def opened(path: Path, mode: str = "r", buffering: int = -1, **more: Any) -> Any:
        is_sick = path == folder / STORE_FILE and mode == "rb" and not buffering
        return Sick(path) if is_sick else whole(path, mode, buffering, **more)

    monkeypatch.setattr(Path, "open", opened)
    done, gone = proved(folder, truth, data)
    assert done.damage.bad == 10
    assert len(gone) < len(truth) / 4


def test_whole_store_comes_over_whole(folder: Path) -> None:
    truth = truth_of(folder)
    before = opened(folder)
    epoch, entries = before.identity.epoch, before.store.ledger.events(None, 10_000)
    before.store.close()
    done, gone = proved(folder, truth, (folder / STORE_FILE).read_bytes())
    assert (gone, dict(done.lost), done.damage.bad, done.entries_lost) == (frozenset(), {}, 0, 0)
    assert len(truth) > 200
    desk = opened(folder)
    assert desk.identity.epoch != epoch
    kept = desk.store.ledger.events(None, 10_000)
    assert kept[-len(entries) :] == entries
    desk.store.close()


@pytest.mark.parametrize("seed", range(6))
def test_one_bad_page_loses_only_what_lies_on_it(folder: Path, tmp_path: Path, seed: int) -> None:
    truth, rng = truth_of(folder), random.Random(seed)
    count = (folder / STORE_FILE).stat().st_size // PAGE
    number = rng.randrange(2, count + 1)
    lost = touching(folder, tmp_path, number)

    def flip(data: bytearray) -> None:
        data[(number - 1) * PAGE + rng.randrange(PAGE)] ^= 1 << rng.randrange(8)

    done, gone = proved(folder, truth, hurt(folder, flip))
    house = next(iter(row.custodian for row in truth.values()))
    assert gone - {house} <= lost
    assert done.damage.bad == 1


def test_every_way_of_damage_leaves_a_sound_store(folder: Path) -> None:
    truth, rng = truth_of(folder), random.Random(7)
    count = (folder / STORE_FILE).stat().st_size // PAGE
    numbers = rng.sample(range(2, count), 12)
    done, gone = proved(folder, truth, hurt(folder, zeroed(*numbers)))
    assert done.damage.bad == 12
    assert len(gone) < len(truth) // 3


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_store_that_was_cut_short_gives_what_is_left(folder: Path, share: float) -> None:
    truth = truth_of(folder)

    def cut(data: bytearray) -> None:
        del data[int(len(data) * share) :]

    done, gone = proved(folder, truth, hurt(folder, cut))
    assert done.damage.bad > 0
    assert len(gone) < len(truth)


def test_lost_beginning_of_the_file_loses_no_record(folder: Path) -> None:
    truth = truth_of(folder)
    done, gone = proved(folder, truth, hurt(folder, zeroed(1)))
    assert not done.damage.is_sealed
    assert gone == frozenset()


def test_without_seals_no_record_is_believed_that_lists_do_not_confirm(folder: Path) -> None:
    truth, rng = truth_of(folder), random.Random(3)

    def change(data: bytearray) -> None:
        zeroed(1)(data)
        for _ in range(60):
            data[rng.randrange(PAGE, len(data))] ^= 1 << rng.randrange(8)

    _, gone = proved(folder, truth, hurt(folder, change))
    assert gone


def test_turned_bit_of_the_salt_is_found_again(folder: Path) -> None:
    truth = truth_of(folder)

    def change(data: bytearray) -> None:
        data[11] ^= 16

    done, gone = proved(folder, truth, hurt(folder, change))
    assert (done.damage.bad, done.damage.is_sealed, gone) == (0, True, frozenset())


def test_where_nothing_is_left_that_is_said(folder: Path) -> None:
    def change(data: bytearray) -> None:
        data[:] = bytes(len(data))

    whole = hurt(folder, change)
    assert refusal(lambda: store_lifecycle.salvage_store(folder, WHO, MACHINE)) == "salvage.nothing"
    found = store_lifecycle.examine_store(folder, WHO, MACHINE)
    assert (found.salvage.records, found.backup) == (0, None)
    assert (folder / STORE_FILE).read_bytes() == whole
    assert sorted(path.name for path in folder.parent.iterdir()) == ["ours", "picture.txt"]


def test_wrong_passphrase_opens_no_damaged_store_either(folder: Path) -> None:
    wrong = Credentials(WHO.initials, "sex helt andra ord som ingen vet")
    assert (
        refusal(lambda: store_lifecycle.examine_store(folder, wrong, MACHINE))
        == "store.wrong_passphrase"
    )


def test_looking_changes_nothing_and_finds_the_newest_good_backup(
    folder: Path, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    before = folder.with_name(f"{folder.name}-before")
    before.mkdir()
    desk = opened(folder)
    older = make_backup(desk, before).path
    change_record(desk, desk.store.rows("leg")[30].rid, {"carrier": "41, Exempelbuss"})
    newer = make_backup(desk, stick).path
    for row in desk.store.rows("leg")[31:34]:
        change_record(desk, row.rid, {"carrier": "41, Exempelbuss"})
    desk.store.close()
    whole = hurt(folder, zeroed(40))
    found = store_lifecycle.examine_store(folder, WHO, MACHINE)
    assert found.backup is not None
    assert (found.backup.path, found.backup.since, found.refused) == (newer, 3, 0)
    hurt(newer, zeroed(50))
    found = store_lifecycle.examine_store(folder, WHO, MACHINE)
    assert found.backup is not None
    assert (found.backup.path, found.backup.since, found.refused) == (older, 4, 1)
    assert (folder / STORE_FILE).read_bytes() == whole
    names = {path.name for path in folder.parent.iterdir()}
    assert not [name for name in names if name.endswith((".part", ".work"))]


def test_both_copies_of_the_slots_bad_come_from_a_backup(folder: Path, tmp_path: Path) -> None:
    desk = opened(folder)
    before = folder.with_name(f"{folder.name}-before")
    before.mkdir()
    make_backup(desk, before)
    desk.store.close()
    truth = truth_of(folder)
    for name in key_slots.SLOT_FILES:
        (folder / name).write_bytes(b"nothing")
    assert refusal(lambda: opened(folder)) == "store.not_a_store"
    _, gone = proved(folder, truth, (folder / STORE_FILE).read_bytes())
    assert gone == frozenset()


def page_of_settings(folder: Path, tmp_path: Path) -> int:
    key = key_of(folder)
    pages = PageReader(folder / STORE_FILE, key, PageDecipherer(tmp_path / "carrier", key))
    for number in range(1, pages.count + 1):
        leaf = read_page(pages, number)
        if leaf is not None and any(
            row.values[:1] == ("sign_seed",) and row.number is not None for row in leaf.rows
        ):
            return number
    raise AssertionError


@pytest.mark.parametrize("has_backup", [True, False])
def test_lost_keys_come_from_a_backup_or_are_made_anew(
    folder: Path, tmp_path: Path, *, has_backup: bool
) -> None:
    desk = opened(folder)
    identity = desk.identity
    if has_backup:
        before = folder.with_name(f"{folder.name}-before")
        before.mkdir()
        make_backup(desk, before)
    desk.store.close()
    truth = truth_of(folder)
    number = page_of_settings(folder, tmp_path)
    done, _ = proved(folder, truth, hurt(folder, zeroed(number)))
    assert not done.has_keys
    desk = opened(folder)
    assert desk.identity.organisation == identity.organisation
    assert (desk.identity.sign_seed == identity.sign_seed) is has_backup
    desk.store.close()


def test_erased_client_stays_erased(folder: Path, tmp_path: Path) -> None:
    desk = opened(folder)
    before = folder.with_name(f"{folder.name}-before")
    before.mkdir()
    make_backup(desk, before)
    client = desk.store.rows("client")[0].rid
    erase_client(desk, client, ErasureReason.CLIENT_REQUEST)
    desk.store.close()
    truth = truth_of(folder)
    assert client not in truth
    proved(folder, truth, hurt(folder, zeroed(60)))
    desk = opened(folder)
    assert desk.store.row(client) is None
    assert client in desk.store.erasures.rids()
    desk.store.close()


def test_nothing_plain_comes_to_the_disk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def look(done: int, _of: int) -> None:
        files = [path for path in folder.parent.rglob("*") if path.is_file()]
        for path in files:
            if path.suffix == ".txt":
                continue
            data = path.read_bytes()
            assert CANARY not in data, path
            assert b"SQLite format" not in data, path
        seen.append(len(files))

    every = iter(range(100_000))
    store_lifecycle.salvage_store(
        folder, WHO, MACHINE, lambda d, o: look(d, o) if next(every) % 50 == 0 else None
    )
    assert max(seen) > 8


def test_journal_of_a_crash_is_played_back_on_a_copy(folder: Path, tmp_path: Path) -> None:
    truth = truth_of(folder)
    crashed = tmp_path / "crashed"
    store = keyring.unlock(folder, WHO)
    connection = store._connection
    connection.execute("PRAGMA cache_size = 10")
    connection.execute("BEGIN IMMEDIATE")
    for row in store.rows("leg"):
        connection.execute("UPDATE record_leg SET took = ? WHERE rid = ?", (bytes(900), row.rid))
    crashed.mkdir()
    for path in folder.iterdir():
        if path.suffix != ".lock":
            (crashed / path.name).write_bytes(path.read_bytes())
    connection.execute("ROLLBACK")
    store.close()
    assert (crashed / f"{STORE_FILE}-journal").exists()
    damaged = hurt(crashed, zeroed(44))
    _, gone = proved(crashed, truth, damaged)
    assert len(gone) < 40
    desk = opened(crashed)
    legs = [row.rid for row in desk.store.rows("leg")]
    assert bytes(900) not in desk.store.received_digests(legs).values()
    desk.store.close()


def test_cancelled_salvage_leaves_everything(folder: Path) -> None:
    whole = hurt(folder, zeroed(40))

    def stop(done: int, _of: int) -> None:
        if done > 20:
            raise KfdeskError("work.cancelled")

    code = refusal(lambda: store_lifecycle.salvage_store(folder, WHO, MACHINE, stop))
    assert code == "work.cancelled"
    assert (folder / STORE_FILE).read_bytes() == whole
    assert sorted(path.name for path in folder.parent.iterdir()) == ["ours", "picture.txt"]


def test_lost_content_of_a_document_is_told_and_the_record_stays(
    folder: Path, tmp_path: Path
) -> None:
    truth = truth_of(folder)
    document = next(rid for rid, row in truth.items() if row.type == "attachment")
    key = key_of(folder)
    pages = PageReader(folder / STORE_FILE, key, PageDecipherer(tmp_path / "carrier", key))
    beside: list[int] = []
    for number in range(1, pages.count + 1):
        leaf = read_page(pages, number)
        if leaf is not None and any(row.values[1:3] == (document, 0) for row in leaf.rows):
            beside += leaf.beside
    done, gone = proved(folder, truth, hurt(folder, zeroed(beside[3])))
    assert done.lost[CONTENT_KIND] == (document,)
    assert document not in gone


@pytest.mark.parametrize("code", ["en", "sv", "ru"])
def test_report_has_kinds_numbers_and_ids_and_no_value(folder: Path, code: str) -> None:
    truth = truth_of(folder)
    done, _ = proved(folder, truth, hurt(folder, zeroed(*range(30, 60))))
    words = integrity.salvage_report(done, Language(code, paths.translations_folder()))
    assert all(rid.hex() in words for ids in done.lost.values() for rid in ids)
    assert str(done.records) in words
    for value in (*map(str, people.CLIENT.values()), CANARY.decode()):
        assert len(value) < 6 or value not in words


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 4095])
def test_store_file_that_was_cut_to_its_first_bytes_is_examined(folder: Path, size: int) -> None:
    file = folder / STORE_FILE
    file.write_bytes(file.read_bytes()[:size])
    found = store_lifecycle.examine_store(folder, WHO, MACHINE)
    assert (found.salvage.damage.pages, found.salvage.damage.bad) == (1, 1)
    assert sum(found.salvage.kept.values()) == 0
    words = Language("en", paths.translations_folder())
    assert any("More may be lost" in said for said in integrity.loss_texts(found.salvage, words))
    assert file.stat().st_size == size
