# SPDX-License-Identifier: GPL-3.0-or-later
"""A verified partner that signs what it has no right to write: refused, and nothing opens by it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from msgspec import structs
from tests.integration.stores import new_desk

from kfdesk import app
from kfdesk.demo import people, story
from kfdesk.domain.desk.exchange import Acknowledgement, Envelope, Sent, Taken
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.case.risk_assessment import RiskAssessment
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.rows import Row, seen_in, wire_changes
from kfdesk.domain.schema import Group, type_name
from kfdesk.domain.values import Value
from kfdesk.domain.writes import (
    DELETION,
    EMPTY,
    MOST_DEAD,
    WID_BYTES,
    State,
    amend,
    dead_of,
    encode,
    live_of,
    stamp,
    state_of,
    writes_of,
)
from kfdesk.services import partners, plans
from kfdesk.services.desk import Desk
from kfdesk.services.partners import Terms
from kfdesk.services.sharing.believing import Weighing
from kfdesk.services.writing.records import create_record
from kfdesk.storage import slots
from kfdesk.storage.vault import Credentials

MACHINE = app.Machine(cost=slots.FLOOR)


@dataclass(frozen=True)
class Scene:
    """Our desk with a plan, and the organisation of a verified partner."""

    desk: Desk
    partner: bytes
    plan: bytes

    def sent(self, *rows: Row) -> list[Row | None]:
        """What becomes of rows in a bundle that this partner has signed."""
        envelope = Envelope(
            bytes(16), 1, bytes(32), stamp(self.desk.milliseconds), Acknowledgement(bytes(16), 0),
            bytes(32),
        )  # fmt: skip
        sent = [
            Sent(row.rid, row.type, row.parent, row.custodian, encode(row.state)) for row in rows
        ]
        taken = Taken(self.partner, bytes(32), envelope, sent)
        weighing = Weighing(self.desk, taken)
        weighing.look_up(sent)
        return [weighing.joined(row)[1] for row in rows]

    def row(self, record_type: str, values: dict[str, Value], **head: bytes | None) -> Row:
        """A row as the partner writes it."""
        state = amend(EMPTY, wire_changes(record_type, values), (), self.desk.signature)
        return Row(
            head.get("rid") or self.desk.new_id(), record_type, head.get("parent"),
            head.get("custodian") or self.partner, state,
        )  # fmt: skip


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    who = Credentials("EV", people.PASSPHRASE)
    ours = new_desk(tmp_path / "ours", people.HOUSE, who, MACHINE)
    theirs = new_desk(tmp_path / "theirs", people.SAFE_HOUSE, who, MACHINE)
    terms = Terms(is_third_country=False)
    partner = partners.add_partner(ours, partners.our_card(theirs), terms).organisation
    partners.verify_partner(ours, partner, partners.digits(ours, partner))
    plan, _ = story.enter_plan(ours, partner)
    theirs.store.close()
    yield Scene(ours, partner, plan)
    ours.store.close()


def consent_to(scene: Scene, recipient: bytes, client: bytes) -> Row:
    values = dict(people.consent(scene.desk.rooms.clock.now(), recipient.hex()))
    values["groups"] = (Group.IDENTITY, Group.HEALTH)
    return scene.row(type_name(Consent), values, parent=client)


def test_consent_about_our_client_is_not_believed(scene: Scene) -> None:
    client = plans.load_case(scene.desk, scene.plan).client.rid
    other = scene.desk.new_id()
    assert scene.sent(consent_to(scene, other, client)) == [None]
    assert scene.sent(consent_to(scene, scene.partner, client)) == [None]


def test_consent_about_their_own_client_is_taken(scene: Scene) -> None:
    client = scene.row("client", {"code": "ek-12"})
    consent = consent_to(scene, scene.desk.identity.organisation, client.rid)
    assert scene.sent(client, consent) == [client, consent]


def test_consent_about_nobody_we_know_is_not_taken(scene: Scene) -> None:
    assert scene.sent(consent_to(scene, scene.partner, scene.desk.new_id())) == [None]


def test_fields_that_stay_at_the_desk_cannot_be_planted(scene: Scene) -> None:
    plan = plans.load_case(scene.desk, scene.plan).plan
    values: dict[str, Value] = {
        "code_word": "planted", "wants_paper": "no_paper", "state": "travelling",
        "to_country": "EE",
    }  # fmt: skip
    forged = scene.row("plan", values, rid=plan.rid, parent=plan.parent, custodian=plan.custodian)
    (joined,) = scene.sent(forged)
    assert joined is not None
    scene.desk.store.put(joined)
    page = plans.open_plan(scene.desk, scene.plan)
    assert page.plan.record.code_word == "blåsippa"
    assert page.plan.record.wants_paper == "wants_paper"
    assert page.plan.record.state == "draft"
    assert page.plan.conflicts == {"to_country"}  # what they may write stands beside ours


def test_our_own_directory_entry_cannot_be_rewritten(scene: Scene) -> None:
    ours = scene.desk.store.row(scene.desk.identity.organisation)
    assert ours is not None
    values: dict[str, Value] = {"confidentiality": "public"}
    forged = scene.row("organisation", values, rid=ours.rid, custodian=ours.custodian)
    assert scene.sent(forged) == [None]
    assert scene.sent(replace(forged, rid=scene.desk.new_id())) == [None]


def test_partner_cannot_fill_a_field_with_replaced_writes_until_nothing_more_can_be_sent(
    scene: Scene,
) -> None:
    leg = scene.desk.store.children(scene.plan)[0]
    fid = next(iter(live_of(leg.state)))
    filler = [(fid, os.urandom(WID_BYTES)) for _ in range(MOST_DEAD)]
    full = replace(leg, state=state_of(writes_of(leg.state), filler))
    some = replace(leg, state=state_of(writes_of(leg.state), filler[: MOST_DEAD // 2]))
    taken, refused = scene.sent(some, full)
    assert refused is None
    assert taken is not None
    assert len(dead_of(taken.state)) >= MOST_DEAD // 2


@pytest.mark.parametrize("record_type", ["approval", "transition", "risk_assessment"])
def test_word_in_our_name_is_not_believed(scene: Scene, record_type: str) -> None:
    ours = scene.desk.identity.organisation
    values: dict[str, Value] = {"reason": "planted"}
    if record_type == "risk_assessment":
        values = {"conclusion": "return_possible", "unanswered": 0}
    assert scene.sent(
        scene.row(record_type, values, parent=scene.plan, custodian=ours),
        scene.row(record_type, values, parent=scene.plan, custodian=scene.desk.new_id()),
    ) == [None, None]


def test_our_own_weighing_of_the_risks_cannot_be_rewritten_or_deleted(scene: Scene) -> None:
    values: dict[str, Value] = {"conclusion": "return_not_safe", "unanswered": 0}
    rid = create_record(scene.desk, RiskAssessment, values, parent=scene.plan)
    kept = scene.desk.store.row(rid)
    assert kept is not None
    milder = wire_changes("risk_assessment", {"conclusion": "return_possible"})
    rewritten = amend(kept.state, milder, seen_in(kept), scene.desk.signature)
    deleted = amend(kept.state, {DELETION: 1}, seen_in(kept), scene.desk.signature)
    assert scene.sent(replace(kept, state=rewritten), replace(kept, state=deleted)) == [None, None]


def test_state_of_our_plan_is_neither_replaced_nor_blanked(scene: Scene) -> None:
    plan = plans.load_case(scene.desk, scene.plan).plan
    closed = wire_changes("plan", {"state": "closed"})
    forged = replace(plan, state=amend(plan.state, closed, seen_in(plan), scene.desk.signature))
    gone = amend(plan.state, {DELETION: 1}, seen_in(plan), scene.desk.signature)
    deleted = replace(plan, state=gone)
    for row in scene.sent(forged, deleted):
        if row is not None:
            scene.desk.store.put(row)
    page = plans.open_plan(scene.desk, scene.plan)
    assert (page.plan.record.state, page.plan.conflicts) == ("draft", frozenset())


def test_record_is_moved_by_nobody(scene: Scene) -> None:
    leg = next(row for row in plans.load_case(scene.desk, scene.plan).rows if row.type == "leg")
    honest = scene.row(
        "leg", {"carrier": "theirs"}, rid=leg.rid, parent=leg.parent, custodian=leg.custodian
    )
    assert scene.sent(honest) != [None]
    assert scene.sent(replace(honest, type="task")) == [None]
    assert scene.sent(replace(honest, parent=scene.desk.new_id())) == [None]
    assert scene.sent(replace(honest, custodian=scene.partner)) == [None]


def test_value_of_another_kind_and_a_stamp_of_next_week_refuse_the_whole_file(scene: Scene) -> None:
    client = scene.row("client", {"code": "ek-12"})
    (save,) = client.state.saves
    next_week = scene.desk.milliseconds + 7 * 86_400_000
    late = replace(client, state=State((structs.replace(save, hlc=stamp(next_week)),), None))
    wrong = replace(client, state=State((structs.replace(save, values=(7,)),), None))
    for forged, code in ((late, "bundle.from_the_future"), (wrong, "field.kind_mismatch")):
        with pytest.raises(KfdeskError) as refused:
            scene.sent(forged)
        assert refused.value.code == code
