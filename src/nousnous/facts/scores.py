"""Scores as they are kept: one row is one answer on a survey scale; and what is told of low ones."""

from dataclasses import dataclass

from nousnous.facts.columns import Column, Table
from nousnous.facts.events import IDENTITY

SCORES = Table(
    "scores",
    1,
    "One answer on a survey scale, tied to person, step and screen.",
    (
        Column("score_id", "text", "Id of the answer, or one made from its content.", identifies=True),
        Column("score_key", "integer", "64-bit hash of the score id."),
        Column("ts_us", "integer", "When it was answered."),
        Column("moment_us", "integer", "The moment it is about, if known."),
        Column("received_us", "integer", "When it arrived."),
        *IDENTITY,
        Column("metric", "text", "nps, csat, ces or rating; comment for an open answer without a score."),
        Column("step", "text", "Id of the step it is about; null for the relationship as a whole."),
        Column("value", "number", "The answer."),
        Column("scale_low", "number", "Lowest answer of the scale."),
        Column("scale_high", "number", "Highest answer of the scale."),
        Column("believed", "number", "What the company showed or believed for this same person; null if nothing."),
        Column("weight", "number", "Weight of the answer; 1 if the survey is unweighted."),
        Column("country", "text", "Country of the person."),
        Column("channel", "text", "Channel of the survey."),
        Column("screen", "text", "Screen on which it was asked."),
        Column("comment", "text", "What the person wrote beside it.", identifies=True),
        Column("properties", "text", "Everything else, as JSON text.", identifies=True),
        Column("source", "text", "`survey:` and the survey that asked, else the id of the import that brought it."),
    ),
)


@dataclass(frozen=True, slots=True)
class LowScoreGiven:
    """Somebody answered in the low tail; `low_score` is the id under which `spreads` keeps whose answer it was.

    It names no person, so that nothing of somebody who is erased stands on in it.
    """

    workspace_id: str
    low_score: str
    step: str
    metric: str
