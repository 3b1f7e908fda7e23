# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents go with their content to another laptop of the house, proved; to nobody else."""

import random
from base64 import b64encode
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
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import Destination, FileIssue, Payload
from kfdesk.domain.records.case import Attachment
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import outbox, partners, transfer
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
        return self.files()[0]

    def files(self) -> list[Path]:
        made = transfer.send_full_sync(self.one, self.two.identity.device, self.stick)
        return [one.path for one in made]

    def back(self) -> None:
        for made in transfer.send_full_sync(self.two, self.one.identity.device, self.stick):
            take(self.one, made.path)


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


# everything, in small files


class StopBefore:
    """A progress that stops the job before one of its parts."""

    def __init__(self, part: int) -> None:
        self._part = part

    def step(self, done: int, _of: int) -> None:
        if done == self._part:
            raise KfdeskError("work.cancelled")


@pytest.fixture
def parts(laptops: Two, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Write everything in five files: the records, and then four documents."""
    rids = sorted(laptops.add(f"{number} {LONG}") for number in range(4))
    monkeypatch.setattr(outbox, "PART_BYTES", len(LONG.encode()) - 10)
    found = laptops.files()
    assert len(found) == 1 + len(rids)
    return found


def documents_to_send(laptops: Two) -> set[bytes]:
    """Return the documents that the second laptop is not known to have."""
    goes = transfer.prepare_full_sync(laptops.one, laptops.two.identity.device).goes
    return {given.rid for given in goes.rows} & laptops.one.store.contents.sizes().keys()


def is_whole(laptops: Two) -> bool:
    """Return whether the second laptop has all records and contents of the first."""
    contents = laptops.two.store.contents.sizes()
    return contents == laptops.one.store.contents.sizes() and (
        set(laptops.one.store.tree.rids()) <= set(laptops.two.store.tree.rids())
    )


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4), (4, 3, 2, 1, 0), (2, 0, 4, 1, 3)])
def test_parts_are_taken_in_any_order(
    laptops: Two, parts: list[Path], order: tuple[int, ...]
) -> None:
    for place in order[:-1]:
        take(laptops.two, parts[place])
        assert not is_whole(laptops)
    take(laptops.two, parts[order[-1]])
    assert is_whole(laptops)
    assert laptops.two.store.verify() == ()
    laptops.back()
    assert documents_to_send(laptops) == set()


def test_taking_the_parts_can_stop_and_go_on_and_none_counts_twice(
    laptops: Two, parts: list[Path]
) -> None:
    first = transfer.preview_files(laptops.two, parts[:2])
    assert transfer.import_files(laptops.two, first.files).taken == 2
    assert refusal(lambda: take(laptops.two, parts[0])).code == "bundle.taken_before"
    every = transfer.preview_files(laptops.two, parts)
    assert (every.taken_before, len(every.files)) == (2, 3)
    done = transfer.import_files(laptops.two, every.files)
    assert (done.taken, done.left, done.faults) == (3, 0, ())
    assert is_whole(laptops)


def test_missing_part_is_told_and_goes_alone_after_the_answer(
    laptops: Two, parts: list[Path]
) -> None:
    for place in (0, 1):
        take(laptops.two, parts[place])
    review = transfer.review_bundle(laptops.two, parts[3])
    number = review.taken.envelope.sequence
    assert transfer.missing_before(laptops.two, review.taken) == (number - 1,)
    assert FileIssue.MISSING in {one.finding for one in review.findings}
    transfer.import_bundle(laptops.two, parts[3], review)
    take(laptops.two, parts[4])
    (told,) = partners.list_partners(laptops.two)
    assert told.missing == (number - 1,)
    laptops.back()
    here = laptops.two.store.contents.sizes().keys()
    assert documents_to_send(laptops) == laptops.one.store.contents.sizes().keys() - here
    for path in laptops.files():
        take(laptops.two, path)
    assert is_whole(laptops)


def test_writing_the_parts_can_stop_and_nothing_of_it_is_lost(
    laptops: Two, parts: list[Path]
) -> None:
    device = laptops.two.identity.device
    stopped = laptops.stick / "stopped"
    stopped.mkdir()
    stop = StopBefore(2)
    fault = refusal(lambda: transfer.send_full_sync(laptops.one, device, stopped, stop))
    assert fault.code == "work.cancelled"
    written = sorted(stopped.iterdir())
    assert len(written) == 2
    assert laptops.one.store.levels.of(device, b"") is not None  # of the files before
    for path in (*reversed(laptops.files()), *written):
        take(laptops.two, path)
    assert is_whole(laptops)
    assert len(parts) == 5  # these were lost on their way


def test_stopped_writing_sets_no_watermark(laptops: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    laptops.add(LONG)
    monkeypatch.setattr(outbox, "PART_BYTES", 1000)
    device = laptops.two.identity.device
    refusal(lambda: transfer.send_full_sync(laptops.one, device, laptops.stick, StopBefore(1)))
    assert laptops.one.store.levels.of(device, b"") is None
    goes = transfer.prepare_full_sync(laptops.one, device).goes
    assert {given.rid for given in goes.rows} >= laptops.one.store.contents.sizes().keys()


@pytest.mark.slow  # test_parts_are_taken_in_any_order keeps the rule
def test_forty_megabytes_go_in_files_of_at_most_eight(laptops: Two) -> None:
    draw = random.Random(5)
    for _ in range(7):
        laptops.add(b64encode(draw.randbytes(4_300_000)).decode())
    files = laptops.files()
    assert len(files) == 7
    assert max(path.stat().st_size for path in files) <= 8 * 1024**2
    for path in files:
        take(laptops.two, path)
    assert is_whole(laptops)


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
