# SPDX-License-Identifier: GPL-3.0-or-later
"""Withdrawals in words: those that go with a file, and those that a file tells us.

What must be done is said beside the fact, in the same breath. Codes, never names.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from kfdesk.domain.schema import N_
from kfdesk.domain.values import Moment
from kfdesk.i18n.language import Language
from kfdesk.services.sharing.leaving import Parcel
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Banner, Card
from kfdesk.ui.words import Telling

_ERASURE = "request_erasure"


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """One withdrawal to be shown: whose, since when, and what she asks for.

    `is_ours`: we answer for the consent, and she said no to the partner.
    """

    code: str
    withdrawn: Moment | None
    effects: tuple[str, ...] = ()
    is_ours: bool = False


class NoticesCard(Card):
    """What a file tells beside its records, before it is made."""

    def __init__(self, kit: Kit, parcel: Parcel, lines: Sequence[Withdrawn]) -> None:
        super().__init__()
        self.head(kit, N_("Told with this file"), "ban", Tone.WARNING)
        for one in lines:
            self.body.addWidget(Label(kit, _since(one)).wrapped())
        for words in _also(parcel):
            self.body.addWidget(Label(kit, words).wrapped())
        if lines:
            words = N_(
                "No data goes with it. Each file tells it until the partner has confirmed it."
            )
            self.body.addWidget(Label(kit, words, tone=Tone.MUTED).wrapped())


def _also(parcel: Parcel) -> Iterator[str]:
    """What a file tells of the desks themselves."""
    if parcel.is_anew:
        yield N_("Our store was put back to an earlier day. They send again what we have lost.")
    if parcel.knows_anew:
        yield N_("We know that their store was put back to an earlier day.")
    elif parcel.is_answer:
        yield N_("We know of the withdrawals that they have told us of.")


def told_banner(kit: Kit, partner: str, one: Withdrawn) -> Banner:
    """What a file tells us, and what we must do."""
    banner = Banner(kit, Tone.DANGER, "ban")
    banner.tell(partial(heard_title, one, partner), partial(heard_duty, one))
    return banner


def heard_title(one: Withdrawn, partner: str, language: Language) -> str:
    """Who has taken back what."""
    sentence = N_("The client {code} has withdrawn a consent. {partner} tells us so.")
    if one.is_ours:
        sentence = N_("The client {code} has told {partner} that she withdraws her consent.")
    return language.gettext(sentence).format(code=one.code or "–", partner=partner)


def heard_duty(one: Withdrawn, language: Language) -> str:
    """What must be done about it."""
    said = [
        N_("Do not pass on what you have under it, to anybody, and ask those who had it from you "
           "to do the same. Keep only what the law requires."),
    ]  # fmt: skip
    if one.is_ours:
        said = [
            N_("Sharing under it has stopped. Talk with her when it is safe; only a new consent "
               "opens it again."),
        ]  # fmt: skip
    if _ERASURE in one.effects:
        said.append(N_("She asks that what was shared is erased."))
    return " ".join(map(language.gettext, said))


def withdrawn_since(moment: Moment | None, language: Language) -> str:
    """Since when, by the clock where she said it; empty where desks differ about it."""
    if moment is None:
        return ""
    return f"{language.day(moment.wall.date(), year=True)}, {language.clock(moment.wall)}"


def _since(one: Withdrawn) -> Telling:
    def words(language: Language) -> str:
        since = withdrawn_since(one.withdrawn, language)
        sentence = (
            N_("{code}: consent withdrawn, {time}") if since else N_("{code}: consent withdrawn")
        )
        return language.gettext(sentence).format(code=one.code or "–", time=since)

    return words
