# SPDX-License-Identifier: GPL-3.0-or-later
"""An organisation of the directory (HSDS: organization).

Its address never leaves the desk, whatever anybody consents to.
"""

from kfdesk.domain.codes import CONFIDENTIALITY
from kfdesk.domain.schema import N_, Group, Level, Section, code, record, text
from kfdesk.domain.values import Gap
from kfdesk.domain.world import COUNTRIES

ORGANISATION = Section("organisation", N_("Organisation"))
DIRECTORY, DESK = Group.DIRECTORY, Group.DESK
S0, S1, S4 = Level.S0, Level.S1, Level.S4


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
