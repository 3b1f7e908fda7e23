# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors, codes, and what a desk knows beside its records: none says more than it should."""

import re
from dataclasses import replace

import pytest
from tests.golden.tables import codes_now
from tests.support import make

from kfdesk.domain import exchange
from kfdesk.domain.audit import Action, AuditEvent, DisclosureEntry
from kfdesk.domain.codes import core, htcds
from kfdesk.domain.codes.world import COUNTRIES, LANGUAGES
from kfdesk.domain.consent import RecipientKind
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import CardInfo, Identity, Partner, PartnerState
from kfdesk.domain.schema import DataGroup
from kfdesk.domain.version import RELEASE_DAY, VERSION

SECRETS = (b"sign seed of ours", b"age secret of ours")


def partner(state: PartnerState = PartnerState.VERIFIED) -> Partner:
    return Partner(
        make.PARTNER, "Дом у реки", b"card as it came", b"signing key", state,
        is_third_country=True, has_transfer_tool=True,
    )  # fmt: skip


def test_error_carries_a_code_and_data_and_its_text_is_the_code_alone() -> None:
    error = KfdeskError("paper.missing", field="leg.departs", number=2)
    assert (error.code, error.data) == ("paper.missing", {"field": "leg.departs", "number": 2})
    assert str(error) == "paper.missing"
    assert "departs" not in repr(error)


@pytest.mark.parametrize("state", PartnerState)
def test_only_a_verified_partner_is_a_verified_recipient(state: PartnerState) -> None:
    recipient = partner(state).recipient
    assert recipient.is_verified == (state is PartnerState.VERIFIED)
    assert (recipient.who, recipient.rid) == (RecipientKind.PARTNER, make.PARTNER)
    assert (recipient.is_third_country, recipient.has_transfer_tool) == (True, True)
    assert not recipient.wants_paper


@pytest.mark.parametrize("state", PartnerState)
def test_laptop_of_our_own_receives_as_one_only_once_it_is_verified(state: PartnerState) -> None:
    ours = replace(partner(), state=state, is_own=True)
    is_verified = state is PartnerState.VERIFIED
    assert ours.recipient.who is (RecipientKind.OWN if is_verified else RecipientKind.PARTNER)
    assert ours.recipient.is_verified == is_verified


def test_no_repr_shows_a_key() -> None:
    ours = Identity(make.OURS, "Nordhuset", b"device", *SECRETS, b"epoch")
    for secret in SECRETS:
        assert secret.decode() not in repr(ours)
    for value in (
        partner(),
        CardInfo(make.PARTNER, "Дом у реки", b"signing key", device=b"device"),
    ):
        assert "signing key" not in repr(value)
        assert "card as it came" not in repr(value)


def test_log_has_room_for_names_of_fields_and_none_for_values() -> None:
    event = AuditEvent("EV", 1, Action.CHANGE, make.HER, ("given_name",))
    assert event.__slots__ == ("user", "milliseconds", "action", "rid", "keys")
    entry = DisclosureEntry(
        make.HER, "client", make.PARTNER, "bundle", (), {"code": (b"12345678",)}, b"", 1
    )
    assert entry.writes == {"code": (b"12345678",)}


def test_actions_and_states_are_words_that_can_be_kept() -> None:
    for words in (Action, PartnerState, exchange.Direction):
        for word in words:
            assert re.fullmatch(r"[a-z_]+", word)


def test_codes_are_plain_words() -> None:
    for name, found in codes_now().items():
        pattern = r"[A-Z]{2}" if name == "COUNTRIES" else r"[a-z][a-z0-9_]*"
        if name in vars(htcds):  # the standard's own spelling; an industry has its section's letter
            pattern = r"(?:[A-U]_)?[A-Z][A-Za-z]*"
        assert all(re.fullmatch(pattern, code) for code in found), name
        assert len(set(found)) == len(found)


def test_codes_have_labels_and_those_of_the_world_have_none() -> None:
    for name in codes_now():
        if hasattr(core, name):
            assert all(getattr(core, name).values()), name
    assert not any({**COUNTRIES, **LANGUAGES}.values())


def test_countries_and_languages_of_the_trade_are_there() -> None:
    assert {"SE", "LV", "RU", "BG", "NG", "VN", "MD", "UA"} <= COUNTRIES.keys()
    assert {"sv", "lv", "ru", "bg", "en", "ro", "vi", "rom"} <= LANGUAGES.keys()
    assert len(COUNTRIES) == 249


def test_groups_are_the_codes_of_consent() -> None:
    assert list(core.CONSENT_SCOPE) == [
        group
        for group in DataGroup
        if group not in {DataGroup.PARTIES, DataGroup.DIRECTORY, DataGroup.COMMON, DataGroup.DESK}
    ]


def test_release_says_which_and_when() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", VERSION)
    assert RELEASE_DAY.year >= 2026
