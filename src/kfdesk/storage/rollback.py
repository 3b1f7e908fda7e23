# SPDX-License-Identifier: GPL-3.0-or-later
"""Rollback protection: detect that a store was replaced by an older copy of itself.

Whoever can write to the disk can put back last week's file, and that file is valid. So
the number and hash of the newest audit entry, the change counter, and the content hash
with its number of commits are also kept in two small anchor files. One lies beside the
store, one in this user's state folder, so that a replaced folder is noticed too. They are
encrypted and authenticated under a key derived from the data key.

They are written after the commit that they describe, never before it. So a power cut
can only leave an anchor that is too old, which every newer store satisfies. A missing
or damaged anchor locks nobody out. If both are put back together with the store,
nothing is noticed.
"""

import os
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

from nacl import bindings, exceptions

from kfdesk.domain.errors import KfdeskError
from kfdesk.files import replace_file
from kfdesk.storage.content_hash import read_content
from kfdesk.storage.driver import Connection, DatabaseError, translated_errors
from kfdesk.storage.key_slots import SLOTS_SETTING, decode_slots, slots_mark

ANCHOR_FILE = "notebook.anchor"
UNFINISHED_ANCHOR_SUFFIX = ".new"
_CONTEXT = b"kfdesk-anchor-1"
_SHAPE = struct.Struct(">QQQ32sQ32s40s")
_FORMER_SHAPE = struct.Struct(">QQQ32s")  # of programs without a content hash
_KEY, _NONCE, _NAME = 32, 24, 12
_SAVE_INTERVAL = 60.0  # seconds of work between two writings
_MAX_ANCHOR_BYTES = 4096

Random = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Anchor:
    """The newest audit entry of a store (number, time in ms UTC, hash) and its change counter.

    `commits` and `content` are the store's content hash and its number, `slots` the mark of its
    slots. Older programs had none of them.
    """

    entry: int
    milliseconds: int
    changes: int
    digest: bytes
    commits: int = 0
    content: bytes = b""
    slots: bytes = b""


@dataclass(frozen=True, slots=True)
class RollbackCheck:
    """The options of the rollback check when a store is opened.

    `state` is the folder with this computer's copy, None for none. `ticks` counts seconds.
    `accepts_older` means that the user was warned and continues with an older store.
    `names` are for the backup of a store that an older program wrote.
    """

    state: Path | None = None
    random: Random = os.urandom
    ticks: Callable[[], float] = time.monotonic
    accepts_older: bool = False
    names: tuple[str, ...] = ()


class RollbackGuard:
    """The anchors of one open store. Nothing is read before `check` or written before `begin`."""

    def __init__(self, folder: Path, key: bytes, connection: Connection) -> None:
        self._folder = folder
        self._key = blake2b(key=key, digest_size=_KEY, person=_CONTEXT).digest()
        self._connection = connection
        self._watch = RollbackCheck()
        self._places: tuple[Path, ...] = ()
        self._kept: Anchor | None = None
        self._due: float | None = None
        self._found: tuple[str, ...] = ()
        self.missed: Anchor | None = None
        """The newest anchor of which an accepted older store falls short."""
        self.is_first_here = False
        """True if this computer knew no store in this place."""

    @translated_errors()
    def check(self, watch: RollbackCheck) -> None:
        """Check that the store has everything that its anchors have seen. Write nothing.

        Raise KfdeskError `store.rolled_back` (`seen` and `newest` in ms since 1970, UTC) for an
        older store or a different branch of it, unless that is accepted.
        """
        self._places = _anchor_paths(self._folder, watch.state)
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

    def begin(self, watch: RollbackCheck) -> None:
        """Start to update the anchors, and update them at once."""
        self._watch = watch
        self._places = _anchor_paths(self._folder, watch.state)
        self._due = watch.ticks()
        self.follow()

    def follow(self) -> None:
        """Update the anchors after a commit, at most once a minute. Ignore disk errors."""
        if self._due is not None and self._watch.ticks() >= self._due:
            self._due = self._watch.ticks() + _SAVE_INTERVAL
            self.keep()

    def keep(self) -> None:
        """Update the anchors now, as before the store is closed. Ignore disk errors."""
        if self._due is None:
            return
        with suppress(DatabaseError, OSError):
            newest = self._newest()
            if newest is not None and newest != self._kept:
                for place in self._places:
                    self._write(place, newest)
                self._kept = newest

    def settle(self, folder: Path, state: Path | None) -> None:
        """Write the last anchor for the folder that the closed store was moved to."""
        self._places = _anchor_paths(folder, state)
        if self._kept is not None:
            for place in self._places:
                with suppress(OSError):
                    self._write(place, self._kept)

    def slots_marks(self) -> tuple[bytes, ...]:
        """Return the marks of the slots that the anchors know, where `check` has found them."""
        return tuple(anchor.slots for anchor in self._anchors() if anchor.slots)

    def find_problems(self) -> tuple[str, ...]:
        """Return `anchor` if a copy is or was damaged, or does not match the store."""
        is_wrong = any(not self._holds(anchor) for anchor in self._anchors())
        return ("anchor",) if self._found or is_wrong or any(self._damaged()) else ()

    def _newest(self) -> Anchor | None:
        row = self._connection.execute(
            "SELECT id, at, (SELECT value FROM setting WHERE key = 'counter'), hash, "
            "(SELECT value FROM setting WHERE key = ?) FROM audit ORDER BY id DESC LIMIT 1",
            (SLOTS_SETTING,),
        ).fetchone()
        if row is None:
            return None
        commits, content = self._content()
        head = (row[0], row[1], _decode_number(row[2]), bytes(row[3]))
        slots = slots_mark(decode_slots(row[4])) if row[4] is not None else b""
        return Anchor(*head, commits, content, slots)

    def _content(self) -> tuple[int, bytes]:
        """Return the store's number of commits and content hash; zero and none before the first."""
        commits, content = read_content(self._connection) or (0, None)
        return commits, content or b""

    def _holds(self, anchor: Anchor) -> bool:
        row = self._connection.execute(
            "SELECT hash, (SELECT value FROM setting WHERE key = 'counter') "
            "FROM audit WHERE id = ?",
            (anchor.entry,),
        ).fetchone()
        return (
            bool(row)
            and bytes(row[0]) == anchor.digest
            and _decode_number(row[1]) >= anchor.changes
            and self._has_content(anchor)
        )

    def _has_content(self, anchor: Anchor) -> bool:
        commits, content = self._content()
        is_same = commits == anchor.commits and content == anchor.content
        return is_same or commits > anchor.commits or not anchor.content

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
                data = file.read(_MAX_ANCHOR_BYTES)
            plain = bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
                data[_NONCE:], _associated_data(place), data[:_NONCE], self._key
            )
            shape = _SHAPE if len(plain) == _SHAPE.size else _FORMER_SHAPE
            found = Anchor(*shape.unpack(plain))
            return replace(found, slots=b"") if not any(found.slots) else found
        except (OSError, ValueError, exceptions.CryptoError, struct.error):
            return None

    def _write(self, place: Path, anchor: Anchor) -> None:
        head = (anchor.entry, anchor.milliseconds, anchor.changes, anchor.digest)
        shape = _SHAPE if anchor.content else _FORMER_SHAPE
        more = (anchor.commits, anchor.content, anchor.slots) if anchor.content else ()
        plain = shape.pack(*head, *more)
        nonce = self._watch.random(_NONCE)
        sealed = bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(
            plain, _associated_data(place), nonce, self._key
        )
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = place.with_name(f"{place.name}{UNFINISHED_ANCHOR_SUFFIX}")
        replace_file(place, lambda file: file.write(nonce + sealed), beside=beside)


def delete_state_anchor(folder: Path, state: Path | None) -> None:
    """Delete this computer's anchor of a store before another store takes its place.

    Raise KfdeskError `store.disk`; then nothing is deleted.
    """
    try:
        for place in _anchor_paths(folder, state)[1:]:
            place.unlink(missing_ok=True)
    except OSError:
        raise KfdeskError("store.disk") from None


def _anchor_paths(folder: Path, state: Path | None) -> tuple[Path, ...]:
    """Return the anchor file beside the store, and the one in the state folder.

    The name in the state folder is a hash, so that it does not reveal the path.
    """
    beside = folder / ANCHOR_FILE
    if state is None:
        return (beside,)
    name = blake2b(str(folder.resolve()).encode(), digest_size=_NAME, person=_CONTEXT).hexdigest()
    return (beside, state / name)


def _associated_data(place: Path) -> bytes:
    return place.name.encode()  # so that one copy cannot be used as the other


def _decode_number(kept: bytes | None) -> int:
    return int.from_bytes(kept or b"", "big")
