# SPDX-License-Identifier: GPL-3.0-or-later
"""What is listed beside the legs: the documents she travels with, and the handover.

A document that ends before she has arrived says so. Only which fields and which words; editing is
that of every list.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from kfdesk.domain.lists.case_codes import HANDOVER_RESULT
from kfdesk.domain.records.journey.handover import Handover
from kfdesk.domain.records.journey.travel_document import TravelDocument
from kfdesk.domain.rows import View
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.ui.editing.record_list import Listing, Summary
from kfdesk.ui.pages.shown import field_of, value_text
from kfdesk.ui.tokens import Tone

_DOCUMENT = ("kind", "country", "number", "valid_until", "status", "name_as_written")
_HANDOVER = (
    "happened", "place", "given_by", "received_by", "result", "confirmed_by_client", "items",
)  # fmt: skip
_IN_HAND = frozenset({"held_by_client", "held_safe", "issued"})
_LOST = frozenset({"expired", "lost", "taken_by_trafficker"})


def documents(ends: Callable[[], date | None]) -> Listing:
    """The list of travel documents; `ends` says on which day the journey is over."""
    return Listing(
        record_type="travel_document",
        keys=_DOCUMENT,
        title=N_("Travel documents"),
        icon="files",
        add=N_("Add a document"),
        empty=N_("No document yet. What she travels with stands here, and how long it is valid."),
        sum_up=lambda seen, language: _document(seen, language, ends()),
        rows=(("kind", "country"), ("number", "valid_until"), ("status", "name_as_written")),
    )


def handovers() -> Listing:
    """The list of handovers: of one journey mostly one."""
    return Listing(
        record_type="handover",
        keys=_HANDOVER,
        title=N_("Handover"),
        icon="user-round-check",
        add=N_("Write down the handover"),
        empty=N_("Not yet. Who received her, where and when, is written down here."),
        sum_up=_handover,
        rows=(
            ("happened", "place"),
            ("given_by", "received_by"),
            ("result", "confirmed_by_client"),
        ),
    )


def _document(seen: View[TravelDocument], language: Language, ends: date | None) -> Summary:
    record = seen.record
    parts = [_word(seen, key, language) for key in ("kind", "number")]
    title = ", ".join(filter(None, parts)) or "–"
    until, status = record.valid_until, record.status
    under = _word(seen, "status", language)
    if isinstance(until, date):
        valid = language.gettext(N_("Valid until {date}")).format(
            date=language.day(until, year=True)
        )
        under = " · ".join(filter(None, (valid, under)))
        if ends is not None and until < ends:
            words = language.gettext(N_("ends before she arrives"))
            return Summary(title, under, Tone.WARNING, "triangle-alert", words)
    if status in _LOST:
        word = _word(seen, "status", language)
        return Summary(title, under, Tone.DANGER, "circle-alert", word)
    if not isinstance(until, date):
        words = language.gettext(N_("valid until when?"))
        return Summary(title, under, Tone.WARNING, "triangle-alert", words)
    if status in _IN_HAND:
        return Summary(title, under, Tone.SUCCESS, "circle-check", language.gettext(N_("in hand")))
    return Summary(title, under)


def _handover(seen: View[Handover], language: Language) -> Summary:
    record = seen.record
    title = _word(seen, "happened", language) or "–"
    who = [_word(seen, key, language) for key in ("place", "given_by", "received_by")]
    under = " · ".join(filter(None, who))
    result = str(record.result)
    if result not in HANDOVER_RESULT:
        return Summary(title, under)
    is_well = result.startswith("received")
    tone, icon = (Tone.SUCCESS, "circle-check") if is_well else (Tone.DANGER, "octagon-alert")
    return Summary(title, under, tone, icon, _word(seen, "result", language))


def _word(seen: View[Any], key: str, language: Language) -> str:
    """A value in words; nothing where there is none."""
    value = getattr(seen.record, key)
    if value is None:
        return ""
    return value_text(field_of(seen.row.type, key), value, language)
