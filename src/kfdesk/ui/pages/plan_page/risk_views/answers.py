# SPDX-License-Identifier: GPL-3.0-or-later
"""One category of our own weighing: its items answered one by one, then how it is weighed.

Each answer saves itself and can be taken back. One list that the arrow keys walk: 1 is so, 2 is
not, 3 is not known, and the same key opens an item again. From where an answer comes goes with the
next ones, too, until another source is chosen. What the answers come to is the domain's matter.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout

from kfdesk.domain.rows import View
from kfdesk.domain.schema import N_
from kfdesk.domain.weighing.items import Item, ItemAnswer, items_of
from kfdesk.i18n.language import Language
from kfdesk.i18n.said.risks import item_text, origin_text
from kfdesk.services.casework.weighing import answer_items
from kfdesk.services.desk import Desk
from kfdesk.services.writing.records import Done
from kfdesk.ui.editing.record_form import RecordForm
from kfdesk.ui.form.form import Form
from kfdesk.ui.form.offers import Offers
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.plan_page.risk_views.lines import category_text
from kfdesk.ui.pages.plan_page.risk_views.origin import OriginRow
from kfdesk.ui.pages.plan_page.travel_views.doing import tell_done
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.flow import Flow
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Card, clear, line
from kfdesk.ui.widgets.rows import Cell, Column, Table

RATING = (
    "likelihood", "severity", "measure", "measure_by", "mitigation_status", "likelihood_after",
    "severity_after",
)  # fmt: skip
_ROWS = (
    ("likelihood", "severity"), ("measure_by", "mitigation_status"),
    ("likelihood_after", "severity_after"),
)  # fmt: skip
_LOOKS: Mapping[ItemAnswer, tuple[str, str, Tone]] = {
    ItemAnswer.OPEN: (N_("Not answered"), "circle-dashed", Tone.MUTED),
    ItemAnswer.SO: (N_("Is so"), "triangle-alert", Tone.WARNING),
    ItemAnswer.NOT_SO: (N_("Is not so"), "circle-check", Tone.SUCCESS),
    ItemAnswer.NOT_KNOWN: (N_("Not known"), "circle-question-mark", Tone.DANGER),
}
_KEYS = {
    Qt.Key.Key_1: ItemAnswer.SO,
    Qt.Key.Key_2: ItemAnswer.NOT_SO,
    Qt.Key.Key_3: ItemAnswer.NOT_KNOWN,
}


class ItemTable(Table):
    """The items; `answered` carries what the key means for the current one."""

    answered = Signal(object)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """1, 2 and 3 answer; Alt is the page's."""
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            event.ignore()
        elif event.key() in _KEYS:
            self.answered.emit(_KEYS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)


class AnswersCard(Card):
    """The card of one category. `closed` says it was put away, `made` that its form changed.

    `finished` says that nothing was found in it, and that another category may follow.
    """

    closed = Signal()
    finished = Signal()
    made = Signal()

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._weighing: bytes | None = None
        self._items: dict[str, Item] = {}
        self.category = ""
        self.form: RecordForm | None = None
        self.title = Label(kit, style=Type.HEADING).wrapped()
        self.table = ItemTable(kit, (Column(N_("Question"), stretches=True), Column(N_("Answer"))))
        kit.words.bind(self.table.setAccessibleName, N_("Questions of this category"))
        self.buttons = {
            answer: Button(kit, _LOOKS[answer][0], _LOOKS[answer][1], Look.TONAL).show_key(
                str(number)
            )
            for number, answer in enumerate(_KEYS.values(), start=1)
        }
        self.none = Button(kit, N_("Nothing of it is so"), "list-checks", Look.QUIET)
        self.close_button = Button(kit, N_("Close"), look=Look.QUIET)
        self.origin = OriginRow(kit)
        self._hint = Label(kit, style=Type.SMALL, tone=Tone.MUTED).wrapped()
        self._form = QVBoxLayout()
        self._lay_out()
        self._listen()
        self.hide()

    def show_category(
        self, weighing: bytes, category: str, found: View[Any] | None, offers: Offers
    ) -> None:
        """Show a category of one of our weighings; `found` is its line, if there is one."""
        is_other = (weighing, category) != (self._weighing, self.category)
        self._weighing, self.category = weighing, category
        self._items = items_of(category, found.record if found is not None else None)
        self.title.tell(lambda language: category_text(category, language))
        if is_other:
            self._put_form_away()
        if found is not None and found.record.answer in ("found", "not_known"):
            self._show_form(found, offers)
        else:
            self._put_form_away()
        self._show()
        self.show()
        if is_other:
            self.table.selectRow(0)

    def put_away(self) -> None:
        """Close it; what was typed is a draft."""
        self._put_form_away()
        self._weighing, self.category = None, ""
        self.hide()
        self.closed.emit()

    def answer(self, answer: ItemAnswer) -> None:
        """Answer the current item and go on; the answer that it has already opens it again."""
        name, row = self._current()
        item = self._items[name]
        is_again = item.answer is answer
        source = item.source or self.origin.source
        self._save({name: Item() if is_again else replace(item, answer=answer, source=source)})
        if not is_again:
            self.table.selectRow(min(row + 1, len(self._items) - 1))

    def answer_rest(self) -> None:
        """What is not answered yet is not so."""
        rest = {name for name, one in self._items.items() if one.answer is ItemAnswer.OPEN}
        self._save(dict.fromkeys(rest, Item(ItemAnswer.NOT_SO, self.origin.source)))
        if {one.answer for one in self._items.values()} == {ItemAnswer.NOT_SO}:
            self.finished.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Esc puts it away, and nothing else is left by it then."""
        if event.key() == Qt.Key.Key_Escape:
            self.put_away()
        else:
            super().keyPressEvent(event)

    def _current(self) -> tuple[str, int]:
        """The item that is marked, and its row."""
        row = max(0, self.table.currentIndex().row())
        return list(self._items)[row], row

    def _save(self, items: Mapping[str, Item]) -> None:
        desk, weighing, category = self._desk, self._weighing, self.category
        if weighing is None or not items:
            return
        self._items |= items
        self._show()
        self._kit.work.run(lambda: answer_items(desk, weighing, category, items), self._on_saved)

    def _on_origin_chosen(self) -> None:
        """It is that of the marked item; of one that is open, once it is answered."""
        name, _ = self._current()
        item = self._items[name]
        chosen = replace(item, source=self.origin.source, confidence=self.origin.confidence)
        if item.answer is not ItemAnswer.OPEN and chosen != item:
            self._save({name: chosen})

    def _show_origin(self) -> None:
        if self._items and self.table.currentIndex().isValid():
            self.origin.show_item(self._items[self._current()[0]])

    def _on_saved(self, done: Done) -> None:
        tell_done(self._kit, self._desk, (done,), N_("Answer saved."))

    def _show(self) -> None:
        language = self._kit.words.language
        self.table.show_rows([_row(*one, language) for one in self._items.items()])
        self.table.fit_height()
        self._show_origin()
        held = [one.answer for one in self._items.values()]
        self.none.setVisible(ItemAnswer.OPEN in held)
        self.none.tell(
            N_("Nothing of it is so")
            if set(held) == {ItemAnswer.OPEN}
            else N_("The rest is not so")
        )
        self._hint.tell(_hint(held))

    def _show_form(self, found: View[Any], offers: Offers) -> None:
        if self.form is None:
            fields = Form(self._kit, "risk_line", RATING, offers, _ROWS)
            self.form = RecordForm(self._kit, self._desk, "risk_line", fields)
            self._form.addWidget(line())
            self._form.addSpacing(12)
            self._form.addWidget(self.form)
            self.made.emit()
        self.form.show_view(found)

    def _put_form_away(self) -> None:
        if self.form is not None:
            self.form.keep()
            self.form = None
            clear(self._form)
            self.made.emit()

    def _lay_out(self) -> None:
        head = QVBoxLayout()
        head.setSpacing(2)
        head.addWidget(self.title)
        head.addWidget(self._hint)
        self.body.addLayout(head)
        self.body.addWidget(self.table)
        self.body.addWidget(Flow(*self.buttons.values(), self.none, self.close_button))
        self.body.addWidget(self.origin)
        self.body.addLayout(self._form)

    def _listen(self) -> None:
        self.table.answered.connect(self.answer)
        self.table.selectionModel().currentRowChanged.connect(self._show_origin)
        self.origin.chosen.connect(self._on_origin_chosen)
        self.table.chosen.connect(lambda _row: self.answer(ItemAnswer.SO))
        for answer, button in self.buttons.items():
            button.clicked.connect(partial(self.answer, answer))
        self.none.clicked.connect(self.answer_rest)
        self.close_button.clicked.connect(self.put_away)
        self._kit.words.follow(self, self._show)


def _row(name: str, item: Item, language: Language) -> tuple[Cell, ...]:
    word, icon, tone = _LOOKS[item.answer]
    says = Cell(item_text(name, language), origin_text(item, language))
    return (says, Cell(language.gettext(word), icon=icon, tone=tone))


def _hint(held: list[ItemAnswer]) -> str:
    if ItemAnswer.OPEN in held:
        return N_("Each question needs an answer. What is not known counts as high.")
    if ItemAnswer.NOT_KNOWN in held:
        return N_("Something is not known: it counts as high until it is cleared.")
    if ItemAnswer.SO in held:
        return N_("How likely is it, how severe would it be, and what is done against it?")
    return N_("Nothing was found here.")
