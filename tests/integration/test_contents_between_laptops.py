# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents go with their content to another laptop of the house, proved; to nobody else."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from tests.integration.pair_samples import MACHINE, WHO, Pair, met_pair, refusal
from tests.support.laptops import SetUp, make_house

from kfdesk import store_lifecycle
from kfdesk.demo import people, story
from kfdesk.domain.attachments import CHUNK_BYTES
from kfdesk.domain.consent import Recipient, RecipientKind
from kfdesk.domain.disclosure import Channel, disclose
from kfdesk.domain.exchange import Destination, Payload
from kfdesk.domain.records.case import Attachment
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import outbox, transfer
from kfdesk.services.exchange.import_review import list_undoable_imports, undo_import
from kfdesk.services.exchange.outbox import request_resend
from kfdesk.services.exchange.partners import PartnerTerms, find_partner
from kfdesk.services.exchange.sequence import next_envelope
from kfdesk.services.plans.case import (
    NewAttachment,
    add_attachment,
    read_attachment,
)
from kfdesk.services.plans.plans import visible_case
from kfdesk.storage import attachments

LONG = "Ett påhittat brev.\n" * 40_000
SHORT = "Ett kort brev.\n"


@dataclass(frozen=True)
class Two:
    """Two laptops of one house, a plan on the first, and the stick between them."""

    one: Session
    two: Session
    plan: bytes
    stick: Path

    def add(self, text: str) -> bytes:
        done = add_attachment(self.one, self.plan, NewAttachment("Brev", BytesIO(text.encode())))
        return done.rid

    def attached(self) -> list[bytes]:
        """Return the attachments that the second laptop has."""
        case = visible_case(self.two, self.plan)
        return [seen.rid for seen in case.views(Attachment, "attachment")]

    def file(self) -> Path:
        return transfer.send_full_sync(self.one, self.two.identity.device, self.stick).path

    def back(self) -> None:
        file = transfer.send_full_sync(self.two, self.one.identity.device, self.stick).path
        take(self.one, file)


def take(desk: Session, file: Path) -> None:
    transfer.import_bundle(desk, file, transfer.review_bundle(desk, file))


@pytest.fixture
def laptops(tmp_path: Path) -> Iterator[Two]:
    one = store_lifecycle.create_store(tmp_path / "one", people.HOUSE, WHO, MACHINE)
    how = SetUp(WHO, MACHINE, PartnerTerms(is_third_country=False))
    _, two = make_house(tmp_path, one, 2, how)
    (tmp_path / "stick").mkdir()
    plan, _ = story.enter_plan(one, one.identity.organisation)
    yield Two(one, two, plan, tmp_path / "stick")
    one.store.close()
    two.store.close()


def test_document_can_be_read_on_the_other_laptop(laptops: Two) -> None:
    rids = {laptops.add(LONG): LONG, laptops.add(SHORT): SHORT}
    take(laptops.two, laptops.file())
    assert {
        line.rid for line in visible_case(laptops.two, laptops.plan).views(Attachment, "attachment")
    } == set(rids)
    for rid, text in rids.items():
        assert read_attachment(laptops.two, rid) == text.encode()
    assert len(LONG.encode()) > 2 * CHUNK_BYTES
    assert laptops.two.store.verify() == ()


def test_looking_at_a_file_keeps_no_content(laptops: Two) -> None:
    laptops.add(SHORT)
    transfer.review_bundle(laptops.two, laptops.file())
    assert laptops.two.store.contents.sizes() == {}


def test_taking_back_takes_the_content_back_too(laptops: Two) -> None:
    rid = laptops.add(SHORT)
    file = laptops.file()
    take(laptops.two, file)
    undo_import(laptops.two, list_undoable_imports(laptops.two)[0].digest)
    assert laptops.two.store.contents.sizes() == {}
    take(laptops.two, file)
    assert read_attachment(laptops.two, rid) == SHORT.encode()


def test_document_that_does_not_fit_goes_in_the_next_file(
    laptops: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "MAX_CONTENT_BYTES", len(LONG.encode()) + 10)
    rids = {laptops.add(LONG), laptops.add(LONG)}
    parcel = transfer.prepare_full_sync(laptops.one, laptops.two.identity.device)
    assert parcel.waiting == 1
    take(laptops.two, laptops.file())
    came = laptops.two.store.contents.sizes().keys()
    assert len(came) == 1
    assert {
        line.rid for line in visible_case(laptops.two, laptops.plan).views(Attachment, "attachment")
    } == set(came)
    laptops.back()
    assert transfer.prepare_full_sync(laptops.one, laptops.two.identity.device).waiting == 0
    take(laptops.two, laptops.file())
    assert laptops.two.store.contents.sizes().keys() == rids


def test_content_that_is_here_is_not_written_again(laptops: Two) -> None:
    rid = laptops.add(SHORT)
    take(laptops.two, laptops.file())
    request_resend(laptops.two, laptops.one.identity.device)
    laptops.back()
    take(laptops.two, laptops.file())
    assert read_attachment(laptops.two, rid) == SHORT.encode()


def test_without_room_for_a_content_nothing_of_the_file_is_taken(
    laptops: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptops.add(SHORT)
    file = laptops.file()
    reviewed, before = transfer.review_bundle(laptops.two, file), laptops.two.store.digest()
    monkeypatch.setattr(attachments, "MAX_TOTAL_BYTES", 10)
    fault = refusal(lambda: transfer.import_bundle(laptops.two, file, reviewed))
    assert fault.code == "attachment.no_room"
    assert laptops.two.store.digest() == before
    assert laptops.two.store.contents.sizes() == {}


def forged(here: Session, there: bytes, rows: Iterable[bytes], content: bytes, post: Path) -> Path:
    """Return a file whose content is another than its record names."""
    partner = find_partner(here, there)
    kept = [row for rid in rows if (row := here.store.row(rid)) is not None]
    own = Recipient(RecipientKind.OWN, there, is_verified=True)
    what = disclose(kept, own, Channel.BUNDLE, here.disclosure_basis())
    load = Payload(what, content=lambda _rid: [content])
    route = Destination(here.identity, partner, post)
    return here.adapters.bundles.make(
        route, next_envelope(here, partner), load, lambda _: None
    ).path


def test_content_that_is_not_what_its_record_says_is_dropped(laptops: Two) -> None:
    rid = laptops.add(SHORT)
    client = laptops.one.store.rows("client")[0].rid
    rids = (client, laptops.plan, rid)
    device = laptops.two.identity.device
    take(laptops.two, forged(laptops.one, device, rids, b"Another letter.", laptops.stick))
    assert [
        line.rid for line in visible_case(laptops.two, laptops.plan).views(Attachment, "attachment")
    ] == [rid]
    assert laptops.two.store.contents.sizes() == {}
    assert refusal(lambda: read_attachment(laptops.two, rid)).code == "attachment.elsewhere"


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with met_pair(tmp_path) as made:
        yield made


def test_partner_gets_no_content_and_none_of_its_own_is_kept(pair: Pair, tmp_path: Path) -> None:
    done = add_attachment(pair.ours, pair.plan, NewAttachment("Brev", BytesIO(SHORT.encode())))
    rid = done.rid
    them = pair.theirs.identity.organisation
    parcel = transfer.prepare_bundle(pair.ours, pair.plan, them)
    assert rid not in {given.row.rid for given in parcel.goes.rows}
    pair.send()
    assert pair.theirs.store.contents.sizes() == {}
    file = forged(pair.ours, them, [rid], SHORT.encode(), tmp_path)
    take(pair.theirs, file)
    assert pair.theirs.store.contents.sizes() == {}
