# SPDX-License-Identifier: GPL-3.0-or-later
"""The editor registry: a field has its own editor if it is registered, else that of its kind.

A new kind is one line in EDITORS. A page that owns a special editor registers it by
`register_editor`. Nothing here knows what a page shows.
"""

from collections.abc import Callable, Mapping

from kfdesk.domain import kinds
from kfdesk.domain.message_marks import N_
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.schema import Field
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.editor import Editor, FormOptions
from kfdesk.ui.forms.editors import (
    AutocompleteEditor,
    BirthDateEditor,
    DayEditor,
    NumberEditor,
    TextEditor,
    YesNoEditor,
    make_code_editor,
    make_codes_editor,
    make_long_text_editor,
)
from kfdesk.ui.forms.moments import ZonedTimeEditor
from kfdesk.ui.forms.translated import LocalizedTextEditor, PlaceEditor

EditorFactory = Callable[[UiContext, Field, FormOptions], Editor]


def _make_long_text(kit: UiContext, field: Field, _offers: FormOptions) -> Editor:
    return make_long_text_editor(kit, field)


def _make_sentence(kit: UiContext, field: Field, _offers: FormOptions) -> Editor:
    """Return an editor for a text that may be longer than a name; it starts with one line."""
    return TextEditor(kit, field, most=0)


def _make_birth_date(kit: UiContext, field: Field, _offers: FormOptions) -> Editor:
    return BirthDateEditor(kit, field)


_SENTENCES = (
    "plan.legal_hold", "leg.fallback", "task.title", "task.neutral_title", "approval.reason",
    "transition.reason", "organisation.hours", "organisation.eligibility", "organisation.fees",
    "organisation.application", "organisation.area", "organisation.interpretation",
    "organisation.accessibility", "organisation.alert", "suggestion.value", "suggestion.why",
    "risk_line.own_words",
)  # fmt: skip

EDITOR_OVERRIDES: dict[str, EditorFactory] = {
    **dict.fromkeys(_SENTENCES, _make_sentence),
    "client.birth_date": _make_birth_date,
    "relationship.birth_date": _make_birth_date,
    "traveller.birth_date": _make_birth_date,
    "leg.from_place": PlaceEditor,
    "leg.to_place": PlaceEditor,
    "plan.to_place": PlaceEditor,
    "plan.alarm_plan": _make_long_text,
    "organisation.address": _make_long_text,
    "organisation.note": _make_long_text,
    "organisation.offers": _make_long_text,
    "contact.note": _make_long_text,
    "consent.reason": _make_long_text,
    "note.content": _make_long_text,
}
"""The editors of single fields, by record type and key; see `register_editor`."""

ZONE_FIELD_OF_PLACE: Mapping[str, str] = {"leg.from_place": "departs", "leg.to_place": "arrives"}
"""Fields of places, with the time beside each that takes its zone."""


def _make_reference_editor(kit: UiContext, field: Field, offers: FormOptions) -> Editor:
    options = offers.references.get(field.key, ())
    seeker = offers.seekers.get(field.key)
    other = N_("an entry that is not in this list")
    editor = AutocompleteEditor(kit, field, options, other, seeker)
    editor.is_from_contacts = field.key in offers.contact_keys
    return editor


EDITORS: Mapping[type[kinds.FieldKind], EditorFactory] = {
    kinds.TextKind: lambda kit, field, _: TextEditor(kit, field),
    kinds.LocalizedTextKind: lambda kit, field, offers: LocalizedTextEditor(
        kit, field, offers.languages
    ),
    kinds.DateKind: lambda kit, field, _: DayEditor(kit, field),
    kinds.ZonedTimeKind: ZonedTimeEditor,
    kinds.NumberKind: lambda kit, field, _: NumberEditor(kit, field),
    kinds.BooleanKind: lambda kit, field, _: YesNoEditor(kit, field),
    kinds.CodeKind: lambda kit, field, _: make_code_editor(kit, field),
    kinds.CodeSetKind: lambda kit, field, _: make_codes_editor(kit, field),
    kinds.ReferenceKind: _make_reference_editor,
}


def register_editor(field: str, factory: EditorFactory) -> None:
    """Register the editor of one field, such as `consent.groups`, that a page defines."""
    EDITOR_OVERRIDES[field] = factory


def make_editor(
    kit: UiContext, record_type: str, key: str, offers: FormOptions | None = None
) -> Editor:
    """Return an empty editor for a field of a record type."""
    field = RECORD_TYPES[record_type].fields[key]
    make = EDITOR_OVERRIDES.get(f"{record_type}.{key}") or EDITORS[type(field.kind)]
    editor = make(kit, field, offers or FormOptions())
    editor.show_value(None)
    return editor
