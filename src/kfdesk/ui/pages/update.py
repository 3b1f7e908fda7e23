# SPDX-License-Identifier: GPL-3.0-or-later
"""Update the program from a stick: the card in Settings, its progress and its result.

The work runs on the worker's thread and can be cancelled until the new version is switched to.
Knows no signature and no folder of the program.
"""

from pathlib import Path

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.schema import N_
from kfdesk.domain.updates import UPDATE_SUFFIX, ProgramUpdate
from kfdesk.domain.version import VERSION
from kfdesk.services.core.session import Session
from kfdesk.services.upkeep.update import update_program
from kfdesk.ui.context import UiContext
from kfdesk.ui.dialogs import ask_open
from kfdesk.ui.tokens import FIELD_GAP, RESERVE, TextStyle, Tone
from kfdesk.ui.widgets.build import STRETCH, extend, muted, row, text
from kfdesk.ui.widgets.buttons import Button
from kfdesk.ui.widgets.layout import Banner, CardFrame, JobProgressLine, show_fault_in

_TITLE = N_("Updating the program…")
_LEAD = N_(
    "An update is a file with a signature beside it. The signature is checked and the database "
    "is backed up first; this version is kept. If anything fails, this version stays as it is. "
    "Leave the USB stick in until the program says so."
)


class ProgramUpdateCard(CardFrame):
    """The card that updates the program from a file."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(gap=FIELD_GAP)
        self._kit = kit
        self._desk = desk
        self.add_heading(kit, N_("Newer version of the program"), "download")
        self.outcome = Banner(kit, Tone.SUCCESS, "circle-check")
        self.outcome.hide()
        state = text(kit, "", TextStyle.STRONG)
        state.set_message(N_("This is version {version}."), version=lambda _: VERSION)
        self.button = Button(kit, N_("Update from a stick…"), "usb", on=self._on_clicked)
        self.progress = JobProgressLine(kit, N_("Checking and installing: {share} %"))
        foot = row(-RESERVE, self.button, self.progress, STRETCH, gap=FIELD_GAP)
        extend(self.body, self.outcome, state, muted(kit, _LEAD), foot)

    def install(self, file: Path) -> None:
        """Check and install the update in `file`."""
        desk = self._desk
        self.outcome.hide()
        progress = self.progress.begin()
        self.button.hide()
        self._kit.worker.run(
            lambda: update_program(desk, file, progress),
            self._on_installed,
            self._on_refused,
            title=_TITLE,
            cancel=progress,
        )

    def _on_clicked(self) -> None:
        ask_open(self._kit, self, N_("Update the program"), UPDATE_SUFFIX, self.install)

    def _set_idle(self) -> None:
        self.progress.end()
        self.button.show()
        self.button.setFocus()

    def _on_installed(self, done: ProgramUpdate) -> None:
        self._set_idle()
        self.outcome.show_look(Tone.SUCCESS, "circle-check")
        self.outcome.set_message(
            N_("Version {version} is installed. You can now remove the USB stick."),
            N_("Close the program and open it again to use the new version."),
            version=lambda _: done.version,
        )
        self.outcome.show()

    def _on_refused(self, fault: KfdeskError) -> None:
        self._set_idle()
        show_fault_in(self._kit, self.outcome, fault)
