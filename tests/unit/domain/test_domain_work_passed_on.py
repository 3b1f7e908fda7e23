# SPDX-License-Identifier: GPL-3.0-or-later
"""Work that the coordinator of a network passes on, and that a decision is done: who is told."""

from dataclasses import replace
from datetime import date

import pytest
from tests.support import make

from kfdesk.domain.authority import (
    acceptable_part,
    answer_part,
    answered_fields,
    field_writer,
    is_owner,
    others_part,
)
from kfdesk.domain.consent import Recipient, RecipientKind
from kfdesk.domain.disclosure import Channel, DisclosureBasis, disclose
from kfdesk.domain.network import Circle
from kfdesk.domain.papers import maker_key
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import live_field_ids
from kfdesk.domain.rows import Row
from kfdesk.domain.values import Value

NETWORK = make.named_id("network")
DONE = RECORD_TYPES["decision"].ids["done_here"]


def goes(
    *rows: Row, to: bytes, members: tuple[bytes, ...] = (make.PARTNER, make.THIRD),
    shares: frozenset[str] = frozenset({"network_work"}),
) -> set[str]:  # fmt: skip
    circle = Circle(frozenset({make.OURS, *members}), shares)
    basis = DisclosureBasis((), make.NOW, make.OURS, {NETWORK: circle})
    recipient = Recipient(RecipientKind.PARTNER, to, is_verified=True)
    return {one.type for one in disclose(rows, recipient, Channel.BUNDLE, basis).rows}


def of_third(*, leader: bytes = make.OURS, seen_by: str = "circle") -> list[Row]:
    """Return a meeting of THIRD's with a decision, in a network of `leader`'s."""
    network = replace(make.row("network"), custodian=leader)
    meeting = make.row("meeting", {**make.FILLED["meeting"], "confidentiality": seen_by})
    below = make.row("decision")
    return [network, *(replace(one, custodian=make.THIRD) for one in (meeting, below))]


# --- who is told


def test_work_of_a_member_is_passed_on_in_our_network_alone() -> None:
    assert goes(*of_third(), to=make.PARTNER) == {"network", "meeting", "decision"}
    assert goes(*of_third(leader=make.PARTNER), to=make.THIRD) == {"network", "decision"}
    assert goes(*of_third(leader=make.THIRD), to=make.PARTNER) == {"network"}


@pytest.mark.parametrize("seen_by", ["partners_only", "secret"])
def test_what_is_not_for_all_members_is_not_passed_on(seen_by: str) -> None:
    assert goes(*of_third(seen_by=seen_by), to=make.PARTNER) == {"network"}


def test_work_of_who_is_no_member_or_to_who_is_none_is_not_passed_on() -> None:
    assert goes(*of_third(), to=make.PARTNER, members=(make.PARTNER,)) == {"network"}
    assert goes(*of_third(), to=make.PARTNER, members=(make.THIRD,)) == set()
    assert goes(*of_third(), to=make.PARTNER, shares=frozenset({"book"})) == {"network"}


def test_decision_goes_back_to_whoever_made_it_whatever_we_share() -> None:
    nothing = frozenset[str]()
    assert goes(*of_third(), to=make.THIRD, shares=nothing) == {"network", "decision"}
    assert goes(*of_third(seen_by="secret"), to=make.THIRD, shares=nothing) == {
        "network", "decision",
    }  # fmt: skip
    alone = of_third()[1:]
    assert goes(*alone, to=make.THIRD) == set()


def test_decision_goes_to_the_coordinator_of_its_network_as_its_class_lets() -> None:
    led, nothing = make.PARTNER, frozenset[str]()
    rows = of_third(leader=led)
    assert goes(*rows, to=led, shares=nothing) == {"network", "decision"}
    assert goes(*of_third(leader=led, seen_by="partners_only"), to=led) == {"network"}
    assert goes(*of_third(leader=led, seen_by="secret"), to=led) == {"network"}


# --- who is believed


def test_owner_of_a_decision_writes_that_it_is_done_and_nothing_else() -> None:
    row = make.row("decision")
    part = answer_part(row)
    assert part is not None
    assert live_field_ids(part.state) == {DONE}
    assert (part.rid, part.custodian) == (row.rid, row.custodian)
    assert answer_part(make.row("decision", {"state": "done"})) is None
    named = make.row("decision", {"owner": make.PARTNER.hex()})
    assert is_owner(named, make.PARTNER)
    assert not is_owner(named, make.THIRD)
    other = make.signature("KP, Дом у реки")
    torn = make.changed(
        named, {"owner": make.THIRD.hex()}, other, make.row("decision", {"state": "open"})
    )
    assert not is_owner(torn, make.THIRD)
    assert not is_owner(torn, make.PARTNER)


def test_owner_of_a_conference_decision_answers_that_it_is_done_or_open() -> None:
    state = RECORD_TYPES["conference_decision"].ids["state"]
    ours = make.row("conference_decision", {"owner": make.PARTNER.hex(), "state": "open"})

    def answered(sender: bytes, **values: Value) -> set[int]:
        return {*answered_fields(ours, make.row(ours.type, values).state, sender)}

    for said in ("done", "open"):
        assert answered(make.PARTNER, state=said) == {state}
        assert answered(make.THIRD, state=said) == set()
    for other in ("dropped", "proposed", None, "newer_code"):
        assert answered(make.PARTNER, state=other) == set()
    assert answered(make.PARTNER, due=date(2026, 1, 1)) == set()
    named = make.row("decision", {"owner": make.PARTNER.hex()})
    assert answered_fields(named, make.row("decision", {"state": "done"}).state, make.PARTNER) == (
        frozenset()
    )


def test_desk_keeps_its_own_fields_beside_the_words_of_the_custodian() -> None:
    kept = RECORD_TYPES["agreement"].ids
    assert live_field_ids(others_part(make.row("agreement"))) == {kept["kept_at"], kept["covers"]}
    assert live_field_ids(others_part(make.row("decision"))) == {DONE}
    assert not live_field_ids(others_part(make.row("meeting")))


def test_work_that_is_passed_on_is_its_custodians_but_for_fields_of_a_desk() -> None:
    row = replace(make.row("agreement"), custodian=make.THIRD)
    taken = acceptable_part(row, make.PARTNER)
    assert taken is not None
    desk = {
        RECORD_TYPES["agreement"].ids[key]
        for key in RECORD_TYPES["agreement"].fields
        if field_writer("agreement", key) == "desk"
    }
    assert live_field_ids(taken.state) == live_field_ids(row.state) - desk
    assert acceptable_part(replace(make.row("network"), custodian=make.THIRD), make.PARTNER) is None


def test_maker_of_a_record_has_a_key_of_its_own_in_the_names_of_a_paper() -> None:
    assert maker_key(make.THIRD) == f"by:{make.THIRD.hex()}"
