# SPDX-License-Identifier: GPL-3.0-or-later
"""Short papers for the office: disclosure log, recovery sheets, breach note, support plan.

The disclosure log says who was given what. A recovery sheet shows a key's groups in numbered
boxes and names neither the store, nor the owner, nor the program, so that somebody who finds it
alone cannot use it. The breach note has lines for the report to the authority. The support plan
is the client's own copy of goals and services. Knows no store.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from kfdesk.documents.consent_form import GROUP_PHRASES, PURPOSE_PHRASES
from kfdesk.documents.file_copy.case import PrintedCase, join_texts
from kfdesk.documents.file_copy.goals import draw_goal_scale, goal_legend, sorted_goals
from kfdesk.documents.layout.canvas import PageCanvas
from kfdesk.documents.layout.office import (
    FOOTER_HEIGHT,
    Block,
    CellText,
    Composer,
    PaperPart,
    PaperTable,
    add_titles,
    draw_footer,
    paginate,
    share_columns,
    stack_blocks,
)
from kfdesk.documents.layout.style import (
    A4,
    BOLD,
    GREY,
    ITALIC,
    MILLIMETRE,
    OFFICE,
    PETROL,
    REGULAR,
    SEMIBOLD,
    Box,
    Item,
    PageFormat,
    Rule,
    Style,
    TextLine,
)
from kfdesk.documents.layout.text import TextColumn, width_of
from kfdesk.documents.typesetting import Typesetter
from kfdesk.domain.codes.core import PaperRequest
from kfdesk.domain.disclosure import Channel, Disclosed
from kfdesk.domain.papers import PastDisclosure, PrintContext
from kfdesk.domain.records.aftercare import FollowUp, Goal, Service
from kfdesk.domain.records.client import Client
from kfdesk.domain.rows import RecordView
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language

# --- disclosure log

_LOG_FORM = OFFICE
_LOG_TOP = 14 * MILLIMETRE
_LOG_TEXT = Style(REGULAR, OFFICE.sizes.text)
_LOG_STRONG = Style(SEMIBOLD, OFFICE.sizes.text)
_DISCLOSURE_FORMS = {
    Channel.BUNDLE: N_("by an encrypted file"),
    Channel.DESK_PAPER: N_("on paper"),
    Channel.CARRIED: N_("on paper for the journey"),
}


def make_disclosure_log(
    order: PaperRequest, what: Disclosed, about: PrintContext, press: Typesetter
) -> bytes:
    """Make the log as a PDF, in the ordered language; same entries, same bytes.

    Raise KfdeskError `documents.no_letter` if the fonts lack a letter.
    """
    case = PrintedCase(what, about, press.program(order.language))
    words = case.words
    pages = paginate(list(_log_parts(case)), _LOG_TOP, _LOG_FORM.height - FOOTER_HEIGHT - 7)
    made = words.gettext("What was passed on, {code}, printed {day} by {name}").format(
        code=_log_client_code(case), day=words.day(about.at.date(), year=True), name=about.by
    )
    canvas = PageCanvas(_LOG_FORM, order.language, press.icon)
    for number, page in enumerate(pages, start=1):
        count = words.gettext("page {number} of {total}").format(number=number, total=len(pages))
        canvas.put([*page, *draw_footer(made, count, _LOG_FORM)])
        canvas.end_page()
    return canvas.pdf()


def _log_parts(case: PrintedCase) -> Iterator[PaperPart]:
    words = case.words
    setter = Composer(_LOG_FORM, _LOG_FORM.margin, _LOG_FORM.measure)
    title = setter.page_heading(
        "", words.gettext("What was passed on about you"), _log_client_code(case)
    )
    intro = words.gettext(
        "This sheet says to whom information about you was passed on, which "
        "information, when, why and how. Ask us about anything in it. You can take "
        "back what you agreed to on any day."
    )
    yield PaperPart(stack_blocks([title, *setter.paragraph(intro, _LOG_TEXT, 2)]))
    if not case.about.given:
        nothing = words.gettext("No information about you was passed on to anyone.")
        yield PaperPart(stack_blocks(setter.paragraph(nothing, _LOG_STRONG)))
        return
    titles = (
        words.gettext("When"), words.gettext("To whom"), words.gettext("What"),
        words.gettext("Why"), words.gettext("How"),
    )  # fmt: skip
    table = PaperTable(_LOG_FORM, add_titles(share_columns(_LOG_FORM, 17, 17, 24, 21, 21), titles))
    rows = [block for given in case.about.given for block in table.row(_log_cells(case, given))]
    yield PaperPart(table.head(), tuple(rows), table.head())


def _log_cells(case: PrintedCase, given: PastDisclosure) -> list[list[CellText]]:
    words = case.words
    to = words.gettext("you yourself") if given.is_hers else given.to
    known = [GROUP_PHRASES[group] for group in given.groups if group in GROUP_PHRASES]
    why = [PURPOSE_PHRASES[one] for one in given.purposes if one in PURPOSE_PHRASES]
    how = _DISCLOSURE_FORMS[Channel(given.channel)]
    wished = [N_("at your request")] if given.is_hers else []
    if given.is_duty:
        wished = [N_("the law obliges us to report concern for a child; no consent is needed")]
    return [
        [
            CellText(words.short_day(given.at.date(), year=True), _LOG_TEXT),
            CellText(words.clock(given.at), _LOG_TEXT),
        ],
        [CellText(to or words.gettext("someone who is not known here"), _LOG_STRONG)],
        [CellText(words.gettext(label), _LOG_TEXT) for label in known],
        [CellText(words.gettext(label), _LOG_TEXT) for label in why or wished],
        [CellText(words.gettext(how), _LOG_TEXT)],
    ]


def _log_client_code(case: PrintedCase) -> str:
    client = case.first(Client)
    return case.text(client, "code", _LOG_TEXT).text if case.has(client, "code") else ""


# --- recovery sheets

KeyGroups = Sequence[str]

_KEY_PAGE = replace(A4, margin=18 * MILLIMETRE)
_COLUMNS = 4
_BOX_GAP = 10.0
_BOX_HEIGHT = 62.0
_CHARACTER_PITCH = 27.0  # points from character to character in a box
_CHARACTER_STYLE = Style(BOLD, 25)
_BOX_NUMBER_STYLE = Style(REGULAR, 9, GREY)
_KEY_TITLE_STYLE = Style(BOLD, 23, PETROL)
_SHEET_COUNT_STYLE = Style(SEMIBOLD, 14)
_ADVICE_STYLE = Style(REGULAR, 11)
_KEY_LABEL_STYLE = Style(SEMIBOLD, 10.5)
_KEY_LINE_PITCH = 34.0  # points from one line to fill in to the next
_LINE_LABELS = (N_("Date"), N_("Where it is kept"), N_("Sealed by (initials)"))
_ADVICE = (
    N_("Do not write here what these characters are for."),
    N_("There is no O, I or L among them: a zero is a zero, a one is a one."),
    N_(
        "Copy the characters by hand if you do not trust the printer: it may keep what it "
        "has printed."
    ),
    N_(
        "Keep this sheet in a sealed envelope, in another building. Destroy it when there "
        "is a newer one."
    ),
)
_SHARED_ADVICE = N_("Any two of the three sheets are enough together. One alone opens nothing.")


def draw_recovery_sheets(sheets: Sequence[KeyGroups], words: Language, press: Typesetter) -> bytes:
    """Draw a PDF with one page a sheet; groups are strings of one to four characters.

    `words` is the program's catalogue. Raise KfdeskError `documents.no_letter` or
    `documents.too_wide`.
    """
    canvas = PageCanvas(_KEY_PAGE, words.code, press.icon)
    for number, groups in enumerate(sheets, start=1):
        canvas.put(_key_page(groups, (number, len(sheets)), words))
        canvas.end_page()
    return canvas.pdf()


def _key_page(groups: KeyGroups, place: tuple[int, int], words: Language) -> Iterator[Item]:
    number, count = place
    column = TextColumn(_KEY_PAGE.margin, _KEY_PAGE.measure, y=_KEY_PAGE.margin)
    column.add_fitted(words.gettext(N_("Keep sealed")), _KEY_TITLE_STYLE, _KEY_TITLE_STYLE.size)
    if count > 1:
        right = TextColumn(_KEY_PAGE.margin, _KEY_PAGE.measure, "right", y=_KEY_PAGE.margin)
        said = words.gettext(N_("Sheet {number} of {count}")).format(number=number, count=count)
        right.add(said, _SHEET_COUNT_STYLE, _KEY_TITLE_STYLE.size)
        yield from right.items
    column.y += 12
    column.items.append(Rule(_KEY_PAGE.margin, column.y, across=_KEY_PAGE.measure))
    if count > 1:
        column.add(words.gettext(_SHARED_ADVICE), _ADVICE_STYLE, 22)
    top = column.y + 18
    yield from column.items
    yield from _draw_boxes(groups, top, _KEY_PAGE)
    rows = -(-len(groups) // _COLUMNS)
    yield from _draw_advice(words, top + rows * (_BOX_HEIGHT + _BOX_GAP) + 12)


def _draw_boxes(groups: KeyGroups, top: float, form: PageFormat) -> Iterator[Item]:
    """Yield the groups in rows, with each character in the middle of its own place."""
    width = (form.measure - (_COLUMNS - 1) * _BOX_GAP) / _COLUMNS
    for place, group in enumerate(groups):
        row, column = divmod(place, _COLUMNS)
        x, y = form.margin + column * (width + _BOX_GAP), top + row * (_BOX_HEIGHT + _BOX_GAP)
        yield Box(x, y, width, _BOX_HEIGHT, 5, 0.9)
        yield TextLine(str(place + 1), _BOX_NUMBER_STYLE, x + 6, y + 13, 20)
        left = x + (width - 4 * _CHARACTER_PITCH) / 2
        base = y + 34 + _CHARACTER_STYLE.cap_height / 2
        for sign in group:
            yield TextLine(
                sign,
                _CHARACTER_STYLE,
                left + (_CHARACTER_PITCH - width_of(sign, _CHARACTER_STYLE)) / 2,
                base,
                _CHARACTER_PITCH,
            )
            left += _CHARACTER_PITCH


def _draw_advice(words: Language, top: float) -> Iterator[Item]:
    """Yield the advice, and at the foot of the page the lines to fill in."""
    column = TextColumn(_KEY_PAGE.margin, _KEY_PAGE.measure, y=top)
    for sentence in _ADVICE:
        column.add(words.gettext(sentence), _ADVICE_STYLE, 21)
    yield from column.items
    y = _KEY_PAGE.bottom - (len(_LINE_LABELS) - 1) * _KEY_LINE_PITCH
    for label in _LINE_LABELS:
        said = words.gettext(label)
        indent = width_of(said, _KEY_LABEL_STYLE) + 10
        yield TextLine(said, _KEY_LABEL_STYLE, _KEY_PAGE.margin, y, _KEY_PAGE.measure)
        yield Rule(_KEY_PAGE.margin + indent, y + 3, across=_KEY_PAGE.measure - indent, stroke=0.8)
        y += _KEY_LINE_PITCH


# --- breach note

_NOTE_PAGE = replace(A4, margin=18 * MILLIMETRE)
_NOTE_TITLE_STYLE = Style(BOLD, 18, PETROL)
_NOTE_LEAD_STYLE = Style(REGULAR, 10, GREY)
_NOTE_LABEL_STYLE = Style(SEMIBOLD, 10.5)
_NOTE_HINT_STYLE = Style(REGULAR, 9, GREY)
_NOTE_LINE_PITCH = 21.0
_NOTE_TITLE = N_("Personal data breach: notes for the report")
_NOTE_LEADS = (
    N_("To the data protection authority, within 72 hours of learning of it."),
    N_("What is not known yet is reported later. Write no name of any client on this page."),
)
NOTE_PARTS = (
    (N_("What happened, where and when; when it was noticed, and by whom (role)"), "", 3),
    (
        N_("What kind of data, and about how many people and records"),
        N_("Kinds, not people: contact details, travel, health, offences of others."),
        2,
    ),
    (
        N_("How the data was protected"),
        N_(
            "Encrypted database; was it locked; could anyone have seen a passphrase; disk "
            "encryption."
        ),
        2,
    ),
    (N_("Likely consequences for these people"), "", 2),
    (
        N_("What was done, and what will be done"),
        N_("New keys made, partners warned, people told in a safe way, backup restored."),
        3,
    ),
    (N_("Have the people concerned been told? If not, why not"), "", 2),
    (N_("Who answers questions: role and phone of the data protection lead"), "", 1),
    (N_("If more than 72 hours have passed: why"), "", 1),
    (N_("Day and hour of the report, and the number it was given"), "", 1),
)


def draw_breach_note(words: Language, press: Typesetter) -> bytes:
    """Draw the form as a PDF of one page; `words` is the program's catalogue.

    Raise KfdeskError `documents.no_letter` or `documents.too_wide`.
    """
    canvas = PageCanvas(_NOTE_PAGE, words.code, press.icon)
    canvas.put(_note_page(words))
    canvas.end_page()
    return canvas.pdf()


def _note_page(words: Language) -> Iterator[Item]:
    column = TextColumn(_NOTE_PAGE.margin, _NOTE_PAGE.measure, y=_NOTE_PAGE.margin)
    column.add_fitted(words.gettext(_NOTE_TITLE), _NOTE_TITLE_STYLE, _NOTE_TITLE_STYLE.size)
    column.y += 6
    for sentence in _NOTE_LEADS:
        column.add(words.gettext(sentence), _NOTE_LEAD_STYLE, 14)
    column.y += 8
    for number, (label, hint, lines) in enumerate(NOTE_PARTS, start=1):
        column.y += 9
        column.add(f"{number}. {words.gettext(label)}", _NOTE_LABEL_STYLE, 14)
        if hint:
            column.add(words.gettext(hint), _NOTE_HINT_STYLE, 12)
        for _ in range(lines):
            column.y += _NOTE_LINE_PITCH
            column.items.append(
                Rule(_NOTE_PAGE.margin, column.y, across=_NOTE_PAGE.measure, stroke=0.6)
            )
    yield from column.items


# --- support plan

_PLAN_FORM = OFFICE
_PLAN_TOP = 14 * MILLIMETRE
_PLAN_SIZES = OFFICE.sizes
_PLAN_TEXT, _PLAN_STRONG = Style(REGULAR, _PLAN_SIZES.text), Style(SEMIBOLD, _PLAN_SIZES.text)
_PLAN_SMALL = Style(REGULAR, _PLAN_SIZES.caption, GREY)
_SCALE_HEIGHT = 18.0
_CLIENT_WORDS = Style(ITALIC, _PLAN_SIZES.place)


def make_support_plan(
    order: PaperRequest, what: Disclosed, about: PrintContext, press: Typesetter
) -> bytes:
    """Make the plan as a PDF, in the ordered language; same data, same bytes.

    Raise KfdeskError `documents.no_letter` if the fonts lack a letter, or `documents.too_much`
    for a single row that no page can hold.
    """
    case = PrintedCase(what, about, press.program(order.language))
    words = case.words
    pages = paginate(
        list(_support_plan_parts(case)), _PLAN_TOP, _PLAN_FORM.height - FOOTER_HEIGHT - 7
    )
    made = words.gettext("Support plan {code}, printed {day} by {name}").format(
        code=_plan_client_code(case), day=words.day(about.at.date(), year=True), name=about.by
    )
    canvas = PageCanvas(_PLAN_FORM, order.language, press.icon)
    for number, page in enumerate(pages, start=1):
        count = words.gettext("page {number} of {total}").format(number=number, total=len(pages))
        canvas.put([*page, *draw_footer(made, count, _PLAN_FORM)])
        canvas.end_page()
    return canvas.pdf()


def _support_plan_parts(case: PrintedCase) -> Iterator[PaperPart]:
    words = case.words
    setter = Composer(_PLAN_FORM, _PLAN_FORM.margin, _PLAN_FORM.measure)
    title, code = words.gettext("Support plan"), _plan_client_code(case)
    intro = words.gettext(
        "This is what we have agreed on together. It is yours: you can change it or say no to any "
        "part of it at any time."
    )
    yield PaperPart(
        stack_blocks(
            [setter.page_heading("", title, code), *setter.paragraph(intro, _PLAN_TEXT, 2)]
        )
    )
    goals = sorted_goals(case)
    for goal in goals:
        yield _goal_part(case, setter, goal)
    if goals:
        yield PaperPart(goal_legend(case, setter), gap=4)
    others = [one for one in case.views(Service) if not _goal_of(case, one)]
    if others:
        yield PaperPart(
            setter.section_heading(words.gettext("More services")),
            tuple(_service_rows(case, others)),
        )
    yield from _follow_ups_part(case, setter)
    yield _signatures_part(case, setter)


def _goal_part(case: PrintedCase, setter: Composer, goal: RecordView[Goal]) -> PaperPart:
    """Compose one goal: the client's words, start, progress, target, and the services."""
    words, open_yet = case.words, case.words.gettext("not yet")
    aim = case.text(goal, "aim", _CLIENT_WORDS, open_yet)
    said = aim.text if aim.is_blank else words.gettext("“{text}”").format(text=aim.text)
    facts = [
        (words.gettext("At the start"), case.text(goal, "baseline", _PLAN_STRONG, open_yet)),
        (words.gettext("Now"), case.text(goal, "progress", _PLAN_STRONG, open_yet)),
        (words.gettext("Your goal"), case.text(goal, "target", _PLAN_STRONG, open_yet)),
        (words.gettext("By when"), case.text(goal, "due", _PLAN_STRONG, open_yet)),
    ]
    scale = tuple(draw_goal_scale(goal, setter.x, _SCALE_HEIGHT / 2))
    head = setter.section_heading(
        case.text(goal, "domain", _PLAN_STRONG).text, _goal_status(case, goal)
    )
    rows = [*setter.paragraph(said, aim.style, 4), Block((), 7)]
    rows.append(Block(scale, _SCALE_HEIGHT))
    rows.append(setter.facts(facts, share_columns(_PLAN_FORM, 22, 30, 26, 22, gap=10)))
    rows += _service_rows(case, [one for one in case.views(Service) if _goal_of(case, one) == goal])
    return PaperPart(head, tuple(rows), head)


def _goal_status(case: PrintedCase, goal: RecordView[Goal]) -> str:
    parts = [case.text(goal, key, _PLAN_SMALL).text for key in ("status", "organisation")
             if case.has(goal, key)]  # fmt: skip
    return join_texts(parts)


def _service_rows(case: PrintedCase, services: list[RecordView[Service]]) -> list[Block]:
    if not services:
        return []
    words, open_yet = case.words, case.words.gettext("not yet")
    titles = (words.gettext("Service"), words.gettext("Who provides it"), words.gettext("When"),
              words.gettext("Status"))  # fmt: skip
    table = PaperTable(_PLAN_FORM, add_titles(share_columns(_PLAN_FORM, 34, 24, 22, 20), titles))
    rows = [table.head()]
    for one in services:
        key = "what" if case.has(one, "what") else "domain"
        days = [case.text(one, end, _PLAN_TEXT) for end in ("begins", "ends") if case.has(one, end)]
        cells = [
            [case.text(one, key, _PLAN_TEXT)],
            [case.text(one, "organisation", _PLAN_TEXT, open_yet)],
            days or [case.blank(_PLAN_TEXT, unsaid=open_yet)],
            [case.text(one, "status", _PLAN_TEXT, open_yet)],
        ]
        rows += table.row(cells)
    return rows


def _follow_ups_part(case: PrintedCase, setter: Composer) -> Iterator[PaperPart]:
    """Yield a table of the follow-ups, without those that the client does not want."""
    words = case.words
    contacts = sorted(case.views(FollowUp), key=lambda one: str(one.record.due))
    wanted = [one for one in contacts if one.record.refused is not True and case.has(one, "due")]
    titles = (
        words.gettext("Day"), words.gettext("What for"), words.gettext("Who gets in touch"),
        words.gettext("How"),
    )  # fmt: skip
    table = PaperTable(_PLAN_FORM, add_titles(share_columns(_PLAN_FORM, 28, 26, 26, 20), titles))
    rows = [
        block
        for one in wanted
        for block in table.row(
            [
                [CellText(_follow_up_day(case, one), _PLAN_STRONG)],
                *([_follow_up_text(case, one, key)] for key in ("kind", "organisation", "method")),
            ]
        )
    ]
    if rows:
        title = setter.section_heading(words.gettext("When we are in touch"))
        head = stack_blocks([title, table.head()])
        yield PaperPart(head, tuple(rows), head)


_WHY_IN_TOUCH: Mapping[str, str] = {
    "regular": N_("How you are"),
    "on_her_request": N_("At your own request"),
    "after_reunification": N_("After coming back to your family"),
    "in_care": N_("About your placement in care"),
    "for_assesment": N_("To review your needs"),
}
"""The purposes of FOLLOW_UP_KIND that speak of the client, in words that speak to her."""


def _follow_up_text(case: PrintedCase, one: RecordView[FollowUp], key: str) -> CellText:
    why = _WHY_IN_TOUCH.get(str(one.record.kind))
    if key == "kind" and key not in one.conflicts and why is not None:
        return CellText(case.words.gettext(why), _PLAN_TEXT)
    return case.text(one, key, _PLAN_TEXT) if case.has(one, key) else CellText("–", _PLAN_SMALL)


def _follow_up_day(case: PrintedCase, one: RecordView[FollowUp]) -> str:
    """Return the day with its weekday; a conflict and a day known to its month stay as they are."""
    due = one.record.due
    said = case.text(one, "due", _PLAN_TEXT).text
    return f"{case.words.weekday(due)} {said}" if isinstance(due, date) else said


def _signatures_part(case: PrintedCase, setter: Composer) -> PaperPart:
    """Compose the signatures; on a page of their own it says again what is signed."""
    words = case.words
    above = setter.page_heading("", words.gettext("Support plan"), _plan_client_code(case))
    small = Style(REGULAR, _PLAN_SIZES.smallest, GREY)
    when = words.gettext("Place and date")
    who = [
        (words.gettext("Your signature"), _plan_client_name(case)),
        (words.gettext("For us"), case.about.by),
    ]
    signers = [[CellText(join_texts(role), _PLAN_SMALL), CellText(when, small)] for role in who]
    block = setter.signatures(signers, 34, per_row=2)
    said = setter.paragraph(words.gettext("We have gone through this together."), _PLAN_TEXT, 4)
    head = setter.section_heading(words.gettext("Agreed"))
    return PaperPart(head, (*said, block), above=above, is_whole=True)


def _goal_of(case: PrintedCase, service: RecordView[Service]) -> RecordView[Goal] | None:
    """Return the goal that a service is for; None without one."""
    wanted = service.record.goal
    return next((goal for goal in case.views(Goal) if goal.rid.hex() == wanted), None)


def _plan_client_code(case: PrintedCase) -> str:
    client = case.first(Client)
    return case.text(client, "code", _PLAN_TEXT).text if case.has(client, "code") else ""


def _plan_client_name(case: PrintedCase) -> str:
    client = case.first(Client)
    names = [case.text(client, key, _PLAN_TEXT).text for key in ("given_name", "family_name")
             if case.has(client, key)]  # fmt: skip
    return join_texts(names, " ")
