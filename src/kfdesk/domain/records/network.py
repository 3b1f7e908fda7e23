# SPDX-License-Identifier: GPL-3.0-or-later
"""The network at work: meetings and decisions, agreements, projects (IATI) and their activities.

These records are about no client. Members of their network get them without a consent, so no
field of theirs holds personal data above S1. A meeting about one client is a case conference: a
record below her plan, in the data group of the cooperation, which leaves by her consent alone.
"""

from datetime import date

from kfdesk.domain.codes.core import CONFIDENTIALITY
from kfdesk.domain.codes.network import (
    ACTIVITY_KINDS,
    AGREEMENT_KINDS,
    ATTENDANCE_ROLES,
    DECISION_STATES,
    GDPR_ROLES,
    MEETING_KINDS,
    PROJECT_ROLES,
    PROJECT_STATUS,
)
from kfdesk.domain.message_marks import N_
from kfdesk.domain.schema import (
    DataGroup,
    Section,
    SensitivityLevel,
    code,
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

COMMON = DataGroup.COMMON
RUN = DataGroup.COOPERATION
DESK = DataGroup.DESK
S0 = SensitivityLevel.S0
S1 = SensitivityLevel.S1
S2 = SensitivityLevel.S2
S3 = SensitivityLevel.S3
Text = str | MissingAnswer | None
Told = LocalizedText | MissingAnswer | None
Day = date | PartialDate | MissingAnswer | None
Moment = ZonedTime | MissingAnswer | None
Number = int | MissingAnswer | None

MEETING = Section("meeting", N_("Meeting"))


@record
class Meeting:
    """A meeting of the network or project above it."""

    title: Told = localized_text(N_("Name of the meeting"), MEETING, level=S0, to=COMMON, since=5)
    kind: Text = code(MEETING_KINDS, N_("Kind of meeting"), MEETING, level=S0, to=COMMON, since=5)
    starts: Moment = zoned_time(N_("Begins"), MEETING, level=S1, to=COMMON, since=5)
    ends: Moment = zoned_time(N_("Ends"), MEETING, level=S1, to=COMMON, since=5)
    place: Text = text(N_("Place"), MEETING, level=S1, to=COMMON, since=5)
    is_online: bool | MissingAnswer | None = yes_no(
        N_("Online"), MEETING, level=S1, to=COMMON, since=5
    )
    agenda: Told = localized_text(
        N_("Agenda"), MEETING, level=S1, to=COMMON, since=5,
        help=N_("One item a line. Write nothing about a client here."),
    )  # fmt: skip
    minutes: Told = localized_text(
        N_("Minutes"), MEETING, level=S1, to=COMMON, since=5,
        help=N_("Write nothing about a client here."),
    )  # fmt: skip
    confidentiality: Text = code(
        CONFIDENTIALITY, N_("Who may see this"), MEETING, level=S1, to=COMMON, since=5
    )


ATTENDANCE = Section("attendance", N_("Takes part in a meeting"))


@record
class Attendance:
    """Somebody who takes part in the meeting above it, or does not come."""

    organisation: Text = reference(N_("Organisation"), ATTENDANCE, level=S1, to=COMMON, since=5)
    contact: Text = reference(N_("Contact person"), ATTENDANCE, level=S1, to=COMMON, since=5)
    role: Text = code(ATTENDANCE_ROLES, N_("Role"), ATTENDANCE, level=S1, to=COMMON, since=5)


DECISION = Section("decision", N_("Decision"))


@record
class Decision:
    """A decision of the meeting above it: what, who does it, by which day.

    Whoever wrote the decision sets `state`; `done_here` is the word of who does it.
    """

    decided: Told = localized_text(
        N_("What was decided"), DECISION, level=S1, to=COMMON, since=5,
        help=N_("Write nothing about a client here."),
    )  # fmt: skip
    owner: Text = reference(N_("Who does it"), DECISION, level=S1, to=COMMON, since=5)
    due: Day = day(N_("By when"), DECISION, level=S1, to=COMMON, since=5)
    state: Text = code(DECISION_STATES, N_("Status"), DECISION, level=S1, to=COMMON, since=5)
    done_here: Day = day(N_("Reported as done on"), DECISION, level=S1, to=COMMON, since=5)


AGREEMENT = Section("agreement", N_("Agreement"))


@record
class Agreement:
    """An agreement between organisations; below a network its members see that it exists.

    `covers` is the partner in a third country for which we use it as the legal basis of a
    transfer (GDPR article 46); only its own service sets it.
    """

    title: Told = localized_text(
        N_("Name of the agreement"), AGREEMENT, level=S1, to=COMMON, since=5
    )
    kind: Text = code(
        AGREEMENT_KINDS, N_("Kind of agreement"), AGREEMENT, level=S1, to=COMMON, since=5
    )
    begins: Day = day(N_("Valid from"), AGREEMENT, level=S1, to=COMMON, since=5)
    valid_until: Day = day(N_("Valid until"), AGREEMENT, level=S1, to=COMMON, since=5)
    reference_number: Text = text(N_("Reference number"), AGREEMENT, level=S1, to=COMMON, since=5)
    confidentiality: Text = code(
        CONFIDENTIALITY, N_("Who may see this"), AGREEMENT, level=S1, to=COMMON, since=5
    )
    kept_at: Text = text(N_("Where our copy is kept"), AGREEMENT, level=S1, to=DESK, since=5)
    covers: Text = reference(
        N_("Our legal basis for sending to"), AGREEMENT, level=S1, to=DESK, since=5
    )


AGREEMENT_PARTY = Section("agreement_party", N_("Party to an agreement"))


@record
class AgreementParty:
    """A party to the agreement above it, with its role in data protection law."""

    organisation: Text = reference(
        N_("Organisation"), AGREEMENT_PARTY, level=S1, to=COMMON, since=5
    )
    role: Text = code(
        GDPR_ROLES, N_("Role in data protection"), AGREEMENT_PARTY, level=S1, to=COMMON, since=5
    )
    signed: Day = day(N_("Signed on"), AGREEMENT_PARTY, level=S1, to=COMMON, since=5)
    signed_by: Text = text(N_("Signed by"), AGREEMENT_PARTY, level=S1, to=COMMON, since=5)


PROJECT = Section("project", N_("Project"))


@record
class Project:
    """A project (IATI: iati-activity); below a network it is that network's."""

    title: Told = localized_text(N_("Name of the project"), PROJECT, level=S0, to=COMMON, since=5)
    aims: Told = localized_text(N_("Aims"), PROJECT, level=S0, to=COMMON, since=5)
    begins: Day = day(N_("Begins"), PROJECT, level=S0, to=COMMON, since=5)
    ends: Day = day(N_("Ends"), PROJECT, level=S0, to=COMMON, since=5)
    status: Text = code(PROJECT_STATUS, N_("Status"), PROJECT, level=S0, to=COMMON, since=5)
    part_of: Text = reference(N_("Part of the project"), PROJECT, level=S0, to=COMMON, since=5)
    budget: Number = number(N_("Budget (whole units)"), PROJECT, level=S1, to=COMMON, since=5)
    currency: Text = text(N_("Currency (three letters)"), PROJECT, level=S1, to=COMMON, since=5)
    results: Told = localized_text(N_("Results"), PROJECT, level=S0, to=COMMON, since=5)
    confidentiality: Text = code(
        CONFIDENTIALITY, N_("Who may see this"), PROJECT, level=S1, to=COMMON, since=5
    )


PROJECT_PARTY = Section("project_party", N_("Organisation in a project"))


@record
class ProjectParty:
    """An organisation in the project above it (IATI: participating-org)."""

    organisation: Text = reference(N_("Organisation"), PROJECT_PARTY, level=S0, to=COMMON, since=5)
    role: Text = code(PROJECT_ROLES, N_("Role"), PROJECT_PARTY, level=S0, to=COMMON, since=5)


ACTIVITY = Section("activity", N_("Activity"))


@record
class Activity:
    """An activity of the project or network above it: a training, a mission, an assignment.

    The four numbers count people who were reached; nobody is named.
    """

    title: Told = localized_text(N_("Name of the activity"), ACTIVITY, level=S0, to=COMMON, since=5)
    kind: Text = code(
        ACTIVITY_KINDS, N_("Kind of activity"), ACTIVITY, level=S0, to=COMMON, since=5
    )
    assigned_by: Text = reference(N_("Assigned by"), ACTIVITY, level=S0, to=COMMON, since=5)
    begins: Day = day(N_("Begins"), ACTIVITY, level=S0, to=COMMON, since=5)
    ends: Day = day(N_("Ends"), ACTIVITY, level=S0, to=COMMON, since=5)
    place: Text = text(N_("Place"), ACTIVITY, level=S0, to=COMMON, since=5)
    women: Number = number(N_("Women"), ACTIVITY, level=S0, to=COMMON, since=5)
    men: Number = number(N_("Men"), ACTIVITY, level=S0, to=COMMON, since=5)
    others: Number = number(N_("Others"), ACTIVITY, level=S0, to=COMMON, since=5)
    not_known: Number = number(N_("Gender not known"), ACTIVITY, level=S0, to=COMMON, since=5)
    materials: Text = text(N_("Materials"), ACTIVITY, level=S0, to=COMMON, since=5)
    outcome: Told = localized_text(N_("Outcome"), ACTIVITY, level=S0, to=COMMON, since=5)
    confidentiality: Text = code(
        CONFIDENTIALITY, N_("Who may see this"), ACTIVITY, level=S1, to=COMMON, since=5
    )


ACTIVITY_PARTY = Section("activity_party", N_("Partner in an activity"))


@record
class ActivityParty:
    """An organisation that does the activity above it together with others."""

    organisation: Text = reference(N_("Organisation"), ACTIVITY_PARTY, level=S0, to=COMMON, since=5)
    role: Text = code(PROJECT_ROLES, N_("Role"), ACTIVITY_PARTY, level=S0, to=COMMON, since=5)


CASE_CONFERENCE = Section("case_conference", N_("Case conference"))


@record
class CaseConference:
    """A meeting about the client of the plan above it."""

    starts: Moment = zoned_time(N_("Begins"), CASE_CONFERENCE, level=S2, to=RUN, since=5)
    ends: Moment = zoned_time(N_("Ends"), CASE_CONFERENCE, level=S2, to=RUN, since=5)
    place: Text = text(N_("Place"), CASE_CONFERENCE, level=S2, to=RUN, since=5)
    is_online: bool | MissingAnswer | None = yes_no(
        N_("Online"), CASE_CONFERENCE, level=S2, to=RUN, since=5
    )
    agenda: Told = localized_text(
        N_("Agenda"), CASE_CONFERENCE, level=S3, to=RUN, since=5,
        help=N_("Her code is enough; write no name."),
    )  # fmt: skip
    minutes: Told = localized_text(
        N_("Minutes"), CASE_CONFERENCE, level=S3, to=RUN, since=5,
        help=N_("Only what she has agreed to; her code is enough."),
    )  # fmt: skip
    note: Text = text(N_("Our own notes"), CASE_CONFERENCE, level=S3, to=DESK, since=5)


CONFERENCE_PARTY = Section("conference_party", N_("Takes part in a case conference"))


@record
class ConferenceParty:
    """Somebody who takes part in the case conference above it."""

    organisation: Text = reference(N_("Organisation"), CONFERENCE_PARTY, level=S2, to=RUN, since=5)
    contact: Text = reference(N_("Contact person"), CONFERENCE_PARTY, level=S2, to=RUN, since=5)
    role: Text = code(ATTENDANCE_ROLES, N_("Role"), CONFERENCE_PARTY, level=S2, to=RUN, since=5)


CONFERENCE_DECISION = Section("conference_decision", N_("Decision of a case conference"))


@record
class ConferenceDecision:
    """A decision of the case conference above it.

    It is part of the client's plan, so it goes where her consent to the cooperation lets it, and
    back to whoever has the plan. There the word of who does it, that it is done or open, counts at
    once; everything else that a partner writes waits for a person.
    """

    decided: Told = localized_text(
        N_("What was decided"), CONFERENCE_DECISION, level=S3, to=RUN, since=5
    )
    owner: Text = reference(N_("Who does it"), CONFERENCE_DECISION, level=S2, to=RUN, since=5)
    due: Day = day(N_("By when"), CONFERENCE_DECISION, level=S2, to=RUN, since=5)
    state: Text = code(
        DECISION_STATES, N_("Status"), CONFERENCE_DECISION, level=S2, to=RUN, since=5
    )
