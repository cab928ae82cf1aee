"""Expected trouble. One sentence says what, where and what to do; `site` maps the kind to an HTTP status.

NousError
├── Refused      the input is wrong (422)
├── Missing      there is no such thing, or it is not yours to see (404)
├── Conflict     it was changed or taken meanwhile (409)
├── Forbidden    your role or scope does not allow it (403)
└── Unavailable  try again later: disk full, database away (503)
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where the trouble lies: a file, a row or line in it, a field of that."""

    file: str | None = None
    line: int | None = None
    field: str | None = None

    def __str__(self) -> str:
        parts = [self.file, f"line {self.line}" if self.line is not None else None, self.field]
        return ", ".join(part for part in parts if part)


class NousError(Exception):
    """Root of all expected trouble."""

    def __init__(self, sentence: str, place: Place | None = None) -> None:
        self.sentence = sentence
        self.place = place
        super().__init__(f"{place}: {sentence}" if place and str(place) else sentence)


class Refused(NousError):
    """The input is wrong."""


class Missing(NousError):
    """There is no such thing, or it belongs to somebody else."""


class Conflict(NousError):
    """It was changed or taken meanwhile."""


class Forbidden(NousError):
    """The role or the scope does not allow it."""


class Unavailable(NousError):
    """The machine cannot do it now; trying again later may help."""
