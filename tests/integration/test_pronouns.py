# SPDX-License-Identifier: GPL-3.0-or-later
"""Papers about a client speak of her, of him, or of "the client": as it is recorded, on real pages.

What people wrote themselves is taken out first, so that the words on a page are the program's.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import pytest
from tests.integration.course_samples import Walk, walked
from tests.integration.letter_samples import ACTORS, BY_CONSENT
from tests.integration.test_every_paper import add_child
from tests.support import make
from tests.support.make import told
from tests.support.papers import drawn_paper
from tests.support.pronouns import HER, HIM

from kfdesk.demo import cooperation, people, story
from kfdesk.documents.typesetting import Typesetter, page_texts
from kfdesk.domain.codes.core import PaperName, PaperRequest
from kfdesk.domain.consent import PURPOSE_GROUPS
from kfdesk.domain.pronouns import Pronoun
from kfdesk.domain.records.client import Consent
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.records.network import CaseConference, ConferenceParty
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.rows import view_any
from kfdesk.domain.values import MissingAnswer, Value
from kfdesk.i18n.language import PROGRAM_LANGUAGES
from kfdesk.services.core.records import (
    change_record,
    client_pronoun,
    create_record,
    require_record,
)
from kfdesk.services.core.session import Session
from kfdesk.services.papers.kinds import PAPER_KINDS
from kfdesk.services.papers.letters import LetterRequest, prepare_letter
from kfdesk.services.papers.production import paper_obstacles

SPOKEN = (PaperName.FILE_COPY, PaperName.DUTY_SHEET, PaperName.AUTHORITY_LETTER)
"""The papers that speak of the client in every language."""
OF_OURS = (*SPOKEN, PaperName.AGENDA, PaperName.COOPERATION_SHEET)
"""The papers about a client in the program's words."""
ABOUT_CLIENT = (
    *OF_OURS, PaperName.SUPPORT_PLAN, PaperName.DISCLOSURE_LOG, PaperName.CONSENT_FORM,
    PaperName.TRAVELLERS_SHEET, PaperName.CHILDS_SHEET, PaperName.ESCORTS_SHEET,
    PaperName.HANDOVER_RECEIPT,
)  # fmt: skip
OF_THINGS = ("что против неё делается", "кто её оказывает")
"""Russian texts of a page about a danger or a service."""
UNKNOWN = (None, MissingAnswer.DECLINED, "NonConforming", "NonSpecifiedUnknown")


@dataclass(frozen=True)
class Case:
    """A desk with everything about one client, and the orders of the papers about that client."""

    desk: Session
    client: bytes
    orders: Mapping[PaperName, tuple[bytes, ...]]

    def possible(self, paper: PaperName, code: str) -> list[PaperRequest]:
        """Return the papers of a kind that can be made in a language."""
        form = PAPER_KINDS[paper].forms[0]
        orders = [PaperRequest(paper, one, code, form) for one in self.orders[paper]]
        return [order for order in orders if not paper_obstacles(self.desk, order)]

    def texts(self, paper: PaperName, code: str) -> list[str]:
        """Return the pages of a paper in one language, each on one line."""
        pdfs = [drawn_paper(self.desk, order).pdf for order in self.possible(paper, code)]
        return [" ".join(text.split()) for pdf in pdfs for text in page_texts(pdf)]


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    with walked(tmp_path_factory.mktemp("pronouns"), "travel_ready") as walk:
        desk = walk.ours
        story.consent_to_escort(desk, walk.plan)
        story.add_aftercare(desk, walk.plan)
        add_child(walk)
        letters = tuple(write(walk, purpose) for purpose in BY_CONSENT)
        parties = confer(walk)
        followed = cooperation.follow_procedure(desk)
        scrub(desk)
        consents = tuple(
            one.rid for one in desk.store.children(walk.client) if one.type == "consent"
        )
        orders = {
            **dict.fromkeys(ABOUT_CLIENT, (walk.plan,)),
            PaperName.AUTHORITY_LETTER: letters, PaperName.CONSENT_FORM: consents,
            PaperName.AGENDA: parties, PaperName.COOPERATION_SHEET: (followed.plan,),
        }  # fmt: skip
        yield Case(desk, walk.client, orders)


def write(walk: Walk, purpose: str) -> bytes:
    """Write a letter to an authority that reads each language, with the client's consent."""
    desk, now = walk.ours, walk.ours.adapters.clock.now()
    reader: dict[str, Value] = {
        "name": "Myndigheten", "country": "SE", "confidentiality": "public",
        "actor_type": ACTORS[purpose], "languages": PROGRAM_LANGUAGES,
    }  # fmt: skip
    to = create_record(desk, Organisation, reader)
    agreed: dict[str, Value] = {
        **people.consent_to_case_work(now, to.hex()), "purpose": purpose,
        "groups": tuple(sorted(PURPOSE_GROUPS[purpose])),
    }  # fmt: skip
    create_record(desk, Consent, agreed, walk.client)
    return prepare_letter(desk, walk.plan, LetterRequest(purpose, to, now.date()))


def confer(walk: Walk) -> tuple[bytes, bytes]:
    """Hold a case conference with two others: one may know who the client is, the other may not."""
    desk, now = walk.ours, walk.ours.adapters.clock.now()
    head = create_record(desk, CaseConference, {"agenda": told("Läget", "Положение")}, walk.plan)
    parties = []
    for groups in (("identity", "cooperation"), ("cooperation",)):
        house = {"name": "Huset", "country": "SE", "confidentiality": "public"}
        to = create_record(desk, Organisation, house)
        agreed: dict[str, Value] = {
            **people.consent_to_case_work(now, to.hex()),
            "groups": groups,
        }  # fmt: skip
        create_record(desk, Consent, agreed, walk.client)
        parties.append(create_record(desk, ConferenceParty, {"organisation": to.hex()}, head))
    return parties[0], parties[1]


def scrub(desk: Session) -> None:
    """Take out what people wrote about her, in every text of every record."""

    @cache
    def is_about_her(text: str) -> bool:
        return any(words.search(text.lower()) for words in (*HER.values(), *HIM.values()))

    for name, kind in RECORD_TYPES.items():
        for row in tuple(desk.store.rows(name)):
            record = view_any(row).record
            for key in kind.fields:
                value = getattr(record, key)
                if isinstance(value, str) and is_about_her(value):
                    put(desk, row.rid, key, "x")
                elif isinstance(value, tuple) and any(
                    is_about_her(getattr(one, "text", "")) for one in value
                ):
                    put(desk, row.rid, key, people.localized("x", "x", "x"))


def put(desk: Session, rid: bytes, key: str, value: Value) -> None:
    """Write a value past all rights: they are not what is looked at here."""
    with desk.store.transaction():
        desk.store.put(make.changed(require_record(desk, rid), {key: value}, desk.signature))


def say(case: Case, gender: Value) -> None:
    """Record the gender of both clients of the desk."""
    for row in tuple(case.desk.store.rows("client")):
        change_record(case.desk, row.rid, {"gender": gender})


def found(words: Mapping[str, re.Pattern[str]], code: str, texts: list[str]) -> list[str]:
    """Return the words of a kind on these pages, with what stands around them."""
    whole = " ".join(texts).lower()
    for thing in OF_THINGS:
        whole = whole.replace(thing, "")
    return [whole[max(0, m.start() - 40) : m.end() + 40] for m in words[code].finditer(whole)]


@pytest.mark.parametrize("code", PROGRAM_LANGUAGES)
@pytest.mark.parametrize("paper", ABOUT_CLIENT)
def test_paper_about_a_man_holds_no_word_of_a_woman(
    case: Case, paper: PaperName, code: str
) -> None:
    say(case, "Masculine")
    texts = case.texts(paper, code)
    assert texts
    assert found(HER, code, texts) == []
    if paper in SPOKEN:
        assert found(HIM, code, texts) or code == "ru"


@pytest.mark.parametrize("code", PROGRAM_LANGUAGES)
@pytest.mark.parametrize("paper", OF_OURS)
def test_paper_about_somebody_of_whom_nothing_is_known_holds_no_word_of_either(
    case: Case, paper: PaperName, code: str
) -> None:
    say(case, None)
    texts = case.texts(paper, code)
    assert texts
    assert found(HER, code, texts) == []
    assert found(HIM, code, texts) == []


@pytest.mark.parametrize("code", PROGRAM_LANGUAGES)
@pytest.mark.parametrize("paper", [one for one in OF_OURS if one is not PaperName.AGENDA])
def test_paper_about_a_woman_is_as_it_was(
    case: Case, paper: PaperName, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(case, "Feminine")
    possible = case.possible(paper, code)[:2]
    assert possible
    now = [drawn_paper(case.desk, order).digest for order in possible]
    if paper in SPOKEN:
        assert found(HER, code, case.texts(paper, code))
    monkeypatch.setattr(Typesetter, "about", lambda press, _pronoun: press)
    assert [drawn_paper(case.desk, order).digest for order in possible] == now


def test_paper_tells_no_gender_that_its_reader_may_not_know(case: Case) -> None:
    for gender in ("Feminine", "Masculine"):
        say(case, gender)
        known, unknown = (
            " ".join(
                " ".join(text.split()) for text in page_texts(drawn_paper(case.desk, order).pdf)
            )
            for order in (
                PaperRequest(PaperName.AGENDA, subject, "en")
                for subject in case.orders[PaperName.AGENDA]
            )
        )
        assert f"by {'her' if gender == 'Feminine' else 'his'} consent" in known
        assert "by the client's consent" in unknown


@pytest.mark.parametrize(
    ("gender", "pronoun"),
    [
        ("Feminine", Pronoun.SHE), ("TransgenderFeminine", Pronoun.SHE), ("Masculine", Pronoun.HE),
        ("TransgenderMasculine", Pronoun.HE), *((one, Pronoun.CLIENT) for one in UNKNOWN),
    ],
)  # fmt: skip
def test_what_is_recorded_decides(case: Case, gender: Value, pronoun: Pronoun) -> None:
    say(case, gender)
    plan = case.orders[PaperName.FILE_COPY][0]
    assert {client_pronoun(case.desk, rid) for rid in (case.client, plan)} == {pronoun}


def test_of_what_is_about_no_client_nothing_is_known(case: Case) -> None:
    say(case, "Masculine")
    own = case.desk.identity.organisation
    assert [client_pronoun(case.desk, rid) for rid in (b"", own, b"x" * 16)] == [Pronoun.CLIENT] * 3


def test_each_paper_about_a_client_is_looked_at() -> None:
    about = {
        paper
        for paper, kind in PAPER_KINDS.items()
        if kind.subject in ("plan", "consent", "referral", "meeting")
    }
    assert about - {PaperName.MINUTES} == set(ABOUT_CLIENT)
