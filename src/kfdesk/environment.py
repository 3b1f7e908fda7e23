# SPDX-License-Identifier: GPL-3.0-or-later
"""The environment of a run, which differs in tests: clock, randomness, KDF cost, state folder.

The entry point passes it down. No other module reads a clock or draws random numbers
itself.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kfdesk.system.clock import SystemClock

if TYPE_CHECKING:
    from kfdesk.services.core.session import Clock
    from kfdesk.storage.key_slots import KdfCost


@dataclass(frozen=True, slots=True)
class Environment:
    """The environment of a session: clock, randomness, KDF cost and state folder.

    Without a `cost` the KDF cost is measured on this machine. `state` is the folder that
    remembers the last seen version of each store; None remembers nothing.
    """

    clock: "Clock" = field(default_factory=SystemClock)
    random: Callable[[int], bytes] = os.urandom
    cost: "KdfCost | None" = None
    state: Path | None = None
