# SPDX-License-Identifier: GPL-3.0-or-later
"""A telephone of an organisation, child of it (HSDS: phone).

`is_safe` numbers may be called about a client; the others may not be used for that.
"""

from kfdesk.domain.codes import CONFIDENTIALITY
from kfdesk.domain.schema import (
    N_,
    Group,
    Level,
    Section,
    code,
    code_set,
    record,
    text,
    told,
    yes_no,
)
from kfdesk.domain.values import Gap, Told
from kfdesk.domain.world import LANGUAGES

PHONE = Section("phone", N_("Telephone"))
DIRECTORY = Group.DIRECTORY
S0, S1 = Level.S0, Level.S1


@record
class Phone:
    """A number with its hours and who may be told of it."""

    number: str | Gap | None = text(N_("Telephone"), PHONE, level=S0, to=DIRECTORY, since=2)
    hours: Told | Gap | None = told(
        N_("When it answers, in which language"), PHONE, level=S0, to=DIRECTORY, since=2
    )
    languages: tuple[str, ...] | Gap | None = code_set(
        LANGUAGES, N_("Languages spoken"), PHONE, level=S0, to=DIRECTORY, since=2
    )
    confidentiality: str | Gap | None = code(
        CONFIDENTIALITY, N_("Who may see this"), PHONE, level=S1, to=DIRECTORY, since=2
    )
    is_safe: bool | Gap | None = yes_no(
        N_("May be called about a client"), PHONE, level=S1, to=DIRECTORY, since=2
    )
