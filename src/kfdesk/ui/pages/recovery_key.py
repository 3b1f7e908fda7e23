# SPDX-License-Identifier: GPL-3.0-or-later
"""A new recovery key: on one sheet, or on three of which any two open, by hand or printed.

It counts only after it was typed back: the one sheet in full, of the three at least two. Each
way draws a key of its own, so that a sheet written for one is never part of the other. The
page around it saves the key; this module does not.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.recovery_key import (
    SHEET_COUNT,
    SHEET_GROUPS,
    SHEETS_NEEDED,
    KeyShareSheet,
    generate_key,
    spell_sheet,
    split_key,
)
from kfdesk.i18n.language import Language
from kfdesk.ui.context import UiContext
from kfdesk.ui.icons import MEDIUM
from kfdesk.ui.pages.printing import print_dialog
from kfdesk.ui.pages.printing.preview import PagePreview
from kfdesk.ui.pages.secret_confirmation import (
    RandomSource,
    RecoveryKeyConfirmation,
    SecretConfirmation,
)
from kfdesk.ui.tokens import RESERVE, TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import STRETCH, TOP, aligned, column, extend, grown, muted, row, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook, SegmentedControl
from kfdesk.ui.widgets.layout import Banner
from kfdesk.ui.widgets.text import Icon

# --- print

_SHEET_SCALE = 1.6
_SHEET_HEIGHT = 420

SheetGroups = Sequence[Sequence[str]]
MakePages = Callable[[SheetGroups, Language, float], list[bytes]]


@dataclass(frozen=True, slots=True)
class KeyPrinting:
    """The services that make the pages, as PNGs at a number of pixels to a point.

    Both run on the worker's thread and raise KfdeskError. `look` is for the screen and leaves
    no trace; `make` is for the printer.
    """

    look: MakePages = field(repr=False)
    make: MakePages = field(repr=False)


class KeyPrintPreview(QWidget):
    """The preview of the sheets, with Back and Print. `closed` follows Back."""

    closed = Signal()

    def __init__(self, kit: UiContext, prints: KeyPrinting) -> None:
        super().__init__()
        self._kit = kit
        self._prints = prints
        self._sheets: SheetGroups = ()
        self.preview = PagePreview(kit)
        self.preview.setFixedHeight(_SHEET_HEIGHT)
        self.outcome = Banner(kit, Tone.SUCCESS, "circle-check").hidden()
        self.back = Button(kit, N_("Back to the key"), "chevron-left", on=self._on_back_clicked)
        self.printing = Button(kit, N_("Print…"), "printer", on=self._on_print_clicked)
        line = row(-RESERVE, self.back, STRETCH, self.printing, -RESERVE, gap=10)
        column(
            self.preview,
            self._make_warning(),
            self.outcome,
            line,
            gap=10,
            margins=(RESERVE, 0, RESERVE, 0),
            on=self,
        )

    def show_sheets(self, sheets: SheetGroups) -> None:
        """Show these sheets as they would be printed."""
        self._sheets = tuple(sheets)
        self.outcome.hide()
        self.printing.setEnabled(False)
        self.preview.show_reason(N_("The page is being made."))
        look, language = self._prints.look, self._kit.translator.language
        self._kit.worker.run(
            lambda: look(sheets, language, _SHEET_SCALE), self._on_looked, self._on_refused
        )

    def print_on(self, printer: QPrinter) -> None:
        """Print the sheets on `printer`, off the window's thread."""
        self.outcome.hide()
        make, sheets, language = self._prints.make, self._sheets, self._kit.translator.language
        scale = print_dialog.print_scale(printer)
        self._kit.worker.run(
            lambda: print_dialog.draw_pages(printer, make(sheets, language, scale), scale),
            self._on_printed,
            self._on_refused,
        )

    def clear_secrets(self) -> None:
        """Drop the pages and the key."""
        self._sheets = ()
        self.preview.show_reason("")

    def _make_warning(self) -> QWidget:
        warning = QWidget()
        said = N_(
            "The printer, or a print server, may keep a copy of the page. If you do not trust it, "
            "copy the key by hand."
        )
        row(
            aligned(Icon(self._kit, "triangle-alert", Tone.WARNING, MEDIUM), TOP),
            grown(text(self._kit, said, TextStyle.SMALL, Tone.WARNING)),
            gap=8,
            on=warning,
        )
        return warning

    def _on_looked(self, pngs: list[bytes]) -> None:
        if not self._sheets:
            return  # the preview was closed meanwhile
        self.preview.show_pages(pngs)
        self.printing.setEnabled(True)

    def _on_refused(self, fault: KfdeskError) -> None:
        self.preview.show_reason(N_("The page could not be made."))
        self.outcome.show_look(Tone.DANGER, "circle-alert")
        self.outcome.show_fault(fault)
        self.outcome.show()

    def _on_back_clicked(self) -> None:
        self.clear_secrets()
        self.closed.emit()

    def _on_print_clicked(self) -> None:
        print_dialog.ask_printer(self, self.print_on, self._on_no_printer)

    def _on_printed(self, is_taken: bool) -> None:
        if is_taken:
            self.outcome.show_look(Tone.SUCCESS, "circle-check")
            self.outcome.set_message(
                print_dialog.PRINT_SENT,
                N_("Collect it now, then type it from the paper: only then is it valid."),
            )
            self.outcome.show()
        else:
            self._show_by_hand(print_dialog.PRINT_REFUSED)

    def _on_no_printer(self, _fault: KfdeskError) -> None:
        self._show_by_hand(N_("This computer has no printer set up."))

    def _show_by_hand(self, reason: str) -> None:
        """Say why nothing was printed; a key is never saved as a file instead."""
        self.outcome.show_look(Tone.DANGER, "circle-alert")
        self.outcome.set_message(reason, N_("Copy the key by hand instead."))
        self.outcome.show()


# --- sheets

_ONE_SHEET, _THREE_SHEETS = "one", "three"


class KeySheetConfirmation(RecoveryKeyConfirmation):
    """The confirmation of one of three sheets. `others_asked` asks for another set."""

    others_asked = Signal()

    COUNT = SHEET_GROUPS
    FIELD = N_("Type in this sheet")
    COVER = N_("Hide the sheet")
    SHOW = N_("Show the sheet")
    OTHERS = N_("Other sheets")
    TICK = N_("This sheet is on paper")
    WHOLE = N_("The whole sheet is right.")
    STRENGTH = N_("A single sheet reveals nothing of the key")

    def __init__(self, kit: UiContext, random: RandomSource) -> None:
        super().__init__(kit, random)
        self._given: tuple[str, ...] = ()

    def show_sheet(self, sheet: KeyShareSheet) -> None:
        """Show this sheet, to be typed back."""
        self._given = spell_sheet(sheet, self._random)
        self.draw_secret()

    def clear_secrets(self) -> None:
        self._given = ()
        super().clear_secrets()

    def _drawn(self) -> tuple[str, ...]:
        return self._given

    def _on_others_clicked(self) -> None:
        self.others_asked.emit()


# --- setup


class RecoveryKeySetup(QWidget):
    """One sheet or three, their confirmations, and the print preview.

    `changed` follows what alters `reason`.
    """

    changed = Signal()

    def __init__(
        self, kit: UiContext, random: RandomSource, prints: KeyPrinting | None = None
    ) -> None:
        super().__init__()
        self._kit = kit
        self._random = random
        self.whole = RecoveryKeyConfirmation(kit, random)
        self.parts = tuple(KeySheetConfirmation(kit, random) for _ in range(SHEET_COUNT))
        self._make_choices()
        self.printing = Button(kit, N_("Print…"), "printer", ButtonLook.QUIET)
        self.printing.clicked.connect(self._on_print_clicked)
        self._proofs: tuple[SecretConfirmation, ...] = (self.whole, *self.parts)
        box = column(self._make_head(), gap=12, on=self)
        for proof in self._proofs:
            proof.changed.connect(self._on_proof_changed)
            extend(box, proof)
        for part in self.parts:
            part.others_asked.connect(self._on_others_asked)
        self.paper = KeyPrintPreview(kit, prints) if prints is not None else None
        if self.paper is not None:
            self.paper.closed.connect(self._on_paper_closed)
            extend(box, self.paper)
            self.paper.hide()
        self._may_print = prints is not None
        self._show()

    @property
    def is_shared(self) -> bool:
        """True if the key is on three sheets."""
        return self.ways.key == _THREE_SHEETS

    @property
    def text(self) -> str:
        """The key as it counts, or two of its sheets; empty before it is drawn."""
        if not self.is_shared:
            return self.whole.text
        proved = [part.text for part in self.parts if part.is_complete]
        return " ".join(proved[:SHEETS_NEEDED])

    @property
    def is_complete(self) -> bool:
        """True if enough was typed back."""
        if not self.is_shared:
            return self.whole.is_complete
        return sum(part.is_complete for part in self.parts) >= SHEETS_NEEDED

    @property
    def reason(self) -> Message:
        """The next thing to do; empty if nothing is missing."""
        if not self.is_shared:
            return self.whole.reason
        if not self.is_complete:
            return N_("Type in at least two of the three sheets to continue")
        is_on_paper = all(part.tick.isChecked() for part in self.parts)
        return "" if is_on_paper else N_("Tick for each of the three sheets that it is on paper")

    def focus_next(self) -> None:
        """Focus the control that is still to be used."""
        if not self.is_shared:
            self.whole.focus_next()
            return
        is_enough = self.is_complete
        for place, part in enumerate(self.parts):
            if not (part.tick.isChecked() if is_enough else part.is_complete):
                self.numbers.select(str(place))
                self._show()
                (part.tick if is_enough else part.entry).setFocus()
                return

    def start(self) -> None:
        """Draw the key if there is none, and focus the line."""
        if self.is_shared and not self.parts[0].text:
            self._draw_shares()
        elif not self.is_shared and not self.whole.text:
            self.whole.draw_secret()
        self._current.entry.setFocus()

    def draw_secret(self) -> None:
        """Draw the key, without moving the focus."""
        if self.is_shared:
            self._draw_shares()
        else:
            self.whole.draw_secret()

    def clear_secrets(self) -> None:
        """Drop the key and all sheets."""
        for proof in self._proofs:
            proof.clear_secrets()
        if self.paper is not None:
            self.paper.clear_secrets()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on; a focus proxy would break Tab order before the proxy."""
        self._current.setFocus(event.reason())

    @property
    def _current(self) -> SecretConfirmation:
        return self.parts[int(self.numbers.key)] if self.is_shared else self.whole

    def _make_choices(self) -> None:
        kit = self._kit
        one, three = N_("One sheet"), N_("Three sheets, any two of them are enough")
        self.ways = SegmentedControl(kit, ((_ONE_SHEET, one), (_THREE_SHEETS, three)))
        self.numbers = SegmentedControl(
            kit, [(str(place), self._sheet_label(place)) for place in range(SHEET_COUNT)]
        )
        self.ways.select(_ONE_SHEET)
        self.numbers.select("0")
        kit.translator.bind(self.ways.setAccessibleName, N_("How to keep the key on paper"))
        kit.translator.bind(self.numbers.setAccessibleName, N_("Which sheet"))
        self.ways.chosen.connect(self._on_way_chosen)
        self.numbers.chosen.connect(self._on_number_chosen)
        self._about = muted(
            kit,
            N_(
                "For three places, or three people. If one sheet burns or is found, no "
                "harm is done."
            ),
            TextStyle.SMALL,
        )

    def _make_head(self) -> QWidget:
        head = QWidget()
        way = row(self.ways, STRETCH, self.printing, gap=8)
        number = row(self.numbers, STRETCH, gap=8)
        column(way, self._about, number, gap=8, margins=(RESERVE, 0, 0, 0), on=head)
        return head

    def _sheet_label(self, place: int) -> Callable[[Language], str]:
        def say(language: Language) -> str:
            is_right = self.parts[place].is_complete
            said = N_("Sheet {number}: right") if is_right else N_("Sheet {number}")
            return language.gettext(said).format(number=place + 1)

        return say

    def _draw_shares(self) -> None:
        key = generate_key(self._random)
        for part, sheet in zip(self.parts, split_key(key, self._random), strict=True):
            part.show_sheet(sheet)

    def _show(self) -> None:
        """Show what was chosen, and hide the rest."""
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
        self._draw_shares()
        self._current.entry.setFocus()

    def _on_proof_changed(self) -> None:
        for place in range(SHEET_COUNT):
            self._kit.translator.bind(
                self.numbers.parts[str(place)].setText, self._sheet_label(place)
            )
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
