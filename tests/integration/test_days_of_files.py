# SPDX-License-Identifier: GPL-3.0-or-later
"""Four laptops, five days, a bad post, real stores and real files: nobody's words are lost.

`make torture` tells it of twelve laptops and sixty days.
"""

import random
import re
import sys
from pathlib import Path

import pytest
from tests.torture.sixty_days import told


def test_laptops_come_to_the_same_and_lose_nothing_where_the_last_writer_would(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with told(tmp_path / "house", random.Random(11), 4, 5) as tale:
        seen = tale.outcome()
    with capsys.disabled():
        sys.stdout.write(f"\n{seen.how}\n")
    assert seen.wrong == ""
    found = re.findall(r"(\d+) times|(?:ours|field|record) (\d+)", seen.how)
    falls, ours, by_field, by_record = (int(one or other) for one, other in found)
    assert falls > 0
    assert 0 == ours < by_field <= by_record
