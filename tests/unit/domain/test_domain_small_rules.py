# SPDX-License-Identifier: GPL-3.0-or-later
"""Small rules of the domain that stand alone: waiting, contents, groups, excuses, a salvage."""

import pytest

from kfdesk.domain.attachments import MediaType
from kfdesk.domain.audit import FileDisclosures
from kfdesk.domain.backup import CONTENT_KIND, INDEX_KIND, UNKNOWN_KIND, DamageReport, SalvageResult
from kfdesk.domain.disclosure import groups_of_fields, masked_keys, secret_keys
from kfdesk.domain.leak_check.check import LeakFinding, LeakOverride
from kfdesk.domain.leak_check.secrets import SecretKind
from kfdesk.domain.login_delay import backoff_seconds
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.schema import DataGroup, SensitivityLevel

NAME = LeakFinding(SecretKind.NAME, 1, "Vera", "given_name")


@pytest.mark.parametrize(
    ("tries", "seconds"), [(0, 0), (1, 0), (2, 0), (3, 2), (4, 4), (5, 8), (6, 16), (40, 60)]
)
def test_each_wrong_try_after_the_third_waits_longer(tries: int, seconds: int) -> None:
    assert backoff_seconds(tries) == seconds


def test_only_pictures_are_drawn_anew() -> None:
    pictures = {media for media in MediaType if media.is_picture}
    assert pictures == {MediaType.JPEG, MediaType.PNG}


def test_groups_of_some_fields_are_those_of_no_others() -> None:
    assert groups_of_fields("leg", ("carrier",)) == {DataGroup.TRAVEL}
    assert groups_of_fields("leg", ()) == frozenset()


@pytest.mark.parametrize("record_type", sorted(RECORD_TYPES))
def test_what_is_covered_at_the_desk_stands_on_no_carried_paper_either(record_type: str) -> None:
    levels = {key: field.level for key, field in RECORD_TYPES[record_type].fields.items()}
    assert masked_keys(record_type) == {key for key in levels if levels[key] >= SensitivityLevel.S3}
    assert masked_keys(record_type) <= secret_keys(record_type)
    assert all(
        levels[key] < SensitivityLevel.S2 for key in levels.keys() - secret_keys(record_type)
    )


def test_excuse_is_for_one_paper_one_name_and_nothing_but_names() -> None:
    code = LeakFinding(SecretKind.NUMBER, 1, "K-7")
    excuse = LeakOverride(b"paper", frozenset({NAME, code}))
    assert excuse.covers(b"paper", NAME)
    assert not excuse.covers(b"changed", NAME)
    assert not excuse.covers(b"paper", LeakFinding(SecretKind.NAME, 2, "Vera", "given_name"))
    assert not excuse.covers(b"paper", code)


@pytest.mark.parametrize(
    ("damage", "may_hide"),
    [
        (DamageReport(9, 0), False),
        (DamageReport(9, 1, tables={INDEX_KIND: 1}), False),
        (DamageReport(9, 2, tables={INDEX_KIND: 1, "leg": 1}), True),
        (DamageReport(9, 1, tables={UNKNOWN_KIND: 1}), True),
        (DamageReport(9, 1, is_sealed=False), True),
    ],
)
def test_bad_page_may_hide_more_than_was_counted_unless_it_is_made_anew(
    damage: DamageReport, *, may_hide: bool
) -> None:
    assert SalvageResult(damage, {}, {}).may_have_unknown_losses is may_hide


def test_lost_contents_are_not_counted_as_lost_records() -> None:
    lost = {"leg": (b"1", b"2"), UNKNOWN_KIND: (b"3",), CONTENT_KIND: (b"4",)}
    found = SalvageResult(DamageReport(9, 1), {"leg": 5, "plan": 1}, lost)
    assert (found.records, found.records_lost) == (6, 3)


def test_audit_entry_of_a_file_is_read_back_and_no_other_is_taken_for_one() -> None:
    told = FileDisclosures(12, b"h" * 32, b"t" * 32)
    assert FileDisclosures.read(told.keys) == told
    others = [(), ("alias",), ("12", "ab", "cd"), ("x", *told.keys[1:]), (*told.keys, "more")]
    assert [FileDisclosures.read(keys) for keys in others] == [None] * len(others)
