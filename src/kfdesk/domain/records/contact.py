# SPDX-License-Identifier: GPL-3.0-or-later
"""A person of the directory (HSDS: contact), such as an escort or a receiving contact.

A worker's surname and own number stay at the desk; papers carry the first name alone.
"""

from kfdesk.domain.codes import CONFIDENTIALITY
from kfdesk.domain.schema import N_, Group, Level, Section, code, record, reference, text
from kfdesk.domain.values import Gap

CONTACT_PERSON = Section("contact_person", N_("Contact person"))
DIRECTORY, DESK = Group.DIRECTORY, Group.DESK
S1, S2 = Level.S1, Level.S2


@record
class Contact:
    """A contact person; surname and private number stay at the desk."""

    given_name: str | Gap | None = text(
        N_("First name"), CONTACT_PERSON, level=S1, to=DIRECTORY, since=1
    )
    family_name: str | Gap | None = text(N_("Surname"), CONTACT_PERSON, level=S2, to=DESK, since=1)
    organisation: str | Gap | None = reference(
        N_("Works for"), CONTACT_PERSON, level=S1, to=DIRECTORY, since=1
    )
    confidentiality: str | Gap | None = code(
        CONFIDENTIALITY, N_("Who may see this"), CONTACT_PERSON, level=S1, to=DIRECTORY, since=1
    )
    phone: str | Gap | None = text(N_("Own telephone"), CONTACT_PERSON, level=S2, to=DESK, since=1)
    role: str | Gap | None = text(N_("Position"), CONTACT_PERSON, level=S1, to=DIRECTORY, since=2)
    email: str | Gap | None = text(N_("Own e-mail"), CONTACT_PERSON, level=S2, to=DESK, since=2)
    note: str | Gap | None = text(
        N_("Notes of this desk"), CONTACT_PERSON, level=S2, to=DESK, since=2
    )
