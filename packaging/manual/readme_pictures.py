# SPDX-License-Identifier: GPL-3.0-or-later
"""Renews the pictures that README shows, from the pages and papers of `make gallery`.

They are kept beside the source, because README is read where nothing was made yet. A picture of
a page is written as the gallery took it; a paper is drawn anew, large enough to be read.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "src"))

from PySide6.QtGui import QImage  # noqa: E402

from kfdesk import app  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
SOURCES: Mapping[str, str] = {
    "today.png": "pages/today-en-light.png",
    "consent.png": "pages/plan-consent-en-light.png",
    "sheet.png": "papers/travellers_sheet-a4-ru.pdf",
}
"""The pictures in README, each with its page or paper below the folder of the gallery."""
_DOTS_PER_POINT = 1.4


def read_picture(source: Path) -> QImage:
    """Return a page, or the first page of a paper. Raise ValueError where it is no picture."""
    if source.suffix == ".pdf":
        image = QImage.fromData(app.render_pages(source.read_bytes(), _DOTS_PER_POINT)[0])
    else:
        image = QImage(str(source))
    if image.isNull():
        raise ValueError(source.name)
    return image.convertToFormat(QImage.Format.Format_RGB888)


def renew(gallery: Path, into: Path = PICTURES) -> int:
    """Write each picture, all or none; return their bytes.

    Raise ValueError where one is no picture, and OSError where a paper is missing.
    """
    read = {name: read_picture(gallery / source) for name, source in SOURCES.items()}
    for name, image in read.items():
        image.save(str(into / name), quality=0)  # the smallest file, with every pixel
    return sum((into / name).stat().st_size for name in read)


def main() -> int:
    """Renew the pictures from the folder of the gallery that is named."""
    size = renew(Path(sys.argv[1]))
    sys.stdout.write(f"pictures of README: {size // 1000} kB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
