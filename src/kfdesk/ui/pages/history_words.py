# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of the audit trail: what was done, to which record, to which of its fields.

A new action or record type has its words here; tests see to that. Never a value of a record, a
client's code apart, which is made to be spoken.
"""

from collections.abc import Mapping

from kfdesk.domain.desk.log import Action
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.history import HistoryLine

ACTIONS: Mapping[Action, tuple[str, str]] = {
    Action.CREATE: ("plus", N_("Entered")),
    Action.CHANGE: ("pencil", N_("Changed")),
    Action.EXPORT: ("send", N_("Sent")),
    Action.IMPORT: ("download", N_("Taken in")),
    Action.PRINT: ("printer", N_("Printed")),
    Action.KEYS: ("key-round", N_("Keys made or checked")),
    Action.OPEN: ("notebook-text", N_("Store opened")),
    Action.CLOCK: ("clock", N_("Clock confirmed")),
}

RECORDS: Mapping[str, str] = {
    "client": N_("Client"),
    "plan": N_("Plan"),
    "leg": N_("Leg"),
    "help_number": N_("Help number"),
    "consent": N_("Consent"),
    "organisation": N_("Organisation"),
    "contact": N_("Contact person"),
}


def action_look(action: Action, language: Language) -> tuple[str, str]:
    """Icon and word for what was done."""
    icon, word = ACTIONS[action]
    return icon, language.gettext(word)


def record_words(one: HistoryLine, language: Language) -> str:
    """`Leg, tulpan-47`; empty where an entry is about no record."""
    if not one.has_record:
        return ""
    if not one.type:
        return language.gettext(N_("a record that is not here"))
    word = language.gettext(RECORDS[one.type])
    return f"{word}, {one.code}" if one.code else word


def field_words(one: HistoryLine, language: Language) -> str:
    """The labels of the fields; those that this program does not know are counted."""
    fields = TYPES[one.type].fields if one.type in TYPES else {}
    known = [language.gettext(fields[key].label) for key in one.keys if key in fields]
    unknown = len(one.keys) - len(known)
    if unknown:
        words = language.ngettext("{count} unknown field", "{count} unknown fields", unknown)
        known.append(words.format(count=unknown))
    return ", ".join(known)
