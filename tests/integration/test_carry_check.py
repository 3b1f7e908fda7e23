# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing that must not be carried gets onto a real paper: every class of value, in every field.

One store with two cases and a directory, real pages read back. Values are planted through the
records, as a tired person would type them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

import pytest
from tests.support.make import NOW, Values, sheet, told
from tests.support.samples import first
from tests.unit.domain.carry.carry_samples import SPELT, disguised

from kfdesk import store_lifecycle
from kfdesk.demo import people, story
from kfdesk.domain.accounts import Credentials, Role
from kfdesk.domain.audit import Action
from kfdesk.domain.codes.core import PaperFormat, PaperName
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import LocalizedTextKind, TextKind
from kfdesk.domain.papers import CONTENTS
from kfdesk.domain.records.case import Approval, Note, Reception, Task
from kfdesk.domain.records.client import Client, Relationship
from kfdesk.domain.records.directory import Contact, Organisation
from kfdesk.domain.records.journey import HelpNumber, Leg, TravelDocument, Traveller
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import EMPTY_STATE
from kfdesk.domain.rows import Row, encode_changes, view
from kfdesk.domain.values import PartialDate, Value, ZonedTime
from kfdesk.environment import Environment
from kfdesk.services.accounts import add_user
from kfdesk.services.core.records import (
    change_record,
    create_record,
    delete_record,
    put_new,
    require_record,
)
from kfdesk.services.core.session import Session
from kfdesk.services.papers.kinds import PAPER_KINDS
from kfdesk.services.papers.production import (
    PaperPreview,
    check_paper,
    make_paper,
    override_names,
    preview_pages,
    save_paper,
)
from kfdesk.services.plans.plans import load_case
from kfdesk.storage import key_slots

SECRETS: Mapping[str, str] = {
    "own given name": "Гульнара",
    "own other name": "Зарема",
    "own family name": "Щербакова",
    "own code": "tulpan-47",
    "own identity number": "850314-1234",
    "own birth day": "14.03.1985",
    "document number": "72 1234567",
    "booking number": "HX 20417",
    "drug": "Сертралин",
    "code word": "одуванчик",
    "alarm plan": "Звони Марфе, потом в посольство",
    "note": "Боится брата и его друзей",
    "safe contact": "Только письма через соседку",
    "address": "Строгановская ул. 15",
    "postcode": "180016",
    "staff surname": "Бердникова",
    "staff telephone": "+46 70-174 06 33",
    "child who stays": "Пелагея",
    "child's birth day": "3 июня 2019",
    "child's birth month": "апрель 2017",
    "what she needs now": "Тихая комната без чужих мужчин",
    "task": "Узнать у адвоката про опеку",
    "partner's answer": "Принимаем только вместе с детьми",
    "other client's family name": "Жаворонкова",
    "other client's given name": "Василиса",
    "other client's code": "sparv-12",
    "other client's ticket": "ZHAVORONKOVA",
    "organisation": "Дом у реки",
    "our house": "Нордхюсет-Альфа",
    "acronym": "ФРЖЦ",
    "listed word": "приют",
    "foreign number": "+7 811 266-12-34",
    "address of the net": "sol@nordhuset.org",
}
"""One value of each class, planted as a person would write it on a Russian paper."""

TICKETS = ("client.name_on_ticket", "traveller.name_on_ticket")
FIELDS = (
    "leg.from_place", "leg.to_place", "leg.from_stop", "leg.to_stop", "leg.met_by", "leg.sign",
    "leg.onward", "leg.carrier", "plan.luggage", "help_number.hours", "help_number.answered_by",
    *TICKETS,
)  # fmt: skip
"""Every field of text that the sheet shows."""


class Journey:
    """A plan that can be printed, and what its fields say when nothing is planted."""

    def __init__(self, desk: Session) -> None:
        self.desk = desk
        self.plan, self.legs = story.enter_plan(desk, desk.identity.organisation)
        case = load_case(desk, self.plan)
        number = next(row.rid for row in case.below if row.type == "help_number")
        self.rids = {
            "leg": self.legs[0],
            "plan": self.plan,
            "client": case.client.rid,
            "help_number": number,
            "traveller": self._add_child(case.client.rid),
        }

    def _add_child(self, client: bytes) -> bytes:
        """Let a child travel along; return its row."""
        child: Values = {"given_name": "Alva", "travels_with": True, "age_band": "age_0_8"}
        person = create_record(self.desk, Relationship, child, client)
        row: Values = {
            "person": person.hex(),
            "name_on_ticket": "ALVA VYMYSLOVA",
            "own_sheet": True,
        }
        return create_record(self.desk, Traveller, row, self.plan)

    def plant(self, field: str, text: str) -> None:
        """Let a field say so in Russian, and nothing else."""
        record_type, key = field.split(".")
        is_told = isinstance(RECORD_TYPES[record_type].fields[key].kind, LocalizedTextKind)
        change_record(
            self.desk, self.rids[record_type], {key: told("x", text) if is_told else text}
        )

    def look(self, language: str = "ru") -> PaperPreview:
        return preview_pages(self.desk, sheet(self.plan, language), 0.2)

    def found(self) -> list[tuple[str, str, str]]:
        """Return what is found, by its code, words and field."""
        return [(one.code, one.words, one.field) for one in self.look().found]


def fill(desk: Session, journey: Journey) -> None:
    """Enter the rest of the client's case, another case, and a directory."""
    client, plan = journey.rids["client"], journey.plan
    change_record(desk, client, {
        "given_name": "Гульнара", "family_name": "Щербакова", "other_names": "Зарема",
        "alias": None, "identity_number": "850314-1234", "birth_date": date(1985, 3, 14),
        "safe_contact": told("x", "Только письма через соседку"),
    })  # fmt: skip
    change_record(desk, plan, {
        "code_word": "одуванчик", "alarm_plan": "Звони Марфе, потом в посольство. Ждать час.",
        "health_needs": told("x", "Сертралин 50 мг утром"),
        "immediate_needs": told("x", "Тихая комната без чужих мужчин. Одежда."),
    })  # fmt: skip
    create_record(desk, Task, {"title": "Узнать у адвоката про опеку"}, plan)
    create_record(desk, Reception, {"limits": told("x", "Принимаем только вместе с детьми")}, plan)
    create_record(desk, TravelDocument, {"number": "72 1234567"}, plan)
    create_record(desk, Note, {"content": "Боится брата и его друзей."}, plan)
    create_record(desk, Relationship, {
        "given_name": "Пелагея", "birth_date": date(2019, 6, 3), "travels_with": False,
    }, client)  # fmt: skip
    create_record(desk, Relationship, {
        "given_name": "Устинья", "birth_date": PartialDate("2017-04"), "travels_with": False,
    }, client)  # fmt: skip
    other = create_record(desk, Client, {
        "code": "sparv-12", "given_name": "Василиса", "family_name": "Жаворонкова",
        "name_on_ticket": "VASILISA ZHAVORONKOVA",
    })  # fmt: skip
    create_record(desk, Plan, {"code_word": "синий"}, other)
    create_record(desk, Contact, {
        "given_name": "Анна", "family_name": "Бердникова", "phone": "+46 70-174 06 33",
    })  # fmt: skip
    create_record(desk, Organisation, {
        "name": "Дом у реки", "address": "Строгановская ул. 15, 180016 Псков",
    })  # fmt: skip
    create_record(desk, Organisation, {"name": "Нордхюсет-Альфа"})
    create_record(desk, Organisation, {"name": "Фонд Развития Женских Центров"})


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journey]:
    who = Credentials(people.INITIALS, people.PASSPHRASE)
    folder = tmp_path_factory.mktemp("carry") / "store"
    desk = store_lifecycle.create_store(
        folder, people.HOUSE, who, Environment(cost=key_slots.MIN_COST)
    )
    made = Journey(desk)
    fill(desk, made)
    yield made
    desk.store.close()


@pytest.fixture(autouse=True)
def _clean(journey: Journey) -> Iterator[None]:
    kept = {rid: journey.desk.store.row(rid) for rid in journey.rids.values()}
    yield
    now = people.leg_values(journey.desk.adapters.clock.now() + timedelta(days=18))[0]
    plan = people.plan_values(journey.desk.adapters.clock.now(), "00" * 16, "00" * 16)
    change_record(journey.desk, journey.legs[0], {
        key: now[key] for key in ("from_place", "to_place", "from_stop", "to_stop", "met_by",
                                  "sign", "onward", "carrier")
    })  # fmt: skip
    change_record(journey.desk, journey.plan, {"luggage": plan["luggage"]})
    change_record(journey.desk, journey.rids["client"], {"name_on_ticket": "NINA VYMYSLOVA"})
    change_record(journey.desk, journey.rids["traveller"], {"name_on_ticket": "ALVA VYMYSLOVA"})
    number = kept[journey.rids["help_number"]]
    assert number is not None
    said = view(number, HelpNumber).record
    values: Values = {"hours": said.hours, "answered_by": said.answered_by}
    change_record(journey.desk, number.rid, values)
    assert set(kept) == set(journey.rids.values())


def test_every_field_of_text_that_the_sheet_shows_is_planted() -> None:
    shown = {
        f"{name}.{key}"
        for name, keys in CONTENTS[PaperName.TRAVELLERS_SHEET].items()
        for key in keys
        if isinstance(RECORD_TYPES[name].fields[key].kind, TextKind | LocalizedTextKind)
    }
    assert shown - {"help_number.number"} == set(FIELDS)


@pytest.mark.parametrize("form", first(1, PAPER_KINDS[PaperName.TRAVELLERS_SHEET].forms))
@pytest.mark.parametrize("language", ["ru", "sv", "en"])
def test_the_journey_itself_raises_no_alarm(
    journey: Journey, language: str, form: PaperFormat
) -> None:
    order = replace(sheet(journey.plan, language), form=form)
    assert check_paper(journey.desk, order).found == frozenset()


@pytest.mark.parametrize(
    "shift",
    [pytest.param(n, marks=pytest.mark.slow) if n % 3 else n for n in range(len(FIELDS))],
)
def test_every_secret_is_found_in_every_field(journey: Journey, shift: int) -> None:
    names = list(SECRETS)
    planted = {}
    for place, field in enumerate(FIELDS):
        here = names[(place + shift) % len(FIELDS) :: len(FIELDS)]
        if field in TICKETS:  # what a ticket says is no other's secret
            here = [name for name in here if "name" not in name and "ticket" not in name]
        if field in {"leg.met_by", "help_number.answered_by"}:  # who meets or answers her
            here = [name for name in here if name != "other client's given name"]
        planted[field] = here
        journey.plant(field, ", ".join(f"да {SECRETS[name]}" for name in here))
    found = journey.look().found
    for field, here in planted.items():
        said = " ".join(one.words.casefold() for one in found if one.field == field)
        missed = [name for name in here if not is_said(SECRETS[name], said)]
        assert missed == [], (field, said)


WAYS = ("capitals", "hyphen over a line", "over two cells", "look-alikes", "spaced", *SPELT)
"""Disguises that a font can print; what cannot be seen is the matching's own test."""
OFTEN = ("hyphen over a line", "over two cells", "look-alikes", "passport")
"""What every run looks at in every field; that each disguise is seen through is a test of words."""

TELLING = {
    "sealed": ("одуванчик", "Сертралин"),
    "word": ("приют", "полиция"),
    "name": ("Щербакова", "Жаворонкова", "Бердникова", "Пелагея"),
}
"""Single words of each class that is found by its words, as they stand in the store."""


@pytest.mark.parametrize(
    "way",
    [way if way in OFTEN else pytest.param(way, marks=pytest.mark.slow) for way in WAYS],
)
def test_every_class_is_found_in_disguise_in_every_field(journey: Journey, way: str) -> None:
    for code, secrets in TELLING.items():
        if (way, code) == ("ukrainian", "word"):
            continue  # there it makes harmless words of other languages
        fields = [one for one in FIELDS if code != "name" or one not in TICKETS]
        for place, field in enumerate(fields):
            secret = secrets[(place + WAYS.index(way)) % len(secrets)]
            said = disguised(secret)[way].replace("\r", "")
            journey.plant(field, f"да {said[0].upper()}{said[1:]} да")
        told = {one.field for one in journey.look().found if one.code in (code, "sealed")}
        assert set(fields) <= told, (way, code, set(fields) - told)


def test_finding_blocks_print_file_and_preview_and_is_raised_without_its_words(
    journey: Journey, tmp_path: Path
) -> None:
    journey.plant("leg.sign", "одуванчик жёлтый")
    order, path = sheet(journey.plan), tmp_path / "sheet.pdf"
    ways: tuple[Callable[[], object], ...] = (
        lambda: make_paper(journey.desk, order),
        lambda: save_paper(journey.desk, order, path),
    )
    for make in ways:
        with pytest.raises(KfdeskError, match=r"paper\.carry_sealed") as caught:
            make()
        assert caught.value.data == {"page": 1, "field": "leg.sign", "number": 1}
    assert list(tmp_path.iterdir()) == []
    assert journey.look().pages == ()


def test_first_name_of_who_meets_her_is_said_though_another_client_has_it(journey: Journey) -> None:
    journey.plant("leg.met_by", "Василиса")
    journey.plant("leg.onward", "Машина с Василисой")
    assert journey.found() == []
    journey.plant("leg.met_by", "Василиса Бердникова")
    assert journey.found() == [("name", "Бердникова", "leg.met_by")]


def test_name_that_is_a_place_passes_where_a_leg_says_a_place_alone(journey: Journey) -> None:
    rid = create_record(journey.desk, Contact, {"given_name": "Eva", "family_name": "Lund"})
    leg = view(require_record(journey.desk, journey.rids["leg"]), Leg).record
    journey.plant("leg.to_place", "Lund")
    assert isinstance(leg.arrives, ZonedTime)
    there = ZonedTime.at(leg.arrives.wall, "Europe/Stockholm")  # else no page is made
    change_record(journey.desk, journey.rids["leg"], {"arrives": there})
    assert (journey.found(), journey.look().obstacles) == ([], ())
    journey.plant("leg.sign", "Lund")
    assert journey.found() == [("name", "Lund", "leg.sign")]
    delete_record(journey.desk, rid)
    assert journey.found() == [("name", "Lund", "leg.sign")]  # what is in the bin is secret still
    before = {"to_place": leg.to_place, "arrives": leg.arrives}
    change_record(journey.desk, journey.rids["leg"], before)


SECOND = Credentials("AU", "tolv olika ord om ett litet skepp")


@pytest.fixture(scope="module")
def two(journey: Journey) -> Journey:
    """Two more people: one who may approve, one who may not."""
    for who, role in ((SECOND.initials, Role.APPROVER), ("BB", Role.SHELTER_WORKER)):
        add_user(journey.desk, people.PASSPHRASE, who, SECOND.passphrase, (role,))
    return journey


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(KfdeskError) as caught:
        act()
    return caught.value.code


def test_second_person_lets_a_name_pass_on_this_paper_alone(two: Journey) -> None:
    two.plant("leg.sign", "Лилия Бердникова")
    order, desk = sheet(two.plan), two.desk
    assert refusal(lambda: make_paper(desk, order)) == "paper.carry_name"
    excuse = override_names(desk, order, SECOND, "En annan Berdnikova, hon heter så.")
    assert preview_pages(desk, order, 0.2, excuse).pages
    assert make_paper(desk, order, excuse).digest == excuse.digest
    assert refusal(lambda: make_paper(desk, order)) == "paper.carry_name"
    two.plant("leg.sign", "Роза Бердникова")
    assert refusal(lambda: make_paper(desk, order, excuse)) == "paper.carry_name"
    (word,) = (
        seen.record
        for seen in load_case(desk, two.plan).views(Approval, "approval")
        if seen.record.kind == "somebody_else"
    )
    assert (word.given_by, word.asked_by) == ("AU", people.INITIALS)
    assert word.reason == "En annan Berdnikova, hon heter så."
    (entry,) = (
        one for _, one in desk.store.ledger.events(None, 50) if one.action is Action.EXCUSE_NAME
    )
    assert (entry.rid, entry.keys) == (two.plan, ("leg.sign",))


def test_nobody_excuses_alone_without_a_reason_or_what_is_sealed(two: Journey) -> None:
    two.plant("leg.sign", "Бердникова")
    order, desk = sheet(two.plan), two.desk
    wrong = Credentials("AU", "tolv andra ord om ett annat skepp")
    own = Credentials(people.INITIALS, people.PASSPHRASE)
    for who, why, code in (
        (SECOND, " ", "approval.no_reason"),
        (own, "x", "approval.same_person"),
        (wrong, "x", "store.wrong_passphrase"),
        (Credentials("ZZ", SECOND.passphrase), "x", "store.wrong_passphrase"),
        (Credentials("BB", SECOND.passphrase), "x", "user.not_allowed"),
    ):
        assert refusal(lambda who=who, why=why: override_names(desk, order, who, why)) == code  # type: ignore[misc]
    for sealed, code in (("одуванчик", "paper.carry_sealed"), ("у приюта", "paper.carry_word")):
        two.plant("leg.sign", f"Бердникова, {sealed}")
        assert refusal(lambda: override_names(desk, order, SECOND, "x")) == code


def test_word_over_two_fields_is_found_though_neither_has_it(journey: Journey) -> None:
    journey.plant("leg.met_by", "Анна при")
    journey.plant("leg.sign", "ют синий")
    (found,) = journey.look().found
    assert (found.code, found.words, found.field) == ("word", "при ют", "")
    assert found.fault.code == "paper.carry_somewhere"


def test_other_clients_code_word_is_no_secret_of_this_paper(journey: Journey) -> None:
    assert "синий" in str(people.leg_values(NOW)[1]["sign"])
    assert journey.found() == []


def test_store_of_300_clients_is_checked_in_a_breath(journey: Journey) -> None:
    desk, letters = journey.desk, "абвгдежзиклмнопрстуф"
    with desk.store.transaction():
        for number in range(300):
            first, second = letters[number % 20], letters[number // 20]
            values: dict[str, Value] = {
                "code": f"alm-{number}", "given_name": f"Имя{first}а",
                "family_name": f"Выдумк{first}{second}ва", "birth_date": date(1970, 1, 1),
                "identity_number": f"{number:06}-{number:04}",
            }  # fmt: skip
            row = Row(desk.new_id(), "client", None, desk.identity.organisation, EMPTY_STATE)
            put_new(desk, row, encode_changes("client", values))
    journey.look()  # what is read once is remembered
    begun = perf_counter()
    assert journey.look().pages
    assert perf_counter() - begun < 5  # under a second where nothing else runs


def is_said(secret: str, said: str) -> bool:
    """Return whether the words that were found hold the telling part of a secret."""
    longest = max(secret.casefold().replace("@", " ").split(), key=len)
    digits = "".join(sign for sign in secret if sign.isdigit())
    bare = "".join(sign for sign in said if sign.isdigit())
    return longest[:5] in said or (len(digits) >= 4 and digits[-6:] in bare) or "l@n" in said
