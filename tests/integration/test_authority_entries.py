# SPDX-License-Identifier: GPL-3.0-or-later
"""A partner in the entries of others: it hangs no telephone and no word below them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.hostile_samples import Trio, hostile_trio

from kfdesk.domain.exchange import FileIssue
from kfdesk.domain.records.directory import Contact, Organisation
from kfdesk.domain.rows import Row
from kfdesk.domain.values import Value
from kfdesk.services.core.records import create_record
from kfdesk.services.directory.entries import read_with_phones

NUMBER = "+46 8 000 00 66"


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    with hostile_trio(tmp_path) as met:
        yield met


def entry_of(trio: Trio, whose: str) -> bytes:
    """Return an entry of ours, or of the third organisation."""
    if whose == "our own":
        return trio.ours.identity.organisation
    if whose == "ours":
        return create_record(trio.ours, Organisation, {"name": "Exempelmyndigheten"})
    if whose == "our person":
        return create_record(trio.ours, Contact, {"given_name": "Anna"})
    if whose == "theirs":
        return trio.third.identity.organisation
    row = trio.forger(trio.third).written("organisation", {"name": "Kolmas maja"})
    trio.take(trio.forger(trio.third).file([row]))
    return row.rid


def phone(trio: Trio, above: bytes, custodian: bytes | None = None) -> Row:
    values: dict[str, Value] = {"number": NUMBER, "confidentiality": "public", "is_safe": True}
    return trio.forger(trio.bad).written("phone", values, parent=above, custodian=custodian)


@pytest.mark.parametrize("claims", [True, False])
@pytest.mark.parametrize("whose", ["our own", "ours", "our person", "theirs", "third"])
def test_partner_hangs_no_telephone_below_anothers_entry(
    trio: Trio, whose: str, claims: bool
) -> None:
    above = entry_of(trio, whose)
    before = read_with_phones(trio.ours, [above])
    head = trio.ours.store.row(above)
    assert head is not None
    row = phone(trio, above, head.custodian if claims else None)
    review = trio.take(trio.forger(trio.bad).file([row]))
    assert trio.ours.store.row(row.rid) is None
    assert read_with_phones(trio.ours, [above]) == before
    told = FileIssue.NOT_OF_NETWORK in {one.finding for one in review.findings}
    assert told or claims


def test_telephone_that_comes_before_its_entry_is_not_seen_below_it(trio: Trio) -> None:
    entry = trio.forger(trio.third).written("organisation", {"name": "Kolmas maja"})
    trio.take(trio.forger(trio.bad).file([phone(trio, entry.rid)]))
    trio.take(trio.forger(trio.third).file([entry]))
    (seen,) = read_with_phones(trio.ours, [entry.rid])
    assert seen.phones == ()


def test_partner_adds_telephones_to_its_own_entry(trio: Trio) -> None:
    entry = trio.forger(trio.bad).written("organisation", {"name": "Oma maja"})
    trio.take(trio.forger(trio.bad).file([entry, phone(trio, entry.rid)]))
    (seen,) = read_with_phones(trio.ours, [entry.rid])
    assert [one.record.number for one in seen.phones] == [NUMBER]
