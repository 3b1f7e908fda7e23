# SPDX-License-Identifier: GPL-3.0-or-later
"""The invented records by which the story's plan passes its gates, state by state.

What each part needs before its step, and nothing else: who leaves something out sees the gate. The
partner's own weighing of the risks comes from its desk.
"""

from datetime import datetime, timedelta

from kfdesk.demo.people import Values, moment, told
from kfdesk.domain.lists.case_codes import CONSENT_EXPLAINED
from kfdesk.domain.schema import Group
from kfdesk.domain.values import Moment

SECOND = "AU"  # the second person at our desk


WHO_SHE_IS: Values = {"needs_interpreter": True, "age_disputed": False}

TALKED: Values = {"interpreter_used": True, "alternatives_explained": True}


def agreed_with_us(at: datetime, ours: str) -> Values:
    """Her consent that we work with her case."""
    return {
        "purpose": "case_management",
        "recipient": ours,
        "groups": (Group.IDENTITY, Group.CONTACT, Group.TRAVEL, Group.RISK_SUMMARY),
        "form": "oral_interpreter",
        "given_by": "client",
        "language": "ru",
        "explained": tuple(CONSENT_EXPLAINED),
        "interpreted_by": "Tolk Påhittad",
        "given": moment(at),
    }


def agreed_to_ask(at: datetime, recipient: str) -> Values:
    """Her consent that the partner is asked about risks."""
    return {
        **agreed_with_us(at, recipient),
        "purpose": "risk_enquiry_in_origin_country",
        "groups": (Group.IDENTITY, Group.RISK_SUMMARY),
        "transfer_tool": "explicit_consent_49_1_a",
        "warned": moment(at),
    }


def asked(at: datetime, recipient: str) -> Values:
    """The question whether the partner can receive her."""
    return {"organisation": recipient, "status": "asked", "asked": moment(at)}


def weighed(at: datetime) -> Values:
    """One side's weighing of the risks."""
    return {
        "done": at.date(),
        "conclusion": "return_possible_with_measures",
        "unanswered": 0,
        "client_view": told(
            "Jag är rädd första veckan. Sedan går det, om ingen vet var jag bor.",
            "Первую неделю мне страшно. Потом будет легче, если никто не знает, где я живу.",
            "I am afraid of the first week. Then it will do, if nobody knows where I live.",
        ),
        "summary": told(
            "Trygg mottagare, ny bostadsort",
            "Надёжный приём, новое место",
            "Safe receiver, new town",
        ),
        "measures": told("Nytt telefonnummer", "Новый номер телефона", "New telephone number"),
        "measures_agreed": True,
    }


def looked_at(at: datetime) -> Values:
    """Needs and law were gone through."""
    return {"needs_assessed": at.date(), "legal_checked": at.date()}


def decided(at: datetime) -> Values:
    """She signed, and knows what a third country means."""
    return {
        "decision_signed": at.date(),
        "decision_language": "ru",
        "third_country_explained": moment(at),
    }


def confirmed(at: datetime) -> Values:
    """The partner's yes."""
    return {"status": "confirmed", "answered": moment(at), "received_by": "Olga"}


def passport(at: datetime) -> Values:
    """Her passport."""
    return {
        "kind": "passport",
        "number": "00 0000001",
        "country": "RU",
        "valid_until": (at + timedelta(days=900)).date(),
        "status": "held_by_client",
        "name_as_written": "NINA VYMYSLOVA",
    }


def second_leg(arrives: Moment) -> Values:
    """The second leg, booked, with its check-in a quarter of an hour after it arrives."""
    late = arrives.wall + timedelta(minutes=15)
    return {"status": "booked", "check_in": Moment.at(late, arrives.zone)}


def asked_again(at: datetime) -> Values:
    """The last talk before she leaves."""
    return {
        "escort_kind": "social",
        "fit_to_travel_needed": False,
        "wish_reconfirmed": moment(at),
        "risk_read": moment(at),
    }


def handed_over(at: datetime) -> Values:
    """She was received at the door."""
    return {
        "happened": moment(at),
        "place": "arrival",
        "given_by": "Karin",
        "received_by": "Olga",
        "result": "received",
        "confirmed_by_client": True,
    }


def settled(at: datetime) -> Values:
    """What follows after arrival, to the end."""
    return {
        "reintegration_agreed": at.date(),
        "services_running": True,
        "follow_up_set": True,
        "closure_reason": "goals_met",
        "last_risk_read": at.date(),
        "told_what_is_kept": at.date(),
        "retention_until": (at + timedelta(days=720)).date(),
        "receipts_in": True,
    }
