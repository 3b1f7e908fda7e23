# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of the runbooks: their texts, and the widget for each.

`STEP_TEXTS` and `RUNBOOK_TEXTS` hold the texts, `STEP_WIDGET_MAKERS` the function that makes
the widget of a step. Most widgets lead to a page or card of another module. Those that belong to
runbooks alone are here: reassign the work of a colleague, change the data key, write a breach
note. `runbooks` knows which step is next; this module does not.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget

from kfdesk.domain.accounts import User, fold_initials, format_initials
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import PartnerState
from kfdesk.domain.message_marks import N_
from kfdesk.domain.runbooks import Runbook, RunbookStep
from kfdesk.i18n.language import Language
from kfdesk.services import accounts
from kfdesk.services.accounts import check_passphrase, rekey_store
from kfdesk.services.core.session import Session, save_resume_state
from kfdesk.services.exchange import partners
from kfdesk.services.papers.production import breach_note_pages, save_breach_note
from kfdesk.services.upkeep.backup import backup_state, list_sticks
from kfdesk.services.upkeep.runbooks import (
    AffectedParties,
    ReassignmentResult,
    list_affected_parties,
    reassign_work,
)
from kfdesk.ui.context import UiContext
from kfdesk.ui.dialogs import ask_save
from kfdesk.ui.pages.accounts import (
    AccountTaskPage,
    AddUserPage,
    ChangeRolesPage,
    NewRecoveryKeyPage,
    OwnPassphrase,
    RenewKeysPage,
    inset_column,
)
from kfdesk.ui.pages.backup_jobs import CreateBackupCard, RestoreTestCard, WipeCard
from kfdesk.ui.pages.exchange.partners import REVOKE_WARNING
from kfdesk.ui.pages.printing import print_dialog
from kfdesk.ui.pages.printing.preview import PagePreview
from kfdesk.ui.tokens import FIELD_GAP, GRID, Tone
from kfdesk.ui.translator import Message, fixed_text
from kfdesk.ui.widgets.build import STRETCH, column, extend, filled, row, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import (
    WRONG_PASSPHRASE,
    WRONG_PASSPHRASE_TEXT,
    ChoiceBox,
    LabelledField,
    PassphraseEntry,
)
from kfdesk.ui.widgets.layout import Banner, clear_layout

# --- reassignment


class ReassignmentForm(QWidget):
    """The form that reassigns the open work of a user. `handed` follows when it is done."""

    handed = Signal()

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.leaver, self.to = ChoiceBox(kit), ChoiceBox(kit)
        self.button = Button(
            kit,
            N_("Hand over to the colleague"),
            "user-round-check",
            ButtonLook.PRIMARY,
            on=self._on_clicked,
        )
        self.outcome = Banner(kit, Tone.DANGER, "circle-alert").hidden()
        line = row(self.button, STRETCH, gap=FIELD_GAP)
        column(
            LabelledField(kit, N_("Who leaves?"), self.leaver),
            LabelledField(kit, N_("Who takes over?"), self.to),
            self.outcome,
            line,
            gap=FIELD_GAP,
            on=self,
        )
        self.setFocusProxy(self.leaver)
        for choice in (self.leaver, self.to):
            choice.chosen.connect(self._on_chosen)
        kit.worker.run(lambda: accounts.list_users(desk), self._show_users)

    def _show_users(self, people: Sequence[User]) -> None:
        nobody: list[tuple[str, Message]] = [("", N_("Choose"))]
        names = [(user.initials, fixed_text(format_initials(user.initials))) for user in people]
        for choice in (self.leaver, self.to):
            choice.set_options([*nobody, *names], "")
        self._on_chosen("")

    def _on_chosen(self, _key: str) -> None:
        leaver, to = self.leaver.key, self.to.key
        self.button.setEnabled(bool(leaver and to) and leaver != to)

    def _on_clicked(self) -> None:
        desk, leaver, to = self._desk, self.leaver.key, self.to.key
        self.button.setEnabled(False)
        self._kit.worker.run(
            lambda: reassign_work(desk, leaver, to), self._on_handed, self._on_refused
        )

    def _on_handed(self, done: ReassignmentResult) -> None:
        self._kit.events.changed.emit(done.types)
        self._kit.events.drafts_changed.emit()
        self._kit.notify(lambda language: _reassigned_text(done, language))
        self.handed.emit()

    def _on_refused(self, fault: KfdeskError) -> None:
        self.outcome.show_fault(fault)
        self._on_chosen("")


def _reassigned_text(done: ReassignmentResult, language: Language) -> str:
    said = [
        language.plural(
            "{count} record was handed over.", "{count} records were handed over.", done.records
        ),
        language.plural(
            "{count} draft was handed over.", "{count} drafts were handed over.", done.drafts
        ),
    ]
    if done.kept_drafts:
        said.append(
            language.plural(
                "{count} draft stays, because the colleague has one of the same record.",
                "{count} drafts stay, because the colleague has one of the same record.",
                done.kept_drafts,
            )
        )
    return " ".join(said)


# --- data key


class NewDataKeyPage(AccountTaskPage):
    """The page that changes the data key: all users present type their passphrase, then one action.

    Whoever's field stays empty needs a new passphrase afterwards. The store is closed at the end,
    whatever the result, so the window locks; drafts and place are saved before. `place` is where
    the runbook resumes after the store is opened again.
    """

    def __init__(self, kit: UiContext, desk: Session, people: Sequence[User], place: str) -> None:
        act = Button(kit, N_("Rewrite everything and lock"), "key-round", ButtonLook.PRIMARY)
        super().__init__(kit, desk, N_("A new data key"), act)
        self._place = place
        self._wrong = ""
        self.under.set_message(
            N_("The old database is destroyed once the new one has been read completely.")
        )
        self.own = OwnPassphrase(kit, N_("Your own passphrase"))
        self.own.changed.connect(self.show_state)
        self.fields = {
            user.initials: self._make_field(user)
            for user in people
            if user.initials != fold_initials(desk.user)
        }
        self._add_part(N_("You"), self.own)
        if self.fields:
            self._add_part(
                N_("Who else is here? Let each person type their own passphrase."),
                self._make_others(),
            )
        after = Banner(kit, Tone.INFO, "lock")
        after.set_message(
            N_(
                "People who are not here, and the recovery key, can then no longer open "
                "this database."
            ),
            N_("The next steps of the guide deal with both. Earlier backups keep the old key."),
        )
        extend(self.card.body, inset_column(after))
        self.first = self.own
        self.show_state()

    @property
    def reason(self) -> Message:
        """The missing part: the user's own passphrase; the others' may stay empty."""
        return self.own.reason

    def make_job(self) -> Callable[[], object]:
        """Return the job: prove all passphrases, save the place, and re-encrypt the store."""
        desk, place, own = self.desk, self._place, self.own.take_text()
        typed = {who: field.text() for who, (_, field) in self.fields.items() if field.text()}
        for _, field in self.fields.values():
            field.clear()
        self.kit.events.lock_began.emit()  # first save what was typed elsewhere
        self.kit.events.paused.emit(True)  # noqa: FBT003 - a signal's one value

        def run() -> object:
            for who, words in typed.items():
                self._wrong = who
                check_passphrase(desk, who, words)
            self._wrong = ""
            save_resume_state(desk, place)
            return rekey_store(desk, own, typed)

        return run

    def handles_fault(self, fault: KfdeskError) -> bool:
        """Show a wrong passphrase beside its field, and return whether one was wrong."""
        self.kit.events.paused.emit(False)  # noqa: FBT003
        if fault.code == WRONG_PASSPHRASE and self._wrong in self.fields:
            field, entry = self.fields[self._wrong]
            field.show_error(WRONG_PASSPHRASE_TEXT)
            entry.setFocus()
            return True
        return self.own.handles_fault(fault)

    def _on_done(self, is_new: object) -> None:
        self.kit.events.rekeyed.emit(is_new is True)

    def _make_field(self, user: User) -> tuple[LabelledField, PassphraseEntry]:
        entry = PassphraseEntry(self.kit)
        field = LabelledField(self.kit, _passphrase_label(user), entry)
        entry.line.textEdited.connect(field.clear_note)
        return field, entry

    def _make_others(self) -> QWidget:
        others = QWidget()
        others.setLayout(inset_column(*(field for field, _ in self.fields.values())))
        return others


def _passphrase_label(user: User) -> Message:
    return filled("Passphrase of {initials}", initials=format_initials(user.initials))


# --- breach note

_NOTE_SCALE = 1.6
_NOTE_HEIGHT = 360
_NOTE_NAME = "report.pdf"


class BreachNote(QWidget):
    """The note about a data breach as a page, with Print and Save below."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.preview = PagePreview(kit)
        self.preview.setFixedHeight(_NOTE_HEIGHT)
        self.printing = Button(kit, N_("Print…"), "printer", ButtonLook.PRIMARY)
        self.saving = Button(kit, N_("Save as a file…"), "file-down", on=self._on_save_clicked)
        self.outcome = Banner(kit, Tone.SUCCESS, "circle-check").hidden()
        self.printing.clicked.connect(self._on_print_clicked)
        line = row(self.printing, self.saving, STRETCH, gap=GRID)
        column(self.preview, self.outcome, line, gap=GRID, on=self)
        kit.translator.changed.connect(self._load_pages)
        self._load_pages()

    def print_on(self, printer: QPrinter) -> None:
        """Print the note on `printer`, off the window's thread."""
        desk, language = self._desk, self._kit.translator.language
        scale = print_dialog.print_scale(printer)
        self._kit.worker.run(
            lambda: print_dialog.draw_pages(
                printer, breach_note_pages(desk, language, scale), scale
            ),
            self._on_printed,
            self._on_refused,
        )

    def save_as(self, path: Path) -> None:
        """Save the note as a file."""
        desk, language = self._desk, self._kit.translator.language
        self._kit.worker.run(
            lambda: save_breach_note(desk, language, path), self._on_saved, self._on_refused
        )

    def _load_pages(self) -> None:
        desk, language = self._desk, self._kit.translator.language
        self._kit.worker.run(
            lambda: breach_note_pages(desk, language, _NOTE_SCALE),
            self.preview.show_pages,
            self._on_refused,
        )

    def _on_print_clicked(self) -> None:
        print_dialog.ask_printer(self, self.print_on, self._on_refused)

    def _on_save_clicked(self) -> None:
        ask_save(self._kit, self, N_("Save"), _NOTE_NAME, self.save_as)

    def _on_printed(self, is_taken: bool) -> None:
        if is_taken:
            self._show_outcome(Tone.SUCCESS, "circle-check", print_dialog.PRINT_SENT)
        else:
            self._show_outcome(Tone.DANGER, "circle-alert", print_dialog.PRINT_REFUSED)

    def _on_saved(self, _nothing: None) -> None:
        self._show_outcome(Tone.SUCCESS, "circle-check", N_("It is saved."))

    def _show_outcome(self, tone: Tone, icon: str, message: str) -> None:
        self.outcome.show_look(tone, icon)
        self.outcome.set_message(message)
        self.outcome.show()

    def _on_refused(self, fault: KfdeskError) -> None:
        self.outcome.show_look(Tone.DANGER, "circle-alert")
        self.outcome.show_fault(fault)


# --- widgets of the steps


class StepActions(NamedTuple):
    """Calls of a step: open a page, read again, mark the step as done; and its `place`."""

    open: Callable[[AccountTaskPage], None]
    did: Callable[[], None]
    tick: Callable[[], None]
    place: str


StepWidgetMaker = Callable[[UiContext, Session, StepActions], QWidget]


class ActionList(QWidget):
    """A list of texts and buttons, filled once the store is read."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self.buttons: list[Button] = []
        self._column = column(gap=GRID, on=self)

    def clear(self) -> None:
        """Remove all lines."""
        clear_layout(self._column)
        self.buttons = []

    def show_message(self, message: Message) -> None:
        """Add a sentence."""
        extend(self._column, text(self._kit, message))

    def add_action(self, message: Message, icon: str, act: Callable[[], object]) -> None:
        """Add a button for an action."""
        look = ButtonLook.SECONDARY if self.buttons else ButtonLook.PRIMARY
        button = Button(self._kit, message, icon, look, on=act)
        self.buttons.append(button)
        extend(self._column, row(button, STRETCH))


def _make_data_key(kit: UiContext, desk: Session, acts: StepActions) -> QWidget:
    def open_page() -> None:
        kit.worker.run(
            lambda: accounts.list_users(desk),
            lambda people: acts.open(NewDataKeyPage(kit, desk, people, acts.place)),
        )

    return _single_action(kit, N_("A new data key…"), "key-round", open_page)


def _make_sheets(kit: UiContext, desk: Session, acts: StepActions) -> QWidget:
    return _single_action(
        kit,
        N_("Make a new recovery key…"),
        "life-buoy",
        lambda: acts.open(NewRecoveryKeyPage(kit, desk)),
    )


def _make_signing(kit: UiContext, desk: Session, acts: StepActions) -> QWidget:
    return _single_action(
        kit, N_("Make new keys…"), "key-round", lambda: acts.open(RenewKeysPage(kit, desk))
    )


def _make_let_in(kit: UiContext, desk: Session, acts: StepActions) -> QWidget:
    part = ActionList(kit)

    def show(people: tuple[User, ...]) -> None:
        part.clear()
        if not people:
            part.show_message(N_("Everyone's passphrase opens this database."))
        for user in people:
            part.add_action(
                _filled_message(
                    N_("New words for {initials}…"), initials=format_initials(user.initials)
                ),
                "user",
                partial(_open_page, acts, AddUserPage, kit, desk, user),
            )

    kit.worker.run(lambda: accounts.users_without_slot(desk), show)
    return part


def _make_removal(kit: UiContext, desk: Session, acts: StepActions) -> QWidget:
    part = ActionList(kit)

    def show(people: tuple[User, ...]) -> None:
        part.clear()
        for user in people:
            if user.initials != fold_initials(desk.user):
                part.add_action(
                    _filled_message(
                        N_("Remove {initials}…"), initials=format_initials(user.initials)
                    ),
                    "user-x",
                    partial(_open_page, acts, ChangeRolesPage, kit, desk, user),
                )

    kit.worker.run(lambda: accounts.list_users(desk), show)
    return part


def _make_revocation(kit: UiContext, desk: Session, acts: StepActions) -> QWidget:
    part = ActionList(kit)

    def revoke(organisation: bytes) -> None:
        def tell(_: object) -> None:
            kit.events.changed.emit(frozenset({"partner"}))
            acts.tick()

        kit.worker.run(lambda: partners.revoke_partner(desk, organisation), tell)

    def ask(organisation: bytes) -> None:
        part.clear()
        part.show_message(REVOKE_WARNING)
        part.add_action(N_("Leave it unchanged"), "arrow-left", read)
        part.add_action(N_("Revoke it now"), "octagon-alert", lambda: revoke(organisation))
        part.buttons[0].setFocus()

    def read() -> None:
        kit.worker.run(lambda: partners.list_partners(desk), show)

    def show(lines: tuple[partners.PartnerLine, ...]) -> None:
        part.clear()
        for line in lines:
            partner = line.partner
            if partner.is_own and partner.state is not PartnerState.REVOKED:
                said = _filled_message(N_("Revoke trust in {name} permanently…"), name=partner.name)
                part.add_action(said, "ban", partial(ask, partner.organisation))

    read()
    return part


def _make_warning(kit: UiContext, desk: Session, _acts: StepActions) -> QWidget:
    part = ActionList(kit)

    def show(concerned: AffectedParties) -> None:
        part.clear()
        for label, names in (
            (N_("Clients, listed by their plans: {names}"), concerned.clients),
            (N_("Partners whose entries and files were on it: {names}"), concerned.partners),
        ):
            if names:
                part.show_message(_filled_message(label, names=", ".join(names)))

    kit.worker.run(lambda: list_affected_parties(desk), show)
    return part


def _make_backup(kit: UiContext, desk: Session, acts: StepActions) -> QWidget:
    card = CreateBackupCard(kit, desk)
    card.made.connect(acts.did)

    def show(read: tuple[Path | None, tuple[Path, ...]]) -> None:
        last, plugged_in = read
        known = (last.parent,) if last is not None and last.parent.is_dir() else ()
        card.set_options((*known, *plugged_in))

    kit.worker.run(lambda: (backup_state(desk).path, list_sticks(desk)), show)
    return card


def _make_restore_test(kit: UiContext, desk: Session, acts: StepActions) -> QWidget:
    card = RestoreTestCard(kit, desk)
    card.opened.connect(acts.did)
    kit.worker.run(lambda: backup_state(desk), lambda read: card.show_newest(read.newest))
    return card


def _make_wipe(kit: UiContext, desk: Session, _acts: StepActions) -> QWidget:
    card = WipeCard(kit, desk)
    card.wiped.connect(kit.events.wiped)
    return card


def _make_reassignment(kit: UiContext, desk: Session, acts: StepActions) -> QWidget:
    part = ReassignmentForm(kit, desk)
    part.handed.connect(acts.tick)
    return part


def _make_breach_note(kit: UiContext, desk: Session, _acts: StepActions) -> QWidget:
    return BreachNote(kit, desk)


STEP_WIDGET_MAKERS: Mapping[RunbookStep, StepWidgetMaker] = {
    RunbookStep.DATA_KEY: _make_data_key,
    RunbookStep.LET_IN: _make_let_in,
    RunbookStep.SHEETS: _make_sheets,
    RunbookStep.SIGNING: _make_signing,
    RunbookStep.REMOVE: _make_removal,
    RunbookStep.REVOKE: _make_revocation,
    RunbookStep.WARN: _make_warning,
    RunbookStep.AUTHORITY: _make_breach_note,
    RunbookStep.BACKUP: _make_backup,
    RunbookStep.TRY: _make_restore_test,
    RunbookStep.OLD_LAPTOP: _make_wipe,
    RunbookStep.CARRY_NOTHING: _make_wipe,
    RunbookStep.HAND_OVER: _make_reassignment,
}


def _single_action(
    kit: UiContext, message: Message, icon: str, act: Callable[[], object]
) -> QWidget:
    part = ActionList(kit)
    part.add_action(message, icon, act)
    return part


def _filled_message(message: str, **places: str) -> Message:
    return lambda language: language.gettext(message).format(**places)


def _open_page(acts: StepActions, page: Callable[..., AccountTaskPage], *given: object) -> None:
    acts.open(page(*given))


# --- texts


class StepTexts(NamedTuple):
    """The texts of a step: what to do, why and how, and the label of its Done button, if any."""

    title: Message
    lines: tuple[Message, ...]
    tick: Message = ""


class RunbookTexts(NamedTuple):
    """The texts of a runbook: its title, when it applies, and its icon."""

    title: Message
    when: Message
    icon: str


RUNBOOK_TEXTS: Mapping[Runbook, RunbookTexts] = {
    Runbook.LOST: RunbookTexts(
        N_("A laptop is lost or stolen"),
        N_("Block its keys, and know within the hour whom to warn and what to report."),
        "shield-alert",
    ),
    Runbook.LEAVER: RunbookTexts(
        N_("A colleague leaves"),
        N_("Open work goes to someone else; their passphrase no longer opens anything."),
        "user-x",
    ),
    Runbook.NEW_KEY: RunbookTexts(
        N_("A passphrase may have been seen"),
        N_("Everything is rewritten with a new key, so that old copies of keys are useless."),
        "key-round",
    ),
    Runbook.MOVE: RunbookTexts(
        N_("Move to a new laptop"),
        N_("Nothing is destroyed here until the copy has been opened on the new laptop."),
        "arrow-right",
    ),
    Runbook.TRAVEL: RunbookTexts(
        N_("Cross a border without the database"),
        N_("A backup stays behind, the laptop is empty, and everything comes back on arrival."),
        "luggage",
    ),
}

_NOT_NEEDED = N_("Not needed here")

STEP_TEXTS: Mapping[RunbookStep, StepTexts] = {
    RunbookStep.DATA_KEY: StepTexts(
        N_("Rewrite everything with a new data key"),
        (
            N_(
                "Anyone who has seen a passphrase and has a copy of the database or of "
                "its key files can read that copy. A new passphrase alone does not "
                "change that. A new data key does, for everything written from now on."
            ),
            N_("Anyone who copied something earlier can still read it. Nothing can undo that."),
            N_("If no one can have seen a passphrase, this is not needed."),
        ),
        _NOT_NEEDED,
    ),
    RunbookStep.LET_IN: StepTexts(
        N_("Give access again to those who were not there"),
        (
            N_("Anyone who was not there needs six new words. Let them sit beside you."),
            N_("In Settings, remove anyone who does not come back."),
        ),
        N_("Everyone has access"),
    ),
    RunbookStep.SHEETS: StepTexts(
        N_("Print new recovery sheets, and destroy the old ones"),
        (
            N_("The earlier recovery key no longer opens this database."),
            N_("Seal the new sheets, and take them to the places where the old ones were."),
        ),
        _NOT_NEEDED,
    ),
    RunbookStep.BACKUP: StepTexts(
        N_("Make a backup"), (N_("It is valid once it has been read back and compared."),)
    ),
    RunbookStep.OLD_BACKUPS: StepTexts(
        N_("Destroy the earlier backups"),
        (
            N_(
                "They still open with the old passphrases and the old recovery key. The program no "
                "longer deletes them, because it no longer recognises them."
            ),
            N_(
                "Test the new backup first. Then break the old USB sticks, or delete what "
                "is on them."
            ),
        ),
        N_("They are destroyed, or the key is the same"),
    ),
    RunbookStep.REVOKE: StepTexts(
        N_("Revoke trust in the lost laptop"),
        (
            N_("Nothing more is sent to it, and no file from it is imported."),
            N_("Our other laptops and the partners are told, each with your next file."),
            N_("Send a file to each of our other laptops now: until then they trust it."),
            N_("If it was the only laptop, there is none to block: continue with the backup."),
        ),
        N_("There is no other laptop to block"),
    ),
    RunbookStep.SIGNING: StepTexts(
        N_("Make new keys for the exchange"),
        (
            N_(
                "If this database comes from the lost laptop's backup, both have the same keys: "
                "anyone who opens that one could write to partners in your name. Choose the third "
                "answer, unless it is certain that no one can have the keys."
            ),
            N_("The program locks itself, and this guide continues where it was."),
        ),
        N_("The lost laptop had keys of its own"),
    ),
    RunbookStep.WARN: StepTexts(
        N_("Warn those whose data was on it"),
        (
            N_("Clients first: begin with anyone who can be found through what is on the laptop."),
            N_("Tell each person only in a safe way. Do not write their names anywhere for this."),
        ),
        N_("Everyone was told"),
    ),
    RunbookStep.AUTHORITY: StepTexts(
        N_("Report it to the data protection authority within 72 hours"),
        (
            N_(
                "The hours count from the moment you learned of it. A first report may be "
                "incomplete."
            ),
            N_(
                "If the laptop was locked and its passphrase strong, the risk is low; write down "
                "why you think so, and ask the person responsible for data protection."
            ),
        ),
        N_("It was reported, or the reason for not reporting it was written down"),
    ),
    RunbookStep.HAND_OVER: StepTexts(
        N_("Hand open work over to a colleague"),
        (
            N_("Open plans, tasks, calls and goals are handed over. What was written stays."),
            N_("Unsaved text goes to the same colleague as drafts."),
        ),
        N_("There is nothing to hand over"),
    ),
    RunbookStep.REMOVE: StepTexts(
        N_("Remove their access"),
        (N_("Their passphrase no longer opens anything here. What they wrote stays."),),
        N_("They have already been removed"),
    ),
    RunbookStep.TRY: StepTexts(
        N_("Test whether the backup opens"),
        (N_("It is read completely and then deleted. Only after that may anything be destroyed."),),
    ),
    RunbookStep.RESTORE: StepTexts(
        N_("Open it on the new laptop"),
        (
            N_("Install the program there, and choose “I have a backup”."),
            N_("Look through a plan that you know well. Then come back to this laptop."),
        ),
        N_("I have seen my plans on the new laptop"),
    ),
    RunbookStep.OLD_LAPTOP: StepTexts(
        N_("Remove everything from the old laptop"),
        (
            N_(
                "On the old laptop: destroy the database, below. After that work only on "
                "the new one."
            ),
            N_("On the new laptop: record here that it was done."),
        ),
        N_("The old laptop is empty"),
    ),
    RunbookStep.PARTNERS: StepTexts(
        N_("Continue with partners as before"),
        (
            N_("Keys and card are the same: no digits are compared again."),
            N_(
                "Partners see that the numbers of your files start again, and may call "
                "to ask whether that is right. Tell them: yes, the laptop is a new one."
            ),
            N_("Make a backup here today: the one from the old laptop is already out of date."),
        ),
        N_("Done"),
    ),
    RunbookStep.LEFT_BEHIND: StepTexts(
        N_("Leave the backup behind"),
        (
            N_("The USB stick stays with someone you trust, or travels by another route."),
            N_(
                "So do the recovery sheets. Know your passphrase by heart; do not carry it "
                "on paper."
            ),
        ),
        N_("I carry neither the USB stick nor a sheet"),
    ),
    RunbookStep.CARRY_NOTHING: StepTexts(
        N_("Remove everything from this laptop"),
        (
            N_("What was written since the backup is lost: make another one first if needed."),
            N_("At the border you can tell the truth: there is nothing on it."),
        ),
    ),
    RunbookStep.ARRIVED: StepTexts(
        N_("On arrival: restore the backup"),
        (N_("The program starts as on its first day. Choose “I have a backup”."),),
    ),
}
