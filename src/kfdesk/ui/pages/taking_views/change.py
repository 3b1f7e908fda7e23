# SPDX-License-Identifier: GPL-3.0-or-later
"""One record of an incoming file: each field as it stands here, and as it will stand.

A field that both sides changed has a card of its own, `choice.py`.
"""

from functools import partial

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.exchange_views.pairs import Pair, Pairs
from kfdesk.ui.pages.exchange_views.reading import Change, Difference
from kfdesk.ui.pages.exchange_views.wording import Names, record_icon, record_title, values_text
from kfdesk.ui.pages.shown import field_of
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.label import Chip, Label
from kfdesk.ui.widgets.panel import Card

_LABEL_WIDTH = 150


class ChangeCard(Card):
    """The record that is chosen in the list."""

    def __init__(self, kit: Kit, change: Change, names: Names) -> None:
        super().__init__(padding=20)
        row = self.head(kit, partial(heading, change), record_icon(change.after.row.type))
        if change.after.is_deleted:
            chip = Chip(kit, Tone.WARNING, "trash-2")
            chip.tell(N_("marked as deleted"))
            row.addWidget(chip)
        if not change.differences:
            self.body.addWidget(Label(kit, N_("No value changes."), Type.BODY, Tone.MUTED))
            return
        heads = () if change.is_new else (N_("Now"), N_("After taking"))
        pairs = [difference_pair(change, one, names) for one in change.differences]
        self.body.addWidget(Pairs(kit, pairs, heads, _LABEL_WIDTH, folds=True))


def change_title(change: Change, language: Language) -> str:
    """Whose record it is, by code; a record about no client is named by what it is."""
    return change.code or record_title(change.after, language)


def heading(change: Change, language: Language) -> str:
    """Whose record it is, by code, and what it is."""
    title = record_title(change.after, language)
    return f"{change.code}, {title}" if change.code else title


def difference_pair(change: Change, one: Difference, names: Names) -> Pair:
    """A field with its value, or with both, before and after."""
    record_type = change.after.row.type
    before = partial(values_text, record_type, one.key, one.before, names)
    after = partial(values_text, record_type, one.key, one.after, names)
    values = (after,) if change.is_new else (before, after)
    return Pair(field_of(record_type, one.key).label, values)
