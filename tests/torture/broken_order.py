# SPDX-License-Identifier: GPL-3.0-or-later
"""Wrong on purpose, for a run of other tests (`-p`): nothing is believed to have arrived.

What a partner says of our files is read and forgotten, so that the order of files is another.
"""

from kfdesk.domain.desk.exchange import Taken
from kfdesk.services.desk import Desk
from kfdesk.services.sharing import order


def _forget(desk: Desk, taken: Taken, *, is_restored: bool) -> None:
    del desk, taken, is_restored


order._note_arrived = _forget
