# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults that nobody asked for: how loud each is said, and the sheet for those that stop work.

The one place that decides by a fault's code. What a page can go on with stands in a banner over
it; what one asked for oneself is told in passing; what makes all further work doubtful lies over
everything until it is read.
"""

from enum import Enum

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.schema import N_
from kfdesk.ui.kit import Kit
from kfdesk.ui.shell.sheets.floating import Sheet
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.label import Label

_WIDTH = 520
_STOPPING = frozenset(
    {
        "store.damaged",
        "store.disk",
        "store.in_use",
        "store.missing",
        "store.newer",
        "store.no_cipher",
        "store.read_only",
        "store.unreadable",
        "store.wrong_key",
    }
)
_ASKED_FOR = frozenset({"work.cancelled"})


class Voice(Enum):
    """How loud a fault is said."""

    SHEET = "sheet"
    BANNER = "banner"
    PASSING = "passing"


def voice_of(fault: KfdeskError) -> Voice:
    """How a fault is said that no page has asked for."""
    if fault.code in _STOPPING:
        return Voice.SHEET
    return Voice.PASSING if fault.code in _ASKED_FOR else Voice.BANNER


class FaultSheet(Sheet):
    """What is so, what to do, and one button."""

    def __init__(self, kit: Kit, fault: KfdeskError) -> None:
        faults = kit.faults
        super().__init__(
            kit, lambda language: faults(fault, language)[0], "octagon-alert", Tone.DANGER
        )
        self.code = fault.code
        self.setMaximumWidth(_WIDTH)
        remedy = Label(kit).wrapped()
        remedy.tell(lambda language: faults(fault, language)[1])
        self.body.addWidget(remedy)
        self.close_by(N_("I have read this"))
