# SPDX-License-Identifier: GPL-3.0-or-later
"""The ten states of a plan as a track: which were passed and when, where it stands, what is ahead.

A plan that ended on the way stands on the track where it left it, and its end is said in words
elsewhere. It sees states and days only.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from kfdesk.documents.cabinet.blocks import Block
from kfdesk.documents.drawing.items import Dot, Item, Line, Ring, Rule, Symbol
from kfdesk.documents.drawing.text_fit import width_of, wrapped_anywhere
from kfdesk.documents.drawing.type_scale import (
    BOLD,
    FOLD,
    GREY,
    PETROL,
    REGULAR,
    WHITE,
    Format,
    Style,
)
from kfdesk.i18n.language import Language

ROAD = (
    "draft", "assessing", "decision_ready", "approved", "travel_ready", "travelling", "arrived",
    "reintegrating", "follow_up", "closed",
)  # fmt: skip
_MIDDLE = 19.0
_RADIUS = 8.0
_HERE = 11.5
_PITCH = 1.22


def track(form: Format, words: Language, at: int, days: Mapping[str, date]) -> Block:
    """The track of a plan that stands at ROAD[at], with the day on which each state began."""
    wide = form.measure / len(ROAD)
    centres = [form.margin + (place + 0.5) * wide for place in range(len(ROAD))]
    items = list(_line(centres, at))
    height = 0.0
    dates: list[Item] = []
    for place, (state, centre) in enumerate(zip(ROAD, centres, strict=True)):
        items += _stop(centre, place, at)
        face, colour = (BOLD, None) if place == at else (REGULAR, GREY if place > at else None)
        style = Style(face, form.sizes.smallest) if colour is None else Style(
            face, form.sizes.smallest, colour
        )  # fmt: skip
        y = _MIDDLE + _HERE + 4
        for text in _label(_names(words)[place], style, wide - 3):
            y += _PITCH * style.size
            items.append(_centred(text, style, centre, y))
        height = max(height, y)
        if state in days:
            small = Style(face, form.sizes.smallest, GREY)
            dates.append(_centred(words.short_day(days[state]), small, centre, 0))
    low = height + 1.45 * form.sizes.smallest
    items += [_moved(line, low) for line in dates]
    return Block(tuple(items), (low if dates else height) + 4)


def _names(words: Language) -> Sequence[str]:
    # Translators: states of a plan under a narrow drawing; a stroke shows where a word may break.
    return (
        words.pgettext("track", "Draft"),
        words.pgettext("track", "Assess|ing"),
        words.pgettext("track", "Ready for decision"),
        words.pgettext("track", "Approved"),
        words.pgettext("track", "Ready to travel"),
        words.pgettext("track", "Travelling"),
        words.pgettext("track", "Arrived"),
        words.pgettext("track", "Re|integrating"),
        words.pgettext("track", "Follow-|up"),
        words.pgettext("track", "Closed"),
    )


def _label(name: str, style: Style, width: float) -> list[str]:
    """The name in lines, broken within a word only where a stroke allows it."""
    lines: list[str] = []
    for word in name.split():
        whole = word.replace("|", "")
        if lines and width_of(f"{lines[-1]} {whole}", style) <= width:
            lines[-1] = f"{lines[-1]} {whole}"
        elif width_of(whole, style) <= width:
            lines.append(whole)
        else:
            lines += _broken(word.split("|"), style, width)
    return lines


def _broken(pieces: Sequence[str], style: Style, width: float) -> Iterator[str]:
    line = pieces[0]
    for piece in pieces[1:]:
        hyphen = "" if line.endswith("-") else "-"
        if width_of(f"{line}{piece}-", style) <= width:
            line += piece
        else:
            yield line + hyphen
            line = piece
    yield from wrapped_anywhere(line, style, width)


def _line(centres: Sequence[float], at: int) -> Iterator[Item]:
    first, last, here = centres[0], centres[-1], centres[at]
    yield Rule(first, _MIDDLE, across=last - first, stroke=1.6, colour=FOLD)
    if at:
        yield Rule(first, _MIDDLE, across=here - first, stroke=2.6, colour=PETROL)


def _stop(x: float, place: int, at: int) -> Iterator[Item]:
    if place < at:
        yield Dot(x, _MIDDLE, _RADIUS, PETROL)
        size = 1.4 * _RADIUS
        yield Symbol("check", x - size / 2, _MIDDLE - size / 2, size, WHITE)
    elif place == at:
        yield Dot(x, _MIDDLE, _HERE + 1, WHITE)
        yield Ring(x, _MIDDLE, _HERE, 2, PETROL)
        yield Dot(x, _MIDDLE, _RADIUS - 1, PETROL)
    else:
        yield Dot(x, _MIDDLE, _RADIUS, WHITE)
        yield Ring(x, _MIDDLE, _RADIUS, 1.4, FOLD)


def _centred(text: str, style: Style, x: float, y: float) -> Line:
    width = width_of(text, style)
    return Line(text, style, x - width / 2, y, width)


def _moved(item: Item, y: float) -> Line:
    assert isinstance(item, Line)
    return Line(item.text, item.style, item.x, y, item.width)
