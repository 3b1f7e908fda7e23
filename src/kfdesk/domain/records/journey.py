# SPDX-License-Identifier: GPL-3.0-or-later
"""The journey, children of the plan: legs, travellers, documents, help numbers, the handover.

Places and signs are localized texts: the traveller reads them in her language. What
must match a board or a ticket keeps its script inside the text.
"""

from datetime import date

from kfdesk.domain.codes.case import (
    CHECK_IN_STATUS,
    DOCUMENT_STATUS,
    HANDOVER_PLACE,
    HANDOVER_RESULT,
    TRAVEL_DOCUMENT,
    TRAVELLER_NEED,
)
from kfdesk.domain.codes.core import LEG_STATUS, TRANSPORT_MODE
from kfdesk.domain.codes.world import COUNTRIES, LANGUAGES
from kfdesk.domain.message_marks import N_
from kfdesk.domain.records.plan import JOURNEY
from kfdesk.domain.schema import (
    DataGroup,
    SensitivityLevel,
    code,
    code_set,
    day,
    localized_text,
    number,
    record,
    reference,
    text,
    yes_no,
    zoned_time,
)
from kfdesk.domain.values import LocalizedText, MissingAnswer, PartialDate, ZonedTime

TRAVEL = DataGroup.TRAVEL
DESK = DataGroup.DESK
HEALTH = DataGroup.HEALTH
S2 = SensitivityLevel.S2


@record
class HelpNumber:
    """A help number as dialled from abroad; `called` is the time of the last test."""

    sequence: int | MissingAnswer | None = number(
        N_("Order"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    number: str | MissingAnswer | None = text(N_("Phone"), JOURNEY, level=S2, to=TRAVEL, since=1)
    hours: LocalizedText | MissingAnswer | None = localized_text(
        N_("When it answers, in which language"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    languages: tuple[str, ...] | MissingAnswer | None = code_set(
        LANGUAGES, N_("Languages spoken"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    called: ZonedTime | MissingAnswer | None = zoned_time(
        N_("Last test call"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    answered_by: LocalizedText | MissingAnswer | None = localized_text(
        N_("Who answers (first name)"), JOURNEY, level=S2, to=TRAVEL, since=2
    )
    called_by: str | MissingAnswer | None = text(
        N_("Test call by"), JOURNEY, level=S2, to=DESK, since=1
    )


@record
class Handover:
    """A meeting on the way: who met whom, where, when, and with what."""

    happened: ZonedTime | MissingAnswer | None = zoned_time(
        N_("When"), JOURNEY, level=S2, to=TRAVEL, since=2
    )
    place: str | MissingAnswer | None = code(
        HANDOVER_PLACE, N_("Where"), JOURNEY, level=S2, to=TRAVEL, since=2
    )
    given_by: str | MissingAnswer | None = text(
        N_("Brought by (first name)"), JOURNEY, level=S2, to=TRAVEL, since=2
    )
    received_by: str | MissingAnswer | None = text(
        N_("Received by (first name)"), JOURNEY, level=S2, to=TRAVEL, since=2
    )
    result: str | MissingAnswer | None = code(
        HANDOVER_RESULT, N_("Outcome"), JOURNEY, level=S2, to=TRAVEL, since=2
    )
    items: LocalizedText | MissingAnswer | None = localized_text(
        N_("Things handed over"), JOURNEY, level=S2, to=TRAVEL, since=2
    )
    confirmed_by_client: bool | MissingAnswer | None = yes_no(
        N_("Confirmed by her"), JOURNEY, level=S2, to=TRAVEL, since=2
    )


@record
class Traveller:
    """Somebody who travels: the client or a person in her life, with what the ticket needs.

    The client's name on the ticket stands in her own record.
    """

    person: str | MissingAnswer | None = reference(
        N_("Traveller"), JOURNEY, level=S2, to=TRAVEL, since=5
    )
    name_on_ticket: str | MissingAnswer | None = text(
        N_("Traveller's name as on the ticket"), JOURNEY, level=S2, to=TRAVEL, since=5
    )
    birth_date: date | PartialDate | MissingAnswer | None = day(
        N_("Date of birth"),
        JOURNEY,
        level=S2,
        to=TRAVEL,
        since=5,
        help=N_("Only if the ticket needs it."),
    )
    seat: str | MissingAnswer | None = text(N_("Seat"), JOURNEY, level=S2, to=TRAVEL, since=5)
    needs: tuple[str, ...] | MissingAnswer | None = code_set(
        TRAVELLER_NEED, N_("What helps on the way"), JOURNEY, level=S2, to=HEALTH, since=5
    )
    cared_by: LocalizedText | MissingAnswer | None = localized_text(
        N_("Guardian or interpreter on the way (first name)"),
        JOURNEY,
        level=S2,
        to=TRAVEL,
        since=5,
    )
    own_sheet: bool | MissingAnswer | None = yes_no(
        N_("Gets a sheet with pictures"), JOURNEY, level=S2, to=DESK, since=5
    )


@record
class TravelDocument:
    """A travel document and where it is; without `whose` it is the client's."""

    kind: str | MissingAnswer | None = code(
        TRAVEL_DOCUMENT, N_("Document"), JOURNEY, level=S2, to=TRAVEL, since=2
    )
    number: str | MissingAnswer | None = text(N_("Number"), JOURNEY, level=S2, to=TRAVEL, since=2)
    country: str | MissingAnswer | None = code(
        COUNTRIES, N_("Issued by"), JOURNEY, level=S2, to=TRAVEL, since=2
    )
    valid_until: date | PartialDate | MissingAnswer | None = day(
        N_("Valid until"), JOURNEY, level=S2, to=TRAVEL, since=2
    )
    status: str | MissingAnswer | None = code(
        DOCUMENT_STATUS, N_("Where it is"), JOURNEY, level=S2, to=TRAVEL, since=2
    )
    name_as_written: str | MissingAnswer | None = text(
        N_("Name as in the document"), JOURNEY, level=S2, to=TRAVEL, since=2
    )
    whose: str | MissingAnswer | None = reference(
        N_("Whose, if not hers"),
        JOURNEY,
        level=S2,
        to=TRAVEL,
        since=5,
        help=N_("Empty: it is the client's own. Others are entered under Who travels."),
    )


S4 = SensitivityLevel.S4


@record
class Leg:
    """A leg; `onward…` say how the client gets from its end to the start of the next leg."""

    sequence: int | MissingAnswer | None = number(
        N_("Leg number"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    mode: str | MissingAnswer | None = code(
        TRANSPORT_MODE, N_("Means of travel"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    carrier: str | MissingAnswer | None = text(
        N_("Carrier and number"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    booking_reference: str | MissingAnswer | None = text(
        N_("Booking reference"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    from_place: LocalizedText | MissingAnswer | None = localized_text(
        N_("From"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    from_stop: LocalizedText | MissingAnswer | None = localized_text(
        N_("Stop or terminal"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    departs: ZonedTime | MissingAnswer | None = zoned_time(
        N_("Departs"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    to_place: LocalizedText | MissingAnswer | None = localized_text(
        N_("To"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    to_stop: LocalizedText | MissingAnswer | None = localized_text(
        N_("Stop or terminal on arrival"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    arrives: ZonedTime | MissingAnswer | None = zoned_time(
        N_("Arrives"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    met_by: LocalizedText | MissingAnswer | None = localized_text(
        N_("Met by (first name)"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    sign: LocalizedText | MissingAnswer | None = localized_text(
        N_("Neutral sign"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    alone: bool | MissingAnswer | None = yes_no(
        N_("No one meets her, by her choice"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    onward: LocalizedText | MissingAnswer | None = localized_text(
        N_("How she travels on"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    check_in: ZonedTime | MissingAnswer | None = zoned_time(
        N_("Check-in"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    status: str | MissingAnswer | None = code(
        LEG_STATUS, N_("Status"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    meeter: str | MissingAnswer | None = reference(
        N_("Contact who meets her"), JOURNEY, level=S2, to=DESK, since=2
    )
    check_in_status: str | MissingAnswer | None = code(
        CHECK_IN_STATUS, N_("Check-in made"), JOURNEY, level=S2, to=TRAVEL, since=2
    )
    departed: ZonedTime | MissingAnswer | None = zoned_time(
        N_("Left at"), JOURNEY, level=S2, to=TRAVEL, since=2
    )
    arrived: ZonedTime | MissingAnswer | None = zoned_time(
        N_("Arrived at"), JOURNEY, level=S2, to=TRAVEL, since=2
    )
    missed: ZonedTime | MissingAnswer | None = zoned_time(
        N_("Missed at"), JOURNEY, level=S2, to=TRAVEL, since=2
    )
    checked_in: ZonedTime | MissingAnswer | None = zoned_time(
        N_("Check-in: when it was"), JOURNEY, level=S2, to=TRAVEL, since=2
    )
    fallback: str | MissingAnswer | None = text(
        N_("If it fails"), JOURNEY, level=S4, to=DESK, since=2
    )
    onward_mode: str | MissingAnswer | None = code(
        TRANSPORT_MODE, N_("Travels on by"), JOURNEY, level=S2, to=TRAVEL, since=5
    )
    onward_minutes: int | MissingAnswer | None = number(
        N_("Minutes of onward travel"), JOURNEY, level=S2, to=TRAVEL, since=5
    )
