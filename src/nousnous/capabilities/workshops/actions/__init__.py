"""The verbs of workshops, one file for each family."""
