# SPDX-License-Identifier: GPL-3.0-or-later
"""One theme of our own risk assessment: its answer, its questions and its rating.

Only a theme with something asks its questions. Each answer is saved at once and can be undone. The
arrow keys move in the list: 1 means no, 2 yes, 3 not known, as for the themes; the same key again
clears the answer, 0 answers the rest. The chosen source also applies to the next items until
another is chosen. The domain computes the result of the answers.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from kfdesk.domain.codes.risk import CONFIDENCE, RISK_SOURCE, RISK_THEME
from kfdesk.domain.message_marks import N_
from kfdesk.domain.records.risk import RiskLine
from kfdesk.domain.risk import (
    ItemAnswer,
    RiskItem,
    ThemeAnswer,
    contradicting_items,
    is_theme_reopened,
    items_on_line,
)
from kfdesk.domain.rows import RecordView
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import item_text, origin_text
from kfdesk.services.core.session import Session
from kfdesk.services.plans.risk import answer_risk_items, answer_risk_theme
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.editor import FormOptions
from kfdesk.ui.forms.editors import clear_choice
from kfdesk.ui.forms.form import Form
from kfdesk.ui.forms.record_form import RecordForm
from kfdesk.ui.pages.plan.risk_table import risk_category_text
from kfdesk.ui.pages.plan.risk_themes import THEME_KEYS, shown_theme
from kfdesk.ui.record_views import notify_done
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import TextStyle, Tone
from kfdesk.ui.widgets.build import column, extend, grown, muted, row, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook, SegmentedControl
from kfdesk.ui.widgets.inputs import ChoiceBox, LabelledField
from kfdesk.ui.widgets.layout import Banner, CardFrame, FlowBox, clear_layout, make_hairline
from kfdesk.ui.widgets.table import ColumnSpec, TableCell, TableView

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
_THEME_FORM_KEYS = ("own_words", *RATING_KEYS)
_ANSWER_LOOKS: Mapping[ItemAnswer, tuple[str, str, Tone]] = {
    ItemAnswer.OPEN: (N_("Not answered"), "circle-dashed", Tone.MUTED),
    ItemAnswer.NOT_SO: (N_("No"), "minus", Tone.PLAIN),
    ItemAnswer.SO: (N_("Yes"), "triangle-alert", Tone.WARNING),
    ItemAnswer.NOT_KNOWN: (N_("Not known"), "circle-question-mark", Tone.DANGER),
}
_ANSWER_KEYS = {
    Qt.Key.Key_1: ItemAnswer.NOT_SO,
    Qt.Key.Key_2: ItemAnswer.SO,
    Qt.Key.Key_3: ItemAnswer.NOT_KNOWN,
}
"""In the order of the themes: first what is no danger, then what is, then what is not known."""


class RiskItemTable(TableView):
    """The items of a category; `answered` carries what a key answers to the current one.

    `rest_answered` reports the key that answers all that are open.
    """

    answered = Signal(object)
    rest_answered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer with 1, 2, 3 and 0; leave keys with Alt to the page."""
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            event.ignore()
        elif event.key() == Qt.Key.Key_0:
            self.rest_answered.emit()
        elif event.key() in _ANSWER_KEYS:
            self.answered.emit(_ANSWER_KEYS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)


class RiskAnswersCard(CardFrame):
    """The card of one theme.

    `closed` reports that it was closed, `made` that its form changed. `finished` reports that the
    theme is answered without anything to ask, and another can follow.
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
        self._form_keys: tuple[str, ...] = ()
        self.title = text(kit, style=TextStyle.HEADING)
        self.theme = SegmentedControl(kit, tuple(RISK_THEME.items()))
        kit.translator.bind(self.theme.setAccessibleName, N_("Answer for the theme"))
        self.contradiction = Banner(kit, Tone.WARNING, "triangle-alert").hidden()
        self.table = RiskItemTable(
            kit, (ColumnSpec(N_("Question"), stretches=True), ColumnSpec(N_("Answer")))
        )
        kit.translator.bind(self.table.setAccessibleName, N_("Questions of this theme"))
        self.buttons = {
            answer: Button(
                kit, *_ANSWER_LOOKS[answer][:2], ButtonLook.TONAL, on=partial(self.answer, answer)
            ).show_key(str(number))
            for number, answer in enumerate(_ANSWER_KEYS.values(), start=1)
        }
        self.none = Button(
            kit, N_("No to the rest"), "list-checks", ButtonLook.QUIET, on=self.answer_rest
        ).show_key("0")
        self.close_button = Button(kit, N_("Close"), look=ButtonLook.QUIET, on=self.close_card)
        self.origin = AnswerOriginRow(kit)
        self._hint = muted(kit, style=TextStyle.SMALL)
        self._form = column()
        self._buttons = FlowBox(*self.buttons.values(), self.none)
        extend(
            self.body,
            FlowBox(self.title, self.theme, self.close_button, gap=12, fills=self.title),
            self._hint,
            self.contradiction,
            self.table,
            self._buttons,
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
        record = found.record if found is not None else None
        self._items = items_on_line(category, record)
        self._show_theme(record)
        self.title.set_message(lambda language: risk_category_text(category, language))
        if is_other:
            self._put_form_away()
        if found is not None:
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
        """Answer all open items with "no", and go on to the rating."""
        rest = {name for name, one in self._items.items() if one.answer is ItemAnswer.OPEN}
        self._save(dict.fromkeys(rest, RiskItem(ItemAnswer.NOT_SO, self.origin.source)))
        if self.form is not None and "likelihood" in self._form_keys:
            self.form.form.focus_on("likelihood")

    def go_on(self) -> None:
        """Move the focus to the questions, or to the answer of the theme if it asks none."""
        target = self.table if self.table.isVisibleTo(self) else self._theme_part
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def _theme_part(self) -> QWidget:
        """The chosen answer of the theme; without one the safest, as a key may slip."""
        return self.theme.parts[self.theme.key or ThemeAnswer.NOT_KNOWN.value]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close the card on Esc; answer the theme with 1, 2 and 3 if its answer has the focus."""
        is_plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        is_at_theme = any(part.hasFocus() for part in self.theme.parts.values())
        if event.key() == Qt.Key.Key_Escape:
            self.close_card()
        elif is_plain and is_at_theme and event.key() in THEME_KEYS:
            self.theme.parts[THEME_KEYS[Qt.Key(event.key())].value].click()
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

    @task
    async def _on_theme_chosen(self, code: str) -> None:
        kit, desk, theme = self._kit, self._desk, ThemeAnswer(code)
        if self._weighing is None:
            return
        done = await call(kit, answer_risk_theme, desk, self._weighing, self.category, theme)
        notify_done(kit, desk, (done,), N_("Answer saved."))
        if theme is ThemeAnswer.NOTHING and not any(map(_says_something, self._items.values())):
            self.finished.emit()

    def _show_theme(self, record: RiskLine | None) -> None:
        """Show the answer to the theme; only something, and answers already given, ask further."""
        theme = shown_theme(record)
        clear_choice(self.theme)
        if theme is not None:
            self.theme.select(theme.value)
        is_given = any(one.answer is not ItemAnswer.OPEN for one in self._items.values())
        for part in (self.table, self._buttons, self.origin):
            part.setVisible(theme is ThemeAnswer.SOMETHING or is_given)
        found = _contradiction_in(record) if record is not None else None
        self.contradiction.setVisible(found is not None)
        self._hint.setVisible(found is None)
        if found is not None:
            self.contradiction.set_message(*found)
        self._form_keys = (
            ("own_words",) if theme in (None, ThemeAnswer.NOTHING) and not is_given
            else _THEME_FORM_KEYS
        )  # fmt: skip

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
        self._hint.set_message(_answers_hint(held, self.theme.key))

    def _show_form(self, found: RecordView[Any], offers: FormOptions) -> None:
        if self.form is not None and tuple(self.form.form.editors) != self._form_keys:
            self._put_form_away()
        if self.form is None:
            rows = _RATING_ROWS if len(self._form_keys) > 1 else ()
            fields = Form(self._kit, "risk_line", self._form_keys, offers, rows)
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
        self.table.rest_answered.connect(self.answer_rest)
        self.theme.chosen.connect(self._on_theme_chosen)
        self.table.selectionModel().currentRowChanged.connect(self._show_origin)
        self.origin.chosen.connect(self._on_origin_chosen)
        self.table.chosen.connect(lambda _row: self.answer(ItemAnswer.SO))
        self._kit.translator.on_language_change(self, self._show)


def _item_row(name: str, item: RiskItem, language: Language) -> tuple[TableCell, ...]:
    word, icon, tone = _ANSWER_LOOKS[item.answer]
    says = TableCell(item_text(name, language), origin_text(item, language))
    return (says, TableCell(language.gettext(word), icon=icon, tone=tone))


def _says_something(item: RiskItem) -> bool:
    return item.answer in (ItemAnswer.SO, ItemAnswer.NOT_KNOWN)


def _contradiction_in(record: RiskLine) -> tuple[str, str] | None:
    """Return what a theme and its questions say against each other, and what to do about it."""
    if contradicting_items(record):
        return (
            N_("You answered “Nothing”, and a question here says something."),
            N_("The graver answer counts. Answer the theme again, or change the question."),
        )
    if is_theme_reopened(record):
        return (
            N_("The questions here were opened again on another laptop."),
            N_("Answer the theme again. Until then it counts as not answered."),
        )
    return None


def _answers_hint(held: list[ItemAnswer], theme: str) -> str:
    is_open = ItemAnswer.OPEN in held
    if theme == ThemeAnswer.NOT_KNOWN and is_open:
        return N_("Not known counts as high until it is clear. What would make it clear?")
    if theme == ThemeAnswer.NOTHING and is_open:
        return N_("Nothing here. Write down what she says, if she says something.")
    if not theme and set(held) == {ItemAnswer.OPEN}:
        return N_("Is there something here that could be a danger to her?")
    if is_open:
        return N_("Yes always means a danger. What is not known counts as high.")
    if ItemAnswer.NOT_KNOWN in held:
        return N_("Something is not known: it counts as high until it is clear.")
    if ItemAnswer.SO in held or theme == ThemeAnswer.SOMETHING:
        return N_("How likely is it, how severe would it be, and what is being done about it?")
    return N_("Nothing was found here.")
