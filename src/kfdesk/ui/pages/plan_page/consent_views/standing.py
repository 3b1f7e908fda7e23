# SPDX-License-Identifier: GPL-3.0-or-later
"""How a consent stands today, in words: whether, how long, what it opens, who must do what.

Values and sentences for its card. What may go is read from the plan's shares, which come from
`disclose()`; nothing is decided here.
"""

from dataclasses import dataclass
from datetime import date

from kfdesk.domain.consents.standing import VITAL_INTERESTS, last_day
from kfdesk.domain.desk.users import fold
from kfdesk.domain.disclosure import PURPOSES, Reason
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.schema import N_
from kfdesk.domain.values import Moment
from kfdesk.i18n.language import Language
from kfdesk.services.course.withdrawals import Holder
from kfdesk.services.plans import ConsentLine, PlanPage, Share
from kfdesk.ui.pages.plan_page.consent_views.withdrawing import holder_words
from kfdesk.ui.pages.plan_page.consent_views.wording import groups_text
from kfdesk.ui.pages.shown import REASONS
from kfdesk.ui.tokens import Tone
from kfdesk.ui.words import Message

SOON = 14
"""So many days before its end a consent is asked for again."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A consent today: its line, its plan, who we are, and who has had something under it."""

    line: ConsentLine
    page: PlanPage
    today: date
    user: str
    house: bytes
    holder: Holder | None = None

    @property
    def consent(self) -> Consent:
        """The record."""
        return self.line.view.record

    @property
    def days_left(self) -> int | None:
        """Days until its last day, if it has one and stands."""
        last = last_day(self.consent)
        return (last - self.today).days if last is not None and self.line.shut is None else None

    @property
    def is_soon(self) -> bool:
        """Whether it stands and ends soon."""
        return self.days_left is not None and self.days_left <= SOON

    @property
    def is_withdrawn(self) -> bool:
        """Whether she took it back."""
        return self.consent.withdrawn is not None

    @property
    def waits_for_second(self) -> bool:
        """Whether two people must decide and one has."""
        record = self.consent
        is_one = record.form == VITAL_INTERESTS and not isinstance(record.second_person, str)
        return is_one and not self.is_withdrawn

    @property
    def is_untold(self) -> bool:
        """Whether two people decided for her and she does not know it yet."""
        return self.consent.form == VITAL_INTERESTS and self.consent.explained is None

    @property
    def share(self) -> Share | None:
        """What its recipient may have of the plan, if anything can go there."""
        wanted = self.consent.recipient
        shares = (one for one in self.page.shares if one.recipient.rid is not None)
        return next((one for one in shares if one.recipient.rid.hex() == wanted), None)  # type: ignore[union-attr]  # asked above


def is_first(standing: Standing) -> bool:
    """Whether who sits here is the first of the two who decide."""
    first = standing.consent.decided_by
    return isinstance(first, str) and fold(first) == fold(standing.user)


def look_of(standing: Standing) -> tuple[Tone, str, Message]:
    """How it stands, as icon and word."""
    record, shut = standing.consent, standing.line.shut
    if standing.is_withdrawn:
        return Tone.MUTED, "ban", N_("withdrawn")
    if standing.line.view.conflicts:
        return Tone.WARNING, "git-merge", REASONS[Reason.CONFLICT]
    if standing.waits_for_second:
        return Tone.INFO, "circle-dot", N_("waits for a second person")
    if shut is Reason.EXPIRED:
        return Tone.MUTED, "clock", N_("has ended")
    if shut is not None:
        is_given = isinstance(record.given, Moment)
        word = N_("not given yet") if not is_given else REASONS[shut]
        return Tone.MUTED, "circle-dashed", word
    if standing.is_soon:
        return Tone.WARNING, "clock", lambda language: _ends(standing.days_left or 0, language)
    return Tone.SUCCESS, "circle-check", N_("stands")


def _ends(days: int, language: Language) -> str:
    if not days:
        return language.gettext(N_("ends today"))
    return language.ngettext("ends in {count} day", "ends in {count} days", days).format(count=days)


def lines_of(standing: Standing) -> list[tuple[Message, Tone]]:
    """What it opens, how long, and who must do what."""
    lines: list[tuple[Message, Tone]] = []
    if standing.line.shut is None and not standing.line.view.conflicts:
        lines.append((_opens(standing), Tone.PLAIN))
        left = standing.days_left or 0
        if not standing.is_soon:
            lines.append((lambda language: _left(left, language), Tone.MUTED))
    if standing.is_soon:
        lines.append((N_("Ask her again in good time: when it ends, sharing stops."), Tone.MUTED))
    if standing.waits_for_second:
        mine = N_("You were the first. Somebody else at the desk must agree.")
        lines.append((mine if is_first(standing) else N_("Read the reason, then agree."),
                      Tone.MUTED))  # fmt: skip
    if standing.is_untold and not standing.waits_for_second:
        lines.append((N_("She must be told, as soon as she can hear it."), Tone.WARNING))
    if standing.is_withdrawn and standing.holder is not None:
        holder = standing.holder
        tone = Tone.MUTED if holder.knows else Tone.WARNING
        lines.append((lambda language: holder_words(holder, language), tone))
    return lines


def _left(days: int, language: Language) -> str:
    return language.ngettext(
        "Stands for {count} more day.", "Stands for {count} more days.", days
    ).format(count=days)


def _opens(standing: Standing) -> Message:
    """What goes under it now, in plain words."""
    record, share, name = standing.consent, standing.share, standing.line.recipient
    if share is None:
        if standing.consent.recipient == standing.house.hex():
            return N_("It lets us work with her case. Nothing leaves under it.")
        return lambda language: language.gettext(
            N_("Nothing goes out yet: {name} is neither a partner desk nor her companion.")
        ).format(name=name)
    asked = record.groups if isinstance(record.groups, tuple) else ()
    widest = PURPOSES.get(str(record.purpose), frozenset())
    opened = [group for group in share.groups if group in asked and group in widest]
    if opened:
        return lambda language: language.gettext(N_("Opens now: {groups}")).format(
            groups=groups_text(opened, language)
        )
    nearest = (Reason.UNVERIFIED, Reason.TRANSFER)
    reason = next((one for one in nearest if one in share.withheld), None)
    if reason is None:
        return N_("Opens nothing now: nothing is written down yet of what it covers.")
    return lambda language: language.gettext(N_("Opens nothing now: {reason}.")).format(
        reason=language.gettext(REASONS[reason])
    )
