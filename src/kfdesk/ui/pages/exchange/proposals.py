# SPDX-License-Identifier: GPL-3.0-or-later
"""Proposals: records that a partner adds to a plan of ours, and deletions that it asks for.

A partner's leg or help number counts only once a person here has taken it over. The cards write
nothing: they emit the decision.
"""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal

from kfdesk.domain.rows import FieldVersion
from kfdesk.domain.schema import N_
from kfdesk.domain.values import Value
from kfdesk.i18n.integrity import RECORD_TYPE_NAMES
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import field_of
from kfdesk.services.plans.plans import Conflict, DeletionRequest
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.exchange.previews import ReferenceNames, record_icon, values_text
from kfdesk.ui.record_views import LabelledValues, ValueTable
from kfdesk.ui.tokens import TextStyle, Tone
from kfdesk.ui.widgets.build import extend, muted
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import CardFrame, FlowBox
from kfdesk.ui.widgets.text import Chip

_LABEL_WIDTH = 150
LEAST_FIELDS = 3  # fields; fewer are decided one by one


def proposed_records(conflicts: Sequence[Conflict]) -> tuple[tuple[Conflict, ...], ...]:
    """Return the conflicts of each record of which nothing of ours stands in any field."""
    together: dict[bytes, list[Conflict]] = {}
    for one in conflicts:
        together.setdefault(one.rid, []).append(one)
    return tuple(
        tuple(some)
        for some in together.values()
        if len(some) >= LEAST_FIELDS and all(one.is_proposal for one in some)
    )


class ProposalCard(CardFrame):
    """A record that a partner proposes; `taken` carries its values by key, `declined` nothing."""

    taken = Signal(object)
    declined = Signal()

    def __init__(
        self, kit: UiContext, conflicts: Sequence[Conflict], names: ReferenceNames
    ) -> None:
        super().__init__()
        self.first, self._names = conflicts[0], names
        values = {one.key: _proposed_version(one) for one in conflicts}
        row = self.add_heading(kit, self._title, record_icon(self.first.type))
        chip = Chip(kit, Tone.WARNING, "circle-dashed")
        chip.set_message(N_("not yet decided"))
        extend(row, chip)
        self._sender = self.first.senders.get(values[self.first.key].wid, "")
        extend(self.body, muted(kit, self._under))
        lines = [self._line(key, version.value) for key, version in values.items()]
        extend(self.body, ValueTable(kit, lines, (), _LABEL_WIDTH, folds=True))
        self.take = Button(kit, N_("Accept it"), "check")
        self.take.clicked.connect(
            lambda: self.taken.emit({key: version.value for key, version in values.items()})
        )
        self.decline = Button(kit, N_("Leave it out"), "ban", ButtonLook.QUIET, self.declined.emit)
        extend(self.body, FlowBox(self.take, self.decline, gap=8))

    def _title(self, language: Language) -> str:
        return _record_name(self.first.type, self.first.sequence, language)

    def _under(self, language: Language) -> str:
        words = language.gettext(
            N_("{sender} proposes this. Until you accept it, no paper and no step uses it.")
        )
        return words.format(sender=self._sender or "–")

    def _line(self, key: str, value: Value) -> LabelledValues:
        shown = partial(values_text, self.first.type, key, (value,), self._names)
        return LabelledValues(field_of(self.first.type, key).label, (shown,))


class DeletionCard(CardFrame):
    """A deletion that a partner asks for; `agreed` and `kept` are the two answers."""

    agreed = Signal()
    kept = Signal()

    def __init__(self, kit: UiContext, request: DeletionRequest) -> None:
        super().__init__()
        self.request = request
        self.add_heading(kit, self._title, "trash-2")
        extend(self.body, muted(kit, self._under, TextStyle.BODY))
        self.agree = Button(kit, N_("Put it in the bin"), "trash-2", ButtonLook.QUIET)
        self.agree.clicked.connect(self.agreed)
        self.keep = Button(kit, N_("Keep it"), "check", on=self.kept.emit)
        extend(self.body, FlowBox(self.keep, self.agree, gap=8))

    def _title(self, language: Language) -> str:
        return _record_name(self.request.type, self.request.sequence, language)

    def _under(self, language: Language) -> str:
        words = language.gettext(
            N_("{sender} asks for this to be put in the bin. It stays until you decide.")
        )
        return words.format(sender=self.request.sender or "–")


def _proposed_version(conflict: Conflict) -> FieldVersion:
    return next(one for one in reversed(conflict.versions) if one.value is not None)


def _record_name(record_type: str, number: int | None, language: Language) -> str:
    label = language.gettext(RECORD_TYPE_NAMES[record_type])
    if number is None:
        return label
    return language.gettext("{field} (no. {number})").format(field=label, number=number)
