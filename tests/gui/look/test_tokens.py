"""The colours: legible in both themes, apart for the colour-blind, and nowhere but in their one file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from workbench.gui.look.tokens import DARK, LIGHT, Tokens

GUI = Path(__file__).resolve().parents[3] / "workbench" / "gui"
THEMES = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
_TEXT, _EDGE = 4.5, 3.0


def luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@THEMES
def test_texts_are_legible_on_every_ground_they_stand_on(tokens: Tokens) -> None:
    grounds = (tokens.window, tokens.surface, tokens.side, tokens.sunken, tokens.raised, tokens.sel)
    low = [
        (ink, ground)
        for ink in (tokens.ink1, tokens.ink2, tokens.ink3, tokens.accent_ink)
        for ground in grounds
        if contrast(ink, ground) < _TEXT
    ]
    pairs = [
        (tokens.on_accent, tokens.accent),
        (tokens.on_inverse, tokens.inverse),
        (tokens.accent_ink, tokens.tint),
        (tokens.ink1, tokens.hit),
        (tokens.paper_ink, tokens.paper),
        *(
            (getattr(tokens, name), getattr(tokens, f"{name}_tint"))
            for name in ("suspect", "protected", "neutral", "kin", "warn", "bad")
        ),
    ]
    low += [pair for pair in pairs if contrast(*pair) < _TEXT]
    assert not low


@THEMES
def test_edges_of_controls_and_marks_are_seen(tokens: Tokens) -> None:
    for ground in (tokens.window, tokens.surface):
        for edge in (tokens.control, tokens.accent, tokens.suspect, tokens.protected, tokens.neutral, tokens.kin):
            assert contrast(edge, ground) >= _EDGE, (edge, ground)


# Machado, Oliveira and Fernandes (2009), severity 1
_BLIND = {
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def lab(color: str, matrix: tuple[tuple[float, ...], ...]) -> tuple[float, float, float]:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    r, g, b = (min(1.0, max(0.0, sum(m * p for m, p in zip(row, linear, strict=True)))) for row in matrix)
    x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505
    y = 0.2126 * r + 0.7152 * g + 0.0722 * b
    z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


@THEMES
@pytest.mark.parametrize("sight", _BLIND)
def test_the_three_main_roles_stay_apart_for_the_colour_blind(tokens: Tokens, sight: str) -> None:
    seen = [lab(color, _BLIND[sight]) for color in (tokens.suspect, tokens.protected, tokens.neutral)]
    for at, one in enumerate(seen):
        for other in seen[at + 1 :]:
            assert sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5 >= 15


def test_no_colour_stands_anywhere_else() -> None:
    hexes = re.compile(r"#[0-9A-Fa-f]{6}\b|rgba?\(")
    strewn = [
        f"{path.relative_to(GUI)}: {found.group()}"
        for path in sorted(GUI.rglob("*.py"))
        if path.name != "tokens.py"
        for found in hexes.finditer(path.read_text(encoding="utf-8"))
    ]
    assert strewn == []
