# SPDX-License-Identifier: GPL-3.0-or-later
"""Below which records each record type stands."""

from kfdesk.domain.network_work import is_conference, is_work
from kfdesk.domain.places import is_in_place, stands_alone
from kfdesk.domain.records.registry import RECORD_TYPES


def test_each_type_stands_in_its_place_alone() -> None:
    for name in filter(lambda one: is_work(one) or is_conference(one), RECORD_TYPES):
        assert all(is_in_place(name, one) for one in RECORD_TYPES[name].rules.below)
        assert not is_in_place(name, "client")
        assert not is_in_place(name, name)
        assert is_in_place(name, None) is (name in ("agreement", "project"))
    assert not is_in_place("meeting", "plan")
    assert is_in_place("note", "plan")


def test_each_type_stands_somewhere_and_not_everywhere() -> None:
    for name in RECORD_TYPES:
        above = {one for one in RECORD_TYPES if is_in_place(name, one)}
        assert above or is_in_place(name, None), name
        assert stands_alone(name) is (above == set()), name
