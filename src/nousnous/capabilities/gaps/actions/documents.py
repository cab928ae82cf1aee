"""The gap report for printing."""

from typing import Final

from nousnous.capabilities.gaps.measures.headline import headline
from nousnous.capabilities.gaps.measures.lines import lines_of, notes_of, summary_of
from nousnous.capabilities.gaps.measures.phrases import data_as_of
from nousnous.capabilities.gaps.measures.report import GapReport
from nousnous.charts.documents import Column, Document, Listing, Plot, as_pdf
from nousnous.journeys.catalogue import METRICS, unit_of

COLUMNS: Final = (
    Column("Step"),
    Column("Metric"),
    Column("Team"),
    Column("Believed", numeric=True),
    Column("Lived", numeric=True),
    Column("95% interval", numeric=True),
    Column("n", numeric=True),
    Column("Gap", numeric=True),
    Column("Verdict"),
    Column("Cost", numeric=True),
    Column("Its interval", numeric=True),
)


def names_of_metrics() -> dict[str, tuple[str, str]]:
    """Name and unit of each metric of the catalogue."""
    return {metric.id: (metric.name, metric.unit) for metric in METRICS.values()}


def printed(report: GapReport, plots: tuple[Plot, ...]) -> bytes:
    """The report as tagged PDF: the answer, what it costs, the dot plots, the numbers, where they come from."""
    told = headline(report, {metric.id: unit_of(metric.unit) for metric in METRICS.values()})
    lines = lines_of(report.steps, names_of_metrics())
    rows = [
        (
            line.step,
            line.metric,
            line.author,
            line.believed,
            line.lived,
            line.ends,
            line.n,
            line.gap,
            line.word,
            line.cost,
            line.cost_ends,
        )
        for line in lines
    ]
    period = f"{report.from_at[:10]} to {report.to_at[:10]}"
    as_of = f" {data_as_of(report.as_of)}." if report.as_of else ""
    source = (
        f"{report.workspace}, journey {report.journey.name}, {period}.{as_of} Nous-Nous, snapshot {report.snapshot}."
    )
    lead = " ".join((told.lead, summary_of(report), *notes_of(report)))
    return as_pdf(Document(told.title, lead, plots, source, [Listing(COLUMNS, rows)]))
