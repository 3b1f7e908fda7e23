# SPDX-License-Identifier: GPL-3.0-or-later
"""What a file's place in its row and its keys say, as banners over what the file brings.

The sentences stand with those of the errors; here they get their tone. Nothing is decided.
"""

from collections.abc import Callable, Iterator
from functools import partial

from kfdesk.domain.desk.order import Finding
from kfdesk.domain.schema import N_
from kfdesk.i18n.faults.bundles import finding_words
from kfdesk.i18n.language import Language
from kfdesk.services.exchange import Review
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.panel import Banner

_CALM = frozenset({Finding.LATE, Finding.NEW_CARD, Finding.SENT_AGAIN})
_ALARMS = frozenset({Finding.TWO_STORES, Finding.AHEAD_OF_US, Finding.KEY_REVOKED})


def finding_banners(kit: Kit, review: Review) -> Iterator[Banner]:
    """Each finding with what to do, and what the file asks to erase; the proof says what misses."""
    for found in review.findings:
        if found.finding is not Finding.MISSING:
            yield _banner(kit, _look(found.finding), partial(finding_words, found))
    if review.erases:
        yield _banner(kit, (Tone.WARNING, "trash-2"), partial(_erases, len(review.erases)))
    if review.requests:
        yield _banner(kit, (Tone.WARNING, "trash-2"), partial(_requests, review.requests))


def _banner(
    kit: Kit, look: tuple[Tone, str], words: Callable[[Language], tuple[str, str]]
) -> Banner:
    banner = Banner(kit, *look)
    banner.tell(lambda language: words(language)[0], lambda language: words(language)[1])
    return banner


def _erases(count: int, language: Language) -> tuple[str, str]:
    sentence = language.ngettext(
        "They ask to erase {count} record that they answer for.",
        "They ask to erase {count} records that they answer for.",
        count,
    ).format(count=count)
    return sentence, language.gettext(N_("It is erased here for good when the file is taken."))


def _requests(count: int, language: Language) -> tuple[str, str]:
    sentence = language.ngettext(
        "They ask to erase {count} record that they do not answer for, or that must be kept.",
        "They ask to erase {count} records that they do not answer for, or that must be kept.",
        count,
    ).format(count=count)
    return sentence, language.gettext(N_("Nothing is erased by itself: people decide about it."))


def _look(finding: Finding) -> tuple[Tone, str]:
    if finding in _ALARMS:
        return Tone.DANGER, "octagon-alert"
    return (Tone.INFO, "info") if finding in _CALM else (Tone.WARNING, "circle-alert")
