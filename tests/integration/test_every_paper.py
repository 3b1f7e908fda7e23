# SPDX-License-Identifier: GPL-3.0-or-later
"""Each paper, in each language and form in which it is offered, is made with every sign on it.

A sign that no font has stops a paper, so a paper that is made has them all; what a carried one says
is read back and looked at. Bulgarian, Romanian and Ukrainian, of which the story has no texts, are
in `test_carry_languages.py`.
"""

from collections.abc import Iterator, Mapping

import pytest
from tests.integration.course_samples import Walk, walked

from kfdesk.demo import after, story
from kfdesk.documents.read_back import page_texts
from kfdesk.domain.papers.order import Form, Order, PaperName
from kfdesk.domain.records.directory.phone import Phone
from kfdesk.domain.records.organisation import Organisation
from kfdesk.domain.values import Value
from kfdesk.i18n.language import PROGRAM_LANGUAGES
from kfdesk.services.papers.kinds import KINDS
from kfdesk.services.papers.making import check_paper, make_paper, obstacles
from kfdesk.services.papers.subjects import list_subjects
from kfdesk.services.writing.records import create_record

MISSING = ("\ufffd", "\u25a0", "\u25a1", "\u2610")
"""What stands on a page where a font has no sign."""
PHONE: Mapping[str, Value] = {"number": "+46 8 465 004 10", "confidentiality": "public"}
OFFERED = [
    (paper, code, form)
    for paper, kind in KINDS.items()
    for code in kind.languages
    for form in kind.forms
    if code in PROGRAM_LANGUAGES
]


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """A plan before its journey, with everything that the story knows."""
    with walked(tmp_path_factory.mktemp("papers"), "travel_ready") as made:
        story.agree_on_company(made.ours, made.plan)
        after.help_on(made.ours, made.plan)
        house = create_record(made.ours, Organisation, after.SCHOOL)
        create_record(made.ours, Phone, PHONE, parent=house)
        yield made


@pytest.mark.parametrize(("paper", "code", "form"), OFFERED)
def test_paper_is_made_whole(walk: Walk, paper: PaperName, code: str, form: Form) -> None:
    desk, kind = walk.ours, KINDS[paper]
    subjects = [one.rid for one in list_subjects(desk, paper)] if kind.subject else [b""]
    orders = [Order(paper, subject, code, form) for subject in subjects]
    made = [make_paper(desk, order).pdf for order in orders if obstacles(desk, order) == ()]
    assert made, [obstacles(desk, order) for order in orders]
    for text in (text for pdf in made for text in page_texts(pdf)):
        assert text.strip()
        assert not any(sign in text for sign in MISSING)
    if kind.is_carried:
        for order in orders:
            assert check_paper(desk, order).found == frozenset()
