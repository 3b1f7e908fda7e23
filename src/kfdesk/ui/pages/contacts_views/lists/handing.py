# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of contacts that come and go as files: the buttons, the questions, what is dropped.

What is in a file, and what may leave in one, the services know; what it would do is shown by
`taking.py`.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

from kfdesk.domain.desk.users import Right
from kfdesk.domain.listing.kinds import FileKind
from kfdesk.domain.schema import N_
from kfdesk.services.desk import Desk
from kfdesk.services.listing.giving import save_list
from kfdesk.ui.files import ask_folder, ask_open, ask_save, dropped
from kfdesk.ui.kit import Command, Kit
from kfdesk.ui.pages.contacts_views.lists.networks import TITLE as NETWORKS
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.work import Course

_FILE = "list.vcf"
FIND_DOUBLES = N_("Find contacts that stand twice")
_ENDS = frozenset(f".{kind}" for kind in FileKind)
_TABLES = "organizations.csv"
Listed = Callable[[], frozenset[bytes] | None]


class Handing(QObject):
    """The two buttons and what they ask. `chosen` carries the file or folder to be looked at.

    `doubles_asked` leads to what stands twice, `networks_asked` to who does what in a network.
    """

    chosen = Signal(object)
    doubles_asked = Signal()
    networks_asked = Signal()

    def __init__(self, kit: Kit, desk: Desk, page: QWidget, listed: Listed) -> None:
        """`listed` gives the ids of what is listed now, on the worker; None for all."""
        super().__init__(page)
        self._kit = kit
        self._desk = desk
        self._page = page
        self._listed = listed
        self.may_take = desk.may(Right.EDIT_DIRECTORY)
        self.take = Button(kit, N_("Import…"), "download")
        self.take.clicked.connect(self.ask)
        self.take.setEnabled(self.may_take)
        self.give = Button(kit, N_("Save a list…"), "file-down")
        self.give.clicked.connect(self.ask_where)
        self.give.setEnabled(desk.may(Right.PRINT_INTERNAL))

    def ask(self) -> None:
        """Ask for a list."""
        ask_open(self._kit, self._page, N_("Look at the list"), "", self.chosen.emit)

    def ask_folder(self) -> None:
        """Ask for a folder of tables."""
        ask_folder(self._kit, self._page, N_("Look at the list"), self.chosen.emit)

    def ask_where(self) -> None:
        """Ask where to save what is listed now; the end of the name says as which kind of file."""
        dialog = ask_save(self._kit, self._page, N_("Save the list"), _FILE, self._give_to)
        dialog.setNameFilters([f"(*.{kind})" for kind in FileKind])
        dialog.filterSelected.connect(lambda one: dialog.setDefaultSuffix(one[3:-1]))

    def is_list(self, event: QDropEvent) -> bool:
        """Whether what is dragged is a list of contacts, and may be taken here."""
        paths = dropped(event)
        return self.may_take and len(paths) == 1 and (
            paths[0].suffix.lower() in _ENDS or (paths[0] / _TABLES).is_file()
        )  # fmt: skip

    def commands(self) -> tuple[Command, ...]:
        """What the menus add."""
        return (
            Command(N_("Import a list of contacts…"), self.ask, icon="download"),
            Command(NETWORKS, self.networks_asked.emit, icon="building-2", menu="go"),
            Command(FIND_DOUBLES, self.doubles_asked.emit, icon="git-merge", menu="edit"),
            Command(N_("Import a folder of HSDS tables…"), self.ask_folder, icon="download"),
        )

    def _give_to(self, path: Path) -> None:
        """Save what any verified partner may see of what is listed now."""
        end = path.suffix.lower().removeprefix(".")
        kind = FileKind(end) if end in set(FileKind) else FileKind.VCARD
        whole = path if end == kind else path.with_name(f"{path.name}.{kind}")
        desk, kit, listed, course = self._desk, self._kit, self._listed, Course()
        kit.work.run(
            lambda: save_list(desk, kind, whole, listed(), course),
            lambda count: kit.tell(N_("Saved: {count} contacts"), count=lambda _: str(count)),
            title=N_("Saving the list"),
            cancel=course,
        )
