"""Wordings that one part of the house proposes to the phrase book of another."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ToneChosen:
    """Customers chose how something is said: the winner of a workshop, which waits for approval from now on.

    `source` names the vote, so that the same one proposes once; `evidence` says in a sentence what it rests on.
    """

    workspace_id: str
    moment_us: int
    source: str
    key: str
    locale: str
    tone: str
    jargon: str
    plain: str
    evidence: str
