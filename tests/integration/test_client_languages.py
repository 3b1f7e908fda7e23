# SPDX-License-Identifier: GPL-3.0-or-later
"""What she is asked to sign is in a language of hers, or an interpreter signs that it was read.

Each test asks a real desk for paper that she could not read, in another way.
"""

from collections.abc import Iterator, Mapping

import pytest
from tests.support.make import told
from tests.support.samples import first

from kfdesk import store_lifecycle
from kfdesk.demo import people, story
from kfdesk.documents.consent_form import INTERPRETER_OF, READ_ALOUD
from kfdesk.documents.typesetting import missing_texts, page_texts
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.codes.core import PaperFormat, PaperName, PaperRequest
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.aftercare import Goal
from kfdesk.domain.records.client import Consent
from kfdesk.domain.values import Value
from kfdesk.domain.workflow.decision import client_signed
from kfdesk.domain.workflow.gates import GateReason
from kfdesk.environment import Environment
from kfdesk.i18n.client_texts import ClientTexts, TextState, read_client_texts
from kfdesk.i18n.language import CLIENT, CLIENT_LANGUAGES, SHEET_LANGUAGES, Language
from kfdesk.i18n.phrases import CONSENT_EXPLANATIONS
from kfdesk.services.core.drafts import FormState, save_draft
from kfdesk.services.core.records import change_record, create_record, require_record
from kfdesk.services.core.session import Session
from kfdesk.services.papers.kinds import PAPER_KINDS, paper_texts
from kfdesk.services.papers.production import (
    client_language,
    list_copies,
    make_paper,
    paper_obstacles,
    preview_pages,
)
from kfdesk.services.plans.plans import read_case_context
from kfdesk.storage import key_slots
from kfdesk.system import paths

SIGNED = (PaperName.CONSENT_FORM, PaperName.SUPPORT_PLAN)
HERS = tuple(
    paper
    for paper, kind in PAPER_KINDS.items()
    if kind.languages in (CLIENT_LANGUAGES, SHEET_LANGUAGES)
)
WITHOUT_TEXT = ("vi", "th", "fa", "zz", "EN", "ru-RU", "../sv", "")


class Case:
    """A desk with one client, her plan with a goal, and her consent, which is not given yet."""

    def __init__(self, desk: Session) -> None:
        self.desk = desk
        ours = desk.identity.organisation
        self.plan, _ = story.enter_plan(desk, ours)
        self.client = require_record(desk, self.plan).parent or b""
        now = desk.adapters.clock.now()
        asked: dict[str, Value] = {**people.consent_to_case_work(now, ours.hex()), "given": None}
        self.consent = create_record(desk, Consent, asked, self.client)
        aim = told("Jag vill bli frisör", "Хочу стать парикмахером")
        create_record(desk, Goal, {"domain": "vocational", "aim": aim}, self.plan)
        self.speak("ru", talked=None)

    def speak(self, *codes: str, talked: str | None) -> None:
        """Let her speak these languages, and let the consent be talked through in another."""
        change_record(self.desk, self.client, {"languages": codes or None})
        change_record(self.desk, self.consent, {"language": talked})

    def order(
        self,
        paper: PaperName,
        code: str,
        beside: str = "",
        form: PaperFormat | None = None,
    ) -> PaperRequest:
        subject = self.consent if paper is PaperName.CONSENT_FORM else self.plan
        return PaperRequest(paper, subject, code, form or PAPER_KINDS[paper].forms[0], beside)

    def use(self, texts: ClientTexts) -> None:
        """Let the desk have these texts, as another version of the program would."""
        vars(self.desk.adapters)["client_texts"] = texts

    def refusal(self, order: PaperRequest) -> str:
        """Return the code of what keeps the paper back, having seen that no copy is counted."""
        before = len(list_copies(self.desk))
        with pytest.raises(KfdeskError) as refused:
            make_paper(self.desk, order)
        assert len(list_copies(self.desk)) == before
        return refused.value.code


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    who = Credentials(people.INITIALS, people.PASSPHRASE)
    folder = tmp_path_factory.mktemp("hers") / "store"
    desk = store_lifecycle.create_store(
        folder, people.HOUSE, who, Environment(cost=key_slots.MIN_COST)
    )
    yield Case(desk)
    desk.store.close()


@pytest.fixture
def case(made: Case) -> Case:
    """Return the case as it was at first."""
    made.speak("ru", talked=None)
    change_record(made.desk, made.consent, {"withheld": None})
    made.use(lacking(made.desk, {}))
    return made


def words(code: str) -> Language:
    return Language(code, paths.translations_folder(), CLIENT)


def lacking(desk: Session, left_out: Mapping[str, PaperName]) -> ClientTexts:
    """Return the list of texts without these papers, as in a version that has fewer."""
    whole = read_client_texts(paths.resources_folder() / "client_texts.toml").states
    return ClientTexts({
        code: {paper: state for paper, state in papers.items() if left_out.get(code) is not paper}
        for code, papers in whole.items()
    })  # fmt: skip


@pytest.mark.parametrize("paper", HERS)
def test_language_without_a_text_is_refused_and_never_english(case: Case, paper: PaperName) -> None:
    for code in WITHOUT_TEXT:
        expected = "paper.no_text" if code else "paper.not_offered"
        assert case.refusal(case.order(paper, code)) == expected, code
        if code and PAPER_KINDS[paper].is_bilingual:
            assert case.refusal(case.order(paper, "ru", code)) == "paper.no_text", code
            assert case.refusal(case.order(paper, code, "ru")) == "paper.no_text", code
        case.speak(*(one for one in (code,) if len(one) == 2 and one.islower()), talked=None)


@pytest.mark.parametrize("paper", SIGNED)
@pytest.mark.parametrize("code", ["sv", "ru", "uk"])
def test_same_language_twice_is_refused(case: Case, paper: PaperName, code: str) -> None:
    assert case.refusal(case.order(paper, code, code)) == "paper.same_language"


def test_language_of_the_sheet_need_not_be_one_of_the_consent(case: Case) -> None:
    texts = lacking(case.desk, {"uk": PaperName.CONSENT_FORM})
    case.use(texts)
    assert "uk" in paper_texts(case.desk, PaperName.TRAVELLERS_SHEET)
    assert "uk" not in paper_texts(case.desk, PaperName.CONSENT_FORM)
    assert case.refusal(case.order(PaperName.CONSENT_FORM, "uk")) == "paper.no_text"
    assert case.refusal(case.order(PaperName.CONSENT_FORM, "sv", "uk")) == "paper.no_text"
    case.speak("uk", talked=None)
    offered = tuple(paper_texts(case.desk, PaperName.CONSENT_FORM))
    with pytest.raises(KfdeskError, match=r"paper\.no_text"):
        client_language(case.desk, case.consent, offered)
    pdf = make_paper(case.desk, case.order(PaperName.CONSENT_FORM, "sv")).pdf
    assert missing_texts(pdf, [confirmed("sv", "uk")]) == []


def confirmed(code: str, spoken: str) -> str:
    return words(code).gettext(READ_ALOUD).format(language=words(code).language(spoken))


@pytest.mark.parametrize("paper", SIGNED)
@pytest.mark.parametrize("form", [PaperFormat.A4, PaperFormat.LARGE])
@pytest.mark.parametrize(
    ("spoken", "talked"), [(("vi",), None), (("vi",), "vi"), ((), "vi"), (("vi", "th"), None)]
)
def test_paper_that_she_cannot_read_is_signed_by_the_interpreter(
    case: Case, paper: PaperName, form: PaperFormat, spoken: tuple[str, ...], talked: str | None
) -> None:
    case.speak(*spoken, talked=talked)
    if not spoken and paper is PaperName.SUPPORT_PLAN:
        assert case.refusal(case.order(paper, "sv", form=form)) == "paper.missing"
        return
    for code, beside in (("sv", ""), ("en", ""), ("sv", "en")):
        pdf = make_paper(case.desk, case.order(paper, code, beside, form)).pdf
        signs = words(code).gettext(INTERPRETER_OF).format(language=words(code).language("vi"))
        assert missing_texts(pdf, [confirmed(code, "vi"), signs]) == []


@pytest.mark.parametrize(
    ("spoken", "talked", "languages"),
    [
        (("ru",), None, ("ru", "")),
        (("ru",), None, ("ru", "sv")),
        (("ru",), None, ("sv", "ru")),
        (("vi", "ru"), None, ("ru", "")),
        (("vi",), "ru", ("ru", "")),
        ((), "uk", ("uk", "")),
    ],
)
def test_paper_that_she_reads_asks_for_no_interpreter(
    case: Case, spoken: tuple[str, ...], talked: str | None, languages: tuple[str, str]
) -> None:
    case.speak(*spoken, talked=talked)
    pdf = make_paper(case.desk, case.order(PaperName.CONSENT_FORM, *languages)).pdf
    said = confirmed(languages[0], "vi").partition("(")[0]
    assert missing_texts(pdf, [said]) == [said]


@pytest.mark.parametrize("paper", SIGNED)
def test_nothing_is_printed_before_anybody_asked_what_she_reads(
    case: Case, paper: PaperName
) -> None:
    case.speak(talked=None)
    for code in ("sv", "en", "ru", "bg"):
        order = case.order(paper, code)
        assert case.refusal(order) == "paper.missing"
        assert preview_pages(case.desk, order, 0.2).pages == ()
        fields = {fault.data.get("field") for fault in paper_obstacles(case.desk, order)}
        assert fields & {"consent.language", "client.languages"}


def test_draft_of_a_consent_is_asked_for_its_language_too(case: Case) -> None:
    case.speak(talked=None)
    values: dict[str, Value] = {
        "recipient": case.desk.identity.organisation.hex(), "purpose": "case_management",
        "groups": ("identity",),
    }  # fmt: skip
    rid = case.desk.new_id()
    save_draft(case.desk, rid, FormState("consent", values, parent=case.client))
    order = PaperRequest(PaperName.CONSENT_FORM, rid, "sv")
    assert [fault.code for fault in paper_obstacles(case.desk, order)] == ["paper.missing"]
    save_draft(
        case.desk, rid, FormState("consent", {**values, "language": "vi"}, parent=case.client)
    )
    assert missing_texts(make_paper(case.desk, order).pdf, [confirmed("sv", "vi")]) == []


@pytest.mark.parametrize("beside", ["", "sv"])
def test_what_is_not_shared_stands_in_each_language_of_the_form(case: Case, beside: str) -> None:
    """A line that is empty in her language would share what she has kept back."""
    change_record(case.desk, case.consent, {"withheld": told("min adress", "мой адрес")})
    assert case.refusal(case.order(PaperName.CONSENT_FORM, "bg", beside)) == "paper.not_in_language"
    pdf = make_paper(case.desk, case.order(PaperName.CONSENT_FORM, "ru", "sv")).pdf
    assert missing_texts(pdf, ["мой адрес", "min adress"]) == []


@pytest.mark.parametrize("text", ["ไม่มีที่อยู่", "العنوان", "地址", "ﷺ"])
def test_letter_that_no_font_has_is_told_and_nothing_is_printed(case: Case, text: str) -> None:
    change_record(case.desk, case.consent, {"withheld": told(text, text)})
    assert case.refusal(case.order(PaperName.CONSENT_FORM, "sv")) == "documents.no_letter"


@pytest.mark.parametrize("code", first(3, ("bg", "lt", "es", *CLIENT_LANGUAGES)))
def test_consent_is_printed_with_its_seven_points_in_every_language(case: Case, code: str) -> None:
    case.speak(code, talked=code)
    second = "" if code in ("sv", "en") else "sv"
    for form in PAPER_KINDS[PaperName.CONSENT_FORM].forms:
        for beside in {"", second}:
            pdf = make_paper(case.desk, case.order(PaperName.CONSENT_FORM, code, beside, form)).pdf
            points = [words(code).gettext(one) for one in CONSENT_EXPLANATIONS.values()]
            assert missing_texts(pdf, points) == []
            assert len(page_texts(pdf)) == 1 + (form is PaperFormat.LARGE) + bool(beside) * (
                1 + (form is PaperFormat.LARGE)
            )


def test_plan_is_not_signed_where_nothing_was_read_to_her(case: Case) -> None:
    change_record(case.desk, case.client, {"languages": ("vi",)})
    signed: dict[str, Value] = {
        "decision_signed": case.desk.adapters.clock.now().date(), "decision_language": "vi",
        "interpreter_used": False,
    }  # fmt: skip
    change_record(case.desk, case.plan, signed)
    assert signed_gate(case) is GateReason.NOT_READ_ALOUD
    change_record(case.desk, case.plan, {"interpreter_used": True})
    assert signed_gate(case) is None
    change_record(case.desk, case.client, {"languages": ("uk",)})
    change_record(case.desk, case.plan, {"interpreter_used": None, "decision_language": "uk"})
    assert signed_gate(case) is None
    texts = lacking(case.desk, {"uk": PaperName.CONSENT_FORM})
    case.use(texts)
    assert signed_gate(case) is GateReason.NOT_READ_ALOUD


def signed_gate(case: Case) -> GateReason | None:
    return client_signed(read_case_context(case.desk, case.plan)).why


@pytest.mark.parametrize("paper", [*SIGNED, PaperName.DISCLOSURE_LOG, PaperName.TRAVELLERS_SHEET])
def test_paper_that_stays_says_who_has_read_its_text_and_what_she_carries_does_not(
    case: Case, paper: PaperName
) -> None:
    beside = "sv" if PAPER_KINDS[paper].is_bilingual else ""
    order = case.order(paper, "ru", beside)
    whole = read_client_texts(paths.resources_folder() / "client_texts.toml").states
    stays = paper is not PaperName.TRAVELLERS_SHEET
    notes = {
        TextState.NATIVE: "",
        TextState.CHECKED_TWICE: "For the office: this text was checked twice, but no native "
        "speaker has read it yet.",
        TextState.NOT_READ: "For the office: no native speaker has read this text yet.",
    }
    for state, note in notes.items():
        states = {code: dict.fromkeys(whole[code], TextState.NATIVE) for code in ("ru", "sv")}
        states["sv" if beside else "ru"] = dict.fromkeys(whole["sv"], state)
        case.use(ClientTexts(states))
        pdf = make_paper(case.desk, order).pdf
        said = [words("ru").gettext(one) for one in notes.values() if one]
        wanted = [words("ru").gettext(note)] if note and stays else []
        pages = len(page_texts(pdf))
        assert missing_texts(pdf, wanted * pages) == []
        others = [one for one in said if one not in wanted]
        assert missing_texts(pdf, others) == others
