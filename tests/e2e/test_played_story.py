# SPDX-License-Identifier: GPL-3.0-or-later
"""The story that `make demo` plays at two windows is played to its end."""

from pathlib import Path

import pytest
from tests.e2e import played_story


@pytest.mark.slow
def test_story_of_two_desks_is_played_to_its_end(tmp_path: Path) -> None:
    played_story.main(tmp_path)
    pictures = sorted(path.stem.partition("-")[2] for path in tmp_path.glob("*.png"))
    assert {"partner", "on-the-way", "handover", "withdrawal", "after"} <= set(pictures)
