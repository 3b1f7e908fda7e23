# SPDX-License-Identifier: GPL-3.0-or-later
"""Cyrillic letters by their sound, in a Latin spelling that the folding reads.

Only a table: Russian, Ukrainian and Belarusian. Which spelling stands here does not matter to
anybody, because English, Swedish and passport spellings of a sound fold to the same key; so one
is enough. A letter of another alphabet is one line.
"""

from collections.abc import Mapping

SOUNDS: Mapping[str, str] = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "є": "e", "ж": "zh",
    "з": "z", "и": "i", "і": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p",
    "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh",
    "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya", "ѣ": "e", "ѳ": "f",
    "ѵ": "i", "ђ": "d", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "ch", "џ": "zh",
}  # fmt: skip
"""Letters without their marks: ё, й, ї and ў have become е, и, і and у before."""
