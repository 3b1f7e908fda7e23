# SPDX-License-Identifier: GPL-3.0-or-later
"""Design tokens: colours, type, spaces, radii and sizes, each defined once.

Palette, style sheet and painting code use these values; no other module writes a colour or
a size. It does not import Qt: a test computes every contrast from these values alone.
Colours are named by purpose, not by appearance. Sizes are pixels at 100 %, type is in
points.
"""

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Colours:
    """One palette; each attribute is a colour role as `#RRGGBB`."""

    window: str
    rail: str
    surface: str
    raised: str
    sunken: str
    hover: str
    line: str
    control: str
    text: str
    text_muted: str
    accent: str
    accent_hover: str
    accent_press: str
    accent_text: str
    accent_soft: str
    selection: str
    selection_text: str
    danger: str
    danger_soft: str
    warning: str
    warning_soft: str
    success: str
    success_soft: str
    info: str
    info_soft: str
    focus: str
    toast: str
    risk_low: str
    risk_moderate: str
    risk_high: str
    risk_very_high: str
    on_risk_low: str
    on_risk_moderate: str
    on_risk_high: str
    on_risk_very_high: str


LIGHT = Colours(
    window="#F3F5F6",
    rail="#E7ECEE",
    surface="#FFFFFF",
    raised="#FFFFFF",
    sunken="#EEF2F4",
    hover="#EDF2F4",
    line="#D8DFE3",
    control="#687A85",
    text="#14212B",
    text_muted="#4C5C67",
    accent="#1A5876",
    accent_hover="#15495F",
    accent_press="#10394C",
    accent_text="#FFFFFF",
    accent_soft="#E0EDF3",
    selection="#D3E6EF",
    selection_text="#0D3447",
    danger="#98102C",
    danger_soft="#FAE6EA",
    warning="#7F5A00",
    warning_soft="#FFF1DB",
    success="#0A6C58",
    success_soft="#DFF3EC",
    info="#22509A",
    info_soft="#E7EEFA",
    focus="#1769E0",
    toast="#1E2B35",
    risk_low="#E6ECEF",
    risk_moderate="#FBE2AE",
    risk_high="#F0A45E",
    risk_very_high="#B23A22",
    on_risk_low="#14212B",
    on_risk_moderate="#14212B",
    on_risk_high="#14212B",
    on_risk_very_high="#FFFFFF",
)


DARK = Colours(
    window="#10171C",
    rail="#0B1115",
    surface="#18222A",
    raised="#223039",
    sunken="#131C22",
    hover="#202C35",
    line="#2E3B44",
    control="#7F929D",
    text="#E7EDF0",
    text_muted="#A6B4BD",
    accent="#7FC3E2",
    accent_hover="#9AD2EC",
    accent_press="#B5DFF2",
    accent_text="#05212E",
    accent_soft="#1A3948",
    selection="#1E4355",
    selection_text="#EAF5FA",
    danger="#F78F9A",
    danger_soft="#471F28",
    warning="#F0CB5E",
    warning_soft="#3D2E13",
    success="#62E0CB",
    success_soft="#13382D",
    info="#8DB2F6",
    info_soft="#1C304D",
    focus="#9CC8FF",
    toast="#223039",
    risk_low="#2A363E",
    risk_moderate="#5E4A1F",
    risk_high="#BE7A38",
    risk_very_high="#FF9A84",
    on_risk_low="#E7EDF0",
    on_risk_moderate="#FFF3DC",
    on_risk_high="#0B1115",
    on_risk_very_high="#2A0A04",
)


class Tone(Enum):
    """The meaning of a colour. An icon and a word always say the same."""

    PLAIN = "plain"
    MUTED = "muted"
    ACCENT = "accent"
    DANGER = "danger"
    WARNING = "warning"
    SUCCESS = "success"
    INFO = "info"

    def ink(self, colours: Colours) -> str:
        """Return the colour for words and icons of this tone."""
        if self is Tone.PLAIN:
            return colours.text
        return colours.text_muted if self is Tone.MUTED else str(getattr(colours, self.value))

    def ground(self, colours: Colours) -> str:
        """Return the soft background colour of this tone."""
        if self in (Tone.PLAIN, Tone.MUTED):
            return colours.sunken
        return str(getattr(colours, f"{self.value}_soft"))


class TextStyle(Enum):
    """The type scale: points at 100 %, and weight."""

    DISPLAY = (19.5, 600)
    TITLE = (16.5, 600)
    HEADING = (12.0, 600)
    BODY = (10.5, 400)
    STRONG = (10.5, 600)
    BUTTON = (10.5, 500)
    LABEL = (9.75, 500)
    SMALL = (9.0, 400)
    SMALL_STRONG = (9.0, 600)
    HINT = (8.25, 600)

    @property
    def points(self) -> float:
        """The size in points."""
        return self.value[0]

    @property
    def weight(self) -> int:
        """The weight, from 400 for regular to 700 for bold."""
        return self.value[1]


GRID = 8


PAGE_MARGIN = 24


CARD_GAP = 16


CARD_PADDING = 16


LABEL_GAP = 5


FIELD_GAP = 16


RADIUS_CONTROL = 6


RADIUS_ROW = 8


RADIUS_CARD = 10


RADIUS_CHIP = 12


RING = 2


RING_GAP = 2


RESERVE = RING + RING_GAP


CONTROL = 36


CONTROL_COMPACT = 32


CONTROL_LARGE = 44


TARGET = 24


MAX_WIDGET_SIZE = 16_777_215
"""Qt's QWIDGETSIZE_MAX: no limit."""


TOP_BAR = 56


SIDEBAR = 200


SIDEBAR_NARROW = 56


SIDEBAR_ITEM = 40


SECTIONS = 208


PLAN_HEADER = 72


ROW = 44


ROW_TWO_LINES = 53


TABLE_HEAD = 34


CHIP = 24


TOAST = 44


TICK_WIDTH = 3


TICK_HEIGHT = 20


NARROW_WINDOW = 1100
"""Below this window width the sidebar shows only icons, and sections a drop-down list."""
