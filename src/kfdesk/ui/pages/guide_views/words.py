# SPDX-License-Identifier: GPL-3.0-or-later
"""What the guides say: a title for each errand, and for each step what to do and why.

One idea a sentence, because whoever reads it has had a bad day. What a step needs to be done with
stands in `acts.py`.
"""

from collections.abc import Mapping
from typing import NamedTuple

from kfdesk.domain.keeping.errands import Errand, Step
from kfdesk.domain.marks import N_
from kfdesk.ui.words import Message


class Said(NamedTuple):
    """A step in words: what, why and how, and what its tick says, if it has one."""

    title: Message
    lines: tuple[Message, ...]
    tick: Message = ""


class Named(NamedTuple):
    """An errand in words: its title, when it is for, and its drawing."""

    title: Message
    when: Message
    icon: str


ERRANDS: Mapping[Errand, Named] = {
    Errand.LOST: Named(
        N_("A laptop is lost or stolen"),
        N_("Shut out its keys, and know within the hour whom to warn and what to report."),
        "shield-alert",
    ),
    Errand.LEAVER: Named(
        N_("A colleague leaves"),
        N_("What is to be done goes to another; their passphrase opens nothing any more."),
        "user-x",
    ),
    Errand.NEW_KEY: Named(
        N_("A passphrase may have been seen"),
        N_("All is written anew under another key, so that old copies of keys are worth nothing."),
        "key-round",
    ),
    Errand.MOVE: Named(
        N_("Move to a new laptop"),
        N_("Nothing is destroyed here before it has opened there."),
        "arrow-right",
    ),
    Errand.TRAVEL: Named(
        N_("Cross a border without the notebook"),
        N_("A backup stays behind, the laptop is empty, and everything comes back on arrival."),
        "luggage",
    ),
}

_NOT_HERE = N_("Not needed here")

STEPS: Mapping[Step, Said] = {
    Step.DATA_KEY: Said(
        N_("Write everything anew under another data key"),
        (
            N_(
                "Who has seen a passphrase, and has a copy of the store or of its key files, can "
                "read that copy. A new passphrase alone does not change that. A new data key "
                "does, for all that is written from now on."
            ),
            N_("What somebody copied before, they can still read. Nothing takes that back."),
            N_("If nobody can have seen a passphrase, this is not needed."),
        ),
        _NOT_HERE,
    ),
    Step.LET_IN: Said(
        N_("Let everybody in again who was not there"),
        (
            N_("Whoever was not there needs six new words. Let them sit beside you."),
            N_("Who never comes back is removed in Settings."),
        ),
        N_("Everybody is in"),
    ),
    Step.SHEETS: Said(
        N_("Print new recovery sheets, and destroy the old ones"),
        (
            N_("The recovery key from before opens this notebook no more."),
            N_("Seal the new sheets, and take them to the places where the old ones were."),
        ),
        _NOT_HERE,
    ),
    Step.BACKUP: Said(
        N_("Make a backup"),
        (N_("It counts when it was read back and compared."),),
    ),
    Step.OLD_BACKUPS: Said(
        N_("Destroy the backups from before"),
        (
            N_(
                "They still open with the old passphrases and the old recovery key. The program "
                "no longer removes them, because it does not know them any more."
            ),
            N_("Try the new backup out first. Then break the old sticks, or erase them."),
        ),
        N_("They are destroyed, or the key is the same"),
    ),
    Step.REVOKE: Said(
        N_("Trust the lost laptop no more"),
        (
            N_("Nothing is sent to it any more, and nothing is taken that it sends."),
            N_("Partners are told to trust it no more, each with your next file."),
            N_("If it was the only laptop, there is none to shut out: go on with the backup."),
        ),
        N_("There is no other laptop to shut out"),
    ),
    Step.SIGNING: Said(
        N_("Make new keys for the exchange"),
        (
            N_(
                "If this notebook comes from the lost laptop's backup, both have the same keys: "
                "whoever opens that one could write to partners in your name. Choose the third "
                "answer, unless it is certain that nobody can have the keys."
            ),
            N_("The notebook locks itself, and this guide goes on where it was."),
        ),
        N_("The lost laptop had keys of its own"),
    ),
    Step.WARN: Said(
        N_("Warn those whose data was on it"),
        (
            N_("Clients first: begin with who can be found by what the laptop knows of them."),
            N_("Tell each by a safe way alone. Do not write their names anywhere for this."),
        ),
        N_("Everybody was told"),
    ),
    Step.AUTHORITY: Said(
        N_("Report it to the data protection authority within 72 hours"),
        (
            N_("The hours count from when you came to know. A first report may be incomplete."),
            N_(
                "If the laptop was locked and its passphrase strong, the risk is low; write down "
                "why you think so, and ask whoever looks after data protection."
            ),
        ),
        N_("It was reported, or the reason not to was written down"),
    ),
    Step.HAND_OVER: Said(
        N_("Give what is to be done to a colleague"),
        (
            N_("Open plans, tasks, calls and goals get another name. What was written stays."),
            N_("What was typed and not saved goes to the same colleague as drafts."),
        ),
        N_("There is nothing to give"),
    ),
    Step.REMOVE: Said(
        N_("Let them in no more"),
        (N_("Their passphrase opens nothing here any more. What they wrote stays."),),
        N_("They are removed already"),
    ),
    Step.TRY: Said(
        N_("Try whether the backup opens"),
        (N_("It is read to its end and thrown away again. Only then may anything be destroyed."),),
    ),
    Step.RESTORE: Said(
        N_("Open it on the new laptop"),
        (
            N_("Install the program there, and choose: restore a backup."),
            N_("Look through a plan that you know well. Then come back to this laptop."),
        ),
        N_("I have seen my plans on the new laptop"),
    ),
    Step.OLD_LAPTOP: Said(
        N_("Leave nothing on the old laptop"),
        (
            N_("On the old laptop: destroy the store, below. Then write on the new one only."),
            N_("On the new laptop: say here that it was done."),
        ),
        N_("The old laptop is empty"),
    ),
    Step.PARTNERS: Said(
        N_("Go on with partners as before"),
        (
            N_("Keys and card are the same: nobody compares digits again."),
            N_(
                "Partners see that your files begin a new count, and may call to ask whether that "
                "is right. Tell them: yes, the laptop is a new one."
            ),
            N_("Make a backup here today: the one from the old laptop grows old."),
        ),
        N_("Done"),
    ),
    Step.LEFT_BEHIND: Said(
        N_("Leave the backup behind"),
        (
            N_("The stick stays with somebody you trust, or goes another way than you."),
            N_("So do the recovery sheets. Know your passphrase by heart; carry no paper of it."),
        ),
        N_("I carry neither the stick nor a sheet"),
    ),
    Step.CARRY_NOTHING: Said(
        N_("Leave nothing on this laptop"),
        (
            N_("What was written since the backup is lost: make another one if there is anything."),
            N_("At the border you can say the truth: there is nothing on it."),
        ),
    ),
    Step.ARRIVED: Said(
        N_("On arrival: restore the backup"),
        (N_("The program begins as on its first day. Choose: restore a backup."),),
    ),
}
