# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a plan is kept, in the window: reminded, restricted, shown before, erased for good.

After an erasure a partner's old file is taken as a person takes it, and brings nothing back.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import WHO as EV
from tests.gui.desk_samples import OpenDesk, rows_of, said_under
from tests.gui.desk_samples import texts as texts_of
from tests.gui.editing_samples import Bench, Heard
from tests.gui.lock_samples import Left, start
from tests.gui.plan_samples import CTRL, plan, plans, press, texts
from tests.integration.pair_samples import WHO, met_pair
from tests.support.samples import first
from tests.support.windows import Stage, missed_by_tab, nameless, session_of, shell_of

from kfdesk.demo import people
from kfdesk.domain.accounts import Credentials, Role
from kfdesk.services import accounts
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer
from kfdesk.services.plans.plans import PlanPage, list_plans, open_plan
from kfdesk.services.workflow import move_plan
from kfdesk.ui.context import LockSettings, UiContext
from kfdesk.ui.pages.exchange.review import FileReviewPage
from kfdesk.ui.pages.plan.retention import RetentionSection
from kfdesk.ui.pages.today import TodayPage

T = TypeVar("T")
LEAD = Credentials("QQ", "en annan fras med sex ord")
WHY = "Förhandling i mars"
KEPT = "Kept long enough?"


@pytest.fixture
def bench(kit: UiContext, qtbot: QtBot, stage: Stage, tmp_path: Path) -> Iterator[Bench]:
    made = OpenDesk(kit, qtbot, tmp_path / "store")
    yield Bench(kit, qtbot, made, stage)
    made.close()


def page(bench: Bench) -> PlanPage:
    return bench.open.run(lambda: open_plan(bench.desk, bench.plan))


def section(bench: Bench, *roles: Role) -> RetentionSection:
    """Return the visible section for a user with these roles; with all, if none are named."""
    desk = replace(bench.desk, roles=frozenset(roles)) if roles else bench.desk
    made = RetentionSection(bench.kit, desk)
    bench.stage(made)
    made.show_plan(page(bench))
    bench.rest()
    return made


def test_day_until_which_it_is_kept_is_said_or_that_there_is_none(bench: Bench) -> None:
    part = section(bench)
    assert "No day is set yet." in texts_of(part)
    day = bench.desk.adapters.clock.now().date().replace(year=2028, month=5, day=3)
    bench.open.run(lambda: change_record(bench.desk, bench.plan, {"retention_until": day}))
    part.show_plan(page(bench))
    assert "Kept until 3 May 2028." in texts_of(part)


def test_hold_needs_a_reason_says_it_and_is_lifted_again(bench: Bench) -> None:
    heard, part = Heard(bench.kit), section(bench)
    part.hold.restrict.setFocus()
    part.hold.restrict.click()
    bench.rest()
    assert [fault.code for fault in heard.failed] == ["plan.no_reason"]
    assert part.hold.entry.hasFocus()
    part.hold.entry.setText(WHY)
    part.hold.restrict.click()
    bench.rest()
    held = page(bench)
    part.show_plan(held)
    assert not held.may_edit
    assert {WHY, "This plan is restricted: it can only be read."} <= texts_of(part)
    assert bench.kit.translator.translate(part.state(held).fact) == "restricted"
    assert not part.hold.restrict.isVisible()
    part.hold.lift.click()
    bench.rest()
    assert page(bench).may_edit
    part.show_plan(page(bench))
    assert not part.hold.banner.isVisible()
    assert part.hold.entry.text() == ""


@pytest.mark.parametrize(
    ("role", "may_hold", "may_erase"),
    [
        (Role.DATA_PROTECTION_LEAD, True, True),
        (Role.CASE_MANAGER, False, False),
        (Role.APPROVER, False, False),
    ],
)
def test_only_who_may_is_offered_to_hold_or_erase(
    bench: Bench, role: Role, may_hold: bool, may_erase: bool
) -> None:
    part = section(bench, role)
    assert part.hold.restrict.isVisible() is may_hold
    assert part.hold.reason.isVisible() is may_hold
    assert part.erase.isVisible() is may_erase


def test_before_erasing_it_is_shown_what_goes_and_what_stays(bench: Bench) -> None:
    part = section(bench)
    assert not part.erase.erase.isVisible()
    part.erase.look.click()
    bench.rest()
    shown = texts_of(part.erase)
    assert {"What is erased", "What stays, and why"} <= shown
    (counted,) = (text for text in shown if "Client: 1" in text)
    for words in ("Plan: 1", "Leg: 2", "Help number: 2", "Consent: 1"):
        assert words in counted
    assert any(text.startswith("Backups made earlier.") for text in shown)
    assert not any(text.startswith("These have some of her data") for text in shown)
    assert nameless(part) == []


def test_code_must_be_typed_once_more_before_anything_is_erased(bench: Bench) -> None:
    part = section(bench)
    part.erase.look.click()
    bench.rest()
    prove(part)
    for typed, is_right in (("", False), ("sippa-12", False), ("Tulpan-47 ", True)):
        part.erase.typed.setText(typed)
        assert part.erase.erase.isEnabled() is is_right
        assert (part.erase.missing.text() == "") is is_right
    part.show_plan(page(bench))
    assert not part.erase.erase.isVisible()  # what was looked at may be another now
    assert part.erase.typed.text() == ""


def prove(part: RetentionSection) -> None:
    """Type our passphrase, and that of a second person."""
    part.erase.proof.own.line.setText(WHO.passphrase)
    part.erase.proof.initials.setText(LEAD.initials)
    part.erase.proof.passphrase.line.setText(LEAD.passphrase)


def lead(desk: Session, own: str = EV.passphrase) -> None:
    who = (LEAD.initials, LEAD.passphrase, [Role.DATA_PROTECTION_LEAD])
    accounts.add_user(desk, own, *who)


def look(bench: Bench, part: RetentionSection) -> set[str]:
    """Look at what an erasure would do, and return what the card says."""
    part.show_plan(page(bench))
    part.erase.look.click()
    bench.rest()
    return texts_of(part.erase)


ALONE = "No one else here may erase, so there is no second person. The client's signed wish"


def test_house_of_one_is_shown_the_way_by_her_wish(bench: Bench) -> None:
    part = section(bench)
    assert any(words.startswith(ALONE) for words in look(bench, part))
    assert not part.erase.proof.who.isVisible()
    part.erase.typed.setText("tulpan-47")
    part.erase.proof.own.line.setText(WHO.passphrase)
    assert not part.erase.erase.isEnabled()
    assert part.erase.missing.text() == "A second person, or a wish of a day ago, is missing."
    part.erase.wish.record.click()
    assert part.erase.wish.day.has_error
    part.erase.wish.signed.setText("2026-11-30")
    part.erase.wish.record.click()
    bench.rest()
    shown = " ".join(look(bench, part))
    assert "Signed by the client on 30 November 2026. Recorded by EV, " in shown
    assert "One person can erase from " in shown
    assert not part.erase.wish.record.isVisible()
    assert nameless(part) == []
    part.erase.wish.take_back.click()
    bench.rest()
    assert "One person can erase from" not in " ".join(look(bench, part))


def test_second_person_who_may_is_named_and_asked(bench: Bench) -> None:
    bench.open.run(lambda: lead(bench.desk))
    part = section(bench)
    assert any("The second person may be: QQ." in words for words in look(bench, part))
    assert part.erase.proof.who.isVisible()


def test_refusal_is_said_beside_the_passphrase_and_both_are_dropped(bench: Bench) -> None:
    bench.open.run(lambda: lead(bench.desk))
    part = section(bench)
    look(bench, part)
    part.erase.typed.setText("tulpan-47")
    prove(part)
    part.erase.proof.passphrase.line.setText("fel ord")
    part.erase.erase.click()
    bench.rest()
    assert part.erase.proof.mine.has_error
    assert (part.erase.proof.own.text(), part.erase.proof.passphrase.text()) == ("", "")
    assert bench.open.run(lambda: bench.desk.store.row(bench.plan)) is not None


def test_client_on_her_way_is_not_erased_but_by_law_and_two(bench: Bench) -> None:
    bench.open.run(lambda: lead(bench.desk))
    left = {"status": "departed"}
    bench.open.run(lambda: change_record(bench.desk, bench.open.legs[0], left))
    part = section(bench)
    look(bench, part)
    assert part.erase.halt.isVisible()
    assert part.erase.halt.text.startswith("erasure.departed in en.")
    part.erase.typed.setText("tulpan-47")
    prove(part)
    assert not part.erase.erase.isEnabled()
    assert part.erase.missing.text() == "Not possible now: see above."
    part.erase.why.setCurrentIndex(3)  # a law demands it
    part.erase.why.chosen.emit("legal_duty")
    assert part.erase.erase.isEnabled()
    part.erase.proof.initials.clear()
    assert not part.erase.erase.isEnabled()


def test_held_client_is_not_erased_and_it_is_said(bench: Bench) -> None:
    part = section(bench)
    part.hold.entry.setText(WHY)
    part.hold.restrict.click()
    bench.rest()
    part.erase.look.click()
    bench.rest()
    part.erase.typed.setText("tulpan-47")
    assert not part.erase.erase.isEnabled()
    assert "One of her plans is restricted and must be kept. Nothing is erased." in texts_of(part)


# in the window


@pytest.fixture
def left(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Left]:
    """Yield the window of our store; the partner has the plan, and its old file waits."""
    with met_pair(tmp_path) as pair:
        lead(pair.ours, WHO.passphrase)
        pair.send()
        leg = pair.legs[0]
        change_record(pair.theirs, leg, {"carrier": "Påhittad"})
        ours = pair.ours.identity.organisation
        old = transfer.send_bundle(pair.theirs, pair.plan, ours, pair.post)
        old.path.rename(tmp_path / "old.age")
    made = start(qtbot, qapp, tmp_path / "ours", LockSettings(), lambda _habit: None)
    made.program.door.initials.setText(WHO.initials)
    made.program.door.passphrase.line.setText(WHO.passphrase)
    made.program.door.button.click()
    qtbot.waitUntil(lambda: made.program.shell is not None)
    made.rest()
    yield made
    made.program.close()


def desk_of(left: Left) -> Session:
    return session_of(left.program)


def run(left: Left, work: Callable[[Session], T]) -> T:
    """Return what `work` returns on the worker's thread."""
    done: list[T] = []
    left.program.kit.worker.run(lambda: work(desk_of(left)), done.append)
    left.qtbot.waitUntil(lambda: bool(done))
    return done[0]


def keeping(left: Left) -> RetentionSection:
    """Open the section of the one plan in the window, and return it."""
    press(Qt.Key.Key_2, CTRL)
    plans(left).listing.table.chosen.emit(0)
    view = plan(left)
    view.go_to("keeping")
    left.rest()
    return cast("RetentionSection", view.parts["keeping"])


def take_old_file(left: Left, path: Path) -> None:
    """As a person takes it: looked at in Exchange, with what it would do, and applied."""
    press(Qt.Key.Key_4, CTRL)
    press(Qt.Key.Key_5, CTRL)
    shell = shell_of(left.program)
    assert shell is not None
    shell.page.preview(path)
    left.qtbot.waitUntil(lambda: isinstance(shell.page.step, FileReviewPage))
    left.rest()
    review = shell.page.step
    assert "Everything in the file is already here" in texts(review)
    assert "What was erased does not come back." in " ".join(texts(review))
    assert not any("may not write" in words for words in texts(review))
    review.apply.click()
    left.rest()
    press(Qt.Key.Key_2, CTRL)
    left.rest()


def test_erased_client_does_not_come_back_by_an_old_file(left: Left, tmp_path: Path) -> None:
    part = keeping(left)
    assert missed_by_tab(plan(left)) == []
    part.erase.look.click()
    left.rest()
    assert {"Asked to erase it, by the next file", people.SAFE_HOUSE} <= texts(part.erase)
    part.erase.typed.setText("tulpan-47")
    prove(part)
    part.erase.erase.click()
    left.rest()
    assert plans(left).plan is None  # the page leads back to the list
    assert "No plans yet" in texts(plans(left))
    assert "Erased permanently." in texts(left.program.window)
    take_old_file(left, tmp_path / "old.age")
    assert run(left, list_plans) == ()
    assert run(left, lambda desk: desk.store.verify()) == ()
    assert "No plans yet" in texts(plans(left))


def test_today_reminds_of_a_plan_whose_time_is_nearly_over(left: Left) -> None:
    def end(desk: Session) -> bool:
        (line,) = list_plans(desk)
        move_plan(desk, line.rid, "withdrawn")
        day = desk.adapters.clock.now().date()
        change_record(desk, line.rid, {"retention_until": day + timedelta(9)})
        return True

    run(left, end)
    left.program.kit.events.changed.emit(frozenset({"plan"}))
    press(Qt.Key.Key_1, CTRL)
    left.rest()
    today = shell_of(left.program).page
    assert isinstance(today, TodayPage)
    table = today.listing.table
    (said,) = said_under(table, KEPT)
    assert said[1] == "Retention period ends soon: check whether it is still needed"
    table.chosen.emit(rows_of(table, KEPT)[0])
    left.rest()
    assert plan(left).place().endswith("/keeping")


@pytest.mark.slow
def test_plan_that_is_over_without_a_day_is_reminded_of_and_leads_to_where_it_is_set(
    left: Left,
) -> None:
    part = keeping(left)
    assert part.set_day.isHidden()  # while it goes on, there is nothing to set

    def end(desk: Session) -> bool:
        (line,) = list_plans(desk)
        move_plan(desk, line.rid, "withdrawn")
        return True

    run(left, end)
    left.program.kit.events.changed.emit(frozenset({"plan"}))
    press(Qt.Key.Key_1, CTRL)
    left.rest()
    today = shell_of(left.program).page
    assert isinstance(today, TodayPage)
    table = today.listing.table
    (said,) = said_under(table, KEPT)
    assert said[1] == "It is closed, but no retention date is set"
    table.setFocus()
    table.selectRow(rows_of(table, KEPT)[0])
    press(Qt.Key.Key_Return)
    left.rest()
    part = cast("RetentionSection", plan(left).parts["keeping"])
    part.set_day.click()
    left.rest()
    assert plan(left).place().endswith("/decision")
    (form,) = (
        one for one in plan(left).parts["decision"].forms if "retention_until" in one.form.editors
    )
    day = date(2030, 5, 3)
    form.form.editors["retention_until"].enter(day)
    form.save_button.click()
    left.rest()
    press(Qt.Key.Key_1, CTRL)
    left.rest()
    assert not rows_of(today.listing.table, KEPT)


@pytest.mark.parametrize(
    ("days", "is_held", "words"),
    first(
        1,
        [
            (-1, False, "The retention period is over: erase it, or say why not"),
            (-1, True, "Restricted: it must be kept"),
        ],
    ),
)
def test_reminder_says_what_to_do(left: Left, days: int, is_held: bool, words: str) -> None:
    part = keeping(left)
    if is_held:
        part.hold.entry.setText(WHY)

    def end(desk: Session) -> bool:
        (line,) = list_plans(desk)
        move_plan(desk, line.rid, "withdrawn")
        day = desk.adapters.clock.now().date()
        change_record(desk, line.rid, {"retention_until": day + timedelta(days)})
        return True

    run(left, end)
    if is_held:
        part.hold.restrict.click()
        left.rest()
    left.program.kit.events.changed.emit(frozenset({"plan"}))
    press(Qt.Key.Key_1, CTRL)
    left.rest()
    today = shell_of(left.program).page
    assert isinstance(today, TodayPage)
    (said,) = said_under(today.listing.table, KEPT)
    assert said[1] == words
