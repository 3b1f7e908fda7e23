# SPDX-License-Identifier: GPL-3.0-or-later
"""A trusted partner says more than it may: no field that decides her safety follows it.

Each attack is a real file with a valid signature. `docs/promises.md` says what is promised.
"""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from msgspec import structs
from tests.integration.hostile_samples import MACHINE, THIRD, WHO, Trio, hostile_trio
from tests.integration.pair_samples import refusal
from tests.support.forging import broken_authority, case_rows, safety_values, written_ids
from tests.support.samples import first

from kfdesk.demo import people
from kfdesk.domain.authority import is_id_of_another, make_record_id
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import ControlMessages, ErasureOrder, FileIssue, RecordPart
from kfdesk.domain.records.aftercare import FollowUp
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.records.journey import HelpNumber, Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import (
    RecordState,
    build_state,
    encode_state,
    is_deleted,
    is_deletion_requested,
    live_writes,
)
from kfdesk.domain.rows import Row, view
from kfdesk.domain.schema import DataGroup
from kfdesk.domain.values import Value, ZonedTime
from kfdesk.domain.workflow.decision import approval_fault, interpreter_used
from kfdesk.domain.workflow.gates import GateAnswer, GateReason
from kfdesk.services.core.history import read_record_history
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.core.session import OrganisationRef
from kfdesk.services.exchange import partners, transfer
from kfdesk.services.exchange.import_review import ImportReview, undo_import
from kfdesk.services.exchange.partners import PartnerTerms
from kfdesk.services.plans import plans
from kfdesk.services.plans.aftercare import list_concerns
from kfdesk.services.plans.plans import zoned_now
from kfdesk.services.upkeep.backup import start_new_epoch
from kfdesk.services.workflow import approve, read_pending_approvals, request_approval
from kfdesk.store_lifecycle import create_organisation_store, create_store


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    with hostile_trio(tmp_path) as met:
        yield met


def issues(review: ImportReview) -> set[FileIssue]:
    return {one.finding for one in review.findings}


def consent_values(trio: Trio, recipient: bytes, *groups: DataGroup) -> dict[str, Value]:
    values = dict(people.reception_consent(trio.ours.adapters.clock.now(), recipient.hex()))
    return values | {"groups": groups}


# --- squatting on another organisation's records


MINE: dict[str, Value] = {"code": "mine", "birth_date": date(1990, 1, 1)}
HEALTH = "insulin, morning and evening"


def uuid4_bytes(random: bytes) -> bytes:
    """Return an id as older programs made it, bound to nobody."""
    return UUID(bytes=random, version=4).bytes


class Case:
    """C's client and plan, which C shares with us and not with B."""

    def __init__(self, trio: Trio, *, is_bound: bool = True) -> None:
        third, ours = trio.third, trio.ours.identity.organisation

        def rid() -> bytes:
            random, own = third.adapters.random, third.identity.organisation
            return make_record_id(own, random(8)) if is_bound else uuid4_bytes(random(16))

        self.client = trio.forger(third).written("client", MINE | {"code": "koda-9"}, rid=rid())
        needs: dict[str, Value] = {"health_needs": people.localized(HEALTH, HEALTH, HEALTH)}
        self.plan = trio.forger(third).written("plan", needs, parent=self.client.rid, rid=rid())
        groups = (DataGroup.IDENTITY, DataGroup.TRAVEL, DataGroup.HEALTH)
        values = consent_values(trio, ours, *groups)
        self.consent = trio.forger(third).written(
            "consent", values, parent=self.client.rid, rid=rid()
        )

    @property
    def rows(self) -> tuple[Row, ...]:
        return self.client, self.plan, self.consent


def squat(trio: Trio, case: Case, *, on: str) -> tuple[Row, ...]:
    """Return B's claim to C's client, or to C's plan, with a consent that opens all of it to B."""
    bad = trio.bad.identity.organisation
    own = trio.forger(trio.bad).written("client", MINE)
    head = replace(own, rid=case.client.rid) if on == "client" else own
    values = consent_values(trio, bad, DataGroup.IDENTITY, DataGroup.TRAVEL, DataGroup.HEALTH)
    consent = trio.forger(trio.bad).written("consent", values, parent=head.rid)
    if on == "client":
        return head, consent
    plan = trio.forger(trio.bad).written(
        "plan", {"wish": "stay"}, parent=head.rid, rid=case.plan.rid
    )
    return head, consent, plan


@pytest.mark.parametrize("is_bound", first(1, [True, False]))
@pytest.mark.parametrize("on", ["client", "plan"])
@pytest.mark.parametrize("comes_first", [True, False])
def test_squatter_reads_nothing_of_a_third_organisation(
    trio: Trio, on: str, is_bound: bool, comes_first: bool
) -> None:
    case = Case(trio, is_bound=is_bound)
    squatting = trio.forger(trio.bad).file(squat(trio, case, on=on))
    honest = trio.forger(trio.third).file(case.rows)
    reviews = [
        trio.take(file) for file in ([squatting, honest] if comes_first else [honest, squatting])
    ]
    alarms = {FileIssue.CLAIMED, FileIssue.FORGED_ID}
    assert alarms & (issues(reviews[0]) | issues(reviews[1]))
    here = trio.ours.store.row(case.client.rid)
    assert not is_bound or here is None or here.custodian == trio.third.identity.organisation
    for plan in trio.ours.store.rows("plan"):
        try:
            parcel = transfer.prepare_bundle(trio.ours, plan.rid, trio.bad.identity.organisation)
        except KfdeskError:
            continue
        for row in parcel.may.rows:
            assert HEALTH.encode() not in row.packed


def test_third_organisations_record_comes_from_itself_alone(trio: Trio) -> None:
    case = Case(trio)
    review = trio.take(trio.forger(trio.bad).file(case.rows[:2]))
    assert (issues(review), review.refused) == ({FileIssue.OF_ANOTHER}, 2)
    assert trio.ours.store.row(case.client.rid) is None
    trio.take(trio.forger(trio.third).file(case.rows))
    assert trio.ours.store.row(case.plan.rid) == case.plan


def test_accomplice_gets_nothing_of_a_third_organisation_by_a_partners_consent(trio: Trio) -> None:
    case = Case(trio, is_bound=False)
    own = trio.forger(trio.bad).written("client", MINE, rid=case.client.rid)
    accomplice = trio.third.identity.organisation  # as good as any other partner of ours
    values = consent_values(trio, accomplice, DataGroup.TRAVEL, DataGroup.HEALTH)
    consent = trio.forger(trio.bad).written("consent", values, parent=own.rid)
    trio.take(trio.forger(trio.bad).file((own, consent)))
    mine = trio.forger(trio.bad).written(
        "plan", {"health_needs": people.localized("B", "B", "B")}, parent=own.rid
    )
    fourth = make_record_id(b"4" * 16, b"12345678")
    planted = replace(case.plan, rid=fourth, custodian=b"4" * 16)
    trio.ours.store.put(mine)
    trio.ours.store.put(planted)
    for rid, is_open in ((mine.rid, True), (planted.rid, False)):
        found = transfer.prepare_bundle(trio.ours, rid, accomplice).may
        given = {key for row in found.rows if row.rid == rid for key in row.grants}
        assert ("health_needs" in given) == is_open


def test_new_ids_name_their_custodian(trio: Trio) -> None:
    ours, bad = (one.identity.organisation for one in (trio.ours, trio.bad))
    rid = trio.ours.new_id()
    assert not is_id_of_another(rid, ours)
    assert is_id_of_another(rid, bad)
    assert not is_id_of_another(bad, bad)


# --- safety fields


FORGED_NUMBER = "+46 8 555 66 66"


def open_plan(trio: Trio) -> plans.PlanPage:
    return plans.open_plan(trio.ours, trio.plan)


def test_partner_does_not_make_itself_receiver(trio: Trio) -> None:
    plan, bad = trio.row(trio.plan), trio.bad.identity.organisation.hex()
    before = view(plan, Plan).record.receiver
    change_record(trio.ours, trio.plan, {"receiver": trio.third.identity.organisation.hex()})
    forged = trio.forger(trio.bad).changed(trio.row(trio.plan), {"receiver": bad, "escort": bad})
    review = trio.take(trio.forger(trio.bad).file([forged]))
    assert before == bad  # as the story has it
    assert FileIssue.MEETING in issues(review)
    page = open_plan(trio)
    assert page.plan.conflicts == {"receiver", "escort"}
    assert plans.read_case_context(trio.ours, trio.plan).receiver is None


@pytest.mark.parametrize("receiver", ["third", "nobody", "bad"])
def test_second_person_is_never_a_receiver_that_nobody_here_named(
    trio: Trio, receiver: str
) -> None:
    bad = trio.bad.identity.organisation.hex()
    named = {"third": trio.third.identity.organisation.hex(), "nobody": None, "bad": bad}
    change_record(trio.ours, trio.plan, {"receiver": named[receiver]})
    forged = trio.forger(trio.bad).changed(trio.row(trio.plan), {"receiver": bad})
    given: dict[str, Value] = {
        "kind": "decision", "given_by": "XX", "asked_by": "YY", "reason": "ok",
        "given": zoned_now(trio.bad),
    }  # fmt: skip
    approval = trio.forger(trio.bad).written("approval", given, parent=trio.plan)
    trio.take(trio.forger(trio.bad).file([forged, approval]))
    context = plans.read_case_context(trio.ours, trio.plan)
    (seen,) = context.approvals
    expected = None if receiver == "bad" else GateReason.NOBODY_APPROVED
    assert approval_fault(seen, context) is expected


def test_partner_does_not_say_that_she_needs_no_interpreter(trio: Trio) -> None:
    client = trio.row(trio.plan).parent or b""
    change_record(trio.ours, client, {"needs_interpreter": True})
    change_record(trio.ours, trio.plan, {"interpreter_used": False})
    forged = trio.forger(trio.bad).changed(trio.row(client), {"needs_interpreter": False})
    review = trio.take(trio.forger(trio.bad).file([forged]))
    assert review.waiting == {client: frozenset({"needs_interpreter"})}
    gate = interpreter_used(plans.read_case_context(trio.ours, trio.plan))
    assert (gate.answer, gate.where and gate.where.key) == (
        GateAnswer.NOT_MET, "needs_interpreter",
    )  # fmt: skip


def test_partner_asks_nobody_here_to_approve_and_answers_no_request_of_ours(trio: Trio) -> None:
    change_record(trio.ours, trio.row(trio.plan).parent or b"", {"needs_interpreter": True})
    change_record(trio.ours, trio.plan, {"interpreter_used": False})
    forger = trio.forger(trio.third)
    override: dict[str, Value] = {"kind": "override", "gate": "interpreter_used", "asked_by": "XX"}
    forged = forger.written("approval", override, parent=trio.plan)
    trio.take(forger.file([forged]))
    assert read_pending_approvals(trio.ours, trio.plan) == ()
    request_approval(trio.ours, trio.plan, "override", "interpreter_used", "Brådskar")
    asked = read_pending_approvals(trio.ours, trio.plan)
    assert [(one.gate, one.by) for one in asked] == [("interpreter_used", people.INITIALS)]
    given = override | {"given_by": "YY", "given": zoned_now(trio.third)}
    answer = forger.written("approval", given, parent=trio.plan)
    trio.take(forger.file([answer]))
    assert read_pending_approvals(trio.ours, trio.plan) == asked
    newer = forger.written("approval", override, parent=trio.plan)
    trio.take(forger.file([newer]))
    fault = refusal(lambda: approve(trio.ours, trio.plan, "override", "interpreter_used", "Ja"))
    assert fault.code == "approval.same_person"


@pytest.mark.parametrize(
    ("record_type", "values"),
    [
        ("leg", {"met_by": people.localized("X", "X", "X")}),
        ("leg", {"sign": people.localized("X", "X", "X")}),
        ("leg", {"to_stop": people.localized("X", "X", "X")}),
        ("leg", {"alone": True}),
        ("leg", {"sequence": 7}),
        ("leg", {"status": "cancelled"}),
        ("help_number", {"number": FORGED_NUMBER}),
        ("help_number", {"called": ZonedTime.parse("2026-11-20T10:00+01:00[Europe/Stockholm]")}),
    ],
)
def test_partners_value_stands_beside_ours_until_a_person_decides(
    trio: Trio, record_type: str, values: dict[str, Value]
) -> None:
    row = next(r for r in trio.ours.store.children(trio.plan) if r.type == record_type)
    (key,) = values
    change_record(trio.ours, row.rid, {"status": "booked"} if key == "status" else {})
    before = trio.row(row.rid)
    review = trio.take(trio.forger(trio.bad).file([trio.forger(trio.bad).changed(before, values)]))
    after = trio.row(row.rid)
    assert written_ids(before) <= written_ids(after)
    assert review.waiting == {row.rid: frozenset(values)}
    assert review.needs_look


def test_value_in_an_empty_field_waits_too(trio: Trio) -> None:
    change_record(trio.ours, trio.plan, {"receiver": None, "escort": None})
    fresh = create_record(trio.ours, HelpNumber, {"sequence": 9}, trio.plan)
    forged = trio.forger(trio.bad).changed(trio.row(fresh), {"number": FORGED_NUMBER})
    trio.take(trio.forger(trio.bad).file([forged]))
    assert view(trio.row(fresh), HelpNumber).conflicts == {"number"}


@pytest.mark.parametrize("claims_ours", [True, False])
def test_partners_new_help_number_counts_only_once_it_is_taken_over(
    trio: Trio, claims_ours: bool
) -> None:
    custodian = trio.ours.identity.organisation if claims_ours else None
    values: dict[str, Value] = {"sequence": 1, "number": FORGED_NUMBER}
    number = trio.forger(trio.bad).written(
        "help_number", values, parent=trio.plan, custodian=custodian
    )
    trio.take(trio.forger(trio.bad).file([number]))
    seen = view(trio.row(number.rid), HelpNumber)
    assert seen.conflicts == {"sequence", "number"}
    page = open_plan(trio)
    (proposal,) = {c.rid for c in page.conflicts if c.is_proposal}
    assert proposal == number.rid
    chosen = {c.key: next(v.value for v in c.versions if v.value) for c in page.conflicts}
    change_record(trio.ours, number.rid, chosen, page.conflicts[0].seen)
    assert view(trio.row(number.rid), HelpNumber).record.number == FORGED_NUMBER


@pytest.mark.parametrize("record_type", ["leg", "help_number", "plan", "client"])
def test_deletion_by_a_partner_is_a_request(trio: Trio, record_type: str) -> None:
    rows = {r.type: r for r in (*trio.ours.store.children(trio.plan), trio.row(trio.plan))}
    client = trio.ours.store.row(rows["plan"].parent or b"")
    row = client if record_type == "client" else rows[record_type]
    assert row is not None
    review = trio.take(trio.forger(trio.bad).file([trio.forger(trio.bad).deleted(row)]))
    after = trio.row(row.rid)
    assert not is_deleted(after.state)
    assert is_deletion_requested(after.state)
    assert FileIssue.DELETION_ASKED in issues(review)
    assert trio.ours.store.verify() == ()
    (line,) = plans.list_plans(trio.ours)
    assert line.conflicts == 1


def test_deletion_in_two_steps_is_a_request_too(trio: Trio) -> None:
    row = next(r for r in trio.ours.store.children(trio.plan) if r.type == "leg")
    gone = trio.forger(trio.bad).deleted(row)
    first = replace(row, state=RecordState(row.state.saves, gone.state.dead))
    for step in (first, gone):
        trio.take(trio.forger(trio.bad).file([step]))
    assert not is_deleted(trio.row(row.rid).state)


# --- erasing before it comes


@pytest.mark.parametrize("restores", [True, False])
def test_erasing_of_writes_before_they_come_needs_their_custodian(
    trio: Trio, restores: bool
) -> None:
    case = Case(trio)
    (write, *_) = live_writes(case.plan.state)
    part: RecordPart = ((write.fid, write.wid),)
    order = ErasureOrder(b"o" * 16, case.plan.rid, part, ErasureReason.ERROR, 0, 1 << 16)
    trio.take(trio.forger(trio.bad).file(dealings=ControlMessages(orders=(order,))))
    trio.take(trio.forger(trio.third).file(case.rows))
    if restores:
        start_new_epoch(trio.ours, ())
    assert live_writes(trio.row(case.plan.rid).state) == live_writes(case.plan.state)


def test_custodians_own_order_before_the_record_comes_counts(trio: Trio) -> None:
    case = Case(trio)
    (write, *_) = live_writes(case.plan.state)
    part: RecordPart = ((write.fid, write.wid),)
    for by in (trio.bad, trio.third):
        order = ErasureOrder(b"o" * 16, case.plan.rid, part, ErasureReason.ERROR, 0, 1 << 16)
        trio.take(trio.forger(by).file(dealings=ControlMessages(orders=(order,))))
    trio.take(trio.forger(trio.third).file(case.rows))
    assert write not in live_writes(trio.row(case.plan.rid).state)


@pytest.mark.parametrize(
    ("key", "danger", "calm"),
    [("exploitation_again", "yes", "no"), ("result", "unsafe_to_contact", "reached")],
)
def test_partner_takes_no_word_of_danger_back(trio: Trio, key: str, danger: str, calm: str) -> None:
    told = create_record(trio.ours, FollowUp, {"due": date(2026, 1, 8), key: danger}, trio.plan)
    change = trio.forger(trio.bad).changed(trio.row(told), {key: calm, "housing": "good"})
    trio.take(trio.forger(trio.bad).file([change]))
    seen = view(trio.row(told), FollowUp)
    assert {one.value for one in seen.versions[key]} == {danger, calm}
    assert seen.record.housing == "good"
    assert [one.line.rid for one in list_concerns(trio.ours)] == [trio.plan]


def test_partner_answers_in_a_follow_up_of_ours_without_a_word_of_danger(trio: Trio) -> None:
    asked = create_record(trio.ours, FollowUp, {"due": date(2026, 1, 8)}, trio.plan)
    change = trio.forger(trio.bad).changed(trio.row(asked), {"exploitation_again": "yes"})
    trio.take(trio.forger(trio.bad).file([change]))
    assert view(trio.row(asked), FollowUp).record.exploitation_again == "yes"
    assert [one.line.rid for one in list_concerns(trio.ours)] == [trio.plan]


# --- labels and write ids


@pytest.mark.parametrize(
    "look",
    [
        *("{}", " {}", "{} ", "{}\N{ZERO WIDTH SPACE}", "{}, Malmö", "{} AB", "{} (Malmö)"),
        *("upper", "other o", "alone", "no comma", "behind"),
    ],
)
def test_label_that_names_us_is_shown_with_where_it_came_from(trio: Trio, look: str) -> None:
    change_record(trio.ours, trio.legs[0], {"carrier": "ours"})
    own = trio.ours.identity.name
    shown = {"upper": own.upper(), "other o": own.replace("o", "о").replace("a", "а")}
    shown |= {"alone": own, "no comma": f"{people.INITIALS} {own}"}
    shown |= {"behind": f"{own} {people.INITIALS}"}
    name = shown.get(look, look.format(own))
    mine = name if look in ("alone", "no comma", "behind") else f"{people.INITIALS}, {name}"
    row = trio.row(trio.legs[0])
    change_record(trio.ours, trio.legs[0], {"carrier": "ours again"})
    forged = trio.forger(trio.bad).changed(row, {"carrier": "forged"}, author=mine)
    review = trio.take(trio.forger(trio.bad).file([forged]))
    assert FileIssue.IN_OUR_NAME in issues(review)
    (conflict,) = open_plan(trio).conflicts
    theirs = next(v for v in conflict.versions if v.value == "forged")
    assert conflict.senders == {theirs.wid: people.SAFE_HOUSE}
    (line,) = [
        one for one in read_record_history(trio.ours, row.rid).lines if one.value == "forged"
    ]
    assert (line.author, line.sender) == (mine.strip(), people.SAFE_HOUSE)


def test_senders_own_name_raises_no_alarm(trio: Trio) -> None:
    sender = trio.bad.identity.name
    for label in (f"EV, {sender}", f"{sender} EV", "EV, Sydhuset"):
        forged = trio.forger(trio.bad).changed(
            trio.row(trio.legs[0]), {"carrier": label}, author=label
        )
        assert FileIssue.IN_OUR_NAME not in issues(trio.take(trio.forger(trio.bad).file([forged])))


def test_second_content_under_a_replaced_write_alone_is_told(trio: Trio) -> None:
    before = trio.row(trio.legs[0])
    fid = RECORD_TYPES["leg"].ids["carrier"]
    change_record(trio.ours, before.rid, {"carrier": "newer"})
    writes = [
        write._replace(value="forged") if write.fid == fid else write
        for write in live_writes(before.state)
    ]
    forged = replace(before, state=build_state(writes, ()))
    kept = trio.row(before.rid), trio.ours.store.history(before.rid)
    review = trio.take(trio.forger(trio.bad).file([forged]))
    assert issues(review) == {FileIssue.CHANGED_WRITE}
    assert (trio.row(before.rid), trio.ours.store.history(before.rid)) == kept


@pytest.mark.parametrize("is_live", [True, False])
def test_second_content_under_a_known_write_id_is_refused(trio: Trio, is_live: bool) -> None:
    before = trio.row(trio.legs[0])
    if not is_live:
        change_record(trio.ours, trio.legs[0], {"carrier": "newer"})
    fid = next(w.fid for w in live_writes(before.state) if w.value and isinstance(w.value, str))
    saves = tuple(
        structs.replace(
            save,
            hlc=save.hlc + 5,
            values=tuple("forged" if isinstance(v, str) and v else v for v in save.values),
        )
        for save in before.state.saves
    )
    forged = replace(before, state=RecordState(saves, before.state.dead))
    assert fid
    history = trio.ours.store.history(before.rid)
    kept = encode_state(trio.row(before.rid).state)
    review = transfer.review_bundle(trio.ours, path := trio.forger(trio.bad).file([forged]))
    transfer.import_bundle(trio.ours, path, review)
    assert FileIssue.CHANGED_WRITE in issues(review)
    assert encode_state(trio.row(before.rid).state) == kept
    assert trio.ours.store.history(before.rid) == history


# --- any attack


@pytest.mark.parametrize("seed", range(3))
def test_no_safety_value_follows_a_partner_without_a_decision(trio: Trio, seed: int) -> None:
    rng, before = random.Random(seed), safety_values(trio.ours, trio.plan)
    forger = trio.forger(trio.bad)
    for _ in range(8):
        path = forger.attack(case_rows(trio.ours, trio.plan), rng)
        trio.take(path)
        assert broken_authority(before, trio.ours, trio.plan) == []
    assert trio.ours.store.verify() == ()


# --- cards


def test_card_under_the_id_of_an_entry_inherits_nothing_unasked(trio: Trio, tmp_path: Path) -> None:
    entry = create_record(trio.ours, Organisation, {"name": "Exempelmyndigheten"})
    house = OrganisationRef("Någon Annan", entry)
    forger = create_organisation_store(tmp_path / "forger", house, WHO, MACHINE)
    card = partners.our_card(forger)
    forger.store.close()
    terms = PartnerTerms(is_third_country=False)
    assert refusal(lambda: partners.add_partner(trio.ours, card, terms)).code == "card.claims_entry"
    (path := tmp_path / "a.card").write_bytes(card)
    assert partners.preview_card(trio.ours, path).entry == "Exempelmyndigheten"
    added = partners.add_partner(trio.ours, card, replace(terms, joins=True))
    assert added.organisation == entry


@pytest.mark.parametrize(
    "name", [THIRD, "Kolmаs Koda", "KOLMAS  KODA", "Ko1mas K0da", people.HOUSE]
)
def test_names_that_look_alike_are_told(trio: Trio, tmp_path: Path, name: str) -> None:
    forger = create_store(tmp_path / "forger", " ".join(name.split()), WHO, MACHINE)
    (path := tmp_path / "a.card").write_bytes(partners.our_card(forger))
    forger.store.close()
    assert partners.preview_card(trio.ours, path).alike == (
        (people.HOUSE,) if name == people.HOUSE else (THIRD,)
    )


# --- look, then take exactly that


def test_file_that_was_swapped_after_the_look_is_not_taken(trio: Trio) -> None:
    note = trio.forger(trio.bad).changed(trio.row(trio.legs[0]), {"carrier": "one"})
    first = trio.forger(trio.bad).file([note])
    found = transfer.preview_files(trio.ours, [first])
    other = trio.forger(trio.bad).changed(trio.row(trio.legs[0]), {"carrier": "two"})
    second = trio.forger(trio.bad).file([other])
    second.replace(first)
    result = transfer.import_files(trio.ours, found.files)
    assert [fault.code for fault in result.faults] == ["bundle.changed_since"]
    assert view(trio.row(trio.legs[0]), Leg).record.carrier not in ("one", "two")


def test_file_that_erases_or_asks_is_not_taken_with_others(trio: Trio) -> None:
    client = trio.forger(trio.bad).written("client", {"code": "b-1"})
    trio.take(trio.forger(trio.bad).file([client]))
    order = ErasureOrder(b"o" * 16, client.rid, None, ErasureReason.CLIENT_REQUEST, 0, 1 << 16)
    erasing = trio.forger(trio.bad).file(dealings=ControlMessages(orders=(order,)))
    found = transfer.preview_files(trio.ours, [erasing])
    (file,) = found.files
    assert file.review is not None
    assert file.review.needs_look
    result = transfer.import_files(trio.ours, found.files)
    assert (result.taken, result.left) == (0, 1)
    assert trio.ours.store.row(client.rid) is not None
    waits = replace(file.review, erases=False)
    transfer.import_bundle(trio.ours, erasing, waits)
    assert trio.ours.store.row(client.rid) is not None


def test_honest_file_is_taken_with_others_and_can_be_undone(trio: Trio) -> None:
    carrier = trio.forger(trio.bad).changed(trio.row(trio.legs[0]), {"carrier": "19, Exempelbuss"})
    found = transfer.preview_files(trio.ours, [trio.forger(trio.bad).file([carrier])])
    result = transfer.import_files(trio.ours, found.files)
    assert (result.taken, result.left, result.faults) == (1, 0, ())
    assert view(trio.row(trio.legs[0]), Leg).record.carrier == "19, Exempelbuss"
    (review,) = [one.review for one in found.files]
    assert review is not None
    undo_import(trio.ours, review.taken.digest)
