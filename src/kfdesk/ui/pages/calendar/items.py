# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of calendar items: what each is, when, and how it stands; and the filter by kind.

Also which days a week or month view shows. This module makes no widget.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kfdesk.domain.calendar import KIND_NAMES, CalendarItem, CalendarKind
from kfdesk.domain.message_marks import N_
from kfdesk.domain.names import bare_letters
from kfdesk.i18n.integrity import RECORD_TYPE_NAMES
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import field_of, localized_text, value_text, zoned_time_lines
from kfdesk.services.calendar import Calendar, read_calendar
from kfdesk.services.core.session import Session
from kfdesk.services.plans.aftercare import FollowUpLine, list_follow_ups
from kfdesk.ui.pages.aftercare.follow_up import (
    STANDING_LOOKS,
    contact_text,
    standing_text,
    window_text,
)
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.table import ColumnSpec, TableCell

KIND_ICONS: Mapping[CalendarKind, str] = {
    CalendarKind.FOLLOW_UP: "footprints",
    CalendarKind.LEG: "route",
    CalendarKind.CHECK_IN: "phone",
    CalendarKind.TASK: "list-checks",
    CalendarKind.HEARING: "building-2",
    CalendarKind.LAW: "clock",
    CalendarKind.STEP: "clock",
    CalendarKind.CONSENT: "file-check",
    CalendarKind.ENTRY: "book-user",
    CalendarKind.MEETING: "notebook-text",
}

EVERYTHING, AFTER_ARRIVAL = "", "follow_up"
FILTERS: Mapping[str, tuple[str, frozenset[CalendarKind]]] = {
    EVERYTHING: (N_("Everything"), frozenset(CalendarKind)),
    AFTER_ARRIVAL: (N_("After arrival"), frozenset({CalendarKind.FOLLOW_UP})),
    "journeys": (N_("Journeys"), frozenset({CalendarKind.LEG, CalendarKind.CHECK_IN})),
    "tasks": (N_("To do"), frozenset({CalendarKind.TASK})),
    "deadlines": (
        N_("Deadlines and hearings"),
        frozenset({CalendarKind.HEARING, CalendarKind.LAW, CalendarKind.STEP}),
    ),
    "consents": (N_("Consents that end"), frozenset({CalendarKind.CONSENT})),
    "networks": (
        N_("Networks and meetings"),
        frozenset({CalendarKind.ENTRY, CalendarKind.MEETING}),
    ),
}
"""The kinds that each filter shows; the follow-up list is the first of them."""

COLUMNS = (
    ColumnSpec(N_("When due"), most=240), ColumnSpec(N_("What"), stretches=True),
    ColumnSpec(N_("Plan"), most=200), ColumnSpec(N_("Status")), ColumnSpec(N_("Who")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ShownCalendar:
    """The calendar as it was read, with the follow-ups that have no exact day as well.

    `words` are those by which a search finds an item, or a follow-up, by its kind and record: each
    after a space, in bare letters.
    """

    calendar: Calendar
    contacts: tuple[FollowUpLine, ...] = ()
    words: Mapping[tuple[str, bytes], str] = field(default_factory=dict, repr=False)

    def fits(self, kind: str, rid: bytes, typed: Sequence[str]) -> bool:
        """Return whether each of the typed words begins a word of an item; nothing fits all."""
        words = self.words.get((kind, rid), "")
        return all(f" {one}" in words for one in typed)


def read_shown(desk: Session, language: Language) -> ShownCalendar:
    """Read the calendar with its words in a language; on the worker's thread.

    Raise KfdeskError `user.not_allowed`.
    """
    calendar, contacts = read_calendar(desk), list_follow_ups(desk)
    words = {
        (str(CalendarKind.FOLLOW_UP), one.rid): _joined(
            one.line.code, one.line.alias, one.owner, one.organisation,
            contact_text(one.kind, one.after_days, language.about(one.line.pronoun)),
        )
        for one in contacts
    }  # fmt: skip
    words |= {
        (str(one.kind), one.rid): _joined(*_searched(one, language)) for one in calendar.items
    }
    return ShownCalendar(calendar, contacts, words)


def typed_words(text: str) -> tuple[str, ...]:
    """Return the words of a search, in bare letters."""
    return bare_letters(text)


def _joined(*texts: str) -> str:
    return " " + " ".join(bare_letters(" ".join(texts)))


def _searched(item: CalendarItem, language: Language) -> Iterator[str]:
    yield from (item.code, item.alias, item.owner, kind_text(item.kind, language))
    yield item_text(item, language)
    if item.kind is CalendarKind.FOLLOW_UP:
        yield str(item.about[2])


def kind_text(kind: CalendarKind, language: Language) -> str:
    """Return the name of a kind."""
    return language.gettext(KIND_NAMES[kind])


def item_text(item: CalendarItem, language: Language) -> str:
    """Return what an item is, in a few words; the name of its kind if nothing is known."""
    about, language = item.about, language.about(item.pronoun)
    words = ""
    if item.kind is CalendarKind.FOLLOW_UP:
        days = about[1] if isinstance(about[1], int) else None
        words = contact_text(str(about[0]), days, language)
    elif item.kind in (CalendarKind.LEG, CalendarKind.CHECK_IN):
        places = [localized_text(place, language) or "–" for place in about]
        words = " → ".join(places) if any(place != "–" for place in places) else ""
    elif item.kind in (CalendarKind.HEARING, CalendarKind.LAW):
        words = value_text(field_of("legal_status", "kind"), about[0] or None, language)
    elif item.kind is CalendarKind.STEP:
        words = f"{about[0]}  {localized_text(about[1], language)}".strip()
    elif about and isinstance(about[0], tuple):
        words = localized_text(about[0], language)
    elif item.record_type == "case_conference":
        words = language.gettext(RECORD_TYPE_NAMES[item.record_type])
    elif about and isinstance(about[0], str):
        words = about[0]
    return words or kind_text(item.kind, language)


def when_texts(item: CalendarItem, language: Language) -> tuple[str, str]:
    """Return when an item is, in one or two lines: the time with its zone, or the days."""
    if item.starts is not None:
        first, second = zoned_time_lines(item.starts, language)
        return first, second
    day = language.day(item.day, year=True, weekday=True)
    if item.first != item.last:
        return day, window_text(item.first, item.last, language)
    return day, ""


def item_cells(item: CalendarItem, language: Language) -> tuple[TableCell, ...]:
    """Return the row of an item."""
    tone, sign, _ = STANDING_LOOKS[item.standing]
    kind, icon = kind_text(item.kind, language), KIND_ICONS[item.kind]
    text = item_text(item, language)
    under = item.about[2] if item.kind is CalendarKind.FOLLOW_UP else ""
    return (
        TableCell(*when_texts(item, language)),
        TableCell(text, kind if kind != text else "", icon, Tone.PLAIN),
        TableCell(item.code or "–", item.alias, is_strong=True),
        TableCell(standing_text(item.standing, language), "", sign, tone),
        TableCell(item.owner or "–", str(under)),
    )


def accessible_item(item: CalendarItem, language: Language) -> str:
    """Return all of an item in one line, for tooltips and screen readers."""
    when = language.day(item.day, year=True)
    if item.starts is not None:
        when = " ".join(zoned_time_lines(item.starts, language))
    elif item.kind is CalendarKind.LEG:
        when = language.days(item.first, item.last)
    parts = (
        item.code,
        item_text(item, language),
        kind_text(item.kind, language) if item.kind is not CalendarKind.FOLLOW_UP else "",
        standing_text(item.standing, language),
        when,
        str(item.about[2]) if item.kind is CalendarKind.FOLLOW_UP else "",
        item.owner,
    )
    return ", ".join(dict.fromkeys(part for part in parts if part))


def count_text(late: int, due: int, language: Language) -> str:
    """Return how much is late and due now."""
    parts = []
    if late:
        parts.append(language.ngettext("{count} late", "{count} late", late).format(count=late))
    if due:
        words = language.ngettext("{count} due now", "{count} due now", due)
        parts.append(words.format(count=due))
    return " · ".join(parts) or language.gettext(N_("Nothing is due just now."))


def span_of(view: str, day: date) -> tuple[date, int]:
    """Return the Monday with which a week or month view of `day` begins, and how many weeks."""
    return (week_start(day), 1) if view == "week" else month_grid(day)


def week_start(day: date) -> date:
    """Return the Monday of the week of `day`."""
    return date.fromordinal(max(day.toordinal() - day.weekday(), 1))


def month_grid(day: date) -> tuple[date, int]:
    """Return the Monday on or before the first of the month, and the weeks that show the month."""
    first = day.replace(day=1)
    begin = week_start(first)
    after = date.fromordinal(first.toordinal() + 31).replace(day=1)
    return begin, ((after - begin).days + 6) // 7
