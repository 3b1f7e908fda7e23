# SPDX-License-Identifier: GPL-3.0-or-later
"""Who travels with her goes only where her journey and her family may go, both."""

from collections.abc import Sequence

import pytest
from tests.support import make
from tests.support.make import HERSELF, OWN_DESK, consent, disclosed, partner
from tests.unit.domain.disclosure_samples import granted, reasons

from kfdesk.domain.consent import WithheldReason
from kfdesk.domain.disclosure import Channel, Disclosed
from kfdesk.domain.rows import Row
from kfdesk.domain.schema import DataGroup
from kfdesk.domain.values import MissingAnswer, Value, ZonedTime

TRAVEL, FAMILY = DataGroup.TRAVEL, DataGroup.CHILDREN_FAMILY
HERS, CHILD, ROW = (
    make.HER.hex(), make.named_id("relationship").hex(), make.named_id("traveller").hex(),
)  # fmt: skip
PAST = ZonedTime.at(make.NOW.replace(tzinfo=None), make.STOCKHOLM)
NAME, PASSPORT = "traveller.name_on_ticket", "travel_document.number"


def rows(
    person: Value = CHILD,
    whose: Value = ROW,
) -> tuple[Row, ...]:
    """Return her, the plan, a traveller and a document."""
    traveller = {**make.FILLED["traveller"], "person": person}
    document = {**make.FILLED["travel_document"], "whose": whose}
    return (make.row("client"), make.row("plan"), make.row("traveller", traveller),
            make.row("travel_document", document))  # fmt: skip


def goes(groups: Sequence[DataGroup], whole: tuple[Row, ...], **how: object) -> Disclosed:
    given = consent(groups=tuple(groups))
    return disclosed(given, to=how.get("to", partner()), rows=whole)  # type: ignore[arg-type]


def test_child_and_its_passport_need_both_groups() -> None:
    both = goes((TRAVEL, FAMILY), rows())
    assert {NAME, PASSPORT} <= granted(both)
    for groups in ((TRAVEL,), (FAMILY,), (DataGroup.IDENTITY,)):
        what = goes(groups, rows())
        assert not {one for one in granted(what) if one.startswith("trav")}
        assert {reasons(what)[NAME], reasons(what)[PASSPORT]} == {WithheldReason.SCOPE}


def test_her_own_row_and_passport_need_the_journey_alone() -> None:
    what = goes((TRAVEL,), rows(HERS, None))
    assert {NAME, PASSPORT, "traveller.seat"} <= granted(what)
    assert "traveller.needs" not in granted(what)  # what helps says something of her health


@pytest.mark.parametrize("person", [None, MissingAnswer.UNKNOWN, make.named_id("nobody").hex()])
def test_traveller_of_whom_nothing_is_known_may_be_a_child(person: Value) -> None:
    assert NAME not in granted(goes((TRAVEL,), rows(person, None)))
    assert NAME in granted(goes((TRAVEL, FAMILY), rows(person, None)))


@pytest.mark.parametrize("whose", [MissingAnswer.UNKNOWN, HERS, make.named_id("nobody").hex()])
def test_document_that_names_anybody_may_be_a_childs(whose: Value) -> None:
    assert PASSPORT not in granted(goes((TRAVEL,), rows(HERS, whose)))


@pytest.mark.parametrize("key", ["person", "whose"])
def test_two_values_keep_it_shut(key: str) -> None:
    client, plan, *own = rows(HERS, None)
    place = 0 if key == "person" else 1
    first = make.changed(own[place], {key: HERS if place == 0 else None}, make.signature(minute=4))
    own[place] = make.changed(
        first, {key: make.named_id("x").hex()}, make.signature("AU, Annorstans", minute=5),
        seen=own[place],
    )  # fmt: skip
    what = goes((TRAVEL,), (client, plan, *own))
    assert (NAME, PASSPORT)[place] not in granted(what)
    assert (NAME, PASSPORT)[1 - place] in granted(what)


def test_withdrawn_family_consent_closes_the_child_and_not_her() -> None:
    travel = consent("travel", groups=(TRAVEL,))
    family = consent("family", groups=(FAMILY,), withdrawn=PAST)
    child = disclosed(travel, family, to=partner(), rows=rows())
    assert reasons(child)[NAME] is WithheldReason.WITHDRAWN
    assert PASSPORT in granted(disclosed(travel, family, to=partner(), rows=rows(HERS, None)))


def test_she_and_our_own_desk_have_it_all_the_same() -> None:
    assert NAME in granted(disclosed(to=OWN_DESK, rows=rows()))
    assert NAME in granted(disclosed(to=HERSELF, by=Channel.CARRIED, rows=rows()))


def test_traveller_without_its_client_stays() -> None:
    what = disclosed(consent(groups=(TRAVEL, FAMILY)), to=partner(), rows=rows()[2:])
    assert granted(what) == set()
