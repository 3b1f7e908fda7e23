# SPDX-License-Identifier: GPL-3.0-or-later
"""The cells of rows on Today that lead to Exchange and Contacts, and of states that follow.

Functions only: the page decides in which group a row stands, and where a click leads.
"""

from datetime import date

from kfdesk.domain.message_marks import N_
from kfdesk.i18n.language import Language
from kfdesk.services.directory.networks import SuggestionLine
from kfdesk.services.exchange.erasure import ErasureOrderLine
from kfdesk.services.exchange.notices import WithdrawalCall
from kfdesk.services.exchange.partners import PartnerLine
from kfdesk.services.plans.retention import RetentionLine
from kfdesk.services.today import StateToFollow, TornEntry
from kfdesk.ui.pages.exchange.notices import withdrawn_since
from kfdesk.ui.record_views import state_word
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.table import TableCell

Cells = tuple[TableCell, ...]
NOT_TOLD = N_("no file with it has left: call")
_SENT = N_("sent in a file, not confirmed yet")


def call_cells(each: WithdrawalCall, language: Language) -> Cells:
    """Return whom to tell of which withdrawal, and how far that is."""
    what = language.gettext(N_("Tell {name}: the consent is withdrawn"))
    since = withdrawn_since(each.withdrawn, language)
    return (
        TableCell(each.code or "–", is_strong=True),
        TableCell(what.format(name=each.name or "–"), since),
        _told_cell(language, is_sent=each.is_sent),
    )


def order_cells(orders: tuple[ErasureOrderLine, ...], today: date, language: Language) -> Cells:
    """Return whom to tell of records to be erased, and how far that is."""
    first = orders[0]
    what = language.plural(
        "Tell {name}: {count} record is to be erased",
        "Tell {name}: {count} records are to be erased",
        len(orders),
        name=first.name or "–",
    )
    asked = language.local_time(first.milliseconds).date()
    under = language.gettext(N_("asked on {day}"))
    state = _told_cell(language, is_sent=first.is_sent and first.is_by_file)
    if first.is_overdue and first.deadline is not None:
        words = language.gettext(N_("no answer by {day}: call"))
        day = language.day(first.deadline, year=first.deadline.year != today.year)
        state = TableCell(words.format(day=day), "", "octagon-alert", Tone.DANGER)
    head = TableCell(language.gettext(N_("Exchange")), is_strong=True)
    return head, TableCell(what, under.format(day=language.day(asked, year=True))), state


def _told_cell(language: Language, *, is_sent: bool) -> TableCell:
    if is_sent:
        return TableCell(language.gettext(_SENT), "", "clock", Tone.WARNING)
    return TableCell(language.gettext(NOT_TOLD), "", "phone", Tone.DANGER)


def request_cells(requests: tuple[ErasureOrderLine, ...], language: Language) -> Cells:
    """Return who asks us to erase, and how much."""
    first = requests[0]
    what = language.plural(
        "{name} asks us to erase {count} record",
        "{name} asks us to erase {count} records",
        len(requests),
        name=first.name or "–",
    )
    until = language.day(first.deadline, year=True) if first.deadline is not None else ""
    look = ("octagon-alert", Tone.DANGER) if first.is_overdue else ("trash-2", Tone.WARNING)
    head = TableCell(language.gettext(N_("Exchange")), is_strong=True)
    return head, TableCell(what), TableCell(until, "", *look)


def by_partner(
    lines: tuple[ErasureOrderLine, ...],
) -> tuple[tuple[ErasureOrderLine, ...], ...]:
    """Return orders in groups: one for each partner and moment at which they were made."""
    found: dict[tuple[bytes, int], list[ErasureOrderLine]] = {}
    for one in lines:
        found.setdefault((one.partner, one.milliseconds), []).append(one)
    return tuple(map(tuple, found.values()))


def follow_cells(each: StateToFollow, language: Language) -> Cells:
    """Return that the state of a plan can follow what was recorded."""
    what = language.gettext(N_("The status is still: {state}")).format(
        state=state_word(each.line.state, language)
    )
    under = language.gettext(N_("By what is recorded it is: {state}")).format(
        state=state_word(each.line.stage, language)
    )
    return TableCell(what, under, "list-checks", Tone.WARNING), TableCell()


def torn_cells(each: TornEntry, language: Language) -> Cells:
    """Return an entry of Contacts with values to decide about."""
    what = language.plural(
        "{count} value that two organisations wrote differently",
        "{count} values that two organisations wrote differently",
        each.count,
    )
    head = TableCell(each.name or "–", is_strong=True)
    return head, TableCell(what, icon="git-merge", tone=Tone.WARNING), TableCell()


def suggestion_cells(each: SuggestionLine, language: Language) -> Cells:
    """Return who suggests a change of which entry of ours."""
    words = language.gettext(N_("{name} suggests a change")).format(name=each.by or "–")
    return TableCell(each.name or "–", is_strong=True), TableCell(words), TableCell()


def partner_state(each: PartnerLine, language: Language) -> TableCell:
    """Return what a partner waits for, or what is to be done about its keys; the gravest alone."""
    for is_so, words, icon, tone in (
        (each.offers, N_("has a new key: compare the digits"), "octagon-alert", Tone.DANGER),
        (not each.partner.recipient.is_verified, N_("not verified yet"), "clock", Tone.WARNING),
        (bool(each.missing), N_("files of theirs are missing"), "triangle-alert", Tone.WARNING),
        (not each.knows_us, N_("does not know our new key: send a file"), "send", Tone.WARNING),
        (each.waits or each.owes_receipt, N_("waits for our answer: send a file"), "send",
         Tone.WARNING),
    ):  # fmt: skip
        if is_so:
            return TableCell(language.gettext(words), icon=icon, tone=tone)
    return TableCell()


def retention_cells(each: RetentionLine, language: Language, today: date) -> Cells:
    """Return a plan near the end of its retention: to be reviewed, and erased or kept longer."""
    if each.is_held:
        what = TableCell(language.gettext(N_("Restricted: it must be kept")), icon="lock")
    elif each.until is None:
        over = N_("It is closed, but no retention date is set")
        what = TableCell(language.gettext(over), icon="clock", tone=Tone.WARNING)
    elif each.until < today:
        over = N_("The retention period is over: erase it, or say why not")
        what = TableCell(language.gettext(over), icon="clock", tone=Tone.WARNING)
    else:
        what = TableCell(
            language.gettext(N_("Retention period ends soon: check whether it is still needed"))
        )
    return what, TableCell(language.day(each.until, year=True) if each.until is not None else "")
