# SPDX-License-Identifier: GPL-3.0-or-later
"""Two partners lie about a third, honest one: its case and its withdrawal come in every order."""

import random
from pathlib import Path

import pytest
from tests.integration.hostile_samples import hostile_trio
from tests.support.samples import first
from tests.torture.word_of_a_file import honest_partner


@pytest.mark.parametrize("seed", first(6, range(60)))
def test_two_attackers_take_nothing_from_an_honest_partner(tmp_path: Path, seed: int) -> None:
    with hostile_trio(tmp_path) as trio:
        assert honest_partner(trio, random.Random(seed)).wrong == ""
        assert trio.ours.store.verify() == ()
