# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo's book: an article that two desks write apart, and what their files make of it.

Everything goes through the services and real files, as in `network.py`; `show.py` tells it.
"""

from dataclasses import dataclass

from kfdesk.demo.network import NetworkStory
from kfdesk.services.book import articles, files
from kfdesk.services.core.records import change_record
from kfdesk.services.directory.networks import list_networks, share_in_network

_TITLE = "The room for the first talk"
_BODY = """## Before she comes

Put water and a blanket in the room. Turn the telephones off.

Sit at the same height, with the door behind you.

{box}
She may leave at any time. Tell her so first.
{/box}

## Afterwards

Write down her words, not yours."""
_OURS = ("Turn the telephones off.", "Turn your telephone off, and let her keep hers.")
_THEIRS = ("Write down her words, not yours.", "Write down her words, and read them to her.")
_BOTH = "Sit at the same height, with the door behind you."
_OUR_SEAT = "Sit at the same height. Let her choose the chair."
_THEIR_SEAT = "Sit beside her, not across a table."


@dataclass(frozen=True, slots=True)
class TornArticle:
    """The text in two versions: how much the files joined by themselves, and what is left."""

    text: bytes
    joined: int
    left: int


def write_apart(story: NetworkStory) -> TornArticle:
    """Let two desks change one article apart, and meet; three paragraphs differ, one on both."""
    files.import_book(story.ours, files.preview_book(story.ours, files.shipped_book(story.ours)))
    head, text = (one.rid for one in articles.begin_article(story.ours, "en", _TITLE))
    change_record(story.ours, text, {"body": _BODY, "summary": "She decides who comes in."})
    change_record(story.ours, head, {"tags": ("safety", "assessing")})
    story.pass_file(story.ours, story.tartu)
    for line in list_networks(story.tartu):
        share_in_network(story.tartu, line.view.rid, ("book",))
    ours = _BODY.replace(*_OURS).replace(_BOTH, _OUR_SEAT)
    theirs = _BODY.replace(*_THEIRS).replace(_BOTH, _THEIR_SEAT)
    change_record(story.ours, text, {"body": ours})
    change_record(story.tartu, text, {"body": theirs})
    story.pass_file(story.tartu, story.ours)
    pieces = articles.read_torn_text(story.ours, text).pieces
    left = sum(one.is_open for one in pieces)
    return TornArticle(text, sum(one.is_changed for one in pieces) - left, left)
