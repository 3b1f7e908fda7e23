# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines of a file that is looked at: conflicts field by field, then changes, new and refused.

Each part has a head with its count. Knows the words of the list and nothing of widgets.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.sharing.deciding import Place
from kfdesk.ui.pages.exchange_views.reading import Change, Incoming
from kfdesk.ui.pages.exchange_views.wording import record_title
from kfdesk.ui.pages.shown import field_of
from kfdesk.ui.pages.taking_views.change import change_title
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.rows import Cell

_CONFLICTS, _CHANGED, _NEW, _REFUSED = (
    N_("Conflicts"), N_("Changed"), N_("New"), N_("Refused"),
)  # fmt: skip
_LOOKS: Mapping[str, tuple[str, Tone]] = {
    _CONFLICTS: ("git-merge", Tone.WARNING),
    _CHANGED: ("pencil", Tone.INFO),
    _NEW: ("plus", Tone.SUCCESS),
    _REFUSED: ("ban", Tone.DANGER),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list: a head without a change, a record, or one field of it in conflict."""

    part: str
    change: Change | None = None
    key: str = ""
    count: int = 0

    @property
    def place(self) -> Place | None:
        """The field that is to be decided, if it is one."""
        return (self.change.after.rid, self.key) if self.change is not None and self.key else None


def lines_of(incoming: Incoming) -> tuple[Line, ...]:
    """All lines, part by part; a part of which there is nothing is left out."""
    changes = incoming.changes
    torn = [Line(_CONFLICTS, one, key) for one in changes for key in one.choices]
    changed = [Line(_CHANGED, one) for one in changes if not one.is_new and not one.choices]
    new = [Line(_NEW, one) for one in changes if one.is_new]
    return tuple(_with_heads(torn, changed, new, incoming.review.refused))


def cells_of(line: Line, decided: Mapping[Place, str], language: Language) -> tuple[Cell, ...]:
    """A line as it stands in the list; `decided` has the side of each field that was decided."""
    if line.change is None:
        return _head_cells(line, len(decided), language)
    title = change_title(line.change, language)
    if line.place is None:
        under = record_title(line.change.after, language) if line.change.code else ""
        return Cell(title, under), Cell(language.gettext(N_("ready")), "", "check", Tone.SUCCESS)
    label = language.gettext(field_of(line.change.after.row.type, line.key).label)
    record = record_title(line.change.after, language)
    under = f"{record}: {label}" if line.change.code else label
    side = decided.get(line.place)
    if side is None:
        return (
            Cell(title, under, is_strong=True),
            Cell(language.gettext(N_("not decided")), "", "circle-dashed", Tone.WARNING),
        )
    state = Cell(language.gettext(side), "", "check", Tone.SUCCESS)
    return Cell(title, under, is_strong=True), state


def _with_heads(
    torn: list[Line], changed: list[Line], new: list[Line], refused: int
) -> Iterator[Line]:
    for part, lines in ((_CONFLICTS, torn), (_CHANGED, changed), (_NEW, new)):
        if lines:
            yield Line(part, count=len(lines))
            yield from lines
    if refused:
        yield Line(_REFUSED, count=refused)


def _head_cells(line: Line, decided: int, language: Language) -> tuple[Cell, ...]:
    icon, tone = _LOOKS[line.part]
    count = str(line.count)
    if line.part == _CONFLICTS:
        count = language.gettext(N_("{decided} of {count} decided")).format(
            decided=decided, count=line.count
        )
    return Cell(language.gettext(line.part), "", icon, tone), Cell(count, tone=Tone.MUTED)
