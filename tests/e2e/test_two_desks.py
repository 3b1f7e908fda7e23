# SPDX-License-Identifier: GPL-3.0-or-later
"""Two desks run one plan by files alone: real stores, real bundles, real PDFs.

The partner works in processes of its own where the whole thread is played, and elsewhere by the
same commands in this process, because each start costs half a second.
"""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from tests.support.make import sheet
from tests.support.stores import lighten, remembering

from kfdesk import store_lifecycle
from kfdesk.demo import people, story
from kfdesk.demo.story import PartnerStore, Story
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.consent import RecipientKind, WithheldReason
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import seen_writes, view
from kfdesk.domain.values import ZonedTime
from kfdesk.environment import Environment
from kfdesk.services.core.records import change_record
from kfdesk.services.exchange import partners, transfer
from kfdesk.services.exchange.partners import PartnerTerms
from kfdesk.services.papers.production import make_paper
from kfdesk.services.plans import plans
from kfdesk.storage import key_slots
from manual.manual_pictures import PartnerHere

MACHINE = Environment(cost=key_slots.MIN_COST)


class RememberingPartner(PartnerHere):
    """The partner's store; its commands run in this process, and derive a key once."""

    def run(self, *words: str) -> dict[str, Any]:
        with remembering():
            return super().run(*words)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Story]:
    """Return the story's beginning, made once; each test plays on in a copy of it."""
    folder = tmp_path_factory.mktemp("prepared")
    begun = story.create_story(folder, MACHINE)
    begun.ours.store.close()
    theirs = Credentials(people.PARTNER_INITIALS, people.PARTNER_PASSPHRASE)
    lighten(begun.theirs.folder, theirs)
    return folder, begun


@pytest.fixture
def begun(tmp_path: Path, prepared: tuple[Path, Story]) -> Iterator[Story]:
    folder, beginning = prepared
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    who = Credentials(people.INITIALS, people.PASSPHRASE)
    ours = store_lifecycle.unlock_store(tmp_path / story.OURS, who, MACHINE)
    theirs = RememberingPartner(tmp_path / story.THEIRS, beginning.theirs.passphrase_file, MACHINE)
    yield replace(beginning, ours=ours, theirs=theirs, post=tmp_path / story.POST)
    ours.store.close()


def test_one_plan_goes_all_the_way(begun: Story) -> None:
    """The whole thread, in one go, as the demo plays it: the partner in its own processes."""
    apart = PartnerStore(begun.theirs.folder, begun.theirs.passphrase_file)
    begun = replace(begun, theirs=apart)
    sent = story.send_first_bundle(begun)
    shown = begun.theirs.run("plan", "show", begun.plan.hex())
    theirs = {record["record"]: record for record in shown["records"]}
    assert theirs[begun.legs[0].hex()]["values"]["carrier"] == "M/S Havsörn"

    ours_arrives, theirs_arrives = story.change_at_both(begun)
    received, reviewed = story.import_answer(begun)

    assert (len(reviewed.new), len(reviewed.changed), reviewed.conflicts) == (0, 1, 1)
    page = story.plan_page(begun)
    (conflict,) = page.conflicts
    assert (conflict.key, conflict.sequence) == ("arrives", 2)
    assert {version.value for version in conflict.versions} == {ours_arrives, theirs_arrives}
    assert conflict.before is not None
    assert conflict.before.value not in {ours_arrives, theirs_arrives}
    number = page.legs[1].record.booking_reference
    assert number == "EX 4711"  # what only they changed arrived by itself
    assert page.legs[1].record.arrives is None  # nothing acts on a field in conflict
    assert begun.ours.store.verify() == ()

    refused = story.try_bad_files(begun, sent, received)
    assert refused == {
        "for the partner": "bundle.not_for_us",
        "torn": "bundle.torn",
        "a letter": "bundle.not_a_bundle",
        "again": "bundle.taken_before",
    }


def test_decided_conflict_goes_back_and_both_desks_agree(begun: Story) -> None:
    story.send_first_bundle(begun)
    _, theirs_arrives = story.change_at_both(begun)
    story.import_answer(begun)
    row = begun.ours.store.row(begun.legs[1])
    assert row is not None
    change_record(begun.ours, begun.legs[1], {"arrives": theirs_arrives}, seen_writes(row))

    made = transfer.send_bundle(begun.ours, begun.plan, begun.partner, begun.post)
    taken = begun.theirs.run("bundle", "take", str(made.path))

    assert (taken["changed"], taken["conflicts"]) == (1, 0)
    shown = begun.theirs.run("plan", "show", begun.plan.hex())
    leg = next(r for r in shown["records"] if r["record"] == begun.legs[1].hex())
    assert leg["values"]["arrives"] == str(theirs_arrives)
    assert shown["conflicts"] == []


def test_partner_never_learns_what_stays_at_the_desk(begun: Story) -> None:
    story.send_first_bundle(begun)
    shown = begun.theirs.run("plan", "show", begun.plan.hex())
    values = str(shown)
    assert "Havsörn" in values
    for kept in (people.CLIENT["alias"], "blåsippa", "Ring Eva", people.ESCORT["phone"]):
        assert str(kept) not in values


def test_escort_gets_nothing_and_the_reason_is_told(begun: Story) -> None:
    shares = {share.recipient.who: share for share in story.plan_page(begun).shares}
    assert shares[RecipientKind.PERSON].name == "Karin"
    assert shares[RecipientKind.PERSON].granted == 0
    assert set(shares[RecipientKind.PERSON].withheld) == {WithheldReason.NO_CONSENT}
    assert shares[RecipientKind.PARTNER].granted > 0
    assert shares[RecipientKind.CLIENT].granted > 0


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("ru", ("План поездки", "Стокгольм", "12:40", "Анна", "жёлтый шарф", "+46 70 174 06 15")),
        ("sv", ("Resplan", "Stockholm", "12:40", "Anna", "gul halsduk", "+7 000 555 01 17")),
    ],
)
def test_travellers_sheet_is_printed_in_her_language(
    begun: Story, code: str, words: tuple[str, ...]
) -> None:
    paper = make_paper(begun.ours, sheet(begun.plan, code))
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(paper.pdf)).pages)
    assert [word for word in words if word not in text] == []
    for never in ("tulpan-47", "Нина", "Вымыслова", "HX 20417", people.HOUSE, people.SAFE_HOUSE):
        assert never not in text
    entries = begun.ours.store.ledger.entries(begun.ours.identity.organisation)  # still a draft
    assert {entry.target for entry in entries} == {paper.digest}
    assert {key for entry in entries for key in entry.writes} >= {"name_on_ticket", "departs"}


@pytest.mark.slow
def test_sheet_is_refused_while_a_leg_is_in_conflict(begun: Story) -> None:
    story.send_first_bundle(begun)
    story.change_at_both(begun)
    story.import_answer(begun)
    with pytest.raises(KfdeskError) as refused:
        make_paper(begun.ours, sheet(begun.plan))
    assert (refused.value.code, refused.value.data) == ("paper.conflict", {"field": "leg.arrives"})


def test_bundle_from_a_desk_we_do_not_know_changes_nothing(begun: Story, tmp_path: Path) -> None:
    stranger = store_lifecycle.create_store(
        tmp_path / "stranger", "Okänd", Credentials("XX", "sex ord som ingen känner"), MACHINE
    )
    us = partners.add_partner(
        stranger, partners.our_card(begun.ours), PartnerTerms(is_third_country=False)
    )
    partners.verify_partner(
        stranger, us.organisation, partners.verification_digits(stranger, us.organisation)
    )
    plan, _ = story.enter_plan(stranger, us.organisation)
    made = transfer.send_bundle(stranger, plan, us.organisation, begun.post)
    before = begun.ours.store.digest()

    with pytest.raises(KfdeskError) as refused:
        transfer.review_bundle(begun.ours, made.path)

    assert refused.value.code == "bundle.unknown_sender"
    assert begun.ours.store.digest() == before


def test_pending_partner_is_not_known_yet(begun: Story, tmp_path: Path) -> None:
    who = Credentials("NN", "sex andra ord som ingen känner")
    newcomer = store_lifecycle.create_store(tmp_path / "newcomer", "Nykomling", who, MACHINE)
    us = partners.add_partner(
        newcomer, partners.our_card(begun.ours), PartnerTerms(is_third_country=False)
    )
    partners.verify_partner(
        newcomer, us.organisation, partners.verification_digits(newcomer, us.organisation)
    )
    plan, _ = story.enter_plan(newcomer, us.organisation)
    made = transfer.send_bundle(newcomer, plan, us.organisation, begun.post)
    partners.add_partner(
        begun.ours, partners.our_card(newcomer), PartnerTerms(is_third_country=False)
    )
    with pytest.raises(KfdeskError) as refused:
        transfer.review_bundle(begun.ours, made.path)
    assert refused.value.code == "bundle.unknown_sender"


@pytest.mark.slow  # cheaper in tests/integration/test_exchange_services.py
def test_nothing_is_sent_after_her_withdrawal(begun: Story) -> None:
    (consent,) = story.plan_page(begun).consents
    now = begun.ours.adapters.clock.now().replace(tzinfo=None, second=0, microsecond=0)
    change_record(begun.ours, consent.view.rid, {"withdrawn": ZonedTime.at(now, people.STOCKHOLM)})
    with pytest.raises(KfdeskError) as refused:
        transfer.send_bundle(begun.ours, begun.plan, begun.partner, begun.post)
    assert refused.value.code == "exchange.nothing_allowed"
    assert list(begun.post.glob("*.age")) == []


@pytest.mark.slow
def test_partner_cannot_widen_the_consent_it_was_given(begun: Story) -> None:
    story.send_first_bundle(begun)
    (consent,) = story.plan_page(begun).consents
    groups = '["identity", "contact", "travel", "health", "legal_case"]'
    begun.theirs.run("plan", "set", consent.view.rid.hex(), "groups", groups)
    begun.theirs.run("plan", "set", begun.legs[0].hex(), "carrier", '"M/S Annan"')

    _, reviewed = story.import_answer(begun)

    (after,) = story.plan_page(begun).consents
    assert after.view.record.groups == consent.view.record.groups
    assert [row.type for row in reviewed.changed] == ["leg"]


@pytest.mark.slow
def test_acknowledged_records_are_not_sent_again_but_a_new_word_is(begun: Story) -> None:
    story.send_first_bundle(begun)
    story.change_at_both(begun)
    story.import_answer(begun)  # their bundle says that ours arrived
    made = transfer.send_bundle(begun.ours, begun.plan, begun.partner, begun.post)
    taken = begun.theirs.run("bundle", "inspect", str(made.path))
    assert (taken["new"], taken["changed"]) == (0, 1)
    entries = begun.ours.store.ledger.entries(begun.partner)
    assert {e.rid for e in entries if e.target == made.digest} == {begun.legs[1]}


@pytest.mark.slow
def test_failed_take_leaves_the_store_as_it_was(
    begun: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.send_first_bundle(begun)
    story.change_at_both(begun)
    organisation = begun.ours.identity.organisation.hex()
    made = begun.theirs.run(
        "bundle", "make", begun.plan.hex(), "--to", organisation, "--into", str(begun.post)
    )
    path = Path(made["file"])
    reviewed = transfer.review_bundle(begun.ours, path)
    before = begun.ours.store.digest()

    def fails(*_: object) -> None:
        raise KfdeskError("store.disk")

    monkeypatch.setattr(begun.ours.store.ledger, "acknowledge", fails)
    with pytest.raises(KfdeskError):
        transfer.import_bundle(begun.ours, path, reviewed)
    monkeypatch.undo()

    assert begun.ours.store.digest() == before
    assert len(transfer.import_bundle(begun.ours, path, reviewed).rids) == 1


@pytest.mark.slow
def test_form_opened_before_an_import_makes_a_conflict_and_no_overwrite(begun: Story) -> None:
    story.send_first_bundle(begun)
    row = begun.ours.store.row(begun.legs[1])
    assert row is not None
    opened = seen_writes(row)
    begun.theirs.run("plan", "set", begun.legs[1].hex(), "carrier", '"18, Exempelbuss"')
    story.import_answer(begun)

    change_record(begun.ours, begun.legs[1], {"carrier": "19, Exempelbuss"}, opened)

    after = begun.ours.store.row(begun.legs[1])
    assert after is not None
    versions = view(after, Leg).versions["carrier"]
    assert {version.value for version in versions} == {"18, Exempelbuss", "19, Exempelbuss"}


def test_records_are_there_after_the_desk_was_closed(begun: Story, tmp_path: Path) -> None:
    digest = begun.ours.store.digest()
    begun.ours.store.close()
    again = store_lifecycle.unlock_store(
        tmp_path / story.OURS, Credentials(people.INITIALS, people.PASSPHRASE), MACHINE
    )
    assert again.store.digest() == digest
    assert again.identity == begun.ours.identity
    (line,) = plans.list_plans(again)
    again.store.close()
    assert (line.code, line.state, len(line.legs)) == ("tulpan-47", "draft", 2)
