# SPDX-License-Identifier: GPL-3.0-or-later
"""Qt's own sentences, such as those of its buttons and context menus, in the language in use.

Those that a person meets often are answered by our catalogue, in our tone; they are listed below.
All others, as of the printer's dialog, by Qt's own catalogue, which goes with the program. What
keys are called stays as the manual and the window have it: `Ctrl+Shift+H` in every language.
"""

from PySide6.QtCore import QLibraryInfo, QObject, QTranslator

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
        N_("Directories"),
        N_("Page &Set:"),
        N_("Shortcut"),
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
        "QAbstractFileIconProvider",
        "QPrintSettingsOutput",
    )
)


_KEYS = "QShortcut"


class Sentences(QTranslator):
    """Answers Qt in the language last spoken."""

    _language: Language | None = None  # Qt asks also while it makes this, and while it ends it

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._qts = QTranslator(self)

    def speak(self, language: Language) -> None:
        """Answer in `language` from now on. Qt has no catalogue for English, which it is in."""
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        self._qts.load(f"qtbase_{language.code}", folder)
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
        """The sentence for Qt's `source`, or None, by which Qt knows to keep its own."""
        if self._language is None or context == _KEYS:
            return None  # type: ignore[return-value]
        if context in _CONTEXTS and source in _ANSWERED:
            return self._language.gettext(source)
        return self._qts.translate(context, source, disambiguation, n) or None  # type: ignore[return-value]
