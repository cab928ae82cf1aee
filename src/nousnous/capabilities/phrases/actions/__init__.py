"""The verbs of phrases, one file for each family."""
