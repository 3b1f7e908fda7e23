# SPDX-License-Identifier: GPL-3.0-or-later
"""The page Suggestions, and the form that makes one: what a partner's entry should say.

A suggestion stands beside the value of today and is taken or declined; nothing changes before.
"""

from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from kfdesk.domain.accounts import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import CodeKind
from kfdesk.domain.message_marks import N_
from kfdesk.domain.rows import RecordView
from kfdesk.domain.schema import Field
from kfdesk.domain.values import Value, text_or_empty
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import field_of, value_text
from kfdesk.services.core.session import Session
from kfdesk.services.directory import networks
from kfdesk.services.directory.entries import DirectoryEntry
from kfdesk.services.directory.networks import SuggestionLine
from kfdesk.ui import tokens
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.editors import code_options
from kfdesk.ui.pages.directory.card import MOST_PHONES
from kfdesk.ui.record_views import notify_done
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import TextStyle, Tone
from kfdesk.ui.translator import Message, MessageFunction, fixed_text
from kfdesk.ui.widgets.build import (
    STRETCH,
    column,
    extend,
    fill,
    filled,
    heading,
    labelled,
    muted,
    text,
)
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import ChoiceBox, TextEntry
from kfdesk.ui.widgets.layout import (
    Banner,
    CardFrame,
    EmptyState,
    FlowBox,
    TaskPage,
    clear_layout,
    more_words,
)

_MOST_CARDS = 40
"""Suggestions that are shown at once, however many a partner sends."""
_SUGGESTIONS_CHANGED = frozenset({"suggestion", "organisation", "contact", "phone"})


class SuggestionsPage(TaskPage):
    """Partners' suggestions to change our entries, and ours to them."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, N_("Suggestions"))
        self._desk = desk
        self.cards: list[SuggestionCard] = []
        self.cancel.set_message(N_("Close"))
        self.hint.set_message(N_("An entry changes only when you accept a suggestion."))
        self._column = column(gap=tokens.CARD_GAP)
        fill(self.body, self._column, STRETCH)
        kit.events.changed.connect(self._on_changed)
        self.read()

    @task
    async def read(self) -> None:
        """Read the suggestions again."""
        lines = await call(self.kit, networks.list_suggestions, self._desk)
        clear_layout(self._column)
        self.cards = [SuggestionCard(self.kit, self._desk, line) for line in lines[:_MOST_CARDS]]
        extend(self._column, *self.cards)
        if left := len(lines[_MOST_CARDS:]):
            extend(self._column, muted(self.kit, partial(more_words, left)))
        if not lines:
            title = N_("No suggestions")
            under = N_("To suggest a change to a partner's entry, open it in Contacts.")
            extend(self._column, EmptyState(self.kit, "pencil", title, under))

    def _on_changed(self, types: frozenset[str]) -> None:
        if types & _SUGGESTIONS_CHANGED:
            self.read()


class SuggestionCard(CardFrame):
    """A suggestion: whose entry, the value of today, the suggested one, and the two answers."""

    def __init__(self, kit: UiContext, desk: Session, line: SuggestionLine) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._line = line
        record = line.view.record
        extend(self.body, heading(kit, fixed_text(line.name or "–"), "pencil"))
        is_own = line.view.row.custodian == desk.identity.organisation
        who = N_("We suggested it") if is_own else N_("Suggested by {name}")
        extend(self.body, muted(kit, filled(who, name=line.by or "–")))
        field = _field_of(line)
        now = filled(N_("Now: {value}"), value=_value_text(field, line.now))
        then = filled(
            N_("Suggested: {value}"), value=_value_text(field, text_or_empty(record.value))
        )
        extend(
            self.body,
            text(kit, partial(_field_label, line), TextStyle.LABEL),
            text(kit, now),
            text(kit, then, TextStyle.STRONG),
        )
        if isinstance(record.why, str):
            extend(self.body, muted(kit, filled(N_("Why: {why}"), why=record.why)))
        self.take = Button(kit, N_("Apply the change"), "check", ButtonLook.PRIMARY, self._take)
        self.decline = Button(kit, N_("Leave it unchanged"), "x", on=self._decline)
        if line.is_ours_to_decide and desk.may(Right.EDIT_DIRECTORY):
            extend(self.body, FlowBox(self.take, self.decline, gap=8))
        elif not line.is_ours_to_decide:
            extend(self.body, muted(kit, N_("They decide. It goes with the next file to them.")))

    @task
    async def _take(self) -> None:
        done = await call(self._kit, networks.take_suggestion, self._desk, self._line.view.rid)
        notify_done(self._kit, self._desk, done, N_("The entry has been changed."))

    @task
    async def _decline(self) -> None:
        done = await call(self._kit, networks.decline_suggestion, self._desk, self._line.view.rid)
        notify_done(self._kit, self._desk, (done,), N_("The entry is unchanged."))


def _field_of(line: SuggestionLine) -> Field:
    """Return the field that a suggestion is about; any text where no such field is known."""
    key = text_or_empty(line.view.record.key)
    known = networks.suggestible_keys(line.entry.type)
    return field_of(line.entry.type, key) if key in known else field_of("suggestion", "value")


def _field_label(line: SuggestionLine, language: Language) -> str:
    key = text_or_empty(line.view.record.key)
    if key not in networks.suggestible_keys(line.entry.type):
        return key
    return language.gettext(field_of(line.entry.type, key).label)


class SuggestionForm(CardFrame):
    """A small form above a partner's entry: which field, what it should say, and why.

    `left` follows keeping it and Cancel.
    """

    left = Signal()

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._targets: list[tuple[RecordView[Any], str]] = []
        self.field, self.code = ChoiceBox(kit), ChoiceBox(kit)
        self.value, self.why = TextEntry(), TextEntry()
        self.send = Button(kit, N_("Keep the suggestion"), "check", ButtonLook.PRIMARY, self._keep)
        self.close_button = Button(kit, N_("Cancel"), look=ButtonLook.QUIET, on=self._leave)
        self.outcome = Banner(kit, Tone.DANGER, "circle-alert")
        self._now = muted(kit)
        self._values = QStackedWidget()
        for part in (self.value, self.code):
            self._values.addWidget(part)
            kit.translator.bind(part.setAccessibleName, N_("Suggested value"))
        self.field.currentIndexChanged.connect(self._on_field_chosen)
        self.code.currentIndexChanged.connect(self._check)
        for line in (self.value, self.why):
            line.textChanged.connect(self._check)
        under = N_(
            "It goes with the next file to them. They decide, and nothing changes before then."
        )
        fill(
            self.body,
            heading(kit, N_("Suggest a change"), "pencil"),
            muted(kit, under),
            self.outcome,
            labelled(kit, N_("Field"), self.field),
            self._now,
            labelled(kit, N_("Suggested value"), self._values),
            labelled(kit, N_("Why"), self.why),
            FlowBox(self.send, self.close_button, gap=8),
            gap=12,
            margins=(tokens.CARD_PADDING,) * 4,
        )
        self.hide()

    def begin(self, entry: DirectoryEntry) -> None:
        """Open the form for an entry that another organisation answers for, and its numbers."""
        own = self._desk.identity.organisation
        theirs = [seen for seen in entry.phones[:MOST_PHONES] if seen.row.custodian != own]
        self._targets = [
            (seen, key) for seen in (*theirs, entry.view)
            for key in networks.suggestible_keys(seen.row.type)
        ]  # fmt: skip
        self.field.set_options(
            [(str(place), _target_label(*one)) for place, one in enumerate(self._targets)]
        )
        self.why.clear()
        self.outcome.hide()
        self._on_field_chosen()
        self.show()
        self.field.setFocus()

    def _leave(self) -> None:
        self.left.emit()
        self.hide()

    def refuse(self, fault: KfdeskError) -> None:
        """Show why the suggestion was not kept."""
        self.outcome.show_fault(fault)

    @property
    def _target(self) -> tuple[RecordView[Any], str] | None:
        place = self.field.currentIndex()
        return self._targets[place] if 0 <= place < len(self._targets) else None

    def _on_field_chosen(self) -> None:
        """Offer the codes of a field that has some, and a line for any other."""
        if self._target is None:
            return
        seen, key = self._target
        field, value = field_of(seen.row.type, key), getattr(seen.record, key)
        self._now.set_message(filled(N_("Now: {value}"), value=_value_text(field, value)))
        self.value.clear()
        has_codes = isinstance(field.kind, CodeKind)
        if has_codes:
            self.code.set_options([("", "–"), *code_options(field)])
        self._values.setCurrentWidget(self.code if has_codes else self.value)
        self._check()

    def _check(self) -> None:
        """Ask for a value, or for why there should be none."""
        self.send.setEnabled(bool(self._suggested or self.why.text().strip()))

    @property
    def _suggested(self) -> str:
        is_code = self._values.currentWidget() is self.code
        return self.code.key if is_code else self.value.text().strip()

    @task
    async def _keep(self) -> None:
        if self._target is None:
            return
        seen, key = self._target
        words = key, self._suggested, self.why.text().strip()
        await call(self._kit, networks.suggest_change, self._desk, seen.rid, *words)
        self._leave()
        self._kit.events.changed.emit(frozenset({"suggestion"}))
        self._kit.notify(N_("The suggestion is kept. It goes with the next file to them."))


def _target_label(seen: RecordView[Any], key: str) -> Message:
    """Return the label of a field; of a telephone with its number, because there may be several."""
    label = field_of(seen.row.type, key).label
    if seen.row.type != "phone":
        return label
    number = text_or_empty(seen.record.number) or "–"
    return lambda language: f"{language.gettext(label)}: {number}"


def _value_text(field: Field, value: Value) -> MessageFunction:
    """Return a field's value as its form shows it; a dash for none."""
    if value is None or value == "":
        return fixed_text("–")
    return lambda language: value_text(field, value, language)
