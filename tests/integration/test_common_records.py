# SPDX-License-Identifier: GPL-3.0-or-later
"""What common records promise, each against real desks: bytes of files, digests of stores, pages.

Other rules of networks are in `test_networks.py`; here stands what must never happen.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from pypdf import PdfReader
from tests.integration import run_samples
from tests.integration.hostile_samples import Trio, hostile_trio
from tests.integration.network_samples import add_member, begin_network, send
from tests.integration.test_networks import add_house, name_at
from tests.vectors.bundle import second_reader

from kfdesk.demo import people
from kfdesk.domain.codes.core import PaperName, PaperRequest
from kfdesk.domain.directory import FileKind
from kfdesk.domain.kinds import ReferenceKind
from kfdesk.domain.records.client import Consent
from kfdesk.domain.records.directory import Contact, EntryCheck, Organisation
from kfdesk.domain.records.registry import RECORD_TYPES, RecordType
from kfdesk.domain.rows import Row, view, view_any
from kfdesk.domain.schema import DataGroup
from kfdesk.domain.values import Value
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.core.session import Session
from kfdesk.services.directory import networks
from kfdesk.services.directory.files import export_contacts
from kfdesk.services.exchange import transfer
from kfdesk.services.exchange.outbox import CommonState
from kfdesk.services.papers.production import make_paper
from kfdesk.services.plans.plans import open_plan

_GZIP_START = re.compile(rb"\x1f\x8b\x08\x00")
OLD = 4  # the schema of the programs before networks
REFERENCES = {
    name: [key for key, one in described.fields.items() if isinstance(one.kind, ReferenceKind)]
    for name, described in RECORD_TYPES.items()
}
HIDDEN = ("Gömda huset", "+46 8 000 00 03", "Bakom sjön")


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    with hostile_trio(tmp_path) as met:
        yield met


def plaintext_of(path: Path, reader: Session) -> bytes:
    """Return all that a file says to its reader: the plaintext, and each part of it unpacked."""
    plain = second_reader.open_age(path.read_bytes(), reader.identity.age_secret)
    parts = (zlib.decompressobj(31).decompress(plain[found.start() :])
             for found in _GZIP_START.finditer(plain))  # fmt: skip
    return b"\0".join((plain, *parts))


def words_in(data: bytes, *words: str) -> list[str]:
    return [word for word in words if word.encode() in data]


# --- 1: a member gets what its class lets, byte for byte


@pytest.mark.parametrize("seen_by", ["secret", "front_door_only", None])
def test_no_byte_of_a_hidden_entry_is_in_a_members_file(trio: Trio, seen_by: str | None) -> None:
    begin_network(trio.ours, trio.bad)
    add_house(trio.ours, "Öppna huset", "public", "+46 8 000 00 01")
    add_house(trio.ours, "Cirkelhuset", "circle", "+46 8 000 00 02")
    hidden = add_house(trio.ours, HIDDEN[0], "public", HIDDEN[1])
    change_record(trio.ours, hidden, {"city": HIDDEN[2], "confidentiality": seen_by})
    create_record(trio.ours, EntryCheck, {"outcome": "right", "by": HIDDEN[0]}, hidden)
    path = send(trio, trio.ours, trio.bad)
    said = plaintext_of(path, trio.bad)
    assert words_in(said, "Öppna huset", "Cirkelhuset", "+46 8 000 00 02") != []
    assert words_in(said, *HIDDEN) == []
    assert hidden not in said
    trio.take(path, trio.bad)
    assert trio.bad.store.row(hidden) is None
    assert len(networks.list_networks(trio.bad)) == 1


@pytest.mark.parametrize(("first", "last"), [("public", "secret"), ("secret", "public")])
def test_class_of_an_entry_in_conflict_holds_it_back(trio: Trio, first: str, last: str) -> None:
    begin_network(trio.ours, trio.bad)
    house = add_house(trio.ours, HIDDEN[0], first, HIDDEN[1])
    change_record(trio.ours, house, {"confidentiality": last}, ())
    assert words_in(plaintext_of(send(trio, trio.ours, trio.bad), trio.bad), *HIDDEN) == []


# --- 2: who a plan names


@pytest.mark.parametrize("seen_by", ["circle", "secret"])
def test_references_of_a_sent_plan_lead_to_a_name_or_to_who_knows_it(
    trio: Trio, seen_by: str
) -> None:
    begin_network(trio.ours, trio.bad)
    house = add_house(trio.ours, "Mottagande huset", "circle", "+46 8 000 00 05")
    values: dict[str, Value] = {
        "given_name": HIDDEN[2], "organisation": house.hex(), "may_be_shared": True,
        "confidentiality": seen_by,
    }  # fmt: skip
    person = create_record(trio.ours, Contact, values)
    change_record(trio.ours, trio.plan, {"receiver": house.hex(), "escort": person.hex()})
    partner, post = trio.bad.identity.organisation, trio.post
    path = transfer.send_bundle(trio.ours, trio.plan, partner, post).path
    is_hidden = seen_by == "secret"
    assert (words_in(plaintext_of(path, trio.bad), *HIDDEN) == []) is is_hidden
    trio.take(path, trio.bad)
    choices = open_plan(trio.bad, trio.plan).choices
    names = dict((*choices.organisations, *choices.contacts, *choices.elsewhere))
    rows = (_required(trio.bad, trio.plan), *trio.bad.store.children(trio.plan))
    named = {str(value) for row in rows for key in REFERENCES[row.type]
             if (value := getattr(view_any(row).record, key)) is not None}  # fmt: skip
    assert {house.hex(), person.hex()} <= named <= names.keys()
    assert names[house.hex()] == "Mottagande huset"
    assert names[person.hex()] == (trio.ours.identity.name if is_hidden else HIDDEN[2])
    assert ((person.hex(), trio.ours.identity.name) in choices.elsewhere) is is_hidden


# --- 3: nobody else changes an entry


def test_forged_change_of_an_entry_and_what_is_below_it_changes_nothing(trio: Trio) -> None:
    begin_network(trio.ours, trio.bad)
    house = add_house(trio.ours, "Öppna huset", "public", "+46 8 000 00 01")
    create_record(trio.ours, EntryCheck, {"outcome": "right", "how": "call"}, house)
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    forger, before = trio.forger(trio.bad), trio.ours.store.digest()
    below = (*trio.ours.store.rows("phone"), *trio.ours.store.rows("entry_check"))
    ours = (trio.row(house), *(row for row in below if row.parent == house))
    refused = 0
    for row in ours:
        author = f"EV, {trio.ours.identity.name}"
        key = {"organisation": "name", "phone": "number", "entry_check": "outcome"}[row.type]
        value = "not_reached" if row.type == "entry_check" else "Falska huset"
        for forged in (forger.changed(row, {key: value}, author), forger.deleted(row)):
            refused += trio.take(forger.file((forged,))).refused
    check = forger.written("entry_check", {"outcome": "closed_down"}, parent=house)
    refused += trio.take(forger.file((check,))).refused
    assert len(ours) == 3
    assert refused == 7
    assert trio.ours.store.digest() == before


# --- 4: what ends, ends


def test_member_that_has_left_gets_nothing_more_and_keeps_what_it_has(trio: Trio) -> None:
    network = begin_network(trio.ours)
    member = add_member(trio.ours, network, trio.bad)
    house = add_house(trio.ours, "Cirkelhuset", "circle")
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    yesterday = trio.ours.adapters.clock.now().date() - timedelta(days=1)
    change_record(trio.ours, member, {"ends": yesterday})
    change_record(trio.ours, house, {"hours": "Mo-Fr 09:00-17:00"})
    later = add_house(trio.ours, "Nya huset", "circle")
    post, partner = trio.post, trio.bad.identity.organisation
    said = plaintext_of(path := send(trio, trio.ours, trio.bad), trio.bad)
    assert words_in(said, "Cirkelhuset", "Nya huset", "Uppdiktat nätverk") == []
    trio.take(path, trio.bad)
    goes = transfer.prepare_common(trio.ours, partner).goes.rows
    assert {one.type for one in goes} == {"membership", "network"}  # until their file confirms it
    path = transfer.send_bundle(trio.ours, trio.plan, partner, post).path
    said = plaintext_of(path, trio.bad)
    assert words_in(said, "Cirkelhuset", "Nya huset", "Uppdiktat nätverk") == []
    assert house not in said
    assert later not in said
    trio.take(path, trio.bad)
    assert name_at(trio.bad, house) == "Cirkelhuset"
    assert transfer.count_common(trio.ours, partner) == CommonState(
        2, 0, is_member=False, has_left=True
    )


# --- 6: a person who was not asked


UNASKED = ("Ofrågad", "Obekant", "+46 8 000 00 09")


@pytest.fixture
def asked(trio: Trio) -> Trio:
    """Return the desks; ours has a house with three people, of whom one agreed to be named."""
    begin_network(trio.ours, trio.bad)
    house = add_house(trio.ours, "Öppna huset", "public", "+46 8 000 00 01")
    values: dict[str, Value] = {
        "confidentiality": "public", "organisation": house.hex(), "phone": UNASKED[2],
    }  # fmt: skip
    for name, answer in (("Tillfrågad", True), (UNASKED[0], None), (UNASKED[1], False)):
        create_record(trio.ours, Contact, {**values, "given_name": name, "may_be_shared": answer})
    torn = create_record(
        trio.ours, Contact, {**values, "given_name": UNASKED[0], "may_be_shared": True}
    )
    change_record(trio.ours, torn, {"may_be_shared": False}, ())
    change_record(trio.ours, trio.plan, {"escort": torn.hex()})
    return trio


def test_unasked_person_is_in_no_exchange_file(asked: Trio) -> None:
    trio, partner = asked, asked.bad.identity.organisation
    common = plaintext_of(send(trio, trio.ours, trio.bad), trio.bad)
    path = transfer.send_bundle(trio.ours, trio.plan, partner, trio.post).path
    said = common + plaintext_of(path, trio.bad)
    assert words_in(said, "Tillfrågad") == ["Tillfrågad"]
    assert words_in(said, *UNASKED) == []


@pytest.mark.parametrize("kind", list(FileKind))
def test_unasked_person_is_in_no_list_that_is_given_away(
    asked: Trio, tmp_path: Path, kind: FileKind
) -> None:
    path = tmp_path / f"list.{kind}"
    export_contacts(asked.ours, kind, path)
    data = path.read_bytes()
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = b"\0".join(archive.read(name) for name in archive.namelist())
    data = data.replace(b"\r\n ", b"")
    assert words_in(data, "Tillfrågad") == ["Tillfrågad"]
    assert words_in(data, *UNASKED) == []


@pytest.mark.parametrize("paper", [PaperName.CONTACT_LIST, PaperName.CONTACT_CARD])
def test_unasked_person_is_on_no_paper_of_contacts(asked: Trio, paper: PaperName) -> None:
    (house,) = (row.rid for row in asked.ours.store.rows("organisation")
                if view_any(row).record.name == "Öppna huset")  # fmt: skip
    subject = house if paper is PaperName.CONTACT_CARD else b""
    pdf = make_paper(asked.ours, PaperRequest(paper, subject, "sv")).pdf
    said = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert "Tillfrågad" in said
    assert [word for word in UNASKED if word in said] == []


# --- 8: a desk with an older program


@pytest.fixture
def older(monkeypatch: pytest.MonkeyPatch) -> Callable[[], AbstractContextManager[None]]:
    """Return a block in which every desk knows the record types and fields of schema 4 alone."""

    @contextmanager
    def block() -> Iterator[None]:
        types = cast("dict[str, RecordType]", RECORD_TYPES)
        before = dict(types)
        with monkeypatch.context() as patch:
            for name, described in before.items():
                fields = {key: one for key, one in described.fields.items() if one.since <= OLD}
                by_id = {described.ids[key]: one for key, one in fields.items()}
                ids = {key: described.ids[key] for key in fields}
                narrowed = replace(described, fields=fields, by_id=by_id, ids=ids)
                if fields:
                    patch.setitem(types, name, narrowed)
                else:
                    patch.delitem(types, name)
            patch.setattr("kfdesk.bundle.files.SCHEMA_VERSION", OLD)
            yield
        types.clear()  # what was deleted has come back at the end
        types.update(before)

    return block


def test_older_desk_takes_the_case_and_gets_the_rest_when_it_upgrades(
    trio: Trio, older: Callable[[], AbstractContextManager[None]]
) -> None:
    begin_network(trio.ours, trio.bad)
    house = add_house(trio.ours, "Öppna huset", "public", "+46 8 000 00 01")
    change_record(trio.ours, house, {"eligibility": "Alla kvinnor", "round_the_clock": True})
    create_record(trio.ours, EntryCheck, {"outcome": "right", "how": "call"}, house)
    partner, post = trio.bad.identity.organisation, trio.post
    path = transfer.send_bundle(trio.ours, trio.plan, partner, post).path  # nothing known of it
    with older():
        review = trio.take(path, trio.bad)
        assert review.refused == 3
        answer = trio.forger(trio.bad).file()
    assert trio.bad.store.row(trio.plan) is not None
    assert name_at(trio.bad, house) == "Öppna huset"
    assert not trio.bad.store.rows("network")
    trio.take(answer)
    waiting = transfer.prepare_common(trio.ours, partner)
    assert waiting.too_new == {"network": 1, "membership": 1, "entry_check": 1}
    assert waiting.goes.rows == ()
    assert transfer.count_common(trio.ours, partner) == CommonState(0, 3, is_member=True)
    trio.take(trio.forger(trio.bad).file())  # the same desk with the program of today
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    assert [len(trio.bad.store.rows(name)) for name in waiting.too_new] == [1, 1, 1]
    there = view(_required(trio.bad, house), Organisation).record
    assert (there.eligibility, there.round_the_clock) == ("Alla kvinnor", True)


def test_older_desk_takes_the_plan_and_gets_its_cooperation_when_it_upgrades(
    trio: Trio, older: Callable[[], AbstractContextManager[None]]
) -> None:
    now, partner = trio.ours.adapters.clock.now(), trio.bad.identity.organisation
    groups = (DataGroup.IDENTITY, DataGroup.TRAVEL, DataGroup.COOPERATION)
    values = {**people.reception_consent(now, partner.hex()), "groups": groups}
    create_record(trio.ours, Consent, values, trio.row(trio.plan).parent)
    run_samples.begin(trio.ours, trio.plan, run_samples.LAW)
    path = transfer.send_bundle(trio.ours, trio.plan, partner, trio.post).path
    with older():
        assert trio.take(path, trio.bad).refused == 2
        answer = trio.forger(trio.bad).file()
    assert trio.bad.store.row(trio.plan) is not None
    trio.take(answer)
    change_record(trio.ours, trio.plan, {"luggage": run_samples.WHY})
    again = transfer.send_bundle(trio.ours, trio.plan, partner, trio.post).path
    with older():
        assert trio.take(again, trio.bad).refused == 0  # it waits here for a newer program
    trio.take(trio.forger(trio.bad).file())  # the same desk with the program of today
    trio.take(transfer.send_bundle(trio.ours, trio.plan, partner, trio.post).path, trio.bad)
    assert run_samples.prefixes(trio.bad) == ["4b"]


def test_what_an_older_desk_writes_in_an_entry_loses_no_newer_field(
    trio: Trio, older: Callable[[], AbstractContextManager[None]]
) -> None:
    begin_network(trio.ours, trio.bad)
    house = add_house(trio.ours, "Öppna huset", "public")
    change_record(trio.ours, house, {"eligibility": "Alla kvinnor", "alert": "Stängt i juli"})
    with older():
        change_record(trio.ours, house, {"city": "Orten"})
    record = view(trio.row(house), Organisation).record
    assert (record.city, record.eligibility, record.alert) == (
        "Orten", "Alla kvinnor", "Stängt i juli",
    )  # fmt: skip
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    assert view(_required(trio.bad, house), Organisation).record.alert == "Stängt i juli"


def _required(desk: Session, rid: bytes) -> Row:
    row = desk.store.row(rid)
    assert row is not None
    return row
