# SPDX-License-Identifier: GPL-3.0-or-later
"""Words for the time until a day or moment, or since it, the same in every window.

A person counts the days between two dates, not spans of 24 hours: on the evening of the 2nd, the
afternoon of the 20th is 18 days away. Below 48 hours the hours count.
"""

from datetime import datetime, timedelta

from kfdesk.domain.message_marks import N_
from kfdesk.domain.values import ZonedTime, zone_rules
from kfdesk.i18n.language import Language

_IN_HOURS = timedelta(hours=48)
"""Below this a span is told in hours and minutes."""


def days_left_text(days: int, language: Language) -> str:
    """Return how far a day is away: today, in so many days, so many days ago."""
    if not days:
        return language.gettext(N_("today"))
    if days > 0:
        return language.ngettext("in {count} day", "in {count} days", days).format(count=days)
    words = language.ngettext("{count} day ago", "{count} days ago", -days)
    return words.format(count=-days)


def calendar_days(moment: ZonedTime, at: datetime) -> int:
    """Return the days from the date of `at` (aware) to that of a moment, by the moment's clocks.

    It is below zero if the moment is past.
    """
    here = at.astimezone(zone_rules(moment.zone, moment.offset))
    return (moment.wall.date() - here.date()).days


def time_left_text(moment: ZonedTime, at: datetime, language: Language) -> str:
    """Return how far a moment is away at `at`: `in 3 h 20 min`, `in 18 days`, `40 min ago`."""
    span = moment.utc - at
    if abs(span) >= _IN_HOURS:
        return days_left_text(calendar_days(moment, at), language)
    words = N_("{span} ago") if span < timedelta() else N_("in {span}")
    return language.gettext(words).format(span=language.duration(abs(span)))
