"""The made-up company of the model pages, as charts are given it."""

from dataclasses import replace

from nousnous.charts.belief_gaps import BeliefRow, Heads, sentence_of

HEADS = Heads(
    "Four of eight steps are worse than their team believes",
    "Share of visits that finish, by step.",
    "Customers finish",
    "Teams believe",
)


def _row(name: str, numbers: tuple[float, float, float, float, float], n: int, verdict: str, cost: str) -> BeliefRow:
    believed, tolerance, value, low, high = numbers
    few = verdict == "few"
    row = BeliefRow(
        name=name,
        believed=believed,
        tolerated=(believed - tolerance, believed + tolerance),
        experienced=None if few else value,
        low=low,
        high=high,
        n=n,
        gap=None if few else 100 * (believed - value),
        verdict="unproven" if few else verdict,  # type: ignore[arg-type]  # plain words in the table below
        cost=cost,
        sentence="",
        few=few,
    )
    return replace(row, sentence=sentence_of(row, "share"))


ROWS = [
    _row("Mobile check-in", (0.95, 0.02, 0.61, 0.58, 0.64), 1_204, "gap", "$412k"),
    _row("Refund", (0.88, 0.03, 0.57, 0.52, 0.62), 1_094, "gap", "$186k"),
    _row("Support chat", (0.90, 0.04, 0.71, 0.68, 0.74), 902, "gap", "$121k"),
    _row("Change a booking", (0.80, 0.03, 0.69, 0.65, 0.73), 640, "gap", "$64k"),
    _row("Onboarding", (0.72, 0.04, 0.68, 0.64, 0.72), 512, "unproven", "$23k"),
    _row("Search and book", (0.84, 0.03, 0.83, 0.82, 0.835), 9_204, "confirmed", "$9k"),
    _row("Store pick-up", (0.70, 0.04, 0.86, 0.80, 0.90), 188, "delight", "$4k"),
    _row("Airport lounge", (0.92, 0.03, 0.75, 0.52, 0.92), 14, "few", "–"),
]
