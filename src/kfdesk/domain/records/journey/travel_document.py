# SPDX-License-Identifier: GPL-3.0-or-later
"""A document she travels with, child of the plan: what it is, how long it is valid.

The name is written as in the document, letter by letter, for the ticket must match it.
"""

from datetime import date

from kfdesk.domain.lists.case_codes import DOCUMENT_STATUS, TRAVEL_DOCUMENT
from kfdesk.domain.records.plan import JOURNEY
from kfdesk.domain.schema import N_, Group, Level, code, day, record, text
from kfdesk.domain.values import About, Gap
from kfdesk.domain.world import COUNTRIES

TRAVEL, S2 = Group.TRAVEL, Level.S2


@record
class TravelDocument:
    """A travel document and where it is."""

    kind: str | Gap | None = code(
        TRAVEL_DOCUMENT, N_("Document"), JOURNEY, level=S2, to=TRAVEL, since=2
    )
    number: str | Gap | None = text(N_("Number"), JOURNEY, level=S2, to=TRAVEL, since=2)
    country: str | Gap | None = code(
        COUNTRIES, N_("Issued by"), JOURNEY, level=S2, to=TRAVEL, since=2
    )
    valid_until: date | About | Gap | None = day(
        N_("Valid until"), JOURNEY, level=S2, to=TRAVEL, since=2
    )
    status: str | Gap | None = code(
        DOCUMENT_STATUS, N_("Where it is"), JOURNEY, level=S2, to=TRAVEL, since=2
    )
    name_as_written: str | Gap | None = text(
        N_("Name as in the document"), JOURNEY, level=S2, to=TRAVEL, since=2
    )
