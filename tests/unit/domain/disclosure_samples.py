# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of disclosure share: how a result is read, and the purposes' rows once more.

The rows stand here a second time on purpose: written out of the design, not of the program.
"""

from dataclasses import replace

from tests.support import make
from tests.support.make import disclosed

from kfdesk.domain.consent import Recipient, WithheldReason
from kfdesk.domain.disclosure import Channel, Disclosed
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import DELETION, apply_changes
from kfdesk.domain.rows import Row, seen_writes
from kfdesk.domain.schema import DataGroup, SensitivityLevel
from kfdesk.domain.values import Value

BUNDLE, DESK_PAPER, CARRIED = Channel.BUNDLE, Channel.DESK_PAPER, Channel.CARRIED
EVERYTHING = tuple(group for group in DataGroup if group not in {
    DataGroup.PARTIES, DataGroup.DIRECTORY, DataGroup.COMMON, DataGroup.DESK,
})  # fmt: skip

# From disclosure.md, written out anew, so that a change there and a slip here do not meet.
MAY_OPEN = {
    "case_management": "identity contact travel immediate_needs health children_family "
    "risk_summary exploitation_history legal_case reintegration_plan cooperation",
    "health_care": "identity contact immediate_needs health",
    "risk_enquiry_in_origin_country": "identity risk_summary children_family",
    "family_contact": "identity contact children_family",
    "family_assessment": "identity contact children_family",
    "travel_booking": "identity travel",
    "travel_escort": "identity contact travel immediate_needs health children_family",
    "referral_service": "identity contact immediate_needs",
    "reception_and_reintegration": "identity contact travel immediate_needs health "
    "children_family risk_summary reintegration_plan cooperation",
    "legal_representation": "identity contact exploitation_history legal_case travel",
    "police_report": "identity contact exploitation_history legal_case risk_summary cooperation",
    "reflection_period_application": "identity legal_case cooperation",
    "residence_permit_application": "identity legal_case cooperation",
    "statistics_anonymised": "",
    "research": "",
}


def granted(what: Disclosed) -> set[str]:
    """Return what goes, as `type.key`."""
    return {f"{given.row.type}.{key}" for given in what.rows for key in given.grants}


def reasons(what: Disclosed) -> dict[str, WithheldReason]:
    """Return what stays, as `type.key`, and why."""
    return {f"{kept.type}.{kept.key}": kept.reason for kept in what.withheld}


def fields(*groups: DataGroup, below: SensitivityLevel = SensitivityLevel.S5) -> set[str]:
    """Return the fields of the sample case that are of these groups and not above a level."""
    return {
        f"{row.type}.{key}"
        for row in make.case_rows()
        for key, field in RECORD_TYPES[row.type].fields.items()
        if field.to in groups and field.level <= below
    }


def everything_goes(
    *consents: Row, to: Recipient, by: Channel = BUNDLE, **values: Value
) -> Disclosed:
    rows = (make.row("client"), make.everything(**values))
    return disclosed(*consents, to=to, by=by, rows=rows)


def with_deletion(row: Row, minute: int = 30) -> Row:
    return replace(
        row,
        state=apply_changes(
            row.state, {DELETION: 1}, seen_writes(row), make.signature(minute=minute)
        ),
    )
