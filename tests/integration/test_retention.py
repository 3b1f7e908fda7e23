# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a plan is kept, a hold that restricts instead of erasing, and the log that is hers.

The log is read back as another program reads it, from books that real files and papers wrote.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.integration.course_samples import Walk, walked
from tests.integration.pair_samples import refusal
from tests.support.journeys import record_leg_event
from tests.support.make import sheet

from kfdesk.documents.typesetting import page_texts
from kfdesk.domain.accounts import Role
from kfdesk.domain.codes.core import ErasureReason, PaperName, PaperRequest
from kfdesk.domain.records.case import Note
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import view
from kfdesk.services.core.records import (
    change_record,
    create_record,
    delete_record,
    require_record,
    restore_record,
)
from kfdesk.services.exchange import transfer
from kfdesk.services.exchange.erasure import erase_client
from kfdesk.services.papers.production import make_paper
from kfdesk.services.plans.journey import LegEvent
from kfdesk.services.plans.plans import open_plan
from kfdesk.services.plans.retention import lift_legal_hold, preview_erasure, set_legal_hold
from kfdesk.services.today import read_today
from kfdesk.services.workflow import move_plan

WHY = "Förhandling i mars"


@pytest.fixture
def walk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Walk]:
    """Yield a plan in the state that the test asks for."""
    with walked(tmp_path, getattr(request, "param", "draft")) as made:
        yield made


def close(walk: Walk, days: int | None) -> date | None:
    """End the plan and keep it for so many days more; return the last of them."""
    until = walk.clock.time.date() + timedelta(days) if days is not None else None
    move_plan(walk.ours, walk.plan, "withdrawn")
    change_record(walk.ours, walk.plan, {"retention_until": until})
    return until


# how long


@pytest.mark.parametrize(("days", "is_told"), [(31, False), (30, True), (0, True), (-1, True)])
def test_today_reminds_a_month_before_and_until_somebody_has_looked(
    walk: Walk, days: int, is_told: bool
) -> None:
    until = close(walk, days)
    today = read_today(walk.ours)
    assert [(one.line.rid, one.until) for one in today.keeping] == (
        [(walk.plan, until)] if is_told else []
    )
    assert today.count == len(today.keeping)


def test_review_sets_a_later_day_and_the_reminder_goes(walk: Walk) -> None:
    close(walk, 3)
    later = walk.clock.time.date() + timedelta(400)
    change_record(walk.ours, walk.plan, {"retention_until": later})
    assert read_today(walk.ours).keeping == ()


def test_plan_that_is_not_over_is_not_reminded_of(walk: Walk) -> None:
    day = walk.clock.time.date() + timedelta(3)
    change_record(walk.ours, walk.plan, {"retention_until": day})
    assert read_today(walk.ours).keeping == ()


@pytest.mark.parametrize("state", ["withdrawn", "cancelled"])
def test_plan_that_is_over_without_a_day_is_reminded_of_until_one_is_set(
    walk: Walk, state: str
) -> None:
    move_plan(walk.ours, walk.plan, state)
    assert [(one.line.rid, one.until) for one in read_today(walk.ours).keeping] == [
        (walk.plan, None)
    ]
    day = walk.clock.time.date() + timedelta(400)
    change_record(walk.ours, walk.plan, {"retention_until": day})
    assert read_today(walk.ours).keeping == ()


def test_reminder_says_that_a_plan_is_held(walk: Walk) -> None:
    close(walk, 3)
    set_legal_hold(walk.ours, walk.plan, WHY)
    assert [one.is_held for one in read_today(walk.ours).keeping] == [True]


# a hold


def test_held_plan_is_read_and_neither_written_nor_moved_nor_erased(walk: Walk) -> None:
    set_legal_hold(walk.ours, walk.plan, f"  {WHY} ")
    page = open_plan(walk.ours, walk.plan)
    assert page.plan.record.legal_hold == WHY
    assert not page.may_edit
    for action in (
        lambda: change_record(walk.ours, walk.plan, {"wish": "client_undecided"}),
        lambda: change_record(walk.ours, walk.legs[0], {"carrier": "x"}),
        lambda: create_record(walk.ours, Note, {"content": "x"}, parent=walk.plan),
        lambda: delete_record(walk.ours, walk.legs[0]),
        lambda: delete_record(walk.ours, walk.plan),
        lambda: move_plan(walk.ours, walk.plan, "cancelled"),
    ):
        assert refusal(action).code == "plan.held"
    client = walk.client
    why = ErasureReason.CLIENT_REQUEST
    assert refusal(lambda: erase_client(walk.ours, client, why)).code == "erasure.held"


@pytest.mark.parametrize("walk", ["travelling"], indirect=True)
def test_what_happens_on_the_way_is_written_down_although_the_plan_must_be_kept(
    walk: Walk,
) -> None:
    set_legal_hold(walk.ours, walk.plan, WHY)
    record_leg_event(walk.ours, walk.legs[0], LegEvent.CHECK_IN)
    record_leg_event(walk.ours, walk.legs[1], LegEvent.MISSED)
    assert view(require_record(walk.ours, walk.legs[1]), Leg).record.status == "missed"
    change = refusal(lambda: change_record(walk.ours, walk.legs[1], {"carrier": "x"}))
    assert change.code == "plan.held"
    lift_legal_hold(walk.ours, walk.plan)
    move_plan(walk.ours, walk.plan, "withdrawn")
    over = refusal(lambda: record_leg_event(walk.ours, walk.legs[1], LegEvent.ARRIVED))
    assert over.code == "plan.read_only"


def test_until_when_it_is_kept_is_still_set_while_it_is_held(walk: Walk) -> None:
    set_legal_hold(walk.ours, walk.plan, WHY)
    day = date(2030, 1, 1)
    change_record(walk.ours, walk.plan, {"retention_until": day})
    assert open_plan(walk.ours, walk.plan).plan.record.retention_until == day


def test_lifted_hold_leaves_the_plan_as_it_was(walk: Walk) -> None:
    set_legal_hold(walk.ours, walk.plan, WHY)
    lift_legal_hold(walk.ours, walk.plan)
    assert open_plan(walk.ours, walk.plan).may_edit
    change_record(walk.ours, walk.plan, {"wish": "client_undecided"})
    erase_client(walk.ours, walk.client, ErasureReason.CLIENT_REQUEST)
    assert walk.ours.store.row(walk.plan) is None


def test_hold_is_not_written_by_hand_and_needs_its_right_and_a_reason(walk: Walk) -> None:
    by_hand = refusal(lambda: change_record(walk.ours, walk.plan, {"legal_hold": WHY}))
    assert by_hand.code == "field.guarded"
    manager = replace(walk.ours, roles=frozenset({Role.CASE_MANAGER}))
    for action in (
        lambda: set_legal_hold(manager, walk.plan, WHY),
        lambda: lift_legal_hold(manager, walk.plan),
    ):
        assert refusal(action).code == "user.not_allowed"
    assert refusal(lambda: set_legal_hold(walk.ours, walk.plan, " ")).code == "plan.no_reason"
    assert refusal(lambda: set_legal_hold(walk.ours, walk.legs[0], WHY)).code == "record.missing"
    assert view(require_record(walk.ours, walk.plan), Plan).record.legal_hold is None


def test_who_looks_after_data_protection_holds_and_lifts_without_writing_plans(walk: Walk) -> None:
    lead = replace(walk.ours, roles=frozenset({Role.DATA_PROTECTION_LEAD}))
    set_legal_hold(lead, walk.plan, WHY)
    lift_legal_hold(lead, walk.plan)
    refused = refusal(lambda: change_record(lead, walk.plan, {"wish": "client_undecided"}))
    assert refused.code == "user.not_allowed"


# before an erasure


def test_what_goes_is_counted_by_type_and_names_who_else_has_some(walk: Walk) -> None:
    before = preview_erasure(walk.ours, walk.client)
    assert before.records == {"client": 1, "plan": 1, "leg": 2, "help_number": 2, "consent": 1}
    assert before.holders == ()
    assert not before.is_held
    walk.send()
    set_legal_hold(walk.ours, walk.plan, WHY)
    after = preview_erasure(walk.ours, walk.client)
    assert after.holders == (walk.theirs.identity.name,)
    assert after.is_held


def test_what_goes_counts_what_lies_in_the_bin_too(walk: Walk) -> None:
    delete_record(walk.ours, walk.legs[0])
    assert preview_erasure(walk.ours, walk.client).records["leg"] == 2
    restore_record(walk.ours, walk.legs[0])


def test_only_who_may_erase_looks_and_only_at_a_client(walk: Walk) -> None:
    manager, client = replace(walk.ours, roles=frozenset({Role.CASE_MANAGER})), walk.client
    assert refusal(lambda: preview_erasure(manager, client)).code == "user.not_allowed"
    assert refusal(lambda: preview_erasure(walk.ours, walk.plan)).code == "record.missing"


def test_old_file_brings_nothing_back_after_what_was_shown_has_gone(walk: Walk) -> None:
    walk.send()
    change_record(walk.theirs, walk.legs[0], {"carrier": "Påhittad"})
    ours = walk.ours.identity.organisation
    old = transfer.send_bundle(walk.theirs, walk.plan, ours, walk.post)
    shown = preview_erasure(walk.ours, walk.client)
    changes = erase_client(walk.ours, walk.client, ErasureReason.CLIENT_REQUEST)
    assert len(changes.rids) == sum(shown.records.values())
    transfer.import_bundle(walk.ours, old.path, transfer.review_bundle(walk.ours, old.path))
    for kind in shown.records:
        assert walk.ours.store.rows(kind) == ()
    assert walk.ours.store.verify() == ()


# the log


def log(walk: Walk, code: str = "en") -> str:
    """Return the text of the client's disclosure log on one line."""
    pdf = make_paper(walk.ours, PaperRequest(PaperName.DISCLOSURE_LOG, walk.plan, code)).pdf
    return " ".join(" ".join(page_texts(pdf)).split())


@pytest.mark.parametrize(
    ("code", "title", "nothing"),
    [
        ("en", "What was passed on about you tulpan-47",
         "No information about you was passed on to anyone."),
        ("sv", "Vad som lämnats ut om dig tulpan-47", ("Inga uppgifter om dig har lämnats ut till "
            "någon.")),
        ("ru", "Что о Вас было передано tulpan-47", "Сведения о Вас никому не передавались."),
    ],
)  # fmt: skip
def test_that_nothing_went_out_is_said_and_our_own_papers_are_not_counted(
    walk: Walk, code: str, title: str, nothing: str
) -> None:
    make_paper(walk.ours, PaperRequest(PaperName.FILE_COPY, walk.plan, "sv"))
    for _ in range(2):  # the log itself goes to nobody but her
        said = log(walk, code)
        assert said.startswith(title)
        assert nothing in said


def test_file_is_logged_with_partner_groups_purpose_and_way(walk: Walk) -> None:
    walk.send()
    said = log(walk)
    assert "When To whom What Why How" in said
    assert walk.theirs.identity.name in said
    for words in ("1 December 2026", "by an encrypted file"):
        assert words in said
    for words in (
        "your name, age, citizenship",
        "how to reach you safely",
        "your journey: the way, days",
        "A welcome and help after you",
    ):
        assert words in said
    for never in ("Нина", "NINA", "textmeddelande", "blåsippa", "+7"):
        assert never not in said


def test_her_own_sheet_is_logged_as_hers_by_her_wish(tmp_path: Path) -> None:
    with walked(tmp_path, "travel_ready") as walk:  # before the approval it is a draft
        walk.clock.time += timedelta(hours=1)
        make_paper(walk.ours, sheet(walk.plan))
        said = log(walk)
    assert "you yourself" in said
    assert "at your request" in said
    assert "on paper for the journey" in said


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("sv", ("När Till vem Vad Varför Hur", "i en krypterad fil", "1 december 2026")),
        ("ru", ("Когда Кому Что Почему Как", "зашифрованным", "1 декабря 2026")),
    ],
)
def test_log_speaks_her_language(walk: Walk, code: str, words: tuple[str, ...]) -> None:
    walk.send()
    said = log(walk, code)
    for one in words:
        assert one in said


def test_each_file_is_a_line_of_its_own_the_newest_first(walk: Walk) -> None:
    walk.send()
    walk.clock.time += timedelta(days=2)
    change_record(walk.ours, walk.legs[0], {"carrier": "Påhittad"})
    walk.send()
    said = log(walk)
    assert said.index("3 Dec 2026, 12:") < said.index("1 Dec 2026, 12:")
    assert said.count(walk.theirs.identity.name) == 2
