# SPDX-License-Identifier: GPL-3.0-or-later
"""Sentences and remedies of papers: what the leak check finds, and what keeps a letter back.

As in `messages`, no sentence shows a value of a record.
"""

from collections.abc import Mapping

from kfdesk.domain.message_marks import N_
from kfdesk.i18n.message import Message

# --- leak check

_REMOVE_WORD = N_("Take it out of the field, then print again. This cannot be set aside.")
_OUR_FAULT = N_(
    "Nothing was printed. The error is in the program: tell the person who looks after the program."
)

LEAK_CHECK_MESSAGES: Mapping[str, Message] = {
    "paper.not_offered": Message(
        N_("The paper is not available in this language or form."),
        N_("Nothing was printed. Choose one that is available."),
    ),
    "paper.no_text": Message(
        N_("This paper does not exist in this language: {spoken}."),
        N_(
            "Nothing was printed. Choose a language that exists. On a consent form or a support "
            "plan the interpreter then signs that it was read aloud in her language."
        ),
    ),
    "paper.same_language": Message(
        N_("The second language is the same as the first."),
        N_("Choose another second language, or none."),
    ),
    "paper.no_consent": Message(
        N_("No consent allows the companion to receive what this paper says."),
        N_(
            "Nothing was printed. Ask for her consent to share Identity and Journey with this "
            "companion, for the purpose “Company on the journey”."
        ),
    ),
    "paper.consent_incomplete": Message(
        N_("Her consent to the companion is incomplete."),
        N_("Nothing was printed. Go through the consent with her again."),
    ),
    "paper.consent_expired": Message(
        N_("Her consent to the companion has expired."),
        N_("Nothing was printed. Ask her again, and record the new consent."),
    ),
    "paper.consent_withdrawn": Message(
        N_("She has withdrawn her consent to the companion."),
        N_("Nothing was printed. Ask her whether she wants other company."),
    ),
    "paper.child_not_named": Message(
        N_("A child travels with her, and this paper does not name the child."),
        N_(
            "Ask her whether the companion may know of her children, and add it to the consent "
            "for the purpose “Company on the journey”. Tell the companion otherwise that a child "
            "travels along."
        ),
    ),
    "paper.carry_word": Message(
        N_("Page {page}: a word that must not be carried over a border is in: {field}."),
        N_("Use other words, then print again. This cannot be set aside."),
    ),
    "paper.carry_sealed": Message(
        N_("Page {page}: something that is kept secret here is in: {field}."), _REMOVE_WORD
    ),
    "paper.carry_name": Message(
        N_("Page {page}: a name that is kept secret here is in: {field}."),
        N_(
            "Change the field. If the name belongs to someone else, a second person can "
            "confirm that."
        ),
    ),
    "paper.carry_number": Message(
        N_("Page {page}: the number or code of a case or document is in: {field}."),
        _REMOVE_WORD,
    ),
    "paper.carry_phone": Message(
        N_("Page {page}: a phone number that does not belong to this paper is in: {field}."),
        N_("Take it out, or enter it as a help number and make a test call."),
    ),
    "paper.carry_day": Message(N_("Page {page}: a date of birth is in: {field}."), _REMOVE_WORD),
    "paper.carry_net": Message(
        N_("Page {page}: an internet address is in: {field}."), _REMOVE_WORD
    ),
    "paper.carry_somewhere": Message(
        N_("Page {page}: words that are next to each other reveal something secret."),
        N_("Change one of the fields that they come from, then print again."),
    ),
    "paper.carry_unknown": Message(
        N_("Page {page} shows words that are in none of the paper's fields."), _OUR_FAULT
    ),
    "paper.carry_strange": Message(
        N_("The finished file contains more than text and lines."), _OUR_FAULT
    ),
}


# --- letters to authorities

_ASK_HER = N_(
    "Nothing was printed. Talk with her, and write down under Consent what she agrees to: this "
    "organisation, this purpose."
)
LETTER_MESSAGES: Mapping[str, Message] = {
    "letter.no_consent": Message(
        N_("She has not agreed that this organisation may know about her for: {purpose}."), _ASK_HER
    ),
    "letter.consent_expired": Message(
        N_("Her consent to this organisation has expired for: {purpose}."), _ASK_HER
    ),
    "letter.consent_withdrawn": Message(
        N_("She has withdrawn her consent to this organisation for: {purpose}."),
        N_("Nothing was printed. Only she can agree again; ask her whether she wants to."),
    ),
    "letter.consent_incomplete": Message(
        N_("Her consent to this organisation is incomplete for: {purpose}."),
        N_("Nothing was printed. Go through the consent with her again."),
    ),
    "letter.consent_in_conflict": Message(
        N_(
            "Two organisations have recorded her consent to this organisation differently, for: "
            "{purpose}."
        ),
        N_("Nothing was printed. Decide in the plan under Consent which is right."),
    ),
    "letter.consent_without_identity": Message(
        N_("Her consent to this organisation does not let it know who she is, for: {purpose}."),
        N_("Nothing was printed. Ask her whether Identity may be passed on, too."),
    ),
    "letter.no_transfer_ground": Message(
        N_(
            "Our law does not protect her in this country, and no legal basis is recorded for: "
            "{purpose}."
        ),
        N_(
            "Nothing was printed. Explain the risk to her, and record the legal basis in her "
            "consent."
        ),
    ),
    "letter.no_child": Message(
        N_("A report of concern is about a child, and no one in this plan counts as a child."),
        N_(
            "Nothing was printed. Enter her child under Person, or correct the age. For an adult "
            "choose another purpose, with her consent."
        ),
    ),
    "letter.not_ours": Message(
        N_("Another organisation wrote this referral, so only they can write its letter."),
        N_("Nothing was printed. Add a referral of your own for a letter."),
    ),
    "letter.to_ourselves": Message(
        N_("This letter would go to your own organisation."),
        N_("In the referral, choose the organisation that it is for."),
    ),
    "letter.no_country": Message(
        N_("It is not recorded in which country this organisation is."),
        N_("Enter its country in Contacts: the rules for sending data abroad depend on it."),
    ),
    "letter.not_to_them": Message(
        N_("A report of concern goes to social services in Sweden, and to no one else."),
        N_(
            "Choose the social services, or enter its country and its type of organisation in "
            "Contacts."
        ),
    ),
    "letter.not_their_language": Message(
        N_("According to Contacts, the organisation speaks other languages: {reads}."),
        N_("Choose one of these, or correct the languages in Contacts."),
    ),
    "letter.shows_conflict": Message(
        N_("The letter shows two values, because no one has decided which is right: {field}."),
        N_("Decide in the plan which one is right, if you can."),
    ),
    "letter.no_answer_day": Message(
        N_("No day is set for the answer, so Today will not remind you of it."),
        N_("Set the day in the referral if you are waiting for an answer."),
    ),
    "letter.form_not_checked": Message(
        N_("The headings follow form {number}; no one has compared them with the newest form yet."),
        N_("Compare them before you send the letter."),
    ),
}
