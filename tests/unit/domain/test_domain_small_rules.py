# SPDX-License-Identifier: GPL-3.0-or-later
"""Small rules of the domain that stand alone: waiting, contents, groups, excuses, a salvage."""

import pytest

from kfdesk.domain.carry.check import Excuse, Found
from kfdesk.domain.carry.secrets import Sort
from kfdesk.domain.desk.content import MediaType
from kfdesk.domain.desk.tries import pause_after
from kfdesk.domain.disclosure import covered_keys, groups_of, secret_keys
from kfdesk.domain.keeping.salvage import CONTENT, INDEX, UNNAMED, Damage, Salvage
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.schema import Group, Level

NAME = Found(Sort.NAME, 1, "Vera", "given_name")


@pytest.mark.parametrize(
    ("tries", "seconds"), [(0, 0), (1, 0), (2, 0), (3, 2), (4, 4), (5, 8), (6, 16), (40, 60)]
)
def test_each_wrong_try_after_the_third_waits_longer(tries: int, seconds: int) -> None:
    assert pause_after(tries) == seconds


def test_only_pictures_are_drawn_anew() -> None:
    pictures = {media for media in MediaType if media.is_picture}
    assert pictures == {MediaType.JPEG, MediaType.PNG}


def test_groups_of_some_fields_are_those_of_no_others() -> None:
    assert groups_of("leg", ("carrier",)) == {Group.TRAVEL}
    assert groups_of("leg", ()) == frozenset()


@pytest.mark.parametrize("record_type", sorted(TYPES))
def test_what_is_covered_at_the_desk_stands_on_no_carried_paper_either(record_type: str) -> None:
    levels = {key: field.level for key, field in TYPES[record_type].fields.items()}
    assert covered_keys(record_type) == {key for key in levels if levels[key] >= Level.S3}
    assert covered_keys(record_type) <= secret_keys(record_type)
    assert all(levels[key] < Level.S2 for key in levels.keys() - secret_keys(record_type))


def test_excuse_is_for_one_paper_one_name_and_nothing_but_names() -> None:
    code = Found(Sort.NUMBER, 1, "K-7")
    excuse = Excuse(b"paper", frozenset({NAME, code}))
    assert excuse.covers(b"paper", NAME)
    assert not excuse.covers(b"changed", NAME)
    assert not excuse.covers(b"paper", Found(Sort.NAME, 2, "Vera", "given_name"))
    assert not excuse.covers(b"paper", code)


@pytest.mark.parametrize(
    ("damage", "may_hide"),
    [
        (Damage(9, 0), False),
        (Damage(9, 1, tables={INDEX: 1}), False),
        (Damage(9, 2, tables={INDEX: 1, "leg": 1}), True),
        (Damage(9, 1, tables={UNNAMED: 1}), True),
        (Damage(9, 1, is_sealed=False), True),
    ],
)
def test_bad_page_may_hide_more_than_was_counted_unless_it_is_made_anew(
    damage: Damage, *, may_hide: bool
) -> None:
    assert Salvage(damage, {}, {}).may_hide is may_hide


def test_lost_contents_are_not_counted_as_lost_records() -> None:
    lost = {"leg": (b"1", b"2"), UNNAMED: (b"3",), CONTENT: (b"4",)}
    found = Salvage(Damage(9, 1), {"leg": 5, "plan": 1}, lost)
    assert (found.records, found.records_lost) == (6, 3)
