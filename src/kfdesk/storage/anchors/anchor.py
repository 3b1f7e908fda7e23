# SPDX-License-Identifier: GPL-3.0-or-later
"""An anchor: what was newest in a store when it was last open, kept outside of it.

Whoever can write to the disk can put a file of last week in the place of a store, and that file is
sound. So number and hash of the newest audit entry, and the change counter, are also kept in two
small files: one beside the store, one in this user's own state folder, so that putting back the
whole folder is noticed, too. They are encrypted and authenticated under a key that is derived from
the data key, and are written after the commit that they tell of, never before it: a power cut can
only leave one that is too old, which every newer store fulfils. One that is missing or damaged
shuts nobody out. Where both are put back together with the store, nothing is noticed.
"""

import os
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from nacl import bindings, exceptions

from kfdesk.domain.errors import KfdeskError
from kfdesk.storage.driver import Connection, DatabaseError, reading

FILE = "notebook.anchor"
UNFINISHED = ".new"
_CONTEXT = b"kfdesk-anchor-1"
_SHAPE = struct.Struct(">QQQ32s")
_KEY, _NONCE, _NAME = 32, 24, 12
_EVERY = 60.0  # seconds of work between two writings
_LARGEST = 4096

Random = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Anchor:
    """The newest audit entry of a store: its number, when it was written (ms, UTC), its hash; and
    how many changes the store had counted.
    """

    entry: int
    milliseconds: int
    changes: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Watch:
    """How a store that is opened is watched for being older than it was.

    `state` is the folder in which this computer keeps its copy, None for none; `ticks` counts
    seconds; `accepts_older` says that somebody who was told wants to go on with an older one.
    `names` are for the backup of a store that a program before has written.
    """

    state: Path | None = None
    random: Random = os.urandom
    ticks: Callable[[], float] = time.monotonic
    accepts_older: bool = False
    names: tuple[str, ...] = ()


class Anchors:
    """The copies of one open store's anchor. Nothing is read before `check`, or written before
    `begin`.
    """

    def __init__(self, folder: Path, key: bytes, connection: Connection) -> None:
        self._folder = folder
        self._key = blake2b(key=key, digest_size=_KEY, person=_CONTEXT).digest()
        self._connection = connection
        self._watch = Watch()
        self._places: tuple[Path, ...] = ()
        self._kept: Anchor | None = None
        self._due: float | None = None
        self._found: tuple[str, ...] = ()
        self.missed: Anchor | None = None
        """The newest anchor that an older store, which was accepted, does not fulfil."""
        self.is_first_here = False
        """Whether this computer knew nothing of a store in this place."""

    @reading()
    def check(self, watch: Watch) -> None:
        """Look whether the store has all that was seen of it. Writes nothing.

        Raises KfdeskError `store.rolled_back` (`seen` and `newest` in milliseconds since 1970,
        UTC) for an older store or another course of it, unless that is accepted.
        """
        self._places = _places(self._folder, watch.state)
        self._found = tuple(self._damaged())
        self.is_first_here = watch.state is not None and not self._places[-1].is_file()
        unfulfilled = [anchor for anchor in self._anchors() if not self._holds(anchor)]
        if not unfulfilled:
            return
        self.missed = max(unfulfilled, key=lambda anchor: anchor.milliseconds)
        if not watch.accepts_older:
            newest = self._newest()
            seen, has = self.missed.milliseconds, newest.milliseconds if newest else 0
            raise KfdeskError("store.rolled_back", seen=seen, newest=has)

    def begin(self, watch: Watch) -> None:
        """From now on keep up with the store, beginning at once."""
        self._watch = watch
        self._places = _places(self._folder, watch.state)
        self._due = watch.ticks()
        self.follow()

    def follow(self) -> None:
        """Keep up after a commit, at most once a minute. What the disk refuses is left."""
        if self._due is not None and self._watch.ticks() >= self._due:
            self._due = self._watch.ticks() + _EVERY
            self.keep()

    def keep(self) -> None:
        """Keep up now, as before the store is closed. What the disk refuses is left."""
        if self._due is None:
            return
        with suppress(DatabaseError, OSError):
            newest = self._newest()
            if newest is not None and newest != self._kept:
                for place in self._places:
                    self._write(place, newest)
                self._kept = newest

    def settle(self, folder: Path, state: Path | None) -> None:
        """Keep the last anchor for the folder that the store, now closed, was moved to."""
        self._places = _places(folder, state)
        if self._kept is not None:
            for place in self._places:
                with suppress(OSError):
                    self._write(place, self._kept)

    def wrong(self) -> tuple[str, ...]:
        """`anchor` if a copy is or was damaged, or says what the store does not hold."""
        is_wrong = any(not self._holds(anchor) for anchor in self._anchors())
        return ("anchor",) if self._found or is_wrong or any(self._damaged()) else ()

    def _newest(self) -> Anchor | None:
        row = self._connection.execute(
            "SELECT id, at, (SELECT value FROM setting WHERE key = 'counter'), hash "
            "FROM audit ORDER BY id DESC LIMIT 1"
        ).fetchone()
        return Anchor(row[0], row[1], _number(row[2]), bytes(row[3])) if row else None

    def _holds(self, anchor: Anchor) -> bool:
        row = self._connection.execute(
            "SELECT hash, (SELECT value FROM setting WHERE key = 'counter') "
            "FROM audit WHERE id = ?",
            (anchor.entry,),
        ).fetchone()
        return bool(row) and bytes(row[0]) == anchor.digest and _number(row[1]) >= anchor.changes

    def _anchors(self) -> Iterator[Anchor]:
        for place in self._places:
            anchor = self._read(place)
            if anchor is not None:
                yield anchor

    def _damaged(self) -> Iterator[str]:
        for place in self._places:
            if place.is_file() and self._read(place) is None:
                yield place.name

    def _read(self, place: Path) -> Anchor | None:
        try:
            with place.open("rb") as file:
                data = file.read(_LARGEST)
            plain = bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
                data[_NONCE:], _associated(place), data[:_NONCE], self._key
            )
            return Anchor(*_SHAPE.unpack(plain))
        except (OSError, ValueError, exceptions.CryptoError, struct.error):
            return None

    def _write(self, place: Path, anchor: Anchor) -> None:
        plain = _SHAPE.pack(anchor.entry, anchor.milliseconds, anchor.changes, anchor.digest)
        nonce = self._watch.random(_NONCE)
        sealed = bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(
            plain, _associated(place), nonce, self._key
        )
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = place.with_name(f"{place.name}{UNFINISHED}")
        with beside.open("wb") as file:
            file.write(nonce + sealed)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(place)  # not flushed: the older one that a power cut leaves is as true


def forget_state(folder: Path, state: Path | None) -> None:
    """Forget what this computer knows of the store in a folder, before another takes its place.

    Raises KfdeskError `store.disk`; then nothing is forgotten.
    """
    try:
        for place in _places(folder, state)[1:]:
            place.unlink(missing_ok=True)
    except OSError:
        raise KfdeskError("store.disk") from None


def _places(folder: Path, state: Path | None) -> tuple[Path, ...]:
    """Beside the store, and in this computer's own folder under a name that says no path."""
    beside = folder / FILE
    if state is None:
        return (beside,)
    name = blake2b(str(folder.resolve()).encode(), digest_size=_NAME, person=_CONTEXT).hexdigest()
    return (beside, state / name)


def _associated(place: Path) -> bytes:
    return place.name.encode()  # so that no copy can stand for another


def _number(kept: bytes | None) -> int:
    return int.from_bytes(kept or b"", "big")
