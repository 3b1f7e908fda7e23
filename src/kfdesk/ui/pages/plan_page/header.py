# SPDX-License-Identifier: GPL-3.0-or-later
"""The header of a plan: code, alias, state, and what can be done with the whole plan.

A paper leaves the store only by a person's deliberate choice of language and file.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import PROGRAM_LANGUAGES, Language
from kfdesk.services.desk import Desk
from kfdesk.services.papers import save_travellers_sheet
from kfdesk.services.plans import PlanPage
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.shown import STATE_LOOKS, state_word
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Chip, Label
from kfdesk.ui.widgets.panel import Banner

_NEUTRAL_NAME = "sheet.pdf"


class PlanHeader(QWidget):
    """The header; below it, if a paper was asked for, what came of that."""

    def __init__(self, kit: Kit, desk: Desk, rid: bytes) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._rid = rid
        self._code = Label(kit, style=Type.TITLE)
        self._alias = Label(kit, tone=Tone.MUTED)
        self._state = Chip(kit)
        self.back = Button(kit, N_("Back to the list"), "chevron-left", Look.QUIET).bared()
        self.printing = Button(kit, N_("Traveller's sheet"), "printer").ended_by("chevron-down")
        self.printing.clicked.connect(self._on_printing_clicked)
        self.menu = self._make_menu()
        self.outcome = Banner(kit, Tone.DANGER, "circle-alert")
        self.outcome.hide()
        self._lay_out()

    def show_plan(self, page: PlanPage) -> None:
        """Show whose plan it is and how far it has come."""
        client, state = page.client.record, str(page.plan.record.state or "draft")
        self._code.show_text(str(client.code or "–"))
        alias = client.alias if isinstance(client.alias, str) else ""
        self._alias.tell(N_("alias {alias}") if alias else "", alias=lambda _: alias)
        self._state.show_look(*STATE_LOOKS.get(state, (Tone.MUTED, "circle-question-mark")))
        self._state.tell(lambda language: state_word(state, language))

    def make_sheet(self, code: str, path: Path) -> None:
        """Make the traveller's sheet in a language and save it as `path`."""
        self.outcome.hide()
        desk, rid, words = self._desk, self._rid, self._kit.words.of_paper(code)
        self._kit.work.run(
            lambda: save_travellers_sheet(desk, rid, words, path),
            lambda _: self._on_made(),
            self._on_refused,
        )

    def _make_menu(self) -> QMenu:
        menu = QMenu(self.printing)
        for code in PROGRAM_LANGUAGES:
            action = QAction(menu)
            self._kit.words.bind(action.setText, N_("In {language}"), language=_language_name(code))
            action.setData(code)
            menu.addAction(action)
        menu.triggered.connect(self._on_language_chosen)
        return menu

    def _lay_out(self) -> None:
        bar = QWidget()
        bar.setProperty("ground", "bar")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        bar.setMinimumHeight(tokens.PLAN_HEADER)
        row = QHBoxLayout(bar)
        row.setContentsMargins(12, 0, 20, 0)
        row.setSpacing(12)
        for widget in (self.back, self._code, self._alias, self._state):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.printing)
        below = QHBoxLayout()
        below.setContentsMargins(20, 0, 20, 0)
        below.addWidget(self.outcome)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addLayout(below)

    def _on_printing_clicked(self) -> None:
        corner = self.printing.rect().bottomLeft()
        self.menu.popup(self.printing.mapToGlobal(corner))

    def _on_language_chosen(self, action: QAction) -> None:
        title = self._kit.words.say(N_("Save the sheet"))
        name, _ = QFileDialog.getSaveFileName(self, title, _NEUTRAL_NAME, "PDF (*.pdf)")
        if name:
            self.make_sheet(str(action.data()), Path(name))

    def _on_made(self) -> None:
        self.outcome.show_look(Tone.SUCCESS, "circle-check")
        self.outcome.tell(
            N_("The sheet is saved as a file."),
            N_("It is not encrypted there. Print it, then delete the file."),
        )
        self.outcome.show()

    def _on_refused(self, fault: KfdeskError) -> None:
        faults = self._kit.faults
        self.outcome.show_look(Tone.DANGER, "circle-alert")
        self.outcome.tell(
            lambda language: faults(fault, language)[0],
            lambda language: faults(fault, language)[1],
        )
        self.outcome.show()


def _language_name(code: str) -> Callable[[Language], str]:
    def name(language: Language) -> str:
        return language.language(code)

    return name
