# SPDX-License-Identifier: GPL-3.0-or-later
"""The Person section of a plan: identity, contact, wish and case of the client.

The section says which fields are shown and in which order. Labels and values come from the
record descriptions. Fields that are seldom needed are collapsed until one has a value. No legal
name is required: a code or an alias is enough, and an age band replaces a birth date.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from kfdesk.domain.leak_check.spelling import Spelling
from kfdesk.domain.message_marks import N_
from kfdesk.domain.names import ticket_spellings
from kfdesk.domain.rows import RecordView
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import field_of, value_text
from kfdesk.services.core.drafts import OpenDraft
from kfdesk.services.core.session import Session
from kfdesk.services.plans.plans import PlanPage
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.form import Form, IncrementalForm, plan_form_options
from kfdesk.ui.forms.record_form import RecordForm
from kfdesk.ui.forms.record_list import RecordList, RecordListSpec, Summary
from kfdesk.ui.pages.plan.language_note import LANGUAGES_KEY, LanguageNote
from kfdesk.ui.pages.plan.transitions import open_conditions_text
from kfdesk.ui.plan_sections import (
    MissingItem,
    PlanSection,
    SectionProgress,
    completion_of,
    is_plan_read_only,
    missing_for_gates,
    open_gates_of,
)
from kfdesk.ui.tokens import CONTROL_COMPACT, TextStyle, Tone
from kfdesk.ui.widgets.build import column, extend, muted
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.collapsible import CollapsibleCard
from kfdesk.ui.widgets.layout import CardFrame, FlowBox
from kfdesk.ui.widgets.painting import Completion
from kfdesk.ui.widgets.text import Label, keep_room

# --- The name on the ticket

TICKET_NAME_KEY = "name_on_ticket"
_NAME_KEYS = ("given_name", "family_name")
_SPELLING_PASSPORTS: Mapping[Spelling, str] = {
    Spelling.PASSPORT: N_("Russian passport"),
    Spelling.UKRAINIAN: N_("Ukrainian passport"),
}
_SPELLING_LANGUAGES: Mapping[Spelling, str] = {
    Spelling.BGN: "en",
    Spelling.SWEDISH: "sv",
    Spelling.GERMAN: "de",
    Spelling.POLISH: "pl",
}


class TicketNameSuggestions(QWidget):
    """A line of text and a button for each spelling; visible while there is a suggestion."""

    def __init__(self, kit: UiContext, form: Form) -> None:
        super().__init__()
        self._form = form
        self._offered: Mapping[str, tuple[Spelling, ...]] = {}
        self.buttons = [
            Button(kit, "", look=ButtonLook.TONAL).with_height(CONTROL_COMPACT)
            for _ in (*_SPELLING_PASSPORTS, *_SPELLING_LANGUAGES)
        ]
        for place, button in enumerate(self.buttons):
            button.clicked.connect(partial(self._on_chosen, place))
        said = N_("In Latin letters. Compare it with her passport, then press one:")
        self._row = FlowBox(*self.buttons, gap=0)
        column(muted(kit, said, TextStyle.SMALL), self._row, on=self)
        form.edited.connect(self.update_suggestions)
        form.view_changed.connect(self.update_suggestions)
        form.form_rows[TICKET_NAME_KEY].add_below(self, self.buttons)
        self.update_suggestions()

    def update_suggestions(self) -> None:
        """Show the spellings of the name that the form has now."""
        self._offered = self._spellings()
        offered = [*self._offered.items()]
        for place, button in enumerate(self.buttons):
            if place < len(offered):
                button.set_message(partial(_suggestion_text, *offered[place]))
            button.setVisible(place < len(offered))
        self._row.arrange()
        self.setVisible(bool(offered))
        if offered:
            keep_room(self)  # once shown it goes without moving the fields below

    def _spellings(self) -> Mapping[str, tuple[Spelling, ...]]:
        """Return the suggestions for the text of the field, else for the client's name."""
        editors, slot = self._form.editors, self._form.form_rows[TICKET_NAME_KEY]
        own = editors[TICKET_NAME_KEY].value()
        if slot.is_read_only or slot.has_conflict or not (own is None or isinstance(own, str)):
            return {}
        if own:
            return ticket_spellings(own)
        beside = (editors[key].value() for key in _NAME_KEYS if key in editors)
        name = " ".join(part for part in beside if isinstance(part, str))
        return ticket_spellings(name) or ({name: ()} if name else {})

    def _on_chosen(self, place: int) -> None:
        editor = self._form.editors[TICKET_NAME_KEY]
        editor.enter([*self._offered][place])
        editor.focus()


def _suggestion_text(name: str, spellings: tuple[Spelling, ...], language: Language) -> str:
    """Return a name with its first spelling; a name in Latin letters has none."""
    if not spellings:
        return name
    first = spellings[0]
    is_passport = first in _SPELLING_PASSPORTS
    way = (
        language.gettext(_SPELLING_PASSPORTS[first])
        if is_passport
        else language.language(_SPELLING_LANGUAGES[first])
    )
    return language.gettext(N_("{name} ({spelling})")).format(name=name, spelling=way)


# --- The section

FieldPairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PersonCardSpec:
    """A card of fields, single ones or pairs side by side; `is_folded` makes it collapsible.

    `begun` are keys that have a value in every plan: they alone do not open the card.
    """

    key: str
    title: str
    icon: str
    type: str
    fields: Sequence[str | tuple[str, str]]
    is_folded: bool = False
    begun: frozenset[str] = frozenset()

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all fields."""
        pairs = (each if isinstance(each, tuple) else (each,) for each in self.fields)
        return tuple(key for pair in pairs for key in pair)

    @property
    def pairs(self) -> FieldPairs:
        """The pairs of keys that are side by side."""
        return tuple(each for each in self.fields if isinstance(each, tuple))


PERSON_CARDS = (
    PersonCardSpec("who", N_("Who she is"), "user", "client", (
        ("code", "alias"), ("given_name", "family_name"), ("other_names", "name_on_ticket"),
        ("age_band", "birth_date"), ("age_disputed", "gender"), "citizenship",
    )),
    PersonCardSpec("reach", N_("How to reach her"), "phone", "client", (
        ("languages", "needs_interpreter"), "safe_contact", "phone",
    )),
    PersonCardSpec("wish", N_("What she wants"), "route", "plan", (
        ("wish", "wants_paper"), ("wish_stated", "wish_reconfirmed"),
        ("alternatives_explained", "interpreter_used"), ("from_country", "to_country"), "to_place",
    )),
    PersonCardSpec("case", N_("The case"), "briefcase", "plan", (
        ("opened", "owner"), ("referring_organisation", "incoming_referral_date"),
        ("trafficking_status", "trafficking_status_decided_by"), "type_of_exploitation",
        "methods_of_control", "immediate_needs", "health_needs",
    ), is_folded=True, begun=frozenset({"opened", "owner"})),
    PersonCardSpec("history", N_("Recruitment and exploitation"), "history", "plan", (
        "method_of_recruitment", ("country_of_recruitment", "relationship_to_trafficker"),
        ("age_when_trafficked", "forced_labour_industry"), "country_of_exploitation",
        "type_of_sex_exploitation",
    ), is_folded=True),
    PersonCardSpec("more", N_("More about her"), "info", "client", (
        ("marital_status", "number_of_children"), ("education", "identity_number"),
    ), is_folded=True),
)  # fmt: skip
"""The cards in order; the people in her life are shown before the first collapsible one."""

_PLAN_KEYS = frozenset(key for card in PERSON_CARDS if card.type == "plan" for key in card.keys)

_RELATIONSHIP_KEYS = (
    "given_name", "kind", "age_band", "birth_date", "age_disputed", "travels_with",
    "contact_allowed", "is_risk",
)  # fmt: skip
_NOTHING_WRITTEN = N_("nothing recorded yet")


class PersonSection(PlanSection):
    """The section with the client, her wish and her case."""

    key = "person"
    label = N_("Person")
    types = frozenset({"client", "plan", "relationship"})

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, desk)
        self._covered = Label(
            kit, N_("Some answers are not shown to your role."), TextStyle.SMALL, Tone.MUTED
        )
        self._covered.hide()
        extend(self.column, self._covered)
        self.people = RecordList(kit, desk, _people_listing())
        self._cards: dict[str, CardFrame] = {}
        self._parts: dict[str, RecordForm] = {}
        self._page: PlanPage | None = None
        self._making = self._make_cards()

    @property
    def cards(self) -> Mapping[str, CardFrame]:
        """All cards by their keys; those not yet built are created first."""
        self.complete()
        return self._cards

    @property
    def parts(self) -> Mapping[str, RecordForm]:
        """All forms by the keys of their cards; those not yet built are created first."""
        self.complete()
        return self._parts

    def show_plan(self, page: PlanPage) -> None:
        """Show the client of this plan; create the cards one by one while the window is idle."""
        self._page = page
        self._covered.setVisible(bool(page.covered))
        self.run_incrementally(self._show_cards(page))

    @staticmethod
    def state(page: PlanPage) -> SectionProgress:
        """Return how much of the necessary data is known; done once "Check" asks nothing here."""
        fill = completion_of([value for _, value in _necessary_fields(page)])
        lacking = len(open_gates_of(page, PersonSection.types, _PLAN_KEYS))
        if not lacking:
            return SectionProgress(fill)
        fill = Completion.PART if fill is Completion.DONE else fill
        return SectionProgress(fill, partial(open_conditions_text, lacking))

    @classmethod
    def missing(cls, page: PlanPage) -> Sequence[MissingItem]:
        """Return the necessary fields that have no value, and what "Check" names here."""
        empty = (missing for missing, value in _necessary_fields(page) if value is None)
        wrong = (
            MissingItem(one.type, page.client.rid, one.key)
            for one in page.gaps
            if one.type == "client" and one.code != "missing"
        )
        asked = missing_for_gates(page, cls.types, _PLAN_KEYS)
        return tuple(dict.fromkeys((*empty, *wrong, *asked)))

    def open_record(self, rid: bytes, key: str = "") -> bool:
        """Move the focus to a field and open its card."""
        for name, form in self.parts.items():
            if form.rid == rid and key in form.keys:
                self._unfold(name)
        return super().open_record(rid, key)

    def begin_record(self, record_type: str) -> bool:
        """Begin a new record of a type; return whether it belongs here."""
        self.complete()
        return super().begin_record(record_type)

    def resume_draft(self, draft: OpenDraft) -> bool:
        """Resume a draft in every card that has some of its fields."""
        held = {*draft.form.values, *draft.form.typed}
        for name, form in self.parts.items():
            if form.rid == draft.line.rid and held & form.keys:
                self._unfold(name)
        return super().resume_draft(draft)

    def _show_cards(self, page: PlanPage) -> Iterator[None]:
        """Show the cards that exist, then create the rest."""
        for part in PERSON_CARDS:
            self._show(part, page)
        self._show_people(page)
        for _ in self._making:
            yield

    def _make_cards(self) -> Iterator[None]:
        """Create the cards in tab order; show the first at once, and the rest together.

        The page would be laid out and painted again for each.
        """
        first, *others = PERSON_CARDS
        yield from self._add(first)
        extend(self.column, self._cards[first.key])
        yield
        for part in others:
            yield from self._add(part)
            yield
        for part in others:
            if part.is_folded and not self.lists:
                self.add_list(self.people)
                self._show_people(self._shown)
            extend(self.column, self._cards[part.key])

    @property
    def _shown(self) -> PlanPage:
        assert self._page is not None
        return self._page

    def _show(self, part: PersonCardSpec, page: PlanPage) -> None:
        form = self._parts.get(part.key)
        if form is not None:
            form.set_read_only(is_read_only=is_plan_read_only(page))
            form.form.set_form_options(plan_form_options(self.kit, page, self.desk))
            form.show_view(page.client if part.type == "client" else page.plan)

    def _show_people(self, page: PlanPage) -> None:
        if self.lists:
            self.people.offers = plan_form_options(self.kit, page, self.desk)
            people = page.case.all_views("relationship")
            self.people.show_records(people, page.client.rid, is_read_only=is_plan_read_only(page))

    def _add(self, part: PersonCardSpec) -> Iterator[None]:
        page = self._shown
        keys = [key for key in part.keys if f"{part.type}.{key}" not in page.covered]
        rows = [pair for pair in part.pairs if set(pair) <= set(keys)]
        card = self._cards[part.key] = self._make_card(part)
        form = IncrementalForm(
            self.kit, part.type, keys, plan_form_options(self.kit, page, self.desk), rows
        )
        joined = RecordForm(self.kit, self.desk, part.type, form)
        joined.hide()
        extend(card.inside if isinstance(card, CollapsibleCard) else card.body, joined)
        is_open = not part.is_folded or self._is_answered(part, keys)
        if is_open:
            yield from form.build_incrementally()
        if TICKET_NAME_KEY in keys:
            TicketNameSuggestions(self.kit, form)
        if LANGUAGES_KEY in keys:
            LanguageNote(self.kit, form, self.desk.adapters.client_texts)
        self._parts[part.key] = self.add_form(joined)
        self._show(part, self._shown)
        joined.show()
        if not isinstance(card, CollapsibleCard):
            return
        joined.draft_found.connect(partial(card.set_open, is_open=True))
        card.content_asked.connect(form.complete)
        card.set_open(is_open=is_open)

    def _is_answered(self, part: PersonCardSpec, keys: Sequence[str]) -> bool:
        """Return whether anything stands in a card that the intake does not fill in."""
        view = self._shown.client if part.type == "client" else self._shown.plan
        return any(getattr(view.record, key) is not None for key in keys if key not in part.begun)

    def _make_card(self, part: PersonCardSpec) -> CardFrame:
        card = CollapsibleCard(self.kit, part.title, part.icon) if part.is_folded else CardFrame()
        if isinstance(card, CollapsibleCard):
            card.show_message(_NOTHING_WRITTEN)
        else:
            card.add_heading(self.kit, part.title, part.icon)
            extend(card.body, 4)
        return card

    def _unfold(self, name: str) -> None:
        card = self.cards[name]
        if isinstance(card, CollapsibleCard):
            card.set_open(is_open=True)


def _necessary_fields(page: PlanPage) -> Iterator[tuple[MissingItem, object]]:
    """Yield the fields that are needed to help the client, each with its value."""
    client, plan = page.client, page.plan
    hers: Any = client.record
    age = hers.age_band if hers.age_band is not None else hers.birth_date
    answers = (
        (client, "languages", hers.languages),
        (client, "safe_contact", hers.safe_contact),
        (client, "age_band", age),
        (plan, "wish", plan.record.wish),
        (plan, "to_country", plan.record.to_country),
    )
    for seen, key, value in answers:
        kind = "client" if seen is client else "plan"
        if f"{kind}.{key}" not in page.covered:
            yield MissingItem(kind, seen.rid, key), value if key not in seen.conflicts else True


def _people_listing() -> RecordListSpec:
    return RecordListSpec(
        record_type="relationship",
        keys=_RELATIONSHIP_KEYS,
        title=N_("People in her life"),
        icon="user",
        add=N_("Add a person"),
        empty=N_("No one is recorded. Anyone who travels with her must be listed here."),
        sum_up=_relationship_summary,
        rows=(("given_name", "kind"), ("age_band", "birth_date")),
    )


def _relationship_summary(seen: RecordView[Any], language: Language) -> Summary:
    person = seen.record
    name = person.given_name if isinstance(person.given_name, str) else ""
    kind = value_text(field_of("relationship", "kind"), person.kind, language)
    title = ", ".join(part for part in (name, kind if person.kind else "") if part)
    if person.is_risk is True:
        return Summary(title or "–", "", Tone.DANGER, "octagon-alert", language.gettext(_DANGER))
    if person.travels_with is True:
        return Summary(title or "–", "", Tone.INFO, "route", language.gettext(_TRAVELS))
    return Summary(title or "–")


_DANGER = N_("a danger to her")
_TRAVELS = N_("travels with her")
