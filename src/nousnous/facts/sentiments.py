"""Sentiments of messages as they are kept, by the scorer that is pinned."""

from nousnous.facts.columns import Column, Table

SENTIMENTS = Table(
    "sentiments",
    1,
    "How one message sounds, by the scorer that the workspace has pinned.",
    (
        Column("message_key", "integer", "The message."),
        Column("conversation_key", "integer", "Its conversation."),
        Column("identity_key", "integer", "Its customer, as the message has it."),
        Column("ts_us", "integer", "When it was written."),
        Column("scorer", "text", "Name and version of what scored it."),
        Column("sentiment", "number", "From -1 to 1; null where the scorer cannot tell."),
    ),
)
