# SPDX-License-Identifier: GPL-3.0-or-later
"""Every place one can come to in the window, in one list, in the order of a life with it.

A stop brings the window there and says nothing of what should be seen; the walk judges it. A new
page, card or sheet needs a stop: a test names the classes of widgets that no stop shows.
"""

from tests.gui.walk_desk import OPEN
from tests.gui.walk_door import BEFORE
from tests.gui.walk_world import Stop

STOPS: tuple[Stop, ...] = (*BEFORE, *OPEN)
