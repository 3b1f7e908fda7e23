# SPDX-License-Identifier: GPL-3.0-or-later
"""Cuts the faces of Noto Sans in `resources/fonts` down to the scripts that kfdesk writes.

The five faces have Latin and Cyrillic letters; two of Noto Sans Arabic have the forms in which
papers draw Arabic letters, and no others, so that nothing is drawn that was not joined.

Run by hand when the font is renewed, never during set-up: the result is kept in the repository.
It knows the faces, their letters and fonttools, and nothing of the program. The same package
gives the same bytes, so a renewal shows in the diff only where the font itself has changed.
"""

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FACES = {
    "NotoSans-Regular.ttf": "400Regular/NotoSans_400Regular.ttf",
    "NotoSans-Italic.ttf": "400Regular_Italic/NotoSans_400Regular_Italic.ttf",
    "NotoSans-Medium.ttf": "500Medium/NotoSans_500Medium.ttf",
    "NotoSans-SemiBold.ttf": "600SemiBold/NotoSans_600SemiBold.ttf",
    "NotoSans-Bold.ttf": "700Bold/NotoSans_700Bold.ttf",
}

LETTERS = (
    (0x0020, 0x007E),  # Basic Latin
    (0x00A0, 0x00FF),  # Latin-1, NBSP and soft hyphen included
    (0x0100, 0x024F),  # Latin Extended-A and -B
    (0x02B0, 0x02DD),  # modifier letters: the apostrophe of Ukrainian names (U+02BC)
    (0x0300, 0x0331),  # combining marks, for names that arrive decomposed
    (0x0400, 0x052F),  # Cyrillic and its supplement
    (0x1E00, 0x1EFF),  # Latin Extended Additional: capital ß and what passports may hold
    (0x2000, 0x206F),  # spaces, dashes, quotes, ellipsis, per mille
    (0x20A0, 0x20BF),  # currencies
    (0x2100, 0x214F),  # №, ℓ, ™
    (0x2212, 0x2212),  # minus
)

ARABIC_FACES = ("NotoSansArabic-Regular.ttf", "NotoSansArabic-Bold.ttf")
ARABIC_LETTERS = (
    (0x060C, 0x060C),  # comma
    (0x061B, 0x061B),  # semicolon
    (0x061F, 0x061F),  # question mark
    (0x0621, 0x063A),  # letters, which are drawn where they have no form of their own
    (0x0641, 0x064A),
    (0x0660, 0x0669),  # digits
    (0xFB56, 0xFB59),  # peh, of names in Persian spelling
    (0xFB7A, 0xFB7D),  # tcheh
    (0xFB8A, 0xFB8B),  # jeh
    (0xFB8E, 0xFB95),  # keheh and gaf
    (0xFBE8, 0xFBE9),  # alif maqsura within a word
    (0xFBFC, 0xFBFF),  # farsi yeh
    (0xFE80, 0xFEFC),  # forms of the letters
)

FEATURES = ("kern", "mark", "mkmk", "ccmp", "locl", "lnum", "tnum", "case")


Ranges = Sequence[tuple[int, int]]


def letters(ranges: Ranges) -> list[int]:
    """Return every code point that the faces keep, where Noto Sans has it."""
    return [point for first, last in ranges for point in range(first, last + 1)]


def cut_face(source: Path, target: Path, ranges: Ranges = LETTERS) -> None:
    """Write the subset of one face. All names stay: Qt tells weights 500 and 600 by them."""
    options = subset.Options()
    options.name_IDs = ["*"]
    options.layout_features = list(FEATURES) if ranges is LETTERS else []
    options.notdef_outline = True
    font = TTFont(source, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=letters(ranges))
    cutter.subset(font)
    font.save(target, reorderTables=True)
    font.close()


def make_fonts(package: Path, target: Path, arabic: Path | None = None) -> int:
    """Cut all faces of the unpacked `package` into `target`; return their size in bytes.

    `arabic` is the folder of Noto Sans Arabic; without it these faces stay as they are. Raises
    FileNotFoundError when the package lacks a face or its licence.
    """
    target.mkdir(parents=True, exist_ok=True)
    for name, source in FACES.items():
        cut_face(package / source, target / name)
    if arabic is not None:
        for name in ARABIC_FACES:
            cut_face(arabic / name, target / name, ARABIC_LETTERS)
    shutil.copyfile(package / "LICENSE_FONT", target / "OFL.txt")
    return sum((target / name).stat().st_size for name in FACES)


def main(arguments: Sequence[str]) -> int:
    """Cut the faces of the package folder named on the command line."""
    root = Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description="Cut Noto Sans down to the letters of kfdesk.")
    parser.add_argument(
        "package", type=Path, help="unpacked npm package @expo-google-fonts/noto-sans"
    )
    parser.add_argument("--target", type=Path, default=root / "resources" / "fonts")
    parser.add_argument("--arabic", type=Path, help="fonts of the Debian package fonts-noto-core")
    chosen = parser.parse_args(arguments)
    size = make_fonts(chosen.package, chosen.target, chosen.arabic)
    print(f"{len(FACES)} faces, {size / 1e6:.2f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
