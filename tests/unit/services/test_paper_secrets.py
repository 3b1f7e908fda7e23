# SPDX-License-Identifier: GPL-3.0-or-later
"""Of what sort a value of a store is, before it is looked for on a paper."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

from tests.support.make import FILLED, HER, named_id, row

from kfdesk.domain.leak_check.secrets import Secret, SecretKind
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.rows import Row
from kfdesk.domain.values import PartialDate, Translation, Value
from kfdesk.services.core.session import Session
from kfdesk.services.papers.leak_check import OwnContent, collect_secrets, intended_words

NOBODY: frozenset[str] = frozenset()


@dataclass
class Shelf:
    """Rows as a store gives them, with two users and a partner."""

    kept: tuple[Row, ...]
    ledger: Any = field(
        default_factory=lambda: SimpleNamespace(
            users=lambda: (SimpleNamespace(initials="EV"), SimpleNamespace(initials="karin")),
            partners=lambda: (SimpleNamespace(name="Дом у моря"),),
        )
    )

    def rows(self, record_type: str) -> Iterator[Row]:
        return (one for one in self.kept if one.type == record_type)


def secrets(rows: Iterable[Row], **own: Any) -> dict[tuple[SecretKind, str], Secret]:
    desk = SimpleNamespace(store=Shelf(tuple(rows)), identity=SimpleNamespace(name="Nordhuset"))
    known = {"clients": frozenset({HER}), "ticket": NOBODY, "met": NOBODY, "shows": NOBODY,
             "places": frozenset({"pskov oblast"}), "phones": NOBODY}  # fmt: skip
    found = collect_secrets(cast(Session, desk), OwnContent(**{**known, **own}))
    return {(one.sort, one.text): one for one in found}


def said(**texts: str) -> Value:
    return tuple(Translation(language, text) for language, text in texts.items())


def test_whole_store_has_secrets_of_every_sort() -> None:
    born = row("client", {"birth_date": date(1985, 3, 14)}, rid=named_id("another client"))
    found = secrets([*(row(name) for name in RECORD_TYPES if name in FILLED), born])
    assert {sort for sort, _ in found} == set(SecretKind)
    for sort, text in (
        (SecretKind.NAME, "вымыслова"), (SecretKind.NUMBER, "tulpan-47"),
        (SecretKind.NUMBER, "000000-0000"),
        (SecretKind.SEALED, "blåsippa"), (SecretKind.SEALED, "Ring Påhittad, sedan Uppdiktad."),
        (SecretKind.PHONE, "+46 70-174 06 33"), (SecretKind.NAME, "påhittad"),
        (SecretKind.INITIALS, "PP"),
        (SecretKind.INITIALS, "EV"), (SecretKind.NAME, "Дом у моря"),
        (SecretKind.NAME, "Nordhuset"),
        (SecretKind.NUMBER, "195011"), (SecretKind.SEALED, "Påhittade gatan 1"),
    ):  # fmt: skip
        assert (sort, text) in found, text
    texts = {text for _, text in found}
    assert not texts & {"Karin", "Olga", "karin", "M/S Havsörn", "application/pdf", "Anna"}


def test_words_of_her_ticket_are_no_secrets_on_it() -> None:
    found = secrets([row("client")], ticket=intended_words(["NINA VYMYSLOVA"]))
    names = {text for sort, text in found if sort is SecretKind.NAME}
    assert names == {"vera", "Nordhuset", "Дом у моря"}


def test_child_who_travels_along_is_no_secret_and_one_who_stays_is() -> None:
    stays, goes = (
        row("relationship", {"given_name": "Alva", "travels_with": goes}) for goes in (False, True)
    )
    assert (SecretKind.NAME, "alva") in secrets([row("client"), stays])
    assert (SecretKind.NAME, "alva") not in secrets([row("client"), goes])


def test_other_clients_sealed_texts_are_not_looked_for_but_their_telephones_are() -> None:
    other = named_id("another client")
    rows = [row("client", rid=other), row("plan", {"code_word": "paraply",
            "alarm_plan": "Ring +46 70-174 06 99 genast"}, parent=other)]  # fmt: skip
    found = secrets(rows)
    assert (SecretKind.SEALED, "paraply") not in found
    assert (SecretKind.PHONE, "+46 70-174 06 99") in found
    assert (SecretKind.PHONE, "+46 70-174 06 99") not in secrets(
        rows, phones=frozenset({"01740699"})
    )


def test_town_of_an_address_is_no_secret_and_the_rest_is() -> None:
    address = "Villa Solbacken, Påhittade gatan 12 B, 123 45 Pskov Oblast\nPskov Oblast"
    found = secrets([row("organisation", {"name": "Riksföreningen ROKS Test", "address": address})])
    texts = {text.strip() for _, text in found}
    assert {"Villa Solbacken", "Påhittade gatan 12 B", "12345", "ROKS", "RRT"} <= texts
    assert "Pskov Oblast" not in texts


def test_drug_is_known_by_its_dose_and_a_piece_of_an_alarm_plan_may_be_a_place() -> None:
    plan = row("plan", {"alarm_plan": "Sertralin 50 mg, kaféet vid tornet"})
    found = secrets([row("client"), plan])
    assert (SecretKind.SEALED, "Sertralin") in found
    assert "leg.from_stop" in found[SecretKind.SEALED, " kaféet vid tornet"].passes
    assert not found[SecretKind.SEALED, "Sertralin 50 mg, kaféet vid tornet"].passes


def test_address_of_the_net_is_a_name_without_its_dots() -> None:
    note = row("note", {"content": "skriv till sol@nordan.example.org"})
    assert (SecretKind.NAME, "nordan example org") in secrets([row("client"), row("plan"), note])


def test_field_that_the_paper_is_made_to_print_is_no_secret_on_it() -> None:
    handover = row("approval", {"given_by": "Karin Exempel"})
    assert (SecretKind.NAME, "Karin Exempel") in secrets([row("client"), row("plan"), handover])
    shown = frozenset({"approval.given_by"})
    assert (SecretKind.NAME, "Karin Exempel") not in secrets(
        [row("client"), row("plan"), handover], shows=shown
    )


def test_birthday_known_to_its_month_is_looked_for_and_a_year_alone_is_not() -> None:
    days = [row("client", {"birth_date": PartialDate("1985-03")}),
            row("relationship", {"birth_date": PartialDate("2019")})]  # fmt: skip
    found = {text for sort, text in secrets(days) if sort is SecretKind.DAY}
    assert found == {"1985-03"}


def test_free_text_of_her_own_case_is_looked_for_by_its_sentences() -> None:
    texts = {"immediate_needs": said(sv="Ett tyst rum utan män. Läkare i dag, tre lås på dörren")}
    rows = [row("client"), row("plan", texts), row("task", {"title": "Fråga kommunen om pengar"}),
            row("task", {"title": "Boka biljetter"})]  # fmt: skip
    found = {text.strip() for sort, text in secrets(rows) if sort is SecretKind.SEALED}
    assert {"Ett tyst rum utan män", "tre lås på dörren", "Fråga kommunen om pengar"} <= found
    assert not {text for sort, text in secrets(rows) if "Boka biljetter" in text}
    other = named_id("another client")
    others = secrets([row("client", rid=other), row("plan", texts, parent=other)])
    assert not {text for _, text in others if "tyst" in text}


def test_free_text_that_a_carried_paper_says_and_a_town_are_no_secrets() -> None:
    plan = row("plan", {
        "travel_help": said(sv="Hiss i stället för trappor"),
        "to_place": said(sv="Staden vid den långa sjön"),
    })  # fmt: skip
    found = {text for _, text in secrets([row("client"), plan])}
    assert "Hiss i stället för trappor" in found
    carried = frozenset({"plan.travel_help"})
    found = {text for _, text in secrets([row("client"), plan], carried=carried)}
    assert not found & {"Hiss i stället för trappor", "Staden vid den långa sjön"}
