# SPDX-License-Identifier: GPL-3.0-or-later
"""The values of a plan's last steps, which the demo does not play: handover and closure."""

from datetime import datetime, timedelta

from kfdesk.demo.people import Values, zoned_time


def handover_values(at: datetime) -> Values:
    """Return the handover on arrival."""
    return {
        "happened": zoned_time(at),
        "place": "arrival",
        "given_by": "Karin",
        "received_by": "Olga",
        "result": "received",
        "confirmed_by_client": True,
    }


def closing_values(at: datetime) -> Values:
    """Return the changes after the arrival, up to the closure of the case."""
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
