# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory: organisations (HSDS: organization), their people, telephones and networks.

A branch that answers by itself is an entry of its own that is `part_of` another. The
address never leaves this store, whatever consent there is; nor do internal notes about
an entry. The records of a network are about no client: its members get them without a
consent. So none of them holds personal data above S1.
"""

from datetime import date

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
from kfdesk.domain.schema import (
    DataGroup,
    Section,
    SensitivityLevel,
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
from kfdesk.domain.values import LocalizedText, MissingAnswer, PartialDate, ZonedTime

CONTACT_PERSON = Section("contact_person", N_("Contact person"))
DIRECTORY = DataGroup.DIRECTORY
DESK = DataGroup.DESK
S1 = SensitivityLevel.S1
S2 = SensitivityLevel.S2


@record
class Contact:
    """A contact person; surname and private number stay in this store."""

    given_name: str | MissingAnswer | None = text(
        N_("First name"), CONTACT_PERSON, level=S1, to=DIRECTORY, since=1
    )
    family_name: str | MissingAnswer | None = text(
        N_("Surname"), CONTACT_PERSON, level=S2, to=DESK, since=1
    )
    organisation: str | MissingAnswer | None = reference(
        N_("Works for"), CONTACT_PERSON, level=S1, to=DIRECTORY, since=1
    )
    confidentiality: str | MissingAnswer | None = code(
        CONFIDENTIALITY, N_("Who may see this"), CONTACT_PERSON, level=S1, to=DIRECTORY, since=1
    )
    phone: str | MissingAnswer | None = text(
        N_("Own phone"), CONTACT_PERSON, level=S2, to=DESK, since=1
    )
    role: str | MissingAnswer | None = text(
        N_("Position"), CONTACT_PERSON, level=S1, to=DIRECTORY, since=2
    )
    email: str | MissingAnswer | None = text(
        N_("Own e-mail"), CONTACT_PERSON, level=S2, to=DESK, since=2
    )
    note: str | MissingAnswer | None = text(
        N_("Our own notes"), CONTACT_PERSON, level=S2, to=DESK, since=2
    )
    may_be_shared: bool | MissingAnswer | None = yes_no(
        N_("Agrees to be named to others"),
        CONTACT_PERSON,
        level=S1,
        to=DESK,
        since=5,
        help=N_(
            "Ask the person first. Without their agreement, no file and no paper for "
            "others names them."
        ),
    )


PHONE = Section("phone", N_("Phone"))
S0 = SensitivityLevel.S0


@record
class Phone:
    """A number with its hours and who may see it."""

    number: str | MissingAnswer | None = text(N_("Phone"), PHONE, level=S0, to=DIRECTORY, since=2)
    hours: LocalizedText | MissingAnswer | None = localized_text(
        N_("When it answers, in which language"), PHONE, level=S0, to=DIRECTORY, since=2
    )
    languages: tuple[str, ...] | MissingAnswer | None = code_set(
        LANGUAGES, N_("Languages spoken"), PHONE, level=S0, to=DIRECTORY, since=2
    )
    confidentiality: str | MissingAnswer | None = code(
        CONFIDENTIALITY, N_("Who may see this"), PHONE, level=S1, to=DIRECTORY, since=2
    )
    is_safe: bool | MissingAnswer | None = yes_no(
        N_("May be called about clients"), PHONE, level=S1, to=DIRECTORY, since=2
    )


ORGANISATION = Section("organisation", N_("Organisation"))
S4 = SensitivityLevel.S4
Codes = tuple[str, ...] | MissingAnswer | None


@record
class Organisation:
    """An organisation; its `confidentiality` decides who may see its directory fields."""

    name: str | MissingAnswer | None = text(
        N_("Name"), ORGANISATION, level=S0, to=DIRECTORY, since=1
    )
    country: str | MissingAnswer | None = code(
        COUNTRIES, N_("Country"), ORGANISATION, level=S0, to=DIRECTORY, since=1
    )
    confidentiality: str | MissingAnswer | None = code(
        CONFIDENTIALITY, N_("Who may see this"), ORGANISATION, level=S1, to=DIRECTORY, since=1
    )
    address: str | MissingAnswer | None = text(
        N_("Address"), ORGANISATION, level=S4, to=DESK, since=1
    )
    other_name: str | MissingAnswer | None = text(
        N_("Other name"), ORGANISATION, level=S0, to=DIRECTORY, since=2
    )
    part_of: str | MissingAnswer | None = reference(
        N_("Part of"), ORGANISATION, level=S1, to=DIRECTORY, since=2
    )
    city: str | MissingAnswer | None = text(
        N_("Town"), ORGANISATION, level=S1, to=DIRECTORY, since=2
    )
    email: str | MissingAnswer | None = text(
        N_("E-mail"), ORGANISATION, level=S0, to=DIRECTORY, since=2
    )
    website: str | MissingAnswer | None = text(
        N_("Website"), ORGANISATION, level=S0, to=DIRECTORY, since=2
    )
    services: Codes = code_set(
        SERVICES, N_("Services"), ORGANISATION, level=S0, to=DIRECTORY, since=2
    )
    offers: str | MissingAnswer | None = text(
        N_("Services in their own words"), ORGANISATION, level=S0, to=DIRECTORY, since=2
    )
    populations: Codes = code_set(
        POPULATIONS, N_("For whom"), ORGANISATION, level=S0, to=DIRECTORY, since=2
    )
    languages: Codes = code_set(
        LANGUAGES, N_("Languages spoken"), ORGANISATION, level=S0, to=DIRECTORY, since=2
    )
    hours: str | MissingAnswer | None = text(
        N_("Opening hours"), ORGANISATION, level=S0, to=DIRECTORY, since=2
    )
    networks: Codes = code_set(
        NETWORKS, N_("Networks"), ORGANISATION, level=S1, to=DIRECTORY, since=2
    )
    contact_risk: str | MissingAnswer | None = code(
        CONTACT_RISK, N_("Risk of contacting them"), ORGANISATION, level=S1, to=DIRECTORY, since=2
    )
    front_door: str | MissingAnswer | None = reference(
        N_("Public contact point"), ORGANISATION, level=S1, to=DIRECTORY, since=2
    )
    verification: str | MissingAnswer | None = code(
        VERIFICATION, N_("How it was checked"), ORGANISATION, level=S1, to=DESK, since=2
    )
    checked: date | PartialDate | MissingAnswer | None = day(
        N_("Last checked"), ORGANISATION, level=S1, to=DESK, since=2
    )
    checked_by: str | MissingAnswer | None = text(
        N_("Checked by"), ORGANISATION, level=S1, to=DESK, since=2
    )
    note: str | MissingAnswer | None = text(
        N_("Our own notes"), ORGANISATION, level=S1, to=DESK, since=2
    )
    actor_type: str | MissingAnswer | None = code(
        ACTOR_TYPES, N_("Type of organisation"), ORGANISATION, level=S0, to=DIRECTORY, since=5
    )
    eligibility: str | MissingAnswer | None = text(
        N_("Who may come"), ORGANISATION, level=S0, to=DIRECTORY, since=5
    )
    fees: str | MissingAnswer | None = text(
        N_("What it costs"), ORGANISATION, level=S0, to=DIRECTORY, since=5
    )
    application: str | MissingAnswer | None = text(
        N_("How to ask for help"), ORGANISATION, level=S0, to=DIRECTORY, since=5
    )
    area: str | MissingAnswer | None = text(
        N_("Area served"), ORGANISATION, level=S0, to=DIRECTORY, since=5
    )
    interpretation: str | MissingAnswer | None = text(
        N_("Interpreters"), ORGANISATION, level=S0, to=DIRECTORY, since=5
    )
    accessibility: str | MissingAnswer | None = text(
        N_("Accessibility"), ORGANISATION, level=S0, to=DIRECTORY, since=5
    )
    alert: str | MissingAnswer | None = text(
        N_("Notice to all readers"), ORGANISATION, level=S0, to=DIRECTORY, since=5
    )
    round_the_clock: bool | MissingAnswer | None = yes_no(
        N_("Open round the clock"), ORGANISATION, level=S0, to=DIRECTORY, since=5
    )
    case_number_needed: bool | MissingAnswer | None = yes_no(
        N_("Asks for a case number"), ORGANISATION, level=S0, to=DIRECTORY, since=5
    )


NETWORK = Section("network", N_("Network"))
COMMON = DataGroup.COMMON
Day = date | PartialDate | MissingAnswer | None


@record
class Network:
    """A network of organisations; `shares` is what its members let each other have.

    `we_share` is this desk's own decision: of what the network shares, what may leave here.
    """

    title: LocalizedText | MissingAnswer | None = localized_text(
        N_("Name of the network"), NETWORK, level=S0, to=COMMON, since=5
    )
    level: str | MissingAnswer | None = code(
        NETWORK_LEVELS, N_("Reach"), NETWORK, level=S0, to=COMMON, since=5
    )
    purpose: LocalizedText | MissingAnswer | None = localized_text(
        N_("What it is for"), NETWORK, level=S0, to=COMMON, since=5
    )
    begins: Day = day(N_("Since"), NETWORK, level=S0, to=COMMON, since=5)
    ends: Day = day(N_("Until"), NETWORK, level=S0, to=COMMON, since=5)
    coordinator: str | MissingAnswer | None = reference(
        N_("Coordinated by"), NETWORK, level=S1, to=COMMON, since=5
    )
    shares: Codes = code_set(
        SHARED_SORTS, N_("Shared among members"), NETWORK, level=S1, to=COMMON, since=5
    )
    confidentiality: str | MissingAnswer | None = code(
        CONFIDENTIALITY, N_("Who may see this"), NETWORK, level=S1, to=COMMON, since=5
    )
    we_share: Codes = code_set(
        SHARED_SORTS, N_("What we share with the members"), NETWORK, level=S1, to=DESK, since=5
    )


MEMBERSHIP = Section("membership", N_("Membership"))


@record
class Membership:
    """A membership in the network above it; the network's custodian writes it."""

    organisation: str | MissingAnswer | None = reference(
        N_("Organisation"), MEMBERSHIP, level=S1, to=COMMON, since=5
    )
    role: str | MissingAnswer | None = code(
        MEMBER_ROLES, N_("Role"), MEMBERSHIP, level=S1, to=COMMON, since=5
    )
    contact: str | MissingAnswer | None = reference(
        N_("Contact person"), MEMBERSHIP, level=S1, to=COMMON, since=5
    )
    deputy: str | MissingAnswer | None = reference(
        N_("Deputy"), MEMBERSHIP, level=S1, to=COMMON, since=5
    )
    begins: Day = day(N_("Member since"), MEMBERSHIP, level=S1, to=COMMON, since=5)
    ends: Day = day(N_("Member until"), MEMBERSHIP, level=S1, to=COMMON, since=5)
    mandate: LocalizedText | MissingAnswer | None = localized_text(
        N_("Mandate"), MEMBERSHIP, level=S1, to=COMMON, since=5
    )
    from_start: bool | MissingAnswer | None = yes_no(
        N_("Sees work from before it joined"), MEMBERSHIP, level=S1, to=COMMON, since=5,
        help=N_(
            "Without this, a member sees no meeting, agreement, project or activity that began "
            "before its membership."
        ),
    )  # fmt: skip


SUGGESTION = Section("suggestion", N_("Suggestion"))


@record
class Suggestion:
    """A suggested value for a field of the entry above it; it never changes the entry itself.

    `key` is the field. Whoever answers for the entry sets `state`.
    """

    key: str | MissingAnswer | None = text(N_("Field"), SUGGESTION, level=S1, to=COMMON, since=5)
    value: str | MissingAnswer | None = text(
        N_("Suggested value"), SUGGESTION, level=S1, to=COMMON, since=5
    )
    why: str | MissingAnswer | None = text(N_("Why"), SUGGESTION, level=S1, to=COMMON, since=5)
    by: str | MissingAnswer | None = reference(
        N_("Suggested by"), SUGGESTION, level=S1, to=COMMON, since=5
    )
    state: str | MissingAnswer | None = code(
        SUGGESTION_STATES, N_("Decision"), SUGGESTION, level=S1, to=COMMON, since=5
    )


ENTRY_CHECK = Section("entry_check", N_("Check of an entry"))


@record
class EntryCheck:
    """A check of the organisation above it (ORServices: session), and what came of it."""

    when: ZonedTime | MissingAnswer | None = zoned_time(
        N_("Checked at"), ENTRY_CHECK, level=S1, to=COMMON, since=5
    )
    how: str | MissingAnswer | None = code(
        CHECK_METHODS, N_("How it was checked"), ENTRY_CHECK, level=S1, to=COMMON, since=5
    )
    outcome: str | MissingAnswer | None = code(
        CHECK_OUTCOMES, N_("Outcome"), ENTRY_CHECK, level=S1, to=COMMON, since=5
    )
    by: str | MissingAnswer | None = text(N_("Checked by"), ENTRY_CHECK, level=S1, to=DESK, since=5)
