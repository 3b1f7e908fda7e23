# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of errors about partners: their cards, their state, and what is sent to them.

What is wrong with an exchange file itself stands in `messages.py`. Shows no value of a record.
"""

from collections.abc import Mapping

from kfdesk.domain.schema import N_
from kfdesk.i18n.message import Message

EXCHANGING: Mapping[str, Message] = {
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
    "exchange.names_another": Message(
        N_("A text that would leave names another client: {field}."),
        N_(
            "No file was made. Take the name out of the text; if it is somebody else of the same "
            "name, say so before you send."
        ),
    ),
}
