# SPDX-License-Identifier: GPL-3.0-or-later
"""The sentences of the companion's sheet, in the language handed in, without gender.

Knows no page.
"""

from collections.abc import Iterator

from kfdesk.documents.companion.sheet import Call, Sheet
from kfdesk.i18n.language import Language


def title(words: Language) -> str:
    """The name of the paper."""
    return words.gettext("Travel plan · companion")


def name_caption(words: Language, count: int) -> str:
    """What stands above the traveller's name, or above several."""
    return words.ngettext(
        "You travel with (name as on the ticket)", "You travel with (names as on the tickets)",
        count,
    )  # fmt: skip


def languages_caption(words: Language) -> str:
    """What stands above the languages of who travels."""
    return words.gettext("Speaks")


def languages(words: Language, codes: tuple[str, ...]) -> str:
    """The languages by name."""
    return words.listing([words.language(code) for code in codes])


def sheet_number(words: Language, number: int, total: int) -> str:
    """Which page this is: `1 of 2`."""
    return words.gettext("{number} of {total}").format(number=number, total=total)


def route_heading(words: Language) -> str:
    """What stands above the legs."""
    return words.gettext("Route")


def route_columns(words: Language) -> tuple[str, str, str, str]:
    """What stands above the columns of the legs."""
    return (
        words.gettext("Local time"),
        words.gettext("From – to"),
        words.gettext("By"),
        words.gettext("Who meets, sign"),
    )


def needs_heading(words: Language) -> str:
    """What stands above what helps on the way."""
    return words.gettext("On the way")


def reminders_heading(words: Language) -> str:
    """What stands above the reminders."""
    return words.gettext("Reminders on request")


def only_remind(words: Language) -> str:
    """Whose the things are that a reminder names."""
    return words.gettext("The things stay with the traveller. Only remind.")


def calls_heading(words: Language) -> str:
    """What stands above the calls."""
    return words.gettext("Whom to call, and when")


def calls_columns(words: Language) -> tuple[str, str, str, str]:
    """What stands above the columns of the calls."""
    return (
        words.gettext("When"),
        words.gettext("Write or say"),
        words.pgettext("whom a call goes to", "To"),
        words.gettext("Number"),
    )


def said(words: Language, call: Call) -> str:
    """What to write or say at a call."""
    on_board, met, arrived = _sayings(words)
    if not call.is_after_arrival:
        return on_board
    return met.format(name=call.met) if call.met else arrived


def _sayings(words: Language) -> tuple[str, str, str]:
    return (
        words.gettext("“On board, all well”"),
        words.gettext("“{name} has met us”"),
        words.gettext("“Arrived, all well”"),
    )


def late(words: Language) -> tuple[str, str]:
    """When something goes wrong, and what to say then."""
    return (
        words.gettext("Late by 30 min, or missed"),
        words.gettext("where you are; stay together"),
    )


def unanswered(words: Language) -> tuple[str, str]:
    """When nobody answers, and what to say to the next."""
    return words.gettext("No answer in 10 min"), words.gettext("the same")


def afterwards(words: Language, sheet: Sheet) -> str:
    """Whom to call after the emergency number."""
    name = sheet.answering[0].name if sheet.answering else ""
    named, nameless = _then(words)
    return named.format(name=name) if name else nameless


def _then(words: Language) -> tuple[str, str]:
    return words.gettext("Then call {name}."), words.gettext("Then call the first number above.")


def tear_up(words: Language) -> str:
    """What becomes of the sheet."""
    return words.gettext("Please tear up after the journey.")


def sentences(words: Language) -> Iterator[str]:
    """All that the sheet may say by itself, for a finished page to be held against."""
    yield from (title(words), languages_caption(words), sheet_number(words, 1, 1))
    yield from (name_caption(words, count) for count in (1, 2, 5))
    yield from (route_heading(words), *route_columns(words))
    yield from (needs_heading(words), reminders_heading(words), only_remind(words))
    yield from (calls_heading(words), *calls_columns(words), *_sayings(words))
    yield from (*late(words), *unanswered(words), *_then(words), tear_up(words))
