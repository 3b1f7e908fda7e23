# SPDX-License-Identifier: GPL-3.0-or-later
"""The pronoun of a client: she, he, or neither where it is not known.

What is recorded decides, and nothing else: no name, no guess. A text that speaks of one client is
told the pronoun; a list of several clients tells it line by line. Knows no language.
"""

from collections.abc import Mapping
from enum import StrEnum


class Pronoun(StrEnum):
    """The pronoun by which a text speaks of a client."""

    SHE = "she"
    HE = "he"
    CLIENT = "client"
    """None: the text says "the client"."""


_BY_GENDER: Mapping[str, Pronoun] = {
    "Feminine": Pronoun.SHE,
    "TransgenderFeminine": Pronoun.SHE,
    "Masculine": Pronoun.HE,
    "TransgenderMasculine": Pronoun.HE,
}
"""Of every other answer, and of one that is newer than this program, nothing is known."""


def pronoun_of(gender: object) -> Pronoun:
    """Return the pronoun for a gender: a code of GENDER, MissingAnswer, or None if not known.

    A gender in conflict reads as None.
    """
    return _BY_GENDER.get(gender, Pronoun.CLIENT) if isinstance(gender, str) else Pronoun.CLIENT
