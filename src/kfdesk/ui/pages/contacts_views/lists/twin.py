# SPDX-License-Identifier: GPL-3.0-or-later
"""An entry of a file that is like one here: both values of each field, and which is to hold.

At first all of ours is kept. Only asks; what is chosen, the page remembers and the service does.
"""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from kfdesk.domain.kinds import Code, Codes
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.schema import N_
from kfdesk.domain.values import Value
from kfdesk.i18n.language import Language
from kfdesk.i18n.messages import field_label
from kfdesk.services.listing.looking import ListLine
from kfdesk.services.listing.twins import NUMBERS, Difference, Twin
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.shown import value_text
from kfdesk.ui.tokens import Type
from kfdesk.ui.widgets.choose import Segmented
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Card, clear
from kfdesk.ui.words import Message

_COVERED = "••••••••"
_SAME, _APART = "same", "apart"
_OURS, _THEIRS = "ours", "theirs"
_WHETHER = ((_SAME, N_("The same one")), (_APART, N_("Another one")))
OF_FILE = ((_OURS, N_("Keep what is here")), (_THEIRS, N_("Take what the file says")))
OF_OTHER = ((_OURS, N_("Keep the first")), (_THEIRS, N_("Take the second")))


class TwinCard(Card):
    """The choices for one line. `chosen` carries its keys to take from the file, or None.

    None says that it is another one after all, and is entered as new.
    """

    chosen = Signal(object)

    def __init__(self, kit: Kit, which: Sequence[tuple[str, Message]] = OF_FILE) -> None:
        """`which` are the words for ours and theirs."""
        super().__init__()
        self._which = which
        self._kit = kit
        self._title = Label(kit, style=Type.HEADING).wrapped()
        self.whether = Segmented(kit, _WHETHER)
        self.whether.chosen.connect(lambda _key: self._tell())
        self.which: dict[str, Segmented] = {}
        self._fields = QVBoxLayout()
        self._fields.setSpacing(8)
        self.body.addWidget(self._title)
        self.body.addWidget(self.whether)
        self.body.addLayout(self._fields)
        self.hide()

    def show_line(self, line: ListLine, keys: frozenset[str] | None) -> None:
        """Show a line with what was chosen for it before; hidden where it is like nothing here."""
        twin = line.twin
        is_alike = twin is not None and bool(twin.differences)
        self.setVisible(is_alike)
        if twin is None or not is_alike:
            return
        self._title.tell(
            N_("{name} is like {twin}"),
            name=lambda _: line.listed.name, twin=lambda _: twin.entry.name,
        )  # fmt: skip
        self.whether.choose(_APART if keys is None else _SAME)
        clear(self._fields)
        self.which = {}
        for one in twin.differences:
            label = Label(self._kit, partial(difference, one, twin), Type.LABEL).wrapped()
            which = Segmented(self._kit, self._which)
            which.choose(_THEIRS if one.key in (keys or ()) else _OURS)
            which.chosen.connect(lambda _key: self._tell())
            which.setEnabled(keys is not None)
            self.which[one.key] = which
            self._fields.addWidget(label)
            self._fields.addWidget(which)

    def _tell(self) -> None:
        is_apart = self.whether.key == _APART
        for which in self.which.values():
            which.setEnabled(not is_apart)
        taken = frozenset(key for key, which in self.which.items() if which.key == _THEIRS)
        self.chosen.emit(None if is_apart else taken)


def difference(one: Difference, twin: Twin, language: Language) -> str:
    """Both values of a field: what stands here, covered where it is secret, and the other."""
    path = "phone.number" if one.key == NUMBERS else f"{twin.entry.type}.{one.key}"
    is_covered = twin.entry.is_secret and bool(one.ours)
    ours, theirs = (_said(one.key, value, twin, language) for value in (one.ours, one.theirs))
    return f"{field_label(path, language)}: {_COVERED if is_covered else ours} / {theirs}"


def _said(key: str, value: Value, twin: Twin, language: Language) -> str:
    """A value in words; codes by their names."""
    field = TYPES[twin.entry.type].fields.get(key)
    if field is not None and isinstance(field.kind, Code | Codes) and value:
        return value_text(field, value, language)
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value or "–")
