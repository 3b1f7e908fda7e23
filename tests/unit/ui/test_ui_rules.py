# SPDX-License-Identifier: GPL-3.0-or-later
"""Small rules that need no window."""

import pytest

from kfdesk.ui.widgets.inputs import detect_caps_lock
from kfdesk.ui.widgets.painting import key_label


@pytest.mark.parametrize(
    ("typed", "is_shifted", "is_on"),
    [
        ("a", False, False),
        ("A", True, False),
        ("A", False, True),
        ("a", True, True),
        ("Ж", False, True),
        ("ж", False, False),
        ("7", False, None),
        ("ß", False, False),
        ("", False, None),
        ("ab", False, None),
    ],
)
def test_one_letter_shows_whether_caps_lock_is_on(
    typed: str, is_shifted: bool, is_on: bool | None
) -> None:
    assert detect_caps_lock(typed, is_shifted=is_shifted) is is_on


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("Ctrl+L", "Ctrl L"),
        ("F12", "F12"),
        ("Return", "Enter"),
        ("Down", "↓"),
        ("Alt+Up", "Alt ↑"),
        ("Ctrl+,", "Ctrl ,"),
    ],
)
def test_keys_are_named_as_people_read_them(qapp: object, keys: str, said: str) -> None:
    assert key_label(keys) == said
