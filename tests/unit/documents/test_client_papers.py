# SPDX-License-Identifier: GPL-3.0-or-later
"""Every paper that the client reads, in every language that she may have: a real PDF, read back."""

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from tests.support import make
from tests.support.samples import first
from tests.unit.documents.companion_samples import journey
from tests.unit.documents.consent_samples import Asking, blank, reception
from tests.unit.documents.paper_samples import RESOURCES, nina
from tests.unit.documents.test_receipt import WHOLE
from tests.unit.i18n.po_files import CLIENT_CATALOGUES, entries, language_of

from kfdesk.documents import consent_form
from kfdesk.documents.consent_form import CONSENT_SENTENCES, make_consent_form
from kfdesk.documents.disclosure_log import make_disclosure_log
from kfdesk.documents.escort.content import escort_sentences
from kfdesk.documents.escort.layout import draw_escort_sheet
from kfdesk.documents.receipt import draw_receipt, receipt_sentences
from kfdesk.documents.support_plan import make_support_plan
from kfdesk.documents.traveller.drawing import draw_traveller_sheet
from kfdesk.documents.traveller.sheet import missing_facts
from kfdesk.documents.typesetting import (
    Typesetter,
    missing_texts,
    page_texts,
    read_aloud_language,
    strip_layout,
)
from kfdesk.domain.codes.case import (
    CONTACT_METHOD,
    FOLLOW_UP_KIND,
    GOAL_STATUS,
    NEED_DOMAIN,
    SCORE,
    SERVICE_STATUS,
)
from kfdesk.domain.codes.core import PaperFormat, PaperName, PaperRequest
from kfdesk.domain.disclosure import Channel, Disclosed
from kfdesk.domain.papers import CONTENTS, PastDisclosure, PrintContext
from kfdesk.domain.rows import Row
from kfdesk.domain.values import Value
from kfdesk.i18n.client_texts import TEXT_STATES, TextState, read_client_texts
from kfdesk.i18n.language import CLIENT_LANGUAGES, SHEET_LANGUAGES, Language
from kfdesk.i18n.phrases import CONSENT_EXPLANATIONS, THIRD_COUNTRY_WARNING

EACH = pytest.mark.parametrize("code", CLIENT_LANGUAGES)
FORMS = (PaperFormat.A4, PaperFormat.LARGE)
GLYPHLESS = ("\ufffd", "\u25a0", "\u25a1")
POINTS = tuple(CONSENT_EXPLANATIONS.values())
NAMES = {make.PARTNER.hex(): "Дом у реки", make.THIRD.hex(): "Ostrov"}


def consent(
    press: Typesetter,
    asking: Asking,
    languages: tuple[str, str],
    form: PaperFormat = PaperFormat.A4,
    hers: tuple[str, ...] = (),
) -> bytes:
    """Return the consent form in one language or two, for somebody who understands `hers`."""
    rows = (make.row("client"), make.row("consent", asking.values))
    what = disclosed(PaperName.CONSENT_FORM, rows)
    first, second = languages
    order = PaperRequest(PaperName.CONSENT_FORM, make.named_id("consent"), first, form, second)
    return make_consent_form(order, what, replace(asking.about, hers=hers or (first,)), press)


def plan(
    press: Typesetter,
    languages: tuple[str, str],
    rows: tuple[Row, ...],
    form: PaperFormat = PaperFormat.A4,
    hers: tuple[str, ...] = (),
) -> bytes:
    """Return the support plan in one language or two."""
    what = disclosed(PaperName.SUPPORT_PLAN, (make.row("client"), make.row("plan"), *rows))
    first, second = languages
    order = PaperRequest(PaperName.SUPPORT_PLAN, make.PLAN, first, form, second)
    about = PrintContext(make.NOW, "EB", 1, NAMES, hers=hers or (first,))
    return make_support_plan(order, what, about, press)


def disclosed(paper: PaperName, rows: tuple[Row, ...]) -> Disclosed:
    what = make.disclosed(to=make.OWN_DESK, by=Channel.DESK_PAPER, rows=rows)
    return what.only_keys(CONTENTS[paper])


def goals() -> tuple[Row, ...]:
    """Return goals, services and contacts that use every code of a support plan."""
    areas, steps = list(NEED_DOMAIN), list(SCORE)
    found = []
    for number, area in enumerate(areas):
        values: dict[str, Value] = {
            "domain": area, "status": list(GOAL_STATUS)[number % len(GOAL_STATUS)],
            "aim": make.told("Jag vill bli frisör", "Хочу стать парикмахером"),
            "baseline": steps[0], "progress": steps[number % 5], "target": steps[4],
            "due": date(2027, 9, 1),
        }  # fmt: skip
        found.append(make.row("goal", values, rid=make.named_id(f"goal {area}")))
    for status in SERVICE_STATUS:
        offered: dict[str, Value] = {
            "domain": "legal",
            "status": status,
            "organisation": make.THIRD.hex(),
        }
        found.append(make.row("service", offered, rid=make.named_id(f"service {status}")))
    for number, (kind, method) in enumerate(product(FOLLOW_UP_KIND, CONTACT_METHOD)):
        due: dict[str, Value] = {
            "due": date(2027, 1, 1) + timedelta(number),
            "kind": kind,
            "method": method,
        }
        found.append(make.row("follow_up", due, rid=make.named_id(f"{kind} {method}")))
    return tuple(found)


def log(press: Typesetter, code: str) -> bytes:
    """Return a log with every group, every way, and what was given to her and by duty."""
    day, groups = make.NOW, list(consent_form.GROUP_PHRASES)
    each = [
        PastDisclosure(day, "Дом у реки", (groups[at % len(groups)],), (purpose,), Channel.BUNDLE)
        for at, purpose in enumerate(consent_form.PURPOSE_PHRASES)
    ]
    given = (
        *each,
        PastDisclosure(day, "", ("travel",), (), Channel.CARRIED, is_hers=True),
        PastDisclosure(day, "", ("identity",), (), Channel.DESK_PAPER, is_duty=True),
    )
    order = PaperRequest(PaperName.DISCLOSURE_LOG, make.PLAN, code)
    what = disclosed(PaperName.DISCLOSURE_LOG, (make.row("client"), make.row("plan")))
    return make_disclosure_log(order, what, PrintContext(day, "EB", 1, given=given), press)


def faults(pdf: bytes, words: Language, messages: tuple[str, ...]) -> list[str]:
    """Return what a paper does not say in her language, and what it says in English instead."""
    text = " ".join(page_texts(pdf))
    said = [re.split(r"\{\w+\}", words.gettext(message)) for message in messages]
    found = missing_texts(pdf, dict.fromkeys(part for parts in said for part in parts))
    found += [sign for sign in GLYPHLESS if sign in text]
    if words.code != "en":
        english = strip_layout(text)
        found += [one for one in ENGLISH if strip_layout(one) in english]
    return found


def long_messages() -> tuple[str, ...]:
    """Return what is long enough to be no word of another language by chance."""
    path = next(path for path in CLIENT_CATALOGUES if language_of(path) == "en")
    parts = (part for one in entries(path) for part in re.split(r"\{\w+\}", one.msgid))
    return tuple(part for part in parts if len(part.split()) > 2)


ENGLISH = long_messages()
SIGNED_WITH = (POINTS[-1], consent_form.MY_ANSWER, consent_form.WORKER, consent_form.CHILD_SAYS)


@EACH
@pytest.mark.parametrize("form", first(1, FORMS))
def test_consent_form_has_its_seven_points_and_the_warning(
    press: Typesetter, code: str, form: PaperFormat
) -> None:
    words = press.client(code)
    pdf = consent(press, reception(), (code, ""), form)
    assert faults(pdf, words, (*POINTS, *THIRD_COUNTRY_WARNING, consent_form.EXPLAINED)) == []
    assert len(POINTS) == 7
    child = consent(press, blank(), (code, ""), form)
    assert (
        faults(child, words, (*POINTS, consent_form.CHILD_SAYS, *consent_form.CHILD_ANSWERS)) == []
    )


@EACH
@pytest.mark.parametrize("form", first(1, FORMS))
def test_consent_form_in_two_languages_says_everything_in_both(
    press: Typesetter, code: str, form: PaperFormat
) -> None:
    second = "en" if code == "sv" else "sv"
    pdf = consent(press, reception(), (code, second), form)
    for words in (press.client(code), press.client(second)):
        told = (
            *POINTS, *THIRD_COUNTRY_WARNING, *consent_form.ANSWERS, consent_form.TO_WHOM,
            consent_form.WHAT_FOR, consent_form.ANY_DAY, consent_form.YOU_DECIDE,
            consent_form.SAME_IN_BOTH, consent_form.IN_PART, consent_form.SIGNATURE,
            consent_form.WORKER, *consent_form.GROUP_PHRASES.values(),
        )  # fmt: skip
        assert missing_texts(pdf, [words.gettext(one) for one in told]) == []


@pytest.mark.parametrize("code", first(2, ("bg", "de", *CLIENT_LANGUAGES)))
@pytest.mark.parametrize("second", ["", "sv"])
@pytest.mark.parametrize("form", FORMS)
def test_no_signature_is_alone_on_its_page(
    press: Typesetter, code: str, second: str, form: PaperFormat
) -> None:
    """The page that is signed says what is signed: her answer, or at least what it is about.

    Only the longest form is signed a page after the answer: of a child, in large print, in two
    languages, read aloud.
    """
    second, words = "" if second == code else second, press.client(code)
    child, ours = reception().of(is_child=True), reception().of(is_ours=True)
    for asking in (reception(), child, blank(), ours):
        *_, last = page_texts(consent(press, asking, (code, second), form, ("vi",)))
        signed = strip_layout(last)
        told = {one: strip_layout(words.gettext(one)) in signed for one in SIGNED_WITH}
        assert told[consent_form.WORKER]
        assert told[POINTS[-1]] == told[consent_form.MY_ANSWER]
        is_longest = form is PaperFormat.LARGE and second and asking is not ours
        assert told[POINTS[-1]] or (is_longest and told[consent_form.CHILD_SAYS])
        assert told[POINTS[-1]] or "tulpan-47" in last.splitlines()[0]
    *_, last = page_texts(plan(press, (code, second), goals(), form))
    for message in ("We have gone through this together.", "Support plan", "For us"):
        assert strip_layout(press.client(code).gettext(message)) in strip_layout(last)


@EACH
def test_form_that_she_cannot_read_has_a_place_for_the_interpreter(
    press: Typesetter, code: str
) -> None:
    words = press.client(code)
    said = words.gettext(consent_form.READ_ALOUD).format(language=words.language("vi"))
    interpreter = words.gettext(consent_form.INTERPRETER_OF).format(language=words.language("vi"))
    vietnamese = reception().but(language="vi")
    for pdf in (
        consent(press, vietnamese, (code, ""), hers=("vi",)),
        plan(press, (code, ""), goals()[:1], hers=("vi",)),
    ):
        assert missing_texts(pdf, [said, interpreter]) == []
    for pdf in (
        consent(press, reception(), (code, ""), hers=("vi", code)),
        consent(press, reception(), ("sv", "" if code == "sv" else code), hers=(code,)),
        plan(press, (code, ""), goals()[:1], hers=(code,)),
    ):
        assert missing_texts(pdf, [said]) == [said]


@EACH
@pytest.mark.parametrize("form", first(1, FORMS))
def test_support_plan_says_every_code_in_her_language(
    press: Typesetter, code: str, form: PaperFormat
) -> None:
    pdf = plan(press, (code, ""), goals(), form)
    codes = (
        *NEED_DOMAIN.values(), *GOAL_STATUS.values(), *SCORE.values(), *SERVICE_STATUS.values(),
        *CONTACT_METHOD.values(), "Support plan", "Your signature", "How you are", "start", "now",
    )  # fmt: skip
    assert faults(pdf, press.client(code), codes) == []


@EACH
def test_no_word_of_a_service_is_broken_in_large_print(press: Typesetter, code: str) -> None:
    words = press.client(code)
    said = {word for page in page_texts(plan(press, (code, ""), goals(), PaperFormat.LARGE))
            for word in page.split()}  # fmt: skip
    wanted = {word for one in SERVICE_STATUS.values() for word in words.gettext(one).split()}
    assert wanted - said == set()


@EACH
@pytest.mark.parametrize("form", first(1, FORMS))
def test_support_plan_in_two_languages_says_both(
    press: Typesetter, code: str, form: PaperFormat
) -> None:
    second = "en" if code == "sv" else "sv"
    pdf = plan(press, (code, second), goals(), form)
    for words in (press.client(code), press.client(second)):
        told = (*NEED_DOMAIN.values(), *SERVICE_STATUS.values(), "Your signature", "How you are",
                "We have gone through this together.", consent_form.SAME_IN_BOTH)  # fmt: skip
        assert missing_texts(pdf, [words.gettext(one) for one in told]) == []


@EACH
def test_log_says_what_was_passed_on_in_her_language(press: Typesetter, code: str) -> None:
    told = (
        "What was passed on about you", *consent_form.GROUP_PHRASES.values(),
        *consent_form.PURPOSE_PHRASES.values(), "by an encrypted file", "on paper for the journey",
        "you yourself", "at your request", "someone who is not known here",
    )  # fmt: skip
    assert faults(log(press, code), press.client(code), told) == []


@EACH
def test_log_has_day_and_time_in_figures_on_one_line(press: Typesetter, code: str) -> None:
    stamp = " ".join(press.client(code).numeric_stamp(make.NOW).split())
    lines = [line for page in page_texts(log(press, code)) for line in page.splitlines()]
    times = sum(" ".join(line.split()).startswith(stamp) for line in lines)
    assert times == len(consent_form.PURPOSE_PHRASES) + 2


@EACH
def test_log_breaks_no_word(press: Typesetter, code: str) -> None:
    words = press.client(code)
    told = (*consent_form.GROUP_PHRASES.values(), *consent_form.PURPOSE_PHRASES.values(),
            "by an encrypted file", "on paper for the journey", "you yourself")  # fmt: skip
    wanted = {word for one in told for word in words.gettext(one).split()}
    said = {word for page in page_texts(log(press, code)) for word in page.split()}
    assert wanted - said <= {"Aufenthaltserlaubnis"}  # no column of this page holds that


@EACH
def test_carried_papers_say_everything_in_her_language(press: Typesetter, code: str) -> None:
    words = press.client(code)
    receipt = draw_receipt(replace(WHOLE, place="", kind="door"), words, press, is_draft=True)
    told = list(receipt_sentences(words))[:8]
    assert missing_texts(receipt, told) == []
    for form in FORMS:
        sheet = replace(journey("en"), emergency=None)
        pdf = draw_escort_sheet(sheet, words, press, form)
        only = set(escort_sentences(words)) - {"", words.gettext("Arrived, all well")}
        assert len(only - set(missing_texts(pdf, only))) > 18
    for form in (*FORMS, PaperFormat.A6_FOLD):
        pdf = draw_traveller_sheet(replace(nina(), speaks=code), words, press, form)
        assert missing_facts(pdf, replace(nina(), speaks=code), words) == []


@pytest.mark.parametrize("path", CLIENT_CATALOGUES, ids=language_of)
def test_catalogue_of_a_language_is_whole(path: object) -> None:
    catalogue = entries(path)  # type: ignore[arg-type]
    assert language_of(path) in SHEET_LANGUAGES  # type: ignore[arg-type]
    bare = [one.msgid for one in catalogue if not (one.msgstr or all(one.msgstr_plural.values()))]
    assert language_of(path) == "en" or bare == []  # type: ignore[arg-type]


def test_all_that_is_signed_is_translated_and_reads_unlike_english(press: Typesetter) -> None:
    told = (*CONSENT_SENTENCES, *POINTS, *THIRD_COUNTRY_WARNING)
    for code in CLIENT_LANGUAGES[:1] + CLIENT_LANGUAGES[2:]:
        words = press.client(code)
        assert [one for one in told if words.gettext(one) == one] == [], code


def test_states_are_told_for_each_language_and_each_paper_of_hers() -> None:
    texts = read_client_texts(RESOURCES / "client_texts.toml")
    assert tuple(texts.states) == SHEET_LANGUAGES
    papers = {
        PaperName.TRAVELLERS_SHEET, PaperName.ESCORTS_SHEET, PaperName.HANDOVER_RECEIPT,
        PaperName.CONSENT_FORM, PaperName.SUPPORT_PLAN, PaperName.DISCLOSURE_LOG,
        PaperName.CHILDS_SHEET,
    }  # fmt: skip
    assert all(set(texts.states[code]) == papers for code in CLIENT_LANGUAGES)
    assert texts.states["ar"] == {PaperName.TRAVELLERS_SHEET: TextState.NOT_READ}
    assert set(TEXT_STATES) == set(TextState)
    assert texts.state(PaperName.CONSENT_FORM, "vi") is None
    assert texts.state(PaperName.CONSENT_FORM, None) is None
    assert texts.state(PaperName.FILE_COPY, "sv") is None
    assert list(texts.of_paper(PaperName.CONSENT_FORM)) == list(CLIENT_LANGUAGES)
    assert texts.weakest(PaperName.CONSENT_FORM, ("sv", "ru")) is TextState.CHECKED_TWICE
    assert texts.weakest(PaperName.CHILDS_SHEET, ("vi", "ru")) is TextState.CHECKED_TWICE
    assert texts.weakest(PaperName.TRAVELLERS_SHEET, ("ar", "ru")) is TextState.NOT_READ
    assert texts.weakest(PaperName.CHILDS_SHEET, ("vi",)) is None


@pytest.mark.parametrize(
    ("hers", "languages", "read"),
    [
        (("vi",), ("sv", ""), "vi"),
        (("vi", "ru"), ("sv", ""), "vi"),
        (("vi", "ru"), ("ru", ""), ""),
        (("vi", "ru"), ("sv", "ru"), ""),
        ((), ("sv", ""), ""),
    ],
)
def test_interpreter_is_needed_where_no_language_of_the_paper_is_hers(
    hers: tuple[str, ...], languages: tuple[str, str], read: str
) -> None:
    first, second = languages
    order = PaperRequest(PaperName.CONSENT_FORM, b"", first, beside=second)
    about = PrintContext(make.NOW, "EB", 1, hers=hers)
    assert read_aloud_language(order, about) == read


def three_papers(press: Typesetter, code: str, state: str, form: PaperFormat) -> tuple[bytes, ...]:
    """Return the papers of hers that stay at the desk, with who has read their text."""
    asking = reception()
    told = replace(asking, about=replace(asking.about, text_state=state))
    what = disclosed(PaperName.SUPPORT_PLAN, (make.row("client"), make.row("plan"), *goals()[:2]))
    about = PrintContext(make.NOW, "EB", 1, NAMES, hers=(code,), text_state=state)
    order = PaperRequest(PaperName.SUPPORT_PLAN, make.PLAN, code, form)
    passed_on = disclosed(PaperName.DISCLOSURE_LOG, (make.row("client"), make.row("plan")))
    listed = PaperRequest(PaperName.DISCLOSURE_LOG, make.PLAN, code)
    return (
        consent(press, told, (code, ""), form), make_support_plan(order, what, about, press),
        make_disclosure_log(listed, passed_on, about, press),
    )  # fmt: skip


@EACH
def test_no_word_of_the_log_is_cut(press: Typesetter, code: str) -> None:
    words = press.client(code)
    labels = (*consent_form.GROUP_PHRASES.values(), *consent_form.PURPOSE_PHRASES.values())
    wanted = {word for label in labels for word in words.gettext(label).split()}
    assert wanted - set(" ".join(page_texts(log(press, code))).split()) == set()


@EACH
@pytest.mark.parametrize("form", FORMS)
def test_foot_of_what_stays_says_who_has_not_read_the_text(
    press: Typesetter, code: str, form: PaperFormat
) -> None:
    words = press.client(code)
    for state in (TextState.CHECKED_TWICE, TextState.NOT_READ):
        note = consent_form.desk_note(words, PrintContext(make.NOW, "EB", 1, text_state=state))
        for pdf in three_papers(press, code, state, form):
            assert all(strip_layout(note) in strip_layout(page) for page in page_texts(pdf))
        assert code == "en" or consent_form.desk_note(press.client("en"), PrintContext(
            make.NOW, "EB", 1, text_state=state)) != note  # fmt: skip


def test_text_that_a_native_has_read_needs_no_note(press: Typesetter) -> None:
    for state in (TextState.NATIVE, ""):
        about = PrintContext(make.NOW, "EB", 1, text_state=state)
        assert consent_form.desk_note(press.client("sv"), about) == ""
    plain = three_papers(press, "sv", "", PaperFormat.A4)
    assert plain == three_papers(press, "sv", TextState.NATIVE, PaperFormat.A4)
