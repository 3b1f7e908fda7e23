# SPDX-License-Identifier: GPL-3.0-or-later
"""A new recovery key: on one sheet, or on three of which any two open, by hand or by the printer.

Whichever it is, it counts once it was typed back: the one sheet whole, of the three at least two.
Each way draws a key of its own, so that a sheet written for one is never half of the other. What
becomes of the key is not known here.
"""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.desk import recovery, shares
from kfdesk.domain.marks import N_
from kfdesk.i18n.language import Language
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.keys.paper import KeyPaper, Prints
from kfdesk.ui.pages.keys.proof import KeyProof, Proof, Random
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.choose import Segmented
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.words import Message

_ONE, _THREE = "one", "three"


class SheetProof(KeyProof):
    """One of three sheets. `others_asked` follows the wish for another set."""

    others_asked = Signal()

    COUNT = shares.GROUPS
    FIELD = N_("Type this sheet back")
    COVER = N_("Cover the sheet")
    SHOW = N_("Show the sheet")
    OTHERS = N_("Other sheets")
    TICK = N_("This sheet is on paper")
    WHOLE = N_("The whole sheet is right.")

    def __init__(self, kit: Kit, random: Random) -> None:
        super().__init__(kit, random)
        self._given: tuple[str, ...] = ()

    def give(self, sheet: shares.Sheet) -> None:
        """Show this sheet, to be typed back."""
        self._given = shares.spell(sheet, self._random)
        self.draw()

    def forget(self) -> None:
        """Drop it."""
        self._given = ()
        super().forget()

    def _drawn(self) -> tuple[str, ...]:
        return self._given

    def _strength(self) -> Message:
        return N_("Alone it tells nothing of the key")

    def _on_others_clicked(self) -> None:
        self.others_asked.emit()


class KeySheets(QWidget):
    """The choice, what is typed back, and the paper. `changed` follows what alters `reason`."""

    changed = Signal()

    def __init__(self, kit: Kit, random: Random, prints: Prints | None = None) -> None:
        super().__init__()
        self._kit = kit
        self._random = random
        self.whole = KeyProof(kit, random)
        self.parts = tuple(SheetProof(kit, random) for _ in range(shares.SHEETS))
        self._make_choices()
        self.printing = Button(kit, N_("Print…"), "printer", Look.QUIET)
        self.printing.clicked.connect(self._on_print_clicked)
        self._proofs: tuple[Proof, ...] = (self.whole, *self.parts)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._make_head())
        for proof in self._proofs:
            proof.changed.connect(self._on_proof_changed)
            column.addWidget(proof)
        for part in self.parts:
            part.others_asked.connect(self._on_others_asked)
        self.paper = KeyPaper(kit, prints) if prints is not None else None
        if self.paper is not None:
            self.paper.closed.connect(self._on_paper_closed)
            column.addWidget(self.paper)
            self.paper.hide()
        self._may_print = prints is not None
        self._show()

    @property
    def is_shared(self) -> bool:
        """Whether it is three sheets."""
        return self.ways.key == _THREE

    @property
    def text(self) -> str:
        """The key as it counts, or two of its sheets; empty before it is drawn."""
        if not self.is_shared:
            return self.whole.text
        proved = [part.text for part in self.parts if part.is_whole]
        return " ".join(proved[: shares.ENOUGH])

    @property
    def is_whole(self) -> bool:
        """Whether enough was typed back."""
        if not self.is_shared:
            return self.whole.is_whole
        return sum(part.is_whole for part in self.parts) >= shares.ENOUGH

    @property
    def reason(self) -> Message:
        """What is still to be done; empty if nothing is."""
        if not self.is_shared:
            return self.whole.reason
        if not self.is_whole:
            return N_("Type at least two of the three sheets back to go on")
        is_on_paper = all(part.tick.isChecked() for part in self.parts)
        return "" if is_on_paper else N_("Tick for each of the three sheets that it is on paper")

    def ask(self) -> None:
        """Give the keyboard to what is still to be done."""
        if not self.is_shared:
            self.whole.ask()
            return
        is_enough = self.is_whole
        for place, part in enumerate(self.parts):
            if not (part.tick.isChecked() if is_enough else part.is_whole):
                self.numbers.choose(str(place))
                self._show()
                (part.tick if is_enough else part.entry).setFocus()
                return

    def start(self) -> None:
        """Draw what was not drawn yet, and let typing begin."""
        if self.is_shared and not self.parts[0].text:
            self._share()
        elif not self.is_shared and not self.whole.text:
            self.whole.draw()
        self._current.entry.setFocus()

    def draw(self) -> None:
        """Draw it, without moving the keyboard."""
        if self.is_shared:
            self._share()
        else:
            self.whole.draw()

    def forget(self) -> None:
        """Drop all of it."""
        for proof in self._proofs:
            proof.forget()
        if self.paper is not None:
            self.paper.forget()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Hand the keyboard on. A focus proxy would keep Tab from what stands before it."""
        self._current.setFocus(event.reason())

    @property
    def _current(self) -> Proof:
        return self.parts[int(self.numbers.key)] if self.is_shared else self.whole

    def _make_choices(self) -> None:
        kit = self._kit
        one, three = N_("One sheet"), N_("Three sheets, any two open")
        self.ways = Segmented(kit, ((_ONE, one), (_THREE, three)))
        self.numbers = Segmented(
            kit, [(str(place), self._named(place)) for place in range(shares.SHEETS)]
        )
        self.ways.choose(_ONE)
        self.numbers.choose("0")
        kit.words.bind(self.ways.setAccessibleName, N_("How the key stands on paper"))
        kit.words.bind(self.numbers.setAccessibleName, N_("Which sheet"))
        self.ways.chosen.connect(self._on_way_chosen)
        self.numbers.chosen.connect(self._on_number_chosen)
        self._about = Label(
            kit,
            N_("For three places, or three people. A sheet that burns or is found does no harm."),
            Type.SMALL,
            Tone.MUTED,
        ).wrapped()

    def _make_head(self) -> QWidget:
        head = QWidget()
        way = QHBoxLayout()
        way.setSpacing(8)
        way.addWidget(self.ways)
        way.addStretch(1)
        way.addWidget(self.printing)
        number = QHBoxLayout()
        number.addWidget(self.numbers)
        number.addStretch(1)
        column = QVBoxLayout(head)
        column.setContentsMargins(tokens.RESERVE, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(way)
        column.addWidget(self._about)
        column.addLayout(number)
        return head

    def _named(self, place: int) -> Callable[[Language], str]:
        def say(language: Language) -> str:
            is_right = self.parts[place].is_whole
            said = N_("Sheet {number}: right") if is_right else N_("Sheet {number}")
            return language.gettext(said).format(number=place + 1)

        return say

    def _share(self) -> None:
        key = recovery.draw(self._random)
        for part, sheet in zip(self.parts, shares.share(key, self._random), strict=True):
            part.give(sheet)

    def _show(self) -> None:
        """Show what was chosen, and nothing of the rest."""
        is_paper = self.paper is not None and not self.paper.isHidden()
        for proof in self._proofs:
            proof.setVisible(proof is self._current and not is_paper)
        self._about.setVisible(self.is_shared and not is_paper)
        self.numbers.setVisible(self.is_shared and not is_paper)
        self.ways.setVisible(not is_paper)
        self.printing.setVisible(self._may_print and not is_paper)

    def _on_way_chosen(self, _key: str) -> None:
        self._show()
        self.start()
        self.changed.emit()

    def _on_number_chosen(self, _key: str) -> None:
        self._show()
        self._current.entry.setFocus()

    def _on_others_asked(self) -> None:
        self._share()
        self._current.entry.setFocus()

    def _on_proof_changed(self) -> None:
        for place in range(shares.SHEETS):
            self._kit.words.bind(self.numbers.parts[str(place)].setText, self._named(place))
        self.changed.emit()

    def _on_print_clicked(self) -> None:
        assert self.paper is not None
        sheets = [part.groups for part in self.parts] if self.is_shared else [self.whole.groups]
        self.paper.show()
        self._show()
        self.paper.show_sheets(sheets)
        self.paper.back.setFocus()

    def _on_paper_closed(self) -> None:
        assert self.paper is not None
        self.paper.hide()
        self._show()
        self._current.entry.setFocus()
