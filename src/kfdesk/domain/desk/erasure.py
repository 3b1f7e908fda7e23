# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a person's records are erased.

Codes, with the words for them; appended to, never renamed, because they stand in the store's list
of erasures, which lives as long as the store. They say nothing about anybody.
"""

from collections.abc import Mapping
from enum import StrEnum

from kfdesk.domain.marks import N_


class ErasureReason(StrEnum):
    """Why something is erased."""

    CLIENT_REQUEST = "client_request"
    RETENTION_OVER = "retention_over"
    ERROR = "error"


BELOW = "below"
"""The reason of what a partner sent later under something that was erased: never taken in."""

REASONS: Mapping[ErasureReason, str] = {
    ErasureReason.CLIENT_REQUEST: N_("She asked for it"),
    ErasureReason.RETENTION_OVER: N_("The time for keeping it is over"),
    ErasureReason.ERROR: N_("It was entered by mistake"),
}
