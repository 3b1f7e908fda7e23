# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts the program together: the one place where window, command line and desks meet.

Rooms that weigh much come in by `importlib.import_module` when they are first needed, so that the
unlock window stands quickly: `opening.py` with everything an open desk needs is the heaviest.
Nothing here decides anything about a record.
"""

import importlib
import os
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from kfdesk.cli.arguments import parser
from kfdesk.domain.desk.release import Installed, Part
from kfdesk.domain.errors import KfdeskError
from kfdesk.i18n.language import PROGRAM, PROGRAM_LANGUAGES, Language
from kfdesk.machine import Machine as Machine
from kfdesk.system import paths, process, renewal, settings, tries
from kfdesk.system.sticks import plugged_in

if TYPE_CHECKING:
    from kfdesk.domain.desk.backup import Restored
    from kfdesk.domain.keeping.salvage import Examined, Salvage
    from kfdesk.services.desk import Desk
    from kfdesk.storage.vault import Credentials


NOTHING: Mapping[str, Any] = MappingProxyType({})


def create_store(
    folder: Path, name: str, who: "Credentials", machine: Machine, code: str = ""
) -> "Desk":
    """A new store with a new desk called `name`, open; `code` is its recovery key, if it has one.

    Raises KfdeskError `store.exists`, `store.disk` or `recovery.not_a_key`.
    """
    desk: Desk = _opening().create_store(folder, name, who, machine, code)
    return desk


def unlock_store(
    folder: Path, who: "Credentials", machine: Machine, *, accepts_older: bool = False
) -> "Desk":
    """The desk in a store, open; no other program can have it meanwhile.

    Raises KfdeskError `store.…`; `store.rolled_back` for one that is older than it was, unless
    somebody who knows it goes on with it (`accepts_older`).
    """
    desk: Desk = _opening().unlock_store(folder, who, machine, accepts_older=accepts_older)
    return desk


def recover_store(folder: Path, who: "Credentials", code: str, machine: Machine) -> "Desk":
    """The desk in a store, opened by its recovery key; `who` has the new passphrase from now on.

    Raises KfdeskError `store.…`.
    """
    desk: Desk = _opening().recover_store(folder, who, code, machine)
    return desk


def check_backup(
    backup: Path, folder: Path, who: "Credentials"
) -> "tuple[Path, Mapping[str, int]]":
    """Prove that a backup opens and is whole. Raises KfdeskError `backup.…` or `store.…`."""
    found: tuple[Path, Mapping[str, int]] = _opening().check_backup(backup, folder, who)
    return found


def restore_store(
    backup: Path,
    folder: Path,
    who: "Credentials",
    machine: Machine,
    step: Callable[[int, int], None] = lambda _done, _of: None,
) -> "Restored":
    """Put a backup in the place of the store in `folder`, which is kept beside it.

    Raises KfdeskError `backup.…`, `store.…` or `user.not_allowed`.
    """
    done: Restored = _opening().restore_store(backup, folder, who, machine, step)
    return done


def examine_store(
    folder: Path,
    who: "Credentials",
    machine: Machine,
    step: Callable[[int, int], None] = lambda _done, _of: None,
) -> "Examined":
    """What is wrong with a damaged store, what can be read of it, and its newest good backup.

    Raises KfdeskError `store.…`.
    """
    found: Examined = _repair().examine_store(folder, who, machine, step)
    return found


def salvage_store(
    folder: Path,
    who: "Credentials",
    machine: Machine,
    step: Callable[[int, int], None] = lambda _done, _of: None,
) -> "Salvage":
    """Bring what can be read of a damaged store into a new one in its place; it is kept beside.

    Raises KfdeskError `store.…`, `salvage.nothing` or `user.not_allowed`.
    """
    done: Salvage = _repair().salvage_store(folder, who, machine, step)
    return done


def language(code: str) -> Language:
    """The program's words in a language; without one, in the machine's."""
    return Language(_spoken(code), paths.translations(), PROGRAM)


def main(argv: Sequence[str], machine: Machine | None = None) -> int:
    """The program: one command, or the window. Returns the exit code."""
    process.harden()
    here = machine or Machine(state=paths.state())
    asked = parser().parse_args(argv)
    told = renewal.told()
    folder = asked.store or paths.default_store()
    if asked.command is None:
        return open_window(Path(told.get("store", folder)), asked.language, here, told)
    terminal = importlib.import_module("kfdesk.cli.terminal")
    code: int = terminal.run(
        asked,
        terminal.Doors(
            create=lambda name, *who: create_store(folder, name, _credentials(*who), here),
            unlock=lambda *who: unlock_store(
                folder, _credentials(*who), here, accepts_older=asked.accept_older_store
            ),
            check_key=lambda who, key: _opening().check_recovery(folder, who, key, here),
            recover=lambda who, key, words: recover_store(
                folder, _credentials(who, words), key, here
            ),
            words=language,
            check=lambda backup, *who: check_backup(backup, folder, _credentials(*who)),
            restore=lambda backup, *who: restore_store(backup, folder, _credentials(*who), here),
            examine=lambda *who: examine_store(folder, _credentials(*who), here),
            salvage=lambda *who: salvage_store(folder, _credentials(*who), here),
            tries=lambda: tries.tries_before(here.state, folder),
        ),
    )
    return code


def open_window(
    folder: Path, code: str | None, machine: Machine, told: Mapping[str, Any] = NOTHING
) -> int:
    """The window on a store, in the language `code`. Returns its exit code.

    `told` is what the process before this one said when it locked the store and ended.
    """
    start = importlib.import_module("kfdesk.ui.start")
    note = importlib.import_module("kfdesk.ui.guard.note").read_note(told)
    spoken = note.language if note is not None else code
    kept = _spoken(spoken or settings.read(settings.folder()).language)
    setting = window_setting(folder, kept, machine)
    result: int = start.run(replace(setting, note=note, replace=lambda left: _renew(folder, left)))
    return result


def open_example(make: Callable[[], "Desk"], machine: Machine) -> int:
    """The window on an invented desk, which `make` makes on the window's worker. No door, no lock.

    Returns its exit code.
    """
    start = importlib.import_module("kfdesk.ui.start")
    setting = window_setting(Path(), _spoken(settings.read(settings.folder()).language), machine)
    result: int = start.run(replace(setting, founding=None, opened=make))
    return result


def take_pictures(
    folder: Path,
    who: tuple[str, str],
    into: Path,
    machine: Machine,
    looks: Collection[tuple[str, str]],
) -> Iterator[Any]:
    """Pictures of every page of the window on a store, into a folder; without a display, too.

    `looks` are languages with colours, `light` or `dark`.
    """
    if sys.platform == "linux" and not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    gallery = importlib.import_module("kfdesk.ui.shell.gallery")
    setting = replace(window_setting(folder, "sv", machine), keep=lambda *_: None)
    wanted = [look for look in gallery.ALL_LOOKS if (look[0], look[1].value) in looks]
    pictures: Iterator[Any] = gallery.take_pictures(setting, *who, into, wanted)
    return pictures


def page_pictures(pdf: bytes, scale: float) -> list[bytes]:
    """Each page of a PDF as a PNG, at `scale` pixels to a point."""
    read_back = importlib.import_module("kfdesk.documents.read_back")
    pictures: list[bytes] = read_back.page_pngs(pdf, scale)
    return pictures


def has_display() -> bool:
    """Whether a window can be shown on a screen."""
    if sys.platform in {"win32", "darwin"}:
        return True
    if os.environ.get("QT_QPA_PLATFORM") == "offscreen":
        return False
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def window_setting(folder: Path, code: str, machine: Machine) -> Any:
    """What the window on a store in `folder` is started with."""
    start = importlib.import_module("kfdesk.ui.start")
    kept = settings.read(settings.folder())
    return start.Setting(
        resources=paths.resources(),
        translations=paths.translations(),
        language=code,
        store=folder.name,
        unlock=lambda *who: unlock_store(folder, _credentials(*who), machine),
        go_on=lambda *who: unlock_store(folder, _credentials(*who), machine, accepts_older=True),
        faults=_fault,
        crashed=_crashed,
        scheme=start.Scheme(kept.scheme),
        letters=kept.letters,
        is_new=lambda: _is_new(folder),
        founding=lambda: _founding(folder, machine),
        rescue=_rescue(folder, machine),
        restoring=lambda: _restoring(folder, machine),
        repairing=lambda: _repairing(folder, machine),
        keep=_keep,
        habit=_habit(kept),
        keep_habit=_keep_habit,
        tries=lambda: tries.tries_before(machine.state, folder),
        program=Installed(paths.build(), is_portable=paths.carried() is not None, parts=_parts),
    )


def _spoken(code: str) -> str:
    """The language asked for, else the machine's, if the program speaks it; else English."""
    wanted = code or process.language()
    return wanted if wanted in PROGRAM_LANGUAGES else "en"


def _is_new(folder: Path) -> bool:
    """Whether there is no store yet; one that a restore was moving is first put back."""
    if not folder.exists():
        importlib.import_module("kfdesk.storage.backups.settling").settle(folder)
    return not folder.exists() or not any(folder.iterdir())


def _founding(folder: Path, machine: Machine) -> Any:
    """What the first run makes a store with: words, chance, and the store's folder."""
    founding = importlib.import_module("kfdesk.ui.pages.first_run.founding")
    card = importlib.import_module("kfdesk.bundle.card")

    def create(wanted: Any) -> "Desk":
        who = _credentials(wanted.initials, wanted.passphrase)
        made: Desk = _opening().create_desk(folder, wanted.house, who, machine, wanted.recovery)
        return made

    inviting = importlib.import_module("kfdesk.services.sharing.inviting")

    files = importlib.import_module("kfdesk.bundle.exchange").BundleFiles(machine.random)

    def look(place: Path) -> Any:
        return inviting.read_invitation(place, files.read_card)

    return founding.Founding(
        paths.words, machine.random, card.is_card_name, create, _prints(), look, _example
    )


def _example() -> None:
    """Start the demo's desk in a window and a process of its own."""
    try:
        renewal.begin_beside(("demo", "--look"))
    except OSError:
        raise KfdeskError("store.disk") from None


def _prints() -> Any:
    """What makes the paper of a recovery key before there is a store."""
    paper = importlib.import_module("kfdesk.ui.pages.keys.paper")

    def pictures(sheets: Any, words: Language, scale: float) -> list[bytes]:
        pages: list[bytes] = _opening().key_pictures(sheets, words, scale)
        return pages

    return paper.Prints(pictures, pictures)


def _rescue(folder: Path, machine: Machine) -> Any:
    """What makes the card for a lost passphrase: the way in by the recovery key."""

    def check(claim: Any) -> None:
        _opening().check_recovery(folder, claim.initials, claim.key, machine)

    def enter(claim: Any) -> "Desk":
        who = _credentials(claim.initials, claim.passphrase)
        return recover_store(folder, who, claim.key, machine)

    def make_card(kit: Any) -> Any:
        recover = importlib.import_module("kfdesk.ui.pages.keys.recover")
        return recover.Recover(kit, recover.Rescue(paths.words, machine.random, check, enter))

    return make_card


def _restoring(folder: Path, machine: Machine) -> Any:
    """The way back from a backup, into the store's folder."""
    restore = importlib.import_module("kfdesk.ui.pages.backup_views.restore")

    def put_back(source: Any, course: Any) -> "Restored":
        who = _credentials(source.initials, source.passphrase)
        return restore_store(source.folder, folder, who, machine, course.step)

    return restore.Restoring(plugged_in, put_back)


def _repairing(folder: Path, machine: Machine) -> Any:
    """What looks at a damaged store and repairs it, in the store's folder."""
    page = importlib.import_module("kfdesk.ui.pages.repair_views.page")

    def examine(claim: Any, course: Any) -> "Examined":
        return examine_store(folder, _credentials(*claim), machine, course.step)

    def salvage(claim: Any, course: Any) -> "Salvage":
        return salvage_store(folder, _credentials(*claim), machine, course.step)

    return page.Repairing(examine, salvage, _restoring(folder, machine).restore)


def _keep(language: str, scheme: str, letters: int) -> None:
    """Remember how the window looks."""
    where = settings.folder()
    kept = settings.read(where)
    settings.write(where, replace(kept, language=language, scheme=scheme, letters=letters))


def _habit(kept: settings.Settings) -> Any:
    """When the window locks; a file that anybody can write cannot have it never lock."""
    habits = importlib.import_module("kfdesk.ui.guard.habits")
    minutes = kept.lock_minutes
    return habits.Habit(
        minutes if 1 <= minutes <= max(habits.MINUTES) else habits.Habit().lock_minutes,
        kept.locks_with_session,
        kept.locks_for_sleep,
        kept.covers_when_left,
    )


def _keep_habit(habit: Any) -> None:
    """Remember when the window locks."""
    where = settings.folder()
    settings.write(where, replace(settings.read(where), **asdict(habit)))


def _renew(folder: Path, note: Any) -> None:
    """Let a new process show the door of the same store; none of this one's memory stays."""
    try:
        renewal.renew({**note.plain(), "store": str(folder.resolve())})
    except OSError:  # the program itself is no longer there: end rather than keep what was read
        os._exit(0)


def _fault(error: KfdeskError, words: Language) -> tuple[str, str]:
    messages = importlib.import_module("kfdesk.i18n.messages")
    return messages.sentence(error, words), messages.remedy(error, words)


def _crashed(bug: BaseException) -> None:
    """A bug ends the program. What is on the disk is whole; no value goes into any log."""
    process.tell_bug(type(bug), bug.__traceback__)
    os._exit(70)


def _parts() -> tuple[Part, ...]:
    """What this copy of the program is made of; listed when somebody asks."""
    listed: tuple[Part, ...] = importlib.import_module("kfdesk.system.parts").program_parts()
    return listed


def _opening() -> Any:
    return importlib.import_module("kfdesk.opening")


def _repair() -> Any:
    return importlib.import_module("kfdesk.repair")


def _credentials(initials: str, passphrase: str) -> "Credentials":
    who: Credentials = _opening().Credentials(initials, passphrase)
    return who
