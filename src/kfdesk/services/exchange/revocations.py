# SPDX-License-Identifier: GPL-3.0-or-later
"""Revoked keys: which signing keys nobody may trust, since when, and who is told.

Every partner is told of a key by its next file. A key that another laptop of ours has revoked and
that nobody knows here goes to our other laptops alone: to partners it would tell with whom our
house had dealings.
"""

import json
from datetime import date, timedelta

from kfdesk.domain.exchange import HLC_BITS, KeyRevocation, Partner
from kfdesk.services.core.session import Session

_FOR_ALL, _FOR_OUR_OWN = "warn_of", "warn_our_own_of"
_MAX_UNKNOWN = 256  # keys of nobody here; a laptop of ours that was stolen may send any number


def revocations_for(desk: Session, recipient: Partner) -> list[KeyRevocation]:
    """Return the revoked keys of others that a partner may hear of."""
    kept = _kept(desk, _FOR_ALL) + (_kept(desk, _FOR_OUR_OWN) if recipient.is_own else [])
    return [one for one in kept if one.sign_key != recipient.sign_key]


def is_revoked_key(desk: Session, sign_key: bytes) -> bool:
    """Return whether a signing key was revoked, here or by another laptop of ours."""
    every = _kept(desk, _FOR_ALL) + _kept(desk, _FOR_OUR_OWN)
    return any(one.sign_key == sign_key for one in every)


def revoked_since(desk: Session, day: date | None = None) -> int:
    """Return the time (HLC) since when a key counts as revoked: the start of a day, or of today."""
    now = desk.adapters.clock.now()
    days_ago = max(0, (now.date() - day).days) if day else 0
    begin = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days_ago)
    return int(begin.timestamp() * 1000) << HLC_BITS


def record_revoked_key(desk: Session, said: KeyRevocation) -> None:
    """Record that partners must be told, by the next file, not to trust a key; in a transaction."""
    others = [one for one in _kept(desk, _FOR_OUR_OWN) if one.sign_key != said.sign_key]
    _keep(desk, _FOR_OUR_OWN, others)
    kept = _kept(desk, _FOR_ALL)
    if all(one.sign_key != said.sign_key for one in kept):
        _keep(desk, _FOR_ALL, [*kept, said])


def record_unknown_key(desk: Session, said: KeyRevocation) -> None:
    """Record a key of nobody here, of which our other laptops are told; in a transaction."""
    if not is_revoked_key(desk, said.sign_key):
        _keep(desk, _FOR_OUR_OWN, [*_kept(desk, _FOR_OUR_OWN), said][-_MAX_UNKNOWN:])


def forget_revoked_key(desk: Session, sign_key: bytes) -> None:
    """Stop telling that a key is revoked, since people trust it again; in a transaction."""
    for setting in (_FOR_ALL, _FOR_OUR_OWN):
        kept = [one for one in _kept(desk, setting) if one.sign_key != sign_key]
        _keep(desk, setting, kept)


def _kept(desk: Session, setting: str) -> list[KeyRevocation]:
    kept = json.loads(desk.store.setting(setting) or b"[]")
    return [KeyRevocation(bytes.fromhex(key), hlc) for key, hlc in kept]


def _keep(desk: Session, setting: str, kept: list[KeyRevocation]) -> None:
    stored = [(one.sign_key.hex(), one.hlc) for one in kept]
    desk.store.set_setting(setting, json.dumps(stored).encode())
