"""What a text means as numbers, for every part that compares texts: sentences near each other lie near each other."""
