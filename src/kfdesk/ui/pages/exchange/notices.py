# SPDX-License-Identifier: GPL-3.0-or-later
"""Notices to partners and requests of theirs: withdrawals of consent, and requests to erase.

One request to erase a client is many orders, one for each record; here they are one line for
each partner. A line for a telephone call can record that call. A request of a partner is
answered with the next file; the service refuses to erase what the law requires to keep, and
the card says so.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kfdesk.domain.accounts import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import ERASURE_REASONS
from kfdesk.domain.message_marks import N_
from kfdesk.domain.values import ZonedTime
from kfdesk.i18n.language import Language
from kfdesk.services.client_erasure import erase_as_asked
from kfdesk.services.core.authorization import READ_RIGHTS
from kfdesk.services.core.history import sequence_number
from kfdesk.services.core.session import Changes, Session
from kfdesk.services.exchange import erasure, notices
from kfdesk.services.exchange.erasure import ERASURE_READ_RIGHTS, ErasureOrderLine
from kfdesk.services.exchange.notices import ReceivedWithdrawal, WithdrawalCall
from kfdesk.services.exchange.outbox import Parcel
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.erasure_proof import ErasureProofFields
from kfdesk.ui.pages.exchange.previews import (
    WithdrawalText,
    read_with_code,
    records_text,
)
from kfdesk.ui.record_views import type_word
from kfdesk.ui.tokens import GRID, Tone
from kfdesk.ui.translator import Message, MessageFunction
from kfdesk.ui.widgets.build import column, extend, muted, panel, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import Banner, CardFrame, ShortList, clear_layout, show_fault_in

# --- withdrawals

_ERASURE = "request_erasure"


class OutgoingNoticesCard(CardFrame):
    """The notices that a file carries beside its records, shown before it is made."""

    def __init__(self, kit: UiContext, parcel: Parcel, lines: Sequence[WithdrawalText]) -> None:
        super().__init__()
        self.add_heading(kit, N_("Notices in this file"), "ban", Tone.WARNING)
        for one in lines:
            extend(self.body, text(kit, _withdrawal_line(one)))
        for words in _store_notices(parcel):
            extend(self.body, text(kit, words))
        if lines:
            words = N_(
                "This notice contains no other client data. Each file repeats it until "
                "the partner has confirmed it."
            )
            extend(self.body, muted(kit, words))


def _store_notices(parcel: Parcel) -> Iterator[str]:
    """Yield what a file says about the state of both stores."""
    if parcel.is_anew:
        yield N_(
            "Our database was restored to an earlier day. They will send what we have lost again."
        )
    if parcel.knows_anew:
        yield N_("We know that their database was restored to an earlier day.")
    elif parcel.is_answer:
        yield N_("We know about the withdrawals that they have told us of.")


def withdrawal_banner(kit: UiContext, partner: str, one: WithdrawalText) -> Banner:
    """Return a banner with an incoming withdrawal, and what we must do."""
    banner = Banner(kit, Tone.DANGER, "ban")
    banner.set_message(partial(withdrawal_title, one, partner), partial(withdrawal_duty, one))
    return banner


def withdrawal_title(one: WithdrawalText, partner: str, language: Language) -> str:
    """Return who has withdrawn which consent."""
    sentence = N_("The client {code} has withdrawn a consent. {partner} tells us so.")
    if one.is_ours:
        sentence = N_("The client {code} has told {partner} that she withdraws her consent.")
    spoken = language.about(one.pronoun)
    return spoken.gettext(sentence).format(code=one.code or "–", partner=partner)


def withdrawal_duty(one: WithdrawalText, language: Language) -> str:
    """Return what must be done about it."""
    said = [
        N_("Do not pass on anything you received under it, and ask everyone who got it from you to "
           "do the same. Keep only what the law requires."),
    ]  # fmt: skip
    if one.is_ours:
        said = [
            N_("Nothing more is shared under it. Talk with her when it is safe; only a "
                "new consent allows it again."),
        ]  # fmt: skip
    if _ERASURE in one.effects:
        said.append(N_("She asks that what was shared be erased."))
    return " ".join(map(language.about(one.pronoun).gettext, said))


def withdrawn_since(moment: ZonedTime | None, language: Language) -> str:
    """Return since when, by the clock where she said it.

    Empty where the versions differ about it.
    """
    if moment is None:
        return ""
    return f"{language.day(moment.wall.date(), year=True)}, {language.clock(moment.wall)}"


def _withdrawal_line(one: WithdrawalText) -> MessageFunction:
    def words(language: Language) -> str:
        since = withdrawn_since(one.withdrawn, language)
        sentence = (
            N_("{code}: consent withdrawn, {time}") if since else N_("{code}: consent withdrawn")
        )
        return language.gettext(sentence).format(code=one.code or "–", time=since)

    return words


class WithdrawalsCard(CardFrame):
    """The withdrawals that partners have sent; hidden without any. `chosen` carries a plan's id."""

    chosen = Signal(bytes)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        head = self.add_heading(kit, N_("Consent withdrawn"), "ban", Tone.DANGER)
        self.seen = Button(kit, N_("Mark as seen"), "check", ButtonLook.QUIET)
        self.seen.clicked.connect(self._on_seen_clicked)
        extend(head, self.seen)
        self._lines = column(gap=GRID)
        extend(self.body, self._lines)
        self.plans: list[Button] = []
        self.hide()

    def read(self) -> None:
        """Read the withdrawals again."""
        desk = self._desk
        if any(map(desk.may, READ_RIGHTS)):
            self._kit.worker.run(lambda: notices.list_received_withdrawals(desk), self._on_read)

    def _on_read(self, heard: tuple[ReceivedWithdrawal, ...]) -> None:
        clear_layout(self._lines)
        self.plans = []
        for one in heard:
            shown = WithdrawalText(one.code, one.withdrawn, one.effects, one.is_ours, one.pronoun)
            banner = withdrawal_banner(self._kit, one.partner, shown)
            if one.plan is not None:
                banner.set_action(self._plan_button(one.plan))
            extend(self._lines, banner)
        self.setVisible(bool(heard))

    def _plan_button(self, plan: bytes) -> Button:
        button = Button(self._kit, N_("Open the plan"), "clipboard-list")
        button.clicked.connect(lambda: self.chosen.emit(plan))
        self.plans.append(button)
        return button

    def _on_seen_clicked(self) -> None:
        desk = self._desk
        self._kit.worker.run(lambda: notices.mark_withdrawals_seen(desk), self._on_noted)

    def _on_noted(self, _nothing: None) -> None:
        self.read()
        self._kit.events.changed.emit(frozenset({"disclosure"}))


# --- telephone calls


@dataclass(frozen=True, slots=True)
class PendingCall:
    """A telephone call to make: to whom, about what, how far the files are, and its record."""

    name: str
    words: Message
    state: Message
    note: Callable[[Session], object]


def read_pending_calls(desk: Session) -> tuple[PendingCall, ...]:
    """Return everybody who has not confirmed, as far as the user may know.

    Those whom no file reaches come first.
    """
    calls = notices.withdrawal_call_list(desk) if any(map(desk.may, READ_RIGHTS)) else ()
    orders = erasure.erasure_call_list(desk) if any(map(desk.may, ERASURE_READ_RIGHTS)) else ()
    withdrawals = [(call.has_desk, _withdrawal_call(call)) for call in calls]
    erasures = [(group[0].is_by_file, _erasure_call(group)) for group in _group_orders(orders)]
    both = sorted([*withdrawals, *erasures], key=lambda pair: pair[0])
    return tuple(line for _, line in both)


def _withdrawal_call(call: WithdrawalCall) -> PendingCall:
    return PendingCall(
        call.name,
        partial(_withdrawal_text, call),
        _delivery_state(is_by_file=call.has_desk, is_sent=call.is_sent),
        lambda desk: notices.record_withdrawal_call(desk, call.consent, call.recipient),
    )


def _erasure_call(group: tuple[ErasureOrderLine, ...]) -> PendingCall:
    def note(desk: Session) -> None:
        for one in group:
            erasure.mark_order_told(desk, one.partner, one.id)

    first = group[0]
    state: Message = _delivery_state(is_by_file=first.is_by_file, is_sent=first.is_sent)
    if first.is_by_file and first.is_overdue and first.deadline is not None:
        state = partial(_overdue_text, first.deadline)
    return PendingCall(first.name, partial(_erasure_text, first, len(group)), state, note)


def _group_orders(orders: Iterable[ErasureOrderLine]) -> tuple[tuple[ErasureOrderLine, ...], ...]:
    """Return the orders grouped by partner, time and reason, in the order of arrival."""
    found: dict[tuple[bytes, int, str], list[ErasureOrderLine]] = {}
    for one in orders:
        found.setdefault((one.partner, one.milliseconds, one.reason), []).append(one)
    return tuple(map(tuple, found.values()))


def _withdrawal_text(call: WithdrawalCall, language: Language) -> str:
    """Return `Safe house: tulpan-47, consent withdrawn, 3 December 2026, 14:05`."""
    since = withdrawn_since(call.withdrawn, language)
    sentence = (
        N_("{name}: {code}, consent withdrawn, {time}")
        if since
        else N_("{name}: {code}, consent withdrawn")
    )
    return language.gettext(sentence).format(
        name=call.name or "–", code=call.code or "–", time=since
    )


def _erasure_text(one: ErasureOrderLine, count: int, language: Language) -> str:
    """Return `Safe house: 9 records to be erased, asked on 3 December 2026`."""
    asked = language.local_time(one.milliseconds).date()
    return language.plural(
        "{name}: {count} record to be erased, asked on {day}",
        "{name}: {count} records to be erased, asked on {day}",
        count,
        name=one.name or "–",
        day=language.day(asked, year=True),
    )


def _overdue_text(deadline: date, language: Language) -> str:
    sentence = N_("They have not answered by {day}: call them.")
    return language.gettext(sentence).format(day=language.day(deadline, year=True))


def _delivery_state(*, is_by_file: bool, is_sent: bool) -> str:
    if not is_by_file:
        return N_("No files are sent to them: tell them by phone.")
    if is_sent:
        return N_("The notice was sent in a file, but they have not confirmed it.")
    return N_("The notice has not been sent yet.")


_CALLS_SHOWN = 4  # the next one is shown once one is done


class CallList(ShortList):
    """The telephone calls to make; hidden while there is none."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, N_("To be told by phone"), "phone", _CALLS_SHOWN)
        self._desk = desk
        self.buttons: list[Button] = []

    def read(self) -> None:
        """Read the calls again."""
        desk = self._desk
        self._kit.worker.run(lambda: read_pending_calls(desk), self._on_read)

    def _on_read(self, found: tuple[PendingCall, ...]) -> None:
        self.buttons = []
        self.fill(found, self._make_line)

    def _make_line(self, one: PendingCall) -> QWidget:
        line = self.make_line(one.words, one.state)
        done = Button(self._kit, N_("Told by phone"), "check", on=partial(self._on_called, one))
        self._kit.translator.bind(
            done.setAccessibleName,
            lambda language: f"{language.gettext(N_('Told by phone'))}: {one.name}",
        )
        self.buttons.append(done)
        line.add(done)
        return line

    def _on_called(self, one: PendingCall) -> None:
        desk = self._desk
        self._kit.worker.run(lambda: one.note(desk), self._on_noted)

    def _on_noted(self, _nothing: object) -> None:
        self.read()
        self._kit.events.changed.emit(frozenset({"partner", "disclosure"}))


# --- requests to erase

_REQUESTS_SHOWN = 3  # the next one is shown once one is answered


@dataclass(frozen=True, slots=True)
class ErasureRequest:
    """The requests of one partner for one reason, with the code of the client they are about.

    `title` says what is to be erased.
    """

    lines: tuple[ErasureOrderLine, ...]
    code: str
    title: Message


class ErasureRequestList(ShortList):
    """The requests of partners to erase, each to be answered; hidden while there is none.

    The card reads by itself. Erasing needs a second press, a passphrase and a second person.
    """

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, N_("Requests to erase"), "trash-2", _REQUESTS_SHOWN)
        self._desk = desk
        self.buttons: list[tuple[Button, Button, Button]] = []
        self.proofs: list[ErasureProofFields] = []
        self.outcome = Banner(kit, Tone.DANGER, "circle-alert").hidden()
        self.body.insertWidget(1, self.outcome)

    def read(self) -> None:
        """Read the requests again."""
        desk = self._desk
        if any(map(desk.may, ERASURE_READ_RIGHTS)):
            self._kit.worker.run(lambda: _read_requests(desk), self._on_read)

    def _on_read(self, found: tuple[ErasureRequest, ...]) -> None:
        self.buttons, self.proofs = [], []
        self.fill(found, self._make_line)

    def _make_line(self, one: ErasureRequest) -> QWidget:
        line = self.make_line(partial(_request_text, one), _reason_text(one))
        if not self._desk.may(Right.ERASE):
            return line
        keep = self._make_button(one, N_("Keep it, and say so"), "lock")
        keep.clicked.connect(lambda: self._keep(one))
        erase = self._make_button(one, N_("Erase permanently…"), "trash-2")
        now = self._make_button(one, N_("Erase it now"), "octagon-alert", ButtonLook.DANGER)
        proof = ErasureProofFields(self._kit)
        now.clicked.connect(lambda: self._erase(one, proof))
        proof.changed.connect(lambda: now.setEnabled(proof.has_own))
        now.setEnabled(False)
        leave = self._make_button(one, N_("Leave it unchanged"))

        def ask(*, is_sure: bool) -> None:
            for button in (keep, erase):
                button.setVisible(not is_sure)
            for part in (now, leave, proof):
                part.setVisible(is_sure)
            proof.clear()
            (leave if is_sure else erase).setFocus()

        erase.clicked.connect(lambda: ask(is_sure=True))
        leave.clicked.connect(lambda: ask(is_sure=False))
        for button in (keep, erase, now, leave):
            line.add(button)
        for part in (now, leave, proof):
            part.hide()
        self.buttons.append((keep, erase, now))
        self.proofs.append(proof)
        return panel(column(line, proof, gap=8))

    def _make_button(
        self,
        one: ErasureRequest,
        words: str,
        icon: str = "",
        look: ButtonLook = ButtonLook.SECONDARY,
    ) -> Button:
        button = Button(self._kit, words, icon, look)
        self._kit.translator.bind(
            button.setAccessibleName,
            lambda language: f"{language.gettext(words)}: {_request_text(one, language)}",
        )
        return button

    def _keep(self, one: ErasureRequest) -> None:
        self._answer(partial(erasure.answer_erasure_requests, erases=False), one)

    def _erase(self, one: ErasureRequest, proof: ErasureProofFields) -> None:
        self._answer(partial(erase_as_asked, proof=proof.take()), one)

    def _answer(
        self, work: Callable[[Session, bytes, list[bytes]], Changes], one: ErasureRequest
    ) -> None:
        desk, partner = self._desk, one.lines[0].partner
        orders = [line.id for line in one.lines]
        self.outcome.hide()
        self._kit.worker.run(
            lambda: work(desk, partner, orders), self._on_answered, self._on_refused
        )

    def _on_answered(self, changes: Changes) -> None:
        self._kit.notify(N_("The answer goes with the next file."))
        self._kit.events.changed.emit(changes.types | {"partner"})

    def _on_refused(self, fault: KfdeskError) -> None:
        show_fault_in(self._kit, self.outcome, fault)


def _read_requests(desk: Session) -> tuple[ErasureRequest, ...]:
    return tuple(_group_requests(desk, erasure.list_erasure_requests(desk)))


def _group_requests(desk: Session, lines: Iterable[ErasureOrderLine]) -> Iterator[ErasureRequest]:
    """Yield the requests, with the records of one client together."""
    together: dict[tuple[bytes, str, str, bytes], list[ErasureOrderLine]] = {}
    for line in lines:
        code, _ = read_with_code(desk, line.rid)
        alone = b"" if code else line.rid
        together.setdefault((line.partner, line.reason, code, alone), []).append(line)
    for (_, _, code, _), found in together.items():
        yield ErasureRequest(tuple(found), code, _request_title(desk, found))


def _request_title(desk: Session, lines: Sequence[ErasureOrderLine]) -> Message:
    count = len({one.rid for one in lines}.union(*(one.below for one in lines)))
    if count > 1:
        return partial(records_text, count)
    _, seen = read_with_code(desk, lines[0].rid)
    if seen is None:
        return N_("a record that is not here")
    number = sequence_number(desk, seen.row)
    return lambda language: type_word(seen.row.type, language, number)


def _request_text(one: ErasureRequest, language: Language) -> str:
    """Return `Safe house asks to erase: tulpan-47, leg (no. 2)`, or the number of records."""
    title = language.gettext(one.title) if isinstance(one.title, str) else one.title(language)
    named = f"{one.code}, {title}" if one.code else title
    sentence = N_("{name} asks to erase: {record}")
    return language.gettext(sentence).format(name=one.lines[0].name or "–", record=named)


def _reason_text(one: ErasureRequest) -> str:
    known = {str(reason): words for reason, words in ERASURE_REASONS.items()}
    return known.get(one.lines[0].reason, N_("They give no reason that is known here."))
