# SPDX-License-Identifier: GPL-3.0-or-later
"""Which editor a field has: its own if it is special, else that of its kind.

A new kind is one line in EDITORS. Nothing here knows a record or what a page shows.
"""

from collections.abc import Mapping

from kfdesk.domain import kinds
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.schema import N_, Field
from kfdesk.ui.form.checks import codes_editor
from kfdesk.ui.form.codes import PickEditor, YesNoEditor, code_editor
from kfdesk.ui.form.editor import Editor
from kfdesk.ui.form.lines import DayEditor, NumberEditor, TextEditor
from kfdesk.ui.form.moments import MomentEditor
from kfdesk.ui.form.offers import Offers
from kfdesk.ui.form.special import SPECIAL, Maker
from kfdesk.ui.form.told import ToldEditor
from kfdesk.ui.kit import Kit


def _reference(kit: Kit, field: Field, offers: Offers) -> Editor:
    options = offers.references.get(field.key, ())
    seeker = offers.seekers.get(field.key)
    return PickEditor(kit, field, options, N_("an entry that is not in this list"), seeker)


EDITORS: Mapping[type[kinds.Kind], Maker] = {
    kinds.Text: lambda kit, field, _: TextEditor(kit, field),
    kinds.ToldText: lambda kit, field, offers: ToldEditor(kit, field, offers.languages),
    kinds.Day: lambda kit, field, _: DayEditor(kit, field),
    kinds.MomentKind: MomentEditor,
    kinds.Number: lambda kit, field, _: NumberEditor(kit, field),
    kinds.YesNo: lambda kit, field, _: YesNoEditor(kit, field),
    kinds.Code: lambda kit, field, _: code_editor(kit, field),
    kinds.Codes: lambda kit, field, _: codes_editor(kit, field),
    kinds.Reference: _reference,
}


def editor_for(kit: Kit, record_type: str, key: str, offers: Offers | None = None) -> Editor:
    """The editor of a field of a record type, showing nothing yet."""
    field = TYPES[record_type].fields[key]
    make = SPECIAL.get(f"{record_type}.{key}") or EDITORS[type(field.kind)]
    editor = make(kit, field, offers or Offers())
    editor.show_value(None)
    return editor
