"""What goes with lost time, as a table with its finding: association, not proof."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from nousnous.capabilities.gaps.measures.consequence import Compared, Consequence
from nousnous.capabilities.gaps.measures.report import GapReport, StepRow
from nousnous.charts.words import capital, counted, money, number, percent, signed
from nousnous.stats.estimate import Estimate
from nousnous.stats.gaps import TOO_CLOSE

WORDS = {"gap": "worse", "delight": "better", "confirmed": "alike", "unproven": "not proven"}
TONES = {"gap": "worse", "delight": "better"}
HERE = ("90 days after", "Lost time", "Others")
TWICE = ("Two frictions", "Seen", "From singles")
Said = Callable[[float | None], str]


@dataclass(frozen=True, slots=True)
class Line:
    """One outcome: what was seen, what it is beside, and how far they are apart."""

    name: str
    seen: str
    seen_ends: str
    beside: str
    beside_ends: str
    apart: str
    ends: str
    word: str
    tone: str
    needs: str


@dataclass(frozen=True, slots=True)
class Side:
    """The heads of the first three columns, and the lines under them."""

    heads: tuple[str, str, str]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class AfterCard:
    """The finding, how it was found or what is missing, and its lines."""

    title: str
    caption: str
    sides: tuple[Side, ...] = ()


def card_of(report: GapReport, row: StepRow) -> AfterCard | None:
    """What became of people who lost time at a step, and of those whom the journey failed twice."""
    found, frictions = row.consequence, report.journey.frictions
    if found is None:
        return None
    if found.left is None:
        return AfterCard("What lost time leads to cannot be seen yet", found.reason or "")
    sides = [Side(HERE, _lines(found)), *([] if frictions is None else [Side(TWICE, _lines(frictions))])]
    known = tuple(side for side in sides if any(line.apart for line in side.lines))
    singles = (
        " From singles: twice what one friction within 30 days adds." if TWICE in [one.heads for one in known] else ""
    )
    return AfterCard(_title(found.left), _caption(found) + singles, known)


def _title(left: Compared) -> str:
    others, lost = left.groups
    if left.difference.value is None:
        needs = _needs(left, lost.n)
        return f"Too few people lost time here to say whether they leave: n {number(lost.n)}, {needs}"
    numbers = f"{percent(lost.value)} against {percent(others.value)}"
    said = {
        "gap": f"People who lost time here left more often: {numbers}",
        "delight": f"People who lost time here left less often: {numbers}",
        "confirmed": f"People who lost time here left as often as others: {numbers}",
    }
    return said.get(left.judgement.verdict, f"Not proven that people who lost time here leave more often: {numbers}")


def _caption(found: Consequence) -> str:
    first, last = (datetime.fromisoformat(at) for at in (found.from_at, found.to_at))
    without = found.people - found.alike
    dropped = f" {capital(counted(without, 'person', 'people'))} had nobody like them." if without else ""
    when = f"{first.day} {first:%b} to {last.day} {last:%b}"
    return (
        f"Association, not proof: the 90 days after visits of {when}, beside others with as many visits and orders "
        "before, in the same country, channel and month. Left: subscription ended, or no order for longer than usual."
        f"{dropped}"
    )


def _lines(found: Consequence) -> tuple[Line, ...]:
    priced = partial(money, currency=found.currency)
    told = ((found.left, "Left", _share), (found.spend, "Spent each", priced))
    return tuple(_line(one, name, said) for one, name, said in told if one is not None)


def _line(found: Compared, name: str, said: Said) -> Line:
    seen, other = found.groups[-1], found.groups[0] if len(found.groups) == 2 else found.singles
    apart, judged = found.difference, found.judgement
    few = apart.value is None
    return Line(
        name,
        said(seen.value),
        _ends(seen, said),
        said(other.value),
        _ends(other, said),
        "" if few else _signed(apart.value, said),
        "" if few else f"{_signed(apart.low, said)} to {_signed(apart.high, said)}",
        f"n {number(seen.n)}, too few" if few else WORDS[judged.verdict],
        TONES.get(judged.verdict, "muted"),
        _needs(found, seen.n),
    )


def _share(value: float | None) -> str:
    """A sum of singles may fall below nothing or above all; a share is never said to."""
    return percent(None if value is None else min(1.0, max(0.0, value)))


def _ends(found: Estimate, said: Said) -> str:
    if found.low is None or found.high is None:
        return ""
    first, last = said(found.low), said(found.high)
    return f"{first.removesuffix('%') if last.endswith('%') else first} to {last}, n {number(found.n)}"


def _signed(value: float | None, said: Said) -> str:
    """A difference: of shares in points, of money in money."""
    if value is None or said is _share:
        return signed(None if value is None else 100 * value)
    return f"+{said(value)}" if value > 0 else said(value)


def _needs(found: Compared, n: int) -> str:
    """How many people more would settle what is not proven."""
    judged = found.judgement
    if judged.verdict != "unproven":
        return ""
    if judged.needed_n is None:
        return TOO_CLOSE if judged.reason == TOO_CLOSE else "too few others like them"
    return f"needs {number(max(1, judged.needed_n - n))} more people"
