"""Pure readings: columns of visits and scores in, estimates and frozen findings out. One file per measure."""
