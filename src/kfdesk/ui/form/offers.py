# SPDX-License-Identifier: GPL-3.0-or-later
"""What a page hands to a form's editors, because they read no store.

Only values: nothing here asks a service, and a form without offers works, only with less help.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kfdesk.i18n.places import Places
from kfdesk.ui.form.parts.pick import Options, Seeker
from kfdesk.ui.words import Message


@dataclass(frozen=True, slots=True)
class Offers:
    """What there is to offer: all of it may be left out.

    `references` by field key; `languages` that a told text is wanted in; `zone` of a time that
    has none yet; `readers` by field key: who may receive the value; `seekers` by field key: what
    finds by typing those whom the list of `references` is too short for.
    """

    references: Mapping[str, Options] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    zone: str = "Europe/Stockholm"
    places: Places | None = None
    readers: Mapping[str, Message] = field(default_factory=dict)
    seekers: Mapping[str, Seeker] = field(default_factory=dict)
