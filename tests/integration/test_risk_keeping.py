# SPDX-License-Identifier: GPL-3.0-or-later
"""Risks and children's papers in a real store: kept, looked for, put away, erased, restored."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.course_samples import Walk, walked
from tests.support.make import file_copy, sheet

from kfdesk.demo import people
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.client import ChildPapers, Relationship
from kfdesk.domain.records.risk import RiskEvent
from kfdesk.domain.values import Translation
from kfdesk.services.core.history import read_record_history
from kfdesk.services.core.records import change_record, create_record, delete_record, restore_record
from kfdesk.services.exchange import transfer
from kfdesk.services.exchange.erasure import erase_client
from kfdesk.services.papers.production import check_paper, make_paper
from kfdesk.services.plans.plans import load_case, open_plan
from kfdesk.services.plans.risk import create_risk_assessment, read_risks

NEW = ("risk_line", "risk_event", "child_papers")


@pytest.fixture
def walk(tmp_path: Path) -> Iterator[Walk]:
    """Yield a plan that is ready for a decision, with an event and a child's papers beside it."""
    with walked(tmp_path, "decision_ready") as begun:
        happened = people.zoned_time(begun.clock.time)
        event: people.Values = {"kind": "hearing_set", "happened": happened}
        create_record(begun.ours, RiskEvent, event, parent=begun.plan)
        child = create_record(
            begun.ours, Relationship, {"given_name": "Пелагея"}, parent=begun.client
        )
        papers: people.Values = {"child": child.hex(), "guardian": "Забытова Вымышлена"}
        create_record(begun.ours, ChildPapers, papers, parent=begun.plan)
        yield begun


def weighing_of_ours(walk: Walk) -> bytes:
    ours = read_risks(walk.ours, walk.plan).ours
    assert ours is not None
    return ours.view.rid


def test_case_holds_the_lines_below_its_weighings(walk: Walk) -> None:
    case = load_case(walk.ours, walk.plan)
    lines = case.all_views("risk_line")
    assert len(lines) == 10 + 11
    assert {line.row.parent for line in lines} == {
        view.rid for view in case.all_views("risk_assessment")
    }
    for kind in NEW:
        assert case.all_views(kind), kind


def test_erasing_her_leaves_no_line_event_or_paper(walk: Walk) -> None:
    rids = {row.rid for kind in NEW for row in walk.ours.store.rows(kind)}
    assert len(rids) == 23
    changes = erase_client(walk.ours, walk.client, ErasureReason.CLIENT_REQUEST)
    assert set(NEW) <= changes.types
    for kind in NEW:
        assert walk.ours.store.rows(kind) == ()
    assert walk.ours.store.verify() == ()


def test_line_that_comes_by_an_older_file_after_erasing_is_not_taken(walk: Walk) -> None:
    organisation = walk.ours.identity.organisation
    late = transfer.send_bundle(walk.theirs, walk.plan, organisation, walk.post)
    erase_client(walk.ours, walk.client, ErasureReason.CLIENT_REQUEST)
    reviewed = transfer.review_bundle(walk.ours, late.path)
    transfer.import_bundle(walk.ours, late.path, reviewed)
    for kind in ("client", "plan", *NEW):
        assert walk.ours.store.rows(kind) == (), kind


def test_weighing_in_the_bin_takes_its_lines_out_of_sight_and_brings_them_back(walk: Walk) -> None:
    walk.clock.time = walk.clock.time.replace(day=2)
    weighing = create_risk_assessment(walk.ours, walk.plan)
    assert weighing_of_ours(walk) == weighing
    delete_record(walk.ours, weighing)
    assert weighing_of_ours(walk) != weighing
    before = read_risks(walk.ours, walk.plan).worse
    restore_record(walk.ours, weighing)
    assert weighing_of_ours(walk) == weighing
    assert [one.before for one in read_risks(walk.ours, walk.plan).worse] == [
        one.before for one in before
    ]


def test_history_of_a_line_is_kept_value_by_value(walk: Walk) -> None:
    line = next(iter(walk.ours.store.children(weighing_of_ours(walk))))
    change_record(walk.ours, line.rid, {"likelihood": "rare"})
    change_record(walk.ours, line.rid, {"likelihood": "likely"})
    page = read_record_history(walk.ours, line.rid)
    assert page is not None
    kept = walk.ours.store.history(line.rid)
    assert "rare" in [write.value for write in kept]


def test_guardians_name_is_looked_for_on_her_sheet_and_who_sees_to_a_measure_is_not(
    walk: Walk,
) -> None:
    line = next(iter(walk.ours.store.children(weighing_of_ours(walk))))
    change_record(walk.ours, line.rid, {"measure_by": "Анна"})  # she meets her, too
    assert check_paper(walk.ours, sheet(walk.plan)).found == frozenset()
    change_record(walk.ours, walk.plan, {"luggage": (Translation("ru", "сумка, Забытова"),)})
    found = check_paper(walk.ours, sheet(walk.plan)).found
    assert {one.field for one in found} == {"plan.luggage"}


def test_measures_words_do_not_pass_on_a_paper_that_is_carried(walk: Walk) -> None:
    line = next(iter(walk.ours.store.children(weighing_of_ours(walk))))
    secret = (Translation("ru", "переехать к тёте в Гдов до весны"),)
    change_record(walk.ours, line.rid, {"measure": secret})
    change_record(walk.ours, walk.plan, {"luggage": secret})
    with pytest.raises(KfdeskError) as refused:
        make_paper(walk.ours, sheet(walk.plan))
    assert refused.value.code.startswith("paper.carry")


def test_file_copy_is_made_with_the_pictures_of_both_sides(walk: Walk) -> None:
    made = make_paper(walk.ours, file_copy(walk.plan))
    assert made.pdf.startswith(b"%PDF")
    plain = load_case(walk.ours, walk.plan)
    for line in plain.all_views("risk_line"):
        if line.row.custodian == walk.ours.identity.organisation:
            delete_record(walk.ours, line.rid)
    assert len(make_paper(walk.ours, file_copy(walk.plan)).pdf) < len(made.pdf)


def test_page_of_the_plan_has_what_its_section_shows(walk: Walk) -> None:
    page = open_plan(walk.ours, walk.plan)
    assert {kind for kind in NEW if page.case.all_views(kind)} == set(NEW)
    assert page.conflicts == ()
