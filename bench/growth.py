"""What changes at 1, 10 and 100 billion events, and what a million of them costs: derived from measured figures.

Usage: python -m bench.growth [--kept] [--write]. Processor seconds come from docs/reference/scaling.md and
collector.md; bytes and requests are measured here, or with `--kept` taken from the page as it stands. Prices and habits
are assumptions, each said on the page; put in your own: --processor-hour 0.08 --gigabyte-month 0.02. `--write` writes
docs/reference/growth.md; a test derives it again from those two pages.
"""

import math
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from bench.parts import trial

REFERENCE = Path(__file__).parents[1] / "docs" / "reference"
TABLE = REFERENCE / "growth.md"
SIZES = (10**9, 10**10, 10**11)
MILLION, YEAR_S, HOURS = 1_000_000, 365 * 86_400, 365 * 24
COMMITS = 100


@dataclass(frozen=True, slots=True)
class Sizes:
    """What is measured here: bytes an event in the lake, and requests to a bucket for one commit of the loader."""

    bytes_simulated: float
    bytes_demo: float
    writes_a_commit: float
    reads_a_commit: float


@dataclass(frozen=True, slots=True)
class Assumed:
    """Prices in dollars, and how the product is used."""

    processor_hour: float = 0.05
    gigabyte_month: float = 0.023
    writes: float = 5.0
    reads: float = 0.4
    busy: float = 0.3
    least_processors: float = 6.0
    months: float = 12.0
    window_days: float = 90.0
    reports_a_day: float = 10.0
    peak: float = 10.0
    commit_s: float = 1.0
    day_by_day: float = 2.4


@dataclass(frozen=True, slots=True)
class Figures:
    """Processor seconds and GB of each part at 100 million events, how both grew from 10 million, rates by second."""

    seconds: Mapping[str, float]
    slopes: Mapping[str, float]
    gigabytes: Mapping[str, float]
    gigabyte_slopes: Mapping[str, float]
    batches: float
    singles: float
    loader: float


def read_figures(scaling: str, collector: str) -> Figures:
    """Parse the two pages as their commands wrote them."""
    seconds, slopes, gigabytes, grown = {}, {}, {}, {}
    for part, _, ten, hundred in re.findall(
        r"^\| (\w+) \| (\d\S* s, \S+ GB) \| (.+?) \| (.+?) \|", scaling, re.MULTILINE
    ):
        (low_s, low_gb), (seconds[part], gigabytes[part]) = _cell(ten), _cell(hundred)
        slopes[part] = math.log10(seconds[part] / low_s)
        grown[part] = math.log10(gigabytes[part] / low_gb)
    rates = {
        name: _rate(collector, name) for name in ("batches of 100, 100 connections", "single events, 100 connections")
    }
    loader = re.search(r"of the loader \| ([\d,]+)", collector)
    assert loader
    return Figures(seconds, slopes, gigabytes, grown, *rates.values(), _whole(loader[1]))


def _cell(text: str) -> tuple[float, float]:
    seconds, gigabytes = re.findall(r"[\d.,]+(?= s| GB)", text)
    return _whole(seconds), _whole(gigabytes)


def _rate(collector: str, way: str) -> float:
    found = re.search(rf"^\| {way} \|.*\| ([\d,]+) \| \d+% \|", collector, re.MULTILINE)
    assert found
    return _whole(found[1])


def _whole(text: str) -> float:
    return float(text.replace(",", ""))


@dataclass(frozen=True, slots=True)
class Cost:
    """Of a million events that are kept for a year, in dollars; and what the whole of a size needs."""

    receiving_s: float
    loading_s: float
    visits_s: float
    reports_s: float
    processors: float
    storage: float
    requests: float
    bought: float

    @property
    def total(self) -> float:
        return self.processors + self.storage + self.requests


def cost(size: float, figures: Figures, sizes: Sizes, assumed: Assumed) -> Cost:
    """What a million of so many events a year costs."""
    per_million = MILLION / 1e8
    receiving_s, loading_s = MILLION / figures.batches, MILLION / figures.loader
    visits_s = figures.seconds["visits"] * per_million * assumed.day_by_day
    reports_s = report_s(size, figures, assumed) * assumed.reports_a_day * 365 / (size / MILLION)
    used_hours = (receiving_s + loading_s + visits_s + reports_s) * (size / MILLION) / 3600
    bought = max(assumed.least_processors, used_hours / assumed.busy / HOURS)
    commits = min(YEAR_S / assumed.commit_s, size)
    requests = commits * (sizes.writes_a_commit * assumed.writes + sizes.reads_a_commit * assumed.reads) / MILLION
    return Cost(
        receiving_s,
        loading_s,
        visits_s,
        reports_s,
        bought * HOURS * assumed.processor_hour / (size / MILLION),
        sizes.bytes_demo * MILLION / 1e9 * assumed.gigabyte_month * assumed.months,
        requests / (size / MILLION),
        bought,
    )


def in_window(size: float, assumed: Assumed) -> float:
    return size * assumed.window_days / 365


def grown(at_hundred: float, slope: float, events: float) -> float:
    """A figure at 100 million events, carried on with the slope of the last tenfold.

    >>> grown(100.0, 1.0, 1e9)
    1000.0
    """
    return float(at_hundred * (events / 1e8) ** slope)


def report_s(size: float, figures: Figures, assumed: Assumed) -> float:
    """Processor seconds of one gap report over a window."""
    return grown(figures.seconds["gap"], figures.slopes["gap"], in_window(size, assumed))


def page(figures: Figures, sizes: Sizes, assumed: Assumed) -> Iterator[str]:
    """The page; its words are about what the figures show."""
    yield "# Growth on paper\n"
    yield "Written by `make soak-growth` from [growth with the data](scaling.md) and [the collector](collector.md);"
    yield "nothing of this size was run. What is measured, assumed and computed stands apart; prices are assumptions,"
    yield "too: put in your own (`python -m bench.growth --kept --processor-hour 0.08 …`).\n"
    yield from _measured(figures, sizes)
    yield from _assumptions(assumed)
    costs = {size: cost(size, figures, sizes, assumed) for size in SIZES}
    yield from _costs(costs, assumed)
    yield from _needs(figures, sizes, assumed)
    yield (Path(__file__).parent / "growth.txt").read_text().strip()


def _measured(figures: Figures, sizes: Sizes) -> Iterator[str]:
    yield "## Measured\n\n| measured | value |\n| --- | --- |"
    said = {
        "bytes_simulated": ("bytes an event in the lake with its visits, simulated without properties", "{:.1f}"),
        "bytes_demo": ("bytes an event in the lake with all that is made of it, the demo company", "{:.1f}"),
        "writes_a_commit": ("requests that write or list, for one commit to a bucket", "{:.2f}"),
        "reads_a_commit": ("requests that read, for one commit to a bucket", "{:.2f}"),
    }
    for name, (meaning, form) in said.items():
        yield f"| {meaning} (`{name}`) | {form.format(getattr(sizes, name))} |"
    yield f"| events received by a processor second, batches of 100 | {figures.batches:,.0f} |"
    yield f"| the same, single events | {figures.singles:,.0f} |"
    yield f"| events loaded from the log by a processor second | {figures.loader:,.0f} |"
    for part, seconds in figures.seconds.items():
        slope, memory = figures.slopes[part], figures.gigabyte_slopes[part]
        yield f"| {part}, 100 million events | {seconds:,.1f} s, growing by {slope:.2f}; memory by {memory:.2f} |"


def _assumptions(assumed: Assumed) -> Iterator[str]:
    yield "\n## Assumed\n\n| assumption | value |\n| --- | --- |"
    meanings = (
        "dollars for an hour of a processor with 4 GB, disk and network within it",
        "dollars for a gigabyte in a bucket for a month",
        "dollars for a million requests that write or list",
        "dollars for a million requests that read",
        "share of the time in which what is bought works",
        "processors that stand there at least: two that serve, two that compute, PostgreSQL twice",
        "months for which events are kept, as many as they take to come",
        "days that a report looks back",
        "reports that are computed anew each day (the same one asked again is remembered)",
        "events in the busiest second, by those of the mean one",
        "seconds between two commits of the loader",
        "visits of each day by itself, by visits of all at once (decision 99)",
    )
    for field, meaning in zip(fields(assumed), meanings, strict=True):
        yield f"| {meaning} (`{field.name}`) | {getattr(assumed, field.name):g} |"


def _costs(costs: Mapping[int, Cost], assumed: Assumed) -> Iterator[str]:
    yield "\n## What a million events costs, kept for a year\n"
    yield "| | " + " | ".join(f"{_billions(size)} a year" for size in costs) + " |"
    yield "| --- |" + " --- |" * len(costs)
    rows = {
        "receiving, processor seconds": lambda one: f"{one.receiving_s:,.1f}",
        "log to lake, processor seconds": lambda one: f"{one.loading_s:,.1f}",
        "visits, processor seconds": lambda one: f"{one.visits_s:,.1f}",
        "reports, processor seconds": lambda one: f"{one.reports_s:,.0f}",
        "processors that are bought": lambda one: f"{one.bought:,.0f}",
        "processors": lambda one: f"${one.processors:.3f}",
        "lake in a bucket": lambda one: f"${one.storage:.3f}",
        "requests to it": lambda one: f"${one.requests:.3f}",
        "**a million events**": lambda one: f"**${one.total:.2f}**",
        "**a month**": None,
    }
    for name, form in rows.items():
        cells = [form(one) if form else f"**${one.total * size / MILLION / 12:,.0f}**" for size, one in costs.items()]
        yield f"| {name} | {' | '.join(cells)} |"
    size, one = next(iter(costs.items()))
    millions = size / MILLION
    hours = (one.receiving_s + one.loading_s + one.visits_s + one.reports_s) * millions / 3600
    yield f"\nThe arithmetic of the first column: ({one.receiving_s:.1f} + {one.loading_s:.1f} + {one.visits_s:.1f} +"
    yield f"{one.reports_s:,.0f}) s × {millions:,.0f} ÷ 3600 = {hours:,.0f} hours of a processor a year;"
    yield f"÷ {assumed.busy:g} ÷ {HOURS:,} = {hours / assumed.busy / HOURS:.1f} processors,"
    yield f"at least {assumed.least_processors:g};"
    yield f"{one.bought:.1f} × {HOURS:,} × ${assumed.processor_hour:g} ÷ {millions:,.0f} = ${one.processors:.3f}."


def _needs(figures: Figures, sizes: Sizes, assumed: Assumed) -> Iterator[str]:
    yield "\n## What each size needs\n"
    yield "| | " + " | ".join(map(_billions, SIZES)) + " |\n| --- |" + " --- |" * len(SIZES)
    rows: dict[str, list[str]] = {
        "events in the mean and in the busiest second": [
            f"{size / YEAR_S:,.0f}, {size / YEAR_S * assumed.peak:,.0f}" for size in SIZES
        ],
        "of one loader's processor, in the busiest second": [
            f"{size / YEAR_S * assumed.peak / figures.loader:.1%}" for size in SIZES
        ],
        "lake": [f"{sizes.bytes_demo * size / 1e12:,.2f} TB" for size in SIZES],
        "keys that landing looks through, 8 bytes each": [f"{size * 8 / 1e9:,.0f} GB" for size in SIZES],
        "events in a report": [f"{in_window(size, assumed) / 1e9:,.2f} billion" for size in SIZES],
        "a gap report, processor seconds": [f"{report_s(size, figures, assumed):,.0f}" for size in SIZES],
        "processors for it within a minute": [f"{report_s(size, figures, assumed) / 60:,.0f}" for size in SIZES],
        "visits of a day": [_part(figures, "visits", size / 365, assumed.day_by_day) for size in SIZES],
        "all visits anew": [_part(figures, "visits", size) for size in SIZES],
        "memory of a gap report on one machine": [_memory(figures, "gap", in_window(size, assumed)) for size in SIZES],
        "memory of the signs of fading on one machine": [
            _memory(figures, "attrition", in_window(size, assumed)) for size in SIZES
        ],
    }
    for name, cells in rows.items():
        yield f"| {name} | {' | '.join(cells)} |"
    yield ""


def _part(figures: Figures, part: str, events: float, times: float = 1.0) -> str:
    return f"{grown(figures.seconds[part], figures.slopes[part], events) * times:,.0f} s"


def _memory(figures: Figures, part: str, events: float) -> str:
    return f"{grown(figures.gigabytes[part], figures.gigabyte_slopes[part], events):,.0f} GB"


def _billions(size: float) -> str:
    return f"{size / 1e9:,.0f} billion"


def kept_sizes(text: str) -> Sizes:
    """What the page says was measured."""
    found = dict(re.findall(r"\(`(\w+)`\) \| ([\d.]+) \|", text))
    return Sizes(**{field.name: float(found[field.name]) for field in fields(Sizes)})


def measure() -> Sizes:
    """Fill two lakes, and commit to one in a bucket; figures as exact as the page says them."""
    from bench.lake_sizes import commits_to_a_bucket, demo_bytes, simulated_bytes

    writes, reads = commits_to_a_bucket(COMMITS)
    return Sizes(round(simulated_bytes(), 1), round(demo_bytes(), 1), round(writes, 2), round(reads, 2))


def main() -> int:
    told = {
        field.name: float(sys.argv[sys.argv.index(option) + 1])
        for field in fields(Assumed)
        if (option := "--" + field.name.replace("_", "-")) in sys.argv
    }
    figures = read_figures((REFERENCE / "scaling.md").read_text(), (REFERENCE / "collector.md").read_text())
    sizes = kept_sizes(TABLE.read_text()) if "--kept" in sys.argv else measure()
    return trial(TABLE, "\n".join(page(figures, sizes, Assumed(**told))) + "\n", [])


if __name__ == "__main__":
    sys.exit(main())
