# SPDX-License-Identifier: GPL-3.0-or-later
"""An audit chain that has gaps, linked anew so that it can be gone on with and checked.

What is missing is counted and told by others; here an entry is only known by its place and hash.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from kfdesk.storage.ledger import NO_HASH, link


def relinked(entries: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """A chain of which entries may be missing, each as its table has it, so that it holds again.

    As far as nothing is missing every entry keeps its hash; behind a gap they get new ones.
    """
    previous = NO_HASH
    for number, *entry, _, _ in entries:
        before, previous = previous, link(previous, tuple(entry))
        yield (number, *entry, before, previous)


def is_as_written(entry: tuple[Any, ...]) -> bool:
    """Whether an entry, as its table has it, still has the hash that it was written with."""
    _, *what, before, digest = entry
    return bool(digest == link(before, tuple(what)))
