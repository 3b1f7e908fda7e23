# SPDX-License-Identifier: GPL-3.0-or-later
"""What a check has found is said in words, and each part of the store has its own."""

import pytest
from tests.unit.i18n.conftest import Speaking

from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.i18n.integrity import RECORD_TYPE_NAMES, integrity_text


def test_every_record_type_has_its_word() -> None:
    assert set(RECORD_TYPES) == set(RECORD_TYPE_NAMES)


@pytest.mark.parametrize("code", ["sv", "en", "ru"])
def test_each_part_has_words_without_a_code_or_an_open_place(speaking: Speaking, code: str) -> None:
    found = (
        "pages:HMAC_verification_failed", "state:leg", "place:plan", "column:leg.carrier",
        "column:leg.flags", "content:00ff", "audit:17", "anchor",
    )  # fmt: skip
    for one in found:
        words = integrity_text([one], speaking(code))
        assert words
        assert not {"{", "}", ":17", "00ff", "HMAC"} & set(words.split())
        assert one not in words


def test_many_findings_are_counted(speaking: Speaking) -> None:
    many = [f"column:leg.{key}" for key in RECORD_TYPES["leg"].fields] + ["pages:a", "pages:b"]
    words = integrity_text(many, speaking("en"))
    assert words.startswith("the file itself is damaged (2 times); ")
    assert words.endswith(f"{len(RECORD_TYPES['leg'].fields) - 4} more findings")
