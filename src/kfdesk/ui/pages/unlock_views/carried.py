# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands before a store that is carried on a stick: where it lies, and where not to open it.

The door and the first run both show it, because what is typed there is what a strange computer
would want. Where the stick is, is not known here.
"""

from kfdesk.domain.marks import N_
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.panel import Banner

_WIDTH = 640


def carried_warning(kit: Kit) -> Banner:
    """The warning; hidden where the program is installed on the computer."""
    banner = Banner(kit, Tone.WARNING, "triangle-alert")
    banner.setMaximumWidth(_WIDTH)
    banner.tell(
        N_("Program and store lie together on this stick."),
        N_(
            "Open it only on a computer that you trust: another one can copy the stick and read "
            "what you type. Close the window before you pull the stick out, and keep a backup "
            "in another place. An older copy of the whole stick is not noticed."
        ),
    )
    if not kit.program.is_portable:
        banner.hide()
    return banner
