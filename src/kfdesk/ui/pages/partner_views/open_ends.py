# SPDX-License-Identifier: GPL-3.0-or-later
"""What is still open between us and a partner: files, notices, answers. It decides nothing.

A partner that is not verified gets no file: whoever must be told is called instead.
"""

from collections.abc import Iterator

from kfdesk.domain.desk.exchange import PartnerState
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.partners import PartnerLine
from kfdesk.ui.pages.exchange_views.pairs import Pair
from kfdesk.ui.tokens import Tone
from kfdesk.ui.words import Telling

_SHOWN = 8  # numbers of missing files; a longer row says no more


def open_ends(shown: PartnerLine) -> Iterator[Pair]:
    """A pair for each thing that waits; none where nothing does."""
    if shown.unconfirmed:
        yield Pair(N_("Not confirmed"), (_files(shown.unconfirmed),), Tone.PLAIN)
    if shown.missing:
        yield Pair(N_("Missing from them"), (_missing(shown.missing),), Tone.WARNING)
    if shown.notices:
        yield Pair(N_("Withdrawals"), (_notices(shown.notices),), Tone.WARNING)
    if shown.notices and shown.partner.state is not PartnerState.VERIFIED:
        yield Pair("", (N_("No file goes to them: tell them by telephone."),), Tone.WARNING)
    if shown.waits:
        yield Pair(N_("Answer"), (N_("They wait to hear that we know."),), Tone.WARNING)


def cell_words(shown: PartnerLine, language: Language) -> str:
    """The most pressing of it in two or three words; empty where nothing waits."""
    if shown.notices:
        return _notices(shown.notices)(language)
    if shown.waits:
        return language.gettext(N_("an answer is due"))
    if shown.missing:
        count = len(shown.missing)
        return language.ngettext("{count} file missing", "{count} files missing", count).format(
            count=count
        )
    return ""


def _files(count: int) -> Telling:
    def words(language: Language) -> str:
        return language.ngettext("{count} file", "{count} files", count).format(count=count)

    return words


def _notices(count: int) -> Telling:
    def words(language: Language) -> str:
        return language.ngettext(
            "{count} notice not confirmed", "{count} notices not confirmed", count
        ).format(count=count)

    return words


def _missing(numbers: tuple[int, ...]) -> Telling:
    def words(language: Language) -> str:
        listed = ", ".join(map(str, numbers[:_SHOWN])) + ("…" if len(numbers) > _SHOWN else "")
        return language.gettext(N_("File no. {numbers}. Ask them to send again.")).format(
            numbers=listed
        )

    return words
