"""Signals that somebody fades, as they are kept with their evidence, and what is told of new ones."""

from dataclasses import dataclass

from nousnous.facts.columns import Column, Table

SIGNS_OF_FADING = Table(
    "signs_of_fading",
    1,
    "One signal that a person fades, with its evidence.",
    (
        Column("person_key", "integer", "The person, after merges."),
        Column("signal", "text", "hover, wishes, articles or pause."),
        Column(
            "moment_us", "integer", "When it began to hold: of a pause its end, else the last event of the evidence."
        ),
        Column("evidence_us", "integers", "When each event of the evidence was: log-ins, wishes, or articles."),
        Column("days", "number", "The days it was looked at: the window, or the length of the pause."),
        Column("baseline", "number", "Articles usual in so many days, or days between two days of use; else null."),
        Column("chance", "number", "Chance of so many articles or more for this person; else null."),
    ),
    time="moment_us",
)


@dataclass(frozen=True, slots=True)
class AttritionSignalled:
    """A signal that began to hold lately; the first look at a workspace tells of none."""

    workspace_id: str
    identity_key: int
    moment_us: int
    signal: str
