# SPDX-License-Identifier: GPL-3.0-or-later
"""A verified partner that signs what it has no right to write: refused, and nothing opens by it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from msgspec import structs
from tests.support.stores import new_desk

from kfdesk.demo import people, story
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.authority import make_record_id
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import Acknowledgement, Envelope, ReceivedBundle, ReceivedRow
from kfdesk.domain.records.client import Consent
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.records.risk import RiskAssessment
from kfdesk.domain.registers import (
    DELETION,
    EMPTY_STATE,
    MAX_SUPERSEDED_IDS,
    WID_BYTES,
    RecordState,
    apply_changes,
    build_state,
    encode_state,
    live_writes,
    next_hlc,
    superseded_ids,
)
from kfdesk.domain.rows import Row, encode_changes, seen_writes
from kfdesk.domain.schema import DataGroup, type_name
from kfdesk.domain.values import Value
from kfdesk.environment import Environment
from kfdesk.services.core.records import create_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import partners
from kfdesk.services.exchange.merge import ImportMerger
from kfdesk.services.exchange.partners import PartnerTerms
from kfdesk.services.plans import plans
from kfdesk.storage import key_slots

MACHINE = Environment(cost=key_slots.MIN_COST)


@dataclass(frozen=True)
class Scene:
    """Our desk with a plan, and the organisation of a verified partner."""

    desk: Session
    partner: bytes
    plan: bytes

    def sent(self, *rows: Row) -> list[Row | None]:
        """Return what becomes of rows in a bundle that this partner has signed."""
        envelope = Envelope(
            bytes(16), 1, bytes(32), next_hlc(self.desk.milliseconds),
            Acknowledgement(bytes(16), 0), bytes(32),
        )  # fmt: skip
        sent = [
            ReceivedRow(row.rid, row.type, row.parent, row.custodian, encode_state(row.state))
            for row in rows
        ]
        taken = ReceivedBundle(self.partner, bytes(32), envelope, sent)
        weighing = ImportMerger(self.desk, taken)
        weighing.load_portion(sent)
        return [weighing.merge(row)[1] for row in rows]

    def new_id(self) -> bytes:
        """Return an id for a record of the partner's."""
        return make_record_id(self.partner, os.urandom(8))

    def row(self, record_type: str, values: dict[str, Value], **head: bytes | None) -> Row:
        """Return a row as the partner writes it."""
        state = apply_changes(
            EMPTY_STATE, encode_changes(record_type, values), (), self.desk.signature
        )
        return Row(
            head.get("rid") or self.new_id(), record_type, head.get("parent"),
            head.get("custodian") or self.partner, state,
        )  # fmt: skip


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    who = Credentials("EV", people.PASSPHRASE)
    ours = new_desk(tmp_path / "ours", people.HOUSE, who, MACHINE)
    theirs = new_desk(tmp_path / "theirs", people.SAFE_HOUSE, who, MACHINE)
    terms = PartnerTerms(is_third_country=False)
    partner = partners.add_partner(ours, partners.our_card(theirs), terms).organisation
    partners.verify_partner(ours, partner, partners.verification_digits(ours, partner))
    plan, _ = story.enter_plan(ours, partner)
    theirs.store.close()
    yield Scene(ours, partner, plan)
    ours.store.close()


def consent_to(scene: Scene, recipient: bytes, client: bytes) -> Row:
    values = dict(people.reception_consent(scene.desk.adapters.clock.now(), recipient.hex()))
    values["groups"] = (DataGroup.IDENTITY, DataGroup.HEALTH)
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
    fid = RECORD_TYPES["leg"].ids["carrier"]
    filler = [(fid, os.urandom(WID_BYTES)) for _ in range(MAX_SUPERSEDED_IDS)]
    full = replace(leg, state=build_state(live_writes(leg.state), filler))
    some = replace(
        leg, state=build_state(live_writes(leg.state), filler[: MAX_SUPERSEDED_IDS // 2])
    )
    taken, refused = scene.sent(some, full)
    assert refused is None
    assert taken is not None
    assert len(superseded_ids(taken.state)) >= MAX_SUPERSEDED_IDS // 2


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
    milder = encode_changes("risk_assessment", {"conclusion": "return_possible"})
    rewritten = apply_changes(kept.state, milder, seen_writes(kept), scene.desk.signature)
    deleted = apply_changes(kept.state, {DELETION: 1}, seen_writes(kept), scene.desk.signature)
    assert scene.sent(replace(kept, state=rewritten), replace(kept, state=deleted)) == [None, None]


def test_state_of_our_plan_is_neither_replaced_nor_blanked(scene: Scene) -> None:
    plan = plans.load_case(scene.desk, scene.plan).plan
    closed = encode_changes("plan", {"state": "closed"})
    forged = replace(
        plan, state=apply_changes(plan.state, closed, seen_writes(plan), scene.desk.signature)
    )
    gone = apply_changes(plan.state, {DELETION: 1}, seen_writes(plan), scene.desk.signature)
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
    late = replace(
        client, state=RecordState((structs.replace(save, hlc=next_hlc(next_week)),), None)
    )
    wrong = replace(client, state=RecordState((structs.replace(save, values=(7,)),), None))
    for forged, code in ((late, "bundle.from_the_future"), (wrong, "field.kind_mismatch")):
        with pytest.raises(KfdeskError) as refused:
            scene.sent(forged)
        assert refused.value.code == code
