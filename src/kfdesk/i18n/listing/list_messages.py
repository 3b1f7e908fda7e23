# SPDX-License-Identifier: GPL-3.0-or-later
"""Sentences and remedies about lists of contacts in files; a part of `i18n/messages.py`.

Where a file is refused, they say that nothing was taken over. A new code of this subject is one
entry here.
"""

from collections.abc import Mapping

from kfdesk.domain.marks import N_
from kfdesk.i18n.message import Message

_IN_PARTS = N_("Nothing was taken over. Ask for the list in smaller parts.")
_ASK_AGAIN = N_("Nothing was taken over. Ask for the list again, as vCard, CSV or XLSX.")

LISTS: Mapping[str, Message] = {
    "contacts.not_these_letters": Message(
        N_("The letters of this file are not what was chosen."),
        N_("Nothing was taken over. Choose other letters, or let the program guess."),
    ),
    "contacts.too_large": Message(
        N_("This file is larger than {most} megabytes, and was not opened."), _IN_PARTS
    ),
    "contacts.too_many": Message(
        N_("This list has more than {most} entries, and was not read to its end."), _IN_PARTS
    ),
    "contacts.too_wide": Message(
        N_("This table has more than {most} columns."),
        N_("Nothing was taken over. Take away the columns that say nothing of contacts."),
    ),
    "contacts.bomb": Message(
        N_("This file would grow to many times its size, and was not opened."), _ASK_AGAIN
    ),
    "contacts.torn": Message(N_("This file is damaged or is not whole."), _ASK_AGAIN),
    "contacts.not_a_table": Message(
        N_("From line {line} on this file is no table any more."), _ASK_AGAIN
    ),
    "contacts.nothing_inside": Message(
        N_("No contact was found in this file."),
        N_("Choose another file: vCard, CSV, XLSX, or HSDS as JSON or as a folder of tables."),
    ),
    "contacts.not_readable": Message(
        N_("This file cannot be read."), N_("Look whether the stick is in, and choose it again.")
    ),
    "contacts.nothing_to_give": Message(
        N_("No contact may leave, so there is no file."),
        N_("Who may see an entry stands in its form. Secret entries never leave."),
    ),
    "contacts.unknown_kind": Message(
        N_("The end of the name says of what kind the file is to be: {known}."),
        N_("Choose a name with one of these ends."),
    ),
}

BROKEN: Mapping[str, str] = {
    "no_name": N_("It has no name."),
    "no_begin": N_("It does not begin as a card does."),
    "no_end": N_("It breaks off in the middle."),
    "not_a_card": N_("It is not a card of a contact."),
    "no_parent": N_("What it belongs to is not in the file."),
}
"""Why an entry of a list could not be read."""
