"""Where people click on a screen: by element, and by place within the element's box, so that it holds over layouts."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

PHONE_BELOW, DESKTOP_FROM = 640, 1024  # px of the window
CELLS: Final = 8
"""A box is divided into so many cells each way."""
CLICK, DEAD, RAGE = 0, 1, 2
KINDS: Final = ("clicks", "dead", "rage")


@dataclass(frozen=True, slots=True)
class ElementClicks:
    """Clicks of one element: how many, how many of them dead, how many rages, by how many persons."""

    element: str
    clicks: int
    dead: int
    rage: int
    persons: int


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell of an element's box: its middle as shares of the box, and its count as a share of the kind's largest."""

    element: str
    across: float
    down: float
    kind: str
    share: float


@dataclass(frozen=True, slots=True)
class HeatMap:
    """What a screen's clicks say at one width: elements with most trouble first, then most clicks; and the spots."""

    persons: int
    elements: tuple[ElementClicks, ...]
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Clicks:
    """Clicks and signals of one screen and width as columns of one length.

    `elements` are their selectors, `kinds` CLICK, DEAD or RAGE, `persons` keys, `across` and `down` shares of the
    element's box (NaN where unknown).
    """

    elements: npt.NDArray[Any]
    kinds: npt.NDArray[np.int64]
    persons: npt.NDArray[np.int64]
    across: npt.NDArray[np.float64]
    down: npt.NDArray[np.float64]


def width_class(width: int) -> str:
    """The class of a window's width in px.

    >>> width_class(390), width_class(820), width_class(1280)
    ('phone', 'tablet', 'desktop')
    """
    return "phone" if width < PHONE_BELOW else "tablet" if width < DESKTOP_FROM else "desktop"


def heat_map(clicks: Clicks) -> HeatMap:
    """Count clicks, dead clicks and rages by element and by cell of its box; what has no place stands in the middle.

    >>> one = Clicks(np.array(["#pay"]), np.array([0]), np.array([7]), np.array([0.5]), np.array([0.5]))
    >>> heat_map(one).elements
    (ElementClicks(element='#pay', clicks=1, dead=0, rage=0, persons=1),)
    """
    names, which = np.unique(clicks.elements, return_inverse=True)
    counts = np.zeros((len(names), 3), dtype=np.int64)
    np.add.at(counts, (which, clicks.kinds), 1)
    pairs = np.unique(np.stack([which, clicks.persons]), axis=1)[0] if len(which) else which
    persons = np.bincount(pairs, minlength=len(names))
    order = np.lexsort((names, -counts[:, CLICK], -counts[:, DEAD], -counts[:, RAGE]))
    elements = tuple(
        ElementClicks(str(names[one]), int(clicked), int(dead), int(rage), int(persons[one]))
        for one, (clicked, dead, rage) in zip(order, counts[order], strict=True)
    )
    return HeatMap(len(np.unique(clicks.persons)), elements, _spots(clicks, names, which))


def _spots(clicks: Clicks, names: npt.NDArray[Any], which: npt.NDArray[np.int64]) -> tuple[Spot, ...]:
    """The cells that were hit, each as a share of its kind's fullest."""
    cells = [_cells(one) for one in (clicks.across, clicks.down)]
    found, counts = np.unique(np.stack([which, *cells, clicks.kinds]), axis=1, return_counts=True)
    largest = np.zeros(3)
    np.maximum.at(largest, found[3], counts)
    shares = counts / np.maximum(1, largest[found[3]])
    return tuple(
        Spot(str(names[name]), (x + 0.5) / CELLS, (y + 0.5) / CELLS, KINDS[kind], round(float(share), 3))
        for (name, x, y, kind), share in zip(found.T.tolist(), shares, strict=True)
    )


def _cells(shares: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    middle = np.nan_to_num(shares, nan=0.5)
    return np.clip(np.floor(middle * CELLS), 0, CELLS - 1).astype(np.int64)
