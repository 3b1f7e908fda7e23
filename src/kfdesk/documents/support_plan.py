# SPDX-License-Identifier: GPL-3.0-or-later
"""The support plan: her goals and services, for her signature and ours.

It is her own copy. In two languages hers stands first, the second below it in small type. Where
no text is in a language of hers, the interpreter signs that it was read aloud. Knows no store.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kfdesk.documents.consent_form import (
    INTERPRETER_OF,
    READ_ALOUD,
    SAME_IN_BOTH,
    desk_note,
)
from kfdesk.documents.file_copy.case import PrintedCase, join_texts
from kfdesk.documents.file_copy.goals import draw_goal_scale, goal_legend, sorted_goals
from kfdesk.documents.layout.canvas import PageCanvas
from kfdesk.documents.layout.office import (
    Block,
    CellText,
    Composer,
    PaperPart,
    PaperTable,
    add_titles,
    draw_footer,
    paginate,
    share_columns,
    stack_blocks,
    text_bottom,
)
from kfdesk.documents.layout.style import (
    GREY,
    ITALIC,
    MILLIMETRE,
    OFFICE,
    OFFICE_LARGE,
    REGULAR,
    SEMIBOLD,
    PageFormat,
    Style,
)
from kfdesk.documents.typesetting import Typesetter, read_aloud_language
from kfdesk.domain.codes.core import PaperFormat, PaperRequest
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.message_marks import N_
from kfdesk.domain.papers import PrintContext
from kfdesk.domain.records.aftercare import FollowUp, Goal, Service
from kfdesk.domain.records.client import Client
from kfdesk.domain.rows import RecordView

PLAN_TITLE = N_("Support plan")
_INTRO = N_(
    "This is what we have agreed on together. It is yours: you can change it or say no to any "
    "part of it at any time."
)
_NOT_YET = N_("not yet")
_GOAL_FACTS: Mapping[str, str] = {
    "baseline": N_("At the start"),
    "progress": N_("Now"),
    "target": N_("Your goal"),
    "due": N_("By when"),
}
_SERVICE_TITLES = (N_("Service"), N_("Who provides it"), N_("When"), N_("Status"))
_CONTACT_TITLES = (N_("Day"), N_("What for"), N_("Who gets in touch"), N_("How"))
_WHY_IN_TOUCH: Mapping[str, str] = {
    "regular": N_("How you are"),
    "on_her_request": N_("At your own request"),
    "after_reunification": N_("After coming back to your family"),
    "in_care": N_("About your placement in care"),
    "for_assesment": N_("To review your needs"),
}
"""The purposes of FOLLOW_UP_KIND that speak of the client, in words that speak to her."""

_PLAN_TOP = 14 * MILLIMETRE
_SCALE_HEIGHT = 22.0


def make_support_plan(
    order: PaperRequest, what: Disclosed, about: PrintContext, press: Typesetter
) -> bytes:
    """Make the plan as a PDF, in the ordered languages; same data, same bytes.

    Raise KfdeskError `documents.no_letter` if the fonts lack a letter, or `documents.too_much`
    for a single row that no page can hold.
    """
    form = OFFICE_LARGE if order.form is PaperFormat.LARGE else OFFICE
    codes = filter(None, (order.language, order.beside))
    cases = tuple(PrintedCase(what, about, press.client(code)) for code in codes)
    composer = _PlanComposer(cases, form, read_aloud_language(order, about))
    words = cases[0].words
    note = desk_note(words, about)
    pages = paginate(list(composer.parts()), _PLAN_TOP, text_bottom(form, note))
    made = words.gettext("Support plan {code}, printed {day} by {name}").format(
        code=composer.code, day=words.day(about.at.date(), year=True), name=about.by
    )
    canvas = PageCanvas(form, order.language, press.icon)
    for number, page in enumerate(pages, start=1):
        count = words.gettext("page {number} of {total}").format(number=number, total=len(pages))
        canvas.put([*page, *draw_footer(made, count, form, note=note)])
        canvas.end_page()
    return canvas.pdf()


@dataclass(frozen=True, slots=True)
class _PlanComposer:
    """Composes one plan on one paper size.

    `cases` has it in the client's language, and in the second one if there is one. `read_aloud`
    is the language in which an interpreter reads it to her (ISO 639), if she cannot read it.
    """

    cases: Sequence[PrintedCase]
    form: PageFormat
    read_aloud: str

    def parts(self) -> Iterator[PaperPart]:
        """Yield the parts of the plan, in order."""
        case, setter = self._case, self._setter
        intro = self._texts(_INTRO, self._text)
        intro += self._texts(SAME_IN_BOTH, self._small) if len(self.cases) > 1 else []
        yield PaperPart(stack_blocks([self._heading, *self._paragraphs(intro)]))
        goals = sorted_goals(case)
        for goal in goals:
            yield self._goal(goal)
        if goals:
            yield PaperPart(goal_legend(case, setter), gap=4)
        others = [one for one in case.views(Service) if not self._goal_of(one)]
        if others:
            title = setter.section_heading(self._both(N_("More services")))
            yield PaperPart(title, tuple(self._services(others)))
        yield from self._follow_ups()
        yield self._signatures()

    @property
    def code(self) -> str:
        """The client's code; empty if it was not disclosed."""
        case, client = self._case, self._case.first(Client)
        return case.text(client, "code", self._text).text if case.has(client, "code") else ""

    # texts in one language or two

    @property
    def _case(self) -> PrintedCase:
        return self.cases[0]

    @property
    def _setter(self) -> Composer:
        return Composer(self.form, self.form.margin, self.form.measure)

    @property
    def _text(self) -> Style:
        return Style(REGULAR, self.form.sizes.text)

    @property
    def _strong(self) -> Style:
        return Style(SEMIBOLD, self.form.sizes.text)

    @property
    def _caption(self) -> Style:
        return Style(REGULAR, self.form.sizes.caption, GREY)

    @property
    def _small(self) -> Style:
        return Style(REGULAR, self.form.sizes.smallest, GREY)

    @property
    def _heading(self) -> Block:
        title = self._setter.page_heading("", self._case.words.gettext(PLAN_TITLE), self.code)
        seconds = self._texts(PLAN_TITLE, Style(SEMIBOLD, self.form.sizes.text, GREY))[1:]
        return stack_blocks([title, *self._paragraphs(seconds)])

    def _both(self, message: str) -> str:
        """Return a short text in both languages on one line."""
        return _joined(case.words.gettext(message) for case in self.cases)

    def _texts(self, message: str, style: Style) -> list[CellText]:
        """Return a sentence as a line, and below it that of the second language."""
        first, *others = (case.words.gettext(message) for case in self.cases)
        return [CellText(first, style), *(CellText(one, self._small) for one in others)]

    def _paragraphs(self, said: Sequence[CellText], drop: float = 2) -> list[Block]:
        setter = self._setter
        return [line for one in said for line in setter.paragraph(one.text, one.style, drop)]

    def _cells(
        self, seen: RecordView[Any], key: str, style: Style, unsaid: str = ""
    ) -> list[CellText]:
        """Return a field as text, and below it in the second language if that differs."""
        first, *others = self._values(seen, key, style, unsaid)
        again = {one.text for one in others} - {first.text}
        return [first, *(CellText(text, self._small) for text in again)]

    def _cell(self, seen: RecordView[Any], key: str, style: Style, unsaid: str = "") -> CellText:
        """Return a field as one text, in both languages."""
        first, *others = self._values(seen, key, style, unsaid)
        text = _joined([first.text, *(one.text for one in others)])
        return CellText(text, first.style, first.is_blank)

    def _values(self, seen: RecordView[Any], key: str, style: Style, unsaid: str) -> list[CellText]:
        said = (case.words.gettext(unsaid) if unsaid else "" for case in self.cases)
        return [
            case.text(seen, key, style, gap) for case, gap in zip(self.cases, said, strict=True)
        ]

    # the parts

    def _goal(self, goal: RecordView[Goal]) -> PaperPart:
        """Compose one goal: the client's words, start, progress, target, and the services."""
        setter = self._setter
        aims = self._cells(goal, "aim", Style(ITALIC, self.form.sizes.place), _NOT_YET)
        quote = self._case.words.gettext("“{text}”")
        said = [
            aim if aim.is_blank else CellText(quote.format(text=aim.text), aim.style)
            for aim in aims
        ]
        facts = [
            (self._both(title), self._cells(goal, key, self._strong, _NOT_YET))
            for key, title in _GOAL_FACTS.items()
        ]
        scale = tuple(draw_goal_scale(goal, setter.x, 0.4 * _SCALE_HEIGHT))
        head = setter.section_heading(
            self._cell(goal, "domain", self._strong).text, self._goal_status(goal)
        )
        rows = [*self._paragraphs(said, 4), Block((), 7), Block(scale, _SCALE_HEIGHT)]
        rows += self._facts(facts)
        rows += self._services([one for one in self._case.views(Service)
                                if self._goal_of(one) == goal])  # fmt: skip
        return PaperPart(head, tuple(rows), head)

    def _facts(self, facts: Sequence[tuple[str, Sequence[CellText]]]) -> Iterator[Block]:
        """Yield the facts of a goal: in one row, in large print two by two."""
        if self.form is OFFICE:
            yield self._setter.facts(facts, share_columns(self.form, 22, 30, 26, 22, gap=10))
        else:
            columns = share_columns(self.form, 1, 1, gap=10)
            rows = (self._setter.facts(facts[at : at + 2], columns) for at in (0, 2))
            yield stack_blocks(rows, gap=8)

    def _goal_status(self, goal: RecordView[Goal]) -> str:
        keys = [key for key in ("status", "organisation") if self._case.has(goal, key)]
        return join_texts([self._cell(goal, key, self._caption).text for key in keys])

    def _services(self, services: Sequence[RecordView[Service]]) -> list[Block]:
        if not services:
            return []
        case, text = self._case, self._text
        titles = [self._both(title) for title in _SERVICE_TITLES]
        shares = (34, 24, 22, 20) if self.form is OFFICE else (27, 21, 21, 31)
        table = PaperTable(self.form, add_titles(share_columns(self.form, *shares), titles))
        rows = [table.head()]
        for one in services:
            key = "what" if case.has(one, "what") else "domain"
            days = [cell for end in ("begins", "ends") if case.has(one, end)
                    for cell in self._cells(one, end, text)]  # fmt: skip
            none = case.blank(text, unsaid=case.words.gettext(_NOT_YET))
            cells = [
                self._cells(one, key, text),
                self._cells(one, "organisation", text, _NOT_YET),
                days or [none],
                self._cells(one, "status", text, _NOT_YET),
            ]
            rows += table.row(cells)
        return rows

    def _follow_ups(self) -> Iterator[PaperPart]:
        """Yield a table of the follow-ups, without those that the client does not want."""
        case = self._case
        contacts = sorted(case.views(FollowUp), key=lambda one: str(one.record.due))
        wanted = [
            one for one in contacts if one.record.refused is not True and case.has(one, "due")
        ]
        titles = [self._both(title) for title in _CONTACT_TITLES]
        shares = (28, 26, 26, 20) if self.form is OFFICE else (36, 25, 22, 17)
        table = PaperTable(self.form, add_titles(share_columns(self.form, *shares), titles))
        rows = [
            block
            for one in wanted
            for block in table.row(
                [
                    self._day(one),
                    *(self._contact(one, key) for key in ("kind", "organisation", "method")),
                ]
            )
        ]
        if rows:
            title = self._setter.section_heading(self._both(N_("When we are in touch")))
            head = stack_blocks([title, table.head()])
            yield PaperPart(head, tuple(rows), head)

    def _contact(self, one: RecordView[FollowUp], key: str) -> list[CellText]:
        why = _WHY_IN_TOUCH.get(str(one.record.kind))
        if key == "kind" and key not in one.conflicts and why is not None:
            return self._texts(why, self._text)
        if self._case.has(one, key):
            return self._cells(one, key, self._text)
        return [CellText("–", self._caption)]

    def _day(self, one: RecordView[FollowUp]) -> list[CellText]:
        """Return the day with its weekday; a conflict and a day known to its month stay so."""
        due = one.record.due
        said = [case.text(one, "due", self._text).text for case in self.cases]
        if isinstance(due, date):
            days = zip(self.cases, said, strict=True)
            said = [f"{case.words.weekday(due)} {text}" for case, text in days]
        first, *others = dict.fromkeys(said)
        return [CellText(first, self._strong), *(CellText(text, self._small) for text in others)]

    def _signatures(self) -> PaperPart:
        """Compose the signatures; on a page of their own it says again what is signed."""
        case, setter = self._case, self._setter
        when = self._both(N_("Place and date"))
        client = case.first(Client)
        names = [case.text(client, key, self._text).text for key in ("given_name", "family_name")
                 if case.has(client, key)]  # fmt: skip
        who = [
            (self._both(N_("Your signature")), join_texts(names, " ")),
            (self._both(N_("For us")), case.about.by),
        ]
        said = self._texts(N_("We have gone through this together."), self._text)
        if self.read_aloud:
            said += [
                CellText(self._in_language(READ_ALOUD, one), style)
                for one, style in zip(self.cases, (self._strong, self._small), strict=False)
            ]
            roles = (self._in_language(INTERPRETER_OF, one) for one in self.cases)
            who.append((_joined(roles), ""))
        signers = [
            [CellText(join_texts(role), self._caption), CellText(when, self._small)] for role in who
        ]
        per_row = len(signers) if self.form is OFFICE else 2
        block = setter.signatures(signers, 34, per_row)
        head = setter.section_heading(self._both(N_("Agreed")))
        rows = (*self._paragraphs(said, 4), block)
        again = stack_blocks([self._heading, Block((), 14)])
        return PaperPart(head, rows, above=again, is_whole=True)

    def _in_language(self, message: str, case: PrintedCase) -> str:
        """Return a sentence about the language in which an interpreter reads the plan aloud."""
        return case.words.gettext(message).format(language=case.words.language(self.read_aloud))

    def _goal_of(self, service: RecordView[Service]) -> RecordView[Goal] | None:
        """Return the goal that a service is for; None without one."""
        wanted = service.record.goal
        return next((goal for goal in self._case.views(Goal) if goal.rid.hex() == wanted), None)


def _joined(texts: Iterable[str]) -> str:
    """Return texts on one line, each once."""
    return join_texts(tuple(dict.fromkeys(texts)))
