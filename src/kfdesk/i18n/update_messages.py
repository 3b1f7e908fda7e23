# SPDX-License-Identifier: GPL-3.0-or-later
"""The sentence and the remedy for every error of an update of the program.

Each says that this version runs on, and what to do. Names versions and the name of a package file,
and no folder.
"""

from collections.abc import Mapping

from kfdesk.domain.message_marks import N_
from kfdesk.i18n.message import Message

_ASK_ANOTHER_WAY = N_(
    "Nothing was changed. Do not use this file: ask for it again, by another way than the one it "
    "came by."
)

UPDATE_MESSAGES: Mapping[str, Message] = {
    "update.unreadable": Message(
        N_("The update cannot be read to its end."),
        N_("Nothing was changed. Put the USB stick in again, and choose the file once more."),
    ),
    "update.unsigned": Message(
        N_("There is no signature beside the update."),
        N_(
            "Nothing was changed. An update is two files: copy the one that ends in .minisig into "
            "the same folder."
        ),
    ),
    "update.no_keys": Message(
        N_("This copy of the program has no key to check an update with."),
        N_("Nothing was changed. Install the newer version by hand, from where you got this one."),
    ),
    "update.other_key": Message(
        N_("The update is signed by someone this program does not know."), _ASK_ANOTHER_WAY
    ),
    "update.revoked_key": Message(
        N_("The update is signed by a key that was withdrawn."), _ASK_ANOTHER_WAY
    ),
    "update.torn": Message(
        N_("The update is damaged, or someone changed it after it was signed."),
        N_(
            "Nothing was changed. Copy both files to the USB stick again. If it happens twice, do "
            "not use them."
        ),
    ),
    "update.not_an_update": Message(
        N_("The signature is right, but this file is not an update of this program."),
        N_("Nothing was changed. Choose the file that ends in .kfupdate."),
    ),
    "update.not_newer": Message(
        N_("This update has version {version}, and version {installed} is installed."),
        N_("Nothing was changed. Ask for a newer update if there should be one."),
    ),
    "update.far_ahead": Message(
        N_(
            "This update says that it is version {version}, far above version {installed}, which "
            "is installed."
        ),
        N_("Nothing was changed. No later update could be installed after it. Ask for another."),
    ),
    "update.other_system": Message(
        N_("This update is for another kind of computer."),
        N_("Nothing was changed. Ask for the update for this system."),
    ),
    "update.no_room": Message(
        N_("There is not enough space on the disk for a second version of the program."),
        N_("Nothing was changed. Free up 500 MB on this computer, and try again."),
    ),
    "update.not_backed_up": Message(
        N_("The database could not be backed up before the update."),
        N_("Nothing was changed. Free up space on this computer, and try again."),
    ),
    "update.not_written": Message(
        N_("The disk refused to write the new version."),
        N_("This version runs on, and the database is untouched. Check the disk, and try again."),
    ),
    "update.not_started": Message(
        N_("The new version did not start on this computer, so it was removed again."),
        N_(
            "This version runs on, and the database is untouched. Tell whoever gave you the update."
        ),
    ),
    "update.in_progress": Message(
        N_("Another update of this program is under way."),
        N_("Nothing was changed. Wait until it is done."),
    ),
    "update.no_earlier": Message(
        N_("There is no earlier version here to go back to."),
        N_("Nothing was changed. Only the version before the last update is kept."),
    ),
    "update.by_system": Message(
        N_("The system installed this program and updates it: “sudo apt install ./{file}”."),
        N_("Nothing was changed. Give the package to whoever looks after this computer."),
    ),
    "update.by_hand": Message(
        N_("This copy of the program cannot update itself."),
        N_(
            "Nothing was changed. Close the program, and install the newer version over this one, "
            "as it was installed. The database stays where it is."
        ),
    ),
}
