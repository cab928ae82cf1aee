"""Visits as they are kept: one row is one person's passage through one step, by `definitions.md`, "Visits".

What depends on the newest event or on the period (open, reference, debt) is decided when reading.
"""

from nousnous.facts.columns import Column, Table

VISIT_COLUMNS = (
    Column("person_key", "integer", "The person, after merges."),
    Column("step", "integer", "Position of the step in the journey's file, from 0."),
    Column("opened_us", "integer", "Opening: the moment of the start that opened it."),
    Column("ended_us", "integer", "End as defined: completion, or the last event reached."),
    Column("window_us", "integer", "End of the window: last start + `within`; later than the newest event means open."),
    Column("completed", "flag", "A completion lies in the window."),
    Column("failed", "flag", "Not completed, and a failure lies between opening and end."),
    Column("frustrated", "flag", "A frustration event lies in [opening, end]."),
    Column("troubled", "flag", "A failure or frustration event lies in [opening, end]; completed and not so is clean."),
    Column("cause", "text", "Earliest failure or frustration event in [opening, end]; ties: failure, then name."),
    Column("cause_element", "text", "Element of that event."),
    Column("active_us", "integer", "Sum of the intervals of at most 5 minutes between neighbouring moments."),
    Column(
        "activity_us",
        "integers",
        "The active stretches as offsets from the opening: start, end, start, end, …; neighbours are merged.",
    ),
    Column("country", "text", "Segment: the country of the opening event; of several the smallest; null if none."),
    Column("channel", "text", "Segment: the channel of the opening event, likewise."),
    Column("platform", "text", "Segment: the platform of the opening event, likewise."),
    Column("landed_us", "integer", "The number of the lake's commits up to which this row was computed."),
)
WITHDRAWN_COLUMNS = (
    Column("person_key", "integer", "The person whose kept visits do not count any more."),
    Column("from_us", "integer", "First opening that does not count."),
    Column("to_us", "integer", "Last opening that does not count."),
    Column("landed_us", "integer", "Rows that were computed for an earlier number are meant; later ones replace them."),
)


def visits_table(journey_key: str) -> Table:
    """The kept visits of one version of a journey."""
    return Table(f"visits_{journey_key}", 1, "One person's passage through one step.", VISIT_COLUMNS, time="opened_us")


def withdrawn_table(journey_key: str) -> Table:
    """Which kept visits were replaced since: readers leave them out, and now and then they are swept up."""
    meaning = "Spans of a person whose kept visits were computed anew."
    return Table(f"withdrawn_{journey_key}", 1, meaning, WITHDRAWN_COLUMNS, time=None)
