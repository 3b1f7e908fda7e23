# SPDX-License-Identifier: GPL-3.0-or-later
"""What is hurt: two desks made once, a bundle on its way between them, and copies of both to break.

Copies are opened with the store's own key, as `vault.unlock` does once it has it, because a
passphrase costs a tenth of a second by design. Everybody in these stores is invented.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from pathlib import Path

from benchmarks import desks

from kfdesk import store_lifecycle
from kfdesk.demo import story
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import Direction, Identity
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import view
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session, open_session
from kfdesk.services.exchange import transfer
from kfdesk.services.plans import plans
from kfdesk.storage import driver, key_slots, tables
from kfdesk.storage.driver import STORE_FILE
from kfdesk.storage.store import Store

OURS, THEIRS, POST = "ours", "theirs", "post"
_LEGS, _CHANGED, _NEW = 24, 12, 12


@dataclass(frozen=True, slots=True)
class Place:
    """A desk's folder and the key of its store: all that a process needs to open it."""

    folder: Path
    key: bytes

    @property
    def file(self) -> Path:
        """The store itself."""
        return self.folder / STORE_FILE


@dataclass
class World:
    """The beginning of every trial. `ours` and `theirs` are never written to; copies are."""

    folder: Path
    ours: Place
    theirs: Place
    plan: bytes
    short_plan: bytes
    leg: bytes
    bundle: Path
    _numbers: Iterator[int] = field(default_factory=count)
    _identities: dict[Place, Identity] = field(default_factory=dict)
    _open: list[Session] = field(default_factory=list)

    @property
    def post(self) -> Path:
        """Return where bundles of a trial go; emptied after it."""
        return _made(self.folder / POST)

    def scratch(self, under: Path | None = None) -> Path:
        """Create a new, empty folder that is deleted after the trial."""
        return _made((under or self.folder / "trial") / str(next(self._numbers)))

    def copy(self, place: Place, under: Path | None = None) -> Place:
        """Copy the desk's folder."""
        folder = self.scratch(under)
        shutil.copytree(place.folder, folder, dirs_exist_ok=True)
        return Place(folder, place.key)

    def opened(self, place: Place) -> Session:
        """Open the desk in a folder; it is closed after the trial.

        Raise KfdeskError `store.…`.
        """
        desk = open_at(place)
        self._open.append(desk)
        return desk

    def identity(self, place: Place) -> Identity:
        """Name and keys of a desk, which is opened for it once."""
        if place not in self._identities:
            desk = open_at(place)
            self._identities[place] = desk.identity
            desk.store.close()
        return self._identities[place]

    def tidy(self) -> None:
        """Close and remove what a trial has left."""
        while self._open:
            with suppress(driver.DatabaseError):
                self._open.pop().store.close()
        shutil.rmtree(self.folder / "trial", ignore_errors=True)
        shutil.rmtree(self.folder / POST, ignore_errors=True)


def make_world(folder: Path) -> World:
    """Two desks; theirs has taken our first bundle, and the second lies there, not yet taken."""
    pair = desks.pair(folder, _LEGS)
    way = _made(folder / "way")
    first = transfer.send_bundle(pair.ours, pair.plan, pair.theirs.identity.organisation, way)
    transfer.import_bundle(pair.theirs, first.path, transfer.review_bundle(pair.theirs, first.path))
    legs = pair.ours.store.rows("leg")
    for row in legs[:_CHANGED]:
        change_record(pair.ours, row.rid, {"carrier": "41, Exempelbuss"})
    with pair.ours.store.transaction():
        for number in range(_NEW):
            pair.ours.store.put(desks.new_leg(pair.ours, pair.plan, _LEGS + number))
    short_plan, _ = story.enter_plan(pair.ours, pair.theirs.identity.organisation)
    second = transfer.send_bundle(pair.ours, pair.plan, pair.theirs.identity.organisation, way)
    for desk in (pair.ours, pair.theirs):
        desk.store.close()
    ours, theirs = (place_of(folder / name) for name in (OURS, THEIRS))
    return World(folder, ours, theirs, pair.plan, short_plan, legs[-1].rid, second.path)


def open_at(place: Place) -> Session:
    """Open the desk in a folder by its key. Raise KfdeskError as `keyring.unlock` does."""
    store = store_at(place)
    try:
        return open_session(
            store, desks.WHO.initials, store_lifecycle.build_adapters(desks.MACHINE)
        )
    except BaseException:
        store.close()
        raise


def store_at(place: Place) -> Store:
    """Open the store in a folder by its key. Raise KfdeskError as `keyring.unlock` does."""
    connection = driver.connect(place.file, place.key)
    store = Store(connection, place.file)
    try:
        tables.upgrade_tables(connection, store.rebuild)
    except driver.DatabaseError:
        store.close()
        raise KfdeskError("store.damaged") from None
    return store


def connection_of(store: Store) -> driver.Connection:
    """Return the connection of an open store, to do what no service would."""
    return store._connection


def contents(store: Store) -> bytes:
    """Return a digest of every row of every table, ledger and settings included.

    Raise KfdeskError `store.damaged`.
    """
    connection = connection_of(store)
    whole = sha256()
    names = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
    with driver.translated_errors():
        for (name,) in connection.execute(names).fetchall():
            rows = (repr(row) for row in connection.execute(f"SELECT * FROM {name}"))
            whole.update("\n".join([name, *sorted(rows)]).encode())
    return whole.digest()


def read_everything(desk: Session) -> None:
    """Read what the pages of the window read. Raises KfdeskError where the store is damaged."""
    for line in plans.list_plans(desk):
        page = plans.open_plan(desk, line.rid)
        assert isinstance(page.plan.record, Plan)
    for partner in desk.store.ledger.partners():
        desk.store.ledger.entries(partner.organisation)
        desk.store.ledger.marks(partner.organisation, Direction.IN)
    for row in desk.store.rows("leg"):
        desk.store.history(row.rid)
    for row in desk.store.rows("plan"):
        view(row, Plan)


def refusal(work: Callable[[], object]) -> str:
    """Return the code of the KfdeskError that `work` raises; else an empty string."""
    try:
        work()
    except KfdeskError as refused:
        return refused.code
    return ""


def unfinished(folder: Path) -> list[str]:
    """Files that something half done has left."""
    halves = (".part", ".new", "-journal", "-wal")
    return sorted(path.name for path in folder.rglob("*") if path.name.endswith(halves))


def place_of(folder: Path) -> Place:
    """Return the place of a store that `WHO` can open."""
    who = desks.WHO
    key = key_slots.open_user_slot(key_slots.read_slots(folder), who.initials, who.passphrase)
    return Place(folder, key)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
