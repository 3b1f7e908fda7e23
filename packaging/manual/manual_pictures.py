# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the pictures of the manual: the demo's window, page by page, in each language, small.

Those with numbers stay as large as the gallery has taken them: they show a part of a page.

They are made anew whenever the program is packaged, and are not kept beside the source: so they
cannot show a program that no longer is. Without them the manual stands as text alone. `make demo`
makes them of the pictures that it has taken.

The same tree gives the same pictures. The story is played at a fixed time, with numbers that are
not drawn by chance, and with the partner in this process, whose clock it shares.
"""

import itertools
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "src"))

from PySide6.QtCore import Qt  # noqa: E402
from PySide6.QtGui import QImage  # noqa: E402

from kfdesk import app  # noqa: E402
from kfdesk.demo import people, show  # noqa: E402
from kfdesk.demo.story import PartnerOpener, PartnerStore  # noqa: E402
from kfdesk.domain.version import RELEASE_DAY  # noqa: E402
from kfdesk.environment import Environment  # noqa: E402
from kfdesk.i18n.language import PROGRAM_LANGUAGES  # noqa: E402
from kfdesk.storage.key_slots import MIN_COST  # noqa: E402
from kfdesk.ui.numbered_pictures import NUMBERED_PICTURES  # noqa: E402
from kfdesk.ui.shell.help import CHAPTER_PICTURES, picture_file  # noqa: E402

HELP = ROOT / "resources" / "help"
WIDTH = 600
"""As the reader shows them, so that no letter is drawn anew."""
_HOUR, _MINUTE = 10, 12  # of the day of the release, in the demo's own zone
_SEED = 20

# --- a world that is the same each time


class FixedClock:
    """A clock that stands at one time, but for a millisecond each time that it is read."""

    def __init__(self, begins: datetime) -> None:
        self._begins, self._reads = begins, itertools.count(1)

    def now(self) -> datetime:
        """Return the time it stands at, aware."""
        return self._begins + timedelta(milliseconds=next(self._reads))

    def drift(self) -> timedelta:
        """Return zero: nobody sets this clock."""
        return timedelta()


def fixed_machine() -> Environment:
    """Return an environment in which the same steps give the same records, times and digits.

    It is for invented data only: whoever reads this file knows each key.
    """
    begins = datetime(
        RELEASE_DAY.year, RELEASE_DAY.month, RELEASE_DAY.day, _HOUR, _MINUTE,
        tzinfo=ZoneInfo(people.STOCKHOLM),
    )  # fmt: skip
    drawn = random.Random(_SEED).randbytes  # noqa: S311 - the same each time is what is wanted
    return Environment(FixedClock(begins), drawn, MIN_COST)


@dataclass(frozen=True, slots=True)
class PartnerHere(PartnerStore):
    """The partner's store, whose commands run in this process and its environment."""

    machine: Environment

    def run(self, *words: str) -> dict[str, Any]:
        """Run one command and return its answer. Raise RuntimeError with the error output."""
        said, refused = StringIO(), StringIO()
        head = ["--store", str(self.folder), "--initials", people.PARTNER_INITIALS, "--json"]
        file = ["--passphrase-file", str(self.passphrase_file)]
        with redirect_stdout(said), redirect_stderr(refused):
            code = app.main([*head, *file, *words], self.machine)
        if code:
            raise RuntimeError(refused.getvalue())
        answer: dict[str, Any] = json.loads(said.getvalue())
        return answer


def partner_here(machine: Environment) -> PartnerOpener:
    """Return what opens the partner's store in this process."""
    return lambda folder, words: PartnerHere(folder, words, machine)


def set_process(place: Path) -> None:
    """Give this process the demo's time zone and no settings of the user; `place` is empty."""
    os.environ |= {"TZ": people.STOCKHOLM, "XDG_CONFIG_HOME": str(place)}
    if sys.platform != "win32":
        time.tzset()


def take_pages(folder: Path) -> Iterator[Path]:
    """Play the story in a folder, and yield each page of the window when it was taken."""
    machine = fixed_machine()
    for taken in show.take_manual_screenshots(folder, machine, partner_here(machine)):
        yield taken.path


# --- pictures


@dataclass(frozen=True, slots=True)
class ManualPicture:
    """A picture of the manual: the gallery's file, its language, its name, and its width.

    `width` is 0 for one that keeps the size it was taken in.
    """

    page: Path
    language: str
    name: str
    width: int = 0


def pictured(pages: Path) -> Iterator[ManualPicture]:
    """Yield the page of each chapter and the numbered pictures, in each language."""
    for language in PROGRAM_LANGUAGES:
        for key, page in CHAPTER_PICTURES.items():
            yield ManualPicture(pages / f"{page}-{language}-light.png", language, key, WIDTH)
        for each in NUMBERED_PICTURES:
            yield ManualPicture(pages / f"{each.name}-{language}-light.png", language, each.name)


def write_picture(picture: ManualPicture, target: Path) -> None:
    """Write a picture for the manual. Raises ValueError where the gallery's file is none."""
    image = QImage(str(picture.page))
    if image.isNull():
        raise ValueError(picture.page.name)
    if picture.width:
        image = image.scaledToWidth(picture.width, Qt.TransformationMode.SmoothTransformation)
    target.parent.mkdir(parents=True, exist_ok=True)
    image.convertToFormat(QImage.Format.Format_RGB888).save(str(target), quality=0)


def make(pages: Path, into: Path = HELP) -> int:
    """Make the pictures of the manual from the pages in a folder; returns their bytes."""
    shutil.rmtree(picture_file(into, "en", "today").parents[1], ignore_errors=True)
    size = 0
    for picture in pictured(pages):
        target = picture_file(into, picture.language, picture.name)
        write_picture(picture, target)
        size += target.stat().st_size
    return size


def main() -> int:
    """Take the pages from the folder that is named, or play the demo for them."""
    if len(sys.argv) > 1:
        size = make(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as place:
            set_process(Path(place, "settings"))
            *_, last = take_pages(Path(place, "demo"))
            size = make(last.parent)
    sys.stdout.write(f"pictures of the manual: {size // 1000} kB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
