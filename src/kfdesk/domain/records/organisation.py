# SPDX-License-Identifier: GPL-3.0-or-later
"""An organisation of the directory (HSDS: organization), or one of its places.

A place that answers by itself is an entry of its own that is `part_of` another. The address never
leaves the desk, whatever anybody consents to; nor does what this desk notes about an entry.
"""

from datetime import date

from kfdesk.domain.codes import CONFIDENTIALITY
from kfdesk.domain.lists.directory_codes import (
    CONTACT_RISK,
    NETWORKS,
    POPULATIONS,
    SERVICES,
    VERIFICATION,
)
from kfdesk.domain.schema import (
    N_,
    Group,
    Level,
    Section,
    code,
    code_set,
    day,
    record,
    reference,
    text,
)
from kfdesk.domain.values import About, Gap
from kfdesk.domain.world import COUNTRIES, LANGUAGES

ORGANISATION = Section("organisation", N_("Organisation"))
DIRECTORY, DESK = Group.DIRECTORY, Group.DESK
S0, S1, S4 = Level.S0, Level.S1, Level.S4
Codes = tuple[str, ...] | Gap | None


@record
class Organisation:
    """An organisation; its `confidentiality` decides who may see the directory's fields."""

    name: str | Gap | None = text(N_("Name"), ORGANISATION, level=S0, to=DIRECTORY, since=1)
    country: str | Gap | None = code(
        COUNTRIES, N_("Country"), ORGANISATION, level=S0, to=DIRECTORY, since=1
    )
    confidentiality: str | Gap | None = code(
        CONFIDENTIALITY, N_("Who may see this"), ORGANISATION, level=S1, to=DIRECTORY, since=1
    )
    address: str | Gap | None = text(N_("Address"), ORGANISATION, level=S4, to=DESK, since=1)
    other_name: str | Gap | None = text(
        N_("Other name"), ORGANISATION, level=S0, to=DIRECTORY, since=2
    )
    part_of: str | Gap | None = reference(
        N_("Part of"), ORGANISATION, level=S1, to=DIRECTORY, since=2
    )
    city: str | Gap | None = text(N_("Town"), ORGANISATION, level=S1, to=DIRECTORY, since=2)
    email: str | Gap | None = text(N_("E-mail"), ORGANISATION, level=S0, to=DIRECTORY, since=2)
    website: str | Gap | None = text(N_("Website"), ORGANISATION, level=S0, to=DIRECTORY, since=2)
    services: Codes = code_set(
        SERVICES, N_("Services"), ORGANISATION, level=S0, to=DIRECTORY, since=2
    )
    offers: str | Gap | None = text(
        N_("Services in their words"), ORGANISATION, level=S0, to=DIRECTORY, since=2
    )
    populations: Codes = code_set(
        POPULATIONS, N_("For whom"), ORGANISATION, level=S0, to=DIRECTORY, since=2
    )
    languages: Codes = code_set(
        LANGUAGES, N_("Languages spoken"), ORGANISATION, level=S0, to=DIRECTORY, since=2
    )
    hours: str | Gap | None = text(
        N_("Opening hours"), ORGANISATION, level=S0, to=DIRECTORY, since=2
    )
    networks: Codes = code_set(
        NETWORKS, N_("Networks"), ORGANISATION, level=S1, to=DIRECTORY, since=2
    )
    contact_risk: str | Gap | None = code(
        CONTACT_RISK, N_("Risk of being in touch"), ORGANISATION, level=S1, to=DIRECTORY, since=2
    )
    front_door: str | Gap | None = reference(
        N_("Public contact point"), ORGANISATION, level=S1, to=DIRECTORY, since=2
    )
    verification: str | Gap | None = code(
        VERIFICATION, N_("How it was checked"), ORGANISATION, level=S1, to=DESK, since=2
    )
    checked: date | About | Gap | None = day(
        N_("Last checked"), ORGANISATION, level=S1, to=DESK, since=2
    )
    checked_by: str | Gap | None = text(N_("Checked by"), ORGANISATION, level=S1, to=DESK, since=2)
    note: str | Gap | None = text(
        N_("Notes of this desk"), ORGANISATION, level=S1, to=DESK, since=2
    )
