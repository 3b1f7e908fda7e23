# SPDX-License-Identifier: GPL-3.0-or-later
"""Wrong on purpose, for a run of other tests (`-p`): what came last is held for all there is.

Loaded before anything that joins states, so that everything that joins them does it wrongly.
"""

from kfdesk.domain import registers
from kfdesk.domain.registers import RecordState


def _last(ours: RecordState, theirs: RecordState) -> RecordState:
    return theirs


registers.merge_states = _last
registers.merge_beside = _last
