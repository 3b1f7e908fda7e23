# SPDX-License-Identifier: GPL-3.0-or-later
"""What consents open for one client and one recipient: the groups that go, and why the rest stays.

Knows groups, not fields: which group a field belongs to, and how secret it is, `disclosure.py`
asks, and nobody else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from kfdesk.domain.consents.purposes import PURPOSES, SHAREABLE
from kfdesk.domain.consents.recipients import Recipient, Who
from kfdesk.domain.consents.standing import VITAL_INTERESTS, Reason, why_shut
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.rows import Row, View, view
from kfdesk.domain.schema import Group
from kfdesk.domain.values import Moment

# Where several consents keep a group shut, the reason nearest to opening it is told: last wins.
_NEARNESS = (
    Reason.SCOPE,
    Reason.PURPOSE,
    Reason.NO_CONSENT,
    Reason.EXPIRED,
    Reason.WITHDRAWN,
    Reason.CONFLICT,
    Reason.INCOMPLETE,
    Reason.TRANSFER,
)


Verdicts = tuple[Mapping[str, bytes | None], Mapping[str, Reason]]
"""The fields that go, each with its consent, and those that stay, each with the reason."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What consents open for one client: group to consent, and why the rest stays shut.

    `decided` has what was decided of a row, for the next that has the same fields.
    """

    client: bytes | None
    groups: Mapping[Group, bytes]
    shut: Mapping[Group, Reason]
    standing: frozenset[bytes]
    decided: dict[tuple[object, ...], Verdicts] = field(default_factory=dict)


def opening(
    client: Row | None, recipient: Recipient, consents: Iterable[View[Consent]], at: datetime
) -> Opened:
    """What opens for a client, None where she is not known, to a recipient at a time (aware)."""
    groups: dict[Group, bytes] = {}
    shut: dict[Group, Reason] = {}
    standing: set[bytes] = set()
    if client is None:
        return Opened(None, groups, shut, frozenset())
    her = view(client, Client)
    for consent in consents:
        if consent.row.parent != client.rid or not _is_between(consent, client, recipient):
            continue
        is_answer = consent.row.custodian == recipient.rid
        reason = why_shut(consent, her, at, is_answer=is_answer)
        reason = reason or _transfer(consent.record, recipient)
        asked = consent.record.groups if isinstance(consent.record.groups, tuple) else ()
        widest = PURPOSES.get(str(consent.record.purpose), frozenset())
        for group in SHAREABLE:
            why = _shut(group, asked, widest, reason)
            if why is None:
                groups.setdefault(group, consent.rid)
            else:
                shut[group] = max(why, shut.get(group, why), key=_NEARNESS.index)
        if reason is None:
            standing.add(consent.rid)
    return Opened(client.rid, groups, shut, frozenset(standing))


def _is_between(consent: View[Consent], client: Row, recipient: Recipient) -> bool:
    """Whether the recipient is a party: the one it names, or the one that obtained it.

    A partner answers under the consent it received its data by. A consent that the recipient
    obtained itself opens nothing of another's client, or it could open our store to itself.
    """
    if recipient.rid is None:
        return False
    if recipient.who is Who.PARTNER and consent.row.custodian == recipient.rid:
        return client.custodian == recipient.rid
    return consent.record.recipient == recipient.rid.hex()


def _shut(
    group: Group, asked: Iterable[str], widest: frozenset[Group], reason: Reason | None
) -> Reason | None:
    if reason is Reason.CONFLICT:
        return reason
    if group not in asked:
        return Reason.SCOPE
    if group not in widest:
        return Reason.PURPOSE
    return reason


def _transfer(consent: Consent, recipient: Recipient) -> Reason | None:
    if not recipient.is_third_country or recipient.has_transfer_tool:
        return None
    if consent.form == VITAL_INTERESTS:
        return None if consent.transfer_tool == "vital_interests_49_1_f" else Reason.TRANSFER
    is_warned = isinstance(consent.warned, Moment)  # of the risk, before she agreed
    is_explicit = consent.transfer_tool == "explicit_consent_49_1_a" and is_warned
    return None if is_explicit else Reason.TRANSFER
