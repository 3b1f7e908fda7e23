# SPDX-License-Identifier: GPL-3.0-or-later
"""What a file did, as keys of the entry in the history, and back."""

import pytest

from kfdesk.domain.exchange import (
    FileEffect,
    FileFinding,
    FileIssue,
    effect_keys,
    read_effect_key,
)


def test_issues_and_effects_are_named_with_their_numbers() -> None:
    found = [FileFinding(FileIssue.MISSING, (4, 7)), FileFinding(FileIssue.CLAIMED, records=3)]
    keys = effect_keys(found, {FileEffect.CONFIRMED: 2, FileEffect.UNTOLD: 0})
    assert keys == ("file.missing.4,7", "file.claimed.3", "file.confirmed.2")
    assert [read_effect_key(key) for key in keys] == [
        FileFinding(FileIssue.MISSING, (4, 7), 4),
        FileFinding(FileIssue.CLAIMED, (3,), 3),
        (FileEffect.CONFIRMED, 2),
    ]


@pytest.mark.parametrize("issue", FileIssue)
def test_every_issue_comes_back(issue: FileIssue) -> None:
    (key,) = effect_keys([FileFinding(issue)], {})
    assert read_effect_key(key) == FileFinding(issue, (0,), 0)


@pytest.mark.parametrize(
    "key",
    ["", "name", "file", "file.", "file.claimed", "file.claimed.", "file.claimed.x", "file.new.1",
     "leg.claimed.1", "first_here", "180"],
)  # fmt: skip
def test_any_other_key_names_nothing(key: str) -> None:
    assert read_effect_key(key) is None
