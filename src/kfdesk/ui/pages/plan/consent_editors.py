# SPDX-License-Identifier: GPL-3.0-or-later
"""The editors and the sentences of a consent: groups, form, explained points, missing answers.

Importing this module registers the editors. The sentences for the client are in her
language if there is a text in it. Otherwise they are in the language of the window, and an
interpreter translates.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt

from kfdesk.domain.codes.core import CONSENT_PURPOSE, CONSENT_SCOPE
from kfdesk.domain.consent import MUST_EXPLAIN, VITAL_INTERESTS, ConsentDefect
from kfdesk.domain.message_marks import N_
from kfdesk.domain.schema import Field
from kfdesk.domain.values import Value
from kfdesk.i18n.client_texts import TEXT_STATES, TextState
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import CONSENT_EXPLANATIONS
from kfdesk.services.plans.consents import ConsentRecipient
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.editors import CheckBoxesEditor, ChoiceEditor, code_options
from kfdesk.ui.forms.registry import register_editor
from kfdesk.ui.tokens import CONTROL_COMPACT, RESERVE, TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import (
    LEFT,
    STRETCH,
    Part,
    aligned,
    column,
    extend,
    filled,
    muted,
    panel,
    row,
)
from kfdesk.ui.widgets.buttons import Button
from kfdesk.ui.widgets.inputs import CheckBox
from kfdesk.ui.widgets.text import Label, bind_tooltip

LACK_MESSAGES: Mapping[ConsentDefect, str] = {
    ConsentDefect.RECIPIENT: N_("Say who may have it: one organisation or one person."),
    ConsentDefect.PURPOSE: N_("Say what it is for."),
    ConsentDefect.GROUPS: N_("Tick what she agrees to share."),
    ConsentDefect.NOT_OPENED: N_(
        "This purpose does not allow everything that is ticked. Remove what it does not need."
    ),
    ConsentDefect.LANGUAGE: N_("Say in which language you talked."),
    ConsentDefect.INTERPRETER: N_("Say who interpreted."),
    ConsentDefect.EXPLAINED: N_(
        "Explain each point to her and tick it. Only research may be left unticked."
    ),
    ConsentDefect.TOOL: N_(
        "Nothing on record protects her data there. It may be sent only with her explicit consent, "
        "after the warning."
    ),
    ConsentDefect.WARNING: N_("Read the warning to her first, and record when she heard it."),
    ConsentDefect.GIVEN_BY: N_("Say who agreed."),
    ConsentDefect.CHILD: N_("She counts as a child: her guardian must agree, and she herself too."),
    ConsentDefect.GUARDIAN: N_("Name the guardian who agreed."),
    ConsentDefect.ASSENT: N_(
        "The child must agree too. If the child is too young to say, answer “unknown”."
    ),
    ConsentDefect.FORM: N_("Say how it was agreed: signed or spoken."),
    ConsentDefect.GIVEN: N_("Say when she agreed."),
    ConsentDefect.GIVEN_AHEAD: N_("This time is in the future. Say when she agreed."),
    ConsentDefect.LAST_DAY: N_("A consent needs an exact last day."),
    ConsentDefect.ENDED: N_("This day has passed, so the consent would allow nothing."),
    ConsentDefect.REASON: N_("Say why it cannot wait for her own consent."),
}
"""The instruction for each missing answer."""


def message_in_language(hers: Language | None, sentence: str) -> Message:
    """Return a sentence in the client's language; for None in that of the window."""
    if hers is None:
        return sentence
    said = hers.gettext(sentence)
    return lambda _: said


def text_state_message(code: object, state: TextState | None) -> Message:
    """Return what the user must know of the text in the client's language; empty if all is well."""
    if not isinstance(code, str) or state is TextState.NATIVE:
        return ""
    if state is None:
        return N_("There is no text in this language: an interpreter reads the sentences below.")
    return filled(
        N_("The text in this language is {state}."),
        state=lambda language: language.gettext(TEXT_STATES[state]),
    )


def purpose_label(purpose: object) -> str:
    """Return the label of a purpose."""
    return CONSENT_PURPOSE.get(str(purpose), N_("Consent"))


def groups_text(groups: Iterable[str], language: Language) -> str:
    """Return the labels of data groups in the order of the code list."""
    wanted = set(groups)
    return " · ".join(
        language.gettext(word) for code, word in CONSENT_SCOPE.items() if code in wanted
    )


def missing_answers_text(count: int, language: Language) -> str:
    """Return how many answers are missing, and what follows from that."""
    if not count:
        return language.gettext(N_("Nothing is missing. It can be recorded."))
    return language.plural(
        "{count} answer is missing. It is kept as a draft and allows nothing.",
        "{count} answers are missing. It is kept as a draft and allows nothing.",
        count,
    )


def widest_groups_message(widest: frozenset[Any]) -> Message:
    """Return the groups that a purpose can allow at most."""
    if not widest:
        return N_("For this purpose nothing is shared, either as a file or on paper.")

    return filled(N_("May include at most: {groups}"), groups=partial(groups_text, widest))


def proposed_day_message(day: date) -> Message:
    """Return the words for the proposed last day."""
    words = N_("Suggested: {day}. You can agree on another day, but a consent always ends.")
    return filled(words, day=lambda language: language.day(day, year=True))


def recipient_message(party: ConsentRecipient) -> tuple[Message, Tone]:
    """Return what the user must know before sharing with this recipient."""
    if party.is_ours:
        return N_("Our own organisation: so that we may work with her case."), Tone.MUTED
    if party.is_third_country and party.has_tool:
        return N_(
            "Another country’s law applies there; what protects her data is on record."
        ), Tone.MUTED
    if party.is_third_country:
        return N_(
            "Another country’s law applies there: she must be warned, see below."
        ), Tone.WARNING
    if party.is_partner and not party.is_verified:
        return N_("Nothing is sent there until the partner’s digits are compared."), Tone.WARNING
    if party.is_third_country is None:
        return N_("Contacts does not say in which country this is."), Tone.MUTED
    return "", Tone.MUTED


_CHECK_BOX_INDENT = 31  # pixels; width of a check box and its gap
GROUP_NOT_NEEDED = N_("This purpose does not need it.")


class GroupsEditor(CheckBoxesEditor):
    """A check box for each data group; groups that the purpose does not allow are disabled."""

    _is_told = False
    _widest: frozenset[str] | None = None

    def set_allowed_groups(self, widest: Collection[str] | None) -> None:
        """Enable these groups; None while no purpose is set.

        Checked boxes stay checked and enabled.
        """
        self._is_told = True
        self._widest = None if widest is None else frozenset(widest)
        self._shut()

    def _shut(self) -> None:
        for code, box in self.boxes.items():
            is_open = code in (self._widest or ())
            box.setEnabled(is_open or box.isChecked() or not self._is_told)
            why: Message = "" if is_open or self._widest is None else GROUP_NOT_NEEDED
            bind_tooltip(self._kit, box, why)
            self._kit.translator.bind(box.setAccessibleDescription, why)

    def _show(self, value: Value) -> None:
        super()._show(value)
        self._shut()

    def _note(self) -> Message | None:
        if self._is_told and self._widest is None:
            return N_("Say first what it is for; then you see what can be shared.")
        if self._is_told and not self._widest:
            return N_("For this purpose nothing is shared, either as a file or on paper.")
        return self.empty_words if self._read() is None else None

    def _touch(self) -> None:
        self._shut()
        super()._touch()


class ConsentFormEditor(ChoiceEditor):
    """The form of agreement.

    Vital interests are not offered: `VitalInterestsForm` records that decision of two people.
    """

    def _show(self, value: Value) -> None:
        options = [
            option
            for option in code_options(self.field)
            if option[0] != VITAL_INTERESTS or value == VITAL_INTERESTS
        ]
        self.choice.set_options(
            [("", self.empty_words), *options], value if isinstance(value, str) else ""
        )


class ExplainedPointsEditor(CheckBoxesEditor):
    """A check box for each explained point, with the sentence in the client's language below it.

    One button ticks all points that must be explained, once they were read to her.
    """

    def __init__(self, kit: UiContext, field: Field) -> None:
        self._sentences: dict[str, Label] = {}
        self.all = Button(
            kit, N_("All of this was explained, except research"), "list-checks", on=self._on_all
        ).with_height(CONTROL_COMPACT)
        super().__init__(kit, field)
        self.column.insertLayout(0, row(-RESERVE, self.all, STRETCH))

    def set_language(self, hers: Language | None) -> None:
        """Show the sentences in the client's language; for None in that of the window."""
        for point, label in self._sentences.items():
            label.set_message(message_in_language(hers, CONSENT_EXPLANATIONS[point]))

    def _add(self, code: str, message: Message) -> None:
        super()._add(code, message)
        self._set_focus_targets(self.all, *self.boxes.values())

    def _put(self, code: str, box: CheckBox) -> None:
        parts: list[Part] = [aligned(box, LEFT)]
        if code in CONSENT_EXPLANATIONS:
            label = muted(self._kit, CONSENT_EXPLANATIONS[code], TextStyle.SMALL)
            label.setContentsMargins(_CHECK_BOX_INDENT, 0, 0, 0)
            parts.append(label)
            self._sentences[code] = label
        extend(self.column, panel(column(*parts, margins=(0, 0, 0, 4))))

    def _show(self, value: Value) -> None:
        super()._show(value)
        self._update_all()

    def _touch(self) -> None:
        self._update_all()
        super()._touch()

    def _update_all(self) -> None:
        """Hide the button while it would change nothing, and keep the focus here."""
        is_needed = not MUST_EXPLAIN.issubset(self._order)
        if not is_needed and self.all.hasFocus():
            self.boxes["agrees_to_talk"].setFocus(Qt.FocusReason.OtherFocusReason)
        self.all.setVisible(is_needed)

    def _on_all(self) -> None:
        """Tick all points that must be explained; use in research is asked by itself."""
        wanted = [code for code in self.boxes if code in MUST_EXPLAIN or code in self._order]
        for code in wanted:
            self.boxes[code].setChecked(True)
        self._order = wanted
        self._touch()


register_editor("consent.groups", lambda kit, field, _: GroupsEditor(kit, field))
register_editor("consent.form", lambda kit, field, _: ConsentFormEditor(kit, field))
register_editor("consent.explained", lambda kit, field, _: ExplainedPointsEditor(kit, field))
