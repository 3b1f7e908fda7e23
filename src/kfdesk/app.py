# SPDX-License-Identifier: GPL-3.0-or-later
"""The composition root: it wires window, command line and services together.

Only this module may import inside functions. Heavy modules are imported when they are first
needed, so that the unlock window appears quickly. The modules that open a store are the
heaviest. Nothing here decides anything about a record.
"""

import importlib
import os
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from kfdesk.cli.arguments import build_parser
from kfdesk.domain.backup import Installation, LicensedComponent
from kfdesk.domain.errors import KfdeskError
from kfdesk.environment import Environment
from kfdesk.i18n.language import PROGRAM, PROGRAM_LANGUAGES, Language
from kfdesk.system import paths, process, settings
from kfdesk.system import process as renewal
from kfdesk.system import settings as tries
from kfdesk.system.paths import removable_disks

if TYPE_CHECKING:
    from kfdesk.domain.accounts import Credentials
    from kfdesk.domain.backup import RestoreResult, SalvagePreview, SalvageResult
    from kfdesk.services.core.session import Session


NO_HANDOVER: Mapping[str, Any] = MappingProxyType({})


def create_store(
    folder: Path, name: str, who: "Credentials", machine: Environment, code: str = ""
) -> "Session":
    """Create a store for a new organisation called `name` and return the open session.

    `code` is its recovery key, if it has one. Raise KfdeskError `store.exists`, `store.disk` or
    `recovery.not_a_key`.
    """
    desk: Session = _lifecycle().create_store(folder, name, who, machine, code)
    return desk


def unlock_store(
    folder: Path, who: "Credentials", machine: Environment, *, accepts_older: bool = False
) -> "Session":
    """Unlock a store, lock it for other programs, and return the open session.

    Raise KfdeskError `store.…`. Raise `store.rolled_back` for a store older than the last one
    seen here, unless the user knows that and accepts it (`accepts_older`).
    """
    desk: Session = _lifecycle().unlock_store(folder, who, machine, accepts_older=accepts_older)
    return desk


def recover_store(folder: Path, who: "Credentials", code: str, machine: Environment) -> "Session":
    """Open a store by its recovery key and set the new passphrase of `who`.

    Return the open session. Raise KfdeskError `store.…`.
    """
    desk: Session = _lifecycle().recover_store(folder, who, code, machine)
    return desk


def check_backup(
    backup: Path, folder: Path, who: "Credentials"
) -> "tuple[Path, Mapping[str, int]]":
    """Prove that a backup opens and is complete.

    Raise KfdeskError `backup.…` or `store.…`.
    """
    found: tuple[Path, Mapping[str, int]] = _lifecycle().check_backup(backup, folder, who)
    return found


def restore_store(
    backup: Path,
    folder: Path,
    who: "Credentials",
    machine: Environment,
    step: Callable[[int, int], None] = lambda _done, _of: None,
) -> "RestoreResult":
    """Replace the store in `folder` by a backup and keep the old store beside it.

    Raise KfdeskError `backup.…`, `store.…` or `user.not_allowed`.
    """
    done: RestoreResult = _lifecycle().restore_store(backup, folder, who, machine, step)
    return done


def examine_store(
    folder: Path,
    who: "Credentials",
    machine: Environment,
    step: Callable[[int, int], None] = lambda _done, _of: None,
) -> "SalvagePreview":
    """Examine a damaged store: what is damaged, what is readable, its newest good backup.

    Raise KfdeskError `store.…`.
    """
    found: SalvagePreview = _repair().examine_store(folder, who, machine, step)
    return found


def salvage_store(
    folder: Path,
    who: "Credentials",
    machine: Environment,
    step: Callable[[int, int], None] = lambda _done, _of: None,
) -> "SalvageResult":
    """Copy the readable records of a damaged store into a new one that replaces it.

    The damaged store is kept beside the new one. Raise KfdeskError `store.…`, `salvage.nothing`
    or `user.not_allowed`.
    """
    done: SalvageResult = _repair().salvage_store(folder, who, machine, step)
    return done


def language(code: str) -> Language:
    """Return the program's catalogue for a language code, or for the system's language."""
    return Language(_supported_language(code), paths.translations_folder(), PROGRAM)


def main(argv: Sequence[str], machine: Environment | None = None) -> int:
    """Run one command, or open the window, and return the exit code."""
    process.harden()
    here = machine or Environment(state=paths.state_folder())
    asked = build_parser().parse_args(argv)
    told = renewal.take_passed_state()
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
            check_key=lambda who, key: _lifecycle().check_recovery(folder, who, key, here),
            recover=lambda who, key, words: recover_store(
                folder, _credentials(who, words), key, here
            ),
            words=language,
            check=lambda backup, *who: check_backup(backup, folder, _credentials(*who)),
            restore=lambda backup, *who: restore_store(backup, folder, _credentials(*who), here),
            examine=lambda *who: examine_store(folder, _credentials(*who), here),
            salvage=lambda *who: salvage_store(folder, _credentials(*who), here),
            tries=lambda: tries.failed_logins(here.state, folder),
        ),
    )
    return code


def open_window(
    folder: Path, code: str | None, machine: Environment, told: Mapping[str, Any] = NO_HANDOVER
) -> int:
    """Open the window on a store in the language `code` and return its exit code.

    `told` is the state that the previous process handed over when it locked the store and
    ended.
    """
    start = importlib.import_module("kfdesk.ui.program")
    note = importlib.import_module("kfdesk.ui.lock.lock").read_note(told)
    spoken = note.language if note is not None else code
    kept = _supported_language(
        spoken or settings.read_settings(settings.settings_folder()).language
    )
    setting = window_settings(folder, kept, machine)
    result: int = start.run(
        replace(setting, note=note, replace=lambda left: _restart_locked(folder, left))
    )
    return result


def open_demo_window(make: Callable[[], "Session"], machine: Environment) -> int:
    """Open the window on invented data and return its exit code.

    `make` creates the session on the window's worker thread. There is no unlock page and no
    lock.
    """
    start = importlib.import_module("kfdesk.ui.program")
    setting = window_settings(
        Path(),
        _supported_language(settings.read_settings(settings.settings_folder()).language),
        machine,
    )
    result: int = start.run(replace(setting, founding=None, opened=make))
    return result


def take_screenshots(
    folder: Path,
    who: tuple[str, str],
    into: Path,
    machine: Environment,
    looks: Collection[tuple[str, str]],
) -> Iterator[Any]:
    """Take screenshots of every page of the window into a folder, also without a display.

    Cover every language, in both colour schemes or in the light one alone.
    """
    if sys.platform == "linux" and not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    gallery = importlib.import_module("kfdesk.ui.gallery")
    setting = replace(window_settings(folder, "sv", machine), keep=lambda *_: None)
    wanted = [look for look in gallery.ALL_LOOKS if (look[0], look[1].value) in looks]
    pictures: Iterator[Any] = gallery.take_pictures(setting, *who, into, wanted)
    return pictures


def render_pages(pdf: bytes, scale: float) -> list[bytes]:
    """Return each page of a PDF as a PNG, at `scale` pixels to a point."""
    read_back = importlib.import_module("kfdesk.documents.typesetting")
    pictures: list[bytes] = read_back.page_pngs(pdf, scale)
    return pictures


def has_display() -> bool:
    """Return whether a window can be shown on a screen."""
    if sys.platform in {"win32", "darwin"}:
        return True
    if os.environ.get("QT_QPA_PLATFORM") == "offscreen":
        return False
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def window_settings(folder: Path, code: str, machine: Environment) -> Any:
    """Return the start settings of the window on a store in `folder`."""
    start = importlib.import_module("kfdesk.ui.program")
    kept = settings.read_settings(settings.settings_folder())
    return start.Setting(
        resources=paths.resources_folder(),
        translations=paths.translations_folder(),
        language=code,
        store=folder.name,
        unlock=lambda *who: unlock_store(folder, _credentials(*who), machine),
        go_on=lambda *who: unlock_store(folder, _credentials(*who), machine, accepts_older=True),
        faults=_fault,
        crashed=_exit_on_bug,
        scheme=start.Scheme(kept.scheme),
        letters=kept.letters,
        is_new=lambda: _is_new(folder),
        founding=lambda: _setup_services(folder, machine),
        rescue=_recovery_card_factory(folder, machine),
        restoring=lambda: _restore_services(folder, machine),
        repairing=lambda: _repair_services(folder, machine),
        keep=_save_appearance,
        habit=_lock_settings(kept),
        keep_habit=_save_lock_settings,
        tries=lambda: tries.failed_logins(machine.state, folder),
        program=Installation(
            paths.build_id(), is_portable=paths.portable_folder() is not None, parts=_program_parts
        ),
    )


def _supported_language(code: str) -> str:
    """Return the requested or else the system's language if the program has it, else `en`."""
    wanted = code or process.system_language()
    return wanted if wanted in PROGRAM_LANGUAGES else "en"


def _is_new(folder: Path) -> bool:
    """Return whether no store exists; first finish a restore that was interrupted."""
    if not folder.exists():
        importlib.import_module("kfdesk.storage.backup").settle(folder)
    return not folder.exists() or not any(folder.iterdir())


def _setup_services(folder: Path, machine: Environment) -> Any:
    """Return what the first-run wizard needs: word lists, randomness, the store's folder."""
    founding = importlib.import_module("kfdesk.ui.pages.first_run")
    card = importlib.import_module("kfdesk.bundle.card")

    def create(wanted: Any) -> "Session":
        who = _credentials(wanted.initials, wanted.passphrase)
        made: Session = _lifecycle().create_desk(
            folder, wanted.house, who, machine, wanted.recovery
        )
        return made

    inviting = importlib.import_module("kfdesk.services.exchange.partners")

    files = importlib.import_module("kfdesk.bundle.files").BundleFiles(machine.random)

    def look(place: Path) -> Any:
        return inviting.read_invitation(place, files.read_card)

    return founding.Founding(
        paths.passphrase_words,
        machine.random,
        card.is_card_name,
        create,
        _recovery_sheet_printer(),
        look,
        _start_demo,
    )


def _start_demo() -> None:
    """Start the demo in a window and a process of its own."""
    try:
        renewal.start_another(("demo", "--look"))
    except OSError:
        raise KfdeskError("store.disk") from None


def _recovery_sheet_printer() -> Any:
    """Return the printer of recovery sheets for the time before a store exists."""
    paper = importlib.import_module("kfdesk.ui.pages.recovery_key")

    def pictures(sheets: Any, words: Language, scale: float) -> list[bytes]:
        pages: list[bytes] = _lifecycle().key_pictures(sheets, words, scale)
        return pages

    return paper.Prints(pictures, pictures)


def _recovery_card_factory(folder: Path, machine: Environment) -> Any:
    """Return a factory for the lost-passphrase card, which uses the recovery key."""

    def check(claim: Any) -> None:
        _lifecycle().check_recovery(folder, claim.initials, claim.key, machine)

    def enter(claim: Any) -> "Session":
        who = _credentials(claim.initials, claim.passphrase)
        return recover_store(folder, who, claim.key, machine)

    def make_card(kit: Any) -> Any:
        recover = importlib.import_module("kfdesk.ui.pages.recover")
        return recover.Recover(
            kit, recover.Rescue(paths.passphrase_words, machine.random, check, enter)
        )

    return make_card


def _restore_services(folder: Path, machine: Environment) -> Any:
    """Return the services that restore a backup into the store's folder."""
    restore = importlib.import_module("kfdesk.ui.pages.restore")

    def put_back(source: Any, course: Any) -> "RestoreResult":
        who = _credentials(source.initials, source.passphrase)
        return restore_store(source.folder, folder, who, machine, course.step)

    return restore.Restoring(removable_disks, put_back)


def _repair_services(folder: Path, machine: Environment) -> Any:
    """Return the services that examine and repair a damaged store in `folder`."""
    page = importlib.import_module("kfdesk.ui.pages.restore")

    def examine(claim: Any, course: Any) -> "SalvagePreview":
        return examine_store(folder, _credentials(*claim), machine, course.step)

    def salvage(claim: Any, course: Any) -> "SalvageResult":
        return salvage_store(folder, _credentials(*claim), machine, course.step)

    return page.Repairing(examine, salvage, _restore_services(folder, machine).restore)


def _save_appearance(language: str, scheme: str, letters: int) -> None:
    """Save the window's language, colour scheme and font size."""
    where = settings.settings_folder()
    kept = settings.read_settings(where)
    settings.write_settings(where, replace(kept, language=language, scheme=scheme, letters=letters))


def _lock_settings(kept: settings.Settings) -> Any:
    """Return the lock settings; the settings file is public, so it cannot disable the lock."""
    habits = importlib.import_module("kfdesk.ui.context")
    minutes = kept.lock_minutes
    return habits.Habit(
        minutes if 1 <= minutes <= max(habits.MINUTES) else habits.Habit().lock_minutes,
        kept.locks_with_session,
        kept.locks_for_sleep,
        kept.covers_when_left,
    )


def _save_lock_settings(habit: Any) -> None:
    """Save the lock settings."""
    where = settings.settings_folder()
    settings.write_settings(where, replace(settings.read_settings(where), **asdict(habit)))


def _restart_locked(folder: Path, note: Any) -> None:
    """Restart the process at the unlock page, so that no data stays in memory."""
    try:
        renewal.restart({**note.plain(), "store": str(folder.resolve())})
    except OSError:  # the program file is gone: end, so that no read data stays in memory
        os._exit(0)


def _fault(error: KfdeskError, words: Language) -> tuple[str, str]:
    messages = importlib.import_module("kfdesk.i18n.messages")
    return messages.sentence(error, words), messages.remedy(error, words)


def _exit_on_bug(bug: BaseException) -> None:
    """Report a bug and end the process with exit code 70.

    What is on the disk is consistent. No value of a record goes into any log.
    """
    process.report_bug(type(bug), bug.__traceback__)
    os._exit(70)


def _program_parts() -> tuple[LicensedComponent, ...]:
    """List the components of this copy of the program; done only on request."""
    listed: tuple[LicensedComponent, ...] = importlib.import_module(
        "kfdesk.system.licences"
    ).program_parts()
    return listed


def _lifecycle() -> Any:
    return importlib.import_module("kfdesk.store_lifecycle")


def _repair() -> Any:
    return importlib.import_module("kfdesk.store_lifecycle")


def _credentials(initials: str, passphrase: str) -> "Credentials":
    who: Credentials = _lifecycle().Credentials(initials, passphrase)
    return who
