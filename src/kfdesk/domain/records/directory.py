# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory: organisations (HSDS: organization), their people and telephones.

A branch that answers by itself is an entry of its own that is `part_of` another. The
address never leaves this store, whatever consent there is; nor do internal notes about
an entry.
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
from kfdesk.domain.codes.world import COUNTRIES, LANGUAGES
from kfdesk.domain.schema import (
    N_,
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
)
from kfdesk.domain.values import LocalizedText, MissingAnswer, PartialDate

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
        N_("Own telephone"), CONTACT_PERSON, level=S2, to=DESK, since=1
    )
    role: str | MissingAnswer | None = text(
        N_("Position"), CONTACT_PERSON, level=S1, to=DIRECTORY, since=2
    )
    email: str | MissingAnswer | None = text(
        N_("Own e-mail"), CONTACT_PERSON, level=S2, to=DESK, since=2
    )
    note: str | MissingAnswer | None = text(
        N_("Notes of this desk"), CONTACT_PERSON, level=S2, to=DESK, since=2
    )


PHONE = Section("phone", N_("Telephone"))
S0 = SensitivityLevel.S0


@record
class Phone:
    """A number with its hours and who may see it."""

    number: str | MissingAnswer | None = text(
        N_("Telephone"), PHONE, level=S0, to=DIRECTORY, since=2
    )
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
        N_("May be called about a client"), PHONE, level=S1, to=DIRECTORY, since=2
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
        N_("Services in their words"), ORGANISATION, level=S0, to=DIRECTORY, since=2
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
        CONTACT_RISK, N_("Risk of being in touch"), ORGANISATION, level=S1, to=DIRECTORY, since=2
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
        N_("Notes of this desk"), ORGANISATION, level=S1, to=DESK, since=2
    )
