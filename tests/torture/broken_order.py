# SPDX-License-Identifier: GPL-3.0-or-later
"""Wrong on purpose, for a run of other tests (`-p`): nothing is believed to have arrived.

What a partner says of our files is read and forgotten, so that the order of files is another.
"""

from kfdesk.domain.exchange import ReceivedBundle
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import sequence


def _forget(desk: Session, taken: ReceivedBundle, *, is_other: bool) -> bool:
    del desk, taken, is_other
    return False


sequence._record_acknowledged = _forget
