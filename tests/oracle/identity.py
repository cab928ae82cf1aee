"""Whose event is it? Events are dictionaries: message_id, type, event, ts_us, user_id, anonymous_id, properties."""

import json


def unique(events):
    """Each event once: a repeated message id changes nothing (of differing copies the earliest, then smallest text)."""
    kept = {}
    for event in events:
        known = kept.get(event["message_id"])
        if known is None or (known != event and _order(event) < _order(known)):
            kept[event["message_id"]] = event
    return list(kept.values())


def _order(event):
    return event["ts_us"], json.dumps(event, sort_keys=True, default=str)


def owners(events):
    """Anonymous id → the first known id it meets: in the earliest event that has both, ties to the smallest text."""
    meetings = {}
    for event in events:
        anonymous, known = event.get("anonymous_id"), event.get("user_id")
        if anonymous and known:
            meeting = (event["ts_us"], known)
            meetings[anonymous] = min(meetings.get(anonymous, meeting), meeting)
    return {anonymous: known for anonymous, (_, known) in meetings.items()}


def person_of(record, owned):
    """The person of an event or a score, None if it has none. Known and anonymous ids never mix."""
    if record.get("user_id"):
        return ("known", record["user_id"])
    anonymous = record.get("anonymous_id")
    if not anonymous:
        return None
    return ("known", owned[anonymous]) if anonymous in owned else ("anonymous", anonymous)


def timelines(events):
    """Person → that person's events in order of time; events without a person are left out."""
    events = unique(events)
    owned = owners(events)
    lines = {}
    for event in events:
        person = person_of(event, owned)
        if person is not None:
            lines.setdefault(person, []).append(event)
    for line in lines.values():
        line.sort(key=lambda event: event["ts_us"])
    return lines
