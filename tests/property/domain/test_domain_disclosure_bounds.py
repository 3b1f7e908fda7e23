# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever rows, consents and recipients there are: nothing goes that the rules do not open.

The expectation is computed anew for each field, straight from its description and from the design's
words, in another shape than the program's: one question a field, no tables of what is open.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from tests.support import make
from tests.support.samples import examples
from tests.unit.domain.disclosure_samples import EVERYTHING, MAY_OPEN, with_deletion

from kfdesk.domain.consent import Recipient, RecipientKind, WithheldReason
from kfdesk.domain.disclosure import Channel, Disclosed, disclose
from kfdesk.domain.records.client import Client, Consent
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import merge_states, superseded_ids, writes_by_field
from kfdesk.domain.rows import RecordView, Row, view, view_any
from kfdesk.domain.schema import DataGroup, Field, SensitivityLevel
from kfdesk.domain.values import MissingAnswer, PartialDate, Value, ZonedTime

OTHER = make.named_id("other client")
ORGANISATIONS = (make.OURS, make.PARTNER, make.THIRD)
RIDS = (*ORGANISATIONS, make.ESCORT, make.HER, OTHER)


@pytest.fixture(autouse=True, scope="module")
def everything() -> Iterator[None]:
    with make.registered(make.described(make.Everything)):
        yield


# what there may be


def day_after(days: int) -> date:
    return make.NOW.date() + timedelta(days=days)


days = st.integers(-100, 100)
moments = days.map(
    lambda d: ZonedTime.at(make.NOW.replace(tzinfo=None) + timedelta(days=d), make.STOCKHOLM)
)
gaps: st.SearchStrategy[Value] = st.sampled_from([None, *MissingAnswer])
MUST_HEAR = ("agrees_to_talk", "purpose", "use_of_data", "right_of_access", "how_long",
             "withdrawal")  # fmt: skip
assents: st.SearchStrategy[Value] = st.sampled_from([True, False, MissingAnswer.UNKNOWN])
languages: st.SearchStrategy[Value] = st.sampled_from(["ru", None, MissingAnswer.UNKNOWN])
explanations: st.SearchStrategy[Value] = st.sampled_from(
    [MUST_HEAR, (*MUST_HEAR, "research"), MUST_HEAR[1:], None]
)
groups = st.lists(st.sampled_from([*EVERYTHING, "desk", "directory"]), unique=True).map(tuple)


@st.composite
def consents(draw: st.DrawFn, name: str) -> Row:
    """Return a consent; half of what is drawn is such that it may stand."""
    mostly = draw(st.booleans())
    values: dict[str, Value] = {
        "purpose": draw(st.sampled_from([*MAY_OPEN, "world_peace"])),
        "recipient": draw(st.sampled_from(RIDS[1:5:2] if mostly else RIDS)).hex(),
        "groups": EVERYTHING if mostly else draw(groups | gaps),
        "given": draw(moments if not mostly else st.just(make.FILLED["consent"]["given"])),
        "expires": None if mostly else draw(days.map(day_after) | gaps),
        "withdrawn": None if mostly else draw(st.none() | moments),
        "transfer_tool": draw(st.sampled_from(["explicit_consent_49_1_a", "scc_46", None])),
        "explained": draw(explanations),
        "language": "ru" if mostly else draw(languages),
        "given_by": draw(st.sampled_from(["client", "guardian", "guardian", None])),
        "guardian": draw(st.sampled_from(["Ingen Påhittad", " "])),
        "assent": draw(assents),
        "form": draw(st.sampled_from(["oral_interpreter", "written_signature", None])),
        "interpreted_by": draw(st.sampled_from(["Tolk Påhittad", None])),
    }
    row = make.consent(
        name,
        custodian=draw(st.sampled_from(ORGANISATIONS)),
        parent=draw(st.sampled_from([make.HER, make.HER, OTHER, make.PLAN])),
        **values,
    )
    if draw(st.integers(0, 9)) == 0:
        return with_deletion(row)
    return torn(row, "purpose", "case_management") if draw(st.integers(0, 9)) == 0 else row


def torn(row: Row, key: str, value: Value) -> Row:
    """Return the row with one field that two desks wrote apart."""
    ours = make.changed(row, {key: value}, make.signature("EV", 5))
    theirs = make.changed(row, {key: None}, make.signature("ОМ", 9))
    return replace(row, state=merge_states(ours.state, theirs.state))


ages: st.SearchStrategy[dict[str, Value]] = st.sampled_from(
    [{}, {}, {"age_disputed": True}, {"birth_date": PartialDate("2015")},
     {"birth_date": None, "age_band": None}]
)  # fmt: skip


@st.composite
def cases(draw: st.DrawFn) -> tuple[Row, ...]:
    """Rows of two clients and of the directory, some missing, some torn, some deleted."""
    custodians = st.sampled_from(ORGANISATIONS)
    house = {"confidentiality": draw(st.sampled_from(
        ["public", "partners_only", "front_door_only", "secret", None]))}  # fmt: skip
    rows = [
        make.row("client", {**make.FILLED["client"], **draw(ages)}, custodian=draw(custodians)),
        make.row("plan"),
        make.row("leg"),
        make.row("help_number"),
        make.everything(),
        make.row("client", rid=OTHER, custodian=draw(custodians)),
        make.row("plan", rid=make.named_id("other plan"), parent=OTHER),
        make.row("organisation", {**make.FILLED["organisation"], **house}),
        make.row("contact", {**make.FILLED["contact"], **house}),
    ]
    chosen = draw(st.lists(st.sampled_from(rows), unique_by=lambda row: row.rid))
    kept = rows if draw(st.booleans()) else chosen
    leg = draw(st.sampled_from(["whole", "torn", "deleted"]))
    return tuple(_changed(row, leg) if row.type == "leg" else row for row in kept)


def _changed(row: Row, how: str) -> Row:
    if how == "torn":
        return torn(row, "carrier", "18")
    return with_deletion(row) if how == "deleted" else row


fitting = st.sampled_from([make.partner(), make.A_PERSON, make.HERSELF, make.OWN_DESK])
strange = st.builds(
    Recipient,
    st.sampled_from(RecipientKind),
    st.sampled_from([*RIDS, None]),
    is_verified=st.booleans(),
    is_third_country=st.booleans(),
    has_transfer_tool=st.booleans(),
    wants_paper=st.booleans(),
)


recipients = fitting | strange


@dataclass(frozen=True)
class Asked:
    """One question: these rows, to this recipient, by this way, with these consents, now."""

    rows: tuple[Row, ...]
    recipient: Recipient
    channel: Channel
    consents: tuple[Row, ...]
    at: datetime = make.NOW

    def answer(self) -> Disclosed:
        rows = (*self.rows, *self.consents)
        return disclose(rows, self.recipient, self.channel, make.basis(self.consents, self.at))


questions = st.builds(
    Asked,
    cases(),
    recipients,
    st.sampled_from(Channel),
    st.tuples(*(consents(name) for name in ("one", "two", "three"))),
)


# what may go, by the words of the design


@dataclass(frozen=True)
class Around:
    """Facts about a row, whichever of its fields is asked about."""

    row: Row
    found: RecordView[Any]
    client: Row | None
    said: tuple[Consent, ...]


def around(asked: Asked, row: Row) -> Around:
    client = client_of(asked, row)
    speaking = [consent for consent in asked.consents if may_speak(asked, consent, client)]
    said = tuple(
        view(consent, Consent).record
        for consent in speaking
        if make.OURS in (consent.custodian, row.custodian) or consent.custodian == row.custodian
    )
    return Around(row, view_any(row), client, said)


def may_go(asked: Asked, of: Around, field: Field) -> bool:
    recipient, channel, found = asked.recipient, asked.channel, of.found
    ceiling = SensitivityLevel.S2 if channel is Channel.CARRIED else SensitivityLevel.S4
    if field.level is SensitivityLevel.S5 or field.level > ceiling:
        return False
    if channel is not Channel.BUNDLE and found.is_deleted:
        return False
    if channel is Channel.CARRIED and field.key in found.conflicts:
        return False
    if recipient.who is RecipientKind.OWN and channel is not Channel.CARRIED:
        return True
    if field.to is DataGroup.DESK or (
        recipient.who is RecipientKind.PARTNER and not recipient.is_verified
    ):
        return False
    if field.to is DataGroup.COMMON:
        return False  # this desk takes part in no network
    if field.to is DataGroup.DIRECTORY:
        if getattr(found.record, "may_be_shared", True) is not True:
            return False
        is_partner = recipient.who is RecipientKind.PARTNER
        return found.record.confidentiality in ({"public", "partners_only"} if is_partner
                                                else {"public"})  # fmt: skip
    client = of.client
    if recipient.who is RecipientKind.CLIENT:
        return recipient.wants_paper and client is not None and client.rid == recipient.rid
    if field.to is DataGroup.PARTIES:
        return may_speak(asked, of.row, client) and of.row.custodian != recipient.rid
    return any(opens(consent, field) for consent in of.said)


def client_of(asked: Asked, row: Row) -> Row | None:
    known = {known.rid: known for known in (*asked.rows, *asked.consents)}
    seen: list[Row] = []
    above: Row | None = row
    while above is not None and above.type != "client" and above not in seen:
        seen.append(above)
        above = known.get(above.parent or b"")
    return above if above is not None and above.type == "client" else None


def may_speak(asked: Asked, consent: Row, client: Row | None) -> bool:
    """Return whether this consent says anything about this client to this recipient, now."""
    found, recipient = view(consent, Consent), asked.recipient
    if client is None or consent.parent != client.rid or recipient.rid is None:
        return False
    is_obtained = recipient.who is RecipientKind.PARTNER and consent.custodian == recipient.rid
    is_named = found.record.recipient == recipient.rid.hex()
    if is_obtained and client.custodian != recipient.rid:
        return False
    if not (is_obtained or is_named) or found.conflicts or found.is_deleted:
        return False
    has_ground = found.record.transfer_tool == "explicit_consent_49_1_a"
    if recipient.is_third_country and not (recipient.has_transfer_tool or has_ground):
        return False
    if not is_talked_through(found.record):
        return False
    if not is_obtained and is_young(client) and not is_a_childs(found.record):
        return False
    return is_standing(found.record, asked.at.date())


def is_talked_through(consent: Consent) -> bool:
    """Language, the six points, an interpreter where there was one, who agreed, in which form."""
    heard = consent.explained if isinstance(consent.explained, tuple) else ()
    is_named = consent.form != "oral_interpreter" or bool(consent.interpreted_by)
    is_others = consent.given_by == "guardian"
    known = (consent.language, consent.form, consent.given_by)
    return (
        set(MUST_HEAR) <= set(heard)
        and is_named
        and all(isinstance(one, str) for one in known)
        and not (is_others and not str(consent.guardian).strip())
    )


def is_young(client: Row) -> bool:
    """Return whether she may be a child, with the ages that are drawn here."""
    record = view(client, Client).record
    return record.age_disputed is True or record.birth_date != PartialDate("2001-05")


def is_a_childs(consent: Consent) -> bool:
    return consent.given_by == "guardian" and consent.assent in (True, MissingAnswer.UNKNOWN)


def is_standing(consent: Consent, today: date) -> bool:
    if not isinstance(consent.given, ZonedTime) or consent.withdrawn is not None:
        return False
    first = consent.given.wall.date()
    last = consent.expires if consent.expires is not None else first + timedelta(days=90)
    return isinstance(last, date) and first <= today <= last


def opens(consent: Consent, field: Field) -> bool:
    named = consent.groups if isinstance(consent.groups, tuple) else ()
    return field.to in named and field.to in MAY_OPEN.get(str(consent.purpose), "").split()


def filled(row: Row) -> Sequence[Field]:
    """Return the fields that have a write, so that there is something to grant or to withhold."""
    live = writes_by_field(row.state)
    described = RECORD_TYPES[row.type]
    return [field for key, field in described.fields.items() if described.ids[key] in live]


@settings(max_examples=examples(70), deadline=None, database=None)
@given(questions)
def test_what_goes_is_what_the_design_opens_and_nothing_beyond(asked: Asked) -> None:
    what = asked.answer()
    granted = {(given.row.rid, key) for given in what.rows for key in given.grants}
    expected = {
        (row.rid, field.key)
        for row in (*asked.rows, *asked.consents)
        for of in [around(asked, row)]
        for field in filled(row)
        if may_go(asked, of, field)
    }
    event(f"{asked.recipient.who} {'some' if granted else 'none'}")
    assert granted == expected


@settings(max_examples=examples(70), deadline=None, database=None)
@given(questions)
def test_no_row_holds_more_than_was_granted(asked: Asked) -> None:
    """The writes of a narrowed row, the dead ones too, are of its granted fields alone."""
    what = asked.answer()
    for given_row in what.rows:
        ids = RECORD_TYPES[given_row.row.type].ids
        known = set(writes_by_field(given_row.row.state)) | {
            f for f, _ in superseded_ids(given_row.row.state)
        }
        assert known - {0} == {ids[key] for key in given_row.grants}
        for key, consent in given_row.grants.items():
            field = RECORD_TYPES[given_row.row.type].fields[key]
            assert field.level is not SensitivityLevel.S5
            assert consent is None or field.to not in {DataGroup.DESK, DataGroup.DIRECTORY}


@settings(max_examples=examples(70), deadline=None, database=None)
@given(questions)
def test_each_field_with_a_value_goes_or_stays_for_a_reason(asked: Asked) -> None:
    what = asked.answer()
    granted = {(given.row.rid, key) for given in what.rows for key in given.grants}
    withheld = {(kept.rid, kept.key): kept.reason for kept in what.withheld}
    assert not granted & withheld.keys()
    assert len(withheld) == len(what.withheld)
    every = {
        (row.rid, field.key)
        for row in (*asked.rows, *asked.consents)
        if asked.channel is Channel.BUNDLE or not view_any(row).is_deleted
        for field in filled(row)
    }
    assert granted | withheld.keys() == every
    assert set(withheld.values()) <= set(WithheldReason)


@settings(max_examples=examples(50), deadline=None, database=None)
@given(questions)
def test_answer_does_not_hang_on_the_order_of_the_question(asked: Asked) -> None:
    rows = [*asked.rows, *asked.consents]
    backwards = disclose(
        rows[::-1], asked.recipient, asked.channel, make.basis(asked.consents[::-1], asked.at)
    )
    assert backwards == asked.answer()


@settings(max_examples=examples(50), deadline=None, database=None)
@given(questions)
def test_less_consent_never_opens_more(asked: Asked) -> None:
    def granted(part: Asked) -> set[tuple[bytes, str]]:
        what = disclose((*asked.rows, *asked.consents), part.recipient, part.channel,
                        make.basis(part.consents, part.at))  # fmt: skip
        return {(given.row.rid, key) for given in what.rows for key in given.grants}

    whole = granted(asked)
    for left_out in asked.consents:
        fewer = tuple(consent for consent in asked.consents if consent is not left_out)
        assert granted(replace(asked, consents=fewer)) <= whole


types = st.sampled_from(["client", "leg", "plan", "everything"])
papers = st.dictionaries(
    types, st.frozensets(st.sampled_from(["code", "carrier", "departs", "state", "identity", "s4"]))
)


@settings(max_examples=examples(50), deadline=None, database=None)
@given(questions, papers)
def test_paper_is_a_part_of_what_was_disclosed(
    asked: Asked, keys: dict[str, frozenset[str]]
) -> None:
    whole = asked.answer()
    paper = whole.only_keys(keys)
    for given_row in paper.rows:
        (origin,) = (row for row in whole.rows if row.row.rid == given_row.row.rid)
        assert given_row.grants.items() <= origin.grants.items()
        assert given_row.grants.keys() <= keys[given_row.row.type]
    assert set(paper.withheld) <= set(whole.withheld)
