"""Pure readings of people: who matches a search, and what happened to one person in order."""

from typing import Any

import ibis

MOST_FOUND = 50


def matches(events: Any, text: str) -> Any:
    """The people one of whose ids holds a text, last seen first: person_key, person_id, n, first_us, last_us, country.

    `events` is the table of events with `person_key`; an empty text matches everybody.
    """
    with_person = events.filter(events.person_key.notnull())
    wanted = text.lower()
    hit = with_person.user_id.lower().contains(wanted) | with_person.anonymous_id.lower().contains(wanted)
    keys = with_person.filter(hit).select("person_key").distinct() if wanted else None
    theirs = with_person if keys is None else with_person.semi_join(keys, "person_key")
    people = theirs.group_by("person_key").agg(
        person_id=ibis.coalesce(theirs.user_id.min(), theirs.anonymous_id.min()),
        n=theirs.count(),
        first_us=theirs.ts_us.min(),
        last_us=theirs.ts_us.max(),
        country=theirs.country.max(),
    )
    return people.order_by(people.last_us.desc(), people.person_id).limit(MOST_FOUND)


def timeline(events: Any, identity_keys: list[int], before_us: int | None, most: int) -> Any:
    """The newest events of a person before a moment, newest first."""
    mine = events.filter(events.identity_key.isin(identity_keys))
    if before_us is not None:
        mine = mine.filter(mine.ts_us < before_us)
    shown = mine.select(
        "ts_us", "event", "screen", "element", "channel", "user_id", "anonymous_id", "message_id", "session_id"
    )
    return shown.order_by(shown.ts_us.desc(), shown.event, shown.message_id).limit(most)
