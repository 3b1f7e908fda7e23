# SPDX-License-Identifier: GPL-3.0-or-later
"""What is still open between us and a partner: files, notices, orders, answers. Decides nothing.

A partner that is not verified gets no file: whoever must be told is called instead.
"""

from collections.abc import Iterator, Mapping
from functools import partial

from kfdesk.domain.desk.erasure import OrderState
from kfdesk.domain.desk.exchange import PartnerState
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.partners import PartnerLine
from kfdesk.ui.pages.exchange_views.pairs import Pair
from kfdesk.ui.tokens import Tone
from kfdesk.ui.words import Telling

_SHOWN = 8  # numbers of missing files; a longer row says no more
_ANSWERS: Mapping[OrderState, str] = {
    OrderState.OPEN: N_("not answered"),
    OrderState.DONE: N_("erased there"),
    OrderState.NOT_HERE: N_("never was there"),
    OrderState.DECLINED: N_("they keep it"),
    OrderState.TOLD: N_("told by telephone"),
}


def open_ends(shown: PartnerLine) -> Iterator[Pair]:
    """A pair for each thing that waits; none where nothing does."""
    if shown.waiting:
        yield Pair(N_("To send"), (_records(shown.waiting),), Tone.PLAIN)
    if shown.unconfirmed:
        yield Pair(N_("Not confirmed"), (_files(shown.unconfirmed),), Tone.PLAIN)
    if shown.missing:
        yield Pair(N_("Missing from them"), (_missing(shown.missing),), Tone.WARNING)
    if shown.notices:
        yield Pair(N_("Withdrawals"), (_notices(shown.notices),), Tone.WARNING)
    if shown.notices and shown.partner.state is not PartnerState.VERIFIED:
        yield Pair("", (N_("No file goes to them: tell them by telephone."),), Tone.WARNING)
    if shown.asked:
        tone = Tone.WARNING if shown.asked.get(OrderState.OPEN) else Tone.PLAIN
        yield Pair(N_("Asked to erase"), (partial(_asked, shown.asked),), tone)
    if shown.is_anew:
        words = N_("Our store was put back to an earlier day. They have not confirmed to know it.")
        yield Pair(N_("Restored"), (words,), Tone.WARNING)
    if shown.waits:
        yield Pair(N_("Answer"), (N_("They wait to hear that we know."),), Tone.WARNING)
    if shown.offers:
        words = N_("They sent a card with a new signing key. Call a number you know.")
        yield Pair(N_("New key"), (words,), Tone.WARNING)
    if not shown.knows_us:
        words = N_(
            "They still know our key of before. Call them, so that they compare the new one."
        )
        yield Pair(N_("Our key"), (words,), Tone.WARNING)


def cell_words(shown: PartnerLine, language: Language) -> str:
    """The most pressing of it in two or three words; empty where nothing waits."""
    if shown.notices:
        return _notices(shown.notices)(language)
    if shown.waits:
        return language.gettext(N_("an answer is due"))
    if shown.is_anew:
        return language.gettext(N_("restore not confirmed"))
    if shown.missing:
        count = len(shown.missing)
        return language.ngettext("{count} file missing", "{count} files missing", count).format(
            count=count
        )
    if shown.waiting:
        return language.ngettext("{count} to send", "{count} to send", shown.waiting).format(
            count=shown.waiting
        )
    return language.gettext(N_("not confirmed yet")) if shown.unconfirmed else ""


def _records(count: int) -> Telling:
    def words(language: Language) -> str:
        return language.ngettext("{count} record", "{count} records", count).format(count=count)

    return words


def _asked(asked: Mapping[OrderState, int], language: Language) -> str:
    """`erased there: 6` and below it `not answered: 3`."""
    parts = (
        f"{language.gettext(words)}: {asked[state]}"
        for state, words in _ANSWERS.items()
        if asked.get(state)
    )
    return "\n".join(parts)


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
