"""The filters of a report as a GET form: journey, period, people, split."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Protocol
from urllib.parse import urlencode

from nousnous.facts.journeys import SEGMENT_PROPERTIES
from nousnous.journeys.windows import Asked

LENGTHS: Final = {28: "28 days", 7: "7 days", 182: "half a year", 365: "a year"}
Option = tuple[str, str, bool]


class Reported(Protocol):
    """A report of a period, as ISO instants."""

    @property
    def from_at(self) -> str: ...

    @property
    def to_at(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Filter:
    """One control: its parameter, its label, and options of (value, label, chosen)."""

    name: str
    label: str
    options: Sequence[Option]


def asked_of(given: Mapping[str, str]) -> Asked:
    """What the parameters of a page ask; a period is “2026-08-01..2026-10-30”, its end outside."""
    first, _, last = given.get("period", "").partition("..")
    return Asked(
        given.get("journey") or None,
        first or given.get("from") or None,
        last or given.get("to") or None,
        given.get("by") or None,
        given.get("segment") or None,
    )


def filters_of(
    given: Mapping[str, str], report: Reported, journeys: Sequence[tuple[str, str]], segments: Sequence[str]
) -> list[Filter]:
    """The controls of a report's page, as they stand."""
    people = [("", "Everyone"), *[(name, name.replace("=", " ")) for name in segments]]
    splits = [("", "Nothing"), *[(name, name.capitalize()) for name in SEGMENT_PROPERTIES]]
    found = [
        Filter("period", "Period", _periods(given, report)),
        Filter("segment", "People", _options(people, given.get("segment", ""))),
        Filter("by", "Split by", _options(splits, given.get("by", ""))),
    ]
    if len(journeys) > 1:
        found.insert(0, Filter("journey", "Journey", _options(journeys, given.get("journey", ""))))
    return found


def hidden_of(given: Mapping[str, str], report: Reported, journeys: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Where the data end, so that other periods end there, too."""
    hidden = [("until", until_of(given, report).isoformat())]
    return hidden if len(journeys) > 1 or not given.get("journey") else [*hidden, ("journey", given["journey"])]


def until_of(given: Mapping[str, str], report: Reported) -> date:
    try:
        return date.fromisoformat(given.get("until", ""))
    except ValueError:
        return datetime.fromisoformat(report.to_at).date()


def query_of(given: Mapping[str, str], **changed: str) -> str:
    """The parameters of this page with some changed, for links that keep the filters."""
    kept = {
        name: given[name] for name in ("journey", "period", "from", "to", "segment", "by", "until") if given.get(name)
    }
    merged = {name: value for name, value in {**kept, **changed}.items() if value}
    return f"?{urlencode(merged)}" if merged else ""


def _periods(given: Mapping[str, str], report: Reported) -> list[Option]:
    end = until_of(given, report)
    chosen = given.get("period", "")
    if not chosen and (given.get("from") or given.get("to")):
        chosen = f"{given.get('from', '')}..{given.get('to', '')}"
    default = spoken(report.from_at, report.to_at) if not chosen else "90 days"
    found = [("", default)]
    found += [(f"{end - timedelta(days=days)}..{end}", f"Last {words}") for days, words in LENGTHS.items()]
    first = end.replace(day=1)
    for _ in range(4):
        before = (first - timedelta(days=1)).replace(day=1)
        found.append((f"{before}..{first}", f"{before:%B %Y}"))
        first = before
    if chosen and chosen not in {value for value, _ in found}:
        found.append((chosen, spoken(report.from_at, report.to_at)))
    return _options(found, chosen)


def _options(found: Sequence[tuple[str, str]], chosen: str) -> list[Option]:
    return [(value, label, value == chosen) for value, label in found]


def spoken(from_at: str, to_at: str) -> str:
    """A period by its days, the last one inside.

    >>> spoken("2026-08-01T00:00:00+00:00", "2026-10-30T00:00:00+00:00")
    '1 Aug to 29 Oct'
    """
    first = datetime.fromisoformat(from_at)
    last = datetime.fromisoformat(to_at) - timedelta(microseconds=1)
    year = f" {first.year}" if first.year != last.year else ""
    end = f" {last.year}" if year else ""
    return f"{first.day} {first:%b}{year} to {last.day} {last:%b}{end}"
