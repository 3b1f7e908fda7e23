# SPDX-License-Identifier: GPL-3.0-or-later
"""Code lists of the resource book: kinds of articles, readers, and where a text stands.

Codes never change their meaning; a code of a newer program is kept and shown as it is.
"""

from collections.abc import Mapping

from kfdesk.domain.codes.core import PLAN_STATE, SERVICES
from kfdesk.domain.schema import N_

ARTICLE_KINDS: Mapping[str, str] = {
    "chapter": N_("Chapter"),
    "guide": N_("Guide"),
    "leaflet": N_("Leaflet"),
    "card": N_("Card"),
    "poster": N_("Poster"),
    "checklist": N_("Checklist"),
    "glossary": N_("Glossary"),
}

ARTICLE_READERS: Mapping[str, str] = {
    "staff": N_("Staff"),
    "authority": N_("Authorities"),
    "public": N_("Everyone"),
    "client": N_("The client"),
}
"""Who reads an article. What the client reads is checked as a paper that she carries."""

ARTICLE_STATUS: Mapping[str, str] = {
    "draft": N_("Draft"),
    "in_review": N_("Being reviewed"),
    "adopted": N_("Adopted"),
    "retired": N_("No longer used"),
}

TEXT_STATUS: Mapping[str, str] = {
    "draft": N_("Draft"),
    "read_by_native": N_("Read by a native speaker"),
}
"""How far a text is; whether it is adopted, the article's custodian says (`Article.adopted`)."""

ARTICLE_TAGS: Mapping[str, str] = {**SERVICES, **PLAN_STATE}
"""What an article is about: services of the directory, and the states of a plan."""
