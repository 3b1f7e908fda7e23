# SPDX-License-Identifier: GPL-3.0-or-later
"""The book among the members of a network: two write apart, and the files lose nothing."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from tests.integration.hostile_samples import Trio, hostile_trio
from tests.integration.network_samples import begin_network, send

from kfdesk.domain.authority import NONCE_BYTES, make_record_id
from kfdesk.domain.book.paragraphs import merged_text
from kfdesk.domain.codes.core import PaperFormat, PaperName, PaperRequest
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import FileIssue
from kfdesk.domain.records.book import ArticleText
from kfdesk.domain.records.client import Client
from kfdesk.domain.registers import is_deleted
from kfdesk.domain.rows import RecordView, view, view_any
from kfdesk.domain.values import Value
from kfdesk.i18n.language import Language
from kfdesk.services.book import articles
from kfdesk.services.book import files as book_files
from kfdesk.services.book.files import BookFormat
from kfdesk.services.core.records import (
    change_record,
    create_record,
    delete_record,
    undo_all,
)
from kfdesk.services.core.session import Session
from kfdesk.services.directory import networks
from kfdesk.services.exchange import transfer
from kfdesk.services.papers.production import make_paper
from kfdesk.system.paths import translations_folder

ENGLISH = Language("en", translations_folder())
SORTS = ("book",)
BODY = "## First\n\nOffer *water*.\n\nListen.\n\nTell her what comes next."


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    with hostile_trio(tmp_path) as met:
        yield met


@pytest.fixture
def network(trio: Trio) -> bytes:
    """Return our network of the three, in which all let the others have the book."""
    begun = begin_network(trio.ours, trio.bad, trio.third, shares=SORTS)
    for there in (trio.bad, trio.third):
        trio.take(send(trio, trio.ours, there), there)
        networks.share_in_network(there, begun, SORTS)
    return begun


def begin(desk: Session, network: bytes, title: str = "The first talk") -> tuple[bytes, bytes]:
    """Begin an article of the network with a text; return the ids of both."""
    head, text = (one.rid for one in articles.begin_article(desk, "en", title))
    change_record(desk, head, {"network": network.hex()})
    change_record(desk, text, {"body": BODY})
    return head, text


def pass_on(trio: Trio, here: Session, there: Session) -> None:
    trio.take(send(trio, here, there), there)


def body(desk: Session, rid: bytes) -> object:
    row = desk.store.row(rid)
    assert row is not None
    return view(row, ArticleText).record.body


def conflicts(desk: Session, rid: bytes) -> frozenset[str]:
    row = desk.store.row(rid)
    assert row is not None
    return view_any(row).conflicts


def write_apart(trio: Trio, text: bytes, ours: str, theirs: str) -> None:
    """Let both write the text and meet, after we wrote once more than they saw."""
    pass_on(trio, trio.ours, trio.bad)
    change_record(trio.ours, text, {"body": f"{BODY}\n\nFor a while."})
    change_record(trio.ours, text, {"body": ours})
    change_record(trio.bad, text, {"body": theirs})
    pass_on(trio, trio.bad, trio.ours)
    pass_on(trio, trio.ours, trio.bad)


def test_different_paragraphs_written_apart_make_one_proposal(trio: Trio, network: bytes) -> None:
    _, text = begin(trio.ours, network)
    mine, theirs = BODY.replace("*water*", "*tea*"), BODY.replace("Listen.", "Listen long.")
    write_apart(trio, text, mine, theirs)
    for desk in (trio.ours, trio.bad):
        torn = articles.read_torn_text(desk, text)
        assert conflicts(desk, text) == {"body"}
        assert not any(piece.is_open for piece in torn.pieces)
        proposal = merged_text(torn.pieces, ())
        assert proposal == mine.replace("Listen.", "Listen long.")
    change_record(trio.ours, text, {"body": proposal}, torn.seen)
    pass_on(trio, trio.ours, trio.bad)
    for desk in (trio.ours, trio.bad):
        assert not conflicts(desk, text)
        assert body(desk, text) == proposal


def test_same_paragraph_written_apart_stands_with_both(trio: Trio, network: bytes) -> None:
    head, text = begin(trio.ours, network)
    articles.adopt_text(trio.ours, text)
    assert articles.read_article(trio.ours, head).article.texts["en"].is_adopted
    write_apart(trio, text, BODY.replace("Listen.", "A"), BODY.replace("Listen.", "B"))
    for desk in (trio.ours, trio.bad):
        (piece,) = (one for one in articles.read_torn_text(desk, text).pieces if one.is_open)
        assert {one.text for one in piece.choices} == {("A",), ("B",)}
        said = articles.read_article(desk, head).article.texts["en"]
        assert said.is_torn
        assert not said.is_adopted


def test_two_languages_written_apart_are_no_conflict(trio: Trio, network: bytes) -> None:
    head, text = begin(trio.ours, network)
    pass_on(trio, trio.ours, trio.bad)
    swedish = articles.begin_text(trio.ours, head, "sv").rid
    russian = articles.begin_text(trio.bad, head, "ru").rid
    change_record(trio.ours, swedish, {"body": "Lyssna."})
    change_record(trio.bad, russian, {"body": "Слушайте."})
    pass_on(trio, trio.bad, trio.ours)
    pass_on(trio, trio.ours, trio.bad)
    pass_on(trio, trio.ours, trio.third)
    for desk in (trio.ours, trio.bad, trio.third):
        assert set(articles.read_article(desk, head).article.texts) == {"en", "sv", "ru"}
        assert not conflicts(desk, head) | conflicts(desk, text)
        assert not conflicts(desk, swedish) | conflicts(desk, russian)


def test_original_changed_appears_and_goes_by_reading(trio: Trio, network: bytes) -> None:
    head, text = begin(trio.ours, network)
    swedish = articles.begin_text(trio.ours, head, "sv").rid
    articles.mark_translated(trio.ours, swedish)

    def changes() -> int | None:
        return articles.read_article(trio.ours, head).article.texts["sv"].changes

    assert changes() == 0
    change_record(trio.ours, text, {"body": BODY.replace("Listen.", "Listen.\n\nWait.")})
    assert changes() == 1
    articles.mark_translated(trio.ours, swedish)
    assert changes() == 0


def test_what_the_custodian_decides_comes_from_nobody_else(trio: Trio, network: bytes) -> None:
    head, text = begin(trio.ours, network)
    pass_on(trio, trio.ours, trio.bad)
    forger, before = trio.forger(trio.bad), trio.row(head)
    values = {"status": "adopted", "adopted": "en x", "slug": "other", "confidentiality": "public",
              "network": None}  # fmt: skip
    trio.take(forger.file((forger.changed(before, values),)))
    assert trio.row(head) == before
    delete_record(trio.bad, text)
    pass_on(trio, trio.bad, trio.ours)
    assert not is_deleted(trio.row(text).state)


def test_organisation_outside_the_network_writes_nothing(trio: Trio) -> None:
    network = begin_network(trio.ours, trio.third, shares=SORTS)
    head, text = begin(trio.ours, network)
    forger, before = trio.forger(trio.bad), trio.ours.store.digest()
    forged = (
        forger.changed(trio.row(text), {"body": "x"}),
        forger.changed(trio.row(head), {"position": 1}),
        forger.written("article_text", {"language": "ru"}, parent=head),
        forger.written("article_text", {"language": "ru"}, parent=None),
        forger.written("article_link", {"target": head.hex()}, parent=head),
    )
    for row in forged:
        review = transfer.review_bundle(trio.ours, forger.file((row,)))
        assert {one.finding for one in review.findings} == {FileIssue.NOT_OF_NETWORK}
        trio.take(forger.file((row,)))
    assert trio.ours.store.digest() == before


def test_article_goes_to_its_network_alone_and_a_secret_one_to_nobody(trio: Trio) -> None:
    inner = begin_network(trio.ours, trio.third, shares=SORTS)
    begin_network(trio.ours, trio.third, trio.bad, shares=("procedures",))
    head, text = begin(trio.ours, inner)
    secret, _ = begin(trio.ours, inner, "Hidden")
    change_record(trio.ours, secret, {"confidentiality": "secret"})
    gone = {
        desk: {one.rid for one in parcel.goes.rows}
        for desk, parcel in (
            (desk, transfer.prepare_common(trio.ours, desk.identity.organisation))
            for desk in (trio.bad, trio.third)
        )
    }
    assert not gone[trio.bad] & {head, text, secret}
    assert {head, text} <= gone[trio.third]
    assert secret not in gone[trio.third]


def test_code_of_a_client_in_a_draft_stops_the_file(trio: Trio, network: bytes) -> None:
    _, text = begin(trio.ours, network)
    client = trio.ours.store.row(trio.row(trio.plan).parent or b"")
    assert client is not None
    record = view_any(client).record
    for said in (record.code, record.given_name):
        change_record(trio.ours, text, {"body": f"{BODY}\n\nAs with {said} last year."})
        parcel = transfer.prepare_common(trio.ours, trio.bad.identity.organisation)
        assert ("article_text", "body") in {(one.type, one.key) for one in parcel.mentions}
        with pytest.raises(KfdeskError) as caught:
            send(trio, trio.ours, trio.bad)
        assert caught.value.code == "exchange.names_another"
    change_record(trio.ours, text, {"body": f"{BODY}\n\nAs with {record.code} last year."})
    everybody_else = frozenset(
        transfer.prepare_common(trio.ours, trio.bad.identity.organisation).mentions
    )
    with pytest.raises(KfdeskError):  # nobody can say that a code is somebody else's
        transfer.send_common(trio.ours, trio.bad.identity.organisation, trio.post, everybody_else)


def test_two_articles_of_one_name_are_told_apart_and_joined(trio: Trio, network: bytes) -> None:
    mine, text = begin(trio.ours, network)
    theirs, other = begin(trio.bad, network)
    change_record(trio.bad, other, {"body": BODY.replace("Listen.", "Wait.")})
    articles.begin_text(trio.bad, theirs, "ru")
    pass_on(trio, trio.bad, trio.ours)
    pass_on(trio, trio.ours, trio.bad)
    for desk in (trio.ours, trio.bad):
        found = {one.rid: one.tree for one in articles.read_book(desk)}
        slugs = {found[mine].slug, found[theirs].slug}
        assert slugs == {"the-first-talk", "the-first-talk-2"}
        assert {found[mine].twin, found[theirs].twin} == {None, min(mine, theirs)}
    kept = articles.join_articles(trio.ours, mine, theirs)
    (left,) = articles.read_book(trio.ours)
    assert left.rid == mine
    assert set(left.texts) == {"en", "ru"}
    assert left.texts["en"].is_torn
    assert len(kept) > 2
    (piece,) = (one for one in articles.read_torn_text(trio.ours, text).pieces if one.is_open)
    assert {one.text for one in piece.choices} == {("Listen.",), ("Wait.",)}


RU = "Сначала выслушайте."


def begun_twice(trio: Trio, network: bytes) -> tuple[bytes, bytes, bytes]:
    """Let both translate our article into one language apart, and meet; return the three ids."""
    head, _ = begin(trio.ours, network)
    pass_on(trio, trio.ours, trio.bad)
    mine, theirs = (articles.begin_text(one, head, "ru").rid for one in (trio.ours, trio.bad))
    change_record(trio.ours, mine, {"body": RU})
    change_record(trio.bad, theirs, {"body": f"{RU}\n\nНе торопитесь."})
    pass_on(trio, trio.bad, trio.ours)
    pass_on(trio, trio.ours, trio.bad)
    return head, mine, theirs


def test_two_texts_in_one_language_are_told_and_no_file_is_without_one(
    trio: Trio, network: bytes, tmp_path: Path
) -> None:
    head, mine, theirs = begun_twice(trio, network)
    for desk in (trio.ours, trio.bad):
        article = articles.read_article(desk, head).article
        assert article.texts["ru"].view.rid == mine, "ours, as we began the article"
        assert [one.view.rid for one in article.others] == [theirs]
        assert [one.is_undecided for one in article.texts.values()] == [False, True]
    works = (
        lambda: book_files.export_folder(trio.ours, tmp_path / "out"),
        lambda: book_files.export_file(trio.ours, tmp_path / "b.epub", BookFormat.EPUB, ENGLISH),
        lambda: make_paper(trio.ours, PaperRequest(PaperName.BOOK, b"", "ru", PaperFormat.A4)),
        lambda: articles.adopt_text(trio.ours, mine),
        lambda: articles.adopt_text(trio.ours, theirs),
    )
    for work in works:
        with pytest.raises(KfdeskError) as caught:
            work()
        assert caught.value.code == "book.undecided"


def test_two_texts_in_one_language_are_joined_and_nothing_is_lost(
    trio: Trio, network: bytes
) -> None:
    head, mine, theirs = begun_twice(trio, network)
    done = articles.join_texts(trio.ours, head)
    undo_all(trio.ours, done)
    assert len(articles.read_article(trio.ours, head).article.others) == 1
    articles.join_texts(trio.ours, head)
    pass_on(trio, trio.ours, trio.bad)
    for desk in (trio.ours, trio.bad):
        article = articles.read_article(desk, head).article
        assert (article.others, article.texts["ru"].is_torn) == ((), True)
        said = {
            one.text
            for piece in articles.read_torn_text(desk, mine).pieces
            for one in piece.choices
        }
        assert {(RU,), ("Не торопитесь.",)} <= said
    assert conflicts(trio.bad, theirs) == frozenset()


def test_member_joins_two_texts_for_itself_and_proposes_it(
    trio: Trio, network: bytes, tmp_path: Path
) -> None:
    head, mine, theirs = begun_twice(trio, network)
    articles.join_texts(trio.bad, head)
    article = articles.read_article(trio.bad, head).article
    assert (article.others, article.texts["ru"].is_torn) == ((), True)
    change_record(trio.bad, mine, {"body": f"{RU}\n\nНе торопитесь."})
    assert book_files.export_folder(trio.bad, tmp_path / "out") == 2
    pass_on(trio, trio.bad, trio.ours)
    (other,) = articles.read_article(trio.ours, head).article.others
    assert other.view.rid == theirs, "a member takes nothing away here"
    articles.join_texts(trio.ours, head)
    assert articles.read_article(trio.ours, head).article.others == ()
    assert articles.join_texts(trio.ours, head) == ()


def test_second_text_of_a_member_takes_the_place_of_none(trio: Trio, network: bytes) -> None:
    head, text = begin(trio.ours, network)
    articles.adopt_text(trio.ours, text)
    pass_on(trio, trio.ours, trio.bad)
    forger = trio.forger(trio.bad)
    theirs = trio.bad.identity.organisation
    ids = [make_record_id(theirs, bytes([first]) * NONCE_BYTES) for first in (0, 255)]
    values = {"language": "en", "body": "Instead."}
    rows = [forger.written("article_text", values, parent=head, rid=rid) for rid in ids]
    assert ids[0] < text < ids[1]
    trio.take(forger.file(rows))
    article = articles.read_article(trio.ours, head).article
    assert (article.texts["en"].view.rid, len(article.others)) == (text, 2)
    change_record(trio.ours, text, {"body": f"{BODY}\n\nMore."})  # adopted as it was, no more
    assert articles.read_article(trio.ours, head).article.texts["en"].view.rid == text


def test_book_that_comes_with_the_program_names_no_client_by_chance(
    trio: Trio, network: bytes
) -> None:
    """Of the Russian for "nor on" the check would make Nina, in texts that know nobody."""
    create_record(trio.ours, Client, {"code": "KF-1", "alias": "Nina", "given_name": "Нина"})
    shipped = book_files.preview_book(trio.ours, book_files.shipped_book(trio.ours))
    book_files.import_book(trio.ours, shipped)
    talk = next(row for row in trio.ours.store.rows("article_text") if "Ни на" in str(
        view(row, ArticleText).record.body))  # fmt: skip
    organisation = trio.bad.identity.organisation
    assert transfer.prepare_common(trio.ours, organisation).mentions == ()
    changed = f"{body(trio.ours, talk.rid)}\n\nНина так сказала."
    change_record(trio.ours, talk.rid, {"body": changed})
    found = transfer.prepare_common(trio.ours, organisation).mentions
    assert "Нина" in {one.words for one in found if one.rid == talk.rid}
    assert {one.rid for one in found} == {talk.rid}


def test_odd_article_of_a_partner_is_read_printed_and_saved_or_refused_with_a_reason(
    trio: Trio, network: bytes, tmp_path: Path
) -> None:
    """Text of a hostile member in our article hinders neither the page nor the papers."""
    head, text = begin(trio.ours, network)
    pass_on(trio, trio.ours, trio.bad)
    odd: tuple[dict[str, Value], ...] = (
        {"language": "qq"}, {"language": None}, {"title": None}, {"body": None},
        {"body": "|" + "a|" * 9 + "\n|" + "-|" * 9}, {"body": "## x\n" * 301},
        {"body": "x" * 65_500}, {"body": "[a](kf:not-here) ![b](file:///etc/passwd) <script>"},
        {"body": "漢字 שלום \ufffe"}, {"summary": "s" * 60_000},
    )  # fmt: skip
    for number, values in enumerate(odd):
        forger = trio.forger(trio.bad)
        row = trio.row(text)
        trio.take(forger.file((forger.changed(row, values),)))
        article = articles.read_article(trio.ours, head).article
        assert article.text_for("qq") is not None
        assert article.rid in {one.rid for one in articles.read_book(trio.ours)}
        for one in article.texts.values():
            with suppress(KfdeskError):
                assert "<script" not in trio.ours.adapters.book.html(one.body)
        with suppress(KfdeskError):
            make_paper(trio.ours, PaperRequest(PaperName.BOOK, b"", "en"))
        with suppress(KfdeskError):
            book_files.export_folder(trio.ours, tmp_path / f"out-{number}")
        with suppress(KfdeskError):
            path = tmp_path / f"{number}.epub"
            book_files.export_file(trio.ours, path, BookFormat.EPUB, ENGLISH)
        seen = view(trio.row(text), ArticleText)
        settled = {key: _first(seen, key) for key in seen.conflicts}
        if settled:
            change_record(trio.ours, text, {**settled, "language": "en", "body": BODY})


def _first(seen: RecordView[ArticleText], key: str) -> Value:
    return seen.versions[key][0].value


def test_ring_of_a_partner_hinders_neither_the_list_nor_the_papers(
    trio: Trio, network: bytes
) -> None:
    one, _ = begin(trio.ours, network, "One")
    two, _ = begin(trio.ours, network, "Two")
    change_record(trio.ours, two, {"above": one.hex()})
    pass_on(trio, trio.ours, trio.bad)
    forger = trio.forger(trio.bad)
    trio.take(forger.file((forger.changed(trio.row(one), {"above": two.hex()}),)))
    assert {each.rid for each in articles.read_book(trio.ours)} == {one, two}
    pdf = make_paper(trio.ours, PaperRequest(PaperName.BOOK, one, "en")).pdf
    assert pdf.startswith(b"%PDF")
