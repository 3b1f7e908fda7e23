# SPDX-License-Identifier: GPL-3.0-or-later
"""Two adults who travel together: two plans, two consents, and nothing that leaks between them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.course_samples import Walk, walked
from tests.integration.pair_samples import refusal
from tests.support.make import file_copy, sheet

from kfdesk.demo import people, story
from kfdesk.documents.typesetting import page_texts
from kfdesk.domain.codes.core import ErasureReason, PaperName, PaperRequest
from kfdesk.domain.records.client import Client, Consent
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import view
from kfdesk.domain.schema import DataGroup
from kfdesk.domain.values import Value
from kfdesk.services.core.records import (
    change_record,
    create_record,
    delete_record,
    undo_all,
)
from kfdesk.services.exchange.erasure import erase_client
from kfdesk.services.papers.kinds import PAPER_KINDS
from kfdesk.services.papers.production import make_paper, paper_obstacles, paper_refusals
from kfdesk.services.plans.plans import load_case, open_plan
from kfdesk.services.plans.together import (
    TogetherChange,
    join_plans,
    part_plans,
    read_together,
    together_candidates,
)
from kfdesk.services.workflow import move_plan

NAME = "LJUBOV ANNANSSON"


@pytest.fixture
def walk(tmp_path: Path) -> Iterator[Walk]:
    with walked(tmp_path, "draft") as begun:
        yield begun


def add_adult(walk: Walk, code: str = "sparv-12") -> bytes:
    """Enter another adult with a plan of her own; return the plan."""
    values: dict[str, Value] = {
        "code": code, "given_name": "Ljubov", "family_name": "Annansson", "name_on_ticket": NAME,
        "languages": ("ru",), "birth_date": None,
    }  # fmt: skip
    client = create_record(walk.ours, Client, values)
    return create_record(walk.ours, Plan, {"to_country": "RU"}, client)


def legs_of(walk: Walk, plan: bytes) -> list[Leg]:
    return [seen.record for seen in load_case(walk.ours, plan).views(Leg, "leg")]


def changes(walk: Walk, plan: bytes) -> tuple[TogetherChange, ...]:
    shown = read_together(walk.ours, plan)
    assert shown is not None
    return shown.changes


def test_two_plans_name_each_other_and_the_legs_are_proposed_once(walk: Walk) -> None:
    other = add_adult(walk)
    assert read_together(walk.ours, walk.plan) is None
    assert [line.rid for line in together_candidates(walk.ours, walk.plan)] == [other]
    join_plans(walk.ours, walk.plan, other)
    for one, named in ((walk.plan, other), (other, walk.plan)):
        shown = read_together(walk.ours, one)
        assert shown is not None
        assert (shown.rid, shown.code, shown.changes) == (named, "", ())
    first, copied = legs_of(walk, walk.plan), legs_of(walk, other)
    assert [(leg.departs, leg.to_place) for leg in copied] == [
        (leg.departs, leg.to_place) for leg in first
    ]
    assert {leg.status for leg in copied} == {"planned"}
    for leg in copied:
        assert (leg.met_by, leg.sign, leg.booking_reference, leg.check_in, leg.meeter) == (
            None, None, None, None, None,
        )  # fmt: skip
    join_plans(walk.ours, other, walk.plan)
    assert len(legs_of(walk, other)) == len(first)


def test_everything_is_taken_back_in_one_step(walk: Walk) -> None:
    other = add_adult(walk)
    undo_all(walk.ours, join_plans(walk.ours, walk.plan, other))
    assert read_together(walk.ours, walk.plan) is None
    assert read_together(walk.ours, other) is None
    assert legs_of(walk, other) == []


def test_only_what_the_other_agrees_to_is_shown(walk: Walk) -> None:
    other = add_adult(walk)
    join_plans(walk.ours, walk.plan, other)
    leg = next(row for row in walk.ours.store.children(other) if row.type == "leg")
    change_record(walk.ours, leg.rid, {"carrier": "Another ferry"})
    assert changes(walk, walk.plan) == ()
    change_record(walk.ours, walk.plan, {"together_shows": ("who", "journey")})
    assert changes(walk, walk.plan) == ()  # what she agrees to says nothing of the other
    change_record(walk.ours, other, {"together_shows": ("journey",)})
    assert changes(walk, walk.plan) == (TogetherChange.OTHER_LEGS,)
    shown = read_together(walk.ours, walk.plan)
    assert shown is not None
    assert shown.code == ""
    change_record(walk.ours, other, {"together_shows": ("who",)})
    shown = read_together(walk.ours, walk.plan)
    assert shown is not None
    assert (shown.code, shown.changes) == ("sparv-12", ())


@pytest.mark.parametrize("target", ["withdrawn", "cancelled"])
def test_one_withdraws_and_the_others_journey_stays_and_says_so(walk: Walk, target: str) -> None:
    other = add_adult(walk)
    join_plans(walk.ours, walk.plan, other)
    before = legs_of(walk, walk.plan)
    move_plan(walk.ours, other, target)
    assert legs_of(walk, walk.plan) == before
    assert changes(walk, walk.plan) == (TogetherChange.CALLED_OFF,)
    third = add_adult(walk, "mes-33")
    assert third in [line.rid for line in together_candidates(walk.ours, walk.plan)]
    join_plans(walk.ours, walk.plan, third)
    assert changes(walk, walk.plan) == ()


def test_one_parts_goes_to_the_bin_or_is_erased_and_the_others_journey_stays(walk: Walk) -> None:
    other = add_adult(walk)
    join_plans(walk.ours, walk.plan, other)
    before = legs_of(walk, walk.plan)
    part_plans(walk.ours, other)
    assert read_together(walk.ours, other) is None
    assert changes(walk, walk.plan) == (TogetherChange.PARTED,)
    delete_record(walk.ours, other)
    assert changes(walk, walk.plan) == (TogetherChange.GONE,)
    client = walk.ours.store.row(other)
    assert client is not None
    erase_client(walk.ours, client.parent or b"", ErasureReason.ERROR)
    assert changes(walk, walk.plan) == (TogetherChange.GONE,)
    assert legs_of(walk, walk.plan) == before
    part_plans(walk.ours, walk.plan)
    assert read_together(walk.ours, walk.plan) is None


def test_who_cannot_be_put_together_is_refused_and_nothing_is_changed(walk: Walk) -> None:
    desk, other, third = walk.ours, add_adult(walk), add_adult(walk, "mes-33")
    again = create_record(desk, Plan, {}, walk.client)
    ended = add_adult(walk, "lax-10")
    move_plan(desk, ended, "withdrawn")
    before = desk.store.digest()
    for one in (walk.plan, again):
        assert refusal(lambda: join_plans(desk, walk.plan, one)).code == "together.same_client"  # noqa: B023
    assert refusal(lambda: join_plans(desk, walk.plan, ended)).code == "together.ended"
    assert refusal(lambda: join_plans(desk, walk.plan, walk.client)).code == "record.missing"
    assert refusal(lambda: join_plans(desk, walk.plan, bytes(16))).code == "record.missing"
    assert desk.store.digest() == before
    join_plans(desk, walk.plan, other)
    assert refusal(lambda: join_plans(desk, walk.plan, third)).code == "together.taken"
    assert refusal(lambda: join_plans(desk, third, other)).code == "together.taken"
    named: dict[str, Value] = {"together_with": third.hex()}
    assert refusal(lambda: change_record(desk, walk.plan, named)).code == "field.guarded"
    delete_record(desk, third)
    assert refusal(lambda: join_plans(desk, third, third)).code == "record.deleted"


def test_no_paper_names_the_other_adult(walk: Walk) -> None:
    desk, other = walk.ours, add_adult(walk)
    join_plans(desk, walk.plan, other)
    change_record(desk, other, {"together_shows": ("who", "journey")})
    for order in (sheet(walk.plan, "ru"), file_copy(walk.plan)):
        said = " ".join(page_texts(make_paper(desk, order).pdf))
        for word in ("LJUBOV", "Ljubov", "Annansson", "sparv-12"):
            assert word not in said
    change_record(desk, walk.legs[0], {"sign": people.localized("Ljubov", "Любовь", "Ljubov")})
    found = [one.code for one in paper_refusals(desk, sheet(walk.plan, "ru"))]
    assert found == ["paper.carry_name"]


def test_no_paper_of_any_kind_names_the_other_adult(walk: Walk) -> None:
    """Also where each has agreed to everything, and both have all that a paper needs."""
    desk, other = walk.ours, add_adult(walk)
    change_record(desk, other, {"wants_paper": "wants_paper"})
    join_plans(desk, walk.plan, other)
    story.consent_to_escort(desk, walk.plan)
    shown: dict[str, Value] = {"together_shows": ("who", "journey")}
    for plan in (walk.plan, other):
        change_record(desk, plan, shown)
    made = set()
    for name, kind in PAPER_KINDS.items():
        if kind.subject != "plan":
            continue
        order = PaperRequest(name, walk.plan, "ru", kind.forms[0])
        if paper_obstacles(desk, order):
            continue
        said = " ".join(page_texts(make_paper(desk, order).pdf))
        assert not [one for one in ("LJUBOV", "Ljubov", "Annansson", "sparv-12") if one in said]
        made.add(name)
    assert made >= {
        PaperName.TRAVELLERS_SHEET, PaperName.ESCORTS_SHEET, PaperName.HANDOVER_RECEIPT,
        PaperName.FILE_COPY, PaperName.DUTY_SHEET, PaperName.DISCLOSURE_LOG,
    }  # fmt: skip


def test_consents_stay_apart_and_no_file_says_that_they_travel_together(walk: Walk) -> None:
    other = add_adult(walk)
    join_plans(walk.ours, walk.plan, other)
    groups = (DataGroup.IDENTITY, DataGroup.CONTACT, DataGroup.TRAVEL)
    now = walk.clock.time
    hers = {**people.reception_consent(now, walk.partner.hex()), "groups": groups}
    create_record(walk.ours, Consent, hers, walk.client)
    walk.send()
    there = walk.theirs.store.row(walk.plan)
    assert there is not None
    assert view(there, Plan).record.together_with is None
    assert walk.theirs.store.row(other) is None
    shares = open_plan(walk.ours, other).shares
    assert all(not share.granted for share in shares if share.name == people.SAFE_HOUSE)
