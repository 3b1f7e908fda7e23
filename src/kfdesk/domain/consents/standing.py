# SPDX-License-Identifier: GPL-3.0-or-later
"""When a consent stands, and why it does not.

By itself: what it opens, and to whom, is `disclosure.py`'s. Days are counted as the desk counts
them; what two people decided in somebody's vital interests ends soonest of all.
"""

from datetime import date, timedelta
from enum import StrEnum

from kfdesk.domain.desk.users import fold
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.values import Moment

DEFAULT_DAYS = 90  # a consent lasts this long unless it says otherwise (D3)
VITAL_INTERESTS = "vital_interests"
VITAL_DAYS = 2  # with the day it was decided: never more than 72 hours (D7)


class Reason(StrEnum):
    """Why a field is withheld."""

    DESK = "desk"
    LEVEL = "level"
    NO_CONSENT = "no_consent"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    SCOPE = "scope"
    PURPOSE = "purpose"
    TRANSFER = "transfer"
    UNVERIFIED = "unverified"
    SECRET = "secret"  # noqa: S105 - a class of the directory
    CONFLICT = "conflict"


def stands(consent: Consent, on: date, *, is_answer: bool = False) -> Reason | None:
    """None if the consent stands on that day, else why not.

    `is_answer`: it is asked by those who answer under it, to whom its reason never went.
    """
    if consent.withdrawn is not None:
        return Reason.WITHDRAWN
    if not isinstance(consent.given, Moment) or consent.given.wall.date() > on:
        return Reason.NO_CONSENT
    if consent.form == VITAL_INTERESTS and not _is_of_two(consent, is_answer=is_answer):
        return Reason.NO_CONSENT
    last = last_day(consent)
    if last is None:
        return Reason.NO_CONSENT
    return None if on <= last else Reason.EXPIRED


def last_day(consent: Consent) -> date | None:
    """The last day on which a consent stands; 90 days after it was given unless it says so.

    What was decided in vital interests ends after VITAL_DAYS at the latest. None where it was not
    given, or its end is not a day.
    """
    if not isinstance(consent.given, Moment):
        return None
    is_vital = consent.form == VITAL_INTERESTS
    longest = consent.given.wall.date() + timedelta(days=VITAL_DAYS if is_vital else DEFAULT_DAYS)
    last = consent.expires or longest
    if not isinstance(last, date):
        return None
    return min(last, longest) if is_vital else last


def _is_of_two(consent: Consent, *, is_answer: bool) -> bool:
    """Whether two people have decided, with a reason."""
    both = (consent.decided_by, consent.second_person)
    named = [fold(one) for one in both if isinstance(one, str) and one.strip()]
    is_reasoned = isinstance(consent.reason, str) and bool(consent.reason.strip())
    return len(set(named)) == len(both) and (is_reasoned or is_answer)
