# SPDX-License-Identifier: GPL-3.0-or-later
"""An entry of the directory in read mode, and the texts that describe it.

The first functions return the words for an entry: name, kind, visibility, what it offers.
`EntryCard` shows one entry with its secret fields covered. Lists, forms and
papers use the same words. The module writes nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from kfdesk.domain.codes.core import CONFIDENTIALITY, CONTACT_RISK
from kfdesk.domain.directory import DirectoryNeed, MatchAspect, match_reasons
from kfdesk.domain.message_marks import N_
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.rows import RecordView
from kfdesk.domain.values import Value
from kfdesk.i18n.integrity import RECORD_TYPE_NAMES
from kfdesk.i18n.language import Language
from kfdesk.i18n.messages import field_label
from kfdesk.i18n.parsing import to_dialled, to_e164
from kfdesk.i18n.phrases import NOT_FILLED_IN, field_of, hours_text, localized_text, value_text
from kfdesk.services.directory.entries import ContactName, DirectoryEntry, EntryLine, PlanReference
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.form import Form
from kfdesk.ui.lock.lock import CLIPBOARD_SECONDS, copy_to_clipboard
from kfdesk.ui.pages.directory.checks import MOST_SHOWN, check_line, check_word
from kfdesk.ui.tokens import CONTROL_COMPACT, GRID, LABEL_GAP, RESERVE, TextStyle, Tone
from kfdesk.ui.translator import Message, MessageFunction, fixed_text
from kfdesk.ui.widgets.build import (
    MIDDLE,
    STRETCH,
    TOP,
    aligned,
    column,
    extend,
    fill,
    grown,
    muted,
    panel,
    row,
    text,
)
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import (
    Banner,
    CardFrame,
    FlowBox,
    clear_layout,
    make_hairline,
    make_scroll_area,
    more_words,
    stack_widgets,
)
from kfdesk.ui.widgets.text import Chip, Label

# --- texts of an entry

_LOCK = (Tone.DANGER, "lock")
VISIBILITY_LOOKS = {
    "public": (Tone.ACCENT, "circle-check"),
    "partners_only": (Tone.INFO, "circle-dot"),
    "circle": (Tone.INFO, "user"),
    "front_door_only": (Tone.WARNING, "triangle-alert"),
    "secret": _LOCK,
}
ENTRY_KINDS = {"organisation": N_("Organisation"), "contact": N_("Contact person")}
ENTRY_ICONS = {"organisation": "building-2", "contact": "user"}
NEW_ENTRY_TITLES = {"organisation": N_("New organisation"), "contact": N_("New contact person")}
_RISKS = ("ask_first", "never_from_origin")
COVERED_TEXT = "••••••••"
MOST_PHONES = 100  # telephones of one entry that are shown
UNDECIDED = N_("two values, not yet decided")


def name_line(entry: EntryLine, language: Language) -> str:
    """Return the name, or that there is none."""
    return entry.name or language.gettext(N_("without a name"))


def kind_line(entry: EntryLine, language: Language) -> str:
    """Return kind and place: `Organisation, Estonia`; for a person the employer."""
    if entry.type == "contact":
        place = entry.works_for
    else:
        code = entry.view.record.country
        place = language.country(code) if isinstance(code, str) else ""
    return ", ".join(part for part in (language.gettext(ENTRY_KINDS[entry.type]), place) if part)


def visibility_word(seen: RecordView[Any], language: Language) -> tuple[Tone, str, str]:
    """Return tone, icon and word for who may see an entry; a conflict counts as secret."""
    if "confidentiality" in seen.conflicts:
        return (*_LOCK, language.gettext(UNDECIDED))
    code = seen.record.confidentiality
    if code in CONFIDENTIALITY:
        return (*VISIBILITY_LOOKS[code], language.gettext(CONFIDENTIALITY[code]))
    return Tone.MUTED, "circle-question-mark", language.gettext(NOT_FILLED_IN)


def does_line(entry: EntryLine, language: Language) -> str:
    """Return kind, place, services and languages for the second line of a list."""
    record = entry.view.record
    if entry.type == "contact":
        role = record.role if isinstance(record.role, str) else ""
        return " · ".join(part for part in (kind_line(entry, language), role) if part)
    said = (value_text(field_of("organisation", key), getattr(record, key), language)
            for key in ("country", "services", "languages") if _has_value(record, key))  # fmt: skip
    return " · ".join(said) or kind_line(entry, language)


def fits_line(entry: EntryLine, need: DirectoryNeed, today: date, language: Language) -> str:
    """Return what speaks against asking there at once, then why an entry fits a need."""
    house = entry.house.record if entry.house is not None else entry.view.record
    found = list(match_reasons(house, need, today)) if isinstance(house, Organisation) else []
    risk = getattr(house, "contact_risk", None)
    said = [f"⚠ {language.gettext(CONTACT_RISK[risk])}"] if risk in _RISKS else []
    said += [kind_line(entry, language)] if entry.type == "contact" else []
    said += [_reason(aspect, codes, language) for aspect, codes in found]
    return " · ".join(said) or does_line(entry, language)


def _reason(aspect: MatchAspect, codes: tuple[str, ...], language: Language) -> str:
    if aspect is MatchAspect.CHECKED:
        return language.gettext(N_("Checked"))
    if aspect is MatchAspect.TOWN:
        return ", ".join(codes)
    if aspect is MatchAspect.COUNTRY:
        return language.country(codes[0])
    field = field_of("organisation", aspect)
    words = ", ".join(value_text(field, (code,), language) for code in codes)
    if aspect is MatchAspect.LANGUAGES:
        return language.gettext(N_("speaks {languages}")).format(languages=words)
    return words


def _has_value(record: Any, key: str) -> bool:
    value = getattr(record, key)
    return isinstance(value, str) or (isinstance(value, tuple) and bool(value))


def phone_lines(
    seen: RecordView[Any], language: Language, call: tuple[str, str] = ("", "")
) -> tuple[str, str]:
    """Return a telephone in two lines: its number, and who answers when.

    `call` is the country for which the number was typed, and the one from which somebody calls.
    The number is shown as it is dialled from there, and below it as it was typed.
    """
    phone = seen.record
    languages = ""
    if isinstance(phone.languages, tuple):
        languages = value_text(field_of("phone", "languages"), phone.languages, language)
    about = [hours_text(localized_text(phone.hours, language), language), languages]
    if phone.is_safe is True:
        about.append(language.gettext(N_("may be called about clients")))
    elif phone.is_safe is False:
        about.append(language.gettext(N_("not about clients")))
    typed = phone.number if isinstance(phone.number, str) else "–"
    number = to_dialled(typed, *call)
    if _digits(number) != _digits(typed):
        about.append(language.gettext(N_("typed as {number}")).format(number=typed))
    if "number" in seen.conflicts:
        number = language.gettext(UNDECIDED)
    return number, "\n".join(part for part in about if part)


def _digits(number: str) -> str:
    return "".join(sign for sign in number if sign.isdigit() or sign == "+")


def naming_roles(naming: PlanReference) -> MessageFunction:
    """Return where a plan names the entry: `Receiver, Consent, Reception`, each once.

    That is the field of the plan itself, and the kind of every other record.
    """

    def say(language: Language) -> str:
        kinds = ((path, path.partition(".")[0]) for path in naming.fields)
        places = (
            field_label(path, language) if kind == "plan"
            else language.gettext(RECORD_TYPE_NAMES[kind])
            for path, kind in kinds
        )  # fmt: skip
        return ", ".join(dict.fromkeys(places))

    return say


def deletion_refusal(entry: DirectoryEntry, language: Language) -> str:
    """Return who keeps an entry out of the bin, by code and name; empty if nobody does."""
    plans = ", ".join(dict.fromkeys(one.code or "–" for one in entry.open_references))
    people = ", ".join(one.name or "–" for one in entry.people)
    said = []
    if plans:
        said.append(language.gettext(N_("These plans name it: {plans}.")).format(plans=plans))
    if people:
        said.append(language.gettext(N_("These people work for it: {people}.")).format(
            people=people))  # fmt: skip
    return " ".join(said)


def count_line(found: int, count: int, language: Language, *, is_near: bool) -> str:
    """Return how many of how many entries are shown."""
    if is_near:
        words = language.ngettext(
            "No exact match. {found} contact is similar",
            "No exact match. {found} contacts are similar",
            found,
        )
        return words.format(found=found)
    if found == count:
        return language.plural("{count} contact", "{count} contacts", count)
    return language.plural(
        "{found} of {count} contact", "{found} of {count} contacts", count, found=found
    )


# --- secret fields


class FieldCover(QWidget):
    """A cover over the last field of a form; its button uncovers the field."""

    def __init__(self, kit: UiContext, form: Form, key: str) -> None:
        super().__init__()
        self._form = form
        self._key = key
        self._is_open = False
        label = form.editors[key].field.label
        self.show_button = Button(kit, N_("Show"), "eye").with_height(CONTROL_COMPACT)
        name = N_("Show: {field}")
        kit.translator.bind(
            self.show_button.setAccessibleName, name, field=lambda language: language.gettext(label)
        )
        self.show_button.clicked.connect(self._on_show_clicked)
        covered = aligned(Label(kit, fixed_text(COVERED_TEXT)), MIDDLE)
        above = Label(kit, label, TextStyle.LABEL, Tone.MUTED)
        line = row(covered, self.show_button, STRETCH, gap=12)
        column(above, line, gap=LABEL_GAP - RESERVE, on=self)
        self.hide()
        form.edited.connect(self._on_edited)

    def set_value(self, value: Value) -> None:
        """Cover the field if it has a value and nobody has asked for it yet."""
        is_there = isinstance(value, str) or bool(self._form.form_rows[self._key].has_conflict)
        self._cover(is_covered=is_there and not self._is_open)
        self._is_open = self._is_open or not is_there

    def _cover(self, *, is_covered: bool) -> None:
        self.setVisible(is_covered)
        self._form.form_rows[self._key].setVisible(not is_covered)

    def _on_show_clicked(self) -> None:
        self._is_open = True
        self._cover(is_covered=False)
        self._form.focus_on(self._key)

    def _on_edited(self) -> None:
        if not self._form.editors[self._key].is_valid:
            self._is_open = True
            self._cover(is_covered=False)


# --- facts

_LABEL_WIDTH = 150
_BUTTON_TOP = 12
_COPY_TOP = 6
_COPIED = frozenset({"email", "website"})
_FACT_KEYS = {
    "organisation": (
        ("country", "confidentiality"),
        (
            "city", "hours", "email", "website", "languages", "services", "offers", "populations",
            "contact_risk", "alert", "round_the_clock", "eligibility", "application", "fees",
            "area", "interpretation", "accessibility", "case_number_needed", "actor_type",
            "networks", "other_name", "part_of", "front_door", "checked", "checked_by", "note",
        ),
    ),
    "contact": (
        ("organisation", "confidentiality", "may_be_shared"), ("role", "email", "note"),
    ),
}  # fmt: skip


class EntryFacts(QWidget):
    """The fields of an entry with their values, one row each.

    `plan_chosen` and `entry_chosen` carry the id of what to open.
    """

    plan_chosen = Signal(bytes)
    entry_chosen = Signal(bytes)

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self.plans: list[Button] = []
        self.people: list[Button] = []
        self.copies: list[Button] = []
        self._rows = column(gap=12, margins=(20, 16, 20, 16), on=self)

    def show_entry(self, entry: DirectoryEntry, *, is_covered: bool) -> None:
        """Show what is known of an entry, with its secret fields covered or not."""
        clear_layout(self._rows)
        self.plans, self.people, self.copies = [], [], []
        for seen in entry.phones[:MOST_PHONES]:
            self._add_phone(entry, seen, is_covered=is_covered)
        if left := len(entry.phones[MOST_PHONES:]):
            words = Label(self._kit, partial(more_words, left), tone=Tone.MUTED)
            self._add(N_("Phone"), words)
        for key in fact_keys(entry):
            self._add_fact(entry, key)
        self._add_checks(entry)
        self._add_secret(entry, is_covered=is_covered)
        self._add_people(entry.people)
        self._add_plans(entry.namings)
        extend(self._rows, STRETCH)

    def _add_checks(self, entry: DirectoryEntry) -> None:
        for place, seen in enumerate(entry.checks[:MOST_SHOWN]):
            words = text(self._kit, partial(check_line, seen))
            self._add("" if place else N_("Latest checks"), words)

    def _add_fact(self, entry: DirectoryEntry, key: str) -> None:
        label: QWidget = text(self._kit, fact_text(entry, key))
        value = getattr(entry.view.record, key)
        down = 0
        if key in _COPIED and isinstance(value, str) and key not in entry.view.conflicts:
            label, down = self._with_copy(label, value), _COPY_TOP
        self._add(field_of(entry.type, key).label, label, down)

    def _add_phone(
        self, entry: DirectoryEntry, seen: RecordView[object], *, is_covered: bool
    ) -> None:
        if is_covered:
            self._add(N_("Phone"), text(self._kit, fixed_text(COVERED_TEXT)))
            return
        lines = partial(phone_lines, seen, call=(dialling_country(entry), entry.caller))
        number = getattr(seen.record, "number", None)
        first = text(self._kit, lambda spoken: lines(spoken)[0], TextStyle.STRONG)
        under = muted(self._kit, lambda spoken: lines(spoken)[1], TextStyle.SMALL)
        words = stack_widgets(first, under)
        under.setVisible(bool(lines(self._kit.translator.language)[1]))
        if isinstance(number, str) and "number" not in seen.conflicts:
            words = self._with_copy(words, to_e164(number, dialling_country(entry)) or number)
        self._add(N_("Phone"), words, _COPY_TOP)

    def _add_secret(self, entry: DirectoryEntry, *, is_covered: bool) -> None:
        """Add the number or the address, which no paper and no partner gets."""
        key, is_there = secret_field(entry)
        is_hidden = is_there and is_covered
        words = fixed_text(COVERED_TEXT) if is_hidden else fact_text(entry, key)
        tone = Tone.PLAIN if is_there else Tone.MUTED
        label: QWidget = text(self._kit, words, tone=tone)
        value, down = getattr(entry.view.record, key), 0
        if key == "phone" and isinstance(value, str) and not is_hidden:
            label = self._with_copy(label, to_e164(value, dialling_country(entry)) or value)
            down = _COPY_TOP
        self._add(field_of(entry.type, key).label, label, down)

    def _with_copy(self, words: QWidget, text: str) -> QWidget:
        """Return the value with a button that copies it."""
        button = Button(
            self._kit, N_("Copy"), "copy", ButtonLook.QUIET, on=partial(self._on_copy_clicked, text)
        ).with_height(CONTROL_COMPACT)
        self._kit.translator.bind(
            button.setAccessibleName, N_("Copy: {value}"), value=fixed_text(text)
        )
        self.copies.append(button)
        return panel(row(grown(words), aligned(button, TOP), gap=8))

    def _on_copy_clicked(self, text: str) -> None:
        copy_to_clipboard(text)
        self._kit.notify(
            N_("Copied. It is cleared from the clipboard after {count} seconds."),
            count=lambda _: str(CLIPBOARD_SECONDS),
        )

    def _add_people(self, people: Sequence[ContactName]) -> None:
        if not people:
            return
        rows: list[tuple[Button, Message]] = []
        for one in people:
            button = Button(self._kit, fixed_text(one.name or "–"), "user", ButtonLook.QUIET)
            button.clicked.connect(partial(self.entry_chosen.emit, one.rid))
            self.people.append(button)
            rows.append((button, ""))
        self._add(N_("Works here"), self._make_buttons(rows), down=_BUTTON_TOP)

    def _add_plans(self, namings: Sequence[PlanReference]) -> None:
        if not namings:
            self._add(N_("Used in"), muted(self._kit, N_("No plan names it.")))
            return
        rows: list[tuple[Button, Message]] = []
        for naming in namings:
            button = Button(
                self._kit, fixed_text(naming.code or "–"), "clipboard-list", ButtonLook.QUIET
            )
            button.clicked.connect(partial(self.plan_chosen.emit, naming.plan))
            self.plans.append(button)
            rows.append((button, naming_roles(naming)))
        self._add(N_("Used in"), self._make_buttons(rows), down=_BUTTON_TOP)

    def _make_buttons(self, rows: Iterable[tuple[Button, Message]]) -> QWidget:
        """Make quiet buttons, one per line, each with a label after it.

        Their edge is in line with the values.
        """
        lines = []
        for button, message in rows:
            word = muted(self._kit, message, TextStyle.SMALL)
            lines.append(FlowBox(button, word, gap=0, fills=word))
        return panel(column(*lines, gap=GRID // 2))

    def _add(self, message: Message, value: QWidget, down: int = 0) -> None:
        """Add a row; its label is `down` pixels lower, in line with a button's text."""
        label = muted(self._kit, message, TextStyle.LABEL)
        label.setContentsMargins(0, down, 0, 0)
        label.setFixedWidth(self._kit.theme.scaled(_LABEL_WIDTH))
        extend(self._rows, row(aligned(label, TOP), grown(value), gap=16))


def secret_field(entry: DirectoryEntry) -> tuple[str, bool]:
    """Return the field that no paper and no partner gets, and whether it has a value."""
    key = "address" if entry.type == "organisation" else "phone"
    is_there = isinstance(getattr(entry.view.record, key), str) or key in entry.view.conflicts
    return key, is_there


def dialling_country(entry: DirectoryEntry) -> str:
    """Return the country for which the entry's numbers were typed: its own, or its employer's."""
    record = entry.house.record if entry.house is not None else entry.view.record
    country = getattr(record, "country", None)
    return country if isinstance(country, str) else ""


def fact_keys(entry: DirectoryEntry) -> Iterator[str]:
    """Yield the fields to show: some always, the others where they have a value."""
    record, torn = entry.view.record, entry.view.conflicts
    always, others = _FACT_KEYS[entry.type]
    yield from always
    yield from (key for key in others if getattr(record, key) is not None or key in torn)


def fact_text(entry: DirectoryEntry, key: str) -> MessageFunction:
    """Return a field's value as text.

    A reference is shown by the name it leads to, a number as it is dialled.
    """
    field, value = field_of(entry.type, key), getattr(entry.view.record, key)

    def text(language: Language) -> str:
        if key in entry.view.conflicts:
            return language.gettext(UNDECIDED)
        if key in entry.names and isinstance(value, str):
            return entry.names[key] or language.gettext(N_("an entry that is not here"))
        if key == "phone" and isinstance(value, str):
            return to_dialled(value, dialling_country(entry), entry.caller)
        if key == "hours" and isinstance(value, str):
            return hours_text(value, language)
        return value_text(field, value, language)

    return text


# --- card

_NAME_MIN_WIDTH = 420
_FACTS_MIN_HEIGHT = 100

ANSWERED_BY = N_("{name} is responsible for this entry, and only they can change it.")
ASK_THEM = N_("If something is wrong, ask them. You can add phone numbers that you know.")
ASK_THEM_ONLY = N_("If something is wrong, ask them.")


class EntryCard(CardFrame):
    """The card of an entry, for reading.

    `plan_chosen` carries the id of a plan that names it, `entry_chosen` the id of another
    entry; `taken` says that this is the entry for the step of a plan.
    """

    plan_chosen = Signal(bytes)
    entry_chosen = Signal(bytes)
    edit_asked = Signal()
    suggest_asked = Signal()
    check_asked = Signal()
    taken = Signal()

    def __init__(
        self, kit: UiContext, today: Callable[[], date], *, may_write: bool = True
    ) -> None:
        """Make the card; `may_write` says whether the user may edit the directory at all."""
        super().__init__(padding=0)
        self._today = today
        self._may_write = may_write
        self._kit = kit
        self._name = text(kit, "", TextStyle.TITLE)
        self._kind = muted(kit)
        self._sight = Chip(kit)
        self._age = Chip(kit)
        self._ours = Chip(kit, Tone.ACCENT, "notebook-text")
        self._ours.set_message(N_("Our own organisation"))
        self._theirs = Banner(kit, Tone.INFO, "lock")
        self.suggest = Button(kit, N_("Suggest a change"), "pencil", on=self.suggest_asked.emit)
        self._theirs.set_action(self.suggest)
        if not may_write:
            self.suggest.hide()
        self.edit = Button(kit, N_("Edit"), "pencil", on=self.edit_asked.emit).show_key("E")
        self.check = Button(
            kit, N_("Record a check"), "check", ButtonLook.QUIET, self.check_asked.emit
        )
        self.take = Button(kit, N_("Add to the plan"), "clipboard-list", ButtonLook.PRIMARY)
        self.take.clicked.connect(self.taken)
        self.takes: frozenset[str] = frozenset()
        """The types of entry that the step of a plan needs."""
        self.why: Callable[[EntryLine, Language], str] | None = None
        """The reasons why an entry fits that step."""
        self._why = text(kit, "", TextStyle.SMALL, Tone.ACCENT)
        self.cover = Button(kit, N_("Show"), "eye", ButtonLook.QUIET, on=self._on_cover_clicked)
        self.entry: DirectoryEntry | None = None
        self._is_covered = True
        self.facts = EntryFacts(kit)
        self.facts.plan_chosen.connect(self.plan_chosen)
        self.facts.entry_chosen.connect(self.entry_chosen)
        self._lay_out()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    @property
    def may_edit(self) -> bool:
        """True if any part of the entry is ours to edit."""
        entry = self.entry
        is_open = entry is not None and (not entry.is_theirs or entry.type == "organisation")
        return is_open and self._may_write

    def put_above(self, part: QWidget) -> None:
        """Put a widget above the name; it scrolls with the rest."""
        self._head.insertWidget(0, part)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the name enough width in a narrow card."""
        super().resizeEvent(event)
        self.edit.set_bare(is_bare=self.width() < self._kit.theme.scaled(_NAME_MIN_WIDTH))

    def show_entry(self, entry: DirectoryEntry) -> None:
        """Show this entry, covered as it should be; the same entry changes nothing."""
        if entry == self.entry:
            return  # a focused button of this card keeps the focus
        is_another = self.entry is None or self.entry.view.rid != entry.view.rid
        self._is_covered = entry.is_secret if is_another else self._is_covered
        self.entry = entry
        self._name.set_message(lambda language: name_line(entry, language))
        self._kind.set_message(lambda language: kind_line(entry, language))
        tone, icon, _ = visibility_word(entry.view, self._kit.translator.language)
        self._sight.show_look(tone, icon)
        self._sight.set_message(lambda language: visibility_word(entry.view, language)[2])
        self._ours.setVisible(entry.is_ours)
        self._show_wanted(entry)
        self._show_age(entry)
        self._show_owner(entry)
        self._show_facts(entry)

    def set_wanted(
        self, types: frozenset[str], why: Callable[[EntryLine, Language], str] | None = None
    ) -> None:
        """Offer entries of these types to a step of a plan; `why` says why one fits."""
        self.takes, self.why = types, why
        if self.entry is not None:
            self._show_wanted(self.entry)

    def _show_wanted(self, entry: DirectoryEntry) -> None:
        why = self.why
        self.take.setVisible(entry.type in self.takes)
        self._why.setVisible(why is not None)
        if why is not None:
            self._why.set_message(lambda language: why(entry, language))

    def _show_age(self, entry: DirectoryEntry) -> None:
        """Say when the entry was last checked; our own entry needs no check."""
        age = check_word(entry, self._today(), self._kit.translator.language)
        self._age.setVisible(age is not None and not entry.is_ours)
        if age is not None:
            self._age.show_look(age[0], age[1])
            self._age.set_message(
                lambda language: (check_word(entry, self._today(), language) or age)[2]
            )

    def _show_owner(self, entry: DirectoryEntry) -> None:
        """Say why an entry is read-only; its telephones may still be added to."""
        self.edit.setVisible(self.may_edit)
        is_house = entry.type == "organisation" and not entry.is_ours
        self.check.setVisible(self.may_edit and is_house and not entry.is_theirs)
        self._theirs.setVisible(entry.is_theirs)
        under = ASK_THEM if entry.type == "organisation" else ASK_THEM_ONLY
        self._theirs.set_message(ANSWERED_BY, under, name=lambda _: entry.answers or "–")

    def _show_facts(self, entry: DirectoryEntry) -> None:
        self.facts.show_entry(entry, is_covered=self._is_covered)
        is_hiding = secret_field(entry)[1] or bool(entry.phones)
        self.cover.setVisible(entry.is_secret and is_hiding)
        self.cover.set_message(N_("Show") if self._is_covered else N_("Hide"))
        self.cover.show_icon("eye" if self._is_covered else "eye-off")

    def _lay_out(self) -> None:
        top = row(grown(column(self._name, self._kind, gap=2)), aligned(self.edit, TOP), gap=8)
        chips = FlowBox(self._sight, self._age, self._ours, gap=8)
        margins = (20, 16, 20, 14)
        self._head = column(top, chips, self._why, self._theirs, gap=8, margins=margins)
        # head and facts in one scroll area: a low window would hide the facts
        page = panel(column(self._head, make_hairline(), grown(self.facts)))
        scroll = make_scroll_area(page, self._kit.theme.scaled(_FACTS_MIN_HEIGHT))
        space = QWidget()
        buttons = FlowBox(space, self.cover, self.check, self.take, fills=space)
        foot = row(grown(buttons), margins=(12, 0, 12, 6))
        fill(self.body, grown(scroll), foot)

    def _on_cover_clicked(self) -> None:
        if self.entry is not None:
            self._is_covered = not self._is_covered
            self._show_facts(self.entry)
