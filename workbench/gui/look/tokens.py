"""The colours of the window, light and dark. No colour stands anywhere else in `gui`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tokens:
    """One theme. Text is at least 4.5 to 1 on the ground that it stands on, edges of controls at least 3 to 1."""

    dark: bool
    window: str
    """The page."""
    side: str
    """Sidebar and foot."""
    surface: str
    """Cards, tables, fields."""
    sunken: str
    """Headers, wells, raw bytes."""
    raised: str
    """Tips, palette, selection bar."""
    hair: str
    strong: str
    control: str
    """Edges of fields and boxes."""
    ink1: str
    ink2: str
    ink3: str
    accent: str
    """You can act here, or this is done. It is never a role."""
    on_accent: str
    accent_ink: str
    tint: str
    sel: str
    suspect: str
    suspect_tint: str
    protected: str
    protected_tint: str
    neutral: str
    """Controls, and all that has no part."""
    neutral_tint: str
    kin: str
    """Base and sibling of the suspect."""
    kin_tint: str
    warn: str
    warn_tint: str
    warn_line: str
    bad: str
    bad_tint: str
    bad_line: str
    hit: str
    """Words that were searched for."""
    heat: tuple[str, ...]
    shade: str
    """What lies over the page while the palette is open; with its alpha."""
    inverse: str
    on_inverse: str
    """A toast, and its text."""
    paper: str
    paper_ink: str
    """The report as it is printed: the same in both themes."""


LIGHT = Tokens(
    dark=False,
    window="#F6F5F2",
    side="#EEECE7",
    surface="#FFFFFF",
    sunken="#F1EFEB",
    raised="#FFFFFF",
    hair="#E2DFD8",
    strong="#C9C5BC",
    control="#86827A",
    ink1="#1B1D20",
    ink2="#4C5057",
    ink3="#62666D",
    accent="#0A6A60",
    on_accent="#FFFFFF",
    accent_ink="#075E55",
    tint="#DCEDE9",
    sel="#E2EEEB",
    suspect="#B0440A",
    suspect_tint="#FBE8DB",
    protected="#1D52B5",
    protected_tint="#E1EAFA",
    neutral="#565B62",
    neutral_tint="#ECEAE5",
    kin="#74429A",
    kin_tint="#F0E6F6",
    warn="#7D5200",
    warn_tint="#FDF0CF",
    warn_line="#E0BF68",
    bad="#A3231B",
    bad_tint="#FCE6E3",
    bad_line="#E5A49E",
    hit="#FFE9A8",
    heat=("#F1EFEB", "#DDE3E1", "#B9CBC8", "#8FB0AB", "#5E8F89", "#2C6B64"),
    shade="#481B1D20",
    inverse="#1B1D20",
    on_inverse="#F6F5F2",
    paper="#FFFFFF",
    paper_ink="#1B1D20",
)

DARK = Tokens(
    dark=True,
    window="#17191C",
    side="#131518",
    surface="#1F2226",
    sunken="#1A1C20",
    raised="#282C31",
    hair="#30343A",
    strong="#474C53",
    control="#7C828A",
    ink1="#ECEDEE",
    ink2="#B7BBC1",
    ink3="#969BA2",
    accent="#5FCBBB",
    on_accent="#06201C",
    accent_ink="#7AD9CB",
    tint="#16352F",
    sel="#1B3833",
    suspect="#F5A26B",
    suspect_tint="#3A2517",
    protected="#90B5FF",
    protected_tint="#1C2A47",
    neutral="#B7BBC1",
    neutral_tint="#2C3036",
    kin="#CFAAEA",
    kin_tint="#33273F",
    warn="#F0C463",
    warn_tint="#362B10",
    warn_line="#6B561F",
    bad="#FF9E95",
    bad_tint="#43211F",
    bad_line="#7A3A36",
    hit="#5A4810",
    heat=("#22262A", "#24403D", "#2C5954", "#38766F", "#4B9A91", "#74CDC0"),
    shade="#80000000",
    inverse="#ECEDEE",
    on_inverse="#17191C",
    paper="#FFFFFF",
    paper_ink="#1B1D20",
)
