"""What open answers and conversations are about, as it is kept beside them."""

from nousnous.facts.columns import Column, Table

ANSWER_THEMES = Table(
    "answer_themes",
    1,
    "What an open answer is about, found from its words; written anew as a whole when answers or themes change.",
    (
        Column("score_key", "integer", "64-bit hash of the answer's id."),
        Column("identity_key", "integer", "Whose answer it is."),
        Column("ts_us", "integer", "When it was answered."),
        Column("theme", "text", "Id of the theme; null where no theme has its words."),
        Column("nearness", "number", "How much the words are those of the theme, 0 to 1."),
        Column("language", "text", "Language of the words, two letters; null where they are too few to tell."),
        Column("sentiment", "number", "How pleased the words are, −1 to 1; null where they are not English."),
    ),
)

TALK_THEMES = Table(
    "talk_themes",
    1,
    "What a conversation is about, found from its customer's first message, whatever topic it brought; written anew as "
    "a whole with the themes of answers.",
    (
        Column("conversation_key", "integer", "64-bit hash of the conversation id."),
        Column("identity_key", "integer", "Whose conversation it is."),
        Column("ts_us", "integer", "When its customer first wrote."),
        Column("theme", "text", "Id of the theme; null where no theme has its words."),
        Column("name", "text", "Name of the theme, or of the one that it was merged into."),
        Column("nearness", "number", "How much the words are those of the theme, 0 to 1."),
        Column("language", "text", "Language of the words, two letters; null where they are too few to tell."),
        Column("sentiment", "number", "How pleased the words are, −1 to 1; null where they are not English."),
    ),
)
