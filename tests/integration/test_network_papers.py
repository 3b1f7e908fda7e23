# SPDX-License-Identifier: GPL-3.0-or-later
"""Agenda, minutes, members and news on paper, and who may have a case conference on paper."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.integration.hostile_samples import Trio, hostile_trio
from tests.integration.network_samples import begin_network, send
from tests.integration.pair_samples import refusal
from tests.integration.test_network_work import TOLD, WORK, decide, hold_meeting, moment, today

from kfdesk.demo import people
from kfdesk.domain.codes.core import PaperName, PaperRequest
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.directory import Contact, Organisation
from kfdesk.domain.records.network import (
    Attendance,
    CaseConference,
    ConferenceDecision,
    ConferenceParty,
    Project,
)
from kfdesk.domain.rows import encode_changes, seen_writes, view_any
from kfdesk.domain.values import Translation, Value
from kfdesk.i18n.language import PROGRAM_LANGUAGES
from kfdesk.services.core.records import (
    change_record,
    create_record,
    put_changed,
    put_new,
)
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer
from kfdesk.services.exchange.import_review import ImportReview
from kfdesk.services.papers.production import (
    client_language,
    list_copies,
    list_paper_subjects,
    make_paper,
    paper_obstacles,
)
from kfdesk.services.plans.consents import withdraw_consent
from kfdesk.services.plans.plans import load_case
from kfdesk.services.today import read_today

AGENDA_TEXT = people.localized(
    "1. Nyheter\n2. Nästa möte", "1. Новости\n2. Дата", "1. News\n2. Next"
)
MINUTES_TEXT = people.localized("Alla berättade", "Все рассказали", "Everyone told")
KEPT = people.localized("Rummet hålls fritt", "Комната свободна", "The room is kept")


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    with hostile_trio(tmp_path) as met:
        yield met


def pages(desk: Session, paper: PaperName, subject: bytes, language: str = "en") -> str:
    made = make_paper(desk, PaperRequest(paper, subject, language))
    return "\n".join(
        text for page in desk.adapters.papers.evidence(made.pdf).pages for text in page
    )


def faults(desk: Session, paper: PaperName, subject: bytes) -> list[KfdeskError]:
    return list(paper_obstacles(desk, PaperRequest(paper, subject, "en")))


def held(trio: Trio, **more: Value) -> tuple[bytes, bytes]:
    """Return a network with a meeting, in which two take part and two things are decided."""
    desk = trio.ours
    network = begin_network(desk, trio.bad, shares=WORK)
    meeting = hold_meeting(
        desk, network, today(desk), agenda=AGENDA_TEXT, minutes=MINUTES_TEXT, **more
    )
    secret = create_record(desk, Organisation, {"name": "Gömda huset", "confidentiality": "secret"})
    change_record(desk, trio.bad.identity.organisation, {"confidentiality": "circle"})
    people_: dict[str, Value] = {"confidentiality": "public", "may_be_shared": False}
    asked = create_record(desk, Contact, people_ | {"given_name": "Karin", "may_be_shared": True})
    unasked = create_record(desk, Contact, people_ | {"given_name": "Lovisa"})
    for person, house in ((asked, trio.bad.identity.organisation), (unasked, secret)):
        values: dict[str, Value] = {
            "organisation": house.hex(), "contact": person.hex(), "role": "takes_part",
        }  # fmt: skip
        create_record(desk, Attendance, values, meeting)
    decide(desk, meeting, trio.bad, decided=KEPT, due=today(desk))
    return network, meeting


# --- a meeting of a network


@pytest.mark.parametrize("language", PROGRAM_LANGUAGES)
def test_agenda_and_minutes_say_what_was_decided_and_name_nobody_unasked(
    trio: Trio, language: str
) -> None:
    _, meeting = held(trio)
    agenda = pages(trio.ours, PaperName.AGENDA, meeting, language)
    minutes = pages(trio.ours, PaperName.MINUTES, meeting, language)
    told = dict(zip(("sv", "en", "ru"), ("Nästa möte", "Next", "Дата"), strict=True))
    kept = dict(zip(("sv", "en", "ru"), ("Rummet hålls fritt", "The room is kept",
                                         "Комната свободна"), strict=True))  # fmt: skip
    for said in (agenda, minutes):
        assert told[language] in said
        assert "Karin" in said
        assert "Lovisa" not in said
        assert "Gömda" not in said
    assert kept[language] in minutes
    assert kept[language] not in agenda


def test_paper_of_a_meeting_needs_a_time_and_one_value(trio: Trio) -> None:
    _, meeting = held(trio)
    change_record(trio.ours, meeting, {"starts": None})
    assert [one.code for one in faults(trio.ours, PaperName.AGENDA, meeting)] == ["paper.missing"]
    assert refusal(lambda: pages(trio.ours, PaperName.AGENDA, trio.plan)).code == "record.missing"


def test_four_hundred_who_take_part_fit_on_pages(trio: Trio) -> None:
    _, meeting = held(trio)
    with trio.ours.store.transaction():
        for number in range(400):
            house = trio.ours.new_row("organisation", None)
            name: dict[str, Value] = {"name": f"Hus {number}", "confidentiality": "public"}
            put_new(trio.ours, house, encode_changes("organisation", name))
            values = encode_changes("attendance", {"organisation": house.rid.hex()})
            put_new(trio.ours, trio.ours.new_row("attendance", meeting), values)
    assert "282 more are not shown" in pages(trio.ours, PaperName.MINUTES, meeting)


def test_meeting_and_network_are_offered_in_print(trio: Trio) -> None:
    network, meeting = held(trio)
    ours, theirs = (one.identity.organisation for one in (trio.ours, trio.bad))
    for paper, rids in (
        (PaperName.AGENDA, [meeting]), (PaperName.MINUTES, [meeting]),
        (PaperName.MEMBERS, [network]), (PaperName.NETWORK_NEWS, [theirs, ours]),
    ):  # fmt: skip
        found = [one.rid for one in list_paper_subjects(trio.ours, paper)]
        assert sorted(found) == sorted(rids)


def test_members_stand_with_roles_and_deputies(trio: Trio) -> None:
    network, _ = held(trio)
    said = pages(trio.ours, PaperName.MEMBERS, network)
    assert people.SAFE_HOUSE in said
    assert "Member" in said
    assert people.HOUSE in said  # it coordinates, and is a member without a row
    change_record(trio.ours, network, {"coordinator": trio.bad.identity.organisation.hex()})
    assert people.HOUSE not in pages(trio.ours, PaperName.MEMBERS, network)
    empty = begin_network(trio.ours, shares=WORK)
    assert [one.code for one in faults(trio.ours, PaperName.MEMBERS, empty)] == ["paper.no_members"]


# --- what is new


@pytest.mark.parametrize("language", PROGRAM_LANGUAGES)
def test_news_tell_what_the_partner_does_not_have(trio: Trio, language: str) -> None:
    network, meeting = held(trio)
    secret: dict[str, Value] = {"title": KEPT, "confidentiality": "secret"}
    create_record(trio.ours, Project, secret, network)
    decide(trio.ours, meeting, trio.third, decided=TOLD)
    said = pages(trio.ours, PaperName.NETWORK_NEWS, trio.bad.identity.organisation, language)
    kept = {"sv": "Rummet hålls fritt", "en": "The room is kept", "ru": "Комната свободна"}
    assert said.count(kept[language]) >= 2  # once as theirs, once in the network
    assert "Alla berättade" not in said
    assert "Gömda" not in said


@pytest.mark.parametrize("language", PROGRAM_LANGUAGES)
def test_news_for_ourselves_tell_what_came_in_and_who_made_it(trio: Trio, language: str) -> None:
    ours = trio.ours.identity.organisation
    network = begin_network(trio.ours, trio.bad, trio.third, shares=WORK)
    change_record(trio.ours, trio.bad.identity.organisation, {"confidentiality": "circle"})
    assert [one.code for one in faults(trio.ours, PaperName.NETWORK_NEWS, ours)] == [
        "paper.nothing_came"
    ]
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    change_record(trio.bad, network, {"we_share": WORK})
    meeting = hold_meeting(trio.bad, network, today(trio.bad), minutes=MINUTES_TEXT)
    decide(trio.bad, meeting, trio.ours, decided=KEPT, due=today(trio.bad))
    trio.take(send(trio, trio.bad, trio.ours))
    own, whose = (
        pages(trio.ours, PaperName.NETWORK_NEWS, one, language)
        for one in (ours, trio.third.identity.organisation)
    )
    kept = {"sv": "Rummet hålls fritt", "en": "The room is kept", "ru": "Комната свободна"}
    assert own.count(kept[language]) == 2 * whose.count(kept[language]) > 0  # ours to do, as well
    for said in (own, whose):
        assert people.SAFE_HOUSE in said
        assert "Alla berättade" not in said


def test_without_a_change_no_news_are_made(trio: Trio) -> None:
    network, _ = held(trio)
    partner = trio.bad.identity.organisation
    for _ in range(2):
        trio.take(send(trio, trio.ours, trio.bad), trio.bad)
        change_record(trio.bad, network, {"we_share": WORK})
        hold_meeting(trio.bad, network, today(trio.bad))
        trio.take(send(trio, trio.bad, trio.ours))
    (fault,) = faults(trio.ours, PaperName.NETWORK_NEWS, partner)
    assert (fault.code, fault.data["partner"]) == ("paper.no_news", people.SAFE_HOUSE)
    stranger = create_record(trio.ours, Organisation, {"name": "Okända huset"})
    (fault,) = faults(trio.ours, PaperName.NETWORK_NEWS, stranger)
    assert fault.code == "partner.unknown"


# --- a case conference


def confer(trio: Trio, *houses: bytes) -> tuple[bytes, list[bytes]]:
    desk = trio.ours
    values: dict[str, Value] = {
        "starts": moment(today(desk)), "place": "Påhittade kontoret", "agenda": AGENDA_TEXT,
        "minutes": MINUTES_TEXT,
    }  # fmt: skip
    head = create_record(desk, CaseConference, values, trio.plan)
    change_record(desk, trio.plan, {"owner": people.INITIALS})  # initials, and no reference
    parties = [
        create_record(desk, ConferenceParty, {"organisation": one.hex()}, head) for one in houses
    ]
    decision: dict[str, Value] = {"decided": KEPT, "state": "open", "due": date(2027, 1, 1)}
    create_record(desk, ConferenceDecision, decision, head)
    return head, parties


def test_case_conference_goes_on_paper_to_those_alone_whom_she_allowed(trio: Trio) -> None:
    partner, third = (one.identity.organisation for one in (trio.bad, trio.third))
    _, (for_partner, for_third) = confer(trio, partner, third)
    (consent,) = load_case(trio.ours, trio.plan).consents
    for paper in (PaperName.AGENDA, PaperName.MINUTES):
        for subject, name in ((for_partner, people.SAFE_HOUSE), (for_third, "Kolmas Koda")):
            fault, *_ = faults(trio.ours, paper, subject)
            assert (fault.code, fault.data["partner"]) == ("paper.conference_consent", name)
            assert refusal(lambda p=paper, s=subject: pages(trio.ours, p, s)).code == fault.code
    groups = view_any(consent).record.groups
    change_record(trio.ours, consent.rid, {"groups": (*groups, "cooperation")})
    assert "Everyone told" in pages(trio.ours, PaperName.MINUTES, for_partner)
    assert "The room is kept" in pages(trio.ours, PaperName.MINUTES, for_partner)
    assert faults(trio.ours, PaperName.AGENDA, for_third)[0].data["partner"] == "Kolmas Koda"
    withdraw_consent(trio.ours, consent.rid)
    assert faults(trio.ours, PaperName.AGENDA, for_partner)[0].code == "paper.conference_consent"


def test_copy_of_a_case_conference_is_noted_with_the_plan_and_who_has_it(trio: Trio) -> None:
    _, (party,) = confer(trio, trio.bad.identity.organisation)
    (consent,) = load_case(trio.ours, trio.plan).consents
    groups = view_any(consent).record.groups
    change_record(trio.ours, consent.rid, {"groups": (*groups, "cooperation")})
    pages(trio.ours, PaperName.AGENDA, party)
    (copy,) = list_copies(trio.ours)
    assert copy.view.row.parent == trio.plan
    entries = trio.ours.store.ledger.entries(trio.bad.identity.organisation, "desk_paper")
    assert "case_conference" in {one.type for one in entries}


def test_our_own_copy_needs_no_consent_and_no_stranger_is_named(trio: Trio) -> None:
    head, parties = confer(trio, trio.bad.identity.organisation)
    offered = {one.rid: one.name for one in list_paper_subjects(trio.ours, PaperName.MINUTES)}
    assert offered == {head: people.HOUSE, parties[0]: people.SAFE_HOUSE}
    said = pages(trio.ours, PaperName.MINUTES, head)
    assert "Everyone told" in said
    assert "Stays in the office" in said


def test_party_without_an_organisation_has_no_paper(trio: Trio) -> None:
    head, _ = confer(trio)
    nobody = create_record(trio.ours, ConferenceParty, {"role": "invited"}, head)
    (fault,) = faults(trio.ours, PaperName.AGENDA, nobody)
    assert (fault.code, fault.data["field"]) == (
        "paper.missing", "conference_party.organisation",
    )  # fmt: skip


def test_case_conference_travels_only_with_the_cooperation(trio: Trio) -> None:
    partner = trio.bad.identity.organisation
    head, (party,) = confer(trio, partner)
    path = transfer.send_bundle(trio.ours, trio.plan, partner, trio.post).path
    trio.take(path, trio.bad)
    assert [trio.bad.store.row(one) for one in (head, party)] == [None, None]
    (consent,) = load_case(trio.ours, trio.plan).consents
    groups = view_any(consent).record.groups
    change_record(trio.ours, consent.rid, {"groups": (*groups, "cooperation")})
    path = transfer.send_bundle(trio.ours, trio.plan, partner, trio.post).path
    trio.take(path, trio.bad)
    row = trio.bad.store.row(head)
    assert row is not None
    assert view_any(row).record.minutes == MINUTES_TEXT
    assert trio.bad.store.row(party) is not None


def decided_of(trio: Trio, owner: Session) -> bytes:
    """Return a decision of a conference about our plan that B has, which this desk has to do."""
    desk, partner = trio.ours, trio.bad.identity.organisation
    (consent,) = load_case(desk, trio.plan).consents
    groups = view_any(consent).record.groups
    change_record(desk, consent.rid, {"groups": (*groups, "cooperation")})
    head = create_record(desk, CaseConference, {"place": "Här"}, trio.plan)
    values: dict[str, Value] = {
        "decided": (Translation("sv", "Påhittat"),), "state": "open",
        "owner": owner.identity.organisation.hex(), "due": desk.adapters.clock.now().date(),
    }  # fmt: skip
    rid = create_record(desk, ConferenceDecision, values, head)
    trio.take(transfer.send_bundle(desk, trio.plan, partner, trio.post).path, trio.bad)
    return rid


def send_back(trio: Trio) -> ImportReview:
    ours = trio.ours.identity.organisation
    return trio.take(transfer.send_bundle(trio.bad, trio.plan, ours, trio.post).path)


def test_done_of_who_does_it_comes_back_from_a_case_conference(trio: Trio) -> None:
    decision = decided_of(trio, trio.bad)
    assert [one.view.rid for one in read_today(trio.bad).conference_decisions] == [decision]
    for state in ("done", "open", "done"):
        change_record(trio.bad, decision, {"state": state})
        review = send_back(trio)
        assert (review.conflicts, review.waiting, review.refused) == (0, {}, 0)
        seen = view_any(trio.row(decision))
        assert (seen.record.state, seen.conflicts) == (state, frozenset())
    assert read_today(trio.bad).conference_decisions == ()


@pytest.mark.parametrize(
    ("is_theirs", "values"),
    [
        (True, {"state": "dropped"}), (True, {"state": "proposed"}), (True, {"due": None}),
        (True, {"owner": None}), (False, {"state": "done"}),
    ],
)  # fmt: skip
def test_nothing_else_of_a_case_conference_changes_by_a_partners_word(
    trio: Trio, is_theirs: bool, values: dict[str, Value]
) -> None:
    decision = decided_of(trio, trio.bad if is_theirs else trio.ours)
    change_record(trio.bad, decision, values)
    assert send_back(trio).waiting == {decision: frozenset(values)}
    assert view_any(trio.row(decision)).conflicts == frozenset(values)


def test_done_of_a_decision_that_was_dropped_meanwhile_waits_for_a_person(trio: Trio) -> None:
    decision = decided_of(trio, trio.bad)
    change_record(trio.ours, decision, {"state": "dropped"})
    change_record(trio.bad, decision, {"state": "done"})
    send_back(trio)
    assert view_any(trio.row(decision)).conflicts == {"state"}


@pytest.mark.parametrize(
    ("reads", "languages", "code"),
    [(("fi", "ru"), (), "ru"), ((), ("sv",), "sv"), ((), (), "en")],
)
def test_news_are_in_the_language_of_the_reader(
    trio: Trio, reads: tuple[str, ...], languages: tuple[str, ...], code: str
) -> None:
    desk, partner = trio.ours, trio.bad.identity.organisation
    (known,) = (one for one in desk.store.ledger.partners() if one.organisation == partner)
    with desk.store.transaction():
        desk.store.ledger.set_partner(replace(known, reads=reads))
    row = desk.store.row(partner)
    assert row is not None
    with desk.store.transaction():
        changes = encode_changes("organisation", {"languages": languages or None})
        put_changed(desk, row, changes, seen_writes(row))
    assert client_language(desk, partner, PROGRAM_LANGUAGES) == code
