"""Contacts within conversations: where one starts, where it ends, and what is none."""

from typing import Any, Final

import ibis

MINUTE_US: Final = 60_000_000
QUIET_US: Final = 24 * 60 * MINUTE_US
"""Who writes again after so long a silence had to come back: it is another contact, in the same conversation or not."""
PAUSE_US: Final = 5 * MINUTE_US
"""Longer silences are no handling: somebody went away meanwhile. As active time is counted in journeys."""
THANKS: Final = (
    r"(^|[^a-z0-9_])(thanks?|thank you|thx|cheers|danke(schön)?|vielen dank|merci|gracias|grazie|bedankt|dank (je|u)|"
    r"obrigad[oa]|tack|dzięki)($|[^a-z0-9_])"
)
"""The words of thanks, in small letters: engines disagree on which letters `(?i)` and `\\W` know."""
ONLY_THANKS: Final = (
    r"^[^a-z0-9_]*((thanks?|thank|you|thx|cheers|so|very|much|many|a|lot|again|for|your|the|that|it|this|help|helping|all|"
    r"great|perfect|wonderful|super|ok|okay|alright|got|works|worked|now|bye|have|nice|good|day|danke(schön)?|vielen|"
    r"dank|sehr|für|die|ihre|hilfe|merci|beaucoup|gracias|muchas|por|la|ayuda|grazie|mille|bedankt|je|u|wel|"
    r"obrigad[oa]|muito|tack|dzięki)($|[^a-z0-9_]+))+$"
)
"""A message of no other words than those that stand around a thanks."""


def episodes(messages: Any) -> Any:
    """One row for each contact within conversations.

    A contact starts with a message of the customer that is more than a bare thanks, and ends with the last message
    before 24 hours of silence; `answered` where the company wrote after it started. What holds no such message is none.
    `minutes` are the intervals of at most 5 minutes between neighbouring messages of which an agent wrote one, summed:
    nobody tells how long else an agent worked. Null where there is none, as in mail.

    Args:
        messages: rows of `messages` with `person_key` (Ibis).

    Returns:
        An Ibis expression: person_key, started_us, ended_us, answered, minutes, channel, topic, team.

    >>> from ibis import memtable
    >>> hour = 3_600_000_000
    >>> said = [("customer", "Where is it?", 0), ("agent", "On its way.", hour), ("customer", "Ah.", hour + hour // 30)]
    >>> rows = [{"message_key": at, "conversation_key": 1, "person_key": 1, "side": side, "text": text, "ts_us": ts_us,
    ...          "channel": "chat", "topic": "x", "agent_group": ""} for at, (side, text, ts_us) in enumerate(said)]
    >>> episodes(memtable(rows)).to_pyarrow().select(["started_us", "ended_us", "answered", "minutes"]).to_pylist()
    [{'started_us': 0, 'ended_us': 3720000000, 'answered': True, 'minutes': 2.0}]
    """
    order = [messages.ts_us, messages.message_key]
    along = ibis.window(group_by=messages.conversation_key, order_by=order)
    before_us, before = messages.ts_us.lag().over(along), messages.side.lag().over(along)
    text = messages.text.lower()
    bare = text.re_search(THANKS) & text.re_search(ONLY_THANKS)
    told = messages.mutate(
        fresh=ibis.ifelse(before_us.isnull() | (messages.ts_us - before_us > QUIET_US), 1, 0),
        asked=(messages.side == "customer") & ~bare.fill_null(False),  # noqa: FBT003  # Ibis' signature
        pause_us=messages.ts_us - before_us,
        by_agent=(messages.side == "agent") | (before == "agent"),
    )
    running = ibis.cumulative_window(group_by=told.conversation_key, order_by=[told.ts_us, told.message_key])
    numbered = told.mutate(episode=told.fresh.sum().over(running))
    found = numbered.group_by("conversation_key", "episode").agg(
        person_key=numbered.person_key.max(),
        started_us=numbered.ts_us.min(where=numbered.asked),
        ended_us=numbered.ts_us.max(),
        spoke_us=numbered.ts_us.max(where=numbered.side != "customer"),
        handled_us=numbered.pause_us.sum(where=numbered.by_agent & (numbered.pause_us <= PAUSE_US)),
        channel=numbered.channel.max(),
        topic=numbered.topic.max(),
        team=numbered.agent_group.max(),
    )
    whole = found.filter(found.started_us.notnull() & found.person_key.notnull())
    answered = ibis.ifelse(whole.spoke_us.notnull() & (whole.spoke_us > whole.started_us), 1, 0) == 1
    names = ("person_key", "started_us", "ended_us", "channel", "topic", "team")
    return whole.mutate(answered=answered, minutes=whole.handled_us / MINUTE_US).select(*names, "answered", "minutes")
