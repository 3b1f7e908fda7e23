# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of the place Exchange: states of partners, records, values as they leave.

A value that leaves is shown whole: a told text in each of its languages, every version of a field
in conflict, and a record that is referred to by its name. Reads no store.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from kfdesk.domain.codes import CONSENT_SCOPE
from kfdesk.domain.desk.exchange import Partner, PartnerState
from kfdesk.domain.kinds import Reference
from kfdesk.domain.rows import View
from kfdesk.domain.schema import N_, Field, Group
from kfdesk.domain.values import Value, Wording
from kfdesk.i18n.findings import RECORDS as RECORDS
from kfdesk.i18n.language import Language
from kfdesk.ui.pages.shown import field_of, value_text
from kfdesk.ui.tokens import Tone

Names = Mapping[str, str]
"""Names of records that others refer to, by their ids as references have them."""

STATES: Mapping[PartnerState, tuple[Tone, str, str]] = {
    PartnerState.PENDING: (Tone.WARNING, "clock", N_("digits not compared")),
    PartnerState.VERIFIED: (Tone.SUCCESS, "circle-check", N_("verified")),
    PartnerState.SUSPENDED: (Tone.MUTED, "ban", N_("suspended")),
    PartnerState.REVOKED: (Tone.DANGER, "octagon-alert", N_("revoked")),
}

NEXT: Mapping[PartnerState, str] = {
    PartnerState.PENDING: N_(
        "Nothing is sent or taken until you have compared the digits by telephone."
    ),
    PartnerState.VERIFIED: N_("May receive what a client's consent allows, and nothing else."),
    PartnerState.SUSPENDED: N_("Nothing is sent or taken while the partner is suspended."),
    PartnerState.REVOKED: N_("This card no longer counts. Ask the partner for a new one."),
}

GROUPS: Mapping[str, str] = {
    **CONSENT_SCOPE,
    Group.PARTIES: N_("The consent itself"),
    Group.DIRECTORY: N_("Directory"),
}

_ICONS: Mapping[str, str] = {
    "client": "user",
    "plan": "clipboard-list",
    "leg": "route",
    "help_number": "phone",
    "consent": "file-check",
    "organisation": "building-2",
    "contact": "user-round-check",
}

_ORDER = tuple(_ICONS)


def order_of(shown: View[Any]) -> tuple[int, int, bytes]:
    """Where a record stands in a list: the person first, then plan, legs by number and the rest."""
    number = getattr(shown.record, "sequence", None)
    place = _ORDER.index(shown.row.type) if shown.row.type in _ORDER else len(_ORDER)
    return place, number if isinstance(number, int) else 0, shown.rid


def record_icon(record_type: str) -> str:
    """The icon of a type of record."""
    return _ICONS.get(record_type, "notebook-text")


def record_title(shown: View[Any], language: Language) -> str:
    """What a record is: `Plan`, or `Leg (no. 2)`."""
    label = language.gettext(RECORDS[shown.row.type])
    number = getattr(shown.record, "sequence", None)
    if not isinstance(number, int):
        return label
    return language.gettext("{field} (no. {number})").format(field=label, number=number)


def values_of(shown: View[Any], key: str) -> tuple[Value, ...]:
    """The values of a field: one, or all versions of it in conflict; none without an answer."""
    if key in shown.conflicts:
        return tuple(version.value for version in shown.versions[key])
    value: Value = getattr(shown.record, key)
    return () if value is None else (value,)


def values_text(
    record_type: str, key: str, values: tuple[Value, ...], names: Names, language: Language
) -> str:
    """Values in words, one below the other; a dash where there is none."""
    field = field_of(record_type, key)
    return "\n".join(_whole(field, value, names, language) for value in values) or "–"


def next_words(partner: Partner) -> str:
    """What a partner's state means for what may be sent and taken."""
    if partner.is_own and partner.state is PartnerState.VERIFIED:
        return N_("Gets everything but drafts, and without a consent: it is one desk with this.")
    if partner.is_own and partner.state is PartnerState.PENDING:
        return N_("Nothing is sent or taken until both laptops show the same digits.")
    return NEXT[partner.state]


def where_text(partner: Partner, language: Language) -> str:
    """Where a partner is, as far as the law asks."""
    if partner.is_own:
        return language.gettext(N_("Our own laptop"))
    if partner.is_third_country:
        return language.gettext(N_("Outside the EU and EEA"))
    return language.gettext(N_("In the EU or EEA"))


def _whole(field: Field, value: Value, names: Names, language: Language) -> str:
    if isinstance(field.kind, Reference) and isinstance(value, str):
        return names.get(value) or language.gettext(N_("a record that is not here"))
    words = value if isinstance(value, tuple) else ()
    told = [word for word in words if isinstance(word, Wording)]
    if told:
        return "\n".join(f"{language.language(word.language)}: {word.text}" for word in told)
    return value_text(field, value, language)


def when_lines(milliseconds: int, language: Language) -> tuple[str, str]:
    """A day, and below it the time by this machine's clock."""
    moment = datetime.fromtimestamp(milliseconds / 1000, tz=UTC).astimezone()
    return language.short_day(moment.date()), language.clock(moment)
