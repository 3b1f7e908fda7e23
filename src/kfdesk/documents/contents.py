# SPDX-License-Identifier: GPL-3.0-or-later
"""Which fields each paper contains, by record type and key: written by hand, one table a paper.

Apart from the drawing, so that a page can say who may have what without loading it. Whether a
field may stand on the paper is not decided here; `disclose()` does that.
"""

from collections.abc import Mapping

from kfdesk.domain.papers.order import PaperName

Keys = Mapping[str, frozenset[str]]
"""The keys that a paper contains, by record type."""

_TRAVELLERS_SHEET: Keys = {
    "client": frozenset({"name_on_ticket"}),
    "plan": frozenset({"luggage", "from_country", "to_country"}),
    "leg": frozenset(
        {
            "sequence", "mode", "carrier", "from_place", "from_stop", "departs", "to_place",
            "to_stop", "arrives", "met_by", "sign", "alone", "onward",
        }
    ),
    "help_number": frozenset({"sequence", "number", "hours"}),
}  # fmt: skip

_ESCORTS_SHEET: Keys = {
    "client": frozenset({"name_on_ticket", "languages"}),
    "plan": frozenset({"reminders"}),
    "leg": frozenset(
        {
            "sequence", "mode", "carrier", "from_place", "from_stop", "departs", "to_place",
            "to_stop", "arrives", "met_by", "sign", "alone", "onward", "check_in",
        }
    ),
    "help_number": frozenset({"sequence", "number", "hours"}),
}  # fmt: skip

CONTENTS: Mapping[PaperName, Keys] = {
    PaperName.TRAVELLERS_SHEET: _TRAVELLERS_SHEET,
    PaperName.ESCORTS_SHEET: _ESCORTS_SHEET,
}
"""What each paper contains."""
