# SPDX-License-Identifier: GPL-3.0-or-later
"""What was agreed and decided: consents, those that ended apart, the decision, who signs.

Whether a consent stands today was asked before: what is printed of it is not enough to tell.
"""

from collections.abc import Iterator, Sequence

from kfdesk.documents.cabinet.blocks import Block, Part, stacked
from kfdesk.documents.cabinet.parts import Setter
from kfdesk.documents.cabinet.table import Table, Text, across, titled
from kfdesk.documents.drawing.type_scale import GREY, REGULAR, SEMIBOLD, Style
from kfdesk.documents.file_copy.case import Case, joined
from kfdesk.documents.file_copy.front import person
from kfdesk.domain.consents.standing import Reason, last_day
from kfdesk.domain.records.case.approval import Approval
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import View

Seen = View[Consent]


def agreed(case: Case, setter: Setter) -> Iterator[Part]:
    """Consents in force, and the decision with lines to sign on."""
    words = case.words
    standing = [seen for seen in _consents(case) if _shut(case, seen) is None]
    title = words.gettext("Consents in force")
    if standing:
        yield _consent_part(case, setter, title, standing)
    else:
        text = words.gettext("No consent is in force today: nothing may be shared.")
        style = Style(SEMIBOLD, setter.form.sizes.text)
        yield Part(setter.head(title), tuple(setter.paragraph(text, style, drop=5)))
    yield from _decision(case, setter)


def ended(case: Case, setter: Setter) -> Iterator[Part]:
    """Consents that are not in force, each with why."""
    others = [seen for seen in _consents(case) if _shut(case, seen) is not None]
    if others:
        title = case.words.gettext("Consents that are not in force")
        yield _consent_part(case, setter, title, others)


def _consents(case: Case) -> list[Seen]:
    """The newest first, so that what counts today stands on top."""
    return sorted(case.views(Consent), key=lambda seen: str(seen.record.given), reverse=True)


def _shut(case: Case, seen: Seen) -> str | None:
    """Why a consent does not stand now, in words; None if it does."""
    words, reason = case.words, case.about.shut.get(seen.rid, Reason.NO_CONSENT)
    if reason is None:
        return None
    if reason is Reason.CONFLICT:
        return words.gettext("two values, not decided")
    if reason is Reason.WITHDRAWN:
        return words.gettext("withdrawn {day}").format(day=case.day(seen.record.withdrawn))
    if reason is Reason.EXPIRED:
        return words.gettext("ended {day}").format(day=case.day(last_day(seen.record)))
    if reason is Reason.INCOMPLETE:
        return words.gettext("not complete")
    return words.gettext("not given yet")


def _consent_part(case: Case, setter: Setter, title: str, consents: Sequence[Seen]) -> Part:
    words = case.words
    titles = (
        words.gettext("Purpose"), words.gettext("Recipient"), words.gettext("Covers"),
        words.gettext("Last day"),
    )  # fmt: skip
    table = Table(setter.form, titled(across(setter.form, 32, 22, 30, 20), titles), pad=3.6)
    common = {_given(case, seen) for seen in consents}
    note = common.pop() if len(common) == 1 else ""
    rows = [block for seen in consents for block in _row(case, table, seen, is_short=bool(note))]
    head = stacked([setter.head(title, note), table.head()])
    return Part(head, tuple(rows), head)


def _row(case: Case, table: Table, seen: Seen, *, is_short: bool) -> list[Block]:
    sizes = table.form.sizes
    text, small = Style(REGULAR, sizes.text), Style(REGULAR, sizes.caption, GREY)
    covers = Style(REGULAR, sizes.note)
    end = last_day(seen.record)
    last = [Text(case.day(end), text)] if end and not seen.conflicts else []
    if not last:
        last = [case.text(seen, "expires", text)]
    shut = _shut(case, seen)
    if shut is not None:
        last.append(Text(shut, Style(SEMIBOLD, sizes.caption)))
    given = [Text(said, small) for said in (_given(case, seen),) if said and not is_short]
    withheld = []
    if case.has(seen, "withheld"):
        but = case.words.gettext("not: {what}")
        withheld = [Text(but.format(what=case.text(seen, "withheld", covers).text), small)]
    cells = [
        [case.text(seen, "purpose", text), *given],
        [case.text(seen, "recipient", text)],
        [case.text(seen, "groups", covers), *withheld],
        last,
    ]
    return table.row(cells)


def _given(case: Case, seen: Seen) -> str:
    """By whom, when and in which language she agreed."""
    small = Style(REGULAR, 1)
    keys = [key for key in ("given_by", "language") if case.has(seen, key)]
    said = [case.text(seen, key, small).text for key in keys]
    return joined([case.day(seen.record.given), *said], ", ")


def _decision(case: Case, setter: Setter) -> Iterator[Part]:
    words, plan, sizes = case.words, case.first(Plan), setter.form.sizes
    strong = Style(SEMIBOLD, sizes.place)
    wish = case.text(plan, "wish", strong)
    stated = case.day(plan.record.wish_stated) if plan else ""
    again = case.day(plan.record.wish_reconfirmed) if plan else ""
    asked = words.gettext("asked again {day}").format(day=again) if again else ""
    facts = [
        (words.gettext("Her own wish"), Text(joined([wish.text, stated, asked], ", "), wish.style,
                                             is_blank=wish.is_blank)),
        (words.gettext("She signed"), _signed(case, strong)),
        (words.gettext("Approved by"), _approved(case, strong)),
    ]  # fmt: skip
    block = setter.facts(facts, across(setter.form, 38, 28, 34, gap=14))
    signing = setter.signatures(_signers(case, setter), room=27)
    yield Part(
        setter.head(words.gettext("Decision")), (Block((), 6), block, signing), is_whole=True
    )


def _signed(case: Case, style: Style) -> Text:
    plan = case.first(Plan)
    signed = case.text(plan, "decision_signed", style)
    if not case.has(plan, "decision_language") or signed.is_blank:
        return signed
    language = case.text(plan, "decision_language", style).text
    return Text(joined([signed.text, language], ", "), signed.style)


def _approvals(case: Case) -> list[View[Approval]]:
    """Decisions that somebody has approved, the newest last."""
    found = [
        seen
        for seen in case.views(Approval)
        if seen.record.kind == "decision" and isinstance(seen.record.given_by, str)
    ]
    return sorted(found, key=lambda seen: str(seen.record.given))


def _approved(case: Case, style: Style) -> Text:
    found = _approvals(case)
    if not found:
        return Text(
            case.words.gettext("nobody yet"), Style(REGULAR, style.size, GREY), is_blank=True
        )
    newest = found[-1]
    name = case.text(newest, "given_by", style)
    return Text(joined([name.text, case.day(newest.record.given)], ", "), name.style)


def _signers(case: Case, setter: Setter) -> list[list[Text]]:
    words, sizes = case.words, setter.form.sizes
    strong, small = Style(REGULAR, sizes.caption, GREY), Style(REGULAR, sizes.smallest, GREY)
    plan, approved = case.first(Plan), _approvals(case)
    owner = plan.record.owner if plan and isinstance(plan.record.owner, str) else ""
    approver = str(approved[-1].record.given_by) if approved else ""
    roles = (
        (words.gettext("Client"), person(case)),
        (words.gettext("Coordinator"), owner),
        (words.gettext("Approver"), approver),
    )
    when = words.gettext("Place and date")
    return [[Text(joined(role), strong), Text(when, small)] for role in roles]
