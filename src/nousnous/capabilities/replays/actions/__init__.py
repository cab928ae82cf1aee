"""The verbs of replays."""
