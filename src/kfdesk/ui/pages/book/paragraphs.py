# SPDX-License-Identifier: GPL-3.0-or-later
"""A text in conflict, paragraph by paragraph: choose, and save one text in place of all.

What only one side changed is in the proposal already, marked. Keys 1, 2 and 3 choose for the
paragraph that has the keyboard: the first, the second, or both.
"""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QWidget

from kfdesk.domain.book.paragraphs import MergePiece, Paragraphs, merged_text
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.values import Value
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import field_of
from kfdesk.services.book.articles import TornText
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.ui.context import UiContext
from kfdesk.ui.record_views import notify_done
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import TextStyle, Tone
from kfdesk.ui.translator import fixed_text
from kfdesk.ui.widgets.build import STRETCH, column, extend, muted, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import CardFrame, SideBySide, TaskPage
from kfdesk.ui.widgets.text import Label

_LEAST = 560  # pixels at 100 %; narrower, the versions stand below one another
_BOTH = 3  # the key that takes all versions


class PieceChooser(CardFrame):
    """An open paragraph: its versions side by side, and all of them as the last choice.

    Of a heading or a summary, by its `key`, one alone is chosen. `chosen` follows a choice.
    """

    chosen = Signal()

    def __init__(
        self, kit: UiContext, piece: MergePiece, torn: TornText, key: str = "body"
    ) -> None:
        super().__init__(padding=16)
        self._kit = kit
        self.piece, self.key = piece, key
        authors, said = torn.authors_of(key), partial(torn.readable, piece)
        self.choice: Paragraphs | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        heading = N_("Both changed this") if key == "body" else field_of("article_text", key).label
        self.add_heading(kit, heading, "git-merge", Tone.WARNING)
        if piece.before:
            extend(self.body, muted(kit, N_("Before:"), TextStyle.SMALL))
            extend(self.body, _said(kit, said(piece.before)))
        boxes: list[tuple[QWidget, int]] = []
        self.buttons: list[Button] = []
        for place, one in enumerate(piece.choices):
            frame = QFrame()
            frame.setProperty("ground", "choice")
            frame.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
            who = " · ".join(dict.fromkeys(authors[at] for at in one.versions if at < len(authors)))
            button = Button(kit, N_("Use this"), "circle").show_key(str(place + 1))
            button.clicked.connect(partial(self.choose, place))
            name = Label(kit, fixed_text(who), TextStyle.LABEL, Tone.ACCENT)
            column(
                name, _said(kit, said(one.text)), STRETCH, button, gap=6, margins=(14, 10, 14, 10),
                on=frame,
            )  # fmt: skip
            self.buttons.append(button)
            boxes.append((frame, 1))
        self.both = Button(kit, N_("Use all of them, one after another"), "circle")
        self.both.show_key(str(_BOTH))
        self.both.clicked.connect(partial(self.choose, -1))
        self.outcome = text(kit, "", TextStyle.SMALL)
        extend(self.body, SideBySide(kit.theme, *boxes, least=_LEAST, gap=12), self.both)
        extend(self.body, self.outcome)
        self.both.setVisible(key == "body")

    def choose(self, place: int) -> None:
        """Choose the version at a place, or all of them for -1."""
        choices = self.piece.choices
        if place >= len(choices) or (place < 0 and self.key != "body"):
            return
        self.choice = (
            choices[place].text
            if place >= 0
            else tuple(dict.fromkeys(said for one in choices for said in one.text))
        )
        for at, button in enumerate((*self.buttons, self.both)):
            is_it = at == (place if place >= 0 else len(self.buttons))
            button.show_icon("circle-check" if is_it else "circle")
        self.outcome.set_message(N_("Chosen."))
        self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose by 1, 2 and 3."""
        typed = event.text()
        if typed == str(_BOTH):
            self.choose(-1)
        elif typed in ("1", "2"):
            self.choose(int(typed) - 1)
        else:
            super().keyPressEvent(event)


def _said(kit: UiContext, words: str) -> Label:
    """Return paragraphs, or that there is nothing."""
    if words:
        return text(kit, fixed_text(words))
    return muted(kit, N_("(taken out)"))


class MergePage(TaskPage):
    """All paragraphs of a text in conflict, and one button that saves what was chosen."""

    def __init__(self, kit: UiContext, desk: Session, torn: TornText) -> None:
        super().__init__(kit, N_("Choose the paragraphs"))
        self._desk, self._torn = desk, torn
        self.choosers: list[PieceChooser] = []
        self.save = Button(kit, N_("Save as one text"), "check", ButtonLook.PRIMARY, self._on_save)
        self.set_action(self.save)
        for key, head in torn.heads.items():
            extend(self.body, self._chooser(head, key))
        for piece in torn.pieces:
            extend(self.body, self._part(piece))
        extend(self.body, STRETCH)
        self.hint.set_message(N_("What you save replaces all versions. History keeps them."))
        self.first = self.choosers[0] if self.choosers else self.save
        self._show_left()

    def refuse(self, fault: KfdeskError) -> None:
        """Show what was refused and what to do."""
        self.show_fault(fault)

    def _part(self, piece: MergePiece) -> QWidget:
        if piece.is_open:
            return self._chooser(piece, "body")
        card = CardFrame(padding=12, gap=4)
        if piece.is_changed:
            who = " · ".join(self._author(at) for at in piece.choices[0].versions)
            extend(card.body, Label(self.kit, partial(_changed_text, who), TextStyle.SMALL,
                                    Tone.ACCENT))  # fmt: skip
        said = piece.choices[0].text
        extend(card.body, _said(self.kit, self._torn.readable(piece, said)))
        return card

    def _chooser(self, piece: MergePiece, key: str) -> PieceChooser:
        chooser = PieceChooser(self.kit, piece, self._torn, key)
        chooser.chosen.connect(self._show_left)
        self.choosers.append(chooser)
        return chooser

    def _author(self, at: int) -> str:
        return self._torn.authors[at] if at < len(self._torn.authors) else ""

    def _show_left(self) -> None:
        left = sum(one.choice is None for one in self.choosers)
        self.save.setEnabled(not left)
        self.under.set_message(partial(_left_text, left))

    @task
    async def _on_save(self) -> None:
        chosen = [one.choice or () for one in self.choosers if one.key == "body"]
        body = merged_text(self._torn.pieces, chosen)
        values: dict[str, Value] = {
            one.key: "".join(one.choice or ()) or None for one in self.choosers if one.key != "body"
        }
        if "body" in self._torn.view.conflicts:
            values["body"] = body or None
        rid, seen = self._torn.view.rid, self._torn.seen
        done = await call(self.kit, change_record, self._desk, rid, values, seen)
        notify_done(self.kit, self._desk, (done,), N_("The text has a single version again."))
        self.closed.emit()


def _changed_text(who: str, language: Language) -> str:
    return language.gettext(N_("Changed by {who} alone; it is used as it is.")).format(who=who)


def _left_text(left: int, language: Language) -> str:
    if not left:
        return language.gettext(N_("Nothing is left to decide. Read it once, then save it."))
    words = language.ngettext("{count} paragraph to decide", "{count} paragraphs to decide", left)
    return words.format(count=left)
