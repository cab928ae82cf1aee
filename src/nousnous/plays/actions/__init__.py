"""The verbs of plays."""
