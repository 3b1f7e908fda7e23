# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of organisations that look alike, at a cost that does not grow with the ways to spell."""

import pytest

from kfdesk.domain.leak_check import spelling
from kfdesk.domain.leak_check.spelling import is_same_name, normalize_text

SAME = (
    ("Kolmas Koda", "kolmas  KODA"), ("Kolmas Koda", "KolmasKoda"), ("Kolmas Koda", "K olmas koda"),
    ("Kolmas Koda", "Ko1mas Koda"), ("Kolmas Koda", "Kolmas K0da"), ("Kolmas Koda", "Kоlmаs Kоdа"),
    ("Дом у озера", "Dom u ozera"), ("Щербакова", "Sjtjerbakova"), ("Дом 24", "dom24"),
)  # fmt: skip
OTHERS = (
    ("Kolmas Koda", "Kolmas"), ("Kolmas", "Kolmas Koda"), ("Kolmas Koda", "Neljas Koda"),
    ("Дом у озера", "Dom u morja"), ("Huset", ""), ("", "Huset"), ("Дом 24", "Дом 25"),
)  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME)
def test_names_that_read_the_same_are_the_same(one: str, other: str) -> None:
    assert is_same_name(normalize_text(one), normalize_text(other))
    assert is_same_name(normalize_text(other), normalize_text(one))


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_other_names_are_others(one: str, other: str) -> None:
    assert not is_same_name(normalize_text(one), normalize_text(other))


@pytest.mark.parametrize("last", ["щ", "xyz"])
def test_long_name_of_many_spellings_costs_little(
    monkeypatch: pytest.MonkeyPatch, last: str
) -> None:
    asked: list[str] = []

    def readings(word: str) -> frozenset[str]:
        asked.append(word)
        return frozenset(
            form + "x" * more for form in spelling.spellings(word) for more in range(4)
        )

    monkeypatch.setattr(spelling, "_readings_of", readings)
    one = normalize_text("жэщ " * 30)
    assert not is_same_name(one, normalize_text("жэщ " * 29 + last) + "q")
    assert len(asked) == 60
