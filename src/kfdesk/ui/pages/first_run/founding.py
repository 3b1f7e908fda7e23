# SPDX-License-Identifier: GPL-3.0-or-later
"""What a first run is handed: lists of words, chance, the rule for names, and what makes a store.

Everything from outside the window comes in here, so that the pages know neither files nor keys.
"""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Founding:
    """The means of a first run.

    `words` gives the list of a language's code. `random` gives so many random bytes. `is_name`
    says whether a card may carry a name. `create` makes the store for name, initials and
    passphrase on the worker's thread; what it returns goes out with `FirstRun.created`, and it
    raises KfdeskError where it cannot.
    """

    words: Callable[[str], tuple[str, ...]] = field(repr=False)
    random: Callable[[int], bytes] = field(repr=False)
    is_name: Callable[[str], bool]
    create: Callable[[str, str, str], object]
