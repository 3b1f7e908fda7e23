# SPDX-License-Identifier: GPL-3.0-or-later
"""The composition root: put window, command line and stores together.

Modules that take long to import are imported inside functions, when they are first needed, so
that the unlock page is painted quickly. `store_lifecycle.py`, with all that an open store needs,
is the heaviest; it loads on the worker's thread behind the painted unlock page. Nothing here
decides anything about a record.
"""

import gc
import os
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NoReturn

from kfdesk.cli.options import OPEN, parse_options
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.version import VERSION, Installation, LicensedComponent
from kfdesk.environment import Environment
from kfdesk.i18n.catalogues import begun_languages
from kfdesk.i18n.language import PROGRAM, PROGRAM_LANGUAGES, Language
from kfdesk.system import paths, process, settings
from kfdesk.system.crash import CrashMark

if TYPE_CHECKING:
    from argparse import Namespace

    from kfdesk.domain.backup import RestorePreview, RestoreResult, SalvagePreview, SalvageResult
    from kfdesk.services.core.session import Session
    from kfdesk.services.exchange.invitations import Invitation
    from kfdesk.ui.context import LockSettings, UiContext, ViewSettings
    from kfdesk.ui.gallery import PageScreenshot
    from kfdesk.ui.lock.lock import ResumeState
    from kfdesk.ui.pages.first_run import SetupAnswers, SetupServices
    from kfdesk.ui.pages.recover import LostPassphraseCard, RecoveryAttempt
    from kfdesk.ui.pages.recovery_key import KeyPrinting
    from kfdesk.ui.pages.restore import (
        RepairCredentials,
        RepairServices,
        RestoreServices,
        RestoreSource,
    )
    from kfdesk.ui.program import ProgramConfig
    from kfdesk.ui.worker import JobProgress

NO_HANDOVER: Mapping[str, object] = MappingProxyType({})


def main(argv: Sequence[str], machine: Environment | None = None) -> int:
    """Run one command, or open the window, and return the exit code."""
    process.harden()
    here = machine or Environment(state=paths.state_folder())
    asked = _arguments([OPEN, *argv] if _is_file(argv) else argv)
    told = process.take_passed_state()
    folder = asked.store or paths.default_store()
    if asked.command in {None, OPEN}:
        files = tuple(file.absolute() for file in getattr(asked, "files", ()))
        place = Path(told.get("store", folder))
        return open_window(place, asked.language, here, told, files)
    return _run_command(asked, folder, here)


def _arguments(argv: Sequence[str]) -> "Namespace":
    """Return what was asked for; the parser of the commands is built only where it is needed."""
    program = (process.command_name(), paths.build_id())
    asked = parse_options(argv, *program)
    if asked is not None:
        return asked
    from kfdesk.cli.arguments import build_parser

    return build_parser(*program).parse_args(argv)


def _is_file(argv: Sequence[str]) -> bool:
    """Return whether a file manager has started the program with files to open."""
    return bool(argv) and argv[0].lower().endswith(paths.SUFFIXES)


def check_self() -> int:
    """Load all of the program, print its version, and return 0: a new version proves itself so."""
    from kfdesk.system.updates import program_keys
    from kfdesk.ui import program  # noqa: F401 - to have it loaded

    _load_session_modules()
    program_keys()
    for code in PROGRAM_LANGUAGES:
        language(code)
    sys.stdout.write(f"{VERSION}\n")
    return 0


def language(code: str) -> Language:
    """Return the program's catalogue for a language code, or for the user's language."""
    return Language(_supported_language(code), paths.translations_folder(), PROGRAM)


def open_window(
    folder: Path,
    code: str | None,
    machine: Environment,
    told: Mapping[str, object] = NO_HANDOVER,
    files: tuple[Path, ...] = (),
) -> int:
    """Open the window on a store in the language `code` and return its exit code.

    `told` is the state that the previous process handed over when it locked the store and
    ended. `files` are shown once the store is open.
    """
    gc.disable()  # the worker's timer collects instead, once the window is there
    from kfdesk.ui.lock.lock import AFTER_CRASH, ResumeState, read_resume_state
    from kfdesk.ui.program import run_program, window_languages

    note = read_resume_state(told)
    spoken = note.language if note is not None else code
    kept = _supported_language(
        spoken or settings.read_settings(settings.settings_folder()).language,
        *map(process.language_code, window_languages()),
    )
    mark, bugs = CrashMark(machine.state), _Bugs()
    crashed = ResumeState(why=AFTER_CRASH, language=kept)
    setting = replace(
        window_settings(folder, kept, machine),
        note=note,
        called=folder / process.LOCK_FILE,
        files=files,
        check=lambda: _check_not_in_use(folder, has_files=bool(files)),
        others=tuple((str(each), each.name) for each in paths.stores_beside(folder)),
        switch=lambda store: _start_another(("--store", store, OPEN, *map(str, files))),
        replace=lambda left: _restart_locked(folder, left, mark),
        hear_bugs=bugs.hear,
        crashed=_pass_bug,
    )
    process.hide_exception_texts(lambda kind, bug: mark.keep(kind, bug) and bugs.tell())
    report = mark.begin()
    mark.catch_hard_crashes()
    if report and not _tell_crash(setting, report):
        mark.end()
        return 0
    bugs.hear(lambda: _restart_locked(folder, crashed, mark))  # until the window listens
    exit_code = run_program(setting)
    mark.end()
    return exit_code


class _Bugs:
    """Receiver of the first bug: nobody while a crash is told, or crashes would go round."""

    def __init__(self) -> None:
        self.tell: Callable[[], object] = lambda: None

    def hear(self, told: Callable[[], object]) -> None:
        """Tell `told` from now on."""
        self.tell = told


def open_demo_window(make: "Callable[[], Session]", machine: Environment) -> int:
    """Open the window on invented data and return its exit code.

    `make` creates the session on the window's worker thread. There is no unlock page and no
    lock.
    """
    from kfdesk.ui.program import run_program, window_languages

    kept = _supported_language(
        settings.read_settings(settings.settings_folder()).language,
        *map(process.language_code, window_languages()),
    )
    setting = window_settings(Path(), kept, machine)
    return run_program(replace(setting, founding=None, opened=make))


def take_screenshots(
    folder: Path,
    who: tuple[str, str],
    into: Path,
    machine: Environment,
    looks: Collection[tuple[str, str]],
) -> "Iterator[PageScreenshot]":
    """Take screenshots of every page of the window into a folder, also without a display.

    `looks` are the wanted pairs of language and colour scheme.
    """
    if sys.platform == "linux" and not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from kfdesk.ui import gallery

    setting = replace(window_settings(folder, "sv", machine), keep=lambda *_: None)
    wanted = tuple(look for look in gallery.ALL_LOOKS if (look[0], look[1].value) in looks)
    return gallery.take_screenshots(setting, *who, into, wanted)


def render_pages(pdf: bytes, scale: float) -> list[bytes]:
    """Return each page of a PDF as a PNG, at `scale` pixels to a point."""
    from kfdesk.documents.typesetting import page_pngs

    return page_pngs(pdf, scale)


def has_display() -> bool:
    """Return whether a window can be shown on a screen."""
    if sys.platform in {"win32", "darwin"}:
        return True
    if os.environ.get("QT_QPA_PLATFORM") == "offscreen":
        return False
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def window_settings(folder: Path, code: str, machine: Environment) -> "ProgramConfig":
    """Return the configuration of the window on a store in `folder`."""
    from kfdesk.ui.program import ProgramConfig
    from kfdesk.ui.theme import Scheme

    kept = settings.read_settings(settings.settings_folder())
    return ProgramConfig(
        resources=paths.resources_folder(),
        translations=paths.translations_folder(),
        language=code,
        store=folder.name,
        unlock=lambda *who: _unlock(folder, who, machine),
        go_on=lambda *who: _unlock(folder, who, machine, accepts_older=True),
        faults=_describe_fault,
        crashed=_exit_on_bug,
        scheme=Scheme(kept.scheme),
        letters=kept.letters,
        is_new=lambda: _is_new(folder),
        founding=lambda: _setup_services(folder, machine),
        rescue=_recovery_card_factory(folder, machine),
        restoring=lambda: _restore_services(folder, machine),
        repairing=lambda: _repair_services(folder, machine),
        keep=_save_appearance,
        habit=_lock_settings(kept),
        keep_habit=_save_lock_settings,
        view=_view_settings(kept),
        keep_view=_save_view_settings,
        tries=lambda: settings.failed_logins(machine.state, folder),
        check=lambda: _check_not_in_use(folder),
        load=_load_session_modules,
        program=Installation(
            paths.build_id(),
            is_portable=paths.portable_folder() is not None,
            parts=_program_parts,
            is_confined=_is_confined,
        ),
    )


def _run_command(asked: "Namespace", folder: Path, machine: Environment) -> int:
    from kfdesk import store_lifecycle
    from kfdesk.cli.terminal import StoreAccess, run_command_line
    from kfdesk.domain.accounts import Credentials
    from kfdesk.system.updates import ProgramUpdates

    return run_command_line(
        asked,
        StoreAccess(
            create=lambda name, *who: store_lifecycle.create_store(
                folder, name, Credentials(*who), machine
            ),
            unlock=lambda *who: store_lifecycle.unlock_store(
                folder, Credentials(*who), machine, accepts_older=asked.accept_older_store
            ),
            check_key=lambda who, key: store_lifecycle.check_recovery(folder, who, key, machine),
            recover=lambda who, key, words: store_lifecycle.recover_store(
                folder, Credentials(who, words), key, machine
            ),
            words=language,
            check=lambda backup, *who: store_lifecycle.check_backup(
                backup, folder, Credentials(*who)
            ),
            restore=lambda backup, initials, passphrase, agrees: store_lifecycle.restore_store(
                backup,
                folder,
                Credentials(initials, passphrase),
                machine,
                store_lifecycle.RestoreCourse(agrees=agrees),
            ),
            examine=lambda *who: store_lifecycle.examine_store(folder, Credentials(*who), machine),
            salvage=lambda *who: store_lifecycle.salvage_store(folder, Credentials(*who), machine),
            updates=ProgramUpdates,
            is_new=lambda: _is_new(folder),
            tries=lambda: settings.failed_logins(machine.state, folder),
        ),
    )


def _unlock(
    folder: Path, who: tuple[str, str], machine: Environment, *, accepts_older: bool = False
) -> "Session":
    from kfdesk.domain.accounts import Credentials
    from kfdesk.store_lifecycle import unlock_store

    return unlock_store(folder, Credentials(*who), machine, accepts_older=accepts_older)


def _load_session_modules() -> None:
    """Import what an open store needs and shows, so that unlocking does not wait for it."""
    from kfdesk import store_lifecycle  # noqa: F401 - to have it loaded
    from kfdesk.ui.shell import session_view  # noqa: F401


def _supported_language(code: str, *others: str) -> str:
    """Return the first that the program has: the requested language, the user's, `others`; or `en`.

    A requested language may be one that is begun; one that the program does not have is answered
    in English.
    """
    if code in begun_languages(paths.translations_folder()):
        return code
    wanted = (code,) if code else (*process.system_languages(), *others)
    return next((each for each in wanted if each in PROGRAM_LANGUAGES), "en")


def _is_new(folder: Path) -> bool:
    """Return whether no store exists; first finish a restore that was interrupted."""
    if not folder.exists():
        from kfdesk.storage.backup import finish_interrupted

        finish_interrupted(folder)
    return not folder.exists() or not any(folder.iterdir())


def _check_not_in_use(folder: Path, *, has_files: bool = False) -> None:
    """Call the program that has the store open, if there is one.

    Raise KfdeskError `store.in_use` then, or `store.in_use_elsewhere` with files to show.
    """
    if not (folder / process.LOCK_FILE).exists():
        return
    try:
        process.lock_store(folder).release()
    except KfdeskError as refused:
        if refused.code == "store.in_use":
            process.call_lock_holder(folder)
            if has_files:
                raise KfdeskError("store.in_use_elsewhere") from None
        raise


def _setup_services(folder: Path, machine: Environment) -> "SetupServices":
    """Return what the first-run wizard needs: word lists, randomness, the store's folder."""
    from kfdesk import store_lifecycle
    from kfdesk.bundle.card import is_card_name
    from kfdesk.bundle.files import BundleFiles
    from kfdesk.domain.accounts import Credentials
    from kfdesk.services.exchange.invitations import read_invitation
    from kfdesk.ui.pages.first_run import SetupServices

    files = BundleFiles(machine.random)

    def create(wanted: "SetupAnswers") -> "Session":
        who = Credentials(wanted.initials, wanted.passphrase)
        return store_lifecycle.create_organisation_store(
            folder, wanted.owner, who, machine, wanted.recovery
        )

    def look(place: Path) -> "Invitation":
        return read_invitation(place, files.read_card)

    return SetupServices(
        paths.passphrase_words,
        machine.random,
        is_card_name,
        create,
        _recovery_sheet_printer(),
        look,
        _start_demo,
    )


def _start_demo() -> None:
    """Start the demo in a window and a process of its own."""
    _start_another(("demo", "--look"))


def _start_another(arguments: Sequence[str]) -> None:
    """Start the program a second time. Raise KfdeskError `store.disk` if it is gone."""
    try:
        process.start_another(arguments)
    except OSError:
        raise KfdeskError("store.disk") from None


def _recovery_sheet_printer() -> "KeyPrinting":
    """Return the printer of recovery sheets for the time before a store exists."""
    from kfdesk.store_lifecycle import render_recovery_sheets
    from kfdesk.ui.pages.recovery_key import KeyPrinting

    return KeyPrinting(render_recovery_sheets, render_recovery_sheets)


def _recovery_card_factory(
    folder: Path, machine: Environment
) -> "Callable[[UiContext], LostPassphraseCard]":
    """Return a factory for the lost-passphrase card, which uses the recovery key."""

    def check(claim: "RecoveryAttempt") -> None:
        from kfdesk.store_lifecycle import check_recovery

        check_recovery(folder, claim.initials, claim.key, machine)

    def enter(claim: "RecoveryAttempt") -> "Session":
        from kfdesk.domain.accounts import Credentials
        from kfdesk.store_lifecycle import recover_store

        who = Credentials(claim.initials, claim.passphrase)
        return recover_store(folder, who, claim.key, machine)

    def make_card(kit: "UiContext") -> "LostPassphraseCard":
        from kfdesk.ui.pages.recover import LostPassphraseCard, RecoveryServices

        return LostPassphraseCard(
            kit, RecoveryServices(paths.passphrase_words, machine.random, check, enter)
        )

    return make_card


def _restore_services(folder: Path, machine: Environment) -> "RestoreServices":
    """Return the services that restore a backup into the store's folder."""
    from kfdesk.domain.accounts import Credentials
    from kfdesk.store_lifecycle import RestoreCourse, restore_store
    from kfdesk.ui.pages.restore import RestoreServices

    def restore(
        source: "RestoreSource", course: "JobProgress", agrees: "Callable[[RestorePreview], bool]"
    ) -> "RestoreResult":
        who = Credentials(source.initials, source.passphrase)
        return restore_store(
            source.folder, folder, who, machine, RestoreCourse(course.step, agrees)
        )

    return RestoreServices(paths.removable_disks, restore)


def _repair_services(folder: Path, machine: Environment) -> "RepairServices":
    """Return the services that examine and repair a damaged store in `folder`."""
    from kfdesk import store_lifecycle
    from kfdesk.domain.accounts import Credentials
    from kfdesk.ui.pages.restore import RepairServices

    def examine(claim: "RepairCredentials", course: "JobProgress") -> "SalvagePreview":
        return store_lifecycle.examine_store(folder, Credentials(*claim), machine, course.step)

    def salvage(claim: "RepairCredentials", course: "JobProgress") -> "SalvageResult":
        return store_lifecycle.salvage_store(folder, Credentials(*claim), machine, course.step)

    return RepairServices(examine, salvage, _restore_services(folder, machine).restore)


def _save_appearance(language: str, scheme: str, letters: int) -> None:
    """Save the window's language, colour scheme and font size."""
    where = settings.settings_folder()
    kept = settings.read_settings(where)
    settings.write_settings(where, replace(kept, language=language, scheme=scheme, letters=letters))


def _lock_settings(kept: settings.Settings) -> "LockSettings":
    """Return the lock settings; the settings file is public, so it cannot disable the lock."""
    from kfdesk.ui.context import LOCK_MINUTES, LockSettings

    minutes = kept.lock_minutes
    return LockSettings(
        minutes if 1 <= minutes <= max(LOCK_MINUTES) else LockSettings().lock_minutes,
        kept.locks_with_session,
        kept.locks_for_sleep,
        kept.covers_when_left,
    )


def _save_lock_settings(habit: "LockSettings") -> None:
    where = settings.settings_folder()
    settings.write_settings(where, replace(settings.read_settings(where), **asdict(habit)))


def _view_settings(kept: settings.Settings) -> "ViewSettings":
    from kfdesk.ui.context import ViewSettings

    lists = {name: tuple(look) for name, look in kept.lists.items()}
    is_newer = settings.is_of_newer_program(settings.settings_folder())
    return ViewSettings(kept.is_compact, kept.geometry, lists, is_newer)


def _save_view_settings(view: "ViewSettings") -> None:
    where = settings.settings_folder()
    lists = {name: list(look) for name, look in view.lists.items()}
    kept = settings.read_settings(where)
    settings.write_settings(
        where, replace(kept, is_compact=view.is_compact, geometry=view.geometry, lists=lists)
    )


def _restart_locked(folder: Path, note: "ResumeState", mark: CrashMark) -> NoReturn:
    """Restart the process at the unlock page, so that no data stays in memory."""
    mark.end()
    try:
        process.restart({**note.to_dict(), "store": str(folder.resolve())})
    except OSError:  # the program file is gone: end, so that no read data stays in memory
        os._exit(0)


def _describe_fault(error: KfdeskError, words: Language) -> tuple[str, str]:
    from kfdesk.i18n.messages import error_remedy, error_sentence

    return error_sentence(error, words), error_remedy(error, words)


def _exit_on_bug(bug: BaseException) -> None:
    """Report a bug and end the process with exit code 70.

    What is on the disk is consistent. No value of a record goes into any log.
    """
    process.report_bug(type(bug), bug.__traceback__)
    os._exit(70)


def _pass_bug(bug: BaseException) -> None:
    """Treat a bug that was caught as if nobody had caught it."""
    sys.excepthook(type(bug), bug, bug.__traceback__)


def _tell_crash(setting: "ProgramConfig", report: str) -> bool:
    """Say that the last run crashed. Return whether the user wants to go on."""
    from kfdesk.ui.crash import tell_crash
    from kfdesk.ui.program import make_context, qt_application

    app = qt_application()
    return tell_crash(make_context(app, setting), report)


def _program_parts() -> tuple[LicensedComponent, ...]:
    """List the components of this copy of the program; done only on request."""
    from kfdesk.system.licences import program_components

    return program_components()


def _is_confined() -> bool:
    """Return whether the system limits what a child that decodes files of others can do."""
    from kfdesk.decoder.client import check_confinement

    kept = check_confinement()
    return kept.limits_memory and kept.filters_calls
