# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of the consent form: numbered, in the order in which one talks.

What does not fit on the first page goes on on the second, the answer and the signatures together.
Knows no record: it is given what the form says.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kfdesk.documents.cabinet.blocks import Block, Part, beside, stacked
from kfdesk.documents.cabinet.marks import Mark, mark
from kfdesk.documents.cabinet.parts import Setter
from kfdesk.documents.cabinet.table import Text
from kfdesk.documents.consent_form import words as form_words
from kfdesk.documents.drawing.items import Dot, Frame, Item, Line, Panel, Rule, Symbol, lowered
from kfdesk.documents.drawing.text_fit import chips, width_of, wrapped_anywhere
from kfdesk.documents.drawing.type_scale import (
    BOLD,
    FOLD,
    GREY,
    INK,
    PETROL,
    REGULAR,
    SEMIBOLD,
    WHITE,
    Format,
    Style,
)
from kfdesk.i18n.language import Language
from kfdesk.i18n.said.consents import SAID, WARNING

_GAP = 24.0
_PITCH = 1.32
_DISC = 1.5
_BOX_PAD = 9.0
_LARGE = 14.0
_UNTIL = 0.42
"""How much of the width the last day takes; how to take it back is a longer text."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What one form asks: texts in her language, empty where nobody knows.

    `shared` and `not_shared` are whole phrases. `abroad` names the country of a recipient for
    whom she must be warned, `protected` that of one whom an agreement binds.
    """

    code: str
    name: str
    recipient: str
    purpose: str
    shared: tuple[str, ...]
    not_shared: tuple[str, ...]
    last_day: str
    abroad: str | None
    protected: str | None
    interpreter: str
    interpreter_language: str
    worker: str
    guardian: str
    is_child: bool


@dataclass(frozen=True, slots=True)
class FormSetter:
    """Sets one form in one language, on one size of paper, as airily as `air` says: at most 1."""

    asked: Asked
    words: Language
    form: Format
    air: float = 1

    def parts(self) -> Iterator[Part]:
        """The form's parts, in order."""
        yield Part(self._head())
        left, right = self._columns()
        yield Part(beside(self._to_whom(left), self._what_for(right)), gap=self._drop)
        yield Part(self._what(), gap=self._drop)
        left, right = self._columns(_UNTIL)
        yield Part(beside(self._until(left), self._take_back(right)), gap=self._drop)
        if self.asked.abroad is not None or self.asked.protected is not None:
            yield Part(self._warning(), gap=self._drop)
        points = [self._tick(self._say(SAID[code])) for code in SAID]
        head = self._numbered(6, form_words.EXPLAINED, self.form.margin, self.form.measure)
        yield Part(head, tuple(points), gap=self._drop)
        yield Part(self._answer(), self._signing(), gap=self._drop, is_whole=True)

    def _say(self, message: str) -> str:
        return self.words.gettext(message)

    @property
    def _drop(self) -> float:
        """The space between parts."""
        return 4 + 9 * self.air

    @property
    def _indent(self) -> float:
        return _DISC * self.form.sizes.heading + 9

    @property
    def _whole(self) -> Setter:
        return Setter(self.form, self.form.margin, self.form.measure)

    def _columns(self, share: float = 0.5) -> tuple[Setter, Setter]:
        """Two columns side by side, the left with its `share` of the width."""
        room = self.form.measure - _GAP
        left = Setter(self.form, self.form.margin, share * room)
        return left, Setter(self.form, left.x + left.width + _GAP, room - left.width)

    def _style(self, face: str = REGULAR, colour: str = INK) -> Style:
        return Style(face, self.form.sizes.text, colour)

    def _head(self) -> Block:
        whole = self._whole
        head = whole.page_head("", self._say(form_words.TITLE), self.asked.code)
        intro = whole.paragraph(self._say(form_words.YOURS), self._style(), drop=1)
        rule = Block((Rule(whole.x, 4, across=whole.width, stroke=1.1),), 4)
        return stacked([head, *intro, rule])

    def _numbered(self, number: int, title: str, x: float, width: float) -> Block:
        """A number in a disc with its heading, the heading in as many lines as it needs."""
        style = Style(BOLD, self.form.sizes.heading)
        digit = Style(BOLD, 0.82 * style.size, WHITE)
        radius = _DISC * style.size / 2
        middle = radius
        base = middle + style.cap_height / 2
        wide = width_of(str(number), digit)
        items: list[Item] = [
            Dot(x + radius, middle, radius, PETROL),
            Line(str(number), digit, x + radius - wide / 2, middle + digit.cap_height / 2, wide),
        ]
        y = base
        for place, text in enumerate(wrapped_anywhere(self._say(title), style,
                                                      width - self._indent)):  # fmt: skip
            y += _PITCH * style.size if place else 0
            items.append(Line(text, style, x + self._indent, y, width - self._indent))
        return Block(tuple(items), max(y - base + 2 * radius, 2 * radius) + 3)

    def _answered(self, number: int, title: str, said: Sequence[Text], column: Setter) -> Block:
        """A numbered heading with what is said of it below."""
        head = self._numbered(number, title, column.x, column.width)
        inner = Setter(self.form, column.x + self._indent, column.width - self._indent)
        blocks = [head]
        for text in said:
            blocks += inner.paragraph(text.text, text.style, drop=1)
            if text.is_blank:
                blocks.append(self._line_after(text, inner))
        return stacked(blocks)

    def _line_after(self, text: Text, inner: Setter) -> Block:
        """A line to write on, behind what was said."""
        wide = width_of(text.text, text.style) + 6 if text.text else 0
        rule = Rule(inner.x + wide, 0, across=inner.width - wide, stroke=0.8)
        drop = 0 if text.text else 1.4 * text.style.size
        return Block(tuple(lowered([rule], drop)), drop + 4)

    def _to_whom(self, column: Setter) -> Block:
        strong = Style(SEMIBOLD, self.form.sizes.heading)
        note = Style(REGULAR, self.form.sizes.note)
        said = [Text(self.asked.recipient, strong), Text(self._say(form_words.ONLY_THEM), note)]
        return self._answered(1, form_words.TO_WHOM, said, column)

    def _what_for(self, column: Setter) -> Block:
        strong = Style(SEMIBOLD, self.form.sizes.heading)
        note = Style(REGULAR, self.form.sizes.note)
        said = [Text(self.asked.purpose, strong), Text(self._say(form_words.ONLY_THIS), note)]
        return self._answered(2, form_words.WHAT_FOR, said, column)

    def _until(self, column: Setter) -> Block:
        note = Style(REGULAR, self.form.sizes.note)
        if self.asked.last_day:
            day = Text(self.asked.last_day, Style(BOLD, 1.1 * self.form.sizes.heading))
            said = [day, Text(self._say(form_words.ASKED_AGAIN), note)]
        else:
            said = [
                Text("", note, is_blank=True),
                Text(self._say(form_words.NINETY_DAYS), note),
                Text(self._say(form_words.ASKED_AGAIN), note),
            ]
        return self._answered(4, form_words.UNTIL, said, column)

    def _take_back(self, column: Setter) -> Block:
        note = Style(REGULAR, self.form.sizes.note)
        said = [
            Text(self._say(form_words.ANY_DAY), note),
            Text(self._say(form_words.TELEPHONE), note, is_blank=True),
        ]
        return self._answered(5, form_words.TAKE_BACK, said, column)

    def _what(self) -> Block:
        """Two boxes side by side: what is shared, and what is not."""
        head = self._numbered(3, form_words.WHAT, self.form.margin, self.form.measure)
        shared = self.asked.shared or (self._say(form_words.NOTHING_OF_HERS),)
        left, right = self._columns()
        ours = self._list(form_words.SHARED, shared, left, is_shared=True)
        kept = self._list(form_words.NOT_SHARED, self.asked.not_shared, right, is_shared=False)
        height = max(ours.height, kept.height)
        boxes = beside(
            self._boxed(ours, left, height, PETROL), self._boxed(kept, right, height, FOLD)
        )
        return stacked([head, boxes], gap=2)

    def _boxed(self, block: Block, column: Setter, height: float, colour: str) -> Block:
        frame = Frame(column.x, 0, column.width, height, 6, 1.3, colour)
        return Block((frame, *block.items), height + 1)

    def _list(
        self, title: str, phrases: Sequence[str], column: Setter, *, is_shared: bool
    ) -> Block:
        style, size = self._style(), self.form.sizes.text
        strong = self._style(BOLD, PETROL if is_shared else INK)
        x, width = column.x + _BOX_PAD, column.width - 2 * _BOX_PAD
        y = _BOX_PAD + strong.cap_height + 1
        items: list[Item] = [Line(self._say(title), strong, x, y, width)]
        indent = 1.55 * size
        for phrase in phrases:
            y += 0.28 * self.air * size
            for place, text in enumerate(wrapped_anywhere(phrase, style, width - indent)):
                y += _PITCH * size
                if not place:
                    items += self._listed(x, y - style.cap_height / 2, is_shared=is_shared)
                items.append(Line(text, style, x + indent, y, width - indent))
        return Block(tuple(items), y + _BOX_PAD)

    def _listed(self, x: float, middle: float, *, is_shared: bool) -> Iterator[Item]:
        size = 1.05 * self.form.sizes.text
        if is_shared:
            yield from mark(Mark.BOX, x, middle, size)
            yield Symbol("check", x + 1, middle - size / 2 + 1, size - 2, INK)
        else:
            yield Symbol("x", x, middle - size / 2, size, INK)

    def _warning(self) -> Block:
        """That they are in another country, and what that means, or that she is protected."""
        whole, note = self._whole, Style(REGULAR, self.form.sizes.note)
        country = self.asked.abroad if self.asked.abroad is not None else self.asked.protected
        title = self._say(form_words.ABROAD_SOMEWHERE)
        if country:
            title = self._say(form_words.ABROAD).format(country=country)
        said = WARNING if self.asked.abroad is not None else (form_words.PROTECTED,)
        icon = 1.9 * self.form.sizes.text
        inner = Setter(self.form, whole.x + icon + 24, whole.width - icon - 36)
        text = stacked([
            *inner.paragraph(title, self._style(BOLD)),
            *inner.paragraph(" ".join(map(self._say, said)), note, drop=1),
        ])  # fmt: skip
        height = text.height + 13
        return Block(
            (
                Panel(whole.x, 0, whole.width, height, INK),
                Symbol("triangle-alert", whole.x + 14, 8, icon, INK),
                *lowered([*chips(text.items), *text.items], 6),
            ),
            height,
        )

    def _tick(self, text: str) -> Block:
        """One point with a box to tick."""
        style = Style(REGULAR, self.form.sizes.note)
        size, x = 1.25 * style.size, self.form.margin + self._indent
        left = x + size + 10
        lines = wrapped_anywhere(text, style, self.form.right - left)
        y = 2 + style.size
        items: list[Item] = list(mark(Mark.BOX, x, y - style.cap_height / 2, size))
        for place, line in enumerate(lines):
            y += 1.27 * style.size if place else 0
            items.append(Line(line, style, left, y, self.form.right - left))
        return Block(tuple(items), y + (0.32 + 0.3 * self.air) * style.size)

    def _answer(self) -> Block:
        """Her answer: three boxes, and how one agrees to a part."""
        style = Style(BOLD, self.form.sizes.heading)
        title = width_of(self._say(form_words.ANSWER), style)
        head = self._numbered(7, form_words.ANSWER, self.form.margin, self.form.measure)
        beyond = self.form.margin + self._indent + title + 20
        return beside(head, self._boxes(form_words.ANSWERS, beyond))

    def _boxes(self, answers: Sequence[str], left: float = 0) -> Block:
        """Answers to tick, side by side from `left` as far as they fit, then below."""
        style = self._style(SEMIBOLD)
        edge = self.form.margin + self._indent
        size, x = 1.4 * style.size, left or edge
        y = _DISC * self.form.sizes.heading / 2 + style.cap_height / 2
        items: list[Item] = []
        for message in answers:
            text = self._say(message)
            wide = size + 8 + width_of(text, style)
            if x > edge and x + wide > self.form.right:
                x, y = edge, y + 2 * style.size
            items += mark(Mark.BOX, x, y - style.cap_height / 2, size)
            items.append(Line(text, style, x + size + 8, y, wide))
            x += wide + 15
        return Block(tuple(items), y + 0.6 * style.size)

    def _signing(self) -> tuple[Block, ...]:
        note = Style(REGULAR, self.form.sizes.note, GREY)
        inner = Setter(self.form, self.form.margin + self._indent, self.form.measure - self._indent)
        blocks = inner.paragraph(self._say(form_words.IN_PART), note, drop=2)
        if self.asked.is_child:
            blocks += self._child()
        room = (2.3 + 0.6 * self.air) * self.form.sizes.text
        per_row = 3 if self.form.sizes.text < _LARGE else 2
        date = self._say(form_words.DATE)
        return (*blocks, self._whole.signatures(self._signers(), room, per_row, date))

    def _child(self) -> list[Block]:
        whole = self._whole
        head = whole.paragraph(self._say(form_words.CHILD_SAYS), self._style(BOLD), drop=8)
        line = Block((Rule(whole.x, 22, across=whole.width, stroke=0.7),), 24)
        return [*head, self._boxes(form_words.CHILD_ANSWERS), line]

    def _signers(self) -> list[list[Text]]:
        strong = Style(SEMIBOLD, self.form.sizes.caption)
        small = Style(REGULAR, self.form.sizes.caption, GREY)
        interpreter = self._say(form_words.INTERPRETER)
        if self.asked.interpreter_language:
            interpreter = self._say(form_words.INTERPRETER_OF).format(
                language=self.asked.interpreter_language
            )
        who = [
            (self._say(form_words.SIGNATURE), self.asked.name),
            (self._say(form_words.WORKER), self.asked.worker),
            (interpreter, self.asked.interpreter),
        ]
        if self.asked.is_child:
            who.append((self._say(form_words.GUARDIAN), self.asked.guardian))
        return [[Text(role, strong), Text(name, small)] for role, name in who]
