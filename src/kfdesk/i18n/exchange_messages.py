# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages about exchange files and partners: sentence and remedy for each error code.

`messages.py` joins them with all others. Findings about the order of files have texts here, too.
"""

from collections.abc import Callable, Iterable, Mapping

from kfdesk.domain.exchange import FileEffect, FileFinding, FileIssue, read_effect_key
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.i18n.message import TRY_AGAIN, Message

_MOST_NUMBERS = 8  # file numbers; a longer list is cut


_ASK_FOR_NEW_FILE = N_("Nothing was changed. Ask the sender for a new file.")


BUNDLE_MESSAGES: Mapping[str, Message] = {
    "bundle.missing": Message(
        N_("The file cannot be opened."), N_("Check the stick, and choose the file again.")
    ),
    "bundle.not_a_bundle": Message(
        N_("This file is no exchange file."), N_("Choose a file that ends in .age.")
    ),
    "bundle.not_for_us": Message(
        N_("This exchange file is for another desk."),
        N_("Nothing was changed. Give it back to the sender, or choose another file."),
    ),
    "bundle.torn": Message(N_("The exchange file is damaged or not whole."), _ASK_FOR_NEW_FILE),
    "bundle.unknown_sender": Message(
        N_("This exchange file comes from a desk that we do not know."),
        N_("Nothing was changed. Exchange cards with the sender first."),
    ),
    "bundle.sender_suspended": Message(
        N_("This exchange file comes from a partner that is suspended here."),
        N_("Nothing was changed. Keep the file, and go on with the partner before you take it."),
    ),
    "bundle.sender_revoked": Message(
        N_("This exchange file comes from a partner whose card was revoked here."),
        N_("Nothing was changed. Do not take it; call the partner under a number you know."),
    ),
    "bundle.too_large": Message(
        N_("The exchange file is larger than this program takes."), _ASK_FOR_NEW_FILE
    ),
    "bundle.newer": Message(
        N_("A newer version of the program has made this exchange file."),
        N_("Nothing was changed. Install the newer version on this computer."),
    ),
    "bundle.taken_before": Message(
        N_("This exchange file was taken before."), N_("There is nothing to do.")
    ),
    "bundle.forked": Message(
        N_("This file does not fit to those that came before: two stores send under one key."),
        N_(
            "Nothing was changed. Call the partner: a copied or an older store is in use there. It "
            "should be put away, and the right one restored from a backup made of it."
        ),
    ),
    "bundle.ahead_of_us": Message(
        N_(
            "This partner has a file of ours that this store does not know. It may be an older one."
        ),
        N_(
            "Nothing was changed. Look for the newer store or the newest backup. To go on with "
            "this one, say that an older store is accepted."
        ),
    ),
    "bundle.other_history": Message(
        N_("This partner has seen a history of ours that is not in this store."),
        N_(
            "Nothing was changed. Look for the newer store or the newest backup. To go on with "
            "this one, say that an older store is accepted."
        ),
    ),
    "bundle.changed_since": Message(
        N_("The file is no longer the one that was looked at."),
        N_("Nothing was changed. Look at the file again before you apply it."),
    ),
    "bundle.from_the_future": Message(
        N_("The file says it was written more than two days from now."),
        N_("Nothing was changed. Check the clocks of both computers, date and time."),
    ),
    "bundle.far_ahead": Message(
        N_("The number of this file is far above those of the files that came before it."),
        N_(
            "Nothing was changed. Call the partner. If many of their files were lost, ask for "
            "everything again, send them that file, and take their next one."
        ),
    ),
    "bundle.many_epochs": Message(
        N_("This partner has gone on from a backup very often. No more of that is taken."),
        N_(
            "Nothing was changed. Call the partner under a number you know. If nobody there can "
            "explain it, suspend the partner."
        ),
    ),
    "bundle.unseen_withdrawals": Message(
        N_("Very many withdrawals from this partner wait on Today: {count}."),
        N_(
            "Nothing was changed. Read them on Today and say that you have seen them. Then take "
            "this file again."
        ),
    ),
    "bundle.unknown_consents": Message(
        N_("This partner withdraws very many consents of people who are not known here."),
        N_(
            "Nothing was changed. Call the partner under a number you know. If nobody there can "
            "explain it, suspend the partner."
        ),
    ),
    "bundle.many_orders": Message(
        N_("Very many requests of this partner to erase records wait here."),
        N_(
            "Nothing was changed. Answer the requests on Exchange, then take this file again. If "
            "there are none to answer, call the partner under a number you know."
        ),
    ),
    "bundle.not_written": Message(N_("The exchange file could not be written."), TRY_AGAIN),
    "order.missing": Message(
        N_("This request is not open any more."), N_("There is nothing to do.")
    ),
    "notice.not_due": Message(
        N_("They need not be told of this any more."), N_("There is nothing to do.")
    ),
    "exchange.not_undoable": Message(
        N_("This file cannot be taken back any more."),
        N_(
            "Somebody has written in one of its records since, or something has left the desk. "
            "Correct the records themselves; nothing was changed."
        ),
    ),
}


FILE_FINDING_MESSAGES: Mapping[FileIssue, Message] = {
    FileIssue.MISSING: Message(
        N_("Files of this partner have not come: no. {numbers}."),
        N_("Our next file tells them, and what was in those files comes again."),
    ),
    FileIssue.LATE: Message(
        N_("This file is older than the newest one from this partner."),
        N_("It is taken all the same; nothing newer is replaced by it."),
    ),
    FileIssue.RESTORED: Message(
        N_("This partner goes on from a backup."),
        N_("Call a number you know and ask. What they have lost goes to them again."),
    ),
    FileIssue.TWO_STORES: Message(
        N_("Two stores of this partner are in use at once."),
        N_("Call a number you know: one of the two must be put away."),
    ),
    FileIssue.AHEAD_OF_US: Message(
        N_("This partner has a file of ours that this store does not know: it is an older one."),
        N_(
            "Look for the newer store or the newest backup first. If there is none, take the file: "
            "what they have of ours comes back."
        ),
    ),
    FileIssue.NEW_CARD: Message(
        N_("This partner has a new key to encrypt to, signed by the key that was verified."),
        N_("There is nothing to do: the next file to them uses it."),
    ),
    FileIssue.OTHER_CARD: Message(
        N_("This partner sends a card with another signing key."),
        N_("It is kept aside. Call a number you know and compare its digits before it counts."),
    ),
    FileIssue.KEY_REVOKED: Message(
        N_("This partner says that its own key must not be trusted any more."),
        N_("When the file is taken, nothing more counts under it. Call a number you know."),
    ),
    FileIssue.ADVICE: Message(
        N_("This partner trusts the card of another desk no more."),
        N_("Nothing changes by itself. Ask them why, and decide for your own exchange."),
    ),
    FileIssue.SENT_AGAIN: Message(
        N_("This partner asks for everything again."),
        N_("There is nothing to do: the next files to them hold it."),
    ),
    FileIssue.CLAIMED: Message(
        N_(
            "This partner says that it answers for records that stand here as another "
            "organisation's: {records}."
        ),
        N_(
            "They are not taken. Call both under numbers you know: one of them claims what is not "
            "its own."
        ),
    ),
    FileIssue.FORGED_ID: Message(
        N_("Records in this file carry the mark of another organisation: {records}."),
        N_(
            "They are not taken. Call the partner under a number you know: somebody may use its "
            "key."
        ),
    ),
    FileIssue.CHANGED_WRITE: Message(
        N_("This file changes what was written before, as if it had always been so: {records}."),
        N_(
            "These records are not taken. Call the partner under a number you know: somebody may "
            "use its key."
        ),
    ),
    FileIssue.OF_ANOTHER: Message(
        N_("A third organisation answers for records in this file: {records}."),
        N_("They are not taken. Ask that organisation to send them itself."),
    ),
    FileIssue.NOT_OF_NETWORK: Message(
        N_("Records of a network or an entry that this partner does not answer for: {records}."),
        N_("They are not taken. Ask the organisation that coordinates the network."),
    ),
    FileIssue.IN_OUR_NAME: Message(
        N_("Values are written in our name, and this store does not know them: {records}."),
        N_(
            "After a restored backup that is as it should be. Otherwise call the partner under a "
            "number you know before you take the file."
        ),
    ),
    FileIssue.MEETING: Message(
        N_("It would change who meets her, or whom she can call: {records}."),
        N_("None of it holds yet. Decide each value; call a number you know if you are not sure."),
    ),
    FileIssue.SAFETY: Message(
        N_("It would change facts that we answer for: {records}."),
        N_("None of it holds yet. Decide each value here, or later in its plan."),
    ),
    FileIssue.OUR_HISTORY: Message(
        N_(
            "This partner has seen a history of ours that is not in this store: the store is older "
            "than what was sent, or its history was changed."
        ),
        N_(
            "Was a backup or an older store put back? Then take the file: what they have of ours "
            "comes back. If nobody did that, go through “A laptop is lost or stolen” first: "
            "somebody may have had this store in their hands."
        ),
    ),
    FileIssue.HISTORY_BEFORE: Message(
        N_("This partner still knows the history of our store from before it was put back."),
        N_("That is as it should be. It ends when they have taken our next file."),
    ),
    FileIssue.THEIR_HISTORY: Message(
        N_(
            "The history of this partner's store is not the one that it had: the store is older, "
            "or its history was changed."
        ),
        N_(
            "Call a number you know before you take the file. If they did not put a backup back, "
            "suspend them until they know what happened."
        ),
    ),
    FileIssue.OWN_LAPTOP: Message(
        N_("This laptop of ours confirms another laptop of ours that is not compared here yet."),
        N_(
            "When the file is taken it stands among the partners. Put the two side by side and "
            "compare the digits; it gets nothing before that."
        ),
    ),
    FileIssue.DELETION_ASKED: Message(
        N_("They ask to put records into the bin that we answer for: {records}."),
        N_("The records stay. Decide about each of them in its plan."),
    ),
}
"""What a person must know about a file before its import, and what to do."""


def file_finding_texts(found: FileFinding, words: Language) -> tuple[str, str]:
    """Return a finding's sentence and remedy, in the language of `words`."""
    message, shown = FILE_FINDING_MESSAGES[found.finding], found.numbers[:_MOST_NUMBERS]
    numbers = ", ".join(map(str, shown)) + ("…" if len(found.numbers) > _MOST_NUMBERS else "")
    sentence = words.gettext(message.sentence).format(numbers=numbers, records=found.records)
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
        "{count} notice of withdrawal is refused, because this partner is no side of that consent.",
        "{count} notices of withdrawal are refused, because this partner is no side of those "
        "consents.",
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
        "{count} record stays out: it was erased here.",
        "{count} records stay out: they were erased here.",
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
        "They order to keep out {count} record that is not here.",
        "They order to keep out {count} records that are not here.",
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
        N_("This is no card, or it is damaged."),
        N_("Nothing was changed. Ask the partner for a new card."),
    ),
    "card.own": Message(
        N_("This is our own card."), N_("Choose the card that came from the partner.")
    ),
    "card.changed_keys": Message(
        N_("This organisation is known here under another key."),
        N_("Nothing was changed. Call a number you know before you accept a new key."),
    ),
    "card.not_countersigned": Message(
        N_("This card says that it is a laptop of ours, but none of ours has confirmed it."),
        N_(
            "Nothing was changed. If it is yours: choose “Invite a partner” here, then “Another "
            "laptop of ours”. Put that stick into it, and take its answer here. If you do not know "
            "it, leave it out and ask who sent the card."
        ),
    ),
    "card.claims_entry": Message(
        N_("Another entry stands in Contacts under the number of this card."),
        N_(
            "Nothing was changed. Call a number you know. If it is the same organisation, say so "
            "when you add the card: what consents give to that entry then goes to it."
        ),
    ),
    "card.other_digits": Message(
        N_("These are not the digits of this partner's card."),
        N_("Nothing was changed. Call a number you know and compare the digits again."),
    ),
    "card.none_offered": Message(
        N_("This partner has sent no other card."), N_("There is nothing to do.")
    ),
    "partner.not_revoked": Message(
        N_("Others are warned only of a partner whose card was revoked here."),
        N_("Nothing was changed. Revoke the card first."),
    ),
    "invitation.none": Message(
        N_("There is no invitation in this folder."),
        N_("Choose the folder on the stick in which the page and the card are."),
    ),
    "partner.not_own": Message(
        N_("Everything goes only to a laptop of our own."), N_("No file was made.")
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
        N_("The digits of this card are not compared a second time."),
        N_("Nothing was changed. Resume a suspended partner, or ask for a new card."),
    ),
    "exchange.nothing_allowed": Message(
        N_("No standing consent lets anything go to {partner}."),
        N_("No file was made. Ask for her consent, or check that the partner is verified."),
    ),
    "exchange.nothing_new": Message(
        N_("{partner} has everything already that may be shared."),
        N_("No file was made. There is nothing to do."),
    ),
    "exchange.field_too_full": Message(
        N_("A field of a record holds too many values to be sent: {field}."),
        N_("No file was made. Open the record, enter the right value again, and save."),
    ),
    "exchange.record_too_full": Message(
        N_("A record has grown too large to be sent."),
        N_("No file was made. Shorten its texts, or make a new record in its place."),
    ),
    "exchange.names_another": Message(
        N_("A text that would leave names another client: {field}."),
        N_(
            "No file was made. Take the name out of the text; if it is somebody else of the same "
            "name, say so before you send."
        ),
    ),
}
