# SPDX-License-Identifier: GPL-3.0-or-later
"""An item of a weighing in words: what it is, from where the answer comes, how sure it is.

For the page and the file copy alike. Knows no line and no side.
"""

from kfdesk.domain.lists.risk_codes import CONFIDENCE, RISK_ITEM, RISK_SOURCE
from kfdesk.domain.weighing.items import Item
from kfdesk.i18n.language import Language


def item_text(name: str, language: Language) -> str:
    """The item itself; a code from a newer desk stands as it is."""
    return language.gettext(RISK_ITEM[name]) if name in RISK_ITEM else name


def origin_text(item: Item, language: Language) -> str:
    """From where an answer comes, and how sure it is; what nobody has said is left out."""
    said = (RISK_SOURCE.get(item.source or ""), CONFIDENCE.get(item.confidence or ""))
    return ", ".join(language.gettext(label) for label in said if label is not None)


def whole_item_text(name: str, item: Item, language: Language) -> str:
    """Both on one line."""
    said, origin = item_text(name, language), origin_text(item, language)
    return f"{said} ({origin})" if origin else said
