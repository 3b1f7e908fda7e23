# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of the case work, children of the plan: approvals, notes, tasks, papers, referrals.

Only their custodian writes approvals and transitions (`authority.OWN_STATEMENT_TYPES`).
An attachment is shown in the program only and goes to nobody but other laptops of our
own; its content is kept in chunks. Pictures are redrawn on import, so that no location
or camera data stays in them.
"""

from datetime import date

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
from kfdesk.domain.schema import (
    DataGroup,
    Section,
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

APPROVAL = Section("approval", N_("Approval"))
TRAVEL = DataGroup.TRAVEL
DESK = DataGroup.DESK
S2 = SensitivityLevel.S2
S4 = SensitivityLevel.S4


@record
class Approval:
    """An approval; for a gate override it names the code of the gate."""

    kind: str | MissingAnswer | None = code(
        APPROVAL_KIND, N_("What is approved"), APPROVAL, level=S2, to=TRAVEL, since=2
    )
    gate: str | MissingAnswer | None = code(
        GATES, N_("Condition"), APPROVAL, level=S2, to=TRAVEL, since=2
    )
    given_by: str | MissingAnswer | None = text(
        N_("Given by"), APPROVAL, level=S2, to=TRAVEL, since=2
    )
    given: ZonedTime | MissingAnswer | None = zoned_time(
        N_("Given"), APPROVAL, level=S2, to=TRAVEL, since=2
    )
    asked_by: str | MissingAnswer | None = text(
        N_("Requested by"), APPROVAL, level=S2, to=TRAVEL, since=2
    )
    ends: ZonedTime | MissingAnswer | None = zoned_time(
        N_("Until"), APPROVAL, level=S2, to=TRAVEL, since=2
    )
    reason: str | MissingAnswer | None = text(N_("Reason"), APPROVAL, level=S4, to=DESK, since=2)


ATTACHMENTS = Section("attachments", N_("Documents"))


@record
class Attachment:
    """An attachment; `digest` is the SHA-256 of its content."""

    title: str | MissingAnswer | None = text(N_("Name"), ATTACHMENTS, level=S4, to=DESK, since=2)
    kind: str | MissingAnswer | None = code(
        ATTACHMENT_KIND, N_("What it is"), ATTACHMENTS, level=S4, to=DESK, since=2
    )
    media_type: str | MissingAnswer | None = text(
        N_("Type of file"), ATTACHMENTS, level=S4, to=DESK, since=2
    )
    size: int | MissingAnswer | None = number(N_("Size"), ATTACHMENTS, level=S4, to=DESK, since=2)
    digest: str | MissingAnswer | None = text(N_("Digest"), ATTACHMENTS, level=S4, to=DESK, since=2)
    added: ZonedTime | MissingAnswer | None = zoned_time(
        N_("Added"), ATTACHMENTS, level=S4, to=DESK, since=2
    )


LEGAL = Section("legal", N_("Legal status"))
LAW = DataGroup.LEGAL_CASE


@record
class LegalStatus:
    """A period, permit or proceeding; `lapses_on_leaving` and `next_hearing` limit the journey."""

    kind: str | MissingAnswer | None = code(
        LEGAL_STATUS_KIND, N_("Matter"), LEGAL, level=S2, to=LAW, since=2
    )
    begins: date | PartialDate | MissingAnswer | None = day(
        N_("First day"), LEGAL, level=S2, to=LAW, since=2
    )
    ends: date | PartialDate | MissingAnswer | None = day(
        N_("Last day"), LEGAL, level=S2, to=LAW, since=2
    )
    form_number: str | MissingAnswer | None = text(
        N_("Form number"), LEGAL, level=S2, to=LAW, since=2
    )
    applied_by: str | MissingAnswer | None = reference(
        N_("Applied for by"), LEGAL, level=S2, to=LAW, since=2
    )
    decided_by: str | MissingAnswer | None = reference(
        N_("Decided by"), LEGAL, level=S2, to=LAW, since=2
    )
    decision: str | MissingAnswer | None = code(
        LEGAL_DECISION, N_("Outcome"), LEGAL, level=S2, to=LAW, since=2
    )
    next_hearing: ZonedTime | MissingAnswer | None = zoned_time(
        N_("Next hearing"), LEGAL, level=S2, to=LAW, since=2
    )
    must_be_present: bool | MissingAnswer | None = yes_no(
        N_("She must be present"), LEGAL, level=S2, to=LAW, since=2
    )
    lapses_on_leaving: bool | MissingAnswer | None = yes_no(
        N_("Is lost when she leaves"), LEGAL, level=S2, to=LAW, since=2
    )


NOTES = Section("notes", N_("Notes"))
S3 = SensitivityLevel.S3


@record
class Note:
    """A note: what was discussed or observed, and when."""

    happened: ZonedTime | MissingAnswer | None = zoned_time(
        N_("When"), NOTES, level=S3, to=DESK, since=2
    )
    kind: str | MissingAnswer | None = code(
        NOTE_KIND, N_("What it is"), NOTES, level=S3, to=DESK, since=2
    )
    content: str | MissingAnswer | None = text(N_("Note"), NOTES, level=S4, to=DESK, since=2)
    written_by: str | MissingAnswer | None = text(
        N_("Written by"), NOTES, level=S3, to=DESK, since=2
    )


COPIES = Section("copies", N_("Copies of papers"))


@record
class PaperCopy:
    """A copy; `number` counts the copies of one paper about one record.

    Of a letter it also keeps to whom, what for, and whether by consent or by a duty.
    """

    paper: str | MissingAnswer | None = code(PAPER, N_("Paper"), COPIES, level=S2, to=DESK, since=2)
    subject: str | MissingAnswer | None = reference(
        N_("What it is about"), COPIES, level=S2, to=DESK, since=2
    )
    number: int | MissingAnswer | None = number(
        N_("Copy number"), COPIES, level=S2, to=DESK, since=2
    )
    language: str | MissingAnswer | None = code(
        LANGUAGES, N_("Language of the paper"), COPIES, level=S2, to=DESK, since=2
    )
    form: str | MissingAnswer | None = code(
        PAPER_FORM, N_("Size"), COPIES, level=S2, to=DESK, since=2
    )
    way: str | MissingAnswer | None = code(
        COPY_WAY, N_("How it was handed out"), COPIES, level=S2, to=DESK, since=2
    )
    made: ZonedTime | MissingAnswer | None = zoned_time(
        N_("Made on"), COPIES, level=S2, to=DESK, since=2
    )
    made_by: str | MissingAnswer | None = text(
        N_("Made by (initials)"), COPIES, level=S2, to=DESK, since=2
    )
    state: str | MissingAnswer | None = code(
        COPY_STATE, N_("Where it is now"), COPIES, level=S2, to=DESK, since=2
    )
    recipient: str | MissingAnswer | None = reference(
        N_("To whom"), COPIES, level=S2, to=DESK, since=5
    )
    purpose: str | MissingAnswer | None = code(
        LETTER_PURPOSE, N_("What the letter is for"), COPIES, level=S2, to=DESK, since=5
    )
    legal_basis: str | MissingAnswer | None = code(
        LEGAL_BASIS, N_("On what grounds"), COPIES, level=S2, to=DESK, since=5
    )


RECEPTION = Section("reception", N_("Reception"))
REINTEGRATION = DataGroup.REINTEGRATION_PLAN


@record
class Reception:
    """An enquiry to one organisation and its result."""

    organisation: str | MissingAnswer | None = reference(
        N_("Organisation"), RECEPTION, level=S2, to=TRAVEL, since=2
    )
    status: str | MissingAnswer | None = code(
        RECEPTION_STATUS, N_("Answer"), RECEPTION, level=S2, to=TRAVEL, since=2
    )
    asked: ZonedTime | MissingAnswer | None = zoned_time(
        N_("Asked on"), RECEPTION, level=S2, to=TRAVEL, since=2
    )
    answered: ZonedTime | MissingAnswer | None = zoned_time(
        N_("Answered on"), RECEPTION, level=S2, to=TRAVEL, since=2
    )
    received_by: str | MissingAnswer | None = text(
        N_("Received by (first name)"), RECEPTION, level=S2, to=TRAVEL, since=2
    )
    begins: date | PartialDate | MissingAnswer | None = day(
        N_("From the day"), RECEPTION, level=S2, to=TRAVEL, since=2
    )
    offers: LocalizedText | MissingAnswer | None = localized_text(
        N_("What they can offer"), RECEPTION, level=S2, to=REINTEGRATION, since=2
    )
    limits: LocalizedText | MissingAnswer | None = localized_text(
        N_("Limits"), RECEPTION, level=S2, to=REINTEGRATION, since=2
    )


REFERRAL = Section("referral", N_("Referrals"))
NEEDS = DataGroup.IMMEDIATE_NEEDS


@record
class Referral:
    """A referral or a transfer, and its result.

    With a `purpose` it goes with a letter to its organisation; `letter` is the newest copy. These
    three fields stay here: what an authority is asked concerns nobody else.
    """

    direction: str | MissingAnswer | None = code(
        REFERRAL_DIRECTION, N_("Direction"), REFERRAL, level=S2, to=NEEDS, since=2
    )
    kind: str | MissingAnswer | None = code(
        REFERRAL_KIND, N_("Referral or transfer"), REFERRAL, level=S2, to=NEEDS, since=2
    )
    organisation: str | MissingAnswer | None = reference(
        N_("Organisation"), REFERRAL, level=S2, to=NEEDS, since=2
    )
    person: str | MissingAnswer | None = reference(
        N_("Contact person"), REFERRAL, level=S2, to=NEEDS, since=2
    )
    reason: str | MissingAnswer | None = code(
        REASON_FOR_REFERRAL, N_("Reason"), REFERRAL, level=S2, to=NEEDS, since=2
    )
    sent: ZonedTime | MissingAnswer | None = zoned_time(
        N_("Sent on"), REFERRAL, level=S2, to=NEEDS, since=2
    )
    status: str | MissingAnswer | None = code(
        REFERRAL_STATUS, N_("Status"), REFERRAL, level=S2, to=NEEDS, since=2
    )
    answer: LocalizedText | MissingAnswer | None = localized_text(
        N_("Answer"), REFERRAL, level=S2, to=NEEDS, since=2
    )
    consent: str | MissingAnswer | None = reference(
        N_("Consent it relies on"), REFERRAL, level=S2, to=NEEDS, since=2
    )
    purpose: str | MissingAnswer | None = code(
        LETTER_PURPOSE, N_("What the letter is for"), REFERRAL, level=S2, to=DESK, since=5
    )
    answer_by: date | PartialDate | MissingAnswer | None = day(
        N_("Answer wanted by"), REFERRAL, level=S2, to=DESK, since=5
    )
    letter: str | MissingAnswer | None = reference(
        N_("Newest copy of the letter"), REFERRAL, level=S2, to=DESK, since=5
    )


TASKS = Section("tasks", N_("Tasks"))


@record
class Task:
    """A task with its due date; done or dropped tasks stay readable."""

    title: str | MissingAnswer | None = text(
        N_("What is to be done"), TASKS, level=S2, to=DESK, since=2
    )
    due: date | PartialDate | MissingAnswer | None = day(
        N_("Due on"), TASKS, level=S2, to=DESK, since=2
    )
    owner: str | MissingAnswer | None = text(
        N_("Who does it (initials)"), TASKS, level=S2, to=DESK, since=2
    )
    state: str | MissingAnswer | None = code(
        TASK_STATE, N_("Status"), TASKS, level=S2, to=DESK, since=2
    )
    neutral_title: str | MissingAnswer | None = text(
        N_("Neutral wording"), TASKS, level=S2, to=DESK, since=2
    )


TRANSITION = Section("transition", N_("Steps of the plan"))


@record
class Transition:
    """A transition: when it happened, who made it, and the result of each gate."""

    from_state: str | MissingAnswer | None = code(
        PLAN_STATE, N_("Status before"), TRANSITION, level=S2, to=DESK, since=2
    )
    to_state: str | MissingAnswer | None = code(
        PLAN_STATE, N_("New status"), TRANSITION, level=S2, to=DESK, since=2
    )
    happened: ZonedTime | MissingAnswer | None = zoned_time(
        N_("Happened"), TRANSITION, level=S2, to=DESK, since=2
    )
    taken_by: str | MissingAnswer | None = text(
        N_("Done by"), TRANSITION, level=S2, to=DESK, since=2
    )
    met: tuple[str, ...] | MissingAnswer | None = code_set(
        GATES, N_("Conditions met"), TRANSITION, level=S2, to=DESK, since=2
    )
    not_applicable: tuple[str, ...] | MissingAnswer | None = code_set(
        GATES, N_("Conditions that do not apply"), TRANSITION, level=S2, to=DESK, since=2
    )
    overridden: tuple[str, ...] | MissingAnswer | None = code_set(
        GATES, N_("Conditions set aside"), TRANSITION, level=S2, to=DESK, since=2
    )
    reason: str | MissingAnswer | None = text(N_("Reason"), TRANSITION, level=S4, to=DESK, since=2)
