# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody without any key puts single pages of an older copy back into the store's file.

Each page is valid by itself and stands where it always stood. The anchors are left out in most
tests: the store alone has to notice.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import pytest
from tests.integration.pair_samples import MACHINE, WHO, Pair, met_pair
from tests.support.samples import first

from kfdesk import store_lifecycle
from kfdesk.domain.accounts import Role
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.errors import KfdeskError
from kfdesk.services import accounts
from kfdesk.services.core.session import Session, verify_store
from kfdesk.services.exchange.erasure import erase_client
from kfdesk.services.exchange.partners import revoke_partner
from kfdesk.services.plans.consents import withdraw_consent
from kfdesk.services.upkeep.backup import make_backup
from kfdesk.storage import driver, key_slots, keyring
from kfdesk.storage.driver import PAGE_BYTES, STORE_FILE

SOME_PAIRS = 60
OTHER = "sex andra ord för en annan"


@dataclass(frozen=True)
class Copies:
    """The folder of a closed store, its key, and its file before and after a change."""

    folder: Path
    key: bytes
    before: bytes
    after: bytes

    @property
    def differing(self) -> list[int]:
        """The numbers of the pages that differ, from 0."""
        count = min(len(self.before), len(self.after)) // PAGE_BYTES
        return [n for n in range(count) if _page(self.before, n) != _page(self.after, n)]

    def put_back(self, pages: tuple[int, ...]) -> None:
        """Write the file after the change, with these pages of the file before."""
        whole = bytearray(self.after)
        for number in pages:
            whole[number * PAGE_BYTES : (number + 1) * PAGE_BYTES] = _page(self.before, number)
        (self.folder / STORE_FILE).write_bytes(whole)


def _page(data: bytes, number: int) -> bytes:
    return data[number * PAGE_BYTES : (number + 1) * PAGE_BYTES]


def withdraw(desk: Session) -> None:
    for row in desk.store.rows("consent"):
        withdraw_consent(desk, row.rid)


def revoke(desk: Session) -> None:
    for partner in desk.store.ledger.partners():
        revoke_partner(desk, partner.organisation)


def take_a_role(desk: Session) -> None:
    accounts.set_roles(desk, "QQ", (next(iter(Role)),))


def erase(desk: Session) -> None:
    for row in desk.store.rows("client"):
        erase_client(desk, row.rid, next(iter(ErasureReason)))


def save_a_setting(desk: Session) -> None:
    with desk.store.transaction():
        desk.store.set_setting("resume.QQ", b"plans")


CHANGES: dict[str, Callable[[Session], None]] = {
    "a consent": withdraw, "a partner": revoke, "a role": take_a_role, "an erasure": erase,
    "a setting": save_a_setting,
}  # fmt: skip


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with met_pair(tmp_path) as pair:
        accounts.add_user(pair.ours, WHO.passphrase, "QQ", OTHER, [Role.CASE_MANAGER])
        yield pair


def copies_of(pair: Pair, change: Callable[[Session], None], folder: Path) -> Copies:
    """Close our desk, change it, and return both copies of the file."""
    ours = folder / "ours"
    pair.ours.store.close()
    before = (ours / STORE_FILE).read_bytes()
    desk = store_lifecycle.unlock_store(ours, WHO, MACHINE)
    change(desk)
    desk.store.close()
    key = key_slots.open_user_slot(key_slots.read_slots(ours), WHO.initials, WHO.passphrase)
    return Copies(ours, key, before, (ours / STORE_FILE).read_bytes())


SHORT = [
    pytest.param(name, marks=pytest.mark.slow) if name == "an erasure" else name for name in CHANGES
]
"""An erasure writes many pages; pairs of them are tried in every run of the tests."""


def notice(copies: Copies) -> str:
    """Return how the store itself notices what was done to it, without any anchor; else nothing."""
    try:
        store = keyring.unlock_by_key(copies.folder, copies.key)
    except KfdeskError as refused:
        return refused.code
    try:
        return " ".join(store.verify())
    except KfdeskError as refused:
        return refused.code
    finally:
        store.close()


def all_rows(file: Path, key: bytes) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table of a store, read without indexes.

    The tables of the full-text index are left out: they only propose records to show.
    """
    connection = driver.connect(file, key)
    try:
        names = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 "
            "AND name NOT LIKE 'lead%'"
        )
        return {
            name: sorted(connection.execute(f"SELECT * FROM {name} NOT INDEXED"), key=repr)
            for (name,) in names.fetchall()
        }
    finally:
        connection.close()


def unnoticed(copies: Copies, tries: Iterable[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Return which pages can be put back, and bring something back, without being noticed.

    SQLite writes some pages anew with the same rows in them; the older one says the same.
    """
    file = copies.folder / STORE_FILE
    file.write_bytes(copies.after)
    rows = all_rows(file, copies.key)
    found = []
    for pages in tries:
        copies.put_back(pages)
        if not notice(copies) and all_rows(file, copies.key) != rows:
            found.append(pages)
    return found


@pytest.mark.parametrize("name", SHORT)
def test_every_single_page_is_noticed(pair: Pair, tmp_path: Path, name: str) -> None:
    copies = copies_of(pair, CHANGES[name], tmp_path)
    assert notice(copies) == ""
    assert len(copies.differing) > 1
    assert unnoticed(copies, [(number,) for number in copies.differing]) == []


@pytest.mark.parametrize("name", first(2, CHANGES))
def test_pairs_of_pages_are_noticed(pair: Pair, tmp_path: Path, name: str) -> None:
    copies = copies_of(pair, CHANGES[name], tmp_path)
    pairs = list(combinations(copies.differing, 2))
    some = random.Random(1).sample(pairs, min(SOME_PAIRS, len(pairs)))
    assert unnoticed(copies, some) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a consent", "a partner", "a role", "a setting"])
def test_every_pair_of_pages_is_noticed(pair: Pair, tmp_path: Path, name: str) -> None:
    copies = copies_of(pair, CHANGES[name], tmp_path)
    assert unnoticed(copies, list(combinations(copies.differing, 2))) == []


def test_pages_that_change_with_every_commit_are_noticed_at_the_door(
    pair: Pair, tmp_path: Path
) -> None:
    """The first page alone, which holds no row at all."""
    copies = copies_of(pair, withdraw, tmp_path)
    copies.put_back((0,))
    assert notice(copies) == "store.mixed"


def test_old_rows_are_said_in_a_sentence_and_nothing_is_written(pair: Pair, tmp_path: Path) -> None:
    copies = copies_of(pair, revoke, tmp_path)
    number = next(n for n in copies.differing if is_told(copies, n))
    copies.put_back((number,))
    desk = store_lifecycle.unlock_store(copies.folder, WHO, MACHINE)
    with pytest.raises(KfdeskError, match=r"store\.mixed"):
        verify_store(desk, is_short=True)
    into = tmp_path / "stick"
    into.mkdir()
    with pytest.raises(KfdeskError, match=r"store\.mixed"):
        make_backup(desk, into)
    assert list(into.iterdir()) == []
    desk.store.close()


@pytest.mark.parametrize("is_saved", [False, True])
def test_page_put_back_after_the_check_is_said_by_the_next_backup(
    pair: Pair, tmp_path: Path, *, is_saved: bool
) -> None:
    """The open store was checked before, and may save something more afterwards."""
    copies = copies_of(pair, revoke, tmp_path)
    number = next(n for n in copies.differing if is_told(copies, n))
    (copies.folder / STORE_FILE).write_bytes(copies.after)
    into = tmp_path / "stick"
    into.mkdir()
    desk = store_lifecycle.unlock_store(copies.folder, WHO, MACHINE)
    verify_store(desk, is_short=True)
    make_backup(desk, into)
    with (copies.folder / STORE_FILE).open("rb+") as file:
        file.seek(number * PAGE_BYTES)
        if file.read(PAGE_BYTES) == _page(copies.after, number):
            file.seek(number * PAGE_BYTES)
            file.write(_page(copies.before, number))
    if is_saved:
        save_a_setting(desk)
    with pytest.raises(KfdeskError, match=r"store\.(mixed|damaged)"):
        make_backup(desk, into)
    assert len(list(into.iterdir())) == 1
    desk.store.close()


def is_told(copies: Copies, number: int) -> bool:
    """Return whether an old page brings old rows back into a store that opens."""
    copies.put_back((number,))
    return notice(copies) == "mixed"


def test_a_backup_with_an_old_page_is_not_restored(pair: Pair, tmp_path: Path) -> None:
    copies = copies_of(pair, revoke, tmp_path)
    number = next(n for n in copies.differing if is_told(copies, n))
    copies.put_back((number,))
    with pytest.raises(KfdeskError, match=r"backup\.mixed"):
        store_lifecycle.check_backup(copies.folder, tmp_path / "elsewhere", WHO)


def test_what_is_written_afterwards_does_not_hide_it(pair: Pair, tmp_path: Path) -> None:
    copies = copies_of(pair, revoke, tmp_path)
    number = next(n for n in copies.differing if is_told(copies, n))
    copies.put_back((number,))
    desk = store_lifecycle.unlock_store(copies.folder, WHO, MACHINE)
    save_a_setting(desk)
    revoke(desk)
    desk.store.close()
    assert "mixed" in notice(copies)
