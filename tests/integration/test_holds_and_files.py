# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan that must be kept as it is, and a partner's file: it adds, and alters and erases nothing.

Real files between two desks. What the partner writes is not lost either: it stands beside.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.integration.course_samples import Walk, walked
from tests.integration.pair_samples import refusal

from kfdesk.domain.audit import Action
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.records.risk import RiskEvent
from kfdesk.domain.rows import view
from kfdesk.services.core import history
from kfdesk.services.core.records import (
    change_record,
    create_record,
    delete_record,
    require_record,
    restore_record,
)
from kfdesk.services.exchange.import_review import list_undoable_imports, undo_import
from kfdesk.services.exchange.outbox import request_resend
from kfdesk.services.plans.plans import open_plan
from kfdesk.services.plans.retention import lift_legal_hold, set_legal_hold

WHY, OURS, THEIRS = "Förhandling i mars", "18, Exempelbuss", "19, Exempelbuss"


@pytest.fixture
def walk(tmp_path: Path) -> Iterator[Walk]:
    with walked(tmp_path, "assessing") as made:
        change_record(made.ours, made.legs[0], {"carrier": OURS})
        made.send()
        set_legal_hold(made.ours, made.plan, WHY)
        yield made


def carriers(walk: Walk) -> list[object]:
    """Every value of the carrier that lives in our store, the oldest first."""
    seen = view(require_record(walk.ours, walk.legs[0]), Leg)
    both: list[object] = [version.value for version in seen.versions.get("carrier", ())]
    return both or [seen.record.carrier]


def test_partners_change_stands_beside_what_must_be_kept(walk: Walk) -> None:
    change_record(walk.theirs, walk.legs[0], {"carrier": THEIRS})
    review = walk.answer()
    assert (review.kept, review.conflicts) == (1, 1)
    assert carriers(walk) == [OURS, THEIRS]


def test_without_a_hold_the_same_change_takes_its_place(walk: Walk) -> None:
    lift_legal_hold(walk.ours, walk.plan)
    change_record(walk.theirs, walk.legs[0], {"carrier": THEIRS})
    review = walk.answer()
    assert (review.kept, review.conflicts) == (0, 0)
    assert carriers(walk) == [THEIRS]


def test_partner_puts_nothing_into_our_bin_that_must_be_kept(walk: Walk) -> None:
    delete_record(walk.theirs, walk.legs[0])
    walk.answer()
    page = open_plan(walk.ours, walk.plan)
    assert walk.legs[0] in [leg.rid for leg in page.case.all_views("leg")]
    assert carriers(walk) == [OURS]


def test_what_the_partner_writes_anew_comes_in_all_the_same(walk: Walk) -> None:
    new = create_record(walk.theirs, RiskEvent, {"kind": "new_threat"}, parent=walk.plan)
    assert walk.answer().kept == 0
    row = walk.ours.store.row(new)
    assert row is not None
    assert view(row, RiskEvent).record.kind == "new_threat"


def test_after_the_hold_the_partner_is_asked_again_and_its_word_holds(walk: Walk) -> None:
    change_record(walk.theirs, walk.legs[0], {"carrier": THEIRS})
    walk.answer()
    lift_legal_hold(walk.ours, walk.plan)
    request_resend(walk.ours, walk.partner)
    walk.send()
    walk.answer()
    assert carriers(walk) == [THEIRS]


def test_file_is_not_taken_back_over_what_must_be_kept(walk: Walk) -> None:
    lift_legal_hold(walk.ours, walk.plan)
    new = create_record(walk.theirs, RiskEvent, {"kind": "new_threat"}, parent=walk.plan)
    walk.answer()
    (taken,) = list_undoable_imports(walk.ours)
    set_legal_hold(walk.ours, walk.plan, WHY)
    assert refusal(lambda: undo_import(walk.ours, taken.digest)).code == "plan.held"
    assert walk.ours.store.row(new) is not None


def test_replaced_values_of_what_must_be_kept_are_not_forgotten_with_the_years(walk: Walk) -> None:
    lift_legal_hold(walk.ours, walk.plan)
    change_record(walk.ours, walk.legs[0], {"carrier": THEIRS})
    set_legal_hold(walk.ours, walk.plan, WHY)
    for _ in range(8):
        walk.clock.time += timedelta(30)
        walk.ours.log(Action.OPEN)
    history.prune_history(walk.ours)
    assert OURS in [write.value for write in walk.ours.store.history(walk.legs[0])]
    lift_legal_hold(walk.ours, walk.plan)
    assert history.prune_history(walk.ours) > 0
    assert walk.ours.store.history(walk.legs[0]) == ()


def test_record_in_the_bin_before_the_hold_stays_there(walk: Walk) -> None:
    lift_legal_hold(walk.ours, walk.plan)
    delete_record(walk.ours, walk.legs[0])
    set_legal_hold(walk.ours, walk.plan, WHY)
    assert refusal(lambda: restore_record(walk.ours, walk.legs[0])).code == "plan.held"
