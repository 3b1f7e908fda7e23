# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a consent lasts. Days are counted as the desk counts them.

What two people decided in somebody's vital interests ends soonest of all.
"""

from datetime import date, timedelta

from kfdesk.domain.records.consent import Consent
from kfdesk.domain.values import Moment

DEFAULT_DAYS = 90  # a consent lasts this long unless it says otherwise (D3)
VITAL_INTERESTS = "vital_interests"
VITAL_DAYS = 2  # with the day it was decided: never more than 72 hours (D7)


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
