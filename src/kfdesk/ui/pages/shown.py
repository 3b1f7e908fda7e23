# SPDX-License-Identifier: GPL-3.0-or-later
"""How values look on a page: a field's words and value, times with their clock, states.

One function for each thing that several pages show. Nothing here reads a store or decides
anything; a value that has no answer is said in words, never left blank.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from kfdesk.domain.codes import PLAN_STATE
from kfdesk.domain.disclosure import Reason
from kfdesk.domain.kinds import Code, Codes
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.schema import N_, Field
from kfdesk.domain.values import About, Gap, Moment, Told, Value, Wording, in_language
from kfdesk.domain.world import COUNTRIES, LANGUAGES
from kfdesk.i18n.language import Language
from kfdesk.services.casework.journey import moment_at
from kfdesk.ui.tokens import Tone

NOT_ASKED = N_("not asked")
_GAPS = {Gap.UNKNOWN: N_("unknown"), Gap.DECLINED: N_("does not want to say")}

STATE_LOOKS: Mapping[str, tuple[Tone, str]] = {
    "draft": (Tone.MUTED, "circle-dashed"),
    "assessing": (Tone.INFO, "circle-dot"),
    "decision_ready": (Tone.INFO, "circle-dot"),
    "approved": (Tone.SUCCESS, "circle-check"),
    "travel_ready": (Tone.SUCCESS, "circle-check"),
    "travelling": (Tone.INFO, "route"),
    "arrived": (Tone.SUCCESS, "circle-check"),
    "reintegrating": (Tone.INFO, "circle-dot"),
    "follow_up": (Tone.INFO, "circle-dot"),
    "closed": (Tone.MUTED, "archive"),
    "not_safe": (Tone.DANGER, "octagon-alert"),
    "withdrawn": (Tone.MUTED, "ban"),
    "cancelled": (Tone.MUTED, "ban"),
}

MODE_ICONS: Mapping[str, str] = {
    "air": "plane",
    "rail": "train-front",
    "ferry": "ship",
    "coach": "bus",
    "car": "car",
    "taxi": "car",
    "on_foot": "footprints",
}

REASONS: Mapping[Reason, str] = {
    Reason.DESK: N_("stays at this desk"),
    Reason.LEVEL: N_("too sensitive for this way"),
    Reason.NO_CONSENT: N_("no consent names this recipient"),
    Reason.EXPIRED: N_("the consent has ended"),
    Reason.WITHDRAWN: N_("the consent was withdrawn"),
    Reason.SCOPE: N_("the consent does not cover it"),
    Reason.PURPOSE: N_("the purpose does not need it"),
    Reason.TRANSFER: N_("a ground for a third country is missing"),
    Reason.UNVERIFIED: N_("the partner is not verified yet"),
    Reason.SECRET: N_("a secret entry of the directory"),
    Reason.CONFLICT: N_("two values, not decided"),
    Reason.INCOMPLETE: N_("the consent lacks something"),
}


def state_word(state: str, language: Language) -> str:
    """The word for a plan's state; a code from a newer desk stands as it is."""
    return language.gettext(PLAN_STATE[state]) if state in PLAN_STATE else state


def field_of(record_type: str, key: str) -> Field:
    """A field's description."""
    return TYPES[record_type].fields[key]


def value_text(field: Field, value: Value, language: Language) -> str:
    """A value in words, in the language of the window."""
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


def since_text(since: datetime, zone: str, language: Language) -> str:
    """Since when, on the clocks of a zone: `12 dec. 17:00 (CET, Stockholm)`."""
    day, clock = moment_lines(moment_at(since, zone), language)
    return f"{day} ({clock})"


def told_text(told: Value, language: Language) -> str:
    """A told text in the window's language, else in whichever it has; empty without one."""
    if not isinstance(told, tuple):
        return ""
    wordings: Told = tuple(word for word in told if isinstance(word, Wording))
    return in_language(wordings, language.code, *(word.language for word in wordings)) or ""


def written_at(milliseconds: int, language: Language) -> str:
    """When a value was written, by this machine's clock."""
    return language.stamp(datetime.fromtimestamp(milliseconds / 1000, tz=UTC).astimezone())


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
