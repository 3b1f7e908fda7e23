# SPDX-License-Identifier: GPL-3.0-or-later
"""A letter to an authority: what was disclosed to it, in the order of its form, and signatures.

Each box stands with its heading, also if it is empty. A field in conflict shows
both values. The signatures never stand alone on a page: the last row goes with them. The window
for the address is left empty, because no address leaves the store. Knows no store.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from kfdesk.documents.file_copy.case import PrintedCase
from kfdesk.documents.layout.canvas import PageCanvas
from kfdesk.documents.layout.office import (
    FOOTER_HEIGHT,
    Block,
    CellText,
    Composer,
    PaperPart,
    PaperTable,
    draw_footer,
    paginate,
    share_columns,
    stack_blocks,
)
from kfdesk.documents.layout.style import (
    BOLD,
    GREY,
    MILLIMETRE,
    OFFICE,
    REGULAR,
    SEMIBOLD,
    Rule,
    Style,
)
from kfdesk.documents.typesetting import Typesetter
from kfdesk.domain.codes.case import LETTER_PURPOSE
from kfdesk.domain.codes.core import PaperRequest
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.kinds import ReferenceKind
from kfdesk.domain.letters import LETTERS, LetterBox, LetterForm, needs_consent
from kfdesk.domain.message_marks import N_
from kfdesk.domain.papers import PrintContext
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.rows import RecordView
from kfdesk.domain.values import Value, ZonedTime
from kfdesk.i18n.phrases import field_of, value_text

_FORM = OFFICE
_TOP = 14 * MILLIMETRE
_TEXT = Style(REGULAR, OFFICE.sizes.text)
_STRONG = Style(SEMIBOLD, OFFICE.sizes.text)
_LABEL = Style(REGULAR, OFFICE.sizes.text, GREY)
_SMALL = Style(REGULAR, OFFICE.sizes.caption, GREY)
_WINDOW_HEIGHT = 34 * MILLIMETRE
"""The room for an address that is written by hand or seen through the envelope."""
_LINE_PITCH = 22.0  # points from one line to write on to the next
_SIGNATURE_ROOM = 40.0
_RECORD_GAP = 7.0
_NOT_ASKED = N_("Not asked, or not recorded.")
_NOTHING = N_("Not recorded, or not passed on.")
"""One sentence for both where something may be withheld: which it is would tell what there is."""
_NOT_NAMED = N_("not named here")


def make_authority_letter(
    order: PaperRequest, what: Disclosed, about: PrintContext, press: Typesetter
) -> bytes:
    """Make the letter as a PDF, in the ordered language; same data, same bytes.

    Raise KfdeskError `documents.no_letter` if the fonts lack a letter, or `documents.too_much`
    for a single row that no page can hold.
    """
    case = PrintedCase(what, about, press.program(order.language))
    words, title = case.words, _title(case)
    pages = paginate(list(_parts(case)), _TOP, _FORM.height - FOOTER_HEIGHT - 7)
    made = words.gettext("{title}, copy {number}, made {day} by {name}").format(
        title=title, number=about.number, day=words.day(about.at.date(), year=True), name=about.by
    )
    canvas = PageCanvas(_FORM, order.language, press.icon)
    for number, page in enumerate(pages, start=1):
        count = words.gettext("page {number} of {total}").format(number=number, total=len(pages))
        canvas.put([*page, *draw_footer(made, count, _FORM)])
        canvas.end_page()
    return canvas.pdf()


def _title(case: PrintedCase) -> str:
    return case.words.gettext(LETTER_PURPOSE[case.about.letter.purpose])


def _parts(case: PrintedCase) -> Iterator[PaperPart]:
    """Yield the head, the boxes, and with the last of them the signatures."""
    form = LETTERS[case.about.letter.purpose]
    setter = Composer(_FORM, _FORM.margin, _FORM.measure)
    yield PaperPart(_head(case, setter, form))
    boxes = [_box(case, setter, box) for box in form.boxes]
    yield from boxes[:-1]
    last = boxes[-1]
    end = stack_blocks([last.rows[-1], *_signatures(case, setter)])
    yield replace(last, rows=(*last.rows[:-1], end))


def _head(case: PrintedCase, setter: Composer, form: LetterForm) -> Block:
    """Compose sender, recipient with its empty window, purpose, cover line and law."""
    words, letter = case.words, case.about.letter
    left = Composer(_FORM, _FORM.margin, _FORM.measure / 2 - 10)
    blocks = [
        *left.paragraph(letter.ours, _STRONG),
        Block((), 8),
        *left.paragraph(words.gettext("To: {name}").format(name=letter.to), Style(BOLD, 11)),
        Block((), _WINDOW_HEIGHT),
        setter.page_heading("", _title(case)),
        Block((), 5),
        _facts(case, setter, form),
        *setter.paragraph(words.gettext(form.lead), _TEXT, 5),
    ]
    if form.law:
        blocks += setter.paragraph(words.gettext(form.law), _SMALL, 3)
    return stack_blocks(blocks)


def _facts(case: PrintedCase, setter: Composer, form: LetterForm) -> Block:
    """Compose the day, the day by which an answer is wanted, and the number of the form."""
    words, letter = case.words, case.about.letter
    facts = [
        (words.gettext("Day"), CellText(words.day(case.about.at.date(), year=True), _STRONG)),
    ]
    if letter.answer_by is not None:
        day = value_text(field_of("referral", "answer_by"), letter.answer_by, words)
        facts.append((words.gettext("We ask for your answer by"), CellText(day, _STRONG)))
    if form.form_number:
        facts.append((words.gettext("Follows the form"), CellText(form.form_number, _STRONG)))
    return setter.facts(facts, share_columns(_FORM, *[1.0] * 3)[: len(facts)])


def _box(case: PrintedCase, setter: Composer, box: LetterBox) -> PaperPart:
    head = setter.section_heading(case.words.gettext(box.title))
    rows = [*_rows(case, box)]
    if box.lines:
        rows += [_write_line(setter) for _ in range(box.lines)]
    elif not rows:
        is_whole = box.title in case.about.letter.whole
        said = case.words.gettext(_NOT_ASKED if is_whole else _NOTHING)
        rows = setter.paragraph(said, _LABEL, 2)
    return PaperPart(head, tuple(rows), head, gap=12, is_whole=bool(box.lines))


def _rows(case: PrintedCase, box: LetterBox) -> Iterator[Block]:
    """Yield a row for each disclosed field, with room between records of one type."""
    table = PaperTable(_FORM, share_columns(_FORM, 33, 67), pad=2.6)
    for record_type, keys in box.fields:
        is_first = True
        for seen in case.views(RECORD_TYPES[record_type].cls):
            told = [key for key in keys if case.has(seen, key)]
            if told and not is_first:
                yield Block((), _RECORD_GAP)
            is_first = is_first and not told
            for key in told:
                label = CellText(case.words.gettext(field_of(record_type, key).label), _LABEL)
                yield from table.row([[label], [_value(case, seen, key)]])


def _value(case: PrintedCase, seen: RecordView[Any], key: str) -> CellText:
    """Return a value, a time with its year; a reference is named only if the letter may name it."""
    value = getattr(seen.record, key)
    if isinstance(value, ZonedTime):
        zone = case.words.zone_name(value.zone, value.wall)
        return CellText(f"{case.day(value)} {case.words.clock(value.wall)} {zone}", _TEXT)
    if not isinstance(field_of(seen.row.type, key).kind, ReferenceKind):
        return case.text(seen, key, _TEXT)
    values: list[Value] = [getattr(seen.record, key)]
    if key in seen.conflicts:
        values = [one.value for one in seen.versions[key]]
    names = [case.name(value) or case.words.gettext(_NOT_NAMED) for value in values]
    if len(names) == 1:
        return CellText(names[0], _TEXT)
    torn = case.words.gettext("{values} (two values, not yet decided)")
    return CellText(torn.format(values=" / ".join(names)), Style(BOLD, _TEXT.size))


def _write_line(setter: Composer) -> Block:
    return Block((Rule(setter.x, _LINE_PITCH - 3, across=setter.width, stroke=0.6),), _LINE_PITCH)


def _signatures(case: PrintedCase, setter: Composer) -> Iterator[Block]:
    """Yield the lines to sign on: the client's and ours; under a duty ours alone."""
    words, when = case.words, CellText(case.words.gettext("Place and date"), _SMALL)
    ours = words.gettext("For {name}").format(name=case.about.letter.ours)
    who = [[CellText(ours, _SMALL), CellText(case.about.by, _SMALL), when]]
    if needs_consent(case.about.letter.purpose):
        client = words.gettext("The person whom the letter is about")
        who.insert(0, [CellText(client, _SMALL), when])
        yield Block((), 12)
        yield from setter.paragraph(
            words.gettext("I have read this letter, or it was read to me, and agree to it."), _TEXT
        )
    yield setter.signatures(who, _SIGNATURE_ROOM, per_row=2)
