# SPDX-License-Identifier: GPL-3.0-or-later
"""One walk through every stop: nothing cut, nothing untranslated, nothing that no key comes to.

The window changes its language while it stands at a stop, between English and the pseudo-locale:
what was made in one language has to speak the other, and keep the keyboard where it was.
"""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shiboken6 import delete
from tests.gui import walk_judge
from tests.gui.travel_samples import on_worker, walking
from tests.gui.walk_language import CODE, pseudo_formats, write_catalogues
from tests.gui.walk_stops import STOPS
from tests.gui.walk_values import own_words, values_of
from tests.gui.walk_world import Stop, World
from tests.support.windows import show

import kfdesk.ui
from kfdesk.demo import story
from kfdesk.domain.errors import KfdeskError
from kfdesk.i18n import language, messages
from kfdesk.i18n.language import Language
from kfdesk.ui.context import EventBus, UiContext
from kfdesk.ui.forms.day_picker import DayInput
from kfdesk.ui.pages.directory.network_work import TABS
from kfdesk.ui.theme import Scheme, Theme
from kfdesk.ui.tokens import Tone
from kfdesk.ui.translator import Translator
from kfdesk.ui.widgets.buttons import Button
from kfdesk.ui.widgets.text import Chip, Label
from kfdesk.ui.worker import Worker

WIDE, NARROW = (1280, 800), (853, 533)
"""A usual window, and what is left of it on a small screen, or with everything half as large."""
WORST = (
    "first run/language", "first run/desk", "door", "today", "exchange", "print", "backup",
    "settings", "calendar", "exchange/send", "exchange/file", "plans", "plan/person",
    "plan/risk", "plan/travel", "plan/follow_up", "contacts", "history",
)  # fmt: skip
"""Where large letters have the least room: what every run of the tests looks at."""
NETWORKS = (
    "contacts/networks", "contacts/circles", "contacts/circle", "contacts/member",
    "contacts/suggestions", "contacts/suggest", *(f"contacts/work/{key}" for key in TABS),
)  # fmt: skip
"""The page *Networks* and the one of meetings and projects, with what opens there."""
OFFERING = {"today", "plan/person", "contacts", "exchange", "print"}
"""Where the page adds to the menus what it offers."""
STILL = 800  # milliseconds after which no page moves any more


def say_fault(fault: KfdeskError, spoken: Language) -> tuple[str, str]:
    """Return the sentence of a fault and its remedy, as the program shows them."""
    return messages.error_sentence(fault, spoken), messages.error_remedy(fault, spoken)


@pytest.fixture
def letters(request: pytest.FixtureRequest) -> int:
    """Return how large the letters are, in percent."""
    return int(getattr(request, "param", 100))


@pytest.fixture
def walk_theme(theme: Theme, letters: int) -> Iterator[Theme]:
    """Yield the theme with this font scale."""
    theme.set_scheme(Scheme.LIGHT)
    theme.set_font_scale(letters)
    yield theme
    theme.set_font_scale(100)


@pytest.fixture
def walk_kit(
    walk_theme: Theme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[UiContext]:
    """Yield the UiContext of a window that speaks English and the pseudo-locale."""
    monkeypatch.setattr(language, "_formats", pseudo_formats(language._formats))
    words = Translator("en", write_catalogues(tmp_path / "words"))
    bugs: list[BaseException] = []
    faults: list[KfdeskError] = []
    kit = UiContext(walk_theme, words, EventBus(), Worker(bugs.append, faults.append), say_fault)
    yield kit
    kit.worker.close()
    delete(words)
    assert (bugs, faults) == ([], [])


@pytest.fixture
def world(walk_kit: UiContext, qtbot: QtBot, tmp_path: Path) -> Iterator[World]:
    """Yield the window on a desk with a plan ready to leave, and a client who is home."""
    with walking(walk_kit, qtbot, tmp_path / "desks", "travel_ready") as walk:
        made = World(walk_kit, qtbot, walk)
        made.run(lambda: story.add_aftercare(walk.ours, walk.plan))
        made.other = made.run(lambda: story.enter_returned_client(walk.ours, walk.partner))
        show(qtbot, made.window)
        yield made
        made.window.close()
        made.rest()


def speak(world: World, code: str) -> Iterator[str]:
    """Change the language; the keyboard stays where it is."""
    before = QApplication.focusWidget()
    world.kit.set_language(code)
    world.rest()
    if QApplication.focusWidget() is not before:
        yield f"the keyboard has left {walk_judge.name(before) if before else None}"


class Walk:
    """Findings on the way, and the classes of widgets that were met."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.met: set[str] = set()
        self._values = world.run(lambda: values_of(world.walk.ours)) | own_words()

    def go(self, stops: Iterable[Stop]) -> list[str]:
        """List the faults at all of the stops."""
        return [f"{stop.name}: {found}" for stop in stops for found in self._at(stop)]

    def _at(self, stop: Stop) -> Iterator[str]:
        """Yield the faults at a stop; leave it in the language that it was not entered in."""
        world = self.world
        stop.go(world)
        if world.kit.translator.language.code == CODE:
            yield from self._judged()
            yield from speak(world, "en")
            yield from walk_judge.still_foreign(walk_judge.Look(world.window))
        else:
            yield from speak(world, CODE)
            yield from self._judged()
        stop.leave(world)
        world.rest()

    def _judged(self) -> Iterator[str]:
        """Yield the faults of the window as it is, in the pseudo-locale."""
        root = self.world.window
        yield from self._laid_out(NARROW)
        yield from self._laid_out(WIDE)
        look = self._look
        self.met |= {type(part).__name__ for part in look.parts}
        for check in (walk_judge.nameless, walk_judge.unheard, walk_judge.coloured):
            yield from check(look)
        if any(walk_judge.untranslated(look, self._values)):  # of something written since
            self._values |= self.world.run(lambda: values_of(self.world.walk.ours))
        yield from walk_judge.untranslated(look, self._values)
        yield from walk_judge.missed(root, self.world.next_pane)

    def laid_out(self, stops: Iterable[Stop], *sizes: tuple[int, int]) -> Iterator[str]:
        """Yield what is cramped at the stops in windows of these sizes, pseudo-locale."""
        for stop in stops:
            stop.go(self.world)
            for size in sizes:
                yield from (f"{stop.name}: {found}" for found in self._laid_out(size))
            stop.leave(self.world)
            self.world.rest()

    def _laid_out(self, size: tuple[int, int]) -> Iterator[str]:
        """Yield what is cramped once the layout has settled, which may take some turns."""
        self.world.window.resize(*size)
        self.world.rest()
        found = list(self._cramped())
        if found:
            QTest.qWait(STILL)
            found = list(self._cramped())
        yield from (f"{each} at {size[0]}" for each in found)

    def _cramped(self) -> Iterator[str]:
        self._look = walk_judge.Look(self.world.window)
        for check in (walk_judge.cut, walk_judge.overlapping, walk_judge.small):
            yield from check(self._look)


def widget_classes() -> set[str]:
    """Every class of a part of the window that is made, and not only what others are made of."""
    for found in pkgutil.walk_packages(kfdesk.ui.__path__, "kfdesk.ui."):
        importlib.import_module(found.name)
    return {
        kind.__name__
        for kind in _below(QWidget)
        if kind.__module__.startswith("kfdesk.") and not kind.__subclasses__()
    }


def _below(kind: type[QWidget]) -> Iterator[type[QWidget]]:
    for inner in kind.__subclasses__():
        yield inner
        yield from _below(inner)


ELSEWHERE: dict[str, str] = {
    "a window of its own; the walk sees its page": "CrashWindow",
    "Qt's own calendar speaks by QLocale, which has no pseudo-locale": "DayPicker",
    "in these windows the sections need its room": "_LegendDisc",
    "a menu is a window of its own; another test opens them": "PopupMenu",
    "there are fewer than eleven clients, so there is no table": "FigureCard",
}
"""Classes that no stop shows, by why."""


@pytest.mark.slow
def test_at_every_stop_all_is_whole_translated_and_reached_by_key(world: World) -> None:
    walk = Walk(world)
    assert walk.go(STOPS) == []
    elsewhere = set(" ".join(ELSEWHERE.values()).split())
    assert widget_classes() - walk.met - elsewhere == set()
    assert elsewhere - widget_classes() == set()


def test_at_the_stops_with_least_room_all_is_whole_translated_and_reached_by_key(
    world: World,
) -> None:
    assert Walk(world).go(stop for stop in STOPS if stop.name in WORST) == []


@pytest.mark.parametrize("letters", [200], indirect=True)
def test_with_letters_twice_as_large_the_places_fit_the_smallest_window(world: World) -> None:
    world.kit.set_language(CODE)
    stops = [stop for stop in STOPS if stop.name in WORST]
    assert len(stops) == len(WORST)
    assert list(Walk(world).laid_out(stops, NARROW)) == []


@pytest.mark.parametrize("letters", [150, 200], indirect=True)
def test_with_large_letters_the_networks_and_their_work_fit_the_smallest_window(
    world: World,
) -> None:
    world.kit.set_language(CODE)
    stops = [stop for stop in STOPS if stop.name in NETWORKS]
    assert len(stops) == len(NETWORKS)
    assert list(Walk(world).laid_out(stops, NARROW)) == []


def test_partners_desk_is_the_workers_whoever_asks_for_it_first(
    walk_kit: UiContext, qtbot: QtBot, tmp_path: Path
) -> None:
    with walking(walk_kit, qtbot, tmp_path, "draft") as walk:
        theirs = walk.theirs
        assert on_worker(walk_kit, qtbot, theirs.store.verify) == ()
        assert on_worker(walk_kit, qtbot, lambda: walk.theirs) is theirs


@pytest.fixture
def _all_letters(request: pytest.FixtureRequest) -> None:
    """Skip before there is a window to walk through."""
    if not request.config.getoption("--all-letters"):
        pytest.skip("takes minutes: `make letters` does it")


@pytest.mark.usefixtures("_all_letters")
@pytest.mark.parametrize("letters", [150, 200], indirect=True)
def test_with_large_letters_every_stop_fits_the_window(world: World) -> None:
    world.kit.set_language(CODE)
    assert list(Walk(world).laid_out(STOPS, NARROW, WIDE)) == []


@pytest.mark.slow
@pytest.mark.parametrize("letters", [pytest.param(100, marks=pytest.mark.slow), 200], indirect=True)
def test_menus_are_translated_and_whole_in_the_smallest_window(world: World) -> None:
    world.kit.set_language(CODE)
    world.window.resize(*NARROW)
    names = {each.name for each in world.kit.translator.available_languages}
    stops = [stop for stop in STOPS if stop.name in OFFERING]
    assert len(stops) == len(OFFERING)
    for stop in stops:
        stop.go(world)
        for menu in world.shell.bar.menus.menus.values():
            menu.popup(world.window.mapToGlobal(QPoint()))
            texts = {action.text() for action in menu.actions() if action.text()}
            assert texts
            assert {text for text in texts - names if "[" not in text} == set()
            assert menu.sizeHint().width() <= menu.width() <= NARROW[0]
            menu.close()
        stop.leave(world)
        world.rest()


@pytest.mark.parametrize("letters", [100, 200], indirect=True)
def test_open_calendar_is_whole_named_and_large_enough(walk_kit: UiContext, qtbot: QtBot) -> None:
    walk_kit.set_language(CODE)
    line = DayInput(walk_kit)
    show(qtbot, line)
    line.open_calendar()
    qtbot.waitUntil(line.picker.isVisible)
    look = walk_judge.Look(line.picker)
    checks = (walk_judge.cut, walk_judge.overlapping, walk_judge.small, walk_judge.nameless)
    assert [found for check in checks for found in check(look)] == []
    line.picker.close()


class Tile(QLabel):
    """A part that only a mouse can press."""

    def mousePressEvent(self, _event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        self.clear()


def wrong_page(kit: UiContext) -> QWidget:
    """Return a page with one fault of each kind."""
    page = QWidget()
    row = QHBoxLayout(page)
    label = Label(kit, lambda _: "[A word that is cut]")
    label.setFixedWidth(40)
    tiny = Button(kit, lambda _: "[x]").bared()
    tiny.setFixedSize(16, 16)
    nameless = QPushButton()
    plain = Label(kit, lambda _: "Not translated")
    chip = Chip(kit, Tone.DANGER)
    chip.show_text("[late]")
    skipped = Button(kit, lambda _: "[never reached]")
    skipped.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    trap = QPlainTextEdit()
    deaf = QRadioButton("[hears no screen reader]")
    deaf.clicked.connect(label.clear)
    tile = Tile("[tile]")
    for part in (label, tiny, nameless, plain, chip, skipped, trap, deaf, tile):
        row.addWidget(part)
    over = QLabel("[over]", page)
    over.setGeometry(20, 0, 500, 60)
    return page


def test_what_is_wrong_is_found(walk_kit: UiContext, qtbot: QtBot) -> None:
    page = wrong_page(walk_kit)
    page.resize(700, 80)
    show(qtbot, page)
    look = walk_judge.Look(page)
    for check, word in (
        (walk_judge.cut, "cut: /Label '[A word that is cut]'"),
        (walk_judge.small, "small: /Button '[x]'"),
        (walk_judge.nameless, "nameless: Button /QPushButton"),
        (walk_judge.unheard, "Toggle does not emit clicked(bool): /QRadioButton"),
        (walk_judge.unheard, "no accessible action: /Tile '[tile]'"),
        (walk_judge.unheard, "no key: /Tile '[tile]'"),
        (walk_judge.coloured, "colour alone: /Chip '[late]'"),
        (walk_judge.overlapping, "over each other"),
        (walk_judge.still_foreign, "not translated back: text of Chip: '[late]'"),
        (
            lambda seen: walk_judge.untranslated(seen, frozenset()),
            "'Not translated' (Not, translated)",
        ),
    ):
        found = list(check(look))
        assert any(word in one for one in found), (word, found)
    found = list(walk_judge.missed(page, lambda: None))
    assert any("Tab is caught in /QPlainTextEdit" in one for one in found), found
    assert any("no key comes to: /Button '[never reached]'" in one for one in found), found
