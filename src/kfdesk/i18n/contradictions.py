# SPDX-License-Identifier: GPL-3.0-or-later
"""The sentence for each contradiction of a case, beside its field and before a print.

The same sentence stands at both places. As in `messages`, none shows a value of a record; what
contradicts what is decided in `domain/workflow/contradictions.py`.
"""

from collections.abc import Mapping

from kfdesk.domain.message_marks import N_
from kfdesk.i18n.message import Message

CONTRADICTION_SENTENCES: Mapping[str, str] = {
    "age_differs": N_("The age and the date of birth do not fit together."),
    "birth_date_differs": N_("The date of birth differs from the one under Person."),
    "escort_not_wanted": N_("A companion is named, but no companion is wanted."),
    "alone_and_met": N_("This leg says that no one meets the client, and names who does."),
    "meeter_is_another": N_("The first name is not that of the contact who meets the client."),
    "meeter_of_another": N_(
        "Who meets the client belongs to another organisation than the receiver."
    ),
    "custody_is_contested": N_("Custody is contested, and no court has decided yet."),
    "number_untested": N_("No one has made a test call to this number."),
}

_MEND = N_("A paper must not say two things at once. Correct one of them in the plan.")

CONTRADICTION_MESSAGES: Mapping[str, Message] = {
    f"paper.{code}": Message(sentence, _MEND) for code, sentence in CONTRADICTION_SENTENCES.items()
}
