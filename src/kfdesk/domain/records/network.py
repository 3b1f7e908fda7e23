# SPDX-License-Identifier: GPL-3.0-or-later
"""The network at work: meetings and decisions, agreements, projects (IATI) and their activities.

These records are about no client. Members of their network get them without a consent, so no
field of theirs holds personal data above S1. A meeting about one client is a case conference: a
record below her plan, in the data group of the cooperation, which leaves by her consent alone.
"""

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
from kfdesk.domain.rules import Family, Rules
from kfdesk.domain.schema import (
    DataGroup,
    Day,
    Moment,
    Number,
    Section,
    SensitivityLevel,
    Terms,
    Text,
    Texts,
    YesNo,
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

COMMON = DataGroup.COMMON
RUN = DataGroup.COOPERATION
DESK = DataGroup.DESK
S0 = SensitivityLevel.S0
S1 = SensitivityLevel.S1
S2 = SensitivityLevel.S2
S3 = SensitivityLevel.S3

MEETING = Section("meeting", N_("Meeting"))


IN_MEETING = Terms(MEETING, S1, COMMON, since=5)


@record(
    Rules(family=Family.WORK, below=("network", "project"), is_head=True, span=("starts", "ends"))
)
class Meeting:
    """A meeting of the network or project above it."""

    title: Texts = localized_text(N_("Name of the meeting"), IN_MEETING, level=S0)
    kind: Text = code(MEETING_KINDS, N_("Kind of meeting"), IN_MEETING, level=S0)
    starts: Moment = zoned_time(N_("Begins"), IN_MEETING)
    ends: Moment = zoned_time(N_("Ends"), IN_MEETING)
    place: Text = text(N_("Place"), IN_MEETING)
    is_online: YesNo = yes_no(N_("Online"), IN_MEETING)
    agenda: Texts = localized_text(
        N_("Agenda"), IN_MEETING, help=N_("One item a line. Write nothing about a client here.")
    )
    minutes: Texts = localized_text(
        N_("Minutes"), IN_MEETING, help=N_("Write nothing about a client here.")
    )
    confidentiality: Text = code(CONFIDENTIALITY, N_("Who may see this"), IN_MEETING)


ATTENDANCE = Section("attendance", N_("Takes part in a meeting"))


IN_ATTENDANCE = Terms(ATTENDANCE, S1, COMMON, since=5)


@record(Rules(family=Family.WORK, below=("meeting",)))
class Attendance:
    """Somebody who takes part in the meeting above it, or does not come."""

    organisation: Text = reference(N_("Organisation"), IN_ATTENDANCE)
    contact: Text = reference(N_("Contact person"), IN_ATTENDANCE)
    role: Text = code(ATTENDANCE_ROLES, N_("Role"), IN_ATTENDANCE)


DECISION = Section("decision", N_("Decision"))


IN_DECISION = Terms(DECISION, S1, COMMON, since=5)


@record(Rules(family=Family.WORK, below=("meeting",), named=("done_here",)))
class Decision:
    """A decision of the meeting above it: what, who does it, by which day.

    Whoever wrote the decision sets `state`; `done_here` is the word of who does it.
    """

    decided: Texts = localized_text(
        N_("What was decided"), IN_DECISION, help=N_("Write nothing about a client here.")
    )
    owner: Text = reference(N_("Who does it"), IN_DECISION)
    due: Day = day(N_("By when"), IN_DECISION)
    state: Text = code(DECISION_STATES, N_("Status"), IN_DECISION)
    done_here: Day = day(N_("Reported as done on"), IN_DECISION)


AGREEMENT = Section("agreement", N_("Agreement"))


IN_AGREEMENT = Terms(AGREEMENT, S1, COMMON, since=5)


@record(
    Rules(
        family=Family.WORK,
        below=("network",),
        may_stand_alone=True,
        is_head=True,
        span=("begins", "valid_until"),
    )
)
class Agreement:
    """An agreement between organisations; below a network its members see that it exists.

    `covers` is the partner in a third country for which we use it as the legal basis of a
    transfer (GDPR article 46); only its own service sets it.
    """

    title: Texts = localized_text(N_("Name of the agreement"), IN_AGREEMENT)
    kind: Text = code(AGREEMENT_KINDS, N_("Kind of agreement"), IN_AGREEMENT)
    begins: Day = day(N_("Valid from"), IN_AGREEMENT)
    valid_until: Day = day(N_("Valid until"), IN_AGREEMENT)
    reference_number: Text = text(N_("Reference number"), IN_AGREEMENT)
    confidentiality: Text = code(CONFIDENTIALITY, N_("Who may see this"), IN_AGREEMENT)
    kept_at: Text = text(N_("Where our copy is kept"), IN_AGREEMENT, to=DESK)
    covers: Text = reference(N_("Our legal basis for sending to"), IN_AGREEMENT, to=DESK)


AGREEMENT_PARTY = Section("agreement_party", N_("Party to an agreement"))


IN_AGREEMENT_PARTY = Terms(AGREEMENT_PARTY, S1, COMMON, since=5)


@record(Rules(family=Family.WORK, below=("agreement",)))
class AgreementParty:
    """A party to the agreement above it, with its role in data protection law."""

    organisation: Text = reference(N_("Organisation"), IN_AGREEMENT_PARTY)
    role: Text = code(GDPR_ROLES, N_("Role in data protection"), IN_AGREEMENT_PARTY)
    signed: Day = day(N_("Signed on"), IN_AGREEMENT_PARTY)
    signed_by: Text = text(N_("Signed by"), IN_AGREEMENT_PARTY)


PROJECT = Section("project", N_("Project"))


IN_PROJECT = Terms(PROJECT, S0, COMMON, since=5)


@record(
    Rules(
        family=Family.WORK,
        below=("network",),
        may_stand_alone=True,
        is_head=True,
        span=("begins", "ends"),
        counts=("budget",),
    )
)
class Project:
    """A project (IATI: iati-activity); below a network it is that network's."""

    title: Texts = localized_text(N_("Name of the project"), IN_PROJECT)
    aims: Texts = localized_text(N_("Aims"), IN_PROJECT)
    begins: Day = day(N_("Begins"), IN_PROJECT)
    ends: Day = day(N_("Ends"), IN_PROJECT)
    status: Text = code(PROJECT_STATUS, N_("Status"), IN_PROJECT)
    part_of: Text = reference(N_("Part of the project"), IN_PROJECT)
    budget: Number = number(N_("Budget (whole units)"), IN_PROJECT, level=S1)
    currency: Text = text(N_("Currency (three letters)"), IN_PROJECT, level=S1)
    results: Texts = localized_text(N_("Results"), IN_PROJECT)
    confidentiality: Text = code(CONFIDENTIALITY, N_("Who may see this"), IN_PROJECT, level=S1)


PROJECT_PARTY = Section("project_party", N_("Organisation in a project"))


IN_PROJECT_PARTY = Terms(PROJECT_PARTY, S0, COMMON, since=5)


@record(Rules(family=Family.WORK, below=("project",)))
class ProjectParty:
    """An organisation in the project above it (IATI: participating-org)."""

    organisation: Text = reference(N_("Organisation"), IN_PROJECT_PARTY)
    role: Text = code(PROJECT_ROLES, N_("Role"), IN_PROJECT_PARTY)


ACTIVITY = Section("activity", N_("Activity"))


IN_ACTIVITY = Terms(ACTIVITY, S0, COMMON, since=5)


@record(
    Rules(
        family=Family.WORK,
        below=("network", "project"),
        is_head=True,
        span=("begins", "ends"),
        counts=("women", "men", "others", "not_known"),
    )
)
class Activity:
    """An activity of the project or network above it: a training, a mission, an assignment.

    The four numbers count people who were reached; nobody is named.
    """

    title: Texts = localized_text(N_("Name of the activity"), IN_ACTIVITY)
    kind: Text = code(ACTIVITY_KINDS, N_("Kind of activity"), IN_ACTIVITY)
    assigned_by: Text = reference(N_("Assigned by"), IN_ACTIVITY)
    begins: Day = day(N_("Begins"), IN_ACTIVITY)
    ends: Day = day(N_("Ends"), IN_ACTIVITY)
    place: Text = text(N_("Place"), IN_ACTIVITY)
    women: Number = number(N_("Women"), IN_ACTIVITY)
    men: Number = number(N_("Men"), IN_ACTIVITY)
    others: Number = number(N_("Others"), IN_ACTIVITY)
    not_known: Number = number(N_("Gender not known"), IN_ACTIVITY)
    materials: Text = text(N_("Materials"), IN_ACTIVITY)
    outcome: Texts = localized_text(N_("Outcome"), IN_ACTIVITY)
    confidentiality: Text = code(CONFIDENTIALITY, N_("Who may see this"), IN_ACTIVITY, level=S1)


ACTIVITY_PARTY = Section("activity_party", N_("Partner in an activity"))


IN_ACTIVITY_PARTY = Terms(ACTIVITY_PARTY, S0, COMMON, since=5)


@record(Rules(family=Family.WORK, below=("activity",)))
class ActivityParty:
    """An organisation that does the activity above it together with others."""

    organisation: Text = reference(N_("Organisation"), IN_ACTIVITY_PARTY)
    role: Text = code(PROJECT_ROLES, N_("Role"), IN_ACTIVITY_PARTY)


CASE_CONFERENCE = Section("case_conference", N_("Case conference"))


IN_CASE_CONFERENCE = Terms(CASE_CONFERENCE, S2, RUN, since=5)


@record(Rules(below=("plan",), has_parts=True, span=("starts", "ends")))
class CaseConference:
    """A meeting about the client of the plan above it."""

    starts: Moment = zoned_time(N_("Begins"), IN_CASE_CONFERENCE)
    ends: Moment = zoned_time(N_("Ends"), IN_CASE_CONFERENCE)
    place: Text = text(N_("Place"), IN_CASE_CONFERENCE)
    is_online: YesNo = yes_no(N_("Online"), IN_CASE_CONFERENCE)
    agenda: Texts = localized_text(
        N_("Agenda"), IN_CASE_CONFERENCE, level=S3, help=N_("Her code is enough; write no name.")
    )
    minutes: Texts = localized_text(
        N_("Minutes"),
        IN_CASE_CONFERENCE,
        level=S3,
        help=N_("Only what she has agreed to; her code is enough."),
    )
    note: Text = text(N_("Our own notes"), IN_CASE_CONFERENCE, level=S3, to=DESK)


CONFERENCE_PARTY = Section("conference_party", N_("Takes part in a case conference"))


IN_CONFERENCE_PARTY = Terms(CONFERENCE_PARTY, S2, RUN, since=5)


@record(Rules(below=("case_conference",), is_of_one=True))
class ConferenceParty:
    """Somebody who takes part in the case conference above it."""

    organisation: Text = reference(N_("Organisation"), IN_CONFERENCE_PARTY)
    contact: Text = reference(N_("Contact person"), IN_CONFERENCE_PARTY)
    role: Text = code(ATTENDANCE_ROLES, N_("Role"), IN_CONFERENCE_PARTY)


CONFERENCE_DECISION = Section("conference_decision", N_("Decision of a case conference"))


IN_CONFERENCE_DECISION = Terms(CONFERENCE_DECISION, S2, RUN, since=5)


@record(Rules(below=("case_conference",), is_of_one=True))
class ConferenceDecision:
    """A decision of the case conference above it.

    It is part of the client's plan, so it goes where her consent to the cooperation lets it, and
    back to whoever has the plan. There the word of who does it, that it is done or open, counts at
    once; everything else that a partner writes waits for a person.
    """

    decided: Texts = localized_text(N_("What was decided"), IN_CONFERENCE_DECISION, level=S3)
    owner: Text = reference(N_("Who does it"), IN_CONFERENCE_DECISION)
    due: Day = day(N_("By when"), IN_CONFERENCE_DECISION)
    state: Text = code(DECISION_STATES, N_("Status"), IN_CONFERENCE_DECISION)
