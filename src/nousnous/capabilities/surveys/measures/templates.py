"""Surveys to start from."""

from collections.abc import Mapping
from typing import Any

from nousnous.capabilities.surveys.measures.definition import END

_WHY = {"id": "why", "kind": "open", "text": "What is the main reason?", "help": "Leave out names and addresses."}


def _scored(kind: str, text: str, low: str, high: str) -> dict[str, Any]:
    return {"id": kind, "kind": kind, "text": text, "low": low, "high": high}


TEMPLATES: Mapping[str, dict[str, Any]] = {
    "nps-after-purchase": {
        "name": "NPS after a purchase",
        "questions": [
            _scored("nps", "How likely are you to recommend us to a friend?", "Not at all", "Very likely"),
            _WHY,
        ],
        "page": {"after": ["Order Completed"]},
    },
    "csat-at-a-step": {
        "name": "Satisfaction at a step",
        "questions": [
            {
                **_scored("csat", "How satisfied are you with this step?", "Not at all", "Completely"),
                "go": [{"at_least": 4, "to": END}],
            },
            _WHY,
        ],
    },
    "ces-after-contact": {
        "name": "Effort after a contact",
        "questions": [
            _scored("ces", "The company made it easy for me to solve this.", "Strongly disagree", "Strongly agree"),
            _WHY,
        ],
        "page": {"after": ["Contact Resolved"]},
    },
    "relationship-nps": {
        "name": "Relationship NPS",
        "relationship": True,
        "questions": [
            _scored("nps", "All in all, how likely are you to recommend us?", "Not at all", "Very likely"),
            _WHY,
        ],
    },
}
MEANINGS: Mapping[str, str] = {
    "nps-after-purchase": "Right after an order, on the page: would they recommend you, and why.",
    "csat-at-a-step": "At one step of a journey: satisfied or not; only who is not is asked why.",
    "ces-after-contact": "After a contact was resolved: was it easy.",
    "relationship-nps": "Of the whole relationship: at most every 90 days, never within 7 days of another.",
}
