# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings, *Update from a USB stick*: progress, the way out, and what is said at the end."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import MACHINE, WHO
from tests.support.stores import new_desk
from tests.support.updates import FOREIGN_KEY, NEW, OLD, Bench, make_bench
from tests.support.windows import settle, show

from kfdesk.domain.accounts import Role
from kfdesk.domain.version import VERSION
from kfdesk.services.core.session import Session
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.settings import ProgramUpdateCard, SettingsPage


class Shown:
    """The settings of a real desk, whose program lies in a bench."""

    def __init__(self, kit: UiContext, qtbot: QtBot, folder: Path) -> None:
        self.kit, self.qtbot = kit, qtbot
        self.bench: Bench = make_bench(folder / "program")
        made: list[Session] = []
        kit.worker.run(lambda: new_desk(folder / "store", "Nordhuset", WHO, MACHINE), made.append)
        settle(qtbot, kit)
        adapters = replace(made[0].adapters, updates=self.bench.updates)
        self.desk = replace(made[0], adapters=adapters)
        self.page = SettingsPage(kit, self.desk)
        self.page.resize(1100, 800)
        show(qtbot, self.page)
        settle(qtbot, kit)

    @property
    def card(self) -> ProgramUpdateCard:
        """The card."""
        return self.page.update_card

    def install(self, path: Path) -> str:
        """Choose the file in the dialog; return what is said at the end."""
        self.card.button.click()
        (dialog,) = self.page.findChildren(QFileDialog)
        dialog.filesSelected.emit([str(path)])
        dialog.close()
        settle(self.qtbot, self.kit)
        assert not self.card.outcome.isHidden()
        return self.card.outcome.text


@pytest.fixture
def shown(kit: UiContext, qtbot: QtBot, tmp_path: Path) -> Iterator[Shown]:
    made = Shown(kit, qtbot, tmp_path)
    yield made
    kit.worker.run(made.desk.store.close)
    settle(qtbot, kit)


def test_update_is_installed_and_the_person_is_told_how_to_use_it(shown: Shown) -> None:
    said = shown.install(shown.bench.update())
    assert said == (
        f"Version {NEW} is installed. You can now remove the USB stick. "
        "Close the program and open it again to use the new version."
    )
    assert shown.bench.current == NEW
    assert shown.card.button.isVisibleTo(shown.page)
    assert not shown.card.progress.isVisibleTo(shown.page)


@pytest.mark.parametrize("code", ["en", "sv", "ru"])
def test_refusal_is_said_with_a_remedy_in_each_language(shown: Shown, code: str) -> None:
    shown.kit.set_language(code)
    said = shown.install(shown.bench.update(FOREIGN_KEY))
    assert said == f"update.other_key in {code}. Do this."
    assert shown.bench.current == OLD
    assert shown.card.button.isVisibleTo(shown.page)


def test_cancel_leaves_this_version(shown: Shown) -> None:
    path = shown.bench.update()
    shown.card.install(path)
    shown.card.progress.cancel.click()
    settle(shown.qtbot, shown.kit)
    assert shown.card.outcome.text.startswith("work.cancelled")
    assert shown.bench.current == OLD


def test_who_may_not_update_sees_no_card(shown: Shown) -> None:
    reader = replace(shown.desk, roles=frozenset({Role.STATISTICS_READER}))
    page = SettingsPage(shown.kit, reader)
    shown.qtbot.addWidget(page)
    settle(shown.qtbot, shown.kit)
    assert page.update_card.isHidden()
    assert not shown.card.isHidden()


def test_version_stands_on_the_card(shown: Shown) -> None:
    texts = [label.text() for label in shown.card.findChildren(type(shown.card.outcome._title))]
    assert f"This is version {VERSION}." in texts
