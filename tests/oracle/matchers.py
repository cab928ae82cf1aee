"""Does an event match? One matcher or a list of which any suffices; all conditions of a matcher hold."""

import json


def text(value):
    """A value as text: strings as they are, everything else as JSON writes it (5, 1.5, true)."""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), sort_keys=True)


def listed(value):
    """One or a list of them, as a list."""
    return value if isinstance(value, list) else [value]


def _holds(matcher, event):
    if "event" in matcher and event.get("event") not in listed(matcher["event"]):
        return False
    properties = event.get("properties") or {}
    for name, wanted in matcher.get("where", {}).items():
        value = properties.get(name)
        if value is None or text(value) not in [text(one) for one in listed(wanted)]:
            return False
    return True


def matches(matchers, event):
    """True if any of the matchers holds for the event; no matchers match nothing."""
    return any(_holds(matcher, event) for matcher in listed(matchers or []))


def property_text(event, name):
    """A property as text, None if it is missing."""
    value = (event.get("properties") or {}).get(name)
    return None if value is None else text(value)
