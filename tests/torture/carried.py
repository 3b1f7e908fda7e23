# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes on her paper and out: a number, a secret, a page not printed, a form not read.

A number is changed by this program or an older one, by a clock that is right or wrong: it counts
as not tried. A secret is written in random disguises: it is found. A printer refuses pages at
random: what did not print is no copy out, and nobody has it. A consent is printed in any languages
for somebody who speaks any others: it is in one of hers, or the interpreter signs. Children travel
or stay at random: her sheet names those who travel, and each needs a document; her companion's
names them if she agreed to that. A title for the calendar of a phone has a secret of the store in
it: there is no file. The controls believe the field `called`, read the page letter by letter, count
a page before it was printed, leave the interpreter out, believe every row of a traveller and the
number of documents, and read no title.
"""

import random
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.support.make import sheet
from tests.torture.harness import Harness, Seen, Size, Trial
from tests.torture.world import World, open_at
from tests.unit.domain.carry.carry_samples import disguised

from kfdesk.demo.people import ESCORT, escort_consent, passport_values
from kfdesk.documents import consent_form
from kfdesk.documents.consent_form import READ_ALOUD
from kfdesk.documents.typesetting import missing_texts, page_texts
from kfdesk.domain.audit import CHANNEL_CALENDAR
from kfdesk.domain.codes.core import PaperFormat, PaperName, PaperRequest
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.itinerary import with_own_test
from kfdesk.domain.leak_check.secrets import Secret, SecretIndex, SecretKind
from kfdesk.domain.leak_check.spelling import tokenize, visible_text
from kfdesk.domain.records.case import Task
from kfdesk.domain.records.client import Consent, Relationship
from kfdesk.domain.records.directory import Contact
from kfdesk.domain.records.journey import HelpNumber, TravelDocument, Traveller
from kfdesk.domain.registers import WriteContext, apply_changes, next_hlc
from kfdesk.domain.rows import encode_changes, seen_writes, view
from kfdesk.domain.schema import DataGroup
from kfdesk.domain.values import Value
from kfdesk.domain.workflow.travel import documents_valid
from kfdesk.i18n.language import CLIENT, CLIENT_LANGUAGES, Language
from kfdesk.services import calendar_export
from kfdesk.services.core.records import change_record, create_record, require_record
from kfdesk.services.core.session import Session
from kfdesk.services.papers.production import (
    list_copies,
    make_paper,
    next_copy_number,
    print_paper,
)
from kfdesk.services.plans.journey import record_test_call
from kfdesk.services.plans.plans import read_case_context
from kfdesk.system import paths

_DAY = 86_400_000
_SPOKEN = ("vi", "th", "ar", *CLIENT_LANGUAGES)
_WAYS = (
    "plain", "capitals", "soft hyphen", "no width", "look-alikes", "small capitals",
    "Cherokee letters", "leet", "leet with signs", "wide letters", "passport", "polish",
)  # fmt: skip
_NAMES = ("Гульнара", "Щербакова", "Lindqvist", "Karlsson", "Бердникова", "Olofsson")
_STREETS = ("Storgatan", "Kyrkogatan", "Lindvägen", "Sadovaya")
_NUMBERS = {
    "12": ("tolv", "twelve", "двенадцать"),
    "23": ("tjugotre", "twenty-three", "dwadzieścia trzy"),
}
_BETWEEN = (" ", " nr ", " nummer ", ", hus ", " n:r ", " № ")


def _changed(*, is_wrong: bool) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        desk = open_at(world.copy(world.ours))
        try:
            rid = min(row.rid for row in desk.store.rows("help_number"))
            record_test_call(desk, rid, "Europe/Stockholm")
            other = {"number": f"+371 26 {rng.randrange(10**6):06}"}
            how = rng.choice(("this program", "an older one", "an older one with a wrong clock"))
            if how == "this program" and not is_wrong:
                change_record(desk, rid, other)
            else:
                row, shift = require_record(desk, rid), rng.randint(-9 * _DAY, 9 * _DAY)
                at = desk.milliseconds + (shift if how.endswith("clock") else 1)
                by = WriteContext("KA, Other", next_hlc(at), lambda: desk.adapters.random(8))
                changes = encode_changes(row.type, other)
                state = apply_changes(row.state, changes, seen_writes(row), by)
                with desk.store.transaction():
                    desk.store.put(replace(row, state=state))
            seen = view(require_record(desk, rid), HelpNumber)
            record = seen.record if is_wrong else with_own_test(seen).record
            return Seen(how, "" if record.called is None else "a number counts that nobody called")
        finally:
            desk.store.close()

    return trial


def _disguised(*, is_wrong: bool) -> Trial:
    def trial(_world: World, rng: random.Random) -> Seen:
        if rng.random() < 0.5:
            how, secret = rng.choice(_WAYS), Secret(SecretKind.NAME, rng.choice(_NAMES))
            text = disguised(secret.text)[how]
        else:
            street, (number, words) = rng.choice(_STREETS), rng.choice([*_NUMBERS.items()])
            how, secret = "a number in words", Secret(SecretKind.SEALED, f"{street} {number}")
            half = len(street) // 2
            street = f"{street[:half]}-{street[half:]}" if rng.random() < 0.3 else street
            text = f"{street}{rng.choice(_BETWEEN)}{rng.choice((number, *words))}"
        page = f"Анна, {text} 14"
        if is_wrong:
            return Seen(how, "" if secret.text in page else "a secret stands on the page")
        found = SecretIndex.of([secret]).find(tokenize(visible_text(page)), {})
        return Seen(how, "" if any(found) else f"not found: {text}")

    return trial


def _unprinted(*, is_wrong: bool) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        desk = open_at(world.copy(world.ours))
        try:
            client, printed, told = require_record(desk, world.short_plan).parent, 0, []
            order = sheet(world.short_plan)
            for _ in range(rng.randint(2, 5)):
                how = rng.choice([*_PRINTERS])
                told.append(how)
                printed += how == "printed"
                if is_wrong:
                    make_paper(desk, order)
                    continue
                with suppress(ZeroDivisionError):
                    print_paper(
                        desk, order, {"printed": _take, "refused": _refuse}.get(how, _break)
                    )
            given = desk.store.ledger.entries(client or b"")
            out = sum(
                one.view.record.subject == world.short_plan.hex() for one in list_copies(desk)
            )
            wrong = "a page that did not print is out" if out != printed else ""
            if given or next_copy_number(desk, order) != printed + 1 or desk.store.verify():
                wrong = wrong or "the ledger has what did not leave"
            return Seen(", ".join(sorted(set(told))), wrong)
        finally:
            desk.store.close()

    return trial


def _signed(*, is_wrong: bool) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        desk = open_at(world.copy(world.ours))
        try:
            row = min(desk.store.rows("consent"), key=lambda one: one.rid)
            spoken = tuple(rng.sample(_SPOKEN, rng.randint(1, 3)))
            talked = rng.choice((None, *_SPOKEN))
            change_record(desk, row.parent or b"", {"languages": spoken})
            change_record(desk, row.rid, {"language": talked, "withheld": None})
            first, second = rng.choice(_SPOKEN), rng.choice(("", "", "sv", *_SPOKEN))
            form = rng.choice((PaperFormat.A4, PaperFormat.LARGE))
            order = PaperRequest(PaperName.CONSENT_FORM, row.rid, first, form, second)
            with pytest.MonkeyPatch.context() as patch, suppress(KfdeskError):
                if is_wrong:
                    patch.setattr(consent_form, "read_aloud_language", lambda *_: "")
                pdf = make_paper(desk, order).pdf
                return Seen("printed", _unread(pdf, order, {talked, *spoken}))
            is_possible = {first, second or "sv"} <= {*CLIENT_LANGUAGES} and first != second
            return Seen("refused", "a form that exists was refused" if is_possible else "")
        finally:
            desk.store.close()

    return trial


def _children(*, is_wrong: bool) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        desk = open_at(world.copy(world.ours))
        try:
            along = [rng.choice((True, True, False, None)) for _ in range(rng.randint(1, 3))]
            for name, travels in zip(_CHILDREN, along, strict=False):
                _add_child(desk, world.short_plan, name, travels=travels)
            s = read_case_context(desk, world.short_plan)
            if is_wrong:
                said = " ".join(str(row.record.name_on_ticket) for row in s.party.rows)
                is_met = len(s.documents) >= along.count(True)
            else:
                pages = page_texts(make_paper(desk, sheet(world.short_plan)).pdf)
                said = " ".join(" ".join(pages).split())  # a name may go on in the next line
                is_met = not documents_valid(s).is_open
            named = [name for name in _CHILDREN[: len(along)] if name in said]
            goes = [n for n, travels in zip(_CHILDREN, along, strict=False) if travels is True]
            wrong = "" if named == goes else "the sheet names who stays, or not who travels"
            if is_met and goes:
                wrong = wrong or "a child travels without a document"
            return Seen(f"{len(goes)} of {len(along)} travel", wrong)
        finally:
            desk.store.close()

    return trial


def _company(*, is_wrong: bool) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        desk = open_at(world.copy(world.ours))
        try:
            escort = create_record(desk, Contact, ESCORT)
            change_record(desk, world.short_plan, {"escort": escort.hex()})
            knows = rng.choice((True, False))
            agreed = escort_consent(desk.adapters.clock.now(), escort.hex())
            family = (DataGroup.CHILDREN_FAMILY,) if knows else ()
            groups = (DataGroup.IDENTITY, DataGroup.TRAVEL, *family)
            client = require_record(desk, world.short_plan).parent
            create_record(desk, Consent, {**agreed, "groups": groups}, client)
            along = [rng.choice((True, True, False, None)) for _ in range(rng.randint(1, 3))]
            for name, travels in zip(_CHILDREN, along, strict=False):
                _add_child(desk, world.short_plan, name, travels=travels)
            if is_wrong:
                rows = read_case_context(desk, world.short_plan).party.rows
                said = " ".join(str(row.record.name_on_ticket) for row in rows)
            else:
                order = PaperRequest(PaperName.ESCORTS_SHEET, world.short_plan, "ru")
                said = " ".join(page_texts(make_paper(desk, order).pdf))
            named = [name for name in _CHILDREN if name in " ".join(said.split())]
            goes = [n for n, travels in zip(_CHILDREN, along, strict=False) if travels is True]
            how = "she agreed that the companion knows" if knows else "she did not agree"
            wrong = "the companion's sheet names a child who stays, or against her will"
            return Seen(how, "" if named == (goes if knows else []) else wrong)
        finally:
            desk.store.close()

    return trial


def _unread(pdf: bytes, order: PaperRequest, hers: set[str | None]) -> str:
    """Return what is wrong with a form that she signs; empty if she has read or heard it."""
    if {order.language, order.beside or order.language} - {*CLIENT_LANGUAGES}:
        return "a form in a language without a text"
    words = Language(order.language, paths.translations_folder(), CLIENT)
    said = words.gettext(READ_ALOUD).partition("(")[0]
    is_heard = missing_texts(pdf, [said]) == []
    is_read = bool({order.language, order.beside} & hers)
    return "" if is_heard != is_read else "she can neither read it nor was it read to her"


def _add_child(desk: Session, plan: bytes, name: str, *, travels: bool | None) -> None:
    """Add a child with a row, and one more document of hers."""
    client, now = require_record(desk, plan).parent, desk.adapters.clock.now()
    values: dict[str, Value] = {"age_band": "age_0_8", "travels_with": travels}
    child = create_record(desk, Relationship, values, client)
    row: dict[str, Value] = {"person": child.hex(), "name_on_ticket": name}
    create_record(desk, Traveller, row, plan)
    create_record(desk, TravelDocument, passport_values(now), plan)


_CHILDREN = ("ALVA FORSTA", "BO ANDRA", "CILLA TREDJE")


_SAID = ("Nina", "Vymyslova", "tulpan-47", "Ett hus", "Riga", "Pskov")
"""What the calendar of a phone must not say of the plan in the world."""
_AROUND = ("{}", "Ring {}", "{} kl. 10", "Möte, {}!")


def _titled(*, is_wrong: bool) -> Trial:
    """Put a secret of the store into a neutral title, and save the calendar for a phone."""

    def trial(world: World, rng: random.Random) -> Seen:
        desk = open_at(world.copy(world.ours))
        try:
            secret, how = rng.choice(_SAID), rng.choice(("plain", "capitals", "wide letters"))
            title = rng.choice(_AROUND).format(disguised(secret)[how])
            due = desk.adapters.clock.now().date() + timedelta(rng.randrange(1, 20))
            values: dict[str, Value] = {"title": "x", "neutral_title": title, "due": due}
            create_record(desk, Task, {**values, "owner": desk.user}, world.short_plan)
            path = world.scratch() / "calendar.ics"
            try:
                with pytest.MonkeyPatch.context() as patch:
                    if is_wrong:
                        patch.setattr(calendar_export, "check_carried_titles", _unchecked)
                    calendar_export.export_calendar(desk, path)
            except KfdeskError as fault:
                kept = desk.store.ledger.entries(desk.identity.organisation, CHANNEL_CALENDAR)
                is_clean = fault.code == "calendar.title_refused" and not kept
                return Seen(how, "" if is_clean and not path.exists() else "half a file left")
            return Seen(how, "a phone knows what it must not")
        finally:
            desk.store.close()

    return trial


def _unchecked(*_: object) -> dict[int, object]:
    """Wrong on purpose: no title says anything."""
    return {}


def _take(_pdf: bytes) -> bool:
    return True


def _refuse(_pdf: bytes) -> bool:
    return False


def _break(_pdf: bytes) -> bool:
    raise ZeroDivisionError


_PRINTERS = {"printed": _take, "refused": _refuse, "broken": _break}

HARNESSES = (
    Harness("page that did not print", _unprinted(is_wrong=False),
            _unprinted(is_wrong=True), Size(2, 40, 500)),
    Harness("form that she cannot read", _signed(is_wrong=False),
            _signed(is_wrong=True), Size(4, 60, 600)),
    Harness("help number changed after its call", _changed(is_wrong=False),
            _changed(is_wrong=True), Size(3, 100, 2000)),
    Harness("secret in disguise on a page", _disguised(is_wrong=False),
            _disguised(is_wrong=True), Size(40, 2000, 50_000)),
    Harness("children who travel and who stay", _children(is_wrong=False),
            _children(is_wrong=True), Size(3, 60, 1000)),
    Harness("children on the companion's sheet", _company(is_wrong=False),
            _company(is_wrong=True), Size(4, 60, 1000)),
    Harness("secret in a title for a phone", _titled(is_wrong=False),
            _titled(is_wrong=True), Size(4, 60, 1000)),
)  # fmt: skip
