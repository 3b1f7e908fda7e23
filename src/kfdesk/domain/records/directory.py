# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory: organisations (HSDS: organization), their people, telephones and networks.

A branch that answers by itself is an entry of its own that is `part_of` another. The
address never leaves this store, whatever consent there is; nor do internal notes about
an entry. The records of a network are about no client: its members get them without a
consent. So none of them holds personal data above S1.
"""

from kfdesk.domain.codes.core import (
    CONFIDENTIALITY,
    CONTACT_RISK,
    NETWORKS,
    POPULATIONS,
    SERVICES,
    VERIFICATION,
)
from kfdesk.domain.codes.network import (
    ACTOR_TYPES,
    CHECK_METHODS,
    CHECK_OUTCOMES,
    MEMBER_ROLES,
    NETWORK_LEVELS,
    SHARED_SORTS,
    SUGGESTION_STATES,
)
from kfdesk.domain.codes.world import COUNTRIES, LANGUAGES
from kfdesk.domain.message_marks import N_
from kfdesk.domain.rules import Family, Rules
from kfdesk.domain.schema import (
    Codes,
    DataGroup,
    Day,
    Moment,
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
    record,
    reference,
    text,
    yes_no,
    zoned_time,
)

CONTACT_PERSON = Section("contact_person", N_("Contact person"))
DIRECTORY = DataGroup.DIRECTORY
DESK = DataGroup.DESK
S1 = SensitivityLevel.S1
S2 = SensitivityLevel.S2


IN_CONTACT_PERSON = Terms(CONTACT_PERSON, S1, DIRECTORY, since=1)


@record(Rules(family=Family.DIRECTORY))
class Contact:
    """A contact person; surname and private number stay in this store."""

    given_name: Text = text(N_("First name"), IN_CONTACT_PERSON)
    family_name: Text = text(N_("Surname"), IN_CONTACT_PERSON, level=S2, to=DESK)
    organisation: Text = reference(N_("Works for"), IN_CONTACT_PERSON)
    confidentiality: Text = code(CONFIDENTIALITY, N_("Who may see this"), IN_CONTACT_PERSON)
    phone: Text = text(N_("Own phone"), IN_CONTACT_PERSON, level=S2, to=DESK)
    role: Text = text(N_("Position"), IN_CONTACT_PERSON, since=2)
    email: Text = text(N_("Own e-mail"), IN_CONTACT_PERSON, level=S2, to=DESK, since=2)
    note: Text = text(N_("Our own notes"), IN_CONTACT_PERSON, level=S2, to=DESK, since=2)
    may_be_shared: YesNo = yes_no(
        N_("Agrees to be named to others"),
        IN_CONTACT_PERSON,
        to=DESK,
        since=5,
        help=N_(
            "Ask the person first. Without their agreement, no file and no paper for "
            "others names them."
        ),
    )


PHONE = Section("phone", N_("Phone"))
S0 = SensitivityLevel.S0


IN_PHONE = Terms(PHONE, S0, DIRECTORY, since=2)


@record(Rules(family=Family.DIRECTORY, below=("organisation",)))
class Phone:
    """A number with its hours and who may see it."""

    number: Text = text(N_("Phone"), IN_PHONE)
    hours: Texts = localized_text(N_("When it answers, in which language"), IN_PHONE)
    languages: Codes = code_set(LANGUAGES, N_("Languages spoken"), IN_PHONE)
    confidentiality: Text = code(CONFIDENTIALITY, N_("Who may see this"), IN_PHONE, level=S1)
    is_safe: YesNo = yes_no(N_("May be called about clients"), IN_PHONE, level=S1)


ORGANISATION = Section("organisation", N_("Organisation"))
S4 = SensitivityLevel.S4


IN_ORGANISATION = Terms(ORGANISATION, S0, DIRECTORY, since=5)


@record(Rules(family=Family.DIRECTORY))
class Organisation:
    """An organisation; its `confidentiality` decides who may see its directory fields."""

    name: Text = text(N_("Name"), IN_ORGANISATION, since=1)
    country: Text = code(COUNTRIES, N_("Country"), IN_ORGANISATION, since=1)
    confidentiality: Text = code(
        CONFIDENTIALITY, N_("Who may see this"), IN_ORGANISATION, level=S1, since=1
    )
    address: Text = text(N_("Address"), IN_ORGANISATION, level=S4, to=DESK, since=1)
    other_name: Text = text(N_("Other name"), IN_ORGANISATION, since=2)
    part_of: Text = reference(N_("Part of"), IN_ORGANISATION, level=S1, since=2)
    city: Text = text(N_("Town"), IN_ORGANISATION, level=S1, since=2)
    email: Text = text(N_("E-mail"), IN_ORGANISATION, since=2)
    website: Text = text(N_("Website"), IN_ORGANISATION, since=2)
    services: Codes = code_set(SERVICES, N_("Services"), IN_ORGANISATION, since=2)
    offers: Text = text(N_("Services in their own words"), IN_ORGANISATION, since=2)
    populations: Codes = code_set(POPULATIONS, N_("For whom"), IN_ORGANISATION, since=2)
    languages: Codes = code_set(LANGUAGES, N_("Languages spoken"), IN_ORGANISATION, since=2)
    hours: Text = text(N_("Opening hours"), IN_ORGANISATION, since=2)
    networks: Codes = code_set(NETWORKS, N_("Networks"), IN_ORGANISATION, level=S1, since=2)
    contact_risk: Text = code(
        CONTACT_RISK, N_("Risk of contacting them"), IN_ORGANISATION, level=S1, since=2
    )
    front_door: Text = reference(N_("Public contact point"), IN_ORGANISATION, level=S1, since=2)
    verification: Text = code(
        VERIFICATION, N_("How it was checked"), IN_ORGANISATION, level=S1, to=DESK, since=2
    )
    checked: Day = day(N_("Last checked"), IN_ORGANISATION, level=S1, to=DESK, since=2)
    checked_by: Text = text(N_("Checked by"), IN_ORGANISATION, level=S1, to=DESK, since=2)
    note: Text = text(N_("Our own notes"), IN_ORGANISATION, level=S1, to=DESK, since=2)
    actor_type: Text = code(ACTOR_TYPES, N_("Type of organisation"), IN_ORGANISATION)
    eligibility: Text = text(N_("Who may come"), IN_ORGANISATION)
    fees: Text = text(N_("What it costs"), IN_ORGANISATION)
    application: Text = text(N_("How to ask for help"), IN_ORGANISATION)
    area: Text = text(N_("Area served"), IN_ORGANISATION)
    interpretation: Text = text(N_("Interpreters"), IN_ORGANISATION)
    accessibility: Text = text(N_("Accessibility"), IN_ORGANISATION)
    alert: Text = text(N_("Notice to all readers"), IN_ORGANISATION)
    round_the_clock: YesNo = yes_no(N_("Open round the clock"), IN_ORGANISATION)
    case_number_needed: YesNo = yes_no(N_("Asks for a case number"), IN_ORGANISATION)


NETWORK = Section("network", N_("Network"))
COMMON = DataGroup.COMMON


IN_NETWORK = Terms(NETWORK, S0, COMMON, since=5)


@record(Rules(family=Family.NETWORK))
class Network:
    """A network of organisations; `shares` is what its members let each other have.

    `we_share` is this desk's own decision: of what the network shares, what may leave here.
    """

    title: Texts = localized_text(N_("Name of the network"), IN_NETWORK)
    level: Text = code(NETWORK_LEVELS, N_("Reach"), IN_NETWORK)
    purpose: Texts = localized_text(N_("What it is for"), IN_NETWORK)
    begins: Day = day(N_("Since"), IN_NETWORK)
    ends: Day = day(N_("Until"), IN_NETWORK)
    coordinator: Text = reference(N_("Coordinated by"), IN_NETWORK, level=S1)
    shares: Codes = code_set(SHARED_SORTS, N_("Shared among members"), IN_NETWORK, level=S1)
    confidentiality: Text = code(CONFIDENTIALITY, N_("Who may see this"), IN_NETWORK, level=S1)
    we_share: Codes = code_set(
        SHARED_SORTS, N_("What we share with the members"), IN_NETWORK, level=S1, to=DESK
    )


MEMBERSHIP = Section("membership", N_("Membership"))


IN_MEMBERSHIP = Terms(MEMBERSHIP, S1, COMMON, since=5)


@record(Rules(family=Family.NETWORK, below=("network",)))
class Membership:
    """A membership in the network above it; the network's custodian writes it."""

    organisation: Text = reference(N_("Organisation"), IN_MEMBERSHIP)
    role: Text = code(MEMBER_ROLES, N_("Role"), IN_MEMBERSHIP)
    contact: Text = reference(N_("Contact person"), IN_MEMBERSHIP)
    deputy: Text = reference(N_("Deputy"), IN_MEMBERSHIP)
    begins: Day = day(N_("Member since"), IN_MEMBERSHIP)
    ends: Day = day(N_("Member until"), IN_MEMBERSHIP)
    mandate: Texts = localized_text(N_("Mandate"), IN_MEMBERSHIP)
    from_start: YesNo = yes_no(
        N_("Sees work from before it joined"),
        IN_MEMBERSHIP,
        help=N_(
            "Without this, a member sees no meeting, agreement, project or activity that began "
            "before its membership."
        ),
    )


SUGGESTION = Section("suggestion", N_("Suggestion"))


IN_SUGGESTION = Terms(SUGGESTION, S1, COMMON, since=5)


@record(
    Rules(family=Family.SUGGESTION, below=("organisation", "contact", "phone"), named=("state",))
)
class Suggestion:
    """A suggested value for a field of the entry above it; it never changes the entry itself.

    `key` is the field. Whoever answers for the entry sets `state`.
    """

    key: Text = text(N_("Field"), IN_SUGGESTION)
    value: Text = text(N_("Suggested value"), IN_SUGGESTION)
    why: Text = text(N_("Why"), IN_SUGGESTION)
    by: Text = reference(N_("Suggested by"), IN_SUGGESTION)
    state: Text = code(SUGGESTION_STATES, N_("Decision"), IN_SUGGESTION)


ENTRY_CHECK = Section("entry_check", N_("Check of an entry"))


IN_ENTRY_CHECK = Terms(ENTRY_CHECK, S1, COMMON, since=5)


@record(Rules(family=Family.DIRECTORY, below=("organisation", "contact", "phone")))
class EntryCheck:
    """A check of the organisation above it (ORServices: session), and what came of it."""

    when: Moment = zoned_time(N_("Checked at"), IN_ENTRY_CHECK)
    how: Text = code(CHECK_METHODS, N_("How it was checked"), IN_ENTRY_CHECK)
    outcome: Text = code(CHECK_OUTCOMES, N_("Outcome"), IN_ENTRY_CHECK)
    by: Text = text(N_("Checked by"), IN_ENTRY_CHECK, to=DESK)
