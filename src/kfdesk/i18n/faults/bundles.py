# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of errors about exchange files: what is wrong with one, and taking one back.

They say that nothing was changed, where nothing was, and whom to ask. Partners and their cards
stand in `exchanging.py`.
"""

from collections.abc import Mapping

from kfdesk.domain.marks import N_
from kfdesk.i18n.message import TRY_AGAIN, Message

_ASK_AGAIN = N_("Nothing was changed. Ask the sender for a new file.")

BUNDLES: Mapping[str, Message] = {
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
    "bundle.torn": Message(N_("The exchange file is damaged or not whole."), _ASK_AGAIN),
    "bundle.unknown_sender": Message(
        N_("This exchange file comes from a desk that we do not know."),
        N_("Nothing was changed. Exchange cards with the sender first."),
    ),
    "bundle.too_large": Message(
        N_("The exchange file is larger than this program takes."), _ASK_AGAIN
    ),
    "bundle.newer": Message(
        N_("A newer version of the program has made this exchange file."),
        N_("Nothing was changed. Install the newer version on this computer."),
    ),
    "bundle.taken_before": Message(
        N_("This exchange file was taken before."), N_("There is nothing to do.")
    ),
    "bundle.forked": Message(
        N_("Two different files carry the same number from this partner."),
        N_("Nothing was changed. Call the partner: a backup may have been restored there."),
    ),
    "bundle.ahead_of_us": Message(
        N_(
            "This partner has a file of ours that this store does not know. It may be an older one."
        ),
        N_(
            "Nothing was changed. Look for the newer store or the newest backup. To go on with "
            "this one, make a backup of it and restore that."
        ),
    ),
    "bundle.changed_since": Message(
        N_("The file is no longer the one that was looked at."),
        N_("Nothing was changed. Look at the file again before you apply it."),
    ),
    "bundle.from_the_future": Message(
        N_("The file says it was written more than two days from now."),
        N_("Nothing was changed. Check the date of both computers."),
    ),
    "bundle.not_written": Message(N_("The exchange file could not be written."), TRY_AGAIN),
    "exchange.not_undoable": Message(
        N_("This file cannot be taken back any more."),
        N_(
            "Somebody has written in one of its records since, or something has left the desk. "
            "Correct the records themselves; nothing was changed."
        ),
    ),
}
