# SPDX-License-Identifier: GPL-3.0-or-later
"""The question of a restore that erases records of our own again: what would go, since when, why.

A restore asks `agrees` on the worker's thread, and stops unless a person has said yes to just that.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kfdesk.domain.backup import RestorePreview
from kfdesk.domain.message_marks import N_
from kfdesk.i18n.erasure_messages import erased_again_texts
from kfdesk.i18n.language import Language
from kfdesk.ui.context import UiContext
from kfdesk.ui.tokens import GRID, TextStyle
from kfdesk.ui.widgets.build import LEFT, aligned, column, muted, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import more_words

_SHOWN = 8


class EraseAgainQuestion(QWidget):
    """The records that a restore would erase again, with a button to agree; hidden at first."""

    agreed = Signal()

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self.found = RestorePreview()
        self._agreed: RestorePreview | None = None
        self._lines = text(kit)
        self.button = Button(
            kit, N_("Restore, and erase these again"), "trash-2", ButtonLook.DANGER, on=self._on_yes
        )
        column(
            text(kit, N_("The restore erases records of yours again"), TextStyle.BUTTON),
            muted(kit, N_("They were erased since this backup was made. Nothing has changed yet.")),
            self._lines,
            muted(kit, N_("Back leaves everything as it is. The backup stays, too.")),
            aligned(self.button, LEFT),
            gap=GRID,
            on=self,
        )
        self.hide()

    def agrees(self, preview: RestorePreview) -> bool:
        """Note what would be erased again; return whether that needs no yes, or has one."""
        self.found = preview
        return not preview.is_asked or preview == self._agreed

    def ask(self) -> None:
        """Show what was found, and ask."""
        self._lines.set_message(self.found_text)
        self.show()
        self.button.setFocus()

    def found_text(self, language: Language) -> str:
        """Return what the restore erases again, one erasure a line; empty if nothing."""
        lines = list(erased_again_texts(self.found, language))
        more = len(lines) - _SHOWN
        return "\n".join((*lines[:_SHOWN], *([more_words(more, language)] if more > 0 else ())))

    def _on_yes(self) -> None:
        self._agreed = self.found
        self.agreed.emit()
