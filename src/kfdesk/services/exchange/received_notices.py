# SPDX-License-Identifier: GPL-3.0-or-later
"""Withdrawals that a file reports: which are believed, and what they change. Writes nothing.

A withdrawal is accepted from both parties of a consent, because it can only stop sharing. For a
consent that is not here it is kept in advance, on the word of its custodian alone, and only under
an id that is not bound to somebody else: the true consent could not come any more.

No wrong clock stops a withdrawal: what a notice has with a stamp far ahead is written again here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kfdesk.domain.consent import is_withdrawal_notice
from kfdesk.domain.exchange import ReceivedBundle
from kfdesk.domain.records.client import Consent
from kfdesk.domain.registers import EMPTY_STATE, encode_state, superseded_ids
from kfdesk.domain.rows import Row, check_row, view
from kfdesk.domain.stamps import bound_stamps, newest_stamp_until
from kfdesk.services.core.session import Session
from kfdesk.services.exchange.import_policy import ImportPolicy, Refusal, may_keep_out
from kfdesk.services.exchange.merge import join_row


@dataclass(frozen=True, slots=True)
class ReportedWithdrawal:
    """A withdrawal in a file: the consent before and after.

    `before` is None if the consent is not here. `is_ours`: we are the consent's custodian, and
    the client withdrew it at the partner.
    """

    after: Row
    before: Row | None
    is_ours: bool

    @property
    def is_new(self) -> bool:
        """True if it changes anything here."""
        return self.before is None or encode_state(self.before.state) != encode_state(
            self.after.state
        )


@dataclass(frozen=True, slots=True)
class NoticeReport:
    """Notices of a file: those that are believed with their effect, and why the others are not.

    `told_of_erased` are those about consents that were erased here: their sender knows.
    """

    told: tuple[ReportedWithdrawal, ...] = ()
    refused: tuple[Refusal, ...] = ()
    told_of_erased: tuple[Row, ...] = ()
    kept_out: tuple[Row, ...] = ()
    """Those of `told_of_erased` that the sender may say to lie below something erased."""

    @property
    def untold(self) -> int:
        """The number of notices that are not believed."""
        return len(self.refused)


def evaluate_notices(
    desk: Session, taken: ReceivedBundle, fresh: Mapping[bytes, Row]
) -> NoticeReport:
    """Return what the notices of a file do. `fresh` are rows that the same file creates.

    Raise KfdeskError `field.…`.
    """
    if not taken.notices:
        return NoticeReport()
    policy = ImportPolicy(desk, taken)
    told, refused, gone = list[ReportedWithdrawal](), list[Refusal](), list[Row]()
    for notice in taken.notices:
        found = _evaluate_notice(desk, policy, notice, fresh)
        if isinstance(found, ReportedWithdrawal):
            told.append(found)
        elif found is Refusal.ERASED:
            gone.append(notice)
        else:
            refused.append(found)
    kept_out = tuple(row for row in gone if may_keep_out(taken, row))
    return NoticeReport(tuple(told), tuple(refused), tuple(gone), kept_out)


def _evaluate_notice(
    desk: Session, policy: ImportPolicy, notice: Row, fresh: Mapping[bytes, Row]
) -> ReportedWithdrawal | Refusal:
    assert is_withdrawal_notice(notice)
    ours = fresh.get(notice.rid) or desk.store.row(notice.rid)
    refusal = policy.notice_refusal(ours, notice)
    if refusal is not None:
        return refusal
    if policy.sender not in _consent_parties(notice, ours):
        return Refusal.NOT_WRITABLE
    check_row(notice)
    notice = _bounded(desk, ours, notice)
    after = notice if ours is None else join_row(ours, notice)
    if after is None:
        return Refusal.NOT_WRITABLE
    return ReportedWithdrawal(after, ours, notice.custodian == desk.identity.organisation)


def _bounded(desk: Session, ours: Row | None, notice: Row) -> Row:
    """Return a notice of which no write is too far ahead; what was bounded before is left out."""
    now, before = desk.milliseconds, ours.state if ours is not None else EMPTY_STATE
    after, gone = newest_stamp_until(before, now), superseded_ids(before)
    return replace(notice, state=bound_stamps(notice.rid, notice.state, now, after, gone))


def _consent_parties(notice: Row, ours: Row | None) -> frozenset[bytes]:
    """Return the organisations that are parties of a consent, by our own data."""
    if ours is None:
        return frozenset({notice.custodian})
    seen = view(ours, Consent)
    versions = (version.value for version in seen.versions.get("recipient", ()))
    named = {one for one in (seen.record.recipient, *versions) if isinstance(one, str)}
    return frozenset({ours.custodian, *map(bytes.fromhex, named)})
