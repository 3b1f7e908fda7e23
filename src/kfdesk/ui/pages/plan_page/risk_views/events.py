# SPDX-License-Identifier: GPL-3.0-or-later
"""What has happened that changes the risks: written down here, it makes earlier weighings void.

A list like any other; what is void by it is said by the domain.
"""

from typing import Any

from kfdesk.domain.lists.risk_codes import TRIGGER_EVENT
from kfdesk.domain.rows import View
from kfdesk.domain.schema import N_
from kfdesk.domain.values import Moment
from kfdesk.i18n.language import Language
from kfdesk.services.course.situations import moment_now
from kfdesk.services.desk import Desk
from kfdesk.ui.editing.record_list import Listing, RecordList, Summary
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.shown import moment_lines, told_text


class Events(RecordList):
    """The events, as they were entered."""

    def __init__(self, kit: Kit, desk: Desk) -> None:
        listing = Listing(
            record_type="risk_event",
            keys=("kind", "happened", "account"),
            title=N_("What has happened since"),
            icon="info",
            add=N_("Something has happened"),
            empty=N_(
                "A threat, a release, a new address or receiver, her health, a hearing, the media: "
                "write it down here, and both sides weigh the risks anew."
            ),
            sum_up=_sum_up,
            rows=(("kind", "happened"),),
            starts_with=lambda: {"happened": moment_now(desk)},
        )
        super().__init__(kit, desk, listing)


def _sum_up(seen: View[Any], language: Language) -> Summary:
    record = seen.record
    kind = TRIGGER_EVENT.get(str(record.kind))
    title = language.gettext(kind) if kind else language.gettext(N_("Something has happened"))
    when = record.happened
    under = [" ".join(moment_lines(when, language))] if isinstance(when, Moment) else []
    if text := told_text(record.account, language):
        under.append(text)
    return Summary(title, "\n".join(under))
