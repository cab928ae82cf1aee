"""The verbs of the map."""
