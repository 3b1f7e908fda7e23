# SPDX-License-Identifier: GPL-3.0-or-later
"""The status of a consent, what is shared under it, and its withdrawal.

`ConsentStatus` and the texts say what a consent allows today. `SharingCard` shows what each
recipient of a plan may have. `WithdrawalPanel` shows the effects beforehand: a withdrawal takes
effect at once, in every state of a plan, and cannot be undone. Nothing here changes a consent;
the panel calls the service that withdraws it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from kfdesk.domain.accounts import fold_initials
from kfdesk.domain.codes.case import WITHDRAWAL_EFFECT
from kfdesk.domain.codes.core import CONSENT_SCOPE
from kfdesk.domain.consent import (
    PURPOSE_GROUPS,
    VITAL_INTERESTS,
    RecipientKind,
    WithheldReason,
    consent_last_day,
)
from kfdesk.domain.disclosure import Channel
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.records.client import Consent
from kfdesk.domain.values import ZonedTime
from kfdesk.i18n.language import Language
from kfdesk.services.core.session import Session
from kfdesk.services.exchange.notices import ConsentHolder, StoppedSharing, WithdrawalPreview
from kfdesk.services.plans.consents import WITHDRAWAL_EFFECTS, withdraw_consent
from kfdesk.services.plans.plans import ConsentLine, PlanPage, RecipientShare
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.plan.consent_editors import groups_text
from kfdesk.ui.record_views import WITHHELD_REASONS
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import GRID, TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import (
    LEFT,
    STRETCH,
    TOP,
    aligned,
    column,
    extend,
    filled,
    grown,
    heading,
    muted,
    on_escape,
    panel,
    plural,
    row,
    text,
)
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import CheckBox
from kfdesk.ui.widgets.layout import CardFrame, clear_layout, make_hairline
from kfdesk.ui.widgets.text import Chip, Icon

# --- What is shared

_RECIPIENT_LABELS: dict[RecipientKind, tuple[str, str]] = {
    RecipientKind.CLIENT: ("user", N_("The traveller, on her own paper")),
    RecipientKind.PERSON: ("user-round-check", N_("{name}, companion, on paper")),
    RecipientKind.PARTNER: ("building-2", N_("{name}, by exchange file")),
    RecipientKind.OWN: ("building-2", N_("{name}, our own organisation")),
}


class SharingCard(CardFrame):
    """The card with the recipients of a plan, and how much each may have now."""

    def __init__(self, kit: UiContext) -> None:
        self._kit = kit
        self._shares = column()
        super().__init__(
            parts=(heading(kit, N_("What each may receive now"), "send"), self._shares)
        )

    def show_plan(self, page: PlanPage) -> None:
        """Show which recipient may have what of this plan."""
        clear_layout(self._shares)
        for number, share in enumerate(page.shares):
            if number:
                extend(self._shares, make_hairline())
            extend(self._shares, _make_share(self._kit, share))


def _make_share(kit: UiContext, share: RecipientShare) -> QWidget:
    icon, words = _RECIPIENT_LABELS[share.recipient.who]
    named = filled(words, name=share.name) if share.name else words
    withheld = (_withheld_message(reason, count) for reason, count in share.withheld.items())
    lines = column(
        text(kit, named, TextStyle.BUTTON),
        muted(kit, _granted_message(share), TextStyle.SMALL),
        *(muted(kit, words, TextStyle.SMALL) for words in withheld),
        gap=2,
    )
    return panel(
        row(Icon(kit, icon), grown(lines), _make_chip(kit, share), gap=12, margins=(0, 12, 0, 12))
    )


def _make_chip(kit: UiContext, share: RecipientShare) -> Chip:
    chip = Chip(kit)
    if share.granted:
        chip.show_look(Tone.ACCENT, "circle-check")
        chip.set_message(plural("{count} detail", "{count} details", share.granted))
    else:
        chip.show_look(Tone.MUTED, "ban")
        chip.set_message(N_("nothing"))
    return chip


def _granted_message(share: RecipientShare) -> Message:
    groups = [group for group in share.groups if group in CONSENT_SCOPE]
    if not groups:
        return N_("May receive nothing from this plan.")
    return filled(N_("May receive: {groups}"), groups=partial(groups_text, groups))


def _withheld_message(reason: WithheldReason, count: int) -> Message:
    return lambda language: language.plural(
        "{count} detail is not shared: {reason}",
        "{count} details are not shared: {reason}",
        count,
        reason=language.gettext(WITHHELD_REASONS[reason]),
    )


# --- Withdrawal

_MANDATORY_EFFECT = WITHDRAWAL_EFFECTS[0]


class WithdrawalPanel(QFrame):
    """The panel with the effects and the button; `left` reports that it is to be closed."""

    left = Signal()

    def __init__(self, kit: UiContext, desk: Session, withdrawal: WithdrawalPreview) -> None:
        super().__init__()
        on_escape(self, self.left.emit)
        self._kit = kit
        self._desk = desk
        self._consent = withdrawal.consent
        self._is_busy = False  # a disabled button would lose the focus
        self.setProperty("ground", "sunken")
        self.effects = {code: self._make_effect(code) for code in WITHDRAWAL_EFFECT}
        self.now = Button(kit, N_("Withdraw now"), "ban", ButtonLook.DANGER, on=self._withdraw)
        self.leave = Button(kit, N_("Do not withdraw"), look=ButtonLook.QUIET).show_key("Esc")
        self.leave.clicked.connect(self.left)
        stops = [_line(kit, "ban", stop) for stop in _stop_messages(withdrawal)]
        had = _line(
            kit, "send" if withdrawal.holder else "check", _holder_message(withdrawal.holder)
        )
        column(
            text(kit, N_("She needs no reason, and we go on helping her as before.")),
            4, text(kit, N_("What stops now"), TextStyle.STRONG), *stops,
            4, text(kit, N_("Who has received something under it"), TextStyle.STRONG), had,
            4, text(kit, N_("What she asks for"), TextStyle.STRONG),
            *(aligned(tick, LEFT) for tick in self.effects.values()),
            _line(kit, "info", _FINAL),
            row(STRETCH, self.leave, self.now, gap=6),
            gap=GRID,
            margins=(16, 12, 16, 8),
            on=self,
        )  # fmt: skip

    def focus_first_option(self) -> None:
        """Move the focus to the first option, not to the Withdraw button."""
        first = next(tick for code, tick in self.effects.items() if code != _MANDATORY_EFFECT)
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def refuse(self, fault: KfdeskError) -> None:
        """Let the window show why it was not withdrawn; the user may try again."""
        self._is_busy = False
        self._kit.events.failed.emit(fault)

    def _make_effect(self, code: str) -> CheckBox:
        tick = CheckBox(self._kit, WITHDRAWAL_EFFECT[code])
        tick.setChecked(code in WITHDRAWAL_EFFECTS)
        tick.setEnabled(code != _MANDATORY_EFFECT)
        return tick

    @task
    async def _withdraw(self) -> None:
        if self._is_busy:
            return
        self._is_busy = True
        kit, asked = self._kit, [code for code, tick in self.effects.items() if tick.isChecked()]
        done = await call(kit, withdraw_consent, self._desk, self._consent, asked)
        self.left.emit()
        kit.events.changed.emit(done.types)
        kit.notify(
            N_("Withdrawn. Nothing more is shared under it; only a new consent allows it again.")
        )


_FINAL = N_("This cannot be undone: sharing needs a new consent.")


def _line(kit: UiContext, icon: str, message: Message) -> QHBoxLayout:
    return row(aligned(Icon(kit, icon), TOP), grown(text(kit, message)), gap=9)


def _stop_messages(withdrawal: WithdrawalPreview) -> Iterator[Message]:
    if not withdrawal.stops:
        yield N_("Nothing is shared under this consent alone at present.")
    for stop in withdrawal.stops:
        yield _stop_message(stop)


def _stop_message(stop: StoppedSharing) -> Message:
    sentence = N_("{name}, by exchange file: {groups}")
    if stop.channel is Channel.CARRIED:
        sentence = N_("{name}, on paper: {groups}")
    return filled(sentence, name=stop.name, groups=partial(groups_text, stop.groups))


def _holder_message(holder: ConsentHolder | None) -> Message:
    if holder is None:
        return N_("No one has received anything under it.")
    return partial(holder_text, holder)


def holder_text(holder: ConsentHolder, language: Language) -> str:
    """Return who received how many records, and how they are told of the withdrawal."""
    had = language.plural(
        "{name} has received {count} record.",
        "{name} has received {count} records.",
        holder.records,
        name=holder.name,
    )
    told = N_("Tell them at once; the notice goes with the next file.")
    if holder.knows:
        told = N_("They know that she has withdrawn it.")
    elif not holder.is_partner:
        told = N_("Tell them at once, and ask for the paper back.")
    return f"{had} {language.gettext(told)}"


# --- Status

EXPIRY_WARNING_DAYS = 14
"""Days before its end at which a consent should be renewed."""


@dataclass(frozen=True, slots=True)
class ConsentStatus:
    """A consent as of today.

    It has the consent's line, the plan, the user and their organisation, and who received data
    under the consent.
    """

    line: ConsentLine
    page: PlanPage
    today: date
    user: str
    house: bytes
    holder: ConsentHolder | None = None

    @property
    def consent(self) -> Consent:
        """The consent record."""
        return self.line.view.record

    @property
    def days_left(self) -> int | None:
        """The days until the last day; None without a last day or if the consent is not valid."""
        last = consent_last_day(self.consent)
        return (last - self.today).days if last is not None and self.line.shut is None else None

    @property
    def expires_soon(self) -> bool:
        """True if the consent is valid and ends within `EXPIRY_WARNING_DAYS` days."""
        return self.days_left is not None and self.days_left <= EXPIRY_WARNING_DAYS

    @property
    def is_withdrawn(self) -> bool:
        """True if the consent was withdrawn."""
        return self.consent.withdrawn is not None

    @property
    def needs_second_person(self) -> bool:
        """True if vital interests need the decision of a second person."""
        record = self.consent
        is_one = record.form == VITAL_INTERESTS and not isinstance(record.second_person, str)
        return is_one and not self.is_withdrawn

    @property
    def must_inform_client(self) -> bool:
        """True if two people decided for the client and she has not been told yet."""
        return self.consent.form == VITAL_INTERESTS and self.consent.explained is None

    @property
    def share(self) -> RecipientShare | None:
        """The part of the plan that the recipient may have; None if nothing can be sent there."""
        wanted = self.consent.recipient
        shares = (one for one in self.page.shares if one.recipient.rid is not None)
        return next((one for one in shares if one.recipient.rid.hex() == wanted), None)  # type: ignore[union-attr]  # checked above


def is_first_decider(standing: ConsentStatus) -> bool:
    """Return whether the current user was the first of the two deciders."""
    first = standing.consent.decided_by
    return isinstance(first, str) and fold_initials(first) == fold_initials(standing.user)


def consent_look(standing: ConsentStatus) -> tuple[Tone, str, Message]:
    """Return tone, icon and word for the status."""
    record, shut = standing.consent, standing.line.shut
    if standing.is_withdrawn:
        return Tone.MUTED, "ban", N_("withdrawn")
    if standing.line.view.conflicts:
        return Tone.WARNING, "git-merge", WITHHELD_REASONS[WithheldReason.CONFLICT]
    if standing.needs_second_person:
        return Tone.INFO, "circle-dot", N_("a second person must agree")
    if shut is WithheldReason.EXPIRED:
        return Tone.MUTED, "clock", N_("ended")
    if shut is not None:
        is_given = isinstance(record.given, ZonedTime)
        word = N_("not given yet") if not is_given else WITHHELD_REASONS[shut]
        return Tone.MUTED, "circle-dashed", word
    if standing.expires_soon:
        return Tone.WARNING, "clock", partial(_ends_soon_text, standing.days_left or 0)
    return Tone.SUCCESS, "circle-check", N_("valid")


def _ends_soon_text(days: int, language: Language) -> str:
    if not days:
        return language.gettext(N_("ends today"))
    return language.plural("ends in {count} day", "ends in {count} days", days)


def _validity_text(standing: ConsentStatus, language: Language) -> str:
    """Return how long a consent is valid, with its last day even if nobody has set one."""
    last = consent_last_day(standing.consent)
    assert last is not None
    return language.plural(
        "Valid for {count} more day, to {day}.",
        "Valid for {count} more days, to {day}.",
        standing.days_left or 0,
        day=language.day(last, year=True),
    )


def consent_lines(standing: ConsentStatus) -> list[tuple[Message, Tone]]:
    """Return the lines on effect, remaining days and required actions, each with its tone."""
    lines: list[tuple[Message, Tone]] = []
    if standing.line.shut is None and not standing.line.view.conflicts:
        lines.append((_effect_message(standing), Tone.PLAIN))
        if standing.days_left is not None and not standing.expires_soon:
            lines.append((partial(_validity_text, standing), Tone.MUTED))
    if standing.expires_soon:
        lines.append((N_("Ask her again in good time: when it ends, sharing stops."), Tone.MUTED))
    if standing.needs_second_person:
        mine = N_("You were the first. Someone else in your organisation must agree.")
        lines.append((mine if is_first_decider(standing) else N_("Read the reason, then agree."),
                      Tone.MUTED))  # fmt: skip
    if standing.must_inform_client and not standing.needs_second_person:
        lines.append((N_("She must be told, as soon as she can hear it."), Tone.WARNING))
    if standing.is_withdrawn and standing.holder is not None:
        holder = standing.holder
        tone = Tone.MUTED if holder.knows else Tone.WARNING
        lines.append((partial(holder_text, holder), tone))
    return lines


def _effect_message(standing: ConsentStatus) -> Message:
    """Return in plain words what may be shared under the consent now."""
    record, share, name = standing.consent, standing.share, standing.line.recipient
    if share is None:
        if standing.consent.recipient == standing.house.hex():
            return N_("It lets us work with her case. Nothing is shared outside under it.")
        return filled(_NO_WAY, name=name)
    asked = record.groups if isinstance(record.groups, tuple) else ()
    widest = PURPOSE_GROUPS.get(str(record.purpose), frozenset())
    opened = [group for group in share.groups if group in asked and group in widest]
    if opened:
        return filled(N_("May be shared now: {groups}"), groups=partial(groups_text, opened))
    nearest = (WithheldReason.UNVERIFIED, WithheldReason.TRANSFER)
    reason = next((one for one in nearest if one in share.withheld), None)
    if reason is None:
        return N_("Nothing to share yet: nothing that it covers is recorded.")
    why = WITHHELD_REASONS[reason]
    words = N_("Nothing may be shared now: {reason}.")
    return filled(words, reason=lambda language: language.gettext(why))


_NO_WAY = N_(
    "Nothing is sent yet: {name} is neither a partner with this program nor her companion."
)
