# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of the demo that comes after a journey: it enters what its pages are to show."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.integration.course_samples import Walk, walked

from kfdesk.demo import story
from kfdesk.domain.aftercare import FollowUpStatus, scored_follow_ups
from kfdesk.domain.records.aftercare import FollowUp, Service
from kfdesk.domain.rows import view
from kfdesk.services.plans.aftercare import list_concerns, list_follow_ups, read_local_contacts


@pytest.fixture
def walk(tmp_path: Path) -> Iterator[Walk]:
    with walked(tmp_path) as made:
        yield made


def test_client_who_is_to_leave_has_aims_services_a_referral_and_agreed_days(walk: Walk) -> None:
    assert story.add_aftercare(walk.ours, walk.plan) == (2, 7)
    assert len(walk.of("goal")) == 2
    services = [view(row, Service).record for row in walk.of("service")]
    assert {one.status for one in services} == {"referred", "waiting"}
    assert [one.standing for one in list_follow_ups(walk.ours)] == [FollowUpStatus.PLANNED] * 7


def test_client_who_is_home_is_seen_by_the_partner_whose_word_comes_by_a_file(walk: Walk) -> None:
    plan = story.enter_returned_client(walk.ours, walk.partner)
    first, *_ = list_follow_ups(walk.ours)
    assert (first.after_days, first.standing) == (30, FollowUpStatus.DUE)
    assert list_concerns(walk.ours) == ()
    other = replace(walk, plan=plan)
    other.send()
    made = story.record_partner_contact(walk.theirs, plan)
    other.answer()
    assert [one.line.rid for one in list_concerns(walk.ours)] == [plan]
    assert [call.number for call in read_local_contacts(walk.ours, plan).calls] == [
        "+7 000 555-01-17"
    ]
    views = [view(row, FollowUp) for row in other.of("follow_up")]
    assert made in [one.rid for one in scored_follow_ups(views)]
    assert len(scored_follow_ups(views)) == 4  # a course that can be drawn
