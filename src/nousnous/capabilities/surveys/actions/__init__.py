"""The verbs of surveys."""
