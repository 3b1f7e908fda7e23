# SPDX-License-Identifier: GPL-3.0-or-later
"""Backup in the window: made, stopped, tried out, shown on Today, put back before a first run."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import MACHINE, WHO, OpenDesk, knock, rest, running, texts
from tests.support.disks import ASKED_OF_THE_SYSTEM
from tests.support.windows import missed_by_tab, nameless, settle, show

from kfdesk import app, store_lifecycle
from kfdesk.demo import people, story
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.backup import BackupAge, RestorePreview, RestoreResult
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.recovery_key import spell_key, spell_sheet, split_key
from kfdesk.services.exchange.erasure import erase_client
from kfdesk.services.upkeep.backup import BackupState, backup_state, make_backup
from kfdesk.storage.backup import Backups
from kfdesk.storage.driver import STORE_FILE
from kfdesk.ui.context import UiContext
from kfdesk.ui.dialogs import FolderChoice
from kfdesk.ui.pages.backup import BackupPage
from kfdesk.ui.pages.backup_jobs import BackupStatusLine
from kfdesk.ui.pages.restore import RestorePage, RestoreServices, RestoreSource
from kfdesk.ui.pages.today import TodayPage
from kfdesk.ui.program import Program
from kfdesk.ui.shell.session_view import make_session_view, offer_backup
from kfdesk.ui.shell.window import Window
from kfdesk.ui.worker import JobProgress

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "desk" / "store"


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    made = tmp_path / "KINGSTON"
    made.mkdir()
    return made


@pytest.fixture
def opened(kit: UiContext, qtbot: QtBot, folder: Path) -> Iterator[OpenDesk]:
    desk = OpenDesk(kit, qtbot, folder)
    yield desk
    desk.close()


class Shown:
    """The page in its window."""

    def __init__(self, kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> None:
        self.opened = opened
        self.window = Window(kit)
        self.page = BackupPage(kit, opened.desk)
        self.window.show_page(self.page)
        self.window.resize(1280, 900)
        show(qtbot, self.window)
        self.page.setFocus()
        opened.rest()

    def make_in(self, stick: Path) -> None:
        self.page.making.place.choose(stick)
        QTest.mouseClick(self.page.making.button, LEFT)
        self.opened.rest()

    def try_newest(self, passphrase: str) -> None:
        line = self.page.drilling.passphrase.line
        line.setFocus()
        QTest.keyClicks(line, passphrase)
        QTest.keyClick(line, Qt.Key.Key_Return)
        self.opened.rest()

    @property
    def state(self) -> BackupState:
        return self.opened.run(lambda: backup_state(self.opened.desk))


@pytest.fixture
def shown(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> Shown:
    return Shown(kit, qtbot, opened)


def test_page_says_that_there_is_none_and_asks_for_a_place(shown: Shown) -> None:
    assert "There is no backup yet" in texts(shown.page)
    place = shown.page.making.place
    if not place.path:  # unless somebody has a stick in this machine
        assert not shown.page.making.button.isEnabled()
        assert place.choice.currentText() == "No USB stick is plugged in"
        assert place.browse.hasFocus()


def test_backup_is_made_and_said_to_be_whole(shown: Shown, stick: Path) -> None:
    shown.make_in(stick)
    (path,) = stick.iterdir()
    assert {
        "The backup is complete. You can now remove the USB stick.",
        "Last verified backup: today",
    } <= (texts(shown.page))
    assert any(path.name in text for text in texts(shown.page))
    assert shown.state.age is BackupAge.FRESH
    assert shown.page.making.button.isVisible()
    assert not shown.page.making.progress.isVisible()


def test_backup_on_the_disk_of_the_store_says_so_and_is_asked_for_still(
    shown: Shown, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Backups, "is_on_same_disk", ASKED_OF_THE_SYSTEM)
    shown.make_in(stick)
    (path,) = stick.iterdir()
    told = texts(shown.page)
    assert "The backup is complete, but on the same disk as the database." in told
    assert any("so this is not a real backup." in text and path.name in text for text in told)
    assert "There is no backup on another disk yet" in told
    assert "The backup is complete. You can now remove the USB stick." not in told
    assert shown.state.age is BackupAge.NONE
    shown.try_newest(WHO.passphrase)
    assert "It opens, and all of it is intact." in texts(shown.page)


def test_backup_can_be_stopped_and_leaves_nothing(
    shown: Shown, stick: Path, kit: UiContext
) -> None:
    shown.page.making.place.choose(stick)
    gate: list[int] = []
    kit.worker.run(lambda: gate.append(1))
    QTest.mouseClick(shown.page.making.button, LEFT)
    assert shown.page.making.progress.isVisible()
    assert shown.page.making.progress.cancel.hasFocus()
    QTest.keyClick(shown.page.making.progress.cancel, Qt.Key.Key_Return)
    shown.opened.rest()
    assert list(stick.iterdir()) == []
    assert shown.page.making.outcome.isVisible()
    assert "work.cancelled in en." in texts(shown.page)
    assert shown.state.age is BackupAge.NONE


def test_backup_that_fails_says_why_and_can_be_tried_again(shown: Shown, stick: Path) -> None:
    shown.page.making.place.choose(stick)
    shutil.rmtree(stick)
    QTest.mouseClick(shown.page.making.button, LEFT)
    shown.opened.rest()
    assert "backup.not_written in en." in texts(shown.page)
    stick.mkdir()
    QTest.mouseClick(shown.page.making.button, LEFT)
    shown.opened.rest()
    assert len(list(stick.iterdir())) == 1


def test_newest_is_tried_out_with_the_passphrase(shown: Shown, stick: Path) -> None:
    shown.make_in(stick)
    shown.try_newest(WHO.passphrase)
    found = texts(shown.page)
    assert "It opens, and all of it is intact." in found
    assert any("records" in text and text.startswith("Backup of") for text in found)
    assert shown.page.drilling.passphrase.text() == ""


def test_wrong_passphrase_is_told_beside_the_field(shown: Shown, stick: Path) -> None:
    shown.make_in(stick)
    shown.try_newest("andra ord")
    assert shown.page.drilling.field.has_error
    assert "It opens, and all of it is intact." not in texts(shown.page)


def test_damaged_backup_is_told(shown: Shown, stick: Path) -> None:
    shown.make_in(stick)
    (path,) = stick.iterdir()
    data = (path / STORE_FILE).read_bytes()
    (path / STORE_FILE).write_bytes(data[:-4096])
    shown.try_newest(WHO.passphrase)
    assert "backup.damaged_pages in en." in texts(shown.page)


def test_everything_has_a_name_and_is_reached_by_tab(shown: Shown, stick: Path) -> None:
    shown.make_in(stick)
    shown.page.drilling.passphrase.line.setText("x")
    shown.page.drilling.passphrase.line.textEdited.emit("x")
    assert nameless(shown.window) == []
    assert missed_by_tab(shown.page) == []


def test_every_word_follows_the_language(shown: Shown, stick: Path, kit: UiContext) -> None:
    shown.make_in(stick)
    kit.set_language("sv")
    plain = [text for text in texts(shown.page) if text and not text.startswith("⟦")]
    assert all("notebook-" in text for text in plain)


def test_sticks_come_first_and_a_folder_chosen_by_hand_stays(
    kit: UiContext, tmp_path: Path
) -> None:
    place = FolderChoice(kit, "x", "x")
    assert place.path is None
    first, second, hand = tmp_path / "a", tmp_path / "b", tmp_path / "hand"
    place.set_options((first, second))
    assert place.path == first
    place.choose(hand)
    assert place.path == hand
    place.set_options((second,))
    assert place.path == hand
    assert place.choice.count() == 2


# on Today


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (None, "There is no backup yet"),
        (0, "Last verified backup: today"),
        (1, "Last verified backup: 1 day ago"),
        (8, "Last verified backup: 8 days ago"),
    ],
)
def test_today_says_how_old_the_last_backup_is(
    kit: UiContext, qtbot: QtBot, days: int | None, words: str
) -> None:
    line = BackupStatusLine(kit)
    line.show_state(BackupState(days, Path("x") if days is not None else None))
    show(qtbot, line)
    assert words in texts(line)


def test_today_leads_to_the_page_and_knows_a_new_backup(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk, stick: Path
) -> None:
    shell = make_session_view(kit, opened.desk)
    window = Window(kit)
    window.show_page(shell)
    show(qtbot, window)
    opened.rest()
    today = shell.page
    assert isinstance(today, TodayPage)
    QTest.mouseClick(today.backup.button, LEFT)
    page = shell.page
    assert isinstance(page, BackupPage)
    opened.rest()
    page.making.place.choose(stick)
    QTest.mouseClick(page.making.button, LEFT)
    opened.rest()
    shell.go_to("today")
    opened.rest()
    assert "Last verified backup: today" in texts(today)


def test_new_desk_is_offered_a_backup_that_can_wait(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    shell = make_session_view(kit, opened.desk)
    window = Window(kit)
    window.show_page(shell)
    show(qtbot, window)
    offer_backup(shell)
    opened.rest()
    page = shell.page
    assert isinstance(page, BackupPage)
    QTest.mouseClick(page.later, LEFT)
    assert isinstance(shell.page, TodayPage)


# putting back


class Putting:
    """The page of the restore with real backups and a bare folder."""

    def __init__(self, kit: UiContext, qtbot: QtBot, folder: Path, stick: Path) -> None:
        self.kit, self.qtbot = kit, qtbot
        self.closed: list[bool] = []
        self.folder = folder
        self.page = RestorePage(kit, RestoreServices(lambda: (stick,), self._restore))
        self.page.closed.connect(lambda: self.closed.append(True))
        self.page.resize(1280, 860)
        show(qtbot, self.page)
        self.page.start()
        self.rest()

    def rest(self) -> None:
        settle(self.qtbot, self.kit)

    def restore(self, passphrase: str) -> None:
        self.page.initials.setText(WHO.initials)
        self.page.passphrase.line.setFocus()
        QTest.keyClicks(self.page.passphrase.line, passphrase)
        QTest.keyClick(self.page.passphrase.line, Qt.Key.Key_Return)
        self.rest()

    def _restore(
        self, source: RestoreSource, course: JobProgress, agrees: Callable[[RestorePreview], bool]
    ) -> RestoreResult:
        who = Credentials(source.initials, source.passphrase)
        means = store_lifecycle.RestoreCourse(course.step, agrees)
        return store_lifecycle.restore_store(source.folder, self.folder, who, MACHINE, means)


@pytest.fixture
def backup(tmp_path: Path, stick: Path) -> int:
    """Put a backup of another machine's desk on the stick; return its number of records."""
    desk = store_lifecycle.create_store(
        tmp_path / "elsewhere" / "store", people.HOUSE, WHO, MACHINE
    )
    made = make_backup(desk, stick)
    desk.store.close()
    return sum(made.counts.values())


def test_backup_is_put_back_on_a_bare_machine(
    kit: UiContext, qtbot: QtBot, folder: Path, stick: Path, backup: int
) -> None:
    putting = Putting(kit, qtbot, folder, stick)
    putting.restore(WHO.passphrase)
    assert f"{backup} record is back" in texts(putting.page)
    assert putting.page.next.hasFocus()
    QTest.keyClick(putting.page.next, Qt.Key.Key_Return)
    assert putting.closed == [True]
    store_lifecycle.unlock_store(folder, WHO, MACHINE).store.close()


def test_key_in_the_passphrases_place_is_followed_sheet_by_sheet(
    kit: UiContext, qtbot: QtBot, folder: Path, stick: Path
) -> None:
    page = Putting(kit, qtbot, folder, stick).page
    sheets = [
        " ".join(spell_sheet(sheet, os.urandom)) for sheet in split_key(bytes(20), os.urandom)
    ]

    def said(typed: str) -> set[str]:
        page.passphrase.line.clear()
        QTest.keyClicks(page.passphrase.line, typed)
        return texts(page)

    assert "Sheet 2 is right. Type a second one after it." in said(sheets[1])
    assert "The whole key is right." in said(f"{sheets[1]} {sheets[2]}")
    assert not page.field.has_error
    for second in (sheets[1], sheets[0][:-1] + ("0" if sheets[0][-1] != "0" else "1")):
        said(f"{sheets[1]} {second}")
        assert page.field.has_error
    assert "The whole key is right." in said(" ".join(spell_key(bytes(20))))
    assert any("The recovery key opens it too" in text for text in said("six words of hers"))


def test_refused_restore_says_why_and_can_be_tried_again(
    kit: UiContext, qtbot: QtBot, folder: Path, stick: Path, backup: int
) -> None:
    putting = Putting(kit, qtbot, folder, stick)
    putting.restore("andra ord")
    assert putting.page.field.has_error
    assert not folder.exists()
    putting.restore(WHO.passphrase)
    assert folder.exists()
    assert backup


def test_old_store_and_unknown_erasures_are_told(
    kit: UiContext, qtbot: QtBot, folder: Path, stick: Path, backup: int
) -> None:
    shutil.copytree(next(stick.iterdir()), folder)
    (folder / STORE_FILE).write_bytes(bytes(16384))
    putting = Putting(kit, qtbot, folder, stick)
    putting.restore(WHO.passphrase)
    found = " ".join(texts(putting.page))
    assert f"{folder}-20" in found
    assert "could not be read" in found
    assert backup


@pytest.fixture
def erased(folder: Path, stick: Path) -> int:
    """Erase the client of a desk after its backup; return how many records went."""
    desk = store_lifecycle.create_store(folder, people.HOUSE, WHO, MACHINE)
    story.enter_plan(desk, desk.identity.organisation)
    make_backup(desk, stick)
    client = desk.store.rows("client")[0].rid
    family = desk.store.tree.family((client,))
    erase_client(desk, client, ErasureReason.CLIENT_REQUEST)
    desk.store.close()
    return len(family)


def clients(folder: Path) -> int:
    desk = store_lifecycle.unlock_store(folder, WHO, MACHINE)
    count = len(desk.store.rows("client"))
    desk.store.close()
    return count


def test_restore_asks_before_it_erases_ours_again_and_goes_on_after_a_yes(
    kit: UiContext, qtbot: QtBot, folder: Path, stick: Path, erased: int
) -> None:
    putting = Putting(kit, qtbot, folder, stick)
    putting.restore(WHO.passphrase)
    page = putting.page
    assert page.question.isVisible()
    assert not page.next.isVisible()
    assert any(one.startswith("tulpan-47 · ") for one in texts(page))
    assert len(list(folder.parent.iterdir())) == 1
    assert missed_by_tab(page) == nameless(page) == []
    assert page.question.button.hasFocus()
    QTest.keyClick(page.question.button, Qt.Key.Key_Space)
    putting.rest()
    assert not page.question.isVisible()
    assert len(list(folder.parent.iterdir())) == 2
    assert any(f"{erased} records that were erased" in one for one in texts(page))
    assert any(one.startswith("tulpan-47 · ") for one in texts(page))
    assert clients(folder) == 0


def test_restore_that_gets_no_yes_leaves_everything_as_it_was(
    kit: UiContext, qtbot: QtBot, folder: Path, stick: Path, erased: int
) -> None:
    before = {one.name: one.read_bytes() for one in folder.iterdir()}
    putting = Putting(kit, qtbot, folder, stick)
    putting.restore(WHO.passphrase)
    QTest.keyClick(putting.page.question.button, Qt.Key.Key_Escape)
    assert putting.closed == [True]
    assert erased
    assert {one.name: one.read_bytes() for one in folder.iterdir()} == before
    assert len(list(folder.parent.iterdir())) == 1


def test_restore_page_is_named_reached_by_tab_and_left_by_escape(
    kit: UiContext, qtbot: QtBot, folder: Path, stick: Path
) -> None:
    putting = Putting(kit, qtbot, folder, stick)
    assert nameless(putting.page) == []
    assert missed_by_tab(putting.page) == []
    QTest.keyClick(putting.page.initials, Qt.Key.Key_Escape)
    assert putting.closed == [True]


# the ways to it, in the whole program


@pytest.fixture
def program(qapp: QApplication, qtbot: QtBot, folder: Path) -> Iterator[Program]:
    """Yield the program where there is no store yet."""
    with running(qapp, qtbot, folder) as made:
        yield made


def test_first_run_leads_to_a_backup_and_from_there_to_the_door(
    program: Program, qtbot: QtBot, stick: Path, backup: int
) -> None:
    assert backup
    QTest.mouseClick(program.first_run.have, LEFT)
    rest(qtbot, program)
    page = program.restore
    page.place.choose(stick)
    page.initials.setText(WHO.initials)
    page.passphrase.line.setFocus()
    QTest.keyClicks(page.passphrase.line, WHO.passphrase)
    QTest.keyClick(page.passphrase.line, Qt.Key.Key_Return)
    rest(qtbot, program)
    QTest.keyClick(page.next, Qt.Key.Key_Return)
    knock(qtbot, program)
    assert program.shell is not None


def test_way_back_from_the_restore_is_the_first_run(program: Program, qtbot: QtBot) -> None:
    QTest.mouseClick(program.first_run.have, LEFT)
    rest(qtbot, program)
    before = program.first_run
    QTest.mouseClick(program.restore.back, LEFT)
    assert program.first_run is not before
    assert program.first_run.isVisible()


def test_store_that_cannot_be_opened_leads_to_its_backups(
    qapp: QApplication, qtbot: QtBot, folder: Path, tmp_path: Path, backup: int
) -> None:
    assert backup
    shutil.copytree(tmp_path / "elsewhere" / "store", folder)
    (folder / STORE_FILE).write_bytes(bytes(16384))
    setting = replace(app.window_settings(folder, "en", MACHINE), keep=lambda *_: None)
    program = Program(qapp, setting)
    show(qtbot, program.window)
    assert not program.door.restore.isVisible()
    knock(qtbot, program)
    QTest.mouseClick(program.door.repair, LEFT)
    QTest.mouseClick(program.repair.other, LEFT)
    rest(qtbot, program)
    assert program.restore.isVisible()
    program.close()
