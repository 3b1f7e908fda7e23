# SPDX-License-Identifier: GPL-3.0-or-later
"""The recorded gender alone decides by which pronoun a client is spoken of."""

import pytest

from kfdesk.domain.codes.htcds import GENDER
from kfdesk.domain.pronouns import Pronoun, pronoun_of
from kfdesk.domain.values import MissingAnswer

SHE = ("Feminine", "TransgenderFeminine")
HE = ("Masculine", "TransgenderMasculine")


@pytest.mark.parametrize("gender", SHE)
def test_woman_is_she(gender: str) -> None:
    assert pronoun_of(gender) is Pronoun.SHE


@pytest.mark.parametrize("gender", HE)
def test_man_is_he(gender: str) -> None:
    assert pronoun_of(gender) is Pronoun.HE


@pytest.mark.parametrize(
    "gender",
    [*(code for code in GENDER if code not in SHE + HE), None, "", "Newer", 7, *MissingAnswer],
)
def test_of_everybody_else_nothing_is_guessed(gender: object) -> None:
    assert pronoun_of(gender) is Pronoun.CLIENT
