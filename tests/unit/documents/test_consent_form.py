# SPDX-License-Identifier: GPL-3.0-or-later
"""The consent form as a finished PDF: what it asks, where it leaves a line, on how many pages."""

import re
from datetime import date
from functools import cache
from hashlib import sha256
from io import BytesIO

import pytest
from pypdf import PdfReader
from tests.support import make
from tests.unit.documents.consent_said import CHILD, LINES
from tests.unit.documents.consent_samples import Asking, blank, drawn, reception
from tests.unit.documents.paper_samples import squeezed

from kfdesk.documents import consent_form
from kfdesk.documents.typesetting import Typesetter, page_texts, strip_layout
from kfdesk.domain.codes.case import CONSENT_EXPLAINED
from kfdesk.domain.codes.core import CONSENT_PURPOSE, CONSENT_SCOPE, PaperFormat, PaperName
from kfdesk.domain.papers import CONTENTS
from kfdesk.domain.values import PartialDate
from kfdesk.i18n.language import CLIENT_LANGUAGES, PROGRAM_LANGUAGES
from kfdesk.i18n.phrases import CONSENT_EXPLANATIONS, THIRD_COUNTRY_WARNING

SENTENCES = {
    "1.0": "39e9886180d5de1c", "1.1": "2e08cac348100ed0", "1.2": "56a1dc55f41fc80a",
    "1.3": "84ae921a95df2441", "1.4": "e90f49957a8fccbe",
}  # fmt: skip
"""The digest of all sentences, by the version that stands on the paper."""


@cache
def whole(press: Typesetter, code: str = "sv", form: PaperFormat = PaperFormat.A4) -> bytes:
    return drawn(press, reception(), code, form)


def said(
    press: Typesetter, asking: Asking, code: str = "sv", form: PaperFormat = PaperFormat.A4
) -> list[str]:
    return [" ".join(text.split()) for text in page_texts(drawn(press, asking, code, form))]


@pytest.mark.parametrize("code", PROGRAM_LANGUAGES)
def test_form_says_exactly_what_is_meant_and_nothing_else(press: Typesetter, code: str) -> None:
    assert strip_layout(" ".join(page_texts(whole(press, code)))) == strip_layout(LINES[code])


@pytest.mark.parametrize("code", PROGRAM_LANGUAGES)
def test_form_for_a_child_says_exactly_what_is_meant(press: Typesetter, code: str) -> None:
    assert strip_layout(" ".join(page_texts(drawn(press, blank(), code)))) == strip_layout(
        CHILD[code]
    )


@pytest.mark.parametrize("code", PROGRAM_LANGUAGES)
@pytest.mark.parametrize("form", [PaperFormat.A4, PaperFormat.LARGE])
def test_one_recipient_and_purpose_stand_on_one_page_or_two_in_large_print(
    press: Typesetter, code: str, form: PaperFormat
) -> None:
    assert len(page_texts(whole(press, code, form))) == (1 if form is PaperFormat.A4 else 2)


@pytest.mark.parametrize("code", ["sv", "ru"])
def test_large_form_of_a_child_has_its_answer_whole_on_the_last_page(
    press: Typesetter, code: str
) -> None:
    *before, last = page_texts(drawn(press, reception().of(is_child=True), code, PaperFormat.LARGE))
    language = press.client(code)
    *points, with_answer = (
        squeezed([language.gettext(one)]) for one in CONSENT_EXPLANATIONS.values()
    )
    assert all(point in squeezed(before) for point in points)
    assert with_answer in squeezed([last])
    assert squeezed([language.gettext(consent_form.CHILD_SAYS)]) in squeezed([last])


def test_large_print_is_sixteen_points(press: Typesetter) -> None:
    sizes: set[float] = set()

    def visit(_text: str, _cm: object, _tm: object, _font: object, size: float) -> None:
        sizes.add(round(size, 1))

    for one in PdfReader(BytesIO(whole(press, "ru", PaperFormat.LARGE))).pages:
        one.extract_text(visitor_text=visit)
    assert 16.0 in sizes
    assert min(sizes) >= 11


def test_every_group_stands_on_one_side_alone(press: Typesetter) -> None:
    shared = ("identity", "health", "photo")
    (text,) = said(press, reception().but(groups=shared), "en")
    middle = text.index("We do not share")
    for code, phrase in consent_form.GROUP_PHRASES.items():
        assert text.count(phrase) == 1, phrase
        assert (text.index(phrase) < middle) is (code in shared), phrase


def test_every_purpose_and_group_has_plain_words() -> None:
    assert consent_form.PURPOSE_PHRASES.keys() == CONSENT_PURPOSE.keys()
    assert consent_form.GROUP_PHRASES.keys() == CONSENT_SCOPE.keys()
    assert CONSENT_EXPLANATIONS.keys() == CONSENT_EXPLAINED.keys()


@pytest.mark.parametrize("purpose", ["statistics_anonymised", "research"])
def test_purpose_that_opens_nothing_says_that_nothing_shows_who_she_is(
    press: Typesetter, purpose: str
) -> None:
    (text,) = said(press, reception().but(purpose=purpose, groups=()), "en")
    assert "nothing that shows who you are" in text


def test_what_she_wants_left_out_stands_first_among_what_is_not_shared(press: Typesetter) -> None:
    asking = reception().but(withheld=make.told("Inget om syskonen", "Ничего о братьях"))
    (text,) = said(press, asking)
    assert "Vi lämnar inte ut Inget om syskonen" in text


def test_last_day_is_said_or_left_to_be_written_in(press: Typesetter) -> None:
    assert "3 februari 2027" in said(press, reception())[0]
    open_end = said(press, reception().but(expires=None))[0]
    assert "Skrivs in för hand. Utan dag upphör det efter 90 dagar." in open_end
    given = reception().but(expires=None, given=make.at(1, 10))
    assert "1 mars 2027" in said(press, given)[0]


def test_warning_stands_there_for_a_country_where_our_law_does_not_hold(press: Typesetter) -> None:
    warned = " ".join(said(press, reception(), "en"))
    assert "They are in another country: Russia" in warned
    for sentence in THIRD_COUNTRY_WARNING:
        assert sentence in warned
    nameless = " ".join(said(press, reception().of(country=""), "en"))
    assert "They are in another country The law" in nameless
    safe = " ".join(said(press, reception().of(is_third_country=False), "en"))
    assert "another country" not in safe
    bound = " ".join(said(press, reception().of(has_tool=True), "en"))
    assert "An agreement protects the information about you there." in bound
    assert THIRD_COUNTRY_WARNING[0] not in bound


def test_seven_points_are_to_be_ticked_and_three_answers_given(press: Typesetter) -> None:
    (text,) = said(press, reception(), "en")
    for sentence in CONSENT_EXPLANATIONS.values():
        assert text.count(sentence) == 1
    assert len(CONSENT_EXPLANATIONS) == 7
    assert "My answer I agree in part I do not agree" in text
    assert "In part: strike out above what we must not share." in text


def test_who_signs_depends_on_whether_she_is_a_child(press: Typesetter) -> None:
    grown = said(press, reception(), "en")[-1]
    assert "Signature" in grown
    assert "Interpreter (Russian)" in grown
    assert "Guardian" not in grown
    assert "What the child says" not in grown
    child = said(press, reception().of(is_child=True).but(guardian="Ingen Påhittad"), "en")[-1]
    assert "What the child says about it I agree I do not agree too young to say" in child
    assert "Guardian Ingen Påhittad" in child
    by_guardian = said(press, reception().but(given_by="guardian"), "en")[-1]
    assert "Guardian" in by_guardian


def test_answer_and_signatures_stand_together_on_the_second_page_where_there_is_no_room(
    press: Typesetter,
) -> None:
    asking = reception().of(is_child=True)
    asking = asking.but(withheld=make.told("Inget om syskonen, " * 30, "Ничего, " * 30))
    first, second = said(press, asking)
    assert "Mitt svar" not in first
    for words in ("Mitt svar", "Underskrift", "Personal", "Tolk", "God man", "2 av 2"):
        assert words in second, words


def test_form_of_two_pages_keeps_the_space_between_its_parts(press: Typesetter) -> None:
    asking = reception().but(withheld=make.told("Inget om syskonen, " * 6, "Ничего, " * 6))
    for code in CLIENT_LANGUAGES:
        first, *others = said(press, asking, code)
        points = [press.client(code).gettext(one) for one in CONSENT_EXPLANATIONS.values()]
        moved = [one for one in points if squeezed([one]) not in squeezed([first])]
        assert len(moved) != 1, code
        assert len(others) == bool(moved), code


def test_bare_consent_leaves_lines_for_what_nobody_knows(press: Typesetter) -> None:
    first = said(press, blank(), "sv")[0]
    assert "Karin" in first
    assert "Sällskap på din resa" in first
    assert "Skrivs in för hand." in first


def test_form_names_her_as_she_is_known(press: Typesetter) -> None:
    assert "Нина Вымыслова" in said(press, reception())[0]


def test_sheet_says_where_it_stays_and_which_text_was_read(press: Typesetter) -> None:
    for text in said(press, reception(), "en", PaperFormat.LARGE):
        assert "One copy is kept here under lock." in text
        assert "Do not take it on a journey." in text
        assert re.search(r"text \d+\.\d+ · \d of 2", text)


def test_change_of_a_sentence_raises_the_version(press: Typesetter) -> None:
    """Whoever changes what she reads raises VERSION, and adds its digest here."""
    sentences = (
        *consent_form.CONSENT_SENTENCES,
        *CONSENT_EXPLANATIONS.values(),
        *THIRD_COUNTRY_WARNING,
    )
    speaking = [press.client(code) for code in CLIENT_LANGUAGES]
    told = "\n".join(words.gettext(one) for words in speaking for one in sentences)
    assert sha256(told.encode()).hexdigest()[:16] == SENTENCES[consent_form.CONSENT_TEXT_VERSION]


def test_form_holds_nothing_of_her_case() -> None:
    contained = CONTENTS[PaperName.CONSENT_FORM]
    assert contained.keys() == {"client", "consent"}
    assert "reason" not in contained["consent"]


def test_letters_of_the_region_survive(press: Typesetter) -> None:
    letters = "å ä ö ё й ў ł ž ų ș ț ї ґ"
    (text,) = said(press, reception().but(withheld=make.told(letters, letters)))
    assert letters in text


@pytest.mark.parametrize("form", [PaperFormat.A4, PaperFormat.LARGE])
def test_file_is_clean(press: Typesetter, form: PaperFormat) -> None:
    pdf = whole(press, "ru", form)
    reader = PdfReader(BytesIO(pdf))
    assert b"/Lang (ru)" in pdf
    assert b"Helvetica" not in pdf
    assert reader.metadata is not None
    told = {key for key, value in reader.metadata.items() if value}
    assert told <= {"/CreationDate", "/ModDate", "/Trapped"}
    for one in reader.pages:
        assert not list(one.images)
        assert "/Annots" not in one
        for font in one["/Resources"]["/Font"].values():  # type: ignore[index]
            described = font.get_object()
            assert re.match(r"/[A-Z]{6}\+NotoSans-", described["/BaseFont"])
            assert "/FontFile2" in described["/FontDescriptor"]
    assert "■" not in squeezed(page_texts(pdf))


def test_two_readers_find_the_same_text(press: Typesetter) -> None:
    pdf = whole(press, "ru")
    by_pypdf = "".join(one.extract_text() for one in PdfReader(BytesIO(pdf)).pages)
    assert sorted(strip_layout("".join(page_texts(pdf)))) == sorted(strip_layout(by_pypdf))


def test_two_runs_give_the_same_bytes(press: Typesetter) -> None:
    drawn(press, blank(), "en", PaperFormat.LARGE)
    assert drawn(press, reception(), "sv") == whole(press, "sv")


def test_day_that_is_only_about_when_is_left_to_be_written_in(press: Typesetter) -> None:
    asking = reception().but(expires=PartialDate("2027"))
    assert "Skrivs in för hand." in said(press, asking)[0]
    assert date(2027, 2, 3) == reception().values["expires"]
