# SPDX-License-Identifier: GPL-3.0-or-later
"""An item of a weighing in words: what it is, from where the answer comes, how sure it is.

For the page and the file copy alike. Of a line whose items stay at another desk it says what they
come to. Knows no side.
"""

from collections.abc import Iterable

from kfdesk.domain.lists.risk_codes import CONFIDENCE, RISK_ITEM, RISK_SOURCE
from kfdesk.domain.records.risk.risk_line import RiskLine
from kfdesk.domain.weighing.items import Item
from kfdesk.i18n.language import Language

_APART = " · "


def item_text(name: str, language: Language) -> str:
    """The item itself; a code from a newer desk stands as it is."""
    return language.gettext(RISK_ITEM[name]) if name in RISK_ITEM else name


def origin_text(item: Item, language: Language) -> str:
    """From where an answer comes, and how sure it is; what nobody has said is left out."""
    return _listed((item.source,), item.confidence, language)


def whole_item_text(name: str, item: Item, language: Language) -> str:
    """Both on one line."""
    said, origin = item_text(name, language), origin_text(item, language)
    return f"{said} ({origin})" if origin else said


def origins_text(line: RiskLine, language: Language) -> str:
    """From where what a line has found comes, and how sure the least of it is."""
    sources = line.sources if isinstance(line.sources, tuple) else ()
    return _listed(sources, line.confidence, language)


def _listed(sources: Iterable[object], confidence: object, language: Language) -> str:
    labels = (*(RISK_SOURCE.get(str(one)) for one in sources), CONFIDENCE.get(str(confidence)))
    return _APART.join(language.gettext(label) for label in labels if label is not None)
