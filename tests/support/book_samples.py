# SPDX-License-Identifier: GPL-3.0-or-later
"""Three invented articles of the book as files, one of them in three languages, and a card."""

from collections.abc import Mapping

from kfdesk.services.book import articles, files
from kfdesk.services.book.files import BookImport
from kfdesk.services.core.session import Session

TALK_EN = """---
slug: the-first-talk
language: en
title: The first talk
summary: Listen first. Nothing has to be decided today.
position: 3
kind: chapter
audience: staff
tags: safety, assessing
original: en
licence: CC0-1.0
review_by: 2027-10-01
source: Invented handbook | https://example.org/talk | 2026-10-01
source: Invented study: what helps | https://example.org/study | 2026-10-02
---

## Before

Offer *water* and a **quiet room**. See [the interpreter](kf:the-interpreter).

- Sit at the same height.
- Say who you are:
  1. your name,
  2. what you may decide.

{box}
Never promise what another house decides.
{/box}

## What to ask

| Ask | Do not ask |
|---|---|
| What do you need **tonight**? | Why did you stay? |
| Whom may we call? | How much did you earn? |

> She decided herself, and nobody hurried her.

### Afterwards

Write down her words, not yours.
"""
TALK_SV = """---
slug: the-first-talk
language: sv
title: Det första samtalet
summary: Lyssna först. Inget måste avgöras i dag.
---

## Innan

Erbjud *vatten* och ett **lugnt rum**. Se [tolken](kf:the-interpreter).

{box}
Lova aldrig det som ett annat hus beslutar.
{/box}
"""
TALK_RU = """---
slug: the-first-talk
language: ru
title: Первый разговор
summary: Сначала слушайте. Сегодня ничего не нужно решать.
---

## До начала

Предложите *воду* и **тихую комнату**. См. [переводчик](kf:the-interpreter).

- Сядьте на одной высоте.
- Скажите, кто вы.
"""
INTERPRETER_EN = """---
slug: the-interpreter
language: en
title: Working with an interpreter
summary: Speak to her, not to the interpreter.
under: the-first-talk
position: 4
kind: guide
audience: staff, authority
tags: legal
original: en
licence: CC0-1.0
source: Invented leaflet | https://example.org/interpreter | 2026-10-03
---

Short sentences. One question at a time.

Go back to [the first talk](kf:the-first-talk) or to [nothing](kf:not-here).
"""
CARD_EN = """---
slug: you-have-rights
language: en
title: You can say no
summary: You decide what happens next.
position: 9
kind: card
audience: client
original: en
licence: CC0-1.0
---

- You may ask for water, food and rest.
- You may ask for somebody who speaks your language.
- You may say no, and change your mind.

Call **112** if you are in danger.
"""

FILES: Mapping[str, bytes] = {
    "the-first-talk.en.md": TALK_EN.encode(),
    "the-first-talk.sv.md": TALK_SV.encode(),
    "the-first-talk.ru.md": TALK_RU.encode(),
    "the-interpreter.en.md": INTERPRETER_EN.encode(),
    "you-have-rights.en.md": CARD_EN.encode(),
}


def add_book(
    desk: Session, more: Mapping[str, bytes] | None = None, seen_by: str = "public"
) -> BookImport:
    """Add the invented articles, or others."""
    return files.import_book(desk, files.preview_book(desk, more or FILES), seen_by)


def article_of(desk: Session, slug: str) -> articles.BookArticle:
    """Return the article of this name."""
    return next(one for one in articles.read_book(desk) if one.tree.slug == slug)


def adopt_all(desk: Session) -> None:
    """Adopt every text of the book."""
    for one in articles.read_book(desk):
        for text in one.texts.values():
            articles.adopt_text(desk, text.view.rid)


# --- articles that become papers of their own

_CARDS = {
    "sv": ("Du får säga nej", "Du får vila. Du får ändra dig."),
    "en": ("You can say no", "You may rest. You may change your mind."),
    "ru": ("Вы можете отказаться", "Вы можете отдохнуть. Вы можете передумать."),
}


def add_adopted_cards(desk: Session) -> None:
    """Add a card for clients and one for staff, in each language of the window, adopted."""
    found = {}
    for name, readers in (("for-her", "client"), ("for-us", "staff")):
        for code, (title, said) in _CARDS.items():
            head = (
                f"slug: {name}\nlanguage: {code}\ntitle: {title}\nkind: card\naudience: {readers}"
            )
            found[f"{name}.{code}.md"] = f"---\n{head}\n---\n\n{said}\n".encode()
    add_book(desk, found)
    chapter = FILES["the-first-talk.en.md"]
    add_book(desk, {"the-first-talk.en.md": chapter})
    for code in ("sv", "ru"):
        add_book(desk, {f"the-first-talk.{code}.md": FILES[f"the-first-talk.{code}.md"]})
    adopt_all(desk)
