# SPDX-License-Identifier: GPL-3.0-or-later
"""File dialogs, dropped files, and the choice of a stick: how files enter and leave the window.

The dialogs are Qt's own and never block, so the lock closes them like every other window.
The system's dialogs would keep a list of files. The title is the program's neutral name.
The dialogs propose neutral names, remember none, and write no visited folder to the disk.
"""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path, PurePath

from PySide6.QtCore import QDir, QSettings, QSize, QStorageInfo, Qt, QUrl, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QSplitter, QToolButton, QWidget

from kfdesk.domain.message_marks import N_
from kfdesk.ui.context import NEUTRAL_TITLE, UiContext
from kfdesk.ui.tokens import GRID, RESERVE
from kfdesk.ui.translator import Message, fixed_text
from kfdesk.ui.widgets.build import STRETCH, column, row
from kfdesk.ui.widgets.buttons import Button
from kfdesk.ui.widgets.inputs import ChoiceBox, LabelledField

# --- File dialogs

PathCallback = Callable[[Path], object]
PathsCallback = Callable[[tuple[Path, ...]], object]
_REMOVABLE_ROOTS = ("/media/", "/run/media/", "/mnt/", "/Volumes/")
_HIDDEN_BUTTONS = {"listModeButton", "detailModeButton"}
_SPLITTER_WIDTHS = [170, 470]
_SIZE = QSize(760, 480)
_QT_SETTINGS = "QtProject"


def ask_save(
    kit: UiContext, parent: QWidget, act: Message, name: str, then: PathCallback
) -> QFileDialog:
    """Ask where to save a file and propose `name`; call `then` with the path, if one is chosen.

    `act` is the message on the button, such as "Save the sheet".
    """
    dialog = _new_dialog(parent, then)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    suffix = PurePath(name).suffix
    dialog.setNameFilter(f"(*{suffix})")
    dialog.setDefaultSuffix(suffix.removeprefix("."))
    return _open(kit, dialog, act, name)


def ask_open(
    kit: UiContext, parent: QWidget, act: Message, suffix: str, then: PathCallback
) -> QFileDialog:
    """Ask for an existing file whose name ends in `suffix`; see `ask_save`."""
    dialog = _new_dialog(parent, then)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilter(f"(*{suffix})")
    return _open(kit, dialog, act)


def ask_open_several(
    kit: UiContext, parent: QWidget, act: Message, suffixes: Sequence[str], then: PathsCallback
) -> QFileDialog:
    """Ask for any number of existing files; call `then` once with all of them."""
    dialog = _new_dialog(parent, lambda _: None)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.setNameFilter(f"({' '.join(f'*{suffix}' for suffix in suffixes)})")
    dialog.filesSelected.connect(lambda chosen: then(tuple(map(Path, chosen))))
    return _open(kit, dialog, act)


def ask_folder(
    kit: UiContext, parent: QWidget, act: Message, then: PathCallback, begin: Path | None = None
) -> QFileDialog:
    """Ask for an existing folder, beginning in `begin` if that exists; see `ask_save`."""
    dialog = _new_dialog(parent, then)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    if begin is not None and begin.is_dir():
        dialog.setDirectory(str(begin))
    return _open(kit, dialog, act)


def dropped_files(event: QDropEvent) -> tuple[Path, ...]:
    """Return the dragged files, or none unless all of them are on this computer."""
    urls = event.mimeData().urls()
    if not all(url.isLocalFile() for url in urls):
        return ()
    return tuple(Path(url.toLocalFile()) for url in urls)


def _new_dialog(parent: QWidget, then: PathCallback) -> QFileDialog:
    _disable_history()
    dialog = QFileDialog(parent, NEUTRAL_TITLE)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setOption(QFileDialog.Option.DontUseCustomDirectoryIcons)
    dialog.setViewMode(QFileDialog.ViewMode.List)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setHistory([])
    dialog.setDirectory(QDir.homePath())  # not where the program happened to be started
    dialog.resize(_SIZE)
    for needless in dialog.findChildren(QToolButton):
        if needless.objectName() in _HIDDEN_BUTTONS:
            needless.hide()
    for splitter in dialog.findChildren(QSplitter):
        splitter.setSizes(_SPLITTER_WIDTHS)
    dialog.setSidebarUrls(
        [QUrl("file:"), QUrl.fromLocalFile(QDir.homePath()), *_removable_volumes()]
    )
    dialog.filesSelected.connect(lambda chosen: then(_deepest_path(chosen)))
    dialog.destroyed.connect(_delete_history)
    return dialog


def _deepest_path(chosen: Sequence[str]) -> Path:
    """Return the intended path: Qt also reports folders selected on the way to it."""
    return max(map(Path, chosen), key=lambda path: len(path.parts))


def _open(kit: UiContext, dialog: QFileDialog, act: Message, name: str = "") -> QFileDialog:
    say = kit.translator.translate
    labels: dict[QFileDialog.DialogLabel, Message] = {
        QFileDialog.DialogLabel.LookIn: N_("Folder"),
        QFileDialog.DialogLabel.FileName: N_("Name of the file"),
        QFileDialog.DialogLabel.FileType: N_("Kind of file"),
        QFileDialog.DialogLabel.Accept: act,
        QFileDialog.DialogLabel.Reject: N_("Cancel"),
    }
    for label, message in labels.items():
        dialog.setLabelText(label, say(message))
    if name:
        dialog.selectFile(name)
    dialog.open()
    return dialog


def _removable_volumes() -> list[QUrl]:
    """Return the USB sticks and other volumes that the user has inserted."""
    roots = [volume.rootPath() for volume in QStorageInfo.mountedVolumes() if volume.isReady()]
    return [QUrl.fromLocalFile(root) for root in roots if f"{root}/".startswith(_REMOVABLE_ROOTS)]


def _disable_history() -> None:
    """Send the folders and names that Qt's dialog writes on closing to the null device."""
    where = QSettings.Format.NativeFormat, QSettings.Scope.UserScope
    QSettings.setPath(*where, os.devnull)


def _delete_history() -> None:
    """Delete Qt's dialog history where its place cannot be changed, such as the registry."""
    if sys.platform in {"win32", "darwin"}:
        QSettings(QSettings.Scope.UserScope, _QT_SETTINGS).remove("FileDialog")


# --- The choice of a folder

_FOLDER_WIDTH = 340


class FolderChoice(QWidget):
    """Sticks and folders to choose from. `changed` follows every choice."""

    changed = Signal()

    def __init__(self, kit: UiContext, label: Message, title: Message) -> None:
        super().__init__()
        self._kit = kit
        self._title = title
        self._paths: tuple[Path, ...] = ()
        self._is_by_hand = False
        self.choice = ChoiceBox(kit)
        self.choice.setMinimumWidth(_FOLDER_WIDTH)
        self.choice.chosen.connect(self._on_chosen)
        self.browse = Button(kit, N_("Another folder…"), "files", on=self._on_browse_clicked)
        line = row(self.choice, self.browse, STRETCH, gap=GRID - RESERVE)
        inside = QWidget()
        inside.setLayout(line)
        line.setContentsMargins(0, 0, 0, 0)
        self._field = LabelledField(kit, label, inside)
        column(self._field, on=self)
        kit.translator.bind(self.choice.setAccessibleName, label)
        self.set_options(())

    @property
    def path(self) -> Path | None:
        """The folder that is chosen."""
        return Path(self.choice.key) if self.choice.key else None

    def set_options(self, paths: Sequence[Path]) -> None:
        """Offer these folders; one that was chosen by hand stays chosen."""
        kept = self.path if self._is_by_hand else None
        every = tuple(dict.fromkeys((*((kept,) if kept else ()), *paths)))
        if every == self._paths and every:
            return
        self._paths = every
        before = self.path
        options = [(str(path), fixed_text(_short_path(path, paths))) for path in every]
        nothing: list[tuple[str, Message]] = [("", N_("No USB stick is plugged in"))]
        self.choice.set_options(options or nothing, str(before) if before in every else "")
        self.choice.setEnabled(bool(options))
        self.changed.emit()

    def choose(self, path: Path) -> None:
        """Select a folder that was chosen by hand."""
        self._is_by_hand = False
        rest = [each for each in self._paths if each != path]
        self._paths = ()
        self.set_options((path, *rest))
        self.choice.setCurrentIndex(0)
        self._is_by_hand = True
        self.changed.emit()

    def _on_chosen(self, _key: str) -> None:
        self.changed.emit()

    def _on_browse_clicked(self) -> None:
        ask_folder(self._kit, self, self._title, self.choose)


def _short_path(path: Path, sticks: Sequence[Path]) -> str:
    """Return a stick by its name, another folder by the last two parts of its path."""
    if path in sticks and path.is_mount():
        return path.name or str(path)
    return str(Path(*path.parts[-2:])) if len(path.parts) > 2 else str(path)
