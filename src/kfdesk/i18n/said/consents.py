# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said to her about a consent, on the screen and on the form that she signs.

The same sentences in both places, so that she hears what she reads. Only words: who may have what
is decided elsewhere.
"""

from collections.abc import Mapping

from kfdesk.domain.marks import N_

SAID: Mapping[str, str] = {
    "agrees_to_talk": N_("You decide whether you want to talk with us. You may stop at any time."),
    "purpose": N_("We ask so that we can help you with exactly this, and for nothing else."),
    "use_of_data": N_("Only those whom you have agreed to may have it, and only what you have "
                      "agreed to."),
    "research": N_("If you agree, facts without your name may be used to learn how to help "
                   "others. You may say no to this."),
    "right_of_access": N_("You may ask at any time what is written about you and who has had it, "
                          "and have it corrected."),
    "how_long": N_("We keep it only as long as we must, and then it is erased."),
    "withdrawal": N_("You may take this back at any time. You need no reason, and we go on "
                     "helping you."),
}  # fmt: skip
"""What is said to her on each point, by the codes of CONSENT_EXPLAINED."""

WARNING = (
    N_("The law of that country does not protect what is written about you as the law here does."),
    N_("Nobody here can make sure what happens to it there. Authorities there may read it."),
    N_("It may be hard to have it corrected or erased there, or to complain."),
    N_("You may say no. You may take it back later, but what has gone there cannot be called "
       "back."),
)  # fmt: skip
"""The warning before data goes to a third country on her explicit consent alone."""
