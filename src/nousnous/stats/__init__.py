"""Domain-free mathematics: numpy in, an Estimate or a frozen result out."""
