# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs between a real run and a test: clock, randomness, cost of a passphrase, state.

Handed down from where the program starts; nothing reads a clock or draws a number elsewhere.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kfdesk.system.clock import SystemClock

if TYPE_CHECKING:
    from kfdesk.services.desk import Clock
    from kfdesk.storage.slots import Cost


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine a desk works on; without a cost the passphrase takes what it can afford.

    `state` is the folder in which it remembers what it saw last of each store; None remembers
    nothing.
    """

    clock: "Clock" = field(default_factory=SystemClock)
    random: Callable[[int], bytes] = os.urandom
    cost: "Cost | None" = None
    state: Path | None = None
