# SPDX-License-Identifier: GPL-3.0-or-later
"""From nothing to an open desk: the first run on an empty place, then the door the next time."""

import threading
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from tests.support.patience import HANG
from tests.support.stores import new_desk
from tests.support.windows import shell_of, show

from kfdesk import app, store_lifecycle
from kfdesk.domain.accounts import Credentials
from kfdesk.environment import Environment
from kfdesk.services.core.session import Session
from kfdesk.storage import key_slots
from kfdesk.system import settings
from kfdesk.ui.pages.first_run import SetupAnswers
from kfdesk.ui.program import Program
from kfdesk.ui.shell.help import ManualSheet
from kfdesk.ui.theme import Scheme, Theme
from kfdesk.ui.widgets.inputs import ChoiceBox

MACHINE = Environment(cost=key_slots.MIN_COST)


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Use a settings folder of the test's own."""
    where = tmp_path / "settings"
    monkeypatch.setattr(settings, "settings_folder", lambda: where)
    return where


def choose(choice: ChoiceBox, key: str) -> None:
    """Choose what is offered under a key, as a person does."""
    place = [one for one, _ in choice._options].index(key)
    choice.setCurrentIndex(place)
    choice.activated.emit(place)


def test_first_run_makes_a_store_and_the_next_start_asks_for_it(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    folder = tmp_path / "store"
    program = Program(qapp, app.window_settings(folder, "sv", MACHINE))
    show(qtbot, program.window)
    first = program.first_run
    made = cast(
        "Session", first._create(SetupAnswers("Nordhuset", "EV", "Sex helt  VANLIGA ord till prov"))
    )
    made.store.close()
    program.close()

    again = Program(qapp, app.window_settings(folder, "sv", MACHINE))
    show(qtbot, again.window)
    assert again.door.isVisible()
    again.close()
    desk = store_lifecycle.unlock_store(
        folder, Credentials("ev", "sex helt vanliga ord till prov"), MACHINE
    )
    assert desk.identity.name == "Nordhuset"
    desk.store.close()


def test_f1_helps_also_before_there_is_a_store_and_gives_the_page_back(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    program = Program(qapp, app.window_settings(tmp_path / "store", "sv", MACHINE))
    show(qtbot, program.window)
    QTest.keyClick(program.first_run, Qt.Key.Key_F1)
    (manual,) = program.window.findChildren(ManualSheet)
    assert manual.isVisible()
    assert manual.chapter == "door"
    assert not program.first_run.isEnabled()
    QTest.keyClick(manual, Qt.Key.Key_Escape)
    assert program.first_run.isEnabled()
    assert not manual.isVisible()
    program.first_run.top.help.click()
    assert [one.isVisible() for one in program.window.findChildren(ManualSheet)][-1:] == [True]
    program.close()


def test_language_and_colours_are_kept_for_the_next_start(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, own_settings: Path
) -> None:
    program = Program(qapp, app.window_settings(tmp_path / "store", "sv", MACHINE))
    show(qtbot, program.window)
    program.kit.set_language("ru")
    program.kit.set_theme(Scheme.DARK)
    program.close()
    kept = settings.read_settings(own_settings)
    assert (kept.language, kept.scheme) == ("ru", "dark")
    assert app.window_settings(tmp_path / "store", "ru", MACHINE).scheme is Scheme.DARK


def example(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Program:
    """Return a program on an example desk, open without a login."""

    def make() -> Session:
        return new_desk(
            tmp_path / "example",
            "Nordhuset",
            Credentials("EV", "sex helt vanliga ord till prov"),
            MACHINE,
        )

    setting = app.window_settings(tmp_path / "none", "en", MACHINE)
    program = Program(qapp, replace(setting, opened=make))
    show(qtbot, program.window)
    qtbot.waitUntil(lambda: program.shell is not None)
    return program


def test_window_says_that_the_example_is_being_prepared(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    go = threading.Event()

    def make() -> Session:
        assert go.wait(HANG)
        who = Credentials("EV", "sex helt vanliga ord till prov")
        return new_desk(tmp_path / "example", "Nordhuset", who, MACHINE)

    setting = app.window_settings(tmp_path / "none", "en", MACHINE)
    program = Program(qapp, replace(setting, opened=make))
    show(qtbot, program.window)
    said = [label.text() for label in program.window.findChildren(QLabel) if label.isVisible()]
    go.set()
    qtbot.waitUntil(lambda: program.shell is not None)
    program.close()
    assert "The example is being prepared…" in said


def test_letters_chosen_at_the_door_are_as_large_at_once_and_the_next_time(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, own_settings: Path
) -> None:
    program = Program(qapp, app.window_settings(tmp_path / "store", "sv", MACHINE))
    show(qtbot, program.window)
    before = program.first_run
    usual = before.next.font().pointSizeF()
    choose(before.top.letters, "200")
    assert program.first_run is not before
    assert program.first_run.isVisible()
    assert program.first_run.next.font().pointSizeF() == 2 * usual
    assert program.first_run.top.letters.key == "200"
    assert settings.read_settings(own_settings).letters == 200
    program.close()
    again = Program(qapp, app.window_settings(tmp_path / "store", "sv", MACHINE))
    assert again.first_run.next.font().pointSizeF() == 2 * usual
    choose(again.first_run.top.letters, "100")
    assert again.first_run.next.font().pointSizeF() == usual
    again.close()


def test_letters_chosen_at_an_open_desk_make_it_anew_where_one_was(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    program = example(qtbot, qapp, tmp_path)
    before = shell_of(program)
    before.go_to("settings")
    before.page.letters.parts["150"].click()
    assert program.shell is not before
    assert shell_of(program).place() == "settings"
    assert shell_of(program).page.letters.key == "150"
    assert shell_of(program).page.letters.parts["150"].font().pointSizeF() == pytest.approx(15.75)
    shell_of(program).page.letters.parts["100"].click()
    assert program.kit.theme.letters == 100
    program.close()


def test_letters_chosen_while_a_store_opens_wait_until_it_is_open(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    who = Credentials("EV", "sex helt vanliga ord till prov")
    new_desk(tmp_path / "desk", "Nordhuset", who, MACHINE).store.close()
    program = Program(qapp, app.window_settings(tmp_path / "desk", "en", MACHINE))
    show(qtbot, program.window)
    door = program.door
    door.initials.setText(who.initials)
    door.passphrase.line.setText(who.passphrase)
    door.button.click()
    choose(door.top.letters, "150")
    assert program.door is door
    qtbot.waitUntil(lambda: program.kit.theme.letters == 150)
    assert program.shell is not None
    assert shell_of(program).isVisible()
    shell_of(program).go_to("settings")
    shell_of(program).page.letters.parts["100"].click()
    assert program.kit.theme.letters == 100
    program.close()


def test_a_size_that_is_none_is_the_usual_one(own_settings: Path, qapp: QApplication) -> None:
    settings.write_settings(own_settings, settings.Settings(letters=900))
    setting = app.window_settings(own_settings, "sv", MACHINE)
    assert Theme(qapp, setting.resources, letters=setting.letters).letters == 100


@pytest.mark.parametrize(
    ("machine", "spoken"), [("ru_RU.UTF-8", "ru"), ("C", "en"), ("de_DE.UTF-8", "en"), ("", "en")]
)
def test_machine_decides_the_language_where_nobody_has(
    monkeypatch: pytest.MonkeyPatch, machine: str, spoken: str
) -> None:
    monkeypatch.setenv("LC_ALL", "")
    monkeypatch.setenv("LANG", machine)
    monkeypatch.setattr("locale.getlocale", lambda: (None, None))
    assert app.language("").code == spoken


def test_example_opens_without_a_door_says_that_it_is_one_and_closes_where_others_lock(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    program = example(qtbot, qapp, tmp_path)
    said = "This is an example. Everyone in it is invented."
    labels = shell_of(program).findChildren(QLabel)
    qtbot.waitUntil(lambda: said in {one.text() for one in labels if one.isVisible()})
    program.window.lock("key")
    assert not program.window.isVisible()
    assert not (tmp_path / "none").exists()
    program.close()


def test_rooms_behind_the_door_are_loaded_on_the_worker_once_it_is_painted(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    (folder / "notebook.db").touch()  # an empty folder would show the first run
    loaded: list[str] = []

    def load() -> None:
        loaded.append(threading.current_thread().name)

    setting = app.window_settings(folder, "sv", MACHINE)
    assert setting.load is app._load_session_modules
    program = Program(qapp, replace(setting, load=load))
    program.kit.worker.finish(10)
    assert loaded == []  # nothing was painted yet
    show(qtbot, program.window, is_painted=True)
    qtbot.waitUntil(lambda: bool(loaded))
    program.window.grab()
    qtbot.waitUntil(lambda: not program.kit.worker.is_busy)
    assert loaded == ["vault"]
    program.close()
