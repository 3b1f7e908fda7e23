# SPDX-License-Identifier: GPL-3.0-or-later
"""Papers that would contradict themselves: refused with all reasons at once, mended by a field.

Real desks and real papers; "Check" and the gate before leaving say the same.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from tests.integration.course_samples import Walk, walked
from tests.integration.letter_samples import open_letters
from tests.integration.pair_samples import refusal
from tests.support.make import file_copy, sheet, told

from kfdesk.domain.codes.core import PaperName, PaperRequest
from kfdesk.domain.records.directory import Contact
from kfdesk.domain.values import Value
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.papers.production import make_paper, paper_obstacles, preview_pages
from kfdesk.services.plans.journey import read_journey
from kfdesk.services.plans.plans import open_plan

SHEETS = (PaperName.TRAVELLERS_SHEET, PaperName.ESCORTS_SHEET)


@pytest.fixture
def walk(tmp_path: Path) -> Iterator[Walk]:
    with walked(tmp_path, "approved") as made:
        yield made


def refused(walk: Walk, order: PaperRequest) -> list[str]:
    found = paper_obstacles(walk.ours, order)
    return [f"{one.code} {one.data.get('field', '')}".strip() for one in found]


def test_leg_that_names_nobody_and_somebody_is_on_no_sheet_until_it_is_mended(walk: Walk) -> None:
    order = sheet(walk.plan)
    before = refused(walk, order)
    change_record(walk.ours, walk.legs[0], {"alone": True, "met_by": told("Anna", "Анна")})
    for name in SHEETS:
        one = PaperRequest(name, walk.plan, "ru")
        assert "paper.alone_and_met leg.alone" in refused(walk, one)
    gaps = [(gap.code, gap.type, gap.key) for gap in open_plan(walk.ours, walk.plan).gaps]
    assert ("alone_and_met", "leg", "alone") in gaps
    assert "alone_and_met" in {one.code for one in read_journey(walk.ours, walk.plan).notices}
    change_record(walk.ours, walk.legs[0], {"alone": False})
    assert refused(walk, order) == before


def test_name_of_the_contact_is_that_on_the_duty_sheet(walk: Walk) -> None:
    order = PaperRequest(PaperName.DUTY_SHEET, walk.plan, "sv")
    anna = create_record(walk.ours, Contact, {"given_name": "Анна"})
    change_record(walk.ours, walk.legs[0], {"meeter": anna.hex(), "met_by": told("Olga", "Ольга")})
    assert refused(walk, order) == ["paper.meeter_is_another leg.met_by"]
    assert refusal(lambda: make_paper(walk.ours, order)).code == "paper.meeter_is_another"
    change_record(walk.ours, walk.legs[0], {"met_by": told("Anna", "Анна")})
    assert refused(walk, order) == []
    assert make_paper(walk.ours, order).pdf.startswith(b"%PDF")


def test_file_copy_shows_the_file_as_it_is_and_warns(walk: Walk) -> None:
    change_record(walk.ours, walk.legs[0], {"alone": True, "met_by": told("Anna", "Анна")})
    order = file_copy(walk.plan)
    assert refused(walk, order) == []
    shown = preview_pages(walk.ours, order, 1.0)
    assert "paper.alone_and_met" in {one.code for one in shown.warnings}
    assert shown.pages != ()


def test_escorts_sheet_says_all_that_is_missing_at_once(walk: Walk) -> None:
    values: dict[str, Value] = {"alone": True, "met_by": told("Anna", "Анна"), "departs": None}
    change_record(walk.ours, walk.legs[0], values)
    change_record(walk.ours, walk.plan, {"escort": None})
    found = refused(walk, PaperRequest(PaperName.ESCORTS_SHEET, walk.plan, "ru"))
    wanted = {"paper.missing plan.escort", "paper.missing leg.departs",
              "paper.alone_and_met leg.alone"}  # fmt: skip
    assert wanted <= set(found)


def test_letter_says_no_age_that_the_birth_date_denies(tmp_path: Path) -> None:
    letters = open_letters(tmp_path / "desk")
    to = letters.organisation()
    letters.consent("police_report", to)
    referral = letters.letter("police_report", to)
    wrong: dict[str, Value] = {"birth_date": date(1990, 1, 1), "age_band": "age_9_17"}
    change_record(letters.desk, letters.client, wrong)
    assert "paper.age_differs client.age_band" in letters.refused(referral)
    change_record(letters.desk, letters.client, {"age_band": "age_30_38"})
    assert not any("age_differs" in one for one in letters.refused(referral))
    letters.desk.store.close()
