"""Surveys of other tools as documents of ours, with what could not come along."""

from nousnous.capabilities.surveys.measures.foreign.formbricks import is_formbricks, of_formbricks
from nousnous.capabilities.surveys.measures.foreign.limesurvey import is_limesurvey, of_limesurvey
from nousnous.capabilities.surveys.measures.foreign.parts import Foreign

__all__ = ["Foreign", "read_foreign"]


def read_foreign(text: str) -> Foreign | None:
    """The survey of another tool's export; None where the text is none that we know; refused where it is broken."""
    if is_limesurvey(text):
        return of_limesurvey(text)
    document = is_formbricks(text)
    return of_formbricks(document) if document else None
