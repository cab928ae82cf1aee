"""Surveys that the tests ask."""

import json
from typing import Any

AFTER_PURCHASE: dict[str, Any] = {
    "id": "after-purchase",
    "name": "After a purchase",
    "step": "checkout",
    "questions": [
        {
            "id": "again",
            "kind": "nps",
            "text": {"en": "Would you recommend us?", "ar": "هل توصي بنا؟"},
            "low": {"en": "Not at all"},
            "high": {"en": "Very likely"},
            "go": [{"at_most": 6, "to": "why"}, {"at_least": 9, "to": "end"}],
        },
        {
            "id": "how",
            "kind": "multiple",
            "text": "What was good?",
            "choices": [{"id": "price", "text": "The price"}, {"id": "speed", "text": "The speed"}],
        },
        {"id": "why", "kind": "open", "text": "What went wrong?"},
    ],
}


def document(**changes: Any) -> str:
    return json.dumps(AFTER_PURCHASE | changes)
