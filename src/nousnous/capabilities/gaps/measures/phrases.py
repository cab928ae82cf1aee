"""How people say what a metric says: captions, column heads, and the claim of a title."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from nousnous.charts.words import number, percent, reading

GAP_UNITS: Final = {"points": "points", "percent": "%", "percent of scale": "% of the scale"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """`caption` says what is measured; `customers` heads their marks; `claim` has places for believed and lived."""

    caption: str
    customers: str
    claim: str


PHRASES: Final = {
    "completion": Phrase("Share of visits that finish.", "Customers finish", "teams believe {} finish, {} do"),
    "failure_rate": Phrase("Share of visits that fail.", "Customers fail", "teams believe {} fail, {} do"),
    "duration_p50": Phrase(
        "What half of the finished visits take at most.", "Customers take", "teams believe it takes {}, it takes {}"
    ),
    "duration_p90": Phrase(
        "What nine of ten finished visits take at most.",
        "Customers take",
        "teams believe the slow tenth starts at {}, it starts at {}",
    ),
    "frustration_rate": Phrase(
        "Share of visits with a signal of frustration.",
        "Customers are frustrated",
        "teams believe {} are frustrated, {} are",
    ),
    "contact_rate": Phrase(
        "Share of visits followed by a contact within 7 days.",
        "Customers need help",
        "teams believe {} need help, {} do",
    ),
    "nps": Phrase("NPS: promoters less detractors, −100 to 100.", "Customers score", "teams believe NPS {}, it is {}"),
    "csat": Phrase("Share of satisfied answers.", "Customers satisfied", "teams believe {} are satisfied, {} are"),
    "ces": Phrase("Mean of “made it easy”, 1 to 7.", "Customers score", "teams believe ease {}, it is {}"),
    "rating": Phrase("Mean rating.", "Customers rate", "teams believe a rating of {}, it is {}"),
    "low_tail": Phrase("Share of answers at the low end.", "Customers score low", "teams believe {} score low, {} do"),
}
PLAIN: Final = Phrase("", "Customers", "teams believe {}, it is {}")


def phrase_of(metric: str) -> Phrase:
    return PHRASES.get(metric, PLAIN)


def two_readings(believed: float, lived: float, unit: str) -> tuple[str, str]:
    """Two values of one metric, with a digit more where they would read the same.

    >>> two_readings(0.95, 0.61, "share"), two_readings(0.953, 0.948, "share"), two_readings(4.52, 4.48, "score")
    (('95%', '61%'), ('95.3%', '94.8%'), ('4.52', '4.48'))
    """
    plain = reading(believed, unit), reading(lived, unit)
    if plain[0] != plain[1] or unit == "seconds":
        return plain
    if unit == "share":
        return percent(believed, 1), percent(lived, 1)
    digits = 1 if unit == "nps" else 2
    return number(believed, digits), number(lived, digits)


def claim(metric: str, believed: float, lived: float, unit: str) -> str:
    """What teams believe and what is.

    >>> claim("duration_p50", 259_200, 518_400, "seconds")
    'teams believe it takes 3 days, it takes 6 days'
    """
    return phrase_of(metric).claim.format(*two_readings(believed, lived, unit))


def data_as_of(moment: str) -> str:
    """How new the data of a report are.

    >>> data_as_of("2026-11-06T14:03:09+01:00")
    'Data as of 6 Nov 2026, 14:03'
    """
    instant = datetime.fromisoformat(moment)
    return f"Data as of {instant.day} {instant:%b %Y, %H:%M}"
