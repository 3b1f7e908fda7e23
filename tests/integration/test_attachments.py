# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents of a plan, through the services, in real stores: in, shown, binned, erased, kept in."""

import os
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from tests.integration.pair_samples import MACHINE, WHO, Pair, met_pair, refusal
from tests.support.make import sheet
from tests.support.papers import drawn_paper
from tests.support.stores import new_desk
from tests.unit.documents import attachment_samples

from kfdesk import store_lifecycle
from kfdesk.domain.attachments import CHUNK_BYTES, MAX_CONTENT_BYTES
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.consent import Recipient, RecipientKind
from kfdesk.domain.disclosure import Channel
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.case import Attachment
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.plan import Plan
from kfdesk.services.core.records import (
    change_record,
    create_record,
    delete_record,
    restore_record,
    undo,
)
from kfdesk.services.core.session import Session
from kfdesk.services.exchange.erasure import erase_client
from kfdesk.services.plans import plans
from kfdesk.services.plans.case import (
    NewAttachment,
    add_attachment,
    add_attachment_file,
    preview_attachment,
    read_attachment,
    remove_attachment,
)
from kfdesk.services.plans.plans import visible_case
from kfdesk.services.upkeep.backup import make_backup

TEXT = b"Kanariegatan 7, bara ett prov. " * 20_000


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Session]:
    made = new_desk(tmp_path / "store", "Nordhuset", WHO, MACHINE)
    yield made
    made.store.close()


@pytest.fixture
def plan(desk: Session) -> bytes:
    client = create_record(desk, Client, {"code": "tulpan-47"})
    return create_record(desk, Plan, {}, parent=client)


def add(desk: Session, plan: bytes, data: bytes, title: str = "Intyg", kind: str = "") -> bytes:
    return add_attachment(desk, plan, NewAttachment(title, BytesIO(data), kind)).rid


class Course:
    """Hears how far it is, and stops at a share of the way."""

    def __init__(self, stop_at: int = 1000) -> None:
        self.heard: list[tuple[int, int]] = []
        self._stop_at = stop_at

    def step(self, done: int, of: int) -> None:
        self.heard.append((done, of))
        if done >= self._stop_at:
            raise KfdeskError("work.cancelled")


def test_record_says_what_was_added_and_the_content_fits_it(desk: Session, plan: bytes) -> None:
    rid = add(desk, plan, attachment_samples.photo(), "Pass")
    (one,) = visible_case(desk, plan).views(Attachment, "attachment")
    data = read_attachment(desk, rid)
    assert (one.rid, one.record.title, one.record.kind) == (rid, "Pass", "picture")
    assert one.record.media_type == "image/jpeg"
    assert (one.record.size, one.record.digest) == (len(data), sha256(data).hexdigest())
    assert one.record.added is not None
    assert one.row.parent == plan
    assert desk.store.verify() == ()


def test_place_and_camera_of_a_photo_are_nowhere_in_the_store(desk: Session, plan: bytes) -> None:
    rid = add(desk, plan, attachment_samples.photo())
    data = read_attachment(desk, rid)
    with Image.open(BytesIO(data)) as picture:
        assert not picture.getexif()
    assert attachment_samples.CANARY not in data
    chunks = vars(desk.store)["_connection"].execute("SELECT data FROM chunk").fetchall()
    assert b"".join(piece for (piece,) in chunks) == data


def test_kind_is_as_asked_or_else_as_the_content_says(desk: Session, plan: bytes) -> None:
    add(desk, plan, attachment_samples.pdf(), "1", "consent_evidence")
    add(desk, plan, attachment_samples.pdf(), "2", "no such kind")
    add(desk, plan, TEXT, "3")
    kinds = {
        one.record.title: one.record.kind
        for one in visible_case(desk, plan).views(Attachment, "attachment")
    }
    assert kinds == {"1": "consent_evidence", "2": "document", "3": "document"}


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("intyg från skolan.pdf", "intyg från skolan"),
        ("a\u0308 b.pdf", "ä b"),
        ("foto\u202egpj.pdf", "fotogpj"),
        ("rad\nett\x07.pdf", "rad ett"),
        ("x" * 200 + ".pdf", "x" * 120),
        (".pdf", ".pdf"),
    ],
)
def test_file_gives_its_name_as_a_title_that_can_be_kept(
    desk: Session, plan: bytes, tmp_path: Path, name: str, title: str
) -> None:
    path = tmp_path / name
    path.write_bytes(attachment_samples.pdf())
    add_attachment_file(desk, plan, path)
    assert [
        one.record.title for one in visible_case(desk, plan).views(Attachment, "attachment")
    ] == [title]
    assert path.read_bytes() == attachment_samples.pdf()


def test_file_that_is_no_file_is_refused_and_never_waited_for(
    desk: Session, plan: bytes, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name in ("none.pdf", ".", "pipe"):
        fault = refusal(lambda name=name: add_attachment_file(desk, plan, tmp_path / name))
        assert fault.code == "attachment.unreadable"


def test_nothing_is_written_outside_the_store(
    desk: Session, plan: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP", "HOME"):
        monkeypatch.setenv(name, str(scratch))
    monkeypatch.chdir(scratch)
    before = set(tmp_path.rglob("*"))
    for data in (
        attachment_samples.photo(),
        attachment_samples.drawing(),
        attachment_samples.scan(),
        attachment_samples.pdf(),
        TEXT,
    ):
        preview_attachment(desk, add(desk, plan, data), 0, 300)
    assert set(tmp_path.rglob("*")) == before
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(b"Kanarie" in content for content in files)


# limits


def test_twenty_five_mebibytes_are_kept_and_one_byte_more_is_not(
    desk: Session, plan: bytes
) -> None:
    most = b"a" * MAX_CONTENT_BYTES
    assert read_attachment(desk, add(desk, plan, most)) == most
    fault = refusal(lambda: add(desk, plan, most + b"a"))
    assert fault.code == "attachment.too_large"
    assert len(visible_case(desk, plan).views(Attachment, "attachment")) == 1


def test_endless_source_is_read_no_further_than_the_limit(desk: Session, plan: bytes) -> None:
    with Path("/dev/zero").open("rb") as endless:
        fault = refusal(lambda: add_attachment(desk, plan, NewAttachment("x", endless)))
        assert endless.tell() <= MAX_CONTENT_BYTES + 2 * CHUNK_BYTES
    assert fault.code == "attachment.too_large"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (attachment_samples.bomb(), "attachment.too_many_pixels"),
        (attachment_samples.photo()[:700], "attachment.broken"),
        (attachment_samples.pdf(password="hemligt"), "attachment.locked"),
        (b"MZ\x90\0", "attachment.unsupported"),
    ],
)
def test_refused_file_leaves_nothing(desk: Session, plan: bytes, data: bytes, code: str) -> None:
    fault = refusal(lambda: add(desk, plan, data))
    assert (fault.code, fault.data) == (code, {})
    assert visible_case(desk, plan).views(Attachment, "attachment") == ()
    assert desk.store.contents.total_bytes() == 0


def stopped_at(done: int, desk: Session, plan: bytes) -> str:
    incoming = NewAttachment("y", BytesIO(TEXT))
    return refusal(lambda: add_attachment(desk, plan, incoming, Course(done))).code


def test_adding_says_how_far_it_is_and_can_be_stopped_at_any_step(
    desk: Session, plan: bytes
) -> None:
    whole = Course()
    add_attachment(desk, plan, NewAttachment("x", BytesIO(TEXT)), whole)
    assert whole.heard == sorted(whole.heard)
    assert whole.heard[-1][0] <= whole.heard[-1][1]
    head = desk.store.ledger.audit_head()
    for done, _ in whole.heard:
        assert stopped_at(done, desk, plan) == "work.cancelled"
    assert len(visible_case(desk, plan).views(Attachment, "attachment")) == 1
    assert desk.store.ledger.audit_head() == head


def test_plan_that_is_missing_or_in_the_bin_takes_no_document(desk: Session, plan: bytes) -> None:
    assert refusal(lambda: add(desk, bytes(16), TEXT)).code == "record.missing"
    delete_record(desk, plan)
    assert refusal(lambda: add(desk, plan, TEXT)).code == "record.deleted"


# bin, erasing, backup


def test_document_in_the_bin_is_not_listed_or_shown_and_comes_back_whole(
    desk: Session, plan: bytes
) -> None:
    rid = add(desk, plan, TEXT)
    done = remove_attachment(desk, rid)
    assert visible_case(desk, plan).views(Attachment, "attachment") == ()
    assert refusal(lambda: read_attachment(desk, rid)).code == "record.deleted"
    assert desk.store.contents.total_bytes() == len(TEXT)
    assert desk.store.verify() == ()
    undo(desk, done)
    assert read_attachment(desk, rid) == TEXT
    remove_attachment(desk, rid)
    restore_record(desk, rid)
    assert read_attachment(desk, rid) == TEXT


def test_document_of_a_plan_in_the_bin_is_not_shown(desk: Session, plan: bytes) -> None:
    rid = add(desk, plan, TEXT)
    delete_record(desk, plan)
    assert refusal(lambda: preview_attachment(desk, rid, 0, 100)).code == "record.deleted"


def test_only_documents_have_content(desk: Session, plan: bytes) -> None:
    for rid in (plan, bytes(16)):
        assert refusal(lambda rid=rid: read_attachment(desk, rid)).code == "record.missing"


def test_adding_can_be_taken_back(desk: Session, plan: bytes) -> None:
    done = add_attachment(desk, plan, NewAttachment("x", BytesIO(TEXT)))
    undo(desk, done)
    assert visible_case(desk, plan).views(Attachment, "attachment") == ()


def test_title_and_kind_can_be_changed_and_the_content_stays(desk: Session, plan: bytes) -> None:
    rid = add(desk, plan, TEXT)
    change_record(desk, rid, {"title": "Kvitto", "kind": "receipt"})
    (one,) = visible_case(desk, plan).views(Attachment, "attachment")
    assert (one.record.title, one.record.kind) == ("Kvitto", "receipt")
    assert read_attachment(desk, rid) == TEXT


def test_erased_client_takes_her_documents_along(
    desk: Session, plan: bytes, tmp_path: Path
) -> None:
    rid = add(desk, plan, TEXT)
    (client,) = desk.store.rows("client")
    erase_client(desk, client.rid, ErasureReason.CLIENT_REQUEST)
    assert desk.store.row(rid) is None
    assert desk.store.contents.total_bytes() == 0
    assert desk.store.verify() == ()


def test_backup_has_the_documents(desk: Session, plan: bytes, tmp_path: Path) -> None:
    rid = add(desk, plan, TEXT)
    into = tmp_path / "stick"
    into.mkdir()
    made = make_backup(desk, into)
    assert made.counts["attachment"] == 1
    store_lifecycle.restore_store(made.path, tmp_path / "restored", WHO, MACHINE)
    restored = store_lifecycle.unlock_store(tmp_path / "restored", WHO, MACHINE)
    try:
        assert read_attachment(restored, rid) == TEXT
    finally:
        restored.store.close()


# damage


def test_damaged_content_is_told_and_the_record_stays(desk: Session, plan: bytes) -> None:
    rid = add(desk, plan, TEXT)
    vars(desk.store)["_connection"].execute("UPDATE chunk SET data = x'00' WHERE part = 1")
    assert refusal(lambda: preview_attachment(desk, rid, 0, 100)).code == "attachment.damaged"
    assert [one.rid for one in visible_case(desk, plan).views(Attachment, "attachment")] == [rid]
    assert desk.store.verify() == (f"content:{rid.hex()}",)


def test_kind_of_file_in_the_record_is_not_believed(desk: Session, plan: bytes) -> None:
    rid = add(desk, plan, attachment_samples.pdf())
    change_record(desk, rid, {"media_type": "text/plain"})
    assert preview_attachment(desk, rid, 0, 300).count == 2


# nothing leaves


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with met_pair(tmp_path) as met:
        yield met


def goes(desk: Session, plan: bytes, to: Recipient, by: Channel) -> str:
    return repr(plans.disclose_case(desk, plans.load_case(desk, plan), to, by).rows)


def test_no_exchange_file_has_a_document_or_a_word_of_it(pair: Pair) -> None:
    rids = [
        add(pair.ours, pair.plan, data)
        for data in (TEXT, attachment_samples.photo(), attachment_samples.pdf())
    ]
    pair.send()
    assert pair.theirs.store.row(pair.plan) is not None
    assert pair.theirs.store.contents.total_bytes() == 0
    assert [pair.theirs.store.row(rid) for rid in rids] == [None, None, None]
    assert pair.theirs.store.rows("attachment") == ()
    size = sum(path.stat().st_size for path in pair.post.iterdir())
    assert size < len(TEXT)


def test_content_is_no_part_of_what_any_recipient_may_have(pair: Pair) -> None:
    rid = add(pair.ours, pair.plan, TEXT)
    (partner,) = pair.ours.store.ledger.partners()
    own = Recipient(RecipientKind.OWN, pair.ours.identity.organisation)
    for to in (partner.recipient, own):
        said = goes(pair.ours, pair.plan, to, Channel.BUNDLE)
        assert "Kanarie" not in said
        if to is not own:
            assert rid.hex() not in said
            assert repr(rid) not in said


def test_own_desk_that_gets_the_record_says_that_the_content_is_elsewhere(pair: Pair) -> None:
    rid = add(pair.ours, pair.plan, TEXT)
    row = pair.ours.store.row(rid)
    assert row is not None
    pair.send()
    with pair.theirs.store.transaction():
        pair.theirs.store.put(row)
    fault = refusal(lambda: preview_attachment(pair.theirs, rid, 0, 100))
    assert fault.code == "attachment.elsewhere"
    assert pair.theirs.store.verify() == ()


def test_no_paper_has_a_document_or_a_word_of_it(pair: Pair) -> None:
    before = drawn_paper(pair.ours, sheet(pair.plan)).pdf
    add(pair.ours, pair.plan, TEXT, "Kanarieintyg")
    add(pair.ours, pair.plan, attachment_samples.photo())
    after = drawn_paper(pair.ours, sheet(pair.plan)).pdf
    assert abs(len(after) - len(before)) < 100
    pages = pair.ours.adapters.papers.pictures
    assert pages(after, 0.5) == pages(before, 0.5)
