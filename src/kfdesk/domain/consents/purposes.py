# SPDX-License-Identifier: GPL-3.0-or-later
"""What each purpose may open at most, whatever a consent says.

One row for each purpose; the golden table of disclosure shows what follows. Knows no recipient.
"""

from collections.abc import Mapping

from kfdesk.domain.schema import Group

SHAREABLE = frozenset(Group) - {Group.DESK, Group.DIRECTORY, Group.PARTIES}
"""The groups that a consent can open."""

_CORE = frozenset({Group.IDENTITY, Group.CONTACT})

PURPOSES: Mapping[str, frozenset[Group]] = {
    "case_management": SHAREABLE - {Group.PHOTO},
    "health_care": _CORE | {Group.IMMEDIATE_NEEDS, Group.HEALTH},
    "risk_enquiry_in_origin_country": frozenset(
        {Group.IDENTITY, Group.RISK_SUMMARY, Group.CHILDREN_FAMILY}
    ),
    "family_contact": _CORE | {Group.CHILDREN_FAMILY},
    "family_assessment": _CORE | {Group.CHILDREN_FAMILY},
    "travel_booking": frozenset({Group.IDENTITY, Group.TRAVEL}),
    "travel_escort": _CORE | {Group.TRAVEL, Group.IMMEDIATE_NEEDS, Group.HEALTH},
    "referral_service": _CORE | {Group.IMMEDIATE_NEEDS},
    "reception_and_reintegration": SHAREABLE
    - {Group.EXPLOITATION_HISTORY, Group.LEGAL_CASE, Group.PHOTO},
    "legal_representation": _CORE | {Group.EXPLOITATION_HISTORY, Group.LEGAL_CASE, Group.TRAVEL},
    "police_report": _CORE | {Group.EXPLOITATION_HISTORY, Group.LEGAL_CASE, Group.RISK_SUMMARY},
    "reflection_period_application": frozenset({Group.IDENTITY, Group.LEGAL_CASE}),
    "residence_permit_application": frozenset({Group.IDENTITY, Group.LEGAL_CASE}),
    "statistics_anonymised": frozenset(),
    "research": frozenset(),
}
"""The widest groups that a purpose can open."""
