# SPDX-License-Identifier: GPL-3.0-or-later
"""The time after an arrival, as the story has it: what helps her on, and how she fares.

The client of the story has her aims, services and days of contact before she leaves. Another one
is home since a month; her plan was written down when she was there already, and the partner who is
near her writes of her by a file.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from kfdesk.demo.people import Values, consent, moment, told
from kfdesk.domain.after.schedule import arrival_day, proposals
from kfdesk.domain.lists.after_codes import SCORE
from kfdesk.domain.records.after.follow_up import AREAS, FollowUp
from kfdesk.domain.records.after.goal import Goal
from kfdesk.domain.records.after.service import Service
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.records.directory.phone import Phone
from kfdesk.domain.records.journey.handover import Handover
from kfdesk.domain.records.leg import Leg
from kfdesk.domain.records.organisation import Organisation
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import view
from kfdesk.domain.schema import Group
from kfdesk.services.after.follow_ups import agree_times
from kfdesk.services.after.supporting import refer
from kfdesk.services.desk import Desk
from kfdesk.services.plans import load_case
from kfdesk.services.writing.records import change_record, create_record

SCHOOL: Values = {
    "name": "Училище «Образец»",
    "country": "RU",
    "confidentiality": "public",
    "languages": ("ru",),
}
TRADE: Values = {
    "domain": "vocational",
    "need_level": "high",
    "aim": told(
        "Jag vill bli frisör och klara mig själv",
        "Хочу стать парикмахером и жить самостоятельно",
        "I want to be a hairdresser and manage on my own",
    ),
    "baseline": "none",
    "progress": "none",
    "target": "good",
    "status": "planned",
}
CALM: Values = {
    "domain": "health_mental",
    "need_level": "medium",
    "aim": told("Jag vill sova om nätterna", "Хочу спать по ночам", "I want to sleep at night"),
    "baseline": "poor",
    "progress": "fair",
    "target": "good",
    "status": "in_progress",
}
COURSE: Values = {
    "domain": "vocational",
    "what": told("Kvällskurs för frisörer", "Вечерние курсы парикмахеров", "Evening course"),
    "status": "accepted",
    "funding": "donor",
}
TALKS: Values = {
    "domain": "health_mental",
    "what": told("Samtal en gång i veckan", "Беседы раз в неделю", "Talks once a week"),
    "status": "waiting",
    "funding": "partner",
}

HOME_SINCE = 31
"""Days since the other client came home: her contact after thirty days is due."""

OTHER: Values = {
    "code": "viol-12",
    "alias": "Vera",
    "given_name": "Вера",
    "family_name": "Придуманная",
    "languages": ("ru",),
    "safe_contact": told(
        "Bara genom Olga, aldrig hem", "Только через Ольгу, домой не звонить",
        "Through Olga only, never at home",
    ),
    "age_band": "age_21_23",
    "age_disputed": False,
}  # fmt: skip

AFTER_HOME = (Group.IDENTITY, Group.CONTACT, Group.TRAVEL, Group.REINTEGRATION_PLAN)


def _scores(line: str) -> Mapping[str, str]:
    """How she is in the ten areas, a digit each in their order; a stroke was not asked."""
    from_digit = dict(zip("01234", SCORE, strict=True))
    return {area: from_digit[one] for area, one in zip(AREAS, line, strict=True) if one != "-"}


SAID: Mapping[int, Values] = {
    0: {**_scores("2201-1-1--"), "method": "in_person", "exploitation_again": "no"},
    2: {**_scores("22-111-1--"), "method": "in_person", "exploitation_again": "no"},
    7: {**_scores("3212121210"), "method": "phone", "exploitation_again": "no"},
}
"""What was said in the first contacts, by the days after her arrival."""

BY_THE_PARTNER: Values = {
    **_scores("1322222221"),
    "method": "in_person",
    "result": "reached",
    "exploitation_again": "suspected",
    "report": told(
        "Någon från förr har ringt. Hon har inte svarat.",
        "Звонил кто-то из прежних. Она не ответила.",
        "Somebody from before has called. She did not answer.",
    ),
    "wishes": told("Ett nytt nummer", "Новый номер", "A new number"),
}


def help_on(desk: Desk, plan: bytes) -> tuple[int, int]:
    """Her aims and what helps her to them, one by a referral; the days on which she is contacted.

    Returns how many services and how many days.
    """
    at, client = desk.rooms.clock.now(), load_case(desk, plan).client.rid
    school = create_record(desk, Organisation, SCHOOL)
    change_record(desk, school, {"verification": "verified_by_call", "checked": at.date()})
    trade = create_record(desk, Goal, _goal(at, TRADE), parent=plan)
    calm = create_record(desk, Goal, _goal(at, CALM), parent=plan)
    create_record(desk, Consent, _agreed_to_school(at, school), parent=client)
    course = create_record(
        desk, Service, {**COURSE, "goal": trade.hex(), "organisation": school.hex()}, parent=plan
    )
    refer(desk, course)
    begins = at.date() + timedelta(24)
    talks = {**TALKS, "goal": calm.hex(), "begins": begins}
    create_record(desk, Service, talks, parent=plan)
    return 2, len(_agree(desk, plan))


def enter_other(desk: Desk, partner: bytes) -> bytes:
    """The one who is home already, as she was written down then; returns her plan."""
    now = desk.rooms.clock.now()
    came = now - timedelta(HOME_SINCE)
    create_record(desk, Phone, {"number": "+7 000 555-01-17", "is_safe": True}, parent=partner)
    client = create_record(desk, Client, OTHER)
    values: Values = {
        "state": "draft",
        "wish": "client_wishes_to_return",
        "wish_stated": moment(came - timedelta(40)),
        "from_country": "SE",
        "to_country": "RU",
        "receiver": partner.hex(),
        "owner": desk.user,
    }
    plan = create_record(desk, Plan, values, parent=client)
    agreed = {**consent(now, partner.hex()), "groups": AFTER_HOME}
    create_record(desk, Consent, agreed, parent=client)
    met: Values = {"happened": moment(came), "place": "door", "result": "received"}
    create_record(desk, Handover, met, parent=plan)
    for rid, days in _agree(desk, plan).items():
        if days in SAID:
            happened = moment(came + timedelta(days))
            change_record(desk, rid, {**SAID[days], "result": "reached", "happened": happened})
    return plan


def partner_calls(theirs: Desk, plan: bytes) -> bytes:
    """At the partner's desk: the contact that is due is made and written; returns it."""
    now = theirs.rooms.clock.now()
    rows = (row for row in theirs.store.children(plan) if row.type == "follow_up")
    due = next(row for row in rows if view(row, FollowUp).record.after_days == 30)
    change_record(theirs, due.rid, {**BY_THE_PARTNER, "happened": moment(now)})
    return due.rid


def _agree(desk: Desk, plan: bytes) -> Mapping[bytes, int]:
    """She agrees to all the usual days; returns each contact with its days after the arrival."""
    case = load_case(desk, plan)
    handovers = [one.record for one in case.views(Handover, "handover")]
    arrival = arrival_day(handovers, [one.record for one in case.views(Leg, "leg")])
    assert arrival is not None
    usual = proposals(arrival, ())
    done = agree_times(desk, plan, usual)
    return {one.rid: each.after_days for one, each in zip(done, usual, strict=True)}


def _goal(at: datetime, values: Values) -> Values:
    return {**values, "due": at.date() + timedelta(270)}


def _agreed_to_school(at: datetime, school: bytes) -> Values:
    return {
        **consent(at, school.hex()),
        "purpose": "referral_service",
        "groups": (Group.IDENTITY, Group.IMMEDIATE_NEEDS),
    }
