"""Messages of conversations as they are kept, and what could not be kept."""

from nousnous.facts.columns import Column, Table
from nousnous.facts.events import IDENTITY

MESSAGES = Table(
    "messages",
    2,
    "One message of a conversation between a customer and the company; who of the company wrote it is not kept.",
    (
        Column("message_id", "text", "Id of the message.", identifies=True),
        Column("message_key", "integer", "64-bit hash of the message id."),
        Column("conversation_id", "text", "Conversation it belongs to.", identifies=True),
        Column("conversation_key", "integer", "64-bit hash of the conversation id."),
        Column("ts_us", "integer", "When it was written."),
        Column("received_us", "integer", "When it arrived."),
        *IDENTITY,
        Column("side", "text", "customer, agent or bot; the ids beside it are the customer's on every side."),
        Column("channel", "text", "Channel of the conversation."),
        Column("topic", "text", "Topic of the conversation."),
        Column("agent_group", "text", "Group of agents that the conversation belongs to."),
        Column("bot_version", "text", "Version of the bot that took part."),
        Column("language", "text", "Language of the conversation: as told, else as found; ISO 639-1."),
        Column("text", "text", "The text without quoted replies, signatures and notices; masked.", identifies=True),
        Column("source", "text", "Write key's id or import's id that brought it."),
    ),
)

QUARANTINE = Table(
    "quarantine",
    1,
    "What arrived under a valid key and could not be kept as what it claims to be.",
    (
        Column("quarantine_id", "text", "Id of the entry."),
        Column("quarantine_key", "integer", "64-bit hash of source, path and body: the same bad input stands once."),
        Column("received_us", "integer", "When it arrived."),
        *IDENTITY,
        Column("dialect", "text", "Dialect of the request: segment, posthog, mixpanel, …"),
        Column("path", "text", "Path of the request."),
        Column("reason", "text", "One sentence: what is wrong with it."),
        Column("body", "bytes", "The entry as it came."),
        Column("source", "text", "Write key's id or import's id that brought it."),
    ),
    time="received_us",
)
