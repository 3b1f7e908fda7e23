# SPDX-License-Identifier: GPL-3.0-or-later
"""A second start finds the open window, and a file that was double-clicked waits for its store."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from tests.gui.lock_samples import MACHINE, Left, new_store, start

from kfdesk import app
from kfdesk.domain.errors import KfdeskError
from kfdesk.system import paths, process
from kfdesk.ui.context import LockSettings
from kfdesk.ui.pages.exchange.page import ExchangePage

CALLER = """
import sys
from pathlib import Path
from kfdesk import app
from kfdesk.domain.errors import KfdeskError
try:
    app._check_not_in_use(Path(sys.argv[1]))
except KfdeskError as refused:
    print(refused.code)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    new_store(tmp_path / "store")
    return tmp_path / "store"


@pytest.fixture
def made() -> Iterator[list[Left]]:
    """Keep the programs of a test, and end them."""
    left: list[Left] = []
    yield left
    for each in left:
        each.program.close()


def seen(left: Left) -> str:
    """Return the texts on view at the door."""
    labels = left.program.door.findChildren(QLabel)
    return " ".join(label.text() for label in labels if label.isVisible())


@pytest.mark.parametrize("is_hidden", [False, True])
def test_second_start_brings_the_open_window_to_the_front(
    qtbot: QtBot, qapp: QApplication, folder: Path, made: list[Left], *, is_hidden: bool
) -> None:
    left = start(
        qtbot, qapp, folder, LockSettings(), lambda _: None, called=folder / process.LOCK_FILE
    )
    made.append(left)
    left.open()
    held = process.lock_store(folder) if not _is_held(folder) else None
    window = left.program.window
    if is_hidden:
        window.hide_all()
    else:
        window.showMinimized()
    done = subprocess.run(
        [sys.executable, "-c", CALLER, str(folder)],
        env=os.environ, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "store.in_use\n"
    qtbot.waitUntil(lambda: not window.isMinimized())
    assert window.isVisible()
    assert window.cover.isVisible() is is_hidden  # what was hidden stays covered
    if held is not None:
        held.release()


def test_second_start_with_a_file_says_where_the_file_is_shown(
    qtbot: QtBot, qapp: QApplication, folder: Path, made: list[Left]
) -> None:
    held = process.lock_store(folder)
    left = start(
        qtbot, qapp, folder, LockSettings(), lambda _: None, files=(folder.parent / "a.age",),
        check=lambda: app._check_not_in_use(folder, has_files=True),
    )  # fmt: skip
    made.append(left)
    qtbot.waitUntil(left.program.door.fault.isVisible)
    assert "press “Import…” there" in seen(left)
    with pytest.raises(KfdeskError, match=r"^store\.in_use$"):
        app._check_not_in_use(folder)
    held.release()
    app._check_not_in_use(folder, has_files=True)


def _is_held(folder: Path) -> bool:
    try:
        process.lock_store(folder).release()
    except KfdeskError:
        return True
    return False


def test_window_at_the_door_does_not_come_forward(
    qtbot: QtBot, qapp: QApplication, folder: Path, made: list[Left]
) -> None:
    left = start(
        qtbot, qapp, folder, LockSettings(), lambda _: None, called=folder / process.LOCK_FILE
    )
    made.append(left)
    left.program.window.showMinimized()
    left.program._on_called("")
    assert left.program.window.isMinimized()


def test_call_without_a_lock_file_changes_nothing(tmp_path: Path) -> None:
    process.call_lock_holder(tmp_path)
    assert list(tmp_path.iterdir()) == []
    app._check_not_in_use(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("names", "words"),
    [(["a.age"], "1 file waits"), (["a.age", "b.card"], "2 files wait"), ([], "")],
)
def test_files_wait_at_the_door_without_their_names(
    qtbot: QtBot, qapp: QApplication, folder: Path, made: list[Left], names: list[str], words: str
) -> None:
    files = tuple(folder.parent / name for name in names)
    left = start(qtbot, qapp, folder, LockSettings(), lambda _: None, files=files)
    made.append(left)
    assert words in seen(left)
    assert not any(name in seen(left) for name in names)
    left.open()
    shell = left.program.shell
    assert shell is not None
    assert isinstance(shell.page, ExchangePage) is bool(names)


def test_door_asks_for_which_of_several_stores_the_files_are(
    qtbot: QtBot, qapp: QApplication, folder: Path, made: list[Left]
) -> None:
    asked: list[str] = []
    left = start(
        qtbot, qapp, folder, LockSettings(), lambda _: None,
        files=(folder.parent / "a.age",), others=(("/b/second", "second"),), switch=asked.append,
    )  # fmt: skip
    made.append(left)
    door = left.program.door
    assert door.store.isVisible()
    door.initials.setText("EV")
    door.passphrase.line.setText("typed for the other store")
    door.store.chosen.emit("")
    assert asked == []
    door.store.chosen.emit("/b/second")
    left.rest()
    assert asked == ["/b/second"]
    assert door.passphrase.text() == ""
    assert not left.program.window.isVisible()


def test_store_that_cannot_be_started_is_told_at_the_door(
    qtbot: QtBot, qapp: QApplication, folder: Path, made: list[Left]
) -> None:
    def fails(_key: str) -> None:
        raise KfdeskError("store.disk")

    left = start(
        qtbot, qapp, folder, LockSettings(), lambda _: None,
        files=(folder.parent / "a.age",), others=(("/b/second", "second"),), switch=fails,
    )  # fmt: skip
    made.append(left)
    left.program.door.store.chosen.emit("/b/second")
    left.rest()
    assert left.program.door.fault.isVisible()
    assert left.program.window.isVisible()


def test_without_files_the_door_asks_for_no_store(
    qtbot: QtBot, qapp: QApplication, folder: Path, made: list[Left]
) -> None:
    left = start(
        qtbot, qapp, folder, LockSettings(), lambda _: None, others=(("/b/second", "second"),)
    )
    made.append(left)
    assert not left.program.door.store.isVisible()


def test_stores_beside_are_those_that_were_opened_and_not_put_aside(tmp_path: Path) -> None:
    for name in ("store", "second", "third", "store-before", "store.part", "papers"):
        (tmp_path / name).mkdir()
        if name != "papers":
            (tmp_path / name / process.LOCK_FILE).touch()
    (tmp_path / "notes.txt").touch()
    assert paths.stores_beside(tmp_path / "store") == (tmp_path / "second", tmp_path / "third")
    assert paths.stores_beside(tmp_path / "gone" / "store") == ()


@pytest.mark.parametrize(
    "argv",
    [["a.age"], ["A.AGE", "b.card"], ["open", "a.age"], ["--store", "s", "open", "a.age", "b.txt"],
     ["open"], []],
)  # fmt: skip
def test_file_manager_opens_the_window_with_its_files(
    monkeypatch: pytest.MonkeyPatch, argv: list[str]
) -> None:
    heard: list[tuple[Path, ...]] = []

    def hear(*given: object) -> int:
        heard.append(given[4])  # type: ignore[arg-type]
        return 0

    monkeypatch.setattr(app, "open_window", hear)
    monkeypatch.setattr(process, "harden", lambda: None)
    assert app.main(argv, MACHINE) == 0
    wanted = [each for each in argv if each not in {"open", "--store", "s"}]
    assert heard == [tuple(Path(each).absolute() for each in wanted)]


@pytest.mark.parametrize("kind", ["missing", "folder", "pipe", "empty", "loop", "text"])
def test_file_that_is_none_is_refused_with_a_sentence(
    qtbot: QtBot, qapp: QApplication, folder: Path, made: list[Left], kind: str
) -> None:
    file = folder.parent / "a.age"
    if kind == "folder":
        file.mkdir()
    elif kind == "pipe":
        os.mkfifo(file)  # reading it would wait for ever
    elif kind == "loop":
        file.symlink_to(file)
    elif kind != "missing":
        file.write_bytes(b"" if kind == "empty" else b"notes")
    left = start(qtbot, qapp, folder, LockSettings(), lambda _: None, files=(file,))
    made.append(left)
    left.open()
    shell = left.program.shell
    assert shell is not None
    page = shell.page
    assert isinstance(page, ExchangePage)
    texts = " ".join(label.text() for label in shell.findChildren(QLabel) if label.isVisible())
    assert page.step is None or "a.age" in texts
    assert not left.program.kit.worker.is_busy
