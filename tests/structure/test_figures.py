"""The table of load, faults and bad inputs finds its figures in the tables of the trials."""

from bench.figures import TABLE, rows


def test_every_figure_is_told_by_the_table_of_its_trial() -> None:
    told = TABLE.read_text()
    assert [what for _, what, figure, _ in rows() if not figure or f"| {what} |" not in told] == []
