# SPDX-License-Identifier: GPL-3.0-or-later
"""Random histories of a consent: withdrawn, narrowed, given again, with lost and late files.

While every consent that a desk knows of is withdrawn, nothing of hers changes there. Once she has
agreed again and both have sent what they have, both hold the same: no history loses a change.
"""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.integration.consent_story import STEPS, play
from tests.support.samples import examples

from kfdesk.services.exchange import outbox
from kfdesk.services.exchange.import_policy import ImportPolicy

LONG = bool(os.environ.get("LONG"))
LOST = ["we write", "ours is lost", "she tells us no", "ours comes", "theirs comes"]
LATE = ["we write", "ours is late", "she tells us no", "ours comes", "a late one arrives"]


@settings(max_examples=2000 if LONG else examples(60, 4))
@example(LOST)
@example(LATE)
@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=30 if LONG else 14))
def test_no_history_of_a_consent_loses_a_change(steps: list[str]) -> None:
    with TemporaryDirectory() as folder:
        ours, theirs, intruded = play(steps, Path(folder))
    assert ours == theirs
    assert not intruded, "nothing of hers is taken where her withdrawal is known"


def test_rule_that_is_taken_away_is_missed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(outbox, "is_consent_withdrawn", lambda *_: False)
    ours, theirs, _ = play(LOST, tmp_path)
    assert ours != theirs


def test_what_intrudes_is_seen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(ImportPolicy, "_has_withdrawn", lambda *_: False)
    assert play(LATE, tmp_path)[2]
