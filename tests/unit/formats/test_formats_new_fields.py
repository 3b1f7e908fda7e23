# SPDX-License-Identifier: GPL-3.0-or-later
"""What lists say of who may come, what it costs and how to ask, in lists of others and old ones.

The old files are as the version 0.2.0 wrote them.
"""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from kfdesk.domain.directory import ParsedContact, ParsedFile, ParseOptions
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.schema import fields_of
from kfdesk.formats.files import read_contact_files
from kfdesk.formats.hsds import OWN_KEYS
from kfdesk.formats.titles import guess_columns

NEW = tuple(field.key for field in fields_of(Organisation) if field.since == 5)
OLD_VALUES: Mapping[str, object] = {
    "name": "Gamla huset", "other_name": "Huset", "country": "SE", "city": "Orten",
    "services": ("shelter", "legal"), "offers": "Ett rum", "populations": ("women",),
    "languages": ("sv", "ru"), "hours": "Mo-Fr 09:00-17:00", "email": "hus@example.org",
    "website": "https://example.org", "networks": ("global",), "contact_risk": "ask_first",
}  # fmt: skip
_OLD_MARK = {key: list(value) if isinstance(value, tuple) else value
             for key, value in OLD_VALUES.items() if key != "name"}  # fmt: skip
_OLD_SERVICES = [
    {"id": name, "name": name, "status": "active", "eligibility_description": "women",
     "languages": [{"id": f"{name} sv", "code": "sv"}, {"id": f"{name} ru", "code": "ru"}]}
    for name in ("Shelter", "Legal help")
]  # fmt: skip
OLD_HSDS = json.dumps([{
    "id": "1", "name": "Gamla huset", "alternate_name": "Huset", "description": "Ett rum",
    "email": "hus@example.org", "website": "https://example.org",
    "phones": [{"id": "2", "number": "+46 8 000 00 01", "type": "voice"}],
    "locations": [{
        "id": "3", "location_type": "physical", "name": "Orten",
        "languages": [{"id": "4", "code": "sv"}, {"id": "5", "code": "ru"}],
        "schedules": [{"id": "6", "freq": "WEEKLY", "byday": "MO,TU,WE,TH,FR",
                       "opens_at": "09:00", "closes_at": "17:00"}],
    }],
    "attributes": [{"id": "7", "link_id": "1", "link_type": "kfdesk",
                    "link_entity": "organization", "value": json.dumps(_OLD_MARK)}],
    "services": _OLD_SERVICES,
}])  # fmt: skip
OLD_CSV = """\ufeffname,other_name,given_name,organisation,role,part_of,country,city,services,\
offers,populations,languages,hours,email,website,networks,contact_risk,phone 1
Gamla huset,Huset,,,,,SE,Orten,"shelter, legal",Ett rum,women,"sv, ru",Mo-Fr 09:00-17:00,\
hus@example.org,https://example.org,global,ask_first,'+46 8 000 00 01
"""
OLD_CARD = """BEGIN:VCARD
VERSION:4.0
KIND:org
FN:Gamla huset
ORG:Gamla huset
NICKNAME:Huset
EMAIL:hus@example.org
URL:https://example.org
ADR:;;;Orten;;;Sweden
LANG:sv
LANG:ru
CATEGORIES:shelter,legal,women,global
X-KFDESK-HOURS:Mo-Fr 09:00-17:00
X-KFDESK-OFFERS:Ett rum
X-KFDESK-CONTACT-RISK:ask_first
TEL;VALUE=text:+46 8 000 00 01
END:VCARD
"""


def read(text: str) -> ParsedFile:
    return read_contact_files({"list": text.encode()}, ParseOptions())


def only(reading: ParsedFile) -> ParsedContact:
    (entry,) = reading.entries
    assert (reading.broken, reading.left_out) == ((), ())
    return entry


@pytest.mark.parametrize("text", [OLD_HSDS, OLD_CSV, OLD_CARD])
def test_old_file_of_ours_is_read_as_it_was_meant(text: str) -> None:
    entry = only(read(text))
    assert entry.values == OLD_VALUES
    assert entry.numbers == ("+46 8 000 00 01",)


def test_each_new_field_of_an_organisation_has_its_place_in_every_kind_of_file() -> None:
    assert set(NEW) <= OWN_KEYS["organisation"]
    assert set(guess_columns(NEW)) == set(NEW)


# --- HSDS of others


def hsds(*services: Mapping[str, Any], **more: Any) -> ParsedContact:
    whole = {"id": "1", "name": "Huset", "legal_status": "", "services": list(services), **more}
    return only(read(json.dumps([whole])))


def service(number: int, name: str, **texts: Any) -> Mapping[str, Any]:
    return {"id": f"s{number}", "name": name, "status": "active", **texts}


def test_texts_of_a_service_of_others_are_fields() -> None:
    texts = {
        "eligibility_description": "Kvinnor med barn", "fees_description": "Inget",
        "application_process": "Ring först", "interpretation_services": "Ryska", "alert": "Stängt",
    }  # fmt: skip
    area = {"service_areas": [{"id": "a", "name": "Länet", "description": "Hela länet"}]}
    values = hsds(service(1, "Rådgivning", **texts, **area)).values
    assert {key: values[key] for key in NEW if key in values} == {
        "eligibility": "Kvinnor med barn", "fees": "Inget", "application": "Ring först",
        "interpretation": "Ryska", "alert": "Stängt", "area": "Länet, Hela länet",
    }  # fmt: skip
    assert values["offers"] == "Rådgivning"
    assert "note" not in values


def test_different_texts_of_several_services_stand_with_their_names() -> None:
    same, one, other = "Ring först", "Inget", "100 kr"
    values = hsds(
        service(1, "Rådgivning", fees_description=one, application_process=same),
        service(2, "Kurs", fees=other, how_to_apply=same),
    ).values
    assert values["fees"] == "Rådgivning: Inget\nKurs: 100 kr"
    assert values["application"] == same


def test_codes_of_who_may_come_are_codes_and_words_are_words() -> None:
    coded = hsds(service(1, "Shelter", eligibility_description="women, men")).values
    assert (coded["populations"], coded.get("eligibility")) == (("women", "men"), None)
    words = hsds(service(1, "Shelter", eligibility_description="women and men")).values
    assert (words["eligibility"], words.get("populations")) == ("women and men", None)


def test_access_to_places_is_read_from_each_version() -> None:
    place = {"id": "p", "location_type": "physical", "name": "Orten"}
    new = {"accessibility": [{"id": "a", "description": "Hiss", "details": "Till plan 3"}]}
    old = {"accessibility_for_disabilities": [{"id": "a", "accessibility": "Hiss"}]}
    assert hsds(locations=[place | new]).values["accessibility"] == "Hiss, Till plan 3"
    assert hsds(locations=[place | old]).values["accessibility"] == "Hiss"


def test_area_without_a_service_is_reported_and_affects_nothing() -> None:
    tables = {
        "organizations.csv": b"id,name\n1,Huset\n",
        "service_areas.csv": b"id,service_id,name\n2,9,Borta\n",
        "accessibility.csv": b"id,location_id,description\n3,8,Borta\n",
    }
    reading = read_contact_files(tables, ParseOptions())
    assert [one.name for one in reading.entries] == ["Huset"]
    assert sorted((one.reason, one.place) for one in reading.broken) == [
        ("no_parent", "accessibility"), ("no_parent", "service_area"),
    ]  # fmt: skip


# --- yes and no


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("yes", True), ("Yes", True), ("TRUE", True), ("1", True), ("ja", True), ("Да", True),
        ("no", False), ("false", False), ("0", False), ("Nej", False), ("нет", False),
    ],
)  # fmt: skip
def test_yes_and_no_are_read_in_several_languages(typed: str, *, answer: bool) -> None:
    entry = only(read(f"name,round_the_clock\nHuset,{typed}\n"))
    assert entry.values["round_the_clock"] is answer


@pytest.mark.parametrize("typed", ["ibland", "yes no", "2", "jajamän"])
def test_what_is_neither_yes_nor_no_is_noted(typed: str) -> None:
    values = only(read(f"name,round_the_clock\nHuset,{typed}\n")).values
    assert "round_the_clock" not in values
    assert values["note"] == typed


def test_two_answers_are_one_answer_and_a_note() -> None:
    values = only(read("name,round the clock,dygnet runt\nHuset,yes,no\n")).values
    assert (values["round_the_clock"], values["note"]) == (True, "no")
    values = only(read("name,round the clock,dygnet runt\nHuset,yes,ja\n")).values
    assert (values["round_the_clock"], values.get("note")) == (True, None)


def test_unknown_kind_of_actor_is_noted() -> None:
    values = only(read("name,actor_type\nHuset,trollkarl\n")).values
    assert (values.get("actor_type"), values["note"]) == (None, "trollkarl")
    assert only(read("name,kind of actor\nHuset,police\n")).values["actor_type"] == "police"
