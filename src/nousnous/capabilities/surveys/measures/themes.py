"""How a survey looks, by tokens: colours whose contrast is checked, radius, and the corner of a page."""

import re
from dataclasses import dataclass

from nousnous.capabilities.surveys.measures.reading import Reader

CORNERS = ("bottom-right", "bottom-left", "middle")
LEAST_CONTRAST = 4.5
_COLOUR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours as #rrggbb, the radius in px."""

    accent: str = "#0a5ea8"
    background: str = "#ffffff"
    ink: str = "#1c2024"
    radius: int = 8
    corner: str = "bottom-right"

    @property
    def on_accent(self) -> str:
        """What is written on the accent: white or ink, whichever reads better."""
        return max(("#ffffff", "#111113"), key=lambda one: contrast(one, self.accent))


def theme_in(reader: Reader) -> Theme:
    """The theme of a document; refused where its text could not be read."""
    plain = Theme()
    radius = reader.whole("radius", 0, 24)
    accent, background, ink = (_colour(reader, name, getattr(plain, name)) for name in ("accent", "background", "ink"))
    theme = Theme(
        accent,
        background,
        ink,
        plain.radius if radius is None else radius,
        reader.one_of("corner", CORNERS, plain.corner),
    )
    reader.done()
    for name, least in (("ink", LEAST_CONTRAST), ("accent", 3.0)):
        found = contrast(getattr(theme, name), theme.background)
        if found < least:
            sentence = f"Its contrast to the background is {found:.1f}; choose a colour with at least {least}."
            raise reader.refused(name, sentence)
    return theme


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21 (WCAG 2.2).

    >>> round(contrast("#000000", "#ffffff"), 1), round(contrast("#ffffff", "#0a5ea8"), 1)
    (21.0, 6.6)
    """
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _colour(reader: Reader, name: str, default: str) -> str:
    value = reader.word(name, default).lower()
    if not _COLOUR.fullmatch(value):
        raise reader.refused(name, "Write a colour as #0a5ea8.")
    return value


def style_of(theme: Theme, selector: str = ".survey") -> str:
    """The tokens as CSS variables of what a selector names.

    >>> style_of(Theme())[:31]
    '.survey{--s-accent:#0a5ea8;--s-'
    """
    tokens = {
        "accent": theme.accent,
        "on-accent": theme.on_accent,
        "background": theme.background,
        "ink": theme.ink,
        "radius": f"{theme.radius}px",
    }
    return f"{selector}{{{''.join(f'--s-{name}:{value};' for name, value in tokens.items())}}}\n"
