# SPDX-License-Identifier: GPL-3.0-or-later
"""The sentence and the remedy for every error code, and the labels of fields.

Errors carry codes and data, which become text only where a person reads them. A sentence
says what is wrong, a remedy what to do next. Neither blames, and neither shows a value of a
record. A new code is one entry in the table of its subject.
"""

from collections.abc import Mapping

from kfdesk.domain.codes.core import CONSENT_PURPOSE
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.i18n.book_messages import BOOK_MESSAGES
from kfdesk.i18n.contradictions import CONTRADICTION_MESSAGES
from kfdesk.i18n.erasure_messages import ERASURE_MESSAGES
from kfdesk.i18n.exchange_messages import BUNDLE_MESSAGES, PARTNER_MESSAGES
from kfdesk.i18n.figures import FIGURE_MESSAGES
from kfdesk.i18n.integrity import integrity_text
from kfdesk.i18n.language import Language
from kfdesk.i18n.message import TRY_AGAIN, Message
from kfdesk.i18n.paper_messages import LEAK_CHECK_MESSAGES, LETTER_MESSAGES
from kfdesk.i18n.phrases import GATE_REFUSALS
from kfdesk.i18n.procedures import PROCEDURE_FILE_MESSAGES
from kfdesk.i18n.update_messages import UPDATE_MESSAGES

# --- aftercare

AFTERCARE_MESSAGES: Mapping[str, Message] = {
    "referral.no_provider": Message(
        N_("It is not recorded yet who provides this service."),
        N_("Choose the organisation in the service, and then refer her."),
    ),
    "plan.held": Message(
        N_("This plan must be kept as it is, so nothing was changed."),
        N_(
            "The reason is in the plan under Retention. The data protection lead can lift "
            "the restriction."
        ),
    ),
    "plan.no_reason": Message(
        N_("A plan can be restricted only with a reason."),
        N_("Write in a few words why it must be kept, and for whom."),
    ),
    "referral.no_consent": Message(
        N_("She has not yet agreed that this organisation may know about her."),
        N_("Talk with her, and record her consent for this organisation under Consent."),
    ),
}


# --- backups

BACKUP_MESSAGES: Mapping[str, Message] = {
    "backup.not_written": Message(
        N_("The backup could not be written."),
        N_("The backup was not made; earlier ones are unchanged. Use another USB stick or folder."),
    ),
    "backup.no_room": Message(
        N_("There is not enough space for the backup."),
        N_("The backup was not made. Free up space on the USB stick, or use another one."),
    ),
    "backup.busy": Message(
        N_("Another backup is being written to this folder now."),
        N_("Nothing was changed. Wait until it is complete, then try again."),
    ),
    "backup.not_sound": Message(
        N_("What was written does not match the database, so it was deleted."),
        N_("Try again. If it happens twice, do not trust that USB stick."),
    ),
    "backup.exists": Message(
        N_("There are already many backups from this minute."),
        N_("You do not need to do anything."),
    ),
    "backup.inside_store": Message(
        N_("This is the database's own folder."),
        N_("Choose a USB stick or another folder, so that one accident cannot destroy both."),
    ),
    "backup.missing": Message(
        N_("There is no backup in this folder."),
        N_("Choose the folder that contains the backups; their names begin with notebook."),
    ),
    "backup.unfinished": Message(
        N_("This backup was never finished."), N_("Choose another one, and delete this folder.")
    ),
    "backup.unreadable": Message(
        N_("The backup cannot be read completely."),
        N_("Nothing was changed. Put the USB stick in again, or choose another backup."),
    ),
    "backup.damaged_pages": Message(
        N_("The file of this backup is damaged and cannot be restored."),
        N_("Nothing was changed. Choose another backup, and do not trust that USB stick."),
    ),
    "backup.damaged_records": Message(
        N_("A record in this backup is not as it was written."),
        N_("Nothing was changed. Choose an earlier backup."),
    ),
    "backup.mixed": Message(
        N_("Parts of this backup are older than the rest."),
        N_("Nothing was changed. Choose another backup, and ask who had this one."),
    ),
    "backup.newer": Message(
        N_("This backup was made by a newer version of the program."),
        N_(
            "Nothing was changed. Install the newer version on this computer, or choose the "
            "backup that was made before the update: it is in a folder beside the database."
        ),
    ),
    "backup.damaged_log": Message(
        N_("The history in this backup was altered."),
        N_("Nothing was changed. Choose an earlier backup, and ask who had this one."),
    ),
    "backup.not_agreed": Message(
        N_("This restore erases records of your own again. That needs a yes."),
        N_("Nothing was changed. Read what would go, and then say yes, or leave it."),
    ),
    "backup.none_elsewhere": Message(
        N_("There is no backup outside this computer."),
        N_(
            "Nothing was destroyed. Make a backup on a USB stick first, or say that everything may "
            "be lost."
        ),
    ),
    "attachment.unreadable": Message(
        N_("The file cannot be opened."), N_("Check the USB stick, and choose the file again.")
    ),
    "attachment.unsupported": Message(
        N_("A file of this kind cannot be kept here."),
        N_("Nothing was added. Save it as a PDF, a JPEG or PNG picture, or plain text."),
    ),
    "attachment.broken": Message(
        N_("The file is damaged or not complete."),
        N_("Nothing was added. Scan or photograph it again, or ask for a new copy."),
    ),
    "attachment.unsafe": Message(
        N_("The file could not be opened safely: it is damaged, or would overload the computer."),
        N_(
            "Nothing was added. Photograph the document or a printout of it, or ask "
            "someone you know for a new copy."
        ),
    ),
    "attachment.too_large": Message(
        N_("The file is larger than 25 MB."),
        N_("Nothing was added. Scan it again with less detail, or split it into several files."),
    ),
    "attachment.no_room": Message(
        N_("All documents together have reached 2 GB, and no more can be kept here."),
        N_("Nothing was added. Ask your data protection lead which clients' data can be erased."),
    ),
    "attachment.too_many_pixels": Message(
        N_("The picture is too detailed: it has more than 50 million pixels."),
        N_("Nothing was added. Scan or photograph it again with less detail."),
    ),
    "attachment.several_pages": Message(
        N_("The picture file has several pages, and only the first could be kept."),
        N_("Nothing was added. Save it as a PDF instead."),
    ),
    "attachment.many_pages": Message(
        N_("The PDF has more than 500 pages."),
        N_("Nothing was added. Split it into several files."),
    ),
    "attachment.locked": Message(
        N_("The PDF is locked with a password."),
        N_("Nothing was added. Save a copy without a password, and add that."),
    ),
    "attachment.elsewhere": Message(
        N_("Another organisation has the content of this document."),
        N_("Only the organisation that added it can show it. Ask there."),
    ),
    "attachment.damaged": Message(
        N_("The content of this document is damaged and cannot be shown."),
        N_("Leave the database as it is, and look for the document in the newest backup."),
    ),
    "attachment.not_shown": Message(
        N_("This page cannot be shown."),
        N_("The document is unchanged. Look at its other pages, or ask for a new copy."),
    ),
}


# --- contact files

_ASK_FOR_PARTS = N_("Nothing was imported. Ask for the list in smaller parts.")
_ASK_FOR_OTHER_FORMAT = N_("Nothing was imported. Ask for the list again, as vCard, CSV or XLSX.")

CONTACT_FILE_MESSAGES: Mapping[str, Message] = {
    "contacts.not_these_letters": Message(
        N_("The file does not use the text encoding that was chosen."),
        N_("Nothing was imported. Choose another text encoding, or let the program detect it."),
    ),
    "contacts.too_large": Message(
        N_("This file is larger than {most} megabytes, and was not opened."), _ASK_FOR_PARTS
    ),
    "contacts.too_many": Message(
        N_("This list has more than {most} entries, and was not read to the end."), _ASK_FOR_PARTS
    ),
    "contacts.too_wide": Message(
        N_("This table has more than {most} columns."),
        N_("Nothing was imported. Remove the columns that are not about contacts."),
    ),
    "contacts.bomb": Message(
        N_("This file would expand to many times its size, and was not opened."),
        _ASK_FOR_OTHER_FORMAT,
    ),
    "contacts.unsafe": Message(
        N_("The list could not be opened safely: it is damaged, or would overload the computer."),
        _ASK_FOR_OTHER_FORMAT,
    ),
    "contacts.torn": Message(N_("This file is damaged or incomplete."), _ASK_FOR_OTHER_FORMAT),
    "contacts.unknown_column": Message(
        N_("A column can only be one of these: {known}."),
        N_("Nothing was imported. Name the columns in order, with commas between them."),
    ),
    "contacts.locked": Message(
        N_("This file is locked with a passphrase of its own."),
        N_("Open it in the program that made it, and save it again without a passphrase."),
    ),
    "contacts.foreign_compression": Message(
        N_("This file is packed in a way that cannot be read here."),
        N_("Unpack it and choose what was in it, or save it again as XLSX or CSV."),
    ),
    "contacts.other_kind": Message(
        N_("Files of this kind cannot be read here: {kind}."),
        N_("Open it in the program that made it, and save it again as XLSX or CSV."),
    ),
    "contacts.not_a_table": Message(
        N_("From line {line} on, the file is not a table."), _ASK_FOR_OTHER_FORMAT
    ),
    "contacts.not_text": Message(
        N_("This is not a text file, so no contact can be read from it."), _ASK_FOR_OTHER_FORMAT
    ),
    "contacts.nothing_inside": Message(
        N_("No contact was found in this file."),
        N_("Choose another file: vCard, CSV, XLSX, or HSDS as JSON or as a folder of tables."),
    ),
    "contacts.not_readable": Message(
        N_("This file cannot be read."),
        N_("Check that the USB stick is plugged in, and choose the file again."),
    ),
    "contacts.nothing_to_give": Message(
        N_("No contact may be shared, so there is no file."),
        N_("The form of an entry shows who may see it. Secret entries are never shared."),
    ),
    "contacts.unknown_kind": Message(
        N_("The file extension decides the format: {known}."),
        N_("Choose a name with one of these extensions."),
    ),
}

CALENDAR_MESSAGES: Mapping[str, Message] = {
    "calendar.title_refused": Message(
        N_("The neutral wording of a task says something that must not be on a phone."),
        N_(
            "No file was saved. Change the wording, or leave it empty: then the entry is called "
            "Notebook. The preview names the task."
        ),
    ),
    "calendar.nothing": Message(
        N_("You have nothing with a day in this time, so there is no file."),
        N_("Choose more days. Only your own open items are in the file."),
    ),
    "calendar.days": Message(
        N_("A calendar file is for 1 to {most} days."),
        N_("No file was saved. Choose a number of days between these."),
    ),
}

BROKEN_ROW_REASONS: Mapping[str, str] = {
    "no_name": N_("It has no name."),
    "no_begin": N_("It does not begin like a contact card."),
    "no_end": N_("It is cut off in the middle."),
    "not_a_card": N_("It is not a contact card."),
    "no_parent": N_("What it belongs to is not in the file."),
    "cut": N_("A text is too long, and its end was left out."),
    "sum_row": N_("It only says how many there are."),
    "lost_zero": N_("A number may have lost its first 0. Compare it with the list."),
}
"""The reasons why a row of a contact file could not be read."""


# --- all messages

_TIMESTAMPS = frozenset({"seen", "newest"})  # placeholders for milliseconds since 1970, UTC
_LANGUAGES = frozenset({"reads", "spoken"})  # placeholders for codes of languages
_MS_PER_SECOND = 1000
_REPAIR_STORE = N_(
    "Leave the file as it is. Repair looks for the newest intact backup, and for what "
    "can still be read."
)
_FILL_IN_FIELD = N_("Open the plan, fill in the field, and print again.")

MESSAGES: Mapping[str, Message] = {
    "store.missing": Message(
        N_("There is no database in this folder."),
        N_("Choose another folder, or set up a new database."),
    ),
    "store.exists": Message(
        N_("There is already a database in this folder."),
        N_("Open it with its passphrase, or choose an empty folder."),
    ),
    "store.not_a_store": Message(
        N_("The initials, passphrase and database do not match."),
        N_("Check the keyboard language and Caps Lock, and that this is the right database."),
    ),
    "store.wrong_passphrase": Message(
        N_("The initials, passphrase and database do not match."),
        N_("Check the keyboard language and Caps Lock, and that this is the right database."),
    ),
    "store.wrong_key": Message(
        N_("The initials, passphrase and database do not match."),
        N_("Check the keyboard language and Caps Lock, and that this is the right database."),
    ),
    "store.no_cipher": Message(
        N_("Encryption does not work on this computer, so no database was opened."),
        N_("Start the program from its own folder, without other programs' libraries."),
    ),
    "store.newer": Message(
        N_("This database was written by a newer version of the program."),
        N_(
            "The database was not changed. Install the newer version on this computer, "
            "or restore the backup that was made before: it is in a folder beside the "
            "database."
        ),
    ),
    "store.not_kept": Message(
        N_(
            "This database was written by an older version of the program, and a copy of "
            "it could not be kept."
        ),
        N_("Nothing was changed. Free up space on this computer, and open the database again."),
    ),
    "store.damaged": Message(N_("The database is damaged and was not opened."), _REPAIR_STORE),
    "store.unreadable": Message(
        N_("The disk can no longer read a part of the database."), _REPAIR_STORE
    ),
    "salvage.nothing": Message(
        N_("Nothing in this database can be read."),
        N_("Leave the file as it is and restore the newest backup."),
    ),
    "store.unsound": Message(
        N_("The check found errors: {found}."),
        N_(
            "Leave the database as it is. Repair, on the Backup page, looks for the "
            "newest intact backup, and for what can still be read. If nothing else "
            "explains it, ask who has had this computer."
        ),
    ),
    "store.rolled_back": Message(
        N_(
            "What was written on this computer on {seen} is not in this database. Its "
            "last entry is from {newest}."
        ),
        N_(
            "It was not changed. An older one may have been put in its place: look for "
            "the newer one or the newest backup, and ask who has had this computer. "
            "You can continue with it; this is recorded."
        ),
    ),
    "store.mixed": Message(
        N_("Parts of this database are older than the rest."),
        N_(
            "Someone may have put back old parts of the file, so a consent that was "
            "withdrawn may seem to be valid again. Send and print nothing from it. "
            "Nothing was overwritten: leave the files as they are, restore the newest "
            "backup, and ask who has had this computer."
        ),
    ),
    "store.no_memory": Message(
        N_("This computer has too little free memory to open the database."),
        N_("Close other programs, and try again."),
    ),
    "store.disk": Message(N_("The disk refused to write."), TRY_AGAIN),
    "store.done": Message(
        N_("It was done, but then the disk refused to write."),
        N_(
            "Do not do it again before you have looked. A new passphrase is valid. Make a backup "
            "on another disk, and have this one checked."
        ),
    ),
    "store.no_room": Message(
        N_("There is not enough space on the disk to rewrite the database."),
        N_("Nothing was changed. Free up space for a second copy of the database, and try again."),
    ),
    "store.closed": Message(
        N_("The program was locked in the meantime; nothing was done."),
        N_("Unlock it with your passphrase, then try again."),
    ),
    "store.key_stays": Message(
        N_("The disk refused the last step, so the data key is unchanged."),
        N_("The database is unchanged. Restart the computer and try again."),
    ),
    "store.in_use": Message(
        N_("This database is already open in the program."),
        N_("Go to the open window, or close it first."),
    ),
    "store.in_use_elsewhere": Message(
        N_("This database is already open in the program."),
        N_("Go to the open window and press “Import…” there, or close it first."),
    ),
    "store.read_only": Message(
        N_("The database's folder cannot be written to."),
        N_(
            "Move the database to a folder of your own, or remove the write protection "
            "from the USB stick."
        ),
    ),
    "user.not_allowed": Message(
        N_("Your roles do not allow this."),
        N_("Ask an administrator. Settings shows who that is."),
    ),
    "user.no_reason": Message(
        N_("Someone else's plan opens only with a reason."),
        N_(
            "Write in a few words why you must read it now. The person responsible for the "
            "plan will see this."
        ),
    ),
    "user.exists": Message(
        N_("Someone with these initials can already open this database."),
        N_("Choose other initials, such as three letters instead of two."),
    ),
    "user.unknown": Message(
        N_("No one with these initials can open this database."),
        N_("Look at the list of people and choose one of them."),
    ),
    "user.not_initials": Message(
        N_("These are not valid initials."), N_("Use letters only. Two or three are enough.")
    ),
    "user.no_role": Message(
        N_("Without a role a person cannot do anything here."), N_("Tick at least one role.")
    ),
    "user.not_the_same": Message(
        N_("The two passphrases differ."), N_("Nothing was changed. Type it from the paper twice.")
    ),
    "user.unknown_role": Message(
        N_("There is no such role."),
        N_("Write roles as the list of people shows them, with commas between them."),
    ),
    "user.short_passphrase": Message(
        N_("This passphrase is too short."), N_("Use six words drawn at random.")
    ),
    "user.weak_passphrase": Message(
        N_("This passphrase is easy to guess."), N_("Use six words drawn at random.")
    ),
    "user.last_administrator": Message(
        N_("No one else here is an administrator."),
        N_("Nothing was changed. Make someone else an administrator first."),
    ),
    "user.own_removal": Message(
        N_("You cannot remove yourself."),
        N_("Nothing was changed. Ask another administrator to do it."),
    ),
    "secret.no_terminal": Message(
        N_("The passphrase cannot be typed here."),
        N_(
            "Start the command in a terminal, or name a file with the passphrase, as the help says."
        ),
    ),
    "secret.no_file": Message(
        N_("The file with the passphrase cannot be read."),
        N_("Check its name and who may read it. The passphrase must be on its first line."),
    ),
    "recovery.not_a_key": Message(
        N_("This is not a recovery key, or one of its characters is wrong."),
        N_("Compare each group with your paper."),
    ),
    "recovery.no_terminal": Message(
        N_("A new recovery key is shown only on a screen, and there is none here."),
        N_("Run the command in a terminal, or make the key in Settings."),
    ),
    "work.not_started": Message(
        N_("The part of the program that opens other people's files did not start."),
        N_(
            "Nothing was changed. Close other programs, and try again. If this does "
            "not help, reinstall the program."
        ),
    ),
    "work.cancelled": Message(
        N_("Stopped, as you asked."),
        N_("Nothing was changed. You can start again at any time."),
    ),
    "clock.before_release": Message(
        N_("This computer's clock shows a day before this program was made."),
        N_(
            "Set the date and the time. Until then nothing is sent or printed; everything "
            "else works."
        ),
    ),
    "clock.before_audit": Message(
        N_("This computer's clock has gone back: the database has a later entry."),
        N_("Set the date and the time, or confirm them. Until then nothing is sent or printed."),
    ),
    "clock.leapt": Message(
        N_("This computer's clock has jumped by more than two days."),
        N_(
            "Check the date and the time, then confirm them. Until then nothing is sent or printed."
        ),
    ),
    "client.no_code_left": Message(
        N_("No free code was found for her."),
        N_("Try again. If this continues, close old cases."),
    ),
    "record.missing": Message(
        N_("This record is no longer in the database."),
        N_("Go back to the list and open it again."),
    ),
    "record.deleted": Message(
        N_("This record is in the bin."), N_("Restore it in History, under Bin.")
    ),
    "record.undecided": Message(
        N_("Two organisations have written different values in this record."),
        N_("Nothing was changed. Decide first which value is right."),
    ),
    "directory.own": Message(
        N_("The entry of your own organisation cannot be put in the bin."),
        N_("Nothing was changed. Plans and partners refer to it."),
    ),
    "directory.named": Message(
        N_("It cannot be put in the bin while something refers to it."),
        N_("Nothing was changed. The contact shows which plans name it and who works for it."),
    ),
    "draft.missing": Message(
        N_("This draft no longer exists."),
        N_("It was saved or discarded. Open the record to see what it says."),
    ),
    "draft.unfinished": Message(
        N_("This is not finished yet: {field}."),
        N_("Nothing was saved, and the draft is kept. Finish the field or empty it."),
    ),
    "record.unknown_type": Message(
        N_("This record was written by a newer version of the program."),
        N_("Install the newer version on this computer."),
    ),
    "field.unknown": Message(
        N_("This record has no such field."), N_("Look at the record's fields and choose one.")
    ),
    "field.kind_mismatch": Message(
        N_("A value does not fit its field."), N_("Nothing was saved. Enter it again.")
    ),
    "field.control_character": Message(
        N_("The text contains an invisible character that could mislead a reader."),
        N_("Nothing was saved. Type the text instead of pasting it."),
    ),
    "field.not_normalised": Message(
        N_("A value does not fit its field."), N_("Nothing was saved. Enter it again.")
    ),
    "field.too_long": Message(
        N_("The text is too long for one field."), N_("Nothing was saved. Shorten the text.")
    ),
    "field.not_a_day": Message(
        N_("This is not a date."), N_("Write it like 2026-12-24, or 2026-12, or 2026.")
    ),
    "field.not_a_moment": Message(
        N_("This is not a time."), N_("Write it like 2026-12-24 17:00, with a time zone.")
    ),
    "field.no_such_zone": Message(
        N_("This time zone is not known."), N_("Choose a zone such as Europe/Riga.")
    ),
    "field.no_such_time": Message(
        N_("Clocks skip this hour on that day."), N_("Check the time on the ticket.")
    ),
    "field.no_such_language": Message(
        N_("Each language can be used only once here."),
        N_("Choose another language for this text."),
    ),
    "field.unknown_language": Message(
        N_("This language is not known."), N_("Write its code or its name, such as ru or Russian.")
    ),
    "field.no_such_country": Message(
        N_("This country is not known."), N_("Write its code or its name, such as EE or Estonia.")
    ),
    "field.no_name": Message(
        N_("An organisation needs a name."), N_("Nothing was saved. Write its name.")
    ),
    "field.code_a_name": Message(
        N_("A code needs a number, such as tulpan-47."),
        N_("Nothing was saved. A name used as a code would be shown in lists and in file names."),
    ),
    "field.no_card_name": Message(
        N_("This name cannot be put on a card."),
        N_("Nothing was made. Shorten it, or type it instead of pasting it."),
    ),
    "field.not_its_offset": Message(
        N_("Clocks in this zone never have this offset at that time."),
        N_("Nothing was saved. Check the zone, and write its offset on that day."),
    ),
    "field.not_a_number": Message(N_("This is not a whole number."), N_("Enter digits only.")),
    "field.not_yes_or_no": Message(N_("This is not yes or no."), N_("Choose one of the two.")),
    "paper.not_wanted": Message(
        N_("She does not want a paper plan."),
        N_("Nothing was printed. Her wish can be changed in the plan."),
    ),
    "paper.wish_not_recorded": Message(
        N_("It is not recorded whether she wants a paper plan."),
        N_("Ask her, and record her answer in the plan."),
    ),
    "paper.conflict": Message(
        N_("Two organisations have written different values: {field}."),
        N_("Nothing was printed. Decide in the plan which value is right."),
    ),
    "paper.missing": Message(N_("The paper cannot be printed without: {field}."), _FILL_IN_FIELD),
    "paper.not_in_language": Message(
        N_("There is no text in the paper's language for: {field}."), _FILL_IN_FIELD
    ),
    "paper.no_printer": Message(
        N_("This computer has no printer set up."),
        N_("Save the paper as a PDF, or connect a printer and try again."),
    ),
    "paper.not_printed": Message(
        N_("The page did not print."),
        N_(
            "It is not counted as handed out. Check whether a sheet is still in the "
            "printer, then print again."
        ),
    ),
    "paper.no_check_in": Message(
        N_("No check-in is agreed for this leg, so the sheet has none: {field}."),
        N_("Set a time for the leg if someone should call."),
    ),
    "paper.reminder_without_place": Message(
        N_("A reminder has a time, but no place, and the clock changes on the way: {field}."),
        N_("Write the place after the time, such as “21:00 Riga, blue box”."),
    ),
    "paper.before_the_one_above": Message(
        N_("This time is earlier than the one above it: {field}."),
        N_("Nothing was printed. Check the times and zones of the journey."),
    ),
    "paper.other_clock": Message(
        N_("This time is told by the clocks of another place: {field}."),
        N_("Nothing was printed. Enter the time by the clocks of the place."),
    ),
    "paper.too_few_numbers": Message(
        N_("The paper needs two phone numbers."), N_("Add a help number to the journey.")
    ),
    "paper.not_dialled_from_abroad": Message(
        N_("A phone number does not work from abroad: {field}."),
        N_(
            "Write it with + and the country code; short and free-phone numbers do not "
            "work from abroad."
        ),
    ),
    "paper.not_tested": Message(
        N_("A phone number has had no test call in the last 72 hours: {field}."),
        N_("Call the number, note when, and print again."),
    ),
    "paper.not_hers": Message(
        N_(
            "Two people decided this because her life was in danger; there is nothing for "
            "her to sign."
        ),
        N_("Nothing was printed. Tell her what was decided, and ask for her own consent."),
    ),
    "paper.code_word": Message(
        N_("Her code word is in this field: {field}."),
        N_("Nothing was printed. Take it out of the field, or agree on another code word."),
    ),
    "paper.not_offered": Message(
        N_("This paper is not available in this language or size."),
        N_("Choose another language or another size."),
    ),
    "paper.nothing_listed": Message(
        N_("None of these entries may be shown on this paper."),
        N_("Choose others, or check in Contacts who may see them."),
    ),
    "paper.no_cooperation": Message(
        N_("No cooperation has begun in this plan."),
        N_("Nothing was printed. Begin it in the plan, under Cooperation."),
    ),
    "paper.no_week": Message(
        N_("Nothing has a day in the next seven days."),
        N_("Nothing was printed. The calendar shows what comes later."),
    ),
    "paper.week_too_long": Message(
        N_("There is more in this week than the {most} lines of a sheet."),
        N_("Give some of it to others, or look at the calendar for the rest."),
    ),
    "paper.no_steps": Message(
        N_("This procedure has no steps yet."), N_("Nothing was printed. Add a step first.")
    ),
    "paper.no_members": Message(
        N_("This network has no members yet."), N_("Nothing was printed. Add a member first.")
    ),
    "paper.no_news": Message(
        N_("There is no news for {partner}: they have everything that our networks share."),
        N_("Nothing was printed. You do not need to do anything."),
    ),
    "cooperation.none": Message(
        N_("No cooperation has begun in this plan."),
        N_("Nothing was saved. Begin one under Cooperation, then make the decision a step of it."),
    ),
    "cooperation.full": Message(
        N_("A cooperation has at most {most} steps."),
        N_("Nothing was saved. Enter a task for it instead."),
    ),
    "step.made_already": Message(
        N_("This decision is a step of the cooperation already."),
        N_("Nothing was saved. Open the step to say how it goes."),
    ),
    "step.title_missing": Message(
        N_("The step has no name."),
        N_("Nothing was saved. Write in a few words what is to be done, without her name."),
    ),
    "paper.nothing_came": Message(
        N_("No partner's file brought anything about your networks in the last month."),
        N_("Nothing was printed. You do not need to do anything."),
    ),
    "paper.conference_consent": Message(
        N_("Her consent to {partner} does not include the cooperation."),
        N_(
            "Nothing was printed. Ask her, and enter the consent in her plan; or take them off "
            "the list of those who take part."
        ),
    ),
    "paper.conference_transfer": Message(
        N_("{partner} is outside the EU and EEA, and no legal basis for sending is in force."),
        N_("Nothing was printed. Renew the agreement, or ask for her explicit consent."),
    ),
    "paper.no_phone": Message(
        N_("None of this organisation's phone numbers may be shown on a card."),
        N_("In Contacts, add a phone number, or check who may be shown the existing one."),
    ),
    "paper.incomplete": Message(
        N_("The finished page does not show every time and place."),
        N_("Nothing was printed. Shorten the longest texts of the journey."),
    ),
    "documents.no_letter": Message(
        N_("The paper's font lacks the letter {letter}."),
        N_("Nothing was printed. Replace this letter in the text."),
    ),
    "documents.too_wide": Message(
        N_("A word is too long for its place on the paper (letters: {letters})."),
        N_("Nothing was printed. Shorten the longest word, or split it in two."),
    ),
    "documents.too_much": Message(
        N_("There is too much text for the paper."),
        N_("Nothing was printed. Shorten the texts, or choose another form of the paper."),
    ),
    **{code: Message(*words) for code, words in GATE_REFUSALS.items()},
    **BUNDLE_MESSAGES,
    **BACKUP_MESSAGES,
    **LEAK_CHECK_MESSAGES,
    **PARTNER_MESSAGES,
    **AFTERCARE_MESSAGES,
    **LETTER_MESSAGES,
    **CONTACT_FILE_MESSAGES,
    **CALENDAR_MESSAGES,
    **PROCEDURE_FILE_MESSAGES,
    **UPDATE_MESSAGES,
    **ERASURE_MESSAGES,
    **CONTRADICTION_MESSAGES,
    **BOOK_MESSAGES,
    **FIGURE_MESSAGES,
}


def error_sentence(error: KfdeskError, words: Language) -> str:
    """Return what is wrong, in the language of `words`."""
    data = dict(error.data)
    for key in _TIMESTAMPS & data.keys():
        data[key] = words.stamp(words.local_time(int(data[key])))
    if isinstance(data.get("found"), str):
        data["found"] = integrity_text(str(data["found"]).split(), words)
    if data.get("field") and isinstance(data["field"], str):
        data["field"] = field_label(str(data["field"]), words, data.get("number"))
    if isinstance(data.get("language"), str):
        data["field"] = f"{data['field']} · {words.language(str(data['language']))}"
    for key in _LANGUAGES & data.keys():
        data[key] = words.language(str(data[key]))
    if isinstance(data.get("purpose"), str):
        data["purpose"] = words.gettext(CONSENT_PURPOSE[str(data["purpose"])])
    return words.gettext(MESSAGES[error.code].sentence).format(**data)


def error_remedy(error: KfdeskError, words: Language) -> str:
    """Return what to do, in the language of `words`."""
    return words.gettext(MESSAGES[error.code].remedy)


def leak_finding_sentence(code: str, field: str, words: Language) -> str:
    """Return what the leak check found in a field, by the finding's code."""
    return words.gettext(MESSAGES[f"paper.{code}"].sentence).format(field=field)


def field_label(path: str, words: Language, number: object = None) -> str:
    """Return a field's label by `type.key`: `Leaves`, or `Leaves (no. 2)`."""
    record_type, key = path.split(".")
    label = words.gettext(RECORD_TYPES[record_type].fields[key].label)
    if number is None:
        return label
    return words.gettext("{field} (no. {number})").format(field=label, number=number)
