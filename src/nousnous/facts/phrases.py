"""Wordings that one part of the house proposes to the phrase book of another."""

import re
from dataclasses import dataclass
from typing import Final

KEY: Final = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9])?")
TONE: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
LOCALE: Final = re.compile(r"(?=.{2,20}$)[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,2}")
"""How a phrase, a tone and a language are written, in every part."""


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
