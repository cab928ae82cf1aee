"""The page of growth is derived from the pages of what was measured, so it cannot say something else than they do."""

from dataclasses import replace

import pytest
from bench.growth import REFERENCE, TABLE, Assumed, cost, kept_sizes, page, read_figures, report_s

SCALING, COLLECTOR = ((REFERENCE / name).read_text() for name in ("scaling.md", "collector.md"))


def test_the_page_is_what_the_measured_pages_come_to() -> None:
    told = TABLE.read_text()
    derived = "\n".join(page(read_figures(SCALING, COLLECTOR), kept_sizes(told), Assumed())) + "\n"
    assert derived == told, "run python -m bench.growth --kept --write"
    assert read_figures(SCALING, COLLECTOR) != read_figures(SCALING.replace(" 121.9 s", " 243.8 s"), COLLECTOR)


def test_what_a_million_costs_follows_its_parts() -> None:
    figures, sizes = read_figures(SCALING, COLLECTOR), kept_sizes(TABLE.read_text())
    one = cost(1e9, figures, sizes, Assumed())
    assert one.storage == pytest.approx(sizes.bytes_demo / 1000 * 0.023 * 12)
    assert one.processors == pytest.approx(6 * 8760 * 0.05 / 1000)
    assert cost(1e9, figures, sizes, Assumed(busy=0.001)).processors > one.processors
    dearer = cost(1e9, figures, replace(sizes, writes_a_commit=2 * sizes.writes_a_commit), Assumed())
    assert dearer.requests - one.requests == pytest.approx(31_536_000 * sizes.writes_a_commit * 5e-6 / 1000)
    at_measured = Assumed(window_days=365)
    assert report_s(1e8, figures, at_measured) == pytest.approx(figures.seconds["gap"])
