# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo's story: two stores, one plan from its draft to the time after the arrival.

The plan is approved, sent to the partner, changed on both sides and merged. Bad files are
refused. A second client has been home for a month, and the partner sends a follow-up contact.
Everything runs through the services, as a person does it; `show.py` prints and shows it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from kfdesk import store_lifecycle
from kfdesk.demo import people
from kfdesk.demo.people import Values, localized, reception_consent, zoned_time
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.aftercare import arrival_day, propose_follow_ups
from kfdesk.domain.codes.case import SCORE
from kfdesk.domain.codes.risk import CATEGORY_ITEMS
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.aftercare import AREAS, FollowUp, Goal, Service
from kfdesk.domain.records.case import Reception, Transition
from kfdesk.domain.records.client import Client, Consent
from kfdesk.domain.records.directory import Contact, Organisation, Phone
from kfdesk.domain.records.journey import Handover, HelpNumber, Leg, TravelDocument
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.records.risk import RiskAssessment
from kfdesk.domain.risk import ItemAnswer, RiskItem, ThemeAnswer, required_categories
from kfdesk.domain.rows import RecordView, view
from kfdesk.domain.schema import DataGroup
from kfdesk.domain.values import ZonedTime
from kfdesk.domain.workflow.gates import last_written
from kfdesk.environment import Environment
from kfdesk.services.core.records import change_record, create_record, require_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import partners, transfer
from kfdesk.services.exchange.import_review import ImportReview
from kfdesk.services.exchange.partners import PartnerTerms
from kfdesk.services.plans import plans
from kfdesk.services.plans.aftercare import create_referral, schedule_follow_ups
from kfdesk.services.plans.plans import load_case
from kfdesk.services.plans.risk import answer_risk_items, answer_risk_theme, read_risks
from kfdesk.services.workflow import approve, move_plan, request_approval

# --- aftercare

SCHOOL: Values = {
    "name": "Училище «Образец»",
    "country": "RU",
    "confidentiality": "public",
    "languages": ("ru",),
}
TRAINING_GOAL: Values = {
    "domain": "vocational",
    "need_level": "high",
    "aim": localized(
        "Jag vill bli frisör och klara mig själv",
        "Хочу стать парикмахером и жить самостоятельно",
        "I want to be a hairdresser and manage on my own",
    ),
    "baseline": "none",
    "progress": "none",
    "target": "good",
    "status": "planned",
}
SLEEP_GOAL: Values = {
    "domain": "health_mental",
    "need_level": "medium",
    "aim": localized(
        "Jag vill sova om nätterna", "Хочу спать по ночам", "I want to sleep at night"
    ),
    "baseline": "poor",
    "progress": "fair",
    "target": "good",
    "status": "in_progress",
}
TRAINING_SERVICE: Values = {
    "domain": "vocational",
    "what": localized("Kvällskurs för frisörer", "Вечерние курсы парикмахеров", "Evening course"),
    "status": "accepted",
    "funding": "donor",
}
THERAPY_SERVICE: Values = {
    "domain": "health_mental",
    "what": localized("Samtal en gång i veckan", "Беседы раз в неделю", "Talks once a week"),
    "status": "waiting",
    "funding": "partner",
}

DAYS_SINCE_ARRIVAL = 31
"""Days since the second client came home: the contact after thirty days is due."""

RETURNED_CLIENT: Values = {
    "code": "viol-12",
    "alias": "Vera",
    "given_name": "Вера",
    "family_name": "Придуманная",
    "gender": "Feminine",
    "languages": ("ru",),
    "safe_contact": localized(
        "Bara genom Olga, aldrig hem", "Только через Ольгу, домой не звонить",
        "Through Olga only, never at home",
    ),
    "age_band": "age_21_23",
    "age_disputed": False,
}  # fmt: skip

AFTERCARE_GROUPS = (
    DataGroup.IDENTITY,
    DataGroup.CONTACT,
    DataGroup.TRAVEL,
    DataGroup.REINTEGRATION_PLAN,
)


def _scores(line: str) -> Mapping[str, str]:
    """Return the scores of the ten areas from one digit each, in order; `-` was not asked."""
    from_digit = dict(zip("01234", SCORE, strict=True))
    return {area: from_digit[one] for area, one in zip(AREAS, line, strict=True) if one != "-"}


FIRST_CONTACTS: Mapping[int, Values] = {
    0: {**_scores("2201-1-1--"), "method": "in_person", "exploitation_again": "no"},
    2: {**_scores("22-111-1--"), "method": "in_person", "exploitation_again": "no"},
    7: {**_scores("3212121210"), "method": "phone", "exploitation_again": "no"},
}
"""The values of the first contacts, by the days after the arrival."""

PARTNER_CONTACT: Values = {
    **_scores("1322222221"),
    "method": "in_person",
    "result": "reached",
    "exploitation_again": "suspected",
    "report": localized(
        "Någon från förr har ringt. Hon har inte svarat.",
        "Звонил кто-то из прежних. Она не ответила.",
        "Somebody from before has called. She did not answer.",
    ),
    "wishes": localized("Ett nytt nummer", "Новый номер", "A new number"),
}


def add_aftercare(desk: Session, plan: bytes) -> tuple[int, int]:
    """Enter the client's goals, services (one by referral) and follow-up contacts.

    Return the number of services and of contact days.
    """
    at, client = desk.adapters.clock.now(), load_case(desk, plan).client.rid
    school = create_record(desk, Organisation, SCHOOL)
    change_record(desk, school, {"verification": "verified_by_call", "checked": at.date()})
    trade = create_record(desk, Goal, _goal(at, TRAINING_GOAL), parent=plan)
    calm = create_record(desk, Goal, _goal(at, SLEEP_GOAL), parent=plan)
    create_record(desk, Consent, _consent_to_school(at, school), parent=client)
    course = create_record(
        desk,
        Service,
        {**TRAINING_SERVICE, "goal": trade.hex(), "organisation": school.hex()},
        parent=plan,
    )
    create_referral(desk, course)
    begins = at.date() + timedelta(24)
    talks = {**THERAPY_SERVICE, "goal": calm.hex(), "begins": begins}
    create_record(desk, Service, talks, parent=plan)
    return 2, len(_agree_contact_days(desk, plan))


def enter_returned_client(desk: Session, partner: bytes) -> bytes:
    """Enter the client who is home already, and return her plan."""
    now = desk.adapters.clock.now()
    came = now - timedelta(DAYS_SINCE_ARRIVAL)
    create_record(desk, Phone, {"number": "+7 000 555-01-17", "is_safe": True}, parent=partner)
    client = create_record(desk, Client, RETURNED_CLIENT)
    values: Values = {
        "state": "draft",
        "wish": "client_wishes_to_return",
        "wish_stated": zoned_time(came - timedelta(40)),
        "from_country": "SE",
        "to_country": "RU",
        "receiver": partner.hex(),
        "owner": desk.user,
    }
    plan = create_record(desk, Plan, values, parent=client)
    agreed = {**reception_consent(now, partner.hex()), "groups": AFTERCARE_GROUPS}
    create_record(desk, Consent, agreed, parent=client)
    met: Values = {"happened": zoned_time(came), "place": "door", "result": "received"}
    create_record(desk, Handover, met, parent=plan)
    for rid, days in _agree_contact_days(desk, plan).items():
        if days in FIRST_CONTACTS:
            happened = zoned_time(came + timedelta(days))
            change_record(
                desk, rid, {**FIRST_CONTACTS[days], "result": "reached", "happened": happened}
            )
    return plan


def record_partner_contact(theirs: Session, plan: bytes) -> bytes:
    """Record the due follow-up contact at the partner's store, and return it."""
    now = theirs.adapters.clock.now()
    rows = (row for row in theirs.store.children(plan) if row.type == "follow_up")
    due = next(row for row in rows if view(row, FollowUp).record.after_days == 30)
    change_record(theirs, due.rid, {**PARTNER_CONTACT, "happened": zoned_time(now)})
    return due.rid


def _agree_contact_days(desk: Session, plan: bytes) -> Mapping[bytes, int]:
    """Agree on all usual contact days; return each contact with its days after the arrival."""
    case = load_case(desk, plan)
    handovers = [one.record for one in case.views(Handover, "handover")]
    arrival = arrival_day(handovers, [one.record for one in case.views(Leg, "leg")])
    assert arrival is not None
    usual = propose_follow_ups(arrival, ())
    done = schedule_follow_ups(desk, plan, usual)
    return {one.rid: each.after_days for one, each in zip(done, usual, strict=True)}


def _goal(at: datetime, values: Values) -> Values:
    return {**values, "due": at.date() + timedelta(270)}


def _consent_to_school(at: datetime, school: bytes) -> Values:
    return {
        **reception_consent(at, school.hex()),
        "purpose": "referral_service",
        "groups": (DataGroup.IDENTITY, DataGroup.IMMEDIATE_NEEDS),
    }


# --- gates


def move_to_travel_ready(
    desk: Session, plan: bytes, partner: bytes, weigh: Callable[[], None]
) -> None:
    """Move a draft plan to `travel_ready`; `weigh` imports the partner's risk assessment."""
    assess(desk, plan, partner)
    prepare(desk, plan, partner)
    weigh()
    move_plan(desk, plan, "decision_ready")
    decide(desk, plan)
    prepare_departure(desk, plan)


def assess(desk: Session, plan: bytes, partner: bytes) -> None:
    """Record the client's consents and move the plan to `assessing`."""
    at, client = desk.adapters.clock.now(), load_case(desk, plan).client.rid
    change_record(desk, partner, {"country": "RU"})
    change_record(desk, client, people.CLIENT_FACTS)
    change_record(desk, plan, people.FIRST_TALK)
    ours = desk.identity.organisation.hex()
    create_record(desk, Consent, people.consent_to_case_work(at, ours), parent=client)
    create_record(desk, Consent, people.consent_to_risk_enquiry(at, partner.hex()), parent=client)
    move_plan(desk, plan, "assessing")


def prepare(desk: Session, plan: bytes, partner: bytes) -> None:
    """Record what the organisation does before a decision."""
    at = desk.adapters.clock.now()
    create_record(desk, Reception, people.reception_request(at, partner.hex()), parent=plan)
    change_record(desk, plan, people.needs_and_law_checked(at))
    assess_risks(desk, plan)


def assess_risks(desk: Session, plan: bytes) -> None:
    """Record this organisation's risk assessment; at the partner's store, the partner's."""
    weighed = people.risk_assessment_values(desk.adapters.clock.now())
    values = {**weighed, "organisation": desk.identity.organisation.hex()}
    weighing = create_record(desk, RiskAssessment, values, parent=plan)
    found_here = people.RISK_FINDINGS[people.OURS if is_ours(desk, plan) else people.THEIRS]
    source = "client_statement" if is_ours(desk, plan) else "worker_observation"
    for category in required_categories(has_children=read_risks(desk, plan).has_children):
        line = found_here.get(category)
        if line is None:
            answer_risk_theme(desk, weighing, category, ThemeAnswer.NOTHING)
            continue
        answer_risk_theme(desk, weighing, category, ThemeAnswer.SOMETHING)
        items = dict.fromkeys(CATEGORY_ITEMS[category], RiskItem(ItemAnswer.NOT_SO, source))
        done = answer_risk_items(desk, weighing, category, items | dict(line.items))
        change_record(desk, done.rid, line.values)


def is_ours(desk: Session, plan: bytes) -> bool:
    """Return whether this organisation is responsible for the plan."""
    return load_case(desk, plan).plan.custodian == desk.identity.organisation


def decide(desk: Session, plan: bytes) -> None:
    """Record the client's signature, ask for approval, and approve as a second person."""
    change_record(desk, plan, people.decision_signed(desk.adapters.clock.now()))
    request_approval(desk, plan, "decision")
    approve(replace(desk, user=people.SECOND_PERSON), plan, "decision")
    move_plan(desk, plan, "approved")


def prepare_departure(desk: Session, plan: bytes) -> None:
    """Record reception, passport, the second leg and the last talk."""
    at = desk.adapters.clock.now()
    for row in desk.store.children(plan):
        if row.type == "reception":
            change_record(desk, row.rid, people.reception_confirmed(at))
        leg = view(row, Leg).record if row.type == "leg" else None
        if leg is not None and leg.check_in is None and isinstance(leg.arrives, ZonedTime):
            change_record(desk, row.rid, people.second_leg_booking(leg.arrives))
    create_record(desk, TravelDocument, people.passport_values(at), parent=plan)
    change_record(desk, plan, people.wish_reconfirmed(at))
    move_plan(desk, plan, "travel_ready")


OURS, THEIRS, POST, TARTU, NARVA = "nordhuset", "pskov", "post", "tartu", "narva"
PAPERS, PAGES = "papers", "pages"
FOLDERS = (OURS, THEIRS, POST, TARTU, NARVA, PAPERS, PAGES)
"""All that the demo makes in its folder but for single files; the next one deletes it first."""


# --- two stores


@dataclass(frozen=True, slots=True)
class PartnerStore:
    """The partner's store: its folder, and how a process opens it."""

    folder: Path
    passphrase_file: Path

    def run(self, *words: str) -> dict[str, Any]:
        """Run one command in a process of its own and return its answer.

        Raise RuntimeError with the error output.
        """
        command = [
            *_program_command(), "--store", str(self.folder), "--json",
            "--initials", people.PARTNER_INITIALS,
            "--passphrase-file", str(self.passphrase_file), *words,
        ]  # fmt: skip
        environment = os.environ | {"PYTHONUTF8": "1"}
        done = subprocess.run(  # noqa: S603 - our own program with our own words
            command, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer


PartnerOpener = Callable[[Path, Path], PartnerStore]


@dataclass(frozen=True, slots=True)
class Story:
    """The state of the story: both stores, the plan, its legs, and the exchange folder."""

    ours: Session
    theirs: PartnerStore
    partner: bytes
    plan: bytes
    legs: tuple[bytes, bytes]
    post: Path


def _program_command() -> tuple[str, ...]:
    """Return the command that starts this program again, frozen or from source.

    It looks for modules where this process does: never in the current folder, and not by
    PYTHONPATH if our launcher ignores that.
    """
    if getattr(sys, "frozen", False):
        return (sys.executable,)
    if sys.flags.ignore_environment:
        return (sys.executable, "-P", "-E", "-s", str(Path(__file__).parents[1] / "__main__.py"))
    return (sys.executable, "-P", "-m", "kfdesk")


def create_story(
    folder: Path, machine: Environment, at_partner: PartnerOpener = PartnerStore
) -> Story:
    """Create two stores that know each other, and our plan with two legs and one consent.

    `at_partner` returns the partner's store for its folder and the file with its passphrase.
    """
    post = folder / POST
    post.mkdir(parents=True, exist_ok=True)
    who = Credentials(people.INITIALS, people.PASSPHRASE)
    ours = store_lifecycle.create_store(folder / OURS, people.HOUSE, who, machine)
    theirs = _partner_desk(folder, at_partner)
    partner = _exchange_cards(ours, theirs, post)
    plan, legs = enter_plan(ours, partner)
    return Story(ours, theirs, partner, plan, legs, post)


def enter_plan(desk: Session, partner: bytes) -> tuple[bytes, tuple[bytes, bytes]]:
    """Enter the client, her plan, legs, numbers and consent; return the plan and its legs."""
    now = desk.adapters.clock.now()
    escort = create_record(desk, Contact, people.ESCORT)
    client = create_record(desk, Client, people.CLIENT)
    plan = create_record(
        desk, Plan, people.plan_values(now, partner.hex(), escort.hex()), parent=client
    )
    first, second = (
        create_record(desk, Leg, values, parent=plan)
        for values in people.leg_values(now + timedelta(days=18))
    )
    for values in people.help_number_values(now):
        create_record(desk, HelpNumber, values, parent=plan)
    create_record(desk, Consent, people.reception_consent(now, partner.hex()), parent=client)
    return plan, (first, second)


def consent_to_escort(desk: Session, plan: bytes) -> bytes:
    """Record the consent to the escort and to what helps on the way; return it."""
    row = desk.store.row(plan)
    assert row is not None
    change_record(desk, plan, people.HELP_ON_THE_WAY)
    numbers = (one.rid for one in desk.store.children(plan) if one.type == "help_number")
    views = sorted((view(require_record(desk, rid), HelpNumber) for rid in numbers), key=_order)
    for number, name in zip(views, people.ANSWERING, strict=True):
        change_record(desk, number.rid, {"answered_by": name})
    values = people.escort_consent(desk.adapters.clock.now(), str(view(row, Plan).record.escort))
    return create_record(desk, Consent, values, parent=row.parent)


def _order(number: RecordView[HelpNumber]) -> int:
    return number.record.sequence if isinstance(number.record.sequence, int) else 0


def prepare_journey(story: Story, machine: Environment) -> tuple[str, ...]:
    """Move our plan through its gates to `travel_ready`; return the states passed.

    The partner assesses the risks at its own store, and the assessment comes by a file.
    """

    def weigh() -> None:
        send_first_bundle(story)
        run_at_partner(story, machine, lambda theirs: assess_risks(theirs, story.plan))
        import_answer(story)

    move_to_travel_ready(story.ours, story.plan, story.partner, weigh)
    rows = (row for row in story.ours.store.children(story.plan) if row.type == "transition")
    steps = sorted(rows, key=last_written)
    return ("draft", *(str(view(row, Transition).record.to_state) for row in steps))


def run_at_partner(story: Story, machine: Environment, act: Callable[[Session], object]) -> None:
    """Run `act` in a session at the partner's store, as the person who works there."""
    who = Credentials(people.PARTNER_INITIALS, people.PARTNER_PASSPHRASE)
    theirs = store_lifecycle.unlock_store(story.theirs.folder, who, machine)
    try:
        act(theirs)
    finally:
        theirs.store.close()


def import_follow_up(story: Story, machine: Environment) -> ImportReview:
    """Enter another client who is home, and import the partner's follow-up by a file."""
    plan = enter_returned_client(story.ours, story.partner)
    other = replace(story, plan=plan)
    send_first_bundle(other)
    run_at_partner(story, machine, lambda theirs: record_partner_contact(theirs, plan))
    return import_answer(other)[1]


def send_first_bundle(story: Story) -> Path:
    """Send a file that the partner imports in another process; return the file."""
    made = transfer.send_bundle(story.ours, story.plan, story.partner, story.post)
    story.theirs.run("bundle", "take", str(made.path))
    return made.path


def change_at_both(story: Story) -> tuple[ZonedTime, ZonedTime]:
    """Change the second leg's arrival at both stores; the partner also changes the sign.

    Return our time and theirs.
    """
    leg = story.ours.store.row(story.legs[1])
    assert leg is not None
    arrives = people.leg_values(story.ours.adapters.clock.now() + timedelta(days=18))[1]["arrives"]
    assert isinstance(arrives, ZonedTime)
    ours = ZonedTime.at(arrives.wall + timedelta(minutes=15), arrives.zone)
    theirs = ZonedTime.at(arrives.wall - timedelta(minutes=35), arrives.zone)
    change_record(story.ours, story.legs[1], {"arrives": ours})
    second = story.legs[1].hex()
    story.theirs.run("plan", "set", second, "arrives", json.dumps(str(theirs)))
    story.theirs.run("plan", "set", second, "booking_reference", json.dumps("EX 4711"))
    return ours, theirs


def import_answer(story: Story) -> tuple[Path, ImportReview]:
    """Have the partner send its changes, and import them; return the file and the review."""
    organisation = story.ours.identity.organisation.hex()
    made = story.theirs.run(
        "bundle", "make", story.plan.hex(), "--to", organisation, "--into", str(story.post)
    )
    path = Path(made["file"])
    reviewed = transfer.review_bundle(story.ours, path)
    transfer.import_bundle(story.ours, path, reviewed)
    return path, reviewed


def try_bad_files(story: Story, sent: Path, received: Path) -> dict[str, str]:
    """Try files that must change nothing; return the error code of each."""
    torn, foreign = story.post / "torn.age", story.post / "letter.txt"
    torn.write_bytes(received.read_bytes()[:-40])
    foreign.write_bytes(b"Dear all, this is a letter.\n" * 400)
    before = story.ours.store.digest()
    files = {"for the partner": sent, "torn": torn, "a letter": foreign, "again": received}
    found = {name: _refused(story.ours, path) for name, path in files.items()}
    assert story.ours.store.digest() == before
    return found


def plan_page(story: Story) -> plans.PlanPage:
    """Return the plan as its page shows it."""
    return plans.open_plan(story.ours, story.plan)


def _partner_desk(folder: Path, at_partner: PartnerOpener) -> PartnerStore:
    words = folder / "pskov.passphrase"
    words.write_text(people.PARTNER_PASSPHRASE + "\n", encoding="utf-8")
    desk = at_partner(folder / THEIRS, words)
    desk.run("init", "--name", people.SAFE_HOUSE)
    return desk


def _exchange_cards(ours: Session, theirs: PartnerStore, post: Path) -> bytes:
    """Exchange the cards and compare the digits, as on the telephone."""
    our_card, their_card = post / "nordhuset.card", post / "pskov.card"
    our_card.write_bytes(partners.our_card(ours))
    theirs.run("bundle", "card", str(their_card))
    terms = PartnerTerms(is_third_country=True, reads=("ru",))
    partner = partners.add_partner(ours, their_card.read_bytes(), terms).organisation
    heard = theirs.run("bundle", "trust", str(our_card))["digits"]
    partners.verify_partner(ours, partner, heard)
    theirs.run(
        "bundle", "trust", str(our_card), "--digits", partners.verification_digits(ours, partner)
    )
    return partner


def _refused(desk: Session, path: Path) -> str:
    try:
        transfer.review_bundle(desk, path)
    except KfdeskError as error:
        return error.code
    return ""
