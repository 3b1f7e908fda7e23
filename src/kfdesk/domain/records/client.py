# SPDX-License-Identifier: GPL-3.0-or-later
"""The client, her consents, the persons close to her, and papers of travelling children.

A close person's record says whether the person travels along, may be told anything, or
is a danger. Nothing of it goes to anybody without the data group for children and
family.
"""

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
from kfdesk.domain.rules import STATEMENT, Rules, Writer
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
from kfdesk.domain.schema import code as one_of

PERSON = Section("person", N_("Person"))
IDENTITY = DataGroup.IDENTITY
CONTACT = DataGroup.CONTACT
DESK = DataGroup.DESK
FAMILY = DataGroup.CHILDREN_FAMILY
REINTEGRATION = DataGroup.REINTEGRATION_PLAN
S2 = SensitivityLevel.S2
S4 = SensitivityLevel.S4


IN_PERSON = Terms(PERSON, S2, IDENTITY, since=1)


@record(
    Rules(
        partners=(
            "code",
            "given_name",
            "family_name",
            "other_names",
            "birth_date",
            "age_band",
            "age_disputed",
            "gender",
            "languages",
            "citizenship",
            "identity_number",
            "marital_status",
            "number_of_children",
            "education",
        )
    )
)
class Client:
    """A client; `code` is a speakable word and two digits without meaning."""

    code: Text = text(N_("Code"), IN_PERSON)
    alias: Text = text(N_("Alias"), IN_PERSON, to=DESK)
    given_name: Text = text(N_("Given name"), IN_PERSON)
    family_name: Text = text(N_("Family name"), IN_PERSON)
    name_on_ticket: Text = text(N_("Name as on the ticket"), IN_PERSON)
    birth_date: Day = day(N_("Date of birth"), IN_PERSON)
    languages: Codes = code_set(LANGUAGES, N_("Languages"), IN_PERSON)
    safe_contact: Texts = localized_text(
        N_("Safe ways to reach her"), IN_PERSON, level=S4, to=CONTACT
    )
    other_names: Text = text(N_("Other names"), IN_PERSON, since=2)
    gender: Text = one_of(GENDER, N_("Gender"), IN_PERSON, since=2)
    age_band: Text = one_of(AGE_BAND, N_("Age"), IN_PERSON, since=2)
    age_disputed: YesNo = yes_no(N_("Her age is in doubt"), IN_PERSON, since=2)
    citizenship: Codes = code_set(COUNTRIES, N_("Citizenship"), IN_PERSON, since=2)
    needs_interpreter: YesNo = yes_no(N_("Needs an interpreter"), IN_PERSON, to=CONTACT, since=2)
    marital_status: Text = one_of(
        MARITAL_STATUS, N_("Marital status"), IN_PERSON, to=FAMILY, since=2
    )
    number_of_children: Number = number(N_("Number of children"), IN_PERSON, to=FAMILY, since=2)
    education: Text = one_of(EDUCATION, N_("Education"), IN_PERSON, to=REINTEGRATION, since=2)
    identity_number: Text = text(
        N_("Identity number"),
        IN_PERSON,
        since=2,
        help=N_("Enter it only if something cannot be done without it."),
    )
    phone: Text = text(
        N_("Number on which she can be reached"),
        IN_PERSON,
        level=S4,
        to=CONTACT,
        since=2,
        help=N_("Always read first how to reach her safely."),
    )


CONSENT = Section("consent", N_("Consent"))
PARTIES = DataGroup.PARTIES


IN_CONSENT = Terms(CONSENT, S2, PARTIES, since=1)


@record(Rules(below=("client",), writes=Writer.CUSTODIAN))
class Consent:
    """A consent; `recipient` is one organisation or one contact, never all partners."""

    purpose: Text = code(CONSENT_PURPOSE, N_("Purpose"), IN_CONSENT)
    recipient: Text = reference(N_("Recipient"), IN_CONSENT)
    groups: Codes = code_set(CONSENT_SCOPE, N_("What may be shared"), IN_CONSENT)
    form: Text = code(CONSENT_FORM, N_("Form"), IN_CONSENT)
    given_by: Text = code(CONSENT_GIVEN_BY, N_("Given by"), IN_CONSENT)
    language: Text = code(LANGUAGES, N_("Language it was explained in"), IN_CONSENT)
    given: Moment = zoned_time(N_("Given"), IN_CONSENT)
    expires: Day = day(N_("Last day"), IN_CONSENT)
    withdrawn: Moment = zoned_time(N_("Withdrawn"), IN_CONSENT)
    transfer_tool: Text = code(
        TRANSFER_TOOL, N_("Legal basis for transfer outside the EU/EEA"), IN_CONSENT
    )
    explained: Codes = code_set(CONSENT_EXPLAINED, N_("What was explained"), IN_CONSENT, since=2)
    interpreted_by: Text = text(N_("Interpreter"), IN_CONSENT, since=2)
    guardian: Text = text(N_("Guardian"), IN_CONSENT, since=2)
    assent: YesNo = yes_no(N_("The child agrees"), IN_CONSENT, since=2)
    withheld: Texts = localized_text(N_("What must not be shared"), IN_CONSENT, to=DESK, since=2)
    withholding_reason: Text = code(WITHHOLDING_REASON, N_("Why not"), IN_CONSENT, to=DESK, since=2)
    withdrawal_effect: Codes = code_set(
        WITHDRAWAL_EFFECT, N_("What she asks for when she withdraws"), IN_CONSENT, since=2
    )
    warned: Moment = zoned_time(N_("Warned about the third country"), IN_CONSENT, since=2)
    decided_by: Text = text(N_("Decided by"), IN_CONSENT, since=2)
    second_person: Text = text(N_("Second person"), IN_CONSENT, since=2)
    reason: Text = text(N_("Reason"), IN_CONSENT, level=S4, to=DESK, since=2)


CHILD = Section("child", N_("Child"))
S3 = SensitivityLevel.S3


IN_CHILD = Terms(CHILD, S2, FAMILY, since=3)


@record(STATEMENT)
class ChildPapers:
    """Guardian, order and custody, the child's view, family, best interests, takeover."""

    child: Text = reference(N_("Child"), IN_CHILD)
    guardian: Text = text(N_("Guardian"), IN_CHILD)
    guardian_order: Text = text(
        N_("Guardian's order (court, number)"),
        IN_CHILD,
        help=N_("For a parent: the document that shows custody."),
    )
    custody_contested: YesNo = yes_no(
        N_("Custody is contested"),
        IN_CHILD,
        level=S3,
        since=5,
        help=N_(
            "Also when the child travels with a parent: may the other parent or a court object?"
        ),
    )
    custody_contested_by: Text = text(N_("Who contests it"), IN_CHILD, level=S3, since=5)
    custody_court: Text = text(N_("Court that decides on custody"), IN_CHILD, level=S3, since=5)
    custody_day: Day = day(N_("Day of the court's decision"), IN_CHILD, level=S3, since=5)
    childs_view_heard: Day = day(N_("The child was heard"), IN_CHILD)
    childs_view: Texts = localized_text(
        N_("What the child says, in the child's own words"), IN_CHILD, level=S3
    )
    family_assessed: Day = day(N_("Family assessed"), IN_CHILD)
    family_assessment_result: Text = code(
        ASSESSMENT_RESULT, N_("Result of the assessment"), IN_CHILD, level=S3
    )
    bid_decided: Day = day(N_("Decision on the child's best interests"), IN_CHILD)
    bid_decision: Text = code(BID_DECISION, N_("What was decided"), IN_CHILD, level=S3)
    bid_reasons: Texts = localized_text(N_("Why this was decided"), IN_CHILD, level=S3)
    takeover_authority: Text = text(N_("Authority that takes over"), IN_CHILD)
    takeover_by_authority: Day = day(N_("Authority takes over, in writing"), IN_CHILD)


RELATIONSHIP = Section("relationship", N_("People in her life"))


IN_RELATIONSHIP = Terms(RELATIONSHIP, S2, FAMILY, since=2)


@record(
    Rules(
        below=("client",),
        partners=(
            "given_name",
            "kind",
            "birth_date",
            "age_band",
            "age_disputed",
            "travels_with",
        ),
    )
)
class Relationship:
    """A person in the client's life; with `travels_with` a traveller of the plan."""

    given_name: Text = text(N_("Given name"), IN_RELATIONSHIP)
    kind: Text = code(RELATIONSHIP_KIND, N_("Who it is"), IN_RELATIONSHIP)
    birth_date: Day = day(N_("Date of birth"), IN_RELATIONSHIP)
    age_band: Text = code(AGE_BAND, N_("Age"), IN_RELATIONSHIP)
    age_disputed: YesNo = yes_no(N_("The age is in doubt"), IN_RELATIONSHIP, since=3)
    travels_with: YesNo = yes_no(N_("Travels with her"), IN_RELATIONSHIP)
    is_risk: YesNo = yes_no(N_("Is a danger to her"), IN_RELATIONSHIP, level=S4, to=DESK)
    contact_allowed: YesNo = yes_no(N_("May be contacted"), IN_RELATIONSHIP)
