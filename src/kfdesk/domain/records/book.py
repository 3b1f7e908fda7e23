# SPDX-License-Identifier: GPL-3.0-or-later
"""The resource book: articles, their texts in each language, links, and editions.

They are about no client, and belong to the members of a network, who write them together. Each
language is a record of its own, so that two people in two languages never meet in one field. The
custodian alone adopts a text.
"""

from datetime import date

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
from kfdesk.domain.schema import (
    DataGroup,
    Section,
    SensitivityLevel,
    code,
    code_set,
    day,
    localized_text,
    number,
    record,
    reference,
    text,
)
from kfdesk.domain.values import LocalizedText, MissingAnswer, PartialDate

COMMON = DataGroup.COMMON
S0 = SensitivityLevel.S0
S1 = SensitivityLevel.S1
Text = str | MissingAnswer | None
Told = LocalizedText | MissingAnswer | None
Day = date | PartialDate | MissingAnswer | None
Codes = tuple[str, ...] | MissingAnswer | None
Number = int | MissingAnswer | None

ARTICLE = Section("article", N_("Article"))


@record
class Article:
    """An article without its texts. `slug` is its name in links, and stays.

    `adopted` has a line for each adopted text: its language and its digest.
    `above` is the article that it stands under; articles have no parent record, so that none is
    lost when another is deleted.
    """

    slug: Text = text(
        N_("Name in links"), ARTICLE, level=S0, to=COMMON, since=5,
        help=N_("Small letters, digits and hyphens: the-first-talk"),
    )  # fmt: skip
    above: Text = reference(N_("Part of"), ARTICLE, level=S0, to=COMMON, since=5)
    position: Number = number(N_("Place in the book"), ARTICLE, level=S0, to=COMMON, since=5)
    kind: Text = code(ARTICLE_KINDS, N_("Kind"), ARTICLE, level=S0, to=COMMON, since=5)
    audience: Codes = code_set(
        ARTICLE_READERS, N_("For whom"), ARTICLE, level=S0, to=COMMON, since=5
    )
    original: Text = code(
        LANGUAGES, N_("Language of the original"), ARTICLE, level=S0, to=COMMON, since=5
    )
    status: Text = code(ARTICLE_STATUS, N_("Status"), ARTICLE, level=S0, to=COMMON, since=5)
    adopted: Text = text(N_("Adopted texts"), ARTICLE, level=S0, to=COMMON, since=5)
    review_by: Day = day(N_("To be read again by"), ARTICLE, level=S0, to=COMMON, since=5)
    tags: Codes = code_set(ARTICLE_TAGS, N_("About"), ARTICLE, level=S0, to=COMMON, since=5)
    opened_from: Codes = code_set(
        ARTICLE_PLACES, N_("Opened by the ? in a plan at"), ARTICLE, level=S0, to=COMMON, since=5,
        help=N_("Sections of a plan, conditions of a decision, and evidence of a step"),
    )  # fmt: skip
    sources: Told = localized_text(
        N_("Sources"), ARTICLE, level=S0, to=COMMON, since=5,
        help=N_("One to a line: what | web address | day it was read"),
    )  # fmt: skip
    licence: Text = text(N_("Licence"), ARTICLE, level=S0, to=COMMON, since=5)
    network: Text = reference(N_("Network"), ARTICLE, level=S1, to=COMMON, since=5)
    confidentiality: Text = code(
        CONFIDENTIALITY, N_("Who may see this"), ARTICLE, level=S1, to=COMMON, since=5
    )


ARTICLE_TEXT = Section("article_text", N_("Text of an article"))


@record
class ArticleText:
    """The text of the article above it in one language; `body` is in the Markdown of the book.

    `based_on` has a digest of each paragraph of the original that it was translated from.
    """

    language: Text = code(LANGUAGES, N_("Language"), ARTICLE_TEXT, level=S0, to=COMMON, since=5)
    title: Text = text(N_("Heading"), ARTICLE_TEXT, level=S0, to=COMMON, since=5)
    summary: Text = text(N_("In short"), ARTICLE_TEXT, level=S0, to=COMMON, since=5)
    body: Text = text(N_("The text"), ARTICLE_TEXT, level=S0, to=COMMON, since=5)
    based_on: Text = text(
        N_("Translated from this original"), ARTICLE_TEXT, level=S0, to=COMMON, since=5
    )
    state: Text = code(TEXT_STATUS, N_("Status"), ARTICLE_TEXT, level=S0, to=COMMON, since=5)
    read_by: Text = text(N_("Read by"), ARTICLE_TEXT, level=S1, to=COMMON, since=5)
    read_on: Day = day(N_("Read on"), ARTICLE_TEXT, level=S0, to=COMMON, since=5)


ARTICLE_LINK = Section("article_link", N_("Link of an article"))


@record
class ArticleLink:
    """A link of the article above it to an organisation, a step of a procedure or an article."""

    target: Text = reference(N_("Leads to"), ARTICLE_LINK, level=S1, to=COMMON, since=5)
    label: Told = localized_text(
        N_("Words of the link"), ARTICLE_LINK, level=S0, to=COMMON, since=5
    )


EDITION = Section("edition", N_("Edition of the book"))


@record
class Edition:
    """A state of the book that is cited; `contents` has a slug and a digest on each line."""

    title: Told = localized_text(N_("Name of the edition"), EDITION, level=S0, to=COMMON, since=5)
    number: Text = text(N_("Number"), EDITION, level=S0, to=COMMON, since=5)
    language: Text = code(LANGUAGES, N_("Language"), EDITION, level=S0, to=COMMON, since=5)
    dated: Day = day(N_("Dated"), EDITION, level=S0, to=COMMON, since=5)
    contents: Text = text(N_("Contents"), EDITION, level=S0, to=COMMON, since=5)
    made_by: Text = text(N_("Made by"), EDITION, level=S1, to=COMMON, since=5)
    network: Text = reference(N_("Network"), EDITION, level=S1, to=COMMON, since=5)
    confidentiality: Text = code(
        CONFIDENTIALITY, N_("Who may see this"), EDITION, level=S1, to=COMMON, since=5
    )
