# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of the case work, children of the plan: approvals, notes, tasks, papers, referrals.

Only their custodian writes approvals and transitions (`authority.OWN_STATEMENT_TYPES`).
An attachment is shown in the program only and goes to nobody but other laptops of our
own; its content is kept in chunks. Pictures are redrawn on import, so that no location
or camera data stays in them.
"""

from kfdesk.domain.codes.case import (
    APPROVAL_KIND,
    ATTACHMENT_KIND,
    GATES,
    LEGAL_BASIS,
    LEGAL_DECISION,
    LEGAL_STATUS_KIND,
    LETTER_PURPOSE,
    NOTE_KIND,
    RECEPTION_STATUS,
    REFERRAL_DIRECTION,
    REFERRAL_KIND,
    REFERRAL_STATUS,
    TASK_STATE,
)
from kfdesk.domain.codes.core import COPY_STATE, COPY_WAY, PAPER, PAPER_FORM, PLAN_STATE
from kfdesk.domain.codes.htcds import REASON_FOR_REFERRAL
from kfdesk.domain.codes.world import LANGUAGES
from kfdesk.domain.message_marks import N_
from kfdesk.domain.rules import EVERY_TYPE, OF_PLAN, QUESTION, STATEMENT, Rules
from kfdesk.domain.schema import (
    Codes,
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

APPROVAL = Section("approval", N_("Approval"))
TRAVEL = DataGroup.TRAVEL
DESK = DataGroup.DESK
S2 = SensitivityLevel.S2
S4 = SensitivityLevel.S4


IN_APPROVAL = Terms(APPROVAL, S2, TRAVEL, since=2)


@record(STATEMENT)
class Approval:
    """An approval; for a gate override it names the code of the gate."""

    kind: Text = code(APPROVAL_KIND, N_("What is approved"), IN_APPROVAL)
    gate: Text = code(GATES, N_("Condition"), IN_APPROVAL)
    given_by: Text = text(N_("Given by"), IN_APPROVAL)
    given: Moment = zoned_time(N_("Given"), IN_APPROVAL)
    asked_by: Text = text(N_("Requested by"), IN_APPROVAL)
    ends: Moment = zoned_time(N_("Until"), IN_APPROVAL)
    reason: Text = text(N_("Reason"), IN_APPROVAL, level=S4, to=DESK)


ATTACHMENTS = Section("attachments", N_("Documents"))


IN_ATTACHMENTS = Terms(ATTACHMENTS, S4, DESK, since=2)


@record(OF_PLAN)
class Attachment:
    """An attachment; `digest` is the SHA-256 of its content."""

    title: Text = text(N_("Name"), IN_ATTACHMENTS)
    kind: Text = code(ATTACHMENT_KIND, N_("What it is"), IN_ATTACHMENTS)
    media_type: Text = text(N_("Type of file"), IN_ATTACHMENTS)
    size: Number = number(N_("Size"), IN_ATTACHMENTS)
    digest: Text = text(N_("Digest"), IN_ATTACHMENTS)
    added: Moment = zoned_time(N_("Added"), IN_ATTACHMENTS)


LEGAL = Section("legal", N_("Legal status"))
LAW = DataGroup.LEGAL_CASE


IN_LEGAL = Terms(LEGAL, S2, LAW, since=2)


@record(OF_PLAN)
class LegalStatus:
    """A period, permit or proceeding; `lapses_on_leaving` and `next_hearing` limit the journey."""

    kind: Text = code(LEGAL_STATUS_KIND, N_("Matter"), IN_LEGAL)
    begins: Day = day(N_("First day"), IN_LEGAL)
    ends: Day = day(N_("Last day"), IN_LEGAL)
    form_number: Text = text(N_("Form number"), IN_LEGAL)
    applied_by: Text = reference(N_("Applied for by"), IN_LEGAL)
    decided_by: Text = reference(N_("Decided by"), IN_LEGAL)
    decision: Text = code(LEGAL_DECISION, N_("Outcome"), IN_LEGAL)
    next_hearing: Moment = zoned_time(N_("Next hearing"), IN_LEGAL)
    must_be_present: YesNo = yes_no(N_("She must be present"), IN_LEGAL)
    lapses_on_leaving: YesNo = yes_no(N_("Is lost when she leaves"), IN_LEGAL)


NOTES = Section("notes", N_("Notes"))
S3 = SensitivityLevel.S3


IN_NOTES = Terms(NOTES, S3, DESK, since=2)


@record(OF_PLAN)
class Note:
    """A note: what was discussed or observed, and when."""

    happened: Moment = zoned_time(N_("When"), IN_NOTES)
    kind: Text = code(NOTE_KIND, N_("What it is"), IN_NOTES)
    content: Text = text(N_("Note"), IN_NOTES, level=S4)
    written_by: Text = text(N_("Written by"), IN_NOTES)


COPIES = Section("copies", N_("Copies of papers"))


IN_COPIES = Terms(COPIES, S2, DESK, since=2)


@record(Rules(below=EVERY_TYPE))
class PaperCopy:
    """A copy; `number` counts the copies of one paper about one record.

    Of a letter it also keeps to whom, what for, and whether by consent or by a duty.
    """

    paper: Text = code(PAPER, N_("Paper"), IN_COPIES)
    subject: Text = reference(N_("What it is about"), IN_COPIES)
    number: Number = number(N_("Copy number"), IN_COPIES)
    language: Text = code(LANGUAGES, N_("Language of the paper"), IN_COPIES)
    form: Text = code(PAPER_FORM, N_("Size"), IN_COPIES)
    way: Text = code(COPY_WAY, N_("How it was handed out"), IN_COPIES)
    made: Moment = zoned_time(N_("Made on"), IN_COPIES)
    made_by: Text = text(N_("Made by (initials)"), IN_COPIES)
    state: Text = code(COPY_STATE, N_("Where it is now"), IN_COPIES)
    recipient: Text = reference(N_("To whom"), IN_COPIES, since=5)
    purpose: Text = code(LETTER_PURPOSE, N_("What the letter is for"), IN_COPIES, since=5)
    legal_basis: Text = code(LEGAL_BASIS, N_("On what grounds"), IN_COPIES, since=5)


RECEPTION = Section("reception", N_("Reception"))
REINTEGRATION = DataGroup.REINTEGRATION_PLAN


IN_RECEPTION = Terms(RECEPTION, S2, TRAVEL, since=2)


@record(QUESTION)
class Reception:
    """An enquiry to one organisation and its result."""

    organisation: Text = reference(N_("Organisation"), IN_RECEPTION)
    status: Text = code(RECEPTION_STATUS, N_("Answer"), IN_RECEPTION)
    asked: Moment = zoned_time(N_("Asked on"), IN_RECEPTION)
    answered: Moment = zoned_time(N_("Answered on"), IN_RECEPTION)
    received_by: Text = text(N_("Received by (first name)"), IN_RECEPTION)
    begins: Day = day(N_("From the day"), IN_RECEPTION)
    offers: Texts = localized_text(N_("What they can offer"), IN_RECEPTION, to=REINTEGRATION)
    limits: Texts = localized_text(N_("Limits"), IN_RECEPTION, to=REINTEGRATION)


REFERRAL = Section("referral", N_("Referrals"))
NEEDS = DataGroup.IMMEDIATE_NEEDS


IN_REFERRAL = Terms(REFERRAL, S2, NEEDS, since=2)


@record(QUESTION)
class Referral:
    """A referral or a transfer, and its result.

    With a `purpose` it goes with a letter to its organisation; `letter` is the newest copy. These
    three fields stay here: what an authority is asked concerns nobody else.
    """

    direction: Text = code(REFERRAL_DIRECTION, N_("Direction"), IN_REFERRAL)
    kind: Text = code(REFERRAL_KIND, N_("Referral or transfer"), IN_REFERRAL)
    organisation: Text = reference(N_("Organisation"), IN_REFERRAL)
    person: Text = reference(N_("Contact person"), IN_REFERRAL)
    reason: Text = code(REASON_FOR_REFERRAL, N_("Reason"), IN_REFERRAL)
    sent: Moment = zoned_time(N_("Sent on"), IN_REFERRAL)
    status: Text = code(REFERRAL_STATUS, N_("Status"), IN_REFERRAL)
    answer: Texts = localized_text(N_("Answer"), IN_REFERRAL)
    consent: Text = reference(N_("Consent it relies on"), IN_REFERRAL)
    purpose: Text = code(
        LETTER_PURPOSE, N_("What the letter is for"), IN_REFERRAL, to=DESK, since=5
    )
    answer_by: Day = day(N_("Answer wanted by"), IN_REFERRAL, to=DESK, since=5)
    letter: Text = reference(N_("Newest copy of the letter"), IN_REFERRAL, to=DESK, since=5)


TASKS = Section("tasks", N_("Tasks"))


IN_TASKS = Terms(TASKS, S2, DESK, since=2)


@record(OF_PLAN)
class Task:
    """A task with its due date; done or dropped tasks stay readable."""

    title: Text = text(N_("What is to be done"), IN_TASKS)
    due: Day = day(N_("Due on"), IN_TASKS)
    owner: Text = text(N_("Who does it (initials)"), IN_TASKS)
    state: Text = code(TASK_STATE, N_("Status"), IN_TASKS)
    neutral_title: Text = text(N_("Neutral wording"), IN_TASKS)


TRANSITION = Section("transition", N_("Steps of the plan"))


IN_TRANSITION = Terms(TRANSITION, S2, DESK, since=2)


@record(STATEMENT)
class Transition:
    """A transition: when it happened, who made it, and the result of each gate."""

    from_state: Text = code(PLAN_STATE, N_("Status before"), IN_TRANSITION)
    to_state: Text = code(PLAN_STATE, N_("New status"), IN_TRANSITION)
    happened: Moment = zoned_time(N_("Happened"), IN_TRANSITION)
    taken_by: Text = text(N_("Done by"), IN_TRANSITION)
    met: Codes = code_set(GATES, N_("Conditions met"), IN_TRANSITION)
    not_applicable: Codes = code_set(GATES, N_("Conditions that do not apply"), IN_TRANSITION)
    overridden: Codes = code_set(GATES, N_("Conditions set aside"), IN_TRANSITION)
    reason: Text = text(N_("Reason"), IN_TRANSITION, level=S4)
