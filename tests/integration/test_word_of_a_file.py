# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing that lasts is written on a file's word about a record that is not its sender's.

B has valid keys, knows an id that was erased here, and names other records below it.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.integration.hostile_samples import MACHINE, WHO, Trio, hostile_trio
from tests.support.hostile import Place, signed_file
from tests.support.laptops import trusted_laptop
from tests.support.lasting import differing, lasting_rows
from tests.support.make import FILLED
from tests.support.stores import remembering, unlock

from kfdesk import store_lifecycle
from kfdesk.bundle.container import Ack
from kfdesk.demo import people
from kfdesk.domain.authority import make_record_id
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.consent import is_withdrawn, withdrawal_notice
from kfdesk.domain.exchange import ControlMessages, ErasureOrder, ErasureOrderState, FileIssue
from kfdesk.domain.rows import Row
from kfdesk.domain.values import Value, ZonedTime
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer
from kfdesk.services.exchange.epochs import is_epoch_unacknowledged, our_epoch
from kfdesk.services.exchange.erasure import erase_client
from kfdesk.services.exchange.import_policy import Refusal
from kfdesk.services.exchange.import_review import undo_import
from kfdesk.services.exchange.record_findings import record_findings
from kfdesk.services.plans.consents import withdraw_consent
from kfdesk.services.upkeep.backup import make_backup

WHY = ErasureReason.CLIENT_REQUEST


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    with hostile_trio(tmp_path) as met:
        yield met


def org(desk: Session) -> bytes:
    return desk.identity.organisation


def erased_client_of(trio: Trio, by: Session) -> bytes:
    """Take a client of this partner, and erase it here; return its id."""
    client = trio.forger(by).written("client", {"code": f"gone-{os.urandom(2).hex()}"})
    trio.take(trio.forger(by).file([client]))
    erase_client(trio.ours, client.rid, WHY)
    return client.rid


def ghost_of(trio: Trio) -> bytes:
    """Let B order a record erased that nobody has, and take the order; return the record's id."""
    rid = make_record_id(org(trio.bad), os.urandom(8))
    order = ErasureOrder(os.urandom(16), rid, None, WHY, 0, 1 << 16)
    trio.take(trio.forger(trio.bad).file(dealings=ControlMessages(orders=(order,))))
    return rid


def case_of(trio: Trio, by: Session) -> tuple[Row, Row, Row, Row]:
    """Return client, plan, leg and a consent for us, of a partner's own."""
    forger = trio.forger(by)
    client = forger.written("client", {"code": "koda-9"})
    plan = forger.written("plan", {"wish": "stay"}, parent=client.rid)
    leg = forger.written("leg", FILLED["leg"], parent=plan.rid)
    values = people.reception_consent(trio.ours.adapters.clock.now(), org(trio.ours).hex())
    return client, plan, leg, forger.written("consent", values, parent=client.rid)


def ours(trio: Trio, name: str) -> Row:
    return trio.ours.store.rows(name)[0]


def below(trio: Trio, name: str, rid: bytes, erased: bytes, custodian: bytes) -> Row:
    """Return a row of this id that B says is of this custodian, below something erased."""
    return trio.forger(trio.bad).written(
        name, FILLED.get(name, {}), parent=erased, rid=rid, custodian=custodian
    )


Parent = Callable[[Trio], bytes]
PARENTS: dict[str, Parent] = {
    "its own client": lambda trio: erased_client_of(trio, trio.bad),
    "a ghost": ghost_of,
}


@pytest.mark.parametrize("parent", sorted(PARENTS))
@pytest.mark.parametrize("whose", ["ours", "bad", "third"])
@pytest.mark.parametrize("name", ["client", "plan", "leg", "consent", "organisation"])
def test_row_below_an_erased_one_says_nothing_of_our_live_record(
    trio: Trio, name: str, whose: str, parent: str
) -> None:
    erased = PARENTS[parent](trio)
    live = trio.row(org(trio.ours)) if name == "organisation" else ours(trio, name)
    before = lasting_rows(trio.ours)
    path = trio.forger(trio.bad).file(
        [below(trio, name, live.rid, erased, org(getattr(trio, whose)))]
    )
    review = transfer.review_bundle(trio.ours, path)
    assert review.needs_look
    assert (review.refused, review.kept_out) == (1, 0)
    transfer.import_bundle(trio.ours, path, review)
    assert differing(before, lasting_rows(trio.ours)) == []


@pytest.mark.parametrize("whose", ["bad", "third"])
def test_row_below_an_erased_one_says_nothing_of_a_third_houses_record(
    trio: Trio, whose: str
) -> None:
    erased = erased_client_of(trio, trio.bad)
    before = lasting_rows(trio.ours)
    for name in sorted(FILLED):
        rid = make_record_id(org(trio.third), os.urandom(8))
        row = below(trio, name, rid, erased, org(getattr(trio, whose)))
        path = trio.forger(trio.bad).file([row])
        review = transfer.review_bundle(trio.ours, path)
        assert review.needs_look, name
        transfer.import_bundle(trio.ours, path, review)
        assert differing(before, lasting_rows(trio.ours)) == [], name


def test_case_of_a_third_house_comes_whatever_was_said_of_its_ids(trio: Trio) -> None:
    erased, case = erased_client_of(trio, trio.bad), case_of(trio, trio.third)
    for whose in (trio.bad, trio.third):
        rows = [below(trio, row.type, row.rid, erased, org(whose)) for row in case]
        trio.take(trio.forger(trio.bad).file(rows))
    review = trio.take(trio.forger(trio.third).file(case))
    assert (review.refused, review.findings) == (0, ())
    assert [trio.row(row.rid).custodian for row in case] == [org(trio.third)] * 4


def test_case_of_a_third_house_with_ids_of_older_programs_comes_as_well(trio: Trio) -> None:
    """Nothing binds these ids, so what B says counts for B's own files alone."""
    erased = erased_client_of(trio, trio.bad)
    client, plan, leg, _ = case_of(trio, trio.third)
    rids = {row.rid: os.urandom(6) + b"\x40" + os.urandom(9) for row in (client, plan, leg)}
    old = [
        replace(row, rid=rids[row.rid], parent=rids.get(row.parent or b""))
        for row in (client, plan, leg)
    ]
    rows = [below(trio, row.type, row.rid, erased, org(trio.bad)) for row in old]
    trio.take(trio.forger(trio.bad).file(rows))
    for row in old:  # one by one: what stands above is not in the file
        trio.take(trio.forger(trio.third).file([row]))
    assert [trio.row(row.rid).custodian for row in old] == [org(trio.third)] * 3


def withdrawal(trio: Trio) -> dict[str, Value]:
    return {"withdrawn": ZonedTime.at(trio.ours.adapters.clock.now().replace(tzinfo=None), "UTC")}


def notice_of(
    trio: Trio, row: Row, by: Session, parent: bytes = b"", custodian: bytes = b""
) -> Path:
    """Return a file of this partner with a withdrawal of a consent."""
    withdrawn = trio.forger(by).changed(row, withdrawal(trio))
    notice = withdrawal_notice(
        replace(
            withdrawn,
            parent=parent or row.parent,
            custodian=custodian or row.custodian,
        )
    )
    return trio.forger(by).notices([notice])


def test_withdrawal_is_believed_whatever_was_said_of_its_consent(trio: Trio) -> None:
    erased = erased_client_of(trio, trio.bad)
    case = case_of(trio, trio.third)
    trio.take(trio.forger(trio.third).file(case))
    consent = case[3]
    for whose in (trio.bad, trio.third):
        trio.take(notice_of(trio, consent, trio.bad, parent=erased, custodian=org(whose)))
    trio.take(notice_of(trio, consent, trio.third))
    assert is_withdrawn(trio.row(consent.rid))


def test_our_consent_is_withdrawn_by_its_recipient_whatever_another_said(trio: Trio) -> None:
    consent, erased = ours(trio, "consent"), erased_client_of(trio, trio.third)
    forged = trio.forger(trio.third)
    row = replace(
        forged.changed(consent, withdrawal(trio)),
        parent=erased,
        custodian=org(trio.third),
    )
    review = trio.take(forged.notices([withdrawal_notice(row)]))
    assert {one.finding for one in review.findings} == {FileIssue.FORGED_ID}
    trio.take(notice_of(trio, consent, trio.bad))
    assert is_withdrawn(trio.row(consent.rid))


def test_withdrawal_in_advance_takes_no_id_that_is_bound_to_another(trio: Trio) -> None:
    case = case_of(trio, trio.third)
    before = lasting_rows(trio.ours)
    path = notice_of(trio, case[3], trio.bad, custodian=org(trio.bad))
    review = transfer.review_bundle(trio.ours, path)
    assert {one.finding for one in review.findings} == {FileIssue.FORGED_ID}
    assert review.needs_look
    transfer.import_bundle(trio.ours, path, review)
    assert differing(before, lasting_rows(trio.ours)) == []
    review = trio.take(trio.forger(trio.third).file(case))
    assert review.findings == ()
    assert not is_withdrawn(trio.row(case[3].rid))


@pytest.mark.parametrize("whose", ["ours", "bad"])
def test_laptop_of_ours_gives_a_third_houses_ids_to_nobody(trio: Trio, whose: str) -> None:
    case, custodian = case_of(trio, trio.third), org(getattr(trio, whose))
    laptop = trusted_laptop(trio.ours, trio.post / "laptop", WHO, MACHINE)
    forger, before = trio.forger(laptop), lasting_rows(trio.ours)
    false = [replace(row, custodian=custodian) for row in case[:3]]
    closed = replace(forger.changed(case[3], withdrawal(trio)), custodian=custodian)
    told = withdrawal_notice(closed)
    review = trio.take(forger.file(false, notices=[told]))
    assert {one.finding for one in review.findings} == {FileIssue.FORGED_ID}
    assert (review.needs_look, review.refused, review.untold) == (True, 3, 1)
    assert differing(before, lasting_rows(trio.ours)) == []
    honest = trio.take(trio.forger(trio.third).file(case))
    assert (honest.refused, honest.findings) == (0, ())
    laptop.store.close()


def test_withdrawal_in_advance_of_its_own_consent_is_kept(trio: Trio) -> None:
    """The neighbour: the custodian's own word, before its file."""
    case = case_of(trio, trio.third)
    trio.take(notice_of(trio, case[3], trio.third))
    trio.take(trio.forger(trio.third).file(case))
    assert is_withdrawn(trio.row(case[3].rid))


def test_own_new_record_below_an_erased_one_stays_out_for_good_and_only_for_its_sender(
    trio: Trio,
) -> None:
    erased = erased_client_of(trio, trio.bad)
    bad = trio.forger(trio.bad)
    plan = bad.written("plan", {"wish": "stay"}, parent=erased)
    review = trio.take(bad.file([plan]))
    assert (review.kept_out, review.needs_look) == (1, False)
    leg = bad.written("leg", FILLED["leg"], parent=plan.rid)
    assert trio.take(bad.file([leg])).erased == {leg.rid}
    marks = {one.rid: one for one in trio.ours.store.erasures.entries()}
    assert marks[leg.rid].custodian == marks[leg.rid].sender == org(trio.bad)
    assert marks[leg.rid].file


def test_entry_that_a_file_made_goes_with_the_undo_of_the_file(trio: Trio) -> None:
    erased, bad = erased_client_of(trio, trio.bad), trio.forger(trio.bad)
    before = trio.ours.store.erasures.entries()
    plan = bad.written("plan", {"wish": "stay"}, parent=erased)
    review = trio.take(bad.file([plan]))
    assert len(trio.ours.store.erasures.entries()) == len(before) + 1
    undo_import(trio.ours, review.taken.digest)
    assert trio.ours.store.erasures.entries() == before


def test_backup_made_after_such_a_file_is_restored_whole(trio: Trio, tmp_path: Path) -> None:
    erased = erased_client_of(trio, trio.bad)
    mine = [ours(trio, name) for name in ("client", "plan", "leg", "consent")]
    mine.append(trio.row(org(trio.ours)))
    rows = [below(trio, row.type, row.rid, erased, org(trio.bad)) for row in mine]
    trio.take(trio.forger(trio.bad).file(rows))
    counts = trio.ours.store.backups.counts()
    stick = tmp_path / "stick"
    stick.mkdir()
    backup = make_backup(trio.ours, stick).path
    trio.ours.store.close()
    with remembering():
        done = store_lifecycle.restore_store(backup, tmp_path / "ours", WHO, MACHINE)
    assert (done.erased, done.counts) == (0, counts)
    desk = unlock(tmp_path / "ours", WHO, MACHINE)
    assert desk.store.verify() == ()
    desk.store.close()


def test_order_for_our_own_organisation_is_declined_and_asks_nobody(trio: Trio) -> None:
    order = ErasureOrder(os.urandom(16), org(trio.ours), None, WHY, 0, 1 << 16)
    review = trio.take(trio.forger(trio.bad).file(dealings=ControlMessages(orders=(order,))))
    assert review.requests == 0
    assert trio.row(org(trio.ours)).type == "organisation"


def test_order_for_a_third_houses_record_keeps_nothing_of_it_out(trio: Trio) -> None:
    case = case_of(trio, trio.third)
    orders = tuple(ErasureOrder(os.urandom(16), row.rid, None, WHY, 0, 1 << 16) for row in case)
    trio.take(trio.forger(trio.bad).file(dealings=ControlMessages(orders=orders)))
    trio.take(trio.forger(trio.third).file(case))
    assert [trio.row(row.rid).rid for row in case] == [row.rid for row in case]


def test_order_ahead_keeps_writes_out_only_of_what_may_be_the_senders(trio: Trio) -> None:
    """Also of an id that is bound to us or to C, an order leaves nothing that lasts."""
    part = ((7, b"8 bytes."),)
    rids = {one: make_record_id(org(one), os.urandom(8)) for one in (trio.ours, trio.third)}
    before = lasting_rows(trio.ours)["erased_write"]
    orders = [ErasureOrder(os.urandom(16), rid, part, WHY, 0, 1 << 16) for rid in rids.values()]
    review = trio.take(trio.forger(trio.bad).file(dealings=ControlMessages(orders=tuple(orders))))
    assert {state for _, state in review.orders} == {ErasureOrderState.NOT_HERE}
    assert lasting_rows(trio.ours)["erased_write"] == before
    own = ErasureOrder(
        os.urandom(16), make_record_id(org(trio.bad), os.urandom(8)), part, WHY, 0, 1 << 16
    )
    trio.take(trio.forger(trio.bad).file(dealings=ControlMessages(orders=(own,))))
    (kept,) = lasting_rows(trio.ours)["erased_write"] - before
    assert own.rid in kept


def test_erased_row_of_ours_that_a_partner_still_sends_is_no_alarm(trio: Trio) -> None:
    """The neighbour: an honest partner does not know yet that she was erased here."""
    client, plan = ours(trio, "client"), trio.row(trio.plan)
    erase_client(trio.ours, client.rid, WHY)
    bad = trio.forger(trio.bad)
    leg = bad.written("leg", FILLED["leg"], parent=plan.rid)
    review = trio.take(bad.file([client, plan, leg]))
    assert (review.kept_out, review.findings, review.needs_look) == (3, (), False)


def test_withdrawal_of_ours_is_told_on_when_she_was_erased(trio: Trio) -> None:
    """The neighbour: what must still be told is told, whatever B says of it."""
    consent, client = ours(trio, "consent"), ours(trio, "client")
    transfer.send_bundle(trio.ours, trio.plan, org(trio.bad), trio.post)
    withdraw_consent(trio.ours, consent.rid, ())
    erase_client(trio.ours, client.rid, WHY)
    kept = trio.ours.store.orders.kept_notices()
    assert kept
    row = replace(consent, custodian=org(trio.third))
    trio.take(notice_of(trio, row, trio.third))
    assert trio.ours.store.orders.kept_notices() == kept


def test_false_acknowledgement_restarts_the_files_to_its_sender_alone(trio: Trio) -> None:
    them, third = org(trio.bad), org(trio.third)
    transfer.send_bundle(trio.ours, trio.plan, them, trio.post)
    before = {one: our_epoch(trio.ours, one) for one in (b"", them, third)}
    false = Ack(before[them], 999, ())
    path = signed_file(trio.bad, trio.ours, trio.post, Place(ack=false))
    review = transfer.review_bundle(trio.ours, path)
    assert {one.finding for one in review.findings} == {FileIssue.AHEAD_OF_US}
    transfer.import_bundle(trio.ours, path, review)
    after = {one: our_epoch(trio.ours, one) for one in before}
    assert after.pop(them) != before.pop(them)
    assert after == before
    assert is_epoch_unacknowledged(trio.ours, them)
    assert not is_epoch_unacknowledged(trio.ours, third)


@pytest.mark.parametrize("why", sorted(set(Refusal) - {Refusal.NOT_WRITABLE, Refusal.ERASED}))
def test_refusal_has_a_sentence_of_its_own(why: Refusal) -> None:
    (finding,) = record_findings({why: 3}, {}, 0)
    assert (finding.finding.value, finding.records) == (why.value, 3)


def test_record_that_its_sender_may_not_write_is_counted_apart(trio: Trio) -> None:
    consent = trio.forger(trio.bad).written(
        "consent", FILLED["consent"], parent=trio.row(trio.plan).parent
    )
    review = transfer.review_bundle(trio.ours, trio.forger(trio.bad).file([consent]))
    assert (review.refused, review.unwritable, review.findings) == (1, 1, ())
