# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages about exchange files and partners: sentence and remedy for each error code.

`messages.py` joins them with all others. Findings about the order of files have texts here, too.
"""

from collections.abc import Callable, Iterable, Mapping

from kfdesk.domain.exchange import FileEffect, FileFinding, FileIssue, read_effect_key
from kfdesk.domain.message_marks import N_
from kfdesk.i18n.language import Language
from kfdesk.i18n.message import TRY_AGAIN, Message

_MOST_NUMBERS = 8  # file numbers; a longer list is cut
_MOST_NAMES = 5  # organisations; a longer list is cut
_ANOTHER_MEMBER, _ANOTHER_LAPTOP = N_("another member"), N_("another laptop of ours")
_OF_LAPTOPS = frozenset({FileIssue.LAPTOP_REVOKED, FileIssue.UNAWARE_LAPTOP})


_ASK_FOR_NEW_FILE = N_("Nothing was changed. Ask the sender for a new file.")


BUNDLE_MESSAGES: Mapping[str, Message] = {
    "bundle.missing": Message(
        N_("The file cannot be opened."), N_("Check the USB stick, and choose the file again.")
    ),
    "bundle.not_a_bundle": Message(
        N_("This is not an exchange file."), N_("Choose a file that ends in .age.")
    ),
    "bundle.not_for_us": Message(
        N_("This exchange file is for another organisation."),
        N_("Nothing was changed. Return it to the sender, or choose another file."),
    ),
    "bundle.torn": Message(N_("The exchange file is damaged or incomplete."), _ASK_FOR_NEW_FILE),
    "bundle.unknown_sender": Message(
        N_("This exchange file comes from an organisation that is not known here."),
        N_("Nothing was changed. Exchange cards with the sender first."),
    ),
    "bundle.sender_suspended": Message(
        N_("This exchange file comes from a partner that is suspended here."),
        N_(
            "Nothing was changed. Keep the file, and resume the exchange with this partner "
            "before you import it."
        ),
    ),
    "bundle.sender_revoked": Message(
        N_("This exchange file comes from a partner whose card was revoked here."),
        N_("Nothing was changed. Do not import it. Call the partner on a number you already know."),
    ),
    "bundle.too_large": Message(
        N_("The exchange file is larger than this program can import."), _ASK_FOR_NEW_FILE
    ),
    "bundle.newer": Message(
        N_("This exchange file was made by a newer version of the program."),
        N_("Nothing was changed. Install the newer version on this computer."),
    ),
    "bundle.taken_before": Message(
        N_("This exchange file has already been imported."), N_("You do not need to do anything.")
    ),
    "bundle.forked": Message(
        N_(
            "This file does not fit those that came before it: two databases are sending "
            "with the same key."
        ),
        N_(
            "Nothing was changed. Call the partner: a copied or older database is in use there. "
            "If two laptops are in use, one invites the other as “Another laptop of ours”: then "
            "nothing written in either is lost. If an older one was put back, they restore their "
            "newest backup."
        ),
    ),
    "bundle.ahead_of_us": Message(
        N_(
            "This partner has a file of ours that is not known here. Our database may "
            "be an older one."
        ),
        N_(
            "Nothing was changed. Look for the newer database or the newest backup. To "
            "continue with this one, say that an older database is accepted."
        ),
    ),
    "bundle.other_history": Message(
        N_("This partner knows entries of our history that are not in this database."),
        N_(
            "Nothing was changed. Look for the newer database or the newest backup. To "
            "continue with this one, say that an older database is accepted."
        ),
    ),
    "bundle.changed_since": Message(
        N_("This is no longer the file that you looked at."),
        N_("Nothing was changed. Look at the file again before you apply it."),
    ),
    "bundle.from_the_future": Message(
        N_("The file says it was written more than two days in the future."),
        N_("Nothing was changed. Check the date and the time on both computers."),
    ),
    "bundle.far_ahead": Message(
        N_("The number of this file is far above those of the files that came before it."),
        N_(
            "Nothing was changed. Call the partner. If many of their files were lost, "
            "ask for everything again, send them that file, and import their next one."
        ),
    ),
    "bundle.many_epochs": Message(
        N_("This partner has restarted from a backup very often. No more such files are imported."),
        N_(
            "Nothing was changed. Call the partner on a number you already know. If no "
            "one there can explain it, suspend the partner."
        ),
    ),
    "bundle.unseen_withdrawals": Message(
        N_("A great many withdrawals from this partner are waiting on Today: {count}."),
        N_(
            "Nothing was changed. Read them on Today and mark them as seen. Then "
            "import this file again."
        ),
    ),
    "bundle.unknown_consents": Message(
        N_("This partner withdraws a great many consents of people who are not known here."),
        N_(
            "Nothing was changed. Call the partner on a number you already know. If no "
            "one there can explain it, suspend the partner."
        ),
    ),
    "bundle.many_orders": Message(
        N_("A great many requests from this partner to erase records are waiting here."),
        N_(
            "Nothing was changed. Answer the requests on Exchange, then import this "
            "file again. If there are none to answer, call the partner on a number you "
            "already know."
        ),
    ),
    "bundle.not_written": Message(N_("The exchange file could not be written."), TRY_AGAIN),
    "bundle.not_named": Message(
        N_("The exchange file is noted as made, but the disk refused to keep it."),
        N_("Make it again: the next file holds everything. Check the disk or the USB stick."),
    ),
    "order.missing": Message(
        N_("This request is no longer open."), N_("You do not need to do anything.")
    ),
    "notice.not_due": Message(
        N_("They no longer need to be told of this."), N_("You do not need to do anything.")
    ),
    "exchange.not_undoable": Message(
        N_("This import can no longer be undone."),
        N_(
            "One of its records has been changed since, something has been sent, or the file "
            "withdrew a consent. Correct the records themselves; nothing was changed."
        ),
    ),
}


FILE_FINDING_MESSAGES: Mapping[FileIssue, Message] = {
    FileIssue.MISSING: Message(
        N_("Files from this partner are missing: no. {numbers}."),
        N_("Our next file tells them, and they will send the contents of those files again."),
    ),
    FileIssue.LATE: Message(
        N_("This file is older than the newest one from this partner."),
        N_("It can still be imported; it replaces nothing newer."),
    ),
    FileIssue.RESTORED: Message(
        N_("This partner continues from a backup."),
        N_("Call a number you already know and ask. What they have lost is sent to them again."),
    ),
    FileIssue.TWO_STORES: Message(
        N_("Two databases of this partner are in use at the same time."),
        N_("Call a number you already know: they must stop using one of the two."),
    ),
    FileIssue.AHEAD_OF_US: Message(
        N_(
            "This partner has a file of ours that is not in this database: our database is "
            "an older one."
        ),
        N_(
            "Look for the newer database or the newest backup first. If there is none, "
            "import the file: what they have received from us comes back."
        ),
    ),
    FileIssue.NEW_CARD: Message(
        N_("This partner has a new key to encrypt to, signed by the key that was verified."),
        N_("You do not need to do anything: the next file to them uses it."),
    ),
    FileIssue.OTHER_CARD: Message(
        N_("This partner sends a card with another signing key."),
        N_(
            "It is set aside. Call a number you already know and compare its digits before "
            "it becomes valid."
        ),
    ),
    FileIssue.KEY_REVOKED: Message(
        N_("This partner says that its own key must no longer be trusted."),
        N_(
            "Once the file is imported, nothing more is valid under this key. Call a "
            "number you already know."
        ),
    ),
    FileIssue.LAPTOP_REVOKED: Message(
        N_("This laptop of ours says that another laptop must not be trusted: {names}."),
        N_(
            "Once the file is imported, the exchange with that laptop is suspended here. If it is "
            "lost or stolen, revoke its card here too. If you are not sure, ask your colleagues "
            "first."
        ),
    ),
    FileIssue.UNAWARE_LAPTOP: Message(
        N_("This file may bring what was written on a laptop that we no longer trust: {names}."),
        N_(
            "The laptop that sends the file may have exchanged files with it until now. Look at "
            "each change before you import."
        ),
    ),
    FileIssue.ADVICE: Message(
        N_("This partner no longer trusts the card of another organisation."),
        N_("Nothing changes by itself. Ask them why, and decide for your own exchange."),
    ),
    FileIssue.SENT_AGAIN: Message(
        N_("This partner asks for everything again."),
        N_("You do not need to do anything: the next files to them include it."),
    ),
    FileIssue.CLAIMED: Message(
        N_(
            "This partner says that it is responsible for records that belong to "
            "another organisation here: {records}."
        ),
        N_(
            "They are not imported. Call both on numbers you already know: one of them "
            "claims what is not its own."
        ),
    ),
    FileIssue.FORGED_ID: Message(
        N_("Records in this file are marked as another organisation's: {records}."),
        N_(
            "They are not imported. Call the partner on a number you already know: "
            "someone else may be using its key."
        ),
    ),
    FileIssue.CHANGED_WRITE: Message(
        N_("This file changes what was written earlier, as if it had always been so: {records}."),
        N_(
            "These records are not imported. Call the partner on a number you already "
            "know: someone else may be using its key."
        ),
    ),
    FileIssue.FALSE_WRITE: Message(
        N_("An earlier file from another partner had other values than this file: {records}."),
        N_(
            "The values of this file are valid. The history of these records says whose file "
            "it was: call that partner on a number you already know."
        ),
    ),
    FileIssue.OF_ANOTHER: Message(
        N_("A third organisation is responsible for records in this file: {records}."),
        N_("They are not imported. Ask that organisation to send them itself."),
    ),
    FileIssue.NOT_OF_NETWORK: Message(
        N_(
            "Records of a network or a contact that this partner is not responsible for: {records}."
        ),
        N_("They are not imported. Ask the organisation that coordinates the network."),
    ),
    FileIssue.LEFT_NETWORK: Message(
        N_(
            "Records for the members of a network that you and this partner do not share today: "
            "{records}."
        ),
        N_(
            "They are not imported. If you share one again, our next file asks the partner to "
            "send them again."
        ),
    ),
    FileIssue.WITHDRAWN: Message(
        N_("Consent to what this file says about a client is withdrawn: {records}."),
        N_(
            "It is not imported. Our next file tells the partner. "
            "After a new consent they send it again."
        ),
    ),
    FileIssue.PASSED_ON: Message(
        N_(
            "This partner coordinates the network and passes on work in the name of others: "
            "{names}. Number of records: {records}."
        ),
        N_(
            "No one here can check who wrote it. Ask that member if you are not sure. "
            "What its own file says replaces this."
        ),
    ),
    FileIssue.IN_OUR_NAME: Message(
        N_("The file has values written in our name that are not in this database: {records}."),
        N_(
            "After a restored backup this is as it should be. Otherwise call the "
            "partner on a number you already know before you import the file."
        ),
    ),
    FileIssue.MEETING: Message(
        N_(
            "The file would change who meets her, or whom she can call. "
            "Number of values: {records}."
        ),
        N_(
            "None of it is valid yet. Decide each value; call a number you already know if "
            "you are not sure."
        ),
    ),
    FileIssue.SAFETY: Message(
        N_("The file would change facts that we are responsible for. Number of values: {records}."),
        N_("None of it is valid yet. Decide each value here, or later in its plan."),
    ),
    FileIssue.OUR_HISTORY: Message(
        N_(
            "This partner knows entries of our history that are not in this database: the "
            "database is older than what was sent, or its history was changed."
        ),
        N_(
            "Was a backup restored, or does another laptop have a copy of this database? Then "
            "import the file: what they have received from us comes back. If neither is so, go "
            "through “A laptop is lost or stolen” first: someone else may have had this database."
        ),
    ),
    FileIssue.HISTORY_BEFORE: Message(
        N_("This partner still knows the history of our database from before it was restored."),
        N_(
            "This is as it should be. What we wrote and lost comes back in our name: look at it. "
            "It ends when they have imported our next file."
        ),
    ),
    FileIssue.THEIR_HISTORY: Message(
        N_(
            "The history of this partner's database is not the one it had: the "
            "database is older, or its history was changed."
        ),
        N_(
            "Call a number you already know before you import the file. If they did not restore "
            "a backup, suspend them until they know what happened."
        ),
    ),
    FileIssue.OWN_LAPTOP: Message(
        N_(
            "This laptop of ours confirms another laptop of ours whose digits have not been "
            "compared here yet."
        ),
        N_(
            "Once the file is imported, it is listed among the partners. Put the two "
            "side by side and compare the digits; it receives nothing before that."
        ),
    ),
    FileIssue.UNDONE: Message(
        N_(
            "The import of an earlier file was undone here. "
            "This file brings the same again: {records}."
        ),
        N_("Import it if you have changed your mind. Otherwise ask the partner why they send it."),
    ),
    FileIssue.DELETION_ASKED: Message(
        N_("They ask us to put records in the bin that we are responsible for: {records}."),
        N_("The records stay. Decide about each of them in its plan."),
    ),
}
"""The sentences that a person must read before a file is imported, with what to do."""


def file_finding_texts(found: FileFinding, words: Language) -> tuple[str, str]:
    """Return a finding's sentence and remedy, in the language of `words`."""
    message, shown = FILE_FINDING_MESSAGES[found.finding], found.numbers[:_MOST_NUMBERS]
    numbers = ", ".join(map(str, shown)) + ("…" if len(found.numbers) > _MOST_NUMBERS else "")
    nameless = _ANOTHER_LAPTOP if found.finding in _OF_LAPTOPS else _ANOTHER_MEMBER
    names = ", ".join(found.names[:_MOST_NAMES]) or words.gettext(nameless)
    names += "…" if len(found.names) > _MOST_NAMES else ""
    sentence = words.gettext(message.sentence)
    sentence = sentence.format(numbers=numbers, records=found.records, names=names)
    return sentence, words.gettext(message.remedy)


# --- what else a file does


def confirmed_text(count: int, language: Language) -> str:
    """Return how many of our files a file confirms."""
    return language.ngettext(
        "Confirms {count} file of ours", "Confirms {count} files of ours", count
    ).format(count=count)


def untold_sentence(count: int, language: Language) -> str:
    """Return how many notices of withdrawals are refused, and why."""
    return language.ngettext(
        "{count} notice of withdrawal is refused, because this partner is not a party "
        "to that consent.",
        "{count} notices of withdrawal are refused, because this partner is not a "
        "party to those consents.",
        count,
    ).format(count=count)


def refused_sentence(count: int, language: Language) -> str:
    """Return how many records are refused, and why."""
    return language.ngettext(
        "{count} record is refused, because this partner may not write it.",
        "{count} records are refused, because this partner may not write them.",
        count,
    ).format(count=count)


def erased_sentence(count: int, language: Language) -> str:
    """Return how many records of a file stay out because they were erased here."""
    return language.ngettext(
        "{count} record is left out: it was erased here.",
        "{count} records are left out: they were erased here.",
        count,
    ).format(count=count)


def answers_text(count: int, language: Language) -> str:
    """Return how many of our orders to erase a file answers."""
    return language.ngettext(
        "Answers {count} request of ours to erase",
        "Answers {count} requests of ours to erase",
        count,
    ).format(count=count)


def ordered_ahead_sentence(count: int, language: Language) -> str:
    """Return how many records that are not here a file orders to be kept out."""
    return language.ngettext(
        "They ask us not to import {count} record that is not here yet.",
        "They ask us not to import {count} records that are not here yet.",
        count,
    ).format(count=count)


_EFFECT_TEXTS: Mapping[FileEffect, Callable[[int, Language], str]] = {
    FileEffect.CONFIRMED: confirmed_text,
    FileEffect.ANSWERED: answers_text,
    FileEffect.ORDERED_AHEAD: ordered_ahead_sentence,
    FileEffect.KEPT_OUT: erased_sentence,
    FileEffect.REFUSED: refused_sentence,
    FileEffect.UNTOLD: untold_sentence,
}


def file_effects_text(keys: Iterable[str], language: Language) -> str:
    """Return what a file did, by the keys of its audit entry; other keys are left out."""
    told = []
    for key in keys:
        named = read_effect_key(key)
        if named is None:
            continue
        if isinstance(named, FileFinding):
            sentence, _ = file_finding_texts(named, language)
        else:
            sentence = _EFFECT_TEXTS[named[0]](named[1], language)
        told.append(sentence.rstrip(".") + ".")
    return " ".join(told)


PARTNER_MESSAGES: Mapping[str, Message] = {
    "card.damaged": Message(
        N_("This is not a partner card, or it is damaged."),
        N_("Nothing was changed. Ask the partner for a new card."),
    ),
    "card.own": Message(
        N_("This is our own card."), N_("Choose the card that came from the partner.")
    ),
    "card.changed_keys": Message(
        N_("This organisation is known here under another key."),
        N_("Nothing was changed. Call a number you already know before you accept a new key."),
    ),
    "card.not_countersigned": Message(
        N_("This card says that it is one of our laptops, but none of ours has confirmed it."),
        N_(
            "Nothing was changed. If it is yours: choose “Invite a partner” here, then "
            "“Another laptop of ours”. Put that USB stick into it, and import its "
            "answer here. If you do not know it, do not add it, and ask who sent the "
            "card."
        ),
    ),
    "card.claims_entry": Message(
        N_("Contacts has a different entry under the number of this card."),
        N_(
            "Nothing was changed. Call a number you already know. If it is the same "
            "organisation, say so when you add the card: what consents allow for that "
            "entry is then sent to it."
        ),
    ),
    "card.other_digits": Message(
        N_("These are not the digits of this partner's card."),
        N_("Nothing was changed. Call a number you already know and compare the digits again."),
    ),
    "card.none_offered": Message(
        N_("This partner has sent no other card."), N_("You do not need to do anything.")
    ),
    "partner.not_revoked": Message(
        N_("Others are warned only of a partner whose card was revoked here."),
        N_("Nothing was changed. Revoke the card first."),
    ),
    "invitation.none": Message(
        N_("There is no invitation in this folder."),
        N_("Choose the folder on the USB stick that contains the page and the card."),
    ),
    "partner.not_own": Message(
        N_("Everything can be sent only to one of our own laptops."), N_("The file was not made.")
    ),
    "partner.unknown": Message(
        N_("This partner is not known here."), N_("Add the partner's card first.")
    ),
    "partner.not_verified": Message(
        N_("Only a verified partner can be suspended."), N_("Nothing was changed.")
    ),
    "partner.not_suspended": Message(
        N_("This partner is not suspended."), N_("Nothing was changed.")
    ),
    "partner.not_pending": Message(
        N_("The digits of this card cannot be compared a second time."),
        N_("Nothing was changed. Resume a suspended partner, or ask for a new card."),
    ),
    "exchange.nothing_allowed": Message(
        N_("No valid consent allows anything to be sent to {partner}."),
        N_("The file was not made. Ask for her consent, or check that the partner is verified."),
    ),
    "exchange.agreement_ended": Message(
        N_("The agreement that allows sending personal data to {partner} is not in force."),
        N_(
            "The file was not made. Renew the agreement in Contacts, under Networks, or name "
            "another one. Until then only a client's explicit consent, with the warning in her "
            "language, allows it."
        ),
    ),
    "exchange.nothing_new": Message(
        N_("{partner} already has everything that may be shared."),
        N_("The file was not made. You do not need to do anything."),
    ),
    "exchange.stamped_ahead": Message(
        N_(
            "Some records were written while a clock was ahead: {count}. Until {until} partners "
            "refuse them."
        ),
        N_(
            "The file was not made. Check the date and the time. Withdrawals and erasures can be "
            "sent now, without data."
        ),
    ),
    "exchange.field_too_full": Message(
        N_("A field of a record has too many values to be sent: {field}."),
        N_("The file was not made. Open the record, enter the right value again, and save."),
    ),
    "exchange.record_too_full": Message(
        N_("A record has grown too large to be sent."),
        N_("The file was not made. Shorten its texts, or make a new record in its place."),
    ),
    "exchange.names_another": Message(
        N_("A text that would be sent names another client: {field}."),
        N_(
            "The file was not made. Take the name out of the text; if it is someone "
            "else with the same name, say so before you send."
        ),
    ),
}
