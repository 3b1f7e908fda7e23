# SPDX-License-Identifier: GPL-3.0-or-later
"""The first page of a file copy: whose plan it is, where it stands, what the next step waits for.

The sentences of the gates are those of the window, in the reader's language. Knows no store.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from kfdesk.documents.cabinet.blocks import Block, Part, stacked
from kfdesk.documents.cabinet.marks import SIZE, Mark
from kfdesk.documents.cabinet.parts import Setter
from kfdesk.documents.cabinet.table import Table, Text, across
from kfdesk.documents.cabinet.track import ROAD, track
from kfdesk.documents.drawing.type_scale import GREY, INK, REGULAR, SEMIBOLD, Format, Style
from kfdesk.documents.file_copy.case import Case, joined
from kfdesk.domain.codes import PLAN_STATE
from kfdesk.domain.gates.gate import Answer, Gate
from kfdesk.domain.gates.states import NEXT
from kfdesk.domain.records.case.approval import Approval
from kfdesk.domain.records.case.transition import Transition
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.schema import N_
from kfdesk.domain.values import Gap, Moment
from kfdesk.i18n.gates import gate_label, gate_sentence

_MARKS: Mapping[Answer, Mark] = {
    Answer.MET: Mark.MET,
    Answer.NOT_MET: Mark.OPEN,
    Answer.OVERRIDDEN: Mark.ASIDE,
    Answer.NOT_APPLICABLE: Mark.NONE,
}
_WORDS: Mapping[Answer, str] = {
    Answer.MET: N_("met"),
    Answer.NOT_MET: N_("open"),
    Answer.OVERRIDDEN: N_("set aside"),
    Answer.NOT_APPLICABLE: N_("does not apply"),
}
_COUNTS: Mapping[Answer, str] = {
    Answer.MET: N_("met: {count}"),
    Answer.NOT_MET: N_("open: {count}"),
    Answer.OVERRIDDEN: N_("set aside: {count}"),
    Answer.NOT_APPLICABLE: N_("do not apply: {count}"),
}


def front(case: Case, form: Format) -> Iterator[Part]:
    """The parts of the first page down to the gates."""
    setter = Setter(form, form.margin, form.measure)
    head = setter.page_head(case.words.gettext("Return plan"), _title(case))
    yield Part(stacked([head, _facts(case, setter)], gap=7))
    yield Part(setter.head(case.words.gettext("Status"), _status(case)), (_track(case, form),))
    if case.about.gates:
        yield _gates(case, setter)


def person(case: Case) -> str:
    """The client's name, as far as it is known; else the alias."""
    client = case.first(Client)
    if client is None:
        return ""
    record = client.record
    names = [n for n in (record.given_name, record.family_name) if isinstance(n, str)]
    alias = record.alias if isinstance(record.alias, str) else ""
    return " ".join(names) or alias


def code(case: Case) -> str:
    """The client's code."""
    client = case.first(Client)
    return str(client.record.code) if client and isinstance(client.record.code, str) else ""


def days(case: Case) -> Mapping[str, date]:
    """On which day each state on the road to where the plan stands was last entered."""
    steps = [
        (step.record.happened.utc, step.record.happened.wall.date(), str(step.record.to_state))
        for step in case.views(Transition)
        if isinstance(step.record.happened, Moment)
    ]
    plan = case.first(Plan)
    entered: dict[str, date] = {}
    if plan is not None and isinstance(plan.record.opened, date):
        entered["draft"] = plan.record.opened
    for _, day, state in sorted(steps):
        if state in ROAD:
            place = ROAD.index(state)
            entered = {key: on for key, on in entered.items() if ROAD.index(key) < place}
            entered[state] = day
    return entered


def _title(case: Case) -> str:
    return joined([code(case), person(case)])


def _facts(case: Case, setter: Setter) -> Block:
    words, strong = case.words, Style(SEMIBOLD, setter.form.sizes.place)
    plan, nobody = case.first(Plan), words.gettext("nobody yet")
    facts = [
        (words.gettext("From – to"), _way(case, strong)),
        (words.gettext("Coordinator"), case.text(plan, "owner", strong, nobody)),
        (words.gettext("Partner"), case.text(plan, "receiver", strong, nobody)),
        (words.gettext("Languages"), _languages(case, strong)),
    ]
    return setter.facts(facts, across(setter.form, 31, 17, 21, 31, gap=12))


def _way(case: Case, style: Style) -> Text:
    plan = case.first(Plan)
    keys = [key for key in ("from_country", "to_country") if case.has(plan, key)]
    if not keys:
        return case.blank(style)
    way = " – ".join(case.text(plan, key, style).text for key in keys)
    place = case.text(plan, "to_place", style).text if case.has(plan, "to_place") else ""
    return Text(f"{way} ({place})" if place else way, style)


def _languages(case: Case, style: Style) -> Text:
    client = case.first(Client)
    said = case.text(client, "languages", style)
    needs = client.record.needs_interpreter if client else None
    if client is not None and "needs_interpreter" in client.conflicts:
        return Text(joined([said.text, case.text(client, "needs_interpreter", style).text]), style)
    if needs is None or isinstance(needs, Gap):
        interpreter = case.words.gettext("interpreter: not known")
    elif needs:
        interpreter = case.words.gettext("interpreter needed")
    else:
        interpreter = case.words.gettext("no interpreter needed")
    return Text(f"{said.text}; {interpreter}", said.style)


def _status(case: Case) -> str:
    plan, state = case.first(Plan), case.state
    if state is None:
        return case.text(plan, "state", Style(REGULAR, 1)).text
    word = case.words.gettext(PLAN_STATE[state]) if state in PLAN_STATE else state
    since = _since(case, state)
    if since is None:
        return word
    day = case.words.day(since, year=True)
    return case.words.gettext("{state} since {day}").format(state=word, day=day)


def _since(case: Case, state: str) -> date | None:
    if state in ROAD:
        return days(case).get(state)
    ends = [
        step.record.happened.wall.date()
        for step in case.views(Transition)
        if step.record.to_state == state and isinstance(step.record.happened, Moment)
    ]
    return max(ends, default=None)


def _track(case: Case, form: Format) -> Block:
    entered, state = days(case), case.state
    if state in ROAD:
        at = ROAD.index(state)
    else:  # it ended on the way, or nobody has decided: where it was last for certain
        at = max((ROAD.index(key) for key in entered), default=0)
    return track(form, case.words, at, entered)


def _gates(case: Case, setter: Setter) -> Part:
    words, gates = case.words, case.about.gates
    target = next(iter(NEXT.get(case.state or "", ())), "")
    title = words.gettext("Conditions for the next step")
    if target in PLAN_STATE:
        title = words.gettext("Conditions for the next step: {state}").format(
            state=words.gettext(PLAN_STATE[target]).lower()
        )
    counts = {answer: sum(g.answer is answer for g in gates) for answer in _COUNTS}
    note = joined(
        [words.gettext(_COUNTS[a]).format(count=count) for a, count in counts.items() if count]
    )
    left, right = across(setter.form, 51, 49, left=SIZE + 6, gap=14)
    table = Table(setter.form, (left, replace(right, align="right")), pad=2.9)
    rows = [block for gate in gates for block in _gate(case, table, gate)]
    shapes = [(_MARKS[answer], words.gettext(word)) for answer, word in _WORDS.items()]
    again = setter.head(title)
    return Part(setter.head(title, note), (*rows, setter.legend(shapes)), again)


def _gate(case: Case, table: Table, gate: Gate) -> list[Block]:
    size = table.form.sizes.text
    label = gate_label(gate.code, case.words)
    is_to_read = gate.answer in (Answer.NOT_MET, Answer.OVERRIDDEN)
    name = Style(SEMIBOLD if is_to_read else REGULAR, size)
    why = Style(REGULAR, table.form.sizes.note, INK if is_to_read else GREY)
    cells = [[Text(label, name)], [Text(_reason(case, gate), why)]]
    return table.row(cells, _MARKS[gate.answer], 0)


def _reason(case: Case, gate: Gate) -> str:
    """Why a gate is open, or who set it aside and why; else the word for its state."""
    if gate.answer is Answer.OVERRIDDEN:
        return _set_aside(case, gate)
    return gate_sentence(gate, case.words) or case.words.gettext(_WORDS[gate.answer])


def _set_aside(case: Case, gate: Gate) -> str:
    found = [
        seen
        for seen in case.views(Approval)
        if seen.record.kind == "override" and seen.record.gate == gate.code
        if isinstance(seen.record.given_by, str)
    ]
    if not found:
        return case.words.gettext(_WORDS[gate.answer])
    newest = max(found, key=lambda seen: str(seen.record.given))
    said = case.words.gettext("set aside {day} by {name}: {reason}")
    style = Style(REGULAR, 1)
    return said.format(
        day=case.day(newest.record.given),
        name=newest.record.given_by,
        reason=case.text(newest, "reason", style).text,
    )
