# SPDX-License-Identifier: GPL-3.0-or-later
"""The traveller's sheet in the languages that the program itself does not speak.

The demo's journey told in Bulgarian, Romanian, Ukrainian and Arabic: every form is made, says
what was told, and raises no false alarm; a listed word in any of them is found.
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
from kfdesk.documents.typesetting import page_texts
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.codes.core import PaperFormat, PaperName, PaperRequest
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.directory import Contact
from kfdesk.domain.records.journey import HelpNumber, Leg
from kfdesk.domain.values import Translation, Value
from kfdesk.environment import Environment
from kfdesk.i18n.language import RIGHT_TO_LEFT
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.core.session import Session
from kfdesk.services.papers.kinds import PAPER_KINDS
from kfdesk.services.papers.production import check_paper, make_paper, paper_obstacles
from kfdesk.services.plans.plans import load_case
from kfdesk.storage import key_slots

Told = Mapping[str, str]

FROM: tuple[Told, Told] = (
    {"bg": "Стокхолм", "ro": "Stockholm", "uk": "Стокгольм", "ar": "ستوكهولم"},
    {"bg": "Рига", "ro": "Riga", "uk": "Рига", "ar": "ريغا"},
)
TO: tuple[Told, Told] = (FROM[1], {"bg": "Псков", "ro": "Pskov", "uk": "Псков", "ar": "بسكوف"})
FROM_STOP: tuple[Told, Told] = (
    {
        "bg": "Värtahamnen, фериботен терминал",
        "ro": "Värtahamnen, terminalul de feribot",
        "uk": "Värtahamnen, паромний термінал",
        "ar": "Värtahamnen، محطة العبارات",
    },
    {
        "bg": "Rīgas autoosta, платформа 4",
        "ro": "Rīgas autoosta, peronul 4",
        "uk": "Rīgas autoosta, платформа 4",
        "ar": "Rīgas autoosta، الرصيف 4",
    },
)
TO_STOP: tuple[Told, Told] = (
    {
        "bg": "Rīgas pasažieru osta",
        "ro": "Rīgas pasažieru osta",
        "uk": "Rīgas pasažieru osta, морський вокзал",
        "ar": "Rīgas pasažieru osta",
    },
    {
        "bg": "Автогара, главен вход",
        "ro": "Autogara, intrarea principală",
        "uk": "Автовокзал, головний вхід",
        "ar": "محطة الحافلات، المدخل الرئيسي",
    },
)
MET: tuple[Told, Told] = (
    {"bg": "Анна", "ro": "Anna", "uk": "Анна", "ar": "آنا"},
    {"bg": "Олга", "ro": "Olga", "uk": "Ольга", "ar": "أولغا"},
)
SIGN: tuple[Told, Told] = (
    {"bg": "жълт шал", "ro": "eșarfă galbenă", "uk": "жовтий шарф", "ar": "وشاح أصفر"},
    {"bg": "син чадър", "ro": "umbrelă albastră", "uk": "синя парасолька", "ar": "مظلة زرقاء"},
)
ONWARD: Told = {
    "bg": "Кола с Анна",
    "ro": "Mașină cu Anna",
    "uk": "Машина з Анною",
    "ar": "سيارة مع آنا",
}
HOURS: tuple[Told, Told] = (
    {"bg": "денем и нощем", "ro": "zi și noapte", "uk": "вдень і вночі", "ar": "ليلا ونهارا"},
    {"bg": "от 8 до 22", "ro": "de la 8 la 22", "uk": "з 8 до 22", "ar": "من 8 إلى 22"},
)
LUGGAGE: Told = {
    "bg": "1 куфар, син\nпаспорт и билети",
    "ro": "1 valiză albastră\npașaport și bilete",
    "uk": "1 валіза, синя\nпаспорт і квитки",
    "ar": "حقيبة زرقاء واحدة\nجواز السفر والتذاكر",
}
LISTED: Told = {"bg": "полиция", "ro": "poliție", "uk": "притулок", "ar": "والشرطة"}
CODES = ("bg", "ro", "uk", "ar")


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
    pdf = make_paper(desk, sheet(plan, code)).pdf
    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
    said = " ".join(" ".join(page_texts(pdf) if code in RIGHT_TO_LEFT else pages).split())
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


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("بيردنيكوفا", "name"), ("مع بيردنيكوفا", "name"), ("لبيردنيكوفا", "name"),
        ("بيردني كوفا", "name"), ("تولبان 47", "number"), ("تولبان ٤٧", "number"),
        ("0701740699", "phone"), ("٠٧٠١٧٤٠٦٩٩", "phone"), ("الشُّرْطَة", "word"),
        ("بالمأوى", "word"), ("Бердникова", "name"), ("Berdnikova", "name"),
    ],
)  # fmt: skip
def test_secret_is_found_on_an_arabic_sheet_in_any_letters(
    journey: tuple[Session, bytes, bytes], said: str, kind: str
) -> None:
    desk, plan, leg = journey
    create_record(desk, Contact, {"given_name": "Karin", "family_name": "Berdnikova"})
    change_record(desk, leg, {"sign": told(dict(SIGN[0]) | {"ar": said})})
    found = check_paper(desk, sheet(plan, "ar")).found
    assert kind in {one.code for one in found if one.field == "leg.sign"}
    with pytest.raises(KfdeskError, match=r"paper\.carry_"):
        make_paper(desk, sheet(plan, "ar"))
    change_record(desk, leg, {"sign": told(SIGN[0])})


def test_arabic_is_the_first_language_of_its_sheet_alone(
    journey: tuple[Session, bytes, bytes],
) -> None:
    desk, plan, leg = journey
    for form in PAPER_KINDS[PaperName.TRAVELLERS_SHEET].forms:
        order = PaperRequest(PaperName.TRAVELLERS_SHEET, plan, "ar", form, "bg")
        assert make_paper(desk, order).pdf
        with pytest.raises(KfdeskError, match=r"paper\.not_offered"):
            make_paper(desk, replace(order, language="bg", beside="ar"))
    for other in (PaperName.ESCORTS_SHEET, PaperName.SUPPORT_PLAN, PaperName.HANDOVER_RECEIPT):
        with pytest.raises(KfdeskError, match=r"paper\.no_text"):
            make_paper(desk, PaperRequest(other, plan, "ar", PAPER_KINDS[other].forms[0]))
    change_record(desk, leg, {"sign": told(dict(SIGN[0]) | {"bg": "жълт وشاح"})})
    with pytest.raises(KfdeskError, match=r"documents\.no_letter"):
        make_paper(desk, sheet(plan, "bg"))
    change_record(desk, leg, {"sign": told(SIGN[0])})
