# SPDX-License-Identifier: GPL-3.0-or-later
"""A parcel on view: every record that leaves with its values, and what stays with the reason.

It shows what `prepare` returned and decides nothing.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from kfdesk.domain.disclosure import Reason, Withheld
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import View, view_any
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.exchange_views.pairs import Pair, Pairs
from kfdesk.ui.pages.exchange_views.reading import Shown
from kfdesk.ui.pages.exchange_views.wording import (
    Names,
    order_of,
    record_icon,
    record_title,
    values_of,
    values_text,
)
from kfdesk.ui.pages.notice_views.telling import NoticesCard
from kfdesk.ui.pages.sending_views.groups import groups_card
from kfdesk.ui.pages.sending_views.warnings import Warnings
from kfdesk.ui.pages.shown import REASONS, field_of
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.label import Chip, Label
from kfdesk.ui.widgets.panel import Card
from kfdesk.ui.words import Telling

_LABEL_WIDTH = 240


class ParcelView(QWidget):
    """What leaves, plan by plan and record by record, and below each what stays."""

    def __init__(self, kit: Kit, shown: Shown) -> None:
        super().__init__()
        self._kit = kit
        parcel = shown.parcel
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.CARD_GAP)
        self.warnings = Warnings(kit, shown)
        column.addWidget(self.warnings)
        if parcel.goes.rows:
            column.addWidget(_summary(kit, shown))
        if parcel.partner.is_own:
            column.addWidget(_everything(kit, has_more=bool(parcel.waiting)))
            return
        for plan, rids in parcel.whose.items():
            if len(parcel.whose) > 1:
                head = Label(kit, style=Type.TITLE)
                head.show_text(shown.codes[plan] or "–")
                column.addWidget(head)
            self._show_plan(shown, rids)
        if shown.told or parcel.is_answer or parcel.is_anew:
            column.addWidget(NoticesCard(kit, parcel, shown.told))

    def _show_plan(self, shown: Shown, rids: frozenset[bytes]) -> None:
        goes, may = shown.parcel.goes.only_rows(rids), shown.parcel.may.only_rows(rids)
        if may.openings:
            self._column.addWidget(groups_card(self._kit, shown, may))
        views = [(view_any(given.row), frozenset(given.grants)) for given in goes.rows]
        for view, keys in sorted(views, key=lambda pair: order_of(pair[0])):
            self._column.addWidget(_record(self._kit, view, keys, shown.names))
        if may.withheld:
            self._column.addWidget(_staying(self._kit, may.withheld))


def _summary(kit: Kit, shown: Shown) -> Card:
    card = Card()
    name, goes = shown.parcel.partner.name, shown.parcel.goes
    row = card.head(kit, lambda language: _leaves(name, language), "send", Tone.ACCENT)
    chip = Chip(kit, Tone.INFO, "circle-dot")
    chip.tell(lambda language: _records(len(goes.rows), language))
    row.addWidget(chip)
    return card


def _everything(kit: Kit, *, has_more: bool) -> Card:
    """What goes to another laptop of our own: too much to be read through."""
    card = Card()
    card.head(kit, N_("Everything that it does not have yet"), "refresh-cw")
    words = N_(
        "Plans, notes, contacts, documents and code words go, because both laptops are one desk. "
        "Drafts stay here, and so do other people's offences."
    )
    card.body.addWidget(Label(kit, words).wrapped())
    if has_more:
        later = N_(
            "Some documents do not fit. They go in the next file, after the answer to this one."
        )
        card.body.addWidget(Label(kit, later).wrapped())
    return card


def _record(kit: Kit, view: View[Any], keys: frozenset[str], names: Names) -> Card:
    card = Card()
    row = card.head(kit, partial(record_title, view), record_icon(view.row.type))
    if view.is_deleted:
        chip = Chip(kit, Tone.WARNING, "trash-2")
        chip.tell(N_("marked as deleted"))
        row.addWidget(chip)
    ordered = [key for key in TYPES[view.row.type].fields if key in keys]
    pairs = [_pair(view, key, names) for key in ordered]
    card.body.addWidget(Pairs(kit, pairs, width=_LABEL_WIDTH))
    return card


def _pair(view: View[Any], key: str, names: Names) -> Pair:
    values, record_type = values_of(view, key), view.row.type

    def words(language: Language) -> str:
        text = values_text(record_type, key, values, names, language)
        if len(values) < 2:
            return text
        return f"{text}\n({language.gettext(N_('two values, not decided'))})"

    tone = Tone.PLAIN if len(values) <= 1 else Tone.WARNING
    return Pair(field_of(record_type, key).label, (words,), tone)


def _staying(kit: Kit, withheld: Sequence[Withheld]) -> Card:
    card = Card()
    card.head(kit, N_("Stays here"), "lock")
    pairs = []
    for reason in Reason:
        kept = [field for field in withheld if field.reason is reason]
        if kept:
            pairs.append(Pair(REASONS[reason], (_fields(kept),), Tone.MUTED))
    card.body.addWidget(Pairs(kit, pairs, width=_LABEL_WIDTH))
    return card


def _fields(withheld: Sequence[Withheld]) -> Telling:
    labels = list(dict.fromkeys(field_of(one.type, one.key).label for one in withheld))
    return lambda language: ", ".join(language.gettext(label) for label in labels)


def _leaves(name: str, language: Language) -> str:
    return language.gettext(N_("This leaves. Recipient: {name}")).format(name=name)


def _records(count: int, language: Language) -> str:
    return language.ngettext("{count} record", "{count} records", count).format(count=count)
