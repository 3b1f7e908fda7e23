# SPDX-License-Identifier: GPL-3.0-or-later
"""The clients counted in each release of figures: keyed hashes of their ids, in this store alone.

They are no record, so no file, paper or bundle ever has them. They are needed to compare a later
release with an earlier one. Erasing a client takes her hash away from every release; what is left
is that somebody is missing.
"""

from collections.abc import Callable, Collection, Iterable
from hashlib import blake2b

from kfdesk.storage.driver import Connection, translated_errors

_KEY = "figure_key"
_PREFIX = "figures."
_HASH_BYTES = 16
_CHECK_BYTES = 8
"""Before the hashes of a release: a check of the key, so that a lost key is noticed."""


class CountedClients:
    """The hashes of a store; write them inside the store's transaction.

    Methods that read raise KfdeskError `store.damaged` for a bad page.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(
        self, release: bytes, clients: Collection[bytes], random: Callable[[int], bytes]
    ) -> None:
        """Keep who was counted in a release."""
        if self._value(_KEY) is None:
            self._set(_KEY, random(32))
        hashes = sorted(map(self._hasher(), clients))
        self._set(_PREFIX + release.hex(), self._check() + b"".join(hashes))

    @translated_errors()
    def counted(self, release: bytes, among: Iterable[bytes]) -> tuple[frozenset[bytes], int]:
        """Return which of these clients a release counted, and how many hashes it still has.

        Raise KeyError if nothing is known of the release in this store.
        """
        hashes = self._hashes(_PREFIX + release.hex())
        hashed = self._hasher()
        return frozenset(one for one in among if hashed(one) in hashes), len(hashes)

    @translated_errors()
    def knows(self, release: bytes) -> bool:
        """Return whether this store knows who was counted in a release."""
        value = self._value(_PREFIX + release.hex())
        return value is not None and value[:_CHECK_BYTES] == self._check()

    def forget(self, rids: Collection[bytes]) -> None:
        """Take the hashes of these clients away from all releases."""
        if self._value(_KEY) is None:
            return
        gone = frozenset(map(self._hasher(), rids))
        names = self._connection.execute(
            "SELECT key FROM setting WHERE key GLOB ?", (f"{_PREFIX}*",)
        ).fetchall()
        for (name,) in names:
            hashes = self._hashes(name)
            if hashes & gone:
                self._set(name, self._check() + b"".join(sorted(hashes - gone)))

    def _hashes(self, name: str) -> frozenset[bytes]:
        value = self._value(name)
        if value is None or value[:_CHECK_BYTES] != self._check():
            raise KeyError(name)
        body = value[_CHECK_BYTES:]
        return frozenset(body[n : n + _HASH_BYTES] for n in range(0, len(body), _HASH_BYTES))

    def _hasher(self) -> Callable[[bytes], bytes]:
        key = self._value(_KEY) or b""
        return lambda client: blake2b(
            client, key=key, digest_size=_HASH_BYTES, person=b"figures"
        ).digest()

    def _check(self) -> bytes:
        key = self._value(_KEY) or b""
        return blake2b(key, digest_size=_CHECK_BYTES, person=b"figure key").digest()

    def _value(self, key: str) -> bytes | None:
        found = self._connection.execute("SELECT value FROM setting WHERE key = ?", (key,))
        row = found.fetchone()
        return bytes(row[0]) if row else None

    def _set(self, key: str, value: bytes) -> None:
        self._connection.execute(
            "INSERT INTO setting VALUES (?, ?) "
            "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (key, value),
        )
