# SPDX-License-Identifier: GPL-3.0-or-later
"""Sentences and remedies about what the carry check has found; a part of `messages.py`.

They name the page and the field, never the words: these only the print centre shows.
"""

from collections.abc import Mapping

from kfdesk.domain.marks import N_
from kfdesk.i18n.message import Message

_TAKE_OUT = N_("Take it out of the field, then print again. Nobody can set this aside.")
_OURS = N_("Nothing was printed. The fault is the program's: tell who looks after it.")

CARRY: Mapping[str, Message] = {
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
