# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the pictures of the manual: the demo's window, page by page, in each language, small.

They are made anew whenever the program is packaged, and are not kept beside the source: so they
cannot show a program that no longer is. Without them the manual stands as text alone. `make demo`
makes them of the pictures that it has taken.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "src"))

from PySide6.QtCore import Qt  # noqa: E402
from PySide6.QtGui import QImage  # noqa: E402

from kfdesk.demo import show  # noqa: E402
from kfdesk.environment import Environment  # noqa: E402
from kfdesk.i18n.language import PROGRAM_LANGUAGES  # noqa: E402
from kfdesk.ui.shell.help import CHAPTER_PICTURES, picture_file  # noqa: E402

HELP = ROOT / "resources" / "help"
WIDTH = 600
"""As the reader shows them, so that no letter is drawn anew."""


def pictured(pages: Path) -> Iterator[tuple[Path, str, str]]:
    """Yield the page of each chapter in each language, with the language and chapter key."""
    for language in PROGRAM_LANGUAGES:
        for key, page in CHAPTER_PICTURES.items():
            yield pages / f"{page}-{language}-light.png", language, key


def shrink(page: Path, target: Path) -> None:
    """Write a page small. Raises ValueError where it is no picture."""
    image = QImage(str(page))
    if image.isNull():
        raise ValueError(page.name)
    small = image.scaledToWidth(WIDTH, Qt.TransformationMode.SmoothTransformation)
    target.parent.mkdir(parents=True, exist_ok=True)
    small.convertToFormat(QImage.Format.Format_RGB888).save(str(target), quality=0)


def make(pages: Path, into: Path = HELP) -> int:
    """Make the pictures of the manual from the pages in a folder; returns their bytes."""
    shutil.rmtree(picture_file(into, "en", "today").parents[1], ignore_errors=True)
    size = 0
    for page, language, key in pictured(pages):
        target = picture_file(into, language, key)
        shrink(page, target)
        size += target.stat().st_size
    return size


def main() -> int:
    """Take the pages from the folder that is named, or play the demo for them."""
    if len(sys.argv) > 1:
        size = make(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as place:
            taken = list(show.take_manual_screenshots(Path(place), Environment()))
            size = make(taken[0].path.parent)
    sys.stdout.write(f"pictures of the manual: {size // 1000} kB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
