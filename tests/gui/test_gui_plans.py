# SPDX-License-Identifier: GPL-3.0-or-later
"""The window on a real store: unlock, the list of plans, one plan, a conflict decided."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.printer_samples import answer_printer
from tests.support.samples import first
from tests.support.windows import missed_by_tab, nameless, settle, shell_of, show

from kfdesk import app, store_lifecycle
from kfdesk.demo import people, story
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import view
from kfdesk.environment import Environment
from kfdesk.i18n.messages import error_remedy, error_sentence
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.storage import key_slots
from kfdesk.system import paths, process
from kfdesk.ui.gallery import take_screenshots
from kfdesk.ui.pages.plan.header import SheetWay
from kfdesk.ui.pages.plan.page import PlanView
from kfdesk.ui.pages.plan.travel import TravelSection
from kfdesk.ui.pages.plans import PlansPage
from kfdesk.ui.program import Program, ProgramConfig
from kfdesk.ui.theme import Scheme

MACHINE = Environment(cost=key_slots.MIN_COST)
WHO = Credentials("EV", "sex helt vanliga ord till prov")


def texts(widget: QWidget) -> set[str]:
    """Return the texts of the visible labels."""
    return {label.text() for label in widget.findChildren(QLabel) if label.isVisible()}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Create a store with one plan that has one field in conflict."""
    folder = tmp_path / "store"
    desk = store_lifecycle.create_store(folder, people.HOUSE, WHO, MACHINE)
    _, (_, second) = story.enter_plan(desk, desk.identity.organisation)
    # Two people who had both seen nothing: what they write stands side by side.
    change_record(desk, second, {"carrier": "18, Exempelbuss"}, ())
    desk.store.close()
    return folder


@pytest.fixture
def program(qtbot: QtBot, qapp: QApplication, store: Path) -> Iterator[Program]:
    bugs: list[BaseException] = []
    setting = ProgramConfig(
        resources=paths.resources_folder(),
        translations=paths.translations_folder(),
        language="sv",
        store="store",
        unlock=lambda initials, words: store_lifecycle.unlock_store(
            store, Credentials(initials, words), MACHINE
        ),
        faults=lambda fault, words: (error_sentence(fault, words), error_remedy(fault, words)),
        crashed=bugs.append,
        scheme=Scheme.LIGHT,
    )
    made = Program(qapp, setting)
    show(qtbot, made.window)
    yield made
    made.close()
    assert bugs == []


def unlock(qtbot: QtBot, program: Program) -> PlansPage:
    """Type what a person types."""
    QTest.keyClicks(program.door.initials, WHO.initials)
    QTest.keyClick(program.door.initials, Qt.Key.Key_Return)
    QTest.keyClicks(program.door.passphrase.line, WHO.passphrase)
    QTest.keyClick(program.door.passphrase.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: program.shell is not None and not program.kit.worker.is_busy)
    assert program.shell is not None
    QTest.keyClick(program.window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    plans = shell_of(program).page
    assert isinstance(plans, PlansPage)
    return plans


def open_first(qtbot: QtBot, program: Program) -> PlanView:
    plans = unlock(qtbot, program)
    qtbot.waitUntil(lambda: plans.listing.table.model().rowCount() == 1)
    plans.listing.table.setFocus()
    QTest.keyClick(plans.listing.table, Qt.Key.Key_Return)
    settle(qtbot, program.kit)
    page = plans.currentWidget()
    assert isinstance(page, PlanView)
    return page


def travel(page: PlanView) -> TravelSection:
    part = page.parts["travel"]
    assert isinstance(part, TravelSection)
    return part


def test_plan_is_reached_from_the_door_by_keyboard_alone(qtbot: QtBot, program: Program) -> None:
    page = open_first(qtbot, program)
    first = str(travel(page).table.model().index(0, 0).data())
    assert "tulpan-47" in texts(page)
    assert "Stockholm" in first
    assert program.window.windowTitle() == "Notebook"


def test_second_window_on_a_store_says_so_before_the_passphrase(
    qtbot: QtBot, qapp: QApplication, store: Path
) -> None:
    held = process.lock_store(store)
    second = Program(qapp, app.window_settings(store, "en", MACHINE))
    show(qtbot, second.window)
    qtbot.waitUntil(lambda: not second.kit.worker.is_busy)
    assert "This database is already open in the program." in texts(second.door)
    held.release()
    QTest.keyClicks(second.door.initials, WHO.initials)
    QTest.keyClick(second.door.initials, Qt.Key.Key_Return)
    QTest.keyClicks(second.door.passphrase.line, WHO.passphrase)
    QTest.keyClick(second.door.passphrase.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: second.shell is not None and not second.kit.worker.is_busy)
    second.close()
    assert store_lifecycle.unlock_store(store, WHO, MACHINE).store.verify() == ()


def test_wrong_passphrase_is_told_and_the_door_stays(qtbot: QtBot, program: Program) -> None:
    QTest.keyClicks(program.door.initials, WHO.initials)
    QTest.keyClicks(program.door.passphrase.line, "not the words")
    QTest.keyClick(program.door.passphrase.line, Qt.Key.Key_Return)
    settle(qtbot, program.kit)
    assert program.shell is None
    said = " ".join(texts(program.door))
    assert (
        program.kit.translator.language.gettext(
            "The initials, passphrase and database do not match."
        )
        in said
    )


def test_every_text_follows_the_language_while_the_plan_is_open(
    qtbot: QtBot, program: Program
) -> None:
    page = open_first(qtbot, program)
    said = {}
    for code in ("sv", "en", "ru"):
        program.kit.set_language(code)
        said[code] = texts(page) | {page.header.printing.text()}
    assert "Travel" in said["en"]
    assert said["sv"] != said["en"] != said["ru"]
    place = travel(page).table.model().index(0, 0).data()
    assert str(place).startswith("Стокгольм")


def test_conflict_shows_both_values_and_a_click_decides_it(
    qtbot: QtBot, program: Program, store: Path
) -> None:
    page = open_first(qtbot, program)
    program.kit.set_language("en")
    (card,) = page.conflicts
    assert {"17, Exempelbuss", "18, Exempelbuss"} <= texts(card)
    button = next(
        b
        for b, version in zip(card.buttons, card.conflict.versions, strict=True)
        if version.value == "18, Exempelbuss"
    )
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not page.conflicts)
    program.close()
    desk = store_lifecycle.unlock_store(store, WHO, MACHINE)
    legs = [view(row, Leg) for row in desk.store.rows("leg")]
    assert [leg.record.carrier for leg in legs if leg.record.sequence == 2] == ["18, Exempelbuss"]
    assert desk.store.verify() == ()
    desk.store.close()


def test_section_says_why_the_companion_gets_nothing(qtbot: QtBot, program: Program) -> None:
    page = open_first(qtbot, program)
    program.kit.set_language("en")
    page.go_to("consent")
    qtbot.waitUntil(lambda: "Karin, companion, on paper" in texts(page.parts["consent"]))
    said = texts(page.parts["consent"])
    assert "May receive nothing from this plan." in said
    assert any("no consent names this recipient" in words for words in said)


def test_code_word_is_covered_until_somebody_asks(qtbot: QtBot, program: Program) -> None:
    page = open_first(qtbot, program)
    safety = travel(page).safety
    travel(page).unfold("safety")
    assert "blåsippa" not in texts(safety)
    QTest.mouseClick(safety.eye, Qt.MouseButton.LeftButton)
    assert "blåsippa" in texts(safety)
    QTest.mouseClick(safety.eye, Qt.MouseButton.LeftButton)
    assert "blåsippa" not in texts(safety)


def test_sheet_is_refused_in_words_while_a_value_is_open_and_saved_afterwards(
    qtbot: QtBot, program: Program, tmp_path: Path
) -> None:
    page = open_first(qtbot, program)
    program.kit.set_language("en")
    target = tmp_path / "sheet.pdf"
    page.header.ask_for_sheet(SheetWay.SAVE)
    outcome = page.header.outcome
    qtbot.waitUntil(outcome.isVisible)
    assert any("different values" in words for words in texts(outcome))
    assert page.findChildren(QFileDialog) == []  # nothing is asked before it is refused
    with qtbot.waitSignal(page.header.fix_asked):
        QTest.keyClick(outcome.fix, Qt.Key.Key_Space)
    QTest.mouseClick(page.conflicts[0].buttons[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not page.conflicts)
    qtbot.waitUntil(lambda: not outcome.isVisible())  # it goes when the answer was given
    page.header.make_sheet(target)
    qtbot.waitUntil(target.exists)
    assert target.read_bytes().startswith(b"%PDF-")
    settle(qtbot, program.kit)
    assert not outcome.fix.isVisible()


def test_sheet_goes_to_the_printer_in_three_keys(
    qtbot: QtBot, program: Program, tmp_path: Path
) -> None:
    page = open_first(qtbot, program)
    program.kit.set_language("en")
    QTest.mouseClick(page.conflicts[0].buttons[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not page.conflicts)
    settle(qtbot, program.kit)
    target, control = tmp_path / "out.pdf", Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(page, Qt.Key.Key_P, control | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(page.header.menu.isVisible)
    QTest.keyClick(page.header.menu, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(page.findChildren(QPrintDialog)))
    answer_printer(page, target)  # as Enter does
    qtbot.waitUntil(target.exists)
    settle(qtbot, program.kit)
    assert "The sheet has been sent to the printer." in texts(page.header.outcome)


def test_sections_and_way_back_answer_keys(qtbot: QtBot, program: Program) -> None:
    page = open_first(qtbot, program)
    assert page.parts["travel"].isVisible()
    above = list(page.parts)[list(page.parts).index("travel") - 1]
    QTest.keyClick(page, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert page.parts[above].isVisible()
    assert not page.parts["travel"].isVisible()
    with qtbot.waitSignal(page.closed):
        QTest.keyClick(page, Qt.Key.Key_Escape)


def test_lock_closes_the_store_and_shows_the_door(
    qtbot: QtBot, program: Program, store: Path
) -> None:
    unlock(qtbot, program)
    QTest.keyClick(program.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: program.shell is None and not program.kit.worker.is_busy)
    assert program.door.isVisible()
    desk: Session = store_lifecycle.unlock_store(store, WHO, MACHINE)  # nobody else holds it
    desk.store.close()


def test_every_control_of_the_plan_has_a_name(qtbot: QtBot, program: Program) -> None:
    page = open_first(qtbot, program)
    for section in ("person", "consent", "travel"):
        page.go_to(section)
        page.parts[section].complete()
        assert nameless(program.window) == []


@pytest.mark.parametrize(
    "place", first(3, ["today", "plans", "contacts", "exchange", "print", "history", "settings"])
)
def test_tab_comes_by_every_control_of_a_place(qtbot: QtBot, program: Program, place: str) -> None:
    unlock(qtbot, program)
    shell_of(program).go_to(place)
    settle(qtbot, program.kit)
    shell_of(program).page.setFocus()
    assert missed_by_tab(program.window) == []


def test_tab_comes_by_every_control_of_a_plan(qtbot: QtBot, program: Program) -> None:
    page = open_first(qtbot, program)
    for section in ("person", "consent", "travel"):
        page.go_to(section)
        page.parts[section].complete()
        page.setFocus()
        assert missed_by_tab(program.window) == []


def test_caret_stands_still_while_pictures_are_taken(
    qapp: QApplication, store: Path, tmp_path: Path
) -> None:
    before, setting = qapp.cursorFlashTime(), app.window_settings(store, "sv", MACHINE)
    looks = (("sv", Scheme.LIGHT),)
    taken = take_screenshots(setting, WHO.initials, WHO.passphrase, tmp_path, looks)
    assert next(taken).page == "unlock"  # with the caret in its first field
    assert qapp.cursorFlashTime() == 0
    taken.close()
    assert qapp.cursorFlashTime() == before > 0


def test_numbered_picture_is_taken_beside_its_page_at_full_size(
    qapp: QApplication, store: Path, tmp_path: Path
) -> None:
    setting = app.window_settings(store, "sv", MACHINE)
    looks = (("sv", Scheme.LIGHT),)
    taken = take_screenshots(setting, WHO.initials, WHO.passphrase, tmp_path, looks)
    page, numbered = next(taken), next(taken)
    taken.close()
    assert (page.page, numbered.page) == ("unlock", "first_steps-1")
    whole, part = QImage(str(page.path)), QImage(str(numbered.path))
    assert 200 < part.width() < 640 < whole.width()


@pytest.mark.slow
def test_pictures_of_every_page_are_taken(qapp: QApplication, store: Path, tmp_path: Path) -> None:
    assert qapp is not None
    setting = app.window_settings(store, "sv", MACHINE)
    looks = (("sv", Scheme.LIGHT), ("ru", Scheme.DARK))  # the demo takes all of them
    taken = list(take_screenshots(setting, WHO.initials, WHO.passphrase, tmp_path, looks))
    assert {(shot.page, shot.language, shot.scheme) for shot in taken} >= {
        (page, language, scheme)
        for page in (
            "unlock",
            "today",
            "plans",
            "settings",
            "plan-travel",
            "plan-consent",
            "procedures",
            "networks",
            "suggestions",
            "plan-cooperation",
        )
        for language, scheme in (("sv", "light"), ("ru", "dark"))
    }
    least = {shot.page: 1000 if shot.page[-1].isdigit() else 5000 for shot in taken}
    assert all(shot.path.stat().st_size > least[shot.page] for shot in taken), "a crop is small"
