# SPDX-License-Identifier: GPL-3.0-or-later
"""The section Person of a plan: who she is, how to reach her, what she wants, and her case.

Shows which fields and in which order; labels and words of values come from their description. What
one seldom needs is folded until something stands there. Nothing here asks for a legal name: a code
or an alias is enough, and an age band does for a birthday.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from kfdesk.domain.gates.states import is_read_only
from kfdesk.domain.rows import View
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.desk import Desk
from kfdesk.services.plans import PlanPage
from kfdesk.services.writing.drafts import OpenDraft
from kfdesk.ui.editing.offered import offers_of
from kfdesk.ui.editing.record_form import RecordForm
from kfdesk.ui.editing.record_list import Listing, RecordList, Summary
from kfdesk.ui.form.form import GrowingForm
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.plan_page.section import Missing, PlanSection, State, filled
from kfdesk.ui.pages.plan_views.folding import FoldingCard
from kfdesk.ui.pages.plan_views.ticket_name import KEY, TicketName
from kfdesk.ui.pages.shown import field_of, value_text
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Card

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A card of fields: single ones or pairs that stand side by side; a folded one is `folded`.

    `begun` are keys that every plan has: they alone do not open it.
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
        """The fields, one by one."""
        pairs = (each if isinstance(each, tuple) else (each,) for each in self.fields)
        return tuple(key for pair in pairs for key in pair)

    @property
    def pairs(self) -> Pairs:
        """Those that stand side by side."""
        return tuple(each for each in self.fields if isinstance(each, tuple))


PARTS = (
    Part("who", N_("Who she is"), "user", "client", (
        ("code", "alias"), ("given_name", "family_name"), ("other_names", "name_on_ticket"),
        ("age_band", "birth_date"), ("age_disputed", "gender"), "citizenship",
    )),
    Part("reach", N_("How to reach her"), "phone", "client", (
        ("languages", "needs_interpreter"), "safe_contact", "phone",
    )),
    Part("wish", N_("What she wants"), "route", "plan", (
        ("wish", "wants_paper"), ("wish_stated", "wish_reconfirmed"),
        ("alternatives_explained", "interpreter_used"), ("from_country", "to_country"), "to_place",
    )),
    Part("case", N_("The case"), "briefcase", "plan", (
        ("opened", "owner"), ("referring_organisation", "incoming_referral_date"),
        ("trafficking_status", "trafficking_status_decided_by"), "type_of_exploitation",
        "methods_of_control", "immediate_needs", "health_needs",
    ), is_folded=True, begun=frozenset({"opened", "owner"})),
    Part("more", N_("More about her"), "info", "client", (
        ("marital_status", "number_of_children"), ("education", "identity_number"),
    ), is_folded=True),
)  # fmt: skip
"""The cards, in their order; the people in her life stand before the first folded one."""

_RELATIONSHIP = (
    "given_name", "kind", "age_band", "birth_date", "age_disputed", "travels_with",
    "contact_allowed", "is_risk",
)  # fmt: skip
_NOTHING = N_("nothing written down yet")


class PersonSection(PlanSection):
    """The person, what she wants, and her case."""

    key = "person"
    label = N_("Person")
    types = frozenset({"client", "plan", "relationship"})

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__(kit, desk)
        self._covered = Label(
            kit, N_("Some answers are not shown to your role."), Type.SMALL, Tone.MUTED
        )
        self._covered.hide()
        self.column.addWidget(self._covered)
        self.people = RecordList(kit, desk, _people())
        self._cards: dict[str, Card] = {}
        self._parts: dict[str, RecordForm] = {}
        self._page: PlanPage | None = None
        self._making = self._make_cards()

    @property
    def cards(self) -> Mapping[str, Card]:
        """The cards by their keys, all of them made."""
        self.complete()
        return self._cards

    @property
    def parts(self) -> Mapping[str, RecordForm]:
        """The forms by the keys of their cards, all of them made."""
        self.complete()
        return self._parts

    def show_plan(self, page: PlanPage) -> None:
        """Show this plan's person; at first one card, then the others as the window finds time."""
        self._page = page
        self._covered.setVisible(bool(page.covered))
        self.in_turns(self._show_cards(page))

    @staticmethod
    def state(page: PlanPage) -> State:
        """How much of what is needed to help her is known."""
        return State(filled([value for _, value in _wanted(page)]))

    @classmethod
    def missing(cls, page: PlanPage) -> Sequence[Missing]:
        """What one would ask her next."""
        return tuple(missing for missing, value in _wanted(page) if value is None)

    def open_record(self, rid: bytes, key: str = "") -> bool:
        """Lead to a field, and open the card in which it stands."""
        for name, form in self.parts.items():
            if form.rid == rid and key in form.keys:
                self._unfold(name)
        return super().open_record(rid, key)

    def begin_record(self, record_type: str) -> bool:
        """Begin a new record where such ones stand."""
        self.complete()
        return super().begin_record(record_type)

    def go_on(self, draft: OpenDraft) -> bool:
        """Go on with a draft, in all cards that hold some of it."""
        held = {*draft.form.values, *draft.form.typed}
        for name, form in self.parts.items():
            if form.rid == draft.line.rid and held & form.keys:
                self._unfold(name)
        return super().go_on(draft)

    def _show_cards(self, page: PlanPage) -> Iterator[None]:
        """Show what there is, and make the rest."""
        for part in PARTS:
            self._show(part, page)
        self._show_people(page)
        for _ in self._making:
            yield

    def _make_cards(self) -> Iterator[None]:
        """Make the cards, in the order which is that of Tab, too."""
        for part in PARTS:
            if part.is_folded and not self.lists:
                self.add_list(self.people)
                self._show_people(self._shown)
                yield
            yield from self._add(part)
            yield

    @property
    def _shown(self) -> PlanPage:
        assert self._page is not None
        return self._page

    def _show(self, part: Part, page: PlanPage) -> None:
        form = self._parts.get(part.key)
        if form is not None:
            form.set_read_only(is_read_only=_is_shut(page))
            form.show_view(page.client if part.type == "client" else page.plan)

    def _show_people(self, page: PlanPage) -> None:
        if self.lists:
            self.people.offers = offers_of(self.kit, page, self.desk)
            people = page.case.all_views("relationship")
            self.people.show_records(people, page.client.rid, is_read_only=_is_shut(page))

    def _add(self, part: Part) -> Iterator[None]:
        page = self._shown
        keys = [key for key in part.keys if f"{part.type}.{key}" not in page.covered]
        rows = [pair for pair in part.pairs if set(pair) <= set(keys)]
        card = self._cards[part.key] = self._make_card(part)
        form = GrowingForm(self.kit, part.type, keys, offers_of(self.kit, page, self.desk), rows)
        joined = RecordForm(self.kit, self.desk, part.type, form)
        joined.hide()
        (card.inside if isinstance(card, FoldingCard) else card.body).addWidget(joined)
        yield from form.grow()
        if KEY in keys:
            TicketName(self.kit, form)
        self._parts[part.key] = self.add_form(joined)
        self._show(part, self._shown)
        joined.show()
        if not isinstance(card, FoldingCard):
            return
        joined.draft_found.connect(partial(card.set_open, is_open=True))
        view = self._shown.client if part.type == "client" else self._shown.plan
        answers = (getattr(view.record, key) for key in keys if key not in part.begun)
        card.set_open(is_open=any(answer is not None for answer in answers))

    def _make_card(self, part: Part) -> Card:
        card = FoldingCard(self.kit, part.title, part.icon) if part.is_folded else Card()
        if isinstance(card, FoldingCard):
            card.say(_NOTHING)
        else:
            card.head(self.kit, part.title, part.icon)
            card.body.addSpacing(4)
        self.column.addWidget(card)
        return card

    def _unfold(self, name: str) -> None:
        card = self.cards[name]
        if isinstance(card, FoldingCard):
            card.set_open(is_open=True)


def _is_shut(page: PlanPage) -> bool:
    return not page.may_edit or is_read_only(page.plan.record.state)


def _wanted(page: PlanPage) -> Iterator[tuple[Missing, object]]:
    """What is needed to help her, each with what is known of it."""
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
            yield Missing(kind, seen.rid, key), value if key not in seen.conflicts else True


def _people() -> Listing:
    return Listing(
        record_type="relationship",
        keys=_RELATIONSHIP,
        title=N_("People in her life"),
        icon="user",
        add=N_("Add a person"),
        empty=N_("Nobody is written down. Who travels with her must stand here."),
        sum_up=_sum_up,
        rows=(("given_name", "kind"), ("age_band", "birth_date")),
    )


def _sum_up(seen: View[Any], language: Language) -> Summary:
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
