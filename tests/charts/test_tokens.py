import re
from itertools import combinations
from math import dist

import pytest
from tests.places import ROOT

from nousnous.charts.tokens import TOKENS, in_hex

TEXTS = ("ink", "muted", "belief", "exp", "good", "bad")
GROUNDS = ("background", "surface", "sunken", "hover")


def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _linear(colour: str) -> tuple[float, ...]:
    return tuple(one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in _rgb(colour))


def _luminance(colour: str) -> float:
    return sum(weight * one for weight, one in zip((0.2126, 0.7152, 0.0722), _linear(colour), strict=True))


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _tinted(ground: str, colour: str, share: float) -> str:
    mixed = (share * a + (1 - share) * b for a, b in zip(_rgb(colour), _rgb(ground), strict=True))
    return "#" + "".join(f"{round(255 * one):02x}" for one in mixed)


def _oklab(colour: str) -> tuple[float, float, float]:
    """Björn Ottosson's OKLab, in which equal distances look equal."""
    r, g, b = _linear(colour)
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    middle = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


@pytest.mark.parametrize("theme", [0, 1])
def test_text_can_be_read_on_every_ground(theme: int) -> None:
    for text in TEXTS:
        for ground in GROUNDS:
            assert _contrast(TOKENS[text][theme], TOKENS[ground][theme]) >= 4.5, (text, ground)


@pytest.mark.parametrize("theme", [0, 1])
def test_text_can_be_read_on_tints(theme: int) -> None:
    surface = TOKENS["surface"][theme]
    for text, tint, share in (
        ("bad", "bad", 0.07),
        ("muted", "bad", 0.07),
        ("belief", "belief", 0.13),
        ("ink", "exp", 0.2),
    ):
        ground = _tinted(surface, TOKENS[tint][theme], share)
        assert _contrast(TOKENS[text][theme], ground) >= 4.5, (text, tint)


@pytest.mark.parametrize("theme", [0, 1])
def test_fields_and_marks_stand_out(theme: int) -> None:
    for mark in ("field", "belief", "exp", "good", "bad"):
        assert _contrast(TOKENS[mark][theme], TOKENS["surface"][theme]) >= 3


@pytest.mark.parametrize("theme", [0, 1])
def test_colours_that_mean_something_differ(theme: int) -> None:
    for one, other in combinations(("belief", "exp", "good", "bad"), 2):
        assert dist(_oklab(TOKENS[one][theme]), _oklab(TOKENS[other][theme])) > 0.09, (one, other)


def test_the_style_sheet_has_the_same_colours() -> None:
    css = (ROOT / "browser/site/tokens.css").read_text()
    found = {name: (light, dark) for name, light, dark in re.findall(r"--(\w+): light-dark\((#\w+), (#\w+)\)", css)}
    assert found == TOKENS


def test_documents_get_light_hex_colours() -> None:
    assert in_hex('<path stroke="var(--exp)"/>') == '<path stroke="#b54708"/>'
