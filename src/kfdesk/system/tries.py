# SPDX-License-Identifier: GPL-3.0-or-later
"""How often a door was tried in vain since it last opened, counted outside the store.

While a store is locked nothing can be written in it, so the count waits here until somebody comes
in and it is entered in the trail. A number and nothing else, in a file whose name says no path;
whoever can write here can also take it away, which is why it is a note and no proof.
"""

from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

_MOST = 9999
_CONTEXT, _NAME = b"kfdesk-tries-1", 12


def count_try(state: Path | None, folder: Path) -> None:
    """Count a try at the store in `folder`; where that cannot be written, it is not counted."""
    if state is None:
        return
    with suppress(OSError):
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        count = min(_MOST, tries_before(state, folder) + 1)
        _place(state, folder).write_text(str(count), encoding="ascii")


def tries_before(state: Path | None, folder: Path) -> int:
    """How many tries were counted; none where that cannot be read."""
    if state is None:
        return 0
    try:
        kept = _place(state, folder).read_text(encoding="ascii")
        return min(_MOST, max(0, int(kept[:8])))
    except (OSError, ValueError):
        return 0


def forget_tries(state: Path | None, folder: Path) -> None:
    """Begin to count anew."""
    if state is not None:
        with suppress(OSError):
            _place(state, folder).unlink(missing_ok=True)


def _place(state: Path, folder: Path) -> Path:
    name = blake2b(str(folder.resolve()).encode(), digest_size=_NAME, person=_CONTEXT)
    return state / name.hexdigest()
