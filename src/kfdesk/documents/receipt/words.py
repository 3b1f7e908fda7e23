# SPDX-License-Identifier: GPL-3.0-or-later
"""The sentences of the arrival receipt, in the language handed in.

Knows no page and no record: an hour or a name is never here.
"""

from collections.abc import Iterator, Mapping

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language

PLACES: Mapping[str, str] = {
    "pick_up": N_("place of departure"),
    "departure_airport": N_("place of departure"),
    "transit": N_("on the way"),
    "arrival": N_("place of arrival"),
    "onward": N_("on the way"),
    "door": N_("at the door"),
}
"""The kind of place by its code in HANDOVER_PLACE, as it may be read by anybody."""


def title(words: Language) -> str:
    """The name of the paper."""
    return words.gettext("Arrival receipt")


def time_and_place(words: Language) -> str:
    """What stands above hour and place."""
    return words.gettext("Time and place")


def place(words: Language, kind: str) -> str:
    """The kind of place; empty where it is not known."""
    return words.gettext(PLACES[kind]) if kind in PLACES else ""


def ends(words: Language) -> tuple[str, str]:
    """What stands above the two names."""
    giver = words.pgettext("who hands over", "From")
    return giver, words.pgettext("who receives", "To")


def things(words: Language) -> str:
    """What stands above the things."""
    return words.gettext("Items")


def received(words: Language) -> tuple[str, str]:
    """The two answers."""
    return words.gettext("received"), words.gettext("received with remarks:")


def hour(words: Language) -> str:
    """What stands beside a signature."""
    return words.gettext("hour")


def sentences(words: Language) -> Iterator[str]:
    """All that the receipt may say by itself, for a finished page to be held against."""
    yield from (title(words), time_and_place(words), *ends(words), things(words))
    yield from (*received(words), hour(words))
    yield from (place(words, kind) for kind in PLACES)
