"""Pure measures of recordings: sessions from pieces, moments from events, signals from clicks."""
