# SPDX-License-Identifier: GPL-3.0-or-later
"""Every pair of colours that can meet on the screen can be told apart."""

from dataclasses import asdict, fields
from itertools import product

import pytest
from tests.support.cases import failing

from kfdesk.ui.theme import PALETTE_ROLES, build_style_sheet
from kfdesk.ui.tokens import DARK, LIGHT, Colours, TextStyle, Tone

TEXT, SIGN = 4.5, 3.0
GROUNDS = ("window", "rail", "surface", "raised", "sunken", "hover", "selection")
TEXTS = ("text", "text_muted", "accent", "danger", "warning", "success", "info")
SOFTENED = tuple(f"{tone}_soft" for tone in ("accent", "danger", "warning", "success", "info"))
SOFT = ("danger", "warning", "success", "info", "accent")
BOTH = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])


def luminance(colour: str) -> float:
    """Return the relative luminance of `#RRGGBB` (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_is_the_greatest_contrast() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def is_told_apart(colours: Colours, one: str, ground: str, least: float) -> None:
    assert contrast(getattr(colours, one), getattr(colours, ground)) >= least


def test_text_can_be_read_on_every_ground() -> None:
    assert failing(is_told_apart, product((LIGHT, DARK), TEXTS, GROUNDS, (TEXT,))) == {}


@BOTH
@pytest.mark.parametrize("tone", SOFT)
def test_every_tone_can_be_read_on_its_soft_ground(colours: Colours, tone: str) -> None:
    soft = getattr(colours, f"{tone}_soft")
    for ink in (tone, "text", "text_muted"):
        assert contrast(getattr(colours, ink), soft) >= TEXT


@BOTH
@pytest.mark.parametrize("fill", ["accent", "accent_hover", "accent_press"])
def test_words_on_a_filled_button_can_be_read(colours: Colours, fill: str) -> None:
    assert contrast(colours.accent_text, getattr(colours, fill)) >= TEXT


@BOTH
def test_selected_words_can_be_read(colours: Colours) -> None:
    assert contrast(colours.selection_text, colours.selection) >= TEXT


@BOTH
@pytest.mark.parametrize("level", ["low", "moderate", "high", "very_high"])
def test_scores_can_be_read_on_the_risk_ramp(colours: Colours, level: str) -> None:
    ink, ground = (getattr(colours, f"{part}_{level}") for part in ("on_risk", "risk"))
    assert contrast(ink, ground) >= TEXT


def test_risk_ramp_falls_in_lightness_and_rises_in_the_dark() -> None:
    levels = ("low", "moderate", "high", "very_high")
    light, dark = (
        [luminance(getattr(colours, f"risk_{level}")) for level in levels]
        for colours in (LIGHT, DARK)
    )
    assert light == sorted(light, reverse=True)
    assert dark == sorted(dark)


def test_borders_and_the_focus_ring_can_be_seen() -> None:
    seen = product((LIGHT, DARK), ("control", "focus"), (*GROUNDS, *SOFTENED), (SIGN,))
    assert failing(is_told_apart, seen) == {}


@BOTH
def test_the_toast_is_read_in_its_own_colours(colours: Colours) -> None:
    for ink in (DARK.text, DARK.accent):
        assert contrast(ink, colours.toast) >= TEXT


@BOTH
@pytest.mark.parametrize("tone", list(Tone))
def test_each_tone_has_ink_and_ground_of_the_palette(colours: Colours, tone: Tone) -> None:
    known = set(asdict(colours).values())
    assert tone.ink(colours) in known
    assert tone.ground(colours) in known
    assert contrast(tone.ink(colours), tone.ground(colours)) >= TEXT


def test_both_palettes_name_every_role_in_full_hexadecimal() -> None:
    for role in fields(Colours):
        for colours in (LIGHT, DARK):
            value = getattr(colours, role.name)
            assert len(value) == 7
            assert int(value[1:], 16) >= 0


def test_no_text_is_smaller_than_a_key_hint() -> None:
    assert min(step.points for step in TextStyle) == TextStyle.HINT.points
    assert {step.weight for step in TextStyle} <= {400, 500, 600}


def test_the_style_sheet_says_no_colour_and_names_one_role_for_each() -> None:
    text = build_style_sheet(9)
    assert "$" not in text
    assert "#" not in text
    assert len(set(PALETTE_ROLES.values())) == len(PALETTE_ROLES)
    assert set(PALETTE_ROLES) <= {field.name for field in fields(Colours)}
    assert all(f"palette({role})" in text for role in PALETTE_ROLES.values())
