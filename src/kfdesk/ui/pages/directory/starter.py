# SPDX-License-Identifier: GPL-3.0-or-later
"""The offer of public lists to begin an empty directory with.

`StarterOffer` names each list with the number of its entries. What is chosen is shown like any
list before it is taken over (`list_import`), and it can be taken back.
"""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from kfdesk.domain.accounts import Right
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.core.session import Session
from kfdesk.services.directory.starter_lists import StarterKind, StarterList, read_starter_lists
from kfdesk.ui.context import UiContext
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import TextStyle
from kfdesk.ui.widgets.build import column, extend, muted
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import FlowBox, clear_layout

LISTS_FOLDER = "lists"


class StarterOffer(QWidget):
    """A button for each public list. `chosen` carries the StarterList to look at."""

    chosen = Signal(object)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.buttons: dict[StarterKind, Button] = {}
        self._column = column(gap=4, on=self)
        self._may_take = desk.may(Right.EDIT_DIRECTORY)
        kit.translator.on_language_change(self, self._read_if_shown)

    def showEvent(self, event: QShowEvent) -> None:
        """Read the lists: most directories are not empty and never need them."""
        super().showEvent(event)
        self.read()

    def _read_if_shown(self) -> None:
        if self.isVisible():
            self.read()

    @task
    async def read(self) -> None:
        """Read the lists, whose names are those of the window's language."""
        if self._may_take:
            self._show(await call(self._kit, _read, self._kit, self._desk))

    @task
    async def open_list(self, kind: StarterKind) -> None:
        """Read the lists, and choose one of them."""
        lists = await call(self._kit, _read, self._kit, self._desk)
        for one in lists:
            if one.kind is kind:
                self.chosen.emit(one)

    def _show(self, lists: Sequence[StarterList]) -> None:
        clear_layout(self._column)
        self.buttons = {
            one.kind: Button(
                self._kit, partial(_offer_text, one), "book-user", ButtonLook.TONAL,
                partial(self.chosen.emit, one),
            )
            for one in lists
        }  # fmt: skip
        if lists:
            words = N_("You can look at it first, and undo the import. No one has checked it.")
            buttons = FlowBox(*self.buttons.values(), gap=8)
            extend(self._column, buttons, muted(self._kit, words, TextStyle.SMALL))


def _read(kit: UiContext, desk: Session) -> Sequence[StarterList]:
    folder = kit.theme.resources / LISTS_FOLDER
    return read_starter_lists(desk, folder, kit.translator.language)


def _offer_text(one: StarterList, language: Language) -> str:
    """Return what a button offers: `Begin with a public list of 46?`."""
    if one.kind is StarterKind.ORGANISATIONS:
        words = language.gettext(N_("Begin with a public list of {count}?"))
    elif one.country:
        words = language.gettext(N_("Embassies and consulates, {country}: {count}"))
    else:
        words = language.gettext(N_("Embassies and consulates: {count}"))
    return words.format(count=len(one.entries), country=language.country(one.country))
