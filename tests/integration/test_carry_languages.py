# SPDX-License-Identifier: GPL-3.0-or-later
"""The traveller's sheet in the languages that the program itself does not speak.

The demo's journey told in Bulgarian, Romanian and Ukrainian: every form is made, says what was
told, and raises no false alarm; a listed word in any of them is found.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader
from tests.support.make import sheet
from tests.support.samples import first

from kfdesk import store_lifecycle
from kfdesk.demo import people, story
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.codes.core import PaperFormat, PaperName
from kfdesk.domain.records.journey import HelpNumber, Leg
from kfdesk.domain.values import Translation, Value
from kfdesk.environment import Environment
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.papers.kinds import PAPER_KINDS
from kfdesk.services.papers.production import check_paper, make_paper, paper_obstacles
from kfdesk.services.plans.plans import load_case
from kfdesk.storage import key_slots

Told = Mapping[str, str]

FROM: tuple[Told, Told] = (
    {"bg": "Стокхолм", "ro": "Stockholm", "uk": "Стокгольм"},
    {"bg": "Рига", "ro": "Riga", "uk": "Рига"},
)
TO: tuple[Told, Told] = (FROM[1], {"bg": "Псков", "ro": "Pskov", "uk": "Псков"})
FROM_STOP: tuple[Told, Told] = (
    {
        "bg": "Värtahamnen, фериботен терминал",
        "ro": "Värtahamnen, terminalul de feribot",
        "uk": "Värtahamnen, паромний термінал",
    },
    {
        "bg": "Rīgas autoosta, платформа 4",
        "ro": "Rīgas autoosta, peronul 4",
        "uk": "Rīgas autoosta, платформа 4",
    },
)
TO_STOP: tuple[Told, Told] = (
    {
        "bg": "Rīgas pasažieru osta",
        "ro": "Rīgas pasažieru osta",
        "uk": "Rīgas pasažieru osta, морський вокзал",
    },
    {
        "bg": "Автогара, главен вход",
        "ro": "Autogara, intrarea principală",
        "uk": "Автовокзал, головний вхід",
    },
)
MET: tuple[Told, Told] = (
    {"bg": "Анна", "ro": "Anna", "uk": "Анна"},
    {"bg": "Олга", "ro": "Olga", "uk": "Ольга"},
)
SIGN: tuple[Told, Told] = (
    {"bg": "жълт шал", "ro": "eșarfă galbenă", "uk": "жовтий шарф"},
    {"bg": "син чадър", "ro": "umbrelă albastră", "uk": "синя парасолька"},
)
ONWARD: Told = {"bg": "Кола с Анна", "ro": "Mașină cu Anna", "uk": "Машина з Анною"}
HOURS: tuple[Told, Told] = (
    {"bg": "денем и нощем", "ro": "zi și noapte", "uk": "вдень і вночі"},
    {"bg": "от 8 до 22", "ro": "de la 8 la 22", "uk": "з 8 до 22"},
)
LUGGAGE: Told = {
    "bg": "1 куфар, син\nпаспорт и билети",
    "ro": "1 valiză albastră\npașaport și bilete",
    "uk": "1 валіза, синя\nпаспорт і квитки",
}
LISTED: Told = {"bg": "полиция", "ro": "poliție", "uk": "притулок"}
CODES = ("bg", "ro", "uk")


def told(texts: Told) -> Value:
    return tuple(Translation(code, text) for code, text in texts.items())


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Session, bytes, bytes]]:
    """Yield a desk, the plan, and its first leg."""
    who = Credentials(people.INITIALS, people.PASSPHRASE)
    folder = tmp_path_factory.mktemp("carry") / "store"
    desk = store_lifecycle.create_store(
        folder, people.HOUSE, who, Environment(cost=key_slots.MIN_COST)
    )
    plan, legs = story.enter_plan(desk, desk.identity.organisation)
    case = load_case(desk, plan)
    for place, leg in enumerate(case.views(Leg, "leg")):
        values = {
            "from_place": FROM[place], "to_place": TO[place], "met_by": MET[place],
            "from_stop": FROM_STOP[place], "to_stop": TO_STOP[place], "sign": SIGN[place],
        }  # fmt: skip
        changes = {key: told(texts) for key, texts in values.items()}
        change_record(desk, leg.rid, changes | {"onward": None if place else told(ONWARD)})
    for place, number in enumerate(case.views(HelpNumber, "help_number")):
        change_record(desk, number.rid, {"hours": told(HOURS[place])})
    change_record(desk, plan, {"luggage": told(LUGGAGE)})
    yield desk, plan, legs[0]
    desk.store.close()


@pytest.mark.parametrize("form", first(1, PAPER_KINDS[PaperName.TRAVELLERS_SHEET].forms))
@pytest.mark.parametrize("code", CODES)
def test_sheet_is_made_and_raises_no_alarm(
    journey: tuple[Session, bytes, bytes], code: str, form: PaperFormat
) -> None:
    desk, plan, _ = journey
    order = replace(sheet(plan, code), form=form)
    assert paper_obstacles(desk, order) == ()
    assert check_paper(desk, order).found == frozenset()


@pytest.mark.parametrize("code", CODES)
def test_sheet_says_what_was_told(journey: tuple[Session, bytes, bytes], code: str) -> None:
    desk, plan, _ = journey
    pages = PdfReader(BytesIO(make_paper(desk, sheet(plan, code)).pdf)).pages
    said = " ".join(" ".join(page.extract_text() for page in pages).split())
    for texts in (*FROM, *TO, *MET, *SIGN, ONWARD, *HOURS):
        assert texts[code] in said, texts[code]
    assert "■" not in said


@pytest.mark.parametrize("code", CODES)
def test_listed_word_of_the_language_is_found(
    journey: tuple[Session, bytes, bytes], code: str
) -> None:
    desk, plan, leg = journey
    change_record(desk, leg, {"sign": told(dict(SIGN[0]) | {code: LISTED[code]})})
    found = check_paper(desk, sheet(plan, code)).found
    assert {(one.code, one.field, one.number) for one in found} == {("word", "leg.sign", 1)}
    change_record(desk, leg, {"sign": told(SIGN[0])})
