# SPDX-License-Identifier: GPL-3.0-or-later
"""Two desks that write one text of the book apart, again and again, and a member that takes it.

Every paragraph that somebody wrote is offered to a person, or stands in the proposal, on both
desks; and a member adopts and deletes nothing of ours. A paper of the book that clients may carry
shows no secret. Each way has a control in which its rule is switched off.
"""

import random
from collections.abc import Mapping

import pytest
from tests.integration.hostile_samples import Trio, hostile_trio
from tests.integration.network_samples import begin_network, send
from tests.support.book_samples import add_book, adopt_all, article_of
from tests.torture.harness import Seen, Size, Trial, joined
from tests.torture.world import World

from kfdesk.domain.book.paragraphs import join_paragraphs, merge_paragraphs
from kfdesk.domain.codes.core import PaperName, PaperRequest
from kfdesk.domain.registers import is_deleted
from kfdesk.services.book import articles
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.directory import networks
from kfdesk.services.exchange import merge
from kfdesk.services.exchange.merge import ImportMerger
from kfdesk.services.papers import production

_BASE = tuple(f"Paragraph {number}." for number in range(8))
_SORTS = ("book",)
_MOST_SAVES = 4


def _begin(trio: Trio) -> tuple[bytes, bytes]:
    """Begin an article that two desks may write; return it and its text."""
    network = begin_network(trio.ours, trio.bad, shares=_SORTS)
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    networks.share_in_network(trio.bad, network, _SORTS)
    head, text = (one.rid for one in articles.begin_article(trio.ours, "en", "A"))
    change_record(trio.ours, head, {"network": network.hex()})
    change_record(trio.ours, text, {"body": join_paragraphs(_BASE)})
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    return head, text


def _write(desk: Session, text: bytes, who: str, rng: random.Random) -> tuple[str, ...]:
    """Save the text a few times, each time otherwise; return its paragraphs at last."""
    said = list(_BASE)
    for save in range(rng.randrange(1, _MOST_SAVES)):
        at = rng.randrange(len(said))
        word = f"{who} wrote {save} at {at}."
        said[at : at + rng.randrange(2)] = [word]
        change_record(desk, text, {"body": join_paragraphs(said)})
    return tuple(said)


def _write_apart(off: Mapping[str, object] | None = None) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        with hostile_trio(world.scratch()) as trio, pytest.MonkeyPatch.context() as patch:
            _, text = _begin(trio)
            wrote = {*_write(trio.ours, text, "A", rng), *_write(trio.bad, text, "B", rng)}
            trio.take(send(trio, trio.bad, trio.ours))
            trio.take(send(trio, trio.ours, trio.bad), trio.bad)
            for name, other in (off or {}).items():
                patch.setattr(articles, name, other)
            for desk in (trio.ours, trio.bad):
                pieces = articles.read_torn_text(desk, text).pieces
                offered = {said for one in pieces for each in one.choices for said in each.text}
                lost = wrote - offered - set(_BASE)
                if lost:
                    return Seen("apart", f"{len(lost)} paragraphs are nowhere")
            return Seen("apart", ", ".join(trio.ours.store.verify()[:2]))

    return trial


def _only_ours(before: str | None, versions: list[str]) -> object:
    """Wrong on purpose: the first version alone."""
    return merge_paragraphs(before, versions[:1])


def _take(off: Mapping[str, tuple[object, object]] | None = None) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        with hostile_trio(world.scratch()) as trio, pytest.MonkeyPatch.context() as patch:
            head, text = _begin(trio)
            for name, (where, other) in (off or {}).items():
                patch.setattr(where, name, other)
            forger, before = trio.forger(trio.bad), trio.row(head)
            ways = (
                forger.changed(before, {"status": "adopted", "adopted": "en x"}),
                forger.changed(before, {"confidentiality": "public", "network": None}),
                forger.deleted(trio.row(text)),
                forger.deleted(before),
            )
            trio.take(forger.file([rng.choice(ways)]))
            is_gone = any(is_deleted(trio.row(one).state) for one in (head, text))
            is_kept = not is_gone and _decided(trio, head) == ("draft", None, "circle")
            return Seen("taken", "" if is_kept else "a member decided for us")

    return trial


def _decided(trio: Trio, head: bytes) -> tuple[object, object, object]:
    record = articles.read_article(trio.ours, head).article.record
    return record.status, record.adopted, record.confidentiality


def _carry(is_checked: bool = True) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        with hostile_trio(world.scratch()) as trio, pytest.MonkeyPatch.context() as patch:
            if not is_checked:
                patch.setattr(production, "check_carried_paper", lambda *_: ())
            desk = trio.ours
            secret = rng.choice(("the shelter", "the police", desk.identity.name))
            kind = rng.choice(("leaflet", "poster", "card"))
            head = f"slug: a\nlanguage: en\ntitle: A\nkind: {kind}\naudience: client, authority"
            body = f"You may rest. {'You may say no. ' * rng.randrange(9)}Come to {secret}."
            add_book(desk, {"a.en.md": f"---\n{head}\n---\n\n{body}\n".encode()})
            adopt_all(desk)
            order = PaperRequest(PaperName(kind), article_of(desk, "a").rid, "en")
            found = production.preview_pages(desk, order, 0.1).found
            return Seen("carried", "" if found else f"a {kind} for clients shows a secret")

    return trial


HARNESSES = (
    joined(
        "two desks that write one text of the book apart",
        [
            (_write_apart(), _write_apart({"merge_paragraphs": _only_ours})),
            (_carry(), _carry(is_checked=False)),
            (
                _take(),
                _take(
                    {
                        "_acceptable_row": (merge, lambda _taken, row: row),
                        "_waiting_fields": (ImportMerger, lambda *_: frozenset()),
                    }
                ),
            ),
        ],
        Size(4, 60, 3_000),
    ),
)
