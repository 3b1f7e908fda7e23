# SPDX-License-Identifier: GPL-3.0-or-later
"""Records that have records below them: a list of ours, one of others', and the opened one.

A meeting has who takes part and what was decided; a project has its organisations. Only one is
open at a time. What another organisation wrote can be opened and read, and is not edited.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kfdesk.domain.message_marks import N_
from kfdesk.domain.rows import RecordView
from kfdesk.i18n.language import Language
from kfdesk.services.core.session import Session
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.editor import FormOptions
from kfdesk.ui.forms.record_list import RecordList, RecordListSpec
from kfdesk.ui.tokens import CARD_GAP, TextStyle
from kfdesk.ui.widgets.build import column, extend, muted, plural, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import CardFrame, FlowBox, clear_layout

MOST_BELOW = 100
"""Records below one that are shown, however many a partner sends; the others are counted."""
_MOST_HEADS = 200


@dataclass(frozen=True, slots=True)
class NestedLine:
    """A record with those below it. `is_ours`: it may be edited here."""

    view: RecordView[Any]
    is_ours: bool
    below: tuple[RecordView[Any], ...] = ()


@dataclass(frozen=True, slots=True)
class NestedSpec:
    """The list of the records, the lists below each, and what can be done with the open one.

    `title` names a record, `tell` gives further lines about the open one. `of_others` is the
    heading of the list of what others wrote; without it all are ours.
    """

    head: RecordListSpec
    parts: tuple[RecordListSpec, ...]
    title: Callable[[RecordView[Any], Language], str]
    of_others: str = ""
    buttons: Callable[[NestedLine], Sequence[Button]] = field(default=lambda _: ())
    tell: Callable[[NestedLine, Language], Sequence[str]] = field(default=lambda _line, _words: ())


class NestedRecords(QWidget):
    """The lists, and below them the record that is open. `opened` carries its id."""

    opened = Signal(bytes)

    def __init__(self, kit: UiContext, desk: Session, spec: NestedSpec) -> None:
        super().__init__()
        self._kit = kit
        self._spec = spec
        self._lines: Mapping[bytes, NestedLine] = {}
        self._is_shut = False
        self.chosen: bytes | None = None
        self.openers: dict[bytes, Button] = {}
        head = replace(spec.head, always=self._make_opener)
        self.ours = RecordList(kit, desk, head)
        self.theirs = RecordList(
            kit, desk, replace(head, title=spec.of_others or head.title, may_add=False)
        )
        self.details = CardFrame()
        self._said = column(gap=8)
        self.parts = {one.record_type: RecordList(kit, desk, one) for one in spec.parts}
        self.left = muted(kit)
        extend(self.details.body, self._said, *self.parts.values(), self.left)
        column(self.ours, self.theirs, self.details, gap=CARD_GAP, on=self)
        self.details.hide()
        self.theirs.hide()

    @property
    def lists(self) -> tuple[RecordList, ...]:
        """All lists with forms."""
        return (self.ours, *self.parts.values())

    def set_offers(self, offers: FormOptions) -> None:
        """Offer these options in all forms."""
        for one in self.lists:
            one.offers = offers

    def show_lines(
        self, lines: Sequence[NestedLine], parent: bytes | None, *, is_read_only: bool = False
    ) -> None:
        """Show these records; new ones are created under `parent`, or under none."""
        self._lines = {one.view.rid: one for one in lines[:_MOST_HEADS]}
        self._is_shut = is_read_only
        if self.chosen not in self._lines:
            self.chosen = None
        ours = [one.view for one in self._lines.values() if one.is_ours]
        theirs = [one.view for one in self._lines.values() if not one.is_ours]
        self.ours.show_records(ours, parent, is_read_only=is_read_only)
        self.theirs.show_records(theirs, parent, is_read_only=True)
        self.theirs.setVisible(bool(theirs))
        self._show_open()

    def open(self, rid: bytes) -> bool:
        """Open a record; return whether it is here."""
        if rid not in self._lines:
            return False
        self.chosen = rid
        self._show_open()
        self.opened.emit(rid)
        return True

    def _make_opener(self, seen: RecordView[Any]) -> Sequence[Button]:
        button = Button(self._kit, N_("Open"), "chevron-right", ButtonLook.QUIET)
        button.clicked.connect(partial(self.open, seen.rid))
        name, title = N_("Open: {title}"), partial(self._spec.title, seen)
        self._kit.translator.bind(button.setAccessibleName, name, title=title)
        self.openers[seen.rid] = button
        return (button,)

    def _show_open(self) -> None:
        line = self._lines.get(self.chosen or b"")
        self.details.setVisible(line is not None)
        if line is None:
            return
        clear_layout(self._said)
        kit, title = self._kit, partial(self._spec.title, line.view)
        name = text(kit, title, TextStyle.HEADING)
        extend(self._said, FlowBox(name, *self._spec.buttons(line), gap=8, fills=name))
        for told in self._spec.tell(line, kit.translator.language):
            paragraph = text(kit)
            paragraph.show_text(told)
            extend(self._said, paragraph)
        left = 0
        is_shut = self._is_shut or not line.is_ours
        for record_type, listing in self.parts.items():
            below = [one for one in line.below if one.row.type == record_type]
            left += len(below[MOST_BELOW:])
            listing.show_records(below[:MOST_BELOW], line.view.rid, is_read_only=is_shut)
        self.left.set_message(
            plural("{count} more is not shown", "{count} more are not shown", left)
        )
        self.left.setVisible(bool(left))
