"""Pure readings: columns of answers and of what came before them in, spreads and guilty screens out."""
