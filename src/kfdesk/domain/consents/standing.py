# SPDX-License-Identifier: GPL-3.0-or-later
"""When a consent stands, and why it does not.

By itself: what it opens, and to whom, is `disclosure.py`'s. Whoever uses a consent asks here,
however it came: from the window, the command line, a file, or an undo.
"""

from datetime import datetime
from enum import StrEnum

from kfdesk.domain.consents.completeness import missing
from kfdesk.domain.consents.majority import is_child
from kfdesk.domain.consents.term import DEFAULT_DAYS as DEFAULT_DAYS
from kfdesk.domain.consents.term import VITAL_DAYS as VITAL_DAYS
from kfdesk.domain.consents.term import VITAL_INTERESTS as VITAL_INTERESTS
from kfdesk.domain.consents.term import last_day as last_day
from kfdesk.domain.consents.withdrawal import is_withdrawn
from kfdesk.domain.desk.users import fold
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.rows import View
from kfdesk.domain.values import Moment


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
    INCOMPLETE = "incomplete"


def why_shut(
    consent: View[Consent], client: View[Client], at: datetime, *, is_answer: bool = False
) -> Reason | None:
    """Why a client's consent opens nothing on the day of `at`; None if it stands.

    `at` is aware, on the desk's own clock: its day is the desk's, and a consent that was given on
    another clock's day, past another midnight, is dated by it too.
    A withdrawal counts even where desks differ about it. `is_answer`: it is asked by those who
    answer under it. They need not know her age nor why two people decided for her; that was asked
    where the consent was given.
    """
    if is_withdrawn(consent.row):
        return Reason.WITHDRAWN
    if consent.conflicts or consent.is_deleted:
        return Reason.CONFLICT
    is_childs = not is_answer and is_child(client, at.date())
    return stands(consent.record, at, is_childs=is_childs, is_answer=is_answer)


def stands(
    consent: Consent, at: datetime, *, is_childs: bool = False, is_answer: bool = False
) -> Reason | None:
    """None if the consent stands on the day of `at`, by its own words, else why not.

    `at` as in `why_shut`. `is_childs`: the client counts as a child. `is_answer`: as in `why_shut`.
    """
    if consent.withdrawn is not None:
        return Reason.WITHDRAWN
    given = consent.given
    if not isinstance(given, Moment) or given.utc.astimezone(at.tzinfo).date() > at.date():
        return Reason.NO_CONSENT
    if consent.form == VITAL_INTERESTS and not _is_of_two(consent, is_answer=is_answer):
        return Reason.NO_CONSENT
    last = last_day(consent)
    if last is None:
        return Reason.NO_CONSENT
    if last < at.date():
        return Reason.EXPIRED
    return Reason.INCOMPLETE if missing(consent, is_childs=is_childs) else None


def _is_of_two(consent: Consent, *, is_answer: bool) -> bool:
    """Whether two people have decided, with a reason."""
    both = (consent.decided_by, consent.second_person)
    named = [fold(one) for one in both if isinstance(one, str) and one.strip()]
    is_reasoned = isinstance(consent.reason, str) and bool(consent.reason.strip())
    return len(set(named)) == len(both) and (is_reasoned or is_answer)
