# SPDX-License-Identifier: GPL-3.0-or-later
"""The drawings of the child's sheet: simple strokes on a square of 24 units, drawn for it.

A child who cannot read yet recognises them: no face shows a mood, no colour means anything.
"""

from collections.abc import Mapping
from functools import cache

from kfdesk.documents.layout.canvas import PathStep, read_path

PICTOGRAMS: Mapping[str, str] = {
    "journey": (  # a suitcase on wheels
        "M5 8h14v11h-14z M9 8v-4h6v4 M9 8v11 M15 8v11"
        "M8 21a1 1 0 1 1-2 0a1 1 0 1 1 2 0 M18 21a1 1 0 1 1-2 0a1 1 0 1 1 2 0"
    ),
    "together": (  # a grown-up and a child, hand in hand
        "M10 4a2.2 2.2 0 1 1-4.4 0a2.2 2.2 0 1 1 4.4 0 M7.8 6.5v8 M7.8 14.5l-2.6 7 M7.8 14.5l2.6 7"
        "M7.8 9l-4 4 M7.8 9l5 5.5"
        "M18.8 10.2a1.9 1.9 0 1 1-3.8 0a1.9 1.9 0 1 1 3.8 0 M16.9 12.3v5 M16.9 17.3l-1.9 4.2"
        "M16.9 17.3l1.9 4.2 M16.9 14l-4.1 0.5 M16.9 14l3.6 2.4"
    ),
    "meal": (  # a cup, and the moon above it
        "M4 11h11v6a4 4 0 0 1-4 4h-3a4 4 0 0 1-4-4z M15 12.5h2a2.2 2.2 0 0 1 0 5.5h-2"
        "M20 8.5a4.6 4.6 0 1 1-4.5-6.5a3.6 3.6 0 0 0 4.5 6.5z M7 8v-2 M11 8v-2"
    ),
    "say": (  # a speech bubble with a hand-drawn heart
        "M4 4h16v12h-9l-5 5v-5h-2zM12 13.4l-3.2-3.1a2 2 0 1 1 3.2-2.3a2 2 0 1 1 3.2 2.3z"
    ),
    "bear": (  # a teddy bear's head
        "M20 13.5a8 8 0 1 1-16 0a8 8 0 1 1 16 0"
        "M4.6 10a3.4 3.4 0 1 1 4.8-4 M19.4 10a3.4 3.4 0 1 0-4.8-4"
        "M9 12l0.1 0 M15 12l0.1 0 M12 15v2 M9.5 17.5c1 1.4 4 1.4 5 0"
    ),
    "crowd": (  # many people, and in front two who hold hands
        "M6 5a1.7 1.7 0 1 1-3.4 0a1.7 1.7 0 1 1 3.4 0 M13.7 4a1.7 1.7 0 1 1-3.4 0"
        "a1.7 1.7 0 1 1 3.4 0 M21.4 5a1.7 1.7 0 1 1-3.4 0a1.7 1.7 0 1 1 3.4 0"
        "M10 10.5a1.8 1.8 0 1 1-3.6 0a1.8 1.8 0 1 1 3.6 0 M8.2 12.5v5l-1.8 4 M8.2 17.5l1.8 4"
        "M17.4 12.5a1.6 1.6 0 1 1-3.2 0a1.6 1.6 0 1 1 3.2 0 M15.8 14.3v3.7l-1.5 3.5"
        "M15.8 18l1.5 3.5 M8.2 14l3.8 3l3.8-1.4 M8.2 14l-3.2 2.6 M15.8 15.6l3 1.8"
    ),
    "wait": (  # a child who stands in a ring on the floor
        "M14 5a2 2 0 1 1-4 0a2 2 0 1 1 4 0 M12 7.2v7 M12 14.2l-2 5.4 M12 14.2l2 5.4"
        "M12 9.5l-3 4 M12 9.5l3 4"
        "M7.5 17.6c-2.4 0.5-4 1.3-4 2.2c0 1.5 3.8 2.4 8.5 2.4s8.5-0.9 8.5-2.4c0-0.9-1.6-1.7-4-2.2"
    ),
    "call": (  # a sheet of paper, and a telephone that is called from it
        "M3 3h9v13h-9z M5.4 6.5h4.2 M5.4 9.5h4.2 M5.4 12.5h2.4"
        "M15 9h6v12h-6z M17.4 18.6h1.2 M15 4.6c2.6 0 4 1 4.6 2.4"
    ),
}
"""The paths of the drawings by name; the eight sentences of the sheet stand in this order."""


@cache
def pictogram(name: str) -> list[PathStep]:
    """Return the strokes of a drawing. Raise KeyError if there is none of this name."""
    return read_path(PICTOGRAMS[name])
