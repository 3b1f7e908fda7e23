# SPDX-License-Identifier: GPL-3.0-or-later
"""What the pages of the time after an arrival are made of, each alone on a real store.

Words in three forms, the drawn course, a week and a month, whom to call, and who may see what.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk, texts
from tests.gui.editing_samples import Bench
from tests.support.make import named_id, row
from tests.support.windows import Stage, nameless, picture

from kfdesk.demo import people
from kfdesk.domain.accounts import Role
from kfdesk.domain.aftercare import USUAL_CONTACTS, FollowUpProposal, FollowUpStatus, ScoreSeries
from kfdesk.domain.records.aftercare import AREAS, FollowUp
from kfdesk.domain.records.directory import Phone
from kfdesk.domain.rows import RecordView, view
from kfdesk.domain.values import Value, ZonedTime
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.core.session import Session
from kfdesk.services.plans.aftercare import FollowUpLine, schedule_follow_ups
from kfdesk.services.plans.lines import PlanLine
from kfdesk.services.plans.plans import PlanPage, open_plan
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.aftercare.follow_up import (
    STANDING_LOOKS,
    AreaProgressCard,
    ConcernCard,
    FollowUpContacts,
    ProposedContactsCard,
    SafeContactCard,
    StepChart,
    contact_text,
    standing_text,
    window_text,
)
from kfdesk.ui.pages.calendar.follow_ups import FollowUpTable
from kfdesk.ui.pages.calendar.grid import ONE_DAY
from kfdesk.ui.tokens import Tone

TODAY = date(2026, 12, 20)
LINE = PlanLine(named_id("plan"), "tulpan-47", "Nina", "follow_up", (), 0)


@pytest.fixture
def bench(kit: UiContext, qtbot: QtBot, stage: Stage, tmp_path: Path) -> Iterator[Bench]:
    made = OpenDesk(kit, qtbot, tmp_path / "store")
    yield Bench(kit, qtbot, made, stage)
    made.close()


def page(bench: Bench, desk: Session | None = None) -> PlanPage:
    """Return the plan as this user sees it, or a user in another role."""
    return bench.open.run(lambda: open_plan(desk or bench.desk, bench.plan))


def contact(day: date | None = TODAY, **values: Any) -> FollowUpLine:
    """Return the line of a planned contact without an owner, with some values changed."""
    whole = FollowUpLine(
        line=LINE,
        rid=named_id(str(day)),
        standing=FollowUpStatus.PLANNED,
        due=day,
        first=day - ONE_DAY if day is not None else None,
        last=day + ONE_DAY if day is not None else None,
        after_days=7,
        kind="regular",
        owner="",
        organisation="",
    )
    return replace(whole, **values)


def seen(number: int, **values: Value) -> RecordView[FollowUp]:
    """Return the view of a contact that is due so many days after TODAY."""
    whole: dict[str, Value] = {"due": TODAY + timedelta(number), "result": "reached", **values}
    return view(row("follow_up", whole, rid=named_id(f"contact {number}")), FollowUp)


# words


@pytest.mark.parametrize(
    ("kind", "days", "words"),
    [
        ("arrival", 0, "On arrival"),
        ("arrival", None, "On arrival"),
        ("regular", 1, "1 day after arrival"),
        ("regular", 30, "30 days after arrival"),
        ("on_her_request", None, "At her own request"),
        ("in_care", None, "About her placement in care"),
        ("x_new", None, "Contact"),
        ("", None, "Contact"),
    ],
)
def test_contact_is_named_by_its_day_or_by_what_it_is_for(
    kit: UiContext, kind: str, days: int | None, words: str
) -> None:
    assert contact_text(kind, days, kit.translator.language) == words


@pytest.mark.parametrize(
    ("standing", "tone", "words"),
    [
        (FollowUpStatus.OVERDUE, Tone.WARNING, "overdue"),
        (FollowUpStatus.DUE, Tone.INFO, "due now"),
        (FollowUpStatus.PLANNED, Tone.MUTED, "planned"),
        (FollowUpStatus.UNDATED, Tone.MUTED, "no exact day"),
        (FollowUpStatus.DONE, Tone.SUCCESS, "done"),
        (FollowUpStatus.REFUSED, Tone.MUTED, "none, at her request"),
    ],
)
def test_each_standing_has_words_and_none_is_an_alarm(
    kit: UiContext, standing: FollowUpStatus, tone: Tone, words: str
) -> None:
    assert standing_text(standing, kit.translator.language) == words
    assert STANDING_LOOKS[standing][0] is tone
    assert STANDING_LOOKS.keys() == set(FollowUpStatus)
    assert Tone.DANGER not in {look[0] for look in STANDING_LOOKS.values()}


def test_window_is_said_as_a_span_and_without_a_day_not_at_all(kit: UiContext) -> None:
    language = kit.translator.language
    assert window_text(TODAY, TODAY + 2 * ONE_DAY, language) == "20–22 December 2026"
    assert window_text(TODAY, TODAY, language) == "20 December 2026"
    assert window_text(None, None, language) == ""


# the course


def inked(picture: QImage, kit: UiContext) -> set[int]:
    """Return the columns of a picture with a pixel in the accent colour."""
    accent = kit.theme.colours.accent
    return {
        x
        for x in range(picture.width())
        if any(picture.pixelColor(x, y).name().upper() == accent for y in range(picture.height()))
    }


def drawn(kit: UiContext, stage: Stage, *scores: int | None) -> QImage:
    """Return the picture of one area's chart, 206 pixels wide: 194 between the end points."""
    line = StepChart(kit, ScoreSeries("housing", scores))
    stage(line)
    line.setFixedSize(206, 34)
    QApplication.processEvents()
    return picture(line)


def test_course_is_one_line_from_the_first_answer_to_the_last(kit: UiContext, stage: Stage) -> None:
    columns = inked(drawn(kit, stage, 0, 2, 4), kit)
    assert set(range(8, 198)) <= columns


def test_what_was_not_asked_leaves_a_gap_in_the_line(kit: UiContext, stage: Stage) -> None:
    columns = inked(drawn(kit, stage, 1, None, 3), kit)
    assert not set(range(14, 192)) & columns
    assert {6, 199} <= columns


def test_single_answer_is_a_single_dot(kit: UiContext, stage: Stage) -> None:
    assert max(inked(drawn(kit, stage, 3), kit)) < 12


def test_higher_stands_higher(kit: UiContext, stage: Stage) -> None:
    accent = kit.theme.colours.accent

    def top(score: int) -> int:
        picture = drawn(kit, stage, score)
        return next(
            y for y in range(picture.height())
            if picture.pixelColor(6, y).name().upper() == accent
        )  # fmt: skip

    heights = [top(score) for score in range(5)]
    assert heights == sorted(heights, reverse=True)
    assert len(set(heights)) == 5


def test_course_is_heard_area_by_area_and_its_end_stands_beside_it(
    kit: UiContext, stage: Stage
) -> None:
    card = AreaProgressCard(kit)
    stage(card)
    card.show_contacts((seen(0, housing="poor"), seen(7, income="fair"), seen(30, housing="good")))
    assert [*card.lines] == [*AREAS]
    assert card.lines["housing"].accessibleName() == "Housing: 1 – poor, not asked, 3 – good"
    assert {"3 – good", "2 – fair", "not asked"} <= texts(card)
    (span,) = (text for text in texts(card) if text.startswith("From nothing"))
    assert "20 December 2026 – 19 January 2027" in span


def test_areas_stand_in_one_column_where_there_is_little_room(kit: UiContext, stage: Stage) -> None:
    card = AreaProgressCard(kit)
    window = stage(card)
    card.show_contacts((seen(0, housing="poor"),))

    def lefts() -> set[int]:
        QApplication.processEvents()
        return {line.x() for line in card.lines.values()}

    window.resize(1000, 500)
    assert len(lefts()) == 2
    window.resize(420, 700)
    assert len(lefts()) == 1


def test_course_is_not_shown_before_anything_was_said(kit: UiContext, stage: Stage) -> None:
    card = AreaProgressCard(kit)
    stage(card)
    card.show_contacts((seen(0),))
    assert not card.isVisible()
    card.show_contacts((seen(0, legal="good"),))
    assert card.isVisible()
    card.show_contacts(())
    assert card.lines == {}


# the table of all


def test_who_may_not_write_plans_is_not_offered_to_give_one_away(bench: Bench) -> None:
    approver = replace(bench.desk, roles=frozenset({Role.APPROVER}))
    for desk, may in ((bench.desk, True), (approver, False)):
        table = FollowUpTable(bench.kit, desk)
        bench.stage(table)
        bench.rest()
        assert (table.give.isVisible(), table.who.isVisible()) == (may, may)


def test_lines_name_plan_contact_standing_window_and_who(bench: Bench) -> None:
    table = FollowUpTable(bench.kit, bench.desk)
    bench.stage(table)
    bench.rest()
    table.show_contacts((contact(owner="EV", organisation="Дом у реки"), contact(None)))
    model = table.table.rows
    first, second = (
        [model.data(model.index(line, column)) for column in range(model.columnCount())]
        for line in range(2)
    )
    assert first == [
        "tulpan-47, Nina", "7 days after arrival", "planned", "19–21 December 2026",
        "EV, Дом у реки",
    ]  # fmt: skip
    assert second[3:] == ["–", "–"]
    assert table.table.currentIndex().row() == 0


def test_with_nothing_in_it_nothing_is_given_away(bench: Bench) -> None:
    table = FollowUpTable(bench.kit, bench.desk)
    bench.stage(table)
    bench.rest()
    table.give.click()
    bench.rest()
    assert bench.open.run(lambda: bench.desk.store.rows("follow_up")) == ()


# the section's cards


def test_proposal_is_not_made_in_a_plan_that_is_only_read(bench: Bench) -> None:
    card = ProposedContactsCard(bench.kit, bench.desk)
    bench.stage(card)
    shown = page(bench)
    card.show_plan(shown, is_shut=True)
    assert not card.isVisible()
    card.show_plan(shown, is_shut=False)
    assert card.isVisible()
    assert len(card.ticks) == len(USUAL_CONTACTS)


def test_mark_that_was_taken_away_stays_away_when_the_plan_is_read_again(bench: Bench) -> None:
    card = ProposedContactsCard(bench.kit, bench.desk)
    bench.stage(card)
    card.show_plan(page(bench), is_shut=False)
    card.ticks[3].click()
    card.show_plan(page(bench), is_shut=False)
    assert [tick.isChecked() for tick in card.ticks] == [True, True, True, False, True, True, True]


def test_each_proposed_day_is_said_with_its_weekday(bench: Bench) -> None:
    card = ProposedContactsCard(bench.kit, bench.desk)
    bench.stage(card)
    card.show_plan(page(bench), is_shut=False)
    assert card.ticks[0].text().endswith(" – On arrival")
    assert card.ticks[2].text().endswith(" – 7 days after arrival")
    assert card.ticks[0].text()[:3] in {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}


def test_who_may_not_see_what_is_sensitive_sees_neither_way_nor_number(bench: Bench) -> None:
    bench.open.run(lambda: give_number(bench))
    reader = replace(bench.desk, user="QQ", roles=frozenset({Role.CASE_MANAGER}))
    covered = replace(page(bench), covered=frozenset({"client.safe_contact", "client.phone"}))
    card = SafeContactCard(bench.kit)
    bench.stage(card)
    card.show_plan(replace(covered, client=blank(page(bench, reader))))
    assert "Some answers are not shown to your role." in texts(card)
    assert not card.uncover.isVisible()
    assert not card.write.isVisible()


def test_number_stays_covered_until_it_is_asked_for_each_time(bench: Bench) -> None:
    bench.open.run(lambda: give_number(bench))
    card = SafeContactCard(bench.kit)
    bench.stage(card)
    for _ in range(2):
        card.show_plan(page(bench))
        assert not card.number.isVisible()
        card.uncover.click()
        assert card.number.text() == "+7 000 000 00 47"
        assert card.copy.hasFocus()


def test_interpreter_is_named_beside_her_languages(bench: Bench) -> None:
    card = SafeContactCard(bench.kit)
    bench.stage(card)
    card.show_plan(page(bench))
    assert "She speaks Russian and English." in texts(card)
    client = page(bench).client.rid
    bench.open.run(lambda: change_record(bench.desk, client, {"needs_interpreter": True}))
    card.show_plan(page(bench))
    assert "She speaks Russian and English. An interpreter is needed." in texts(card)
    bench.open.run(lambda: change_record(bench.desk, client, {"languages": None}))
    card.show_plan(page(bench))
    assert "An interpreter is needed." in texts(card)


def test_whom_to_call_is_the_receiver_with_safe_numbers_only(bench: Bench) -> None:
    enter_worry(bench, {"exploitation_again": "yes"})
    card = ConcernCard(bench.kit, bench.desk)
    bench.stage(card)
    card.show_plan(page(bench))
    bench.rest()
    assert f"{people.SAFE_HOUSE}: there is no safe number in Contacts yet." in texts(card)
    numbers = {"+7 000 000 00 11": False, "+7 000 000 00 12": True}
    for number, is_safe in numbers.items():
        values: dict[str, Value] = {"number": number, "is_safe": is_safe}
        bench.open.run(partial(create_record, bench.desk, Phone, values, bench.open.house))
    card.show_plan(page(bench))
    bench.rest()
    assert "+7 000 000 00 12" in texts(card)
    assert "+7 000 000 00 11" not in texts(card)
    assert nameless(card) == []


def test_without_a_receiver_it_is_said_whom_to_ask(bench: Bench) -> None:
    enter_worry(bench, {"result": "unsafe_to_contact"})
    bench.open.run(lambda: change_record(bench.desk, bench.plan, {"receiver": None}))
    card = ConcernCard(bench.kit, bench.desk)
    bench.stage(card)
    card.show_plan(page(bench))
    bench.rest()
    words = "No receiver is named in this plan. Ask the person who looks after the contacts here."
    assert words in texts(card)
    assert "Do not call, write to or send anyone for now." in texts(card)


def test_steps_are_not_shown_without_reason_and_offer_no_writing_to_who_only_reads(
    bench: Bench,
) -> None:
    card = ConcernCard(bench.kit, bench.desk)
    bench.stage(card)
    card.show_plan(page(bench))
    assert not card.isVisible()
    enter_worry(bench, {"exploitation_again": "suspected"})
    card.show_plan(replace(page(bench), may_edit=False))
    bench.rest()
    assert card.isVisible()
    assert not card.task.isVisible()
    assert not card.note.isVisible()


def test_list_says_when_it_was_by_whom_and_what_she_told(bench: Bench) -> None:
    was = ZonedTime.at(datetime(2026, 8, 22, 11), people.MOSCOW)  # noqa: DTZ001 - a wall clock
    told = people.localized("Hon har ett rum", "У неё есть комната", "She has a room")
    values: dict[str, Value] = {
        "kind": "on_her_request", "happened": was, "result": "reached", "report": told,
        "organisation": bench.open.house.hex(), "owner": "EV",
    }  # fmt: skip
    bench.open.run(lambda: create_record(bench.desk, FollowUp, values, bench.plan))
    contacts = FollowUpContacts(bench.kit, bench.desk)
    bench.stage(contacts)
    contacts.show_page(page(bench), is_read_only=False)
    shown = texts(contacts)
    assert {"At her own request", "She has a room", "done"} <= shown
    assert f"22 Aug  11:00 · {people.SAFE_HOUSE} · EV · She was reached" in shown
    assert contacts.refusals == {}


def test_new_contact_begins_as_ours(bench: Bench) -> None:
    contacts = FollowUpContacts(bench.kit, bench.desk)
    bench.stage(contacts)
    contacts.show_page(page(bench), is_read_only=False)
    contacts.begin()
    assert contacts.form is not None
    editors = contacts.form.form.editors
    assert (editors["kind"].value(), editors["owner"].value()) == ("regular", "EV")


def test_everything_is_told_in_another_language_too(bench: Bench) -> None:
    """Each message shows itself in brackets: nothing was put together from parts."""
    day = TODAY + 30 * ONE_DAY
    bench.open.run(
        lambda: schedule_follow_ups(
            bench.desk, bench.plan, (FollowUpProposal(30, day, 2), FollowUpProposal(0, TODAY, 1))
        )
    )
    contacts, card = FollowUpContacts(bench.kit, bench.desk), AreaProgressCard(bench.kit)
    bench.stage(contacts, card)
    contacts.show_page(page(bench), is_read_only=False)
    card.show_contacts((seen(0, housing="poor"),))
    bench.kit.set_language("sv")
    assert {"⟦Contacts after arrival⟧", "⟦On arrival⟧", "⟦30 days after arrival⟧"} <= texts(
        contacts
    )
    assert {"⟦Housing⟧", "⟦1 – poor⟧"} <= texts(card)
    bench.kit.set_language("en")


def give_number(bench: Bench) -> None:
    """She has said on which number she can be reached."""
    client = bench.desk.store.row(bench.plan)
    assert client is not None
    assert client.parent is not None
    change_record(bench.desk, client.parent, {"phone": "+7 000 000 00 47"})


def blank(shown: PlanPage) -> RecordView[Any]:
    """Her record without what is covered."""
    record = replace(shown.client.record, safe_contact=None, phone=None)
    return replace(shown.client, record=record)


def enter_worry(bench: Bench, answers: dict[str, Value]) -> None:
    """Create a follow-up contact that gives cause for concern."""
    values = {"due": TODAY, **answers}
    bench.open.run(lambda: create_record(bench.desk, FollowUp, values, bench.plan))
