# SPDX-License-Identifier: GPL-3.0-or-later
"""A person close to the client, child of the client: family, partner, guardian.

Whether she or he travels along, may be told anything, or is a danger is said here; nothing of it
goes to anybody without the group children and family.
"""

from datetime import date

from kfdesk.domain.lists.case_codes import AGE_BAND, RELATIONSHIP_KIND
from kfdesk.domain.schema import N_, Group, Level, Section, code, day, record, text, yes_no
from kfdesk.domain.values import About, Gap

RELATIONSHIP = Section("relationship", N_("People in her life"))
FAMILY, DESK = Group.CHILDREN_FAMILY, Group.DESK
S2, S4 = Level.S2, Level.S4


@record
class Relationship:
    """Somebody in her life; `travels_with` counts as a traveller of the plan."""

    given_name: str | Gap | None = text(
        N_("Given name"), RELATIONSHIP, level=S2, to=FAMILY, since=2
    )
    kind: str | Gap | None = code(
        RELATIONSHIP_KIND, N_("Who it is"), RELATIONSHIP, level=S2, to=FAMILY, since=2
    )
    birth_date: date | About | Gap | None = day(
        N_("Date of birth"), RELATIONSHIP, level=S2, to=FAMILY, since=2
    )
    age_band: str | Gap | None = code(
        AGE_BAND, N_("Age"), RELATIONSHIP, level=S2, to=FAMILY, since=2
    )
    age_disputed: bool | Gap | None = yes_no(
        N_("The age is in doubt"), RELATIONSHIP, level=S2, to=FAMILY, since=3
    )
    travels_with: bool | Gap | None = yes_no(
        N_("Travels with her"), RELATIONSHIP, level=S2, to=FAMILY, since=2
    )
    is_risk: bool | Gap | None = yes_no(
        N_("Is a danger to her"), RELATIONSHIP, level=S4, to=DESK, since=2
    )
    contact_allowed: bool | Gap | None = yes_no(
        N_("May be contacted"), RELATIONSHIP, level=S2, to=FAMILY, since=2
    )
