# SPDX-License-Identifier: GPL-3.0-or-later
"""Every class of secret in every field of every carried paper, in every disguise, on real pages.

Each look plants one class in each field. A run takes every class in every disguise once on her
sheet, in another field each time, and some on the others; `CARRY=whole` takes each in each field.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle, islice, product

import pytest
from tests.integration.test_carry_check import SECRETS, TICKETS, Journey, fill
from tests.support.make import told
from tests.unit.domain.carry.carry_samples import SPELT, disguised

from kfdesk import store_lifecycle
from kfdesk.demo import people, story
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.codes.core import PaperName, PaperRequest
from kfdesk.domain.kinds import LocalizedTextKind, TextKind
from kfdesk.domain.papers import CONTENTS
from kfdesk.domain.records.client import Consent
from kfdesk.domain.records.journey import Handover
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.rows import view
from kfdesk.domain.schema import DataGroup
from kfdesk.environment import Environment
from kfdesk.services.core.records import change_record, create_record, require_record
from kfdesk.services.papers.kinds import PAPER_KINDS
from kfdesk.services.papers.production import check_paper
from kfdesk.storage import key_slots

IS_WHOLE = os.environ.get("CARRY") == "whole"
SHEET, COMPANION, RECEIPT, CHILDS = (
    PaperName.TRAVELLERS_SHEET, PaperName.ESCORTS_SHEET, PaperName.HANDOVER_RECEIPT,
    PaperName.CHILDS_SHEET,
)  # fmt: skip
OVER = frozenset({"handover.items", "handover.given_by", "handover.received_by"})
"""What a receipt says when things were handed over, in place of the luggage and who meets her."""


def texts_of(paper: PaperName) -> tuple[str, ...]:
    """Return the text fields that a paper shows, without telephones, which are always checked."""
    return tuple(
        f"{name}.{key}"
        for name, keys in CONTENTS[paper].items()
        for key in sorted(keys)
        if isinstance(RECORD_TYPES[name].fields[key].kind, TextKind | LocalizedTextKind)
        and f"{name}.{key}" != "help_number.number"
    )


FIELDS: Mapping[tuple[PaperName, bool], tuple[str, ...]] = {
    (SHEET, False): texts_of(SHEET),
    (COMPANION, False): texts_of(COMPANION),
    (RECEIPT, False): tuple(field for field in texts_of(RECEIPT) if field not in OVER),
    (RECEIPT, True): (*OVER, "leg.to_stop"),
    (CHILDS, False): texts_of(CHILDS),
}
"""By paper, and whether the things were handed over already."""
WAYS = ("plain", "capitals", "hyphen over a line", "over two cells", "look-alikes", "spaced",
        "inflected", *SPELT)  # fmt: skip
SAID = ("leg.met_by", "help_number.answered_by", "handover.given_by", "handover.received_by",
        "traveller.cared_by")  # fmt: skip
"""Where a first name is said on purpose, which another may have, too."""
NARROW, LONGEST = (*SAID, "leg.sign", "leg.onward", "leg.carrier"), 10
"""Fields in narrow columns, and how many letters a word may have there in any case."""
INFLECTED: Mapping[str, str] = {
    "Гульнара": "Гульнарой", "Зарема": "Заремы", "Щербакова": "Щербаковой",
    "Сертралин": "сертралином", "одуванчик": "одуванчиком", "Пелагея": "Пелагеей",
    "Жаворонкова": "Жаворонковой", "Василиса": "Василисе", "ZHAVORONKOVA": "Жаворонковых",
    "Дом у реки": "домом у реки", "приют": "приютами", "апрель 2017": "апреле 2017",
    "3 июня 2019": "3 июнем 2019", "Нордхюсет-Альфа": "Нордхюсет-Альфой",
}  # fmt: skip
HARMLESS = {("ukrainian", "listed word")}
"""What a spelling makes a harmless word of another language."""


@pytest.fixture(scope="module")
def store(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Journey]:
    """Yield a case with much to hide, whose papers can be made; with its handover, or before it."""
    who = Credentials(people.INITIALS, people.PASSPHRASE)
    folder = tmp_path_factory.mktemp("everywhere") / "store"
    desk = store_lifecycle.create_store(
        folder, people.HOUSE, who, Environment(cost=key_slots.MIN_COST)
    )
    made = Journey(desk)
    fill(desk, made)
    agreed = story.consent_to_escort(desk, made.plan)
    groups = view(require_record(desk, agreed), Consent).record.groups
    assert isinstance(groups, tuple)  # the companion may know of the children, too
    change_record(desk, agreed, {"groups": (*groups, DataGroup.CHILDREN_FAMILY)})
    if request.param:
        made.rids["handover"] = create_record(desk, Handover, {
            "given_by": "Карин", "received_by": "Ольга", "items": told("x", "1 чемодан"),
        }, made.plan)  # fmt: skip
    made.rids["leg"] = made.legs[1]  # at whose end she arrives
    made.rids["leg.onward"] = made.legs[0]  # at whose end she goes on
    yield made
    desk.store.close()


def spoken(secret: str, way: str) -> str | None:
    """Return a secret in a disguise; None if it has none of that sort."""
    if way == "inflected":
        return INFLECTED.get(secret)
    ways = disguised(secret)
    if way in SPELT and secret.isupper():
        return ways[way].upper()  # an acronym stays one
    if way in SPELT and ways[way] == ways["plain"].casefold():
        return None  # it is Latin already
    return ways[way].replace("\r", "") if way in ways else None


def rounds(paper: PaperName, fields: Sequence[str], way: str) -> Iterator[Mapping[str, str]]:
    """Yield what is planted for each check: a class of secret by field."""
    names = [name for name in SECRETS if spoken(SECRETS[name], way) is not None]
    names = [name for name in names if (way, name) not in HARMLESS]
    begun = WAYS.index(way)
    some = range(0, len(names), len(fields)) if paper is SHEET else (begun * len(fields),)
    for shift in range(len(names)) if IS_WHOLE else some:
        row = islice(cycle(names), (shift + begun) % len(names), None)
        pairs = zip(fields, row, strict=False)
        yield {field: name for field, name in pairs if may(field, name, way)}


def may(field: str, name: str, way: str) -> bool:
    """Return whether a class is a secret in a field, and its words have room there.

    A ticket says names, a meeter's is a first name; the press itself refuses what is too wide.
    """
    if field in TICKETS:
        hers = ("staff surname", "child who stays")
        return "name" not in name and "ticket" not in name and name not in hers
    words = (spoken(SECRETS[name], way) or "").split()
    has_room = field not in NARROW or max(map(len, words)) <= LONGEST
    return has_room and (field not in SAID or name != "other client's given name")


def plant(store: Journey, field: str, text: str) -> None:
    record_type, key = field.split(".")
    kind = RECORD_TYPES[record_type].fields[key].kind
    value = told("x", text) if isinstance(kind, LocalizedTextKind) else text
    change_record(store.desk, store.rids.get(field, store.rids[record_type]), {key: value})


@pytest.mark.parametrize(
    ("store", "paper", "way"),
    [
        pytest.param(is_over, paper, way, marks=() if way == "plain" else pytest.mark.slow)
        for (paper, is_over), way in product(FIELDS, WAYS)
    ],
    indirect=["store"],
)
def test_every_class_in_this_disguise_is_found(store: Journey, paper: PaperName, way: str) -> None:
    fields = FIELDS[paper, "handover" in store.rids]
    order = PaperRequest(paper, store.plan, "ru", PAPER_KINDS[paper].forms[0])
    missed = []
    for planted in rounds(paper, fields, way):
        for field, name in planted.items():
            plant(store, field, f"да {spoken(SECRETS[name], way)} да")
        found = {one.field for one in check_paper(store.desk, order).found}
        missed += [(name, field) for field, name in planted.items() if field not in found]
    assert missed == []


def test_all_carried_papers_are_looked_at_with_every_text_they_show() -> None:
    assert {paper for paper, _ in FIELDS} == {
        n for n, kind in PAPER_KINDS.items() if kind.is_carried
    }
    for paper in (SHEET, COMPANION, RECEIPT, CHILDS):
        planted = {one for (name, _), fields in FIELDS.items() if name is paper for one in fields}
        assert planted == set(texts_of(paper))
