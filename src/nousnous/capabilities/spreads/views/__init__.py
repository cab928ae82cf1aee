"""Pages of spreads: the list of all questions, and one question with the screen where it turned."""
