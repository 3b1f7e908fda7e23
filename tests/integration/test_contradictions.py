# SPDX-License-Identifier: GPL-3.0-or-later
"""Papers that would contradict themselves: refused with all reasons at once, mended by a field.

Real desks and real papers; "Check" and the gate before leaving say the same.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest
from tests.integration.course_samples import Walk, walked
from tests.integration.letter_samples import Letters, open_letters
from tests.integration.pair_samples import refusal
from tests.support.make import file_copy, sheet, told

from kfdesk import app
from kfdesk.domain.codes.core import PaperName, PaperRequest
from kfdesk.domain.letters import LETTERS
from kfdesk.domain.records.client import ChildPapers, Relationship
from kfdesk.domain.records.directory import Contact
from kfdesk.domain.records.journey import HelpNumber, Leg, Traveller
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.values import Value
from kfdesk.i18n.contradictions import CONTRADICTION_SENTENCES
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.papers.contradictions import contradiction_obstacles, contradiction_warnings
from kfdesk.services.papers.kinds import PAPER_KINDS
from kfdesk.services.papers.production import make_paper, paper_obstacles, preview_pages
from kfdesk.services.plans.journey import read_journey
from kfdesk.services.plans.plans import load_case, open_plan
from kfdesk.ui.pages.plan.page import _SECTION_TYPES

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


_LEG_PAPERS = (*SHEETS, PaperName.HANDOVER_RECEIPT, PaperName.DUTY_SHEET)
_CALL_PAPERS = (*SHEETS, PaperName.CHILDS_SHEET, PaperName.DUTY_SHEET, PaperName.FILE_COPY)
REFUSED: Mapping[str, tuple[str, ...]] = {
    "age_differs": tuple(LETTERS),
    "birth_date_differs": ("report_of_concern", "reception_and_reintegration"),
    "escort_not_wanted": (PaperName.DUTY_SHEET,),
    "alone_and_met": _LEG_PAPERS,
    "meeter_is_another": _LEG_PAPERS,
    "meeter_of_another": (),
    "custody_is_contested": ("reception_and_reintegration",),
    "number_untested": (),
}
"""The papers, and the letters by purpose, that each finding refuses."""
WARNED: Mapping[str, tuple[str, ...]] = {
    "birth_date_differs": (PaperName.FILE_COPY,),
    "escort_not_wanted": (PaperName.FILE_COPY,),
    "alone_and_met": (PaperName.FILE_COPY,),
    "meeter_is_another": (PaperName.FILE_COPY,),
    "meeter_of_another": (PaperName.DUTY_SHEET,),
    "custody_is_contested": ("report_of_concern",),  # a duty does not wait for a court
    "number_untested": _CALL_PAPERS,
}


def contradict(letters: Letters) -> None:
    """Write down every contradiction there is."""
    desk, plan, client = letters.desk, letters.plan, letters.client
    change_record(desk, client, {"birth_date": date(1990, 1, 1), "age_band": "age_9_17"})
    case = load_case(desk, plan)
    child = next(one.rid for one in case.views(Relationship, "relationship"))
    own: dict[str, Value] = {"person": child.hex(), "birth_date": date(2018, 5, 1)}
    create_record(desk, Traveller, own, plan)
    custody: dict[str, Value] = {
        "child": child.hex(), "guardian_order": "Tingsrätten 1", "custody_contested": True,
        "custody_day": date(2026, 11, 1),
    }  # fmt: skip
    create_record(desk, ChildPapers, custody, plan)
    other = letters.organisation(name="Annat hus")
    anna = create_record(desk, Contact, {"given_name": "Анна", "organisation": other.hex()})
    change_record(desk, plan, {"escort_kind": "none_wanted", "escort": anna.hex()})
    for leg in case.views(Leg, "leg"):
        met: dict[str, Value] = {"meeter": anna.hex(), "met_by": told("Olga", "Ольга")}
        change_record(desk, leg.rid, {**met, "alone": True})
    create_record(desk, HelpNumber, {"sequence": 9, "number": "+46 8 465 004 19"}, plan)


def test_each_finding_refuses_each_paper_that_would_show_it(tmp_path: Path) -> None:
    letters = open_letters(tmp_path / "desk")
    desk = letters.desk
    contradict(letters)
    orders: dict[str, PaperRequest] = {
        paper: PaperRequest(paper, letters.plan, "sv")
        for paper in PAPER_KINDS
        if paper is not PaperName.AUTHORITY_LETTER
    }
    to = letters.organisation()
    for purpose in LETTERS:
        orders[purpose] = letters.order(letters.letter(purpose, to))
    for table, find in ((REFUSED, contradiction_obstacles), (WARNED, contradiction_warnings)):
        for name, order in orders.items():
            told_of = {one.code.removeprefix("paper.") for one in find(desk, order)}
            wanted = {code for code, papers in table.items() if name in papers}
            assert told_of == wanted, name
    desk.store.close()


def test_each_finding_has_a_sentence_in_three_languages_and_a_field_of_a_section(
    tmp_path: Path,
) -> None:
    letters = open_letters(tmp_path / "desk")
    contradict(letters)
    orders = [PaperRequest(paper, letters.plan, "sv") for paper in PAPER_KINDS]
    letter = letters.letter("reception_and_reintegration", letters.organisation())
    orders[orders.index(PaperRequest(PaperName.AUTHORITY_LETTER, letters.plan, "sv"))] = (
        letters.order(letter)
    )
    found = [
        one
        for order in orders
        for find in (contradiction_obstacles, contradiction_warnings)
        for one in find(letters.desk, order)
    ]
    assert {one.code.removeprefix("paper.") for one in found} == REFUSED.keys()
    assert CONTRADICTION_SENTENCES.keys() == REFUSED.keys()
    for one in found:
        record_type, _, key = str(one.data["field"]).partition(".")
        assert RECORD_TYPES[record_type].fields[key].section.label
        assert any(record_type in section.types for section in _SECTION_TYPES)
        sentence = CONTRADICTION_SENTENCES[one.code.removeprefix("paper.")]
        said = {app.language(code).gettext(sentence) for code in ("en", "sv", "ru")}
        assert len(set(said)) == 3
    letters.desk.store.close()


def test_custody_leads_to_what_is_not_known_of_the_court(tmp_path: Path) -> None:
    letters = open_letters(tmp_path / "desk")
    contradict(letters)
    referral = letters.letter("reception_and_reintegration", letters.organisation())
    (papers,) = load_case(letters.desk, letters.plan).views(ChildPapers, "child_papers")
    for key, value in (("custody_contested_by", "Fadern"), ("custody_court", "Tingsrätten")):
        assert f"paper.custody_is_contested child_papers.{key}" in letters.refused(referral)
        change_record(letters.desk, papers.rid, {key: value})
    assert not any("custody" in one for one in letters.refused(referral))
    letters.desk.store.close()


def test_name_of_the_contact_is_that_on_her_own_sheet_and_before_the_journey(walk: Walk) -> None:
    before = {gap.code for gap in open_plan(walk.ours, walk.plan).gaps}
    anna = create_record(walk.ours, Contact, {"given_name": "Анна"})
    change_record(walk.ours, walk.legs[0], {"meeter": anna.hex(), "met_by": told("Olga", "Ольга")})
    assert "paper.meeter_is_another leg.met_by" in refused(walk, sheet(walk.plan))
    after = {gap.code for gap in open_plan(walk.ours, walk.plan).gaps}
    assert after - before == {"meeter_is_another"}


def test_letter_tells_what_was_not_asked_from_what_may_be_withheld(tmp_path: Path) -> None:
    letters = open_letters(tmp_path / "desk")
    to = letters.organisation()
    letters.consent("police_report", to, groups=("identity", "exploitation_history"))
    change_record(letters.desk, letters.plan, {"type_of_exploitation": None})
    said = letters.said(letters.letter("police_report", to))
    events, matters = (said.index(head) for head in ("Vad som har hänt", "Tillstånd, tider"))
    asked, withheld = "Inte frågat, eller inte antecknat.", "Inte antecknat, eller lämnas inte"
    assert asked in said[events:matters]
    assert withheld not in said[events:matters]
    assert withheld in said[matters:]
    assert asked not in said[matters:]
    letters.desk.store.close()
