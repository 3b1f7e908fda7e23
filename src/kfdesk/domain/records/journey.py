# SPDX-License-Identifier: GPL-3.0-or-later
"""The journey, children of the plan: legs, travellers, documents, help numbers, the handover.

Places and signs are localized texts: the traveller reads them in her language. What
must match a board or a ticket keeps its script inside the text.
"""

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
from kfdesk.domain.rules import OF_PLAN, Rules
from kfdesk.domain.schema import (
    Codes,
    DataGroup,
    Day,
    Moment,
    Number,
    SensitivityLevel,
    Terms,
    Text,
    Texts,
    YesNo,
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

TRAVEL = DataGroup.TRAVEL
DESK = DataGroup.DESK
HEALTH = DataGroup.HEALTH
S2 = SensitivityLevel.S2


IN_HELP_NUMBER = Terms(JOURNEY, S2, TRAVEL, since=1)


@record(OF_PLAN)
class HelpNumber:
    """A help number as dialled from abroad; `called` is the time of the last test."""

    sequence: Number = number(N_("Order"), IN_HELP_NUMBER)
    number: Text = text(N_("Phone"), IN_HELP_NUMBER)
    hours: Texts = localized_text(N_("When it answers, in which language"), IN_HELP_NUMBER)
    languages: Codes = code_set(LANGUAGES, N_("Languages spoken"), IN_HELP_NUMBER)
    called: Moment = zoned_time(N_("Last test call"), IN_HELP_NUMBER)
    answered_by: Texts = localized_text(N_("Who answers (first name)"), IN_HELP_NUMBER, since=2)
    called_by: Text = text(N_("Test call by"), IN_HELP_NUMBER, to=DESK)


IN_HANDOVER = Terms(JOURNEY, S2, TRAVEL, since=2)


@record(OF_PLAN)
class Handover:
    """A meeting on the way: who met whom, where, when, and with what."""

    happened: Moment = zoned_time(N_("When"), IN_HANDOVER)
    place: Text = code(HANDOVER_PLACE, N_("Where"), IN_HANDOVER)
    given_by: Text = text(N_("Brought by (first name)"), IN_HANDOVER)
    received_by: Text = text(N_("Received by (first name)"), IN_HANDOVER)
    result: Text = code(HANDOVER_RESULT, N_("Outcome"), IN_HANDOVER)
    items: Texts = localized_text(N_("Things handed over"), IN_HANDOVER)
    confirmed_by_client: YesNo = yes_no(N_("Confirmed by her"), IN_HANDOVER)


IN_TRAVELLER = Terms(JOURNEY, S2, TRAVEL, since=5)


@record(OF_PLAN)
class Traveller:
    """Somebody who travels: the client or a person in her life, with what the ticket needs.

    The client's name on the ticket stands in her own record.
    """

    person: Text = reference(N_("Traveller"), IN_TRAVELLER)
    name_on_ticket: Text = text(N_("Traveller's name as on the ticket"), IN_TRAVELLER)
    birth_date: Day = day(
        N_("Date of birth"), IN_TRAVELLER, help=N_("Only if the ticket needs it.")
    )
    seat: Text = text(N_("Seat"), IN_TRAVELLER)
    needs: Codes = code_set(TRAVELLER_NEED, N_("What helps on the way"), IN_TRAVELLER, to=HEALTH)
    cared_by: Texts = localized_text(
        N_("Guardian or interpreter on the way (first name)"), IN_TRAVELLER
    )
    own_sheet: YesNo = yes_no(N_("Gets a sheet with pictures"), IN_TRAVELLER, to=DESK)


IN_TRAVEL_DOCUMENT = Terms(JOURNEY, S2, TRAVEL, since=2)


@record(OF_PLAN)
class TravelDocument:
    """A travel document and where it is; without `whose` it is the client's."""

    kind: Text = code(TRAVEL_DOCUMENT, N_("Document"), IN_TRAVEL_DOCUMENT)
    number: Text = text(N_("Number"), IN_TRAVEL_DOCUMENT)
    country: Text = code(COUNTRIES, N_("Issued by"), IN_TRAVEL_DOCUMENT)
    valid_until: Day = day(N_("Valid until"), IN_TRAVEL_DOCUMENT)
    status: Text = code(DOCUMENT_STATUS, N_("Where it is"), IN_TRAVEL_DOCUMENT)
    name_as_written: Text = text(N_("Name as in the document"), IN_TRAVEL_DOCUMENT)
    whose: Text = reference(
        N_("Whose, if not hers"),
        IN_TRAVEL_DOCUMENT,
        since=5,
        help=N_("Empty: it is the client's own. Others are entered under Who travels."),
    )


S4 = SensitivityLevel.S4


IN_LEG = Terms(JOURNEY, S2, TRAVEL, since=1)


@record(
    Rules(
        below=("plan",),
        partners=(
            "carrier",
            "booking_reference",
            "status",
            "departed",
            "arrived",
            "missed",
            "check_in_status",
            "checked_in",
        ),
    )
)
class Leg:
    """A leg; `onward…` say how the client gets from its end to the start of the next leg."""

    sequence: Number = number(N_("Leg number"), IN_LEG)
    mode: Text = code(TRANSPORT_MODE, N_("Means of travel"), IN_LEG)
    carrier: Text = text(N_("Carrier and number"), IN_LEG)
    booking_reference: Text = text(N_("Booking reference"), IN_LEG)
    from_place: Texts = localized_text(N_("From"), IN_LEG)
    from_stop: Texts = localized_text(N_("Stop or terminal"), IN_LEG)
    departs: Moment = zoned_time(N_("Departs"), IN_LEG)
    to_place: Texts = localized_text(N_("To"), IN_LEG)
    to_stop: Texts = localized_text(N_("Stop or terminal on arrival"), IN_LEG)
    arrives: Moment = zoned_time(N_("Arrives"), IN_LEG)
    met_by: Texts = localized_text(N_("Met by (first name)"), IN_LEG)
    sign: Texts = localized_text(N_("Neutral sign"), IN_LEG)
    alone: YesNo = yes_no(N_("No one meets her, by her choice"), IN_LEG)
    onward: Texts = localized_text(N_("How she travels on"), IN_LEG)
    check_in: Moment = zoned_time(N_("Check-in"), IN_LEG)
    status: Text = code(LEG_STATUS, N_("Status"), IN_LEG)
    meeter: Text = reference(N_("Contact who meets her"), IN_LEG, to=DESK, since=2)
    check_in_status: Text = code(CHECK_IN_STATUS, N_("Check-in made"), IN_LEG, since=2)
    departed: Moment = zoned_time(N_("Left at"), IN_LEG, since=2)
    arrived: Moment = zoned_time(N_("Arrived at"), IN_LEG, since=2)
    missed: Moment = zoned_time(N_("Missed at"), IN_LEG, since=2)
    checked_in: Moment = zoned_time(N_("Check-in: when it was"), IN_LEG, since=2)
    fallback: Text = text(N_("If it fails"), IN_LEG, level=S4, to=DESK, since=2)
    onward_mode: Text = code(TRANSPORT_MODE, N_("Travels on by"), IN_LEG, since=5)
    onward_minutes: Number = number(N_("Minutes of onward travel"), IN_LEG, since=5)
