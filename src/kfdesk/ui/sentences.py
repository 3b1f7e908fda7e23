# SPDX-License-Identifier: GPL-3.0-or-later
"""Qt's own sentences, such as those of its buttons and context menus, from our catalogue.

Qt ships its words for some languages only, and in its own tone; here the same catalogue answers
that says everything else. A sentence of Qt that users see is added to the list below; one that is
not listed stays as Qt has it.
"""

from PySide6.QtCore import QObject, QTranslator

from kfdesk.domain.marks import N_
from kfdesk.i18n.language import Language

_ANSWERED = frozenset(
    (
        N_("OK"),
        N_("Save"),
        N_("Open"),
        N_("&Yes"),
        N_("&No"),
        N_("Cancel"),
        N_("Close"),
        N_("Discard"),
        N_("Apply"),
        N_("Reset"),
        N_("Help"),
        N_("Retry"),
        N_("Ignore"),
        N_("&Undo"),
        N_("&Redo"),
        N_("Cu&t"),
        N_("&Copy"),
        N_("&Paste"),
        N_("Delete"),
        N_("Select All"),
        N_("Go back"),
        N_("Go forward"),
        N_("Go to the parent directory"),
        N_("Create a New Folder"),
        N_("Back"),
        N_("Forward"),
        N_("Parent Directory"),
        N_("Create New Folder"),
        N_("New Folder"),
        N_("&New Folder"),
        N_("&Rename"),
        N_("&Delete"),
        N_("Show &hidden files"),
        N_("Computer"),
        N_("Sidebar"),
        N_("Files"),
        N_("List of places and bookmarks"),
        N_("%1 already exists.\nDo you want to replace it?"),
        N_("%1\nFile not found.\nPlease verify the correct file name was given."),
        N_("%1\nDirectory not found.\nPlease verify the correct directory name was given."),
    )
)
_CONTEXTS = frozenset(
    (
        "QPlatformTheme",
        "QDialogButtonBox",
        "QMessageBox",
        "QLineEdit",
        "QWidgetTextControl",
        "QPlainTextEdit",
        "QFileDialog",
        "QFileSystemModel",
    )
)


class Sentences(QTranslator):
    """Answers Qt from the catalogue of the language last spoken."""

    _language: Language | None = None  # Qt asks also while it makes this, and while it ends it

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)

    def speak(self, language: Language) -> None:
        """Answer in `language` from now on."""
        self._language = language

    def isEmpty(self) -> bool:  # noqa: N802 - Qt's name
        """Never: Qt does not ask an empty translator."""
        return False

    def translate(
        self,
        context: str,
        source: str,
        disambiguation: str | None = None,
        n: int = -1,
    ) -> str:
        """Our sentence for Qt's `source`, or None, by which Qt knows to keep its own."""
        if self._language is None or context not in _CONTEXTS or source not in _ANSWERED:
            return None  # type: ignore[return-value]
        return self._language.gettext(source)
