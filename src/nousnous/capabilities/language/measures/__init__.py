"""What is computed of the language of conversations: sentiment, gaps, sentences, jargon."""
