# SPDX-License-Identifier: GPL-3.0-or-later
"""A restore says before what it erases again and why; where records of ours go, somebody is asked.

Nothing changes without a yes. What goes is exactly what was said before.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.hostile_samples import MACHINE, WHO, Trio, hostile_trio
from tests.integration.pair_samples import refusal
from tests.integration.test_erased_list import kept_out_plan
from tests.support.erasing import erase_fields
from tests.support.stores import AGREED, remembering, unlock

from kfdesk import app, store_lifecycle
from kfdesk.demo import people
from kfdesk.domain.accounts import Credentials, Role
from kfdesk.domain.backup import ErasedAgain, RestorePreview, RestoreResult
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.exchange import ControlMessages, ErasureOrder
from kfdesk.i18n.erasure_messages import erased_again_texts
from kfdesk.services import accounts
from kfdesk.services.exchange import erasure
from kfdesk.services.exchange.erased_records import list_erased
from kfdesk.services.exchange.erasure import erase_client
from kfdesk.services.upkeep.backup import make_backup
from kfdesk.store_lifecycle import RestoreCourse

REQUEST, UNASKED = ErasureReason.CLIENT_REQUEST, RestoreCourse()


class Bench:
    """Three desks, a backup of ours, and a restore of it in our store's place."""

    def __init__(self, trio: Trio, folder: Path) -> None:
        self.trio, self.store = trio, folder / "ours"
        (stick := folder / "stick").mkdir()
        self.backup = make_backup(trio.ours, stick).path
        self.seen: list[RestorePreview] = []

    def restore(self, course: RestoreCourse = UNASKED, who: Credentials = WHO) -> RestoreResult:
        def agrees(preview: RestorePreview) -> bool:
            self.seen.append(preview)
            return course.agrees(preview)

        self.trio.ours.store.close()
        with remembering():
            return store_lifecycle.restore_store(
                self.backup, self.store, who, MACHINE, RestoreCourse(agrees=agrees)
            )

    def files(self) -> dict[str, bytes]:
        """Return all files here with their bytes, but for the lock."""
        found = sorted(self.store.parent.rglob("*"))
        return {str(one): one.read_bytes() for one in found if one.is_file()}

    def types(self) -> set[str]:
        desk = unlock(self.store, WHO, MACHINE)
        try:
            return {name for name, count in desk.store.backups.counts().items() if count}
        finally:
            desk.store.close()


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    with hostile_trio(tmp_path) as met:
        yield met


def herself(trio: Trio) -> bytes:
    return trio.ours.store.rows("client")[0].rid


def lines(preview: RestorePreview) -> list[str]:
    return list(erased_again_texts(preview, app.language("en")))


def test_what_we_erased_is_shown_and_asked_before_and_no_leaves_all_as_it_was(
    trio: Trio, tmp_path: Path
) -> None:
    bench = Bench(trio, tmp_path)
    family = trio.ours.store.tree.family((herself(trio),))
    erase_client(trio.ours, herself(trio), REQUEST)
    trio.ours.store.close()
    before = bench.files()
    assert refusal(bench.restore).code == "backup.not_agreed"
    assert bench.files() == before
    (preview,) = bench.seen
    (line,) = preview.lines
    assert (preview.is_asked, line.reason, line.asked_by) == (True, REQUEST, "")
    assert sum(line.records.values()) == line.ours == len(family)
    assert line.codes == (people.CLIENT["code"],)
    assert bench.types().isdisjoint({"client", "leg"})
    assert bench.restore(AGREED).erased == len(family)
    assert bench.seen[1] == preview
    assert bench.types().isdisjoint({"client", "leg"})


def test_restore_that_erases_nothing_of_ours_again_does_not_ask(trio: Trio, tmp_path: Path) -> None:
    """B's client was ordered erased by B; a plan is kept out by B's file."""
    bad = trio.forger(trio.bad)
    client = bad.written("client", {"code": "gone-1"})
    trio.take(bad.file([client]))
    bench = Bench(trio, tmp_path)
    order = ErasureOrder(os.urandom(16), client.rid, None, REQUEST, 0, 1 << 16)
    trio.take(bad.file(dealings=ControlMessages(orders=(order,))))
    if trio.ours.store.row(client.rid) is not None:
        whose = trio.bad.identity.organisation
        erasure.answer_erasure_requests(trio.ours, whose, [order.id], erases=True)
    kept_out = kept_out_plan(trio)
    assert kept_out in {one.rid for one in list_erased(trio.ours)}
    done = bench.restore()
    (preview,) = bench.seen
    (line,) = preview.lines
    assert (preview.is_asked, line.ours, line.records) == (False, 0, {"client": 1})
    assert line.asked_by == trio.bad.identity.name
    assert (done.erased, lines(preview)[0].count(trio.bad.identity.name)) == (1, 1)


def test_entry_that_a_file_made_neither_erases_nor_asks(trio: Trio, tmp_path: Path) -> None:
    kept_out_plan(trio)
    bench = Bench(trio, tmp_path)
    assert bench.restore().erased == 0
    assert bench.seen == [RestorePreview()]


def test_each_erasure_is_a_line_with_its_day_and_reason_the_newest_first(
    trio: Trio, tmp_path: Path
) -> None:
    erased = [trio.forger(trio.ours).written("client", {"code": code}) for code in ("aa", "bb")]
    with trio.ours.store.transaction():
        for row in erased:
            trio.ours.store.put(row)
    bench = Bench(trio, tmp_path)
    erase_client(trio.ours, erased[0].rid, ErasureReason.ERROR)
    erase_client(trio.ours, erased[1].rid, REQUEST)
    bench.restore(AGREED)
    newest, oldest = bench.seen[0].lines
    assert (newest.codes, oldest.codes) == (("bb",), ("aa",))
    first, second = lines(bench.seen[0])
    assert first.startswith("bb · Client: 1. Erased on ")
    assert first.endswith("The client asked for it.")
    assert second.endswith("It was entered by mistake.")


def test_single_values_are_said_and_not_asked(trio: Trio, tmp_path: Path) -> None:
    bench = Bench(trio, tmp_path)
    erase_fields(trio.ours, trio.legs[0], ["carrier"], REQUEST)
    bench.restore()
    (preview,) = bench.seen
    assert (preview.lines, preview.changed, preview.is_asked) == ((), 1, False)
    assert lines(preview) == ["1 record stays and loses single values that were erased."]


def test_who_may_restore_but_not_read_plans_sees_no_code(trio: Trio, tmp_path: Path) -> None:
    other = Credentials("KA", "sju andra ord som ingen annan vet")
    accounts.add_user(
        trio.ours, WHO.passphrase, other.initials, other.passphrase, [Role.ADMINISTRATOR]
    )
    bench = Bench(trio, tmp_path)
    erase_client(trio.ours, herself(trio), REQUEST)
    bench.restore(AGREED, other)
    (line,) = bench.seen[0].lines
    assert (line.codes, line.records["client"]) == ((), 1)


def test_preview_is_asked_only_where_something_of_ours_goes() -> None:
    theirs = ErasedAgain(1, "ordered", {"client": 1}, 0, "Koda")
    ours = ErasedAgain(1, str(REQUEST), {"plan": 2}, 2)
    assert not RestorePreview((theirs,), changed=3).is_asked
    assert RestorePreview((theirs, ours)).is_asked
