# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies the icons of `resources/icons` out of the lucide package, and names the missing ones.

To add an icon, put its name in the list below and run this on the unpacked npm package
`lucide-static`. Run by hand, never during set-up: the icons are kept in the repository. It knows
names and files, and nothing of colours: each drawing keeps `stroke="currentColor"`, which the
window replaces with the colour of the place.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

PLACES = (
    "sun clipboard-list book-user calendar-clock arrow-left-right printer chart-column history "
    "settings"
)
SECTIONS = "user file-check shield-alert route sprout footprints paperclip"
JOURNEY = (
    "ship bus car plane train-front fence user-round-check user-x watch luggage briefcase "
    "arrow-right arrow-left"
)
ACTIONS = (
    "search plus minus pencil trash-2 undo-2 check x send download copy eye eye-off lock "
    "refresh-cw list-checks file-down grip-vertical chevron-down chevron-right chevron-left "
    "chevron-up"
)
OBJECTS = (
    "git-merge ban inbox files key-round shield-check building-2 phone mail languages archive "
    "life-buoy usb notebook-text"
)
STATUS = (
    "circle-check circle-alert octagon-alert triangle-alert clock circle-dot circle-dashed circle "
    "circle-question-mark info"
)
ICONS = tuple(" ".join((PLACES, SECTIONS, JOURNEY, ACTIONS, OBJECTS, STATUS)).split())

RECOLOURED = 'stroke="currentColor"'


class IconError(Exception):
    """The package lacks icons that kfdesk draws, or draws them in a colour of its own."""


def unfit_icons(package: Path) -> list[str]:
    """Return the names that `package` lacks, or whose drawing cannot be given a colour."""
    unfit = []
    for name in ICONS:
        drawing = package / "icons" / f"{name}.svg"
        if not drawing.is_file() or RECOLOURED not in drawing.read_text(encoding="utf-8"):
            unfit.append(name)
    return unfit


def make_icons(package: Path, target: Path) -> int:
    """Copy the icons and their licence into `target`, drop what is no longer named; count them.

    Raises IconError before anything is written when an icon is missing or of a fixed colour.
    """
    unfit = unfit_icons(package)
    if unfit:
        raise IconError(f"missing, or of a fixed colour: {', '.join(unfit)}")
    target.mkdir(parents=True, exist_ok=True)
    for old in target.glob("*.svg"):
        old.unlink()
    for name in ICONS:
        drawing = (package / "icons" / f"{name}.svg").read_text(encoding="utf-8")
        (target / f"{name}.svg").write_text(drawing, encoding="utf-8", newline="\n")
    licence = (package / "LICENSE").read_text(encoding="utf-8")
    (target / "LICENSE.txt").write_text(licence, encoding="utf-8", newline="\n")
    return len(ICONS)


def main(arguments: Sequence[str]) -> int:
    """Copy the icons of the package folder named on the command line."""
    root = Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description="Copy the icons that kfdesk draws.")
    parser.add_argument("package", type=Path, help="unpacked npm package lucide-static")
    parser.add_argument("--target", type=Path, default=root / "resources" / "icons")
    chosen = parser.parse_args(arguments)
    try:
        count = make_icons(chosen.package, chosen.target)
    except IconError as error:
        print(f"{error}", file=sys.stderr)
        return 1
    print(f"{count} icons")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
