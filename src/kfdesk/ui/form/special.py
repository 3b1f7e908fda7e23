# SPDX-License-Identifier: GPL-3.0-or-later
"""Editors of single fields that need another one than their kind has, by `type.key`.

A special editor is one line here. A page that is composed by hand uses the same editors; there is
no layout language.
"""

from collections.abc import Callable, Mapping

from kfdesk.domain.schema import Field
from kfdesk.ui.form.editor import Editor
from kfdesk.ui.form.lines import long_text
from kfdesk.ui.form.offers import Offers
from kfdesk.ui.form.place import PlaceEditor
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.plan_page.consent_views.editors import (
    ExplainedEditor,
    FormEditor,
    GroupsEditor,
)

Maker = Callable[[Kit, Field, Offers], Editor]


def _long(kit: Kit, field: Field, _offers: Offers) -> Editor:
    return long_text(kit, field)


SPECIAL: Mapping[str, Maker] = {
    "leg.from_place": PlaceEditor,
    "leg.to_place": PlaceEditor,
    "plan.to_place": PlaceEditor,
    "plan.alarm_plan": _long,
    "organisation.address": _long,
    "organisation.note": _long,
    "organisation.offers": _long,
    "contact.note": _long,
    "consent.reason": _long,
    "consent.groups": lambda kit, field, _: GroupsEditor(kit, field),
    "consent.form": lambda kit, field, _: FormEditor(kit, field),
    "consent.explained": lambda kit, field, _: ExplainedEditor(kit, field),
    "note.content": _long,
}

CLOCK_OF: Mapping[str, str] = {"leg.from_place": "departs", "leg.to_place": "arrives"}
"""Places whose clock the time beside them takes: the key of that time."""
