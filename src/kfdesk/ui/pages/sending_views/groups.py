# SPDX-License-Identifier: GPL-3.0-or-later
"""By which consent each group of fields goes, and which consent is missing where one stays.

It shows what the disclosure says and decides nothing; consents are told by purpose and last day.
"""

from datetime import date

from kfdesk.domain.codes import CONSENT_PURPOSE
from kfdesk.domain.disclosure import Disclosed, Reason
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.rows import View
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.exchange_views.pairs import Pair, Pairs
from kfdesk.ui.pages.exchange_views.reading import Shown
from kfdesk.ui.pages.exchange_views.wording import GROUPS
from kfdesk.ui.pages.shown import REASONS
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.panel import Card
from kfdesk.ui.words import Message

_LABEL_WIDTH = 240


def groups_card(kit: Kit, shown: Shown, may: Disclosed) -> Card:
    """Each group of what may go of one plan with what opens it, or why nothing of it goes."""
    card = Card()
    card.head(kit, N_("What her consent opens"), "file-check")
    pairs = []
    for group, how in may.openings.items():
        if isinstance(how, Reason):
            pairs.append(Pair(GROUPS[group], (REASONS[how],), Tone.WARNING))
        else:
            pairs.append(Pair(GROUPS[group], (_opened(shown, how),), Tone.PLAIN))
    card.body.addWidget(Pairs(kit, pairs, width=_LABEL_WIDTH))
    return card


def _opened(shown: Shown, consents: frozenset[bytes]) -> Message:
    found = [shown.consents[rid] for rid in sorted(consents) if rid in shown.consents]

    def words(language: Language) -> str:
        return "\n".join(_consent(one, language) for one in found)

    return words if found else N_("goes without a consent")


def _consent(seen: View[Consent], language: Language) -> str:
    purpose = language.gettext(CONSENT_PURPOSE.get(str(seen.record.purpose), N_("Consent")))
    last = seen.record.expires
    if not isinstance(last, date):
        return purpose
    sentence = language.gettext(N_("{purpose}, until {day}"))
    return sentence.format(purpose=purpose, day=language.day(last, year=True))
