# SPDX-License-Identifier: GPL-3.0-or-later
"""The consent form: its sentences, its layout and its PDF, in words that need no training.

Explanations and warnings are the same sentences as on the screen. A change of any sentence
raises the version, so that a signed sheet shows what was read. A test checks that. In two
languages the client's stands first, the second below it in small type. Where no text is in a
language of hers, the interpreter signs that the form was read aloud. The form is made of a
disclosed consent; knows no store.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import zip_longest

from kfdesk.documents.layout.canvas import PageCanvas
from kfdesk.documents.layout.office import (
    Block,
    CellText,
    Composer,
    PaperPart,
    StatusMark,
    draw_footer,
    draw_mark,
    join_columns,
    paginate,
    stack_blocks,
    text_bottom,
)
from kfdesk.documents.layout.style import (
    BOLD,
    FOLD,
    GREY,
    INK,
    MILLIMETRE,
    OFFICE,
    OFFICE_LARGE,
    PETROL,
    REGULAR,
    SEMIBOLD,
    WHITE,
    Box,
    Dot,
    Item,
    PageFormat,
    Panel,
    Rule,
    Style,
    Symbol,
    TextLine,
    move_down,
)
from kfdesk.documents.layout.text import width_of, wrap_anywhere
from kfdesk.documents.typesetting import (
    Typesetter,
    disclosed_records,
    localized_line,
    one_line,
    read_aloud_language,
)
from kfdesk.domain.codes.core import PaperFormat, PaperRequest
from kfdesk.domain.consent import FOR_A_CHILD, consent_last_day
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.message_marks import N_
from kfdesk.domain.papers import PrintContext
from kfdesk.domain.records.client import Client, Consent
from kfdesk.domain.schema import DataGroup
from kfdesk.i18n.client_texts import TextState
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import CONSENT_EXPLANATIONS, THIRD_COUNTRY_WARNING

# --- sentences

CONSENT_TEXT_VERSION = "1.4"

PURPOSE_PHRASES: Mapping[str, str] = {
    "case_management": N_("So that we can help you with your plan"),
    "health_care": N_("Health care for you"),
    "risk_enquiry_in_origin_country": N_("To ask in your home country whether you would be safe"),
    "family_contact": N_("To get in touch with your family"),
    "family_assessment": N_("To learn whether your family can receive you well"),
    "travel_booking": N_("To book your journey"),
    "travel_escort": N_("Company on your journey"),
    "referral_service": N_("To find the right help for you"),
    "reception_and_reintegration": N_("A welcome and help after you arrive"),
    "legal_representation": N_("Help from a lawyer"),
    "police_report": N_("A report to the police"),
    "reflection_period_application": N_("To ask for time to recover and think"),
    "residence_permit_application": N_("To apply for a residence permit"),
    "statistics_anonymised": N_("Figures without names"),
    "research": N_("Research without names"),
}
"""The purpose as a phrase, by the codes of CONSENT_PURPOSE."""

GROUP_PHRASES: Mapping[str, str] = {
    DataGroup.IDENTITY: N_("your name, age, citizenship, languages"),
    DataGroup.CONTACT: N_("how to reach you safely"),
    DataGroup.TRAVEL: N_("your journey: the way, days, times, documents"),
    DataGroup.IMMEDIATE_NEEDS: N_("what you need in the first days"),
    DataGroup.HEALTH: N_("your health"),
    DataGroup.CHILDREN_FAMILY: N_("your children and your family"),
    DataGroup.RISK_SUMMARY: N_("what may be dangerous, in short"),
    DataGroup.EXPLOITATION_HISTORY: N_("what has happened to you"),
    DataGroup.LEGAL_CASE: N_("court, police, permits"),
    DataGroup.REINTEGRATION_PLAN: N_("your plans and goals after you arrive"),
    DataGroup.PHOTO: N_("photographs of you"),
    DataGroup.COOPERATION: N_("who does what for you, and when"),
}
"""The shared data as a phrase, by the codes of CONSENT_SCOPE."""

CONSENT_TITLE = N_("Consent to share information")
YOU_DECIDE = N_(
    "You decide. You may say yes, no, or yes to a part only. If you say no, we go on helping you."
)
TO_WHOM, WHAT_FOR = N_("To whom"), N_("What for")
ONLY_THEM = N_("Only they, and no one else.")
ONLY_THIS = N_("It may be used for nothing else.")
WHAT_WE_SHARE = N_("What we share, and what we do not share")
SHARED, NOT_SHARED = N_("We share"), N_("We do not share")
NOTHING_IDENTIFYING = N_("nothing that shows who you are")
UNTIL_WHEN = N_("Until when")
ASKED_AGAIN = N_("Then it ends by itself, and we ask you again.")
NINETY_DAYS = N_("Written in by hand. Without a day it ends after 90 days.")
TAKE_BACK = N_("How to take it back")
ANY_DAY = N_(
    "On any day, without a reason: tell anyone who works here, or call. We stop "
    "sharing at once, and those who received something are told that you have taken it "
    "back."
)
TELEPHONE = N_("Phone:")
ABROAD = N_("They are in another country: {country}")
ABROAD_SOMEWHERE = N_("They are in another country")
PROTECTED = N_("An agreement protects the information about you there.")
EXPLAINED = N_("This was explained to me in my language (please tick each point)")
MY_ANSWER = N_("My answer")
ANSWERS = (N_("I agree"), N_("in part"), N_("I do not agree"))
IN_PART = N_("In part: strike out above what we must not share.")
SIGNATURE, WORKER, INTERPRETER = N_("Signature"), N_("Staff member"), N_("Interpreter")
INTERPRETER_OF = N_("Interpreter ({language})")
GUARDIAN, DATE = N_("Guardian"), N_("date")
CHILD_SAYS = N_("What the child says about it")
CHILD_ANSWERS = (N_("I agree"), N_("I do not agree"), N_("too young to say"))
COPY_IS_KEPT = N_(
    "One copy is kept here under lock. You get one too if you ask. Do not take it on a journey."
)
READ_ALOUD = N_(
    "The interpreter confirms: this paper is not written in the language of the person who signs "
    "it ({language}). All of it was read aloud in that language, and every question was answered."
)
SAME_IN_BOTH = N_("Both languages say the same. If something differs, ask before you sign.")
OUR_TITLE = N_("Consent to write down and use information")
WHO_HAS_IT, ONLY_US = N_("Who has it"), N_("Only those who work here and help you read it.")
WHAT_WE_WRITE = N_("What we write down and use, and what we do not")
WRITTEN, NOT_WRITTEN = N_("We write down"), N_("We do not write down")
ANY_DAY_OURS = N_("On any day, without a reason: tell anyone who works here, or call.")
IN_PART_OURS = N_("In part: strike out above what we must not write down.")
VERSION_OF = N_("text {version} · {number} of {total}")

CONSENT_SENTENCES = (
    CONSENT_TITLE, YOU_DECIDE, TO_WHOM, WHAT_FOR, ONLY_THEM, ONLY_THIS, WHAT_WE_SHARE, SHARED,
    NOT_SHARED, NOTHING_IDENTIFYING, UNTIL_WHEN, ASKED_AGAIN, NINETY_DAYS, TAKE_BACK, ANY_DAY,
    TELEPHONE, ABROAD, ABROAD_SOMEWHERE, PROTECTED, EXPLAINED, MY_ANSWER, *ANSWERS, IN_PART,
    CHILD_SAYS, *CHILD_ANSWERS, COPY_IS_KEPT, OUR_TITLE, WHO_HAS_IT, ONLY_US, WHAT_WE_WRITE,
    WRITTEN, NOT_WRITTEN, ANY_DAY_OURS, IN_PART_OURS, READ_ALOUD, SAME_IN_BOTH,
    *PURPOSE_PHRASES.values(),
    *GROUP_PHRASES.values(),
)  # fmt: skip
"""All that the client reads before signing, apart from the sentences of the screen."""

_STATE_NOTES: Mapping[str, str] = {
    TextState.CHECKED_TWICE: N_(
        "For the office: this text was checked twice, but no native speaker has read it yet."
    ),
    TextState.NOT_READ: N_("For the office: no native speaker has read this text yet."),
}


def desk_note(words: Language, about: PrintContext) -> str:
    """Return who has not read the text of a paper that stays at the desk; empty for a native."""
    note = _STATE_NOTES.get(about.text_state)
    return words.gettext(note) if note else ""


# --- layout

_FORM_COLUMN_GAP = 24.0
_FORM_LINE_SPACING = 1.32
_DISC_RATIO = 1.5
_BOX_PADDING = 9.0
_LARGE_TYPE = 14.0
_LIST_SHARES = (0.5, 0.44, 0.38, 0.56, 0.62)
"""The shares of the width for what is shared; the one that makes both lists shortest counts."""
_LAST_DAY_SHARE = 0.42
"""The share of the width for the last day; how to withdraw is a longer text beside it."""


@dataclass(frozen=True, slots=True)
class ConsentFormContent:
    """The content of one consent form: texts in the client's language, empty if unknown.

    `is_ours` is for what stays in our organisation, which is written down and not passed on.
    `shared` and `not_shared` are whole phrases. `abroad` names the recipient's country if the
    client must be warned about it, `protected` if an agreement binds that country. `read_aloud` is
    the language in which an interpreter reads the form to her, if she cannot read it.
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
    is_ours: bool = False
    read_aloud: str = ""


@dataclass(frozen=True, slots=True)
class ConsentFormComposer:
    """Composes one form on one paper size; `air` (1 or less) is the spacing.

    `beside` composes the same form in the second language, if there is one.
    """

    asked: ConsentFormContent
    words: Language
    form: PageFormat
    air: float = 1
    beside: "ConsentFormComposer | None" = None

    def parts(self) -> Iterator[PaperPart]:
        """Yield the parts of the form, in order."""
        yield PaperPart(self._head())
        left, right = self._columns()
        yield PaperPart(join_columns(self._to_whom(left), self._what_for(right)), gap=self._drop)
        yield from (PaperPart(block, gap=self._drop) for block in self._what_and_until())
        if self.asked.abroad is not None or self.asked.protected is not None:
            yield PaperPart(self._warning(), gap=self._drop)
        *points, last = [self._tick(point) for point in CONSENT_EXPLANATIONS.values()]
        head = self._numbered(6, EXPLAINED, self.form.margin, self.form.measure)
        yield PaperPart(head, tuple(points), gap=self._drop)
        answer = stack_blocks([last, self._answer()], self._drop)  # no signature without a point
        yield PaperPart(answer, self._signing(), gap=0, is_whole=True)

    def say(self, message: str) -> str:
        """Return a sentence in the language of the form."""
        return self.words.gettext(message)

    def _again(self, message: str, **places: str) -> str:
        """Return a sentence in the second language; empty without one."""
        return self.beside.say(message).format(**places) if self.beside else ""

    def _both(self, message: str) -> str:
        """Return a short text in both languages on one line, once if they are the same."""
        return " · ".join(dict.fromkeys(filter(None, (self.say(message), self._again(message)))))

    def _texts(self, message: str, style: Style) -> list[CellText]:
        """Return a sentence as a line, and below it that of the second language."""
        second = self._again(message)
        return [CellText(self.say(message), style), *self._seconds(second)]

    def _seconds(self, *texts: str) -> list[CellText]:
        """Return texts of the second language as lines, without those that are empty."""
        return [CellText(text, self._small) for text in texts if text]

    @property
    def _small(self) -> Style:
        """The style of the second language."""
        return Style(REGULAR, self.form.sizes.smallest, GREY)

    def _either(self, message: str, ours: str) -> str:
        """Return a sentence about what is passed on, or about what only we write down."""
        return ours if self.asked.is_ours else message

    @property
    def _drop(self) -> float:
        """The space between parts."""
        return 4 + 9 * self.air

    @property
    def _indent(self) -> float:
        return _DISC_RATIO * self.form.sizes.heading + 9

    @property
    def _whole(self) -> Composer:
        return Composer(self.form, self.form.margin, self.form.measure)

    def _columns(self, share: float = 0.5) -> tuple[Composer, Composer]:
        """Return two columns side by side; the left one takes `share` of the width."""
        room = self.form.measure - _FORM_COLUMN_GAP
        left = Composer(self.form, self.form.margin, share * room)
        return left, Composer(self.form, left.x + left.width + _FORM_COLUMN_GAP, room - left.width)

    def _style(self, face: str = REGULAR, colour: str = INK) -> Style:
        return Style(face, self.form.sizes.text, colour)

    def _head(self) -> Block:
        whole = self._whole
        head = [whole.page_heading("", self.title, self.asked.code)]
        if self.beside:
            head += whole.paragraph(self.beside.title, self._style(SEMIBOLD, GREY))
        said = self._texts(YOU_DECIDE, self._style())
        said += self._texts(SAME_IN_BOTH, self._small) if self.beside else []
        rule = Block((Rule(whole.x, 4, across=whole.width, stroke=1.1),), 4)
        return stack_blocks([*head, *self._paragraphs(said, whole), rule])

    def _paragraphs(
        self, said: Iterable[CellText], column: Composer, drop: float = 1
    ) -> list[Block]:
        return [line for one in said for line in column.paragraph(one.text, one.style, drop=drop)]

    @property
    def title(self) -> str:
        """The name of the form."""
        return self.say(self._either(CONSENT_TITLE, OUR_TITLE))

    def running_head(self) -> Iterator[Item]:
        """Yield what is signed, for the top margin of each further page."""
        whole, asked = self._whole, self.asked
        style = Style(SEMIBOLD, self.form.sizes.smallest)
        most = 1 if style.size > OFFICE.sizes.smallest else _HEAD_LINES
        lines: list[str] = []
        for said in (
            (self.title, asked.code, asked.recipient, asked.purpose, asked.last_day),
            (self.title, asked.code, asked.last_day),
            (asked.code, asked.last_day),
        ):
            lines = wrap_anywhere(" · ".join(filter(None, said)), style, whole.width)
            if len(lines) <= most:
                break
        for place, line in enumerate(reversed(lines[:most])):
            y = _FORM_TOP - 6 - place * _FORM_LINE_SPACING * style.size
            yield TextLine(line, style, whole.x, y, whole.width)

    def _numbered(self, number: int, title: str, x: float, width: float) -> Block:
        """Compose a number in a disc with its heading, in as many lines as needed."""
        style = Style(BOLD, self.form.sizes.heading)
        digit = Style(BOLD, 0.82 * style.size, WHITE)
        radius = _DISC_RATIO * style.size / 2
        middle = radius
        base = middle + style.cap_height / 2
        wide = width_of(str(number), digit)
        items: list[Item] = [
            Dot(x + radius, middle, radius, PETROL),
            TextLine(
                str(number), digit, x + radius - wide / 2, middle + digit.cap_height / 2, wide
            ),
        ]
        y = base
        for place, text in enumerate(wrap_anywhere(self.say(title), style,
                                                      width - self._indent)):  # fmt: skip
            y += _FORM_LINE_SPACING * style.size if place else 0
            items.append(TextLine(text, style, x + self._indent, y, width - self._indent))
        for text in wrap_anywhere(self._again(title), self._small, width - self._indent):
            y += _FORM_LINE_SPACING * self._small.size
            items.append(TextLine(text, self._small, x + self._indent, y, width - self._indent))
        return Block(tuple(items), max(y - base + 2 * radius, 2 * radius) + 3)

    def _answered(
        self, number: int, title: str, said: Sequence[CellText], column: Composer
    ) -> Block:
        """Compose a numbered heading with its answer below."""
        head = self._numbered(number, title, column.x, column.width)
        inner = Composer(self.form, column.x + self._indent, column.width - self._indent)
        blocks = [head]
        for text in said:
            blocks += inner.paragraph(text.text, text.style, drop=1)
            if text.is_blank:
                blocks.append(self._line_after(text, inner))
        return stack_blocks(blocks)

    def _line_after(self, text: CellText, inner: Composer) -> Block:
        """Compose a line to write on, behind the text."""
        wide = width_of(text.text, text.style) + 6 if text.text else 0
        rule = Rule(inner.x + wide, 0, across=inner.width - wide, stroke=0.8)
        drop = 0 if text.text else 1.4 * text.style.size
        return Block(tuple(move_down([rule], drop)), drop + 4)

    def _to_whom(self, column: Composer) -> Block:
        strong = Style(SEMIBOLD, self.form.sizes.heading)
        note = Style(REGULAR, self.form.sizes.note)
        said = [
            CellText(self.asked.recipient, strong),
            *self._texts(self._either(ONLY_THEM, ONLY_US), note),
        ]
        return self._answered(1, self._either(TO_WHOM, WHO_HAS_IT), said, column)

    def _what_for(self, column: Composer) -> Block:
        strong = Style(SEMIBOLD, self.form.sizes.heading)
        note = Style(REGULAR, self.form.sizes.note)
        second = self.beside.asked.purpose if self.beside else ""
        said = [
            CellText(self.asked.purpose, strong),
            *self._seconds(second),
            *self._texts(ONLY_THIS, note),
        ]
        return self._answered(2, WHAT_FOR, said, column)

    def _until(self, column: Composer) -> Block:
        note = Style(REGULAR, self.form.sizes.note)
        if self.asked.last_day:
            day = CellText(self.asked.last_day, Style(BOLD, 1.1 * self.form.sizes.heading))
            second = self.beside.asked.last_day if self.beside else ""
            said = [day, *self._seconds(second), *self._texts(ASKED_AGAIN, note)]
        else:
            said = [
                CellText("", note, is_blank=True),
                *self._texts(NINETY_DAYS, note),
                *self._texts(ASKED_AGAIN, note),
            ]
        return self._answered(4, UNTIL_WHEN, said, column)

    def _take_back(self, column: Composer) -> Block:
        note = Style(REGULAR, self.form.sizes.note)
        said = [
            *self._texts(self._either(ANY_DAY, ANY_DAY_OURS), note),
            CellText(self._both(TELEPHONE), note, is_blank=True),
        ]
        return self._answered(5, TAKE_BACK, said, column)

    def _what_and_until(self) -> list[Block]:
        """Compose what is shared and what is not, the last day, and how to take it back.

        Of two arrangements and several widths the shortest counts.
        """
        title = self._either(WHAT_WE_SHARE, WHAT_WE_WRITE)
        head = self._numbered(3, title, self.form.margin, self.form.measure)
        ways = [way(share) for way in (self._beside, self._below) for share in _LIST_SHARES]
        first, second = min(ways, key=lambda both: both[0].height + both[1].height)
        return [stack_blocks([head, first], gap=2), second]

    def _beside(self, share: float) -> tuple[Block, Block]:
        """Compose the lists, and below them the last day beside how to take it back."""
        left, right = self._columns(_LAST_DAY_SHARE)
        row = join_columns(self._until(left), self._take_back(right))
        return join_columns(*self._lists(share)), row

    def _below(self, share: float) -> tuple[Block, Block]:
        """Compose the lists with the last day below the left one, and how to take it back."""
        ours, kept = self._lists(share)
        left, _ = self._columns(share)
        both = join_columns(stack_blocks([ours, self._until(left)], self._drop), kept)
        return both, self._take_back(self._whole)

    def _lists(self, share: float) -> tuple[Block, Block]:
        """Compose the two boxes, the left one with this share of the width."""
        own, second = self.asked, self.beside.asked if self.beside else None
        shared = own.shared or (self.say(NOTHING_IDENTIFYING),)
        shared_again = second and (second.shared or (self._again(NOTHING_IDENTIFYING),))
        not_shared_again = second and second.not_shared
        left, right = self._columns(share)
        ours = self._list(
            self._either(SHARED, WRITTEN), (shared, shared_again or ()), left, is_shared=True
        )
        kept = self._list(
            self._either(NOT_SHARED, NOT_WRITTEN), (own.not_shared, not_shared_again or ()), right,
            is_shared=False,
        )  # fmt: skip
        return (
            self._boxed(ours, left, ours.height, PETROL),
            self._boxed(kept, right, kept.height, FOLD),
        )

    def _boxed(self, block: Block, column: Composer, height: float, colour: str) -> Block:
        frame = Box(column.x, 0, column.width, height, 6, 1.3, colour)
        return Block((frame, *block.items), height + 1)

    def _list(
        self,
        title: str,
        phrases: tuple[Sequence[str], Sequence[str]],
        column: Composer,
        *,
        is_shared: bool,
    ) -> Block:
        """Compose a list with its marks; `phrases` are in the first language and the second."""
        style, size = self._style(), self.form.sizes.text
        strong = self._style(BOLD, PETROL if is_shared else INK)
        x, width = column.x + _BOX_PADDING, column.width - 2 * _BOX_PADDING
        y = _BOX_PADDING + strong.cap_height + 1
        items: list[Item] = []
        for place, text in enumerate(wrap_anywhere(self._both(title), strong, width)):
            y += _FORM_LINE_SPACING * size if place else 0
            items.append(TextLine(text, strong, x, y, width))
        indent = 1.55 * size
        for phrase, second in zip_longest(*phrases, fillvalue=""):
            y += 0.28 * self.air * size
            for place, text in enumerate(wrap_anywhere(phrase, style, width - indent)):
                y += _FORM_LINE_SPACING * size
                if not place:
                    items += self._listed(x, y - style.cap_height / 2, is_shared=is_shared)
                items.append(TextLine(text, style, x + indent, y, width - indent))
            for text in wrap_anywhere(second, self._small, width - indent):
                y += _FORM_LINE_SPACING * self._small.size
                items.append(TextLine(text, self._small, x + indent, y, width - indent))
        return Block(tuple(items), y + _BOX_PADDING)

    def _listed(self, x: float, middle: float, *, is_shared: bool) -> Iterator[Item]:
        size = 1.05 * self.form.sizes.text
        if is_shared:
            yield from draw_mark(StatusMark.BOX, x, middle, size)
            yield Symbol("check", x + 1, middle - size / 2 + 1, size - 2, INK)
        else:
            yield Symbol("x", x, middle - size / 2, size, INK)

    def _warning(self) -> Block:
        """Compose the warning about another country, or the protection there."""
        whole, note = self._whole, Style(REGULAR, self.form.sizes.note)
        title, warning = self.warning_texts
        icon = 1.9 * self.form.sizes.text
        inner = Composer(self.form, whole.x + icon + 24, whole.width - icon - 36)
        said = [CellText(warning, note)]
        said += self._seconds(*self.beside.warning_texts) if self.beside else []
        head = inner.paragraph(title, self._style(BOLD))
        text = stack_blocks([*head, *self._paragraphs(said, inner)])
        height = text.height + 13
        return Block(
            (
                Panel(whole.x, 0, whole.width, height, INK),
                Symbol("triangle-alert", whole.x + 14, 8, icon, INK),
                *move_down(text.items, 6),
            ),
            height,
        )

    @property
    def warning_texts(self) -> tuple[str, str]:
        """The heading of the warning, and its sentences."""
        asked = self.asked
        country = asked.abroad if asked.abroad is not None else asked.protected
        title = self.say(ABROAD).format(country=country) if country else self.say(ABROAD_SOMEWHERE)
        said = THIRD_COUNTRY_WARNING if asked.abroad is not None else (PROTECTED,)
        return title, " ".join(map(self.say, said))

    def _tick(self, point: str) -> Block:
        """Compose one point with a box to tick."""
        style = Style(REGULAR, self.form.sizes.note)
        size, x = 1.25 * style.size, self.form.margin + self._indent
        left = x + size + 10
        lines = wrap_anywhere(self.say(point), style, self.form.right - left)
        y = 2 + style.size
        items: list[Item] = list(draw_mark(StatusMark.BOX, x, y - style.cap_height / 2, size))
        for place, line in enumerate(lines):
            y += 1.27 * style.size if place else 0
            items.append(TextLine(line, style, left, y, self.form.right - left))
        for line in wrap_anywhere(self._again(point), self._small, self.form.right - left):
            y += 1.27 * self._small.size
            items.append(TextLine(line, self._small, left, y, self.form.right - left))
        return Block(tuple(items), y + (0.32 + 0.3 * self.air) * style.size)

    def _answer(self) -> Block:
        """Compose the client's answer: three boxes, and how to agree to a part."""
        style = Style(BOLD, self.form.sizes.heading)
        title = width_of(self.say(MY_ANSWER), style)
        head = self._numbered(7, MY_ANSWER, self.form.margin, self.form.measure)
        if self.beside:
            return stack_blocks([head, self._boxes(ANSWERS)])
        beyond = self.form.margin + self._indent + title + 20
        return join_columns(head, self._boxes(ANSWERS, beyond))

    def _boxes(self, answers: Sequence[str], left: float = 0) -> Block:
        """Compose boxes to tick, side by side from `left`, continued below."""
        style = self._style(SEMIBOLD)
        edge = self.form.margin + self._indent
        size, x = 1.4 * style.size, left or edge
        y = _DISC_RATIO * self.form.sizes.heading / 2 + style.cap_height / 2
        items: list[Item] = []
        for message in answers:
            lines = wrap_anywhere(self._both(message), style, self.form.right - edge - size - 8)
            wide = size + 8 + max(width_of(line, style) for line in lines)
            if x > edge and x + wide > self.form.right:
                x, y = edge, y + 2 * style.size
            items += draw_mark(StatusMark.BOX, x, y - style.cap_height / 2, size)
            for place, line in enumerate(lines):
                y += _FORM_LINE_SPACING * style.size if place else 0
                items.append(TextLine(line, style, x + size + 8, y, wide))
            x += wide + 15
        return Block(tuple(items), y + 0.6 * style.size)

    def _signing(self) -> tuple[Block, ...]:
        note = Style(REGULAR, self.form.sizes.note, GREY)
        inner = Composer(
            self.form, self.form.margin + self._indent, self.form.measure - self._indent
        )
        blocks = self._paragraphs(
            self._texts(self._either(IN_PART, IN_PART_OURS), note), inner, drop=2
        )
        room = (2.3 + 0.6 * self.air) * self.form.sizes.text
        per_row = 3 if self.form.sizes.text < _LARGE_TYPE else 2
        signed = self._whole.signatures(self._signers(), room, per_row, self._both(DATE))
        above = self._child() if self.asked.is_child else []
        above += self._paragraphs(self._read_aloud, self._whole, drop=3)
        return (*blocks, stack_blocks([*above, signed]))  # what stands above is signed, too

    @property
    def _read_aloud(self) -> list[CellText]:
        """Yield the interpreter's statement; nothing if she can read the form."""
        if not self.asked.read_aloud:
            return []
        said = self.say(READ_ALOUD).format(language=self.asked.read_aloud)
        second = self.beside.asked.read_aloud if self.beside else ""
        style = Style(SEMIBOLD, self.form.sizes.note)
        return [CellText(said, style), *self._seconds(self._again(READ_ALOUD, language=second))]

    def _child(self) -> list[Block]:
        whole = self._whole
        head = whole.paragraph(self.say(CHILD_SAYS), self._style(BOLD), drop=8)
        head += self._paragraphs(self._seconds(self._again(CHILD_SAYS)), whole)
        line = Block((Rule(whole.x, 22, across=whole.width, stroke=0.7),), 24)
        return [*head, self._boxes(CHILD_ANSWERS), line]

    def _signers(self) -> list[list[CellText]]:
        strong = Style(SEMIBOLD, self.form.sizes.caption)
        small = Style(REGULAR, self.form.sizes.caption, GREY)
        seconds = self.beside.roles if self.beside else [""] * len(self.roles)
        asked = self.asked
        names = (asked.name, asked.worker, asked.interpreter, asked.guardian)
        return [
            [CellText(role, strong), *self._seconds(second), CellText(name, small)]
            for role, second, name in zip(self.roles, seconds, names, strict=False)
        ]

    @property
    def roles(self) -> list[str]:
        """The people who sign, in order; a guardian only for a child."""
        interpreter = self.say(INTERPRETER)
        if self.asked.interpreter_language:
            interpreter = self.say(INTERPRETER_OF).format(language=self.asked.interpreter_language)
        guardian = [self.say(GUARDIAN)] if self.asked.is_child else []
        return [self.say(SIGNATURE), self.say(WORKER), interpreter, *guardian]


# --- PDF from a disclosed consent

_CLIENT_NAME_KEYS = ("code", "alias", "given_name", "family_name")
_FORM_TOP, _HEAD_LINES = 14 * MILLIMETRE, 2
_SPACINGS = (1, 0.7, 0.4, 0.2, 0, -0.15, -0.3)
"""The spacings to try; below 0 the parts stand closer, so that no signature is alone on a page."""


def make_consent_form(
    order: PaperRequest, what: Disclosed, about: PrintContext, press: Typesetter
) -> bytes:
    """Make the form as a PDF, in the ordered languages; same consent, same bytes.

    Raise KfdeskError `documents.no_letter` if the fonts lack a letter.
    """
    form = OFFICE_LARGE if order.form is PaperFormat.LARGE else OFFICE
    composer, *others = (
        ConsentFormComposer(_form_content(what, about, words, order), words, form)
        for words in map(press.client, filter(None, (order.language, order.beside)))
    )
    composer, words = replace(composer, beside=next(iter(others), None)), composer.words
    note = desk_note(words, about)
    pages = _consent_form_pages(composer, text_bottom(form, note) + 1)
    kept = words.gettext(COPY_IS_KEPT)
    strong = Style(SEMIBOLD, form.sizes.smallest)
    canvas = PageCanvas(form, order.language, press.icon)
    for number, page in enumerate(pages, start=1):
        version = words.gettext(VERSION_OF).format(
            version=CONSENT_TEXT_VERSION, number=number, total=len(pages)
        )
        canvas.put([*page, *draw_footer(kept, version, form, strong, note)])
        canvas.end_page()
    return canvas.pdf()


def _consent_form_pages(composer: ConsentFormComposer, bottom: float) -> list[list[Item]]:
    """Compose the form down to `bottom` on one page (two in large print), or else on more pages.

    A second language may take as much again. The spacing shrinks in steps to make it fit, and to
    keep the signatures with the answer. If it does not fit at all, the widest spacing of the
    fewest pages is kept, and each further page says again what is signed.
    """
    form = composer.form
    most = (2 if form is OFFICE_LARGE else 1) * (2 if composer.beside else 1)
    tried: list[tuple[bool, list[list[Item]]]] = []
    for air in _SPACINGS:
        *_, signed = parts = list(replace(composer, air=air).parts())
        pages, is_whole = paginate(parts, _FORM_TOP, bottom), signed.height <= bottom - _FORM_TOP
        tried.append((is_whole, pages))
        if len(pages) <= most and is_whole:
            break
    else:
        pages = min(tried, key=lambda one: (not one[0], len(one[1])))[1]
    first, *others = pages
    return [first, *([*composer.running_head(), *page] for page in others)]


def _form_content(
    what: Disclosed, about: PrintContext, words: Language, order: PaperRequest
) -> ConsentFormContent:
    (consent,), clients = disclosed_records(what, Consent), disclosed_records(what, Client)
    known = {key: one_line(getattr(client, key)) for client in clients for key in _CLIENT_NAME_KEYS}
    groups = consent.groups if isinstance(consent.groups, tuple) else ()
    names = [known.get(key, "") for key in ("given_name", "family_name")]
    withheld = localized_line(consent.withheld, words.code)
    country = words.country(about.party.country) if about.party.country else ""
    is_abroad, read = about.party.is_third_country, read_aloud_language(order, about)
    return ConsentFormContent(
        code=known.get("code", ""),
        name=" ".join(filter(None, names)) or known.get("alias", ""),
        recipient=about.names.get(one_line(consent.recipient), ""),
        purpose=words.gettext(PURPOSE_PHRASES[one_line(consent.purpose)]),
        shared=tuple(words.gettext(said) for key, said in GROUP_PHRASES.items()
                     if key in groups),
        not_shared=(
            *((withheld,) if withheld else ()),
            *(words.gettext(said) for key, said in GROUP_PHRASES.items() if key not in groups),
        ),
        last_day=_last_day(consent, words),
        abroad=country if is_abroad and not about.party.has_tool else None,
        protected=country if is_abroad and about.party.has_tool else None,
        interpreter=one_line(consent.interpreted_by),
        interpreter_language=words.language(one_line(consent.language) or read or words.code),
        worker=about.by,
        guardian=one_line(consent.guardian),
        is_child=about.party.is_child or consent.given_by in FOR_A_CHILD,
        is_ours=about.party.is_ours,
        read_aloud=words.language(read),
    )  # fmt: skip


def _last_day(consent: Consent, words: Language) -> str:
    """Return the last day that is or would be valid; empty if it is to be written in."""
    day = consent_last_day(consent) or consent.expires
    return words.day(day, year=True) if isinstance(day, date) else ""
