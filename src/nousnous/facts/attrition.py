"""Signals that somebody fades, and chances to leave: as they are kept, and what is told of them."""

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

RISKS = Table(
    "risks",
    1,
    "The chance of one customer to leave within 30 days, and what moves it most; all are replaced by each look.",
    (
        Column("person_key", "integer", "The person, after merges."),
        Column("moment_us", "integer", "The moment from which the 30 days count: where the data ended."),
        Column("chance", "number", "The chance to leave within 30 days, 0 to 1."),
        Column("forecast", "integer", "The number of the forecast that gave it."),
        Column("features", "texts", "What moves the odds most, the strongest first; null under a base rate."),
        Column("seen", "numbers", "What each of them was at this person."),
        Column("odds", "numbers", "The factor of each on the odds, beside somebody average of the same kind."),
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


@dataclass(frozen=True, slots=True)
class RiskRaised:
    """The chance of a person to leave within 30 days came to stand at the workspace's threshold or above it.

    Told once a rise: again only after a look that found it below. The first look at a workspace tells of none.
    """

    workspace_id: str
    identity_key: int
    moment_us: int
    chance: float
