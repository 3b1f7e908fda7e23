# SPDX-License-Identifier: GPL-3.0-or-later
"""Wrong on purpose, for a run of other tests (`-p`): what came last is held for all there is.

Loaded before anything that joins states, so that everything that joins them does it wrongly.
"""

from kfdesk.domain import writes
from kfdesk.domain.writes import State


def _last(ours: State, theirs: State) -> State:
    return theirs


writes.join = _last
writes.join_beside = _last
