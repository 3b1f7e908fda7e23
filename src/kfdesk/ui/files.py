# SPDX-License-Identifier: GPL-3.0-or-later
"""Questions for a file or a folder, and files that are dropped: the one way in which they come.

The question is asked by Qt's own dialog and waits in no call, so that a lock ends it like every
other window; the system's would keep a list of files of its own. Its title is the neutral name,
it proposes neutral names, remembers none, and writes nothing down about where one has been.
"""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path, PurePath

from PySide6.QtCore import QDir, QSettings, QSize, QStorageInfo, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QSplitter, QToolButton, QWidget

from kfdesk.domain.marks import N_
from kfdesk.ui.kit import TITLE, Kit
from kfdesk.ui.words import Message

Then = Callable[[Path], object]
ThenAll = Callable[[tuple[Path, ...]], object]
_STICKS = ("/media/", "/run/media/", "/mnt/", "/Volumes/")
_NEEDLESS = {"listModeButton", "detailModeButton"}
_WIDTHS = [170, 470]
_SIZE = QSize(760, 480)
_TRACES = "QtProject"


def ask_save(kit: Kit, parent: QWidget, act: Message, name: str, then: Then) -> QFileDialog:
    """Ask where to save a file, `name` proposed; `then` is called with the answer, if one comes.

    `act` is the message on the button, such as "Save the sheet".
    """
    dialog = _new_dialog(kit, parent, act, then)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    suffix = PurePath(name).suffix
    dialog.setNameFilter(f"(*{suffix})")
    dialog.setDefaultSuffix(suffix.removeprefix("."))
    return _open(kit, dialog, act, name)


def ask_open(kit: Kit, parent: QWidget, act: Message, suffix: str, then: Then) -> QFileDialog:
    """Ask for a file that is there, with a name that ends in `suffix`; see `ask_save`."""
    dialog = _new_dialog(kit, parent, act, then)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilter(f"(*{suffix})")
    return _open(kit, dialog, act)


def ask_several(
    kit: Kit, parent: QWidget, act: Message, suffixes: Sequence[str], then: ThenAll
) -> QFileDialog:
    """Ask for files that are there, any number of them; `then` is called with all at once."""
    dialog = _new_dialog(kit, parent, act, lambda _: None)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.setNameFilter(f"({' '.join(f'*{suffix}' for suffix in suffixes)})")
    dialog.filesSelected.connect(lambda chosen: then(tuple(map(Path, chosen))))
    return _open(kit, dialog, act)


def ask_folder(
    kit: Kit, parent: QWidget, act: Message, then: Then, begin: Path | None = None
) -> QFileDialog:
    """Ask for a folder that is there, beginning in `begin` if that is there; see `ask_save`."""
    dialog = _new_dialog(kit, parent, act, then)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    if begin is not None and begin.is_dir():
        dialog.setDirectory(str(begin))
    return _open(kit, dialog, act)


def dropped(event: QDropEvent) -> tuple[Path, ...]:
    """The files that are dragged; none unless all of them are on this computer."""
    urls = event.mimeData().urls()
    if not all(url.isLocalFile() for url in urls):
        return ()
    return tuple(Path(url.toLocalFile()) for url in urls)


def _new_dialog(kit: Kit, parent: QWidget, act: Message, then: Then) -> QFileDialog:
    _keep_no_traces()
    dialog = QFileDialog(parent, TITLE)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setOption(QFileDialog.Option.DontUseCustomDirectoryIcons)
    dialog.setViewMode(QFileDialog.ViewMode.List)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setHistory([])
    dialog.resize(_SIZE)
    for needless in dialog.findChildren(QToolButton):
        if needless.objectName() in _NEEDLESS:
            needless.hide()
    for splitter in dialog.findChildren(QSplitter):
        splitter.setSizes(_WIDTHS)
    dialog.setSidebarUrls([QUrl("file:"), QUrl.fromLocalFile(QDir.homePath()), *_sticks()])
    dialog.filesSelected.connect(lambda chosen: then(_deepest(chosen)))
    dialog.destroyed.connect(_wipe_traces)
    return dialog


def _deepest(chosen: Sequence[str]) -> Path:
    """The one that was meant: Qt also answers with folders that it marked on the way to it."""
    return max(map(Path, chosen), key=lambda path: len(path.parts))


def _open(kit: Kit, dialog: QFileDialog, act: Message, name: str = "") -> QFileDialog:
    say = kit.words.say
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


def _sticks() -> list[QUrl]:
    """The sticks and other volumes that a person has put in."""
    roots = [volume.rootPath() for volume in QStorageInfo.mountedVolumes() if volume.isReady()]
    return [QUrl.fromLocalFile(root) for root in roots if f"{root}/".startswith(_STICKS)]


def _keep_no_traces() -> None:
    """Give Qt no place for what its dialog writes down when it ends: folders and names."""
    where = QSettings.Format.NativeFormat, QSettings.Scope.UserScope
    QSettings.setPath(*where, os.devnull)


def _wipe_traces() -> None:
    """Take it out where Qt has a place that cannot be changed: the registry and its like."""
    if sys.platform in {"win32", "darwin"}:
        QSettings(QSettings.Scope.UserScope, _TRACES).remove("FileDialog")
