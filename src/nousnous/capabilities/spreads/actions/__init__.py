"""The verbs of spreads: measure them, find the screen behind low answers, and tell what was found."""
