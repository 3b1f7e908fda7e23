# SPDX-License-Identifier: GPL-3.0-or-later
"""What a consent still lacks before it may be recorded, and before it counts.

A consent that lacks something may be written down as a draft, and opens nothing however it came
into the store: `standing.py` asks for `missing`. Which sentence says so, and beside which field, is
the window's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kfdesk.domain.consents.purposes import PURPOSES
from kfdesk.domain.consents.term import VITAL_INTERESTS, last_day
from kfdesk.domain.lists.case_codes import CONSENT_EXPLAINED
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.values import Gap, Moment

FOR_A_CHILD = frozenset({"guardian", "both_parents", "one_parent", "court_or_authority"})
"""Who may consent for a child, beside its own assent."""

EXPLICIT = "explicit_consent_49_1_a"
VITAL_TOOL = "vital_interests_49_1_f"
MUST_EXPLAIN = frozenset(CONSENT_EXPLAINED) - {"research"}
"""What must be explained; use without names in research she may refuse, and all else stands."""


class Lack(StrEnum):
    """What is missing, or does not fit."""

    RECIPIENT = "recipient"
    PURPOSE = "purpose"
    GROUPS = "groups"
    NOT_OPENED = "not_opened"
    LANGUAGE = "language"
    INTERPRETER = "interpreter"
    EXPLAINED = "explained"
    TOOL = "tool"
    WARNING = "warning"
    GIVEN_BY = "given_by"
    CHILD = "child"
    GUARDIAN = "guardian"
    ASSENT = "assent"
    FORM = "form"
    GIVEN = "given"
    GIVEN_AHEAD = "given_ahead"
    LAST_DAY = "last_day"
    ENDED = "ended"
    REASON = "reason"


@dataclass(frozen=True, slots=True)
class Around:
    """What must be known beside the consent. `at` is now; its date is the desk's."""

    at: datetime
    is_child: bool
    is_third_country: bool = False
    has_tool: bool = False


Found = Iterator[tuple[str, Lack]]


def lacks(consent: Consent, around: Around) -> tuple[tuple[str, Lack], ...]:
    """Each field in which something is missing, with what, in the order in which one talks."""
    if consent.form == VITAL_INTERESTS:
        return (*_reason(consent), *_share(consent))
    who = _who(consent, is_childs=around.is_child)
    parts = (_share(consent), _talk(consent), _country(consent, around), who)
    return tuple(lack for part in (*parts, _when(consent, around)) for lack in part)


def missing(consent: Consent, *, is_childs: bool) -> tuple[tuple[str, Lack], ...]:
    """What is missing of the talk and of who agreed, without which no consent counts.

    What it opens, to whom and for how long is asked of each field that is to go. Two people
    decide in her vital interests without a talk.
    """
    if consent.form == VITAL_INTERESTS:
        return ()
    return (*_talk(consent), *_who(consent, is_childs=is_childs))


def _share(consent: Consent) -> Found:
    if not isinstance(consent.recipient, str):
        yield "recipient", Lack.RECIPIENT
    if not isinstance(consent.purpose, str):
        yield "purpose", Lack.PURPOSE
        return
    widest = PURPOSES.get(consent.purpose, frozenset())
    asked = consent.groups if isinstance(consent.groups, tuple) else ()
    if widest and not asked:
        yield "groups", Lack.GROUPS
    if not widest.issuperset(asked):
        yield "groups", Lack.NOT_OPENED


def _talk(consent: Consent) -> Found:
    if not isinstance(consent.language, str):
        yield "language", Lack.LANGUAGE
    if consent.form == "oral_interpreter" and not _is_said(consent.interpreted_by):
        yield "interpreted_by", Lack.INTERPRETER
    explained = consent.explained if isinstance(consent.explained, tuple) else ()
    if not MUST_EXPLAIN.issubset(explained):
        yield "explained", Lack.EXPLAINED


def _country(consent: Consent, around: Around) -> Found:
    if not around.is_third_country or around.has_tool:
        return
    if consent.transfer_tool != EXPLICIT:
        yield "transfer_tool", Lack.TOOL
    elif not isinstance(consent.warned, Moment):
        yield "warned", Lack.WARNING


def _who(consent: Consent, *, is_childs: bool) -> Found:
    is_others = consent.given_by in FOR_A_CHILD
    if not isinstance(consent.given_by, str):
        yield "given_by", Lack.GIVEN_BY
    elif is_childs and not is_others:
        yield "given_by", Lack.CHILD
    if is_others and not _is_said(consent.guardian):
        yield "guardian", Lack.GUARDIAN
    if is_childs and consent.assent is not True and consent.assent is not Gap.UNKNOWN:
        yield "assent", Lack.ASSENT  # unknown: too small to say
    if not isinstance(consent.form, str):
        yield "form", Lack.FORM


def _when(consent: Consent, around: Around) -> Found:
    if not isinstance(consent.given, Moment):
        yield "given", Lack.GIVEN
    elif consent.given.utc > around.at:
        yield "given", Lack.GIVEN_AHEAD
    if consent.expires is not None and not isinstance(consent.expires, date):
        yield "expires", Lack.LAST_DAY
    elif (last := last_day(consent)) is not None and last < around.at.date():
        yield "expires", Lack.ENDED


def _reason(consent: Consent) -> Found:
    if not _is_said(consent.reason):
        yield "reason", Lack.REASON


def _is_said(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
