# SPDX-License-Identifier: GPL-3.0-or-later
"""Papers of the book that clients may carry, beside a real case: checked, whatever paper it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.hostile_samples import Trio, hostile_trio
from tests.support.book_samples import add_book, adopt_all, article_of

from kfdesk.documents.typesetting import page_texts
from kfdesk.domain.codes.core import PaperFormat, PaperName, PaperRequest
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.client import Client
from kfdesk.domain.rows import view
from kfdesk.services.book import files
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.papers.production import PaperPreview, make_paper, preview_pages

SAID = "You may rest. You may say no."


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    with hostile_trio(tmp_path) as met:
        yield met


def client_of(trio: Trio) -> Client:
    row = trio.row(trio.row(trio.plan).parent or b"")
    return view(row, Client).record


def add(desk: Session, slug: str, body: str, kind: str, readers: str) -> bytes:
    """Add an adopted article for these readers; return its id."""
    head = f"slug: {slug}\nlanguage: en\ntitle: You can say no\nkind: {kind}\naudience: {readers}"
    add_book(desk, {f"{slug}.en.md": f"---\n{head}\n---\n\n{body}\n".encode()})
    adopt_all(desk)
    return article_of(desk, slug).rid


def previewed(
    desk: Session, paper: PaperName, article: bytes, language: str = "en"
) -> PaperPreview:
    return preview_pages(desk, PaperRequest(paper, article, language), 0.2)


@pytest.mark.parametrize("language", ["en", "sv", "ru"])
def test_shipped_card_for_clients_passes_beside_a_case(trio: Trio, language: str) -> None:
    desk = trio.ours
    shipped = files.shipped_book(desk)
    add_book(desk, {name: data for name, data in shipped.items() if name.startswith("card-")})
    adopt_all(desk)
    card, staff = (article_of(desk, f"card-{one}").rid for one in ("you-have-rights", "what-to-do"))
    found = previewed(desk, PaperName.CARD, card, language)
    assert (found.obstacles, found.found) == ((), ())
    assert 1 <= len(found.pages) <= 2
    sides = page_texts(make_paper(desk, PaperRequest(PaperName.CARD, card, language)).pdf)
    text = article_of(desk, "card-you-have-rights").texts[language]
    assert sides[0].count(text.title) == 10
    assert "".join(sides).count("112") == 10
    assert previewed(desk, PaperName.STAFF_CARD, staff, language).obstacles == ()
    refused = previewed(desk, PaperName.STAFF_CARD, card, language)
    assert [one.code for one in refused.obstacles] == ["paper.book_for_clients"]


@pytest.mark.parametrize(
    ("paper", "kind"),
    [
        (PaperName.CARD, "card"),
        (PaperName.LEAFLET, "leaflet"),
        (PaperName.POSTER, "poster"),
    ],
)
def test_paper_for_clients_shows_nothing_of_a_case(trio: Trio, paper: PaperName, kind: str) -> None:
    desk, client = trio.ours, client_of(trio)
    planted = {
        "free": "", "code": f"Ask for {client.code}.", "name": f"Ask for {client.given_name}.",
        "house": f"Come to {desk.identity.name}.", "word": "Come to the shelter.",
        "police": "Go to the police.",
    }  # fmt: skip
    for name, words in planted.items():
        article = add(desk, f"a-{name}", f"{SAID} {words}", kind, "client, public")
        found = previewed(desk, paper, article)
        assert bool(found.obstacles) is bool(words), name
        assert bool(found.found) is bool(words), name
        order = PaperRequest(paper, article, "en")
        if words:
            with pytest.raises(KfdeskError):
                make_paper(desk, order)


@pytest.mark.parametrize("paper", [PaperName.LEAFLET, PaperName.POSTER, PaperName.STAFF_CARD])
def test_paper_for_professionals_may_name_what_clients_do_not_carry(
    trio: Trio, paper: PaperName
) -> None:
    article = add(
        trio.ours, "theirs", f"{SAID} Ask a shelter or the police.", "leaflet", "authority"
    )
    assert previewed(trio.ours, paper, article).obstacles == ()
    order = PaperRequest(paper, article, "en", PaperFormat.A4)
    assert "shelter" in " ".join(page_texts(make_paper(trio.ours, order).pdf))


def test_back_of_a_card_is_checked_like_its_front(trio: Trio) -> None:
    client = client_of(trio)
    long = "You may ask for somebody. " * 20
    article = add(trio.ours, "long", f"{long}\n\nAsk for {client.given_name}.", "card", "client")
    found = previewed(trio.ours, PaperName.CARD, article)
    assert {one.page for one in found.found} == {2}
    free = add(trio.ours, "free", long, "card", "client")
    assert len(previewed(trio.ours, PaperName.CARD, free).pages) == 2


def test_leaflet_whose_readers_are_in_conflict_is_checked(trio: Trio) -> None:
    desk = trio.ours
    article = add(desk, "torn", f"{SAID} Ask a shelter.", "leaflet", "authority")
    assert previewed(desk, PaperName.LEAFLET, article).obstacles == ()
    change_record(desk, article, {"audience": ("public",)}, ())
    assert previewed(desk, PaperName.LEAFLET, article).found
