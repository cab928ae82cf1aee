"""Scores of messages as they are kept, by the scorers that are pinned and those that are to follow."""

from nousnous.facts.columns import Column, Table

SENTIMENTS = Table(
    "sentiments",
    1,
    "How one message sounds, or how much of a part of empathy it shows, by one scorer.",
    (
        Column("message_key", "integer", "The message."),
        Column("conversation_key", "integer", "Its conversation."),
        Column("identity_key", "integer", "Its customer, as the message has it."),
        Column("ts_us", "integer", "When it was written."),
        Column("scorer", "text", "Name and version of what scored it."),
        Column(
            "sentiment",
            "number",
            "Sentiment from -1 to 1, a part of empathy from 0 to 2; null where the scorer cannot tell.",
        ),
    ),
)
