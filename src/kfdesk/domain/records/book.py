# SPDX-License-Identifier: GPL-3.0-or-later
"""The resource book: articles, their texts in each language, links, and editions.

They are about no client, and belong to the members of a network, who write them together. Each
language is a record of its own, so that two people in two languages never meet in one field. The
custodian alone adopts a text.
"""

from kfdesk.domain.codes.book import (
    ARTICLE_KINDS,
    ARTICLE_PLACES,
    ARTICLE_READERS,
    ARTICLE_STATUS,
    ARTICLE_TAGS,
    TEXT_STATUS,
)
from kfdesk.domain.codes.core import CONFIDENTIALITY
from kfdesk.domain.codes.world import LANGUAGES
from kfdesk.domain.message_marks import N_
from kfdesk.domain.rules import Family, Rules, Writer
from kfdesk.domain.schema import (
    Codes,
    DataGroup,
    Day,
    Number,
    Section,
    SensitivityLevel,
    Terms,
    Text,
    Texts,
    code,
    code_set,
    day,
    localized_text,
    number,
    record,
    reference,
    text,
)

COMMON = DataGroup.COMMON
S0 = SensitivityLevel.S0
S1 = SensitivityLevel.S1

ARTICLE = Section("article", N_("Article"))


IN_ARTICLE = Terms(ARTICLE, S0, COMMON, since=5)


@record(
    Rules(
        family=Family.TOGETHER,
        is_head=True,
        custodians=(
            "slug",
            "status",
            "adopted",
            "network",
            "confidentiality",
        ),
    )
)
class Article:
    """An article without its texts. `slug` is its name in links, and stays.

    `adopted` has a line for each adopted text: its language and its digest.
    `above` is the article that it stands under; articles have no parent record, so that none is
    lost when another is deleted.
    """

    slug: Text = text(
        N_("Name in links"),
        IN_ARTICLE,
        help=N_("Small letters, digits and hyphens: the-first-talk"),
    )
    above: Text = reference(N_("Part of"), IN_ARTICLE)
    position: Number = number(N_("Place in the book"), IN_ARTICLE)
    kind: Text = code(ARTICLE_KINDS, N_("Kind"), IN_ARTICLE)
    audience: Codes = code_set(ARTICLE_READERS, N_("For whom"), IN_ARTICLE)
    original: Text = code(LANGUAGES, N_("Language of the original"), IN_ARTICLE)
    status: Text = code(ARTICLE_STATUS, N_("Status"), IN_ARTICLE)
    adopted: Text = text(N_("Adopted texts"), IN_ARTICLE)
    review_by: Day = day(N_("To be read again by"), IN_ARTICLE)
    tags: Codes = code_set(ARTICLE_TAGS, N_("About"), IN_ARTICLE)
    opened_from: Codes = code_set(
        ARTICLE_PLACES,
        N_("Opened by the ? in a plan at"),
        IN_ARTICLE,
        help=N_("Sections of a plan, conditions of a decision, and evidence of a step"),
    )
    sources: Texts = localized_text(
        N_("Sources"), IN_ARTICLE, help=N_("One to a line: what | web address | day it was read")
    )
    licence: Text = text(N_("Licence"), IN_ARTICLE)
    network: Text = reference(N_("Network"), IN_ARTICLE, level=S1)
    confidentiality: Text = code(CONFIDENTIALITY, N_("Who may see this"), IN_ARTICLE, level=S1)


ARTICLE_TEXT = Section("article_text", N_("Text of an article"))


IN_ARTICLE_TEXT = Terms(ARTICLE_TEXT, S0, COMMON, since=5)


@record(Rules(family=Family.TOGETHER, below=("article",)))
class ArticleText:
    """The text of the article above it in one language; `body` is in the Markdown of the book.

    `based_on` has a digest of each paragraph of the original that it was translated from.
    """

    language: Text = code(LANGUAGES, N_("Language"), IN_ARTICLE_TEXT)
    title: Text = text(N_("Heading"), IN_ARTICLE_TEXT)
    summary: Text = text(N_("In short"), IN_ARTICLE_TEXT)
    body: Text = text(N_("The text"), IN_ARTICLE_TEXT)
    based_on: Text = text(N_("Translated from this original"), IN_ARTICLE_TEXT)
    state: Text = code(TEXT_STATUS, N_("Status"), IN_ARTICLE_TEXT)
    read_by: Text = text(N_("Read by"), IN_ARTICLE_TEXT, level=S1)
    read_on: Day = day(N_("Read on"), IN_ARTICLE_TEXT)


ARTICLE_LINK = Section("article_link", N_("Link of an article"))


IN_ARTICLE_LINK = Terms(ARTICLE_LINK, S1, COMMON, since=5)


@record(Rules(family=Family.TOGETHER, below=("article",)))
class ArticleLink:
    """A link of the article above it to an organisation, a step of a procedure or an article."""

    target: Text = reference(N_("Leads to"), IN_ARTICLE_LINK)
    label: Texts = localized_text(N_("Words of the link"), IN_ARTICLE_LINK, level=S0)


EDITION = Section("edition", N_("Edition of the book"))


IN_EDITION = Terms(EDITION, S0, COMMON, since=5)


@record(Rules(family=Family.TOGETHER, is_head=True, writes=Writer.CUSTODIAN))
class Edition:
    """A state of the book that is cited; `contents` has a slug and a digest on each line."""

    title: Texts = localized_text(N_("Name of the edition"), IN_EDITION)
    number: Text = text(N_("Number"), IN_EDITION)
    language: Text = code(LANGUAGES, N_("Language"), IN_EDITION)
    dated: Day = day(N_("Dated"), IN_EDITION)
    contents: Text = text(N_("Contents"), IN_EDITION)
    made_by: Text = text(N_("Made by"), IN_EDITION, level=S1)
    network: Text = reference(N_("Network"), IN_EDITION, level=S1)
    confidentiality: Text = code(CONFIDENTIALITY, N_("Who may see this"), IN_EDITION, level=S1)
