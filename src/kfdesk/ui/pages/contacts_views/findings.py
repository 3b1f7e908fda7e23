# SPDX-License-Identifier: GPL-3.0-or-later
"""What is worth a second look while an entry is typed.

An entry that is here already, a number that does not work from abroad, a telephone that is seen no
wider than its house. A finding stands beside its field and blocks nothing. Pure: it is handed what
stands in a form.
"""

from collections.abc import Mapping, Sequence

from kfdesk.domain.journey.dialling import works_from_abroad
from kfdesk.domain.schema import N_
from kfdesk.domain.values import Value
from kfdesk.i18n.language import Language
from kfdesk.services.directory import DirectoryEntry, EntryLine
from kfdesk.ui.pages.contacts_views.words import kind_line, name_line
from kfdesk.ui.words import Message

Findings = Mapping[str, Sequence[Message]]

NOT_FROM_ABROAD = N_(
    "From abroad this number may not work. Write it with + and the country's number, such as "
    "+46 8 123 456."
)
HOUSE_SECRET = N_("Its organisation is secret, so this number goes to nobody.")
HOUSE_NARROWER = N_("Its organisation is shown to fewer, so this number goes no further than that.")
_WIDTH = {"secret": 0, "front_door_only": 1, "partners_only": 2, "public": 3}


def number_findings(number: Value) -> tuple[Message, ...]:
    """What to say of a telephone number; nothing where none stands there."""
    is_there = isinstance(number, str) and bool(number.strip())
    return (NOT_FROM_ABROAD,) if is_there and not works_from_abroad(number) else ()


def twin_findings(twins: Sequence[EntryLine]) -> tuple[Message, ...]:
    """That an entry of this name is here already: perhaps it is the same."""
    return tuple(_twin(one) for one in twins[:1])


def phone_findings(house: DirectoryEntry, number: Value, sight: Value) -> Findings:
    """What to say of a telephone of a house."""
    held = house.view.record.confidentiality
    above = 0 if house.is_secret else _WIDTH.get(str(held), 0)
    is_wider = _WIDTH.get(str(sight), 0) > above
    wider = (HOUSE_SECRET if above == 0 else HOUSE_NARROWER,) if is_wider else ()
    return {"number": number_findings(number), "confidentiality": wider}


def _twin(entry: EntryLine) -> Message:
    def told(language: Language) -> str:
        sentence = language.gettext(N_("Is it this one? {name} stands here already ({kind})."))
        return sentence.format(name=name_line(entry, language), kind=kind_line(entry, language))

    return told
