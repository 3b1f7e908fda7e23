# SPDX-License-Identifier: GPL-3.0-or-later
"""The drafts of a store: one for each record and user, as they were, and apart from the records."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.support import make
from tests.unit.storage.store_samples import KEY

from kfdesk.domain.kinds import Wire
from kfdesk.domain.rows import StoredDraft
from kfdesk.storage import driver
from kfdesk.storage.store import Store

LEG, PLAN = make.named_id("leg"), make.PLAN


def draft(rid: bytes = LEG, user: str = "PP", at: int = 1, carrier: str = "17") -> StoredDraft:
    seen = frozenset({(7, make.named_bytes("a", 8)), (65535, make.named_bytes("b", 8))})
    values: dict[str, Wire] = {"carrier": carrier, "sequence": 2, "mode": None}
    values["sign"] = ("sv", "gul halsduk")
    return StoredDraft(rid, user, "leg", PLAN, at, seen, values, {"departs": "12 dec kl"})


def keep(store: Store, *drafts: StoredDraft) -> None:
    with store.transaction():
        for one in drafts:
            store.drafts.keep(one)


def test_draft_comes_back_as_it_was(store: Store, file: Path) -> None:
    keep(store, draft(), replace(draft(), rid=make.named_id("new"), seen=frozenset(), parent=None))
    store.close()
    again = Store(driver.connect(file, KEY), file)
    assert again.drafts.one(LEG, "PP") == draft()
    kept = again.drafts.one(make.named_id("new"), "PP")
    assert kept is not None
    assert (kept.seen, kept.parent) == (frozenset(), None)
    again.close()


def test_later_draft_of_the_same_user_takes_the_place(store: Store) -> None:
    keep(store, draft(), draft(at=2, carrier="18"), draft(user="OM", carrier="19"))
    assert store.drafts.of_user("PP") == (draft(at=2, carrier="18"),)
    assert store.drafts.of_user("OM") == (draft(user="OM", carrier="19"),)
    assert store.drafts.of_user("XX") == ()


def test_newest_comes_first(store: Store) -> None:
    rids = [make.named_id(str(number)) for number in range(3)]
    keep(store, *(draft(rid, at=at) for rid, at in zip(rids, (5, 9, 7), strict=True)))
    assert [one.milliseconds for one in store.drafts.of_user("PP")] == [9, 7, 5]


def test_dropping_is_for_one_user_and_erasing_for_all_and_for_what_belongs_below(
    store: Store,
) -> None:
    other = make.named_id("other")
    keep(store, draft(), draft(user="OM"), draft(rid=other), draft(rid=PLAN))
    with store.transaction():
        store.drafts.drop(LEG, "PP")
        store.drafts.drop(make.named_id("nobody"), "PP")
    assert store.drafts.one(LEG, "PP") is None
    assert store.drafts.one(LEG, "OM") is not None
    with store.transaction():
        store.drafts.erase(PLAN)
    assert store.drafts.of_user("PP") == store.drafts.of_user("OM") == ()


def test_draft_goes_back_with_a_transaction_that_failed(store: Store) -> None:
    def fail() -> None:
        with store.transaction():
            store.drafts.keep(draft())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert store.drafts.of_user("PP") == ()


def test_draft_is_no_record(store: Store) -> None:
    digest, number = store.digest(), store.setting("counter")
    keep(store, draft(), draft(rid=make.named_id("new")))
    assert store.row(make.named_id("new")) is None
    assert (store.digest(), store.setting("counter")) == (digest, number)
    assert store.children(PLAN) == store.children(PLAN)
    assert make.named_id("new") not in {row.rid for row in store.children(PLAN)}
    assert store.verify() == ()


def test_repr_of_a_draft_tells_no_value() -> None:
    assert "17" not in repr(draft())
    assert "12 dec" not in repr(draft())
