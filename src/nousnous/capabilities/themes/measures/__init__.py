"""Pure readings of open answers: languages, sentiment, themes, and how much each is talked about."""
