# SPDX-License-Identifier: GPL-3.0-or-later
"""How a contact after an arrival is put in words: what it is, how it stands, when it is in time.

The same words on the plan's page, on the page of all contacts and on Today. Decides nothing.
"""

from collections.abc import Mapping
from datetime import date

from kfdesk.domain.after.schedule import Standing
from kfdesk.domain.lists.after_codes import FOLLOW_UP_KIND
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.ui.tokens import Tone

LOOKS: Mapping[Standing, tuple[Tone, str, str]] = {
    Standing.OVERDUE: (Tone.WARNING, "clock", N_("late")),
    Standing.DUE: (Tone.INFO, "circle-dot", N_("due now")),
    Standing.PLANNED: (Tone.MUTED, "circle-dashed", N_("planned")),
    Standing.UNDATED: (Tone.MUTED, "circle-question-mark", N_("no exact day")),
    Standing.DONE: (Tone.SUCCESS, "circle-check", N_("done")),
    Standing.REFUSED: (Tone.MUTED, "ban", N_("by her wish: none")),
}
"""Tone, icon and words of each standing."""


def concern_words(*, is_unsafe: bool) -> str:
    """What is said where somebody must look at once."""
    if is_unsafe:
        return N_("It is not safe to contact her just now")
    return N_("She may be in danger again")


def contact_words(kind: str, after_days: int | None, language: Language) -> str:
    """What a contact is: `7 days after the arrival`, `On arrival`, or what it is for."""
    if after_days:
        return language.ngettext(
            "{count} day after the arrival", "{count} days after the arrival", after_days
        ).format(count=after_days)
    return language.gettext(FOLLOW_UP_KIND.get(kind, N_("Contact")))


def window_words(first: date | None, last: date | None, language: Language) -> str:
    """When a contact is in time: `5–9 January 2027`."""
    return language.days(first, last) if first is not None and last is not None else ""


def standing_words(standing: Standing, language: Language) -> str:
    """How a contact stands."""
    return language.gettext(LOOKS[standing][2])
