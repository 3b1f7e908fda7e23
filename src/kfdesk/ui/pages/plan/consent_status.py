# SPDX-License-Identifier: GPL-3.0-or-later
"""The status of a consent, what is shared under it, and its withdrawal.

`ConsentStatus` and the texts say what a consent allows today. `SharingCard` shows what each
recipient of a plan may have. `WithdrawalPanel` shows the effects beforehand: a withdrawal takes
effect at once, in every state of a plan, and cannot be undone. Nothing here changes a consent;
the panel calls the service that withdraws it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

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
from kfdesk.domain.records.client import Consent
from kfdesk.domain.schema import N_
from kfdesk.domain.values import ZonedTime
from kfdesk.i18n.language import Language
from kfdesk.services.core.session import Changes, Session
from kfdesk.services.exchange.notices import ConsentHolder, StoppedSharing, WithdrawalPreview
from kfdesk.services.plans.consents import WITHDRAWAL_EFFECTS, withdraw_consent
from kfdesk.services.plans.plans import ConsentLine, PlanPage, RecipientShare
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.plan.consent_editors import groups_text
from kfdesk.ui.record_views import WITHHELD_REASONS
from kfdesk.ui.tokens import GRID, TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import CheckBox
from kfdesk.ui.widgets.layout import CardFrame, clear_layout, make_hairline
from kfdesk.ui.widgets.text import Chip, Icon, Label

# --- What is shared

_RECIPIENT_LABELS: dict[RecipientKind, tuple[str, str]] = {
    RecipientKind.CLIENT: ("user", N_("The traveller, on her own paper")),
    RecipientKind.PERSON: ("user-round-check", N_("{name}, companion, on paper")),
    RecipientKind.PARTNER: ("building-2", N_("{name}, by exchange file")),
    RecipientKind.OWN: ("building-2", N_("{name}, our own desk")),
}


class SharingCard(CardFrame):
    """The card with the recipients of a plan."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__(padding=0)
        self._kit = kit
        self._shares = QVBoxLayout()
        self._shares.setSpacing(0)
        self.body.setContentsMargins(16, 16, 16, 8)
        self.add_heading(kit, N_("Who may have what"), "send")
        self.body.addLayout(self._shares)

    def show_plan(self, page: PlanPage) -> None:
        """Show which recipient may have what of this plan."""
        clear_layout(self._shares)
        for number, share in enumerate(page.shares):
            if number:
                self._shares.addWidget(make_hairline())
            self._shares.addWidget(_make_share(self._kit, share))


def _make_share(kit: UiContext, share: RecipientShare) -> QWidget:
    icon, words = _RECIPIENT_LABELS[share.recipient.who]
    title = Label(kit, style=TextStyle.BUTTON).wrapped()
    if share.name:
        title.set_message(words, name=lambda _: share.name)
    else:
        title.set_message(words)
    may = Label(kit, style=TextStyle.SMALL, tone=Tone.MUTED).wrapped()
    may.set_message(_granted_message(share))
    lines = QVBoxLayout()
    lines.setSpacing(2)
    lines.addWidget(title)
    lines.addWidget(may)
    for reason, count in share.withheld.items():
        stays = Label(kit, style=TextStyle.SMALL, tone=Tone.MUTED).wrapped()
        stays.set_message(_withheld_message(reason, count))
        lines.addWidget(stays)
    part = QWidget()
    row = QHBoxLayout(part)
    row.setContentsMargins(0, 12, 0, 12)
    row.setSpacing(12)
    row.addWidget(Icon(kit, icon))
    row.addLayout(lines, 1)
    row.addWidget(_make_chip(kit, share))
    return part


def _make_chip(kit: UiContext, share: RecipientShare) -> Chip:
    chip = Chip(kit)
    if share.granted:
        chip.show_look(Tone.SUCCESS, "circle-check")
        chip.set_message(lambda language: _details_text(share.granted, language))
    else:
        chip.show_look(Tone.MUTED, "ban")
        chip.set_message(N_("nothing"))
    return chip


def _details_text(count: int, language: Language) -> str:
    return language.ngettext("{count} detail", "{count} details", count).format(count=count)


def _granted_message(share: RecipientShare) -> Callable[[Language], str]:
    def words(language: Language) -> str:
        groups = [group for group in share.groups if group in CONSENT_SCOPE]
        if not groups:
            return language.gettext(N_("May have nothing of this plan."))
        said = groups_text(groups, language)
        return language.gettext(N_("May have: {groups}")).format(groups=said)

    return words


def _withheld_message(reason: WithheldReason, count: int) -> Callable[[Language], str]:
    def words(language: Language) -> str:
        return language.ngettext(
            "{count} detail stays here: {reason}", "{count} details stay here: {reason}", count
        ).format(count=count, reason=language.gettext(WITHHELD_REASONS[reason]))

    return words


# --- Withdrawal

_MANDATORY_EFFECT = WITHDRAWAL_EFFECTS[0]


class WithdrawalPanel(QFrame):
    """The panel with the effects and the button; `left` reports that it is to be closed."""

    left = Signal()

    def __init__(self, kit: UiContext, desk: Session, withdrawal: WithdrawalPreview) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._consent = withdrawal.consent
        self._is_busy = False  # a disabled button would lose the focus
        self.setProperty("ground", "sunken")
        self.effects: dict[str, CheckBox] = {}
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 12, 16, 8)
        self.column.setSpacing(GRID)
        self._add(N_("She needs no reason, and we go on helping her as before."))
        self._head(N_("What stops now"))
        for stop in _stop_messages(withdrawal):
            self._add(stop, "ban")
        self._head(N_("Who has had something under it"))
        self._add(_holder_message(withdrawal.holder), "send" if withdrawal.holder else "check")
        self._head(N_("What she asks for"))
        for code, word in WITHDRAWAL_EFFECT.items():
            self._add_effect(code, word)
        self._add(N_("This cannot be undone: only a new consent opens anything again."), "info")
        self.now = Button(kit, N_("Withdraw now"), "ban", ButtonLook.DANGER)
        self.now.clicked.connect(self._on_now_clicked)
        self.leave = Button(kit, N_("Leave it as it is"), look=ButtonLook.QUIET).show_key("Esc")
        self.leave.clicked.connect(self.left)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.leave)
        foot.addWidget(self.now)
        self.column.addLayout(foot)

    def focus_first_option(self) -> None:
        """Move the focus to the first option, not to the Withdraw button."""
        first = next(tick for code, tick in self.effects.items() if code != _MANDATORY_EFFECT)
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close the panel on Esc, not the plan."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _head(self, title: str) -> None:
        self.column.addSpacing(4)
        self.column.addWidget(Label(self._kit, title, TextStyle.STRONG).wrapped())

    def _add(self, message: Message, icon: str = "") -> None:
        label = Label(self._kit, message).wrapped()
        if not icon:
            self.column.addWidget(label)
            return
        row = QHBoxLayout()
        row.setSpacing(9)
        row.addWidget(Icon(self._kit, icon, Tone.MUTED), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(label, 1)
        self.column.addLayout(row)

    def _add_effect(self, code: str, word: str) -> None:
        tick = CheckBox(self._kit, word)
        tick.setChecked(code in WITHDRAWAL_EFFECTS)
        tick.setEnabled(code != _MANDATORY_EFFECT)
        self.effects[code] = tick
        self.column.addWidget(tick, 0, Qt.AlignmentFlag.AlignLeft)

    def _on_now_clicked(self) -> None:
        if self._is_busy:
            return
        self._is_busy = True
        desk, rid = self._desk, self._consent
        asked = [code for code, tick in self.effects.items() if tick.isChecked()]
        self._kit.worker.run(
            lambda: withdraw_consent(desk, rid, asked), self._on_withdrawn, self._on_refused
        )

    def _on_withdrawn(self, changes: Changes) -> None:
        kit = self._kit
        self.left.emit()
        kit.events.changed.emit(changes.types)
        kit.notify(N_("Withdrawn. Nothing more goes under it; only a new consent opens it again."))

    def _on_refused(self, fault: object) -> None:
        self._is_busy = False
        self._kit.events.failed.emit(fault)


def _stop_messages(withdrawal: WithdrawalPreview) -> Iterator[Message]:
    if not withdrawal.stops:
        yield N_("Nothing goes out under it alone at present.")
    for stop in withdrawal.stops:
        yield _stop_message(stop)


def _stop_message(stop: StoppedSharing) -> Message:
    sentence = N_("{name}, by exchange file: {groups}")
    if stop.channel is Channel.CARRIED:
        sentence = N_("{name}, on paper: {groups}")

    def words(language: Language) -> str:
        groups = groups_text(stop.groups, language)
        return language.gettext(sentence).format(name=stop.name, groups=groups)

    return words


def _holder_message(holder: ConsentHolder | None) -> Message:
    if holder is None:
        return N_("Nobody has had anything under it.")
    return lambda language: holder_text(holder, language)


def holder_text(holder: ConsentHolder, language: Language) -> str:
    """Return who received how many records, and how they are told of the withdrawal."""
    had = language.ngettext(
        "{name} has had {count} record.", "{name} has had {count} records.", holder.records
    ).format(name=holder.name, count=holder.records)
    told = N_("Tell it at once; the notice is due with the next file.")
    if holder.knows:
        told = N_("They know that she has taken it back.")
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
        """What the recipient may have of the plan; None if nothing can be sent there."""
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
        return Tone.INFO, "circle-dot", N_("waits for a second person")
    if shut is WithheldReason.EXPIRED:
        return Tone.MUTED, "clock", N_("has ended")
    if shut is not None:
        is_given = isinstance(record.given, ZonedTime)
        word = N_("not given yet") if not is_given else WITHHELD_REASONS[shut]
        return Tone.MUTED, "circle-dashed", word
    if standing.expires_soon:
        return (
            Tone.WARNING,
            "clock",
            lambda language: _ends_soon_text(standing.days_left or 0, language),
        )
    return Tone.SUCCESS, "circle-check", N_("stands")


def _ends_soon_text(days: int, language: Language) -> str:
    if not days:
        return language.gettext(N_("ends today"))
    return language.ngettext("ends in {count} day", "ends in {count} days", days).format(count=days)


def consent_lines(standing: ConsentStatus) -> list[tuple[Message, Tone]]:
    """Return the lines on effect, remaining days and required actions, each with its tone."""
    lines: list[tuple[Message, Tone]] = []
    if standing.line.shut is None and not standing.line.view.conflicts:
        lines.append((_effect_message(standing), Tone.PLAIN))
        left = standing.days_left or 0
        if not standing.expires_soon:
            lines.append((lambda language: _days_left_text(left, language), Tone.MUTED))
    if standing.expires_soon:
        lines.append((N_("Ask her again in good time: when it ends, sharing stops."), Tone.MUTED))
    if standing.needs_second_person:
        mine = N_("You were the first. Somebody else at the desk must agree.")
        lines.append((mine if is_first_decider(standing) else N_("Read the reason, then agree."),
                      Tone.MUTED))  # fmt: skip
    if standing.must_inform_client and not standing.needs_second_person:
        lines.append((N_("She must be told, as soon as she can hear it."), Tone.WARNING))
    if standing.is_withdrawn and standing.holder is not None:
        holder = standing.holder
        tone = Tone.MUTED if holder.knows else Tone.WARNING
        lines.append((lambda language: holder_text(holder, language), tone))
    return lines


def _days_left_text(days: int, language: Language) -> str:
    return language.ngettext(
        "Stands for {count} more day.", "Stands for {count} more days.", days
    ).format(count=days)


def _effect_message(standing: ConsentStatus) -> Message:
    """Return in plain words what may be shared under the consent now."""
    record, share, name = standing.consent, standing.share, standing.line.recipient
    if share is None:
        if standing.consent.recipient == standing.house.hex():
            return N_("It lets us work with her case. Nothing leaves under it.")
        return lambda language: language.gettext(
            N_("Nothing goes out yet: {name} is neither a partner desk nor her companion.")
        ).format(name=name)
    asked = record.groups if isinstance(record.groups, tuple) else ()
    widest = PURPOSE_GROUPS.get(str(record.purpose), frozenset())
    opened = [group for group in share.groups if group in asked and group in widest]
    if opened:
        return lambda language: language.gettext(N_("Opens now: {groups}")).format(
            groups=groups_text(opened, language)
        )
    nearest = (WithheldReason.UNVERIFIED, WithheldReason.TRANSFER)
    reason = next((one for one in nearest if one in share.withheld), None)
    if reason is None:
        return N_("Opens nothing now: nothing is written down yet of what it covers.")
    return lambda language: language.gettext(N_("Opens nothing now: {reason}.")).format(
        reason=language.gettext(WITHHELD_REASONS[reason])
    )
