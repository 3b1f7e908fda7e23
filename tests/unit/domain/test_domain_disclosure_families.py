# SPDX-License-Identifier: GPL-3.0-or-later
"""Each family of record types has its own sight: who may have a record beside consents."""

from dataclasses import replace

import pytest
from tests.support import make

from kfdesk.domain.consent import Recipient, RecipientKind
from kfdesk.domain.disclosure import Channel, DisclosureBasis, disclose
from kfdesk.domain.network import Circle
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.rules import Family

NETWORK = b"N" * 16
MEMBER = make.partner()
STRANGER = Recipient(RecipientKind.PARTNER, make.THIRD)
SORTS = frozenset({"directory", "procedures", "book", "figures", "work"})
SHARED = {"network": NETWORK.hex(), "confidentiality": "partners_only"}


def goes(record_type: str, to: Recipient, sorts: frozenset[str] = SORTS) -> bool:
    """Return whether a record of ours that names the network goes to a recipient."""
    keys = RECORD_TYPES[record_type].fields.keys() & SHARED.keys()
    row = make.row(record_type, {**make.FILLED[record_type], **{key: SHARED[key] for key in keys}})
    rid = NETWORK if record_type == "network" else row.rid
    circle = Circle(frozenset({make.OURS, make.PARTNER}), sorts)
    basis = DisclosureBasis((), make.NOW, make.OURS, circles={NETWORK: circle})
    parent = NETWORK if record_type == "membership" else None
    asked = replace(row, rid=rid, parent=parent)
    above = (
        replace(make.row("network", {"confidentiality": "partners_only"}), rid=NETWORK)
        if parent
        else None
    )
    rows = (asked,) if above is None else (above, asked)
    what = disclose(rows, to, Channel.BUNDLE, basis)
    return any(given.grants for given in what.rows if given.row.type == record_type)


@pytest.mark.parametrize(
    "record_type", ["network", "membership", "procedure", "article", "edition", "figure_release"]
)
def test_members_of_its_network_have_a_record_and_others_do_not(record_type: str) -> None:
    assert goes(record_type, MEMBER)
    assert not goes(record_type, STRANGER)


@pytest.mark.parametrize(
    ("record_type", "sort"),
    [("procedure", "procedures"), ("article", "book"), ("figure_release", "figures")],
)
def test_member_has_only_the_sorts_that_its_network_shares(record_type: str, sort: str) -> None:
    assert goes(record_type, MEMBER, frozenset({sort}))
    assert not goes(record_type, MEMBER, SORTS - {sort})


@pytest.mark.parametrize(
    "record_type",
    [
        *(name for name, one in RECORD_TYPES.items() if one.rules.family is Family.CASE),
        *("sum_share", "sum_part"),
    ],
)
def test_nothing_of_a_client_and_no_share_without_its_round_goes_by_a_network_alone(
    record_type: str,
) -> None:
    assert not goes(record_type, MEMBER)
