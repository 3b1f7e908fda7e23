# SPDX-License-Identifier: GPL-3.0-or-later
"""The sentences of a consent: what is missing, what is said to her, what she is warned of.

Only words. What is said to her stands in her own language where the program speaks it; else the
window's is shown, and an interpreter says it.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from kfdesk.domain.codes import CONSENT_PURPOSE, CONSENT_SCOPE
from kfdesk.domain.consents.completeness import Lack
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import PROGRAM_LANGUAGES, Language
from kfdesk.i18n.said.consents import SAID as SAID
from kfdesk.i18n.said.consents import WARNING as WARNING
from kfdesk.services.course.agreements import Party
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone
from kfdesk.ui.words import Message

LACKS: Mapping[Lack, str] = {
    Lack.RECIPIENT: N_("Say who may have it: one organisation or one person."),
    Lack.PURPOSE: N_("Say what it is for."),
    Lack.GROUPS: N_("Tick what she agrees to share."),
    Lack.NOT_OPENED: N_("This purpose cannot open all that is ticked. Take away what it does not "
                        "need."),
    Lack.LANGUAGE: N_("Say in which language you talked."),
    Lack.INTERPRETER: N_("Say who interpreted."),
    Lack.EXPLAINED: N_("Explain each point to her, and tick it. Only research may stay open."),
    Lack.TOOL: N_("Nothing on record protects her data there. It may go only by her own explicit "
                  "consent, after the warning."),
    Lack.WARNING: N_("Read the warning to her first, and note when she heard it."),
    Lack.GIVEN_BY: N_("Say who agreed."),
    Lack.CHILD: N_("She counts as a child: her guardian must agree, and she herself too."),
    Lack.GUARDIAN: N_("Name the guardian who agreed."),
    Lack.ASSENT: N_("The child must agree too. If it is too small to say, answer “unknown”."),
    Lack.FORM: N_("Say how it was agreed: signed or spoken."),
    Lack.GIVEN: N_("Say when she agreed."),
    Lack.GIVEN_AHEAD: N_("This time lies ahead. Say when she did agree."),
    Lack.LAST_DAY: N_("A consent needs a last day, not about when."),
    Lack.ENDED: N_("This day has passed, so the consent would open nothing."),
    Lack.REASON: N_("Say why it cannot wait for her own consent."),
}  # fmt: skip
"""What to do about each thing that is missing."""


def language_of(kit: Kit, code: object) -> Language | None:
    """The program's words in a language, if it speaks it."""
    return next((one for one in kit.words.offered if one.code == code), None)


def is_spoken(code: object) -> bool:
    """Whether the program speaks a language."""
    return code in PROGRAM_LANGUAGES


def say_in(kit: Kit, code: object, sentence: str) -> Message:
    """A sentence in her language whatever the window speaks; in the window's if we lack hers."""
    hers = language_of(kit, code)
    if hers is None:
        return sentence
    said = hers.gettext(sentence)
    return lambda _: said


def purpose_word(purpose: object) -> str:
    """The message for a purpose."""
    return CONSENT_PURPOSE.get(str(purpose), N_("Consent"))


def groups_text(groups: Iterable[str], language: Language) -> str:
    """Groups of data in words, in the order of the list."""
    wanted = set(groups)
    return " · ".join(
        language.gettext(word) for code, word in CONSENT_SCOPE.items() if code in wanted
    )


def missing_words(count: int, language: Language) -> str:
    """How many answers are missing, and what follows from that."""
    if not count:
        return language.gettext(N_("Nothing is missing. It can be recorded."))
    return language.ngettext(
        "{count} answer is missing. It is kept as a draft and opens nothing.",
        "{count} answers are missing. It is kept as a draft and opens nothing.",
        count,
    ).format(count=count)


def widest_words(widest: frozenset[Any]) -> Message:
    """What a purpose can open at most."""
    if not widest:
        return N_("For this purpose nothing leaves as a file or on paper.")

    def words(language: Language) -> str:
        groups = groups_text(widest, language)
        return language.gettext(N_("Can open at most: {groups}")).format(groups=groups)

    return words


def proposed_words(day: date) -> Message:
    """The last day that is proposed."""

    def words(language: Language) -> str:
        return language.gettext(
            N_("Proposed: {day}. Another day can be agreed; it always ends.")
        ).format(day=language.day(day, year=True))

    return words


def party_words(party: Party) -> tuple[Message, Tone]:
    """What to know of somebody before sharing with them."""
    if party.is_ours:
        return N_("Our own desk: so that we may work with her case."), Tone.MUTED
    if party.is_third_country and party.has_tool:
        return N_("Another country’s law holds there; what protects her is on record."), Tone.MUTED
    if party.is_third_country:
        return N_("Another country’s law holds there: she must be warned, see below."), Tone.WARNING
    if party.is_partner and not party.is_verified:
        return N_("Nothing goes there before the partner’s digits are compared."), Tone.WARNING
    if party.is_third_country is None:
        return N_("The directory does not say in which country this is."), Tone.MUTED
    return "", Tone.MUTED
