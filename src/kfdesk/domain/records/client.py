# SPDX-License-Identifier: GPL-3.0-or-later
"""The client: the person whose plan this is.

Nothing here is required: an alias is enough, and not asked, unknown and declined are answers.
"""

from datetime import date

from kfdesk.domain.lists.case_codes import AGE_BAND
from kfdesk.domain.lists.htcds import EDUCATION, GENDER, MARITAL_STATUS
from kfdesk.domain.schema import (
    N_,
    Group,
    Level,
    Section,
    code_set,
    day,
    number,
    record,
    text,
    told,
    yes_no,
)
from kfdesk.domain.schema import code as one_of  # the client's own field is called code
from kfdesk.domain.values import About, Gap, Told
from kfdesk.domain.world import COUNTRIES, LANGUAGES

PERSON = Section("person", N_("Person"))
IDENTITY, CONTACT, DESK = Group.IDENTITY, Group.CONTACT, Group.DESK
FAMILY, REINTEGRATION = Group.CHILDREN_FAMILY, Group.REINTEGRATION_PLAN
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
    other_names: str | Gap | None = text(N_("Other names"), PERSON, level=S2, to=IDENTITY, since=2)
    gender: str | Gap | None = one_of(GENDER, N_("Gender"), PERSON, level=S2, to=IDENTITY, since=2)
    age_band: str | Gap | None = one_of(AGE_BAND, N_("Age"), PERSON, level=S2, to=IDENTITY, since=2)
    age_disputed: bool | Gap | None = yes_no(
        N_("Her age is in doubt"), PERSON, level=S2, to=IDENTITY, since=2
    )
    citizenship: tuple[str, ...] | Gap | None = code_set(
        COUNTRIES, N_("Citizenship"), PERSON, level=S2, to=IDENTITY, since=2
    )
    needs_interpreter: bool | Gap | None = yes_no(
        N_("Needs an interpreter"), PERSON, level=S2, to=CONTACT, since=2
    )
    marital_status: str | Gap | None = one_of(
        MARITAL_STATUS, N_("Marital status"), PERSON, level=S2, to=FAMILY, since=2
    )
    number_of_children: int | Gap | None = number(
        N_("Number of children"), PERSON, level=S2, to=FAMILY, since=2
    )
    education: str | Gap | None = one_of(
        EDUCATION, N_("Education"), PERSON, level=S2, to=REINTEGRATION, since=2
    )
    identity_number: str | Gap | None = text(
        N_("Identity number"),
        PERSON,
        level=S2,
        to=IDENTITY,
        since=2,
        help=N_("Only if something cannot be done without it."),
    )
    phone: str | Gap | None = text(
        N_("Number on which she can be reached"),
        PERSON,
        level=S4,
        to=CONTACT,
        since=2,
        help=N_("How to reach her safely is always read first."),
    )
