# SPDX-License-Identifier: GPL-3.0-or-later
"""The travellers of a journey, each with ticket, seat, needs and documents.

A person travels because *People in her life* says so; here stands what the ticket and the papers
need. The list has a button for each person who travels and is not in it yet, so that nobody is
typed twice. A document belongs to somebody in the list, or to the client.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from kfdesk.domain.message_marks import N_
from kfdesk.domain.rows import RecordView
from kfdesk.domain.travellers import TravelParty, is_valid_document
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import field_of, localized_text, value_text
from kfdesk.services.core.session import Session
from kfdesk.services.plans.plans import PlanPage
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.editor import FormOptions
from kfdesk.ui.forms.form import short_person_name
from kfdesk.ui.forms.record_list import RecordList, RecordListSpec, Summary
from kfdesk.ui.pages.plan.together import TogetherPanel
from kfdesk.ui.tokens import GRID, Tone
from kfdesk.ui.widgets.build import filled
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import FlowBox

TRAVELLER_KEYS = (
    "person", "name_on_ticket", "birth_date", "seat", "needs", "cared_by", "own_sheet",
)  # fmt: skip
_ROWS = (("person", "name_on_ticket"), ("birth_date", "seat"), ("cared_by", "own_sheet"))


class TravellerList(RecordList):
    """The list of travellers; `pending` has a button for each person who is not in it yet.

    `last_day` returns the day on which the journey ends.
    """

    def __init__(self, kit: UiContext, desk: Session, last_day: Callable[[], date | None]) -> None:
        self._last_day = last_day
        self._page: PlanPage | None = None
        self._starts: dict[str, Any] = {}
        self.pending: dict[bytes, Button] = {}
        listing = RecordListSpec(
            record_type="traveller",
            keys=TRAVELLER_KEYS,
            title=N_("Who travels"),
            icon="user",
            add=N_("Add a traveller"),
            empty=N_("Only she is listed. Who travels with her is entered under Person first."),
            sum_up=self._sum_up,
            rows=_ROWS,
            starts_with=lambda: dict(self._starts),
        )
        super().__init__(kit, desk, listing)
        self._to_add = FlowBox(gap=GRID)
        self._to_add.hide()
        self.together = TogetherPanel(kit, desk)
        self.body.addWidget(self._to_add)
        self.body.addWidget(self.together)

    def show_page(self, page: PlanPage, offers: FormOptions, *, is_read_only: bool) -> None:
        """Show the travellers of this plan, and a button for each who is not in the list."""
        before = self._page.case.party if self._page is not None else None
        self._page = page
        everybody = [(one.rid.hex(), short_person_name(one)) for one in _everybody(page.case.party)]
        self.offers = replace(offers, references={**offers.references, "person": everybody})
        self.show_records(page.case.party.rows, page.plan.rid, is_read_only=is_read_only)
        if before is not None and before != page.case.party:
            self._show_lines()  # the lines say what documents and people there are, too
        self._show_pending(is_read_only=is_read_only)
        self.together.show_page(page, is_read_only=is_read_only)

    @property
    def missing(self) -> tuple[RecordView[Any], ...]:
        """Those who travel with her and are not in the list."""
        party = self._page.case.party if self._page is not None else None
        if party is None:
            return ()
        return tuple(one for one in party.companions if party.row_of(one) is None)

    def begin(self) -> None:
        """Begin a traveller: the first one who is not in the list yet."""
        self.begin_for(next(iter(self.missing), None))

    def begin_for(self, person: RecordView[Any] | None) -> None:
        """Begin the traveller of a person, who is entered already."""
        self._starts = {"person": person.rid.hex()} if person is not None else {}
        super().begin()
        if person is not None and self.form is not None:
            self.form.form.focus_on("name_on_ticket")

    def open_first_gap(self) -> None:
        """Open what her sheet or the documents lack: somebody not listed, or without a name."""
        party = self._page.case.party if self._page is not None else None
        rows = party.rows if party is not None and not self.missing else ()
        bare = next((row for row in rows if not row.record.name_on_ticket), None)
        if bare is None:
            self.begin()
        else:
            self.open_record(bare.rid, "name_on_ticket")

    def _show_pending(self, *, is_read_only: bool) -> None:
        self._to_add.clear()
        self.pending = {}
        for person in () if is_read_only else self.missing:
            words = filled(N_("Add {name}"), name=short_person_name(person))
            begin = partial(self.begin_for, person)
            button = Button(self._kit, words, "plus", ButtonLook.TONAL, begin)
            self.pending[person.rid] = button
            self._to_add.add(button)
        self._to_add.setVisible(bool(self.pending))
        self._to_add.arrange()

    def _sum_up(self, seen: RecordView[Any], language: Language) -> Summary:
        page = self._page
        assert page is not None
        party, record = page.case.party, seen.record
        known = {one.rid.hex(): one for one in _everybody(party)}
        person = known.get(str(record.person))
        ticket = party.ticket_name(person) if person is not None else record.name_on_ticket
        parts = [ticket if isinstance(ticket, str) else ""]
        for key in ("seat", "needs"):
            value = getattr(record, key)
            parts.append(
                value_text(field_of("traveller", key), value, language) if value is not None else ""
            )
        parts.append(_carers_text(page, seen, person, language))
        title = short_person_name(person) if person is not None else "–"
        tone, icon, fact = self._document_fact(party, person, language)
        return Summary(title, " · ".join(filter(None, parts)), tone, icon, fact)

    def _document_fact(
        self, party: TravelParty, person: RecordView[Any] | None, language: Language
    ) -> tuple[Tone, str, str]:
        last = self._last_day() or date.min
        papers = party.identity_papers_of(person) if person is not None else ()
        if any(is_valid_document(one, last) for one in papers):
            return Tone.ACCENT, "circle-check", language.gettext(N_("document in hand"))
        words = N_("document not valid or not in hand") if papers else N_("no document yet")
        return Tone.WARNING, "triangle-alert", language.gettext(words)


def travellers_text(page: PlanPage, language: Language) -> str:
    """Return how many travel, and who is not listed yet, for the folded card."""
    party = page.case.party
    count = 1 + len(party.companions)
    words = language.ngettext("{count} traveller", "{count} travellers", count)
    told = [words.format(count=count)]
    missing = [one for one in party.companions if party.row_of(one) is None]
    if missing:
        names = language.listing([short_person_name(one) for one in missing])
        told.append(language.gettext(N_("not listed yet: {names}")).format(names=names))
    return " · ".join(told)


def holder_options(page: PlanPage) -> list[tuple[str, str]]:
    """Return whose a document can be, if not the client's: id of the traveller, and name."""
    party = page.case.party
    rows = ((one, party.row_of(one)) for one in party.people)
    return [(row.rid.hex(), short_person_name(one)) for one, row in rows if row is not None]


def holder_name(page: PlanPage | None, document: RecordView[Any]) -> str:
    """Return the name of whose document it is; empty for the client's, and if unknown."""
    if page is None or document.record.whose is None:
        return ""
    person = page.case.party.holder_of(document)
    return short_person_name(person) if person is not None else ""


def _everybody(party: TravelParty) -> Sequence[RecordView[Any]]:
    return (party.client, *party.people)


def _carers_text(
    page: PlanPage, seen: RecordView[Any], person: RecordView[Any] | None, language: Language
) -> str:
    """Return who looks after a traveller on the way, else a child's guardian by its papers."""
    carer = localized_text(seen.record.cared_by, language)
    if carer:
        return carer
    papers = (
        one.record.guardian
        for one in page.case.all_views("child_papers")
        if person is not None and one.record.child == person.rid.hex()
    )
    guardian = next((one for one in papers if isinstance(one, str)), "")
    if not guardian:
        return ""
    return language.gettext(N_("Guardian: {name}")).format(name=guardian)
