# SPDX-License-Identifier: GPL-3.0-or-later
"""The sentence and the remedy for every error code, chosen where a person reads it.

Errors carry codes and data; here they become words. A sentence says what is so, a remedy what to
do next; neither blames, and neither shows a value of a record. A new code is one entry here.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.schema import N_
from kfdesk.i18n.carry_messages import CARRY
from kfdesk.i18n.faults.bundles import BUNDLES
from kfdesk.i18n.faults.exchanging import EXCHANGING
from kfdesk.i18n.faults.helping import HELPING
from kfdesk.i18n.findings import findings_words
from kfdesk.i18n.gates import REFUSALS
from kfdesk.i18n.keeping_messages import KEEPING
from kfdesk.i18n.language import Language
from kfdesk.i18n.listing.list_messages import LISTS
from kfdesk.i18n.message import TRY_AGAIN as _TRY_AGAIN
from kfdesk.i18n.message import Message as Message

_MOMENTS = frozenset({"seen", "newest"})  # places filled by milliseconds since 1970, UTC
_MS_PER_SECOND = 1000
_REPAIR = N_(
    "Keep the file as it is. Repair looks for the newest backup that is whole, and for what can "
    "still be read."
)
_SEND_FORM = N_("Open the plan, fill in the field, and print again.")

MESSAGES: Mapping[str, Message] = {
    "store.missing": Message(
        N_("There is no store in this folder."),
        N_("Choose another folder, or set up a new store."),
    ),
    "store.exists": Message(
        N_("There is a store in this folder already."),
        N_("Open it with its passphrase, or choose an empty folder."),
    ),
    "store.not_a_store": Message(
        N_("Initials, passphrase or store do not fit."),
        N_("Check the keyboard language and Caps Lock, and that this is the right store."),
    ),
    "store.wrong_passphrase": Message(
        N_("Initials, passphrase or store do not fit."),
        N_("Check the keyboard language and Caps Lock, and that this is the right store."),
    ),
    "store.wrong_key": Message(
        N_("Initials, passphrase or store do not fit."),
        N_("Check the keyboard language and Caps Lock, and that this is the right store."),
    ),
    "store.no_cipher": Message(
        N_("Encryption does not work on this computer, so no store was opened."),
        N_("Start the program from its own folder, without other programs' libraries."),
    ),
    "store.newer": Message(
        N_("A newer version of the program has written this store."),
        N_(
            "The store was not changed. Install the newer version on this computer, or restore the "
            "backup that was made before: it lies in a folder beside the store."
        ),
    ),
    "store.not_kept": Message(
        N_("An older version of the program has written this store, and no copy could be kept."),
        N_("Nothing was changed. Make room on this computer, and open the store again."),
    ),
    "store.damaged": Message(N_("The store is damaged and was not opened."), _REPAIR),
    "store.unreadable": Message(N_("The disk cannot read a part of the store any more."), _REPAIR),
    "salvage.nothing": Message(
        N_("Nothing in this store can be read any more."),
        N_("Keep the file as it is and restore the newest backup."),
    ),
    "store.unsound": Message(
        N_("The check has found something wrong: {found}."),
        N_(
            "Keep the store as it is. Repair, on the page Backup, looks for the newest backup that "
            "is whole, and for what can still be read. Ask who had this computer, if nothing else "
            "explains it."
        ),
    ),
    "store.rolled_back": Message(
        N_(
            "What was written at this computer on {seen} is not in this store. Its last entry is "
            "of {newest}."
        ),
        N_(
            "It was not changed. An older one may stand in its place: look for the newer one or "
            "the newest backup, and ask who had this computer. Going on with it is possible, and "
            "will be noted."
        ),
    ),
    "store.disk": Message(N_("The disk refused to write."), _TRY_AGAIN),
    "store.no_room": Message(
        N_("There is too little room on the disk to write the store anew."),
        N_("Nothing was changed. Make room for a second copy of the store, and do it again."),
    ),
    "store.closed": Message(
        N_("The notebook was locked meanwhile; nothing was done."),
        N_("Open it with your passphrase, then try again."),
    ),
    "store.key_stays": Message(
        N_("The disk refused the last step, so the data key is the one from before."),
        N_("The store is as it was. Restart the computer, and do it again."),
    ),
    "store.in_use": Message(
        N_("The program is already open on this store."),
        N_("Go to the open window, or close it first."),
    ),
    "store.read_only": Message(
        N_("The store's folder cannot be written."),
        N_("Move the store to a folder of your own, or take the write protection off the stick."),
    ),
    "user.not_allowed": Message(
        N_("Your roles at this desk do not allow this."),
        N_("Ask an administrator of this desk. Settings shows who that is."),
    ),
    "user.no_reason": Message(
        N_("Without a reason another's plan stays shut."),
        N_("Write in a few words why you must read it now. Its owner will see them."),
    ),
    "user.exists": Message(
        N_("Somebody with these initials opens this notebook already."),
        N_("Choose other initials, such as three letters instead of two."),
    ),
    "user.unknown": Message(
        N_("Nobody with these initials opens this notebook."),
        N_("Look at the list of people and choose one of them."),
    ),
    "user.not_initials": Message(
        N_("These are no initials."), N_("Use letters only. Two or three are enough.")
    ),
    "user.no_role": Message(
        N_("Without a role nobody can do anything here."), N_("Tick at least one role.")
    ),
    "user.not_the_same": Message(
        N_("The two passphrases differ."), N_("Nothing was changed. Type it twice from its paper.")
    ),
    "user.unknown_role": Message(
        N_("There is no such role."),
        N_("Write roles as the list of people shows them, with commas between them."),
    ),
    "user.short_passphrase": Message(
        N_("This passphrase is too short."), N_("Use six words drawn at random.")
    ),
    "user.last_administrator": Message(
        N_("Nobody else at this desk is an administrator."),
        N_("Nothing was changed. Make somebody else an administrator first."),
    ),
    "user.own_removal": Message(
        N_("You cannot remove yourself."),
        N_("Nothing was changed. Ask another administrator to do it."),
    ),
    "recovery.not_a_key": Message(
        N_("This is no recovery key, or a sign in it is wrong."),
        N_("Compare each group with your paper."),
    ),
    "recovery.no_terminal": Message(
        N_("A new recovery key is shown only on a screen, and here is none."),
        N_("Run the command in a terminal, or make the key in Settings."),
    ),
    "work.cancelled": Message(
        N_("Stopped, as you asked."),
        N_("Nothing was changed. It can be begun again at any time."),
    ),
    "clock.before_release": Message(
        N_("This computer's clock stands before the day this program was made."),
        N_("Set date and time. Until then nothing is sent or printed; everything else works."),
    ),
    "clock.before_audit": Message(
        N_("This computer's clock has gone back: the store holds a later entry."),
        N_("Set date and time, or confirm them. Until then nothing is sent or printed."),
    ),
    "clock.leapt": Message(
        N_("This computer's clock has jumped by more than two days."),
        N_("Check date and time, then confirm them. Until then nothing is sent or printed."),
    ),
    "client.no_code_left": Message(
        N_("No free code was found for her."),
        N_("Try again. If it goes on, put old cases to rest."),
    ),
    "record.missing": Message(
        N_("This record is no longer in the store."),
        N_("Go back to the list and open it again."),
    ),
    "record.deleted": Message(
        N_("This record is in the bin."), N_("Restore it in History, under Bin.")
    ),
    "record.undecided": Message(
        N_("Two desks have written different values in this record."),
        N_("Nothing was changed. Decide first which value holds."),
    ),
    "directory.own": Message(
        N_("The entry of your own desk is not put in the bin."),
        N_("Nothing was changed. Plans and partners lead to it."),
    ),
    "directory.named": Message(
        N_("It cannot be put in the bin as long as somebody counts on it."),
        N_("Nothing was changed. The contact shows which plans name it and who works for it."),
    ),
    "draft.missing": Message(
        N_("This draft does not wait any more."),
        N_("It was saved or discarded. Open the record to see what stands there."),
    ),
    "draft.unfinished": Message(
        N_("This is not finished yet: {field}."),
        N_("Nothing was saved, and the draft is kept. Finish the field or empty it."),
    ),
    "record.unknown_type": Message(
        N_("A newer version of the program has written this record."),
        N_("Install the newer version on this computer."),
    ),
    "field.unknown": Message(
        N_("This record has no such field."), N_("Look at the record's fields and choose one.")
    ),
    "field.kind_mismatch": Message(
        N_("A value does not fit its field."), N_("Nothing was saved. Enter it again.")
    ),
    "field.control_character": Message(
        N_("The text has a sign that cannot be seen and could mislead a reader."),
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
        N_("Each language can stand here once."), N_("Choose another language for this text.")
    ),
    "field.not_a_number": Message(N_("This is not a whole number."), N_("Enter digits only.")),
    "field.not_yes_or_no": Message(N_("This is not yes or no."), N_("Choose one of the two.")),
    "paper.not_wanted": Message(
        N_("She wants no paper."), N_("Nothing was printed. Her wish can be changed in the plan.")
    ),
    "paper.wish_not_recorded": Message(
        N_("Her wish for paper is not recorded."), N_("Ask her, and note her answer in the plan.")
    ),
    "paper.conflict": Message(
        N_("Two desks have written different values: {field}."),
        N_("Nothing was printed. Decide in the plan which value holds."),
    ),
    "paper.missing": Message(N_("This is missing for the paper: {field}."), _SEND_FORM),
    "paper.not_in_language": Message(
        N_("This has no text in the paper's language: {field}."), _SEND_FORM
    ),
    "paper.before_the_one_above": Message(
        N_("This time lies before the one above it: {field}."),
        N_("Nothing was printed. Check the times and zones of the journey."),
    ),
    "paper.too_few_numbers": Message(
        N_("The paper needs two telephone numbers."), N_("Add a help number to the journey.")
    ),
    "paper.not_dialled_from_abroad": Message(
        N_("A telephone number does not work from abroad: {field}."),
        N_("Write it with + and the country's number; short and free-phone numbers fail abroad."),
    ),
    "paper.not_tested": Message(
        N_("A telephone number was not tried within 72 hours: {field}."),
        N_("Call the number, note when, and print again."),
    ),
    "paper.not_hers": Message(
        N_("Two people decided this in her vital interests; there is nothing for her to sign."),
        N_("Nothing was printed. Tell her what was decided, and ask for her own consent."),
    ),
    "paper.code_word": Message(
        N_("Her code word stands in this field: {field}."),
        N_("Nothing was printed. Take it out of the field, or agree on another code word."),
    ),
    "paper.not_offered": Message(
        N_("This paper does not come in this language or size."),
        N_("Choose another language or another size."),
    ),
    "paper.nothing_listed": Message(
        N_("None of these entries may stand on this paper."),
        N_("Choose others, or see in Contacts who may see them."),
    ),
    "paper.no_phone": Message(
        N_("No telephone of this organisation may stand on a card."),
        N_("In Contacts, add a telephone, or see who may be shown the one that is there."),
    ),
    "paper.incomplete": Message(
        N_("The finished page does not show every time and place."),
        N_("Nothing was printed. Shorten the longest texts of the journey."),
    ),
    "documents.no_letter": Message(
        N_("The paper's font lacks the letter {letter}."),
        N_("Nothing was printed. Write the text with other letters."),
    ),
    "documents.too_wide": Message(
        N_("A word is too long for its place on the paper (letters: {letters})."),
        N_("Nothing was printed. Shorten the longest word, or write it in two."),
    ),
    "documents.too_much": Message(
        N_("There is too much text for the paper."),
        N_("Nothing was printed. Shorten the texts, or choose another form of the paper."),
    ),
    **{code: Message(*words) for code, words in REFUSALS.items()},
    **BUNDLES,
    **KEEPING,
    **CARRY,
    **EXCHANGING,
    **HELPING,
    **LISTS,
}


def sentence(error: KfdeskError, words: Language) -> str:
    """What is so, in the language of `words`."""
    data = dict(error.data)
    for key in _MOMENTS & data.keys():
        moment = datetime.fromtimestamp(int(data[key]) / _MS_PER_SECOND, UTC)
        data[key] = words.stamp(moment.astimezone())
    if isinstance(data.get("found"), str):
        data["found"] = findings_words(str(data["found"]).split(), words)
    if data.get("field") and isinstance(data["field"], str):
        data["field"] = field_label(str(data["field"]), words, data.get("number"))
    if isinstance(data.get("language"), str):
        data["field"] = f"{data['field']} · {words.language(str(data['language']))}"
    return words.gettext(MESSAGES[error.code].sentence).format(**data)


def remedy(error: KfdeskError, words: Language) -> str:
    """What to do, in the language of `words`."""
    return words.gettext(MESSAGES[error.code].remedy)


def finding_sentence(code: str, field: str, words: Language) -> str:
    """What a check has found about a field, by the finding's code."""
    return words.gettext(MESSAGES[f"paper.{code}"].sentence).format(field=field)


def field_label(path: str, words: Language, number: object = None) -> str:
    """A field as people know it, by `type.key`: `Leaves`, or `Leaves (no. 2)`."""
    record_type, key = path.split(".")
    label = words.gettext(TYPES[record_type].fields[key].label)
    if number is None:
        return label
    return words.gettext("{field} (no. {number})").format(field=label, number=number)
