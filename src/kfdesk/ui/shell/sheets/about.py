# SPDX-License-Identifier: GPL-3.0-or-later
"""About the program: its version and licence, and honestly what nobody can promise.

The same things stand in `docs/promises.md`, in more words; a change there is a change here.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from kfdesk.domain.desk.release import RELEASED, VERSION
from kfdesk.domain.schema import N_
from kfdesk.ui import icons
from kfdesk.ui.kit import Kit
from kfdesk.ui.shell.sheets.floating import Sheet
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.widgets.label import Icon, Label
from kfdesk.ui.widgets.panel import line

_WIDTH = 640
_NOT_PROMISED = (
    N_("A weak passphrase protects little. Six drawn words are strong; a name and a year are not."),
    N_("What is on the screen can be seen and photographed, and a laptop left open shows it."),
    N_("A spying program on this computer sees what you see."),
    N_("All users of one store share its key: roles are rules of this program alone."),
    N_("A stick with the store is only as safe as the computers in which it is opened."),
    N_("A printer and a print server may keep a copy of what was printed."),
    N_("Erased files may remain on an SSD, in a backup or in a snapshot."),
    N_("A partner can be asked to erase what it was sent, but not made to."),
    N_("That no listed word was found on a paper does not make the paper safe."),
)


class About(Sheet):
    """The sheet. `parts_asked` is for those who want to know what the program is made of."""

    parts_asked = Signal()

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, N_("About this program"), "notebook-text")
        self.setMaximumWidth(_WIDTH)
        what = N_(
            "Plans for a safe return, and the contacts needed for them: encrypted on this "
            "computer, without the internet, exchanged by files."
        )
        self.body.addWidget(Label(kit, what).wrapped())
        version = Label(kit, style=Type.SMALL, tone=Tone.MUTED).wrapped()
        version.tell(
            N_("Version {version}, {date}. Free software: GPL-3.0 or later."),
            version=lambda _: VERSION,
            date=lambda language: language.day(RELEASED, year=True),
        )
        self.body.addWidget(version)
        build = Label(kit, style=Type.SMALL, tone=Tone.MUTED).wrapped()
        if kit.program.build:
            build.tell(N_("Build {number}."), number=lambda _: kit.program.build)
        else:
            build.tell(N_("It runs from its source, not from a package."))
        self.body.addWidget(build)
        parts = Button(kit, N_("Parts and licences"), "files")
        parts.clicked.connect(self.parts_asked)
        self.parts = parts
        self.body.addWidget(parts, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addSpacing(4)
        self.body.addWidget(line())
        self.body.addSpacing(4)
        self.body.addWidget(Label(kit, N_("What cannot be promised"), Type.STRONG))
        for sentence in _NOT_PROMISED:
            row = QHBoxLayout()
            row.setSpacing(10)
            sign = Icon(kit, "triangle-alert", Tone.WARNING, icons.MEDIUM)
            row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(Label(kit, sentence).wrapped(), 1)
            self.body.addLayout(row)
        self.close_by(N_("Close"), "x")
