# SPDX-License-Identifier: GPL-3.0-or-later
"""The traveller's sentences, which are a catalogue of their own (`traveller.po`).

Every text that the sheet says by itself comes from here, in the language handed in; the fixed
ones are agreed and not to be varied. Sentences are without gender. A new zone, vehicle or spoken
language is one line in its table. Knows no page.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from kfdesk.documents.traveller.sheet import Ride, Sheet, Transfer
from kfdesk.domain.journey.emergency import EVERYWHERE
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language

CARD_LANGUAGES = 2
_HOUR = timedelta(hours=1)

RIDES: Mapping[str, str] = {
    "air": N_("Flight {carrier}"),
    "rail": N_("Train {carrier}"),
    "ferry": N_("Ferry {carrier}"),
    "coach": N_("Bus {carrier}"),
    "car": N_("Car {carrier}"),
    "taxi": N_("Taxi {carrier}"),
    "on_foot": N_("On foot {carrier}"),
}

ZONES: Mapping[str, str] = {
    "Europe/Stockholm": N_("Stockholm time"),
    "Europe/Helsinki": N_("Helsinki time"),
    "Europe/Tallinn": N_("Tallinn time"),
    "Europe/Riga": N_("Riga time"),
    "Europe/Vilnius": N_("Vilnius time"),
    "Europe/Warsaw": N_("Warsaw time"),
    "Europe/Kaliningrad": N_("Kaliningrad time"),
    "Europe/Moscow": N_("Moscow time"),
    "Europe/Minsk": N_("Minsk time"),
    "Europe/Kyiv": N_("Kyiv time"),
    "Europe/Berlin": N_("Berlin time"),
    "Europe/Copenhagen": N_("Copenhagen time"),
    "Europe/Oslo": N_("Oslo time"),
    "Europe/London": N_("London time"),
    "Europe/Sofia": N_("Sofia time"),
    "Europe/Bucharest": N_("Bucharest time"),
    "Europe/Chisinau": N_("Chisinau time"),
}

SPOKEN: Mapping[str, str] = {
    "en": N_("I speak English."),
    "ru": N_("I speak Russian."),
    "sv": N_("I speak Swedish."),
    "bg": N_("I speak Bulgarian."),
    "ro": N_("I speak Romanian."),
    "uk": N_("I speak Ukrainian."),
}

ASKED: Mapping[str, str] = {
    "air": N_("Where is this gate, please?"),
    "rail": N_("Where is this train, please?"),
    "ferry": N_("Where is this ferry, please?"),
    "coach": N_("Where is this bus, please?"),
}

CALL = N_("May I make a phone call?")


class Phrase(NamedTuple):
    """One phrase of the language card: hers, and how it is shown to others, by language code."""

    own: str
    shown: tuple[tuple[str, str], ...]


def title(words: Language) -> str:
    """The name of the paper."""
    return words.gettext("Travel plan")


def name_caption(words: Language, count: int) -> str:
    """What stands above the name, or above several."""
    return words.ngettext("Name as on the ticket", "Names as on the tickets", count)


def sheet_number(words: Language, number: int, total: int) -> str:
    """Which sheet this is: `1 of 2`."""
    return words.gettext("{number} of {total}").format(number=number, total=total)


def continued(words: Language, number: int) -> str:
    """Where the rail goes on."""
    return words.gettext("continues on sheet {number}").format(number=number)


def continued_beside(words: Language) -> str:
    """That the rail goes on in the next column to the right."""
    return words.gettext("continues on the right")


def continued_below(words: Language) -> str:
    """That the rail goes on in the row below."""
    return words.gettext("continues below")


def day(words: Language, moment: datetime) -> str:
    """The day at a stop, with its weekday."""
    return words.day(moment.date(), weekday=True)


def zone(words: Language, name: str, moment: datetime) -> str:
    """Whose clock a time is on; for a zone without a phrase its distance from UTC."""
    if name in ZONES:
        return words.gettext(ZONES[name])
    offset = moment.replace(tzinfo=ZoneInfo(name)).utcoffset() or timedelta()
    hours, minutes = divmod(int(abs(offset).total_seconds()) // 60, 60)
    return f"UTC{_sign(offset)}{hours}" + (f":{minutes:02}" if minutes else "")


def clock_change(words: Language, change: timedelta) -> str:
    """What to do with one's own clock: `clock +1 hour`, `same hour`."""
    if not change:
        return words.gettext("same hour")
    hours, rest = divmod(abs(change), _HOUR)
    if rest:
        span = words.duration(abs(change))
        return words.gettext("clock {span}").format(span=f"{_sign(change)}{span}")
    message = words.ngettext("clock {hours} hour", "clock {hours} hours", hours)
    return message.format(hours=f"{_sign(change)}{hours}")


def _sign(span: timedelta) -> str:
    return "−" if span < timedelta() else "+"


def way(words: Language, taken: Ride | Transfer) -> str:
    """How it goes on from a stop: `Ferry M/S Havsörn`, `Car with Anna`.

    A mode that a newer program has written is not named; the carrier is.
    """
    if isinstance(taken, Transfer):
        return taken.text
    return words.gettext(RIDES.get(taken.mode, "{carrier}")).format(carrier=taken.carrier).strip()


def meets_you(words: Language) -> str:
    """What stands above the first name of who meets the traveller."""
    return words.gettext("Meets you")


def alone(words: Language) -> str:
    """That nobody comes to this change, as was agreed."""
    return words.gettext("Change on your own")


def help_heading(words: Language) -> str:
    """What stands above the telephone numbers."""
    return words.gettext("Need help? Call")


def emergency(words: Language, number: str, country: str = "") -> list[str]:
    """What the emergency number is and where it answers, sentence by sentence.

    Only 112 is known to be free.
    """
    if number != EVERYWHERE:
        where = [words.country(country)] if country else []
        return [words.gettext("Emergency number."), *where]
    text = words.gettext("Emergency. Free of charge from any phone.")
    return text.replace(". ", ".\n").split("\n")


def card_heading(words: Language) -> str:
    """What stands above the language card."""
    return words.gettext("Show these words")


def phrases(words: Language, sheet: Sheet, speaking: Callable[[str], Language]) -> list[Phrase]:
    """The language card: each phrase in her language, in English and in those of the way.

    At most two languages besides hers are shown. A language whose catalogue lacks a phrase does
    not show it, and a phrase that nobody would understand is left out.
    """
    messages = [SPOKEN.get(sheet.speaks), ASKED.get(sheet.vehicle), CALL]
    codes = dict.fromkeys(code for code in ("en", *sheet.transit) if code != words.code)
    others = [speaking(code) for code in list(codes)[:CARD_LANGUAGES]]
    card = []
    for message in filter(None, messages):
        shown = tuple((to.code, to.gettext(message)) for to in others if to.knows(message))
        if shown:
            card.append(Phrase(words.gettext(message), shown))
    return card


def luggage_heading(words: Language) -> str:
    """What stands above the luggage."""
    return words.gettext("Luggage – count it at each change")
