# SPDX-License-Identifier: GPL-3.0-or-later
"""A paper that did not leave is no copy out, and a draft is nobody's: a real store says so."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.integration.course_samples import Walk, walked
from tests.support.make import file_copy, sheet
from tests.support.samples import first
from tests.torture.scarce import short_files

from kfdesk.domain.audit import Action
from kfdesk.domain.codes.core import PaperName, PaperRequest
from kfdesk.domain.errors import KfdeskError
from kfdesk.services.core.session import Session
from kfdesk.services.papers.production import (
    list_copies,
    make_paper,
    next_copy_number,
    preview_pages,
    print_paper,
    save_paper,
)


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """Yield a plan that is ready to travel."""
    with walked(tmp_path_factory.mktemp("ready"), "travel_ready") as made:
        yield made


@pytest.fixture(scope="module")
def early(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """Yield a plan whose return nobody has approved."""
    with walked(tmp_path_factory.mktemp("early"), "decision_ready") as made:
        yield made


def newest(desk: Session) -> list[Action]:
    return [one.action for _, one in desk.store.ledger.events(None, 400)]


def state_of(desk: Session, order: PaperRequest) -> tuple[object, ...]:
    """Return the copies out, the next number, who has what, and how much was printed."""
    said = newest(desk)
    return (
        len(list_copies(desk)),
        next_copy_number(desk, order),
        desk.store.ledger.recipients(),
        [
            desk.store.ledger.entries(who)
            for who in (desk.identity.organisation, *(row.rid for row in desk.store.rows("client")))
        ],
        said.count(Action.PRINT) + said.count(Action.SAVE_PAPER),
    )


def jammed(_pdf: bytes) -> bool:
    return False


def pulled(_pdf: bytes) -> bool:
    raise RuntimeError("the cable")


ORDERS: tuple[Callable[[bytes], PaperRequest], ...] = (sheet, file_copy)


@pytest.mark.parametrize("order_of", ORDERS)
@pytest.mark.parametrize("send", first(1, [jammed, pulled]))
def test_failed_print_is_no_copy_out_and_history_says_so(
    ready: Walk, order_of: Callable[[bytes], PaperRequest], send: Callable[[bytes], bool]
) -> None:
    desk, order = ready.ours, order_of(ready.plan)
    make_paper(desk, order)  # one of the same bytes is out, and stays so
    before, failures = state_of(desk, order), newest(desk).count(Action.NOT_PRINTED)
    if send is pulled:
        with pytest.raises(RuntimeError):
            print_paper(desk, order, send)
    else:
        assert print_paper(desk, order, send) is False
    assert state_of(desk, order) == before
    assert newest(desk).count(Action.NOT_PRINTED) == failures + 1
    assert desk.store.verify() == ()


def test_printed_paper_is_a_copy_out_before_the_printer_has_it(ready: Walk) -> None:
    desk, order, seen = ready.ours, sheet(ready.plan), []
    before = len(list_copies(desk))

    def send(pdf: bytes) -> bool:
        seen.append((pdf[:5], len(list_copies(desk))))
        return True

    assert print_paper(desk, order, send) is True
    assert seen == [(b"%PDF-", before + 1)]
    assert len(list_copies(desk)) == before + 1


def test_file_that_cannot_get_its_name_is_no_copy_out(ready: Walk, tmp_path: Path) -> None:
    desk, order = ready.ours, sheet(ready.plan)
    (tmp_path / "sheet.pdf").mkdir()
    for path in (tmp_path / "sheet.pdf", tmp_path / "no folder" / "sheet.pdf"):
        before = state_of(desk, order)[:4]
        with pytest.raises(KfdeskError, match=r"store\.disk"):
            save_paper(desk, order, path)
        assert state_of(desk, order)[:4] == before
    assert newest(desk).count(Action.NOT_SAVED) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["sheet.pdf"]


def test_full_disk_leaves_neither_a_file_nor_an_entry(ready: Walk, tmp_path: Path) -> None:
    # The first room is too small for the file, the others for the journal of its entry.
    desk, order = ready.ours, sheet(ready.plan)
    longest = len(make_paper(desk, order).pdf)
    before = state_of(desk, order)
    for room in (longest - 1, *range(longest + 1, longest + 12 * 4096, 4096)):
        with short_files(room), pytest.raises(KfdeskError, match=r"store\.disk"):
            save_paper(desk, order, tmp_path / "sheet.pdf")
        assert list(tmp_path.iterdir()) == []
        assert state_of(desk, order) == before


def test_sheet_before_the_return_is_approved_is_a_draft_and_nobody_has_it(early: Walk) -> None:
    desk, order = early.ours, sheet(early.plan)
    client = desk.store.row(early.plan)
    assert client is not None
    assert client.parent is not None
    assert preview_pages(desk, order, 0.2).is_draft
    make_paper(desk, order)
    assert desk.store.ledger.entries(client.parent) == ()
    (copy,) = list_copies(desk)
    assert copy.is_draft
    assert not preview_pages(desk, replace(order, paper=PaperName.FILE_COPY), 0.2).is_draft


def test_sheet_of_an_approved_return_is_no_draft(ready: Walk) -> None:
    assert not preview_pages(ready.ours, sheet(ready.plan), 0.2).is_draft
