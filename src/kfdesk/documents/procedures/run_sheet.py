# SPDX-License-Identifier: GPL-3.0-or-later
"""The cooperation in a plan on paper: who leads each step, whom to call, and the last day.

It names the client by her code alone, stays at the desk and says so. A field in conflict shows
all its values, and that nobody has decided.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from kfdesk.documents.file_copy.case import CONFLICT_SEPARATOR
from kfdesk.documents.layout.canvas import PageCanvas
from kfdesk.documents.layout.office import (
    MARK_SIZE,
    Block,
    CellText,
    Composer,
    FrameTexts,
    PaperPart,
    PaperTable,
    StatusMark,
    add_titles,
    frame_pages,
    share_columns,
    stack_blocks,
)
from kfdesk.documents.layout.style import GREY, OFFICE, REGULAR, SEMIBOLD, Style
from kfdesk.documents.typesetting import (
    Typesetter,
    disclosed_views,
    field_values,
    one_line,
)
from kfdesk.domain.codes.core import PaperRequest
from kfdesk.domain.codes.procedures import STEP_STATES
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.papers import PrintContext, StepStanding
from kfdesk.domain.phone_numbers import dialled_groups
from kfdesk.domain.procedures.events import DONE
from kfdesk.domain.procedures.steps import prefix_key, prefix_of
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.cooperation import Cooperation, CooperationStep
from kfdesk.domain.records.directory import Contact, Phone
from kfdesk.domain.rows import RecordView
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import localized_text
from kfdesk.i18n.procedures import actor_name, clock_text, since_text

_FORM = OFFICE
_SIZES = OFFICE.sizes
_TEXT, _QUIET = Style(REGULAR, _SIZES.caption), Style(REGULAR, _SIZES.smallest, GREY)
_STRONG = Style(SEMIBOLD, _SIZES.caption)
_SHARES = (4, 30, 25, 27, 14)
_OFF = frozenset({"not_applicable", "cancelled", "rejected"})
_UNKNOWN = StepStanding()


def make_cooperation_sheet(
    order: PaperRequest, what: Disclosed, about: PrintContext, press: Typesetter
) -> bytes:
    """Make the sheet as a PDF, in the ordered language; same cooperation, same bytes.

    Raise KfdeskError `documents.no_letter` if the fonts lack a letter, or `documents.too_much`
    for a single row that no page can hold.
    """
    words = press.program(order.language)
    sheet = _RunSheet(what, about, words)
    canvas = PageCanvas(_FORM, order.language, press.icon)
    for page in frame_pages(sheet.parts(), sheet.frame(), _FORM, words):
        canvas.put(page)
        canvas.end_page()
    return canvas.pdf()


class _RunSheet:
    """The sheet of one cooperation: its frame and its parts."""

    def __init__(self, what: Disclosed, about: PrintContext, words: Language) -> None:
        self.what, self.about, self.words = what, about, words
        self.run = next(iter(disclosed_views(what, Cooperation)), None)
        steps = disclosed_views(what, CooperationStep)
        self.steps = sorted(steps, key=lambda one: prefix_key(prefix_of(one.record)))
        self.phones = _numbers(what, words)

    def frame(self) -> FrameTexts:
        """Return what stands around each page."""
        words, about = self.words, self.about
        band = words.gettext("Cooperation sheet · must not travel")
        copy = words.gettext("Copy no. {number} · kept locked").format(number=about.number)
        made = words.gettext("Stays in the office. {day} at {time} by {name}").format(
            day=words.day(about.at.date(), year=True), time=words.clock(about.at), name=about.by
        )
        return FrameTexts(band.upper(), copy, words.gettext("must not travel").upper(), made)

    def parts(self) -> Iterator[PaperPart]:
        """Yield the heading and the table of steps."""
        words = self.words
        setter = Composer(_FORM, _FORM.margin, _FORM.measure)
        code = next((self.said(one, "code") for one in disclosed_views(self.what, Client)), "")
        yield PaperPart(
            stack_blocks([setter.page_heading(words.gettext("Cooperation"), self.title(), code)])
        )
        titles = (
            "", words.gettext("Step"), words.gettext("Leads, and whom to call"),
            words.gettext("Last day"), words.gettext("Status"),
        )  # fmt: skip
        columns = share_columns(_FORM, *_SHARES, gap=7, left=MARK_SIZE + 6)
        table = PaperTable(_FORM, add_titles(columns, titles), 3)
        rows = [block for step in self.steps for block in self.row(step, table)]
        yield PaperPart(table.head(), tuple(rows), table.head(), gap=6)

    def title(self) -> str:
        """Return the name of the procedure with its version."""
        if self.run is None:
            return "–"
        name, version = self.said(self.run, "title"), self.said(self.run, "version")
        if not version:
            return name or "–"
        told = self.words.gettext("version {number}").format(number=version)
        return f"{name or '–'} · {told}"

    def row(self, step: RecordView[CooperationStep], table: PaperTable) -> list[Block]:
        """Compose the row of a step."""
        cells = [
            [CellText(self.said(step, "prefix"), _STRONG)],
            [CellText(self.said(step, "title") or "–", _TEXT)],
            [*self.who(step)] or [CellText("–", _QUIET)],
            [*self.when(step)] or [CellText("–", _QUIET)],
            [CellText(self.state(step), _TEXT)],
        ]
        shape = StatusMark.BOX
        if self.is_done(step):
            shape = StatusMark.MET
        elif one_line(step.record.state) in _OFF:
            shape = StatusMark.NONE
        return table.row(cells, shape)

    def who(self, step: RecordView[CooperationStep]) -> Iterator[CellText]:
        """Yield who leads the step, whom to call, and who stands in."""
        lead = self.said(step, "lead")
        role = actor_name(lead, self.words)
        named = self.names(step, "led_by")
        yield CellText(", ".join(filter(None, (named, role))) or "–", _STRONG)
        person = self.names(step, "person")
        if person:
            yield CellText(person, _TEXT)
        for number in self.numbers(step, "person", "led_by"):
            yield CellText(number, _STRONG)
        deputy = self.names(step, "stand_in")
        if deputy:
            text = self.words.gettext("if no one answers: {name}").format(name=deputy)
            yield CellText(text, _QUIET)
            for number in self.numbers(step, "stand_in"):
                yield CellText(number, _TEXT)

    def when(self, step: RecordView[CooperationStep]) -> Iterator[CellText]:
        """Yield the last day, how long and from when, and that an open clock has not begun."""
        last, since = self.standing(step).last, since_text(step.record, self.words)
        if last is not None:
            if isinstance(last, datetime):
                yield CellText(self.words.stamp(last), _STRONG)
            else:
                yield CellText(self.words.short_day(last, year=True), _STRONG)
        elif since and not self.is_done(step):
            yield CellText(self.words.gettext("the time limit has not started"), _QUIET)
        for text in (clock_text(step.record, self.words), since):
            if text:
                yield CellText(text, _QUIET)

    def standing(self, step: RecordView[CooperationStep]) -> StepStanding:
        """Return how a step stands by its clock and by what shows that it is done."""
        return self.about.standings.get(step.rid, _UNKNOWN)

    def is_done(self, step: RecordView[CooperationStep]) -> bool:
        """Return whether a step is done by its state, or because a record shows it."""
        return self.standing(step).is_done or one_line(step.record.state) == DONE

    def state(self, step: RecordView[CooperationStep]) -> str:
        """Return the state of a step: done if a record shows it; in a conflict all of them."""
        if self.standing(step).is_done:
            return self.words.gettext(STEP_STATES[DONE])
        codes = [str(one) for one in field_values(step, "state")]
        texts = [self.words.gettext(STEP_STATES.get(code, code)) for code in codes]
        return self._undecided(texts) or self.words.gettext("open")

    def names(self, step: RecordView[Any], key: str) -> str:
        """Return the names that a field refers to."""
        found = (self.about.names.get(str(one), "") for one in field_values(step, key))
        return self._undecided([one for one in found if one])

    def numbers(self, step: RecordView[Any], *keys: str) -> list[str]:
        """Return the telephones of the first of these fields that has any."""
        for key in keys:
            found = [
                number
                for one in field_values(step, key)
                for number in self.phones.get(str(one), ())
            ]
            if found:
                return list(dict.fromkeys(found))
        return []

    def said(self, seen: RecordView[Any], key: str) -> str:
        """Return a field as text; in a conflict all values, and that nobody has decided."""
        texts = [
            localized_text(one, self.words) if isinstance(one, tuple) else one_line(one)
            for one in field_values(seen, key)
        ]
        return self._undecided([one for one in texts if one])

    def _undecided(self, texts: Sequence[str]) -> str:
        different = list(dict.fromkeys(texts))
        joined = CONFLICT_SEPARATOR.join(different)
        if len(different) < 2:
            return joined
        return self.words.gettext("{values} (two values, not yet decided)").format(values=joined)


def _numbers(what: Disclosed, words: Language) -> dict[str, list[str]]:
    """Return telephones by the id of the contact or organisation that they belong to."""
    found: dict[str, list[str]] = {}
    for contact in disclosed_views(what, Contact):
        for value in field_values(contact, "phone"):
            if one_line(value):
                found.setdefault(contact.rid.hex(), []).append(dialled_groups(one_line(value)))
    for phone in disclosed_views(what, Phone):
        hours = localized_text(phone.record.hours, words)
        for value in field_values(phone, "number"):
            if one_line(value):
                number = dialled_groups(one_line(value))
                said = f"{number} · {hours}" if hours else number
                found.setdefault((phone.row.parent or b"").hex(), []).append(said)
    return found
