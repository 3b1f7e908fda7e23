# SPDX-License-Identifier: GPL-3.0-or-later
"""The client: the person whose plan this is.

Nothing here is required: an alias is enough, and not asked, unknown and declined are answers.
"""

from datetime import date

from kfdesk.domain.schema import (
    N_,
    Group,
    Level,
    Section,
    code_set,
    day,
    record,
    text,
    told,
)
from kfdesk.domain.values import About, Gap, Told
from kfdesk.domain.world import LANGUAGES

PERSON = Section("person", N_("Person"))
IDENTITY, CONTACT, DESK = Group.IDENTITY, Group.CONTACT, Group.DESK
S2, S4 = Level.S2, Level.S4


@record
class Client:
    """A client; `code` is a speakable word and two digits without meaning."""

    code: str | Gap | None = text(N_("Code"), PERSON, level=S2, to=IDENTITY, since=1)
    alias: str | Gap | None = text(N_("Alias"), PERSON, level=S2, to=DESK, since=1)
    given_name: str | Gap | None = text(N_("Given name"), PERSON, level=S2, to=IDENTITY, since=1)
    family_name: str | Gap | None = text(N_("Family name"), PERSON, level=S2, to=IDENTITY, since=1)
    name_on_ticket: str | Gap | None = text(
        N_("Name as on the ticket"), PERSON, level=S2, to=IDENTITY, since=1
    )
    birth_date: date | About | Gap | None = day(
        N_("Date of birth"), PERSON, level=S2, to=IDENTITY, since=1
    )
    languages: tuple[str, ...] | Gap | None = code_set(
        LANGUAGES, N_("Languages"), PERSON, level=S2, to=IDENTITY, since=1
    )
    safe_contact: Told | Gap | None = told(
        N_("Safe ways to reach her"), PERSON, level=S4, to=CONTACT, since=1
    )
