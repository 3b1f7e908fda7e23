# SPDX-License-Identifier: GPL-3.0-or-later
"""What a partner wrote is never markup: no page obeys a tag in it, and nothing loads what it names.

Every text of every record holds a picture that lies in a watched folder. The window goes to every
place, and the pointer rests on everything there.
"""

import html
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QByteArray, QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent, QImage, QTextDocument
from PySide6.QtGui import Qt as RichText
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QPushButton,
    QTableView,
    QToolTip,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shiboken6 import delete
from tests.gui.test_gui_unreadable import places, say_fault
from tests.gui.travel_samples import walking
from tests.gui.walk_book import BOOK
from tests.gui.walk_judge import name
from tests.gui.walk_networks import NETWORKS
from tests.gui.walk_procedures import PROCEDURES
from tests.gui.walk_world import World
from tests.support.unreadable import unreadable
from tests.support.watching import OpenedFiles, watched
from tests.support.windows import show

from kfdesk.demo import story
from kfdesk.domain.kinds import (
    LocalizedTextKind,
    TextKind,
)
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.rows import Row
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer
from kfdesk.system import paths
from kfdesk.ui.context import EventBus, UiContext
from kfdesk.ui.theme import Theme
from kfdesk.ui.translator import Translator
from kfdesk.ui.widgets.reader import TextReader
from kfdesk.ui.widgets.text import PlainLabel, set_tooltip, show_tooltip, tooltip_text
from kfdesk.ui.worker import Worker

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what is opened")
_PICTURE = "probe.png"
might_be_rich: Callable[[str], bool] = RichText.mightBeRichText


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenedFiles]:
    """Yield the watch over the current folder, in which there is a picture to load."""
    folder = tmp_path / "here"
    folder.mkdir()
    picture = QImage(400, 300, QImage.Format.Format_RGB32)
    assert picture.save(str(folder / _PICTURE))
    monkeypatch.chdir(folder)
    with watched(folder) as watch:
        yield watch


def tag() -> str:
    """Return a picture in HTML, which Qt takes for rich text and looks for in the folder."""
    return f"<img src='{Path(_PICTURE).absolute().as_uri()}'>"


def spoil_texts(desk: Session) -> Callable[[], None]:
    """Put the picture into every text of every record, and into the names of partners.

    Return what puts the records back as they were.
    """
    words = f"{tag()} word"
    rows = [row for rid in desk.store.tree.rids() if (row := desk.store.row(rid)) is not None]
    _put_spoiled(desk, rows, words)

    def put_back() -> None:
        with desk.store.transaction():
            for row in rows:
                desk.store.put(row)

    return put_back


def _put_spoiled(desk: Session, rows: Sequence[Row], words: str) -> None:
    with desk.store.transaction():
        for row in rows:
            named = unreadable(row, TextKind, words, desk)
            desk.store.put(unreadable(named, LocalizedTextKind, ("sv", words), desk))
        for partner in desk.store.ledger.partners():
            desk.store.ledger.set_partner(replace(partner, name=words))


def rich_texts(root: QWidget) -> Iterator[str]:
    """Yield what Qt would take for rich text, but a tooltip that shows its text as it is."""
    for part in (root, *root.findChildren(QWidget)):
        for what, text in (("status", part.statusTip()), ("what", part.whatsThis())):
            if might_be_rich(text):
                yield f"{what} of {name(part)}"
        tip = part.toolTip()
        if might_be_rich(tip) and tip != escaped(tip):
            yield f"tooltip of {name(part)}"
        if isinstance(part, QLabel) and part.textFormat() is not Qt.TextFormat.PlainText:
            text = part.text()
            if might_be_rich(text) and not (part.inherits("QTipLabel") and text == escaped(text)):
                yield f"label {name(part)}"


def escaped(tip: str) -> str:
    """Return the tooltip that shows what this one shows, letter by letter."""
    inside = tip.removeprefix("<qt>").removesuffix("</qt>").replace("<br>", "\n")
    return tooltip_text(html.unescape(inside))


def hover(root: QWidget) -> None:
    """Rest with the pointer on everything in view, and on the cells of tables."""
    for part in (root, *root.findChildren(QWidget)):
        if not part.isVisible():
            continue
        points = [part.rect().center()]
        if isinstance(part.parentWidget(), QTableView):
            table: Any = part.parentWidget()
            model = table.model()
            points = [
                table.visualRect(model.index(row, column)).center()
                for row in range(min(3, model.rowCount()))
                for column in range(model.columnCount())
            ]
        for point in points:
            there = part.mapToGlobal(point)
            QApplication.sendEvent(part, QHelpEvent(QEvent.Type.ToolTip, point, there))
    QToolTip.hideText()


def judge(opened: OpenedFiles) -> tuple[list[str], list[str]]:
    """Return the rich texts in all windows, and the files that were opened since the last look."""
    found = [one for top in QApplication.topLevelWidgets() for one in rich_texts(top)]
    return found, opened.read()


@pytest.fixture
def world(theme: Theme, qtbot: QtBot, tmp_path: Path) -> Iterator[World]:
    words, errors = Translator("en", paths.translations_folder()), list[Any]()
    kit = UiContext(theme, words, EventBus(), Worker(errors.append, errors.append), say_fault)
    with walking(kit, qtbot, tmp_path / "desks", "travel_ready") as walk:
        made = World(kit, qtbot, walk)
        made.run(lambda: story.add_aftercare(walk.ours, walk.plan))
        made.other = made.run(lambda: story.enter_returned_client(walk.ours, walk.partner))
        yield made
        made.window.close()
    kit.worker.close()
    delete(words)
    assert errors == []


def stops(world: World) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield every place, and a file of the partner's that was only looked at."""
    us = world.walk.ours.identity.organisation
    sent = world.run(lambda: _sent(world.walk.theirs, world.walk.plan, us, world.walk.post))
    yield from places(world)
    yield "coming", lambda: world.page("exchange").preview(sent)


def _sent(desk: Session, plan: bytes, organisation: bytes, folder: Path) -> Path:
    return transfer.send_bundle(desk, plan, organisation, folder).path


def test_no_page_obeys_a_tag_in_any_text_of_any_record(
    world: World, qtbot: QtBot, opened: OpenedFiles
) -> None:
    for desk in (world.walk.theirs, world.walk.ours):
        world.run(partial(spoil_texts, desk))
    show(qtbot, world.window)
    opened.read()
    for where, go in stops(world):
        go()
        world.rest()
        hover(world.window)
        assert judge(opened) == ([], []), where


GROUPS = {"networks": NETWORKS, "procedures": PROCEDURES, "book": BOOK}


@pytest.mark.slow
@pytest.mark.parametrize("group", GROUPS)
def test_no_page_of_the_common_work_obeys_a_tag(
    world: World, qtbot: QtBot, opened: OpenedFiles, group: str
) -> None:
    """The walk above has the pages of a plan; here stand meetings, procedures and articles."""
    show(qtbot, world.window)
    desk = world.walk.ours
    for stop in GROUPS[group]:
        stop.go(world)
        world.rest()
        put_back = world.run(partial(spoil_texts, desk))
        world.kit.events.changed.emit(frozenset(RECORD_TYPES))
        world.rest()
        hover(world.window)
        assert judge(opened) == ([], []), stop.name
        world.run(put_back)
        world.kit.events.changed.emit(frozenset(RECORD_TYPES))
        world.rest()
        stop.leave(world)
        world.rest()


def test_tag_that_is_obeyed_is_found(qtbot: QtBot, opened: OpenedFiles) -> None:
    """A control: what the pages must not do."""
    page = QWidget()
    qtbot.addWidget(page)
    label, button = QLabel(tag(), page), QPushButton("one", page)
    button.setToolTip(tag())
    button.setStatusTip(tag())
    label.ensurePolished()
    label.sizeHint()
    assert set(opened.read()) == {_PICTURE}
    show(qtbot, page)
    opened.read()
    hover(page)
    assert set(opened.read()) == {_PICTURE}
    found = [one.partition(" ")[0] for one in rich_texts(page)]
    assert set(found) == {"label", "status", "tooltip"}


def test_plain_labels_and_tooltips_open_nothing(qtbot: QtBot, opened: OpenedFiles) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    label = PlainLabel()
    label.setText(tag())
    QVBoxLayout(page).addWidget(label)
    set_tooltip(label, tag())
    show(qtbot, page)
    hover(page)
    show_tooltip(page.mapToGlobal(QPoint()), tag(), page)
    QToolTip.hideText()
    assert (list(rich_texts(page)), opened.read()) == ([], [])


@pytest.mark.parametrize(
    "text", ["<b>bold</b>", "a < b", "a &lt; b", "<!doctype", "<?xml?>", "two\nlines <i>", "&amp;<"]
)
def test_tooltip_shows_a_text_letter_by_letter(text: str) -> None:
    document = QTextDocument()
    document.setHtml(tooltip_text(text))
    assert document.toPlainText() == text


@pytest.mark.parametrize("text", ["", "Save (Ctrl+S)", "Anna & Eva", "a > b", "&amp; alone"])
def test_tooltip_without_a_tag_is_the_text_itself(text: str) -> None:
    assert tooltip_text(text) == text
    assert not might_be_rich(text)


@pytest.mark.parametrize("words", ["<img src='{}'>", "<body background='{}'>", "![]({})"])
@pytest.mark.parametrize("is_url", [True, False])
def test_reader_opens_nothing_that_a_text_names(
    kit: UiContext, qtbot: QtBot, opened: OpenedFiles, words: str, is_url: bool
) -> None:
    path = Path(_PICTURE).absolute()
    reader = TextReader(kit)
    show(qtbot, reader)
    shows = reader.show_markdown if words.startswith("!") else reader.show_html
    shows(words.format(path.as_uri() if is_url else path))
    QTest.qWait(0)
    reader.grab()
    assert opened.read() == []
    assert reader.document().size().height() < 100  # the picture is 300 high


def test_reader_opens_no_style_sheet(kit: UiContext, qtbot: QtBot, opened: OpenedFiles) -> None:
    reader = TextReader(kit)
    show(qtbot, reader)
    reader.show_html(f"<link rel='stylesheet' href='{Path(_PICTURE).absolute().as_uri()}'>words")
    reader.setSource(Path(_PICTURE).absolute().as_uri())
    reader.grab()
    assert opened.read() == []
    given = reader.loadResource(QTextDocument.ResourceType.StyleSheetResource.value, "x")
    assert isinstance(given, QByteArray)
