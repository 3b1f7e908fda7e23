# SPDX-License-Identifier: GPL-3.0-or-later
"""The target that is a whole file: looked at by a real desk, which must not write anything yet.

A desk with a partner is made once, in memory where there is some. Apart from the parsers, because
it needs the whole program, which takes long to load.
"""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.fuzz.target import Aim, FoundError, Target, is_taken
from tests.torture import forgeries
from tests.torture.world import World, connection_of, make_world

from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer


@cache
def _world() -> World:
    folder = TemporaryDirectory()
    world = make_world(Path(folder.name))
    _KEEP.append(folder)
    return world


_KEEP: list[TemporaryDirectory[str]] = []


@cache
def _desk() -> Session:
    world = _world()
    return world.opened(world.copy(world.theirs))


def _aim_at_file(look: Callable[[Session, Path], object]) -> Aim:
    """Three ways: any file; any plaintext that was encrypted to us; any records, signed too."""

    def aim(data: bytes) -> None:
        world, desk, path = _world(), _desk(), _world().folder / "fuzzed.age"
        kind, rest = data[:1], data[1:]
        plain, age_key = forgeries._opened(world)
        if kind == b"r":
            path.write_bytes(forgeries.with_records(world, plain, rest or b"\x90"))
        else:
            path.write_bytes(rest if kind == b"f" else forgeries._encrypted(rest, age_key))
        connection = connection_of(desk.store)
        before = connection.total_changes
        is_taken(lambda: look(desk, path))
        if connection.total_changes != before:
            raise FoundError("something was written before the file was taken")

    return aim


def _file_seeds() -> Sequence[bytes]:
    plain, _ = forgeries._opened(_world())
    files = [b"f" + _world().bundle.read_bytes(), b"p" + plain.joined()]
    return [*files, b"r" + forgeries.records_in(plain)]


TARGETS = (
    Target(
        "file",
        _aim_at_file(transfer.review_bundle),
        _aim_at_file(forgeries._believe),
        _file_seeds,
        40_000,
    ),
)
