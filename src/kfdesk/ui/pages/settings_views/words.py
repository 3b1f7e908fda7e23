# SPDX-License-Identifier: GPL-3.0-or-later
"""The words for roles: what each is called, and what it means for the one who holds it.

A new role has its words here; a test sees to that. What a role may do is decided in the domain.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from kfdesk.domain.desk.users import Role
from kfdesk.domain.marks import N_
from kfdesk.i18n.language import Language

ROLES: Mapping[Role, tuple[str, str]] = {
    Role.SHELTER_WORKER: (
        N_("Shelter worker"),
        N_("Sees and edits the plans they answer for, and prints for them."),
    ),
    Role.CASE_MANAGER: (
        N_("Case manager"),
        N_("Sees and edits all plans, exchanges with partners, sees figures."),
    ),
    Role.RETURN_COORDINATOR: (
        N_("Return coordinator"),
        N_("Sees and edits all plans, and exchanges with partners."),
    ),
    Role.APPROVER: (
        N_("Approver"),
        N_("Reads all plans, and approves what others have planned."),
    ),
    Role.DATA_PROTECTION_LEAD: (
        N_("Data protection lead"),
        N_("Reads all plans, and erases what must be erased."),
    ),
    Role.DIRECTORY_EDITOR: (
        N_("Directory editor"),
        N_("Keeps contacts and organisations in order. Needs no plan for that."),
    ),
    Role.STATISTICS_READER: (
        N_("Reader of figures"),
        N_("Sees counts, and nothing of a single person."),
    ),
    Role.ADMINISTRATOR: (
        N_("Administrator"),
        N_("Lets people in, looks after keys, restores backups. Needs no plan for that."),
    ),
}


def roles_text(roles: Collection[Role], language: Language) -> str:
    """`Case manager, administrator`, or that all roles are held."""
    if len(roles) == len(ROLES):
        return language.gettext(N_("All roles"))
    return ", ".join(language.gettext(ROLES[role][0]) for role in Role if role in roles)


def day_text(milliseconds: int, language: Language) -> str:
    """The day of a time, in this computer's zone."""
    return language.day(datetime.fromtimestamp(milliseconds / 1000).astimezone().date(), year=True)
