# SPDX-License-Identifier: GPL-3.0-or-later
"""What a first run is handed: lists of words, chance, the rule for names, and what makes a store.

Everything from outside the window comes in here, so that the pages know neither files nor keys.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from kfdesk.services.desk import House
from kfdesk.services.sharing.inviting import Invitation
from kfdesk.ui.pages.keys.paper import Prints


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the steps have gathered; a step that asks for more adds its answer here.

    `recovery` is the recovery key as it was typed back, empty where none is wanted.
    """

    name: str
    initials: str
    passphrase: str = field(repr=False)
    recovery: str = field(default="", repr=False)
    organisation: bytes | None = field(default=None, repr=False)

    @property
    def house(self) -> House:
        """Whose desk it is to be; `organisation` where the house has a laptop already."""
        return House(self.name, self.organisation)


@dataclass(frozen=True, slots=True)
class Founding:
    """The means of a first run.

    `words` gives the list of a language's code. `random` gives so many random bytes. `is_name`
    says whether a card may carry a name. `create` makes the store that is wanted
    on the worker's thread; what it returns goes out with `FirstRun.created`, and it
    raises KfdeskError where it cannot. `prints` makes the paper of a recovery key; without it the
    key is copied by hand alone. `look` reads the invitation in a folder, on the worker's thread.
    `example` opens an invented desk in a window of its own, which touches nothing else.
    """

    words: Callable[[str], tuple[str, ...]] = field(repr=False)
    random: Callable[[int], bytes] = field(repr=False)
    is_name: Callable[[str], bool]
    create: Callable[[Wanted], object]
    prints: Prints | None = field(default=None, repr=False)
    look: Callable[[Path], Invitation] | None = field(default=None, repr=False)
    example: Callable[[], None] | None = field(default=None, repr=False)
