"""Pages of experiments and of fixes."""
