# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of the window, and the count of failed logins, both kept outside the store.

Nothing can be written in a locked store, so the count waits here until the next login enters it
in the audit log. Its file holds a number only, and its name reveals no path. Anybody who can
write here can also delete it, so it is a hint and no proof.
"""

import json
from _blake2 import blake2b  # `hashlib` has the same, but loads OpenSSL before the unlock window
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from kfdesk.files import replace_file
from kfdesk.system import paths

# --- settings of the window

SETTINGS_FILE = "window.json"
SETTINGS_VERSION = 1
"""Raise it when a setting gets another meaning; a new one alone does not need it."""
_VERSION_KEY = "version"
_LONGEST_GEOMETRY = 1_000  # letters
_MOST_NUMBERS, _MOST_PIXELS = 40, 10_000


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings; an empty language means the system's."""

    language: str = ""
    scheme: str = "system"
    letters: int = 100
    lock_minutes: int = 5
    locks_with_session: bool = True
    locks_for_sleep: bool = True
    covers_when_left: bool = False
    is_compact: bool = False
    geometry: str = ""
    lists: dict[str, list[int]] = field(default_factory=dict)
    """Sorting and column widths by the name of the list; no name of a person or a plan."""


def settings_folder() -> Path:
    """Return the folder of the settings."""
    return paths.settings_folder()


def read_settings(where: Path) -> Settings:
    """Read the settings in the folder `where`; what does not fit is as if it were not there."""
    kept = _read_file(where)
    known = asdict(Settings())
    fitting = {key: kept[key] for key in known if type(kept.get(key)) is type(known[key])}
    read = Settings(**fitting)
    looks = {name: look for name, look in read.lists.items() if _is_look(look)}
    return replace(read, geometry=read.geometry[:_LONGEST_GEOMETRY], lists=looks)


def is_of_newer_program(where: Path) -> bool:
    """Return whether a newer program wrote the settings in the folder `where`."""
    return _is_newer(_read_file(where))


def _is_newer(kept: Mapping[str, object]) -> bool:
    version = kept.get(_VERSION_KEY)
    return type(version) is int and version > SETTINGS_VERSION


def _read_file(where: Path) -> dict[str, Any]:
    try:
        kept = json.loads((where / SETTINGS_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _is_look(look: object) -> bool:
    """Return whether this is the look of a list: a few small whole numbers."""
    return (
        isinstance(look, list)
        and len(look) <= _MOST_NUMBERS
        and all(type(one) is int and 0 <= one <= _MOST_PIXELS for one in look)
    )


def write_settings(where: Path, settings: Settings) -> None:
    """Save the settings in the folder `where`; if that fails, they hold until the end.

    What a newer program wrote stays, but for what was changed here: it may come back.
    """
    kept, before = _read_file(where), asdict(read_settings(where))
    changed = {key: value for key, value in asdict(settings).items() if value != before[key]}
    if _is_newer(kept):
        written = kept | changed
    else:
        written = kept | {_VERSION_KEY: SETTINGS_VERSION} | asdict(settings)
    try:
        where.mkdir(parents=True, exist_ok=True)
        data = json.dumps(written).encode()
        replace_file(where / SETTINGS_FILE, lambda file: file.write(data))
    except OSError:
        return


# --- failed logins

_MOST_FAILED_LOGINS = 9999
_HASH_PERSON, _HASH_BYTES = b"kfdesk-tries-1", 12


def count_failed_login(state: Path | None, folder: Path) -> None:
    """Count a failed login at the store in `folder`; ignore a write error."""
    if state is None:
        return
    with suppress(OSError):
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        count = min(_MOST_FAILED_LOGINS, failed_logins(state, folder) + 1)
        _count_file(state, folder).write_text(str(count), encoding="ascii")


def failed_logins(state: Path | None, folder: Path) -> int:
    """Return the number of failed logins; 0 if it cannot be read."""
    if state is None:
        return 0
    try:
        kept = _count_file(state, folder).read_text(encoding="ascii")
        return min(_MOST_FAILED_LOGINS, max(0, int(kept[:8])))
    except (OSError, ValueError):
        return 0


def reset_failed_logins(state: Path | None, folder: Path) -> None:
    """Reset the count of failed logins."""
    if state is not None:
        with suppress(OSError):
            _count_file(state, folder).unlink(missing_ok=True)


def _count_file(state: Path, folder: Path) -> Path:
    name = blake2b(str(folder.resolve()).encode(), digest_size=_HASH_BYTES, person=_HASH_PERSON)
    return state / name.hexdigest()
