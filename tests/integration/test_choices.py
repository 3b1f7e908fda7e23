# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom a plan can name, also where the directory is longer than anybody reads a list."""

from tests.support import make

from kfdesk.domain.records.client import Client
from kfdesk.domain.records.directory import Contact, Organisation
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.values import MissingAnswer
from kfdesk.services.core.records import change_record, create_record, delete_record
from kfdesk.services.core.session import Session
from kfdesk.services.plans.plans import MAX_CHOICES, open_plan


def many(desk: Session, count: int) -> None:
    with desk.store.transaction():
        for number in range(count):
            values = {"name": f"Hus {number:05}", "country": "EE"}
            desk.store.put(make.row("organisation", values, rid=make.named_id(f"many {number}")))


def begun(desk: Session, **values: str) -> bytes:
    client = create_record(desk, Client, {"code": "tulpan-47"})
    return create_record(desk, Plan, values, client)


def test_few_are_all_offered(desk: Session) -> None:
    many(desk, 20)
    choices = open_plan(desk, begun(desk)).choices
    assert choices.is_whole
    assert len(choices.organisations) == 21  # and our own


def test_of_many_the_first_are_offered_and_whoever_is_named_already(desk: Session) -> None:
    many(desk, MAX_CHOICES + 200)
    last = create_record(desk, Organisation, {"name": "Ö-huset längst ner"})
    torn = create_record(desk, Organisation, {"name": "Öster om allt"})
    plan = begun(desk, receiver=last.hex())
    change_record(desk, plan, {"receiver": torn.hex()}, seen=())
    choices = open_plan(desk, plan).choices
    assert not choices.is_whole
    assert len(choices.organisations) == MAX_CHOICES + 2
    names = dict(choices.organisations)
    assert names[last.hex()] == "Ö-huset längst ner"
    assert names[torn.hex()] == "Öster om allt"
    delete_record(desk, torn)
    assert torn.hex() not in dict(open_plan(desk, plan).choices.organisations)


def test_who_has_no_one_name_is_not_offered(desk: Session) -> None:
    torn = create_record(desk, Organisation, {"name": "Hus ett"})
    change_record(desk, torn, {"name": "Hus två"}, seen=())
    change_record(desk, torn, {"name": "Hus tre"}, seen=())
    unknown = create_record(desk, Organisation, {"name": MissingAnswer.UNKNOWN})
    unnamed = create_record(desk, Contact, {"family_name": "Ek"})
    named = create_record(desk, Contact, {"given_name": "Åsa", "family_name": "Ek"})
    choices = open_plan(desk, begun(desk)).choices
    assert not {torn.hex(), unknown.hex()} & dict(choices.organisations).keys()
    assert choices.contacts == ((named.hex(), "Åsa"),)
    assert unnamed.hex() not in dict(choices.contacts)
