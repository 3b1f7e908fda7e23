# SPDX-License-Identifier: GPL-3.0-or-later
"""What the program remembers outside the store: how the window looks, and nothing else.

Readable by anybody who has the laptop, so no store, no name, no time of use stands here. A new
setting is one line. A missing or damaged file means the defaults.
"""

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from kfdesk.system import paths

FILE = "window.json"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings; an empty language means the machine's."""

    language: str = ""
    scheme: str = "system"
    letters: int = 100
    lock_minutes: int = 5
    locks_with_session: bool = True
    locks_for_sleep: bool = True
    covers_when_left: bool = False


def folder() -> Path:
    """Where the settings are kept."""
    return paths.settings()


def read(where: Path) -> Settings:
    """The settings in the folder `where`."""
    try:
        kept = json.loads((where / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return Settings()
    if not isinstance(kept, dict):
        return Settings()
    known = {field.name: field.default for field in fields(Settings)}
    fitting = {key: kept[key] for key in known if type(kept.get(key)) is type(known[key])}
    return Settings(**fitting)


def write(where: Path, settings: Settings) -> None:
    """Keep the settings in the folder `where`; where that cannot be, they hold until the end."""
    try:
        where.mkdir(parents=True, exist_ok=True)
        beside = where / f"{FILE}.new"
        beside.write_text(json.dumps(asdict(settings)), encoding="utf-8")
        beside.replace(where / FILE)
    except OSError:
        return
