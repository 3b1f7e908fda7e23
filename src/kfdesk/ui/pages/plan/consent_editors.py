# SPDX-License-Identifier: GPL-3.0-or-later
"""The editors and the sentences of a consent: groups, form, explained points, missing answers.

Importing this module registers the editors. The sentences for the client are in her
language if the program supports it. Otherwise they are in the language of the window, and an
interpreter translates.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kfdesk.domain.codes.core import CONSENT_PURPOSE, CONSENT_SCOPE
from kfdesk.domain.consent import VITAL_INTERESTS, ConsentDefect
from kfdesk.domain.schema import N_, Field
from kfdesk.domain.values import Value
from kfdesk.i18n.language import PROGRAM_LANGUAGES, Language
from kfdesk.i18n.phrases import CONSENT_EXPLANATIONS
from kfdesk.services.plans.consents import ConsentRecipient
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.editors import CheckBoxesEditor, ChoiceEditor, code_options
from kfdesk.ui.forms.parts import NOT_ASKED
from kfdesk.ui.forms.registry import register_editor
from kfdesk.ui.tokens import TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.inputs import CheckBox
from kfdesk.ui.widgets.text import Label

LACK_MESSAGES: Mapping[ConsentDefect, str] = {
    ConsentDefect.RECIPIENT: N_("Say who may have it: one organisation or one person."),
    ConsentDefect.PURPOSE: N_("Say what it is for."),
    ConsentDefect.GROUPS: N_("Tick what she agrees to share."),
    ConsentDefect.NOT_OPENED: N_(
        "This purpose cannot open all that is ticked. Take away what it does not need."
    ),
    ConsentDefect.LANGUAGE: N_("Say in which language you talked."),
    ConsentDefect.INTERPRETER: N_("Say who interpreted."),
    ConsentDefect.EXPLAINED: N_(
        "Explain each point to her, and tick it. Only research may stay open."
    ),
    ConsentDefect.TOOL: N_(
        "Nothing on record protects her data there. It may go only by her own explicit consent, "
        "after the warning."
    ),
    ConsentDefect.WARNING: N_("Read the warning to her first, and note when she heard it."),
    ConsentDefect.GIVEN_BY: N_("Say who agreed."),
    ConsentDefect.CHILD: N_("She counts as a child: her guardian must agree, and she herself too."),
    ConsentDefect.GUARDIAN: N_("Name the guardian who agreed."),
    ConsentDefect.ASSENT: N_(
        "The child must agree too. If it is too small to say, answer “unknown”."
    ),
    ConsentDefect.FORM: N_("Say how it was agreed: signed or spoken."),
    ConsentDefect.GIVEN: N_("Say when she agreed."),
    ConsentDefect.GIVEN_AHEAD: N_("This time lies ahead. Say when she did agree."),
    ConsentDefect.LAST_DAY: N_("A consent needs a last day, not about when."),
    ConsentDefect.ENDED: N_("This day has passed, so the consent would open nothing."),
    ConsentDefect.REASON: N_("Say why it cannot wait for her own consent."),
}
"""What to do about each missing answer."""


def program_language(kit: UiContext, code: object) -> Language | None:
    """Return the catalogue of a language, or None if the program does not support it."""
    return next((one for one in kit.translator.available_languages if one.code == code), None)


def is_program_language(code: object) -> bool:
    """Return whether the program supports a language."""
    return code in PROGRAM_LANGUAGES


def message_in_language(kit: UiContext, code: object, sentence: str) -> Message:
    """Return a sentence in the client's language.

    Without a translation it follows the language of the window.
    """
    hers = program_language(kit, code)
    if hers is None:
        return sentence
    said = hers.gettext(sentence)
    return lambda _: said


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
    return language.ngettext(
        "{count} answer is missing. It is kept as a draft and opens nothing.",
        "{count} answers are missing. It is kept as a draft and opens nothing.",
        count,
    ).format(count=count)


def widest_groups_message(widest: frozenset[Any]) -> Message:
    """Return the groups that a purpose can allow at most."""
    if not widest:
        return N_("For this purpose nothing leaves as a file or on paper.")

    def words(language: Language) -> str:
        groups = groups_text(widest, language)
        return language.gettext(N_("Can open at most: {groups}")).format(groups=groups)

    return words


def proposed_day_message(day: date) -> Message:
    """Return the words for the proposed last day."""

    def words(language: Language) -> str:
        return language.gettext(
            N_("Proposed: {day}. Another day can be agreed; it always ends.")
        ).format(day=language.day(day, year=True))

    return words


def recipient_message(party: ConsentRecipient) -> tuple[Message, Tone]:
    """Return what the user must know before sharing with this recipient."""
    if party.is_ours:
        return N_("Our own desk: so that we may work with her case."), Tone.MUTED
    if party.is_third_country and party.has_tool:
        return N_("Another country’s law holds there; what protects her is on record."), Tone.MUTED
    if party.is_third_country:
        return N_("Another country’s law holds there: she must be warned, see below."), Tone.WARNING
    if party.is_partner and not party.is_verified:
        return N_("Nothing goes there before the partner’s digits are compared."), Tone.WARNING
    if party.is_third_country is None:
        return N_("The directory does not say in which country this is."), Tone.MUTED
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
            self._kit.translator.bind(box.setToolTip, why)
            self._kit.translator.bind(box.setAccessibleDescription, why)

    def _show(self, value: Value) -> None:
        super()._show(value)
        self._shut()

    def _note(self) -> Message | None:
        if self._is_told and self._widest is None:
            return N_("Say first what it is for; then you see what that can open.")
        if self._is_told and not self._widest:
            return N_("For this purpose nothing leaves as a file or on paper.")
        return NOT_ASKED if self._read() is None else None

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
            [("", NOT_ASKED), *options], value if isinstance(value, str) else ""
        )


class ExplainedPointsEditor(CheckBoxesEditor):
    """A check box for each explained point, with the sentence in the client's language below it."""

    def __init__(self, kit: UiContext, field: Field) -> None:
        self._sentences: dict[str, Label] = {}
        super().__init__(kit, field)

    def set_language(self, code: object) -> None:
        """Show the sentences in this language if the program supports it."""
        for point, label in self._sentences.items():
            label.set_message(message_in_language(self._kit, code, CONSENT_EXPLANATIONS[point]))

    def _put(self, code: str, box: CheckBox) -> None:
        place = QWidget()
        column = QVBoxLayout(place)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(0)
        column.addWidget(box, 0, Qt.AlignmentFlag.AlignLeft)
        if code in CONSENT_EXPLANATIONS:
            label = Label(
                self._kit, CONSENT_EXPLANATIONS[code], TextStyle.SMALL, Tone.MUTED
            ).wrapped()
            label.setContentsMargins(_CHECK_BOX_INDENT, 0, 0, 0)
            column.addWidget(label)
            self._sentences[code] = label
        self.column.addWidget(place)


register_editor("consent.groups", lambda kit, field, _: GroupsEditor(kit, field))
register_editor("consent.form", lambda kit, field, _: ConsentFormEditor(kit, field))
register_editor("consent.explained", lambda kit, field, _: ExplainedPointsEditor(kit, field))
