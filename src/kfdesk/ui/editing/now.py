# SPDX-License-Identifier: GPL-3.0-or-later
"""The button beside a day or a time at which something happened: it happened now.

HAPPENED has the fields, by record type; times that lie ahead have no such button. The time is on
the clock that stands in the field. Knows no record and saves nothing.
"""

from collections.abc import Callable, Mapping
from functools import partial

from kfdesk.domain.kinds import Day
from kfdesk.domain.schema import N_
from kfdesk.domain.values import Value
from kfdesk.services.casework.journey import now_in
from kfdesk.services.course.situations import moment_now
from kfdesk.services.desk import Desk
from kfdesk.ui import tokens
from kfdesk.ui.form.editor import Editor
from kfdesk.ui.form.form import Form
from kfdesk.ui.form.moments import MomentEditor
from kfdesk.ui.kit import Kit
from kfdesk.ui.widgets.button import Button, Look

HAPPENED: Mapping[str, frozenset[str]] = {
    "plan": frozenset(
        {
            "wish_stated", "wish_reconfirmed", "incoming_referral_date", "needs_assessed",
            "legal_checked", "decision_signed", "third_country_explained", "risk_read",
            "reintegration_agreed", "last_risk_read", "told_what_is_kept",
        }
    ),
    "child_papers": frozenset(
        {"childs_view_heard", "family_assessed", "bid_decided", "takeover_by_authority"}
    ),
    "risk_event": frozenset({"happened"}),
    "leg": frozenset({"departed", "arrived", "missed", "checked_in"}),
    "handover": frozenset({"happened"}),
    "reception": frozenset({"asked", "answered"}),
    "referral": frozenset({"sent"}),
    "risk_assessment": frozenset({"done", "told"}),
    "note": frozenset({"happened"}),
    "follow_up": frozenset({"happened"}),
    "help_number": frozenset({"called"}),
}  # fmt: skip


def put_now(
    kit: Kit, desk: Desk, record_type: str, form: Form, pressed: Callable[[str], None]
) -> dict[str, Button]:
    """Put the buttons into a form; `pressed` is called with the key, once the value is there."""
    keys = [key for key in form.editors if key in HAPPENED.get(record_type, frozenset())]
    buttons = {key: _make(kit, form.editors[key]) for key in keys}
    for key, button in buttons.items():
        form.slots[key].put_beside(button)
        button.clicked.connect(partial(_on_pressed, desk, form.editors[key]))
        button.clicked.connect(partial(pressed, key))
    return buttons


def _make(kit: Kit, editor: Editor) -> Button:
    words = N_("Today") if isinstance(editor.field.kind, Day) else N_("Now")
    button = Button(kit, words, "check", Look.QUIET).sized(tokens.CONTROL_COMPACT)
    label = editor.field.label
    kit.words.bind(
        button.setAccessibleName,
        lambda language: f"{language.gettext(label)}: {language.gettext(words)}",
    )
    return button


def _on_pressed(desk: Desk, editor: Editor) -> None:
    editor.enter(_now(desk, editor))


def _now(desk: Desk, editor: Editor) -> Value:
    if not isinstance(editor, MomentEditor):
        return moment_now(desk).wall.date()
    return now_in(desk, editor.zone.key) if editor.zone.key else moment_now(desk)
