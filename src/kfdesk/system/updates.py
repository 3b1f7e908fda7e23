# SPDX-License-Identifier: GPL-3.0-or-later
"""The installed folder of the program: take an update into it, and go back to the version before.

`versions/` has one folder for each version, and the link `current` says which one starts. What is
done before the link is switched is done beside the program that runs, so that it runs on whatever
happens. Whoever installed by the system's own packages updates by these; a copy without links, as
on Windows, by hand. Knows no store.
"""

import errno
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.updates import (
    BEFORE,
    PROGRAM,
    UpdateManifest,
    is_far_ahead,
    is_newer,
    is_version_name,
)
from kfdesk.domain.version import SELF_CHECK, VERSION
from kfdesk.files import flush, flush_folder, move, replace_link
from kfdesk.system import child_process, paths, process
from kfdesk.system.signatures import KEYS_FILE, ReleaseKeys, read_keys
from kfdesk.system.update_files import (
    SignedUpdate,
    open_update,
    read_back,
    unpack,
    writing,
)

ProgressStep = Callable[[int, int], None]

_CURRENT, _VERSIONS, _INSIDE = paths.CURRENT, paths.VERSIONS, "_internal"
_NEW, _TRIAL = ".new", ".trial"
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS)  # said by disks that hold none
_DEBIAN = ".deb"
_SPARE = 64 * 2**20  # bytes that stay free
_BLOCK = 4096
_CHECK_LIMITS = child_process.ChildLimits(2**30, 300, 300, 4096)
_OF = 1000


def this_system() -> str:
    """Return the kind of this computer as a manifest names it: `linux-x86_64`."""
    return f"{sys.platform}-{platform.machine()}".lower()


def program_keys() -> ReleaseKeys:
    """Return the keys of releases that this program accepts."""
    return read_keys((paths.resources_folder() / KEYS_FILE).read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class ProgramUpdates:
    """The updates of this copy of the program; without a `root` it is no installed folder."""

    root: Path | None = field(default_factory=paths.installed_folder)
    version: str = VERSION
    build: str = field(default_factory=paths.build_id)
    system: str = field(default_factory=this_system)
    keys: Callable[[], ReleaseKeys] = field(default=program_keys, repr=False)

    def check(self, path: Path, step: ProgressStep) -> SignedUpdate:
        """Check whether a file updates this copy; write nothing.

        Raise KfdeskError as `open_update` does, then `update.not_newer`, `update.far_ahead`,
        `update.other_system`, `update.by_system` or `update.by_hand` where this copy is not updated
        in this way, and `update.no_room`.
        """
        update = open_update(path, self.keys(), _counter(step, _size_of(path)))
        manifest = update.manifest
        if manifest is not None:
            installed = self._newest_installed()
            if not is_newer(manifest.version, installed):
                raise KfdeskError("update.not_newer", version=manifest.version, installed=installed)
            if is_far_ahead(manifest.version, installed):
                raise KfdeskError("update.far_ahead", version=manifest.version, installed=installed)
            if manifest.system != self.system:
                raise KfdeskError("update.other_system")
        root = self._own_root(path)
        if manifest is None:
            raise KfdeskError("update.not_an_update")
        _check_room(manifest, root)
        return update

    def install(self, update: SignedUpdate, step: ProgressStep) -> str:
        """Install a checked update beside this version, and switch to it; return this one's name.

        `step` may raise to stop, until the switch. Raise KfdeskError `update.…`; then the program
        is as it was.
        """
        manifest = update.manifest
        assert manifest is not None
        root = self._own_root(update.path)
        with _locked(root):
            before = self._begin(root)
            new, count = root / _VERSIONS / _NEW, _counter(step, 2 * manifest.size + 1)
            try:
                unpack(update, new, count)
                read_back(manifest, new, count)
                with writing():
                    _write(new / BEFORE, before)
                check_program(new / PROGRAM, manifest.version, lambda: count(0))
                with writing():
                    flush_folder(new)
                    move(new, root / _VERSIONS / manifest.name, is_final=False)
                    _switch(root, manifest.name)
            except BaseException:
                self._sweep(root)
                raise
            self._sweep(root)
        return before

    def go_back(self) -> str:
        """Switch to the version that the current one replaced, and return its name.

        Raise KfdeskError `update.no_earlier`, `update.by_system`, `update.by_hand` or
        `update.not_written`.
        """
        root = self._own_root(None)
        with _locked(root):
            before = _before(root, _current(root))
            if not before:
                raise KfdeskError("update.no_earlier")
            with writing():
                _switch(root, before)
        return before

    def _own_root(self, path: Path | None) -> Path:
        """Return the folder that this program may update itself in.

        Raise KfdeskError `update.by_system` for a copy that belongs to the system, or a package
        that the system installs; `update.by_hand` for any other; or as `_has_links`.
        """
        is_package = path is not None and path.suffix == _DEBIAN
        is_foreign = self.root is not None and not _is_own(self.root)
        if is_package or is_foreign:
            name = path.name if path is not None and is_package else f"{PROGRAM}{_DEBIAN}"
            raise KfdeskError("update.by_system", file=name)
        if self.root is None or not (self.root / PROGRAM).exists() or not _has_links(self.root):
            raise KfdeskError("update.by_hand")
        if (self.root / _VERSIONS).is_symlink():  # what lies there belongs to somebody else
            raise KfdeskError("update.by_hand")
        return self.root

    def _begin(self, root: Path) -> str:
        """Make it a folder with versions and clear what is left over; return the current name."""
        with writing():
            (root / _VERSIONS).mkdir(exist_ok=True)
            (root / _VERSIONS).chmod(0o755)
            if not (root / PROGRAM).is_symlink():
                self._adopt(root)
        self._sweep(root)
        current = _current(root)
        if not current:
            raise KfdeskError("update.by_hand")
        return current

    def _newest_installed(self) -> str:
        """Return the version that runs, or a newer one that starts the next time."""
        current = _current(self.root).partition("-")[0] if self.root is not None else ""
        return current if current and is_newer(current, self.version) else self.version

    def _sweep(self, root: Path) -> None:
        """Remove every version but the current one, the one before it, and the one that runs.

        What has another name than a version's was put there by somebody else, and stays.
        """
        name = _current(root)
        kept = {name, _before(root, name), f"{self.version}-{self.build}"}
        if not name:
            return
        with suppress(OSError):
            for folder in sorted((root / _VERSIONS).iterdir()):
                is_ours = folder.name == _NEW or is_version_name(folder.name)
                if not is_ours or folder.name in kept:
                    continue
                if folder.is_symlink():
                    folder.unlink()  # and never what it leads to
                else:
                    is_plain = folder.name != _NEW and (folder / _INSIDE).is_symlink()
                    shutil.rmtree(folder, ignore_errors=True)
                    if is_plain:
                        shutil.rmtree(root / _INSIDE, ignore_errors=True)

    def _adopt(self, root: Path) -> None:
        """Turn a plain folder into one with versions, by links alone: what runs is not moved.

        Each step leaves a folder that starts, and can be done again.
        """
        name = f"{self.version}-{self.build}"
        if not is_version_name(name):
            raise KfdeskError("update.by_hand")
        own = root / _VERSIONS / name
        shutil.rmtree(own, ignore_errors=True)
        own.mkdir()
        (own / PROGRAM).hardlink_to(root / PROGRAM)
        (own / _INSIDE).symlink_to(Path("..", "..", _INSIDE))
        own.chmod(0o755)
        flush_folder(own)
        flush_folder(own.parent)
        _switch(root, name)
        replace_link(root / PROGRAM, Path(_CURRENT, PROGRAM))
        flush_folder(root)
        if getattr(sys, "frozen", False) and Path(sys.executable) == root / PROGRAM:
            sys.executable = str(own / PROGRAM)  # children of this process stay of this version


def check_program(program: Path, version: str, check: Callable[[], None]) -> None:
    """Start a version's own check. Raise KfdeskError `update.not_started` unless it succeeds.

    `check` may raise to stop.
    """
    command = [str(program), SELF_CHECK]
    try:
        with child_process.started_child(command, b"", _CHECK_LIMITS, check) as pieces:
            said = b"".join(pieces)
    except child_process.ChildFailedError:
        raise KfdeskError("update.not_started") from None
    except KfdeskError as fault:
        if fault.code == "work.not_started":
            raise KfdeskError("update.not_started") from None
        raise
    if said.split() != [version.encode()]:
        raise KfdeskError("update.not_started")


def _counter(step: ProgressStep, size: int) -> Callable[[int], None]:
    """Return a function that is told the bytes of each piece, and reports the share to `step`."""
    done = 0

    def count(piece: int) -> None:
        nonlocal done
        done += piece
        step(min(_OF, _OF * done // max(1, size)), _OF)

    return count


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return 0


def _is_own(root: Path) -> bool:
    """Return whether this user may write in the folder, and no package of the system has it."""
    is_packaged = root.is_relative_to("/usr") and not root.is_relative_to("/usr/local")
    return not is_packaged and os.access(root, os.W_OK)


def _has_links(root: Path) -> bool:
    """Return whether the disk of the folder can hold the links that switch versions.

    Raise KfdeskError `update.no_room` or `update.not_written` if it refuses for another reason.
    """
    if sys.platform != "linux":
        return False
    trial = root / f"{_CURRENT}{_TRIAL}"
    with writing():
        try:
            trial.unlink(missing_ok=True)
            with suppress(FileExistsError):  # another update tries the same at this moment
                trial.symlink_to(PROGRAM)
            trial.unlink(missing_ok=True)
        except OSError as error:
            if error.errno in _NO_LINKS:
                return False
            raise
    return True


def _check_room(manifest: UpdateManifest, root: Path) -> None:
    needed = sum(-(-file.size // _BLOCK) * _BLOCK for file in manifest.files) + _SPARE
    with suppress(OSError):
        if shutil.disk_usage(root).free < needed:
            raise KfdeskError("update.no_room")


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    """Keep other updates of this folder out. Raise KfdeskError `update.in_progress`."""
    try:
        lock = process.lock_store(root)
    except KfdeskError as fault:
        is_held = fault.code == "store.in_use"
        raise KfdeskError("update.in_progress" if is_held else "update.not_written") from None
    try:
        yield
    finally:
        lock.release()


def _current(root: Path) -> str:
    """Return the name of the version that starts; empty if the link names none."""
    with suppress(OSError):
        name = (root / _CURRENT).readlink().name
        if is_version_name(name) and (root / _VERSIONS / name / PROGRAM).is_file():
            return name
    return ""


def _before(root: Path, name: str) -> str:
    """Return the name of the version that `name` replaced; empty if it is not here any more."""
    with suppress(OSError, ValueError):
        noted = (root / _VERSIONS / name / BEFORE).read_text(encoding="ascii")[:200].strip()
        if name and is_version_name(noted) and (root / _VERSIONS / noted / PROGRAM).is_file():
            return noted
    return ""


def _switch(root: Path, name: str) -> None:
    """Let another version start from now on, by one rename."""
    replace_link(root / _CURRENT, Path(_VERSIONS, name))


def _write(path: Path, text: str) -> None:
    """Write a new file; follow no link, and overwrite nothing."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(path, flags, 0o644), "w", encoding="ascii") as file:
        file.write(text)
        flush(file)
    path.chmod(0o644)
