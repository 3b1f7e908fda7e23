# SPDX-License-Identifier: GPL-3.0-or-later
"""Sentences and remedies about what keeps a carried paper back; a part of `messages.py`.

Consent to who goes with her, and what the carry check has found. They name the page and the
field, never the words: these only the print centre shows.
"""

from collections.abc import Mapping

from kfdesk.domain.marks import N_
from kfdesk.i18n.message import Message

_TAKE_OUT = N_("Take it out of the field, then print again. Nobody can set this aside.")
_OURS = N_("Nothing was printed. The fault is the program's: tell who looks after it.")

CARRY: Mapping[str, Message] = {
    "paper.not_offered": Message(
        N_("The paper does not come in this language or form."),
        N_("Nothing was printed. Choose one that it comes in."),
    ),
    "paper.no_consent": Message(
        N_("No consent lets the companion have what this paper says."),
        N_(
            "Nothing was printed. Ask for her consent to this companion, for company on the"
            " journey, with identity and journey."
        ),
    ),
    "paper.consent_incomplete": Message(
        N_("Her consent to the companion lacks something."),
        N_("Nothing was printed. Go through the consent with her again."),
    ),
    "paper.consent_expired": Message(
        N_("Her consent to the companion has run out."),
        N_("Nothing was printed. Ask her again, and record the new consent."),
    ),
    "paper.consent_withdrawn": Message(
        N_("She has withdrawn her consent to the companion."),
        N_("Nothing was printed. Ask her whether she wants other company."),
    ),
    "paper.carry_word": Message(
        N_("Page {page}: a word that must not be carried over a border stands in: {field}."),
        N_("Say it in other words, then print again. Nobody can set this aside."),
    ),
    "paper.carry_sealed": Message(
        N_("Page {page}: something that is kept secret here stands in: {field}."), _TAKE_OUT
    ),
    "paper.carry_name": Message(
        N_("Page {page}: a name that is kept secret here stands in: {field}."),
        N_("Change the field. If it is somebody else's name, a second person can say so."),
    ),
    "paper.carry_number": Message(
        N_("Page {page}: the number or code of a case or document stands in: {field}."), _TAKE_OUT
    ),
    "paper.carry_phone": Message(
        N_("Page {page}: a telephone that is not one of the paper's own stands in: {field}."),
        N_("Take it out, or enter it as a help number and try it."),
    ),
    "paper.carry_day": Message(N_("Page {page}: a date of birth stands in: {field}."), _TAKE_OUT),
    "paper.carry_net": Message(
        N_("Page {page}: an address of the internet stands in: {field}."), _TAKE_OUT
    ),
    "paper.carry_somewhere": Message(
        N_("Page {page}: words that stand beside each other make something secret."),
        N_("Change one of the fields that they come from, then print again."),
    ),
    "paper.carry_unknown": Message(
        N_("Page {page} shows words that none of the paper's fields has."), _OURS
    ),
    "paper.carry_strange": Message(N_("The finished file holds more than text and lines."), _OURS),
}
