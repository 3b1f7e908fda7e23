# SPDX-License-Identifier: GPL-3.0-or-later
"""Each paper, in each language and form in which it is offered, is made with every sign on it.

A sign that no font has stops a paper, so a paper that is made has them all; what a carried one says
is read back and looked at. Bulgarian, Romanian and Ukrainian, of which the story has no texts, are
in `test_carry_languages.py`.
"""

from collections.abc import Iterator, Mapping

import pytest
from tests.integration.course_samples import Walk, walked
from tests.support.book_samples import add_adopted_cards

from kfdesk.demo import cooperation, network, people, story
from kfdesk.documents.typesetting import page_texts
from kfdesk.domain.codes.core import PaperFormat, PaperName, PaperRequest
from kfdesk.domain.records.client import Consent, Relationship
from kfdesk.domain.records.directory import Membership, Network, Organisation, Phone
from kfdesk.domain.records.journey import Traveller
from kfdesk.domain.values import Value
from kfdesk.i18n.language import PROGRAM_LANGUAGES
from kfdesk.services.core.records import create_record, require_record
from kfdesk.services.papers.kinds import PAPER_KINDS
from kfdesk.services.papers.letters import LetterRequest, prepare_letter
from kfdesk.services.papers.production import (
    check_paper,
    list_paper_subjects,
    make_paper,
    paper_obstacles,
)

MISSING = ("\ufffd", "\u25a0", "\u25a1", "\u2610")
"""What stands on a page where a font has no sign."""
PHONE: Mapping[str, Value] = {"number": "+46 8 465 004 10", "confidentiality": "public"}
SIGNED_OR_KEPT = (PaperName.CONSENT_FORM, PaperName.SUPPORT_PLAN, PaperName.DISCLOSURE_LOG)
"""Papers of the client that hold no text of the journey, so each of her languages will do."""
OFFERED = [
    (paper, code, form)
    for paper, kind in PAPER_KINDS.items()
    for code in kind.languages
    for form in kind.forms
    if code in PROGRAM_LANGUAGES or (paper in SIGNED_OR_KEPT and form is kind.forms[0])
]


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """Yield a plan before its journey, with everything that the story knows."""
    with walked(tmp_path_factory.mktemp("papers"), "travel_ready") as made:
        story.consent_to_escort(made.ours, made.plan)
        story.add_aftercare(made.ours, made.plan)
        add_child(made)
        house = create_record(made.ours, Organisation, story.SCHOOL)
        create_record(made.ours, Phone, PHONE, parent=house)
        meet(made)
        followed = cooperation.follow_procedure(made.ours)
        add_adopted_cards(made.ours)
        for code in PROGRAM_LANGUAGES:
            write_in(code, made, followed.plan)
        yield made


def add_child(walk: Walk) -> None:
    """Let a child travel along who gets a sheet of its own."""
    child: dict[str, Value] = {"given_name": "Alva", "travels_with": True, "age_band": "age_0_8"}
    person = create_record(walk.ours, Relationship, child, walk.client)
    row: dict[str, Value] = {
        "person": person.hex(), "name_on_ticket": "ALVA VYMYSLOVA", "own_sheet": True,
        "cared_by": people.localized("Karin", "Карин", "Karin"),
    }  # fmt: skip
    create_record(walk.ours, Traveller, row, walk.plan)


def meet(walk: Walk) -> None:
    """Let a network with the partner hold a meeting."""
    made = create_record(walk.ours, Network, network.NETWORK)
    member: dict[str, Value] = {"organisation": walk.partner.hex(), "role": "member"}
    create_record(walk.ours, Membership, member, made)
    network.hold_meeting(walk.ours, made, walk.partner)


def write_in(code: str, walk: Walk, plan: bytes) -> None:
    """Write to an authority that reads this language, with the client's consent."""
    desk, now = walk.ours, walk.ours.adapters.clock.now()
    reader = {**cooperation.POLICE, "languages": (code,)}
    authority = create_record(desk, Organisation, reader)
    agreed: dict[str, Value] = {
        **people.consent_to_case_work(now, authority.hex()), "purpose": "police_report",
        "groups": ("identity", "legal_case"),
    }  # fmt: skip
    create_record(desk, Consent, agreed, require_record(desk, plan).parent)
    prepare_letter(desk, plan, LetterRequest("police_report", authority, now.date()))


@pytest.mark.parametrize(("paper", "code", "form"), OFFERED)
def test_paper_is_made_whole(walk: Walk, paper: PaperName, code: str, form: PaperFormat) -> None:
    desk, kind = walk.ours, PAPER_KINDS[paper]
    subjects = [one.rid for one in list_paper_subjects(desk, paper)] if kind.subject else [b""]
    orders = [PaperRequest(paper, subject, code, form) for subject in subjects]
    possible = [order for order in orders if paper_obstacles(desk, order) == ()]
    made = [make_paper(desk, order).pdf for order in possible]
    assert made, [paper_obstacles(desk, order) for order in orders]
    for text in (text for pdf in made for text in page_texts(pdf)):
        assert text.strip()
        assert not any(sign in text for sign in MISSING)
    if kind.is_carried:
        for order in possible:
            assert check_paper(desk, order).found == frozenset()
