# SPDX-License-Identifier: GPL-3.0-or-later
"""The real lists, and ways in which a word can be written so that a glance misses it."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from kfdesk.domain.leak_check.spelling import all_spellings, tokenize, visible_text
from kfdesk.domain.leak_check.wordlists import ListedStem, StemIndex, find_listed_words, read_stems

ROOT = Path(__file__).parents[4]
SPELT = ("passport", "bgn", "iso9", "swedish", "german", "polish", "ukrainian")
LOOK_ALIKES = str.maketrans("aeopcyxAEOPCTXKMHB", "аеорсухАЕОРСТХКМНВ")

SMALL_CAPITALS = str.maketrans(
    "abcdefghijklmnoprtuvwyz"
    "авекмнорстхгпли", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢᴀʙᴇᴋᴍʜᴏᴘᴄᴛхᴦᴨᴫᴎ"
)  # fmt: skip
ARMENIAN = str.maketrans("fghnoquwоп", "քցհոօգսաօո")
CHEROKEE = str.maketrans("abcdeghijklmprstvwyzаверстмнк", "ᎪᏴᏟᎠᎬᏀᎻᎥᎫᏦᏞᎷᏢᏒᏚᎢᏙᎳᎩᏃᎪᏴᎬᏢᏟᎢᎷᎻᏦ")
LEET = str.maketrans("aeilostозчб", "43110570346")
LEET_SIGNS = str.maketrans("asi", "@$!")


@cache
def stems() -> tuple[ListedStem, ...]:
    files = sorted((ROOT / "resources" / "carry").glob("*.tsv"))
    return tuple(one for file in files for one in read_stems(file.read_text(encoding="utf-8")))


@cache
def listed() -> StemIndex:
    return StemIndex.of(stems())


def found_in(text: str) -> list[str]:
    return list(find_listed_words(tokenize(visible_text(text)), listed()))


def never_carried() -> Iterator[tuple[str, str]]:
    """Yield the golden words by language."""
    path = ROOT / "tests" / "golden" / "never_carried.tsv"
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield from zip(("en", "sv", "ru"), line.split("\t"), strict=True)


def half(word: str) -> int:
    """Return the middle of the longest word of a text, where it may be broken."""
    longest = max(word.split(), key=len)
    return word.index(longest) + len(longest) // 2


def disguised(word: str) -> Mapping[str, str]:
    """Return a word or text, in each way in which it can be written."""
    at = half(word)
    looks = word.translate(LOOK_ALIKES) if word.isascii() else _latin_looks(word)
    ways = {
        "plain": word,
        "capitals": word.upper(),
        "hyphen read back": f"{word[:at]}\ufffe\r\n{word[at:]}",
        "hyphen over a line": f"{word[:at]}-\r\n{word[at:]}",
        "soft hyphen": f"{word[:at]}\u00ad{word[at:]}",
        "no width": "\u200b".join(word),
        "over two cells": f"{word[:at]}\r\n{word[at:]}",
        "look-alikes": looks,
        "small capitals": word.translate(SMALL_CAPITALS),
        "Armenian letters": word.translate(ARMENIAN),
        "Cherokee letters": word.translate(CHEROKEE),
        "leet": word.translate(LEET),
        "leet with signs": word.translate(LEET_SIGNS),
        "wide letters": "".join(chr(ord(s) + 0xFEE0) if "!" <= s <= "~" else s for s in word),
    }
    if " " not in word:
        ways["spaced"] = " ".join(word)
        ways["dotted"] = ".".join(word)
    spelt = [" ".join(parts) for parts in zip(*map(all_spellings, word.split()), strict=True)]
    return ways | dict(zip(SPELT, spelt[1:], strict=True))


def _latin_looks(word: str) -> str:
    back = {ord(cyrillic): latin for latin, cyrillic in zip("aeopcyx", "аеорсух", strict=True)}
    return word.translate(back)
