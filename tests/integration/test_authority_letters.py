# SPDX-License-Identifier: GPL-3.0-or-later
"""Letters to authorities from a real store, read back from the PDF: what each holds."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.integration.letter_samples import (
    ACTORS,
    BY_CONSENT,
    PLANTED,
    Letters,
    all_told,
    open_letters,
)

from kfdesk.demo import people
from kfdesk.documents.typesetting import page_texts
from kfdesk.domain.accounts import Role
from kfdesk.domain.audit import Action
from kfdesk.domain.codes.core import PaperName, PaperRequest
from kfdesk.domain.consent import DUTIES, PURPOSE_GROUPS, Recipient, RecipientKind
from kfdesk.domain.disclosure import Channel, disclose
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.letters import LETTERS
from kfdesk.domain.records.case import LegalStatus, PaperCopy, Referral
from kfdesk.domain.records.client import Relationship
from kfdesk.domain.records.directory import Contact
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import EMPTY_STATE
from kfdesk.domain.rows import Row, encode_changes, view
from kfdesk.domain.schema import DataGroup
from kfdesk.domain.values import Translation, Value
from kfdesk.services.core.records import (
    change_record,
    create_record,
    delete_record,
    put_new,
    require_record,
)
from kfdesk.services.papers.letters import LetterRequest, prepare_letter
from kfdesk.services.papers.production import (
    client_language,
    list_copies,
    list_paper_subjects,
    make_paper,
    preview_pages,
    print_paper,
    save_paper,
)
from kfdesk.services.plans.consents import withdraw_consent
from kfdesk.services.plans.plans import load_case
from kfdesk.services.today import read_today

TODAY = date(2026, 12, 1)
DUTY = "report_of_concern"


@pytest.fixture
def letters(tmp_path: Path) -> Iterator[Letters]:
    made = open_letters(tmp_path / "store")
    yield made
    made.desk.store.close()


def addressee(letters: Letters, purpose: str, **values: Value) -> bytes:
    return letters.organisation(**{"actor_type": ACTORS[purpose], "languages": ("sv",), **values})


def agreed(letters: Letters, purpose: str, **values: Value) -> tuple[bytes, bytes, bytes]:
    """Return a letter with her consent: recipient, consent, referral."""
    to = addressee(letters, purpose)
    return to, letters.consent(purpose, to, **values), letters.letter(purpose, to)


def now(letters: Letters) -> date:
    return letters.desk.adapters.clock.now().date()


def said_of(letters: Letters, order: PaperRequest) -> str:
    return " ".join(" ".join(page_texts(make_paper(letters.desk, order).pdf)).split())


def make_child(letters: Letters) -> None:
    change_record(letters.desk, letters.client, {"birth_date": date(2015, 4, 3), "age_band": None})


# --- what stands in it


@pytest.mark.parametrize("purpose", BY_CONSENT)
def test_letter_holds_what_its_purpose_opens_and_no_word_of_another_group(
    letters: Letters, purpose: str
) -> None:
    _, _, referral = agreed(letters, purpose)
    said, widest = letters.said(referral), PURPOSE_GROUPS[purpose]
    keys = LETTERS[purpose].keys
    shown = {RECORD_TYPES[name].fields[key].to for name in keys for key in keys[name]}
    for group, word in PLANTED.items():
        assert (word in said) == (group in widest & shown), (group, word)


@pytest.mark.parametrize("purpose", BY_CONSENT)
def test_what_she_did_not_agree_to_is_absent_though_the_purpose_could_open_it(
    letters: Letters, purpose: str
) -> None:
    _, _, referral = agreed(letters, purpose, groups=(DataGroup.IDENTITY,))
    said = letters.said(referral)
    assert PLANTED[DataGroup.IDENTITY] in said
    for group, word in PLANTED.items():
        assert group is DataGroup.IDENTITY or word not in said, (group, word)


def test_consent_to_the_same_organisation_for_another_purpose_opens_nothing(
    letters: Letters,
) -> None:
    to = addressee(letters, "police_report")
    letters.consent("case_management", to)
    letters.consent("legal_representation", to)
    referral = letters.letter("police_report", to)
    assert letters.refused(referral) == ["letter.no_consent"]
    letters.consent("police_report", to, groups=(DataGroup.IDENTITY,))
    said = letters.said(referral)
    for group in (DataGroup.EXPLOITATION_HISTORY, DataGroup.LEGAL_CASE, DataGroup.TRAVEL):
        assert PLANTED[group] not in said


def test_letter_is_exactly_what_the_ledger_enters(letters: Letters) -> None:
    to, consent, referral = agreed(letters, "police_report")
    make_paper(letters.desk, letters.order(referral))
    case = load_case(letters.desk, letters.plan)
    recipient = Recipient(RecipientKind.ORGANISATION, to, purpose="police_report")
    basis = letters.desk.disclosure_basis(case.consents)
    what = disclose(case.rows, recipient, Channel.DESK_PAPER, basis)
    what = what.only_keys(LETTERS["police_report"].keys)
    entries = letters.desk.store.ledger.entries(to)
    assert {(one.rid, frozenset(one.writes)) for one in entries} == {
        (row.rid, frozenset(row.grants)) for row in what.rows
    }
    assert {one for entry in entries for one in entry.consents} == {consent}


def test_form_195011_gives_the_headings_in_its_order(letters: Letters) -> None:
    _, _, referral = agreed(letters, "reflection_period_application")
    change_record(letters.desk, require_record(letters.desk, referral).rid, {"answer_by": TODAY})
    to = view(require_record(letters.desk, referral), Referral).record.organisation
    change_record(letters.desk, bytes.fromhex(str(to)), {"languages": ("en",)})
    said = letters.said(referral, "en")
    places = [said.index(box.title) for box in LETTERS["reflection_period_application"].boxes]
    assert places == sorted(places)
    assert "195011" in said
    assert "1 December 2026" in said


# --- consent


def test_without_consent_it_is_refused_and_the_consent_is_named(letters: Letters) -> None:
    desk, to = letters.desk, addressee(letters, "health_care")
    referral = letters.letter("health_care", to)
    (fault,) = preview_pages(desk, letters.order(referral), 1).obstacles
    assert (fault.code, fault.data["purpose"]) == ("letter.no_consent", "health_care")
    with pytest.raises(KfdeskError, match=r"letter\.no_consent"):
        make_paper(desk, letters.order(referral))
    assert desk.store.ledger.entries(to) == ()
    assert not [one for one in list_copies(desk) if one.to]


def test_consent_that_ended_or_lacks_something_opens_nothing(letters: Letters) -> None:
    desk = letters.desk
    _, consent, referral = agreed(letters, "legal_representation")
    assert letters.refused(referral) == []
    change_record(desk, consent, {"expires": date(2020, 1, 1)})
    assert letters.refused(referral) == ["letter.consent_expired"]
    change_record(desk, consent, {"expires": None, "explained": ()})
    assert letters.refused(referral) == ["letter.consent_incomplete"]


def test_withdrawn_consent_refuses_the_next_copy_and_its_holder_is_told_of(
    letters: Letters,
) -> None:
    desk = letters.desk
    to, consent, referral = agreed(letters, "police_report")
    make_paper(desk, letters.order(referral))
    withdraw_consent(desk, consent)
    assert letters.refused(referral) == ["letter.consent_withdrawn"]
    assert desk.store.ledger.recipients()[consent] == {to}


@pytest.mark.parametrize("key", ["groups", "purpose", "recipient", "expires"])
def test_consent_in_conflict_opens_nothing(letters: Letters, key: str) -> None:
    to, consent, referral = agreed(letters, "police_report", expires=now(letters))
    other: dict[str, Value] = {
        "groups": (DataGroup.HEALTH,), "purpose": "case_management",
        "recipient": letters.desk.identity.organisation.hex(), "expires": TODAY,
    }  # fmt: skip
    change_record(letters.desk, consent, {key: other[key]}, ())
    (code,) = letters.refused(referral)
    assert code in ("letter.consent_in_conflict", "letter.no_consent")
    assert letters.desk.store.ledger.entries(to) == ()


def test_consent_to_a_contact_of_the_organisation_is_no_consent_to_it(letters: Letters) -> None:
    to = addressee(letters, "police_report")
    person = create_record(letters.desk, Contact, {"given_name": "Pia", "organisation": to.hex()})
    letters.consent("police_report", person)
    assert letters.refused(letters.letter("police_report", to)) == ["letter.no_consent"]


def test_consent_without_identity_is_not_enough(letters: Letters) -> None:
    _, _, referral = agreed(letters, "police_report", groups=(DataGroup.LEGAL_CASE,))
    assert letters.refused(referral) == ["letter.consent_without_identity"]


def test_abroad_a_ground_is_needed_and_an_unknown_country_is_refused(letters: Letters) -> None:
    purpose = "reception_and_reintegration"
    to = addressee(letters, purpose, country="RU", languages=("ru",))
    consent = letters.consent(purpose, to)
    referral = letters.letter(purpose, to)
    assert letters.refused(referral, "ru") == ["letter.no_transfer_ground"]
    at = letters.desk.adapters.clock.now()
    warned: dict[str, Value] = {
        "transfer_tool": "explicit_consent_49_1_a", "warned": people.zoned_time(at),
    }  # fmt: skip
    change_record(letters.desk, consent, warned)
    assert letters.refused(referral, "ru") == []
    change_record(letters.desk, to, {"country": None})
    assert letters.refused(referral, "ru") == ["letter.no_country"]


# --- the report of concern


def test_report_of_concern_needs_no_consent_says_why_and_is_logged_as_a_duty(
    letters: Letters,
) -> None:
    desk, to = letters.desk, addressee(letters, DUTY, languages=("en",))
    make_child(letters)
    referral = letters.letter(DUTY, to)
    said = letters.said(referral, "en")
    assert "duty by law and needs no consent" in said
    assert "2025:400" in said
    for group, word in PLANTED.items():
        is_told = group in DUTIES[DUTY].of_child
        if group is not DataGroup.EXPLOITATION_HISTORY:
            assert (word in said) == is_told, (group, word)
    assert "Removal of organs" in said
    (copy,) = (one for one in list_copies(desk) if one.to)
    assert copy.view.record.legal_basis == "legal_obligation"
    assert all(not one.consents for one in desk.store.ledger.entries(to))
    actions = [event.action for _, event in desk.store.ledger.events(None, 50)]
    assert actions.count(Action.DUTY_REPORT) == 1
    log = PaperRequest(PaperName.DISCLOSURE_LOG, letters.plan, "en")
    assert "the law obliges us" in said_of(letters, log)


def test_report_about_the_child_of_an_adult_tells_nothing_that_happened_to_her(
    letters: Letters,
) -> None:
    to = addressee(letters, DUTY)
    adult: dict[str, Value] = {"given_name": "Farbrornamn", "kind": "partner"}
    create_record(letters.desk, Relationship, adult, letters.client)
    unknown: dict[str, Value] = {"given_name": "Okändnamn"}
    create_record(letters.desk, Relationship, unknown, letters.client)
    grown: dict[str, Value] = {
        "given_name": "Vuxendotter", "kind": "child", "birth_date": date(1990, 1, 1),
    }  # fmt: skip
    create_record(letters.desk, Relationship, grown, letters.client)
    said = letters.said(letters.letter(DUTY, to))
    for group, word in PLANTED.items():
        assert (word in said) == (group in DUTIES[DUTY].of_parent), (group, word)
    for name in ("Farbrornamn", "Okändnamn", "Vuxendotter"):
        assert name not in said


def test_withdrawn_or_missing_consent_does_not_stop_the_duty_and_a_consent_widens_nothing(
    letters: Letters,
) -> None:
    to = addressee(letters, DUTY)
    consent = letters.consent("case_management", to)
    referral = letters.letter(DUTY, to)
    assert PLANTED[DataGroup.HEALTH] not in letters.said(referral)
    withdraw_consent(letters.desk, consent)
    assert letters.refused(referral) == []


@pytest.mark.parametrize(
    "values",
    [
        {"actor_type": "police"},
        {"actor_type": None},
        {"actor_type": "social_services", "country": "RU"},
        {"actor_type": "social_services", "country": "NO"},
        {"actor_type": "ngo"},
    ],
)
def test_duty_opens_nothing_for_anybody_but_swedish_social_services(
    letters: Letters, values: dict[str, Value]
) -> None:
    to = addressee(letters, DUTY, **values)
    assert letters.refused(letters.letter(DUTY, to)) == ["letter.not_to_them"]
    assert letters.desk.store.ledger.entries(to) == ()


def test_duty_needs_a_child(letters: Letters) -> None:
    to = addressee(letters, DUTY)
    for row in load_case(letters.desk, letters.plan).people:
        delete_record(letters.desk, row.rid)
    referral = letters.letter(DUTY, to)
    assert letters.refused(referral) == ["letter.no_child"]
    change_record(letters.desk, letters.client, {"birth_date": None, "age_band": None})
    assert letters.refused(referral) == []  # an unknown age counts as a child's


# --- values that hurt


def test_field_in_conflict_shows_both_values_and_is_warned_of(letters: Letters) -> None:
    _, _, referral = agreed(letters, "police_report")
    change_record(letters.desk, letters.client, {"family_name": "Andranamn"}, ())
    said = letters.said(referral)
    assert PLANTED[DataGroup.IDENTITY] in said
    assert "Andranamn" in said
    warned = preview_pages(letters.desk, letters.order(referral), 1).warnings
    assert ("letter.shows_conflict", "client.family_name") in {
        (one.code, one.data.get("field")) for one in warned
    }


@pytest.mark.parametrize("key", ["purpose", "organisation"])
def test_letter_with_two_purposes_or_two_recipients_is_refused(letters: Letters, key: str) -> None:
    _, _, referral = agreed(letters, "police_report")
    other = addressee(letters, "health_care")
    values: dict[str, Value] = {"purpose": "health_care", "organisation": other.hex()}
    change_record(letters.desk, referral, {key: values[key]}, ())
    assert letters.refused(referral) == [f"paper.conflict referral.{key}"]


def test_told_text_without_the_letters_language_is_refused_by_name(letters: Letters) -> None:
    _, _, referral = agreed(letters, "health_care")
    change_record(letters.desk, letters.plan, {"health_needs": (Translation("ru", "Астма"),)})
    assert letters.refused(referral) == ["paper.not_in_language plan.health_needs"]
    change_record(letters.desk, letters.plan, {"health_needs": all_told("Astma")}, ())
    assert letters.refused(referral) == ["paper.not_in_language plan.health_needs"]


def test_letter_is_in_the_language_of_its_reader(letters: Letters) -> None:
    desk = letters.desk
    to, _, referral = agreed(letters, "police_report")
    assert client_language(desk, referral, ()) == "sv"
    assert letters.refused(referral, "ru") == ["letter.not_their_language"]
    change_record(desk, to, {"languages": ("et", "ru")})
    assert client_language(desk, referral, ()) == "ru"
    assert letters.refused(referral, "ru") == []


def test_secret_house_and_silent_contact_are_not_named_in_a_letter(letters: Letters) -> None:
    desk = letters.desk
    house = letters.organisation(name="Hemligahuset", confidentiality="secret")
    partner = letters.organisation(name="Parthuset", confidentiality="partners_only")
    quiet = create_record(desk, Contact, {"given_name": "Tystina", "confidentiality": "public"})
    public = letters.organisation(name="Tingsrätten")
    for one in (house, partner, quiet, public):
        matter: dict[str, Value] = {"kind": "permit", "applied_by": one.hex()}
        create_record(desk, LegalStatus, matter, letters.plan)
    _, _, referral = agreed(letters, "police_report")
    said = letters.said(referral)
    assert "Tingsrätten" in said
    for name in ("Hemligahuset", "Parthuset", "Tystina"):
        assert name not in said


@pytest.mark.parametrize(
    "text", ["<b>&amp;</b>", "'; DROP TABLE--", "(x) Tj ET", "漢字", "long " * 3000, "x" * 900]
)
def test_hostile_text_is_printed_as_text_or_refused(letters: Letters, text: str) -> None:
    _, _, referral = agreed(letters, "police_report")
    change_record(letters.desk, letters.client, {"other_names": text[:200]})
    change_record(letters.desk, letters.plan, {"code_word": "hemligblomma"})
    (risk,) = (r for r in letters.desk.store.rows("risk_assessment"))
    change_record(letters.desk, risk.rid, {"summary": all_told(text)})
    look = preview_pages(letters.desk, letters.order(referral), 0.2)
    assert look.pages or all(one.code.startswith("documents.") for one in look.obstacles)
    assert look.obstacles == () or text == "漢字"


def test_code_word_in_a_field_of_the_letter_refuses_it_and_elsewhere_does_not(
    letters: Letters,
) -> None:
    _, _, referral = agreed(letters, "police_report")
    change_record(letters.desk, letters.plan, {"code_word": "tulpanblad"})
    change_record(letters.desk, letters.plan, {"health_needs": all_told("Tulpanblad!")})
    assert letters.refused(referral) == []
    change_record(letters.desk, letters.client, {"other_names": "fru TULPANBLAD"})
    assert letters.refused(referral) == ["paper.code_word client.other_names"]


def test_signatures_never_stand_alone_on_a_page(letters: Letters) -> None:
    _, _, referral = agreed(letters, "police_report")
    (risk,) = (r for r in letters.desk.store.rows("risk_assessment"))
    for lines in range(0, 60, 3):
        summary = all_told("\n".join(["Rad"] * (lines + 1)))
        change_record(letters.desk, risk.rid, {"summary": summary})
        (*_, last) = letters.pages(referral)
        assert people_form(last), lines


def people_form(page: str) -> bool:
    """Return whether a page has a row of the box above the signatures."""
    return "Klienten" in page  # who gave the consent is its last row


# --- whose letter, and by whom


def test_referral_of_another_organisation_makes_no_letter(letters: Letters) -> None:
    desk, to = letters.desk, addressee(letters, "police_report")
    letters.consent("police_report", to)
    values: dict[str, Value] = {"purpose": "police_report", "organisation": to.hex()}
    row = Row(desk.new_id(), "referral", letters.plan, to, EMPTY_STATE)
    with desk.store.transaction():
        put_new(desk, row, encode_changes("referral", values))
    assert letters.refused(row.rid) == ["letter.not_ours"]
    offered = list_paper_subjects(desk, PaperName.AUTHORITY_LETTER)
    assert row.rid not in {one.rid for one in offered}


def test_letter_to_ourselves_or_about_nothing_is_refused(letters: Letters) -> None:
    desk = letters.desk
    ours = letters.letter("police_report", desk.identity.organisation)
    assert letters.refused(ours) == ["letter.to_ourselves"]
    bare = create_record(desk, Referral, {"direction": "out"}, letters.plan)
    assert letters.refused(bare) == ["paper.missing referral.purpose"]
    change_record(desk, bare, {"purpose": "police_report"})
    assert letters.refused(bare) == ["paper.missing referral.organisation"]
    change_record(desk, bare, {"organisation": letters.client.hex()})
    assert letters.refused(bare) == ["paper.missing referral.organisation"]


def test_letter_of_a_referral_in_the_bin_is_refused(letters: Letters) -> None:
    _, _, referral = agreed(letters, "police_report")
    delete_record(letters.desk, referral)
    with pytest.raises(KfdeskError, match=r"record\.deleted"):
        make_paper(letters.desk, letters.order(referral))


def test_user_to_whom_the_plan_does_not_belong_cannot_make_it(letters: Letters) -> None:
    _, _, referral = agreed(letters, "police_report")
    change_record(letters.desk, letters.plan, {"owner": people.INITIALS})
    other = replace(letters.desk, user="ZZ", roles=frozenset({Role.SHELTER_WORKER}))
    with pytest.raises(KfdeskError, match=r"user\.not_allowed"):
        make_paper(other, letters.order(referral))
    assert list_paper_subjects(other, PaperName.AUTHORITY_LETTER) == ()


# --- copies, the log, and the answer


def test_copies_are_numbered_listed_with_who_has_them_and_named_in_the_referral(
    letters: Letters, tmp_path: Path
) -> None:
    desk = letters.desk
    to, consent, referral = agreed(letters, "police_report")
    make_paper(desk, letters.order(referral))
    save_paper(desk, letters.order(referral), tmp_path / "letter.pdf")
    copies = [one for one in list_copies(desk) if one.to]
    assert [one.view.record.number for one in copies] == [2, 1]
    for one in copies:
        record = one.view.record
        assert (record.recipient, record.purpose) == (to.hex(), "police_report")
        assert (record.legal_basis, record.state) == ("consent", "out")
    kept = view(require_record(desk, referral), Referral).record
    assert kept.letter == copies[0].view.rid.hex()
    assert kept.consent == consent.hex()
    assert kept.sent is not None
    assert "Myndigheten" in said_of(
        letters, PaperRequest(PaperName.DISCLOSURE_LOG, letters.plan, "sv")
    )


def test_letter_that_did_not_print_is_no_copy_and_nothing_was_sent(letters: Letters) -> None:
    desk = letters.desk
    to, _, referral = agreed(letters, "police_report")
    assert not print_paper(desk, letters.order(referral), lambda _: False)
    assert desk.store.ledger.entries(to) == ()
    record = view(require_record(desk, referral), Referral).record
    assert (record.sent, record.letter) == (None, None)
    assert not [one for one in list_copies(desk) if one.to]
    (copy,) = (view(row, PaperCopy).record for row in desk.store.rows("paper_copy"))
    assert copy.state == "not_made"


def test_answer_is_told_on_today_until_it_is_there(letters: Letters) -> None:
    desk, to = letters.desk, addressee(letters, "police_report")
    referral = letters.letter("police_report", to, now(letters) + timedelta(20))
    assert read_today(desk).answers == ()
    for days in (14, 3, 0, -40):
        change_record(desk, referral, {"answer_by": now(letters) + timedelta(days)})
        (one,) = read_today(desk).answers
        assert (one.to, one.awaited.days) == ("Myndigheten", days)
        assert (one.awaited.is_near, one.awaited.is_urgent) == (days <= 3, days <= 0)
    change_record(desk, referral, {"answer_by": now(letters) + timedelta(200)}, ())
    (one,) = read_today(desk).answers  # two days, not decided: the earlier counts
    assert one.awaited.days == -40
    for status in ("accepted", "rejected", "done", "revoked"):
        change_record(desk, referral, {"status": status})
        assert read_today(desk).answers == ()
    change_record(desk, referral, {"status": "in_progress"})
    change_record(desk, referral, {"answer": all_told("Ja")})
    assert read_today(desk).answers == ()


def test_prepared_letter_is_not_begun_twice(letters: Letters) -> None:
    desk, to = letters.desk, addressee(letters, "police_report")
    wanted = LetterRequest("police_report", to, TODAY)
    referral = prepare_letter(desk, letters.plan, wanted)
    assert prepare_letter(desk, letters.plan, wanted) == referral
    letters.consent("police_report", to)
    make_paper(desk, letters.order(referral))
    assert prepare_letter(desk, letters.plan, wanted) != referral
    for bad in (LetterRequest("nonsense", to), LetterRequest("police_report", letters.client)):
        with pytest.raises(KfdeskError):
            prepare_letter(desk, letters.plan, bad)


def test_other_recipients_are_not_told_that_she_wrote_to_an_authority(letters: Letters) -> None:
    desk, to = letters.desk, addressee(letters, "police_report")
    referral = letters.letter("police_report", to)
    plain = create_record(desk, Referral, {"direction": "out"}, letters.plan)
    helper = letters.organisation(name="Hjälparen")
    letters.consent("case_management", helper)
    letters.consent("case_management", to)
    case = load_case(desk, letters.plan)
    basis = desk.disclosure_basis(case.consents)

    def given(rid: bytes) -> set[bytes]:
        whom = Recipient(RecipientKind.PARTNER, rid, is_verified=True)
        return {row.rid for row in disclose(case.rows, whom, Channel.BUNDLE, basis).rows}

    assert {plain} == given(helper) & {plain, referral}
    assert {plain, referral} <= given(to)
    change_record(desk, referral, {"organisation": helper.hex()}, ())
    case = load_case(desk, letters.plan)
    assert referral not in given(helper) | given(to)
