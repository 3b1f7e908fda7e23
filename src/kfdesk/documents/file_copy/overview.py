# SPDX-License-Identifier: GPL-3.0-or-later
"""The file copy: its front page, its consents and its decision, and the whole PDF.

`make_file_copy` puts together these parts and those of `journey.py` and `risk.py`. Whether a
consent is valid today was decided before, because the printed fields alone do not tell.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from kfdesk.documents.file_copy.case import PrintedCase, join_texts
from kfdesk.documents.file_copy.goals import goals_part
from kfdesk.documents.file_copy.journey import below_legs_parts, journey_parts, on_the_way_parts
from kfdesk.documents.file_copy.risk import risk_parts
from kfdesk.documents.layout.canvas import PageCanvas
from kfdesk.documents.layout.office import (
    MARK_SIZE,
    STATE_ORDER,
    Block,
    CellText,
    Composer,
    FrameTexts,
    PaperPart,
    PaperTable,
    StatusMark,
    add_titles,
    draw_state_track,
    frame_pages,
    share_columns,
    stack_blocks,
)
from kfdesk.documents.layout.style import (
    GREY,
    INK,
    OFFICE,
    REGULAR,
    SEMIBOLD,
    Item,
    PageFormat,
    Style,
)
from kfdesk.documents.typesetting import Typesetter
from kfdesk.domain.codes.core import PLAN_STATE, PaperRequest
from kfdesk.domain.consent import WithheldReason, consent_last_day
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.message_marks import N_
from kfdesk.domain.papers import PrintContext
from kfdesk.domain.records.case import Approval, Transition
from kfdesk.domain.records.client import Client, Consent
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import RecordView
from kfdesk.domain.values import MissingAnswer, ZonedTime
from kfdesk.domain.workflow.decision import fold_child_gates
from kfdesk.domain.workflow.gates import NEXT_STATES, Gate, GateAnswer
from kfdesk.i18n.phrases import gate_label, gate_sentence, short_day_text

_GATE_MARKS: Mapping[GateAnswer, StatusMark] = {
    GateAnswer.MET: StatusMark.MET,
    GateAnswer.NOT_MET: StatusMark.OPEN,
    GateAnswer.OVERRIDDEN: StatusMark.ASIDE,
    GateAnswer.NOT_APPLICABLE: StatusMark.NONE,
}
_GATE_WORDS: Mapping[GateAnswer, str] = {
    GateAnswer.MET: N_("met"),
    GateAnswer.NOT_MET: N_("open"),
    GateAnswer.OVERRIDDEN: N_("set aside"),
    GateAnswer.NOT_APPLICABLE: N_("does not apply"),
}
_GATE_COUNTS: Mapping[GateAnswer, str] = {
    GateAnswer.MET: N_("met: {count}"),
    GateAnswer.NOT_MET: N_("open: {count}"),
    GateAnswer.OVERRIDDEN: N_("set aside: {count}"),
    GateAnswer.NOT_APPLICABLE: N_("do not apply: {count}"),
}


# --- front page


def front_page_parts(case: PrintedCase, form: PageFormat) -> Iterator[PaperPart]:
    """Yield the parts of the first page, down to the gates."""
    setter = Composer(form, form.margin, form.measure)
    head = setter.page_heading(case.words.gettext("Return plan"), _front_title(case))
    yield PaperPart(stack_blocks([head, _plan_facts(case, setter)], gap=7))
    yield PaperPart(
        setter.section_heading(case.words.gettext("Status"), _status_text(case)),
        (_state_track(case, form),),
    )
    if case.about.gates:
        yield _gates_part(case, setter)


def client_name(case: PrintedCase) -> str:
    """Return the client's name as far as it is known, else the alias."""
    client = case.first(Client)
    if client is None:
        return ""
    record = client.record
    names = [n for n in (record.given_name, record.family_name) if isinstance(n, str)]
    alias = record.alias if isinstance(record.alias, str) else ""
    return " ".join(names) or alias


def client_code(case: PrintedCase) -> str:
    """Return the client's code."""
    client = case.first(Client)
    return str(client.record.code) if client and isinstance(client.record.code, str) else ""


def state_days(case: PrintedCase) -> Mapping[str, date]:
    """Return the day on which each state up to the current one was last entered."""
    steps = [
        (step.record.happened.utc, step.record.happened.wall.date(), str(step.record.to_state))
        for step in case.views(Transition)
        if isinstance(step.record.happened, ZonedTime)
    ]
    plan = case.first(Plan)
    entered: dict[str, date] = {}
    if plan is not None and isinstance(plan.record.opened, date):
        entered["draft"] = plan.record.opened
    for _, day, state in sorted(steps):
        if state in STATE_ORDER:
            place = STATE_ORDER.index(state)
            entered = {key: on for key, on in entered.items() if STATE_ORDER.index(key) < place}
            entered[state] = day
    approved = [day for day in map(_approval_day, _approvals(case)) if day is not None]
    if approved and "approved" not in entered and _has_reached(case, "approved"):
        entered["approved"] = approved[-1]
    return entered


def _approval_day(approval: RecordView[Approval]) -> date | None:
    given = approval.record.given
    return given.wall.date() if isinstance(given, ZonedTime) else None


def _has_reached(case: PrintedCase, state: str) -> bool:
    """Return whether the plan is in this state of its track, or in a later one."""
    here = case.state
    return here in STATE_ORDER and STATE_ORDER.index(here) >= STATE_ORDER.index(state)


def _front_title(case: PrintedCase) -> str:
    return join_texts([client_code(case), client_name(case)])


def _plan_facts(case: PrintedCase, setter: Composer) -> Block:
    words, strong = case.words, Style(SEMIBOLD, setter.form.sizes.place)
    plan, nobody = case.first(Plan), words.gettext("no one yet")
    facts = [
        (words.gettext("From – to"), _countries_text(case, strong)),
        (words.gettext("Coordinator"), case.text(plan, "owner", strong, nobody)),
        (words.gettext("Partner"), case.text(plan, "receiver", strong, nobody)),
        (words.gettext("Languages"), _languages_text(case, strong)),
    ]
    return setter.facts(facts, share_columns(setter.form, 31, 17, 21, 31, gap=12))


def _countries_text(case: PrintedCase, style: Style) -> CellText:
    plan = case.first(Plan)
    keys = [key for key in ("from_country", "to_country") if case.has(plan, key)]
    if not keys:
        return case.blank(style)
    way = " – ".join(case.text(plan, key, style).text for key in keys)
    place = case.text(plan, "to_place", style).text if case.has(plan, "to_place") else ""
    return CellText(f"{way} ({place})" if place else way, style)


def _languages_text(case: PrintedCase, style: Style) -> CellText:
    client = case.first(Client)
    said = case.text(client, "languages", style)
    needs = client.record.needs_interpreter if client else None
    if client is not None and "needs_interpreter" in client.conflicts:
        return CellText(
            join_texts([said.text, case.text(client, "needs_interpreter", style).text]), style
        )
    if needs is None or isinstance(needs, MissingAnswer):
        interpreter = case.words.gettext("interpreter: not known")
    elif needs:
        interpreter = case.words.gettext("interpreter needed")
    else:
        interpreter = case.words.gettext("no interpreter needed")
    return CellText(f"{said.text}; {interpreter}", said.style)


def _status_text(case: PrintedCase) -> str:
    plan, state = case.first(Plan), case.state
    if state is None:
        return case.text(plan, "state", Style(REGULAR, 1)).text
    word = case.words.gettext(PLAN_STATE[state]) if state in PLAN_STATE else state
    since = _state_since(case, state)
    if since is None:
        return word
    day = case.words.day(since, year=True)
    return case.words.gettext("{state} since {day}").format(state=word, day=day)


def _state_since(case: PrintedCase, state: str) -> date | None:
    if state in STATE_ORDER:
        return state_days(case).get(state)
    ends = [
        step.record.happened.wall.date()
        for step in case.views(Transition)
        if step.record.to_state == state and isinstance(step.record.happened, ZonedTime)
    ]
    return max(ends, default=None)


def _state_track(case: PrintedCase, form: PageFormat) -> Block:
    entered, state = state_days(case), case.state
    if state in STATE_ORDER:
        at = STATE_ORDER.index(state)
    else:  # the plan ended early or its state is in conflict: show the last certain state
        at = max((STATE_ORDER.index(key) for key in entered), default=0)
    return draw_state_track(form, case.words, at, entered)


def _gates_part(case: PrintedCase, setter: Composer) -> PaperPart:
    words, gates = case.words, fold_child_gates(case.about.gates)
    target = next(iter(NEXT_STATES.get(case.state or "", ())), "")
    title = words.gettext("Conditions for the next step")
    if target in PLAN_STATE:
        title = words.gettext("Conditions for the next step: {state}").format(
            state=words.gettext(PLAN_STATE[target]).lower()
        )
    counts = {answer: sum(g.answer is answer for g in gates) for answer in _GATE_COUNTS}
    note = join_texts(
        [words.gettext(_GATE_COUNTS[a]).format(count=count) for a, count in counts.items() if count]
    )
    left, right = share_columns(setter.form, 51, 49, left=MARK_SIZE + 6, gap=14)
    table = PaperTable(setter.form, (left, replace(right, align="right")), pad=2.9)
    rows = [block for gate in gates for block in _gate_row(case, table, gate)]
    shapes = [(_GATE_MARKS[answer], words.gettext(word)) for answer, word in _GATE_WORDS.items()]
    again = setter.section_heading(title)
    return PaperPart(setter.section_heading(title, note), (*rows, setter.legend(shapes)), again)


def _gate_row(case: PrintedCase, table: PaperTable, gate: Gate) -> list[Block]:
    size = table.form.sizes.text
    label = gate_label(gate.code, case.words)
    is_to_read = gate.answer in (GateAnswer.NOT_MET, GateAnswer.OVERRIDDEN)
    name = Style(SEMIBOLD if is_to_read else REGULAR, size)
    why = Style(REGULAR, table.form.sizes.note, INK if is_to_read else GREY)
    cells = [[CellText(label, name)], [CellText(_gate_reason(case, gate), why)]]
    return table.row(cells, _GATE_MARKS[gate.answer], 0)


def _gate_reason(case: PrintedCase, gate: Gate) -> str:
    """Return why a gate is open, or who overrode it and why; else its state's name."""
    if gate.answer is GateAnswer.OVERRIDDEN:
        return _override_reason(case, gate)
    return gate_sentence(gate, case.words) or case.words.gettext(_GATE_WORDS[gate.answer])


def _override_reason(case: PrintedCase, gate: Gate) -> str:
    found = [
        seen
        for seen in case.views(Approval)
        if seen.record.kind == "override" and seen.record.gate == gate.code
        if isinstance(seen.record.given_by, str)
    ]
    if not found:
        return case.words.gettext(_GATE_WORDS[gate.answer])
    newest = max(found, key=lambda seen: str(seen.record.given))
    said = case.words.gettext("set aside {day} by {name}: {reason}")
    style = Style(REGULAR, 1)
    return said.format(
        day=case.day(newest.record.given),
        name=newest.record.given_by,
        reason=case.text(newest, "reason", style).text,
    )


ConsentView = RecordView[Consent]


# --- consents and decision


def consent_parts(case: PrintedCase, setter: Composer) -> Iterator[PaperPart]:
    """Yield the consents in force, and the decision with signature lines."""
    words = case.words
    standing = [seen for seen in _consents(case) if _why_not_valid(case, seen) is None]
    title = words.gettext("Consents in force")
    if standing:
        yield _consent_part(case, setter, title, standing)
    else:
        text = words.gettext("No consent is in force today: nothing may be shared.")
        style = Style(SEMIBOLD, setter.form.sizes.text)
        yield PaperPart(setter.section_heading(title), tuple(setter.paragraph(text, style, drop=5)))
    yield from _decision_part(case, setter)


def ended_consent_parts(case: PrintedCase, setter: Composer) -> Iterator[PaperPart]:
    """Yield the consents that are not in force, each with the reason."""
    others = [seen for seen in _consents(case) if _why_not_valid(case, seen) is not None]
    if others:
        title = case.words.gettext("Consents that are not in force")
        yield _consent_part(case, setter, title, others)


def _consents(case: PrintedCase) -> list[ConsentView]:
    """Return the consents, the newest first, so that today's are on top."""
    return sorted(case.views(Consent), key=lambda seen: str(seen.record.given), reverse=True)


def _why_not_valid(case: PrintedCase, seen: ConsentView) -> str | None:
    """Return why a consent is not valid now, as text; None if it is valid."""
    words, reason = case.words, case.about.shut.get(seen.rid, WithheldReason.NO_CONSENT)
    if reason is None:
        return None
    if reason is WithheldReason.CONFLICT:
        return words.gettext("two values, not yet decided")
    if reason is WithheldReason.WITHDRAWN:
        return words.gettext("withdrawn {day}").format(day=_short_day(case, seen.record.withdrawn))
    if reason is WithheldReason.EXPIRED:
        return words.gettext("ended {day}").format(
            day=_short_day(case, consent_last_day(seen.record))
        )
    if reason is WithheldReason.INCOMPLETE:
        return words.gettext("not complete")
    return words.gettext("not given yet")


def _short_day(case: PrintedCase, value: object) -> str:
    day = value.wall.date() if isinstance(value, ZonedTime) else value
    return short_day_text(day, case.words)


def _consent_part(
    case: PrintedCase, setter: Composer, title: str, consents: Sequence[ConsentView]
) -> PaperPart:
    words = case.words
    titles = (
        words.gettext("Purpose"), words.gettext("Recipient"), words.gettext("Covers"),
        words.gettext("Last day"),
    )  # fmt: skip
    table = PaperTable(
        setter.form, add_titles(share_columns(setter.form, 30, 17, 32, 24), titles), pad=3.6
    )
    common = {_consent_origin(case, seen) for seen in consents}
    note = common.pop() if len(common) == 1 else ""
    rows = [
        block for seen in consents for block in _consent_row(case, table, seen, is_short=bool(note))
    ]
    head = stack_blocks([setter.section_heading(title, note), table.head()])
    return PaperPart(head, tuple(rows), head)


def _consent_row(
    case: PrintedCase, table: PaperTable, seen: ConsentView, *, is_short: bool
) -> list[Block]:
    sizes = table.form.sizes
    text, small = Style(REGULAR, sizes.text), Style(REGULAR, sizes.caption, GREY)
    covers = Style(REGULAR, sizes.note)
    end = consent_last_day(seen.record)
    last = [CellText(case.day(end), text)] if end and not seen.conflicts else []
    if not last:
        last = [case.text(seen, "expires", text)]
    shut = _why_not_valid(case, seen)
    if shut is not None:
        last.append(CellText(shut, Style(SEMIBOLD, sizes.caption)))
    given = [
        CellText(said, small) for said in (_consent_origin(case, seen),) if said and not is_short
    ]
    withheld = []
    if case.has(seen, "withheld"):
        but = case.words.gettext("not: {what}")
        withheld = [CellText(but.format(what=case.text(seen, "withheld", covers).text), small)]
    cells = [
        [case.text(seen, "purpose", text), *given],
        [case.text(seen, "recipient", text)],
        [case.text(seen, "groups", covers), *withheld],
        last,
    ]
    return table.row(cells)


def _consent_origin(case: PrintedCase, seen: ConsentView) -> str:
    """Return who consented, when and in which language, as text."""
    small = Style(REGULAR, 1)
    keys = [key for key in ("given_by", "language") if case.has(seen, key)]
    said = [case.text(seen, key, small).text for key in keys]
    return join_texts([case.day(seen.record.given), *said], ", ")


def _decision_part(case: PrintedCase, setter: Composer) -> Iterator[PaperPart]:
    words, plan, sizes = case.words, case.first(Plan), setter.form.sizes
    strong = Style(SEMIBOLD, sizes.place)
    wish = case.text(plan, "wish", strong)
    stated = case.day(plan.record.wish_stated) if plan else ""
    again = case.day(plan.record.wish_reconfirmed) if plan else ""
    asked = words.gettext("asked again {day}").format(day=again) if again else ""
    wished = join_texts([wish.text, stated, asked], ", ")
    own_wish = CellText(wished, wish.style, is_blank=wish.is_blank)
    facts = [
        (words.gettext("Her own wish"), own_wish),
        (words.gettext("She signed"), _signed_text(case, strong)),
        (words.gettext("Approved by"), _approved_text(case, strong)),
    ]
    block = setter.facts(facts, share_columns(setter.form, 38, 28, 34, gap=14))
    signing = setter.signatures(_signers(case, setter), room=27)
    yield PaperPart(
        setter.section_heading(words.gettext("Decision")),
        (Block((), 6), block, signing),
        is_whole=True,
    )


def _signed_text(case: PrintedCase, style: Style) -> CellText:
    plan = case.first(Plan)
    signed = case.text(plan, "decision_signed", style)
    if not case.has(plan, "decision_language") or signed.is_blank:
        return signed
    language = case.text(plan, "decision_language", style).text
    return CellText(join_texts([signed.text, language], ", "), signed.style)


def _approvals(case: PrintedCase) -> list[RecordView[Approval]]:
    """Return the approved decisions, the newest last."""
    found = [
        seen
        for seen in case.views(Approval)
        if seen.record.kind == "decision" and isinstance(seen.record.given_by, str)
    ]
    return sorted(found, key=lambda seen: str(seen.record.given))


def _approved_text(case: PrintedCase, style: Style) -> CellText:
    found = _approvals(case)
    if not found:
        return CellText(
            case.words.gettext("no one yet"), Style(REGULAR, style.size, GREY), is_blank=True
        )
    newest = found[-1]
    name = case.text(newest, "given_by", style)
    return CellText(join_texts([name.text, case.day(newest.record.given)], ", "), name.style)


def _signers(case: PrintedCase, setter: Composer) -> list[list[CellText]]:
    words, sizes = case.words, setter.form.sizes
    strong, small = Style(REGULAR, sizes.caption, GREY), Style(REGULAR, sizes.smallest, GREY)
    plan, approved = case.first(Plan), _approvals(case)
    owner = plan.record.owner if plan and isinstance(plan.record.owner, str) else ""
    approver = str(approved[-1].record.given_by) if approved else ""
    roles = (
        (words.gettext("Client"), client_name(case)),
        (words.gettext("Coordinator"), owner),
        (words.gettext("Approver"), approver),
    )
    when = words.gettext("Place and date")
    return [[CellText(join_texts(role), strong), CellText(when, small)] for role in roles]


_COPY_FORM = OFFICE


# --- PDF


def make_file_copy(
    order: PaperRequest, what: Disclosed, about: PrintContext, press: Typesetter
) -> bytes:
    """Make the file copy as a PDF, in the ordered language; same plan, same bytes.

    Raise KfdeskError `documents.no_letter` if the fonts lack a letter, or `documents.too_much`
    for a single row that no page can hold.
    """
    canvas = PageCanvas(_COPY_FORM, order.language, press.icon)
    for page in file_copy_pages(order, what, about, press):
        canvas.put(page)
        canvas.end_page()
    return canvas.pdf()


def file_copy_pages(
    order: PaperRequest, what: Disclosed, about: PrintContext, press: Typesetter
) -> list[list[Item]]:
    """Return the items of each page. Raise KfdeskError `documents.too_much`."""
    case = PrintedCase(what, about, press.program(order.language))
    return list(frame_pages(_file_copy_parts(case), _frame_texts(case), _COPY_FORM, case.words))


def _file_copy_parts(case: PrintedCase) -> Iterator[PaperPart]:
    setter = Composer(_COPY_FORM, _COPY_FORM.margin, _COPY_FORM.measure)
    yield from front_page_parts(case, _COPY_FORM)
    yield from consent_parts(case, setter)
    yield from journey_parts(case, setter)
    yield from below_legs_parts(case, setter)
    yield from risk_parts(case, setter)
    yield from goals_part(case, setter)
    yield from on_the_way_parts(case, setter)
    yield from ended_consent_parts(case, setter)


def _frame_texts(case: PrintedCase) -> FrameTexts:
    words, about = case.words, case.about
    name = words.gettext("File copy, not to travel")
    what, _, never = name.partition(", ")
    made = words.gettext("Plan {code}, printed {day} at {time} by {name}")
    return FrameTexts(
        band=f"{what} · {never}".upper(),
        copy=words.gettext("Copy no. {number} · kept locked").format(number=about.number),
        across=(never or what).upper(),
        made=made.format(
            code=client_code(case),
            day=words.day(about.at.date(), year=True),
            time=words.clock(about.at),
            name=about.by,
        ),
    )
