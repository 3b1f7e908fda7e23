# SPDX-License-Identifier: GPL-3.0-or-later
"""What she carries tells her only of legs that she is to take."""

import pypdfium2
import pytest
from tests.support.make import sheet

from kfdesk.demo import story
from kfdesk.domain.errors import KfdeskError
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.papers.production import make_paper, paper_obstacles


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return " ".join(page.get_textpage().get_text_range() for page in document)


def test_leg_that_is_missed_or_cancelled_is_not_on_her_paper(desk: Session) -> None:
    plan, legs = story.enter_plan(desk, desk.identity.organisation)
    assert "Стокгольм" in text_of(make_paper(desk, sheet(plan)).pdf)
    for status in ("missed", "cancelled"):
        change_record(desk, legs[0], {"status": status})
        said = text_of(make_paper(desk, sheet(plan)).pdf)
        assert "Стокгольм" not in said
        assert "Псков" in said


def test_what_is_missing_on_a_leg_that_is_off_stops_no_paper(desk: Session) -> None:
    plan, legs = story.enter_plan(desk, desk.identity.organisation)
    change_record(desk, legs[0], {"departs": None})
    assert [fault.data["number"] for fault in paper_obstacles(desk, sheet(plan))] == [1]
    change_record(desk, legs[0], {"status": "cancelled"})
    assert paper_obstacles(desk, sheet(plan)) == ()


def test_gap_of_a_leg_keeps_its_number_beside_one_that_is_off(desk: Session) -> None:
    plan, legs = story.enter_plan(desk, desk.identity.organisation)
    change_record(desk, legs[0], {"status": "missed"})
    change_record(desk, legs[1], {"arrives": None})
    assert [fault.data["number"] for fault in paper_obstacles(desk, sheet(plan))] == [2]


def test_journey_of_which_every_leg_is_off_has_no_paper(desk: Session) -> None:
    plan, legs = story.enter_plan(desk, desk.identity.organisation)
    for leg in legs:
        change_record(desk, leg, {"status": "cancelled"})
    with pytest.raises(KfdeskError, match=r"paper\.missing"):
        make_paper(desk, sheet(plan))
