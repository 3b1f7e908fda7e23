# SPDX-License-Identifier: GPL-3.0-or-later
"""The client, her consents, the persons close to her, and papers of travelling children.

A close person's record says whether the person travels along, may be told anything, or
is a danger. Nothing of it goes to anybody without the data group for children and
family.
"""

from datetime import date

from kfdesk.domain.codes.case import (
    AGE_BAND,
    ASSESSMENT_RESULT,
    BID_DECISION,
    CONSENT_EXPLAINED,
    RELATIONSHIP_KIND,
    WITHDRAWAL_EFFECT,
    WITHHOLDING_REASON,
)
from kfdesk.domain.codes.core import (
    CONSENT_FORM,
    CONSENT_GIVEN_BY,
    CONSENT_PURPOSE,
    CONSENT_SCOPE,
    TRANSFER_TOOL,
)
from kfdesk.domain.codes.htcds import EDUCATION, GENDER, MARITAL_STATUS
from kfdesk.domain.codes.world import COUNTRIES, LANGUAGES
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
from kfdesk.domain.schema import code as one_of
from kfdesk.domain.values import LocalizedText, MissingAnswer, PartialDate, ZonedTime

PERSON = Section("person", N_("Person"))
IDENTITY = DataGroup.IDENTITY
CONTACT = DataGroup.CONTACT
DESK = DataGroup.DESK
FAMILY = DataGroup.CHILDREN_FAMILY
REINTEGRATION = DataGroup.REINTEGRATION_PLAN
S2 = SensitivityLevel.S2
S4 = SensitivityLevel.S4


@record
class Client:
    """A client; `code` is a speakable word and two digits without meaning."""

    code: str | MissingAnswer | None = text(N_("Code"), PERSON, level=S2, to=IDENTITY, since=1)
    alias: str | MissingAnswer | None = text(N_("Alias"), PERSON, level=S2, to=DESK, since=1)
    given_name: str | MissingAnswer | None = text(
        N_("Given name"), PERSON, level=S2, to=IDENTITY, since=1
    )
    family_name: str | MissingAnswer | None = text(
        N_("Family name"), PERSON, level=S2, to=IDENTITY, since=1
    )
    name_on_ticket: str | MissingAnswer | None = text(
        N_("Name as on the ticket"), PERSON, level=S2, to=IDENTITY, since=1
    )
    birth_date: date | PartialDate | MissingAnswer | None = day(
        N_("Date of birth"), PERSON, level=S2, to=IDENTITY, since=1
    )
    languages: tuple[str, ...] | MissingAnswer | None = code_set(
        LANGUAGES, N_("Languages"), PERSON, level=S2, to=IDENTITY, since=1
    )
    safe_contact: LocalizedText | MissingAnswer | None = localized_text(
        N_("Safe ways to reach her"), PERSON, level=S4, to=CONTACT, since=1
    )
    other_names: str | MissingAnswer | None = text(
        N_("Other names"), PERSON, level=S2, to=IDENTITY, since=2
    )
    gender: str | MissingAnswer | None = one_of(
        GENDER, N_("Gender"), PERSON, level=S2, to=IDENTITY, since=2
    )
    age_band: str | MissingAnswer | None = one_of(
        AGE_BAND, N_("Age"), PERSON, level=S2, to=IDENTITY, since=2
    )
    age_disputed: bool | MissingAnswer | None = yes_no(
        N_("Her age is in doubt"), PERSON, level=S2, to=IDENTITY, since=2
    )
    citizenship: tuple[str, ...] | MissingAnswer | None = code_set(
        COUNTRIES, N_("Citizenship"), PERSON, level=S2, to=IDENTITY, since=2
    )
    needs_interpreter: bool | MissingAnswer | None = yes_no(
        N_("Needs an interpreter"), PERSON, level=S2, to=CONTACT, since=2
    )
    marital_status: str | MissingAnswer | None = one_of(
        MARITAL_STATUS, N_("Marital status"), PERSON, level=S2, to=FAMILY, since=2
    )
    number_of_children: int | MissingAnswer | None = number(
        N_("Number of children"), PERSON, level=S2, to=FAMILY, since=2
    )
    education: str | MissingAnswer | None = one_of(
        EDUCATION, N_("Education"), PERSON, level=S2, to=REINTEGRATION, since=2
    )
    identity_number: str | MissingAnswer | None = text(
        N_("Identity number"),
        PERSON,
        level=S2,
        to=IDENTITY,
        since=2,
        help=N_("Enter it only if something cannot be done without it."),
    )
    phone: str | MissingAnswer | None = text(
        N_("Number on which she can be reached"),
        PERSON,
        level=S4,
        to=CONTACT,
        since=2,
        help=N_("Always read first how to reach her safely."),
    )


CONSENT = Section("consent", N_("Consent"))
PARTIES = DataGroup.PARTIES


@record
class Consent:
    """A consent; `recipient` is one organisation or one contact, never all partners."""

    purpose: str | MissingAnswer | None = code(
        CONSENT_PURPOSE, N_("Purpose"), CONSENT, level=S2, to=PARTIES, since=1
    )
    recipient: str | MissingAnswer | None = reference(
        N_("Recipient"), CONSENT, level=S2, to=PARTIES, since=1
    )
    groups: tuple[str, ...] | MissingAnswer | None = code_set(
        CONSENT_SCOPE, N_("What may be shared"), CONSENT, level=S2, to=PARTIES, since=1
    )
    form: str | MissingAnswer | None = code(
        CONSENT_FORM, N_("Form"), CONSENT, level=S2, to=PARTIES, since=1
    )
    given_by: str | MissingAnswer | None = code(
        CONSENT_GIVEN_BY, N_("Given by"), CONSENT, level=S2, to=PARTIES, since=1
    )
    language: str | MissingAnswer | None = code(
        LANGUAGES, N_("Language it was explained in"), CONSENT, level=S2, to=PARTIES, since=1
    )
    given: ZonedTime | MissingAnswer | None = zoned_time(
        N_("Given"), CONSENT, level=S2, to=PARTIES, since=1
    )
    expires: date | PartialDate | MissingAnswer | None = day(
        N_("Last day"), CONSENT, level=S2, to=PARTIES, since=1
    )
    withdrawn: ZonedTime | MissingAnswer | None = zoned_time(
        N_("Withdrawn"), CONSENT, level=S2, to=PARTIES, since=1
    )
    transfer_tool: str | MissingAnswer | None = code(
        TRANSFER_TOOL,
        N_("Legal basis for transfer outside the EU/EEA"),
        CONSENT,
        level=S2,
        to=PARTIES,
        since=1,
    )
    explained: tuple[str, ...] | MissingAnswer | None = code_set(
        CONSENT_EXPLAINED, N_("What was explained"), CONSENT, level=S2, to=PARTIES, since=2
    )
    interpreted_by: str | MissingAnswer | None = text(
        N_("Interpreter"), CONSENT, level=S2, to=PARTIES, since=2
    )
    guardian: str | MissingAnswer | None = text(
        N_("Guardian"), CONSENT, level=S2, to=PARTIES, since=2
    )
    assent: bool | MissingAnswer | None = yes_no(
        N_("The child agrees"), CONSENT, level=S2, to=PARTIES, since=2
    )
    withheld: LocalizedText | MissingAnswer | None = localized_text(
        N_("What must not be shared"), CONSENT, level=S2, to=DESK, since=2
    )
    withholding_reason: str | MissingAnswer | None = code(
        WITHHOLDING_REASON, N_("Why not"), CONSENT, level=S2, to=DESK, since=2
    )
    withdrawal_effect: tuple[str, ...] | MissingAnswer | None = code_set(
        WITHDRAWAL_EFFECT,
        N_("What she asks for when she withdraws"),
        CONSENT,
        level=S2,
        to=PARTIES,
        since=2,
    )
    warned: ZonedTime | MissingAnswer | None = zoned_time(
        N_("Warned about the third country"), CONSENT, level=S2, to=PARTIES, since=2
    )
    decided_by: str | MissingAnswer | None = text(
        N_("Decided by"), CONSENT, level=S2, to=PARTIES, since=2
    )
    second_person: str | MissingAnswer | None = text(
        N_("Second person"), CONSENT, level=S2, to=PARTIES, since=2
    )
    reason: str | MissingAnswer | None = text(N_("Reason"), CONSENT, level=S4, to=DESK, since=2)


CHILD = Section("child", N_("Child"))
S3 = SensitivityLevel.S3


@record
class ChildPapers:
    """Guardian and order, the child's view, family, best interests, takeover."""

    child: str | MissingAnswer | None = reference(N_("Child"), CHILD, level=S2, to=FAMILY, since=3)
    guardian: str | MissingAnswer | None = text(N_("Guardian"), CHILD, level=S2, to=FAMILY, since=3)
    guardian_order: str | MissingAnswer | None = text(
        N_("Guardian's order (court, number)"),
        CHILD,
        level=S2,
        to=FAMILY,
        since=3,
        help=N_("For a parent: the document that shows custody."),
    )
    childs_view_heard: date | PartialDate | MissingAnswer | None = day(
        N_("The child was heard"), CHILD, level=S2, to=FAMILY, since=3
    )
    childs_view: LocalizedText | MissingAnswer | None = localized_text(
        N_("What the child says, in the child's own words"), CHILD, level=S3, to=FAMILY, since=3
    )
    family_assessed: date | PartialDate | MissingAnswer | None = day(
        N_("Family assessed"), CHILD, level=S2, to=FAMILY, since=3
    )
    family_assessment_result: str | MissingAnswer | None = code(
        ASSESSMENT_RESULT, N_("Result of the assessment"), CHILD, level=S3, to=FAMILY, since=3
    )
    bid_decided: date | PartialDate | MissingAnswer | None = day(
        N_("Decision on the child's best interests"), CHILD, level=S2, to=FAMILY, since=3
    )
    bid_decision: str | MissingAnswer | None = code(
        BID_DECISION, N_("What was decided"), CHILD, level=S3, to=FAMILY, since=3
    )
    bid_reasons: LocalizedText | MissingAnswer | None = localized_text(
        N_("Why this was decided"), CHILD, level=S3, to=FAMILY, since=3
    )
    takeover_authority: str | MissingAnswer | None = text(
        N_("Authority that takes over"), CHILD, level=S2, to=FAMILY, since=3
    )
    takeover_by_authority: date | PartialDate | MissingAnswer | None = day(
        N_("Authority takes over, in writing"), CHILD, level=S2, to=FAMILY, since=3
    )


RELATIONSHIP = Section("relationship", N_("People in her life"))


@record
class Relationship:
    """A person in the client's life; with `travels_with` a traveller of the plan."""

    given_name: str | MissingAnswer | None = text(
        N_("Given name"), RELATIONSHIP, level=S2, to=FAMILY, since=2
    )
    kind: str | MissingAnswer | None = code(
        RELATIONSHIP_KIND, N_("Who it is"), RELATIONSHIP, level=S2, to=FAMILY, since=2
    )
    birth_date: date | PartialDate | MissingAnswer | None = day(
        N_("Date of birth"), RELATIONSHIP, level=S2, to=FAMILY, since=2
    )
    age_band: str | MissingAnswer | None = code(
        AGE_BAND, N_("Age"), RELATIONSHIP, level=S2, to=FAMILY, since=2
    )
    age_disputed: bool | MissingAnswer | None = yes_no(
        N_("The age is in doubt"), RELATIONSHIP, level=S2, to=FAMILY, since=3
    )
    travels_with: bool | MissingAnswer | None = yes_no(
        N_("Travels with her"), RELATIONSHIP, level=S2, to=FAMILY, since=2
    )
    is_risk: bool | MissingAnswer | None = yes_no(
        N_("Is a danger to her"), RELATIONSHIP, level=S4, to=DESK, since=2
    )
    contact_allowed: bool | MissingAnswer | None = yes_no(
        N_("May be contacted"), RELATIONSHIP, level=S2, to=FAMILY, since=2
    )
