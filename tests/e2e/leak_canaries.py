# SPDX-License-Identifier: GPL-3.0-or-later
"""What is looked for in a leak scan: texts that stand nowhere else, in all their forms, and keys.

They follow from a seed that is drawn for each run, so that a hit can only be ours, and so that the
process that is watched need not be told them. Knows no process and no folder.
"""

import base64
import random
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kfdesk.domain import names
from kfdesk.domain.recovery_key import generate_key, spell_key

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "latin-1", "cp1251")
SHORTEST = 8  # bytes; what is shorter might stand anywhere by chance
_CONSONANTS, _VOWELS, _PAIRS = "bdgklmnprtv", "aeiou", 5


@dataclass(frozen=True)
class Canaries:
    """The canaries of one run: a name, a Cyrillic text, a number, a passphrase, a recovery key."""

    name: str
    told: str
    phone: str
    passphrase: str
    recovery: str

    @property
    def texts(self) -> tuple[str, ...]:
        """All of them."""
        return (self.name, self.told, self.phone, self.passphrase, self.recovery)


def canaries(seed: str) -> Canaries:
    """Return the canaries that follow from a seed."""
    rng = random.Random(seed)
    digits = "".join(str(rng.randrange(10)) for _ in range(9))
    return Canaries(
        name=f"Åkanarie{_letters(rng)}",
        told=f"Щегол{_cyrillic(_letters(rng))}",
        phone=f"+46 {digits[:2]}-{digits[2:5]} {digits[5:7]} {digits[7:]}",
        passphrase=f"fem ord och {_letters(rng)}",
        recovery=" ".join(spell_key(generate_key(rng.randbytes))),
    )


def forms(text: str) -> Iterator[str]:
    """Yield a text as programs store it: as is, in lower and upper case, NFD, folded."""
    words = [word for word in names.fold_words(text) if len(word.letters) >= SHORTEST]
    yield from (text, text.casefold(), text.upper(), unicodedata.normalize("NFD", text))
    yield names.strip_marks(text)
    yield from (form for word in words for form in (word.letters, word.sound))
    yield "".join(sign for sign in text if sign.isalnum())


def of_texts(texts: Iterable[str]) -> dict[bytes, str]:
    """Return the bytes to look for with their meaning: each form of each text and encoding."""
    found: dict[bytes, str] = {}
    for number, text in enumerate(texts):
        for form in forms(text):
            for encoding in ENCODINGS:
                spelt = form.encode(encoding, errors="ignore")
                if len(spelt) >= SHORTEST and spelt.decode(encoding) == form:
                    found.setdefault(spelt, f"text {number} in {encoding}")
    return found


def of_keys(keys: Iterable[bytes]) -> dict[bytes, str]:
    """Return the same for keys: raw, in hexadecimal, in base64 at every offset."""
    found: dict[bytes, str] = {}
    for number, key in enumerate(keys):
        for digits in (key.hex(), key.hex().upper()):
            for encoding in ("utf-8", "utf-16-le"):
                found[digits.encode(encoding)] = f"key {number} in digits"
        found[key] = f"key {number}"
        for shift in range(3):
            whole = base64.b64encode(bytes(shift) + key)
            inner = whole[(shift and shift + 1) : (len(key) + shift) * 8 // 6]
            found[inner] = found[inner.translate(_URL)] = f"key {number} in base 64"
    return found


def hits(data: bytes, wanted: dict[bytes, str]) -> set[str]:
    """Return the meanings of those of `wanted` that occur in the data."""
    asked = tuple(wanted.items())  # at once: while one looks, more is asked for
    return {meaning for needle, meaning in asked if needle in data}


_URL = bytes.maketrans(b"+/", b"-_")


def _letters(rng: random.Random) -> str:
    return "".join(rng.choice(_CONSONANTS) + rng.choice(_VOWELS) for _ in range(_PAIRS))


def _cyrillic(letters: str) -> str:
    return letters.translate(str.maketrans("bdgklmnprtvaeiou", "бдгклмнпртваеиоу"))
