# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of the erased: people read it, take entries back, and repair what was noted wrongly."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.integration.hostile_samples import MACHINE, WHO, Trio, hostile_trio
from tests.integration.pair_samples import refusal
from tests.integration.test_word_of_a_file import case_of, erased_client_of, org
from tests.support.make import FILLED
from tests.support.stores import AGREED, remembering, unlock

from kfdesk import store_lifecycle
from kfdesk.domain.audit import Action
from kfdesk.domain.backup import CONTRADICTIONS_SETTING, ErasureEntry
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.exchange import REASON_BELOW_ERASED, Direction, TakeBackReason
from kfdesk.services.exchange.erased_records import (
    count_contradictions,
    list_erased,
    repair_contradictions,
    take_erasure_back,
)
from kfdesk.services.exchange.erasure import erase_client
from kfdesk.services.today import read_today
from kfdesk.services.upkeep.backup import make_backup, start_new_epoch
from kfdesk.storage.erasure import Erasures
from kfdesk.storage.tables import _note_contradictions


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    with hostile_trio(tmp_path) as met:
        yield met


def kept_out_plan(trio: Trio) -> bytes:
    """Let B send a plan below its client that was erased here; return its id."""
    erased, bad = erased_client_of(trio, trio.bad), trio.forger(trio.bad)
    plan = bad.written("plan", {"wish": "stay"}, parent=erased)
    trio.take(bad.file([plan]))
    return plan.rid


def test_list_says_whose_it_was_and_on_whose_word(trio: Trio) -> None:
    rid = kept_out_plan(trio)
    lines = {one.rid: one for one in list_erased(trio.ours)}
    said, by_us = lines.pop(rid), next(iter(lines.values()))
    assert (said.sender, said.custodian) == (trio.bad.identity.name,) * 2
    assert (by_us.sender, by_us.custodian) == ("", trio.bad.identity.name)
    (mark,) = trio.ours.store.ledger.marks(org(trio.bad), Direction.IN)[-1:]
    assert (said.file, by_us.file) == (mark.sequence, None)
    assert not said.is_here
    assert not by_us.is_here


def test_entry_that_is_taken_back_lets_the_record_come(trio: Trio) -> None:
    client = erased_client_of(trio, trio.bad)
    row = replace(trio.forger(trio.bad).written("client", {"code": "again"}), rid=client)
    assert trio.take(trio.forger(trio.bad).file([row])).kept_out == 1
    take_erasure_back(trio.ours, client, TakeBackReason.WANTED_AGAIN)
    event = trio.ours.store.ledger.events(None, 1)[0][1]
    assert (event.action, event.rid, event.keys) == (
        Action.ERASURE_TAKEN_BACK, client, (TakeBackReason.WANTED_AGAIN,),
    )  # fmt: skip
    trio.take(trio.forger(trio.bad).file([row]))
    assert trio.row(client).type == "client"
    fault = refusal(lambda: take_erasure_back(trio.ours, client, TakeBackReason.MISTAKE))
    assert fault.code == "record.missing"


def test_who_may_not_erase_neither_reads_nor_changes_the_list(trio: Trio) -> None:
    rid, nobody = kept_out_plan(trio), replace(trio.ours, roles=frozenset())
    for call in (
        lambda: list_erased(nobody),
        lambda: take_erasure_back(nobody, rid, TakeBackReason.MISTAKE),
        lambda: count_contradictions(nobody),
        lambda: repair_contradictions(nobody),
    ):
        assert refusal(call).code == "user.not_allowed"
    assert read_today(nobody).contradictions == 0


def poison(trio: Trio) -> tuple[bytes, bytes]:
    """Leave what an older program wrote on B's word; return our client and C's consent."""
    client, consent = trio.ours.store.rows("client")[0], case_of(trio, trio.third)[3]
    false = replace(consent, custodian=org(trio.bad))
    with trio.ours.store.transaction():
        trio.ours.store.put(false)
        for rid in (client.rid, org(trio.ours), trio.plan):
            trio.ours.store.erasures.mark([ErasureEntry(rid, 1, REASON_BELOW_ERASED)])
        _note_contradictions(trio.ours.store._connection)
    return client.rid, consent.rid


def test_what_an_older_program_noted_wrongly_is_repaired_once(trio: Trio) -> None:
    client, consent = poison(trio)
    assert read_today(trio.ours).contradictions == count_contradictions(trio.ours) == 4
    changes = repair_contradictions(trio.ours)
    assert {client, consent} < changes.rids
    assert trio.row(client).type == "client"
    assert trio.ours.store.row(consent) is None
    assert count_contradictions(trio.ours) == 0
    assert not any(one.is_here for one in list_erased(trio.ours))
    assert trio.ours.store.setting(CONTRADICTIONS_SETTING) == b""
    assert trio.ours.store.verify() == ()


def test_store_that_holds_such_notes_is_restored_whole(trio: Trio, tmp_path: Path) -> None:
    poison(trio)
    counts = trio.ours.store.backups.counts()
    stick = tmp_path / "stick"
    stick.mkdir()
    backup = make_backup(trio.ours, stick).path
    trio.ours.store.close()
    with remembering():
        done = store_lifecycle.restore_store(backup, tmp_path / "ours", WHO, MACHINE)
    assert (done.erased, done.counts) == (0, counts)
    desk = unlock(tmp_path / "ours", WHO, MACHINE)
    assert count_contradictions(desk) == 4
    desk.store.close()


def test_what_was_erased_since_the_backup_is_erased_again(trio: Trio, tmp_path: Path) -> None:
    """The neighbour: her own erasure outlives the backup."""
    stick = tmp_path / "stick"
    stick.mkdir()
    backup = make_backup(trio.ours, stick).path
    client = trio.ours.store.rows("client")[0]
    erase_client(trio.ours, client.rid, ErasureReason.CLIENT_REQUEST)
    trio.ours.store.close()
    with remembering():
        done = store_lifecycle.restore_store(backup, tmp_path / "ours", WHO, MACHINE, AGREED)
    assert done.erased > 1
    desk = unlock(tmp_path / "ours", WHO, MACHINE)
    assert desk.store.rows("client") == ()
    desk.store.close()


def test_our_own_organisation_is_never_erased_by_a_restore(trio: Trio) -> None:
    entry = ErasureEntry(org(trio.ours), 1, ErasureReason.ERROR, os.urandom(16))
    assert start_new_epoch(trio.ours, [entry, replace(entry, custodian=b"")]) == 0
    assert trio.row(org(trio.ours)).type == "organisation"


def test_file_reads_of_the_list_only_the_ids_that_it_names(
    trio: Trio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list of 300,000 entries cost two seconds for each look at a file of one record."""
    erased = erased_client_of(trio, trio.bad)
    with trio.ours.store.transaction():
        whose = org(trio.ours)
        trio.ours.store.erasures.mark(
            ErasureEntry(os.urandom(16), 1, ErasureReason.ERROR, whose) for _ in range(500)
        )
    monkeypatch.delattr(Erasures, "entries")
    plan = trio.forger(trio.bad).written("plan", {"wish": "stay"}, parent=erased)
    assert trio.take(trio.forger(trio.bad).file([plan])).kept_out == 1
    new = trio.forger(trio.bad).written("client", {"code": "new"})
    assert trio.take(trio.forger(trio.bad).file([new])).kept_out == 0
    below = trio.forger(trio.bad).written("leg", FILLED["leg"], parent=plan.rid)
    assert trio.take(trio.forger(trio.bad).file([below])).kept_out == 1
