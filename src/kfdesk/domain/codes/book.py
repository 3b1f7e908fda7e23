# SPDX-License-Identifier: GPL-3.0-or-later
"""Code lists of the resource book: kinds of articles, readers, and where a text stands.

Codes never change their meaning; a code of a newer program is kept and shown as it is.
"""

from collections.abc import Mapping

from kfdesk.domain.codes.case import GATES
from kfdesk.domain.codes.core import PLAN_STATE, SERVICES
from kfdesk.domain.codes.procedures import STEP_PROOFS
from kfdesk.domain.message_marks import N_

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
"""The readers of an article. Text for clients is checked as a paper that is carried."""

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
"""The states of a text; its adoption is the custodian's to record (`Article.adopted`)."""

ARTICLE_TAGS: Mapping[str, str] = {**SERVICES, **PLAN_STATE}
"""The subjects of an article: services of the directory, and the states of a plan."""

PLAN_SECTIONS: Mapping[str, str] = {
    "person": N_("Person"),
    "consent": N_("Consent"),
    "risk": N_("Risk"),
    "decision": N_("Decision"),
    "cooperation": N_("Cooperation"),
    "travel": N_("Travel"),
    "support": N_("Rehabilitation"),
    "follow_up": N_("After arrival"),
    "notes": N_("Notes"),
    "documents": N_("Documents"),
    "keeping": N_("Retention"),
}
"""The sections of a plan, by the keys that their pages have."""

SECTION_PLACE, GATE_PLACE, PROOF_PLACE = "section_", "gate_", "proof_"
ARTICLE_PLACES: Mapping[str, str] = {
    **{f"{SECTION_PLACE}{code}": name for code, name in PLAN_SECTIONS.items()},
    **{f"{GATE_PLACE}{code}": name for code, name in GATES.items()},
    **{f"{PROOF_PLACE}{code}": name for code, name in STEP_PROOFS.items()},
}
"""The places of a plan that lead to an article: sections, conditions, and steps by their evidence.

A step of a procedure is led to by a link of its own, too (`ArticleLink`).
"""
