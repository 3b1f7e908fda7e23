# SPDX-License-Identifier: GPL-3.0-or-later
"""Our own risk assessment by category: its items are answered one by one, then it is rated.

Each answer is saved at once and can be undone. The arrow keys move in the list: 1 means so, 2
not so, 3 not known; the same key again clears the answer. The chosen source also applies to the
next items until another is chosen. The domain computes the result of the answers.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from kfdesk.domain.codes.risk import (
    CATEGORY_ITEMS,
    CONFIDENCE,
    RISK_CATEGORY,
    RISK_LEVEL,
    RISK_SOURCE,
)
from kfdesk.domain.message_marks import N_
from kfdesk.domain.risk import (
    CategoryRating,
    ItemAnswer,
    RiskItem,
    is_line_open,
    items_on_line,
    rate_line,
    required_categories,
)
from kfdesk.domain.rows import RecordView
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import NOTHING_FOUND, item_text, origin_text
from kfdesk.services.core.session import Session
from kfdesk.services.plans.risk import PlanRisks, answer_risk_items
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.editor import FormOptions
from kfdesk.ui.forms.form import Form
from kfdesk.ui.forms.record_form import RecordForm
from kfdesk.ui.pages.plan.risk_table import (
    RISK_LEVEL_LOOKS,
    NumberCell,
    RiskRowDelegate,
    risk_category_text,
)
from kfdesk.ui.record_views import notify_done
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import TextStyle, Tone
from kfdesk.ui.widgets.build import column, extend, grown, heading, muted, row, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import ChoiceBox, LabelledField
from kfdesk.ui.widgets.layout import CardFrame, FlowBox, clear_layout, make_hairline
from kfdesk.ui.widgets.table import ColumnSpec, TableCell, TableView
from kfdesk.ui.widgets.text import Label

# --- Categories


class RiskCategoriesCard(CardFrame):
    """The list of categories; `chosen` carries the category to open."""

    chosen = Signal(str)

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self._risks: PlanRisks | None = None
        self._categories: tuple[str, ...] = ()
        self._count = Label(kit, style=TextStyle.SMALL, tone=Tone.MUTED)
        columns = (
            ColumnSpec(""),
            ColumnSpec(N_("Category"), stretches=True),
            ColumnSpec(N_("Result")),
        )
        self.table = TableView(kit, columns)
        self.table.setItemDelegate(RiskRowDelegate(kit, self.table))
        kit.translator.bind(self.table.setAccessibleName, N_("Categories of risks"))
        extend(self.body, heading(kit, N_("Our answers"), "list-checks", self._count), self.table)
        self.table.chosen.connect(lambda row: self.chosen.emit(self._categories[row]))
        kit.translator.changed.connect(self._show)

    def show_risks(self, risks: PlanRisks) -> None:
        """Show the categories of our current assessment."""
        self._risks = risks
        self._categories = required_categories(has_children=risks.has_children)
        self.setVisible(risks.ours is not None)
        self._show()

    def go_to(self, category: str) -> None:
        """Select the row of a category."""
        if category in self._categories:
            self.table.selectRow(self._categories.index(category))

    def _show(self) -> None:
        risks = self._risks
        if risks is None or risks.ours is None:
            return
        language = self._kit.translator.language
        lines = {one.category: one for one in map(rate_line, risks.ours.lines)}
        numbers = {category: number for number, category in enumerate(RISK_CATEGORY, start=1)}
        self.table.show_rows(
            [
                (
                    NumberCell(str(numbers[category])),
                    TableCell(language.gettext(RISK_CATEGORY[category])),
                    _result_cell(category, lines, language),
                )
                for category in self._categories
            ]
        )
        self.table.fit_height()
        status = risks.ours.status
        self._count.set_message(
            N_("{answered} of {asked} questions answered"),
            answered=lambda _: status.answered,
            asked=lambda _: status.asked,
        )


def _result_cell(
    category: str, lines: Mapping[str, CategoryRating], language: Language
) -> TableCell:
    one = lines.get(category)
    record = one.line.record if one is not None else None
    if one is None or record is None or not isinstance(record.answer, str):
        held = items_on_line(category, record)
        given = sum(one.answer is not ItemAnswer.OPEN for one in held.values())
        words = language.gettext(N_("{given} of {total} answered"))
        return TableCell(
            words.format(given=given, total=len(CATEGORY_ITEMS[category])),
            icon="circle-dashed",
            tone=Tone.MUTED,
        )
    if is_line_open(one.line):
        words = language.gettext(N_("Still to be rated"))
        return TableCell(words, icon="circle-alert", tone=Tone.WARNING)
    if one.before.level is None:
        words = language.gettext(NOTHING_FOUND)
        return TableCell(words, icon="circle-check", tone=Tone.SUCCESS)
    tone, icon = RISK_LEVEL_LOOKS[one.before.level]
    return TableCell(language.gettext(RISK_LEVEL[one.before.level.code]), icon=icon, tone=tone)


# --- The origin of an answer

_NOT_SAID = ("", N_("Not recorded"))


class AnswerOriginRow(QWidget):
    """The two choices for the current item; `chosen` reports that a user chose."""

    chosen = Signal()

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self.from_where, self.how_sure = ChoiceBox(kit), ChoiceBox(kit)
        self._last = ""
        row(
            grown(LabelledField(kit, N_("Where this answer comes from"), self.from_where)),
            grown(LabelledField(kit, N_("How sure it is"), self.how_sure)),
            gap=12,
            on=self,
        )
        for choice in (self.from_where, self.how_sure):
            choice.chosen.connect(self._on_chosen)
        self.show_item(RiskItem())

    @property
    def source(self) -> str | None:
        """The code of the chosen source, or None."""
        return self.from_where.key or None

    @property
    def confidence(self) -> str | None:
        """The code of the chosen certainty, or None."""
        return self.how_sure.key or None

    def show_item(self, item: RiskItem) -> None:
        """Show the origin of an item; without a source, show the one that was chosen last."""
        _set_choice(self.from_where, RISK_SOURCE, item.source or self._last)
        _set_choice(self.how_sure, CONFIDENCE, item.confidence or "")

    def _on_chosen(self, _key: str) -> None:
        self._last = self.from_where.key
        self.chosen.emit()


def _set_choice(choice: ChoiceBox, codes: Mapping[str, str], code: str) -> None:
    """Set a choice only if it differs, because a user could be typing in it."""
    if choice.count() == 0 or choice.key != code:
        choice.set_options((_NOT_SAID, *codes.items()), code)


# --- The items of a category

RATING_KEYS = (
    "likelihood", "severity", "measure", "measure_by", "mitigation_status", "likelihood_after",
    "severity_after",
)  # fmt: skip
_RATING_ROWS = (
    ("likelihood", "severity"), ("measure_by", "mitigation_status"),
    ("likelihood_after", "severity_after"),
)  # fmt: skip
_ANSWER_LOOKS: Mapping[ItemAnswer, tuple[str, str, Tone]] = {
    ItemAnswer.OPEN: (N_("Not answered"), "circle-dashed", Tone.MUTED),
    ItemAnswer.SO: (N_("Applies"), "triangle-alert", Tone.WARNING),
    ItemAnswer.NOT_SO: (N_("Does not apply to her"), "circle-check", Tone.SUCCESS),
    ItemAnswer.NOT_KNOWN: (N_("Not known"), "circle-question-mark", Tone.DANGER),
}
_ANSWER_KEYS = {
    Qt.Key.Key_1: ItemAnswer.SO,
    Qt.Key.Key_2: ItemAnswer.NOT_SO,
    Qt.Key.Key_3: ItemAnswer.NOT_KNOWN,
}


class RiskItemTable(TableView):
    """The items of a category; `answered` carries what a key answers to the current one."""

    answered = Signal(object)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer with 1, 2 and 3; leave keys with Alt to the page."""
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            event.ignore()
        elif event.key() in _ANSWER_KEYS:
            self.answered.emit(_ANSWER_KEYS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)


class RiskAnswersCard(CardFrame):
    """The card of one category.

    `closed` reports that it was closed, `made` that its form changed. `finished` reports that
    nothing was found and another category can follow.
    """

    closed = Signal()
    finished = Signal()
    made = Signal()

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._weighing: bytes | None = None
        self._items: dict[str, RiskItem] = {}
        self.category = ""
        self.form: RecordForm | None = None
        self.title = text(kit, style=TextStyle.HEADING)
        self.table = RiskItemTable(
            kit, (ColumnSpec(N_("Question"), stretches=True), ColumnSpec(N_("Answer")))
        )
        kit.translator.bind(self.table.setAccessibleName, N_("Questions of this category"))
        self.buttons = {
            answer: Button(
                kit, *_ANSWER_LOOKS[answer][:2], ButtonLook.TONAL, on=partial(self.answer, answer)
            ).show_key(str(number))
            for number, answer in enumerate(_ANSWER_KEYS.values(), start=1)
        }
        self.none = Button(
            kit, N_("None of this applies"), "list-checks", ButtonLook.QUIET, on=self.answer_rest
        )
        self.close_button = Button(kit, N_("Close"), look=ButtonLook.QUIET, on=self.close_card)
        self.origin = AnswerOriginRow(kit)
        self._hint = muted(kit, style=TextStyle.SMALL)
        self._form = column()
        extend(
            self.body,
            column(self.title, self._hint, gap=2),
            self.table,
            FlowBox(*self.buttons.values(), self.none, self.close_button),
            self.origin,
            self._form,
        )
        self._listen()
        self.hide()

    def show_category(
        self, weighing: bytes, category: str, found: RecordView[Any] | None, offers: FormOptions
    ) -> None:
        """Show a category of one of our assessments; `found` is its line, if there is one."""
        is_other = (weighing, category) != (self._weighing, self.category)
        self._weighing, self.category = weighing, category
        self._items = items_on_line(category, found.record if found is not None else None)
        self.title.set_message(lambda language: risk_category_text(category, language))
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

    def close_card(self) -> None:
        """Close the card and save typed values as a draft."""
        self._put_form_away()
        self._weighing, self.category = None, ""
        self.hide()
        self.closed.emit()

    def answer(self, answer: ItemAnswer) -> None:
        """Answer the current item and go to the next; repeating its answer clears it."""
        name, row = self._current()
        item = self._items[name]
        is_again = item.answer is answer
        source = item.source or self.origin.source
        self._save({name: RiskItem() if is_again else replace(item, answer=answer, source=source)})
        if not is_again:
            self.table.selectRow(min(row + 1, len(self._items) - 1))

    def answer_rest(self) -> None:
        """Answer all open items with "not so"."""
        rest = {name for name, one in self._items.items() if one.answer is ItemAnswer.OPEN}
        self._save(dict.fromkeys(rest, RiskItem(ItemAnswer.NOT_SO, self.origin.source)))
        if {one.answer for one in self._items.values()} == {ItemAnswer.NOT_SO}:
            self.finished.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close the card on Esc and nothing else."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_card()
        else:
            super().keyPressEvent(event)

    def _current(self) -> tuple[str, int]:
        """Return the current item and its row."""
        row = max(0, self.table.currentIndex().row())
        return list(self._items)[row], row

    @task
    async def _save(self, items: Mapping[str, RiskItem]) -> None:
        kit, desk = self._kit, self._desk
        if self._weighing is None or not items:
            return
        self._items |= items
        self._show()
        done = await call(kit, answer_risk_items, desk, self._weighing, self.category, items)
        notify_done(kit, desk, (done,), N_("Answer saved."))

    def _on_origin_chosen(self) -> None:
        """Save the origin of the current item; an open item takes it with its answer."""
        name, _ = self._current()
        item = self._items[name]
        chosen = replace(item, source=self.origin.source, confidence=self.origin.confidence)
        if item.answer is not ItemAnswer.OPEN and chosen != item:
            self._save({name: chosen})

    def _show_origin(self) -> None:
        if self._items and self.table.currentIndex().isValid():
            self.origin.show_item(self._items[self._current()[0]])

    def _show(self) -> None:
        language = self._kit.translator.language
        self.table.show_rows([_item_row(*one, language) for one in self._items.items()])
        self.table.fit_height()
        self._show_origin()
        held = [one.answer for one in self._items.values()]
        self.none.setVisible(ItemAnswer.OPEN in held)
        self.none.set_message(
            N_("None of this applies")
            if set(held) == {ItemAnswer.OPEN}
            else N_("None of the rest applies")
        )
        self._hint.set_message(_answers_hint(held))

    def _show_form(self, found: RecordView[Any], offers: FormOptions) -> None:
        if self.form is None:
            fields = Form(self._kit, "risk_line", RATING_KEYS, offers, _RATING_ROWS)
            self.form = RecordForm(self._kit, self._desk, "risk_line", fields)
            extend(self._form, make_hairline(), 12, self.form)
            self.made.emit()
        self.form.show_view(found)

    def _put_form_away(self) -> None:
        if self.form is not None:
            self.form.save_draft()
            self.form = None
            clear_layout(self._form)
            self.made.emit()

    def _listen(self) -> None:
        self.table.answered.connect(self.answer)
        self.table.selectionModel().currentRowChanged.connect(self._show_origin)
        self.origin.chosen.connect(self._on_origin_chosen)
        self.table.chosen.connect(lambda _row: self.answer(ItemAnswer.SO))
        self._kit.translator.on_language_change(self, self._show)


def _item_row(name: str, item: RiskItem, language: Language) -> tuple[TableCell, ...]:
    word, icon, tone = _ANSWER_LOOKS[item.answer]
    says = TableCell(item_text(name, language), origin_text(item, language))
    return (says, TableCell(language.gettext(word), icon=icon, tone=tone))


def _answers_hint(held: list[ItemAnswer]) -> str:
    if ItemAnswer.OPEN in held:
        return N_("Every question needs an answer. What is not known counts as high.")
    if ItemAnswer.NOT_KNOWN in held:
        return N_("Something is not known: it counts as high until it is clear.")
    if ItemAnswer.SO in held:
        return N_("How likely is it, how severe would it be, and what is being done about it?")
    return N_("Nothing was found here.")
