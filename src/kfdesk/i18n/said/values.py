# SPDX-License-Identifier: GPL-3.0-or-later
"""How a record's values read, in any language: on a page of the window and on a paper alike.

One function for each sort of thing. A value that has no answer is said in words, never left
blank. Nothing here reads a store or decides anything.
"""

from datetime import date

from kfdesk.domain.kinds import Code, Codes
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.schema import N_, Field
from kfdesk.domain.values import About, Gap, Moment, Told, Value, Wording, in_language
from kfdesk.domain.world import COUNTRIES, LANGUAGES
from kfdesk.i18n.language import Language

NOT_ASKED = N_("not asked")
_GAPS = {Gap.UNKNOWN: N_("unknown"), Gap.DECLINED: N_("does not want to say")}


def field_of(record_type: str, key: str) -> Field:
    """A field's description."""
    return TYPES[record_type].fields[key]


def value_text(field: Field, value: Value, language: Language) -> str:
    """A value in words."""
    if value is None:
        return language.gettext(NOT_ASKED)
    if isinstance(value, Gap):
        return language.gettext(_GAPS[value])
    if isinstance(value, Moment):
        day, clock = moment_lines(value, language)
        return f"{day} ({clock})"
    if isinstance(value, date):
        return language.day(value, year=True)
    if isinstance(value, About):
        return language.gettext("about {date}").format(date=value.text)
    if isinstance(value, bool):
        return language.gettext(N_("yes") if value else N_("no"))
    if isinstance(value, tuple):
        return _several(field, value, language)
    if isinstance(field.kind, Code):
        return _code_word(field.kind, str(value), language)
    return str(value)


def moment_lines(moment: Moment, language: Language) -> tuple[str, str]:
    """A time as two lines: `12 dec. 17:00` and `CET, Stockholm`."""
    day = f"{language.short_day(moment.wall.date())}  {language.clock(moment.wall)}"
    return day, language.clock_of(moment.zone, moment.wall)


def told_text(told: Value, language: Language) -> str:
    """A told text in the language, else in whichever it has; empty without one."""
    if not isinstance(told, tuple):
        return ""
    wordings: Told = tuple(word for word in told if isinstance(word, Wording))
    return in_language(wordings, language.code, *(word.language for word in wordings)) or ""


def _several(field: Field, values: tuple[str, ...] | Told, language: Language) -> str:
    if isinstance(field.kind, Codes):
        kind = field.kind
        return " · ".join(_code_word(kind, str(code), language) for code in values)
    return told_text(values, language)


def _code_word(kind: Code | Codes, code: str, language: Language) -> str:
    if kind.codes is LANGUAGES:
        return language.language(code)
    if kind.codes is COUNTRIES:
        return language.country(code)
    if code in kind.codes:
        return language.gettext(kind.codes[code])
    return language.gettext("unknown code {code}").format(code=code)
